/** The frame of every page: home pages per role, navigation, the two languages, and how a refusal looks. */
@ApplicationModule(
        displayName = "Workbench",
        allowedDependencies = {"identity", "evidence", "document", "duty", "contract", "billing", "messaging"})
@NullMarked
package io.retainer.workbench;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
