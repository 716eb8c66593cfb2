package io.retainer.complaint;

import static io.retainer.complaint.ComplaintRows.utc;

import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Collection;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/** The clocks of open complaints over all clients: which end, which have stood still long enough, and what was said of them. */
@Repository
class ClockRows {

    private final JdbcClient jdbc;

    ClockRows(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /** A paused complaint. */
    record Place(UUID tenant, UUID id) {}

    /** Those whose pause is over. */
    List<Place> pausedOut(Instant now, int most) {
        return jdbc.sql("select tenant_id, id from complaint.paused_out(:now, :most)")
                .param("now", utc(now))
                .param("most", most)
                .query((row, _) -> new Place(row.getObject(1, UUID.class), row.getObject(2, UUID.class)))
                .list();
    }

    /** An open complaint whose first clock ends at {@code due}. */
    record Ending(UUID tenant, UUID id, Instant due) {}

    /** @param after the one looked at last, or null */
    List<Ending> dueBy(Instant until, @Nullable Ending after, int most) {
        return jdbc.sql("select tenant_id, id, due_at from complaint.due_by(:until, :afterDue, :afterId, :most)")
                .param("until", utc(until))
                .param("afterDue", utc(after == null ? Instant.EPOCH : after.due()))
                .param("afterId", after == null ? new UUID(0, 0) : after.id())
                .param("most", most)
                .query((row, _) -> new Ending(
                        row.getObject(1, UUID.class),
                        row.getObject(2, UUID.class),
                        row.getObject(3, OffsetDateTime.class).toInstant()))
                .list();
    }

    /** What was said about these clocks. */
    Map<UUID, Set<ClockWarning>> warnedOf(UUID tenant, Collection<UUID> duties) {
        var found = new HashMap<UUID, Set<ClockWarning>>();
        jdbc.sql("select duty_id, level from complaint.warned where tenant_id = :tenant and duty_id = any(:duties)")
                .param("tenant", tenant)
                .param("duties", duties.toArray(UUID[]::new))
                .query(row -> {
                    found.computeIfAbsent(row.getObject("duty_id", UUID.class), _ -> EnumSet.noneOf(ClockWarning.class))
                            .add(ClockWarning.valueOf(row.getString("level")));
                });
        return found;
    }

    /** The lists go together, line by line. */
    void warned(UUID tenant, List<UUID> complaints, List<UUID> duties, List<String> levels, Instant now) {
        jdbc.sql("""
                        insert into complaint.warned (tenant_id, complaint_id, duty_id, level, at)
                        select :tenant, w.complaint_id, w.duty_id, w.level, :now
                        from unnest(cast(:complaints as uuid[]), cast(:duties as uuid[]), cast(:levels as text[]))
                            as w (complaint_id, duty_id, level)
                        on conflict do nothing
                        """)
                .param("tenant", tenant)
                .param("complaints", complaints.toArray(UUID[]::new))
                .param("duties", duties.toArray(UUID[]::new))
                .param("levels", levels.toArray(String[]::new))
                .param("now", utc(now))
                .update();
    }
}
