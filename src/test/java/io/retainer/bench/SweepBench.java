package io.retainer.bench;

import io.retainer.duty.DutySweep;
import java.io.IOException;
import java.time.Instant;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * The nightly sweep: every contract owes three things, one contract in ten has let one of them lapse since yesterday. Ten
 * times the contracts should take at most eleven times as long.
 */
final class SweepBench {

    private static final Instant NOW = Instant.parse("2026-06-01T00:00:00Z");

    private SweepBench() {}

    static void run(Bench bench) throws IOException {
        try (var database = new BenchDatabase(false)) {
            var superuser = JdbcClient.create(database.superuser());
            var sweep = database.application.getBean(DutySweep.class);
            measure(sweep, superuser, 10_000); // warms up
            double small = median(sweep, superuser, 10_000, 5);
            double large = median(sweep, superuser, 100_000, 3);
            bench.figure("sweep over 10,000 contracts, 1,000 breaches", small, "s", "—");
            bench.figure("sweep over 100,000 contracts, 10,000 breaches", large, "s", "—");
            bench.figure("growth for ten times the contracts", large / small, "×", "<= 11");
            long start = System.nanoTime();
            sweep.run(NOW);
            bench.figure("sweep over 100,000 contracts, nothing due", Bench.seconds(start), "s", "—");
        }
    }

    private static double median(DutySweep sweep, JdbcClient superuser, int contracts, int times) {
        return java.util.stream.IntStream.range(0, times)
                .mapToDouble(_ -> measure(sweep, superuser, contracts))
                .sorted()
                .toArray()[times / 2];
    }

    private static double measure(DutySweep sweep, JdbcClient superuser, int contracts) {
        superuser
                .sql("truncate duty.duty, duty.event, evidence.leaf, evidence.pending")
                .update();
        superuser.sql("""
                        insert into duty.duty (tenant_id, id, contract_id, contract_version, clause, debtor, creditor, action,
                            subject, opened_at, deadline, state, due_at, undated, version)
                        select md5('tenant' || c / 20)::uuid, uuidv7(), md5('contract' || c)::uuid, 1, 'I-3.2a', 'CLIENT',
                            'PROVIDER', 'billing.duty.pay', 'instalment/' || d, '2026-01-01T00:00:00Z',
                            'at ' || to_char(due at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"'), 'RUNNING', due, false, 0
                        from generate_series(1, :contracts) as c, generate_series(1, 3) as d,
                            lateral (select case when d = 1 and c % 10 = 0
                                then timestamptz '2026-05-31T00:00:00Z' + make_interval(secs => c % 86000)
                                else timestamptz '2026-07-01T00:00:00Z' + make_interval(days => d) end as due) as t
                        """).param("contracts", contracts).update();
        superuser.sql("vacuum analyze duty.duty").update();
        long start = System.nanoTime();
        int breaches = sweep.run(NOW);
        double seconds = Bench.seconds(start);
        if (breaches != contracts / 10) {
            throw new IllegalStateException(breaches + " breaches were found among " + contracts + " contracts");
        }
        return seconds;
    }
}
