package io.retainer.customer;

import com.github.kagkarlsson.scheduler.task.TaskDescriptor;
import com.github.kagkarlsson.scheduler.task.helper.OneTimeTask;
import com.github.kagkarlsson.scheduler.task.helper.Tasks;
import io.retainer.customer.ImportFiles.BadRow;
import io.retainer.customer.SealedCustomers.Sealing;
import io.retainer.kernel.Sentence;
import io.retainer.kernel.Tenancy;
import io.retainer.vault.ClientVault;
import io.retainer.vault.Vault;
import java.io.IOException;
import java.io.Serializable;
import java.time.Clock;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentLinkedQueue;
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
    /** A transaction, and a run of customers whose keys are kept together. */
    private static final int SLICE = 4000;

    /** Of rows that are very long fewer go together: several such slices are in memory at a time. */
    private static final int SLICE_CHARACTERS = 4 << 20;

    private static final int AHEAD = 3;
    private static final int REMOVED_TOGETHER = 2000;

    private final Batches batches;
    private final ImportFiles files;
    private final CustomerRows customers;
    private final ImportBesides besides;
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
            ImportBesides besides,
            Vault vault,
            Merges merges,
            Quality quality,
            Tenancy tenancy,
            JdbcClient jdbc,
            Clock clock) {
        this.batches = batches;
        this.files = files;
        this.customers = customers;
        this.besides = besides;
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
     * @param rows as they are in the file
     * @param besides what the good ones say besides, in their order
     * @param good those of them that are good, in the order of the sealed customers
     */
    private record Slice(
            List<Numbered> rows,
            List<Numbered> good,
            SealedCustomers sealed,
            List<Target.Besides> besides,
            List<BadRow> bad,
            long bytes,
            boolean last) {}

    /** What checking and sealing need, which is handed from thread to thread. */
    private record Preparing(
            boolean cards,
            Target.Plan plan,
            Map<String, CustomField> fields,
            SealedCustomers.Types types,
            ClientVault client,
            Queue<Sealing> free) {

        Slice slice(List<Numbered> rows, long bytes, boolean last) {
            var one = free.poll();
            var sealing = one == null ? Sealing.of(client.forMany(), SLICE) : one;
            try {
                return ImportWorker.slice(this, sealing, rows, bytes, last);
            } finally {
                free.add(sealing);
            }
        }
    }

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
        var preparing = new Preparing(
                batch.format() == ImportFormat.VCARD,
                Target.Plan.of(batch.targets(), batch.header()),
                fields,
                customers.types(),
                client,
                new ConcurrentLinkedQueue<>());
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
                            (numbered, bytes, last) ->
                                    slices.put(sealing.submit(() -> preparing.slice(numbered, bytes, last))));
                } catch (IOException | RuntimeException e) {
                    failure.set(e);
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
            });
            try {
                storeAll(tenant, batch, preparing, slices, reading, failure);
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
            Preparing preparing,
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
            var slice = done(next);
            if (!store(tenant, batch, preparing, slice, before)) {
                log.info("Import {} was stopped at row {}", batch.id(), before);
                return;
            }
            before += slice.rows().size();
            if (slice.last()) {
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
        // Of cards the first is number one; they were given headings when they were stored.
        int given = batch.format() == ImportFormat.VCARD ? 1 : 0;
        boolean last = false;
        while (!last) {
            var some = new ArrayList<Numbered>(SLICE);
            int characters = 0;
            while (some.size() < SLICE && characters < SLICE_CHARACTERS) {
                var row = rows.next();
                if (row == null) {
                    last = true;
                    break;
                }
                some.add(new Numbered(rows.number() - given, row));
                for (var cell : row.cells()) {
                    characters += cell.length();
                }
            }
            taker.take(some, upload.done(), last);
        }
    }

    private static Slice slice(Preparing preparing, Sealing sealing, List<Numbered> rows, long bytes, boolean last) {
        int columns = preparing.plan().targets().size();
        var customers = new ArrayList<NewCustomer>(rows.size());
        var good = new ArrayList<Numbered>(rows.size());
        var bad = new ArrayList<BadRow>();
        boolean more = preparing.plan().besides();
        var besides = new ArrayList<Target.Besides>();
        for (var numbered : rows) {
            var row = numbered.row();
            var trouble = row.trouble();
            if (trouble != null) {
                bad.add(new BadRow(numbered.number(), trouble, row.cells()));
            } else if (row.cells().size() > columns && hasMore(row.cells(), columns)) {
                bad.add(new BadRow(
                        numbered.number(),
                        Sentence.of("customer.row.more", row.cells().size(), columns),
                        row.cells()));
            } else if (preparing.cards() && CardRows.breaksOff(row.cells())) {
                bad.add(new BadRow(numbered.number(), Sentence.of("customer.row.card"), row.cells()));
            } else if (!row.blank()) {
                switch (CustomerRules.check(Target.customer(preparing.plan(), row.cells()), preparing.fields())) {
                    case CustomerRules.Fine(var customer) -> {
                        var heard = more
                                ? CustomerRules.besides(customer, Target.besides(preparing.plan(), row.cells()))
                                : CustomerRules.NOTHING;
                        switch (heard) {
                            case CustomerRules.Said(var said) -> {
                                good.add(numbered);
                                customers.add(customer);
                                besides.add(said);
                            }
                            case CustomerRules.Bad refused ->
                                bad.add(new BadRow(numbered.number(), refused.why(), row.cells()));
                        }
                    }
                    case CustomerRules.Bad refused ->
                        bad.add(new BadRow(numbered.number(), refused.why(), row.cells()));
                }
            }
        }
        var sealed = SealedCustomers.run(customers, preparing.fields(), sealing, preparing.types());
        return new Slice(rows, good, sealed, besides, bad, bytes, last);
    }

    private static boolean hasMore(List<String> cells, int expected) {
        return cells.subList(expected, cells.size()).stream().anyMatch(cell -> !cell.isBlank());
    }

    /** @return false when it was stopped meanwhile: then nothing of these rows stays */
    private boolean store(UUID tenant, ImportBatch batch, Preparing preparing, Slice prepared, long before) {
        return tenancy.write(tenant, () -> {
            // What a crash takes back is taken back together with the note how far it was.
            jdbc.sql("set local synchronous_commit = off").update();
            if (!batches.hold(tenant, batch.id(), before)) {
                return false;
            }
            var source = batch.source();
            var client = vault.writing(tenant);
            var slice = client.sealsAs(prepared.sealed().vault())
                    ? prepared
                    : slice(
                            preparing,
                            Sealing.of(client.forMany(), prepared.rows().size()),
                            prepared.rows(),
                            prepared.bytes(),
                            prepared.last());
            var ids = slice.sealed().ids();
            var taken = ids.isEmpty()
                    ? Set.<UUID>of()
                    : customers.add(
                            tenant, slice.sealed(), batch.id(), source == null ? "—" : source, null, clock.instant());
            var said = new LinkedHashMap<UUID, Target.Besides>();
            for (int i = 0; i < ids.size(); i++) {
                if (!slice.besides().get(i).nothing() && !taken.contains(ids.get(i))) {
                    said.put(ids.get(i), slice.besides().get(i));
                }
            }
            if (!said.isEmpty()) {
                besides.keep(tenant, batch, source == null ? "—" : source, client, said, clock.instant());
            }
            var bad = new ArrayList<>(slice.bad());
            for (int i = 0; i < ids.size() && !taken.isEmpty(); i++) {
                if (taken.contains(ids.get(i))) {
                    var row = slice.good().get(i);
                    bad.add(new BadRow(row.number(), TAKEN, row.row().cells()));
                }
            }
            batches.advance(
                    tenant,
                    batch.id(),
                    slice.rows().size(),
                    ids.size() - taken.size(),
                    bad.size(),
                    Math.min(slice.bytes(), batch.bytesTotal()));
            if (!bad.isEmpty()) {
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
            customers.removePages(tenant, id);
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
