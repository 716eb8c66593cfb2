package io.retainer.contract;

import io.retainer.contract.AnnexKind.Part;
import io.retainer.contract.AnnexSheet.Row;
import io.retainer.contract.Impact.Kind;
import io.retainer.duty.AssessedDuty;
import io.retainer.kernel.Clause;
import io.retainer.kernel.Money;
import io.retainer.kernel.Sentence;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** What an amendment changes of the terms, the rights and the open duties: a pure function of both versions. */
final class AmendmentPreview {

    private static final Set<Clause> RIGHTS = Set.of(
            Clause.I_3_3A, Clause.I_3_3B, Clause.I_5_1, Clause.I_5_2A, Clause.I_5_2B, Clause.I_5_3A, Clause.I_2_2A);
    private static final Set<TermKey> ACCESS =
            Set.of(TermKey.DATA_RETENTION, TermKey.DATA_RETURN, TermKey.RESULTS_OWNER, TermKey.LEGAL_COMPULSION);

    private static final int MOST_ALIKE = 3;

    private AmendmentPreview() {}

    static List<Impact> of(AmendedVersion amended, LocalDate from, List<AssessedDuty> duties) {
        var before = amended.base().settled();
        var after = amended.settled();
        var impacts = new ArrayList<Impact>();
        var clauses = EnumSet.noneOf(Clause.class);
        for (var key : amended.changed()) {
            var old = before.get(key).value();
            var fresh = after.get(key).value();
            clauses.add(key.clause());
            impacts.add(new Impact(
                    kind(key),
                    key.clause(),
                    key.title(),
                    old == null ? null : shown(old),
                    fresh == null ? null : shown(fresh)));
        }
        for (var sheet : amended.sheets().values()) {
            annex(amended.base().annexes().of(sheet.kind()), sheet, impacts, clauses);
        }
        var starts = from.atStartOfDay(DraftTerms.ZONE).toInstant();
        var open = new TreeMap<Clause, List<AssessedDuty>>();
        duties.stream()
                .filter(duty ->
                        duty.assessment().state().owed() && duty.assessment().due() != null)
                .filter(duty -> clauses.contains(duty.duty().clause()))
                .forEach(duty -> open.computeIfAbsent(duty.duty().clause(), _ -> new ArrayList<>())
                        .add(duty));
        open.forEach((clause, some) -> {
            if (some.size() > MOST_ALIKE) {
                impacts.add(keep(clause, some, starts));
            } else {
                some.forEach(duty -> impacts.add(keeps(duty, starts)));
            }
        });
        return impacts;
    }

    /** Row by row; instalments are told by the module that draws them. */
    private static void annex(AnnexSheet before, AnnexSheet after, List<Impact> impacts, Set<Clause> clauses) {
        for (var part : after.kind().parts()) {
            for (var pair : AnnexDifference.pairs(part, before.of(part.id()), after.of(part.id()))) {
                clauses.add(part.clause());
                var either = pair.after() == null ? pair.before() : pair.after();
                if (either != null) {
                    service(part, either).ifPresent(service -> clauses.add(service.clause()));
                }
                kind(part)
                        .ifPresent(kind -> impacts.add(new Impact(
                                kind, part.clause(), part.title(), row(part, pair.before()), row(part, pair.after()))));
            }
        }
    }

    private static Optional<ContractedService> service(Part part, Row row) {
        return part.columns().stream().anyMatch(column -> column.choice() == ContractedService.class)
                ? Stream.of(ContractedService.values())
                        .filter(service -> service.name().equals(row.cell("service")))
                        .findFirst()
                : Optional.empty();
    }

    /** What kind of thing a row of this part is, or nothing where its terms or instalments already say it. */
    private static Optional<Kind> kind(Part part) {
        return switch (part.id()) {
            case "total", "lines", "duration", "exit" -> Optional.empty();
            case "levels", "quality", "hours" -> Optional.of(Kind.SERVICE_LEVEL);
            case "services", "processing", "classes", "engagement" -> Optional.of(Kind.ACCESS);
            case "milestones", "security", "incident", "secrecy", "tasks", "vouchers" -> Optional.of(Kind.DUTY);
            case "liability", "cap", "exceptions", "dispute" -> Optional.of(Kind.RIGHT);
            default -> Optional.of(Kind.TERM);
        };
    }

    private static @Nullable Sentence row(Part part, @Nullable Row row) {
        if (row == null) {
            return null;
        }
        var cells = new ArrayList<Sentence>();
        for (var column : part.columns()) {
            var value = row.cell(column.id());
            if (!value.isEmpty()) {
                cells.add(Sentence.of("contract.impact.cell", part.title(column), AnnexCell.inWords(column, value)));
            }
        }
        return Sentence.of("contract.value", cells);
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

    /** Many under one clause are told together: a thousand complaints hide nothing else. */
    private static Impact keep(Clause clause, List<AssessedDuty> some, Instant from) {
        var dues = some.stream()
                .map(duty -> Objects.requireNonNull(duty.assessment().due()))
                .sorted()
                .toList();
        return new Impact(
                Kind.DUTY,
                clause,
                Sentence.of("contract.impact.duties", some.size(), clause.title()),
                Sentence.of("contract.impact.dueBetween", dues.getFirst(), dues.getLast()),
                Sentence.of("contract.impact.dutiesKeep", from));
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
            case TermValue.YesNo(var yes) -> Sentence.of(yes ? "contract.yes" : "contract.no");
            case TermValue.Text _, TermValue.Whole _, TermValue.Decimal _, TermValue.Numbers _ ->
                Sentence.of("contract.value", value.canonical());
            case TermValue.Schedule(var lines) ->
                Sentence.of(
                        "contract.schedule",
                        lines.size(),
                        Money.sum(lines.stream().map(TermValue.Line::amount).toList()));
        };
    }
}
