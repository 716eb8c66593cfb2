package io.retainer.duty;

import com.github.kagkarlsson.scheduler.task.helper.RecurringTask;
import com.github.kagkarlsson.scheduler.task.helper.Tasks;
import com.github.kagkarlsson.scheduler.task.schedule.FixedDelay;
import io.retainer.duty.DutyEvent.Breached;
import io.retainer.duty.DutyRows.Changed;
import io.retainer.duty.DutyRows.Due;
import io.retainer.duty.DutyRows.Undated;
import io.retainer.kernel.Tenancy;
import io.retainer.kernel.WorkCalendar;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.stereotype.Component;

/**
 * Records the breaches that time has made. It asks the table, not the calendar: what was slept through is caught up with,
 * at its true due instant. Rows that someone else is changing, another node's sweep perhaps, are left to them or to the
 * next run; nothing is ever taken off the list without being settled.
 */
@Component
public class DutySweep {

    private static final Logger log = LoggerFactory.getLogger(DutySweep.class);
    private static final int PAGE = 2000;
    private static final int BATCH = 500;
    private static final UUID FIRST = new UUID(0, 0);

    private final DutyRows rows;
    private final Tenancy tenancy;
    private final ApplicationEventPublisher events;
    private final WorkCalendar calendar;
    private Set<Integer> datedWith = Set.of();

    DutySweep(DutyRows rows, Tenancy tenancy, ApplicationEventPublisher events, ObjectProvider<WorkCalendar> calendar) {
        this.rows = rows;
        this.tenancy = tenancy;
        this.events = events;
        this.calendar = calendar.getIfAvailable(WorkCalendar::chinese);
    }

    /**
     * Settles every duty whose due instant is not after {@code now}, in transactions of at most 500 duties of one tenant.
     *
     * @return how many breaches were recorded
     */
    public int run(Instant now) {
        var moment = now.truncatedTo(ChronoUnit.MICROS);
        dateAnew(moment);
        int breaches = 0;
        var last = new Due(FIRST, FIRST, Instant.EPOCH);
        while (true) {
            var page = rows.due(moment, last.dueAt(), last.id(), PAGE);
            if (page.isEmpty()) {
                return breaches;
            }
            var byTenant = new LinkedHashMap<UUID, List<UUID>>();
            page.forEach(due -> byTenant.computeIfAbsent(due.tenant(), _ -> new ArrayList<>())
                    .add(due.id()));
            breaches += settle(byTenant, moment);
            last = page.getLast();
        }
    }

    /** Duties that waited for a year of the calendar get their due instant once that year is loaded. */
    private synchronized void dateAnew(Instant now) {
        if (datedWith.equals(calendar.years())) {
            return;
        }
        var last = FIRST;
        while (true) {
            var page = rows.undated(last, PAGE);
            if (page.isEmpty()) {
                break;
            }
            var byTenant = new LinkedHashMap<UUID, List<UUID>>();
            for (Undated undated : page) {
                byTenant.computeIfAbsent(undated.tenant(), _ -> new ArrayList<>())
                        .add(undated.id());
            }
            settle(byTenant, now);
            last = page.getLast().id();
        }
        datedWith = calendar.years();
    }

    private int settle(Map<UUID, List<UUID>> byTenant, Instant now) {
        int breaches = 0;
        for (var tenant : byTenant.entrySet()) {
            var ids = tenant.getValue();
            for (int from = 0; from < ids.size(); from += BATCH) {
                breaches += settle(tenant.getKey(), ids.subList(from, Math.min(from + BATCH, ids.size())), now);
            }
        }
        return breaches;
    }

    private int settle(UUID tenant, List<UUID> ids, Instant now) {
        try {
            return together(tenant, ids, now);
        } catch (RuntimeException e) {
            if (ids.size() == 1) {
                log.warn("Duty {} is left for the next sweep", ids.getFirst(), e);
                return 0;
            }
            // One that cannot be settled must not keep the others of its batch waiting.
            return ids.stream().mapToInt(id -> settle(tenant, List.of(id), now)).sum();
        }
    }

    private int together(UUID tenant, Collection<UUID> ids, Instant now) {
        return tenancy.write(tenant, () -> {
            var changes = rows.free(tenant, ids).stream()
                    .map(duty -> {
                        var entries = duty.settle(now, now, calendar);
                        return new Changed(duty, entries, duty.after(entries).row(now, calendar));
                    })
                    .toList();
            rows.save(changes);
            int breaches = 0;
            for (var change : changes) {
                for (var entry : change.entries()) {
                    events.publishEvent(entry.event());
                    breaches += entry.event() instanceof Breached ? 1 : 0;
                }
            }
            return breaches;
        });
    }

    /** Once a minute, on one node at a time. */
    @Configuration(proxyBeanMethods = false)
    static class EveryMinute {

        @Bean
        RecurringTask<Void> dutySweepTask(DutySweep sweep, Clock clock) {
            return Tasks.recurring("duty-sweep", FixedDelay.ofMinutes(1)).execute((_, _) -> sweep.run(clock.instant()));
        }
    }
}
