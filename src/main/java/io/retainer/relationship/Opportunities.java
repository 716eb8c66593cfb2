package io.retainer.relationship;

import static io.retainer.identity.Capability.EDIT_CUSTOMERS;
import static io.retainer.identity.Capability.MANAGE_MESSAGES;
import static io.retainer.identity.Capability.READ_CUSTOMERS;

import io.retainer.customer.CustomerPage;
import io.retainer.customer.Customers;
import io.retainer.identity.Access;
import io.retainer.identity.People;
import io.retainer.kernel.Ids;
import io.retainer.kernel.Money;
import io.retainer.kernel.Party;
import io.retainer.kernel.Refused;
import io.retainer.kernel.Tenancy;
import io.retainer.kernel.Unknown;
import io.retainer.relationship.OpportunityRows.Dwell;
import io.retainer.relationship.OpportunityRows.Filter;
import io.retainer.relationship.OpportunityRows.LostBy;
import io.retainer.relationship.OpportunityRows.Month;
import io.retainer.relationship.OpportunityRows.Stay;
import io.retainer.relationship.OpportunityRows.Total;
import java.time.Clock;
import java.time.Instant;
import java.time.LocalDate;
import java.time.temporal.ChronoUnit;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.stereotype.Service;

/** What customers may buy, from the first contact to the sale or its loss. Each call is one transaction for the client. */
@Service
class Opportunities {

    static final int MOST = 300;
    private static final int MOST_OF_CUSTOMER = 30;
    private static final int MOST_EXPORTED = 100_000;

    private final OpportunityRows rows;
    private final Relations relations;
    private final Agents agents;
    private final Customers customers;
    private final People people;
    private final Tenancy tenancy;
    private final ApplicationEventPublisher events;
    private final Clock clock;

    Opportunities(
            OpportunityRows rows,
            Relations relations,
            Agents agents,
            Customers customers,
            People people,
            Tenancy tenancy,
            ApplicationEventPublisher events,
            Clock clock) {
        this.rows = rows;
        this.relations = relations;
        this.agents = agents;
        this.customers = customers;
        this.people = people;
        this.tenancy = tenancy;
        this.events = events;
        this.clock = clock;
    }

    /**
     * An opportunity as a line of a list.
     *
     * @param customer masked; null when it is gone
     * @param agent name of who is after it, or null
     * @param percent likely, by its stage
     * @param days in its stage
     * @param slow whether it is there more than twice as long as the middle one was
     * @param overdue whether the day of the expected sale is over
     */
    record Line(
            Opportunity opportunity,
            CustomerPage.@Nullable Line customer,
            @Nullable String agent,
            int percent,
            Money weighted,
            long days,
            boolean slow,
            boolean overdue) {}

    /**
     * A column of the board.
     *
     * @param dwell how the stage went so far; null before the first
     */
    record Column(
            Stage stage,
            int count,
            Money amount,
            Money weighted,
            List<Line> lines,
            @Nullable Dwell dwell,
            int percent) {}

    /** @param more whether more fit than are shown */
    record Pipeline(
            List<Line> lines,
            List<Column> columns,
            List<Month> months,
            Money amount,
            Money weighted,
            List<LostBy> lost,
            Odds odds,
            boolean more) {}

    Pipeline pipeline(Access access, Filter filter) {
        access.require(READ_CUSTOMERS);
        var tenant = access.tenant();
        var contract = access.contract();
        record Read(
                List<Opportunity> found,
                List<Month> months,
                Map<Stage, Total> totals,
                Map<Stage, Dwell> dwell,
                List<LostBy> lost,
                Odds odds) {}
        var read = tenancy.read(tenant, () -> {
            var odds = rows.odds(tenant, contract);
            return new Read(
                    rows.list(tenant, contract, filter, MOST + 1),
                    rows.forecast(tenant, contract, filter, odds),
                    byStage(rows.totals(tenant, contract, filter, odds), Total::stage),
                    byStage(rows.dwell(tenant, contract), Dwell::stage),
                    rows.lost(tenant, contract),
                    odds);
        });
        boolean more = read.found().size() > MOST;
        var lines = lines(access, more ? read.found().subList(0, MOST) : read.found(), read.odds(), read.dwell());
        var columns = Stream.of(Stage.values())
                .filter(stage -> stage.open() || !filter.open())
                .map(stage -> {
                    var total = read.totals().get(stage);
                    return new Column(
                            stage,
                            total == null ? 0 : total.count(),
                            total == null ? Money.ZERO : total.amount(),
                            total == null ? Money.ZERO : total.weighted(),
                            lines.stream()
                                    .filter(line -> line.opportunity().stage() == stage)
                                    .toList(),
                            read.dwell().get(stage),
                            read.odds().of(stage));
                })
                .toList();
        return new Pipeline(
                lines,
                columns,
                read.months(),
                Money.sum(read.months().stream().map(Month::amount).toList()),
                Money.sum(read.months().stream().map(Month::weighted).toList()),
                read.lost(),
                read.odds(),
                more);
    }

    private static <T> Map<Stage, T> byStage(List<T> all, Function<T, Stage> stage) {
        var map = new EnumMap<Stage, T>(Stage.class);
        all.forEach(one -> map.put(stage.apply(one), one));
        return map;
    }

    private List<Line> lines(Access access, List<Opportunity> found, Odds odds, Map<Stage, Dwell> dwell) {
        var now = now();
        var today = LocalDate.ofInstant(now, Relations.ZONE);
        var known =
                customers.some(access, found.stream().map(Opportunity::customer).collect(Collectors.toSet())).stream()
                        .collect(Collectors.toMap(CustomerPage.Line::id, Function.identity()));
        var names = people.names(
                found.stream().map(Opportunity::agent).filter(Objects::nonNull).collect(Collectors.toSet()));
        return found.stream()
                .map(it -> new Line(
                        it,
                        known.get(it.customer()),
                        it.agent() == null ? null : names.getOrDefault(it.agent(), "—"),
                        odds.of(it.stage()),
                        odds.weighted(it.stage(), it.amount()),
                        it.days(now),
                        it.open() && slow(it.days(now), dwell.get(it.stage())),
                        it.open() && it.expectedOn().isBefore(today)))
                .toList();
    }

    /** Compared with what was, once there are enough stays that are over. */
    private static boolean slow(long days, @Nullable Dwell dwell) {
        return dwell != null && dwell.days() != null && dwell.over() >= 3 && days > Math.max(1, 2 * dwell.days());
    }

    /** All that fit, for a file. */
    List<Line> all(Access access, Filter filter) {
        access.require(READ_CUSTOMERS);
        var tenant = access.tenant();
        record Read(List<Opportunity> found, Odds odds, Map<Stage, Dwell> dwell) {}
        var read = tenancy.read(
                tenant,
                () -> new Read(
                        rows.list(tenant, access.contract(), filter, MOST_EXPORTED),
                        rows.odds(tenant, access.contract()),
                        byStage(rows.dwell(tenant, access.contract()), Dwell::stage)));
        return lines(access, read.found(), read.odds(), read.dwell());
    }

    List<Line> ofCustomer(Access access, UUID customer) {
        access.require(READ_CUSTOMERS);
        var tenant = access.tenant();
        record Read(List<Opportunity> found, Odds odds) {}
        var read = tenancy.read(
                tenant,
                () -> new Read(
                        rows.ofCustomer(tenant, access.contract(), customer, MOST_OF_CUSTOMER),
                        rows.odds(tenant, access.contract())));
        return lines(access, read.found(), read.odds(), Map.of());
    }

    /** @param stays in its stages, the first one first */
    record Whole(Line line, List<Stay> stays, Map<UUID, String> names) {}

    /** @throws Unknown when there is no such opportunity under the contract */
    Whole whole(Access access, UUID id) {
        access.require(READ_CUSTOMERS);
        var tenant = access.tenant();
        record Read(Opportunity it, List<Stay> stays, Odds odds, Map<Stage, Dwell> dwell) {}
        var read = tenancy.read(
                tenant,
                () -> new Read(
                        rows.find(tenant, access.contract(), id).orElseThrow(() -> new Unknown("opportunity " + id)),
                        rows.stays(tenant, id),
                        rows.odds(tenant, access.contract()),
                        byStage(rows.dwell(tenant, access.contract()), Dwell::stage)));
        var acted = new HashSet<UUID>();
        read.stays().stream().map(Stay::actor).filter(Objects::nonNull).forEach(acted::add);
        return new Whole(
                lines(access, List.of(read.it()), read.odds(), read.dwell()).getFirst(),
                read.stays(),
                people.names(acted));
    }

    /**
     * A new opportunity.
     *
     * @param title of goods or services, never of a person
     * @param agent who is after it; null for whoever holds the customer, or else oneself
     */
    record Wanted(
            String title,
            Money amount,
            Stage stage,
            LocalDate expectedOn,
            @Nullable UUID agent) {}

    /** @throws Refused when nobody looks after the customer, or a value cannot be taken */
    UUID see(Access access, UUID customer, Wanted wanted) {
        requireProvider(access);
        var title = wanted.title().strip();
        if (title.isEmpty() || title.length() > Opportunity.LONGEST_TITLE) {
            throw Refused.field("title", "relationship.refused.words", Opportunity.LONGEST_TITLE);
        }
        if (!wanted.stage().open()) {
            throw Refused.field("stage", "relationship.refused.stageEnd");
        }
        if (wanted.agent() != null) {
            agents.require(access, wanted.agent());
        }
        var id = customers.profile(access, customer).customer().id();
        return tenancy.write(access.tenant(), () -> {
            var now = now();
            Opportunity.check(wanted.amount(), wanted.expectedOn(), LocalDate.ofInstant(now, Relations.ZONE));
            var relation =
                    relations.relation(access, id).orElseThrow(() -> Refused.because("relationship.refused.notBegun"));
            var holder = relation.agent() == null ? access.person() : relation.agent();
            var seen = new OpportunityEvent.Seen(
                    access.tenant(),
                    access.contract(),
                    Ids.at(now.toEpochMilli()),
                    id,
                    wanted.stage(),
                    wanted.amount(),
                    wanted.expectedOn(),
                    wanted.agent() == null ? holder : wanted.agent(),
                    now,
                    access.person());
            rows.add(
                    Opportunity.first(seen, rows.nextNumber(access.tenant(), access.contract()), title),
                    access.person());
            events.publishEvent(seen);
            return seen.opportunity();
        });
    }

    void advance(Access access, UUID id, Stage to) {
        change(access, id, (it, now) -> it.advance(to, access.person(), leads(access), now));
    }

    /** @param sold for which it was sold */
    void win(Access access, UUID id, Money sold) {
        change(access, id, (it, now) -> it.win(sold, access.person(), leads(access), now));
    }

    void lose(Access access, UUID id, LostReason reason) {
        change(access, id, (it, now) -> it.lose(reason, access.person(), leads(access), now));
    }

    void estimate(Access access, UUID id, Money amount, LocalDate expectedOn) {
        change(access, id, (it, now) -> it.estimate(amount, expectedOn, access.person(), leads(access), now));
    }

    /** The provider's lead says how likely each stage leads to a sale. */
    void set(Access access, Odds odds) {
        requireProvider(access);
        access.require(MANAGE_MESSAGES);
        tenancy.write(access.tenant(), () -> rows.save(access.tenant(), access.contract(), odds));
    }

    private interface Decision {
        OpportunityEvent on(Opportunity opportunity, Instant now);
    }

    private void change(Access access, UUID id, Decision decision) {
        requireProvider(access);
        tenancy.write(access.tenant(), () -> {
            var kept = rows.locked(access.tenant(), access.contract(), id)
                    .orElseThrow(() -> new Unknown("opportunity " + id));
            var event = decision.on(kept, now());
            var next = kept.after(event);
            rows.save(next);
            if (next.stage() != kept.stage()) {
                rows.stay(next, access.person());
            }
            events.publishEvent(event);
        });
    }

    private static void requireProvider(Access access) {
        access.require(EDIT_CUSTOMERS);
        if (access.party() != Party.PROVIDER) {
            throw Refused.because("relationship.refused.provider");
        }
    }

    private static boolean leads(Access access) {
        return access.may(MANAGE_MESSAGES);
    }

    private Instant now() {
        return clock.instant().truncatedTo(ChronoUnit.MICROS);
    }
}
