package io.retainer.customer;

import com.github.kagkarlsson.scheduler.task.TaskDescriptor;
import com.github.kagkarlsson.scheduler.task.helper.OneTimeTask;
import com.github.kagkarlsson.scheduler.task.helper.Tasks;
import io.retainer.customer.CustomerRows.Identified;
import io.retainer.customer.ImportFiles.BadRow;
import io.retainer.kernel.Ids;
import io.retainer.kernel.Sentence;
import io.retainer.kernel.Tenancy;
import io.retainer.vault.ClientVault;
import io.retainer.vault.Vault;
import java.io.IOException;
import java.io.Serializable;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/**
 * Does an import, some thousand rows a transaction, together with the note how far it has come: whatever interrupts it,
 * the next run goes on behind the last row that was stored, and no row is stored twice. While some rows are being stored
 * the next ones are read, checked and sealed by as many threads as there are processors.
 */
@Component
class ImportWorker {

    static final TaskDescriptor<Job> TASK = TaskDescriptor.of("customer-import", Job.class);

    private static final Logger log = LoggerFactory.getLogger(ImportWorker.class);
    private static final Sentence TAKEN = Sentence.of("customer.bad.taken");
    private static final int SLICE = 1000;
    private static final int SLICES_TOGETHER = 8;
    private static final int AHEAD = 12;
    private static final int MOST_BAD_ROWS = 100_000;
    private static final int REMOVED_TOGETHER = 2000;

    private final Batches batches;
    private final ImportFiles files;
    private final CustomerRows customers;
    private final Vault vault;
    private final Merges merges;
    private final Quality quality;
    private final Tenancy tenancy;
    private final JdbcClient jdbc;
    private final Clock clock;

    ImportWorker(
            Batches batches,
            ImportFiles files,
            CustomerRows customers,
            Vault vault,
            Merges merges,
            Quality quality,
            Tenancy tenancy,
            JdbcClient jdbc,
            Clock clock) {
        this.batches = batches;
        this.files = files;
        this.customers = customers;
        this.vault = vault;
        this.merges = merges;
        this.quality = quality;
        this.tenancy = tenancy;
        this.jdbc = jdbc;
        this.clock = clock;
    }

    /** Which import; ids only, because the schedule is a table anybody with the database can read. */
    record Job(UUID tenant, UUID batch) implements Serializable {}

    private record Numbered(long number, ImportRows.Raw row) {}

    /**
     * Some rows, checked and sealed.
     *
     * @param good the good ones in the clear, should they have to be sealed anew
     * @param sources the good ones as they were in the file, should one turn out to be taken
     */
    private record Slice(
            int read,
            List<Identified> good,
            List<BadRow> sources,
            SealedCustomers sealed,
            List<BadRow> bad,
            long bytes,
            boolean last) {}

    void run(UUID tenant, UUID id) {
        var batch = tenancy.read(tenant, () -> batches.find(tenant, id)).orElse(null);
        if (batch == null) {
            return;
        }
        switch (batch.state()) {
            case RUNNING -> take(tenant, batch);
            case REVERTING -> {
                merges.undoOfImport(tenant, batch.contract(), batch.createdBy(), id);
                revert(tenant, id);
            }
            case UPLOADING, UPLOADED, CANCELLED, DONE, FAILED, REVERTED -> {}
        }
    }

    private void take(UUID tenant, ImportBatch batch) {
        Map<String, CustomField> fields = tenancy.read(tenant, () -> customers.fields(tenant));
        // The keys are made with the first customer; sealing itself needs no transaction.
        var client = tenancy.write(tenant, () -> vault.writing(tenant));
        var types = customers.types();
        BlockingQueue<Future<Slice>> slices = new ArrayBlockingQueue<>(AHEAD);
        var failure = new AtomicReference<@Nullable Throwable>();
        try (var sealing = Executors.newFixedThreadPool(Runtime.getRuntime().availableProcessors())) {
            var reading = Thread.ofVirtual().name("import-" + batch.id()).start(() -> {
                try (var upload = files.open(tenant, batch.id());
                        var rows = Imports.rows(batch, upload)) {
                    read(
                            batch,
                            rows,
                            upload,
                            (numbered, bytes, last) -> slices.put(
                                    sealing.submit(() -> slice(batch, fields, client, types, numbered, bytes, last))));
                } catch (IOException | RuntimeException e) {
                    failure.set(e);
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
            });
            try {
                storeAll(tenant, batch, fields, slices, reading, failure);
            } finally {
                reading.interrupt();
                sealing.shutdownNow();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void storeAll(
            UUID tenant,
            ImportBatch batch,
            Map<String, CustomField> fields,
            BlockingQueue<Future<Slice>> slices,
            Thread reading,
            AtomicReference<@Nullable Throwable> failure)
            throws InterruptedException {
        long before = batch.rowsRead();
        while (true) {
            var next = slices.poll(200, TimeUnit.MILLISECONDS);
            if (next == null) {
                if (reading.isAlive() || !slices.isEmpty()) {
                    continue;
                }
                throw new IllegalStateException("The file cannot be read", failure.get());
            }
            var together = new ArrayList<Slice>();
            together.add(done(next));
            // What is ready goes with it: a transaction more costs more than a few thousand rows.
            var ready = slices.peek();
            while (together.size() < SLICES_TOGETHER && ready != null && ready.isDone()) {
                together.add(done(slices.take()));
                ready = slices.peek();
            }
            if (!store(tenant, batch, fields, together, before)) {
                log.info("Import {} was stopped at row {}", batch.id(), before);
                return;
            }
            before += together.stream().mapToInt(Slice::read).sum();
            if (together.getLast().last()) {
                finish(tenant, batch.id());
                return;
            }
        }
    }

    private static Slice done(Future<Slice> slice) throws InterruptedException {
        try {
            return slice.get();
        } catch (ExecutionException e) {
            throw new IllegalStateException("The rows cannot be prepared", e.getCause());
        }
    }

    @FunctionalInterface
    private interface Taker {
        void take(List<Numbered> rows, long bytes, boolean last) throws InterruptedException;
    }

    private static void read(ImportBatch batch, ImportRows rows, ImportFiles.Upload upload, Taker taker)
            throws IOException, InterruptedException {
        for (long skipped = 0; skipped < batch.rowsRead(); skipped++) {
            rows.next();
        }
        // As people count: the headings are row 1.
        long number = batch.rowsRead() + (batch.hasHeader() ? 1 : 0);
        boolean last = false;
        while (!last) {
            var some = new ArrayList<Numbered>(SLICE);
            while (some.size() < SLICE) {
                var row = rows.next();
                if (row == null) {
                    last = true;
                    break;
                }
                some.add(new Numbered(++number, row));
            }
            taker.take(some, upload.done(), last);
        }
    }

    private static Slice slice(
            ImportBatch batch,
            Map<String, CustomField> fields,
            ClientVault client,
            SealedCustomers.Types types,
            List<Numbered> rows,
            long bytes,
            boolean last) {
        var targets = batch.targets();
        var good = new ArrayList<Identified>(rows.size());
        var sources = new ArrayList<BadRow>(rows.size());
        var bad = new ArrayList<BadRow>();
        for (var numbered : rows) {
            var row = numbered.row();
            var trouble = row.trouble();
            if (trouble != null) {
                bad.add(new BadRow(numbered.number(), trouble, List.of()));
            } else if (row.cells().size() > targets.size() && hasMore(row.cells(), targets.size())) {
                bad.add(new BadRow(
                        numbered.number(),
                        Sentence.of("customer.row.more", row.cells().size(), targets.size()),
                        row.cells()));
            } else if (!row.blank()) {
                switch (CustomerRules.check(Target.customer(targets, batch.header(), row.cells()), fields)) {
                    case CustomerRules.Fine(var customer) -> {
                        good.add(new Identified(Ids.next(), customer));
                        sources.add(new BadRow(numbered.number(), TAKEN, row.cells()));
                    }
                    case CustomerRules.Bad refused ->
                        bad.add(new BadRow(numbered.number(), refused.why(), row.cells()));
                }
            }
        }
        return new Slice(rows.size(), good, sources, SealedCustomers.of(good, fields, client, types), bad, bytes, last);
    }

    private static boolean hasMore(List<String> cells, int expected) {
        return cells.subList(expected, cells.size()).stream().anyMatch(cell -> !cell.isBlank());
    }

    /** @return false when it was stopped meanwhile: then nothing of these rows stays */
    private boolean store(
            UUID tenant, ImportBatch batch, Map<String, CustomField> fields, List<Slice> slices, long before) {
        return tenancy.write(tenant, () -> {
            // What a crash takes back is taken back together with the note how far it was.
            jdbc.sql("set local synchronous_commit = off").update();
            if (!batches.hold(tenant, batch.id(), before)) {
                return false;
            }
            var source = batch.source();
            var client = vault.writing(tenant);
            int read = 0;
            int good = 0;
            var bad = new ArrayList<BadRow>();
            for (var slice : slices) {
                var sealed = client.sealsAs(slice.sealed().vault())
                        ? slice.sealed()
                        : SealedCustomers.of(slice.good(), fields, client, customers.types());
                var taken = slice.good().isEmpty()
                        ? Set.<UUID>of()
                        : customers.add(
                                tenant, sealed, batch.id(), source == null ? "—" : source, null, clock.instant());
                for (int i = 0; i < slice.good().size() && !taken.isEmpty(); i++) {
                    if (taken.contains(slice.good().get(i).id())) {
                        bad.add(slice.sources().get(i));
                    }
                }
                read += slice.read();
                good += slice.good().size() - taken.size();
                bad.addAll(slice.bad());
            }
            batches.advance(
                    tenant,
                    batch.id(),
                    read,
                    good,
                    bad.size(),
                    Math.min(slices.getLast().bytes(), batch.bytesTotal()));
            if (!bad.isEmpty() && batch.rowsBad() < MOST_BAD_ROWS) {
                files.addBad(tenant, batch.id(), bad);
            }
            return true;
        });
    }

    private void finish(UUID tenant, UUID id) {
        tenancy.write(tenant, () -> {
            if (batches.turn(tenant, id, ImportState.DONE, null, clock.instant(), ImportState.RUNNING)) {
                files.remove(tenant, id);
            }
        });
        quality.measure(tenant);
    }

    private void revert(UUID tenant, UUID id) {
        // Ids tell when they were made; those of its customers are later than its own.
        var after = new UUID(id.getMostSignificantBits() & ~0xFFFFL, 0);
        List<UUID> removed;
        do {
            var last = after;
            removed = tenancy.write(tenant, () -> {
                var some = customers.broughtBy(tenant, id, last, REMOVED_TOGETHER);
                customers.remove(tenant, some);
                return some;
            });
            after = removed.isEmpty() ? after : removed.getLast();
        } while (removed.size() == REMOVED_TOGETHER);
        tenancy.write(tenant, () -> {
            files.remove(tenant, id);
            files.removeBad(tenant, id);
            batches.turn(tenant, id, ImportState.REVERTED, null, clock.instant(), ImportState.REVERTING);
        });
    }

    /** After a node dies another one takes its imports over. */
    @Configuration(proxyBeanMethods = false)
    static class InTheBackground {

        @Bean
        OneTimeTask<Job> importTask(ImportWorker worker) {
            return Tasks.oneTime(TASK)
                    .execute((instance, _) -> worker.run(
                            instance.getData().tenant(), instance.getData().batch()));
        }
    }
}
