package io.retainer.vault;

import com.github.kagkarlsson.scheduler.task.helper.RecurringTask;
import com.github.kagkarlsson.scheduler.task.helper.Tasks;
import com.github.kagkarlsson.scheduler.task.schedule.FixedDelay;
import io.retainer.kernel.Tenancy;
import io.retainer.vault.ClientKeyRows.Client;
import io.retainer.vault.ClientKeys.Wrapped;
import java.security.GeneralSecurityException;
import java.sql.Types;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.UUID;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/**
 * Changes keys while everything goes on. A client's data key is replaced once a year, or when asked: the new key seals
 * from that moment, a sweep seals the old values anew in small transactions and goes on where it stopped after any
 * interruption, and only when nothing is left under the old key is that dropped. After a new master key appeared in its
 * file, the clients' keys are wrapped anew.
 */
@Component
class KeyUpkeep {

    private static final Logger log = LoggerFactory.getLogger(KeyUpkeep.class);
    static final String TASK = "vault-upkeep";

    private static final int BATCH = 500;
    private static final int PAGE = 500;
    /** The second look finds what was moved behind the first one's back. */
    private static final int ROUNDS = 2;
    /** Sorts after the name of every table. */
    private static final String END = "~";

    private static final UUID FIRST = new UUID(0, 0);

    private final Vault vault;
    private final ClientKeyRows rows;
    private final List<SealedTable> tables;
    private final Tenancy tenancy;
    private final JdbcClient jdbc;
    private final JdbcTemplate template;
    private final Duration lifetime;

    KeyUpkeep(
            Vault vault,
            ClientKeyRows rows,
            List<SealedTable> tables,
            Tenancy tenancy,
            JdbcClient jdbc,
            JdbcTemplate template,
            @Value("${retainer.vault.data-key-lifetime:365d}") Duration lifetime) {
        this.vault = vault;
        this.rows = rows;
        this.tables =
                tables.stream().sorted(Comparator.comparing(SealedTable::table)).toList();
        this.tenancy = tenancy;
        this.jdbc = jdbc;
        this.template = template;
        this.lifetime = lifetime;
    }

    /** Everything that is due: wrapping anew, keys past their time, sweeps that were interrupted. */
    void run(Instant now) {
        if (vault.trouble().isPresent()) {
            return;
        }
        int master = vault.master().primary();
        var last = FIRST;
        List<Client> page;
        do {
            page = rows.clients(last, PAGE);
            for (var client : page) {
                try {
                    rewrap(client.tenant(), master);
                    if (!client.changing()
                            && !client.promotedAt().plus(lifetime).isAfter(now)) {
                        promote(client.tenant());
                        finish(client.tenant());
                    } else if (client.changing()) {
                        finish(client.tenant());
                    }
                } catch (RuntimeException e) {
                    // One client's trouble must not keep the others from their new keys.
                    log.error("The keys of client {} are left for the next round", client.tenant(), e);
                }
                last = client.tenant();
            }
        } while (page.size() == PAGE);
    }

    /** Starts a change of the client's data key; {@link #finish} completes it. */
    void promote(UUID tenant) {
        tenancy.write(tenant, () -> {
            var next = vault.present(tenant, true).promoted();
            rows.promote(tenant, next.generation(), wrapped(tenant, next), vault.now());
        });
        vault.forget(tenant);
    }

    /**
     * Seals anew what is still under an older key, then drops the older keys. A value that does not open keeps its key:
     * the change then stays unfinished, and is tried again on the next round.
     *
     * @return how many values were sealed anew
     */
    int finish(UUID tenant) {
        int total = 0;
        for (int round = 0; round < ROUNDS; round++) {
            int done;
            do {
                done = step(tenant);
                total += Math.max(done, 0);
            } while (done >= 0);
            if (retire(tenant)) {
                log.info("Client {} has a new data key; {} values were sealed anew", tenant, total);
                return total;
            }
        }
        log.error("Client {} has values that cannot be sealed anew; its older data keys are kept", tenant);
        return total;
    }

    /**
     * One transaction of the sweep.
     *
     * @return how many values were sealed anew; negative when the sweep is at its end
     */
    int step(UUID tenant) {
        return tenancy.write(tenant, () -> {
            var keys = vault.present(tenant, false);
            var row = rows.find(tenant).orElseThrow();
            var table = at(row.sweptTable());
            if (table == null) {
                return -1;
            }
            var after = table.table().equals(row.sweptTable()) ? row.sweptRow() : null;
            var batch = batch(tenant, table, after == null ? FIRST : after);
            int sealed = sealAnew(tenant, table, batch.found(), keys);
            if (batch.full()) {
                rows.swept(tenant, table.table(), batch.last());
            } else {
                int next = tables.indexOf(table) + 1;
                rows.swept(tenant, next < tables.size() ? tables.get(next).table() : END, null);
            }
            return sealed;
        });
    }

    private @Nullable SealedTable at(@Nullable String swept) {
        if (swept == null) {
            return tables.isEmpty() ? null : tables.getFirst();
        }
        return tables.stream()
                .filter(table -> table.table().compareTo(swept) >= 0)
                .findFirst()
                .orElse(null);
    }

    /**
     * A row with sealed values.
     *
     * @param keeper the row that keeps it, which is itself unless it is an element of an array
     * @param place in the array, from 1; 0 when it is in none
     */
    private record Found(UUID keeper, int place, UUID id, List<byte @Nullable []> values) {}

    /** The rows of a step, and after which row the next one goes on. */
    private record Step(List<Found> found, UUID last, boolean full) {}

    private Step batch(UUID tenant, SealedTable table, UUID after) {
        var columns =
                table.columns().stream().map(column -> "e." + column.column()).collect(Collectors.joining(", "));
        var within = table.within();
        var keepers = within == null ? table.table() : within.table();
        var keeper = within == null ? table.row() : within.row();
        var held = jdbc.sql(
                        "select %1$s from %2$s where tenant_id = :tenant and %1$s > :after order by tenant_id, %1$s limit %3$d for update"
                                .formatted(keeper, keepers, BATCH))
                .param("tenant", tenant)
                .param("after", after)
                .query(UUID.class)
                .list();
        if (held.isEmpty()) {
            return new Step(List.of(), after, false);
        }
        var elements = within == null
                ? "select e.%1$s as keeper, 0 as place, e.%1$s as row_id, %2$s from %3$s e where e.tenant_id = :tenant and e.%1$s = any(:held)"
                        .formatted(keeper, columns, keepers)
                : "select t.%1$s as keeper, e.ordinality as place, e.%2$s as row_id, %3$s from %4$s t, unnest(t.%5$s) with ordinality e where t.tenant_id = :tenant and t.%1$s = any(:held)"
                        .formatted(keeper, table.row(), columns, keepers, within.array());
        var found = jdbc.sql(elements)
                .param("tenant", tenant)
                .param("held", held.toArray(UUID[]::new))
                .query((row, _) -> {
                    var values = new ArrayList<byte @Nullable []>();
                    for (var column : table.columns()) {
                        values.add(row.getBytes(column.column()));
                    }
                    return new Found(
                            row.getObject("keeper", UUID.class),
                            row.getInt("place"),
                            row.getObject("row_id", UUID.class),
                            values);
                })
                .list();
        return new Step(found, held.getLast(), held.size() == BATCH);
    }

    private int sealAnew(UUID tenant, SealedTable table, List<Found> batch, ClientKeys keys) {
        int count = 0;
        var within = table.within();
        for (int i = 0; i < table.columns().size(); i++) {
            var column = table.columns().get(i);
            var updates = new ArrayList<Object[]>();
            for (var found : batch) {
                var bytes = found.values().get(i);
                if (bytes == null || Sealed.of(bytes).madeWith(keys.primary())) {
                    continue;
                }
                var place = column.place(tenant, found.id());
                try {
                    var sealed =
                            keys.seal(place, keys.open(place, Sealed.of(bytes))).bytes();
                    updates.add(
                            within == null
                                    ? new Object[] {sealed, tenant, found.keeper()}
                                    : new Object[] {found.place(), sealed, tenant, found.keeper()});
                } catch (GeneralSecurityException e) {
                    log.error(
                            "A value of {} in row {} of client {} does not open", column.name(), found.id(), tenant, e);
                }
            }
            if (within == null) {
                template.batchUpdate(
                        "update %s set %s = ? where tenant_id = ? and %s = ?"
                                .formatted(table.table(), column.column(), table.row()),
                        updates,
                        new int[] {Types.BINARY, Types.OTHER, Types.OTHER});
            } else {
                template.batchUpdate(
                        "update %s set %s[?].%s = ? where tenant_id = ? and %s = ?"
                                .formatted(within.table(), within.array(), column.column(), within.row()),
                        updates,
                        new int[] {Types.INTEGER, Types.BINARY, Types.OTHER, Types.OTHER});
            }
            count += updates.size();
        }
        return count;
    }

    /** @return false when something is still under an older key; then the sweep begins again */
    private boolean retire(UUID tenant) {
        boolean done = tenancy.write(tenant, () -> {
            var keys = vault.present(tenant, true);
            if (anythingOlder(tenant, keys.primary())) {
                rows.swept(tenant, null, null);
                return false;
            }
            var only = keys.onlyPrimary();
            rows.retire(tenant, only.generation(), wrapped(tenant, only));
            return true;
        });
        vault.forget(tenant);
        return done;
    }

    private boolean anythingOlder(UUID tenant, int primary) {
        for (var table : tables) {
            for (var column : table.columns()) {
                boolean older = jdbc.sql(
                                "select exists (select from %s where tenant_id = :tenant and substring(%s from 1 for 5) <> :prefix)"
                                        .formatted(table.table(), column.column()))
                        .param("tenant", tenant)
                        .param("prefix", Sealed.prefix(primary))
                        .query(Boolean.class)
                        .single();
                if (older) {
                    return true;
                }
            }
        }
        return false;
    }

    private void rewrap(UUID tenant, int master) {
        tenancy.write(tenant, () -> {
            var row = rows.find(tenant).orElseThrow();
            var wrapped = row.wrapped();
            if (wrapped != null && !wrapped.root().madeWith(master)) {
                rows.rewrap(tenant, wrapped(tenant, vault.present(tenant, true)));
                log.info("The keys of client {} are wrapped by the master key {}", tenant, Integer.toHexString(master));
            }
        });
    }

    Instant now() {
        return vault.now();
    }

    private Wrapped wrapped(UUID tenant, ClientKeys keys) {
        return keys.wrap(tenant, vault.master().aead());
    }

    /** Once an hour, on one node at a time. */
    @Configuration(proxyBeanMethods = false)
    static class EveryHour {

        @Bean
        RecurringTask<Void> vaultUpkeepTask(KeyUpkeep upkeep, Clock clock) {
            return Tasks.recurring(TASK, FixedDelay.ofHours(1)).execute((_, _) -> upkeep.run(clock.instant()));
        }
    }
}
