package io.retainer.complaint;

import io.retainer.complaint.ComplaintEvent.ComplaintAssessed;
import io.retainer.complaint.ComplaintRows.Row;
import io.retainer.identity.Access;
import io.retainer.kernel.Refused;
import io.retainer.kernel.Tenancy;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.UUID;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.stereotype.Component;

/**
 * Carries out what is decided about a complaint. Each act is one transaction: it locks the complaint, decides, moves the
 * clocks, saves, writes the time line and publishes the fact.
 */
@Component
class Progress {

    private static final int MOST_AT_ONCE = 500;

    private final ComplaintRows rows;
    private final ClockRows clockRows;
    private final TimeLines lines;
    private final ComplaintClock clocks;
    private final Live live;
    private final Tenancy tenancy;
    private final ApplicationEventPublisher events;
    private final Clock clock;

    Progress(
            ComplaintRows rows,
            ClockRows clockRows,
            TimeLines lines,
            ComplaintClock clocks,
            Live live,
            Tenancy tenancy,
            ApplicationEventPublisher events,
            Clock clock) {
        this.rows = rows;
        this.clockRows = clockRows;
        this.lines = lines;
        this.clocks = clocks;
        this.live = live;
        this.tenancy = tenancy;
        this.events = events;
        this.clock = clock;
    }

    /**
     * @param version the person decided on, or null for whichever it has
     * @param reason given with it, or null
     */
    Complaint act(
            Access access,
            UUID id,
            @Nullable Integer version,
            @Nullable String reason,
            BiFunction<Complaint, Instant, ComplaintEvent> decision) {
        return tenancy.write(access.tenant(), () -> {
            var row = rows.locked(access.tenant(), access.contract(), id);
            if (version != null && version != row.complaint().version()) {
                throw Refused.because(
                        "complaint.refused.changed", row.complaint().number());
            }
            return change(row, decision.apply(row.complaint(), now()), access.person(), reason);
        });
    }

    /** @param row locked in the running transaction */
    Complaint change(Row row, ComplaintEvent event, @Nullable UUID actor, @Nullable String reason) {
        var before = row.complaint();
        var after = before.after(event);
        var now = now();
        events.publishEvent(event);
        var stops = event instanceof ComplaintAssessed ? lines.stops(before) : List.<ComplaintClock.Stop>of();
        var running = clocks.after(event, before, after, row.duties(), Targets.of(before), stops);
        rows.save(after, running.duties(), running.dueAt(), now);
        var line = lines.of(after, now);
        if (reason == null || reason.isBlank()) {
            line.say(Said.of(event), actor, event.happenedAt());
        } else {
            line.say(Said.of(event), actor, ComplaintRules.text("reason", reason, ComplaintRules.LONGEST_TEXT));
        }
        live.changed(after.contract(), after.id());
        // Saving counts the version up.
        return rows.get(after.tenant(), after.contract(), after.id()).complaint();
    }

    /** What stood still goes on, before something is done that does not wait. */
    void goOn(Access access, UUID id) {
        if (rows.locked(access.tenant(), access.contract(), id).complaint().pause() != null) {
            act(access, id, null, null, (c, now) -> c.resume(now, access.person()));
        }
    }

    /** Ends the pauses whose time is over. */
    int resumeWhatIsOver(Instant now) {
        int done = 0;
        for (var place : clockRows.pausedOut(now, MOST_AT_ONCE)) {
            done += tenancy.write(place.tenant(), () -> {
                var held = rows.locked(place.tenant(), place.id());
                var pause = held.complaint().pause();
                if (pause == null || pause.until() == null || pause.until().isAfter(now)) {
                    return 0;
                }
                change(held, held.complaint().resume(pause.until(), null), null, null);
                return 1;
            });
        }
        return done;
    }

    private Instant now() {
        return clock.instant().truncatedTo(ChronoUnit.MICROS);
    }
}
