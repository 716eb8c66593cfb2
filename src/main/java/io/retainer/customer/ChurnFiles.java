package io.retainer.customer;

import io.retainer.customer.HeadedFile.Cells;
import io.retainer.customer.HeadedFile.Heading;
import io.retainer.customer.HeadedFile.Loaded;
import io.retainer.customer.HeadedFile.Row;
import io.retainer.customer.HeadedFile.Taking;
import io.retainer.identity.Access;
import io.retainer.identity.Capability;
import io.retainer.kernel.Refused;
import java.io.IOException;
import java.time.LocalDate;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;
import org.springframework.stereotype.Component;

/**
 * Reads who left: a column that says whether, or one with the day, or both. Where there is only the day, whoever has none
 * stayed.
 */
@Component
class ChurnFiles {

    private static final Set<String> YES = Set.of(
            "yes", "y", "true", "t", "1", "churn", "churned", "left", "lost", "exited", "attrited", "是", "流失", "已流失");
    private static final Set<String> NO = Set.of(
            "no", "n", "false", "f", "0", "active", "stayed", "retained", "kept", "否", "未流失", "在", "在网", "留存", "正常");

    private static final List<Heading> HEADINGS = List.of(
            HeadedFile.CUSTOMER,
            new Heading(
                    "gone",
                    Set.of("left", "gone", "churn", "churned", "label", "exited", "attrited", "流失", "是否流失", "标签", "状态"),
                    false),
            new Heading(
                    "goneOn",
                    Set.of("goneon", "lefton", "churnedon", "churndate", "leftdate", "enddate", "流失日期", "离开日期", "流失时间"),
                    false),
            new Heading("seenOn", Set.of("seenon", "asof", "observedon", "date", "观察日期", "截至日期", "日期"), false));

    private final ChurnLabels labels;

    ChurnFiles(ChurnLabels labels) {
        this.labels = labels;
    }

    /**
     * Takes what is good of a file.
     *
     * @throws Refused when it is no such file at all
     */
    Loaded load(Access access, byte[] bytes) throws IOException {
        access.require(Capability.IMPORT_CUSTOMERS);
        return HeadedFile.load(bytes, HEADINGS, ChurnFiles::check, this::label, rows -> take(access, rows));
    }

    private static void check(Set<String> columns) {
        if (!columns.contains("gone") && !columns.contains("goneOn")) {
            throw Refused.field("gone", "customer.labels.column");
        }
    }

    private Taking.Taken take(Access access, List<Row<ChurnLabels.NewLabel>> rows) {
        var found = labels.known(
                access, rows.stream().map(row -> row.value().customer()).collect(Collectors.toSet()));
        var fit = rows.stream()
                .filter(row -> found.contains(row.value().customer()))
                .map(Row::value)
                .toList();
        var added = labels.add(access, fit);
        return new Taking.Taken(
                added.added(),
                added.known(),
                rows.stream()
                        .filter(row -> !found.contains(row.value().customer()))
                        .map(Row::number)
                        .toList());
    }

    private ChurnLabels.NewLabel label(Cells cells) {
        var customer = cells.of("customer");
        if (customer.isEmpty()) {
            throw Refused.because("customer.labels.missing");
        }
        var goneOn = cells.of("goneOn").isEmpty() ? null : cells.day("goneOn");
        boolean gone = goneOn != null || said(cells);
        var today = labels.today();
        LocalDate seenOn = cells.of("seenOn").isEmpty() ? today : cells.day("seenOn");
        if (seenOn.isAfter(today) || (goneOn != null && goneOn.isAfter(today))) {
            throw Refused.because("customer.orders.ahead");
        }
        if (goneOn != null && goneOn.isAfter(seenOn)) {
            seenOn = goneOn;
        }
        return new ChurnLabels.NewLabel(customer, gone, goneOn, seenOn);
    }

    /** What the column of the label says; without the column, whoever has no day stayed. */
    private static boolean said(Cells cells) {
        if (!cells.has("gone")) {
            return false;
        }
        var word = cells.of("gone").toLowerCase(Locale.ROOT);
        if (YES.contains(word)) {
            return true;
        }
        if (NO.contains(word)) {
            return false;
        }
        throw Refused.because("customer.labels.missing");
    }
}
