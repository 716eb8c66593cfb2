package io.retainer.customer;

import static io.retainer.identity.Capability.READ_CUSTOMERS;

import com.github.kagkarlsson.scheduler.SchedulerClient;
import com.github.kagkarlsson.scheduler.task.TaskDescriptor;
import com.github.kagkarlsson.scheduler.task.helper.OneTimeTask;
import com.github.kagkarlsson.scheduler.task.helper.Tasks;
import io.retainer.identity.Access;
import io.retainer.identity.Capability;
import io.retainer.kernel.Tenancy;
import java.io.Serializable;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.stereotype.Service;

/**
 * How good a client's customer data is, as figures: completeness, validity, uniqueness and freshness of each field, for all
 * customers, each source and each import, with what it was before and what there is to do (clause III-A2). Counted on blind
 * indexes; nothing is opened.
 */
@Service
public class Quality {

    static final TaskDescriptor<Job> TASK = TaskDescriptor.of("customer-quality", Job.class);

    private static final int FRESH_DAYS = 365;
    static final int STALE_DAYS = 730;
    private static final int MEASUREMENTS = 12;
    private static final Set<String> SHARED_BY_NATURE = Set.of("ADDRESS", "REGION");

    private final QualityRows rows;
    private final Customers customers;
    private final RegionFilling regions;
    private final Tenancy tenancy;
    private final Clock clock;
    private final ObjectProvider<SchedulerClient> scheduler;

    Quality(
            QualityRows rows,
            Customers customers,
            RegionFilling regions,
            Tenancy tenancy,
            Clock clock,
            ObjectProvider<SchedulerClient> scheduler) {
        this.rows = rows;
        this.customers = customers;
        this.regions = regions;
        this.tenancy = tenancy;
        this.clock = clock;
        this.scheduler = scheduler;
    }

    /** Whose customers; nothing else, because the schedule is a table anybody with the database can read. */
    record Job(UUID tenant) implements Serializable {}

    /** What the figures are of. */
    public enum Scope {
        ALL,
        SOURCE,
        BATCH,
        /** Not figures but how many customers there are to be worked on. */
        WORK
    }

    /** What can be done about it. */
    public enum Work {
        UNREACHABLE,
        NO_PHONE,
        STALE,
        SHARED
    }

    /**
     * A field in numbers.
     *
     * @param of the source, or the id of the import; null for all customers
     * @param field a {@link ContactKind}, {@code REFERENCE}, or {@code FIELD:key}
     * @param customers how many there are
     * @param filled how many of them have it
     * @param refused values handed in that were not taken
     * @param held how many values these customers have
     * @param shared customers whose value another customer has too
     * @param fresh values recorded in the last 365 days
     */
    public record Figure(
            Scope scope,
            @Nullable String of,
            String field,
            long customers,
            long filled,
            long refused,
            long held,
            long shared,
            long fresh) {

        /** In per cent with one decimal, or null when there is nothing to be measured. */
        public @Nullable Double complete() {
            return percent(filled, customers);
        }

        public @Nullable Double valid() {
            return percent(held, held + refused);
        }

        public @Nullable Double unique() {
            return percent(filled - shared, filled);
        }

        public @Nullable Double recent() {
            return percent(fresh, held);
        }

        private static @Nullable Double percent(long part, long whole) {
            return whole == 0 ? null : Math.round(part * 1000.0 / whole) / 10.0;
        }
    }

    /** The figures of one source, one import, or all. */
    public record Group(Scope scope, @Nullable String of, long customers, List<Figure> fields) {

        /** Of an import, when it was handed in: that is what people know it by. */
        public @Nullable Instant since() {
            // The time is in front of the id.
            return scope == Scope.BATCH && of != null
                    ? Instant.ofEpochMilli(UUID.fromString(of).getMostSignificantBits() >>> 16)
                    : null;
        }
    }

    /** What a figure says of a field. */
    public enum Measure {
        COMPLETE,
        VALID,
        UNIQUE,
        FRESH;

        /** In per cent, or null when there is nothing to be measured. */
        public @Nullable Double of(@Nullable Figure figure) {
            if (figure == null) {
                return null;
            }
            return switch (this) {
                case COMPLETE -> figure.complete();
                case VALID -> figure.valid();
                // Several may live at one address and have one level.
                case UNIQUE ->
                    figure.field().startsWith("FIELD:") || SHARED_BY_NATURE.contains(figure.field())
                            ? null
                            : figure.unique();
                case FRESH -> figure.recent();
            };
        }
    }

    /**
     * @param counts how many customers there were for each work when it was measured
     * @param placing how many customers were looked at so far, while addresses from before get their regions; else null
     */
    public record Report(
            @Nullable Instant measuredAt,
            List<Group> groups,
            Map<Work, Long> counts,
            List<Trend> trend,
            Map<String, String> labels,
            @Nullable Long placing) {}

    /** All customers at one time, by field. */
    public record Trend(Instant at, Map<String, Figure> figures) {}

    /** The newest measurement, and those before it. */
    public Report report(Access access) {
        access.require(READ_CUSTOMERS);
        var tenant = access.tenant();
        var labels = new HashMap<String, String>();
        customers.fields(access).forEach(field -> labels.put("FIELD:" + field.key(), field.label()));
        return tenancy.read(tenant, () -> {
            var times = rows.times(tenant, MEASUREMENTS);
            var placing = regions.progress(tenant)
                    .filter(progress -> !progress.ended())
                    .map(RegionFilling.Progress::seen)
                    .orElse(null);
            if (times.isEmpty()) {
                return new Report(null, List.of(), Map.of(), List.of(), labels, placing);
            }
            var groups = new LinkedHashMap<String, List<Figure>>();
            var counts = new HashMap<Work, Long>();
            for (var figure : rows.at(tenant, times.getFirst())) {
                if (figure.scope() == Scope.WORK) {
                    counts.put(Work.valueOf(figure.field()), figure.filled());
                } else {
                    groups.computeIfAbsent(figure.scope() + "|" + figure.of(), _ -> new ArrayList<>())
                            .add(figure);
                }
            }
            var shown = groups.values().stream()
                    .map(each -> new Group(
                            each.getFirst().scope(),
                            each.getFirst().of(),
                            each.getFirst().customers(),
                            each))
                    .toList();
            var trend = times.stream()
                    .map(at -> new Trend(at, byField(rows.all(tenant, at))))
                    .toList();
            return new Report(times.getFirst(), shown, counts, trend, labels, placing);
        });
    }

    private static Map<String, Figure> byField(List<Figure> figures) {
        var byField = new LinkedHashMap<String, Figure>();
        figures.forEach(each -> byField.put(each.field(), each));
        return byField;
    }

    /** Measures in the background. */
    public void start(Access access) {
        access.require(Capability.EDIT_CUSTOMERS);
        var job = new Job(access.tenant());
        scheduler.ifAvailable(client -> client.scheduleIfNotExists(
                TASK.instance(access.tenant().toString()).data(job).scheduledTo(clock.instant())));
    }

    /** Measures now. */
    public void measure(Access access) {
        access.require(Capability.EDIT_CUSTOMERS);
        measure(access.tenant());
    }

    void measure(UUID tenant) {
        var now = clock.instant().truncatedTo(ChronoUnit.MILLIS);
        tenancy.write(
                tenant,
                () -> rows.measure(
                        tenant, now, now.minus(FRESH_DAYS, ChronoUnit.DAYS), now.minus(STALE_DAYS, ChronoUnit.DAYS)));
    }

    /** The customers there is something to be done about, as they are now; the newest first. */
    public CustomerPage work(Access access, Work work, @Nullable UUID before, int most) {
        access.require(READ_CUSTOMERS);
        var stale = clock.instant().minus(STALE_DAYS, ChronoUnit.DAYS);
        return customers.page(
                access,
                tenant -> rows.work(tenant, work, stale, before == null ? CustomerRows.LAST : before, most + 1),
                most);
    }

    @Configuration(proxyBeanMethods = false)
    static class InTheBackground {

        @Bean
        OneTimeTask<Job> qualityTask(Quality quality) {
            return Tasks.oneTime(TASK)
                    .execute((instance, _) -> quality.measure(instance.getData().tenant()));
        }
    }
}
