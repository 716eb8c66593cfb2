package io.retainer.contract;

import io.retainer.duty.AssessedDuty;
import io.retainer.duty.Deadline;
import io.retainer.duty.Duties;
import io.retainer.duty.DutyState;
import io.retainer.identity.Access;
import io.retainer.identity.Capability;
import io.retainer.kernel.Clause;
import io.retainer.kernel.Party;
import io.retainer.kernel.Refused;
import io.retainer.kernel.Sentence;
import io.retainer.kernel.Tenancy;
import io.retainer.kernel.WorkCalendar;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.stereotype.Component;

/** What the pages and the API show of a contract's life: where it stands, what is possible now and for whom, and why not. */
@Component
class LifeReading {

    private final ContractRows contracts;
    private final LifeRows rows;
    private final Endings endings;
    private final Duties duties;
    private final Tenancy tenancy;
    private final WorkCalendar calendar;
    private final ObjectProvider<ClauseStates> above;

    LifeReading(
            ContractRows contracts,
            LifeRows rows,
            Endings endings,
            Duties duties,
            Tenancy tenancy,
            ObjectProvider<WorkCalendar> calendar,
            ObjectProvider<ClauseStates> above) {
        this.contracts = contracts;
        this.rows = rows;
        this.endings = endings;
        this.duties = duties;
        this.tenancy = tenancy;
        this.calendar = calendar.getIfAvailable(WorkCalendar::chinese);
        this.above = above;
    }

    /**
     * One thing that may be done about the contract.
     *
     * @param by who may; null when either party
     * @param whyNot the rule that says no now, and what is missing; null when it is possible
     */
    record Possible(
            Sentence act,
            Clause clause,
            @Nullable Party by,
            @Nullable Sentence whyNot) {

        public boolean now() {
            return whyNot == null;
        }
    }

    /**
     * @param rights what the modules above say of the rights from late payment (I-3.3)
     * @param affected the duties that force majeure is said to hinder, by id
     * @param hindered duties of the reader's party that force majeure could hinder
     * @param broken duties of the other party that were missed and whose cure can be demanded
     * @param demands the reader's own demands to cure, with the window each leaves
     * @param exit what the end calls for
     * @param secrets what is to be kept secret, and what outlives the end
     * @param open what keeps an ended contract from being closed
     */
    record Life(
            Contract contract,
            List<Possible> possible,
            List<ClauseState> rights,
            List<Amendment> amendments,
            List<Notice> notices,
            List<Termination> terminations,
            List<ForceMajeure> forceMajeures,
            Map<UUID, AssessedDuty> affected,
            List<AssessedDuty> hindered,
            List<AssessedDuty> broken,
            List<CureDemand> demands,
            List<AssessedDuty> exit,
            List<Secret> secrets,
            List<Sentence> open,
            int longStopDays,
            Instant now) {}

    /** @param breaches notices that it was broken, the newest first; only for who may read money */
    record Secret(AssessedDuty duty, List<Notice> breaches) {}

    /** @param window null while nothing proves that the demand arrived */
    record CureDemand(Notice notice, Termination.@Nullable Window window) {}

    Life life(Access access, Instant now) {
        access.require(Capability.READ_CONTRACT);
        return tenancy.read(access.tenant(), () -> {
            var contract = contracts.get(access.tenant(), access.contract());
            var terms = contracts
                    .version(
                            access.tenant(),
                            access.contract(),
                            contracts
                                    .inForce(access.tenant(), access.contract(), now)
                                    .orElse(contract.number()))
                    .terms();
            var all = duties.ofContract(access.tenant(), access.contract(), now);
            var notices = rows.notices(access.tenant(), access.contract());
            var forceMajeures = rows.forceMajeures(access.tenant(), access.contract());
            int longStop = terms.standing(TermKey.FORCE_MAJEURE_LONG_STOP);
            var open = contract.state() == ContractState.TERMINATING
                    ? endings.open(access.tenant(), access.contract(), now)
                    : List.<Sentence>of();
            var said = new ArrayList<ClauseState>();
            if (contract.state().isInForce()) {
                above.orderedStream()
                        .flatMap(port -> port.of(access, now).stream())
                        .filter(state -> List.of(Clause.I_3_3A, Clause.I_3_3B, Clause.I_3_3C)
                                .contains(state.clause()))
                        .forEach(said::add);
            }
            int cure = terms.standing(TermKey.TERMINATION_CURE);
            return new Life(
                    contract,
                    possible(contract, forceMajeures, longStop, open, now),
                    access.may(Capability.READ_MONEY) ? said : List.of(),
                    access.may(Capability.READ_MONEY) ? rows.amendments(access.tenant(), access.contract()) : List.of(),
                    access.may(Capability.READ_MONEY) ? notices : List.of(),
                    rows.terminations(access.tenant(), access.contract()),
                    forceMajeures,
                    all.stream()
                            .filter(duty -> forceMajeures.stream()
                                    .anyMatch(one ->
                                            one.affected().contains(duty.duty().id())))
                            .collect(Collectors.toMap(duty -> duty.duty().id(), duty -> duty)),
                    all.stream()
                            .filter(duty -> duty.duty().debtor() == access.party())
                            .filter(duty -> duty.assessment().state().owed()
                                    && duty.assessment().state() != DutyState.BREACHED
                                    && !(duty.duty().deadline() instanceof Deadline.Standing))
                            .toList(),
                    all.stream()
                            .filter(duty -> duty.duty().debtor() != access.party()
                                    && duty.assessment().state() == DutyState.BREACHED)
                            .toList(),
                    notices.stream()
                            .filter(notice ->
                                    notice.kind() == Notice.Kind.CURE_DEMAND && notice.sender() == access.party())
                            .map(notice -> new CureDemand(
                                    notice,
                                    notice.arrivesAt() == null
                                            ? null
                                            : Termination.Window.of(notice.arrivesAt(), cure, calendar)))
                            .toList(),
                    all.stream()
                            .filter(duty -> duty.duty().subject().startsWith("exit/"))
                            .toList(),
                    all.stream()
                            .filter(duty -> duty.duty().clause() == Clause.I_4_2
                                    || (duty.duty().clause() == Clause.I_4_1A
                                            && duty.assessment().state().owed()))
                            .map(duty -> new Secret(
                                    duty,
                                    access.may(Capability.READ_MONEY)
                                            ? notices.stream()
                                                    .filter(notice -> notice.kind() == Notice.Kind.SECRECY_BREACH
                                                            && notice.about()
                                                                    .equals("duty/"
                                                                            + duty.duty()
                                                                                    .id()))
                                                    .toList()
                                            : List.of()))
                            .toList(),
                    open,
                    longStop,
                    now);
        });
    }

    private interface Guard {
        void check();
    }

    private static List<Possible> possible(
            Contract contract, List<ForceMajeure> forceMajeures, int longStop, List<Sentence> open, Instant now) {
        var all = new ArrayList<Possible>();
        all.add(of(
                "contract.life.act.amend", Clause.I_7_2, null, () -> contract.requireAmendable(Amendment.Kind.CHANGE)));
        all.add(of(
                "contract.life.act.extend",
                Clause.I_2_2B,
                null,
                () -> contract.requireAmendable(Amendment.Kind.EXTENSION)));
        all.add(of(
                "contract.life.act.end",
                Clause.I_2_2A,
                null,
                () -> contract.requireAmendable(Amendment.Kind.EARLY_END)));
        all.add(of("contract.life.act.terminate", Clause.I_5_2B, null, contract::requireTerminable));
        all.add(of("contract.life.act.longStop", Clause.I_5_3A, null, () -> {
            contract.requireTerminable();
            if (forceMajeures.stream().noneMatch(one -> one.beyondLongStop(longStop, now))) {
                throw Refused.because("contract.life.noLongStop", longStop);
            }
        }));
        all.add(of(
                "contract.life.act.close",
                contract.ending().groundOr(EndGround.EXPIRED).clause(),
                null,
                () -> contract.close(open, now, null)));
        return all;
    }

    private static Possible of(String key, Clause clause, @Nullable Party by, Guard guard) {
        try {
            guard.check();
            return new Possible(Sentence.of(key), clause, by, null);
        } catch (Refused no) {
            return new Possible(Sentence.of(key), clause, by, no.sentence());
        }
    }
}
