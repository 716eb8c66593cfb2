package io.retainer.bench;

import io.retainer.billing.LongLife;
import java.util.Arrays;
import java.util.function.Supplier;

/** What a person waits for who tries things on a contract of five years with 5,000 facts. */
final class LifeBench {

    private static final int ROUNDS = 21;

    private LifeBench() {}

    static void run(Bench bench) {
        var life = new LongLife(5000);
        bench.figure("facts", life.facts(), "", "—");
        bench.figure("steps of the whole life", life.replay(), "", "—");
        bench.figure("impact preview, median of 21", median(life::preview), "ms", "<= 200");
        bench.figure("whole-life replay, median of 21", median(life::replay), "ms", "<= 200");
        bench.figure(
                "both together, median of 21", median(() -> life.preview().size() + life.replay()), "ms", "<= 200");
        bench.figure("what-if page: both sides, cash flow, deadlines", median(life::compare), "ms", "—");
        bench.figure("full verdict as of each of 60 period ends", median(life::verdicts), "ms", "—");
    }

    private static double median(Supplier<?> work) {
        var times = new double[ROUNDS];
        for (int i = 0; i < ROUNDS; i++) {
            long start = System.nanoTime();
            if (work.get() == null) {
                throw new IllegalStateException("nothing came of it");
            }
            times[i] = Bench.seconds(start) * 1000;
        }
        Arrays.sort(times);
        return times[ROUNDS / 2];
    }
}
