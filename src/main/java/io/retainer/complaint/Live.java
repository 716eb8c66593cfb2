package io.retainer.complaint;

import java.io.IOException;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.springframework.context.event.ContextClosedEvent;
import org.springframework.context.event.EventListener;
import org.springframework.stereotype.Component;
import org.springframework.transaction.support.TransactionSynchronization;
import org.springframework.transaction.support.TransactionSynchronizationManager;
import org.springframework.web.servlet.mvc.method.annotation.SseEmitter;

/**
 * Who is looking at what now, and tells them when it changes (server-sent events). Kept in memory: each node tells the
 * desks it serves. What is told is ids only; the page then asks for what the reader may see.
 */
@Component
class Live {

    private static final long HOUR = 3_600_000L;
    private static final int HEARTBEAT_SECONDS = 15;

    private final List<Desk> desks = new CopyOnWriteArrayList<>();
    private final ScheduledExecutorService heart = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().daemon().name("live-heartbeat").factory());

    Live() {
        // A browser that has gone is noticed when something is written to it, so that nobody is said to be in a case
        // for ever.
        var _ = heart.scheduleAtFixedRate(
                () -> desks.forEach(desk -> Thread.ofVirtual().name("live").start(() -> beat(desk))),
                HEARTBEAT_SECONDS,
                HEARTBEAT_SECONDS,
                TimeUnit.SECONDS);
    }

    /**
     * @param contracts whose complaints the queue shows
     * @param complaint the open case, or null for a queue
     */
    private record Desk(Set<UUID> contracts, @Nullable UUID complaint, UUID person, SseEmitter line) {

        /** As the same desk, not one that looks alike. */
        @Override
        public boolean equals(@Nullable Object other) {
            return this == other;
        }

        @Override
        public int hashCode() {
            return System.identityHashCode(this);
        }
    }

    SseEmitter open(Collection<UUID> contracts, @Nullable UUID complaint, UUID person) {
        var line = new SseEmitter(HOUR);
        var desk = new Desk(Set.copyOf(contracts), complaint, person, line);
        line.onCompletion(() -> gone(desk));
        line.onTimeout(() -> gone(desk));
        line.onError(_ -> gone(desk));
        desks.add(desk);
        send(desk, "hello");
        if (complaint != null) {
            present(complaint);
        }
        return line;
    }

    private void gone(Desk desk) {
        if (desks.remove(desk) && desk.complaint() != null) {
            present(desk.complaint());
        }
    }

    /** Lines would keep the server from stopping. */
    @EventListener(ContextClosedEvent.class)
    void close() {
        heart.shutdownNow();
        desks.forEach(desk -> desk.line().complete());
    }

    /** The people who have this case open. */
    List<UUID> inside(UUID complaint) {
        return desks.stream()
                .filter(desk -> complaint.equals(desk.complaint()))
                .map(Desk::person)
                .distinct()
                .toList();
    }

    /** Once the running transaction has committed. */
    void changed(UUID contract, UUID complaint) {
        if (desks.isEmpty()) {
            return;
        }
        TransactionSynchronizationManager.registerSynchronization(new TransactionSynchronization() {
            @Override
            public void afterCommit() {
                tell(
                        desk -> desk.complaint() == null
                                ? desk.contracts().contains(contract)
                                : complaint.equals(desk.complaint()),
                        "changed");
            }
        });
    }

    private void present(UUID complaint) {
        tell(desk -> complaint.equals(desk.complaint()), "presence");
    }

    /** Each on a thread of its own: a slow line keeps nobody waiting. */
    private void tell(Predicate<Desk> whom, String what) {
        desks.stream()
                .filter(whom)
                .forEach(desk -> Thread.ofVirtual().name("live").start(() -> send(desk, what)));
    }

    private void send(Desk desk, String what) {
        write(desk, SseEmitter.event().name(what).data(what));
    }

    private void beat(Desk desk) {
        write(desk, SseEmitter.event().comment("here"));
    }

    private void write(Desk desk, SseEmitter.SseEventBuilder event) {
        try {
            desk.line().send(event);
        } catch (IOException | IllegalStateException away) {
            gone(desk);
        }
    }
}
