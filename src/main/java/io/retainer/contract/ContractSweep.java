package io.retainer.contract;

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

/** Looks for signings that expired and terms that start. It asks the table, so what was slept through is caught up with. */
@Component
public class ContractSweep {

    private static final Logger log = LoggerFactory.getLogger(ContractSweep.class);
    private static final int MOST = 500;

    private final ContractRows rows;
    private final ContractLife life;

    ContractSweep(ContractRows rows, ContractLife life) {
        this.rows = rows;
        this.life = life;
    }

    /** Looks at every contract whose next moment has come by {@code now}. */
    public void run(Instant now) {
        for (var look : rows.due(now, MOST)) {
            try {
                life.lookAtTheClock(look.tenant(), look.contract());
            } catch (RuntimeException e) {
                log.warn("Contract {} is left for the next look", look.contract(), e);
            }
        }
    }

    @Configuration(proxyBeanMethods = false)
    static class EveryMinute {

        @Bean
        RecurringTask<Void> contractSweepTask(ContractSweep sweep, Clock clock) {
            return Tasks.recurring("contract-sweep", FixedDelay.ofMinutes(1))
                    .execute((_, _) -> sweep.run(clock.instant()));
        }
    }
}
