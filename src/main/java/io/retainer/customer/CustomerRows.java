package io.retainer.customer;

import io.retainer.kernel.Ids;
import io.retainer.kernel.Unknown;
import io.retainer.vault.BlindIndex;
import io.retainer.vault.ClientVault;
import io.retainer.vault.PersonalKind;
import io.retainer.vault.Sealed;
import io.retainer.vault.SealedColumn;
import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.postgresql.core.BaseConnection;
import org.postgresql.jdbc.PgArray;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/** Customers and what hangs on them. Values go in sealed and come out sealed. */
@Repository
class CustomerRows {

    private static final Pattern ID = Pattern.compile("[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}");

    static final SealedColumn NAME = new SealedColumn("customer.customer", "name", PersonalKind.NAME);
    static final BlindIndex NAME_WHOLE = BlindIndex.whole(NAME);
    static final BlindIndex NAME_PART = BlindIndex.part(NAME);
    static final SealedColumn FIELD = new SealedColumn("customer.field_value", "sealed", PersonalKind.TEXT);
    static final BlindIndex FIELD_WHOLE = BlindIndex.whole(FIELD);
    static final UUID LAST = new UUID(-1, -1);
    /** What no key of the database removes with its customer. */
    private static final List<String> HANGING = List.of("customer.tag", "customer.field_value");

    private final JdbcClient jdbc;
    private final JdbcTemplate template;
    private volatile SealedCustomers.@Nullable Types types;

    CustomerRows(JdbcClient jdbc, JdbcTemplate template) {
        this.jdbc = jdbc;
        this.template = template;
    }

    record Row(
            UUID id,
            CustomerKind kind,
            Sealed name,
            @Nullable String reference,
            @Nullable String creditCode,
            @Nullable UUID company,
            @Nullable String role,
            @Nullable UUID batch,
            String source,
            @Nullable UUID origin,
            @Nullable UUID nameOrigin,
            Instant createdAt,
            int version) {}

    record ContactRow(
            UUID id,
            UUID customer,
            ContactKind kind,
            Sealed value,
            @Nullable String label,
            @Nullable UUID origin) {}

    record Identified(UUID id, NewCustomer customer) {}

    /** What the sealing of customers needs to know of the database; the same as long as the database lives. */
    SealedCustomers.Types types() {
        var known = types;
        if (known == null) {
            known = jdbc.sql("""
                            select cast(cast('customer.contact_value' as regtype) as oid) as contact,
                                cast(cast('customer.contact_value[]' as regtype) as oid) as contacts,
                                cast(cast('customer.incoming' as regtype) as oid) as incoming,
                                cast(cast('customer.incoming[]' as regtype) as oid) as incomings,
                                cast(cast('customer.incoming_page' as regtype) as oid) as page,
                                cast(cast('customer.incoming_page[]' as regtype) as oid) as pages
                            """)
                    .query((row, _) -> new SealedCustomers.Types(
                            (int) row.getLong("contact"),
                            (int) row.getLong("contacts"),
                            (int) row.getLong("incoming"),
                            (int) row.getLong("incomings"),
                            (int) row.getLong("page"),
                            (int) row.getLong("pages")))
                    .single();
            types = known;
        }
        return known;
    }

    /**
     * Stores many at once by one statement: what makes an import fast.
     *
     * @param origin of what is not from an import, or null
     * @return the ids of those that were not stored, because another customer has their reference
     */
    Set<UUID> add(
            UUID tenant,
            SealedCustomers customers,
            @Nullable UUID batch,
            String source,
            @Nullable UUID origin,
            Instant now) {
        var at = OffsetDateTime.ofInstant(now, ZoneOffset.UTC);
        var run = customers.run();
        int stored = run("""
            insert into customer.customer (tenant_id, id, kind, name, name_index, name_parts, reference, credit_code,
                contacts, keys, regions, batch_id, source, created_at, changed_at, origin_id, paged)
            select ?, n.id, n.kind, n.name, n.name_index, n.name_parts, n.reference, n.credit_code, n.contacts, n.keys,
                n.regions, ?, ?, ?, ?, ?, ?
            from unnest(?) n
            where n.reference is null or not exists (
                select from customer.alias a where a.tenant_id = ? and a.reference = n.reference)
            on conflict (tenant_id, reference) do nothing
            """, (statement, c) -> {
            statement.setObject(1, tenant);
            statement.setObject(2, batch, java.sql.Types.OTHER);
            statement.setString(3, source);
            statement.setObject(4, at);
            statement.setObject(5, at);
            statement.setObject(6, origin, java.sql.Types.OTHER);
            statement.setBoolean(7, run != null);
            statement.setArray(8, binary(c, types().incomings(), customers.incoming()));
            statement.setObject(9, tenant);
        });
        var refused = stored == customers.ids().size() ? Set.<UUID>of() : missing(tenant, customers.ids());
        if (run != null) {
            addPages(tenant, run, Objects.requireNonNull(batch), customers.pages());
        }
        addTags(tenant, customers.tags().without(refused), day(now));
        addValues(tenant, customers.values().without(refused), day(now));
        return refused;
    }

    private Set<UUID> missing(UUID tenant, List<UUID> ids) {
        var missing = new HashSet<>(ids);
        jdbc.sql("select id from customer.customer where tenant_id = :tenant and id = any(:ids)")
                .param("tenant", tenant)
                .param("ids", ids.toArray(UUID[]::new))
                .query(UUID.class)
                .list()
                .forEach(missing::remove);
        return missing;
    }

    private void addPages(UUID tenant, UUID run, UUID batch, byte[] pages) {
        jdbc.sql("insert into customer.key_run (tenant_id, id, batch_id) values (:tenant, :run, :batch)")
                .param("tenant", tenant)
                .param("run", run)
                .param("batch", batch)
                .update();
        run("""
            insert into customer.key_page (tenant_id, run_id, bucket, keys, numbers)
            select ?, ?, n.bucket, n.keys, n.numbers from unnest(?) n
            """, (statement, c) -> {
            statement.setObject(1, tenant);
            statement.setObject(2, run);
            statement.setArray(3, binary(c, types().pages(), pages));
        });
    }

    /** Removes the pages of an import whose customers are gone. */
    void removePages(UUID tenant, UUID batch) {
        var runs = jdbc.sql("delete from customer.key_run where tenant_id = :tenant and batch_id = :batch returning id")
                .param("tenant", tenant)
                .param("batch", batch)
                .query(UUID.class)
                .list();
        jdbc.sql("delete from customer.key_page where tenant_id = :tenant and run_id = any(:runs)")
                .param("tenant", tenant)
                .param("runs", runs.toArray(UUID[]::new))
                .update();
    }

    private void addTags(UUID tenant, SealedCustomers.Tags tags, LocalDate today) {
        if (!tags.isEmpty()) {
            run("""
                insert into customer.tag (tenant_id, customer_id, tag, since)
                select ?, n.customer_id, n.tag, coalesce(n.since, ?) from unnest(?, ?, ?) as n (customer_id, tag, since)
                """, (statement, c) -> {
                statement.setObject(1, tenant);
                statement.setObject(2, today);
                statement.setArray(3, binary(c, BinaryRows.UUID_ARRAY, tags.customers()));
                statement.setArray(4, binary(c, BinaryRows.TEXT_ARRAY, tags.tags()));
                statement.setArray(5, binary(c, BinaryRows.DATE_ARRAY, tags.days()));
            });
        }
    }

    private static Array binary(Connection connection, int type, byte[] array) throws SQLException {
        return new PgArray(connection.unwrap(BaseConnection.class), type, array);
    }

    /** In Shanghai. */
    private static LocalDate day(Instant now) {
        return LocalDate.ofInstant(now, Segments.ZONE);
    }

    private void addValues(UUID tenant, SealedCustomers.Values values, LocalDate today) {
        if (!values.ids.isEmpty()) {
            run("""
                    insert into customer.field_value (tenant_id, id, customer_id, field_id, plain, sealed, sealed_index, since)
                    select ?, n.id, n.customer_id, n.field_id, n.plain, n.sealed, n.sealed_index, coalesce(n.since, ?)
                    from unnest(?, ?, ?, ?, ?, ?, ?) as n (id, customer_id, field_id, plain, sealed, sealed_index, since)
                    """, (statement, c) -> {
                statement.setObject(1, tenant);
                statement.setObject(2, today);
                statement.setArray(3, array(c, "uuid", values.ids));
                statement.setArray(4, array(c, "uuid", values.customers));
                statement.setArray(5, array(c, "uuid", values.fields));
                statement.setArray(6, array(c, "text", values.plain));
                statement.setArray(7, c.createArrayOf("bytea", values.sealed.toArray(byte[][]::new)));
                statement.setArray(8, c.createArrayOf("int8", values.indexes.toArray(Long[]::new)));
                statement.setArray(9, array(c, "date", values.days));
            });
        }
    }

    /** Gives a field, which says nothing of the customer yet, a value. */
    void addValue(UUID tenant, UUID customer, CustomField field, String value, LocalDate since, ClientVault vault) {
        var values = new SealedCustomers.Values();
        values.add(customer, field, value, since, vault);
        addValues(tenant, values, since);
    }

    /** What a customer has to be reached by, in the order it came; empty when there is no such customer. */
    List<StoredContact> stored(UUID tenant, UUID customer) {
        return jdbc.sql("""
                        select id, kind, value, value_index, value_end, label, origin_id, created_at, region, district
                        from customer.contact
                        where tenant_id = :tenant and customer_id = :customer order by id
                        """)
                .param("tenant", tenant)
                .param("customer", customer)
                .query((row, _) -> new StoredContact(
                        row.getObject("id", UUID.class),
                        ContactKind.valueOf(row.getString("kind")),
                        Sealed.of(row.getBytes("value")),
                        row.getLong("value_index"),
                        row.getObject("value_end", Long.class),
                        row.getString("label"),
                        row.getObject("origin_id", UUID.class),
                        row.getTimestamp("created_at").toInstant(),
                        row.getString("region"),
                        row.getObject("district", Integer.class)))
                .list();
    }

    /** Gives a customer, who is held, these contacts instead of those there are. */
    void reach(UUID tenant, UUID customer, List<StoredContact> contacts, ClientVault vault) {
        run("""
                update customer.customer set keys = ?, contacts = array(
                    select row(n.*)::customer.contact_value from unnest(?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
                        as n (id, kind, value, value_index, value_end, label, origin_id, created_at, region, district)
                    order by n.id), regions = ?
                where tenant_id = ? and id = ?
                """, (statement, c) -> {
            statement.setArray(
                    1, c.createArrayOf("int8", StoredContact.keys(contacts).toArray(Long[]::new)));
            statement.setArray(2, each(c, "uuid", contacts, StoredContact::id));
            statement.setArray(
                    3, each(c, "text", contacts, contact -> contact.kind().name()));
            statement.setArray(
                    4,
                    c.createArrayOf(
                            "bytea",
                            contacts.stream()
                                    .map(contact -> contact.value().bytes())
                                    .toArray(byte[][]::new)));
            statement.setArray(5, each(c, "int8", contacts, StoredContact::index));
            statement.setArray(6, each(c, "int8", contacts, StoredContact::end));
            statement.setArray(7, each(c, "text", contacts, StoredContact::label));
            statement.setArray(8, each(c, "uuid", contacts, StoredContact::origin));
            statement.setArray(
                    9,
                    each(
                            c,
                            "timestamptz",
                            contacts,
                            contact -> contact.createdAt() == null
                                    ? null
                                    : contact.createdAt().toString()));
            statement.setArray(10, each(c, "text", contacts, StoredContact::region));
            statement.setArray(11, each(c, "int4", contacts, StoredContact::district));
            statement.setArray(12, array(c, "int4", StoredContact.regions(contacts, vault)));
            statement.setObject(13, tenant);
            statement.setObject(14, customer);
        });
    }

    private static <T> Array each(
            Connection connection, String type, List<T> values, Function<T, @Nullable Object> what)
            throws SQLException {
        return connection.createArrayOf(type, values.stream().map(what).toArray());
    }

    UUID addContact(
            UUID tenant, UUID customer, NewCustomer.Contact contact, UUID origin, ClientVault vault, Instant now) {
        var id = Ids.next();
        var all = new ArrayList<>(stored(tenant, customer));
        all.add(StoredContact.of(id, contact, origin, now, vault));
        reach(tenant, customer, all, vault);
        return id;
    }

    /** @return false when the customer, who is held, has no such contact */
    boolean label(UUID tenant, UUID customer, UUID contact, @Nullable String label, ClientVault vault) {
        return change(tenant, customer, contact, vault, each -> each.labelled(label));
    }

    /** @return false when the customer, who is held, has no such contact */
    boolean removeContact(UUID tenant, UUID customer, UUID contact, ClientVault vault, Instant now) {
        // Of what sort it was and how long it was there, and nothing of what it said.
        jdbc.sql("""
            insert into customer.contact_past (tenant_id, id, customer_id, kind, since, until)
            select tenant_id, id, customer_id, kind, least(created_at, :now), :now from customer.contact
            where tenant_id = :tenant and customer_id = :customer and id = :contact
            """)
                .param("tenant", tenant)
                .param("customer", customer)
                .param("contact", contact)
                .param("now", now.atOffset(ZoneOffset.UTC))
                .update();
        return change(tenant, customer, contact, vault, _ -> null);
    }

    private boolean change(
            UUID tenant,
            UUID customer,
            UUID contact,
            ClientVault vault,
            Function<StoredContact, @Nullable StoredContact> how) {
        boolean found = false;
        var kept = new ArrayList<StoredContact>();
        for (var each : stored(tenant, customer)) {
            boolean meant = each.id().equals(contact);
            var changed = meant ? how.apply(each) : each;
            if (changed != null) {
                kept.add(changed);
            }
            found |= meant;
        }
        if (found) {
            reach(tenant, customer, kept, vault);
        }
        return found;
    }

    /** Says where the name of a customer comes from. */
    void nameFrom(UUID tenant, UUID customer, UUID origin) {
        jdbc.sql("update customer.customer set name_origin_id = :origin where tenant_id = :tenant and id = :customer")
                .param("tenant", tenant)
                .param("customer", customer)
                .param("origin", origin)
                .update();
    }

    /** Says where the value of an own field of a customer comes from. */
    void valueFrom(UUID tenant, UUID customer, String key, UUID origin) {
        jdbc.sql("""
            update customer.field_value v set origin_id = :origin from customer.field f
            where v.tenant_id = :tenant and v.customer_id = :customer
            and f.tenant_id = v.tenant_id and f.id = v.field_id and f.key = :key
            """)
                .param("tenant", tenant)
                .param("customer", customer)
                .param("key", key)
                .param("origin", origin)
                .update();
    }

    /** Says to which company a person belongs, and as what; null for none. */
    void belongs(UUID tenant, UUID person, @Nullable UUID company, @Nullable String role, Instant now) {
        jdbc.sql("""
            update customer.customer set company_id = :company, company_role = :role, changed_at = :now,
                version = version + 1
            where tenant_id = :tenant and id = :id
            """)
                .param("tenant", tenant)
                .param("id", person)
                .param("company", company, java.sql.Types.OTHER)
                .param("role", role, java.sql.Types.VARCHAR)
                .param("now", now.atOffset(ZoneOffset.UTC))
                .update();
    }

    /** The people who belong to a company, the oldest first. */
    List<Row> people(UUID tenant, UUID company, int most) {
        return jdbc.sql(SELECT + """
                        from customer.customer c where c.tenant_id = :tenant and c.company_id = :company
                        order by c.id limit :most
                        """)
                .param("tenant", tenant)
                .param("company", company)
                .param("most", most)
                .query(CustomerRows::row)
                .list();
    }

    /** The blind indexes of what a customer has of a kind. */
    Set<Long> contactIndexes(UUID tenant, UUID customer, ContactKind kind) {
        return new HashSet<>(jdbc.sql("""
                        select value_index from customer.contact
                        where tenant_id = :tenant and customer_id = :customer and kind = :kind
                        """)
                .param("tenant", tenant)
                .param("customer", customer)
                .param("kind", kind.name())
                .query((row, _) -> row.getLong(1))
                .list());
    }

    /** Notes that a customer was changed, and holds it until the transaction ends. */
    boolean changed(UUID tenant, UUID customer, Instant now) {
        return jdbc.sql("""
                        update customer.customer set changed_at = :now, version = version + 1
                        where tenant_id = :tenant and id = :customer
                        """)
                        .param("tenant", tenant)
                        .param("customer", customer)
                        .param("now", now.atOffset(ZoneOffset.UTC))
                        .update()
                == 1;
    }

    /** 32 bits, as PostgreSQL's signed int. */
    static List<Integer> tags(ClientVault vault, Set<String> parts) {
        var tags = new ArrayList<Integer>(parts.size());
        for (var part : parts) {
            var tag = vault.index(NAME_PART, part);
            if (tag != null) {
                tags.add(tag.intValue());
            }
        }
        return tags;
    }

    /** Those of the references that are taken. */
    Set<String> taken(UUID tenant, Collection<String> references) {
        return references.isEmpty()
                ? Set.of()
                : new HashSet<>(jdbc.sql("""
                                select reference from customer.customer
                                where tenant_id = :tenant and reference = any(:references)
                                union all select reference from customer.alias
                                where tenant_id = :tenant and reference = any(:references)
                                """)
                        .param("tenant", tenant)
                        .param("references", references.toArray(String[]::new))
                        .query(String.class)
                        .list());
    }

    /** The customers of these names: the numbers the client knows them by, or our ids; also of those merged since. */
    Map<String, UUID> named(UUID tenant, Collection<String> names) {
        var found = new HashMap<String, UUID>();
        // By key and not by its text, which no index knows.
        jdbc.sql("""
            select id::text as name, id from customer.customer
            where tenant_id = :tenant and id = any((select cast(:ids as uuid[]))::uuid[])
            union all select reference, id from customer.customer
            where tenant_id = :tenant and reference = any((select cast(:names as text[]))::text[])
            union all select id::text, survivor_id from customer.alias
            where tenant_id = :tenant and id = any((select cast(:ids as uuid[]))::uuid[])
            union all select reference, survivor_id from customer.alias
            where tenant_id = :tenant and reference = any((select cast(:names as text[]))::text[])
            """)
                .param("tenant", tenant)
                .param("names", names.toArray(String[]::new))
                .param(
                        "ids",
                        names.stream()
                                .filter(name -> ID.matcher(name).matches())
                                .map(UUID::fromString)
                                .toArray(UUID[]::new))
                .query(row -> {
                    found.put(row.getString("name"), row.getObject("id", UUID.class));
                });
        return found;
    }

    /** The customer of this id, or the one it was merged into. */
    Optional<Row> find(UUID tenant, UUID id) {
        return jdbc.sql(SELECT + """
                        from customer.customer c where c.tenant_id = :tenant and c.id = coalesce((select a.survivor_id
                            from customer.alias a where a.tenant_id = :tenant and a.id = :id), :id)
                        """)
                .param("tenant", tenant)
                .param("id", id)
                .query(CustomerRows::row)
                .optional();
    }

    /**
     * The id under which a customer stands now: another when it was merged into one since.
     *
     * @throws Unknown when the client has no such customer
     */
    UUID present(UUID tenant, UUID id) {
        return jdbc.sql("""
                        select c.id from customer.customer c where c.tenant_id = :tenant and c.id = coalesce(
                            (select a.survivor_id from customer.alias a where a.tenant_id = :tenant and a.id = :id), :id)
                        """)
                .param("tenant", tenant)
                .param("id", id)
                .query((row, _) -> row.getObject(1, UUID.class))
                .optional()
                .orElseThrow(() -> new Unknown("customer " + id));
    }

    private static final String SELECT = """
            select c.id, c.kind, c.name, c.reference, c.credit_code, c.company_id, c.company_role, c.batch_id, c.source,
                c.origin_id, c.name_origin_id, c.created_at, c.version
            """;

    List<Row> newest(UUID tenant, UUID before, int most) {
        return jdbc.sql(SELECT + """
                        from customer.customer c where c.tenant_id = :tenant and c.id < :before
                        order by c.tenant_id desc, c.id desc limit :most
                        """)
                .param("tenant", tenant)
                .param("before", before)
                .param("most", most)
                .query(CustomerRows::row)
                .list();
    }

    /** The oldest first. */
    List<Row> of(UUID tenant, Collection<UUID> ids) {
        return jdbc.sql(SELECT
                        + "from customer.customer c where c.tenant_id = :tenant and c.id = any(:ids) order by c.id")
                .param("tenant", tenant)
                .param("ids", ids.toArray(UUID[]::new))
                .query(CustomerRows::row)
                .list();
    }

    /** Those for whom a condition on {@code customer.customer c} holds; the newest first. */
    List<Row> fitting(UUID tenant, String condition, Map<String, Object> parameters, UUID before, int most) {
        return jdbc.sql(SELECT + "from customer.customer c where c.tenant_id = :tenant and c.id < :before and "
                        + condition + " order by c.tenant_id desc, c.id desc limit :most")
                .params(parameters)
                .param("tenant", tenant)
                .param("before", before)
                .param("most", most)
                .query(CustomerRows::row)
                .list();
    }

    /** Who has a number or address with one of these tags, the newest first. */
    List<UUID> reached(List<Long> keys, int most) {
        return jdbc.sql(
                        "select n.id from customer.by_key(cast(:keys as bigint[]), :before, :most) as n (id) order by n.id desc")
                .param("keys", keys.toArray(Long[]::new))
                .param("before", LAST)
                .param("most", most)
                .query((row, _) -> row.getObject(1, UUID.class))
                .list();
    }

    /** Found by any of these ways; the newest first. */
    List<Row> found(UUID tenant, Sought sought, UUID before, int most) {
        return jdbc.sql("""
            with found as (
                (select n.id from customer.by_key(cast(:keys as bigint[]), :before, :most) as n (id)
                 where cardinality(cast(:keys as bigint[])) > 0)
                union
                (select id from customer.customer
                 where tenant_id = :tenant and reference in (:reference, :upper) and id < :before)
                union
                (select survivor_id from customer.alias
                 where tenant_id = :tenant and reference in (:reference, :upper) and survivor_id < :before)
                union
                (select id from customer.customer
                 where tenant_id = :tenant and credit_code = :upper and id < :before)
                union
                (select customer_id from customer.tag
                 where tenant_id = :tenant and tag = :tag and customer_id < :before
                 order by customer_id desc limit :most)
                union
                (select v.customer_id from customer.field_value v join customer.field f
                    on f.tenant_id = v.tenant_id and f.id = v.field_id
                 where v.tenant_id = :tenant and f.key = :field and v.customer_id < :before
                 and (v.plain = :fieldValue or v.sealed_index = :fieldIndex)
                 order by v.customer_id desc limit :most)
                union
                (select n.id from customer.by_part(cast(:parts as int[]), cast(:places as int[]), :before, :most) as n (id))
            )
            """ + SELECT + """
            from customer.customer c where c.tenant_id = :tenant and c.id = any(array(select id from found))
            order by c.id desc limit :most
            """)
                .param("tenant", tenant)
                .param("keys", sought.keys().toArray(Long[]::new))
                .param("reference", sought.reference())
                .param("upper", sought.upper())
                .param("tag", sought.tag())
                .param("field", sought.field())
                .param("fieldValue", sought.fieldValue())
                .param("fieldIndex", sought.fieldIndex())
                .param("places", sought.places().toArray(Integer[]::new))
                .param("parts", sought.parts().toArray(Integer[]::new))
                .param("before", before)
                .param("most", most)
                .query(CustomerRows::row)
                .list();
    }

    /** What a search comes down to; empty keys and parts find nothing. */
    record Sought(
            List<Long> keys,
            @Nullable String reference,
            @Nullable String tag,
            List<Integer> parts,
            List<Integer> places,
            @Nullable String field,
            @Nullable String fieldValue,
            @Nullable Long fieldIndex) {

        static Sought keys(List<Long> keys) {
            return new Sought(keys, null, null, List.of(), List.of(), null, null, null);
        }

        static Sought tag(String tag) {
            return new Sought(List.of(), null, tag, List.of(), List.of(), null, null, null);
        }

        static Sought places(List<Integer> places) {
            return new Sought(List.of(), null, null, List.of(), places, null, null, null);
        }

        static Sought field(String key, @Nullable String value, @Nullable Long index) {
            return new Sought(List.of(), null, null, List.of(), List.of(), key, value, index);
        }

        /** @param text which may be a number or a tag too */
        static Sought of(List<Long> keys, String text, List<Integer> parts) {
            return new Sought(keys, text, text, parts, List.of(), null, null, null);
        }

        Sought withParts(List<Integer> others) {
            return new Sought(keys, reference, tag, others, places, field, fieldValue, fieldIndex);
        }

        /** As numbers and codes are usually written. */
        private @Nullable String upper() {
            return reference == null ? null : reference.toUpperCase(Locale.ROOT);
        }
    }

    List<ContactRow> contacts(UUID tenant, Collection<UUID> customers) {
        return jdbc.sql("""
                        select id, customer_id, kind, value, label, origin_id from customer.contact
                        where tenant_id = :tenant and customer_id = any(:customers) order by id
                        """)
                .param("tenant", tenant)
                .param("customers", customers.toArray(UUID[]::new))
                .query((row, _) -> new ContactRow(
                        row.getObject("id", UUID.class),
                        row.getObject("customer_id", UUID.class),
                        ContactKind.valueOf(row.getString("kind")),
                        Sealed.of(row.getBytes("value")),
                        row.getString("label"),
                        row.getObject("origin_id", UUID.class)))
                .list();
    }

    Map<UUID, List<String>> tags(UUID tenant, Collection<UUID> customers) {
        return jdbc
                .sql("select customer_id, tag from customer.tag where tenant_id = :tenant and customer_id ="
                        + " any(:customers) order by tag")
                .param("tenant", tenant)
                .param("customers", customers.toArray(UUID[]::new))
                .query((row, _) -> Map.entry(row.getObject(1, UUID.class), row.getString(2)))
                .list()
                .stream()
                .collect(Collectors.groupingBy(
                        Map.Entry::getKey, Collectors.mapping(Map.Entry::getValue, Collectors.toList())));
    }

    record FieldValue(
            CustomField field,
            UUID id,
            @Nullable String plain,
            @Nullable Sealed sealed,
            @Nullable UUID origin) {}

    List<FieldValue> fieldValues(UUID tenant, UUID customer) {
        return jdbc.sql("""
                        select f.id as field_id, f.key, f.label, f.type, f.personal, v.id, v.plain, v.sealed,
                            v.origin_id
                        from customer.field_value v join customer.field f
                            on f.tenant_id = v.tenant_id and f.id = v.field_id
                        where v.tenant_id = :tenant and v.customer_id = :customer order by f.label
                        """)
                .param("tenant", tenant)
                .param("customer", customer)
                .query((row, _) -> new FieldValue(
                        field(row),
                        row.getObject("id", UUID.class),
                        row.getString("plain"),
                        Sealed.orNull(row.getBytes("sealed")),
                        row.getObject("origin_id", UUID.class)))
                .list();
    }

    /** Of several customers, by customer. */
    Map<UUID, List<FieldValue>> fieldValues(UUID tenant, Collection<UUID> customers) {
        return jdbc
                .sql("""
                        select v.customer_id, f.id as field_id, f.key, f.label, f.type, f.personal, v.id, v.plain, v.sealed,
                            v.origin_id
                        from customer.field_value v join customer.field f
                            on f.tenant_id = v.tenant_id and f.id = v.field_id
                        where v.tenant_id = :tenant and v.customer_id = any(:customers)
                        """)
                .param("tenant", tenant)
                .param("customers", customers.toArray(UUID[]::new))
                .query((row, _) -> Map.entry(
                        row.getObject("customer_id", UUID.class),
                        new FieldValue(
                                field(row),
                                row.getObject("id", UUID.class),
                                row.getString("plain"),
                                Sealed.orNull(row.getBytes("sealed")),
                                row.getObject("origin_id", UUID.class))))
                .list()
                .stream()
                .collect(Collectors.groupingBy(
                        Map.Entry::getKey, Collectors.mapping(Map.Entry::getValue, Collectors.toList())));
    }

    Map<String, CustomField> fields(UUID tenant) {
        return jdbc
                .sql("select id as field_id, key, label, type, personal from customer.field where tenant_id = :tenant")
                .param("tenant", tenant)
                .query((row, _) -> field(row))
                .list()
                .stream()
                .collect(Collectors.toMap(CustomField::key, field -> field));
    }

    boolean addField(UUID tenant, CustomField field) {
        return jdbc.sql("""
                        insert into customer.field (tenant_id, id, key, label, type, personal)
                        values (:tenant, :id, :key, :label, :type, :personal) on conflict do nothing
                        """)
                        .param("tenant", tenant)
                        .param("id", field.id())
                        .param("key", field.key())
                        .param("label", field.label())
                        .param("type", field.type().name())
                        .param("personal", field.personal())
                        .update()
                == 1;
    }

    void tag(UUID tenant, UUID customer, String tag, Instant now) {
        jdbc.sql("insert into customer.tag (tenant_id, customer_id, tag, since)"
                        + " values (:tenant, :customer, :tag, :since) on conflict do nothing")
                .param("tenant", tenant)
                .param("customer", customer)
                .param("tag", tag)
                .param("since", day(now))
                .update();
    }

    void untag(UUID tenant, UUID customer, String tag, Instant now) {
        jdbc.sql("""
            with gone as (
                delete from customer.tag where tenant_id = :tenant and customer_id = :customer and tag = :tag
                returning tenant_id, customer_id, tag, since)
            insert into customer.tag_past (tenant_id, id, customer_id, tag, since, until)
            select tenant_id, :id, customer_id, tag, least(since, :day), :day from gone
            """)
                .param("tenant", tenant)
                .param("id", Ids.next())
                .param("customer", customer)
                .param("tag", tag)
                .param("day", day(now))
                .update();
    }

    /** Some of the customers an import brought, whose ids are later than one; nobody changed them since. */
    List<UUID> broughtBy(UUID tenant, UUID batch, UUID after, int most) {
        return jdbc.sql("""
                        select id from customer.customer where tenant_id = :tenant and batch_id = :batch and id > :after
                        order by tenant_id, id limit :most for update
                        """)
                .param("tenant", tenant)
                .param("batch", batch)
                .param("after", after)
                .param("most", most)
                .query((row, _) -> row.getObject(1, UUID.class))
                .list();
    }

    /** Removes customers with all that hangs on them. */
    int remove(UUID tenant, Collection<UUID> customers) {
        // Who belonged to a company stays, and belongs to none.
        jdbc.sql("""
            update customer.customer set company_id = null, company_role = null
            where tenant_id = :tenant and company_id = any((select cast(:customers as uuid[]))::uuid[])
            """)
                .param("tenant", tenant)
                .param("customers", customers.toArray(UUID[]::new))
                .update();
        for (var table : HANGING) {
            jdbc.sql("delete from " + table + " where tenant_id = :tenant and customer_id = any(:customers)")
                    .param("tenant", tenant)
                    .param("customers", customers.toArray(UUID[]::new))
                    .update();
        }
        return jdbc.sql("delete from customer.customer where tenant_id = :tenant and id = any(:customers)")
                .param("tenant", tenant)
                .param("customers", customers.toArray(UUID[]::new))
                .update();
    }

    private static CustomField field(ResultSet row) throws SQLException {
        return new CustomField(
                row.getObject("field_id", UUID.class),
                row.getString("key"),
                row.getString("label"),
                CustomField.Type.valueOf(row.getString("type")),
                row.getBoolean("personal"));
    }

    private static Row row(ResultSet row, int number) throws SQLException {
        return new Row(
                row.getObject("id", UUID.class),
                CustomerKind.valueOf(row.getString("kind")),
                Sealed.of(row.getBytes("name")),
                row.getString("reference"),
                row.getString("credit_code"),
                row.getObject("company_id", UUID.class),
                row.getString("company_role"),
                row.getObject("batch_id", UUID.class),
                row.getString("source"),
                row.getObject("origin_id", UUID.class),
                row.getObject("name_origin_id", UUID.class),
                row.getTimestamp("created_at").toInstant(),
                row.getInt("version"));
    }

    @FunctionalInterface
    private interface Parameters {
        void set(PreparedStatement statement, Connection connection) throws SQLException;
    }

    private int run(String sql, Parameters parameters) {
        var count = template.execute((Connection connection) -> {
            try (var statement = connection.prepareStatement(sql)) {
                parameters.set(statement, connection);
                return statement.executeUpdate();
            }
        });
        return count == null ? 0 : count;
    }

    private static Array array(Connection connection, String type, List<?> values) throws SQLException {
        return connection.createArrayOf(type, values.toArray());
    }
}
