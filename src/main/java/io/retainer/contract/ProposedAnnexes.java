package io.retainer.contract;

import io.retainer.contract.AnnexSheet.Row;
import io.retainer.kernel.Money;
import io.retainer.kernel.RmbWords;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * What the platform proposes for the annexes: our own wording with the service levels of the register (facts §2.11), and
 * for annex 3 the instalments as the terms give them. A proposal only fills what is empty; it binds by being signed.
 */
final class ProposedAnnexes {

    private static final Map<AnnexKind, AnnexSheet> WRITTEN =
            AnnexText.divide(resource()).annexes();

    private ProposedAnnexes() {}

    static List<Row> serviceLevels() {
        return Objects.requireNonNull(WRITTEN.get(AnnexKind.SERVICE_PLAN)).of("levels");
    }

    /** @param terms as they stand; what they do not know stays empty */
    static AnnexSheet of(AnnexKind kind, DraftTerms terms) {
        var sheet = Objects.requireNonNull(WRITTEN.get(kind));
        return switch (kind) {
            case SERVICE_PLAN -> dated(sheet, terms);
            case CUSTOMER_INFORMATION ->
                sheet.with("dispute", "negotiationDays", number(terms, TermKey.NEGOTIATION_DAYS))
                        .with(
                                "processing",
                                sheet.of("processing").stream()
                                        .map(row -> row.with("keepDays", number(terms, TermKey.DATA_RETENTION)))
                                        .toList());
            case PAYMENT -> payment(sheet, terms);
            case CONFIDENTIALITY -> sheet.with("duration", "years", number(terms, TermKey.CONFIDENTIAL_YEARS));
            case THIRD_PARTY ->
                sheet.with("exit", "noticeDays", number(terms, TermKey.EXIT_NOTICE))
                        .with("exit", "handoverDays", number(terms, TermKey.EXIT_HANDOVER))
                        .with("exit", "dataReturnDays", number(terms, TermKey.DATA_RETURN));
        };
    }

    /** Milestones and goals are proposed at shares of the term. */
    private static AnnexSheet dated(AnnexSheet sheet, DraftTerms terms) {
        var start = terms.date(TermKey.TERM_START);
        var end = terms.date(TermKey.TERM_END);
        if (start.isEmpty() || end.isEmpty() || end.get().isBefore(start.get())) {
            return sheet;
        }
        var last = end.get().toString();
        var goals = sheet.of("goals").stream().map(row -> row.with("by", last)).toList();
        var days = java.time.temporal.ChronoUnit.DAYS.between(start.get(), end.get());
        var milestones = new ArrayList<Row>();
        var rows = sheet.of("milestones");
        for (int i = 0; i < rows.size(); i++) {
            long after = rows.size() == 1 ? 0 : days * i / (rows.size() - 1);
            milestones.add(rows.get(i).with("date", start.get().plusDays(after).toString()));
        }
        return sheet.with("goals", goals).with("milestones", milestones);
    }

    private static AnnexSheet payment(AnnexSheet sheet, DraftTerms terms) {
        var next = sheet.with("vouchers", "receiptWorkdays", number(terms, TermKey.RECEIPT_WORKDAYS))
                .with("payment", "payee", terms.text(TermKey.PROVIDER_NAME).orElse(""));
        var total = terms.money(TermKey.FEE_TOTAL);
        if (total.isPresent()) {
            next = next.with("total", "total", total.get().yuan().toPlainString())
                    .with("total", "words", RmbWords.of(total.get()));
        }
        return next.with("lines", lines(terms));
    }

    private static List<Row> lines(DraftTerms terms) {
        var start = terms.date(TermKey.TERM_START);
        var end = terms.date(TermKey.TERM_END);
        if (start.isEmpty() || end.isEmpty() || end.get().isBefore(start.get())) {
            return List.of();
        }
        var term = new ContractTerms.Term(start.get(), end.get(), DraftTerms.monthsBetween(start.get(), end.get()));
        var rows = new ArrayList<Row>();
        var schedule = terms.schedule();
        if (schedule.isPresent()) {
            var given = schedule.get().lines();
            for (var line : given) {
                var before = line.before();
                rows.add(line(
                        line.number(),
                        line.amount(),
                        before == null ? DraftTerms.periodStart(term, given.size(), line.number()) : before));
            }
            return rows;
        }
        var total = terms.money(TermKey.FEE_TOTAL);
        var count = terms.whole(TermKey.FEE_INSTALMENTS);
        if (total.isEmpty() || count.isEmpty() || count.get() > term.months() || count.get() > AnnexSheet.MOST_ROWS) {
            return List.of();
        }
        var amounts = switch (terms.choice(TermKey.FEE_SPLIT, ContractTerms.Split.class)) {
            case RESIDUE_TO_LAST_LINES -> total.get().splitResidueToLastLines(count.get());
            case RESIDUE_TO_LAST_LINE -> total.get().splitResidueToLastLine(count.get());
        };
        for (int number = 1; number <= count.get(); number++) {
            rows.add(line(number, amounts.get(number - 1), DraftTerms.periodStart(term, count.get(), number)));
        }
        return rows;
    }

    private static Row line(int number, Money amount, LocalDate before) {
        return new Row(Map.of(
                "number", Integer.toString(number),
                "amount", amount.yuan().toPlainString(),
                "payBefore", before.toString()));
    }

    private static String number(DraftTerms terms, TermKey key) {
        return terms.whole(key).map(String::valueOf).orElse("");
    }

    private static String resource() {
        try (var in = ProposedAnnexes.class.getResourceAsStream("/annexes/proposed.zh-CN.txt")) {
            return new String(Objects.requireNonNull(in).readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }
}
