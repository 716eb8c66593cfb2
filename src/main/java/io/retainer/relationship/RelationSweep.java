package io.retainer.relationship;

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

/** Gives back to the pool what nobody looks after. It asks the table, so what was slept through is caught up with. */
@Component
class RelationSweep {

    private static final Logger log = LoggerFactory.getLogger(RelationSweep.class);
    private static final int MOST = 500;

    private final RelationRows rows;
    private final Relations relations;

    RelationSweep(RelationRows rows, Relations relations) {
        this.rows = rows;
        this.relations = relations;
    }

    void run(Instant now) {
        for (var idle : rows.idle(now, MOST)) {
            try {
                relations.lookAtTheClock(idle.tenant(), idle.contract(), idle.customer());
            } catch (RuntimeException e) {
                log.warn("The relation with {} is left for the next look", idle.customer(), e);
            }
        }
    }

    @Configuration(proxyBeanMethods = false)
    static class EveryQuarter {

        @Bean
        RecurringTask<Void> relationSweepTask(RelationSweep sweep, Clock clock) {
            return Tasks.recurring("relationship-sweep", FixedDelay.ofMinutes(15))
                    .execute((_, _) -> sweep.run(clock.instant()));
        }
    }
}
