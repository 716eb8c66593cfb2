package io.retainer.customer;

import io.retainer.kernel.Ids;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;
import tools.jackson.databind.json.JsonMapper;

/** Segments, who is on the lists among them, and the questions a rule makes. */
@Repository
class SegmentRows implements CustomerReferences {

    private final JdbcClient jdbc;
    private final JsonMapper json;

    SegmentRows(JdbcClient jdbc, JsonMapper json) {
        this.jdbc = jdbc;
        this.json = json;
    }

    private static final String SELECT =
            "select id, name, rule, made_by, made_at, changed_at, version from customer.segment where tenant_id ="
                    + " :tenant ";

    List<Segment> newest(UUID tenant, String part, UUID before, int most) {
        return jdbc.sql(SELECT + """
            and id < :before and position(lower(:part) in lower(name)) > 0 order by id desc limit :most
            """)
                .param("tenant", tenant)
                .param("part", part)
                .param("before", before)
                .param("most", most)
                .query(this::segment)
                .list();
    }

    Optional<Segment> find(UUID tenant, UUID id) {
        return jdbc.sql(SELECT + "and id = :id")
                .param("tenant", tenant)
                .param("id", id)
                .query(this::segment)
                .optional();
    }

    /** Names of lists kept by hand, by id. */
    Map<UUID, String> lists(UUID tenant) {
        return jdbc
                .sql("select id, name from customer.segment where tenant_id = :tenant and rule is null order by name")
                .param("tenant", tenant)
                .query((row, _) -> Map.entry(row.getObject(1, UUID.class), row.getString(2)))
                .list()
                .stream()
                .collect(Collectors.toMap(
                        Map.Entry::getKey, Map.Entry::getValue, (a, _) -> a, java.util.LinkedHashMap::new));
    }

    long count(UUID tenant) {
        return jdbc.sql("select count(*) from customer.segment where tenant_id = :tenant")
                .param("tenant", tenant)
                .query(Long.class)
                .single();
    }

    String written(@Nullable Rule rule) {
        return rule == null ? "" : json.writerFor(Rule.class).writeValueAsString(rule);
    }

    /** @return false when the name is taken */
    boolean add(UUID tenant, UUID contract, Segment segment) {
        return jdbc.sql("""
            insert into customer.segment (tenant_id, id, contract_id, name, rule, made_by, made_at, changed_at,
                version)
            values (:tenant, :id, :contract, :name, cast(:rule as jsonb), :by, :at, :at, :version)
            on conflict (tenant_id, name) do nothing
            """)
                        .param("tenant", tenant)
                        .param("id", segment.id())
                        .param("contract", contract)
                        .param("name", segment.name())
                        .param("rule", segment.rule() == null ? null : written(segment.rule()))
                        .param("by", segment.madeBy())
                        .param("at", segment.madeAt().atOffset(ZoneOffset.UTC))
                        .param("version", segment.version())
                        .update()
                == 1;
    }

    boolean nameTaken(UUID tenant, String name, UUID byOtherThan) {
        return jdbc.sql("""
            select exists (select from customer.segment where tenant_id = :tenant and name = :name and id <> :id)
            """)
                .param("tenant", tenant)
                .param("name", name)
                .param("id", byOtherThan)
                .query(Boolean.class)
                .single();
    }

    /** @return false when somebody else changed it meanwhile */
    boolean change(UUID tenant, Segment segment, Instant now) {
        return jdbc.sql("""
            update customer.segment set name = :name, rule = cast(:rule as jsonb), changed_at = :now,
                version = version + 1
            where tenant_id = :tenant and id = :id and version = :version
            """)
                        .param("tenant", tenant)
                        .param("id", segment.id())
                        .param("name", segment.name())
                        .param("rule", segment.rule() == null ? null : written(segment.rule()))
                        .param("now", now.atOffset(ZoneOffset.UTC))
                        .param("version", segment.version())
                        .update()
                == 1;
    }

    void remove(UUID tenant, UUID id) {
        jdbc.sql("delete from customer.segment where tenant_id = :tenant and id = :id")
                .param("tenant", tenant)
                .param("id", id)
                .update();
    }

    /** Whether a rule of another segment asks for this list. */
    boolean used(UUID tenant, UUID list) {
        return jdbc.sql("""
            select exists (select from customer.segment
                where tenant_id = :tenant and position(cast(:id as text) in cast(rule as text)) > 0)
            """)
                .param("tenant", tenant)
                .param("id", list)
                .query(Boolean.class)
                .single();
    }

    /** Adds to a list whoever of these is a customer of the client's and is not on it. */
    int addMembers(UUID tenant, UUID list, Collection<UUID> customers, UUID by, Instant now) {
        int added = 0;
        for (var customer : customers) {
            added += jdbc.sql("""
                insert into customer.segment_member (tenant_id, id, segment_id, customer_id, added_by, added_at)
                select c.tenant_id, :id, :list, c.id, :by, :now from customer.customer c
                where c.tenant_id = :tenant and c.id = :customer and not exists (
                    select from customer.segment_member m
                    where m.tenant_id = :tenant and m.segment_id = :list and m.customer_id = :customer)
                """)
                    .param("tenant", tenant)
                    .param("id", Ids.next())
                    .param("list", list)
                    .param("customer", customer)
                    .param("by", by)
                    .param("now", now.atOffset(ZoneOffset.UTC))
                    .update();
        }
        return added;
    }

    int removeMember(UUID tenant, UUID list, UUID customer) {
        return jdbc.sql("""
            delete from customer.segment_member
            where tenant_id = :tenant and segment_id = :list and customer_id = :customer
            """)
                .param("tenant", tenant)
                .param("list", list)
                .param("customer", customer)
                .update();
    }

    /** Keeps who fits now as the members of a list. */
    int keep(UUID tenant, UUID list, String condition, Map<String, Object> parameters, UUID by, Instant now) {
        return jdbc.sql("""
            insert into customer.segment_member (tenant_id, id, segment_id, customer_id, added_by, added_at)
            select c.tenant_id, gen_random_uuid(), :list, c.id, :by, :now from customer.customer c
            where c.tenant_id = :tenant and
            """ + condition)
                .params(parameters)
                .param("tenant", tenant)
                .param("list", list)
                .param("by", by)
                .param("now", now.atOffset(ZoneOffset.UTC))
                .update();
    }

    /** Ids the client's own numbers stand for, or our own ids; what is unknown is left out. */
    Map<String, UUID> customers(UUID tenant, Collection<String> names) {
        var found = new HashMap<String, UUID>();
        jdbc.sql("""
            select id::text as name, id from customer.customer
            where tenant_id = :tenant and id::text = any(:names)
            union all select reference, id from customer.customer
            where tenant_id = :tenant and reference = any(:names)
            union all select id::text, survivor_id from customer.alias
            where tenant_id = :tenant and id::text = any(:names)
            union all select reference, survivor_id from customer.alias
            where tenant_id = :tenant and reference = any(:names)
            """)
                .param("tenant", tenant)
                .param("names", names.toArray(String[]::new))
                .query(row -> {
                    found.put(row.getString("name"), row.getObject("id", UUID.class));
                });
        return found;
    }

    long customersOf(UUID tenant) {
        return jdbc.sql("select count(*) from customer.customer where tenant_id = :tenant")
                .param("tenant", tenant)
                .query(Long.class)
                .single();
    }

    long count(UUID tenant, String condition, Map<String, Object> parameters) {
        return jdbc.sql("select count(*) from customer.customer c where c.tenant_id = :tenant and " + condition)
                .params(parameters)
                .param("tenant", tenant)
                .query(Long.class)
                .single();
    }

    List<UUID> ids(UUID tenant, String condition, Map<String, Object> parameters, UUID after, int most) {
        return jdbc.sql("select c.id from customer.customer c where c.tenant_id = :tenant and c.id > :after and "
                        + condition + " order by c.tenant_id, c.id limit :most")
                .params(parameters)
                .param("tenant", tenant)
                .param("after", after)
                .param("most", most)
                .query((row, _) -> row.getObject(1, UUID.class))
                .list();
    }

    /** Texts made of one customer, in order. */
    List<@Nullable String> asked(UUID tenant, UUID customer, List<String> expressions, Map<String, Object> parameters) {
        return jdbc.sql("select " + String.join(", ", expressions)
                        + " from customer.customer c where c.tenant_id = :tenant and c.id = :customer")
                .params(parameters)
                .param("tenant", tenant)
                .param("customer", customer)
                .query((row, _) -> texts(row, expressions.size()))
                .single();
    }

    private static List<@Nullable String> texts(ResultSet row, int count) throws SQLException {
        var texts = new java.util.ArrayList<@Nullable String>();
        for (int i = 1; i <= count; i++) {
            texts.add(row.getString(i));
        }
        return texts;
    }

    /** How many customers fit which of the conditions; those that fit none are left out. */
    Map<List<Boolean>, Long> overlap(UUID tenant, List<String> conditions, Map<String, Object> parameters) {
        var found = new HashMap<List<Boolean>, Long>();
        var columns = new StringBuilder();
        for (int i = 0; i < conditions.size(); i++) {
            columns.append("(")
                    .append(conditions.get(i))
                    .append(") as f")
                    .append(i)
                    .append(", ");
        }
        var numbers = java.util.stream.IntStream.rangeClosed(1, conditions.size())
                .mapToObj(String::valueOf)
                .collect(Collectors.joining(", "));
        jdbc.sql("select " + columns + "count(*) from customer.customer c where c.tenant_id = :tenant group by "
                        + numbers)
                .params(parameters)
                .param("tenant", tenant)
                .query(row -> {
                    var fits = new java.util.ArrayList<Boolean>();
                    for (int i = 1; i <= conditions.size(); i++) {
                        fits.add(row.getBoolean(i));
                    }
                    found.put(List.copyOf(fits), row.getLong(conditions.size() + 1));
                });
        found.keySet().removeIf(fits -> !fits.contains(true));
        return found;
    }

    private Segment segment(ResultSet row, int number) throws SQLException {
        var rule = row.getString("rule");
        return new Segment(
                row.getObject("id", UUID.class),
                row.getString("name"),
                rule == null ? null : json.readValue(rule, Rule.class),
                row.getObject("made_by", UUID.class),
                row.getTimestamp("made_at").toInstant(),
                row.getTimestamp("changed_at").toInstant(),
                row.getInt("version"));
    }

    @Override
    public String name() {
        return "segment_member";
    }

    @Override
    public List<UUID> move(UUID tenant, UUID from, UUID to) {
        return jdbc.sql("""
            update customer.segment_member set customer_id = :to
            where tenant_id = :tenant and customer_id = :from returning id
            """)
                .param("tenant", tenant)
                .param("from", from)
                .param("to", to)
                .query((row, _) -> row.getObject(1, UUID.class))
                .list();
    }

    @Override
    public void moveBack(UUID tenant, List<UUID> rows, UUID to) {
        jdbc.sql("update customer.segment_member set customer_id = :to where tenant_id = :tenant and id = any(:rows)")
                .param("tenant", tenant)
                .param("to", to)
                .param("rows", rows.toArray(UUID[]::new))
                .update();
    }
}
