/** Whose fault it is: breach cases from the first notice to the money, determined, apportioned, agreed and paid. */
@ApplicationModule(
        displayName = "Liability",
        allowedDependencies = {"identity", "duty", "contract", "billing", "document"})
@NullMarked
package io.retainer.liability;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
