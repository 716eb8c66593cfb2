/**
 * What is owed, by whom, until when: opens, pauses, discharges, breaches and explains duties. Other modules only say what
 * is owed.
 */
@ApplicationModule(
        displayName = "Duty",
        allowedDependencies = {"identity"})
@NullMarked
package io.retainer.duty;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
