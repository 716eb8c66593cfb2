/** What is said to people: channels, templates, the contact budget of each customer, delivery. */
@ApplicationModule(
        displayName = "Messaging",
        allowedDependencies = {"identity"})
@NullMarked
package io.retainer.messaging;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
