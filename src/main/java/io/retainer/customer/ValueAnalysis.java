package io.retainer.customer;

import com.github.kagkarlsson.scheduler.SchedulerClient;
import io.retainer.identity.Access;
import io.retainer.identity.Capability;
import io.retainer.kernel.Ids;
import io.retainer.kernel.Refused;
import io.retainer.kernel.Tenancy;
import io.retainer.statistics.Measurement;
import io.retainer.statistics.value.Change;
import io.retainer.statistics.value.Migration;
import java.time.Clock;
import java.time.Instant;
import java.time.LocalDate;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.stereotype.Service;
import tools.jackson.databind.json.JsonMapper;

/**
 * What the customers of a client are worth, from their orders: worked out in the background and kept, with the data it
 * stands on. Each result says how sure it is, or why it cannot be measured.
 */
@Service
public class ValueAnalysis {

    /** What the data are; a message key, said in the reader's language. */
    static final String DATA = "customer.value.source";

    private final AnalysisRows rows;
    private final Orders orders;
    private final ValueWorker worker;
    private final Tenancy tenancy;
    private final Clock clock;
    private final JsonMapper json;
    private final ObjectProvider<SchedulerClient> scheduler;

    ValueAnalysis(
            AnalysisRows rows,
            Orders orders,
            ValueWorker worker,
            Tenancy tenancy,
            Clock clock,
            JsonMapper json,
            ObjectProvider<SchedulerClient> scheduler) {
        this.rows = rows;
        this.orders = orders;
        this.worker = worker;
        this.tenancy = tenancy;
        this.clock = clock;
        this.json = json;
        this.scheduler = scheduler;
    }

    /**
     * Where things stand.
     *
     * @param report the newest there is, or null
     * @param computedAt when its data were read, or null
     * @param current whether the data are still those it stands on
     * @param running how far the one under way is in percent, or null
     * @param failed whether the last one broke off
     */
    public record Overview(
            @Nullable ValueReport report,
            @Nullable Instant computedAt,
            boolean current,
            @Nullable Integer running,
            boolean failed) {}

    public Overview overview(Access access) {
        access.require(Capability.READ_CUSTOMERS);
        var tenant = access.tenant();
        return tenancy.read(tenant, () -> {
            var last = rows.newest(tenant, AnalysisRun.Kind.VALUE, false);
            var done = rows.newest(tenant, AnalysisRun.Kind.VALUE, true);
            return new Overview(
                    done.map(run -> json.readValue(run.report(), ValueReport.class))
                            .orElse(null),
                    done.map(AnalysisRun::startedAt).orElse(null),
                    done.map(run -> run.dataState().equals(rows.dataState(tenant, AnalysisRun.Kind.VALUE)))
                            .orElse(false),
                    last.filter(AnalysisRun::running).map(AnalysisRun::percent).orElse(null),
                    last.filter(run -> run.state() == AnalysisRun.State.FAILED).isPresent());
        });
    }

    /**
     * Works it out anew in the background.
     *
     * @throws Refused while that is under way
     */
    public UUID start(Access access) {
        var id = begin(access);
        scheduler.ifAvailable(client -> client.scheduleIfNotExists(ValueWorker.TASK
                .instance(id.toString())
                .data(new ValueWorker.Job(access.tenant(), id))
                .scheduledTo(clock.instant())));
        return id;
    }

    /** As {@link #start}, but comes back when it is done; for few orders. */
    public Overview compute(Access access) {
        worker.run(access.tenant(), begin(access));
        return overview(access);
    }

    private UUID begin(Access access) {
        access.require(Capability.READ_CUSTOMERS);
        var tenant = access.tenant();
        var now = clock.instant().truncatedTo(ChronoUnit.MICROS);
        var id = Ids.at(now.toEpochMilli());
        return tenancy.write(tenant, () -> {
            var run = new AnalysisRun(
                    id,
                    AnalysisRun.Kind.VALUE,
                    "{}",
                    AnalysisRun.State.RUNNING,
                    0,
                    rows.dataState(tenant, AnalysisRun.Kind.VALUE),
                    null,
                    access.person(),
                    now,
                    null);
            if (!rows.start(tenant, access.contract(), run)) {
                throw Refused.because("customer.analysis.running");
            }
            return id;
        });
    }

    /** What was found of each customer, some at a time, by id. */
    List<AnalysisRows.Score> scores(Access access, @Nullable UUID after, int most) {
        access.require(Capability.READ_CUSTOMERS);
        return tenancy.read(
                access.tenant(), () -> rows.scores(access.tenant(), after == null ? new UUID(0, 0) : after, most));
    }

    /** Those expected to bring most, the first first. */
    List<AnalysisRows.Score> best(Access access, int most) {
        access.require(Capability.READ_CUSTOMERS);
        return tenancy.read(access.tenant(), () -> rows.best(access.tenant(), most));
    }

    /** Empty for who never ordered, or when nothing was worked out since. */
    Optional<AnalysisRows.Score> of(Access access, UUID customer) {
        access.require(Capability.READ_CUSTOMERS);
        return tenancy.read(access.tenant(), () -> rows.score(access.tenant(), customer));
    }

    /** What changed between two dates: who came, stayed and went, and how customers rose and fell. */
    public record Between(
            LocalDate earlier, LocalDate later, int days, Found<Change> change, Found<Migration> migration) {}

    /**
     * @param days before each date that are compared
     * @throws Refused when the dates are not in order
     */
    public Between between(Access access, LocalDate earlier, LocalDate later, int days) {
        access.require(Capability.READ_CUSTOMERS);
        if (!later.isAfter(earlier)) {
            throw Refused.field("later", "customer.change.order");
        }
        if (days < 1 || days > 3660) {
            throw Refused.field("days", "customer.rule.bad.days", 1, 3660);
        }
        var purchases = orders.purchases(access.tenant());
        Measurement<Change> change = Change.between(purchases, earlier, later, days, DATA);
        return new Between(
                earlier, later, days, Found.of(change), Found.of(Migration.between(purchases, earlier, later, DATA)));
    }
}
