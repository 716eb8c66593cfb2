package io.retainer.vault;

import io.retainer.vault.ClientKeys.Wrapped;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/** The wrapped keys of the clients. */
@Repository
class ClientKeyRows {

    private final JdbcClient jdbc;

    ClientKeyRows(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /** @param wrapped null once the keys are destroyed */
    record Row(
            UUID generation,
            @Nullable Wrapped wrapped,
            boolean changing,
            @Nullable String sweptTable,
            @Nullable UUID sweptRow) {}

    record Client(UUID tenant, Instant promotedAt, boolean changing) {}

    /** The present generation, which stays present until the transaction ends; empty when the client has no keys yet. */
    Optional<UUID> hold(UUID tenant, boolean exclusively) {
        return jdbc.sql("select vault.hold(:tenant, :exclusively)")
                .param("tenant", tenant)
                .param("exclusively", exclusively)
                .query(UUID.class)
                .optional();
    }

    Optional<Row> find(UUID tenant) {
        return jdbc.sql("""
                        select generation, data_keys, index_root, changing, swept_table, swept_row
                        from vault.client_key where tenant_id = :tenant
                        """)
                .param("tenant", tenant)
                .query((row, _) -> {
                    var data = row.getBytes("data_keys");
                    return new Row(
                            row.getObject("generation", UUID.class),
                            data == null ? null : new Wrapped(Sealed.of(data), Sealed.of(row.getBytes("index_root"))),
                            row.getBoolean("changing"),
                            row.getString("swept_table"),
                            row.getObject("swept_row", UUID.class));
                })
                .optional();
    }

    /** @return false when another transaction made them first */
    boolean add(UUID tenant, UUID generation, Wrapped wrapped, Instant now) {
        return jdbc.sql("""
                        insert into vault.client_key (tenant_id, generation, data_keys, index_root, made_at, promoted_at)
                        values (:tenant, :generation, :data, :root, :now, :now) on conflict do nothing
                        """)
                        .param("tenant", tenant)
                        .param("generation", generation)
                        .param("data", wrapped.data().bytes())
                        .param("root", wrapped.root().bytes())
                        .param("now", now.atOffset(ZoneOffset.UTC))
                        .update()
                == 1;
    }

    /** A new key seals from now on, and the sweep begins. */
    void promote(UUID tenant, UUID generation, Wrapped wrapped, Instant now) {
        jdbc.sql("""
                        update vault.client_key set generation = :generation, data_keys = :data, index_root = :root,
                            promoted_at = :now, changing = true, swept_table = null, swept_row = null
                        where tenant_id = :tenant
                        """)
                .param("tenant", tenant)
                .param("generation", generation)
                .param("data", wrapped.data().bytes())
                .param("root", wrapped.root().bytes())
                .param("now", now.atOffset(ZoneOffset.UTC))
                .update();
    }

    void swept(UUID tenant, @Nullable String table, @Nullable UUID row) {
        jdbc.sql("update vault.client_key set swept_table = :table, swept_row = :row where tenant_id = :tenant")
                .param("tenant", tenant)
                .param("table", table)
                .param("row", row)
                .update();
    }

    void retire(UUID tenant, UUID generation, Wrapped wrapped) {
        jdbc.sql("""
                        update vault.client_key set generation = :generation, data_keys = :data, index_root = :root,
                            changing = false, swept_table = null, swept_row = null
                        where tenant_id = :tenant
                        """)
                .param("tenant", tenant)
                .param("generation", generation)
                .param("data", wrapped.data().bytes())
                .param("root", wrapped.root().bytes())
                .update();
    }

    void rewrap(UUID tenant, Wrapped wrapped) {
        jdbc.sql("update vault.client_key set data_keys = :data, index_root = :root where tenant_id = :tenant")
                .param("tenant", tenant)
                .param("data", wrapped.data().bytes())
                .param("root", wrapped.root().bytes())
                .update();
    }

    void erase(UUID tenant, UUID generation, Instant now) {
        jdbc.sql("""
                        insert into vault.client_key as k (tenant_id, generation, made_at, promoted_at, erased_at)
                        values (:tenant, :generation, :now, :now, :now)
                        on conflict (tenant_id) do update set generation = :generation, data_keys = null, index_root = null,
                            changing = false, swept_table = null, swept_row = null,
                            erased_at = coalesce(k.erased_at, :now)
                        """)
                .param("tenant", tenant)
                .param("generation", generation)
                .param("now", now.atOffset(ZoneOffset.UTC))
                .update();
    }

    List<Client> clients(UUID after, int most) {
        return jdbc.sql("select tenant_id, promoted_at, changing from vault.clients(:after, :most)")
                .param("after", after)
                .param("most", most)
                .query((row, _) -> new Client(
                        row.getObject(1, UUID.class), row.getTimestamp(2).toInstant(), row.getBoolean(3)))
                .list();
    }
}
