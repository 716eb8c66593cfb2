package io.retainer.contract;

import io.retainer.contract.AnnexKind.Part;
import io.retainer.contract.AnnexSheet.Row;
import io.retainer.kernel.Clause;
import io.retainer.kernel.RmbWords;
import io.retainer.kernel.Sentence;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What an annex does not answer yet, or answers so that it cannot be read (clauses.md §1.5).
 *
 * @param clause the sub-row of the register, such as {@code III-A1.4}
 * @param row in the part, from 0; -1 when the part as a whole is meant
 * @param column null when the row or the part as a whole is meant
 */
public record AnnexGap(
        Clause clause, String part, int row, @Nullable String column, Sentence what, Sentence remedy) {

    /** Everything missing in the sheet, in the order of its parts. */
    public static List<AnnexGap> of(AnnexSheet sheet) {
        var gaps = new ArrayList<AnnexGap>();
        for (var part : sheet.kind().parts()) {
            var rows = sheet.of(part.id());
            if (rows.isEmpty() && !part.isOptional()) {
                gaps.add(gap(part, -1, null, "empty", part.title()));
            }
            for (int i = 0; i < rows.size(); i++) {
                cells(part, i, rows.get(i), gaps);
            }
        }
        switch (sheet.kind()) {
            case SERVICE_PLAN -> plan(sheet, gaps);
            case PAYMENT -> payment(sheet, gaps);
            case CUSTOMER_INFORMATION -> dispute(sheet, gaps);
            case CONFIDENTIALITY, THIRD_PARTY -> {
                // What their parts ask for is all there is to ask.
            }
        }
        for (int i = 0; i < sheet.unread().size(); i++) {
            gaps.add(new AnnexGap(
                    sheet.kind().clause(),
                    "",
                    i,
                    null,
                    Sentence.of("contract.annex.gap.unreadLine", sheet.unread().get(i)),
                    Sentence.of("contract.annex.remedy.unreadLine")));
        }
        return List.copyOf(gaps);
    }

    private static void cells(Part part, int at, Row row, List<AnnexGap> gaps) {
        for (var column : part.columns()) {
            var value = row.cell(column.id());
            if (value.isEmpty()) {
                if (column.required()) {
                    gaps.add(
                            part.isList()
                                    ? gap(part, at, column.id(), "blank", part.title(column), at + 1)
                                    : gap(part, at, column.id(), "blankField", part.title(column)));
                }
            } else if (!value.equals(MoneyMask.HIDDEN) && !AnnexSheet.isReadable(column, value)) {
                // What is hidden from the reader could be read by whoever wrote it.
                gaps.add(gap(part, at, column.id(), "unread", part.title(column), value));
            }
        }
    }

    private static void plan(AnnexSheet sheet, List<AnnexGap> gaps) {
        var plan = (ServicePlan) sheet.typed();
        var services = sheet.kind().part("services");
        var rows = sheet.of("services");
        if (!rows.isEmpty()) {
            var open = EnumSet.allOf(ContractedService.class);
            plan.services().forEach(scope -> open.remove(scope.service()));
            if (!open.isEmpty()) {
                gaps.add(gap(services, -1, null, "services", List.copyOf(open)));
            } else if (plan.inScope().isEmpty()) {
                gaps.add(gap(services, -1, null, "noService"));
            }
        }
        for (int i = 0; i < rows.size(); i++) {
            if (rows.get(i).cell("inScope").equals("true")
                    && rows.get(i).cell("content").isEmpty()) {
                gaps.add(gap(services, i, "content", "blank", services.title(services.column("content")), i + 1));
            }
        }
        var levels = sheet.kind().part("levels");
        for (int i = 0; i < sheet.of("levels").size(); i++) {
            var row = sheet.of("levels").get(i);
            if (AnnexTerms.isWhole(levels, row)) {
                var metric = ServicePlan.Metric.valueOf(row.cell("metric"));
                int sign = new BigDecimal(row.cell("floor")).compareTo(new BigDecimal(row.cell("target")));
                if (metric.higherIsBetter() ? sign > 0 : sign < 0) {
                    gaps.add(gap(levels, i, "floor", "floor", metric, row.cell("target"), row.cell("floor")));
                }
            }
        }
        var weights = plan.levels().stream()
                .map(ServicePlan.ServiceLevel::weightPercent)
                .reduce(BigDecimal.ZERO, BigDecimal::add);
        if (!plan.levels().isEmpty() && weights.compareTo(BigDecimal.valueOf(100)) != 0) {
            gaps.add(gap(levels, -1, "weight", "weights", weights.toPlainString()));
        }
        gaps.addAll(shifts(sheet));
    }

    /** Shifts stand in the order of the day, and none begins before the one above it ends. */
    static List<AnnexGap> shifts(AnnexSheet sheet) {
        var gaps = new ArrayList<AnnexGap>();
        var hours = sheet.kind().part("hours");
        var last = "00:00";
        for (int i = 0; i < sheet.of("hours").size(); i++) {
            var row = sheet.of("hours").get(i);
            if (AnnexTerms.isWhole(hours, row)) {
                var from = row.cell("from");
                var to = row.cell("to");
                // Written HH:mm, so that their order is that of the clock.
                if (to.compareTo(from) <= 0) {
                    gaps.add(gap(hours, i, "to", "shift", from, to));
                } else if (from.compareTo(last) < 0) {
                    gaps.add(gap(hours, i, "from", "shifts", from, last));
                }
                last = to;
            }
        }
        return gaps;
    }

    private static void payment(AnnexSheet sheet, List<AnnexGap> gaps) {
        var lines = sheet.kind().part("lines");
        var rows = sheet.of("lines");
        for (int i = 0; i < rows.size(); i++) {
            var number = rows.get(i).cell("number");
            if (!number.isEmpty() && !number.equals(Integer.toString(i + 1))) {
                gaps.add(gap(lines, i, "number", "number", number, i + 1));
            }
        }
        var total = sheet.money("total", "total");
        var words = sheet.value("total", "words");
        if (total.isPresent() && words.isPresent()) {
            var said = RmbWords.parse(words.get().replaceFirst("^人民币", ""));
            if (!said.equals(total.get())) {
                gaps.add(gap(
                        sheet.kind().part("total"),
                        0,
                        "words",
                        "words",
                        words.get(),
                        said,
                        total.get(),
                        RmbWords.of(total.get())));
            }
        }
    }

    private static void dispute(AnnexSheet sheet, List<AnnexGap> gaps) {
        var dispute = ((DataProcessingAgreement) sheet.typed()).dispute();
        if (dispute != null
                && dispute.route() == DataProcessingAgreement.Route.ARBITRATION
                && dispute.place().isEmpty()) {
            gaps.add(gap(sheet.kind().part("dispute"), 0, "place", "arbitration"));
        }
    }

    private static AnnexGap gap(Part part, int row, @Nullable String column, String code, Object... arguments) {
        return new AnnexGap(
                part.clause(),
                part.id(),
                row,
                column,
                Sentence.of("contract.annex.gap." + code, arguments),
                Sentence.of("contract.annex.remedy." + code, arguments));
    }

    /** The sub-rows of the register that are not answered. */
    static List<Clause> rows(List<AnnexGap> gaps) {
        return gaps.stream().map(AnnexGap::clause).distinct().collect(Collectors.toList());
    }
}
