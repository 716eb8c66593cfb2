package io.retainer.customer;

import io.retainer.kernel.Tenancy;
import io.retainer.vault.Processing;
import io.retainer.vault.Vault;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.springframework.stereotype.Service;

/** How a customer is reached, for what is delivered to one. */
@Service
public class CustomerReach {

    private final Customers customers;
    private final CustomerRows rows;
    private final Vault vault;
    private final Tenancy tenancy;

    CustomerReach(Customers customers, CustomerRows rows, Vault vault, Tenancy tenancy) {
        this.customers = customers;
        this.rows = rows;
        this.vault = vault;
        this.tenancy = tenancy;
    }

    /** Whether the customer can be reached this way for this purpose; opens nothing. */
    public boolean reachable(UUID tenant, UUID customer, ContactKind kind, DataPurpose purpose) {
        return tenancy.read(
                tenant, () -> contact(tenant, customer, kind, purpose).isPresent());
    }

    /**
     * The latest number or address of the customer, opened to deliver something to it. One that was handed over for another
     * purpose is not used (PIPL 6, 14); one of which nobody said what it is for is.
     */
    public Optional<String> address(UUID tenant, UUID customer, ContactKind kind, DataPurpose purpose) {
        return tenancy.read(tenant, () -> contact(tenant, customer, kind, purpose)
                .map(contact -> vault.processing(tenant, Processing.DELIVERY)
                        .open(kind.column(), contact.id(), contact.value())
                        .inTheClear()));
    }

    private Optional<CustomerRows.ContactRow> contact(
            UUID tenant, UUID customer, ContactKind kind, DataPurpose purpose) {
        var row = rows.find(tenant, customer).orElse(null);
        if (row == null) {
            return Optional.empty();
        }
        var told = customers.origins(tenant, row, List.of());
        return rows.contacts(tenant, List.of(row.id())).reversed().stream()
                .filter(contact -> contact.kind() == kind)
                .filter(contact -> {
                    var origin = told.get(contact.id());
                    return origin == null || origin.purpose() == null || origin.purpose() == purpose;
                })
                .findFirst();
    }
}
