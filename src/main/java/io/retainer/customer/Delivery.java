package io.retainer.customer;

import io.retainer.customer.CustomerRows.ContactRow;
import io.retainer.vault.Processing;
import io.retainer.vault.Vault;
import java.util.UUID;
import org.springframework.stereotype.Component;

/** The one place of the module where an address is opened to deliver something to it; it is shown to nobody. */
@Component
class Delivery {

    private final Vault vault;

    Delivery(Vault vault) {
        this.vault = vault;
    }

    /** Within a transaction of the tenant. */
    String address(UUID tenant, ContactRow contact) {
        return vault.processing(tenant, Processing.DELIVERY)
                .open(contact.kind().column(), contact.id(), contact.value())
                .inTheClear();
    }
}
