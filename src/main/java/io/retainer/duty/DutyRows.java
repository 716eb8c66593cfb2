package io.retainer.duty;

import io.retainer.duty.Duty.Entry;
import io.retainer.duty.DutyEvent.BreachRefuted;
import io.retainer.duty.DutyEvent.Breached;
import io.retainer.duty.DutyEvent.Change;
import io.retainer.duty.DutyEvent.DischargeUndone;
import io.retainer.duty.DutyEvent.Discharged;
import io.retainer.duty.DutyEvent.Excused;
import io.retainer.duty.DutyEvent.Paused;
import io.retainer.duty.DutyEvent.Refutation;
import io.retainer.duty.DutyEvent.Released;
import io.retainer.duty.DutyEvent.Resumed;
import io.retainer.duty.DutyEvent.Waived;
import io.retainer.kernel.Clause;
import io.retainer.kernel.Party;
import io.retainer.kernel.Unknown;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.springframework.dao.OptimisticLockingFailureException;
import org.springframework.jdbc.core.namedparam.MapSqlParameterSource;
import org.springframework.jdbc.core.namedparam.NamedParameterJdbcOperations;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/** All duties, as rows of {@code duty.duty} with their history in {@code duty.event}. */
@Repository
class DutyRows {

    /** A row that the clock has passed. */
    record Due(UUID tenant, UUID id, Instant dueAt) {}

    /** Duties of one contract, clause, debtor, action and state; the three most urgent of them are named. */
    record Alike(UUID tenant, List<UUID> first, int number, int soon) {}

    /** A row that waits for a year of the calendar. */
    record Undated(UUID tenant, UUID id) {}

    /** What a duty was and what has now become of it. */
    record Changed(Duty duty, List<Entry> entries, Duty.Row row) {}

    private static final String EVENTS =
            "select * from duty.event where tenant_id = :tenant and duty_id = any(:ids) order by duty_id, seq";

    private final JdbcClient jdbc;
    private final NamedParameterJdbcOperations batches;

    DutyRows(JdbcClient jdbc, NamedParameterJdbcOperations batches) {
        this.jdbc = jdbc;
        this.batches = batches;
    }

    Optional<Duty> find(UUID tenant, UUID id) {
        return withHistory(
                        tenant,
                        jdbc.sql("select * from duty.duty where tenant_id = :tenant and id = :id")
                                .param("tenant", tenant)
                                .param("id", id)
                                .query(DutyRows::duty)
                                .list())
                .stream()
                .findFirst();
    }

    /** For changing it: whoever else wants to waits for this transaction. */
    Duty locked(UUID tenant, UUID id) {
        return withHistory(
                        tenant,
                        jdbc.sql("select * from duty.duty where tenant_id = :tenant and id = :id for update")
                                .param("tenant", tenant)
                                .param("id", id)
                                .query(DutyRows::duty)
                                .list())
                .stream()
                .findFirst()
                .orElseThrow(() -> new Unknown("duty " + id));
    }

    List<Duty> ofContract(UUID tenant, UUID contract) {
        return withHistory(
                tenant,
                jdbc.sql("""
                        select * from duty.duty where tenant_id = :tenant and contract_id = :contract
                        order by opened_at, id
                        """)
                        .param("tenant", tenant)
                        .param("contract", contract)
                        .query(DutyRows::duty)
                        .list());
    }

    List<Duty> on(UUID tenant, UUID contract, Clause clause, String subject) {
        return withHistory(
                tenant,
                jdbc.sql("""
                        select * from duty.duty
                        where tenant_id = :tenant and contract_id = :contract and clause = :clause and subject = :subject
                        order by opened_at, id
                        """)
                        .param("tenant", tenant)
                        .param("contract", contract)
                        .param("clause", clause.id())
                        .param("subject", subject)
                        .query(DutyRows::duty)
                        .list());
    }

    /** What is owed under these contracts, whoever the client, like with like, the most urgent first. */
    List<Alike> owed(Collection<UUID> tenants, Collection<UUID> contracts, int most, Instant soon) {
        return jdbc.sql("""
                        select tenant_id, count(*) as number, count(*) filter (where due_at < :soon) as soon,
                            (array_agg(id order by coalesce(due_at, opened_at), id))[1\\:3] as first
                        from duty.duty d
                        where d.tenant_id = any(:tenants) and d.contract_id = any(:contracts)
                        and d.state in ('RUNNING', 'PAUSED', 'BREACHED') and (d.due_at is not null or d.state = 'BREACHED')
                        group by tenant_id, contract_id, clause, debtor, split_part(action, '|', 1), state
                        order by state = 'BREACHED' desc, min(coalesce(due_at, opened_at)) limit :most
                        """)
                .param("tenants", tenants.toArray(UUID[]::new))
                .param("contracts", contracts.toArray(UUID[]::new))
                .param("most", most)
                .param("soon", utc(soon))
                .query((row, _) -> new Alike(
                        row.getObject("tenant_id", UUID.class),
                        List.of((UUID[]) row.getArray("first").getArray()),
                        row.getInt("number"),
                        row.getInt("soon")))
                .list();
    }

    List<Duty> all(UUID tenant, Collection<UUID> ids) {
        return withHistory(
                tenant,
                jdbc.sql(
                                "select * from duty.duty where tenant_id = :tenant and id = any((select cast(:ids as uuid[]))::uuid[])")
                        .param("tenant", tenant)
                        .param("ids", ids.toArray(UUID[]::new))
                        .query(DutyRows::duty)
                        .list());
    }

    /** Those of the named duties that nobody else is changing right now, for changing them. */
    List<Duty> free(UUID tenant, Collection<UUID> ids) {
        return withHistory(
                tenant,
                jdbc.sql("""
                        select * from duty.duty where tenant_id = :tenant and id in (:ids)
                        order by id for update skip locked
                        """)
                        .param("tenant", tenant)
                        .param("ids", ids)
                        .query(DutyRows::duty)
                        .list());
    }

    /** Looks across tenants. The rows after the given one, the longest due first. */
    List<Due> due(Instant now, Instant afterDue, UUID afterId, int most) {
        return jdbc.sql("select * from duty.due(:now, :afterDue, :afterId, :most)")
                .param("now", utc(now))
                .param("afterDue", utc(afterDue))
                .param("afterId", afterId)
                .param("most", most)
                .query((row, _) -> new Due(
                        row.getObject("tenant_id", UUID.class),
                        row.getObject("id", UUID.class),
                        instant(row, "due_at")))
                .list();
    }

    /** Looks across tenants. */
    List<Undated> undated(UUID afterId, int most) {
        return jdbc.sql("select * from duty.undated(:afterId, :most)")
                .param("afterId", afterId)
                .param("most", most)
                .query((row, _) -> new Undated(row.getObject("tenant_id", UUID.class), row.getObject("id", UUID.class)))
                .list();
    }

    /** Looks across tenants, page by page. */
    List<UpcomingDuty> upcoming(Instant since, Instant until) {
        int most = 2000;
        var found = new ArrayList<UpcomingDuty>();
        var last = new UpcomingDuty(new UUID(0, 0), new UUID(0, 0), new UUID(0, 0), Instant.EPOCH);
        while (true) {
            var page = jdbc.sql("select * from duty.upcoming(:since, :until, :afterDue, :afterId, :most)")
                    .param("since", utc(since))
                    .param("until", utc(until))
                    .param("afterDue", utc(last.dueAt()))
                    .param("afterId", last.duty())
                    .param("most", most)
                    .query((row, _) -> new UpcomingDuty(
                            row.getObject("tenant_id", UUID.class),
                            row.getObject("contract_id", UUID.class),
                            row.getObject("id", UUID.class),
                            instant(row, "due_at")))
                    .list();
            found.addAll(page);
            if (page.size() < most) {
                return found;
            }
            last = page.getLast();
        }
    }

    /** Those that may be due in this stretch; of the breached only the history knows when. */
    List<Due> owedBetween(Collection<UUID> tenants, Collection<UUID> contracts, Instant since, Instant until) {
        return jdbc.sql("""
                        select tenant_id, id, coalesce(due_at, opened_at) as due_at from duty.duty d
                        where d.tenant_id = any(:tenants) and d.contract_id = any(:contracts)
                        and (d.state in ('RUNNING', 'PAUSED') and d.due_at >= :since and d.due_at < :until
                            or d.state = 'BREACHED' and d.opened_at < :until)
                        """)
                .param("tenants", tenants.toArray(UUID[]::new))
                .param("contracts", contracts.toArray(UUID[]::new))
                .param("since", utc(since))
                .param("until", utc(until))
                .query((row, _) -> new Due(
                        row.getObject("tenant_id", UUID.class),
                        row.getObject("id", UUID.class),
                        instant(row, "due_at")))
                .list();
    }

    /** A duty that is new, and what its row says. */
    record New(Duty duty, Duty.Row row) {}

    /** All at once; says how many there were not before. */
    int add(List<New> duties) {
        return jdbc.sql("""
                insert into duty.duty (tenant_id, id, contract_id, contract_version, clause, debtor, creditor, action,
                    subject, opened_at, deadline, state, due_at, undated, version)
                select *, 0 from unnest(cast(:tenants as uuid[]), cast(:ids as uuid[]), cast(:contracts as uuid[]),
                    cast(:versions as int[]), cast(:clauses as text[]), cast(:debtors as text[]),
                    cast(:creditors as text[]), cast(:actions as text[]), cast(:subjects as text[]),
                    cast(:openedAt as timestamptz[]), cast(:deadlines as text[]), cast(:states as text[]),
                    cast(:dueAt as timestamptz[]), cast(:undated as boolean[]))
                on conflict (tenant_id, contract_id, clause, subject, debtor) do nothing
                """)
                .param("tenants", all(duties, each -> each.duty().tenant()).toArray(UUID[]::new))
                .param("ids", all(duties, each -> each.duty().id()).toArray(UUID[]::new))
                .param("contracts", all(duties, each -> each.duty().contract()).toArray(UUID[]::new))
                .param(
                        "versions",
                        all(duties, each -> each.duty().contractVersion()).toArray(Integer[]::new))
                .param("clauses", all(duties, each -> each.duty().clause().id()).toArray(String[]::new))
                .param(
                        "debtors",
                        all(duties, each -> each.duty().debtor().name()).toArray(String[]::new))
                .param(
                        "creditors",
                        all(duties, each -> each.duty().creditor().name()).toArray(String[]::new))
                .param("actions", all(duties, each -> each.duty().action()).toArray(String[]::new))
                .param("subjects", all(duties, each -> each.duty().subject()).toArray(String[]::new))
                .param(
                        "openedAt",
                        all(duties, each -> each.duty().openedAt().toString()).toArray(String[]::new))
                .param(
                        "deadlines",
                        all(duties, each -> each.duty().deadline().code()).toArray(String[]::new))
                .param("states", all(duties, each -> each.row().state().name()).toArray(String[]::new))
                .param(
                        "dueAt",
                        duties.stream()
                                .map(each -> each.row().look())
                                .map(look -> look == null ? null : look.toString())
                                .toArray(String[]::new))
                .param("undated", all(duties, each -> each.row().undated()).toArray(Boolean[]::new))
                .update();
    }

    private static <T> List<T> all(List<New> duties, Function<New, T> part) {
        return duties.stream().map(part).toList();
    }

    /** Writes what happened, unless someone else has written since the duties were read. */
    void save(List<Changed> changes) {
        var updates = changes.stream().map(DutyRows::columns).toArray(MapSqlParameterSource[]::new);
        var counts = batches.batchUpdate("""
                update duty.duty set state = :state, due_at = :dueAt, undated = :undated, version = version + 1
                where tenant_id = :tenant and id = :id and version = :version
                """, updates);
        for (int i = 0; i < counts.length; i++) {
            if (counts[i] != 1) {
                throw new OptimisticLockingFailureException(
                        "Someone else changed duty " + changes.get(i).duty().id());
            }
        }
        var inserts = new ArrayList<MapSqlParameterSource>();
        for (var change : changes) {
            int seq = change.duty().history().size();
            for (var entry : change.entries()) {
                inserts.add(columns(entry, ++seq));
            }
        }
        batches.batchUpdate("""
                insert into duty.event (tenant_id, duty_id, seq, kind, happened_at, recorded_at, actor, cause, refers_to,
                    refutation, release, reason)
                values (:tenant, :duty, :seq, :kind, :happenedAt, :recordedAt, :actor, :cause, :refersTo,
                    :refutation, :release, :reason)
                """, inserts.toArray(MapSqlParameterSource[]::new));
    }

    private static MapSqlParameterSource columns(Changed change) {
        return new MapSqlParameterSource()
                .addValue("tenant", change.duty().tenant())
                .addValue("id", change.duty().id())
                .addValue("version", change.duty().version())
                .addValue("state", change.row().state().name())
                .addValue(
                        "dueAt",
                        change.row().look() == null ? null : utc(change.row().look()))
                .addValue("undated", change.row().undated());
    }

    private static MapSqlParameterSource columns(Entry entry, int seq) {
        var event = entry.event();
        return new MapSqlParameterSource()
                .addValue("tenant", event.tenant())
                .addValue("duty", event.duty())
                .addValue("seq", seq)
                .addValue("kind", event.kind())
                .addValue("happenedAt", utc(event.happenedAt()))
                .addValue("recordedAt", utc(entry.recordedAt()))
                .addValue("actor", event.actor())
                .addValue("cause", name(causeOf(event)))
                .addValue("refersTo", refersTo(event))
                .addValue(
                        "refutation",
                        event instanceof BreachRefuted refuted
                                ? refuted.because().name()
                                : null)
                .addValue(
                        "release",
                        event instanceof Released released ? released.why().name() : null)
                .addValue("reason", entry.reason());
    }

    /** Whose cause the event is about, if it is about one. */
    static @Nullable Cause causeOf(Change event) {
        return switch (event) {
            case Paused e -> e.owner();
            case Resumed e -> e.owner();
            case Excused e -> e.cause();
            case Discharged _, DischargeUndone _, Breached _, BreachRefuted _, Waived _, Released _ -> null;
        };
    }

    private static @Nullable String name(@Nullable Cause cause) {
        return cause == null ? null : cause.name();
    }

    private static @Nullable OffsetDateTime refersTo(Change event) {
        return switch (event) {
            case DischargeUndone e -> utc(e.dischargedAt());
            case BreachRefuted e -> utc(e.due());
            case Excused e -> utc(e.since());
            case Paused _, Resumed _, Discharged _, Breached _, Waived _, Released _ -> null;
        };
    }

    private List<Duty> withHistory(UUID tenant, List<Duty> duties) {
        if (duties.isEmpty()) {
            return List.of();
        }
        var byId = new HashMap<UUID, Duty>();
        duties.forEach(duty -> byId.put(duty.id(), duty));
        var histories = new HashMap<UUID, List<Entry>>();
        // Whatever happens to a duty counts its version up.
        var touched =
                duties.stream().filter(duty -> duty.version() > 0).map(Duty::id).toArray(UUID[]::new);
        if (touched.length > 0) {
            jdbc.sql(EVENTS).param("tenant", tenant).param("ids", touched).query(row -> {
                var duty = Objects.requireNonNull(byId.get(row.getObject("duty_id", UUID.class)));
                histories.computeIfAbsent(duty.id(), _ -> new ArrayList<>()).add(entry(row, duty));
            });
        }
        return duties.stream()
                .map(duty -> duty.after(histories.getOrDefault(duty.id(), List.of())))
                .toList();
    }

    private static Duty duty(ResultSet row, int number) throws SQLException {
        return new Duty(
                row.getObject("id", UUID.class),
                row.getObject("tenant_id", UUID.class),
                row.getObject("contract_id", UUID.class),
                row.getInt("contract_version"),
                Clause.of(row.getString("clause")),
                Party.valueOf(row.getString("debtor")),
                Party.valueOf(row.getString("creditor")),
                row.getString("action"),
                row.getString("subject"),
                instant(row, "opened_at"),
                Deadline.of(row.getString("deadline")),
                List.of(),
                row.getInt("version"));
    }

    private static Entry entry(ResultSet row, Duty duty) throws SQLException {
        var tenant = duty.tenant();
        var contract = duty.contract();
        var clause = duty.clause();
        var id = duty.id();
        var at = instant(row, "happened_at");
        var actor = row.getObject("actor", UUID.class);
        Change event = switch (row.getString("kind")) {
            case "duty.Paused" -> new Paused(tenant, contract, clause, id, causeOf(row), at, actor);
            case "duty.Resumed" -> new Resumed(tenant, contract, clause, id, causeOf(row), at, actor);
            case "duty.Discharged" -> new Discharged(tenant, contract, clause, id, at, actor);
            case "duty.DischargeUndone" ->
                new DischargeUndone(tenant, contract, clause, id, instant(row, "refers_to"), at, actor);
            case "duty.Breached" -> new Breached(tenant, contract, clause, id, at);
            case "duty.BreachRefuted" ->
                new BreachRefuted(
                        tenant,
                        contract,
                        clause,
                        id,
                        instant(row, "refers_to"),
                        Refutation.valueOf(row.getString("refutation")),
                        at);
            case "duty.Excused" ->
                new Excused(tenant, contract, clause, id, causeOf(row), instant(row, "refers_to"), at, actor);
            case "duty.Waived" -> new Waived(tenant, contract, clause, id, at, actor);
            case "duty.Released" ->
                new Released(tenant, contract, clause, id, Release.valueOf(row.getString("release")), at, actor);
            case String other -> throw new IllegalStateException("Event " + other);
        };
        return new Entry(event, instant(row, "recorded_at"), row.getString("reason"));
    }

    private static Cause causeOf(ResultSet row) throws SQLException {
        return Cause.valueOf(row.getString("cause"));
    }

    private static OffsetDateTime utc(Instant instant) {
        return instant.atOffset(ZoneOffset.UTC);
    }

    private static Instant instant(ResultSet row, String column) throws SQLException {
        return row.getObject(column, OffsetDateTime.class).toInstant();
    }
}
