/** Other work the client asks for (service 7): asked, triaged, quoted, done, accepted and charged, each order under a clause. */
@ApplicationModule(
        displayName = "Work orders",
        allowedDependencies = {"identity", "vault", "duty", "messaging", "contract", "billing"})
@NullMarked
package io.retainer.workorder;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
