package io.retainer.relationship;

import static io.retainer.identity.Capability.EDIT_CUSTOMERS;
import static io.retainer.identity.Capability.READ_CUSTOMERS;

import io.retainer.customer.CustomerPage;
import io.retainer.customer.Customers;
import io.retainer.identity.Access;
import io.retainer.kernel.Ids;
import io.retainer.kernel.Money;
import io.retainer.kernel.Party;
import io.retainer.kernel.Refused;
import io.retainer.kernel.Tenancy;
import io.retainer.kernel.Unknown;
import java.time.Clock;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Service;

/** Which customer was referred by which. Each call is one transaction for the client. */
@Service
class Referrals {

    private static final int MOST = 100;

    private final JdbcClient jdbc;
    private final Customers customers;
    private final Tenancy tenancy;
    private final ApplicationEventPublisher events;
    private final Clock clock;

    Referrals(JdbcClient jdbc, Customers customers, Tenancy tenancy, ApplicationEventPublisher events, Clock clock) {
        this.jdbc = jdbc;
        this.customers = customers;
        this.tenancy = tenancy;
        this.events = events;
        this.clock = clock;
    }

    private record Row(UUID referrer, UUID referred, Instant at, int won, long wonFen) {}

    /**
     * One referral.
     *
     * @param other the referrer, or the one who was referred; masked
     * @param won sales to who was referred
     */
    record Line(CustomerPage.Line other, Instant at, int won, Money amount) {}

    /** @param by null when nobody is known to have referred the customer */
    record Whole(@Nullable Line by, List<Line> of) {}

    Whole of(Access access, UUID customer) {
        access.require(READ_CUSTOMERS);
        var tenant = access.tenant();
        var found = tenancy.read(
                tenant,
                () -> jdbc.sql("""
                        select r.referrer_id, r.referred_id, r.happened_at,
                            count(o.id)::int as won, coalesce(sum(o.amount_fen), 0)::bigint as won_fen
                        from relationship.referral r
                        left join relationship.opportunity o on o.tenant_id = r.tenant_id
                            and o.contract_id = r.contract_id and o.customer_id = r.referred_id and o.stage = 'WON'
                        where r.tenant_id = :tenant and r.contract_id = :contract
                        and (r.referrer_id = :customer or r.referred_id = :customer)
                        group by r.id, r.referrer_id, r.referred_id, r.happened_at
                        order by r.happened_at desc limit :most
                        """)
                        .param("tenant", tenant)
                        .param("contract", access.contract())
                        .param("customer", customer)
                        .param("most", MOST)
                        .query((row, _) -> new Row(
                                row.getObject("referrer_id", UUID.class),
                                row.getObject("referred_id", UUID.class),
                                row.getObject("happened_at", OffsetDateTime.class)
                                        .toInstant(),
                                row.getInt("won"),
                                row.getLong("won_fen")))
                        .list());
        var others = new HashSet<UUID>();
        found.forEach(row -> others.add(row.referrer().equals(customer) ? row.referred() : row.referrer()));
        var known = customers.some(access, others).stream()
                .collect(Collectors.toMap(CustomerPage.Line::id, Function.identity()));
        return new Whole(
                found.stream()
                        .filter(row -> row.referred().equals(customer) && known.containsKey(row.referrer()))
                        .map(row -> line(Objects.requireNonNull(known.get(row.referrer())), row))
                        .findFirst()
                        .orElse(null),
                found.stream()
                        .filter(row -> row.referrer().equals(customer) && known.containsKey(row.referred()))
                        .map(row -> line(Objects.requireNonNull(known.get(row.referred())), row))
                        .toList());
    }

    private static Line line(CustomerPage.Line other, Row row) {
        return new Line(other, row.at(), row.won(), new Money(row.wonFen()));
    }

    /**
     * Notes who referred a customer.
     *
     * @param search that fits the referrer and nobody else; it is never written to a log or an address
     */
    void note(Access access, UUID customer, String search) {
        requireProvider(access);
        var found = search.isBlank()
                ? List.<CustomerPage.Line>of()
                : customers.page(access, search, null, 2).customers();
        if (found.size() != 1) {
            throw Refused.field(
                    "referrer", found.isEmpty() ? "relationship.refused.nobody" : "relationship.refused.many");
        }
        note(access, customer, found.getFirst().id());
    }

    /** @throws Refused when the customer has been referred already, or has itself led to the referrer */
    void note(Access access, UUID customer, UUID by) {
        requireProvider(access);
        var tenant = access.tenant();
        var referred = customers.profile(access, customer).customer().id();
        var referrer = customers.profile(access, by).customer().id();
        if (referred.equals(referrer)) {
            throw Refused.field("referrer", "relationship.refused.self");
        }
        tenancy.write(tenant, () -> {
            var now = clock.instant().truncatedTo(ChronoUnit.MICROS);
            // In turn, so that no two make a circle together.
            jdbc.sql("select pg_advisory_xact_lock(hashtextextended('referral/' || cast(:contract as text), 0))")
                    .param("contract", access.contract())
                    .query((_, _) -> true)
                    .single();
            if (leadsTo(tenant, access.contract(), referred, referrer)) {
                throw Refused.field("referrer", "relationship.refused.circle");
            }
            int rows = jdbc.sql("""
                    insert into relationship.referral (tenant_id, id, contract_id, referrer_id, referred_id, actor, happened_at)
                    values (:tenant, :id, :contract, :referrer, :referred, :actor, :now) on conflict do nothing
                    """)
                    .param("tenant", tenant)
                    .param("id", Ids.at(now.toEpochMilli()))
                    .param("contract", access.contract())
                    .param("referrer", referrer)
                    .param("referred", referred)
                    .param("actor", access.person())
                    .param("now", now.atOffset(ZoneOffset.UTC))
                    .update();
            if (rows == 0) {
                throw Refused.because("relationship.refused.referred");
            }
            events.publishEvent(
                    new ReferralEvent.Noted(tenant, access.contract(), referrer, referred, now, access.person()));
        });
    }

    /** Whether one has, over any number of steps, referred the other. */
    private boolean leadsTo(UUID tenant, UUID contract, UUID from, UUID to) {
        return jdbc.sql("""
                with recursive chain (id) as (
                    select referred_id from relationship.referral
                    where tenant_id = :tenant and contract_id = :contract and referrer_id = :from
                    union
                    select r.referred_id from relationship.referral r join chain c on r.referrer_id = c.id
                    where r.tenant_id = :tenant and r.contract_id = :contract)
                select exists (select from chain where id = :to)
                """)
                .param("tenant", tenant)
                .param("contract", contract)
                .param("from", from)
                .param("to", to)
                .query(Boolean.class)
                .single();
    }

    /** Takes back what was noted by mistake. */
    void withdraw(Access access, UUID customer) {
        requireProvider(access);
        var tenant = access.tenant();
        tenancy.write(tenant, () -> {
            var referrer = jdbc.sql("""
                    delete from relationship.referral
                    where tenant_id = :tenant and contract_id = :contract and referred_id = :customer
                    returning referrer_id
                    """)
                    .param("tenant", tenant)
                    .param("contract", access.contract())
                    .param("customer", customer)
                    .query((row, _) -> row.getObject(1, UUID.class))
                    .optional()
                    .orElseThrow(() -> new Unknown("referral of " + customer));
            events.publishEvent(new ReferralEvent.Withdrawn(
                    tenant,
                    access.contract(),
                    referrer,
                    customer,
                    clock.instant().truncatedTo(ChronoUnit.MICROS),
                    access.person()));
        });
    }

    private static void requireProvider(Access access) {
        access.require(EDIT_CUSTOMERS);
        if (access.party() != Party.PROVIDER) {
            throw Refused.because("relationship.refused.provider");
        }
    }
}
