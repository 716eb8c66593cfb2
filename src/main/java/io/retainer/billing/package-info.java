/** What is owed for the service: instalments, payments, receipts, late-payment penalties, arrears and what follows. */
@ApplicationModule(
        displayName = "Billing",
        allowedDependencies = {"identity", "duty", "contract", "document"})
@NullMarked
package io.retainer.billing;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
