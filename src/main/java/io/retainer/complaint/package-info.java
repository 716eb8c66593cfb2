/** Complaints of the client's customers: taken in on every channel, worked by the stages of ISO 10002, answered in time. */
@ApplicationModule(
        displayName = "Complaint",
        allowedDependencies = {"identity", "vault", "duty", "messaging", "contract", "customer", "relationship", "text"
        })
@NullMarked
package io.retainer.complaint;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
