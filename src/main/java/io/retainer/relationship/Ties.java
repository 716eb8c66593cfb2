package io.retainer.relationship;

import static io.retainer.identity.Capability.EDIT_CUSTOMERS;
import static io.retainer.identity.Capability.READ_CUSTOMERS;

import io.retainer.customer.CustomerPage;
import io.retainer.customer.Customers;
import io.retainer.identity.Access;
import io.retainer.kernel.Ids;
import io.retainer.kernel.Party;
import io.retainer.kernel.Refused;
import io.retainer.kernel.Sentence;
import io.retainer.kernel.Tenancy;
import io.retainer.kernel.Unknown;
import java.time.Clock;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Service;

/** What customers are to one another. Each call is one transaction for the client. */
@Service
class Ties {

    /** Of one customer; more would be no list for people. */
    private static final int MOST = 50;

    private final JdbcClient jdbc;
    private final Customers customers;
    private final Tenancy tenancy;
    private final ApplicationEventPublisher events;
    private final Clock clock;

    Ties(JdbcClient jdbc, Customers customers, Tenancy tenancy, ApplicationEventPublisher events, Clock clock) {
        this.jdbc = jdbc;
        this.customers = customers;
        this.tenancy = tenancy;
        this.events = events;
        this.clock = clock;
    }

    private record Row(UUID id, UUID customer, UUID other, TieKind kind) {}

    /**
     * A tie, as seen from the customer that was asked about.
     *
     * @param says what the other is to this one
     */
    record Line(UUID id, CustomerPage.Line other, TieKind kind, Sentence says) {}

    List<Line> of(Access access, UUID customer) {
        access.require(READ_CUSTOMERS);
        var found = tenancy.read(access.tenant(), () -> rows(access, customer));
        var known = customers
                .some(
                        access,
                        found.stream()
                                .map(row -> other(row, customer))
                                .distinct()
                                .toList())
                .stream()
                .collect(Collectors.toMap(CustomerPage.Line::id, Function.identity()));
        return found.stream()
                .flatMap(row -> Stream.ofNullable(known.get(other(row, customer)))
                        .map(other -> new Line(
                                row.id(),
                                other,
                                row.kind(),
                                Sentence.of("relationship.tie." + row.kind()
                                        + (row.kind().mutual() ? "" : row.other().equals(customer) ? ".is" : ".has")))))
                .toList();
    }

    private static UUID other(Row row, UUID customer) {
        return row.customer().equals(customer) ? row.other() : row.customer();
    }

    private List<Row> rows(Access access, UUID customer) {
        return jdbc.sql("""
                select id, customer_id, other_id, kind from relationship.tie
                where tenant_id = :tenant and contract_id = :contract and (customer_id = :customer or other_id = :customer)
                order by id limit :most
                """)
                .param("tenant", access.tenant())
                .param("contract", access.contract())
                .param("customer", customer)
                .param("most", MOST)
                .query((row, _) -> new Row(
                        row.getObject("id", UUID.class),
                        row.getObject("customer_id", UUID.class),
                        row.getObject("other_id", UUID.class),
                        TieKind.valueOf(row.getString("kind"))))
                .list();
    }

    /**
     * Says what another customer is to this one.
     *
     * @param search that fits the other and nobody else; it is never written to a log or an address
     */
    void tie(Access access, UUID customer, TieKind kind, String search) {
        requireProvider(access);
        var found = search.isBlank()
                ? List.<CustomerPage.Line>of()
                : customers.page(access, search, null, 2).customers();
        if (found.size() != 1) {
            throw Refused.field("other", found.isEmpty() ? "relationship.refused.nobody" : "relationship.refused.many");
        }
        tie(access, customer, kind, found.getFirst().id());
    }

    /** @param other who is the parent, the supplier, … of the customer */
    void tie(Access access, UUID customer, TieKind kind, UUID other) {
        requireProvider(access);
        var tenant = access.tenant();
        var to = customers.profile(access, customer).customer().id();
        var from = customers.profile(access, other).customer().id();
        if (from.equals(to)) {
            throw Refused.field("other", "relationship.refused.tieSelf");
        }
        tenancy.write(tenant, () -> {
            // Both ways round in turn, so that nobody says it twice from the two ends.
            jdbc.sql("select pg_advisory_xact_lock(hashtextextended('tie/' || cast(:contract as text), 0))")
                    .param("contract", access.contract())
                    .query((_, _) -> true)
                    .single();
            var known = rows(access, to);
            if (known.size() >= MOST) {
                throw Refused.because("relationship.refused.ties", MOST);
            }
            boolean said = known.stream()
                    .filter(row -> row.kind() == kind)
                    .anyMatch(row -> other(row, to).equals(from));
            if (said) {
                throw Refused.field("other", "relationship.refused.tied");
            }
            var now = clock.instant().truncatedTo(ChronoUnit.MICROS);
            jdbc.sql("""
                    insert into relationship.tie (tenant_id, id, contract_id, customer_id, other_id, kind, actor, happened_at)
                    values (:tenant, :id, :contract, :from, :to, :kind, :actor, :now)
                    """)
                    .param("tenant", tenant)
                    .param("id", Ids.at(now.toEpochMilli()))
                    .param("contract", access.contract())
                    .param("from", from)
                    .param("to", to)
                    .param("kind", kind.name())
                    .param("actor", access.person())
                    .param("now", now.atOffset(ZoneOffset.UTC))
                    .update();
            events.publishEvent(new TieEvent.Tied(tenant, access.contract(), from, to, kind, now, access.person()));
        });
    }

    /** Takes back what was said of one of the customer's ties. */
    void untie(Access access, UUID customer, UUID tie) {
        requireProvider(access);
        var tenant = access.tenant();
        tenancy.write(tenant, () -> {
            var row = rows(access, customer).stream()
                    .filter(each -> each.id().equals(tie))
                    .findFirst()
                    .orElseThrow(() -> new Unknown("tie " + tie));
            jdbc.sql("delete from relationship.tie where tenant_id = :tenant and id = :id")
                    .param("tenant", tenant)
                    .param("id", tie)
                    .update();
            events.publishEvent(new TieEvent.Untied(
                    tenant,
                    access.contract(),
                    row.customer(),
                    row.other(),
                    row.kind(),
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
