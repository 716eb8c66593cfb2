package io.retainer.duty;

import io.retainer.duty.Clockwork.Stop;
import io.retainer.duty.Deadline.At;
import io.retainer.duty.Deadline.Standing;
import io.retainer.duty.DutyEvent.BreachRefuted;
import io.retainer.duty.DutyEvent.Breached;
import io.retainer.duty.DutyEvent.Change;
import io.retainer.duty.DutyEvent.DischargeUndone;
import io.retainer.duty.DutyEvent.Discharged;
import io.retainer.duty.DutyEvent.Excused;
import io.retainer.duty.DutyEvent.Opened;
import io.retainer.duty.DutyEvent.Paused;
import io.retainer.duty.DutyEvent.Refutation;
import io.retainer.duty.DutyEvent.Released;
import io.retainer.duty.DutyEvent.Resumed;
import io.retainer.duty.DutyEvent.Waived;
import io.retainer.duty.Segment.Kind;
import io.retainer.kernel.Clause;
import io.retainer.kernel.Party;
import io.retainer.kernel.Refused;
import io.retainer.kernel.Sentence;
import io.retainer.kernel.WorkCalendar;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jmolecules.ddd.annotation.AggregateRoot;
import org.jmolecules.ddd.annotation.Identity;
import org.jspecify.annotations.Nullable;

/**
 * DEBTOR must ACTION by DEADLINE, or answer to CREDITOR for it.
 *
 * <p>Every entry has two times. The verdict looks at when things <em>happened</em>, so the order in which they were
 * recorded does not matter: a payment credited in time and recorded late is in time. What was said meanwhile is not
 * deleted: a breach that was recorded in good faith is answered by {@link BreachRefuted}.
 *
 * <p>Each decision first settles the clock up to the moment the act happened, then judges the act, then settles up to
 * now; it returns all entries this makes, in order. Nothing here reads a clock, a database or another module.
 *
 * @param contractVersion the version in force when it was opened, by which it is judged for ever
 * @param action message key of what is to be done, said after the debtor's name; arguments may follow after bars, as in
 *     {@code billing.duty.pay|3}
 * @param subject what it is about, such as {@code instalment/0197…}
 * @param history in the order of recording
 */
@AggregateRoot
public record Duty(
        @Identity UUID id,
        UUID tenant,
        UUID contract,
        int contractVersion,
        Clause clause,
        Party debtor,
        Party creditor,
        String action,
        String subject,
        Instant openedAt,
        Deadline deadline,
        List<Entry> history,
        int version) {

    /**
     * One line of the history.
     *
     * @param reason as written by the person who acted
     */
    public record Entry(
            Change event, Instant recordedAt, @Nullable String reason) {}

    private static final Comparator<Change> CHRONOLOGICAL =
            Comparator.comparing(Change::happenedAt).thenComparingInt(Duty::rank);

    /** For judging with everything known, whenever it happened. */
    private static final Instant HINDSIGHT = Instant.MAX;

    public Duty {
        history = List.copyOf(history);
    }

    static Duty first(Opened e) {
        return new Duty(
                e.duty(),
                e.tenant(),
                e.contract(),
                e.contractVersion(),
                e.clause(),
                e.debtor(),
                e.creditor(),
                e.action(),
                e.about(),
                e.happenedAt(),
                Deadline.of(e.deadline()),
                List.of(),
                0);
    }

    // What may happen

    List<Entry> pause(
            Cause owner, @Nullable String reason, Instant at, @Nullable UUID actor, Instant now, WorkCalendar days) {
        return decide(at, now, days, reason, duty -> {
            duty.requireADueInstant();
            duty.requireOwed(at, days, "duty.refused.pause");
            duty.requireNotOwnCause(owner);
            if (duty.openPauses(at).contains(owner)) {
                throw Refused.because("duty.refused.alreadyPaused", owner);
            }
            return new Paused(tenant, contract, clause, id, owner, at, actor);
        });
    }

    List<Entry> resume(Cause owner, Instant at, @Nullable UUID actor, Instant now, WorkCalendar days) {
        return decide(at, now, days, null, duty -> {
            // Strictly before: a pause of no length would have no order with its own end.
            if (!duty.openPauses(at.minusNanos(1)).contains(owner)
                    || !duty.openPauses(at).contains(owner)) {
                throw Refused.because("duty.refused.notPaused", owner);
            }
            return new Resumed(tenant, contract, clause, id, owner, at, actor);
        });
    }

    /** Performance may have happened before the duty was opened: paying early is paying in time. */
    List<Entry> discharge(Instant at, @Nullable UUID actor, Instant now, WorkCalendar days) {
        return decide(at, now, days, null, duty -> {
            duty.requireADueInstant();
            duty.requireOwed(at, days, "duty.refused.discharge");
            return new Discharged(tenant, contract, clause, id, at, actor);
        });
    }

    /** Takes back the performance that counts, so that the duty is owed by its original due instant again. */
    List<Entry> undoDischarge(
            @Nullable String reason, Instant at, @Nullable UUID actor, Instant now, WorkCalendar days) {
        return decide(at, now, days, reason, duty -> {
            var discharged = duty.discharged(at, HINDSIGHT);
            if (discharged == null) {
                throw Refused.because("duty.refused.notDischarged");
            }
            return new DischargeUndone(tenant, contract, clause, id, discharged, at, actor);
        });
    }

    /** @param since when the hindrance began: no relief when that was not before the due instant (trap 9) */
    List<Entry> excuse(
            Cause cause,
            Instant since,
            @Nullable String reason,
            Instant at,
            @Nullable UUID actor,
            Instant now,
            WorkCalendar days) {
        return decide(at, now, days, reason, duty -> {
            var verdict = duty.verdict(at, HINDSIGHT, days);
            if (!verdict.state().owed() && verdict.state() != DutyState.KEPT_LATE) {
                throw refusal("duty.refused.excuse", verdict);
            }
            duty.requireNotOwnCause(cause);
            if (since.isAfter(at)) {
                throw Refused.field("since", "duty.refused.future");
            }
            if (verdict.due() != null && !since.isBefore(verdict.due())) {
                throw Refused.field("since", "duty.refused.hindranceAfterDue", since, verdict.due());
            }
            return new Excused(tenant, contract, clause, id, cause, since, at, actor);
        });
    }

    List<Entry> waive(@Nullable String reason, Instant at, @Nullable UUID actor, Instant now, WorkCalendar days) {
        return decide(at, now, days, reason, duty -> {
            duty.requireOwed(at, days, "duty.refused.waive");
            return new Waived(tenant, contract, clause, id, at, actor);
        });
    }

    /** The duty ends by itself: what it was owed for is gone. */
    List<Entry> release(
            Release why, @Nullable String reason, Instant at, @Nullable UUID actor, Instant now, WorkCalendar days) {
        return decide(at, now, days, reason, duty -> {
            duty.requireOwed(at, days, "duty.refused.release");
            return new Released(tenant, contract, clause, id, why, at, actor);
        });
    }

    /**
     * Says what the passing of time, or a late record, has made true by {@code asOf} and nobody has said yet: a breach,
     * or that a breach said before does not count. Nothing when it is said already.
     */
    List<Entry> settle(Instant asOf, Instant now, WorkCalendar days) {
        var over = standsUntil();
        if (over != null && !over.isAfter(asOf) && saidEnd().isEmpty()) {
            return List.of(
                    new Entry(new Released(tenant, contract, clause, id, Release.TERM_OVER, over, null), now, null));
        }
        var said = breachSaid();
        var verdict = verdict(asOf, HINDSIGHT, days);
        var broken = verdict.warning() == null ? verdict.breachedAt() : said;
        if (Objects.equals(said, broken)) {
            return List.of();
        }
        var entries = new ArrayList<Entry>();
        if (said != null) {
            entries.add(new Entry(
                    new BreachRefuted(tenant, contract, clause, id, said, because(verdict, broken), now), now, null));
        }
        if (broken != null) {
            entries.add(new Entry(new Breached(tenant, contract, clause, id, broken), now, null));
        }
        return entries;
    }

    private List<Entry> decide(
            Instant at, Instant now, WorkCalendar days, @Nullable String reason, Function<Duty, Change> decision) {
        if (at.isAfter(now)) {
            throw Refused.field("happenedAt", "duty.refused.future");
        }
        // Only a breach not said yet is settled first: whether one that was said still counts is judged afterwards.
        var entries = new ArrayList<>(breachSaid() == null ? settle(at, now, days) : List.<Entry>of());
        var settled = after(entries);
        var decided = new Entry(decision.apply(settled), now, reason);
        entries.add(decided);
        entries.addAll(settled.after(List.of(decided)).settle(now, now, days));
        return entries;
    }

    /** A standing duty has no clock to stop and no performance that ends it. */
    private void requireADueInstant() {
        if (deadline instanceof Standing) {
            throw Refused.because("duty.refused.standing");
        }
    }

    private void requireOwed(Instant at, WorkCalendar days, String key) {
        var verdict = verdict(at, HINDSIGHT, days);
        if (!verdict.state().owed()) {
            throw refusal(key, verdict);
        }
    }

    private static Refused refusal(String key, Verdict verdict) {
        return Refused.because(key, verdict.state(), verdict.endedAt());
    }

    private void requireNotOwnCause(Cause cause) {
        if (cause.party() == debtor) {
            throw Refused.because("duty.refused.ownCause", debtor);
        }
    }

    private static Refutation because(Verdict verdict, @Nullable Instant broken) {
        if (broken != null || verdict.state().owed()) {
            return Refutation.DUE_MOVED;
        }
        return verdict.state() == DutyState.KEPT ? Refutation.PERFORMED_IN_TIME : Refutation.ENDED_IN_TIME;
    }

    // What it makes of the duty

    Duty after(List<Entry> entries) {
        return new Duty(
                id,
                tenant,
                contract,
                contractVersion,
                clause,
                debtor,
                creditor,
                action,
                subject,
                openedAt,
                deadline,
                Stream.concat(history.stream(), entries.stream()).toList(),
                version);
    }

    /**
     * How it stands at {@code asOf}, with all that is known by now of what had happened by then.
     *
     * @param calendar holidays and make-up days
     */
    public Assessment assess(Instant asOf, WorkCalendar calendar) {
        var verdict = verdict(asOf, asOf, calendar);
        var until = verdict.endedAt() == null ? asOf : verdict.endedAt();
        var timeline = clockwork(calendar).timeline(verdict.stops(), verdict.due(), until);
        var consumed = timeline.stream()
                .filter(segment -> segment.kind() == Kind.RUNNING)
                .map(Segment::length)
                .reduce(Duration.ZERO, Duration::plus);
        return new Assessment(
                verdict.state(),
                verdict.due(),
                verdict.endedAt(),
                verdict.breachedAt(),
                consumed,
                timeline,
                explain(verdict, asOf, calendar),
                verdict.warning());
    }

    /**
     * What the row of this duty says, for those who look for rows rather than ask for verdicts.
     *
     * @param look when the sweep has to say something, or null when time alone will change nothing that may be recorded
     * @param undated when the due instant waits for a year of the calendar
     */
    record Row(DutyState state, @Nullable Instant look, boolean undated) {}

    Row row(Instant now, WorkCalendar calendar) {
        var atLast = verdict(HINDSIGHT, HINDSIGHT, calendar);
        var undated = atLast.warning() != null && atLast.state().owed();
        var look = undated || Objects.equals(atLast.breachedAt(), breachSaid()) ? null : atLast.due();
        if (deadline instanceof Standing) {
            look = saidEnd().isEmpty() ? standsUntil() : null;
        }
        return new Row(verdict(now, HINDSIGHT, calendar).state(), look, undated);
    }

    private Clockwork clockwork(WorkCalendar calendar) {
        return new Clockwork(deadline, openedAt, calendar);
    }

    /** All that can be said without words. */
    private record Verdict(
            DutyState state,
            @Nullable Instant due,
            Duration left,
            @Nullable Instant endedAt,
            @Nullable Instant breachedAt,
            @Nullable Excused excuse,
            List<Stop> stops,
            @Nullable Sentence warning) {}

    /** @param undoneBy performances undone up to then do not count: {@link #HINDSIGHT}, or the moment itself */
    private Verdict verdict(Instant asOf, Instant undoneBy, WorkCalendar calendar) {
        var facts = facts(asOf);
        var allStops = stops(facts);
        var whole = clockwork(calendar).read(allStops);
        var performed = discharged(asOf, undoneBy);
        var waived = first(facts, Waived.class);
        var over = standsUntil();
        var released = earliest(first(facts, Released.class), over == null || over.isAfter(asOf) ? null : over);
        var excuse = facts.stream()
                .<Excused>mapMulti((fact, next) -> {
                    if (fact instanceof Excused e
                            && (whole.due() == null || e.since().isBefore(whole.due()))) {
                        next.accept(e);
                    }
                })
                .findFirst()
                .orElse(null);

        var ended =
                earliest(earliest(performed, released), earliest(waived, excuse == null ? null : excuse.happenedAt()));
        var stops = ended == null
                ? allStops
                : allStops.stream().filter(stop -> stop.from().isBefore(ended)).toList();
        var reading = ended == null ? whole : clockwork(calendar).read(stops);
        var due = reading.due();
        // On an estimated due instant nobody is found late.
        boolean certain = reading.warning() == null;
        boolean inTime = ended != null && (due == null || !certain || ended.isBefore(due));
        boolean broken = !inTime && certain && due != null && !asOf.isBefore(due);
        var state = state(performed, waived, released, excuse, ended, inTime, broken, stops);
        return new Verdict(state, due, reading.left(), ended, broken ? due : null, excuse, stops, reading.warning());
    }

    private static DutyState state(
            @Nullable Instant performed,
            @Nullable Instant waived,
            @Nullable Instant released,
            @Nullable Excused excuse,
            @Nullable Instant ended,
            boolean inTime,
            boolean broken,
            List<Stop> stops) {
        if (ended == null) {
            if (broken) {
                return DutyState.BREACHED;
            }
            return !stops.isEmpty() && stops.getLast().to() == null ? DutyState.PAUSED : DutyState.RUNNING;
        }
        if (ended.equals(performed) && inTime) {
            return DutyState.KEPT;
        }
        if (ended.equals(waived) && !ended.equals(performed)) {
            return DutyState.WAIVED;
        }
        if (ended.equals(released) && !ended.equals(performed)) {
            return DutyState.RELEASED;
        }
        return excuse != null ? DutyState.EXCUSED : DutyState.KEPT_LATE;
    }

    private List<Change> facts(Instant asOf) {
        return history.stream()
                .map(Entry::event)
                .filter(event -> !event.happenedAt().isAfter(asOf))
                .sorted(CHRONOLOGICAL)
                .toList();
    }

    /** Of two things at the same instant, a clock first starts, then stops, then comes what ends it. */
    private static int rank(Change event) {
        return switch (event) {
            case Resumed _ -> 0;
            case Paused _ -> 1;
            case Discharged _ -> 2;
            case DischargeUndone _ -> 3;
            case Excused _ -> 4;
            case Waived _ -> 5;
            case Released _ -> 6;
            case Breached _ -> 7;
            case BreachRefuted _ -> 8;
        };
    }

    /** When the performance that counts happened: the earliest that was not undone. */
    private @Nullable Instant discharged(Instant asOf, Instant undoneBy) {
        var standing = new ArrayList<Instant>();
        for (var fact : facts(asOf)) {
            if (fact instanceof Discharged) {
                standing.add(fact.happenedAt());
            }
        }
        for (var fact : facts(undoneBy)) {
            if (fact instanceof DischargeUndone undone) {
                standing.remove(undone.dischargedAt());
            }
        }
        return standing.isEmpty() ? null : standing.getFirst();
    }

    private static @Nullable Instant first(List<Change> facts, Class<? extends Change> kind) {
        return facts.stream()
                .filter(kind::isInstance)
                .map(Change::happenedAt)
                .findFirst()
                .orElse(null);
    }

    /** Whose pauses are open at that moment. */
    List<Cause> openPauses(Instant asOf) {
        var open = new EnumMap<Cause, Instant>(Cause.class);
        for (var fact : facts(asOf)) {
            if (fact instanceof Paused paused) {
                open.put(paused.owner(), paused.happenedAt());
            } else if (fact instanceof Resumed resumed) {
                open.remove(resumed.owner());
            }
        }
        return List.copyOf(open.keySet());
    }

    /** Pauses may overlap; time that several causes take belongs to the one that came first. */
    private static List<Stop> stops(List<Change> facts) {
        var open = new EnumMap<Cause, Instant>(Cause.class);
        var pauses = new ArrayList<Stop>();
        for (var fact : facts) {
            if (fact instanceof Paused paused) {
                open.putIfAbsent(paused.owner(), paused.happenedAt());
            } else if (fact instanceof Resumed resumed) {
                var from = open.remove(resumed.owner());
                if (from != null) {
                    pauses.add(new Stop(resumed.owner(), from, resumed.happenedAt()));
                }
            }
        }
        open.forEach((owner, from) -> pauses.add(new Stop(owner, from, null)));
        pauses.sort(Comparator.comparing(Stop::from).thenComparing(Stop::owner));

        var stops = new ArrayList<Stop>();
        @Nullable Instant covered = Instant.MIN;
        for (var pause : pauses) {
            if (covered == null) {
                break;
            }
            var from = pause.from().isBefore(covered) ? covered : pause.from();
            if (pause.to() == null || from.isBefore(pause.to())) {
                stops.add(new Stop(pause.owner(), from, pause.to()));
                covered = pause.to();
            }
        }
        return stops;
    }

    /** The end of the last day on which a standing duty is owed, or null when it has none. */
    private @Nullable Instant standsUntil() {
        return deadline instanceof Standing(var until) && until != null
                ? until.plusDays(1).atStartOfDay(Clockwork.ZONE).toInstant()
                : null;
    }

    /** What was recorded as the end of a duty, if anything was. */
    private Optional<Change> saidEnd() {
        return history.stream()
                .map(Entry::event)
                .filter(event -> event instanceof Released || event instanceof Waived || event instanceof Excused)
                .findFirst();
    }

    /** The breach that was said and not refuted. */
    private @Nullable Instant breachSaid() {
        @Nullable Instant said = null;
        for (var entry : history) {
            if (entry.event() instanceof Breached breached) {
                said = breached.due();
            } else if (entry.event() instanceof BreachRefuted) {
                said = null;
            }
        }
        return said;
    }

    private static @Nullable Instant earliest(@Nullable Instant a, @Nullable Instant b) {
        if (a == null || b == null) {
            return a == null ? b : a;
        }
        return a.isAfter(b) ? b : a;
    }

    // In words

    /** What is to be done. */
    public Sentence doing() {
        var parts = action.split("\\|");
        return Sentence.of(parts[0], (Object[]) Arrays.copyOfRange(parts, 1, parts.length));
    }

    private Sentence explain(Verdict v, Instant asOf, WorkCalendar days) {
        var doing = doing();
        return switch (v.state()) {
            case RUNNING -> {
                if (deadline instanceof Standing(var until)) {
                    yield until == null
                            ? Sentence.of("duty.explain.standing", debtor, doing)
                            : Sentence.of("duty.explain.standingUntil", debtor, doing, until);
                }
                if (v.due() == null) {
                    throw new IllegalStateException("A running clock runs out some time");
                }
                if (v.warning() != null) {
                    yield Sentence.of("duty.explain.estimated", debtor, doing, v.due(), deadline.inWords());
                }
                var left = Spans.inWords(Duration.between(asOf, v.due()));
                yield deadline instanceof At
                        ? Sentence.of("duty.explain.runningFixed", debtor, doing, v.due(), left)
                        : Sentence.of("duty.explain.running", debtor, doing, v.due(), left, deadline.inWords());
            }
            case PAUSED -> {
                var stop = v.stops().getLast();
                yield v.due() == null
                        ? Sentence.of(
                                "duty.explain.paused",
                                debtor,
                                doing,
                                stop.from(),
                                stop.owner(),
                                Spans.inWords(v.left()),
                                deadline.inWords())
                        : Sentence.of("duty.explain.pausedFixed", debtor, doing, v.due(), stop.from(), stop.owner());
            }
            case BREACHED -> Sentence.of("duty.explain.breached", debtor, doing, v.due(), late(v, asOf, days));
            case KEPT ->
                v.due() == null
                        ? Sentence.of("duty.explain.keptPaused", debtor, doing, v.endedAt())
                        : Sentence.of("duty.explain.kept", debtor, doing, v.endedAt(), v.due());
            case KEPT_LATE ->
                Sentence.of("duty.explain.keptLate", debtor, doing, v.endedAt(), v.due(), late(v, asOf, days));
            case EXCUSED -> {
                var excuse = Objects.requireNonNull(v.excuse());
                yield Sentence.of("duty.explain.excused", debtor, doing, excuse.cause(), excuse.since());
            }
            case WAIVED -> Sentence.of("duty.explain.waived", creditor, v.endedAt(), debtor, doing);
            case RELEASED -> Sentence.of("duty.explain.released", debtor, doing, v.endedAt(), why());
        };
    }

    private Release why() {
        return history.stream()
                .<Release>mapMulti((entry, next) -> {
                    if (entry.event() instanceof Released released) {
                        next.accept(released.why());
                    }
                })
                .findFirst()
                .orElse(Release.TERM_OVER);
    }

    /** What is counted in working time is late in working time; before the next opening hour, by the clock on the wall. */
    private Sentence late(Verdict v, Instant asOf, WorkCalendar days) {
        var from = Objects.requireNonNull(v.breachedAt());
        var to = v.endedAt() == null ? asOf : v.endedAt();
        var counted = new Clockwork(deadline, openedAt, days).worked(from, to);
        return counted == null || !counted.isPositive()
                ? Spans.inWords(Duration.between(from, to))
                : Sentence.of("duty.span.working", Spans.inWords(counted));
    }
}
