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
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
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

    /** Of what has the words that are looked for, the newest. */
    private static final int MOST_FOUND = 200;

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
            @Nullable Long phone,
            @Nullable Long email,
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
                .param("phoneIndex", phone)
                .param("emailIndex", email)
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
        return jdbc.sql(SELECT + " where c.tenant_id = :tenant and c.id = :id for update")
                .param("tenant", tenant)
                .param("id", id)
                .query(ComplaintRows::row)
                .optional()
                .filter(row -> row.complaint().contract().equals(contract))
                .orElseThrow(() -> new Unknown("complaint " + id));
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

    /**
     * The queue. Values that are null do not restrict.
     *
     * @param tenants one for each of the contracts, in their order
     * @param values blind indexes of a phone number or address
     * @param parts only those whose words have all of them; then there is one contract only
     * @param product as it was written down
     * @param region as it was written down
     * @param receivedFrom not before
     * @param receivedBefore not then or later
     * @param counted only what the analysis counts
     * @param service of I-1.1 it is about
     */
    record Wanted(
            Collection<UUID> tenants,
            Collection<UUID> contracts,
            boolean open,
            @Nullable StageName stage,
            @Nullable Priority priority,
            @Nullable Category category,
            @Nullable Intake intake,
            @Nullable UUID owner,
            boolean unowned,
            boolean late,
            boolean paused,
            @Nullable RootCause cause,
            @Nullable Long number,
            List<Long> values,
            @Nullable List<Integer> parts,
            @Nullable String product,
            @Nullable String region,
            @Nullable Instant receivedFrom,
            @Nullable Instant receivedBefore,
            boolean counted,
            @Nullable ContractedService service) {

        Wanted(
                Collection<UUID> tenants,
                Collection<UUID> contracts,
                boolean open,
                @Nullable StageName stage,
                @Nullable Priority priority,
                @Nullable Category category,
                @Nullable Intake intake,
                @Nullable UUID owner,
                boolean unowned,
                boolean late,
                boolean paused,
                @Nullable RootCause cause,
                @Nullable Long number,
                List<Long> values,
                @Nullable List<Integer> parts) {
            this(
                    tenants, contracts, open, stage, priority, category, intake, owner, unowned, late, paused, cause,
                    number, values, parts, null, null, null, null, false, null);
        }
    }

    /**
     * @param afterDue when the last one seen was due, or null
     * @param afterId the last one seen, or null
     */
    List<Row> queue(Wanted w, @Nullable Instant afterDue, @Nullable UUID afterId, int most, Instant now) {
        // Each contract by itself, so that its index gives the order and nothing is sorted but the heads.
        boolean one = w.contracts().size() == 1;
        var sql = new StringBuilder(one ? "" : "select c.* from " + PAIRS + " cross join lateral (")
                .append(SELECT)
                .append(
                        one
                                ? " where c.tenant_id = :tenant and c.contract_id = :contract"
                                : " where c.tenant_id = w.tenant_id and c.contract_id = w.contract_id")
                .append(w.open() ? " and c.ended_at is null" : "");
        if (w.stage() != null) {
            sql.append(" and c.stage = :stage");
        }
        if (w.priority() != null) {
            // Spelled out, for the index of the urgent ones.
            sql.append(" and c.priority = '").append(w.priority().name()).append('\'');
        }
        if (w.category() != null) {
            sql.append(" and c.category = :category");
        }
        if (w.intake() != null) {
            sql.append(" and c.intake = :intake");
        }
        if (w.owner() != null) {
            sql.append(" and c.owner = :owner");
        }
        if (w.unowned()) {
            sql.append(" and c.owner is null");
        }
        if (w.late()) {
            sql.append(" and c.due_at <= :now");
        }
        if (w.paused()) {
            sql.append(" and c.paused_for is not null");
        }
        if (w.cause() != null) {
            sql.append(" and c.cause = :cause");
        }
        if (w.product() != null) {
            sql.append(" and c.product = :product");
        }
        if (w.region() != null) {
            sql.append(" and c.region = :region");
        }
        if (w.service() != null) {
            sql.append(" and c.service = :service");
        }
        if (w.receivedFrom() != null) {
            sql.append(" and c.received_at >= :receivedFrom");
        }
        if (w.receivedBefore() != null) {
            sql.append(" and c.received_at < :receivedBefore");
        }
        if (w.counted()) {
            sql.append(" and c.stage <> 'MERGED'");
        }
        if (w.number() != null) {
            sql.append(" and c.number = :number");
        }
        if (!w.values().isEmpty()) {
            sql.append(" and (c.phone_index = any(:values) or c.email_index = any(:values))");
        }
        if (w.parts() != null) {
            sql.append(" and c.id in (select complaint.by_words(:tenant, :contract, cast(:parts as int[]), ")
                    .append(MOST_FOUND)
                    .append("))");
        }
        if (afterDue != null) {
            sql.append(w.open() ? " and (c.due_at, c.id) > (:afterDue, :afterId)" : " and c.id < :afterId");
        }
        var order = (w.open() ? " order by c.due_at, c.id" : " order by c.id desc") + " limit :most";
        sql.append(order);
        if (!one) {
            sql.append(") c").append(order);
        }
        return jdbc.sql(sql.toString())
                .param("tenants", w.tenants().toArray(UUID[]::new))
                .param("contracts", w.contracts().toArray(UUID[]::new))
                .param("tenant", w.tenants().iterator().next())
                .param("contract", w.contracts().iterator().next())
                .param("stage", name(w.stage()))
                .param("category", name(w.category()))
                .param("intake", name(w.intake()))
                .param("owner", w.owner())
                .param("cause", name(w.cause()))
                .param("number", w.number())
                .param("product", w.product())
                .param("region", w.region())
                .param("service", name(w.service()))
                .param("receivedFrom", utcOrNull(w.receivedFrom()))
                .param("receivedBefore", utcOrNull(w.receivedBefore()))
                .param("values", w.values().toArray(Long[]::new))
                .param("parts", w.parts() == null ? null : w.parts().toArray(Integer[]::new))
                .param("afterDue", afterDue == null ? null : utc(afterDue))
                .param("afterId", afterId)
                .param("now", utc(now))
                .param("most", most)
                .query(ComplaintRows::row)
                .list();
    }

    /**
     * How many there are in each view, counted up to {@link #COUNTED}: nobody reads a longer queue by its length, and
     * counting it would cost more than showing it.
     *
     * @param late whose due instant has passed
     */
    record Counts(int open, int late, int unowned, int mine, int paused, int urgent) {}

    static final int COUNTED = 100;

    private static final String PAIRS =
            "unnest(cast(:tenants as uuid[]), cast(:contracts as uuid[])) as w (tenant_id, contract_id)";

    /** @param tenants one for each of the contracts, in their order */
    Counts counts(Collection<UUID> tenants, Collection<UUID> contracts, UUID person, Instant now) {
        var counted = Stream.of(
                        "",
                        " and c.due_at <= :now",
                        " and c.owner is null",
                        " and c.owner = :person",
                        " and c.paused_for is not null",
                        " and c.priority = 'P1'")
                .map(restriction -> """
                        coalesce(sum((select count(*) from (select 1 from complaint.complaint c
                            where c.tenant_id = w.tenant_id and c.contract_id = w.contract_id and c.ended_at is null%s
                            limit :most) as first)), 0)::int""".formatted(restriction))
                .collect(Collectors.joining(", "));
        return jdbc.sql("select " + counted + " from " + PAIRS)
                .param("now", utc(now))
                .param("person", person)
                .param("most", COUNTED)
                .param("tenants", tenants.toArray(UUID[]::new))
                .param("contracts", contracts.toArray(UUID[]::new))
                .query((row, _) -> new Counts(
                        row.getInt(1), row.getInt(2), row.getInt(3), row.getInt(4), row.getInt(5), row.getInt(6)))
                .single();
    }

    /** Open complaints of each of these people, and those without an owner are nobody's. */
    List<Load> loads(UUID tenant, UUID contract, Collection<UUID> people) {
        return jdbc.sql("""
                        select p.person, count(c.id)::int as open, max(c.received_at) as last
                        from unnest(cast(:people as uuid[])) as p (person) left join complaint.complaint c
                            on c.tenant_id = :tenant and c.contract_id = :contract and c.owner = p.person
                            and c.ended_at is null
                        group by p.person
                        """)
                .param("people", people.toArray(UUID[]::new))
                .param("tenant", tenant)
                .param("contract", contract)
                .query((row, _) ->
                        new Load(row.getObject("person", UUID.class), row.getInt("open"), instantOrNull(row, "last")))
                .list();
    }

    /** @param last when the newest of them came in */
    record Load(UUID person, int open, @Nullable Instant last) {}

    /** How many complaints of a category each has closed: who knows the matter. */
    List<Load> experience(UUID tenant, UUID contract, Category category) {
        return jdbc.sql("""
                        select owner as person, count(*)::int as open, max(ended_at) as last from complaint.complaint
                        where tenant_id = :tenant and contract_id = :contract and category = :category
                        and ended_at is not null and owner is not null group by owner
                        """)
                .param("tenant", tenant)
                .param("contract", contract)
                .param("category", category.name())
                .query((row, _) ->
                        new Load(row.getObject("person", UUID.class), row.getInt("open"), instantOrNull(row, "last")))
                .list();
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

    record Place(UUID tenant, UUID id) {}

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

    List<Row> some(UUID tenant, Collection<UUID> ids) {
        return jdbc.sql(SELECT + " where c.tenant_id = :tenant and c.id = any(:ids)")
                .param("tenant", tenant)
                .param("ids", ids.toArray(UUID[]::new))
                .query(ComplaintRows::row)
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

    private static final String SELECT = "select c.* from complaint.complaint c";

    private static Row row(ResultSet row, int number) throws SQLException {
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

    private static @Nullable String name(@Nullable Enum<?> value) {
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
