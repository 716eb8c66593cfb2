package io.retainer.bench;

import io.retainer.kernel.Clause;
import io.retainer.kernel.Fact;
import io.retainer.kernel.Ids;
import io.retainer.kernel.Tenancy;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * Facts a second from eight writers, sealed while they write, against plain inserts of the same rows in the same run: one
 * row a durable transaction for one tenant, in both. The rounds alternate so that a slower machine slows both.
 */
final class LedgerBench {

    private static final int WRITERS = 8;
    private static final int ROUNDS = 5;
    private static final Duration ROUND = Duration.ofSeconds(6);

    record Paid(
            UUID tenant,
            UUID contract,
            UUID payment,
            long amount,
            Instant happenedAt,
            @Nullable UUID actor,
            int instalment)
            implements Fact {

        @Override
        public Clause clause() {
            return Clause.I_3_2A;
        }

        @Override
        public String kind() {
            return "bench.Paid";
        }

        @Override
        public String subject() {
            return "payment/" + payment;
        }
    }

    private LedgerBench() {}

    static void run(Bench bench) throws Exception {
        try (var database = new BenchDatabase(true)) {
            var jdbc = database.application.getBean(JdbcClient.class);
            var tenancy = database.application.getBean(Tenancy.class);
            ApplicationEventPublisher events = database.application;
            var superuser = JdbcClient.create(database.superuser());
            superuser.sql("create schema bench").update();
            superuser
                    .sql("create table bench.plain (like evidence.leaf including all)")
                    .update();
            superuser.sql("grant usage on schema bench to retainer_rt").update();
            superuser.sql("grant insert on bench.plain to retainer_rt").update();

            var tenants = IntStream.range(0, WRITERS).mapToObj(_ -> Ids.next()).toList();
            var contracts =
                    IntStream.range(0, WRITERS).mapToObj(_ -> Ids.next()).toList();
            var hash = new byte[32];
            var text = "x".repeat(430); // as long as the text of the fact below
            Writer plain = writer -> tenancy.write(
                    tenants.get(writer),
                    () -> jdbc.sql("""
                            insert into bench.plain
                                (tenant_id, id, contract_id, kind, clause, subject, recorded_at, text, hash)
                            values (:tenant, :id, :contract, :kind, :clause, :subject, :recordedAt, :text, :hash)
                            """)
                            .param("tenant", tenants.get(writer))
                            .param("id", Ids.next())
                            .param("contract", contracts.get(writer))
                            .param("kind", "bench.Paid")
                            .param("clause", "I-3.2a")
                            .param("subject", "payment/" + Ids.next())
                            .param("recordedAt", OffsetDateTime.ofInstant(Instant.EPOCH, ZoneOffset.UTC))
                            .param("text", text)
                            .param("hash", hash)
                            .update());
            Writer facts = writer -> tenancy.write(
                    tenants.get(writer),
                    () -> events.publishEvent(new Paid(
                            tenants.get(writer),
                            contracts.get(writer),
                            Ids.next(),
                            8_673_333,
                            Instant.EPOCH,
                            null,
                            3)));

            round(plain);
            round(facts);
            double plainTotal = 0;
            double factsTotal = 0;
            for (int i = 0; i < ROUNDS; i++) {
                plainTotal += round(plain);
                factsTotal += round(facts);
            }
            long stopped = System.nanoTime();
            while (superuser
                    .sql("select exists (select from evidence.pending)")
                    .query(Boolean.class)
                    .single()) {
                Thread.onSpinWait();
            }
            bench.figure("plain inserts, 8 writers", plainTotal / ROUNDS, "rows/s", "—");
            bench.figure("facts, 8 writers, sealed meanwhile", factsTotal / ROUNDS, "facts/s", "—");
            bench.figure("facts against plain inserts", factsTotal / plainTotal, "×", ">= 0.5");
            bench.figure("until all is sealed after the last write", Bench.seconds(stopped), "s", "<= 2");
            bench.figure(
                    "facts sealed",
                    superuser
                            .sql("select count(*) from evidence.sealed")
                            .query(Long.class)
                            .single(),
                    "facts",
                    "—");
        }
    }

    @FunctionalInterface
    private interface Writer {

        void write(int writer);
    }

    private static double round(Writer work) throws Exception {
        try (var threads = Executors.newFixedThreadPool(WRITERS)) {
            long end = System.nanoTime() + ROUND.toNanos();
            var counts = new ArrayList<Future<Integer>>();
            for (int i = 0; i < WRITERS; i++) {
                int writer = i;
                Callable<Integer> loop = () -> {
                    int done = 0;
                    while (System.nanoTime() < end) {
                        work.write(writer);
                        done++;
                    }
                    return done;
                };
                counts.add(threads.submit(loop));
            }
            int total = 0;
            for (var count : counts) {
                total += count.get();
            }
            return total / (double) ROUND.toSeconds();
        }
    }
}
