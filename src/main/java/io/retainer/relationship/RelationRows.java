package io.retainer.relationship;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Collection;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.dao.OptimisticLockingFailureException;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/** The rows of relations, of the rules of the pool, and of relations that rest under another. */
@Repository
class RelationRows {

    /** After every id. */
    static final UUID LAST = new UUID(-1, -1);

    private final JdbcClient jdbc;

    RelationRows(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /** Which relations a list shows. */
    enum View {
        MINE,
        POOL,
        /** Not contacted within the time that the plan gives the tier. */
        DUE,
        /** Never reached, or not for 90 days. */
        DORMANT,
        /** For which one of the rules of {@link CustomerRisks} holds. */
        AT_RISK,
        ALL
    }

    static final Duration DORMANT = Duration.ofDays(90);

    record Idle(UUID tenant, UUID contract, UUID customer) {}

    boolean add(Relation relation) {
        return jdbc.sql("""
            insert into relationship.relation (tenant_id, contract_id, customer_id, tier, since, held_since, round,
                version)
            values (:tenant, :contract, :customer, :tier, :since, :since, 1, 0)
            on conflict do nothing
            """)
                        .param("tenant", relation.tenant())
                        .param("contract", relation.contract())
                        .param("customer", relation.customer())
                        .param("tier", relation.tier().name())
                        .param("since", utc(relation.since()))
                        .update()
                == 1;
    }

    /** @throws OptimisticLockingFailureException when somebody else changed it meanwhile */
    void save(Relation relation, @Nullable Instant idleAt) {
        int rows = jdbc.sql("""
            update relationship.relation set tier = :tier, agent_id = :agent, held_since = :held,
                last_from = :from, last_contact_at = :contact, round = :round, idle_at = :idle,
                version = version + 1
            where tenant_id = :tenant and contract_id = :contract and customer_id = :customer
            and version = :version
            """)
                .param("tier", relation.tier().name())
                .param("agent", relation.agent())
                .param("held", utc(relation.heldSince()))
                .param("from", relation.lastFrom())
                .param("contact", utcOrNull(relation.lastContactAt()))
                .param("round", relation.round())
                .param("idle", utcOrNull(idleAt))
                .param("tenant", relation.tenant())
                .param("contract", relation.contract())
                .param("customer", relation.customer())
                .param("version", relation.version())
                .update();
        if (rows == 0) {
            throw new OptimisticLockingFailureException("The relation was changed meanwhile");
        }
    }

    Optional<Relation> find(UUID tenant, UUID contract, UUID customer) {
        return one(tenant, contract, customer, "");
    }

    Optional<Relation> locked(UUID tenant, UUID contract, UUID customer) {
        return one(tenant, contract, customer, " for update");
    }

    private Optional<Relation> one(UUID tenant, UUID contract, UUID customer, String lock) {
        return jdbc.sql("""
            select * from relationship.relation
            where tenant_id = :tenant and contract_id = :contract and customer_id = :customer and merged_into is null
            """ + lock)
                .param("tenant", tenant)
                .param("contract", contract)
                .param("customer", customer)
                .query(RelationRows::relation)
                .optional();
    }

    /** Is part of each view; the plan of a tier without days is never over. */
    private static final String IN_VIEW = """
            case cast(:view as text)
                when 'MINE' then agent_id = :person
                when 'POOL' then agent_id is null
                when 'DORMANT' then coalesce(last_contact_at, since) < :dormant
                when 'DUE' then coalesce(last_contact_at, since) < case tier
                    when 'KEY' then cast(:key as timestamptz)
                    when 'REGULAR' then cast(:regular as timestamptz)
                    else cast(:occasional as timestamptz) end
                else true end
            """;

    /**
     * The customers that came last first; beyond the plan and dormant, those first that have waited longest.
     *
     * @param only of these, or null for any
     */
    List<Relation> page(
            UUID tenant,
            UUID contract,
            View view,
            UUID person,
            PoolRules rules,
            @Nullable Collection<UUID> only,
            @Nullable UUID before,
            Instant now,
            int most) {
        var waited = switch (view) {
            // By how far each is beyond what its own tier asks for.
            case DUE ->
                "coalesce(last_contact_at, since) - case tier when 'KEY' then cast(:key as timestamptz)"
                        + " when 'REGULAR' then cast(:regular as timestamptz) else cast(:occasional as timestamptz) end";
            case DORMANT -> "coalesce(last_contact_at, since)";
            case MINE, POOL, AT_RISK, ALL -> null;
        };
        var after = waited == null
                ? "(cast(:before as uuid) is null or customer_id < :before)"
                : "(cast(:before as uuid) is null or (" + waited + ", customer_id) > (select " + waited
                        + ", customer_id from relationship.relation where tenant_id = :tenant and contract_id = :contract"
                        + " and customer_id = :before))";
        return jdbc.sql("""
            select * from relationship.relation
            where tenant_id = :tenant and contract_id = :contract and merged_into is null
            and (cast(:only as uuid[]) is null or customer_id = any (:only))
            and %s and %s
            order by %s limit :most
            """.formatted(after, IN_VIEW, waited == null ? "customer_id desc" : waited + ", customer_id"))
                .param("tenant", tenant)
                .param("contract", contract)
                .param("before", before, java.sql.Types.OTHER)
                .param("only", only == null ? null : only.toArray(UUID[]::new))
                .param("view", view.name())
                .param("person", person)
                .param("dormant", utc(now.minus(DORMANT)))
                .param("key", planned(rules, Tier.KEY, now))
                .param("regular", planned(rules, Tier.REGULAR, now))
                .param("occasional", planned(rules, Tier.OCCASIONAL, now))
                .param("most", most)
                .query(RelationRows::relation)
                .list();
    }

    /** How many each view has; who is at risk is not counted, because that asks every rule. */
    Map<View, Integer> counts(UUID tenant, UUID contract, UUID person, PoolRules rules, Instant now) {
        var counts = new EnumMap<View, Integer>(View.class);
        jdbc.sql("""
            select count(*)::int as everyone, count(*) filter (where agent_id = :person)::int as mine,
                count(*) filter (where agent_id is null)::int as pool,
                count(*) filter (where coalesce(last_contact_at, since) < :dormant)::int as dormant,
                count(*) filter (where coalesce(last_contact_at, since) < case tier
                    when 'KEY' then cast(:key as timestamptz)
                    when 'REGULAR' then cast(:regular as timestamptz)
                    else cast(:occasional as timestamptz) end)::int as due
            from relationship.relation where tenant_id = :tenant and contract_id = :contract and merged_into is null
            """)
                .param("tenant", tenant)
                .param("contract", contract)
                .param("person", person)
                .param("dormant", utc(now.minus(DORMANT)))
                .param("key", planned(rules, Tier.KEY, now))
                .param("regular", planned(rules, Tier.REGULAR, now))
                .param("occasional", planned(rules, Tier.OCCASIONAL, now))
                .query(row -> {
                    counts.put(View.ALL, row.getInt("everyone"));
                    counts.put(View.MINE, row.getInt("mine"));
                    counts.put(View.POOL, row.getInt("pool"));
                    counts.put(View.DORMANT, row.getInt("dormant"));
                    counts.put(View.DUE, row.getInt("due"));
                });
        return counts;
    }

    /** Whoever was contacted before is beyond the plan: its last day is over, as that of the duty is. */
    private static @Nullable OffsetDateTime planned(PoolRules rules, Tier tier, Instant now) {
        var days = rules.plan().get(tier);
        return days == null
                ? null
                : LocalDate.ofInstant(now, Relations.ZONE)
                        .minusDays(days)
                        .atStartOfDay(Relations.ZONE)
                        .toOffsetDateTime();
    }

    /** Whatever else the agent picks waits. */
    void alone(UUID tenant, UUID contract, UUID agent) {
        jdbc.sql("select pg_advisory_xact_lock(hashtextextended(:who, 11))")
                .param("who", tenant + "/" + contract + "/" + agent)
                .query()
                .singleRow();
    }

    int held(UUID tenant, UUID contract, UUID agent) {
        return jdbc.sql("""
            select count(*)::int from relationship.relation
            where tenant_id = :tenant and contract_id = :contract and agent_id = :agent and merged_into is null
            """)
                .param("tenant", tenant)
                .param("contract", contract)
                .param("agent", agent)
                .query(Integer.class)
                .single();
    }

    List<UUID> customers(UUID tenant, UUID contract) {
        return jdbc.sql(
                        "select customer_id from relationship.relation where tenant_id = :tenant and contract_id = :contract and merged_into is null")
                .param("tenant", tenant)
                .param("contract", contract)
                .query((row, _) -> row.getObject(1, UUID.class))
                .list();
    }

    List<UUID> ofAgent(UUID tenant, UUID contract, UUID agent) {
        return jdbc.sql("""
            select customer_id from relationship.relation
            where tenant_id = :tenant and contract_id = :contract and agent_id = :agent order by customer_id
            """)
                .param("tenant", tenant)
                .param("contract", contract)
                .param("agent", agent)
                .query((row, _) -> row.getObject(1, UUID.class))
                .list();
    }

    List<Idle> idle(Instant now, int most) {
        return jdbc.sql("""
            select tenant_id as tenant, contract_id as contract, customer_id as customer
            from relationship.idle(:now, :most)
            """)
                .param("now", utc(now))
                .param("most", most)
                .query((row, _) -> new Idle(
                        row.getObject("tenant", UUID.class),
                        row.getObject("contract", UUID.class),
                        row.getObject("customer", UUID.class)))
                .list();
    }

    // Rules

    PoolRules rules(UUID tenant, UUID contract) {
        return jdbc.sql("select * from relationship.rules where tenant_id = :tenant and contract_id = :contract")
                .param("tenant", tenant)
                .param("contract", contract)
                .query((row, _) -> {
                    var plan = new EnumMap<Tier, Integer>(Tier.class);
                    for (var tier : Tier.values()) {
                        var days =
                                row.getObject(tier.name().toLowerCase(java.util.Locale.ROOT) + "_days", Integer.class);
                        if (days != null) {
                            plan.put(tier, days);
                        }
                    }
                    return new PoolRules(
                            row.getInt("most"),
                            row.getInt("idle_days"),
                            row.getInt("cool_days"),
                            plan,
                            row.getInt("version"));
                })
                .optional()
                .orElse(PoolRules.PLATFORM);
    }

    /** False when somebody else has changed them since; {@code rules.version()} is what was looked at. */
    boolean save(UUID tenant, UUID contract, PoolRules rules) {
        int saved = jdbc.sql("""
            insert into relationship.rules as r (tenant_id, contract_id, most, idle_days, cool_days, key_days,
                regular_days, occasional_days, version)
            values (:tenant, :contract, :most, :idle, :cool, :key, :regular, :occasional, 1)
            on conflict (tenant_id, contract_id) do update set most = :most, idle_days = :idle,
                cool_days = :cool, key_days = :key, regular_days = :regular, occasional_days = :occasional,
                version = r.version + 1
            where r.version = :version
            """)
                .param("version", rules.version())
                .param("tenant", tenant)
                .param("contract", contract)
                .param("most", rules.most())
                .param("idle", rules.idleDays())
                .param("cool", rules.coolDays())
                .param("key", rules.plan().get(Tier.KEY))
                .param("regular", rules.plan().get(Tier.REGULAR))
                .param("occasional", rules.plan().get(Tier.OCCASIONAL))
                .update();
        if (saved == 0) {
            return false;
        }
        // Who holds a customer longer than the new rules allow is found by the next sweep.
        jdbc.sql("""
            update relationship.relation
            set idle_at = greatest(held_since, last_contact_at) + make_interval(days => :idle)
            where tenant_id = :tenant and contract_id = :contract and agent_id is not null
            """)
                .param("idle", rules.idleDays())
                .param("tenant", tenant)
                .param("contract", contract)
                .update();
        return true;
    }

    // Customers that became one

    /**
     * Where a relation is.
     *
     * @param into the customer it rests under, or null when it goes on
     * @param agent who held it when it came to rest
     * @param gave whether that agent got the other customer
     */
    record Place(
            UUID id,
            UUID contract,
            UUID customer,
            @Nullable UUID into,
            @Nullable UUID agent,
            boolean gave) {}

    /** Those that go on. */
    List<Place> ofCustomer(UUID tenant, UUID customer) {
        return jdbc.sql("""
            select * from relationship.relation
            where tenant_id = :tenant and customer_id = :customer and merged_into is null order by contract_id
            """)
                .param("tenant", tenant)
                .param("customer", customer)
                .query(RelationRows::place)
                .list();
    }

    List<Place> ofIds(UUID tenant, Collection<UUID> ids) {
        return jdbc.sql("""
            select * from relationship.relation where tenant_id = :tenant and id = any (:ids) order by contract_id
            """)
                .param("tenant", tenant)
                .param("ids", ids.toArray(UUID[]::new))
                .query(RelationRows::place)
                .list();
    }

    /** Makes the relation with one customer that with another, who has none. */
    void rename(UUID tenant, UUID contract, UUID from, UUID to) {
        jdbc.sql("""
            update relationship.relation set customer_id = :to
            where tenant_id = :tenant and contract_id = :contract and customer_id = :from
            """)
                .param("tenant", tenant)
                .param("contract", contract)
                .param("from", from)
                .param("to", to)
                .update();
    }

    /** @param gave whether its agent gets the customer it rests under */
    void rest(UUID tenant, UUID contract, UUID customer, UUID under, boolean gave) {
        jdbc.sql("""
            update relationship.relation set merged_into = :under, merged_agent = agent_id, gave_agent = :gave,
                agent_id = null, idle_at = null, version = version + 1
            where tenant_id = :tenant and contract_id = :contract and customer_id = :customer
            """)
                .param("tenant", tenant)
                .param("contract", contract)
                .param("customer", customer)
                .param("under", under)
                .param("gave", gave)
                .update();
    }

    /** It goes on, in the pool until it is saved with its agent. */
    void wake(UUID tenant, UUID contract, UUID customer) {
        jdbc.sql("""
            update relationship.relation set merged_into = null, merged_agent = null, gave_agent = false
            where tenant_id = :tenant and contract_id = :contract and customer_id = :customer
            """)
                .param("tenant", tenant)
                .param("contract", contract)
                .param("customer", customer)
                .update();
    }

    private static Place place(ResultSet row, int number) throws SQLException {
        return new Place(
                row.getObject("id", UUID.class),
                row.getObject("contract_id", UUID.class),
                row.getObject("customer_id", UUID.class),
                row.getObject("merged_into", UUID.class),
                row.getObject("merged_agent", UUID.class),
                row.getBoolean("gave_agent"));
    }

    private static Relation relation(ResultSet row, int number) throws SQLException {
        var contact = row.getObject("last_contact_at", OffsetDateTime.class);
        return new Relation(
                row.getObject("customer_id", UUID.class),
                row.getObject("tenant_id", UUID.class),
                row.getObject("contract_id", UUID.class),
                Tier.valueOf(row.getString("tier")),
                row.getObject("agent_id", UUID.class),
                instant(row, "since"),
                instant(row, "held_since"),
                row.getObject("last_from", UUID.class),
                contact == null ? null : contact.toInstant(),
                row.getInt("round"),
                row.getInt("version"));
    }

    private static OffsetDateTime utc(Instant instant) {
        return instant.atOffset(ZoneOffset.UTC);
    }

    private static @Nullable OffsetDateTime utcOrNull(@Nullable Instant instant) {
        return instant == null ? null : utc(instant);
    }

    private static Instant instant(ResultSet row, String column) throws SQLException {
        return row.getObject(column, OffsetDateTime.class).toInstant();
    }
}
