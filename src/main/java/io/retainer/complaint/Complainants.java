package io.retainer.complaint;

import static io.retainer.identity.Capability.READ_COMPLAINTS;
import static io.retainer.identity.Capability.WORK_COMPLAINTS;

import io.retainer.complaint.ComplaintRows.Row;
import io.retainer.customer.ContactKind;
import io.retainer.customer.Customers;
import io.retainer.identity.Access;
import io.retainer.kernel.Tenancy;
import io.retainer.kernel.Unknown;
import io.retainer.vault.Personal;
import io.retainer.vault.Purpose;
import io.retainer.vault.Reveals;
import io.retainer.vault.Sealed;
import io.retainer.vault.SealedColumn;
import io.retainer.vault.Vault;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Service;

/** Who complains: known again by number and address, and shown to somebody only on the record. */
@Service
class Complainants {

    private static final int MOST_ALIKE = 10;
    private static final int MOST_AN_HOUR = 5;

    private final ComplaintRows rows;
    private final Customers customers;
    private final Vault vault;
    private final Reveals reveals;
    private final Tenancy tenancy;
    private final Clock clock;

    Complainants(ComplaintRows rows, Customers customers, Vault vault, Reveals reveals, Tenancy tenancy, Clock clock) {
        this.rows = rows;
        this.customers = customers;
        this.vault = vault;
        this.reveals = reveals;
        this.tenancy = tenancy;
        this.clock = clock;
    }

    /** Open complaints by the same number or address: shown before a second one is made of the same matter. */
    List<Row> alike(Access access, @Nullable String phone, @Nullable String email) {
        access.require(WORK_COMPLAINTS);
        var tenant = access.tenant();
        return tenancy.read(tenant, () -> {
            var client = vault.reading(tenant);
            return rows
                    .ofComplainant(
                            tenant,
                            access.contract(),
                            null,
                            client.index(ComplaintRows.BY_PHONE, phone),
                            client.index(ComplaintRows.BY_EMAIL, email),
                            null,
                            MOST_ALIKE)
                    .stream()
                    .filter(row -> !row.complaint().stage().name().over())
                    .toList();
        });
    }

    /**
     * Whether this address is the one the complaint came from, or one of the customer it is linked to, who is written to when
     * none was left; whoever else names it in a mail does not write into it.
     */
    boolean wrote(UUID tenant, UUID complaint, String address) {
        return tenancy.read(tenant, () -> {
            var index = vault.reading(tenant).index(ComplaintRows.BY_EMAIL, address);
            if (index != null && index.equals(rows.indexes(tenant, complaint).email())) {
                return true;
            }
            var customer = rows.find(tenant, complaint)
                    .map(row -> row.particulars().customer())
                    .orElse(null);
            return customer != null
                    && customers.reachedBy(tenant, ContactKind.EMAIL, address).contains(customer);
        });
    }

    /** Whether this address has opened as many complaints within the hour as a person would in a bad week. */
    boolean floods(UUID tenant, String address) {
        return tenancy.read(tenant, () -> {
            var index = vault.reading(tenant).index(ComplaintRows.BY_EMAIL, address);
            var since = clock.instant().minus(Duration.ofHours(1));
            return index != null && rows.receivedFrom(tenant, index, since) >= MOST_AN_HOUR;
        });
    }

    /** Shows how the complainant is reached, or their name, on the record. */
    Personal reveal(Access access, UUID id, String what, String reason) {
        access.require(READ_COMPLAINTS);
        return tenancy.write(access.tenant(), () -> {
            var p = rows.get(access.tenant(), access.contract(), id).particulars();
            var hidden = switch (what) {
                case "name" -> new Hidden(ComplaintRows.NAME, p.name());
                case "phone" -> new Hidden(ComplaintRows.PHONE, p.phone());
                case "email" -> new Hidden(ComplaintRows.EMAIL, p.email());
                default -> throw new Unknown("value " + what);
            };
            var sealed = hidden.value();
            if (sealed == null) {
                throw new Unknown("value " + what);
            }
            var subject = p.customer() == null ? id : p.customer();
            return reveals.reveal(
                    access, new Reveals.Request(subject, hidden.column(), id, Purpose.COMPLAINT, reason), () -> sealed);
        });
    }

    private record Hidden(SealedColumn column, @Nullable Sealed value) {}
}
