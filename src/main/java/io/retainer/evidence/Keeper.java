package io.retainer.evidence;

import io.retainer.kernel.Fact;
import io.retainer.kernel.Ids;
import java.time.Clock;
import java.time.ZoneOffset;
import org.springframework.context.event.EventListener;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.annotation.Propagation;
import org.springframework.transaction.annotation.Transactional;

/** Writes each fact down before the transaction that made it can commit. Without a transaction there is no fact. */
@Component
class Keeper {

    private final JdbcClient jdbc;
    private final Clock clock;

    Keeper(JdbcClient jdbc, Clock clock) {
        this.jdbc = jdbc;
        this.clock = clock;
    }

    @EventListener
    @Transactional(propagation = Propagation.MANDATORY)
    void keep(Fact fact) {
        var leaf = Leaf.of(fact, Ids.next(), clock.instant());
        jdbc.sql("""
                        with leaf as (
                            insert into evidence.leaf
                                (tenant_id, id, contract_id, kind, clause, subject, recorded_at, text, hash)
                            values (:tenant, :id, :contract, :kind, :clause, :subject, :recordedAt, :text, :hash))
                        insert into evidence.pending (tenant_id, contract_id, leaf_id, hash) values (:tenant, :contract, :id, :hash)
                        """)
                .param("tenant", fact.tenant())
                .param("id", leaf.id())
                .param("contract", fact.contract())
                .param("kind", fact.kind())
                .param("clause", fact.clause().id())
                .param("subject", fact.subject())
                .param("recordedAt", leaf.recordedAt().atOffset(ZoneOffset.UTC))
                .param("text", leaf.text())
                .param("hash", leaf.hash().bytes())
                .update();
    }
}
