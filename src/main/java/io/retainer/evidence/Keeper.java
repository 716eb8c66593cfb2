package io.retainer.evidence;

import io.retainer.kernel.Fact;
import io.retainer.kernel.Ids;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.springframework.context.event.EventListener;
import org.springframework.core.Ordered;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.annotation.Propagation;
import org.springframework.transaction.annotation.Transactional;
import org.springframework.transaction.support.TransactionSynchronization;
import org.springframework.transaction.support.TransactionSynchronizationManager;

/**
 * Writes each fact down before the transaction that made it can commit. Without a transaction there is no fact. The facts
 * of one transaction are hashed as they come and written together at its end, in their order: a database that cannot take
 * them lets nothing commit.
 */
@Component
class Keeper {

    /** Kept in memory by one transaction; more are written in between. */
    private static final int MOST = 500;

    private final JdbcClient jdbc;
    private final Clock clock;

    Keeper(JdbcClient jdbc, Clock clock) {
        this.jdbc = jdbc;
        this.clock = clock;
    }

    private record Kept(UUID tenant, UUID contract, String kind, String clause, String subject, Leaf leaf) {}

    @EventListener
    @Transactional(propagation = Propagation.MANDATORY)
    void keep(Fact fact) {
        var leaf = Leaf.of(fact, Ids.next(), clock.instant());
        var pages = pages();
        pages.kept.add(new Kept(
                fact.tenant(), fact.contract(), fact.kind(), fact.clause().id(), fact.subject(), leaf));
        if (pages.closing || pages.kept.size() >= MOST) {
            pages.write();
        }
    }

    /** Those of the running transaction. */
    private Pages pages() {
        var running = (Pages) TransactionSynchronizationManager.getResource(this);
        if (running != null) {
            return running;
        }
        var pages = new Pages();
        TransactionSynchronizationManager.bindResource(this, pages);
        TransactionSynchronizationManager.registerSynchronization(pages);
        return pages;
    }

    /** The facts of one transaction that are not written yet. */
    private final class Pages implements TransactionSynchronization, Ordered {

        private final List<Kept> kept = new ArrayList<>();
        /** Whoever else acts before the commit may still have something to say. */
        private boolean closing;

        @Override
        public int getOrder() {
            return Ordered.LOWEST_PRECEDENCE;
        }

        @Override
        public void beforeCommit(boolean readOnly) {
            closing = true;
            write();
        }

        /** What happened since is undone, and only that. */
        @Override
        public void savepoint(Object savepoint) {
            write();
        }

        @Override
        public void savepointRollback(Object savepoint) {
            kept.clear();
        }

        @Override
        public void suspend() {
            TransactionSynchronizationManager.unbindResource(Keeper.this);
        }

        @Override
        public void resume() {
            TransactionSynchronizationManager.bindResource(Keeper.this, this);
        }

        @Override
        public void afterCompletion(int status) {
            TransactionSynchronizationManager.unbindResource(Keeper.this);
        }

        private void write() {
            if (!kept.isEmpty()) {
                Keeper.this.write(kept);
                kept.clear();
            }
        }
    }

    private void write(List<Kept> kept) {
        jdbc.sql("""
                        with given as (
                            select * from unnest(cast(:tenants as uuid[]), cast(:ids as uuid[]), cast(:contracts as uuid[]),
                                cast(:kinds as text[]), cast(:clauses as text[]), cast(:subjects as text[]),
                                cast(:recorded as timestamptz[]), cast(:texts as text[]), cast(:hashes as bytea[]))
                            with ordinality as g
                                (tenant_id, id, contract_id, kind, clause, subject, recorded_at, text, hash, place)),
                        leaf as (
                            insert into evidence.leaf
                                (tenant_id, id, contract_id, kind, clause, subject, recorded_at, text, hash)
                            select tenant_id, id, contract_id, kind, clause, subject, recorded_at, text, hash from given)
                        insert into evidence.pending (tenant_id, contract_id, leaf_id, hash)
                        select tenant_id, contract_id, id, hash from given order by place
                        """)
                .param("tenants", all(kept, Kept::tenant).toArray(UUID[]::new))
                .param("ids", all(kept, each -> each.leaf().id()).toArray(UUID[]::new))
                .param("contracts", all(kept, Kept::contract).toArray(UUID[]::new))
                .param("kinds", all(kept, Kept::kind).toArray(String[]::new))
                .param("clauses", all(kept, Kept::clause).toArray(String[]::new))
                .param("subjects", all(kept, Kept::subject).toArray(String[]::new))
                .param(
                        "recorded",
                        all(kept, each -> each.leaf().recordedAt().toString()).toArray(String[]::new))
                .param("texts", all(kept, each -> each.leaf().text()).toArray(String[]::new))
                .param("hashes", all(kept, each -> each.leaf().hash().bytes()).toArray(byte[][]::new))
                .update();
    }

    private static <T extends @Nullable Object> List<T> all(List<Kept> kept, Function<Kept, T> part) {
        return kept.stream().map(part).toList();
    }
}
