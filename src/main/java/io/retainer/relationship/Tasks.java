package io.retainer.relationship;

import static io.retainer.identity.Capability.EDIT_CUSTOMERS;
import static io.retainer.identity.Capability.MANAGE_MESSAGES;
import static io.retainer.identity.Capability.READ_CUSTOMERS;

import io.retainer.contract.ContractLife;
import io.retainer.customer.CustomerPage;
import io.retainer.customer.Customers;
import io.retainer.identity.Access;
import io.retainer.identity.People;
import io.retainer.identity.Standings;
import io.retainer.kernel.Ids;
import io.retainer.kernel.Party;
import io.retainer.kernel.Refused;
import io.retainer.kernel.Tenancy;
import io.retainer.kernel.Unknown;
import io.retainer.kernel.WorkCalendar;
import io.retainer.relationship.TaskRows.Kept;
import java.time.Clock;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.temporal.ChronoUnit;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.stereotype.Service;

/** What people set themselves to do for customers, over all their contracts. Each call is one transaction for the client. */
@Service
class Tasks {

    static final int PAGE = 100;
    private static final int LONGEST_WORDS = 500;
    private static final int MOST_OF_CUSTOMER = 30;

    private final TaskRows rows;
    private final TaskWords words;
    private final Relations relations;
    private final RelationNews news;
    private final Agents agents;
    private final Customers customers;
    private final ContractLife contracts;
    private final People people;
    private final Standings standings;
    private final WorkCalendar calendar;
    private final Tenancy tenancy;
    private final ApplicationEventPublisher events;
    private final Clock clock;

    Tasks(
            TaskRows rows,
            TaskWords words,
            Relations relations,
            RelationNews news,
            Agents agents,
            Customers customers,
            ContractLife contracts,
            People people,
            Standings standings,
            WorkCalendar calendar,
            Tenancy tenancy,
            ApplicationEventPublisher events,
            Clock clock) {
        this.rows = rows;
        this.words = words;
        this.relations = relations;
        this.news = news;
        this.agents = agents;
        this.customers = customers;
        this.contracts = contracts;
        this.people = people;
        this.standings = standings;
        this.calendar = calendar;
        this.tenancy = tenancy;
        this.events = events;
        this.clock = clock;
    }

    /**
     * A task as a line of a list.
     *
     * @param words what is to be done
     * @param customer masked; null when it is gone
     * @param person name of who is to do it, or null
     * @param title of the contract
     */
    record Line(
            Task task,
            String words,
            CustomerPage.@Nullable Line customer,
            @Nullable String person,
            String title,
            boolean late,
            boolean today) {

        /** Whether the whole last day is in time. */
        public boolean allDay() {
            return task.dueAt().atZone(Relations.ZONE).toLocalTime().equals(LocalTime.MIDNIGHT);
        }

        public LocalDate day() {
            return dayOf(task.dueAt());
        }
    }

    /** The last day in time. */
    static LocalDate dayOf(Instant dueAt) {
        return dueAt.minusNanos(1).atZone(Relations.ZONE).toLocalDate();
    }

    /**
     * Which open tasks are wanted.
     *
     * @param team of everybody under the contracts that one leads, instead of one's own
     * @param person of whom, for a team; null for all
     * @param after the last of those seen before, or null
     */
    record Sought(
            boolean team,
            @Nullable TaskKind kind,
            TaskTime time,
            @Nullable UUID person,
            @Nullable UUID after) {

        static final Sought OWN = new Sought(false, null, TaskTime.ALL, null, null);
        static final Sought TEAMS = new Sought(true, null, TaskTime.ALL, null, null);
    }

    /**
     * @param next to ask for those after these, or null
     * @param late of all, whatever else is wanted; so {@code today}
     * @param persons who has any, by name, for a team
     */
    record Own(
            List<Line> lines, @Nullable UUID next, long late, long today, Map<UUID, String> persons, boolean leads) {}

    /** Of one person over all contracts, overdue ones first; or of everybody under those that the person leads. */
    Own own(UUID person, Sought sought, int most) {
        var now = now();
        var accesses = accesses(person, now);
        boolean leads = accesses.values().stream().anyMatch(access -> access.may(MANAGE_MESSAGES));
        var seen = accesses.values().stream()
                .filter(access -> !sought.team() || access.may(MANAGE_MESSAGES))
                .collect(Collectors.toMap(Access::contract, Function.identity()));
        if (seen.isEmpty()) {
            return new Own(List.of(), null, 0, 0, Map.of(), leads);
        }
        var tenants = seen.values().stream().map(Access::tenant).distinct().toList();
        var tomorrow = LocalDate.ofInstant(now, Relations.ZONE)
                .plusDays(1)
                .atStartOfDay(Relations.ZONE)
                .toInstant();
        var whose = sought.team() ? sought.person() : person;
        var found = tenancy.read(tenants, () -> {
            var open = open(tenants, seen.keySet(), whose, sought.kind(), sought.time(), now, tomorrow);
            var everybody = sought.team() ? null : person;
            return new Found(
                    rows.open(open, sought.after(), most + 1),
                    rows.count(open(tenants, seen.keySet(), everybody, null, TaskTime.LATE, now, tomorrow)),
                    rows.count(open(tenants, seen.keySet(), everybody, null, TaskTime.TODAY, now, tomorrow)),
                    sought.team()
                            ? rows.persons(open(tenants, seen.keySet(), null, null, TaskTime.ALL, now, tomorrow))
                            : List.of());
        });
        var shown = found.tasks().subList(0, Math.min(most, found.tasks().size()));
        return new Own(
                lines(shown, seen, now),
                found.tasks().size() > most ? shown.getLast().task().id() : null,
                found.late(),
                found.today(),
                people.names(Set.copyOf(found.persons())),
                leads);
    }

    private record Found(List<Kept> tasks, long late, long today, List<UUID> persons) {}

    private static TaskRows.Open open(
            List<UUID> tenants,
            Set<UUID> contracts,
            @Nullable UUID person,
            @Nullable TaskKind kind,
            TaskTime time,
            Instant now,
            Instant tomorrow) {
        return new TaskRows.Open(
                tenants, contracts, person, kind, time.after(now, tomorrow), time.until(now, tomorrow));
    }

    private List<Line> lines(List<Kept> found, Map<UUID, Access> accesses, Instant now) {
        var today = LocalDate.ofInstant(now, Relations.ZONE);
        var titles = contracts.titles(
                accesses.values().stream().map(Access::tenant).distinct().toList(), accesses.keySet());
        var names = people.names(found.stream()
                .map(kept -> kept.task().person())
                .filter(Objects::nonNull)
                .collect(Collectors.toSet()));
        var known = new HashMap<UUID, CustomerPage.Line>();
        var opened = new HashMap<UUID, String>();
        found.stream()
                .collect(Collectors.groupingBy(kept -> kept.task().contract()))
                .forEach((contract, some) -> {
                    var access = Objects.requireNonNull(accesses.get(contract));
                    customers
                            .some(
                                    access,
                                    some.stream()
                                            .map(kept -> kept.task().customer())
                                            .collect(Collectors.toSet()))
                            .forEach(customer -> known.put(customer.id(), customer));
                    tenancy.read(access.tenant(), () -> {
                        some.forEach(kept -> opened.put(
                                kept.task().id(),
                                words.open(access.tenant(), kept.task().id(), kept.words())));
                        return true;
                    });
                });
        return found.stream()
                .map(kept -> {
                    var task = kept.task();
                    return new Line(
                            task,
                            opened.getOrDefault(task.id(), ""),
                            known.get(task.customer()),
                            task.person() == null ? null : names.getOrDefault(task.person(), "—"),
                            titles.getOrDefault(task.contract(), "—"),
                            task.late(now),
                            task.open()
                                    && !task.late(now)
                                    && dayOf(task.dueAt()).equals(today));
                })
                .toList();
    }

    /** Those for one customer, the open ones first. */
    List<Line> ofCustomer(Access access, UUID customer) {
        access.require(READ_CUSTOMERS);
        var found = tenancy.read(
                access.tenant(), () -> rows.ofCustomer(access.tenant(), access.contract(), customer, MOST_OF_CUSTOMER));
        return lines(found, Map.of(access.contract(), access), now());
    }

    /** @throws Unknown when there is no such task under the contract */
    Line line(Access access, UUID task) {
        access.require(READ_CUSTOMERS);
        var found = tenancy.read(access.tenant(), () -> rows.find(access.tenant(), access.contract(), task))
                .orElseThrow(() -> new Unknown("task " + task));
        return lines(List.of(found), Map.of(access.contract(), access), now()).getFirst();
    }

    /**
     * What is to be done.
     *
     * @param person who is to do it; null for whoever holds the customer, or else oneself
     * @param time null for the whole day
     * @param remind how many working days before; null for no reminder
     */
    record Wanted(
            TaskKind kind,
            String words,
            LocalDate day,
            @Nullable LocalTime time,
            @Nullable Integer remind,
            @Nullable UUID person,
            @Nullable UUID opportunity) {}

    /** @throws Refused when nobody looks after the customer, or the day is over */
    UUID plan(Access access, UUID customer, Wanted wanted) {
        requireProvider(access);
        var text = wanted.words().strip();
        if (text.isEmpty() || text.length() > LONGEST_WORDS) {
            throw Refused.field("words", "relationship.refused.words", LONGEST_WORDS);
        }
        if (wanted.person() != null) {
            agents.require(access, wanted.person());
        }
        var id = customers.profile(access, customer).customer().id();
        return tenancy.write(access.tenant(), () -> {
            var now = now();
            var relation =
                    relations.relation(access, id).orElseThrow(() -> Refused.because("relationship.refused.notBegun"));
            var holder = relation.agent() == null ? access.person() : relation.agent();
            var planned = Task.plan(
                    access.tenant(),
                    access.contract(),
                    Ids.at(now.toEpochMilli()),
                    id,
                    wanted.kind(),
                    wanted.person() == null ? holder : wanted.person(),
                    Task.due(wanted.day(), wanted.time()),
                    access.person(),
                    now);
            var first = Task.first(planned, wanted.opportunity(), wanted.remind());
            rows.add(first, words.seal(access.tenant(), planned.task(), text));
            events.publishEvent(planned);
            news.assigned(access, first, planned.person(), now);
            return planned.task();
        });
    }

    /**
     * What came of a call or a visit.
     *
     * @param ground why the customer was called; null for what is no call
     */
    record Outcome(@Nullable CallGround ground, boolean reached, String words, Instant happenedAt) {}

    /** @param outcome written down with it, or null */
    void done(Access access, UUID task, @Nullable Outcome outcome) {
        requireProvider(access);
        tenancy.write(access.tenant(), () -> {
            UUID touch = null;
            if (outcome != null) {
                // The relation is held before its task, as by a hand-over.
                var kept = rows.find(access.tenant(), access.contract(), task)
                        .orElseThrow(() -> new Unknown("task " + task))
                        .task();
                var kind = kept.kind().touch();
                touch = relations.touch(
                        access,
                        kept.customer(),
                        kind,
                        kind == TouchKind.CALL ? outcome.ground() : null,
                        outcome.reached(),
                        outcome.words(),
                        outcome.happenedAt());
            }
            var noted = touch;
            change(access, task, (it, now) -> it.done(noted, access.person(), leads(access), now));
        });
    }

    void drop(Access access, UUID task) {
        requireProvider(access);
        change(access, task, (it, now) -> it.drop(access.person(), leads(access), now));
    }

    /** @param time null for the whole day */
    void move(Access access, UUID task, LocalDate day, @Nullable LocalTime time) {
        requireProvider(access);
        change(access, task, (it, now) -> it.move(Task.due(day, time), access.person(), leads(access), now));
    }

    /** To the next working day after today, or after its own day if that lies ahead; at the same time of day. */
    void postpone(Access access, UUID task) {
        requireProvider(access);
        change(access, task, (it, now) -> {
            var today = LocalDate.ofInstant(now, Relations.ZONE);
            var day = dayOf(it.dueAt());
            var next =
                    calendar.plusWorkdays(day.isBefore(today) ? today : day, 1).date();
            var local = it.dueAt().atZone(Relations.ZONE).toLocalTime();
            return it.move(
                    Task.due(next, local.equals(LocalTime.MIDNIGHT) ? null : local),
                    access.person(),
                    leads(access),
                    now);
        });
    }

    void assign(Access access, UUID task, UUID to) {
        requireProvider(access);
        agents.require(access, to);
        change(access, task, (it, now) -> {
            var assigned = it.assign(to, access.person(), leads(access), now);
            news.assigned(access, it, to, now);
            return assigned;
        });
    }

    private interface Decision {
        TaskEvent on(Task task, Instant now);
    }

    private void change(Access access, UUID task, Decision decision) {
        tenancy.write(access.tenant(), () -> {
            var kept = rows.locked(access.tenant(), access.contract(), task)
                    .orElseThrow(() -> new Unknown("task " + task));
            var event = decision.on(kept, now());
            rows.save(kept.after(event));
            events.publishEvent(event);
        });
    }

    private Map<UUID, Access> accesses(UUID person, Instant now) {
        return standings.contracts(person, now).stream()
                .filter(Tasks::works)
                .collect(Collectors.toMap(Access::contract, Function.identity()));
    }

    static boolean works(Access access) {
        return access.party() == Party.PROVIDER && access.may(EDIT_CUSTOMERS);
    }

    /** Under which of these contracts the person has tasks to do. */
    static Stream<Access> working(Collection<Access> accesses) {
        return accesses.stream().filter(Tasks::works);
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
