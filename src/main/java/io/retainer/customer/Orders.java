package io.retainer.customer;

import io.retainer.identity.Access;
import io.retainer.identity.Capability;
import io.retainer.kernel.Ids;
import io.retainer.kernel.Money;
import io.retainer.kernel.Refused;
import io.retainer.kernel.Tenancy;
import io.retainer.statistics.value.Purchases;
import java.time.Clock;
import java.time.LocalDate;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Service;

/** What customers bought. An order is known by the client's number of it, so sending it again changes nothing. */
@Service
public class Orders implements CustomerReferences {

    private static final ZoneId ZONE = ZoneId.of("Asia/Shanghai");
    private static final int LONGEST_NUMBER = 100;
    private static final double FEN = 100;
    /** What is said to be older is a slip: the years of a report begin with it. */
    static final LocalDate EARLIEST = LocalDate.of(1970, 1, 1);

    private final JdbcClient jdbc;
    private final CustomerRows customers;
    private final Tenancy tenancy;
    private final Clock clock;

    Orders(JdbcClient jdbc, CustomerRows customers, Tenancy tenancy, Clock clock) {
        this.jdbc = jdbc;
        this.customers = customers;
        this.tenancy = tenancy;
        this.clock = clock;
    }

    /**
     * One order.
     *
     * @param customer the number the client knows the customer by, or our id of it
     * @param number the client's number of the order
     * @param amount below zero for what came back
     */
    public record NewOrder(String customer, String number, LocalDate orderedOn, Money amount) {}

    /** @param known orders that had been sent before */
    public record Added(int added, int known) {}

    /** @param other places of orders whose number is known with another customer, day or amount; they were not taken */
    record Taken(int added, int known, Set<Integer> other) {}

    /**
     * Adds orders, all or none.
     *
     * @throws Refused when a customer is unknown, a value cannot be taken, or a number is known with another customer, day or
     *     amount; it names the place and the field
     */
    public Added add(Access access, List<NewOrder> orders) {
        access.require(Capability.IMPORT_CUSTOMERS);
        var tenant = access.tenant();
        return tenancy.write(tenant, () -> {
            var taken = take(tenant, orders);
            if (!taken.other().isEmpty()) {
                int place = Collections.min(taken.other());
                throw Refused.field(
                        place + ".number",
                        "customer.order.other",
                        place + 1,
                        orders.get(place).number());
            }
            return new Added(taken.added(), taken.known());
        });
    }

    /** Adds those whose number is not known with something else. */
    Taken addAllBut(Access access, List<NewOrder> orders) {
        access.require(Capability.IMPORT_CUSTOMERS);
        return tenancy.write(access.tenant(), () -> take(access.tenant(), orders));
    }

    private Taken take(UUID tenant, List<NewOrder> orders) {
        var now = clock.instant();
        var today = LocalDate.ofInstant(now, ZONE);
        var named = customers.named(
                tenant, orders.stream().map(NewOrder::customer).distinct().toList());
        var ids = new UUID[orders.size()];
        var owners = new UUID[orders.size()];
        var numbers = new String[orders.size()];
        var days = new String[orders.size()];
        var amounts = new Long[orders.size()];
        for (int i = 0; i < orders.size(); i++) {
            var order = orders.get(i);
            var customer = named.get(order.customer());
            if (customer == null) {
                throw Refused.field(i + ".customer", "customer.order.customer", i + 1);
            }
            if (order.number().isBlank() || order.number().length() > LONGEST_NUMBER) {
                throw Refused.field(i + ".number", "customer.order.number", i + 1, LONGEST_NUMBER);
            }
            if (order.orderedOn().isAfter(today)) {
                throw Refused.field(i + ".orderedOn", "customer.order.ahead", i + 1);
            }
            if (order.orderedOn().isBefore(EARLIEST)) {
                throw Refused.field(i + ".orderedOn", "customer.order.long", i + 1, String.valueOf(EARLIEST.getYear()));
            }
            ids[i] = Ids.next();
            owners[i] = customer;
            numbers[i] = order.number().strip();
            days[i] = order.orderedOn().toString();
            amounts[i] = order.amount().fen();
        }
        int added = jdbc.sql("""
            insert into customer.purchase (tenant_id, id, customer_id, number, ordered_on, amount, recorded_at)
            select :tenant, n.*, :now from unnest(cast(:ids as uuid[]), cast(:customers as uuid[]),
                cast(:numbers as text[]), cast(:days as date[]), cast(:amounts as bigint[])) as n
            on conflict (tenant_id, number) do nothing
            """)
                .param("tenant", tenant)
                .param("ids", ids)
                .param("customers", owners)
                .param("numbers", numbers)
                .param("days", days)
                .param("amounts", amounts)
                .param("now", now.atOffset(ZoneOffset.UTC))
                .update();
        // A number that was sent before says the same again, or it says something else; that must not pass in silence.
        var other = Set.copyOf(jdbc.sql("""
            select n.place - 1 from unnest(cast(:customers as uuid[]), cast(:numbers as text[]), cast(:days as date[]),
                cast(:amounts as bigint[])) with ordinality as n (customer_id, number, ordered_on, amount, place)
            join customer.purchase p on p.tenant_id = :tenant and p.number = n.number
            where (p.customer_id, p.ordered_on, p.amount) is distinct from (n.customer_id, n.ordered_on, n.amount)
            """)
                .param("tenant", tenant)
                .param("customers", owners)
                .param("numbers", numbers)
                .param("days", days)
                .param("amounts", amounts)
                .query(Integer.class)
                .list());
        return new Taken(added, orders.size() - added - other.size(), other);
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

    /** What one customer bought, the latest first. */
    public List<NewOrder> latest(Access access, UUID customer, int most) {
        access.require(Capability.READ_CUSTOMERS);
        return tenancy.read(
                access.tenant(),
                () -> jdbc.sql("""
                                select number, ordered_on, amount from customer.purchase
                                where tenant_id = :tenant and customer_id = :customer
                                order by ordered_on desc, id desc limit :most
                                """)
                        .param("tenant", access.tenant())
                        .param("customer", customers.present(access.tenant(), customer))
                        .param("most", most)
                        .query((row, _) -> new NewOrder(
                                customer.toString(),
                                row.getString("number"),
                                row.getObject("ordered_on", LocalDate.class),
                                Money.ofFen(row.getLong("amount"))))
                        .list());
    }

    /** @param usualDays the middle one of the days between two orders */
    public record Quiet(UUID customer, LocalDate lastOn, int usualDays) {}

    /**
     * Who has been silent for longer than so many times what is usual between two orders of that customer; within a
     * transaction that may read the tenant.
     *
     * @param orders days with an order that are needed before anything is usual
     */
    public List<Quiet> quiet(UUID tenant, Collection<UUID> customers, LocalDate today, int orders, int times) {
        return jdbc.sql("""
            with day as (
                select distinct customer_id, ordered_on from customer.purchase
                where tenant_id = :tenant and customer_id = any (:customers) and amount > 0),
            gap as (
                select customer_id, ordered_on,
                    (ordered_on - lag(ordered_on) over (partition by customer_id order by ordered_on))::float8 as days
                from day),
            usual as (
                select customer_id, max(ordered_on) as last_on, count(*) as bought,
                    percentile_cont(0.5) within group (order by days) as days
                from gap group by customer_id)
            select customer_id, last_on, round(days)::int as days from usual
            where bought >= :orders and cast(:today as date) - last_on > :times * days
            """)
                .param("tenant", tenant)
                .param("customers", customers.toArray(UUID[]::new))
                .param("today", today)
                .param("orders", orders)
                .param("times", times)
                .query((row, _) -> new Quiet(
                        row.getObject("customer_id", UUID.class),
                        row.getObject("last_on", LocalDate.class),
                        row.getInt("days")))
                .list();
    }

    /** All of them, in yuan, by customer and day. */
    Purchases purchases(UUID tenant) {
        return tenancy.read(tenant, () -> {
            var purchases = new Purchases();
            jdbc.sql("select customer_id, ordered_on, amount from customer.purchase where tenant_id = :tenant")
                    .param("tenant", tenant)
                    .query(row -> {
                        purchases.add(
                                row.getString("customer_id"),
                                row.getObject("ordered_on", LocalDate.class),
                                row.getLong("amount") / FEN);
                    });
            return purchases;
        });
    }

    /** Of some customers, in yuan; within a transaction. */
    Purchases purchases(UUID tenant, Collection<UUID> some) {
        var purchases = new Purchases();
        jdbc.sql("""
            select customer_id, ordered_on, amount from customer.purchase
            where tenant_id = :tenant and customer_id = any(:customers)
            """)
                .param("tenant", tenant)
                .param("customers", some.toArray(UUID[]::new))
                .query(row -> {
                    purchases.add(
                            row.getString("customer_id"),
                            row.getObject("ordered_on", LocalDate.class),
                            row.getLong("amount") / FEN);
                });
        return purchases;
    }

    @Override
    public String name() {
        return "purchase";
    }

    @Override
    public List<UUID> move(UUID tenant, UUID from, UUID to) {
        return jdbc.sql("""
            update customer.purchase set customer_id = :to where tenant_id = :tenant and customer_id = :from
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
        jdbc.sql("update customer.purchase set customer_id = :to where tenant_id = :tenant and id = any(:rows)")
                .param("tenant", tenant)
                .param("to", to)
                .param("rows", rows.toArray(UUID[]::new))
                .update();
    }
}
