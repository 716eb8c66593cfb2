package io.retainer.vault;

import com.github.kagkarlsson.scheduler.SchedulerClient;
import com.github.kagkarlsson.scheduler.task.TaskInstanceId;
import com.github.kagkarlsson.scheduler.task.helper.RecurringTask;
import io.retainer.identity.Access;
import io.retainer.identity.Capability;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.http.HttpStatus;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

/** Who saw personal data in the clear, and the change of its keys, for programs. */
@RestController
class VaultApi {

    private static final int MOST = 200;

    private final Reveals reveals;
    private final KeyUpkeep upkeep;
    private final ObjectProvider<SchedulerClient> scheduler;

    VaultApi(Reveals reveals, KeyUpkeep upkeep, ObjectProvider<SchedulerClient> scheduler) {
        this.reveals = reveals;
        this.upkeep = upkeep;
        this.scheduler = scheduler;
    }

    /** @param before to ask for the next page with; null on the last */
    record RevealsBody(
            List<Reveals.Entry> reveals, @Nullable UUID before) {}

    @GetMapping("/api/v1/contracts/{contract}/reveals")
    RevealsBody reveals(
            Access access,
            @RequestParam @Nullable UUID before,
            @RequestParam @Nullable UUID dataSubject,
            @RequestParam(defaultValue = "50") int limit) {
        int most = Math.clamp(limit, 1, MOST);
        var page = reveals.entries(access, before, dataSubject, most);
        return new RevealsBody(page, page.size() == most ? page.getLast().id() : null);
    }

    /** A new key seals from this moment; the values under the old one are sealed anew in the background. */
    @PostMapping("/api/v1/contracts/{contract}/data-key")
    @ResponseStatus(HttpStatus.ACCEPTED)
    void newDataKey(Access access) {
        access.require(Capability.GUARD_DATA);
        upkeep.promote(access.tenant());
        scheduler.ifAvailable(
                client -> client.reschedule(TaskInstanceId.of(KeyUpkeep.TASK, RecurringTask.INSTANCE), upkeep.now()));
    }
}
