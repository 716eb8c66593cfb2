/** The client's customers: profiles, import, consent, search. Everything personal goes through the vault. */
@ApplicationModule(
        displayName = "Customer",
        allowedDependencies = {
            "identity",
            "vault",
            "matching",
            "statistics",
            "statistics :: value",
            "statistics :: churn"
        })
@NullMarked
package io.retainer.customer;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
