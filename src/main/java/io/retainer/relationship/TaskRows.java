package io.retainer.relationship;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.dao.OptimisticLockingFailureException;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/** The rows of tasks. */
@Repository
class TaskRows {

    private final JdbcClient jdbc;

    TaskRows(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /** @param words sealed */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    record Kept(Task task, byte[] words) {}

    void add(Task task, byte[] words) {
        jdbc.sql("""
            insert into relationship.task (tenant_id, id, contract_id, customer_id, opportunity_id, kind, words, person_id,
                due_at, remind, state, created_at, changed_at, version)
            values (:tenant, :id, :contract, :customer, :opportunity, :kind, :words, :person, :due, :remind, 'OPEN', :at,
                :at, 0)
            """)
                .param("tenant", task.tenant())
                .param("id", task.id())
                .param("contract", task.contract())
                .param("customer", task.customer())
                .param("opportunity", task.opportunity())
                .param("kind", task.kind().name())
                .param("words", words)
                .param("person", task.person())
                .param("due", utc(task.dueAt()))
                .param("remind", task.remind())
                .param("at", utc(task.createdAt()))
                .update();
    }

    /** @throws OptimisticLockingFailureException when somebody else changed it meanwhile */
    void save(Task task) {
        int rows = jdbc.sql("""
            update relationship.task set person_id = :person, due_at = :due, state = :state, changed_at = :changed,
                ended_at = :ended, version = version + 1
            where tenant_id = :tenant and id = :id and version = :version
            """)
                .param("person", task.person())
                .param("due", utc(task.dueAt()))
                .param("state", task.state().name())
                .param("changed", utc(task.changedAt()))
                .param("ended", task.endedAt() == null ? null : utc(task.endedAt()))
                .param("tenant", task.tenant())
                .param("id", task.id())
                .param("version", task.version())
                .update();
        if (rows == 0) {
            throw new OptimisticLockingFailureException("The task was changed meanwhile");
        }
    }

    Optional<Kept> find(UUID tenant, UUID contract, UUID id) {
        return jdbc.sql(
                        "select * from relationship.task where tenant_id = :tenant and contract_id = :contract and id = :id")
                .param("tenant", tenant)
                .param("contract", contract)
                .param("id", id)
                .query(TaskRows::kept)
                .optional();
    }

    Optional<Task> locked(UUID tenant, UUID contract, UUID id) {
        return jdbc.sql("""
            select * from relationship.task
            where tenant_id = :tenant and contract_id = :contract and id = :id for update
            """)
                .param("tenant", tenant)
                .param("contract", contract)
                .param("id", id)
                .query(TaskRows::task)
                .optional();
    }

    /**
     * Open ones under some contracts.
     *
     * @param person whose they are, or null for everybody's
     * @param after later than this they are due, and not later than {@code until}
     */
    record Open(
            Collection<UUID> tenants,
            Collection<UUID> contracts,
            @Nullable UUID person,
            @Nullable TaskKind kind,
            Instant after,
            Instant until) {

        private String condition() {
            return "tenant_id = any (:tenants) and contract_id = any (:contracts) and ended_at is null"
                    + " and due_at > :after and due_at <= :until"
                    + (person == null ? "" : " and person_id = :person")
                    + (kind == null ? "" : " and kind = :kind");
        }

        private JdbcClient.StatementSpec of(JdbcClient jdbc, String sql) {
            return jdbc.sql(sql.formatted(condition()))
                    .param("tenants", tenants.toArray(UUID[]::new))
                    .param("contracts", contracts.toArray(UUID[]::new))
                    .param("after", utc(after))
                    .param("until", utc(until))
                    .param("person", person, java.sql.Types.OTHER)
                    .param("kind", kind == null ? null : kind.name());
        }
    }

    /** What is due first comes first; {@code behind} is the last of those before, or null. */
    List<Kept> open(Open open, @Nullable UUID behind, int most) {
        var from = behind == null
                ? ""
                : " and (due_at, id) > (select due_at, id from relationship.task where tenant_id = any (:tenants)"
                        + " and id = :behind)";
        return open.of(jdbc, "select * from relationship.task where %s" + from + " order by due_at, id limit :most")
                .param("behind", behind, java.sql.Types.OTHER)
                .param("most", most)
                .query(TaskRows::kept)
                .list();
    }

    long count(Open open) {
        return open.of(jdbc, "select count(*) from relationship.task where %s")
                .query(Long.class)
                .single();
    }

    /** Who has any of them. */
    List<UUID> persons(Open open) {
        return open.of(jdbc, "select distinct person_id from relationship.task where %s and person_id is not null")
                .query((row, _) -> row.getObject(1, UUID.class))
                .list();
    }

    List<Task> between(
            Collection<UUID> tenants, Collection<UUID> contracts, UUID person, Instant since, Instant until) {
        return jdbc.sql("""
            select * from relationship.task
            where tenant_id = any (:tenants) and contract_id = any (:contracts) and person_id = :person
            and ended_at is null and due_at >= :since and due_at < :until
            order by due_at, id
            """)
                .param("tenants", tenants.toArray(UUID[]::new))
                .param("contracts", contracts.toArray(UUID[]::new))
                .param("person", person)
                .param("since", utc(since))
                .param("until", utc(until))
                .query(TaskRows::task)
                .list();
    }

    /** Those of a customer, the open ones first, then the newest. */
    List<Kept> ofCustomer(UUID tenant, UUID contract, UUID customer, int most) {
        return jdbc.sql("""
            select * from relationship.task
            where tenant_id = :tenant and contract_id = :contract and customer_id = :customer
            order by ended_at is not null, case when ended_at is null then due_at end, id desc limit :most
            """)
                .param("tenant", tenant)
                .param("contract", contract)
                .param("customer", customer)
                .param("most", most)
                .query(TaskRows::kept)
                .list();
    }

    /** Open ones of these customers that one agent, or nobody, is to do; held until the transaction ends. */
    List<Task> openOf(UUID tenant, UUID contract, UUID customer, @Nullable UUID person) {
        return jdbc.sql("""
            select * from relationship.task
            where tenant_id = :tenant and contract_id = :contract and customer_id = :customer and ended_at is null
            and person_id is not distinct from cast(:person as uuid)
            order by id for update
            """)
                .param("tenant", tenant)
                .param("contract", contract)
                .param("customer", customer)
                .param("person", person)
                .query(TaskRows::task)
                .list();
    }

    /** The ids of tasks to be reminded of, by client. */
    Map<UUID, List<UUID>> due(Instant since, Instant until) {
        record Id(UUID tenantId, UUID id) {}
        return jdbc
                .sql("select tenant_id, id from relationship.tasks_due(:since, :until)")
                .param("since", utc(since))
                .param("until", utc(until))
                .query(Id.class)
                .list()
                .stream()
                .collect(Collectors.groupingBy(Id::tenantId, Collectors.mapping(Id::id, Collectors.toList())));
    }

    List<Task> all(UUID tenant, Collection<UUID> ids) {
        return jdbc.sql("select * from relationship.task where tenant_id = :tenant and id = any (:ids)")
                .param("tenant", tenant)
                .param("ids", ids.toArray(UUID[]::new))
                .query(TaskRows::task)
                .list();
    }

    private static Kept kept(ResultSet row, int number) throws SQLException {
        return new Kept(task(row, number), row.getBytes("words"));
    }

    private static Task task(ResultSet row, int number) throws SQLException {
        var ended = row.getObject("ended_at", OffsetDateTime.class);
        return new Task(
                row.getObject("id", UUID.class),
                row.getObject("tenant_id", UUID.class),
                row.getObject("contract_id", UUID.class),
                row.getObject("customer_id", UUID.class),
                row.getObject("opportunity_id", UUID.class),
                TaskKind.valueOf(row.getString("kind")),
                row.getObject("person_id", UUID.class),
                instant(row, "due_at"),
                row.getObject("remind", Integer.class),
                TaskState.valueOf(row.getString("state")),
                instant(row, "created_at"),
                instant(row, "changed_at"),
                ended == null ? null : ended.toInstant(),
                row.getInt("version"));
    }

    private static OffsetDateTime utc(Instant instant) {
        return instant.atOffset(ZoneOffset.UTC);
    }

    private static Instant instant(ResultSet row, String column) throws SQLException {
        return row.getObject(column, OffsetDateTime.class).toInstant();
    }
}
