package io.retainer.relationship;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Collection;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.dao.OptimisticLockingFailureException;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/** The rows of relations and of what was said. */
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

    /**
     * What happened between somebody and a customer.
     *
     * @param customer with whom; a company, when it was with one of its people
     * @param with the person of the company, or null
     * @param written whether there are words to be revealed
     * @param against message key of what stood against a call that was made all the same, or null
     */
    record Touch(
            UUID id,
            UUID customer,
            @Nullable UUID with,
            String kind,
            @Nullable Boolean reached,
            boolean written,
            @Nullable String code,
            @Nullable String against,
            @Nullable UUID actor,
            Instant happenedAt) {}

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

    private static @Nullable OffsetDateTime planned(PoolRules rules, Tier tier, Instant now) {
        var days = rules.plan().get(tier);
        return days == null ? null : utc(now.minus(Duration.ofDays(days)));
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

    // What was said and done

    void add(UUID tenant, UUID contract, Touch touch, byte @Nullable [] words, Instant now) {
        jdbc.sql("""
            insert into relationship.touch (tenant_id, id, contract_id, customer_id, person_id, kind, reached, words, code,
                against, actor, happened_at, recorded_at)
            values (:tenant, :id, :contract, :customer, :person, :kind, :reached, :words, :code, :against, :actor, :at, :now)
            """)
                .param("tenant", tenant)
                .param("id", touch.id())
                .param("contract", contract)
                .param("customer", touch.customer())
                .param("person", touch.with(), java.sql.Types.OTHER)
                .param("kind", touch.kind())
                .param("reached", touch.reached())
                .param("words", words)
                .param("code", touch.code())
                .param("against", touch.against())
                .param("actor", touch.actor())
                .param("at", utc(touch.happenedAt()))
                .param("now", utc(now))
                .update();
    }

    /** The latest first; also those of a company that were with this customer as one of its people. */
    List<Touch> touches(UUID tenant, UUID contract, UUID customer, int most) {
        return jdbc.sql("""
            select id, customer_id, person_id, kind, reached, words is not null as written, code, against, actor,
                happened_at
            from ((select * from relationship.touch
                    where tenant_id = :tenant and contract_id = :contract and customer_id = :customer
                    order by happened_at desc, id desc limit :most)
                union all (select * from relationship.touch
                    where tenant_id = :tenant and contract_id = :contract and person_id = :customer
                    and customer_id <> :customer order by happened_at desc, id desc limit :most)) t
            order by happened_at desc, id desc limit :most
            """)
                .param("tenant", tenant)
                .param("contract", contract)
                .param("customer", customer)
                .param("most", most)
                .query(RelationRows::touch)
                .list();
    }

    private static final String LOGGED = """
            tenant_id = :tenant and contract_id = :contract and kind in ('CALL', 'VISIT')
            and (cast(:kind as text) is null or kind = :kind) and (cast(:agent as uuid) is null or actor = :agent)
            and (cast(:reached as boolean) is null or reached = :reached)
            and (cast(:from as timestamptz) is null or happened_at >= :from)
            and (cast(:to as timestamptz) is null or happened_at < :to)
            """;

    private JdbcClient.StatementSpec logged(String sql, UUID tenant, UUID contract, ContactLog.Filter filter) {
        return jdbc.sql(sql)
                .param("tenant", tenant)
                .param("contract", contract)
                .param("kind", filter.kind() == null ? null : filter.kind().name(), java.sql.Types.VARCHAR)
                .param("agent", filter.agent(), java.sql.Types.OTHER)
                .param("reached", filter.reached(), java.sql.Types.BOOLEAN)
                .param("from", utcOrNull(filter.from()), java.sql.Types.TIMESTAMP_WITH_TIMEZONE)
                .param("to", utcOrNull(filter.to()), java.sql.Types.TIMESTAMP_WITH_TIMEZONE);
    }

    /** Calls and visits with any customer, the latest first, after the one looked at last. */
    List<Touch> log(UUID tenant, UUID contract, ContactLog.Filter filter, @Nullable UUID before, int most) {
        return logged("""
                        select id, customer_id, person_id, kind, reached, words is not null as written, code, against, actor,
                            happened_at
                        from relationship.touch where %s
                        and (cast(:before as uuid) is null or (happened_at, id) < (select happened_at, id
                            from relationship.touch where tenant_id = :tenant and id = :before))
                        order by happened_at desc, id desc limit :most
                        """.formatted(LOGGED), tenant, contract, filter)
                .param("before", before, java.sql.Types.OTHER)
                .param("most", most)
                .query(RelationRows::touch)
                .list();
    }

    /** What each person did of it, whoever did most first. */
    List<ContactLog.Sum> sums(UUID tenant, UUID contract, ContactLog.Filter filter) {
        return logged("""
                        select actor, count(*) filter (where kind = 'CALL')::int as calls,
                            count(*) filter (where kind = 'CALL' and reached)::int as answered,
                            count(*) filter (where kind = 'VISIT')::int as visits,
                            count(*) filter (where kind = 'VISIT' and reached)::int as met,
                            count(against)::int as against
                        from relationship.touch where actor is not null and %s
                        group by actor order by count(*) desc, actor limit 100
                        """.formatted(LOGGED), tenant, contract, filter)
                .query((row, _) -> new ContactLog.Sum(
                        row.getObject("actor", UUID.class),
                        row.getInt("calls"),
                        row.getInt("answered"),
                        row.getInt("visits"),
                        row.getInt("met"),
                        row.getInt("against")))
                .list();
    }

    private static Touch touch(ResultSet row, int number) throws SQLException {
        return new Touch(
                row.getObject("id", UUID.class),
                row.getObject("customer_id", UUID.class),
                row.getObject("person_id", UUID.class),
                row.getString("kind"),
                row.getObject("reached", Boolean.class),
                row.getBoolean("written"),
                row.getString("code"),
                row.getString("against"),
                row.getObject("actor", UUID.class),
                instant(row, "happened_at"));
    }

    Optional<byte[]> words(UUID tenant, UUID contract, UUID customer, UUID touch) {
        return jdbc.sql("""
            select words from relationship.touch
            where tenant_id = :tenant and contract_id = :contract and customer_id = :customer and id = :id
            and words is not null
            """)
                .param("tenant", tenant)
                .param("contract", contract)
                .param("customer", customer)
                .param("id", touch)
                .query((row, _) -> row.getBytes(1))
                .optional();
    }

    /** When each of a company's people was last reached, under this contract. */
    Map<UUID, Instant> lastWith(UUID tenant, UUID contract, Collection<UUID> people) {
        var found = new HashMap<UUID, Instant>();
        jdbc.sql("""
            select person_id, max(happened_at) as last from relationship.touch
            where tenant_id = :tenant and contract_id = :contract and person_id = any (:people) and reached
            group by person_id
            """)
                .param("tenant", tenant)
                .param("contract", contract)
                .param("people", people.toArray(UUID[]::new))
                .query(row -> {
                    found.put(row.getObject("person_id", UUID.class), instant(row, "last"));
                });
        return found;
    }

    /** The last contact that what was written down tells of. */
    @Nullable
    Instant lastContact(UUID tenant, UUID contract, UUID customer) {
        return jdbc.sql("""
            select happened_at from relationship.touch
            where tenant_id = :tenant and contract_id = :contract and customer_id = :customer and reached
            order by happened_at desc limit 1
            """)
                .param("tenant", tenant)
                .param("contract", contract)
                .param("customer", customer)
                .query((row, _) -> instant(row, "happened_at"))
                .optional()
                .orElse(null);
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
