package io.retainer.customer;

import io.retainer.identity.Access;
import io.retainer.identity.Capability;
import io.retainer.kernel.Ids;
import io.retainer.kernel.Refused;
import io.retainer.kernel.Tenancy;
import java.time.Clock;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Service;

/** Of whom the client knows whether they left, and when: what the risk of leaving is learnt from. */
@Service
public class ChurnLabels implements CustomerReferences {

    private static final ZoneId ZONE = ZoneId.of("Asia/Shanghai");

    private final ChurnRows rows;
    private final CustomerRows customers;
    private final Tenancy tenancy;
    private final Clock clock;

    ChurnLabels(ChurnRows rows, CustomerRows customers, Tenancy tenancy, Clock clock) {
        this.rows = rows;
        this.customers = customers;
        this.tenancy = tenancy;
        this.clock = clock;
    }

    /**
     * What is known of one customer.
     *
     * @param customer the number the client knows the customer by, or our id
     * @param gone whether the customer left
     * @param goneOn the day, where it is known
     * @param seenOn the day on which this was so; null for today
     */
    public record NewLabel(
            String customer,
            boolean gone,
            @Nullable LocalDate goneOn,
            @Nullable LocalDate seenOn) {}

    /** @param known labels that say what was known */
    public record Added(int added, int known) {}

    /**
     * Adds labels, all or none; the latest of a customer counts.
     *
     * @throws Refused when a customer is unknown or a day cannot be; it names the place and the field
     */
    public Added add(Access access, List<NewLabel> labels) {
        access.require(Capability.IMPORT_CUSTOMERS);
        var tenant = access.tenant();
        return tenancy.write(tenant, () -> {
            var today = today();
            var named = customers.named(
                    tenant, labels.stream().map(NewLabel::customer).distinct().toList());
            int added = 0;
            for (int i = 0; i < labels.size(); i++) {
                var label = labels.get(i);
                var customer = named.get(label.customer());
                if (customer == null) {
                    throw Refused.field(i + ".customer", "customer.label.customer", i + 1);
                }
                var seen = Objects.requireNonNullElse(label.seenOn(), today);
                var gone = label.goneOn();
                if (seen.isAfter(today) || (gone != null && (gone.isAfter(seen) || !label.gone()))) {
                    throw Refused.field(i + ".goneOn", "customer.label.days", i + 1);
                }
                added += rows.add(
                                tenant,
                                Ids.next(),
                                new ChurnRows.Label(customer, label.gone(), gone, seen),
                                clock.instant())
                        ? 1
                        : 0;
            }
            return new Added(added, labels.size() - added);
        });
    }

    /** Those of the names that are of a customer of the client's. */
    Set<String> known(Access access, Collection<String> names) {
        access.require(Capability.IMPORT_CUSTOMERS);
        return tenancy.read(
                access.tenant(),
                () -> Set.copyOf(customers.named(access.tenant(), names).keySet()));
    }

    LocalDate today() {
        return LocalDate.ofInstant(clock.instant(), ZONE);
    }

    @Override
    public String name() {
        return "churn_label";
    }

    @Override
    public List<UUID> move(UUID tenant, UUID from, UUID to) {
        return rows.move(tenant, from, to);
    }

    @Override
    public void moveBack(UUID tenant, List<UUID> labels, UUID to) {
        rows.moveBack(tenant, labels, to);
    }
}
