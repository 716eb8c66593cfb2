package io.retainer.contract;

import io.retainer.contract.AnnexKind.Column;
import io.retainer.kernel.Money;
import io.retainer.kernel.Party;
import io.retainer.kernel.Refused;
import io.retainer.kernel.RmbWords;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A signed version as an amendment makes it: other values, other annexes (I-7.2). The later agreement holds over what it
 * changes (G-03): a value named by an amendment over an older annex, and an annex replaced by an amendment over a value
 * that an older amendment had named. Pure.
 */
record AmendedVersion(
        ContractVersion base,
        Map<TermKey, TermValue> changes,
        Map<AnnexKind, AnnexSheet> sheets,
        DraftTerms terms,
        Annexes annexes) {

    static AmendedVersion of(ContractVersion base, Amendment amendment) {
        return of(base, amendment.changes(), amendment.annexes());
    }

    /**
     * @param changes of terms
     * @param sheets annexes that take the place of those of the same number
     */
    static AmendedVersion of(ContractVersion base, Map<TermKey, TermValue> changes, Map<AnnexKind, AnnexSheet> sheets) {
        var annexes = base.annexes();
        for (var sheet : sheets.values()) {
            annexes = annexes.with(sheet);
        }
        var terms = amended(base.terms(), changes);
        var newer = new EnumMap<TermKey, TermValue>(TermKey.class);
        for (var said : AnnexAnswers.said(sheets.values())) {
            if (!changes.containsKey(said.key()) && terms.get(said.key()).source() == TermSource.AMENDMENT) {
                newer.put(said.key(), said.value());
            }
        }
        for (var entry : repeated(newer).entrySet()) {
            terms = terms.with(TermEntry.known(entry.getKey(), entry.getValue(), TermSource.ANNEX, null));
        }
        for (var entry : AnnexAnswers.supplied(terms, annexes)) {
            terms = terms.with(entry);
        }
        return new AmendedVersion(base, changes, sheets, terms, annexes);
    }

    /** The terms as they are executed. */
    DraftTerms settled() {
        return AnnexAnswers.settled(terms, annexes);
    }

    /** Terms that become something else, whether named by the amendment or said by an annex. */
    List<TermKey> changed() {
        var before = base.settled();
        var after = settled();
        return Stream.of(TermKey.values())
                .filter(key ->
                        !Objects.equals(before.get(key).value(), after.get(key).value()))
                .toList();
    }

    /**
     * What keeps the amendment from being proposed: an annex that does not answer its sub-rows, one that says something else
     * than the text, another annex or this amendment itself. What both accepted as a risk when they signed stays accepted.
     */
    void require() {
        for (var said : AnnexAnswers.said(sheets.values())) {
            var named = changes.get(said.key());
            if (named != null && !named.equals(said.value())) {
                throw Refused.field(
                        said.key().id(),
                        "contract.amendment.annexAndTerm",
                        said.key().title(),
                        Shown.inWords(named),
                        said.clause(),
                        Shown.inWords(said.value()));
            }
        }
        var there = named(base.annexes());
        if (there.isPresent() && sheets.containsKey(AnnexKind.THIRD_PARTY)) {
            var then = named(annexes);
            if (then.isPresent() && !then.equals(there)) {
                throw Refused.field("annex5", "contract.amendment.third.replaced", there.get(), then.get());
            }
        }
        for (var sheet : sheets.values()) {
            // Without annex 5 the third party is out; any other annex must say something.
            if (sheet.kind() == AnnexKind.THIRD_PARTY && sheet.isEmpty()) {
                continue;
            }
            annexes.checks(sheet.kind()).stream()
                    .filter(check -> !check.isComplete() && !check.isAccepted())
                    .findFirst()
                    .ifPresent(AmendedVersion::refuse);
            if (sheet.kind() == AnnexKind.THIRD_PARTY && there.isEmpty()) {
                // Nobody gets at customers' data before secrecy and their protection are agreed (II-3.2(3), II-4.4).
                Stream.of(AnnexKind.CUSTOMER_INFORMATION, AnnexKind.CONFIDENTIALITY)
                        .flatMap(kind -> annexes.checks(kind).stream())
                        .filter(check -> !check.isComplete())
                        .findFirst()
                        .ifPresent(AmendedVersion::refuse);
            }
        }
        problems().stream().findFirst().ifPresent(problem -> {
            throw Refused.because("contract.amendment.problem", problem.what(), problem.remedy());
        });
    }

    static void refuse(Annexes.RowCheck check) {
        var gap = check.first();
        throw Refused.field(
                "annex" + check.kind().number(),
                "contract.amendment.annexIncomplete",
                check.kind().title(),
                check.clause(),
                gap.what(),
                gap.remedy());
    }

    /** Problems of what it changes. */
    List<Problem> problems() {
        var changed = changed();
        var problems = new ArrayList<Problem>();
        Problems.of(settled(), base.markers(), base.clauses(), base.missing()).stream()
                .map(problem -> AnnexAnswers.underPrecedence(problem, terms))
                .filter(problem -> problem.values().stream()
                        .anyMatch(value ->
                                changed.stream().anyMatch(key -> key.id().equals(value.term()))))
                .forEach(problems::add);
        if (!sheets.isEmpty()) {
            var before = AnnexAnswers.problems(base.terms(), base.annexes());
            AnnexAnswers.problems(terms, annexes).stream()
                    .filter(problem -> before.stream()
                            .noneMatch(old -> old.code().equals(problem.code())
                                    && old.values().equals(problem.values())))
                    .forEach(problems::add);
        }
        return problems.stream().filter(Contract::blocksSigning).toList();
    }

    /** What the annexes changed by it would become, part by part. */
    List<AnnexDifference> differences(io.retainer.kernel.Texts texts) {
        return sheets.values().stream()
                .map(sheet -> AnnexDifference.of(base.annexes().of(sheet.kind()), sheet, texts))
                .toList();
    }

    // Third parties

    /**
     * The third party that signs because one of these annexes binds it (III-A2, III-A4, III-A5), or because a row in its
     * name changes (G-37).
     */
    Optional<String> third() {
        var before = named(base.annexes());
        var after = named(annexes);
        var name = after.isPresent() ? after : before;
        return sheets.values().stream().anyMatch(sheet -> binds(base.annexes().of(sheet.kind()), sheet))
                ? name
                : Optional.empty();
    }

    /** The third party of annex 5. */
    static Optional<String> named(Annexes annexes) {
        if (!annexes.has(AnnexKind.THIRD_PARTY)) {
            return Optional.empty();
        }
        var engagement =
                ((ThirdPartyAgreement) annexes.of(AnnexKind.THIRD_PARTY).typed()).engagement();
        return Optional.ofNullable(engagement).map(ThirdPartyAgreement.Engagement::name);
    }

    private static boolean binds(AnnexSheet before, AnnexSheet after) {
        if (before.lines().equals(after.lines())) {
            return false;
        }
        return after.kind().signers().contains(Party.THIRD_PARTY)
                || !inItsName(before).equals(inItsName(after));
    }

    private static List<AnnexSheet.Row> inItsName(AnnexSheet sheet) {
        return sheet.kind().parts().stream()
                .flatMap(part -> sheet.of(part.id()).stream()
                        .filter(row ->
                                part.columns().stream().anyMatch(column -> isThird(column, row.cell(column.id())))))
                .toList();
    }

    private static boolean isThird(Column column, @Nullable String value) {
        return column.choice() == Party.class && Party.THIRD_PARTY.name().equals(value);
    }

    /** With what the text repeats in other places: the total in words, the late rate in B15 and B16. */
    static Map<TermKey, TermValue> repeated(Map<TermKey, TermValue> changes) {
        var all = new EnumMap<TermKey, TermValue>(TermKey.class);
        all.putAll(changes);
        if (changes.get(TermKey.FEE_TOTAL) instanceof TermValue.Amount(Money total)) {
            all.put(TermKey.FEE_WORDS, new TermValue.Text(RmbWords.of(total)));
        }
        var rate = changes.get(TermKey.LATE_RATE);
        if (rate != null) {
            all.put(TermKey.LATE_RATE_STANDARD, rate);
            all.put(TermKey.LATE_RATE_EXAMPLE, rate);
        }
        return all;
    }

    /** The terms from the amendment's day on: what both sign binds. */
    private static DraftTerms amended(DraftTerms base, Map<TermKey, TermValue> changes) {
        var terms = base;
        for (var change : changes.entrySet()) {
            terms = terms.with(new TermEntry(
                    change.getKey(),
                    TermEntry.Reading.KNOWN,
                    change.getValue(),
                    TermSource.AMENDMENT,
                    null,
                    Set.of(Party.CLIENT, Party.PROVIDER)));
        }
        return terms;
    }
}
