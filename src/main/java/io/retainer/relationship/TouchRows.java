package io.retainer.relationship;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/** The rows of what was said and done with customers: calls, visits, notes, and who held whom when. */
@Repository
class TouchRows {

    private final JdbcClient jdbc;

    TouchRows(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

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
                .query(TouchRows::touch)
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
                .query(TouchRows::touch)
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
