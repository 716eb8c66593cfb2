package io.retainer.liability;

import io.retainer.contract.ClauseState;
import io.retainer.contract.ClauseState.State;
import io.retainer.contract.ClauseStates;
import io.retainer.identity.Access;
import io.retainer.identity.Capability;
import io.retainer.kernel.Sentence;
import java.time.Instant;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.springframework.stereotype.Component;

/** Says of the clauses about liability which case stands under them. */
@Component
class BreachClauses implements ClauseStates {

    private final BreachCases cases;

    BreachClauses(BreachCases cases) {
        this.cases = cases;
    }

    @Override
    public List<ClauseState> of(Access access, Instant asOf) {
        // The newest case of each rule; the list has the newest first.
        Map<BreachRule, BreachCase> newest = new EnumMap<>(BreachRule.class);
        for (var row : cases.rows(access.tenant(), access.contract())) {
            if (!row.breach().filedAt().isAfter(asOf)) {
                newest.putIfAbsent(row.breach().rule(), BreachCases.asOf(row.breach(), asOf));
            }
        }
        return newest.values().stream().map(breach -> said(access, breach)).toList();
    }

    private static ClauseState said(Access access, BreachCase breach) {
        return new ClauseState(
                breach.rule().clause(),
                switch (breach.state()) {
                    case EVIDENCE, DEFENCE, APPORTION, PROPOSED, DISPUTED -> State.RIGHT_ASSERTED;
                    case AGREED -> State.DUE;
                    case SETTLED -> State.KEPT;
                    case DISMISSED -> State.RIGHT_NOT_AVAILABLE;
                },
                Sentence.of("liability.clause", breach.serial(), breach.rule(), breach.state()),
                breach.state() == BreachState.DEFENCE ? breach.answerDue() : null,
                List.of("breach/" + breach.id()),
                access.may(Capability.READ_MONEY)
                        ? "/contracts/" + breach.contract() + "/liability/" + breach.id()
                        : null);
    }
}
