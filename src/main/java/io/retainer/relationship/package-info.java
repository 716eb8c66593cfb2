/** Relations with the client's customers (service 3): who looks after whom, how often they are to be contacted, what was said. */
@ApplicationModule(
        displayName = "Relationships",
        allowedDependencies = {"identity", "vault", "duty", "messaging", "contract", "customer"})
@NullMarked
package io.retainer.relationship;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
