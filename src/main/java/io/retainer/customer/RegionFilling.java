package io.retainer.customer;

import com.github.kagkarlsson.scheduler.task.helper.RecurringTask;
import com.github.kagkarlsson.scheduler.task.helper.Tasks;
import com.github.kagkarlsson.scheduler.task.schedule.FixedDelay;
import io.retainer.kernel.Refused;
import io.retainer.kernel.Tenancy;
import io.retainer.kernel.Unavailable;
import io.retainer.vault.Opener;
import io.retainer.vault.Processing;
import io.retainer.vault.Vault;
import java.time.Clock;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/**
 * Recognises where the addresses are that were stored before regions were. Some customers a transaction, together with the
 * note how far it has come: whatever interrupts it, it goes on there, and it does nothing twice. An address that does not say
 * where it is, or does not open, stays as it is.
 */
@Component
class RegionFilling {

    static final String TASK = "customer-regions";

    private static final Logger log = LoggerFactory.getLogger(RegionFilling.class);
    private static final int CLIENTS_TOGETHER = 50;
    private static final int LOOKED_AT_TOGETHER = 500;
    private static final UUID FIRST = new UUID(0, 0);

    private final CustomerRows customers;
    private final Vault vault;
    private final Tenancy tenancy;
    private final JdbcClient jdbc;
    private final Clock clock;

    RegionFilling(CustomerRows customers, Vault vault, Tenancy tenancy, JdbcClient jdbc, Clock clock) {
        this.customers = customers;
        this.vault = vault;
        this.tenancy = tenancy;
        this.jdbc = jdbc;
        this.clock = clock;
    }

    /** @param filled how many addresses got their region so far */
    record Progress(@Nullable UUID after, long seen, long filled, boolean ended) {}

    /** How far it has come; empty for a client that never had such addresses. */
    Optional<Progress> progress(UUID tenant) {
        return jdbc.sql("""
                        select after_id, seen, filled, ended_at is not null as ended from customer.region_filling
                        where tenant_id = :tenant
                        """)
                .param("tenant", tenant)
                .query((row, _) -> new Progress(
                        row.getObject("after_id", UUID.class),
                        row.getLong("seen"),
                        row.getLong("filled"),
                        row.getBoolean("ended")))
                .optional();
    }

    /** All clients; the trouble of one does not keep the others waiting. */
    void run() {
        List<UUID> clients;
        do {
            clients = jdbc.sql("select n.id from customer.regions_to_fill(:most) as n (id)")
                    .param("most", CLIENTS_TOGETHER)
                    .query((row, _) -> row.getObject(1, UUID.class))
                    .list();
            int done = 0;
            for (var client : clients) {
                try {
                    while (step(client)) {
                        done++;
                    }
                    done++;
                } catch (RuntimeException e) {
                    log.error("The regions of client {} are left for the next round", client, e);
                }
            }
            if (done == 0) {
                return;
            }
        } while (clients.size() == CLIENTS_TOGETHER);
    }

    /**
     * One transaction of it.
     *
     * @return whether there may be more
     */
    boolean step(UUID tenant) {
        return tenancy.write(tenant, () -> {
            var before = hold(tenant).orElse(null);
            if (before == null) {
                return false;
            }
            var after = before.after() == null ? FIRST : before.after();
            var held = jdbc.sql("""
                            select id from customer.customer where tenant_id = :tenant and id > :after
                            order by tenant_id, id limit :most for update
                            """)
                    .param("tenant", tenant)
                    .param("after", after)
                    .param("most", LOOKED_AT_TOGETHER)
                    .query((row, _) -> row.getObject(1, UUID.class))
                    .list();
            long filled = held.isEmpty() ? 0 : fill(tenant, held);
            boolean ended = held.size() < LOOKED_AT_TOGETHER;
            keep(tenant, held.isEmpty() ? after : held.getLast(), held.size(), filled, ended);
            if (ended) {
                log.info("The addresses of client {} have their regions: {} more", tenant, before.filled() + filled);
            }
            return !ended;
        });
    }

    private Optional<Progress> hold(UUID tenant) {
        boolean due = jdbc.sql("""
                        select 1 from customer.region_filling where tenant_id = :tenant and ended_at is null for update
                        """)
                .param("tenant", tenant)
                .query(Integer.class)
                .optional()
                .isPresent();
        return due ? progress(tenant) : Optional.empty();
    }

    private long fill(UUID tenant, List<UUID> held) {
        var without = jdbc.sql("""
                        select c.id from customer.customer c where c.tenant_id = :tenant and c.id = any(:held) and exists (
                            select from unnest(c.contacts) as k where k.kind = 'ADDRESS' and k.region is null)
                        """)
                .param("tenant", tenant)
                .param("held", held.toArray(UUID[]::new))
                .query((row, _) -> row.getObject(1, UUID.class))
                .list();
        if (without.isEmpty()) {
            return 0;
        }
        Opener opener;
        try {
            opener = vault.processing(tenant, Processing.FINDING);
        } catch (Refused destroyed) {
            // Nothing of this client opens any more.
            return 0;
        }
        var client = vault.writing(tenant);
        long filled = 0;
        for (var customer : without) {
            var contacts = new ArrayList<StoredContact>();
            int found = 0;
            for (var contact : customers.stored(tenant, customer)) {
                var region = contact.kind() == ContactKind.ADDRESS && contact.region() == null
                        ? region(opener, contact)
                        : Optional.<Region>empty();
                found += region.isPresent() ? 1 : 0;
                contacts.add(region.map(each -> contact.in(each, client)).orElse(contact));
            }
            if (found > 0) {
                customers.reach(tenant, customer, contacts, client);
                filled += found;
            }
        }
        return filled;
    }

    private static Optional<Region> region(Opener opener, StoredContact contact) {
        try {
            return Region.of(opener.open(contact.kind().column(), contact.id(), contact.value())
                    .inTheClear());
        } catch (Unavailable unreadable) {
            log.error("The address {} does not open; it stays without a region", contact.id(), unreadable);
            return Optional.empty();
        }
    }

    private void keep(UUID tenant, UUID after, long seen, long filled, boolean ended) {
        jdbc.sql("""
                        update customer.region_filling set after_id = :after, seen = seen + :seen, filled = filled + :filled,
                            ended_at = :ended where tenant_id = :tenant
                        """)
                .param("tenant", tenant)
                .param("after", after)
                .param("seen", seen)
                .param("filled", filled)
                .param(
                        "ended",
                        ended ? clock.instant().atOffset(ZoneOffset.UTC) : null,
                        java.sql.Types.TIMESTAMP_WITH_TIMEZONE)
                .update();
    }

    /** Soon after a start, and again should something have been left; on one node at a time. */
    @Configuration(proxyBeanMethods = false)
    static class EveryHour {

        @Bean
        RecurringTask<Void> regionsTask(RegionFilling filling) {
            return Tasks.recurring(TASK, FixedDelay.ofHours(1)).execute((_, _) -> filling.run());
        }
    }
}
