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
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.springframework.stereotype.Component;

/** Reads events from a file, which may be sent again: known events stay as they are. */
@Component
class EventFiles {

    private static final List<Heading> HEADINGS = List.of(
            HeadedFile.CUSTOMER,
            new Heading("kind", Set.of("event", "kind", "type", "action", "activity", "事件", "事件类型", "行为", "活动"), true),
            new Heading(
                    "happenedAt",
                    Set.of("date", "day", "time", "at", "happenedat", "eventtime", "日期", "时间", "发生时间", "事件时间"),
                    true),
            new Heading("number", Set.of("number", "id", "eventid", "eventno", "编号", "事件编号", "流水号"), false));

    private final Events events;

    EventFiles(Events events) {
        this.events = events;
    }

    /**
     * Takes what is good of a file.
     *
     * @throws Refused when it is no such file at all
     */
    Loaded load(Access access, byte[] bytes) throws IOException {
        access.require(Capability.IMPORT_CUSTOMERS);
        return HeadedFile.load(bytes, HEADINGS, this::event, rows -> take(access, rows));
    }

    private Taking.Taken take(Access access, List<Row<Events.NewEvent>> rows) {
        var found = events.known(
                access, rows.stream().map(row -> row.value().customer()).collect(Collectors.toSet()));
        var fit = rows.stream()
                .filter(row -> found.contains(row.value().customer()))
                .map(Row::value)
                .toList();
        var added = events.add(access, fit);
        return new Taking.Taken(
                added.added(),
                added.known(),
                rows.stream()
                        .filter(row -> !found.contains(row.value().customer()))
                        .map(Row::number)
                        .toList());
    }

    private Events.NewEvent event(Cells cells) {
        var customer = cells.of("customer");
        var kind = cells.of("kind");
        var number = cells.of("number");
        if (customer.isEmpty() || !Events.fits(kind) || number.length() > 100) {
            throw Refused.because("customer.events.missing");
        }
        var at = cells.moment("happenedAt");
        if (at.isAfter(events.now())) {
            throw Refused.because("customer.orders.ahead");
        }
        return new Events.NewEvent(customer, number.isEmpty() ? null : number, kind, at);
    }
}
