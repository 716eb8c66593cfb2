package io.retainer.customer;

import io.retainer.customer.SealedCustomers.Sealing;
import io.retainer.kernel.Ids;
import io.retainer.vault.ClientVault;
import java.sql.Connection;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.stereotype.Repository;

/**
 * What the rows of an import say besides: notes, and the companies people belong to. A company that is not known comes in with
 * the import, and goes with it when that is taken back.
 */
@Repository
class ImportBesides {

    private final JdbcTemplate template;
    private final CustomerRows customers;

    ImportBesides(JdbcTemplate template, CustomerRows customers) {
        this.template = template;
        this.customers = customers;
    }

    /** In the transaction that stored these customers. */
    void keep(
            UUID tenant,
            ImportBatch batch,
            String source,
            ClientVault client,
            Map<UUID, Target.Besides> said,
            Instant now) {
        var at = OffsetDateTime.ofInstant(now, ZoneOffset.UTC);
        notes(tenant, batch.createdBy(), client, said, at);
        var people = new LinkedHashMap<UUID, Target.Besides>();
        said.forEach((customer, besides) -> {
            if (besides.company() != null) {
                people.put(customer, besides);
            }
        });
        if (!people.isEmpty()) {
            join(tenant, people, companies(tenant, batch, source, client, people, now), client);
        }
    }

    private void notes(UUID tenant, UUID by, ClientVault client, Map<UUID, Target.Besides> said, OffsetDateTime at) {
        var ids = new ArrayList<UUID>();
        var of = new ArrayList<UUID>();
        var words = new ArrayList<byte[]>();
        said.forEach((customer, besides) -> {
            var note = besides.note();
            if (note != null) {
                var id = Ids.next();
                ids.add(id);
                of.add(customer);
                words.add(client.seal(ProfileNotes.WORDS, id, note).bytes());
            }
        });
        if (ids.isEmpty()) {
            return;
        }
        template.execute((Connection connection) -> {
            try (var statement = connection.prepareStatement("""
                insert into customer.note (tenant_id, id, customer_id, words, written_by, written_at)
                select ?, n.id, n.customer, n.words, ?, ? from unnest(?, ?, ?) as n (id, customer, words)
                """)) {
                statement.setObject(1, tenant);
                statement.setObject(2, by);
                statement.setObject(3, at);
                statement.setArray(4, connection.createArrayOf("uuid", ids.toArray()));
                statement.setArray(5, connection.createArrayOf("uuid", of.toArray()));
                statement.setArray(6, connection.createArrayOf("bytea", words.toArray(byte[][]::new)));
                return statement.executeUpdate();
            }
        });
    }

    /** By the blind index of their names; made where there are none. */
    private Map<Long, UUID> companies(
            UUID tenant,
            ImportBatch batch,
            String source,
            ClientVault client,
            Map<UUID, Target.Besides> people,
            Instant now) {
        var wanted = new LinkedHashMap<Long, NewCustomer>();
        for (var person : people.values()) {
            var name = String.valueOf(person.company());
            wanted.merge(
                    client.index(CustomerRows.NAME_WHOLE, name),
                    new NewCustomer(
                            CustomerKind.COMPANY, name, null, person.creditCode(), List.of(), List.of(), Map.of()),
                    (known, other) -> known.creditCode() == null ? other : known);
        }
        var found = known(tenant, wanted.keySet().toArray(Long[]::new));
        wanted.keySet().removeAll(found.keySet());
        if (!wanted.isEmpty()) {
            var made = List.copyOf(wanted.values());
            var sealed =
                    SealedCustomers.run(made, Map.of(), Sealing.of(client.forMany(), made.size()), customers.types());
            customers.add(tenant, sealed, batch.id(), source, null, now);
            for (int i = 0; i < made.size(); i++) {
                found.put(
                        client.index(CustomerRows.NAME_WHOLE, made.get(i).name()),
                        sealed.ids().get(i));
            }
        }
        return found;
    }

    private Map<Long, UUID> known(UUID tenant, Long[] names) {
        var found = new HashMap<Long, UUID>();
        template.execute((Connection connection) -> {
            try (var statement = connection.prepareStatement("""
                select distinct on (name_index) name_index, id from customer.customer
                where tenant_id = ? and kind = 'COMPANY' and name_index = any((select cast(? as bigint[]))::bigint[])
                order by name_index, id
                """)) {
                statement.setObject(1, tenant);
                statement.setArray(2, connection.createArrayOf("int8", names));
                try (var rows = statement.executeQuery()) {
                    while (rows.next()) {
                        found.put(rows.getLong(1), rows.getObject(2, UUID.class));
                    }
                }
            }
            return found;
        });
        return found;
    }

    private void join(UUID tenant, Map<UUID, Target.Besides> people, Map<Long, UUID> companies, ClientVault client) {
        var of = new ArrayList<UUID>();
        var roles = new ArrayList<String>();
        people.forEach((_, besides) -> {
            of.add(companies.get(client.index(CustomerRows.NAME_WHOLE, String.valueOf(besides.company()))));
            roles.add(besides.role());
        });
        template.execute((Connection connection) -> {
            try (var statement = connection.prepareStatement("""
                update customer.customer c set company_id = n.company, company_role = n.role
                from unnest(?, ?, ?) as n (id, company, role) where c.tenant_id = ? and c.id = n.id
                """)) {
                statement.setArray(
                        1, connection.createArrayOf("uuid", people.keySet().toArray()));
                statement.setArray(2, connection.createArrayOf("uuid", of.toArray()));
                statement.setArray(3, connection.createArrayOf("text", roles.toArray()));
                statement.setObject(4, tenant);
                return statement.executeUpdate();
            }
        });
    }
}
