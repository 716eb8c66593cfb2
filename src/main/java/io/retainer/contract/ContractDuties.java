package io.retainer.contract;

import io.retainer.contract.ContractEvent.Resumed;
import io.retainer.contract.ContractEvent.Suspended;
import io.retainer.duty.AssessedDuty;
import io.retainer.duty.Cause;
import io.retainer.duty.Deadline;
import io.retainer.duty.Duties;
import io.retainer.duty.DutyEvent;
import io.retainer.duty.NewDuty;
import io.retainer.duty.Release;
import io.retainer.kernel.Clause;
import io.retainer.kernel.Party;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.context.event.EventListener;
import org.springframework.stereotype.Component;

/** What the contract itself makes the parties owe: its counterparts, secrecy, and what follows from its end. */
@Component
class ContractDuties {

    static final String DATA_RETURN = "exit/data-return";
    static final String ACCESS_RELEASE = "exit/access-release";
    static final String SECRETS = "confidentiality/trade-secrets";
    static final String OTHER = "confidentiality/other";
    static final String PERSONAL_DATA = "confidentiality/personal-data";

    private static final String WHILE_IN_FORCE = "confidentiality/contract";
    private static final List<Party> BOTH = List.of(Party.CLIENT, Party.PROVIDER);

    /** The clause of each service that a suspension can freeze. */
    private static final Map<Integer, Clause> SERVICES = Map.of(
            1, Clause.I_1_1_1,
            3, Clause.I_1_1_3,
            4, Clause.I_1_1_4,
            5, Clause.I_1_1_5,
            6, Clause.I_1_1_6,
            7, Clause.I_1_1_7);

    private final ContractRows contracts;
    private final Duties duties;

    ContractDuties(ContractRows contracts, Duties duties) {
        this.contracts = contracts;
        this.duties = duties;
    }

    @EventListener
    void on(ContractEffective e) {
        for (var party : BOTH) {
            open(
                    e.tenant(),
                    e.contract(),
                    e.number(),
                    Clause.I_4_1A,
                    party,
                    "contract.duty.keepSecret",
                    WHILE_IN_FORCE,
                    new Deadline.Standing(null),
                    e.happenedAt(),
                    e.actor());
            // The counterparts are made by the last signature: owed and handed over in the same moment (I-7.1a).
            var counterpart = open(
                    e.tenant(),
                    e.contract(),
                    e.number(),
                    Clause.I_7_1A,
                    party,
                    "contract.duty.counterpart",
                    "counterpart/" + (party == Party.CLIENT ? 2 : 1),
                    new Deadline.CalendarDays(1, day(e.happenedAt()), false),
                    e.happenedAt(),
                    e.actor());
            duties.discharge(e.tenant(), counterpart, e.happenedAt(), e.actor());
        }
    }

    /** Secrecy outlives the contract (I-4.2, G-17); data go back and accesses are given up. */
    @EventListener
    void on(ContractTerminating e) {
        owed(e.tenant(), e.contract(), e.happenedAt(), Clause.I_4_1A)
                .forEach(duty -> duties.release(
                        e.tenant(), duty.duty().id(), Release.CONTRACT_ENDED, null, e.happenedAt(), e.actor()));
        int number = contracts.inForce(e.tenant(), e.contract(), e.happenedAt()).orElse(1);
        var terms = contracts.version(e.tenant(), e.contract(), number).terms();
        var day = day(e.happenedAt());
        // The text knows no end of it (I-4.2); only years that both confirmed shorten that.
        var until = terms.get(TermKey.CONFIDENTIAL_YEARS).binds()
                ? day.plusYears(terms.standing(TermKey.CONFIDENTIAL_YEARS)).minusDays(1)
                : null;
        for (var party : BOTH) {
            survive(e, number, party, "contract.duty.keepTradeSecrets", SECRETS, null);
            survive(e, number, party, "contract.duty.keepOther", OTHER, until);
        }
        survive(e, number, Party.PROVIDER, "contract.duty.keepPersonalData", PERSONAL_DATA, null);
        var days = new Deadline.CalendarDays(Math.max(1, terms.standing(TermKey.DATA_RETENTION)), day, false);
        open(
                e.tenant(),
                e.contract(),
                number,
                Clause.III_A2_1,
                Party.PROVIDER,
                "contract.duty.returnData",
                DATA_RETURN,
                days,
                e.happenedAt(),
                e.actor());
        open(
                e.tenant(),
                e.contract(),
                number,
                Clause.III_A2_2,
                Party.PROVIDER,
                "contract.duty.releaseAccess",
                ACCESS_RELEASE,
                days,
                e.happenedAt(),
                e.actor());
    }

    private void survive(
            ContractTerminating e, int number, Party debtor, String action, String subject, @Nullable LocalDate until) {
        open(
                e.tenant(),
                e.contract(),
                number,
                Clause.I_4_2,
                debtor,
                action,
                subject,
                new Deadline.Standing(until),
                e.happenedAt(),
                e.actor());
    }

    /** The clocks of the frozen services stand, and the client owns the pause: it did not pay (G-14). */
    @EventListener
    void on(Suspended e) {
        for (var service : e.services()) {
            var clause = SERVICES.get(service);
            if (clause != null) {
                owed(e.tenant(), e.contract(), e.happenedAt(), clause).stream()
                        .filter(duty -> duty.duty().debtor() == Party.PROVIDER
                                && !(duty.duty().deadline() instanceof Deadline.Standing))
                        .forEach(duty -> duties.pause(
                                e.tenant(), duty.duty().id(), Cause.CLIENT, null, e.happenedAt(), e.actor()));
            }
        }
    }

    @EventListener
    void on(Resumed e) {
        for (var clause : SERVICES.values()) {
            owed(e.tenant(), e.contract(), e.happenedAt(), clause).stream()
                    .filter(duty -> pausedByClient(duty))
                    .forEach(duty ->
                            duties.resume(e.tenant(), duty.duty().id(), Cause.CLIENT, e.happenedAt(), e.actor()));
        }
    }

    private static boolean pausedByClient(AssessedDuty duty) {
        boolean paused = false;
        for (var entry : duty.duty().history()) {
            if (entry.event() instanceof DutyEvent.Paused pause && pause.owner() == Cause.CLIENT) {
                paused = true;
            } else if (entry.event() instanceof DutyEvent.Resumed resumed && resumed.owner() == Cause.CLIENT) {
                paused = false;
            }
        }
        return paused;
    }

    private List<AssessedDuty> owed(UUID tenant, UUID contract, Instant at, Clause clause) {
        return duties.ofContract(tenant, contract, at).stream()
                .filter(duty -> duty.duty().clause() == clause
                        && duty.assessment().state().owed())
                .toList();
    }

    private UUID open(
            UUID tenant,
            UUID contract,
            int number,
            Clause clause,
            Party debtor,
            String action,
            String subject,
            Deadline deadline,
            Instant at,
            @Nullable UUID actor) {
        return duties.open(new NewDuty(
                tenant,
                contract,
                number,
                clause,
                debtor,
                debtor == Party.CLIENT ? Party.PROVIDER : Party.CLIENT,
                action,
                subject,
                deadline,
                at,
                actor));
    }

    private static LocalDate day(Instant at) {
        return at.atZone(DraftTerms.ZONE).toLocalDate();
    }
}
