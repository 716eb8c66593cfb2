package io.retainer.customer;

import io.retainer.identity.Access;
import io.retainer.identity.Capability;
import io.retainer.kernel.Ids;
import io.retainer.kernel.Refused;
import io.retainer.kernel.Tenancy;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Service;

/**
 * What customers did besides buying, in the client's own words for it: signed in, came by, called. An event is known by the
 * client's number of it or, without one, by what it says, so sending it again changes nothing.
 */
@Service
public class Events implements CustomerReferences {

    private static final int LONGEST_NUMBER = 100;
    private static final int LONGEST_KIND = 40;

    private final JdbcClient jdbc;
    private final CustomerRows customers;
    private final Tenancy tenancy;
    private final Clock clock;

    Events(JdbcClient jdbc, CustomerRows customers, Tenancy tenancy, Clock clock) {
        this.jdbc = jdbc;
        this.customers = customers;
        this.tenancy = tenancy;
        this.clock = clock;
    }

    /**
     * One event.
     *
     * @param customer the number the client knows the customer by, or our id of it
     * @param number the client's number of the event, or null
     * @param kind what happened, in a word
     */
    public record NewEvent(String customer, @Nullable String number, String kind, Instant happenedAt) {}

    /** As it is kept. */
    public record CustomerEvent(String kind, Instant happenedAt) {}

    /** @param known events that had been sent before */
    public record Added(int added, int known) {}

    /**
     * Adds events, all or none.
     *
     * @throws Refused when a customer is unknown or a value cannot be taken; it names the place and the field
     */
    public Added add(Access access, List<NewEvent> events) {
        access.require(Capability.IMPORT_CUSTOMERS);
        var tenant = access.tenant();
        return tenancy.write(tenant, () -> {
            var now = clock.instant();
            var named = customers.named(
                    tenant, events.stream().map(NewEvent::customer).distinct().toList());
            var ids = new UUID[events.size()];
            var owners = new UUID[events.size()];
            var numbers = new String[events.size()];
            var kinds = new String[events.size()];
            var moments = new String[events.size()];
            for (int i = 0; i < events.size(); i++) {
                var event = events.get(i);
                var customer = named.get(event.customer());
                if (customer == null) {
                    throw Refused.field(i + ".customer", "customer.event.customer", i + 1);
                }
                var kind = event.kind().strip();
                if (!fits(kind)) {
                    throw Refused.field(i + ".kind", "customer.event.kind", i + 1, LONGEST_KIND);
                }
                if (event.happenedAt().isAfter(now)) {
                    throw Refused.field(i + ".happenedAt", "customer.event.ahead", i + 1);
                }
                var given = event.number() == null ? "" : event.number().strip();
                if (given.length() > LONGEST_NUMBER) {
                    throw Refused.field(i + ".number", "customer.event.number", i + 1, LONGEST_NUMBER);
                }
                ids[i] = Ids.next();
                owners[i] = customer;
                numbers[i] = given.isEmpty() ? made(customer, kind, event.happenedAt()) : given;
                kinds[i] = kind;
                moments[i] = event.happenedAt().toString();
            }
            int added = jdbc.sql("""
                insert into customer.event (tenant_id, id, customer_id, number, kind, happened_at, recorded_at)
                select :tenant, n.*, :now from unnest(cast(:ids as uuid[]), cast(:customers as uuid[]),
                    cast(:numbers as text[]), cast(:kinds as text[]), cast(:moments as timestamptz[])) as n
                on conflict (tenant_id, number) do nothing
                """)
                    .param("tenant", tenant)
                    .param("ids", ids)
                    .param("customers", owners)
                    .param("numbers", numbers)
                    .param("kinds", kinds)
                    .param("moments", moments)
                    .param("now", now.atOffset(ZoneOffset.UTC))
                    .update();
            return new Added(added, events.size() - added);
        });
    }

    /** A word or two that no spreadsheet takes for a formula. */
    static boolean fits(String kind) {
        return !kind.isEmpty() && kind.length() <= LONGEST_KIND && kind.equals(CsvRows.harmless(kind));
    }

    private static String made(UUID customer, String kind, Instant at) {
        return "%s %s %d".formatted(customer, kind, at.toEpochMilli());
    }

    /** Those of the names that are of a customer of the client's. */
    Set<String> known(Access access, Collection<String> names) {
        access.require(Capability.IMPORT_CUSTOMERS);
        return tenancy.read(
                access.tenant(),
                () -> Set.copyOf(customers.named(access.tenant(), names).keySet()));
    }

    Instant now() {
        return clock.instant();
    }

    /** What one customer did, the latest first. */
    public List<CustomerEvent> latest(Access access, UUID customer, int most) {
        access.require(Capability.READ_CUSTOMERS);
        return tenancy.read(
                access.tenant(),
                () -> jdbc.sql("""
                                select kind, happened_at from customer.event
                                where tenant_id = :tenant and customer_id = :customer
                                order by happened_at desc, id desc limit :most
                                """)
                        .param("tenant", access.tenant())
                        .param("customer", customers.present(access.tenant(), customer))
                        .param("most", most)
                        .query((row, _) -> new CustomerEvent(
                                row.getString("kind"),
                                row.getTimestamp("happened_at").toInstant()))
                        .list());
    }

    /** What has happened at all, by name. */
    List<String> kinds(UUID tenant) {
        // From kind to kind along the index, instead of reading every event.
        return jdbc.sql("""
            with recursive found as (
                (select kind from customer.event where tenant_id = :tenant order by kind limit 1)
                union all
                select (select e.kind from customer.event e where e.tenant_id = :tenant and e.kind > f.kind
                    order by e.kind limit 1) from found f where f.kind is not null
            ) select kind from found where kind is not null limit 200
            """)
                .param("tenant", tenant)
                .query((row, _) -> row.getString("kind"))
                .list();
    }

    @Override
    public String name() {
        return "event";
    }

    @Override
    public List<UUID> move(UUID tenant, UUID from, UUID to) {
        return jdbc.sql("""
            update customer.event set customer_id = :to where tenant_id = :tenant and customer_id = :from
            returning id
            """)
                .param("tenant", tenant)
                .param("from", from)
                .param("to", to)
                .query((row, _) -> row.getObject(1, UUID.class))
                .list();
    }

    @Override
    public void moveBack(UUID tenant, List<UUID> rows, UUID to) {
        jdbc.sql("update customer.event set customer_id = :to where tenant_id = :tenant and id = any(:rows)")
                .param("tenant", tenant)
                .param("to", to)
                .param("rows", rows.toArray(UUID[]::new))
                .update();
    }
}
