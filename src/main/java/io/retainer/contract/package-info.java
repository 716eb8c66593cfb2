/** The contract as data: its terms with their sources, its versions, its signing, and which terms hold on a day. */
@ApplicationModule(
        displayName = "Contract",
        allowedDependencies = {"identity", "vault", "duty", "document", "messaging"})
@NullMarked
package io.retainer.contract;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
