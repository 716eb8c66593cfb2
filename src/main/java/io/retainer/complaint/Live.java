package io.retainer.complaint;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
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

    private final List<Desk> desks = new CopyOnWriteArrayList<>();

    /** @param complaint the open case, or null for the queue */
    private record Desk(UUID contract, @Nullable UUID complaint, UUID person, SseEmitter line) {}

    SseEmitter open(UUID contract, @Nullable UUID complaint, UUID person) {
        var line = new SseEmitter(HOUR);
        var desk = new Desk(contract, complaint, person, line);
        Runnable gone = () -> {
            if (desks.remove(desk) && complaint != null) {
                tell(contract, complaint, "presence");
            }
        };
        line.onCompletion(gone);
        line.onTimeout(gone);
        line.onError(_ -> gone.run());
        desks.add(desk);
        send(desk, "hello");
        if (complaint != null) {
            tell(contract, complaint, "presence");
        }
        return line;
    }

    /** Lines would keep the server from stopping. */
    @EventListener(ContextClosedEvent.class)
    void close() {
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
                Thread.ofVirtual().name("live").start(() -> tell(contract, complaint, "changed"));
            }
        });
    }

    private void tell(UUID contract, UUID complaint, String what) {
        for (var desk : new ArrayList<>(desks)) {
            boolean concerned = complaint.equals(desk.complaint())
                    || (desk.complaint() == null && desk.contract().equals(contract) && what.equals("changed"));
            if (concerned) {
                send(desk, what);
            }
        }
    }

    private void send(Desk desk, String what) {
        try {
            desk.line().send(SseEmitter.event().name(what).data(what));
        } catch (IOException | IllegalStateException gone) {
            desks.remove(desk);
        }
    }
}
