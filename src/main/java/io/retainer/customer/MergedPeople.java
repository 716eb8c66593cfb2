package io.retainer.customer;

import io.retainer.customer.MergeNote.Person;
import io.retainer.kernel.Unknown;
import io.retainer.vault.Processing;
import io.retainer.vault.Sealed;
import io.retainer.vault.Vault;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/** The rows of customers while two become one or one becomes two: held, and their names in the clear. */
@Repository
class MergedPeople {

    private final JdbcClient jdbc;
    private final Vault vault;

    MergedPeople(JdbcClient jdbc, Vault vault) {
        this.jdbc = jdbc;
        this.vault = vault;
    }

    /**
     * Lets the client's other merges and partings wait until the transaction ends: each rests on those before it, and who is
     * whose alias must not change between two looks.
     */
    void oneAtATime(UUID tenant) {
        jdbc.sql("select pg_advisory_xact_lock(hashtextextended('merge/' || cast(:tenant as text), 0))")
                .param("tenant", tenant)
                .query(_ -> {});
    }

    /** The row of the customer, or of the one it was merged into, held until the transaction ends. */
    Person hold(UUID tenant, UUID id) {
        var row = held(tenant, id)
                .or(() -> jdbc.sql("select survivor_id from customer.alias where tenant_id = :tenant and id = :id")
                        .param("tenant", tenant)
                        .param("id", id)
                        .query(UUID.class)
                        .optional()
                        .flatMap(survivor -> held(tenant, survivor)));
        return row.orElseThrow(() -> new Unknown("customer " + id));
    }

    Optional<Person> held(UUID tenant, UUID id) {
        var opener = vault.processing(tenant, Processing.MATCHING);
        return jdbc.sql("""
                        select id, kind, name, reference, credit_code, company_id, company_role, batch_id, source,
                            origin_id, name_origin_id, created_at, changed_at, version
                        from customer.customer where tenant_id = :tenant and id = :id for update
                        """)
                .param("tenant", tenant)
                .param("id", id)
                .query((row, _) -> new Person(
                        row.getObject("id", UUID.class),
                        CustomerKind.valueOf(row.getString("kind")),
                        opener.open(CustomerRows.NAME, id, Sealed.of(row.getBytes("name")))
                                .inTheClear(),
                        row.getString("reference"),
                        row.getString("credit_code"),
                        row.getObject("company_id", UUID.class),
                        row.getString("company_role"),
                        row.getObject("batch_id", UUID.class),
                        row.getString("source"),
                        row.getObject("origin_id", UUID.class),
                        row.getObject("name_origin_id", UUID.class),
                        row.getTimestamp("created_at").toInstant(),
                        row.getTimestamp("changed_at").toInstant(),
                        row.getInt("version")))
                .optional();
    }

    /** Stores what of a customer has changed. */
    void put(UUID tenant, Person person, List<String> changed, Instant now) {
        if (changed.contains(Survivorship.NAME)) {
            var client = vault.writing(tenant);
            var index = client.index(CustomerRows.NAME_WHOLE, person.name());
            jdbc.sql("""
                            update customer.customer set name = :name, name_index = :index, name_parts = :parts
                            where tenant_id = :tenant and id = :id
                            """)
                    .param("tenant", tenant)
                    .param("id", person.id())
                    .param(
                            "name",
                            client.seal(CustomerRows.NAME, person.id(), person.name())
                                    .bytes())
                    .param("index", index == null ? 0L : index)
                    .param(
                            "parts",
                            CustomerRows.tags(client, NameParts.of(person.name()))
                                    .toArray(Integer[]::new))
                    .update();
        }
        jdbc.sql("""
                        update customer.customer set reference = :reference, credit_code = :credit, company_id = :company,
                            company_role = :role, name_origin_id = :nameOrigin, changed_at = :now, version = version + 1
                        where tenant_id = :tenant and id = :id
                        """)
                .param("tenant", tenant)
                .param("id", person.id())
                .param("reference", person.reference())
                .param("credit", person.creditCode())
                .param("company", person.company())
                .param("role", person.role())
                .param("nameOrigin", person.nameOrigin())
                .param("now", at(now))
                .update();
    }

    void insert(UUID tenant, Person person) {
        var client = vault.writing(tenant);
        var index = client.index(CustomerRows.NAME_WHOLE, person.name());
        jdbc.sql("""
                        insert into customer.customer (tenant_id, id, kind, name, name_index, name_parts, reference,
                            credit_code, company_id, company_role, batch_id, source, origin_id, name_origin_id, created_at,
                            changed_at, version)
                        values (:tenant, :id, :kind, :name, :index, :parts, :reference, :credit, :company, :role, :batch,
                            :source, :origin, :nameOrigin, :created, :changed, :version)
                        """)
                .param("tenant", tenant)
                .param("id", person.id())
                .param("kind", person.kind().name())
                .param(
                        "name",
                        client.seal(CustomerRows.NAME, person.id(), person.name())
                                .bytes())
                .param("index", index == null ? 0L : index)
                .param(
                        "parts",
                        CustomerRows.tags(client, NameParts.of(person.name())).toArray(Integer[]::new))
                .param("reference", person.reference())
                .param("credit", person.creditCode())
                .param("company", person.company())
                .param("role", person.role())
                .param("batch", person.batch())
                .param("source", person.source())
                .param("origin", person.origin())
                .param("nameOrigin", person.nameOrigin())
                .param("created", at(person.createdAt()))
                .param("changed", at(person.changedAt()))
                .param("version", person.version())
                .update();
    }

    /** Says under which customer, and which number, the merged one is found from now on. */
    void alias(UUID tenant, UUID merged, UUID survivor, @Nullable String reference) {
        jdbc.sql("insert into customer.alias (tenant_id, id, survivor_id, reference) values (:tenant, :id,"
                        + " :survivor, :reference)")
                .param("tenant", tenant)
                .param("id", merged)
                .param("survivor", survivor)
                .param("reference", reference)
                .update();
    }

    void dropAlias(UUID tenant, UUID merged) {
        jdbc.sql("delete from customer.alias where tenant_id = :tenant and id = :id")
                .param("tenant", tenant)
                .param("id", merged)
                .update();
    }

    private static OffsetDateTime at(Instant instant) {
        return OffsetDateTime.ofInstant(instant, ZoneOffset.UTC);
    }
}
