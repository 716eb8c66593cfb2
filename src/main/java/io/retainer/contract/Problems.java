package io.retainer.contract;

import io.retainer.contract.ImportedContract.TemplateMarker;
import io.retainer.contract.Problem.Kind;
import io.retainer.contract.Problem.Value;
import io.retainer.contract.TermEntry.Reading;
import io.retainer.kernel.Clause;
import io.retainer.kernel.Money;
import io.retainer.kernel.Party;
import io.retainer.kernel.Refused;
import io.retainer.kernel.RmbWords;
import io.retainer.kernel.Sentence;
import java.math.BigDecimal;
import java.text.Normalizer;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/** What stands between a draft and its signing. Pure: the same terms have the same problems everywhere. */
public final class Problems {

    private final DraftTerms terms;
    private final List<Problem> found = new ArrayList<>();

    private Problems(DraftTerms terms) {
        this.terms = terms;
    }

    /** Of a text as imported. */
    public static List<Problem> of(ImportedContract contract) {
        var problems =
                new ArrayList<>(of(contract.terms(), contract.markers(), contract.clauses(), contract.missing()));
        // What is missing from the annexes can still be written or accepted; what is in them is judged at once.
        AnnexAnswers.problems(contract.terms(), new Annexes(contract.annexes(), Map.of())).stream()
                .filter(problem ->
                        problem.code().contains("clash") || problem.code().equals("annex-unread"))
                .forEach(problems::add);
        return List.copyOf(problems);
    }

    /** Of a draft: its terms as they stand now, and what was found in its text. */
    static List<Problem> of(
            DraftTerms terms, List<TemplateMarker> markers, List<FoundClause> clauses, Set<Clause> missing) {
        var problems = new Problems(terms);
        problems.blanks();
        problems.place();
        problems.amounts();
        problems.dates();
        problems.instalments();
        problems.rates();
        problems.markers(markers);
        problems.reading();
        problems.notes(clauses, missing);
        problems.found.sort(Comparator.comparing(Problem::clause).thenComparing(Problem::kind));
        return List.copyOf(problems.found);
    }

    /** Worth knowing before signing: other companies than those on the platform, or a term that is over. */
    static List<Problem> beside(DraftTerms terms, String client, String provider, Instant now) {
        var problems = new Problems(terms);
        problems.name(TermKey.CLIENT_NAME, Party.CLIENT, client);
        problems.name(TermKey.PROVIDER_NAME, Party.PROVIDER, provider);
        var today = LocalDate.ofInstant(now, DraftTerms.ZONE);
        terms.date(TermKey.TERM_END)
                .filter(end -> end.isBefore(today))
                .ifPresent(end -> problems.add(
                        Kind.NOTE,
                        "term-is-over",
                        TermKey.TERM_END,
                        List.of(value(TermKey.TERM_END, end.toString())),
                        end));
        return List.copyOf(problems.found);
    }

    private void name(TermKey key, Party party, String organisation) {
        var printed = terms.text(key).orElse("");
        if (!printed.isEmpty() && !bare(printed).equals(bare(organisation))) {
            add(Kind.NOTE, "other-party", key, List.of(value(key, printed)), party, printed, organisation);
        }
    }

    /** Brackets and spaces are written in either width. */
    private static String bare(String name) {
        return Normalizer.normalize(name, Normalizer.Form.NFKC).replaceAll("\\s", "");
    }

    private void blanks() {
        for (var entry : terms.entries()) {
            var key = entry.key();
            if (key == TermKey.CLIENT_SEAL || key == TermKey.PROVIDER_SEAL || key == TermKey.SIGN_PLACE) {
                continue;
            }
            if (entry.reading() == Reading.UNREAD) {
                var passage = entry.passage();
                add(
                        Kind.BLANK,
                        "unread",
                        key,
                        List.of(new Value(key.clause(), key.id(), passage == null ? "" : passage.text())),
                        key.gap(),
                        key.title());
            } else if (entry.reading() == Reading.BLANK && key.isBlankOfText()) {
                add(Kind.BLANK, "blank", key, List.of(new Value(key.clause(), key.id(), "")), key.gap(), key.title());
            }
        }
    }

    private void place() {
        if (!terms.known(TermKey.SIGN_PLACE)) {
            add(
                    Kind.BLANK,
                    "no-place-of-signing",
                    TermKey.SIGN_PLACE,
                    List.of(new Value(Clause.I_6_1B, TermKey.SIGN_PLACE.id(), "")));
        }
    }

    private void amounts() {
        var figures = terms.money(TermKey.FEE_TOTAL);
        var words = terms.text(TermKey.FEE_WORDS);
        if (words.isPresent()) {
            try {
                var parsed = RmbWords.parse(words.get());
                if (figures.isPresent() && !figures.get().equals(parsed)) {
                    add(
                            Kind.CONTRADICTION,
                            "figures-differ-from-words",
                            TermKey.FEE_WORDS,
                            List.of(
                                    value(TermKey.FEE_TOTAL, figures.get().formatted()),
                                    value(TermKey.FEE_WORDS, words.get() + " = " + parsed.formatted())),
                            figures.get(),
                            words.get(),
                            parsed,
                            RmbWords.of(figures.get()));
                }
            } catch (Refused misspelt) {
                add(
                        Kind.CONTRADICTION,
                        "words-not-an-amount",
                        TermKey.FEE_WORDS,
                        List.of(
                                value(TermKey.FEE_WORDS, words.get()),
                                value(
                                        TermKey.FEE_TOTAL,
                                        figures.map(Money::formatted).orElse(""))),
                        words.get(),
                        misspelt.sentence());
            }
        }
        var passage = terms.get(TermKey.FEE_TOTAL).passage();
        if (figures.isPresent()
                && figures.get().fen() % 100 != 0
                && terms.get(TermKey.FEE_TOTAL).source() == TermSource.MAIN_TEXT
                && passage != null
                && passage.text().matches("[\\s\\S]*\\d\\s*[元圆]\\s*[整正][\\s\\S]*")) {
            add(
                    Kind.CONTRADICTION,
                    "whole-yuan-printed",
                    TermKey.FEE_TOTAL,
                    List.of(value(TermKey.FEE_TOTAL, figures.get().formatted()), value(TermKey.FEE_TOTAL, "元整")),
                    figures.get());
        }
    }

    private void dates() {
        var start = terms.date(TermKey.TERM_START);
        var end = terms.date(TermKey.TERM_END);
        if (start.isEmpty() || end.isEmpty()) {
            return;
        }
        var first = start.get();
        var last = end.get();
        if (last.isBefore(first)) {
            add(
                    Kind.CONTRADICTION,
                    "start-after-end",
                    TermKey.TERM_END,
                    List.of(value(TermKey.TERM_START, first.toString()), value(TermKey.TERM_END, last.toString())),
                    first,
                    last);
            return;
        }
        var months = terms.whole(TermKey.TERM_MONTHS);
        boolean decided = terms.choice(TermKey.TERM_PREVAILS, TermKey.TermPrevails.class) != TermKey.TermPrevails.BLOCK
                && terms.get(TermKey.TERM_PREVAILS).binds();
        if (months.isPresent() && !decided) {
            var expected = first.plusMonths(months.get()).minusDays(1);
            if (!expected.equals(last)) {
                add(
                        Kind.CONTRADICTION,
                        "months-differ-from-dates",
                        TermKey.TERM_MONTHS,
                        List.of(
                                value(TermKey.TERM_MONTHS, months.get().toString()),
                                value(TermKey.TERM_END, first + "/" + last)),
                        months.get(),
                        first,
                        last,
                        expected);
            }
        }
        var signed = terms.date(TermKey.SIGN_DATE);
        if (signed.isPresent() && !signed.get().isBefore(first)) {
            add(
                    Kind.NOTE,
                    "signed-after-start",
                    TermKey.SIGN_DATE,
                    List.of(
                            value(TermKey.SIGN_DATE, signed.get().toString()),
                            value(TermKey.TERM_START, first.toString())),
                    signed.get(),
                    first);
        }
    }

    private void instalments() {
        var schedule = terms.schedule();
        if (schedule.isEmpty()) {
            periods();
            return;
        }
        var lines = schedule.get().lines();
        var count = terms.whole(TermKey.FEE_INSTALMENTS);
        if (count.isPresent() && count.get() != lines.size()) {
            add(
                    Kind.CONTRADICTION,
                    "instalments-differ-from-schedule",
                    TermKey.FEE_SCHEDULE,
                    List.of(
                            value(TermKey.FEE_INSTALMENTS, count.get().toString()),
                            value(TermKey.FEE_SCHEDULE, Integer.toString(lines.size()))),
                    count.get(),
                    lines.size());
        }
        var total = terms.money(TermKey.FEE_TOTAL);
        var sum = schedule.get().total();
        if (total.isPresent() && !total.get().equals(sum)) {
            add(
                    Kind.CONTRADICTION,
                    "instalments-differ-from-total",
                    TermKey.FEE_SCHEDULE,
                    List.of(
                            value(TermKey.FEE_TOTAL, total.get().formatted()),
                            value(TermKey.FEE_SCHEDULE, sum.formatted())),
                    sum,
                    total.get(),
                    sum.minus(total.get()));
        }
        late(lines);
    }

    /** Without annex 3 every instalment pays for a period of whole months. */
    private void periods() {
        var start = terms.date(TermKey.TERM_START);
        var end = terms.date(TermKey.TERM_END);
        boolean byDates = terms.choice(TermKey.TERM_PREVAILS, TermKey.TermPrevails.class) == TermKey.TermPrevails.DATES;
        var between = start.isPresent() && end.isPresent() && !end.get().isBefore(start.get())
                ? Optional.of(DraftTerms.monthsBetween(start.get(), end.get()))
                : Optional.<Integer>empty();
        var months = byDates ? between : terms.whole(TermKey.TERM_MONTHS).or(() -> between);
        var count = terms.whole(TermKey.FEE_INSTALMENTS);
        if (months.isPresent() && count.isPresent() && count.get() > months.get()) {
            add(
                    Kind.CONTRADICTION,
                    "more-instalments-than-months",
                    TermKey.FEE_INSTALMENTS,
                    List.of(
                            value(TermKey.FEE_INSTALMENTS, count.get().toString()),
                            value(TermKey.TERM_MONTHS, months.get().toString())),
                    count.get(),
                    months.get());
        }
    }

    /** I-3.2a wants payment before the period starts; annex 3 may ask for it earlier but not later. */
    private void late(List<TermValue.Line> lines) {
        var start = terms.date(TermKey.TERM_START);
        var end = terms.date(TermKey.TERM_END);
        if (start.isEmpty() || end.isEmpty() || end.get().isBefore(start.get())) {
            return;
        }
        var term = new ContractTerms.Term(start.get(), end.get(), DraftTerms.monthsBetween(start.get(), end.get()));
        for (var line : lines) {
            var before = line.before();
            var period = DraftTerms.periodStart(term, lines.size(), line.number());
            if (before != null && before.isAfter(period)) {
                add(
                        Kind.CONTRADICTION,
                        "schedule-later-than-period",
                        TermKey.FEE_SCHEDULE,
                        List.of(
                                value(TermKey.FEE_SCHEDULE, line.number() + ": " + before),
                                new Value(Clause.I_3_2A, TermKey.TERM_START.id(), period.toString())),
                        line.number(),
                        before,
                        period);
            }
        }
    }

    /** B15 and B16 repeat B11: where they say something else, nobody can know which holds (G-46, trap 1). */
    private void rates() {
        var places = Stream.of(TermKey.LATE_RATE, TermKey.LATE_RATE_STANDARD, TermKey.LATE_RATE_EXAMPLE)
                .filter(terms::known)
                .toList();
        var different = places.stream()
                .map(key ->
                        terms.decimal(key).map(BigDecimal::stripTrailingZeros).orElse(BigDecimal.ZERO))
                .distinct()
                .count();
        if (different > 1) {
            add(
                    Kind.CONTRADICTION,
                    "percentages-differ",
                    TermKey.LATE_RATE,
                    places.stream().map(key -> value(key, percent(key) + "%")).toList(),
                    percent(TermKey.LATE_RATE),
                    percent(TermKey.LATE_RATE_STANDARD),
                    percent(TermKey.LATE_RATE_EXAMPLE));
        }
    }

    private String percent(TermKey key) {
        return terms.decimal(key).map(BigDecimal::toPlainString).orElse("—");
    }

    private void markers(List<TemplateMarker> markers) {
        for (var marker : markers) {
            found.add(new Problem(
                    Kind.BLANK,
                    "template-marker",
                    marker.clause(),
                    List.of(new Value(marker.clause(), "", marker.passage().text())),
                    Sentence.of(
                            "contract.problem.template-marker", marker.passage().text()),
                    Sentence.of(
                            "contract.remedy.template-marker", marker.passage().text())));
        }
    }

    private void reading() {
        choice(TermKey.LATE_MODE, "penalty-reading-open");
        choice(TermKey.SIGN_MODE, "sign-mode-open");
        var used = UnagreedDefault.open(terms).stream().map(TermEntry::key).toList();
        used.forEach(this::openDefault);
        var open = terms.unconfirmed().stream()
                .filter(key -> key != TermKey.LATE_MODE && key != TermKey.SIGN_MODE && !used.contains(key))
                .toList();
        if (!open.isEmpty()) {
            found.add(new Problem(
                    Kind.OPEN_CHOICE,
                    "defaults-unconfirmed",
                    Clause.I_7_2,
                    open.stream()
                            .map(key -> {
                                var value = terms.get(key).value();
                                return new Value(key.clause(), key.id(), value == null ? "" : value.canonical());
                            })
                            .toList(),
                    Sentence.of("contract.problem.defaults-unconfirmed", open.size()),
                    Sentence.of("contract.remedy.defaults-unconfirmed", open.size())));
        }
    }

    /** A default that will be computed with: what it is, why, and what holds until both have agreed to it. */
    private void openDefault(TermKey key) {
        var value = terms.get(key).value();
        var rule = UnagreedDefault.of(key);
        if (value != null && rule.isPresent()) {
            found.add(new Problem(
                    Kind.OPEN_CHOICE,
                    "default-open",
                    key.clause(),
                    List.of(value(key, value.canonical())),
                    Sentence.of("contract.problem.default-open", key.named(), Shown.inWords(value)),
                    Sentence.of(
                            "contract.remedy.default-open",
                            UnagreedDefault.reason(key),
                            rule.get().consequence())));
        }
    }

    private void choice(TermKey key, String code) {
        var entry = terms.get(key);
        var value = entry.value();
        if (!entry.binds() && value != null) {
            add(Kind.OPEN_CHOICE, code, key, List.of(value(key, value.canonical())), key.title());
        }
    }

    private void notes(List<FoundClause> clauses, Set<Clause> missing) {
        if (!clauses.isEmpty() && !missing.isEmpty()) {
            found.add(new Problem(
                    Kind.NOTE,
                    "clauses-missing",
                    missing.iterator().next(),
                    missing.stream().map(clause -> new Value(clause, "", "")).toList(),
                    Sentence.of("contract.problem.clauses-missing", List.copyOf(missing)),
                    Sentence.of("contract.remedy.clauses-missing")));
        }
        clauses.stream()
                .filter(FoundClause::cutOff)
                .forEach(clause -> found.add(new Problem(
                        Kind.NOTE,
                        "cut-off",
                        clause.clause(),
                        List.of(new Value(clause.clause(), "", clause.passage().text())),
                        Sentence.of("contract.problem.cut-off"),
                        Sentence.of("contract.remedy.cut-off"))));
    }

    private static Value value(TermKey key, String value) {
        return new Value(key.clause(), key.id(), value);
    }

    private void add(Kind kind, String code, TermKey key, List<Value> values, Object... arguments) {
        found.add(new Problem(
                kind,
                code,
                key.clause(),
                values,
                Sentence.of("contract.problem." + code, arguments),
                Sentence.of("contract.remedy." + code, arguments)));
    }
}
