package io.retainer.contract;

import io.retainer.contract.DataProcessingAgreement.Route;
import io.retainer.contract.Problem.Kind;
import io.retainer.contract.Problem.Value;
import io.retainer.contract.TermKey.Precedence;
import io.retainer.contract.TermValue.Amount;
import io.retainer.contract.TermValue.Decimal;
import io.retainer.contract.TermValue.Schedule;
import io.retainer.contract.TermValue.Text;
import io.retainer.contract.TermValue.Whole;
import io.retainer.kernel.Clause;
import io.retainer.kernel.Money;
import io.retainer.kernel.RmbWords;
import io.retainer.kernel.Sentence;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What the annexes say to questions that the text, or another annex, also answers. Where the text leaves a gap the annex
 * fills it; where both answer and differ it is a clash, shown with both places before anybody signs. The order of
 * precedence (G-03) settles a clash between text and annex, and only once both parties confirmed that order; two annexes
 * rank alike, so between them nothing but an edit helps.
 */
final class AnnexAnswers {

    /** Terms an annex may supply where the text is silent. */
    private static final Set<TermKey> SUPPLIED = Set.of(
            TermKey.FEE_SCHEDULE,
            TermKey.RECEIPT_WORKDAYS,
            TermKey.CONFIDENTIAL_YEARS,
            TermKey.NEGOTIATION_DAYS,
            TermKey.DATA_RETENTION,
            TermKey.EXIT_NOTICE,
            TermKey.EXIT_HANDOVER,
            TermKey.DATA_RETURN,
            TermKey.SERVICE_LEVELS);

    private final DraftTerms terms;
    private final Annexes annexes;
    private final Map<TermKey, Answer> answers;

    /** What an annex says about a term, and where. */
    record Answer(Clause clause, String place, TermValue value) {}

    private AnnexAnswers(DraftTerms terms, Annexes annexes) {
        this.terms = terms;
        this.annexes = annexes;
        this.answers = answers(annexes);
    }

    // Filling gaps

    /** The terms as they become with these annexes: gaps filled from them, and given up again what they no longer say. */
    static List<TermEntry> supplied(DraftTerms terms, Annexes annexes) {
        var answers = answers(annexes);
        var changed = new ArrayList<TermEntry>();
        for (var key : SUPPLIED) {
            var entry = terms.get(key);
            var answer = answers.get(key);
            boolean ours = entry.source() == TermSource.ANNEX;
            boolean free = ours
                    || (entry.value() == null && entry.reading() != TermEntry.Reading.UNREAD)
                    || (entry.source() == TermSource.PLATFORM_DEFAULT
                            && entry.confirmedBy().isEmpty());
            if (answer != null && free && !(ours && answer.value().equals(entry.value()))) {
                changed.add(TermEntry.known(key, answer.value(), TermSource.ANNEX, entry.passage()));
            } else if (answer == null && ours && entry.passage() == null) {
                var proposal = key.proposal();
                changed.add(proposal == null ? TermEntry.blank(key, null) : TermEntry.offered(key, proposal));
            }
        }
        return changed;
    }

    /** What a term becomes by an annex. */
    record Said(TermKey key, Clause clause, TermValue value) {}

    /** What these annexes answer by themselves. */
    static List<Said> said(Collection<AnnexSheet> sheets) {
        var annexes = Annexes.NONE;
        for (var sheet : sheets) {
            annexes = annexes.with(sheet);
        }
        return answers(annexes).entrySet().stream()
                .filter(answer -> answer.getKey() != TermKey.PROVIDER_NAME)
                .map(answer -> new Said(
                        answer.getKey(),
                        answer.getValue().clause(),
                        answer.getValue().value()))
                .toList();
    }

    private static Map<TermKey, Answer> answers(Annexes annexes) {
        var answers = new EnumMap<TermKey, Answer>(TermKey.class);
        var payment = annexes.of(AnnexKind.PAYMENT);
        payment.money("total", "total")
                .ifPresent(total -> answers.put(
                        TermKey.FEE_TOTAL, new Answer(Clause.III_A3_1, "A3.total.total", new Amount(total))));
        var lines = ((PaymentSchedule) payment.typed()).lines();
        if (!lines.isEmpty() && lines.size() == payment.of("lines").size() && isNumbered(lines)) {
            answers.put(
                    TermKey.FEE_SCHEDULE,
                    new Answer(
                            Clause.III_A3_2,
                            "A3.lines",
                            new Schedule(lines.stream()
                                    .map(line -> new TermValue.Line(line.number(), line.amount(), line.payBefore()))
                                    .toList())));
        }
        payment.decimal("payment", "latePercent")
                .ifPresent(rate -> answers.put(
                        TermKey.LATE_RATE, new Answer(Clause.III_A3_3, "A3.payment.latePercent", new Decimal(rate))));
        payment.value("payment", "payee")
                .ifPresent(payee -> answers.put(
                        TermKey.PROVIDER_NAME, new Answer(Clause.III_A3_3, "A3.payment.payee", new Text(payee))));
        whole(answers, payment, "vouchers", "receiptWorkdays", TermKey.RECEIPT_WORKDAYS, Clause.III_A3_4);
        whole(
                answers,
                annexes.of(AnnexKind.CONFIDENTIALITY),
                "duration",
                "years",
                TermKey.CONFIDENTIAL_YEARS,
                Clause.III_A4_4);
        var information = annexes.of(AnnexKind.CUSTOMER_INFORMATION);
        whole(answers, information, "dispute", "negotiationDays", TermKey.NEGOTIATION_DAYS, Clause.III_A2_4);
        ((DataProcessingAgreement) information.typed())
                .activities().stream()
                        .mapToInt(DataProcessingAgreement.Activity::keepDays)
                        .max()
                        .ifPresent(days -> answers.put(
                                TermKey.DATA_RETENTION,
                                new Answer(Clause.III_A2_1, "A2.processing.keepDays", new Whole(days))));
        var third = annexes.of(AnnexKind.THIRD_PARTY);
        whole(answers, third, "exit", "noticeDays", TermKey.EXIT_NOTICE, Clause.III_A5_4);
        whole(answers, third, "exit", "handoverDays", TermKey.EXIT_HANDOVER, Clause.III_A5_4);
        whole(answers, third, "exit", "dataReturnDays", TermKey.DATA_RETURN, Clause.III_A5_4);
        var levels = annexes.of(AnnexKind.SERVICE_PLAN).of("levels");
        if (!levels.isEmpty()) {
            var set = levels.equals(ProposedAnnexes.serviceLevels())
                    ? TermKey.ServiceLevels.PROPOSED_SET
                    : TermKey.ServiceLevels.OWN_SET;
            answers.put(TermKey.SERVICE_LEVELS, new Answer(Clause.III_A1_4, "A1.levels", new TermValue.Choice(set)));
        }
        return answers;
    }

    private static void whole(
            Map<TermKey, Answer> answers, AnnexSheet sheet, String part, String column, TermKey key, Clause clause) {
        sheet.whole(part, column)
                .ifPresent(number -> answers.put(
                        key,
                        new Answer(
                                clause, "A" + sheet.kind().number() + "." + part + "." + column, new Whole(number))));
    }

    private static boolean isNumbered(List<PaymentSchedule.Line> lines) {
        for (int i = 0; i < lines.size(); i++) {
            if (lines.get(i).number() != i + 1) {
                return false;
            }
        }
        return true;
    }

    // Settling

    /** Which side holds where text and annex differ, or null while the order of precedence is not agreed. */
    private static @Nullable Precedence agreed(DraftTerms terms) {
        return terms.get(TermKey.PRECEDENCE).confirmedByBoth()
                ? terms.choice(TermKey.PRECEDENCE, Precedence.class)
                : null;
    }

    /** The terms with every clash settled that the agreed order of precedence settles for the annex. */
    static DraftTerms settled(DraftTerms terms, Annexes annexes) {
        if (agreed(terms) != Precedence.LATER_SUPPLEMENT_ANNEX_PART_II_PART_I_EXAMPLES) {
            return terms;
        }
        var settled = terms;
        var all = new AnnexAnswers(terms, annexes);
        for (var answer : all.answers.entrySet()) {
            var key = answer.getKey();
            if (key != TermKey.PROVIDER_NAME && !isLater(terms, key) && all.differs(key, answer.getValue())) {
                settled = settled.with(held(settled, key, answer.getValue().value()));
                if (key == TermKey.FEE_TOTAL && answer.getValue().value() instanceof Amount(var total)) {
                    settled = settled.with(held(settled, TermKey.FEE_WORDS, new Text(RmbWords.of(total))));
                }
                if (key == TermKey.LATE_RATE) {
                    for (var repeated : List.of(TermKey.LATE_RATE_STANDARD, TermKey.LATE_RATE_EXAMPLE)) {
                        settled = settled.with(
                                held(settled, repeated, answer.getValue().value()));
                    }
                }
            }
        }
        var lines = annexes.of(AnnexKind.PAYMENT).of("lines").size();
        if (all.answers.containsKey(TermKey.FEE_SCHEDULE)
                && !isLater(terms, TermKey.FEE_INSTALMENTS)
                && settled.whole(TermKey.FEE_INSTALMENTS)
                        .filter(count -> count != lines)
                        .isPresent()) {
            settled = settled.with(held(settled, TermKey.FEE_INSTALMENTS, new Whole(lines)));
        }
        return settled;
    }

    /** An amendment that names the value is younger than the annex and holds over it (G-03); it says so itself. */
    private static boolean isLater(DraftTerms terms, TermKey key) {
        return terms.get(key).source() == TermSource.AMENDMENT;
    }

    private static TermEntry held(DraftTerms terms, TermKey key, TermValue value) {
        return TermEntry.known(key, value, TermSource.ANNEX, terms.get(key).passage());
    }

    private boolean differs(TermKey key, Answer answer) {
        var entry = terms.get(key);
        var value = entry.value();
        boolean said = value != null
                && entry.source() != TermSource.ANNEX
                && (entry.source() != TermSource.PLATFORM_DEFAULT
                        || !entry.confirmedBy().isEmpty());
        return said && !Objects.equals(value, answer.value());
    }

    // Problems

    /** Missing sub-rows, unread lines, and clashes. */
    static List<Problem> problems(DraftTerms terms, Annexes annexes) {
        return new AnnexAnswers(terms, annexes).all();
    }

    private List<Problem> all() {
        var problems = new ArrayList<Problem>();
        missing(problems);
        for (var answer : answers.entrySet()) {
            var key = answer.getKey();
            if (differs(key, answer.getValue())) {
                var value = Objects.requireNonNull(terms.get(key).value());
                if (isLater(terms, key)) {
                    problems.add(later(key, value, answer.getValue()));
                    continue;
                }
                clash(
                        problems,
                        true,
                        key.title(),
                        new Value(key.clause(), key.id(), value.canonical()),
                        new Value(
                                answer.getValue().clause(),
                                answer.getValue().place(),
                                answer.getValue().value().canonical()));
            }
        }
        var lines = annexes.of(AnnexKind.PAYMENT).of("lines").size();
        if (answers.containsKey(TermKey.FEE_SCHEDULE) && isAnnexFirst() && !isLater(terms, TermKey.FEE_INSTALMENTS)) {
            terms.whole(TermKey.FEE_INSTALMENTS)
                    .filter(count -> count != lines)
                    .ifPresent(count -> clash(
                            problems,
                            true,
                            TermKey.FEE_INSTALMENTS.title(),
                            new Value(Clause.I_3_1C, TermKey.FEE_INSTALMENTS.id(), count.toString()),
                            new Value(Clause.III_A3_2, "A3.lines", Integer.toString(lines))));
        }
        services(problems);
        milestones(problems);
        leaks(problems);
        route(problems);
        sum(problems);
        return problems;
    }

    private static Problem later(TermKey key, TermValue value, Answer answer) {
        return new Problem(
                Kind.NOTE,
                "annex-amended",
                answer.clause(),
                List.of(
                        new Value(key.clause(), key.id(), value.canonical()),
                        new Value(
                                answer.clause(), answer.place(), answer.value().canonical())),
                Sentence.of(
                        "contract.problem.annex-amended",
                        key.title(),
                        Shown.inWords(value),
                        answer.clause(),
                        Shown.inWords(answer.value())),
                Sentence.of("contract.remedy.annex-amended"));
    }

    private boolean isAnnexFirst() {
        return agreed(terms) == Precedence.LATER_SUPPLEMENT_ANNEX_PART_II_PART_I_EXAMPLES;
    }

    private void missing(List<Problem> problems) {
        for (var kind : AnnexKind.values()) {
            if (!kind.isDueAtSigning() && !annexes.has(kind)) {
                problems.add(new Problem(
                        Kind.NOTE,
                        "annex-5-later",
                        kind.clause(),
                        List.of(),
                        Sentence.of("contract.problem.annex-5-later", kind.title()),
                        Sentence.of("contract.remedy.annex-5-later")));
                continue;
            }
            for (var check : annexes.checks(kind)) {
                if (check.isComplete()) {
                    continue;
                }
                var value = List.of(new Value(
                        check.clause(),
                        "A" + kind.number() + "." + check.first().part(),
                        ""));
                var gap = check.first();
                if (check.blocks()) {
                    var code = check.acceptedBy().isEmpty() ? "annex-row-missing" : "annex-row-half-accepted";
                    problems.add(new Problem(
                            Kind.BLANK,
                            code,
                            check.clause(),
                            value,
                            Sentence.of(
                                    "contract.problem." + code,
                                    check.clause().title(),
                                    gap.what(),
                                    List.copyOf(check.acceptedBy())),
                            Sentence.of("contract.remedy." + code, gap.remedy())));
                } else {
                    var code = check.isAccepted() ? "annex-risk-accepted" : "annex-row-later";
                    problems.add(new Problem(
                            Kind.NOTE,
                            code,
                            check.clause(),
                            value,
                            Sentence.of(
                                    "contract.problem." + code, check.clause().title(), gap.what()),
                            Sentence.of("contract.remedy." + code, gap.remedy())));
                }
            }
            for (var line : annexes.of(kind).unread()) {
                problems.add(new Problem(
                        Kind.BLANK,
                        "annex-unread",
                        kind.clause(),
                        List.of(new Value(kind.clause(), "A" + kind.number(), line)),
                        Sentence.of("contract.problem.annex-unread", kind.title(), line),
                        Sentence.of("contract.remedy.annex-unread")));
            }
        }
    }

    /** The text lists all seven services; annex 1 may leave some out, and then nothing may be promised about them. */
    private void services(List<Problem> problems) {
        var plan = (ServicePlan) annexes.of(AnnexKind.SERVICE_PLAN).typed();
        for (var scope : plan.services()) {
            if (scope.inScope()) {
                continue;
            }
            var service = scope.service();
            var out = new Value(Clause.III_A1_2, "A1.services." + service.number(), "false");
            clash(
                    problems,
                    true,
                    Sentence.of("contract.annex.question.scope", service),
                    new Value(service.clause(), "", "true"),
                    out);
            plan.levels().stream()
                    .filter(level -> level.service() == service)
                    .forEach(level -> clash(
                            problems,
                            false,
                            Sentence.of("contract.annex.question.level", service, level.metric()),
                            out,
                            new Value(
                                    Clause.III_A1_4,
                                    "A1.levels." + level.metric().name(),
                                    level.target().toPlainString() + "%")));
            ((ThirdPartyAgreement) annexes.of(AnnexKind.THIRD_PARTY).typed())
                    .tasks().stream()
                            .filter(task -> task.service() == service)
                            .forEach(task -> clash(
                                    problems,
                                    false,
                                    Sentence.of("contract.annex.question.task", service),
                                    out,
                                    new Value(Clause.III_A5_1, "A5.tasks", task.content())));
        }
    }

    private void milestones(List<Problem> problems) {
        var start = terms.date(TermKey.TERM_START);
        var end = terms.date(TermKey.TERM_END);
        if (start.isEmpty() || end.isEmpty()) {
            return;
        }
        ((ServicePlan) annexes.of(AnnexKind.SERVICE_PLAN).typed())
                .milestones().stream()
                        .filter(milestone -> milestone.date().isBefore(start.get())
                                || milestone.date().isAfter(end.get()))
                        .forEach(milestone -> clash(
                                problems,
                                true,
                                Sentence.of("contract.annex.question.milestone", milestone.step()),
                                new Value(Clause.I_2_1, TermKey.TERM_START.id(), start.get() + "/" + end.get()),
                                new Value(
                                        Clause.III_A1_3,
                                        "A1.milestones",
                                        milestone.date().toString())));
    }

    private void leaks(List<Problem> problems) {
        var incident = annexes.of(AnnexKind.CUSTOMER_INFORMATION).whole("incident", "noticeHours");
        var secrecy = annexes.of(AnnexKind.CONFIDENTIALITY).whole("liability", "leakNoticeHours");
        if (incident.isPresent() && secrecy.isPresent() && !incident.equals(secrecy)) {
            clash(
                    problems,
                    false,
                    Sentence.of("contract.annex.question.leakHours"),
                    new Value(
                            Clause.III_A2_3,
                            "A2.incident.noticeHours",
                            incident.get().toString()),
                    new Value(
                            Clause.III_A4_3,
                            "A4.liability.leakNoticeHours",
                            secrecy.get().toString()));
        }
    }

    private void route(List<Problem> problems) {
        var dispute = ((DataProcessingAgreement)
                        annexes.of(AnnexKind.CUSTOMER_INFORMATION).typed())
                .dispute();
        if (dispute != null && dispute.route() != Route.COURT_OF_SIGNING_PLACE) {
            clash(
                    problems,
                    true,
                    Sentence.of("contract.annex.question.route"),
                    new Value(
                            Clause.I_6_1B,
                            TermKey.SIGN_PLACE.id(),
                            terms.text(TermKey.SIGN_PLACE).orElse("—")),
                    new Value(
                            Clause.III_A2_4,
                            "A2.dispute.route",
                            dispute.route().name() + (dispute.place().isEmpty() ? "" : " · " + dispute.place())));
        }
    }

    private void sum(List<Problem> problems) {
        var payment = (PaymentSchedule) annexes.of(AnnexKind.PAYMENT).typed();
        var total = payment.total();
        if (total != null && !payment.lines().isEmpty()) {
            var sum = Money.sum(
                    payment.lines().stream().map(PaymentSchedule.Line::amount).toList());
            if (!sum.equals(total)) {
                clash(
                        problems,
                        false,
                        Sentence.of("contract.annex.question.sum"),
                        new Value(Clause.III_A3_1, "A3.total.total", total.formatted()),
                        new Value(Clause.III_A3_2, "A3.lines", sum.formatted()));
            }
        }
    }

    private void clash(List<Problem> problems, boolean textAgainstAnnex, Sentence question, Value first, Value second) {
        var order = textAgainstAnnex ? agreed(terms) : null;
        var code = order == null
                ? (textAgainstAnnex ? "annex-clash" : "annexes-clash")
                : isAnnexFirst() ? "annex-clash-settled" : "annex-clash-settled-text";
        problems.add(new Problem(
                order == null ? Kind.CONTRADICTION : Kind.NOTE,
                code,
                second.clause(),
                List.of(first, second),
                Sentence.of(
                        "contract.problem." + code,
                        question,
                        first.clause(),
                        first.value(),
                        second.clause(),
                        second.value()),
                Sentence.of("contract.remedy." + code, first.clause(), second.clause())));
    }

    /**
     * A problem of the terms that is really one between text and annex 3, once the order of precedence is agreed: annex 3
     * may then ask for payment later than I-3.2a does.
     */
    static Problem underPrecedence(Problem problem, DraftTerms terms) {
        return problem.code().equals("schedule-later-than-period")
                        && agreed(terms) == Precedence.LATER_SUPPLEMENT_ANNEX_PART_II_PART_I_EXAMPLES
                ? new Problem(
                        Kind.NOTE,
                        problem.code(),
                        problem.clause(),
                        problem.values(),
                        problem.what(),
                        Sentence.of("contract.remedy.annex-clash-settled", Clause.I_3_2A, Clause.III_A3_2))
                : problem;
    }
}
