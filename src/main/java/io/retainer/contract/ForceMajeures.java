package io.retainer.contract;

import io.retainer.contract.ForceMajeureEvent.Change;
import io.retainer.duty.AssessedDuty;
import io.retainer.duty.Cause;
import io.retainer.duty.Deadline;
import io.retainer.duty.Duties;
import io.retainer.duty.NewDuty;
import io.retainer.identity.Access;
import io.retainer.identity.Capability;
import io.retainer.kernel.Clause;
import io.retainer.kernel.Ids;
import io.retainer.kernel.Party;
import io.retainer.kernel.Refused;
import io.retainer.kernel.Sentence;
import io.retainer.kernel.Tenancy;
import io.retainer.kernel.Unknown;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.stereotype.Service;

/** Force majeure under contracts in force: told, proven, accepted or contested, and over. */
@Service
public class ForceMajeures {

    private final ContractLife life;
    private final ContractRows contracts;
    private final LifeRows rows;
    private final Notices notices;
    private final Duties duties;
    private final Tenancy tenancy;
    private final ApplicationEventPublisher events;
    private final Clock clock;

    ForceMajeures(
            ContractLife life,
            ContractRows contracts,
            LifeRows rows,
            Notices notices,
            Duties duties,
            Tenancy tenancy,
            ApplicationEventPublisher events,
            Clock clock) {
        this.life = life;
        this.contracts = contracts;
        this.rows = rows;
        this.notices = notices;
        this.duties = duties;
        this.tenancy = tenancy;
        this.events = events;
        this.clock = clock;
    }

    /**
     * A party tells what hinders it and which duties it cannot perform.
     *
     * @param affected ids of those duties
     */
    public UUID notify(
            Access access, Instant occurredAt, Collection<UUID> affected, Notice.Channel channel, String words) {
        access.require(Capability.ASSERT_RIGHT);
        var id = Ids.at(clock.millis());
        life.change(access.tenant(), access.contract(), null, work -> {
            switch (work.contract().state()) {
                case EFFECTIVE, ACTIVE, SUSPENDED, TERMINATING -> {}
                case DRAFT, PENDING_SIGN, CLOSED, VOID ->
                    throw Refused.because(
                            "contract.refused.state",
                            Sentence.of("contract.verb.forceMajeure"),
                            work.contract().state());
            }
            var terms = terms(access, work.now());
            var event = ForceMajeure.notify(
                    id,
                    access.tenant(),
                    access.contract(),
                    access.party(),
                    occurredAt.truncatedTo(ChronoUnit.MICROS),
                    affected.stream()
                            .distinct()
                            .map(duty -> duty(access, duty, work.now()))
                            .toList(),
                    terms.standing(TermKey.FORCE_MAJEURE_NOTICE),
                    work.now(),
                    access.person());
            var kept = Notices.required("words", words);
            rows.add(ForceMajeure.first(event, kept));
            events.publishEvent(event);
            notices.send(
                    access, Notice.Kind.FORCE_MAJEURE, Clause.I_5_3A, "force-majeure/" + id, channel, kept, work.now());
            duties.open(new NewDuty(
                    access.tenant(),
                    access.contract(),
                    contracts
                            .inForce(access.tenant(), access.contract(), work.now())
                            .orElse(1),
                    Clause.I_5_3A,
                    access.party(),
                    access.party() == Party.CLIENT ? Party.PROVIDER : Party.CLIENT,
                    "contract.duty.proveForceMajeure",
                    "force-majeure/" + id,
                    new Deadline.CalendarDays(
                            Math.max(1, terms.standing(TermKey.FORCE_MAJEURE_PROOF)),
                            work.now().atZone(DraftTerms.ZONE).toLocalDate(),
                            false),
                    work.now(),
                    access.person()));
        });
        return id;
    }

    /** @param proof SHA-256 of what proves it, such as the certificate of a chamber of commerce */
    public void prove(Access access, UUID id, String proof) {
        access.require(Capability.ASSERT_RIGHT);
        step(access, id, null, (found, now) -> {
            var event = found.prove(
                    proof,
                    terms(access, found.notifiedAt()).standing(TermKey.FORCE_MAJEURE_PROOF),
                    access.party(),
                    now,
                    access.person());
            duties.on(access.tenant(), access.contract(), Clause.I_5_3A, "force-majeure/" + id, now)
                    .filter(duty -> duty.assessment().state().owed())
                    .ifPresent(duty ->
                            duties.discharge(access.tenant(), duty.duty().id(), now, access.person()));
            return event;
        });
    }

    /**
     * The other side accepts relief for some of the affected duties: their clocks stand from the event on.
     *
     * @param relieved ids of the duties
     * @param moneyToo the explicit decision without which no money duty is relieved
     * @param relief how much of each the hindrance takes away, in per cent: so much of the hindered time does not count
     */
    public void accept(Access access, UUID id, Collection<UUID> relieved, boolean moneyToo, int relief) {
        access.require(Capability.ANSWER_DEMAND);
        step(access, id, null, (found, now) -> {
            var money = found.affected().stream()
                    .filter(duty -> isMoney(duty(access, duty, now)))
                    .collect(Collectors.toSet());
            var event =
                    found.accept(Set.copyOf(relieved), money, moneyToo, relief, access.party(), now, access.person());
            for (var duty : event.duties()) {
                var owed = duty(access, duty, now);
                if (owed.assessment().state().owed() && !isMoney(owed)) {
                    var from = owed.duty().openedAt().isAfter(event.since())
                            ? owed.duty().openedAt()
                            : event.since();
                    duties.pause(access.tenant(), duty, Cause.FORCE_MAJEURE, null, from, access.person());
                }
            }
            return event;
        });
    }

    public void contest(Access access, UUID id, String words) {
        access.require(Capability.ANSWER_DEMAND);
        var why = Notices.required("words", words);
        step(access, id, why, (found, now) -> {
            var event = found.contest(access.party(), now, access.person());
            notices.send(
                    access,
                    Notice.Kind.CONTEST,
                    Clause.I_5_3A,
                    "force-majeure/" + id,
                    Notice.Channel.PLATFORM,
                    why,
                    now);
            return event;
        });
    }

    /**
     * The hindrance is over: paused clocks run on; what was promised for a date that fell into it is excused. Of partial
     * relief the clocks stood only for that part of the time, and a fixed date is not excused.
     */
    public void end(Access access, UUID id, Instant at) {
        access.require(Capability.ASSERT_RIGHT);
        step(access, id, null, (found, now) -> {
            var event = found.end(at.truncatedTo(ChronoUnit.MICROS), now, access.person());
            for (var duty : event.duties()) {
                var owed = duty(access, duty, now);
                if (isMoney(owed)) {
                    continue;
                }
                var due = owed.assessment().due();
                boolean dated = owed.duty().deadline() instanceof Deadline.At;
                if (!owed.assessment().state().owed()) {
                    continue;
                }
                var from = owed.duty().openedAt().isAfter(event.since())
                        ? owed.duty().openedAt()
                        : event.since();
                duties.resume(
                        access.tenant(),
                        duty,
                        Cause.FORCE_MAJEURE,
                        found.standsUntil(from, event.happenedAt()),
                        access.person());
                if (found.relievesAll() && dated && due != null && !due.isAfter(event.happenedAt())) {
                    duties.excuse(
                            access.tenant(),
                            duty,
                            Cause.FORCE_MAJEURE,
                            event.since(),
                            null,
                            event.happenedAt(),
                            access.person());
                }
            }
            return event;
        });
    }

    private interface Step {
        Change on(ForceMajeure found, Instant now);
    }

    private void step(Access access, UUID id, @Nullable String words, Step step) {
        life.change(access.tenant(), access.contract(), null, work -> {
            var found = rows.forceMajeure(access.tenant(), access.contract(), id);
            var event = step.on(found, work.now());
            rows.update(found.after(event, words));
            events.publishEvent(event);
        });
    }

    public List<ForceMajeure> ofContract(Access access) {
        access.require(Capability.READ_CONTRACT);
        return tenancy.read(access.tenant(), () -> rows.forceMajeures(access.tenant(), access.contract()));
    }

    private static boolean isMoney(AssessedDuty duty) {
        return ForceMajeure.MONEY.contains(duty.duty().clause());
    }

    private AssessedDuty duty(Access access, UUID id, Instant now) {
        var found = duties.get(access.tenant(), id, now);
        if (!found.duty().contract().equals(access.contract())) {
            throw new Unknown("duty " + id);
        }
        return found;
    }

    private DraftTerms terms(Access access, Instant at) {
        return contracts
                .version(
                        access.tenant(),
                        access.contract(),
                        contracts
                                .inForce(access.tenant(), access.contract(), at)
                                .orElseThrow(() -> new Unknown("version in force")))
                .terms();
    }
}
