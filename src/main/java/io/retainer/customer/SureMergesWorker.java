package io.retainer.customer;

import com.github.kagkarlsson.scheduler.task.TaskDescriptor;
import com.github.kagkarlsson.scheduler.task.helper.OneTimeTask;
import com.github.kagkarlsson.scheduler.task.helper.Tasks;
import java.io.Serializable;
import java.util.UUID;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Merges what is sure, some pairs a transaction, as long as the person who asked for it may. */
final class SureMergesWorker {

    static final TaskDescriptor<Job> TASK = TaskDescriptor.of("customer-merges", Job.class);

    private static final int TOGETHER = 100;

    private SureMergesWorker() {}

    record Job(UUID tenant, UUID contract, UUID person) implements Serializable {}

    @Configuration(proxyBeanMethods = false)
    static class InTheBackground {

        @Bean
        OneTimeTask<Job> sureMergesTask(Duplicates duplicates) {
            return Tasks.oneTime(TASK).execute((instance, _) -> {
                int done;
                do {
                    done = duplicates.mergeSome(instance.getData(), TOGETHER);
                } while (done == TOGETHER);
            });
        }
    }
}
