package io.retainer.bench;

import io.retainer.kernel.Ids;
import io.retainer.kernel.Tenancy;
import io.retainer.vault.BlindIndex;
import io.retainer.vault.ClientVault;
import io.retainer.vault.PersonalKind;
import io.retainer.vault.Sealed;
import io.retainer.vault.SealedColumn;
import io.retainer.vault.Vault;
import java.util.ArrayList;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** Rows a second through the vault alone: a phone number sealed, and two blind indexes of it, as an import does. */
final class VaultBench {

    private static final SealedColumn PHONE = new SealedColumn("bench.person", "phone", PersonalKind.PHONE);
    private static final BlindIndex WHOLE = BlindIndex.whole(PHONE);
    private static final BlindIndex END = BlindIndex.last4(PHONE);
    private static final int ROWS = 1_000_000;
    private static final int ROUNDS = 3;

    private VaultBench() {}

    static void run(Bench bench) throws Exception {
        try (var database = new BenchDatabase(false)) {
            var vault = database.application.getBean(Vault.class);
            var tenancy = database.application.getBean(Tenancy.class);
            var tenant = UUID.randomUUID();
            var ids = new UUID[ROWS];
            var phones = new String[ROWS];
            for (int i = 0; i < ROWS; i++) {
                ids[i] = Ids.next();
                phones[i] = "+8613" + String.format("%09d", i);
            }
            var client = tenancy.write(tenant, () -> vault.writing(tenant));
            seal(client, ids, phones, 0, ROWS / 4);
            double one = 0;
            double two = 0;
            double open = 0;
            for (int round = 0; round < ROUNDS; round++) {
                long since = System.nanoTime();
                seal(client, ids, phones, 0, ROWS);
                one += ROWS / Bench.seconds(since);
                since = System.nanoTime();
                try (var threads = Executors.newFixedThreadPool(2)) {
                    var halves = new ArrayList<Future<Long>>();
                    for (int half = 0; half < 2; half++) {
                        int from = half * (ROWS / 2);
                        Callable<Long> work = () -> seal(client, ids, phones, from, from + ROWS / 2);
                        halves.add(threads.submit(work));
                    }
                    for (var half : halves) {
                        half.get();
                    }
                }
                two += ROWS / Bench.seconds(since);
                var sealed = new Sealed[ROWS / 10];
                for (int i = 0; i < sealed.length; i++) {
                    sealed[i] = client.seal(PHONE, ids[i], phones[i]);
                }
                since = System.nanoTime();
                for (int i = 0; i < sealed.length; i++) {
                    client.masked(PHONE, ids[i], sealed[i]);
                }
                open += sealed.length / Bench.seconds(since);
            }
            bench.figure("seal + 2 blind indexes, 1 thread", one / ROUNDS, "rows/s", ">= 100,000");
            bench.figure("seal + 2 blind indexes, 2 threads", two / ROUNDS, "rows/s", "—");
            bench.figure("open and mask, 1 thread", open / ROUNDS, "values/s", "—");
            bench.figure(
                    "bytes more for a sealed value",
                    client.seal(PHONE, ids[0], phones[0]).bytes().length - phones[0].length(),
                    "bytes",
                    "—");
        }
    }

    private static long seal(ClientVault client, UUID[] ids, String[] phones, int from, int to) {
        long sum = 0;
        for (int i = from; i < to; i++) {
            sum += client.seal(PHONE, ids[i], phones[i]).bytes().length;
            var whole = client.index(WHOLE, phones[i]);
            var end = client.index(END, phones[i]);
            sum += (whole == null ? 0 : whole) + (end == null ? 0 : end);
        }
        return sum;
    }
}
