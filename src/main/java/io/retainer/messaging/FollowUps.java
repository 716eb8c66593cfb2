package io.retainer.messaging;

import com.github.kagkarlsson.scheduler.task.helper.RecurringTask;
import com.github.kagkarlsson.scheduler.task.helper.Tasks;
import com.github.kagkarlsson.scheduler.task.schedule.FixedDelay;
import io.retainer.kernel.Tenancy;
import io.retainer.messaging.Carrier.Arrived;
import io.retainer.messaging.Carrier.Lost;
import io.retainer.messaging.Carrier.Pending;
import io.retainer.messaging.Carrier.Trace;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.stereotype.Component;

/**
 * Asks providers what became of the messages they took, ever more rarely; what nobody could say after three days is called
 * off where the provider can do that, so that no notice arrives when it is long out of date.
 */
@Component
class FollowUps {

    static final Duration PATIENCE = Duration.ofDays(3);

    private static final Logger log = LoggerFactory.getLogger(FollowUps.class);
    private static final int PAGE = 100;
    private static final Duration SOONEST = Duration.ofMinutes(1);
    private static final Duration LATEST = Duration.ofHours(1);

    private final MessageRows rows;
    private final Messages messages;
    private final List<Carrier> carriers;
    private final Reach reach;
    private final Tenancy tenancy;
    private final Clock clock;

    FollowUps(MessageRows rows, Messages messages, List<Carrier> carriers, Reach reach, Tenancy tenancy, Clock clock) {
        this.rows = rows;
        this.messages = messages;
        this.carriers = carriers;
        this.reach = reach;
        this.tenancy = tenancy;
        this.clock = clock;
    }

    /** Asks about every message whose time has come. */
    void run() {
        var now = clock.instant().truncatedTo(ChronoUnit.MICROS);
        for (var place : rows.followed(now, PAGE)) {
            try {
                tenancy.read(place.tenant(), () -> rows.find(place.tenant(), place.id()))
                        .ifPresent(message -> follow(message, now));
            } catch (RuntimeException e) {
                log.warn(
                        "Message {} is asked after later: {}",
                        place.id(),
                        e.getClass().getSimpleName());
                later(place.tenant(), place.id(), now.plus(LATEST));
            }
        }
    }

    private void follow(Message message, Instant now) {
        var sent = message.sentAt();
        var reference = message.reference();
        var carrier =
                Carrier.of(carriers, message.channel(), message.recipient().kind());
        var address = reach.of(message);
        if (sent == null || reference == null || carrier.isEmpty() || address.isEmpty()) {
            // Nothing to ask by: what was known last stands.
            later(message.tenant(), message.id(), null);
            return;
        }
        var trace = new Trace(message.id(), address.get(), reference, sent);
        var fate = carrier.get().ready() ? carrier.get().fate(trace) : new Pending();
        switch (fate) {
            case Arrived() -> messages.arrived(message.id());
            case Lost(var reason, var bounced) -> messages.lost(message.id(), reason, bounced);
            case Pending() -> {
                var age = Duration.between(sent, now);
                if (age.compareTo(PATIENCE) < 0) {
                    var wait = age.dividedBy(4);
                    later(
                            message.tenant(),
                            message.id(),
                            now.plus(
                                    wait.compareTo(SOONEST) < 0
                                            ? SOONEST
                                            : wait.compareTo(LATEST) > 0 ? LATEST : wait));
                } else if (carrier.get().withdraw(trace)) {
                    messages.lost(message.id(), "notForwarded", false);
                } else {
                    later(message.tenant(), message.id(), null);
                }
            }
        }
    }

    private void later(UUID tenant, UUID message, @Nullable Instant at) {
        tenancy.write(tenant, () -> rows.follow(tenant, message, at));
    }

    /** Every minute, on one node at a time. */
    @Configuration(proxyBeanMethods = false)
    static class EveryMinute {

        @Bean
        RecurringTask<Void> followUpTask(FollowUps followUps) {
            return Tasks.recurring("messaging-follow-ups", FixedDelay.ofMinutes(1))
                    .execute((_, _) -> followUps.run());
        }
    }
}
