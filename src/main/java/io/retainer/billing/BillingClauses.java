package io.retainer.billing;

import io.retainer.billing.Account.Kind;
import io.retainer.billing.Verdict.RightVerdict;
import io.retainer.billing.Verdict.Standing;
import io.retainer.contract.ClauseState;
import io.retainer.contract.ClauseState.State;
import io.retainer.contract.ClauseStates;
import io.retainer.identity.Access;
import io.retainer.kernel.Clause;
import io.retainer.kernel.Sentence;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/** Says of the clauses about late payment which rights are available, which were asserted, and what they rest on. */
@Component
class BillingClauses implements ClauseStates {

    private final Accounts accounts;

    BillingClauses(Accounts accounts) {
        this.accounts = accounts;
    }

    @Override
    public List<ClauseState> of(Access access, Instant asOf) {
        return accounts.find(access.tenant(), access.contract(), asOf)
                .map(BillingClauses::states)
                .orElse(List.of());
    }

    private static List<ClauseState> states(BillingState state) {
        var states = new ArrayList<ClauseState>();
        states.add(suspension(state));
        foremost(state, Right.TERMINATE).ifPresent(right -> states.add(said(state, Clause.I_3_3B, right)));
        var claim = foremost(state, Right.CLAIM_PENALTY);
        for (var clause : List.of(Clause.I_3_3C, Clause.I_5_1)) {
            states.add(claim.map(right -> said(state, clause, right))
                    .orElseGet(() -> none(state, clause, "billing.clause.noPenalty")));
        }
        return states;
    }

    /** The right to suspend, and the demand that comes before it. */
    private static ClauseState suspension(BillingState state) {
        if (state.verdict().suspended()) {
            var since = state.acts(Kind.SUSPENDED).getLast();
            return new ClauseState(
                    Clause.I_3_3A,
                    State.RIGHT_ASSERTED,
                    Sentence.of("billing.right.suspended", since.happenedAt()),
                    null,
                    List.of("suspension/" + since.id()),
                    link(state, null));
        }
        var suspend = foremost(state, Right.SUSPEND);
        if (suspend.isPresent() && suspend.get().standing() == Standing.AVAILABLE) {
            return said(state, Clause.I_3_3A, suspend.get());
        }
        var demand = foremost(state, Right.DEMAND);
        if (demand.isPresent() && demand.get().standing() == Standing.AVAILABLE) {
            return said(state, Clause.I_3_3A, demand.get());
        }
        return suspend.map(right -> said(state, Clause.I_3_3A, right))
                .orElseGet(() -> none(state, Clause.I_3_3A, "billing.clause.nothingOverdue"));
    }

    /** Of several instalments, the one about which most can be done. */
    private static Optional<RightVerdict> foremost(BillingState state, Right right) {
        return state.verdict().rights().stream()
                .filter(one -> one.right() == right)
                .min(Comparator.comparingInt(one -> rank(one.standing())));
    }

    private static int rank(Standing standing) {
        return switch (standing) {
            case AVAILABLE -> 0;
            case EXERCISED -> 1;
            case NOT_YET -> 2;
            case NONE -> 3;
        };
    }

    private static ClauseState said(BillingState state, Clause clause, RightVerdict right) {
        var next = right.from() != null && right.from().isAfter(state.verdict().asOf()) ? right.from() : null;
        return new ClauseState(
                clause,
                switch (right.standing()) {
                    case AVAILABLE -> State.RIGHT_AVAILABLE;
                    case EXERCISED -> State.RIGHT_ASSERTED;
                    case NOT_YET, NONE -> State.RIGHT_NOT_AVAILABLE;
                },
                right.why(),
                next,
                right.instalment() == null ? List.of() : evidence(state, right.instalment()),
                link(state, right.instalment()));
    }

    private static List<String> evidence(BillingState state, int instalment) {
        var subjects = new ArrayList<String>();
        subjects.add("instalment/" + state.lineId(instalment));
        state.acts(Kind.DEMAND_DELIVERED).stream()
                .filter(demand -> demand.instalment() != null && demand.instalment() == instalment)
                .forEach(demand -> subjects.add("demand/" + demand.id()));
        return subjects;
    }

    private static ClauseState none(BillingState state, Clause clause, String key) {
        return new ClauseState(clause, State.RIGHT_NOT_AVAILABLE, Sentence.of(key), null, List.of(), link(state, null));
    }

    private static String link(BillingState state, @Nullable Integer instalment) {
        var page = "/contracts/" + state.account().contract() + "/billing";
        return instalment == null ? page : page + "/instalments/" + instalment;
    }
}
