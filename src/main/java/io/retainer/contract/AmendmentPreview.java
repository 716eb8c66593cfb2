package io.retainer.contract;

import io.retainer.contract.Impact.Kind;
import io.retainer.duty.AssessedDuty;
import io.retainer.kernel.Clause;
import io.retainer.kernel.Sentence;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** What an amendment changes of the terms, the rights and the open duties: a pure function of both versions. */
final class AmendmentPreview {

    private static final Set<Clause> RIGHTS = Set.of(
            Clause.I_3_3A, Clause.I_3_3B, Clause.I_5_1, Clause.I_5_2A, Clause.I_5_2B, Clause.I_5_3A, Clause.I_2_2A);
    private static final Set<TermKey> ACCESS =
            Set.of(TermKey.DATA_RETENTION, TermKey.DATA_RETURN, TermKey.RESULTS_OWNER, TermKey.LEGAL_COMPULSION);

    private AmendmentPreview() {}

    static List<Impact> of(
            DraftTerms before,
            DraftTerms after,
            Map<TermKey, TermValue> changes,
            LocalDate from,
            List<AssessedDuty> duties) {
        var impacts = new ArrayList<Impact>();
        for (var key : changes.keySet()) {
            var old = before.get(key).value();
            var fresh = after.get(key).value();
            if (fresh != null && !fresh.equals(old)) {
                impacts.add(new Impact(
                        kind(key), key.clause(), key.title(), old == null ? null : shown(old), shown(fresh)));
            }
        }
        var starts = from.atStartOfDay(DraftTerms.ZONE).toInstant();
        duties.stream()
                .filter(duty ->
                        duty.assessment().state().owed() && duty.assessment().due() != null)
                .filter(duty -> changes.keySet().stream()
                        .anyMatch(key -> key.clause() == duty.duty().clause()))
                .forEach(duty -> impacts.add(keeps(duty, starts)));
        return impacts;
    }

    /** What was opened under a version stays under it: a deadline that runs does not move. */
    private static Impact keeps(AssessedDuty duty, Instant from) {
        return new Impact(
                Kind.DUTY,
                duty.duty().clause(),
                Sentence.of(
                        "contract.impact.duty",
                        duty.duty().debtor(),
                        duty.duty().doing()),
                Sentence.of("contract.impact.due", duty.assessment().due()),
                Sentence.of("contract.impact.dutyKeeps", duty.assessment().due(), from));
    }

    private static Kind kind(TermKey key) {
        if (key == TermKey.SERVICE_LEVELS) {
            return Kind.SERVICE_LEVEL;
        }
        if (ACCESS.contains(key)) {
            return Kind.ACCESS;
        }
        return RIGHTS.contains(key.clause()) ? Kind.RIGHT : Kind.TERM;
    }

    private static Sentence shown(TermValue value) {
        return switch (value) {
            case TermValue.Day(var date) -> Sentence.of("contract.value", date);
            case TermValue.Amount(var money) -> Sentence.of("contract.value", money);
            case TermValue.Choice(var constant) -> Sentence.of("contract.value", constant);
            case TermValue.Text _,
                    TermValue.Whole _,
                    TermValue.Decimal _,
                    TermValue.YesNo _,
                    TermValue.Numbers _,
                    TermValue.Schedule _ -> Sentence.of("contract.value", value.canonical());
        };
    }
}
