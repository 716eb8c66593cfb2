package io.retainer.evidence;

import com.github.kagkarlsson.scheduler.task.helper.RecurringTask;
import com.github.kagkarlsson.scheduler.task.helper.Tasks;
import com.github.kagkarlsson.scheduler.task.schedule.FixedDelay;
import io.retainer.evidence.Trees.Signed;
import io.retainer.evidence.tlog.Checkpoint;
import io.retainer.evidence.tlog.Frontier;
import io.retainer.evidence.tlog.MalformedLog;
import io.retainer.kernel.Sentence;
import io.retainer.kernel.Tenancy;
import io.retainer.kernel.Texts;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/**
 * Gives waiting facts their place in the tree of their contract and signs the new head. One transaction per contract; one
 * contract at a time over all nodes. Extends only what it signed itself, and says so when it cannot.
 */
@Component
class Sequencer {

    private static final Logger log = LoggerFactory.getLogger(Sequencer.class);

    private static final int MOST_CONTRACTS = 1_000;
    private static final int MOST_LEAVES = 10_000;

    private final JdbcClient jdbc;
    private final Tenancy tenancy;
    private final Trees trees;
    private final SigningKey key;
    private final Clock clock;
    private final String origin;

    /** Ledgers that cannot be sealed, with the reason; they must not hold up the others. */
    private final Map<UUID, Sentence> refused = new ConcurrentHashMap<>();

    Sequencer(
            JdbcClient jdbc,
            Tenancy tenancy,
            Trees trees,
            SigningKey key,
            Clock clock,
            @Value("${retainer.evidence.origin:retainer.local}") String origin) {
        this.jdbc = jdbc;
        this.tenancy = tenancy;
        this.trees = trees;
        this.key = key;
        this.clock = clock;
        this.origin = origin;
    }

    private record Ledgers(UUID tenant, UUID contract) {}

    /** Why this ledger is not being sealed, or empty when all is well. */
    Optional<Sentence> trouble(UUID contract) {
        return key.trouble().or(() -> Optional.ofNullable(refused.get(contract)));
    }

    /**
     * Seals what waits.
     *
     * @return how many facts were sealed
     */
    int seal() {
        if (key.trouble().isPresent()) {
            return 0;
        }
        var waiting = jdbc.sql("select tenant_id, contract_id from evidence.unsealed(:most)")
                .param("most", MOST_CONTRACTS)
                .query((row, _) -> new Ledgers(row.getObject(1, UUID.class), row.getObject(2, UUID.class)))
                .list();
        int sealed = 0;
        for (var ledger : waiting) {
            sealed += seal(ledger.tenant(), ledger.contract());
        }
        return sealed;
    }

    private int seal(UUID tenant, UUID contract) {
        try {
            int sealed = tenancy.write(tenant, () -> extend(tenant, contract));
            refused.remove(contract);
            return sealed;
        } catch (Inconsistent found) {
            if (!found.sentence.equals(refused.put(contract, found.sentence))) {
                log.error("{}", Texts.in(Texts.ENGLISH).say(found.sentence));
            }
            return 0;
        } catch (RuntimeException failed) {
            log.warn("The ledger of contract {} could not be sealed; it will be tried again", contract, failed);
            return 0;
        }
    }

    private int extend(UUID tenant, UUID contract) {
        trees.lock(contract);
        var last = latest(tenant, contract);
        var edge = last == null ? new Frontier() : last.edge();
        long before = edge.size();
        var name = last == null ? origin + "/" + contract : last.checkpoint().origin();
        var sealed = trees.seal(tenant, contract, before, MOST_LEAVES);
        if (sealed.isEmpty()) {
            return 0;
        }
        sealed.forEach(edge::append);
        trees.addFullTiles(tenant, contract, before, edge.size());
        var head = new Checkpoint(name, edge.size(), edge.root());
        trees.add(tenant, contract, key.sign(head.text(), name), edge, clock.instant());
        return sealed.size();
    }

    /** The head to grow from: signed by our key, with the root that its tree has. */
    private @Nullable Signed latest(UUID tenant, UUID contract) {
        try {
            var last = trees.latest(tenant, contract).orElse(null);
            if (last == null) {
                return null;
            }
            var head = last.checkpoint();
            var ours = key.verifier(head.origin()).orElseThrow();
            if (!last.note().signedBy(ours)
                    || head.size() != last.edge().size()
                    || !head.root().equals(last.edge().root())
                    || !head.root().equals(trees.tree(tenant, contract).root(head.size()))) {
                throw new Inconsistent(Sentence.of("evidence.seal.inconsistent", contract, head.size()));
            }
            return last;
        } catch (MalformedLog | IndexOutOfBoundsException damaged) {
            throw new Inconsistent(
                    Sentence.of("evidence.seal.damaged", contract, String.valueOf(damaged.getMessage())));
        }
    }

    /** The transaction is rolled back and the facts keep waiting. */
    private static final class Inconsistent extends RuntimeException {

        private final transient Sentence sentence;

        Inconsistent(Sentence sentence) {
            super(sentence.key());
            this.sentence = sentence;
        }
    }

    @Configuration(proxyBeanMethods = false)
    static class Schedule {

        private static final Duration PAUSE = Duration.ofMillis(300);
        private static final Duration SHIFT = Duration.ofSeconds(10);

        /**
         * One node at a time seals in shifts: picked up once, it looks every few hundred milliseconds. A short recurring
         * task would cost two writes to the task table each time and still be a second late.
         */
        @Bean
        RecurringTask<Void> sealing(Sequencer sequencer) {
            return Tasks.recurring("evidence-sealing", FixedDelay.of(Duration.ZERO))
                    .execute((_, context) -> {
                        long end = System.nanoTime() + SHIFT.toNanos();
                        while (System.nanoTime() < end
                                && !context.getSchedulerState().isShuttingDown()) {
                            sequencer.seal();
                            java.util.concurrent.locks.LockSupport.parkNanos(PAUSE.toNanos());
                        }
                    });
        }
    }
}
