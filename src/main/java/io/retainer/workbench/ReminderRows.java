package io.retainer.workbench;

import java.sql.Array;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/** What people want to be reminded of and what they were reminded of. */
@Repository
class ReminderRows {

    private final JdbcClient jdbc;

    ReminderRows(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /**
     * @param mail whether by mail, beside the bell
     * @param theirs also of what the other side owes
     */
    record Preference(boolean mail, boolean theirs, List<Integer> days) {

        static final Preference PLATFORM = new Preference(true, false, ReminderRule.DAYS);
    }

    /** One thing somebody was reminded of. */
    record Reminded(UUID contract, String subject, Instant due) {}

    Map<UUID, Preference> preferences(Collection<UUID> people) {
        var found = new HashMap<UUID, Preference>();
        jdbc.sql(
                        "select person_id, mail, theirs, days from workbench.reminder_preference where person_id = any(:people)")
                .param("people", people.toArray(UUID[]::new))
                .query(row -> {
                    Array days = row.getArray("days");
                    found.put(
                            row.getObject("person_id", UUID.class),
                            new Preference(row.getBoolean("mail"), row.getBoolean("theirs"), Arrays.asList((Integer[])
                                    days.getArray())));
                });
        return found;
    }

    void prefer(UUID person, Preference wanted) {
        jdbc.sql("""
                        insert into workbench.reminder_preference (person_id, mail, theirs, days)
                        values (:person, :mail, :theirs, :days)
                        on conflict (person_id) do update set mail = excluded.mail, theirs = excluded.theirs,
                            days = excluded.days
                        """)
                .param("person", person)
                .param("mail", wanted.mail())
                .param("theirs", wanted.theirs())
                .param("days", wanted.days().toArray(Integer[]::new))
                .update();
    }

    /** The marks each person was reminded of, of what is not over yet. */
    Map<UUID, Map<Reminded, Set<Integer>>> reminded(UUID home, Instant dueAfter) {
        var found = new HashMap<UUID, Map<Reminded, Set<Integer>>>();
        jdbc.sql("""
                        select person_id, contract_id, subject, due_at, days from workbench.reminded
                        where tenant_id = :home and due_at >= :dueAfter
                        """)
                .param("home", home)
                .param("dueAfter", dueAfter.atOffset(ZoneOffset.UTC))
                .query(row -> {
                    found.computeIfAbsent(row.getObject("person_id", UUID.class), _ -> new HashMap<>())
                            .computeIfAbsent(
                                    new Reminded(
                                            row.getObject("contract_id", UUID.class),
                                            row.getString("subject"),
                                            row.getObject("due_at", OffsetDateTime.class)
                                                    .toInstant()),
                                    _ -> new HashSet<>())
                            .add(row.getInt("days"));
                });
        return found;
    }

    /** False when somebody else has written it down meanwhile. */
    boolean add(UUID home, UUID person, Reminded what, int days, UUID message, Instant now) {
        return jdbc.sql("""
                        insert into workbench.reminded
                            (tenant_id, person_id, contract_id, subject, due_at, days, message_id, at)
                        values (:home, :person, :contract, :subject, :due, :days, :message, :now) on conflict do nothing
                        """)
                        .param("home", home)
                        .param("person", person)
                        .param("contract", what.contract())
                        .param("subject", what.subject())
                        .param("due", what.due().atOffset(ZoneOffset.UTC))
                        .param("days", days)
                        .param("message", message)
                        .param("now", now.atOffset(ZoneOffset.UTC))
                        .update()
                == 1;
    }
}
