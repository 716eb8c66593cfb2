package io.retainer.complaint;

import com.github.kagkarlsson.scheduler.task.helper.RecurringTask;
import com.github.kagkarlsson.scheduler.task.helper.Tasks;
import com.github.kagkarlsson.scheduler.task.schedule.FixedDelay;
import java.time.Clock;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Every five minutes, on one node at a time: clocks that waited for a customer long enough run again. */
@Configuration(proxyBeanMethods = false)
class PauseSweep {

    @Bean
    RecurringTask<Void> complaintPauses(Progress progress, Clock clock) {
        return Tasks.recurring("complaint-pauses", FixedDelay.ofMinutes(5))
                .execute((_, _) -> progress.resumeWhatIsOver(clock.instant()));
    }
}
