package io.retainer.workorder;

import com.github.kagkarlsson.scheduler.task.helper.RecurringTask;
import com.github.kagkarlsson.scheduler.task.helper.Tasks;
import com.github.kagkarlsson.scheduler.task.schedule.FixedDelay;
import java.time.Clock;
import java.time.Instant;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.stereotype.Component;

/** Looks for deliveries that were met with silence. It asks the table, so what was slept through is caught up with. */
@Component
class WorkOrderSweep {

    private static final Logger log = LoggerFactory.getLogger(WorkOrderSweep.class);
    private static final int MOST = 500;

    private final WorkOrderRows rows;
    private final WorkOrders orders;

    WorkOrderSweep(WorkOrderRows rows, WorkOrders orders) {
        this.rows = rows;
        this.orders = orders;
    }

    /** Looks at every order whose next moment has come by {@code now}. */
    void run(Instant now) {
        for (var due : rows.due(now, MOST)) {
            try {
                orders.lookAtTheClock(due.tenant(), due.id());
            } catch (RuntimeException e) {
                log.warn("Work order {} is left for the next look", due.id(), e);
            }
        }
    }

    @Configuration(proxyBeanMethods = false)
    static class EveryMinute {

        @Bean
        RecurringTask<Void> workOrderSweepTask(WorkOrderSweep sweep, Clock clock) {
            return Tasks.recurring("work-order-sweep", FixedDelay.ofMinutes(1))
                    .execute((_, _) -> sweep.run(clock.instant()));
        }
    }
}
