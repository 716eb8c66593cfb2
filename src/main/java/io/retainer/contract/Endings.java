package io.retainer.contract;

import io.retainer.contract.Notice.Channel;
import io.retainer.contract.Notice.Kind;
import io.retainer.duty.AssessedDuty;
import io.retainer.duty.Duties;
import io.retainer.duty.DutyState;
import io.retainer.duty.Release;
import io.retainer.identity.Access;
import io.retainer.identity.Capability;
import io.retainer.kernel.Clause;
import io.retainer.kernel.Ids;
import io.retainer.kernel.Party;
import io.retainer.kernel.Refused;
import io.retainer.kernel.Sentence;
import io.retainer.kernel.Tenancy;
import io.retainer.kernel.Unknown;
import io.retainer.kernel.WorkCalendar;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.stereotype.Service;

/**
 * How contracts end otherwise than with their term or by agreement: demands to cure, terminations by notice, and what
 * the end leaves to be done until the contract is closed. Each call is one transaction that locks the contract.
 */
@Service
public class Endings {

    /** Secrecy, of parties and third parties, outlives the contract (I-4.2, II-5.3a). */
    private static final Set<Clause> SURVIVING = Set.of(Clause.I_4_2, Clause.II_3_2_3);

    private final ContractLife life;
    private final ContractRows contracts;
    private final LifeRows rows;
    private final Notices notices;
    private final Duties duties;
    private final Tenancy tenancy;
    private final ApplicationEventPublisher events;
    private final Clock clock;
    private final WorkCalendar calendar;
    private final ObjectProvider<WindingUp> windingUp;

    Endings(
            ContractLife life,
            ContractRows contracts,
            LifeRows rows,
            Notices notices,
            Duties duties,
            Tenancy tenancy,
            ApplicationEventPublisher events,
            Clock clock,
            ObjectProvider<WorkCalendar> calendar,
            ObjectProvider<WindingUp> windingUp) {
        this.life = life;
        this.contracts = contracts;
        this.rows = rows;
        this.notices = notices;
        this.duties = duties;
        this.tenancy = tenancy;
        this.events = events;
        this.clock = clock;
        this.calendar = calendar.getIfAvailable(WorkCalendar::chinese);
        this.windingUp = windingUp;
    }

    // Breach

    /**
     * Demands that the other side cure a breach (Civil Code 563(3)); its arrival starts the cure period.
     *
     * @param duty that was not performed, or null when the breach is of a clause that no duty stands for
     */
    public UUID demandCure(
            Access access, Clause clause, @Nullable UUID duty, Channel channel, String words, Instant sentAt) {
        access.require(Capability.ASSERT_RIGHT);
        var id = new UUID[1];
        life.change(access.tenant(), access.contract(), null, work -> {
            if (!work.contract().state().isInForce()) {
                throw Refused.because(
                        "contract.refused.state",
                        Sentence.of("contract.verb.demandCure"),
                        work.contract().state());
            }
            var about = "clause/" + clause.id();
            if (duty != null) {
                var owed = duty(access, duty, work.now());
                if (owed.duty().debtor() == access.party()) {
                    throw Refused.field("duty", "contract.termination.ownDuty");
                }
                if (owed.assessment().state() != DutyState.BREACHED) {
                    throw Refused.field(
                            "duty",
                            "contract.termination.notBroken",
                            owed.assessment().explanation());
                }
                about = "duty/" + duty;
            }
            id[0] = notices.send(
                            access, Kind.CURE_DEMAND, clause, about, channel, Notices.required("words", words), sentAt)
                    .id();
        });
        return id[0];
    }

    /**
     * Terminates for a breach that was not cured. The notice ends the contract when it arrives.
     *
     * @param demand the notice that demanded the cure
     * @param notCured the person states that what was demanded is still not done
     */
    public UUID terminateForBreach(Access access, UUID demand, boolean notCured, Channel channel, String words) {
        return declare(access, EndGround.BREACH, "notice/" + demand, channel, words, now -> {
            var notice = notices.get(access.tenant(), access.contract(), demand);
            boolean open = notCured;
            if (notice.about().startsWith("duty/")) {
                var owed = duty(access, UUID.fromString(notice.about().substring(5)), now);
                open = open && owed.assessment().state() == DutyState.BREACHED;
            }
            Termination.requireBreachGround(notice, access.party(), open, cure(access, notice, now), calendar, now);
        });
    }

    private int cure(Access access, Notice notice, Instant now) {
        var arrived = notice.arrivesAt();
        return contracts
                .version(
                        access.tenant(),
                        access.contract(),
                        contracts
                                .inForce(access.tenant(), access.contract(), arrived == null ? now : arrived)
                                .orElseThrow(() -> new Unknown("version in force")))
                .terms()
                .standing(TermKey.TERMINATION_CURE);
    }

    /** Terminates because an accepted force majeure lasted beyond the long stop (Civil Code 563(1)); either party may. */
    public UUID terminateForForceMajeure(Access access, UUID event, Channel channel, String words) {
        return declare(access, EndGround.FORCE_MAJEURE, "force-majeure/" + event, channel, words, now -> {
            var found = rows.forceMajeure(access.tenant(), access.contract(), event);
            int days = terms(access, now).standing(TermKey.FORCE_MAJEURE_LONG_STOP);
            if (!found.beyondLongStop(days, now)) {
                throw Refused.because("contract.termination.noLongStop", days, found.longStop(days));
            }
        });
    }

    /**
     * A person of the provider terminates for non-payment. Whether the right is there is for the caller to know.
     *
     * @param restsOn the demand whose cure period ran out
     */
    public UUID terminateForNonPayment(Access access, String restsOn, Channel channel, String words) {
        if (access.party() != Party.PROVIDER) {
            throw Refused.because("contract.refused.party", access.party());
        }
        return declare(access, EndGround.NON_PAYMENT, restsOn, channel, words, _ -> {});
    }

    private interface Guard {
        void check(Instant now);
    }

    private UUID declare(Access access, EndGround ground, String restsOn, Channel channel, String words, Guard guard) {
        access.require(Capability.ASSERT_RIGHT);
        var id = Ids.at(clock.millis());
        life.change(access.tenant(), access.contract(), null, work -> {
            work.contract().requireTerminable();
            guard.check(work.now());
            if (pending(access.tenant(), access.contract()).isPresent()) {
                throw Refused.because("contract.termination.declaredBefore");
            }
            var notice = notices.send(
                    access,
                    Kind.TERMINATION,
                    ground.clause(),
                    "termination/" + id,
                    channel,
                    Notices.required("words", words),
                    work.now());
            var declared = new TerminationEvent.Declared(
                    access.tenant(),
                    access.contract(),
                    id,
                    ground,
                    access.party(),
                    restsOn,
                    notice.id(),
                    work.now(),
                    access.person());
            var termination = Termination.first(declared);
            rows.add(termination);
            events.publishEvent(declared);
            if (notice.arrivesAt() != null) {
                takeEffect(work, termination, notice.arrivesAt(), access.person());
            }
        });
        return id;
    }

    /**
     * Records the proof that a notice was delivered; a termination takes effect with its arrival (Civil Code 565).
     *
     * @param at when it was delivered; for a paper, when the courier had it signed
     * @param proof SHA-256 of the delivery report
     */
    public void deliver(Access access, UUID notice, Instant at, String proof) {
        access.require(Capability.ASSERT_RIGHT);
        life.change(access.tenant(), access.contract(), null, work -> {
            int paperDays = terms(access, work.now()).standing(TermKey.NOTICE_PAPER_DAYS);
            var delivered = notices.deliver(access, notice, at, proof, paperDays);
            var arrives = delivered.arrivesAt();
            if (delivered.kind() != Kind.TERMINATION || arrives == null) {
                return;
            }
            pending(access.tenant(), access.contract())
                    .filter(termination -> termination.notice().equals(notice))
                    .ifPresent(termination -> takeEffect(work, termination, arrives, access.person()));
        });
    }

    /** The end is fixed to the arrival; when that has passed already, time says so at once. */
    private void takeEffect(ContractLife.Work work, Termination termination, Instant arrives, UUID person) {
        work.happen(work.contract()
                .fixEnding(termination.ground(), arrives, "termination/" + termination.id(), work.now(), person));
        work.letTimeSpeak();
    }

    /** Takes a termination back whose notice has not arrived. */
    public void withdrawTermination(Access access, UUID id) {
        access.require(Capability.ASSERT_RIGHT);
        life.change(access.tenant(), access.contract(), null, work -> {
            var termination = get(access.tenant(), access.contract(), id);
            fallAway(work, termination, termination.withdraw(access.party(), work.now(), access.person()));
        });
    }

    /** Whether a termination for this ground is on its way. */
    public boolean isDeclared(UUID tenant, UUID contract, EndGround ground) {
        return tenancy.read(
                tenant,
                () -> pending(tenant, contract)
                        .filter(termination -> termination.ground() == ground)
                        .isPresent());
    }

    /** The debt was paid while the termination was on its way: its ground is gone. Nothing happens without one. */
    public void lapse(UUID tenant, UUID contract, EndGround ground, @Nullable UUID actor) {
        life.change(
                tenant,
                contract,
                null,
                work -> pending(tenant, contract)
                        .filter(termination -> termination.ground() == ground)
                        .filter(_ -> work.contract().state().isInForce())
                        .ifPresent(termination -> fallAway(work, termination, termination.lapse(work.now(), actor))));
    }

    private void fallAway(ContractLife.Work work, Termination termination, TerminationEvent.Change event) {
        if (work.contract().ending().at() != null) {
            work.happen(work.contract().liftEnding("termination/" + termination.id(), work.now(), event.actor()));
        }
        rows.update(termination.after(event, null));
        events.publishEvent(event);
    }

    /** The other side denies the ground. The effect stays; the case is decided elsewhere. */
    public void contestTermination(Access access, UUID id, String words) {
        access.require(Capability.ANSWER_DEMAND);
        life.change(access.tenant(), access.contract(), null, work -> {
            var termination = get(access.tenant(), access.contract(), id);
            var event = termination.contest(access.party(), work.now(), access.person());
            var why = Notices.required("words", words);
            rows.update(termination.after(event, why));
            events.publishEvent(event);
            notices.send(
                    access,
                    Kind.CONTEST,
                    termination.ground().clause(),
                    "termination/" + id,
                    Channel.PLATFORM,
                    why,
                    work.now());
        });
    }

    // Winding up

    /**
     * The provider returned or deleted the client's data, or gave back its accesses.
     *
     * @param what the subject of the duty: {@link ContractDuties#DATA_RETURN} or {@link ContractDuties#ACCESS_RELEASE}
     * @param certificate SHA-256 of the certificate that says so
     */
    public void windUp(Access access, String what, String certificate) {
        access.require(Capability.ASSERT_RIGHT);
        if (!certificate.matches("[0-9a-f]{64}")) {
            throw Refused.field("certificate", "contract.notice.proof");
        }
        life.change(access.tenant(), access.contract(), null, work -> {
            var owed = duties.ofContract(access.tenant(), access.contract(), work.now()).stream()
                    .filter(duty -> duty.duty().subject().equals(what))
                    .findFirst()
                    .orElseThrow(() -> new Unknown("duty " + what));
            if (owed.duty().debtor() != access.party()) {
                throw Refused.because("contract.exit.debtorOnly", owed.duty().debtor());
            }
            events.publishEvent(new ExitCertified(
                    access.tenant(),
                    access.contract(),
                    owed.duty().clause(),
                    what,
                    certificate,
                    work.now(),
                    access.person()));
            duties.discharge(access.tenant(), owed.duty().id(), work.now(), access.person());
            if (what.equals(ContractDuties.DATA_RETURN)) {
                // Personal data are kept secret until they are deleted (G-17); now they are.
                duties.ofContract(access.tenant(), access.contract(), work.now()).stream()
                        .filter(duty -> duty.duty().clause() == Clause.I_4_2
                                && duty.duty().subject().equals(ContractDuties.PERSONAL_DATA)
                                && duty.assessment().state().owed())
                        .forEach(duty -> duties.release(
                                access.tenant(),
                                duty.duty().id(),
                                Release.PURPOSE_GONE,
                                null,
                                work.now(),
                                access.person()));
            }
        });
    }

    /** A secret has become public: whoever it protected releases the other side from keeping it (I-4.2, G-17). */
    public void releaseSecret(Access access, UUID id, String words) {
        life.change(access.tenant(), access.contract(), null, work -> {
            requireKeeper(access, work.contract());
            var owed = duty(access, id, work.now());
            if (owed.duty().clause() != Clause.I_4_2) {
                throw Refused.because("contract.exit.notASecret");
            }
            if (owed.duty().creditor() != access.party()) {
                throw Refused.because("contract.exit.creditorOnly", owed.duty().creditor());
            }
            duties.release(
                    access.tenant(),
                    id,
                    Release.PURPOSE_GONE,
                    Notices.required("words", words),
                    work.now(),
                    access.person());
        });
    }

    /**
     * Says that the other side broke its secrecy, during the contract or after it. The duty goes on: what was told once
     * must not be told again. What follows from it is decided elsewhere.
     *
     * @return id of the notice
     */
    public UUID flagSecretBroken(Access access, UUID id, Channel channel, String words) {
        var notice = new UUID[1];
        life.change(access.tenant(), access.contract(), null, work -> {
            requireKeeper(access, work.contract());
            var owed = duty(access, id, work.now());
            if (owed.duty().clause() != Clause.I_4_1A && owed.duty().clause() != Clause.I_4_2) {
                throw Refused.because("contract.exit.notASecret");
            }
            if (owed.duty().creditor() != access.party()) {
                throw Refused.because("contract.exit.creditorOnly", owed.duty().creditor());
            }
            notice[0] = notices.send(
                            access,
                            Kind.SECRECY_BREACH,
                            owed.duty().clause(),
                            "duty/" + id,
                            channel,
                            Notices.required("words", words),
                            work.now())
                    .id();
        });
        return notice[0];
    }

    /** Secrecy outlives the contract, and so does the say over it of those who may read the contract's money. */
    private static void requireKeeper(Access access, Contract contract) {
        access.require(contract.state() == ContractState.CLOSED ? Capability.READ_MONEY : Capability.ASSERT_RIGHT);
    }

    /** Closes the contract once nothing that its end called for is open any more. */
    public void close(Access access) {
        access.require(Capability.ASSERT_RIGHT);
        life.change(
                access.tenant(),
                access.contract(),
                null,
                work -> work.happen(work.contract()
                        .close(open(access.tenant(), access.contract(), work.now()), work.now(), access.person())));
    }

    /** What keeps an ended contract from being closed, in words. */
    List<Sentence> open(UUID tenant, UUID contract, Instant now) {
        var open = new ArrayList<Sentence>();
        duties.ofContract(tenant, contract, now).stream()
                .filter(duty -> duty.assessment().state().owed() && !SURVIVING.contains(duty.duty().clause()))
                .map(AssessedDuty::assessment)
                .forEach(assessment -> open.add(assessment.explanation()));
        tenancy.read(tenant, () -> {
            windingUp.orderedStream().forEach(port -> open.addAll(port.open(tenant, contract, now)));
            return open;
        });
        return open;
    }

    // Looking

    public List<Termination> ofContract(Access access) {
        access.require(Capability.READ_CONTRACT);
        return tenancy.read(access.tenant(), () -> rows.terminations(access.tenant(), access.contract()));
    }

    private Termination get(UUID tenant, UUID contract, UUID id) {
        return rows.terminations(tenant, contract).stream()
                .filter(termination -> termination.id().equals(id))
                .findFirst()
                .orElseThrow(() -> new Unknown("termination " + id));
    }

    private Optional<Termination> pending(UUID tenant, UUID contract) {
        return rows.terminations(tenant, contract).stream()
                .filter(termination -> termination.state() == Termination.State.DECLARED)
                .findFirst();
    }

    private AssessedDuty duty(Access access, UUID id, Instant now) {
        var found = duties.get(access.tenant(), id, now);
        if (!found.duty().contract().equals(access.contract())) {
            throw new Unknown("duty " + id);
        }
        return found;
    }

    private DraftTerms terms(Access access, Instant now) {
        int number = contracts
                .inForce(access.tenant(), access.contract(), now.truncatedTo(ChronoUnit.MICROS))
                .orElseThrow(() -> new Unknown("version in force"));
        return contracts.version(access.tenant(), access.contract(), number).terms();
    }
}
