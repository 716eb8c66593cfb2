package io.retainer.duty;

import io.retainer.duty.Duty.Entry;
import io.retainer.duty.DutyEvent.Opened;
import io.retainer.duty.DutyRows.Changed;
import io.retainer.kernel.Clause;
import io.retainer.kernel.Ids;
import io.retainer.kernel.Refused;
import io.retainer.kernel.Tenancy;
import io.retainer.kernel.Unknown;
import io.retainer.kernel.WorkCalendar;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.stereotype.Service;

/**
 * Everything owed. Each call that changes something is one transaction for its tenant, or joins the caller's; it locks
 * the duty, settles its clock, decides, saves and publishes every entry as a fact.
 *
 * <p>Instants are kept to the microsecond, as the database does; what is finer is cut off, so that the last moment before
 * a due instant stays before it. {@code happenedAt} may lie in the past, never in the future ({@code duty.refused.future}).
 */
@Service
public class Duties {

    /** Kinds of duties of all contracts of one person; there are a few dozen of a contract. */
    private static final int MOST_KINDS = 1000;

    private final DutyRows rows;
    private final Tenancy tenancy;
    private final ApplicationEventPublisher events;
    private final Clock clock;
    private final WorkCalendar calendar;

    Duties(
            DutyRows rows,
            Tenancy tenancy,
            ApplicationEventPublisher events,
            Clock clock,
            ObjectProvider<WorkCalendar> calendar) {
        this.rows = rows;
        this.tenancy = tenancy;
        this.events = events;
        this.clock = clock;
        this.calendar = calendar.getIfAvailable(WorkCalendar::chinese);
    }

    /**
     * Opens a duty and returns its id. A due instant that has passed already is found by the next decision or sweep.
     *
     * @throws Refused {@code duty.refused.open} when this clause is owed by this debtor for this subject already
     */
    public UUID open(NewDuty wanted) {
        return open(wanted.tenant(), List.of(wanted)).getFirst().duty().id();
    }

    /**
     * Opens several duties of one tenant at once and returns them as they stand now, in their order.
     *
     * @throws Refused {@code duty.refused.open} when one of them is owed already; whoever catches it keeps none of them and
     *     lets the transaction end
     */
    public List<AssessedDuty> open(UUID tenant, List<NewDuty> wanted) {
        var now = now();
        return tenancy.write(tenant, () -> {
            var opened = wanted.stream().map(each -> opened(each, now)).toList();
            var duties = opened.stream().map(Duty::first).toList();
            int added = rows.add(duties.stream()
                    .map(duty -> new DutyRows.New(duty, duty.row(now, calendar)))
                    .toList());
            if (added < duties.size()) {
                var known = rows.all(tenant, duties.stream().map(Duty::id).toList()).stream()
                        .map(Duty::id)
                        .toList();
                var refused = duties.stream()
                        .filter(duty -> !known.contains(duty.id()))
                        .findFirst()
                        .orElseThrow();
                throw Refused.because("duty.refused.open", refused.clause(), refused.subject());
            }
            opened.forEach(events::publishEvent);
            return duties.stream()
                    .map(duty -> new AssessedDuty(duty, duty.assess(now, calendar)))
                    .toList();
        });
    }

    private static Opened opened(NewDuty wanted, Instant now) {
        return new Opened(
                wanted.tenant(),
                wanted.contract(),
                wanted.clause(),
                Ids.at(now.toEpochMilli()),
                wanted.contractVersion(),
                wanted.debtor(),
                wanted.creditor(),
                wanted.action(),
                wanted.subject(),
                wanted.deadline().code(),
                micros(wanted.openedAt()),
                wanted.actor());
    }

    /**
     * The debtor performed. In time when {@code happenedAt} is before the due instant, whenever that is recorded; a
     * breach recorded meanwhile is refuted.
     */
    public void discharge(UUID tenant, UUID duty, Instant happenedAt, @Nullable UUID actor) {
        var at = micros(happenedAt);
        change(tenant, duty, (it, now) -> it.discharge(at, actor, now, calendar));
    }

    /**
     * The performance did not last, for example because the bank returned the payment: the duty is owed by its original
     * due instant again.
     *
     * @param reason as written by a person, or null; it stays out of the ledger
     */
    public void reopen(UUID tenant, UUID duty, @Nullable String reason, Instant happenedAt, @Nullable UUID actor) {
        var at = micros(happenedAt);
        change(tenant, duty, (it, now) -> it.undoDischarge(reason(reason), at, actor, now, calendar));
    }

    /** Stops the clock for a cause on somebody's side. The debtor's own cause stops nothing and is refused. */
    public void pause(
            UUID tenant, UUID duty, Cause owner, @Nullable String reason, Instant happenedAt, @Nullable UUID actor) {
        var at = micros(happenedAt);
        change(tenant, duty, (it, now) -> it.pause(owner, reason(reason), at, actor, now, calendar));
    }

    /** Ends the pause of this owner. */
    public void resume(UUID tenant, UUID duty, Cause owner, Instant happenedAt, @Nullable UUID actor) {
        var at = micros(happenedAt);
        change(tenant, duty, (it, now) -> it.resume(owner, at, actor, now, calendar));
    }

    /**
     * The debtor does not answer for not performing in time.
     *
     * @param since when the hindrance began; refused when that was not before the due instant (Civil Code 590 ¶2)
     */
    public void excuse(
            UUID tenant,
            UUID duty,
            Cause cause,
            Instant since,
            @Nullable String reason,
            Instant happenedAt,
            @Nullable UUID actor) {
        var at = micros(happenedAt);
        change(tenant, duty, (it, now) -> it.excuse(cause, micros(since), reason(reason), at, actor, now, calendar));
    }

    /** The creditor gives the duty up. */
    public void waive(UUID tenant, UUID duty, @Nullable String reason, Instant happenedAt, @Nullable UUID actor) {
        var at = micros(happenedAt);
        change(tenant, duty, (it, now) -> it.waive(reason(reason), at, actor, now, calendar));
    }

    /** The duty ends without performance and without the creditor giving anything up. */
    public void release(
            UUID tenant, UUID duty, Release why, @Nullable String reason, Instant happenedAt, @Nullable UUID actor) {
        var at = micros(happenedAt);
        change(tenant, duty, (it, now) -> it.release(why, reason(reason), at, actor, now, calendar));
    }

    /** All duties of the contract as they stood at {@code asOf}, the oldest first; those opened later are left out. */
    public List<AssessedDuty> ofContract(UUID tenant, UUID contract, Instant asOf) {
        return tenancy.read(tenant, () -> rows.ofContract(tenant, contract)).stream()
                .filter(duty -> !duty.openedAt().isAfter(asOf))
                .map(duty -> new AssessedDuty(duty, duty.assess(asOf, calendar)))
                .toList();
    }

    /** What is owed for this clause about this subject; the one opened last when several parties owe it. */
    public Optional<AssessedDuty> on(UUID tenant, UUID contract, Clause clause, String subject, Instant asOf) {
        return tenancy.read(tenant, () -> rows.on(tenant, contract, clause, subject)).stream()
                .filter(duty -> !duty.openedAt().isAfter(asOf))
                .map(duty -> new AssessedDuty(duty, duty.assess(asOf, calendar)))
                .reduce((_, last) -> last);
    }

    /**
     * What is owed under several contracts, whoever the client: what was missed first, then the most urgent. Of more than
     * three alike only the most urgent is named, so that a thousand customers to be called hide nothing else.
     *
     * @param soon what falls due before is counted as such
     */
    public List<OwedDuty> owed(Collection<UUID> tenants, Collection<UUID> contracts, Instant soon, Instant asOf) {
        if (tenants.isEmpty()) {
            return List.of();
        }
        var alike = tenancy.read(tenants, () -> rows.owed(tenants, contracts, MOST_KINDS, soon));
        var byId = new HashMap<UUID, Duty>();
        alike.stream()
                .collect(Collectors.groupingBy(
                        DutyRows.Alike::tenant,
                        Collectors.flatMapping(some -> some.first().stream(), Collectors.toList())))
                .forEach((tenant, ids) ->
                        tenancy.read(tenant, () -> rows.all(tenant, ids)).forEach(duty -> byId.put(duty.id(), duty)));
        return alike.stream()
                .flatMap(some -> some.number() > some.first().size()
                        ? Stream.of(new OwedDuty(
                                named(byId, some.first().getFirst(), asOf), some.number() - 1, some.soon()))
                        : some.first().stream().map(id -> {
                            var duty = named(byId, id, asOf);
                            var due = duty.assessment().due();
                            return new OwedDuty(duty, 0, due != null && due.isBefore(soon) ? 1 : 0);
                        }))
                .sorted(OwedDuty.MOST_URGENT_FIRST)
                .toList();
    }

    private AssessedDuty named(Map<UUID, Duty> byId, UUID id, Instant asOf) {
        var duty = Objects.requireNonNull(byId.get(id));
        return new AssessedDuty(duty, duty.assess(asOf, calendar));
    }

    /** Every duty, whoever the client, whose due instant lies after {@code since} and not after {@code until}. */
    public List<UpcomingDuty> upcoming(Instant since, Instant until) {
        return rows.upcoming(since, until);
    }

    /** The named duties of one tenant. */
    public List<AssessedDuty> all(UUID tenant, Collection<UUID> duties, Instant asOf) {
        return duties.isEmpty()
                ? List.of()
                : tenancy.read(tenant, () -> rows.all(tenant, duties)).stream()
                        .map(duty -> new AssessedDuty(duty, duty.assess(asOf, calendar)))
                        .toList();
    }

    /**
     * What is still owed under several contracts, whoever the client, and fell or falls due in a stretch of time.
     *
     * @param since included
     * @param until not included
     */
    public List<AssessedDuty> owedBetween(
            Collection<UUID> tenants, Collection<UUID> contracts, Instant since, Instant until, Instant asOf) {
        if (tenants.isEmpty()) {
            return List.of();
        }
        var ids = tenancy.read(tenants, () -> rows.owedBetween(tenants, contracts, since, until)).stream()
                .collect(Collectors.groupingBy(
                        DutyRows.Due::tenant, Collectors.mapping(DutyRows.Due::id, Collectors.toList())));
        return ids.entrySet().stream()
                .flatMap(tenant -> all(tenant.getKey(), tenant.getValue(), asOf).stream())
                .filter(found -> found.assessment().due() != null
                        && !found.assessment().due().isBefore(since)
                        && found.assessment().due().isBefore(until))
                .sorted(java.util.Comparator.comparing((AssessedDuty found) ->
                                Objects.requireNonNull(found.assessment().due()))
                        .thenComparing(found -> found.duty().id()))
                .toList();
    }

    /** @throws Unknown when the tenant has no such duty */
    public AssessedDuty get(UUID tenant, UUID duty, Instant asOf) {
        var found = tenancy.read(tenant, () -> rows.find(tenant, duty)).orElseThrow(() -> new Unknown("duty " + duty));
        return new AssessedDuty(found, found.assess(asOf, calendar));
    }

    private interface Decision {
        List<Entry> on(Duty duty, Instant now);
    }

    private void change(UUID tenant, UUID id, Decision decision) {
        var now = now();
        tenancy.write(tenant, () -> {
            var duty = rows.locked(tenant, id);
            var entries = decision.on(duty, now);
            rows.save(List.of(new Changed(duty, entries, duty.after(entries).row(now, calendar))));
            entries.forEach(entry -> events.publishEvent(entry.event()));
        });
    }

    private Instant now() {
        return micros(clock.instant());
    }

    private static Instant micros(Instant instant) {
        return instant.truncatedTo(ChronoUnit.MICROS);
    }

    private static @Nullable String reason(@Nullable String reason) {
        if (reason == null || reason.isBlank()) {
            return null;
        }
        if (reason.length() > 2000) {
            throw Refused.field("reason", "duty.refused.reasonTooLong");
        }
        return reason.strip();
    }
}
