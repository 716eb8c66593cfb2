package io.retainer.messaging;

import com.github.kagkarlsson.scheduler.task.helper.RecurringTask;
import com.github.kagkarlsson.scheduler.task.helper.Tasks;
import com.github.kagkarlsson.scheduler.task.schedule.FixedDelay;
import io.retainer.kernel.Tenancy;
import io.retainer.messaging.Carrier.Accepted;
import io.retainer.messaging.Carrier.Letter;
import io.retainer.messaging.Carrier.Outcome;
import io.retainer.messaging.Carrier.Rejected;
import io.retainer.messaging.Carrier.TryAgain;
import io.retainer.messaging.ContactBudget.Go;
import io.retainer.messaging.ContactBudget.Never;
import io.retainer.messaging.ContactBudget.Suppression;
import io.retainer.messaging.ContactBudget.Wait;
import io.retainer.messaging.DeliveryEvent.MessageNotDelivered;
import io.retainer.messaging.DeliveryEvent.MessageSent;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.stereotype.Component;

/**
 * Sends what waits (reliability.md OUT-1). A claim and the attempt are committed before anything goes over the wire, so a
 * message is in one pair of hands at a time; when those hands die the lease ends and the next try carries the same id,
 * by which mail programs and providers notice a message they have already. What fails is tried again ever later and is
 * given up, with its reason, in the end.
 */
@Component
class Outbox {

    private static final Logger log = LoggerFactory.getLogger(Outbox.class);
    private static final int WIRES = 8;
    /** So few that the last of them is on the wire long before the lease ends, slow as the provider may be. */
    private static final int PAGE = 2 * WIRES;

    private final MessageRows rows;
    private final ObjectProvider<Messages> messages;
    private final Contacts contacts;
    private final List<Carrier> carriers;
    private final Reach reach;
    private final Tenancy tenancy;
    private final ApplicationEventPublisher events;
    private final Clock clock;
    private final Duration lease;
    private final Semaphore wires = new Semaphore(WIRES);
    private final AtomicBoolean wanted = new AtomicBoolean();

    Outbox(
            MessageRows rows,
            ObjectProvider<Messages> messages,
            Contacts contacts,
            List<Carrier> carriers,
            Reach reach,
            Tenancy tenancy,
            ApplicationEventPublisher events,
            Clock clock,
            @Value("${retainer.messaging.lease:2m}") Duration lease) {
        this.lease = lease;
        this.rows = rows;
        this.messages = messages;
        this.contacts = contacts;
        this.carriers = carriers;
        this.reach = reach;
        this.tenancy = tenancy;
        this.events = events;
        this.clock = clock;
    }

    private record Claimed(Message message, int attempt) {}

    Set<Channel> ready() {
        var ready = java.util.EnumSet.noneOf(Channel.class);
        carriers.stream().filter(Carrier::ready).map(Carrier::channel).forEach(ready::add);
        return ready;
    }

    boolean ready(Channel channel, Recipient.Kind kind) {
        return Carrier.of(carriers, channel, kind).filter(Carrier::ready).isPresent();
    }

    /** Does not wait for the next minute; several wishes at once are one run. */
    void soon() {
        if (!ready().isEmpty() && wanted.compareAndSet(false, true)) {
            Thread.ofVirtual().name("outbox").start(() -> {
                wanted.set(false);
                try {
                    run();
                } catch (RuntimeException e) {
                    log.warn(
                            "The outbox is left to the next run: {}",
                            e.getClass().getSimpleName());
                }
            });
        }
    }

    /**
     * Sends everything whose time has come.
     *
     * @return how many attempts were made
     */
    int run() {
        int made = 0;
        while (true) {
            var now = now();
            var page = rows.waiting(now, ready(), PAGE);
            var byTenant = new LinkedHashMap<UUID, List<UUID>>();
            page.forEach(place -> byTenant.computeIfAbsent(place.tenant(), _ -> new ArrayList<>())
                    .add(place.id()));
            int moved = 0;
            for (var tenant : byTenant.entrySet()) {
                var claimed = new ArrayList<Claimed>();
                moved += tenancy.write(tenant.getKey(), () -> {
                    var free = rows.free(tenant.getKey(), tenant.getValue(), now);
                    free.forEach(message -> claim(message, now).ifPresent(claimed::add));
                    return free.size();
                });
                made += claimed.size();
                carry(claimed);
            }
            if (moved == 0 || page.size() < PAGE) {
                return made;
            }
        }
    }

    private Optional<Claimed> claim(Message message, Instant now) {
        if (message.expiresAt() != null && !message.expiresAt().isAfter(now)) {
            end(message, MessageState.FAILED, "expired", now);
            return Optional.empty();
        }
        if (message.attempts() >= Retry.MOST_ATTEMPTS
                && message.attempts() % Retry.MOST_ATTEMPTS == 0
                && message.state() == MessageState.SENDING) {
            end(message, MessageState.FAILED, "interrupted", now);
            return Optional.empty();
        }
        if (!ready(message.channel(), message.recipient().kind())) {
            rows.move(message, MessageState.QUEUED, "noChannel", now.plus(Duration.ofMinutes(30)), null, now);
            return Optional.empty();
        }
        if (message.recipient().kind() == Recipient.Kind.CUSTOMER) {
            // The id of the message is the id of the contact: a second try is not a second contact. It is asked again
            // all the
            // same, because consent may have been withdrawn, and night fallen, since the first.
            var verdict = contacts.claim(
                    message.tenant(),
                    message.id(),
                    message.recipient().id(),
                    message.purpose(),
                    message.channel(),
                    now);
            switch (verdict) {
                case Go() -> {}
                case Wait(var until, var reason) -> {
                    rows.move(message, MessageState.QUEUED, reason, until, null, now);
                    return Optional.empty();
                }
                case Never(var reason) -> {
                    end(message, MessageState.SUPPRESSED, reason, now);
                    return Optional.empty();
                }
            }
        } else if (rows.suppression(message.tenant(), message.recipient().id(), message.channel())
                == Suppression.BOUNCED) {
            end(message, MessageState.SUPPRESSED, "suppressed.BOUNCED", now);
            return Optional.empty();
        }
        int attempt = message.attempts() + 1;
        rows.claim(message, attempt, now, now.plus(lease));
        return Optional.of(new Claimed(message, attempt));
    }

    private void carry(List<Claimed> claimed) {
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (var one : claimed) {
                threads.execute(() -> {
                    wires.acquireUninterruptibly();
                    try {
                        settle(one, carry(one));
                    } catch (RuntimeException e) {
                        // The claim runs out by itself and the message is tried again.
                        log.warn(
                                "Message {} is left to the end of its lease: {}",
                                one.message().id(),
                                e.getClass().getSimpleName());
                    } finally {
                        wires.release();
                    }
                });
            }
        }
    }

    private Outcome carry(Claimed claimed) {
        var message = claimed.message();
        var carrier = Carrier.of(
                        carriers, message.channel(), message.recipient().kind())
                .orElse(null);
        if (carrier == null || !carrier.ready()) {
            return new TryAgain("noChannel", Duration.ofMinutes(5));
        }
        var address = reach.of(message);
        if (address.isEmpty()) {
            return new Rejected("noAddress", false);
        }
        var wording = messages.getObject().wording(message);
        if (wording.isEmpty()) {
            return new Rejected("expired", false);
        }
        return carrier.carry(new Letter(
                message.id(),
                claimed.attempt(),
                message.queuedAt(),
                message.kind(),
                address.get(),
                wording.get().subject(),
                wording.get().text(),
                wording.get().html(),
                message.language(),
                messages.getObject().scalars(message)));
    }

    /** Only if the claim is still ours: the attempt's number tells. */
    private void settle(Claimed claimed, Outcome outcome) {
        var now = now();
        var tenant = claimed.message().tenant();
        tenancy.write(tenant, () -> {
            var message = rows.locked(tenant, claimed.message().id()).orElseThrow();
            boolean ours = message.state() == MessageState.SENDING && message.attempts() == claimed.attempt();
            switch (outcome) {
                case Accepted(var reference, var note, var askAfter) -> {
                    rows.ended(message, claimed.attempt(), "ACCEPTED", null, now);
                    if (ours) {
                        rows.move(message, MessageState.SENT, note, null, reference, now);
                        if (askAfter != null) {
                            rows.follow(tenant, message.id(), now.plus(askAfter));
                        }
                        events.publishEvent(new MessageSent(
                                tenant,
                                message.id(),
                                message.kind(),
                                message.recipient(),
                                message.contract(),
                                message.channel(),
                                now));
                    }
                }
                case TryAgain(var reason, var wait) -> {
                    rows.ended(message, claimed.attempt(), "TRY_AGAIN", reason, now);
                    if (ours && claimed.attempt() % Retry.MOST_ATTEMPTS == 0) {
                        end(message, MessageState.FAILED, reason, now);
                    } else if (ours) {
                        var next = now.plus(Retry.after(message.id(), claimed.attempt() % Retry.MOST_ATTEMPTS, wait));
                        rows.move(message, MessageState.QUEUED, reason, next, null, now);
                    }
                }
                case Rejected(var reason, var bounced) -> {
                    rows.ended(message, claimed.attempt(), "REJECTED", reason, now);
                    if (ours && bounced) {
                        rows.suppress(tenant, message.recipient().id(), message.channel(), Suppression.BOUNCED, now);
                    }
                    if (ours) {
                        end(message, bounced ? MessageState.BOUNCED : MessageState.FAILED, reason, now);
                    }
                }
            }
        });
    }

    private void end(Message message, MessageState state, String reason, Instant now) {
        rows.move(message, state, reason, null, null, now);
        events.publishEvent(new MessageNotDelivered(
                message.tenant(),
                message.id(),
                message.kind(),
                message.recipient(),
                message.contract(),
                state,
                reason,
                now));
    }

    private Instant now() {
        return clock.instant().truncatedTo(ChronoUnit.MICROS);
    }

    /** Every ten seconds, on one node at a time; what is queued meanwhile does not wait for it. */
    @Configuration(proxyBeanMethods = false)
    static class EveryTenSeconds {

        @Bean
        RecurringTask<Void> outboxTask(Outbox outbox) {
            return Tasks.recurring("messaging-outbox", FixedDelay.ofSeconds(10)).execute((_, _) -> outbox.run());
        }
    }
}
