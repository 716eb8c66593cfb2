package io.retainer.customer;

import io.retainer.kernel.Ids;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/** Where values come from. What many values share is kept once. */
@Repository
class Origins {

    private final JdbcClient jdbc;
    private final Batches batches;

    Origins(JdbcClient jdbc, Batches batches) {
        this.jdbc = jdbc;
        this.batches = batches;
    }

    UUID keep(UUID tenant, Origin origin) {
        jdbc.sql("""
            insert into customer.origin (tenant_id, id, source, supplier, lawful_basis, purpose, batch_id)
            values (:tenant, :id, :source, :supplier, :basis, :purpose, :batch) on conflict do nothing
            """)
                .param("tenant", tenant)
                .param("id", Ids.next())
                .param("source", origin.source())
                .param("supplier", origin.supplier(), java.sql.Types.VARCHAR)
                .param("basis", name(origin.lawfulBasis()), java.sql.Types.VARCHAR)
                .param("purpose", name(origin.purpose()), java.sql.Types.VARCHAR)
                .param("batch", origin.batch(), java.sql.Types.OTHER)
                .update();
        return jdbc.sql("""
            select id from customer.origin where tenant_id = :tenant and source = :source
            and supplier is not distinct from :supplier and lawful_basis is not distinct from :basis
            and purpose is not distinct from :purpose and batch_id is not distinct from :batch
            """)
                .param("tenant", tenant)
                .param("source", origin.source())
                .param("supplier", origin.supplier(), java.sql.Types.VARCHAR)
                .param("basis", name(origin.lawfulBasis()), java.sql.Types.VARCHAR)
                .param("purpose", name(origin.purpose()), java.sql.Types.VARCHAR)
                .param("batch", origin.batch(), java.sql.Types.OTHER)
                .query(UUID.class)
                .single();
    }

    private static @Nullable String name(@Nullable Enum<?> constant) {
        return constant == null ? null : constant.name();
    }

    Map<UUID, Origin> of(UUID tenant, Collection<UUID> ids) {
        var found = new HashMap<UUID, Origin>();
        jdbc.sql("""
            select id, source, supplier, lawful_basis, purpose, batch_id from customer.origin
            where tenant_id = :tenant and id = any(:ids)
            """)
                .param("tenant", tenant)
                .param("ids", ids.toArray(UUID[]::new))
                .query(row -> {
                    var basis = row.getString("lawful_basis");
                    var purpose = row.getString("purpose");
                    found.put(
                            row.getObject("id", UUID.class),
                            new Origin(
                                    row.getString("source"),
                                    row.getString("supplier"),
                                    basis == null ? null : LawfulBasis.valueOf(basis),
                                    purpose == null ? null : DataPurpose.valueOf(purpose),
                                    row.getObject("batch_id", UUID.class)));
                });
        return found;
    }

    /** What an import says about one of its fields, where the origin is an import. */
    Origin told(UUID tenant, Origin origin, String field) {
        var id = origin.batch();
        var batch = id == null ? null : batches.find(tenant, id).orElse(null);
        if (batch == null) {
            return origin;
        }
        var ground = batch.grounds().get(field);
        return ground == null
                ? new Origin(origin.source(), batch.supplier(), batch.lawfulBasis(), batch.purpose(), id)
                : new Origin(ground.source(), ground.supplier(), ground.basis(), ground.purpose(), id);
    }
}
