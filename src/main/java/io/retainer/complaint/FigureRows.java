package io.retainer.complaint;

import static io.retainer.complaint.ComplaintRows.instant;
import static io.retainer.complaint.ComplaintRows.instantOrNull;
import static io.retainer.complaint.ComplaintRows.utc;

import io.retainer.contract.ContractedService;
import io.retainer.vault.PersonalKind;
import io.retainer.vault.Sealed;
import io.retainer.vault.SealedColumn;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/** What the analysis counts, and what follows from it. */
@Repository
class FigureRows {

    static final SealedColumn TEXT = new SealedColumn("complaint.corrective", "text", PersonalKind.TEXT);

    private final JdbcClient jdbc;

    FigureRows(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /**
     * One complaint as it counts.
     *
     * @param person tells complaints of the same person from others', and is nobody's name
     */
    record Counted(
            UUID id,
            long number,
            Instant receivedAt,
            @Nullable Instant endedAt,
            StageName stage,
            Intake intake,
            @Nullable Category category,
            @Nullable Priority priority,
            @Nullable RootCause cause,
            @Nullable String product,
            @Nullable String region,
            @Nullable ContractedService service,
            @Nullable UUID owner,
            int reopened,
            int level,
            @Nullable String person,
            List<UUID> duties) {}

    /** At most this many, the newest first. */
    List<Counted> since(UUID tenant, UUID contract, Instant since, int most) {
        return jdbc.sql("""
                        select id, number, received_at, ended_at, stage, intake, category, priority, cause, product, region,
                            service,
                            owner, reopened, level, coalesce(customer_id::text, phone_index::text, email_index::text) as person,
                            duties
                        from complaint.complaint
                        where tenant_id = :tenant and contract_id = :contract and received_at >= :since and stage <> 'MERGED'
                        order by id desc limit :most
                        """)
                .param("tenant", tenant)
                .param("contract", contract)
                .param("since", utc(since))
                .param("most", most)
                .query((row, _) -> new Counted(
                        row.getObject("id", UUID.class),
                        row.getLong("number"),
                        instant(row, "received_at"),
                        instantOrNull(row, "ended_at"),
                        StageName.valueOf(row.getString("stage")),
                        Intake.valueOf(row.getString("intake")),
                        value(Category.class, row.getString("category")),
                        value(Priority.class, row.getString("priority")),
                        value(RootCause.class, row.getString("cause")),
                        row.getString("product"),
                        row.getString("region"),
                        value(ContractedService.class, row.getString("service")),
                        row.getObject("owner", UUID.class),
                        row.getInt("reopened"),
                        row.getInt("level"),
                        row.getString("person"),
                        List.of((UUID[]) row.getArray("duties").getArray())))
                .list();
    }

    private static <E extends Enum<E>> @Nullable E value(Class<E> type, @Nullable String name) {
        return name == null ? null : Enum.valueOf(type, name);
    }

    /** @param doneAt null while it is owed */
    record Corrective(
            UUID id,
            RootCause cause,
            Sealed text,
            UUID owner,
            LocalDate dueOn,
            UUID duty,
            @Nullable Instant doneAt) {}

    void add(UUID tenant, UUID contract, Corrective c, Instant now) {
        jdbc.sql("""
                        insert into complaint.corrective (tenant_id, id, contract_id, cause, text, owner, due_on, duty_id,
                            created_at)
                        values (:tenant, :id, :contract, :cause, :text, :owner, :due, :duty, :now)
                        """)
                .param("tenant", tenant)
                .param("id", c.id())
                .param("contract", contract)
                .param("cause", c.cause().name())
                .param("text", c.text().bytes())
                .param("owner", c.owner())
                .param("due", c.dueOn())
                .param("duty", c.duty())
                .param("now", utc(now))
                .update();
    }

    List<Corrective> correctives(UUID tenant, UUID contract) {
        return jdbc.sql("""
                        select id, cause, text, owner, due_on, duty_id, done_at from complaint.corrective
                        where tenant_id = :tenant and contract_id = :contract order by done_at nulls first, id desc limit 100
                        """)
                .param("tenant", tenant)
                .param("contract", contract)
                .query((row, _) -> new Corrective(
                        row.getObject("id", UUID.class),
                        RootCause.valueOf(row.getString("cause")),
                        Sealed.of(row.getBytes("text")),
                        row.getObject("owner", UUID.class),
                        row.getObject("due_on", LocalDate.class),
                        row.getObject("duty_id", UUID.class),
                        instantOrNull(row, "done_at")))
                .list();
    }

    boolean done(UUID tenant, UUID contract, UUID id, Instant now) {
        return jdbc.sql("""
                        update complaint.corrective set done_at = :now
                        where tenant_id = :tenant and contract_id = :contract and id = :id and done_at is null
                        """)
                        .param("now", utc(now))
                        .param("tenant", tenant)
                        .param("contract", contract)
                        .param("id", id)
                        .update()
                == 1;
    }
}
