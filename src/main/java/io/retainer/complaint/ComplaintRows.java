package io.retainer.complaint;

import io.retainer.complaint.Complaint.Pause;
import io.retainer.contract.ContractedService;
import io.retainer.duty.Cause;
import io.retainer.kernel.Money;
import io.retainer.kernel.Refused;
import io.retainer.kernel.Unknown;
import io.retainer.vault.BlindIndex;
import io.retainer.vault.PersonalKind;
import io.retainer.vault.Sealed;
import io.retainer.vault.SealedColumn;
import java.sql.Array;
import java.sql.Date;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/** Complaints as rows. Values go in sealed and come out sealed. */
@Repository
class ComplaintRows {

    private static final String TABLE = "complaint.complaint";
    static final SealedColumn NAME = new SealedColumn(TABLE, "name", PersonalKind.NAME);
    static final SealedColumn PHONE = new SealedColumn(TABLE, "phone", PersonalKind.PHONE);
    static final SealedColumn EMAIL = new SealedColumn(TABLE, "email", PersonalKind.EMAIL);
    static final SealedColumn SUBJECT = new SealedColumn(TABLE, "subject", PersonalKind.TEXT);
    static final BlindIndex BY_PHONE = BlindIndex.whole(PHONE);
    static final BlindIndex BY_EMAIL = BlindIndex.whole(EMAIL);
    static final BlindIndex BY_PART = BlindIndex.part(SUBJECT);
    static final BlindIndex BY_OLD_ROW = BlindIndex.whole(SUBJECT);

    /** Where nothing is owed: after everything else. */
    static final Instant NEVER = Instant.parse("9999-01-01T00:00:00Z");

    /** Ids of complaints by the same person. */
    private static final String OF_COMPLAINANT = """

            (select id from complaint.complaint where tenant_id = :tenant and customer_id = :customer
             order by id desc limit :most)
            union (select id from complaint.complaint where tenant_id = :tenant and phone_index = :phone
             order by id desc limit :most)
            union (select id from complaint.complaint where tenant_id = :tenant and email_index = :email
             order by id desc limit :most)
            """;

    private final JdbcClient jdbc;

    ComplaintRows(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /** @param dueAt {@link #NEVER} when the provider owes nothing with a clock */
    record Row(
            Complaint complaint,
            Particulars particulars,
            List<UUID> duties,
            Instant dueAt,
            Instant changedAt,
            Indexes indexes) {}

    long nextNumber() {
        return jdbc.sql("select nextval('complaint.number')").query(Long.class).single();
    }

    void add(
            Complaint c,
            Particulars p,
            Indexes indexes,
            List<Integer> parts,
            List<UUID> duties,
            Instant dueAt,
            Instant now) {
        jdbc.sql("""
                        insert into complaint.complaint (tenant_id, id, contract_id, contract_version, number, intake,
                            received_at, language, customer_id, name, phone, email, phone_index, email_index, subject, parts,
                            product, region, stage, sought, level, reopened, missed, split_from, duties, due_at, changed_at,
                            version)
                        values (:tenant, :id, :contract, :version, :number, :intake, :received, :language, :customer, :name,
                            :phone, :email, :phoneIndex, :emailIndex, :subject, :parts, :product, :region, :stage, :sought, 1,
                            0, '{}', :splitFrom, :duties, :due, :now, 0)
                        """)
                .param("tenant", c.tenant())
                .param("id", c.id())
                .param("contract", c.contract())
                .param("version", c.contractVersion())
                .param("number", c.number())
                .param("intake", c.intake().name())
                .param("received", utc(c.receivedAt()))
                .param("language", p.language())
                .param("customer", p.customer())
                .param("name", bytes(p.name()))
                .param("phone", bytes(p.phone()))
                .param("email", bytes(p.email()))
                .param("phoneIndex", indexes.phone())
                .param("emailIndex", indexes.email())
                .param("subject", p.subject().bytes())
                .param("parts", parts.toArray(Integer[]::new))
                .param("product", p.product())
                .param("region", p.region())
                .param("stage", c.stage().name().name())
                .param("sought", name(c.sought()))
                .param("splitFrom", p.splitFrom())
                .param("duties", duties.toArray(UUID[]::new))
                .param("due", utc(dueAt))
                .param("now", utc(now))
                .update();
    }

    /** @throws Refused when somebody else has changed it meanwhile */
    void save(Complaint c, List<UUID> duties, Instant dueAt, Instant now) {
        var assessed = c.assessed();
        var proposal = c.proposed();
        var pause = c.pause();
        boolean over = c.stage().name().over();
        int saved = jdbc.sql("""
                        update complaint.complaint set stage = :stage, sought = :sought, category = :category,
                            severity = :severity, impact = :impact, urgency = :urgency, hazard = :hazard,
                            priority = :priority, owner = :owner, level = :level, reopened = :reopened,
                            paused_for = :pausedFor, paused_at = :pausedAt, paused_until = :pausedUntil, cause = :cause,
                            remedy = :remedy, compensation_fen = :compensation, limit_fen = :limit, drafted_by = :draftedBy,
                            approved_by = :approvedBy, client_approved_by = :clientApprovedBy, missed = cast(:missed as date[]),
                            redirection = :redirection, merged_into = :mergedInto, external_body = :body,
                            external_at = :externalAt, ended_at = :endedAt, duties = :duties, due_at = :due,
                            changed_at = :now, version = version + 1
                        where tenant_id = :tenant and id = :id and version = :version
                        """)
                .param("stage", c.stage().name().name())
                .param("sought", name(c.sought()))
                .param("category", assessed == null ? null : assessed.category().name())
                .param("severity", assessed == null ? null : assessed.severity().name())
                .param("impact", assessed == null ? null : assessed.impact().name())
                .param("urgency", assessed == null ? null : assessed.urgency().name())
                .param("hazard", assessed == null ? null : assessed.hazard().name())
                .param("priority", assessed == null ? null : assessed.priority().name())
                .param("owner", c.owner())
                .param("level", c.level())
                .param("reopened", c.reopened())
                .param("pausedFor", pause == null ? null : pause.owner().name())
                .param("pausedAt", pause == null ? null : utc(pause.since()))
                .param("pausedUntil", pause == null ? null : utcOrNull(pause.until()))
                .param("cause", proposal == null ? null : proposal.cause().name())
                .param("remedy", proposal == null ? null : proposal.remedy().name())
                .param(
                        "compensation",
                        proposal == null ? null : proposal.compensation().fen())
                .param("limit", proposal == null ? null : proposal.limit().fen())
                .param("draftedBy", proposal == null ? null : proposal.draftedBy())
                .param("approvedBy", proposal == null ? null : proposal.approvedBy())
                .param("clientApprovedBy", proposal == null ? null : proposal.clientApprovedBy())
                .param("missed", missed(c.stage()))
                .param("redirection", c.stage() instanceof Stage.Redirected(var why, var _) ? why.name() : null)
                .param("mergedInto", c.stage() instanceof Stage.Merged(var into, var _) ? into : null)
                .param("body", c.stage() instanceof Stage.External(var body, var _) ? body.name() : null)
                .param("externalAt", c.stage() instanceof Stage.External(var _, var at) ? utc(at) : null)
                .param("endedAt", over ? utcOrNull(endedAt(c.stage())) : null)
                .param("duties", duties.toArray(UUID[]::new))
                .param("due", utc(over ? NEVER : dueAt))
                .param("now", utc(now))
                .param("tenant", c.tenant())
                .param("id", c.id())
                .param("version", c.version())
                .update();
        if (saved == 0) {
            throw Refused.because("complaint.refused.changed", c.number());
        }
    }

    void link(UUID tenant, UUID complaint, @Nullable UUID customer) {
        jdbc.sql("update complaint.complaint set customer_id = :customer where tenant_id = :tenant and id = :id")
                .param("customer", customer)
                .param("tenant", tenant)
                .param("id", complaint)
                .update();
    }

    /** Makes all complaints of one customer those of another. */
    List<UUID> move(UUID tenant, UUID from, UUID to) {
        return jdbc.sql("""
                        update complaint.complaint set customer_id = :to
                        where tenant_id = :tenant and customer_id = :from returning id
                        """)
                .param("to", to)
                .param("tenant", tenant)
                .param("from", from)
                .query((row, _) -> row.getObject(1, UUID.class))
                .list();
    }

    void moveBack(UUID tenant, List<UUID> complaints, UUID to) {
        jdbc.sql("update complaint.complaint set customer_id = :to where tenant_id = :tenant and id = any(:ids)")
                .param("to", to)
                .param("tenant", tenant)
                .param("ids", complaints.toArray(UUID[]::new))
                .update();
    }

    /** More words under which it is found. */
    void addParts(UUID tenant, UUID complaint, List<Integer> parts) {
        jdbc.sql("""
                        update complaint.complaint set parts =
                            (select coalesce(array_agg(distinct p), '{}') from unnest(parts || :parts) as p)
                        where tenant_id = :tenant and id = :id
                        """)
                .param("parts", parts.toArray(Integer[]::new))
                .param("tenant", tenant)
                .param("id", complaint)
                .update();
    }

    Optional<Row> find(UUID tenant, UUID id) {
        return jdbc.sql(SELECT + " where c.tenant_id = :tenant and c.id = :id")
                .param("tenant", tenant)
                .param("id", id)
                .query(ComplaintRows::row)
                .optional();
    }

    /** @throws Unknown when the contract has no such complaint */
    Row get(UUID tenant, UUID contract, UUID id) {
        return find(tenant, id)
                .filter(row -> row.complaint().contract().equals(contract))
                .orElseThrow(() -> new Unknown("complaint " + id));
    }

    /** Held until the transaction ends, so that two acts at once follow each other. */
    Row locked(UUID tenant, UUID contract, UUID id) {
        return held(tenant, id)
                .filter(row -> row.complaint().contract().equals(contract))
                .orElseThrow(() -> new Unknown("complaint " + id));
    }

    /** The same under whichever contract, for who comes by a link. */
    Row locked(UUID tenant, UUID id) {
        return held(tenant, id).orElseThrow(() -> new Unknown("complaint " + id));
    }

    private Optional<Row> held(UUID tenant, UUID id) {
        return jdbc.sql(SELECT + " where c.tenant_id = :tenant and c.id = :id for update")
                .param("tenant", tenant)
                .param("id", id)
                .query(ComplaintRows::row)
                .optional();
    }

    Optional<Row> numbered(UUID tenant, UUID contract, long number) {
        return jdbc.sql(SELECT + " where c.tenant_id = :tenant and c.contract_id = :contract and c.number = :number")
                .param("tenant", tenant)
                .param("contract", contract)
                .param("number", number)
                .query(ComplaintRows::row)
                .optional();
    }

    /**
     * What stands around a complaint on its page.
     *
     * @param related merged into it, split off, or what it was merged into or split off from itself; the oldest first
     * @param history others by the same person, the newest first
     */
    record Around(List<Row> related, List<Row> history) {}

    /** In one go, since each case that is opened asks for all of it; each part by its index, "or" has none. */
    Around around(Row row, int most) {
        var c = row.complaint();
        record Other(Row row, boolean related, boolean history) {}
        var others = jdbc.sql("""
                        with apart as materialized (select
                            array(
                                select m.id from complaint.complaint m where m.tenant_id = :tenant and m.merged_into = :id
                                union all
                                select p.id from complaint.complaint p where p.tenant_id = :tenant and p.split_from = :id
                                union all
                                select unnest(array[cast(:splitFrom as uuid), cast(:mergedInto as uuid)])
                                limit 50) as related,
                            array(""" + OF_COMPLAINANT + """
                                ) as history),
                        -- Put together here: as a condition on complaints it would keep their index out of it (RLS).
                        around as materialized (select *, related || history as ids from apart)
                        select c.*, c.id = any(around.related) as is_related, c.id = any(around.history) as is_history
                        from around join complaint.complaint c
                            on c.tenant_id = :tenant and c.id = any(around.ids)
                        where c.id <> :id
                        order by c.id
                        """)
                .param("tenant", c.tenant())
                .param("id", c.id())
                .param("splitFrom", row.particulars().splitFrom(), java.sql.Types.OTHER)
                .param(
                        "mergedInto",
                        c.stage() instanceof Stage.Merged(var into, var _) ? into : null,
                        java.sql.Types.OTHER)
                .param("customer", row.particulars().customer(), java.sql.Types.OTHER)
                .param("phone", row.indexes().phone(), java.sql.Types.BIGINT)
                .param("email", row.indexes().email(), java.sql.Types.BIGINT)
                .param("most", most + 1)
                .query((each, number) ->
                        new Other(row(each, number), each.getBoolean("is_related"), each.getBoolean("is_history")))
                .list();
        return new Around(
                others.stream().filter(Other::related).map(Other::row).toList(),
                others.reversed().stream()
                        .filter(other -> other.history()
                                && other.row().complaint().contract().equals(c.contract()))
                        .map(Other::row)
                        .limit(most)
                        .toList());
    }

    /** Others by the same person, the newest first. */
    List<Row> ofComplainant(
            UUID tenant,
            UUID contract,
            @Nullable UUID customer,
            @Nullable Long phone,
            @Nullable Long email,
            @Nullable UUID but,
            int most) {
        return jdbc.sql(SELECT + " where c.tenant_id = :tenant and c.contract_id = :contract and c.id = any(array("
                        + OF_COMPLAINANT + """
                            ))
                        and c.id is distinct from cast(:but as uuid)
                        order by c.id desc limit :most
                        """)
                .param("tenant", tenant)
                .param("contract", contract)
                .param("customer", customer, java.sql.Types.OTHER)
                .param("phone", phone, java.sql.Types.BIGINT)
                .param("email", email, java.sql.Types.BIGINT)
                .param("but", but == null ? null : but.toString())
                .param("most", most)
                .query(ComplaintRows::row)
                .list();
    }

    record Indexes(@Nullable Long phone, @Nullable Long email) {}

    void about(UUID tenant, UUID contract, UUID id, ContractedService service) {
        jdbc.sql("""
                        update complaint.complaint set service = :service
                        where tenant_id = :tenant and contract_id = :contract and id = :id
                        """)
                .param("service", service.name())
                .param("tenant", tenant)
                .param("contract", contract)
                .param("id", id)
                .update();
    }

    Indexes indexes(UUID tenant, UUID id) {
        return jdbc.sql("""
                        select phone_index, email_index from complaint.complaint where tenant_id = :tenant and id = :id
                        """)
                .param("tenant", tenant)
                .param("id", id)
                .query((row, _) -> indexes(row))
                .single();
    }

    private static Indexes indexes(ResultSet row) throws SQLException {
        return new Indexes((Long) row.getObject("phone_index"), (Long) row.getObject("email_index"));
    }

    /** How many complaints came from this address since then. */
    int receivedFrom(UUID tenant, long email, Instant since) {
        return jdbc.sql("""
                        select count(*)::int from complaint.complaint
                        where tenant_id = :tenant and email_index = :email and received_at > :since
                        """)
                .param("tenant", tenant)
                .param("email", email)
                .param("since", utc(since))
                .query(Integer.class)
                .single();
    }

    /** What was closed after being assessed, over all contracts of the client, the newest first. */
    List<Row> closed(UUID tenant, int most) {
        return jdbc.sql(SELECT + """
                         where c.tenant_id = :tenant and c.stage in ('CLOSED', 'CLOSED_UNVISITED')
                        order by c.ended_at desc limit :most
                        """)
                .param("tenant", tenant)
                .param("most", most)
                .query(ComplaintRows::row)
                .list();
    }

    List<Row> some(UUID tenant, Collection<UUID> ids) {
        return jdbc.sql(SELECT + " where c.tenant_id = :tenant and c.id = any(:ids)")
                .param("tenant", tenant)
                .param("ids", ids.toArray(UUID[]::new))
                .query(ComplaintRows::row)
                .list();
    }

    static final String SELECT = "select c.* from complaint.complaint c";

    static Row row(ResultSet row, int number) throws SQLException {
        var category = row.getString("category");
        var pausedFor = row.getString("paused_for");
        var complaint = new Complaint(
                row.getObject("id", UUID.class),
                row.getObject("tenant_id", UUID.class),
                row.getObject("contract_id", UUID.class),
                row.getInt("contract_version"),
                row.getLong("number"),
                Intake.valueOf(row.getString("intake")),
                instant(row, "received_at"),
                stage(row),
                value(Remedy.class, row.getString("sought")),
                category == null
                        ? null
                        : new Assessed(
                                Category.valueOf(category),
                                Grade.valueOf(row.getString("severity")),
                                Grade.valueOf(row.getString("impact")),
                                Grade.valueOf(row.getString("urgency")),
                                Hazard.valueOf(row.getString("hazard"))),
                row.getObject("owner", UUID.class),
                row.getInt("level"),
                row.getInt("reopened"),
                pausedFor == null
                        ? null
                        : new Pause(
                                Cause.valueOf(pausedFor),
                                instant(row, "paused_at"),
                                instantOrNull(row, "paused_until")),
                row.getInt("version"));
        var particulars = new Particulars(
                row.getObject("customer_id", UUID.class),
                Sealed.orNull(row.getBytes("name")),
                Sealed.orNull(row.getBytes("phone")),
                Sealed.orNull(row.getBytes("email")),
                Sealed.of(row.getBytes("subject")),
                row.getString("language"),
                row.getString("product"),
                row.getString("region"),
                row.getObject("split_from", UUID.class),
                value(ContractedService.class, row.getString("service")));
        return new Row(
                complaint,
                particulars,
                List.of((UUID[]) row.getArray("duties").getArray()),
                instant(row, "due_at"),
                instant(row, "changed_at"),
                indexes(row));
    }

    private static Stage stage(ResultSet row) throws SQLException {
        return switch (StageName.valueOf(row.getString("stage"))) {
            case RECEIVED -> new Stage.Received();
            case REGISTERED -> new Stage.Registered();
            case ACKNOWLEDGED -> new Stage.Acknowledged();
            case ASSESSED -> new Stage.Judged();
            case REDIRECTED ->
                new Stage.Redirected(Redirection.valueOf(row.getString("redirection")), instant(row, "ended_at"));
            case MERGED -> new Stage.Merged(row.getObject("merged_into", UUID.class), instant(row, "ended_at"));
            case INVESTIGATING -> new Stage.Investigating();
            case RESPONSE_DRAFT -> new Stage.Drafted(proposal(row));
            case COMMUNICATED -> new Stage.Communicated(proposal(row));
            case ESCALATED -> new Stage.Escalated(proposal(row));
            case RETURN_VISIT_DUE -> new Stage.VisitDue(proposal(row), days(row.getArray("missed")));
            case VISITED -> new Stage.Visited(proposal(row));
            case CLOSED -> new Stage.Closed(proposal(row), instant(row, "ended_at"), true);
            case CLOSED_UNVISITED -> new Stage.Closed(proposal(row), instant(row, "ended_at"), false);
            case EXTERNAL ->
                new Stage.External(ExternalBody.valueOf(row.getString("external_body")), instant(row, "external_at"));
        };
    }

    private static Proposal proposal(ResultSet row) throws SQLException {
        return new Proposal(
                RootCause.valueOf(row.getString("cause")),
                Remedy.valueOf(row.getString("remedy")),
                Money.ofFen(row.getLong("compensation_fen")),
                Money.ofFen(row.getLong("limit_fen")),
                row.getObject("drafted_by", UUID.class),
                row.getObject("approved_by", UUID.class),
                row.getObject("client_approved_by", UUID.class));
    }

    private static @Nullable Instant endedAt(Stage stage) {
        return switch (stage) {
            case Stage.Redirected(var _, var at) -> at;
            case Stage.Merged(var _, var at) -> at;
            case Stage.Closed(var _, var at, var _) -> at;
            case Stage.Received _,
                    Stage.Registered _,
                    Stage.Acknowledged _,
                    Stage.Judged _,
                    Stage.Investigating _,
                    Stage.Drafted _,
                    Stage.Communicated _,
                    Stage.Escalated _,
                    Stage.VisitDue _,
                    Stage.Visited _,
                    Stage.External _ -> null;
        };
    }

    private static String[] missed(Stage stage) {
        return stage instanceof Stage.VisitDue(var _, var days)
                ? days.stream().map(LocalDate::toString).toArray(String[]::new)
                : new String[0];
    }

    private static List<LocalDate> days(Array array) throws SQLException {
        return Stream.of((Object[]) array.getArray())
                .map(day -> ((Date) day).toLocalDate())
                .toList();
    }

    private static <E extends Enum<E>> @Nullable E value(Class<E> type, @Nullable String name) {
        return name == null ? null : Enum.valueOf(type, name);
    }

    static @Nullable String name(@Nullable Enum<?> value) {
        return value == null ? null : value.name();
    }

    private static byte @Nullable [] bytes(@Nullable Sealed sealed) {
        return sealed == null ? null : sealed.bytes();
    }

    static OffsetDateTime utc(Instant instant) {
        return instant.atOffset(ZoneOffset.UTC);
    }

    static @Nullable OffsetDateTime utcOrNull(@Nullable Instant instant) {
        return instant == null ? null : utc(instant);
    }

    static Instant instant(ResultSet row, String column) throws SQLException {
        return row.getObject(column, OffsetDateTime.class).toInstant();
    }

    static @Nullable Instant instantOrNull(ResultSet row, String column) throws SQLException {
        var at = row.getObject(column, OffsetDateTime.class);
        return at == null ? null : at.toInstant();
    }
}
