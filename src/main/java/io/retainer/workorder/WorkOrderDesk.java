package io.retainer.workorder;

import io.retainer.duty.AssessedDuty;
import io.retainer.identity.Access;
import io.retainer.identity.Capability;
import io.retainer.identity.People;
import io.retainer.kernel.Refused;
import io.retainer.kernel.Tenancy;
import io.retainer.workorder.WorkOrderRows.Entry;
import io.retainer.workorder.WorkOrderRows.Filter;
import io.retainer.workorder.WorkOrderRows.Row;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Service;

/** The pages about work orders. */
@Service
class WorkOrderDesk {

    private static final int LONGEST_SEARCH = 100;

    private final WorkOrderRows rows;
    private final Attachments attachments;
    private final WorkOrderDuties duties;
    private final ContractWork work;
    private final People people;
    private final Tenancy tenancy;
    private final Clock clock;

    WorkOrderDesk(
            WorkOrderRows rows,
            Attachments attachments,
            WorkOrderDuties duties,
            ContractWork work,
            People people,
            Tenancy tenancy,
            Clock clock) {
        this.rows = rows;
        this.attachments = attachments;
        this.duties = duties;
        this.work = work;
        this.people = people;
        this.tenancy = tenancy;
        this.clock = clock;
    }

    /** Orders, the latest first, and how many there are in each state. */
    record Page(List<Row> orders, @Nullable Integer next, Map<WorkOrderState, Long> counts) {}

    Page page(Access access, Filter filter, @Nullable Integer before, int most) {
        access.require(Capability.READ_CONTRACT);
        if (filter.q().length() > LONGEST_SEARCH) {
            throw Refused.field("q", "workorder.refused.search", LONGEST_SEARCH);
        }
        var tenant = access.tenant();
        return tenancy.read(tenant, () -> {
            var found = rows.page(tenant, access.contract(), filter, before, most + 1);
            boolean more = found.size() > most;
            var page = more ? found.subList(0, most) : found;
            return new Page(
                    List.copyOf(page),
                    more ? page.getLast().order().number() : null,
                    rows.counts(tenant, access.contract()).stream()
                            .collect(Collectors.toMap(WorkOrderRows.Count::state, WorkOrderRows.Count::orders)));
        });
    }

    /**
     * Everything about one order.
     *
     * @param duties that stand open, the most urgent first
     * @param freeMinutes that the fee still covers in this service period
     * @param rules of time and silence, as they hold for this order
     * @param names of whoever acted
     */
    record Whole(
            Row row,
            List<Entry> entries,
            List<WorkOrderRows.Line> lines,
            List<Attachments.Attachment> files,
            List<AssessedDuty> duties,
            int freeMinutes,
            List<WorkOrder.Rule> rules,
            Map<UUID, String> names) {}

    /** @throws Unknown when the contract has no such order */
    Whole whole(Access access, UUID id) {
        access.require(Capability.READ_CONTRACT);
        var tenant = access.tenant();
        var now = now();
        var whole = tenancy.read(tenant, () -> {
            var row = rows.get(tenant, access.contract(), id);
            var entries = rows.entries(tenant, id);
            var terms = work.terms(tenant, access.contract(), now);
            return new Whole(
                    row,
                    entries,
                    rows.lines(tenant, id),
                    attachments.of(tenant, id),
                    duties.open(row.order(), entries, now),
                    terms.freeMinutesLeft(),
                    row.order().rules(terms.silenceAccepts()),
                    Map.of());
        });
        var actors = whole.entries().stream()
                .map(Entry::actor)
                .filter(Objects::nonNull)
                .collect(Collectors.toSet());
        return new Whole(
                whole.row(),
                whole.entries(),
                whole.lines(),
                whole.files(),
                whole.duties(),
                whole.freeMinutes(),
                whole.rules(),
                people.names(actors));
    }

    /** A deliverable may hold customers' data, so it is handed to those who may see some. */
    Attachments.Download download(Access access, UUID order, UUID file) {
        access.require(Capability.READ_CUSTOMERS);
        return tenancy.read(access.tenant(), () -> {
            rows.get(access.tenant(), access.contract(), order);
            return attachments.open(access.tenant(), order, file);
        });
    }

    private Instant now() {
        return clock.instant().truncatedTo(ChronoUnit.MICROS);
    }
}
