package io.retainer.customer;

import static io.retainer.identity.Capability.IMPORT_CUSTOMERS;

import com.github.kagkarlsson.scheduler.SchedulerClient;
import io.retainer.identity.Access;
import io.retainer.kernel.Ids;
import io.retainer.kernel.Refused;
import io.retainer.kernel.Sentence;
import io.retainer.kernel.Tenancy;
import io.retainer.kernel.Texts;
import io.retainer.kernel.Unknown;
import io.retainer.vault.PersonalKind;
import java.io.BufferedWriter;
import java.io.ByteArrayInputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.OutputStreamWriter;
import java.io.PipedInputStream;
import java.io.PipedOutputStream;
import java.io.Reader;
import java.io.SequenceInputStream;
import java.io.Writer;
import java.nio.charset.Charset;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.dao.DuplicateKeyException;
import org.springframework.stereotype.Service;

/**
 * Takes files of customers in: upload, assign the columns, run, and, if it was a mistake, take everything back. Good rows
 * land while bad ones go to a result file with the reason.
 */
@Service
public class Imports {

    private static final int SAMPLE_BYTES = 512 * 1024;
    private static final int SAMPLE_ROWS = 20;
    private static final char COMMA = ',';
    private static final int LONGEST_KEY = 200;
    private static final int GUESSED_FROM = 100;
    private static final Set<Target.Column> ONCE = Set.of(
            Target.Column.NAME,
            Target.Column.REFERENCE,
            Target.Column.KIND,
            Target.Column.CREDIT_CODE,
            Target.Column.SINCE);

    private final Batches batches;
    private final ImportFiles files;
    private final CustomerRows customers;
    private final Tenancy tenancy;
    private final Clock clock;
    private final ObjectProvider<SchedulerClient> scheduler;

    Imports(
            Batches batches,
            ImportFiles files,
            CustomerRows customers,
            Tenancy tenancy,
            Clock clock,
            ObjectProvider<SchedulerClient> scheduler) {
        this.batches = batches;
        this.files = files;
        this.customers = customers;
        this.tenancy = tenancy;
        this.clock = clock;
        this.scheduler = scheduler;
    }

    /** On what ground data comes in, and whose it was. */
    public record Ground(String source, String supplier, LawfulBasis basis, DataPurpose purpose) {}

    /** The first rows of a file, masked, for the screen on which columns are assigned. */
    public record Preview(ImportBatch batch, List<List<String>> rows) {}

    /**
     * Stores the file and looks at its beginning: encoding, separator, headings, and a guess what each column is. The same
     * headings as last time get the columns of last time.
     *
     * @param charset to read it in, or null to find out
     * @throws Refused when the file is empty, binary, or has more columns than any list of customers
     */
    public ImportBatch upload(Access access, ImportFormat format, @Nullable String charset, InputStream file)
            throws IOException {
        return upload(access, format, charset, null, file);
    }

    /**
     * As above, once.
     *
     * @param key by which the sender knows this upload: the same again is answered with the first; or null
     */
    public ImportBatch upload(
            Access access, ImportFormat format, @Nullable String charset, @Nullable String key, InputStream file)
            throws IOException {
        access.require(IMPORT_CUSTOMERS);
        if (key != null) {
            if (key.isBlank() || key.length() > LONGEST_KEY) {
                throw Refused.field("Idempotency-Key", "customer.import.key", LONGEST_KEY);
            }
            var known =
                    tenancy.read(access.tenant(), () -> batches.findByRequest(access.tenant(), access.contract(), key));
            if (known.isPresent()) {
                return known.get();
            }
        }
        var start = file.readNBytes(SAMPLE_BYTES);
        if (start.length == 0) {
            throw Refused.field("file", "customer.import.empty");
        }
        var all = new SequenceInputStream(new ByteArrayInputStream(start), file);
        if (format == ImportFormat.XLSX || SpreadsheetRows.isWorkbook(start)) {
            return converted(access, ImportFormat.XLSX, key, out -> SpreadsheetRows.write(all, out));
        }
        requireText(start);
        var encoding = charset == null || charset.isBlank() ? Encoding.of(start) : charset(charset);
        if (format == ImportFormat.VCARD || CardRows.isCard(text(start, encoding))) {
            all.skipNBytes(Encoding.mark(start));
            return converted(access, ImportFormat.VCARD, key, out -> CardRows.write(reader(all, encoding), out));
        }
        return store(access, format, encoding, key, start, file);
    }

    @FunctionalInterface
    private interface Converter {
        void write(Writer out) throws IOException;
    }

    /** Stores the rows of a file that is no delimited text as if it were one, while it is read; nothing of it lies about. */
    private ImportBatch converted(Access access, ImportFormat format, @Nullable String key, Converter converter)
            throws IOException {
        var failure = new AtomicReference<@Nullable Exception>();
        try (var rows = new PipedInputStream(1 << 16)) {
            var to = new PipedOutputStream(rows);
            var converting = Thread.ofVirtual().start(() -> {
                try (var out = new BufferedWriter(new OutputStreamWriter(to, StandardCharsets.UTF_8))) {
                    try {
                        converter.write(out);
                    } catch (IOException | RuntimeException e) {
                        // Before the end is to be seen at the other side.
                        failure.set(e);
                    }
                } catch (IOException e) {
                    failure.compareAndSet(null, e);
                }
            });
            var unless = new FilterInputStream(rows) {
                @Override
                public int read(byte[] bytes, int offset, int length) throws IOException {
                    int count = super.read(bytes, offset, length);
                    requireNoFailure(count);
                    return count;
                }

                @Override
                public int read() throws IOException {
                    int next = super.read();
                    requireNoFailure(next);
                    return next;
                }

                private void requireNoFailure(int read) throws IOException {
                    if (read < 0) {
                        switch (failure.get()) {
                            case null -> {}
                            case IOException e -> throw e;
                            case RuntimeException e -> throw e;
                            case Exception e -> throw new IllegalStateException(e);
                        }
                    }
                }
            };
            var start = unless.readNBytes(SAMPLE_BYTES);
            if (start.length == 0) {
                throw Refused.field("file", "customer.import.empty");
            }
            try {
                return store(access, format, StandardCharsets.UTF_8, key, start, unless);
            } finally {
                converting.interrupt();
            }
        }
    }

    private ImportBatch store(
            Access access, ImportFormat format, Charset encoding, @Nullable String key, byte[] start, InputStream file)
            throws IOException {
        var tenant = access.tenant();
        boolean whole = start.length < SAMPLE_BYTES;
        char delimiter = format == ImportFormat.CSV ? Encoding.delimiter(text(start, encoding)) : COMMA;
        var seen = look(start, encoding, delimiter, format, whole);
        var id = Ids.next();
        var batch = tenancy.write(tenant, () -> {
            var known = seen.hasHeader()
                    ? batches.mapping(tenant, seen.header())
                    : java.util.Optional.<List<String>>empty();
            var mapping = known.filter(each -> each.size() == seen.header().size())
                    .orElseGet(() -> Target.guess(seen.header(), seen.rows(), customers.fields(tenant)).stream()
                            .map(Target::code)
                            .toList());
            var made = new ImportBatch(
                    id,
                    access.contract(),
                    format,
                    encoding.name(),
                    delimiter,
                    seen.header(),
                    seen.hasHeader(),
                    mapping,
                    null,
                    null,
                    null,
                    null,
                    Map.of(),
                    ImportState.UPLOADING,
                    null,
                    0,
                    0,
                    0,
                    0,
                    0,
                    access.person(),
                    clock.instant(),
                    null);
            batches.add(tenant, made);
            return made;
        });
        try {
            long size = files.store(tenant, batch.id(), new SequenceInputStream(new ByteArrayInputStream(start), file));
            return tenancy.write(tenant, () -> {
                batches.uploaded(tenant, batch.id(), size, key);
                return batches.find(tenant, batch.id()).orElseThrow();
            });
        } catch (IOException | RuntimeException e) {
            // Half a file is no file.
            tenancy.write(tenant, () -> batches.remove(tenant, batch.id()));
            if (key != null && e instanceof DuplicateKeyException) {
                return tenancy.read(
                        tenant,
                        () -> batches.findByRequest(tenant, access.contract(), key)
                                .orElseThrow());
            }
            throw e;
        }
    }

    private record Seen(List<String> header, boolean hasHeader, List<List<String>> rows) {}

    private static Seen look(byte[] start, Charset encoding, char delimiter, ImportFormat format, boolean whole)
            throws IOException {
        int mark = Encoding.mark(start);
        var sample = new ByteArrayInputStream(start, mark, start.length - mark);
        if (format == ImportFormat.JSONL) {
            var header = JsonRows.header(reader(sample, encoding));
            if (header.isEmpty()) {
                throw Refused.field("file", "customer.import.json");
            }
            var again = new ByteArrayInputStream(start, mark, start.length - mark);
            return new Seen(header, false, rows(new JsonRows(reader(again, encoding), header), whole));
        }
        try (var csv = new CsvRows(reader(sample, encoding), delimiter)) {
            var first = csv.next();
            while (first != null && first.blank()) {
                first = csv.next();
            }
            if (first == null) {
                throw Refused.field("file", "customer.import.empty");
            }
            var trouble = first.trouble();
            if (trouble != null) {
                throw new Refused("file", trouble);
            }
            var cells = first.cells();
            boolean data = Target.isData(cells);
            var rows = new ArrayList<List<String>>();
            if (data) {
                rows.add(cells);
            }
            rows.addAll(rows(csv, whole));
            var header = new ArrayList<String>();
            for (int i = 0; i < cells.size(); i++) {
                var heading = data ? "" : cells.get(i).strip();
                header.add(heading.isEmpty() ? "#" + (i + 1) : heading.substring(0, Math.min(heading.length(), 100)));
            }
            if (Set.copyOf(header).size() < header.size()) {
                throw Refused.field("file", "customer.import.headings", twice(header));
            }
            return new Seen(header, !data, rows);
        }
    }

    private static String twice(List<String> header) {
        return header.stream()
                .filter(heading -> header.indexOf(heading) != header.lastIndexOf(heading))
                .findFirst()
                .orElse("");
    }

    private static List<List<String>> rows(ImportRows rows, boolean whole) throws IOException {
        var found = new ArrayList<List<String>>();
        var row = rows.next();
        while (row != null && found.size() < GUESSED_FROM) {
            if (row.trouble() == null && !row.blank()) {
                found.add(row.cells());
            }
            row = rows.next();
        }
        if (!whole && found.size() < GUESSED_FROM && found.size() > 1) {
            found.removeLast(); // cut off by the end of the sample
        }
        return found;
    }

    /** The bytes a text never starts with: old spreadsheets, archives, pictures, programs. */
    private static void requireText(byte[] start) {
        boolean wide = Encoding.mark(start) == 2;
        int zeros = 0;
        for (int i = 0; i < Math.min(start.length, 4096); i++) {
            zeros += start[i] == 0 ? 1 : 0;
        }
        if (zeros > 0 && !wide) {
            throw Refused.field("file", "customer.import.binary");
        }
    }

    private static Charset charset(String name) {
        return switch (name.toUpperCase(java.util.Locale.ROOT)) {
            case "UTF-8" -> java.nio.charset.StandardCharsets.UTF_8;
            case "UTF-16LE" -> java.nio.charset.StandardCharsets.UTF_16LE;
            case "UTF-16BE" -> java.nio.charset.StandardCharsets.UTF_16BE;
            case "GB18030", "GBK", "GB2312" -> Encoding.GB18030;
            default -> throw Refused.field("charset", "customer.import.charset", name);
        };
    }

    private static String text(byte[] bytes, Charset encoding) {
        return new String(bytes, encoding);
    }

    private static Reader reader(InputStream bytes, Charset encoding) {
        return new InputStreamReader(
                bytes,
                encoding.newDecoder()
                        .onMalformedInput(CodingErrorAction.REPLACE)
                        .onUnmappableCharacter(CodingErrorAction.REPLACE));
    }

    /** The rows of a stored file, past its headings. */
    static ImportRows rows(ImportBatch batch, InputStream file) throws IOException {
        var encoding = Charset.forName(batch.charset());
        var start = file.readNBytes(3);
        int mark = Encoding.mark(start);
        var rest = new SequenceInputStream(new ByteArrayInputStream(start, mark, start.length - mark), file);
        var reader = reader(rest, encoding);
        if (batch.format() == ImportFormat.JSONL) {
            return new JsonRows(reader, batch.header());
        }
        var rows = new CsvRows(reader, batch.delimiter());
        if (batch.hasHeader()) {
            ImportRows.Raw heading;
            do {
                heading = rows.next();
            } while (heading != null && heading.blank());
        }
        return rows;
    }

    public ImportBatch batch(Access access, UUID id) {
        access.require(IMPORT_CUSTOMERS);
        return tenancy.read(access.tenant(), () -> found(access, id));
    }

    public List<ImportBatch> newest(Access access, int most) {
        access.require(IMPORT_CUSTOMERS);
        return tenancy.read(access.tenant(), () -> batches.newest(access.tenant(), access.contract(), most));
    }

    public Preview preview(Access access, UUID id) throws IOException {
        var batch = batch(access, id);
        var targets = batch.targets();
        var shown = new ArrayList<List<String>>();
        try (var rows = rows(batch, files.open(access.tenant(), id))) {
            var row = rows.next();
            while (row != null && shown.size() < SAMPLE_ROWS) {
                if (row.trouble() == null && !row.blank()) {
                    shown.add(masked(row.cells(), targets));
                }
                row = rows.next();
            }
        }
        return new Preview(batch, shown);
    }

    private static List<String> masked(List<String> cells, List<Target> targets) {
        var masked = new ArrayList<String>();
        for (int i = 0; i < targets.size(); i++) {
            var cell = i < cells.size() ? cells.get(i).strip() : "";
            var kind = targets.get(i).kind();
            masked.add(
                    kind == PersonalKind.NAME && cell.length() > 40
                            ? kind.mask(cell.substring(0, 40))
                            : kind.mask(cell));
        }
        return masked;
    }

    /**
     * Starts it with these columns.
     *
     * @param mapping a code for each column, such as {@code PHONE} or {@code FIELD:level}
     * @throws Refused when no column is the name, one is given twice, or the ground is not said
     */
    public void start(Access access, UUID id, List<String> mapping, Ground ground) {
        start(access, id, mapping, ground, Map.of());
    }

    /**
     * As {@link #start(Access, UUID, List, Ground)}, with another ground for some fields.
     *
     * @param grounds by the code of the field, as the mapping has it
     */
    public void start(Access access, UUID id, List<String> mapping, Ground ground, Map<String, Ground> grounds) {
        access.require(IMPORT_CUSTOMERS);
        var tenant = access.tenant();
        requireGround(ground);
        grounds.forEach((field, other) -> {
            if (!mapping.contains(field)) {
                throw Refused.field("grounds", "customer.import.ground", field);
            }
            requireGround(other);
        });
        tenancy.write(tenant, () -> {
            var batch = found(access, id);
            requireMapping(batch, mapping, customers.fields(tenant));
            if (!batches.start(
                    tenant,
                    id,
                    mapping,
                    ground.source().strip(),
                    ground.supplier().strip(),
                    ground.basis(),
                    ground.purpose(),
                    grounds)) {
                throw Refused.because("customer.import.started", batch.state());
            }
            if (batch.hasHeader()) {
                batches.remember(tenant, batch.header(), mapping, clock.instant());
            }
        });
        schedule(tenant, id);
    }

    private static void requireGround(Ground ground) {
        if (ground.source().isBlank() || ground.source().length() > 100) {
            throw Refused.field("source", "customer.bad.source");
        }
        if (ground.supplier().isBlank() || ground.supplier().length() > 100) {
            throw Refused.field("supplier", "customer.import.supplier");
        }
    }

    private static void requireMapping(ImportBatch batch, List<String> mapping, Map<String, CustomField> fields) {
        if (mapping.size() != batch.header().size()) {
            throw Refused.field(
                    "mapping", "customer.import.mapping", batch.header().size(), mapping.size());
        }
        var targets = mapping.stream().map(Target::of).toList();
        for (var column : ONCE) {
            if (targets.stream().filter(target -> target.column() == column).count() > 1) {
                throw Refused.field("mapping", "customer.import.twice", column);
            }
        }
        if (targets.stream().noneMatch(target -> target.column() == Target.Column.NAME)) {
            throw Refused.field("mapping", "customer.import.noName");
        }
        for (var target : targets) {
            if (target.field() != null && !fields.containsKey(target.field())) {
                throw Refused.field("mapping", "customer.bad.field", target.field());
            }
        }
    }

    /** Stops it after the rows that are being stored now. What came in stays. */
    public void cancel(Access access, UUID id) {
        turn(access, id, ImportState.CANCELLED, ImportState.RUNNING);
    }

    /** Goes on behind the last row that was stored. */
    public void resume(Access access, UUID id) {
        turn(access, id, ImportState.RUNNING, ImportState.CANCELLED);
        schedule(access.tenant(), id);
    }

    /** Takes back everything it brought. */
    public void revert(Access access, UUID id) {
        turn(access, id, ImportState.REVERTING, ImportState.DONE, ImportState.CANCELLED, ImportState.FAILED);
        schedule(access.tenant(), id);
    }

    private void turn(Access access, UUID id, ImportState to, ImportState... from) {
        access.require(IMPORT_CUSTOMERS);
        var tenant = access.tenant();
        tenancy.write(tenant, () -> {
            var batch = found(access, id);
            if (!batches.turn(tenant, id, to, null, null, from)) {
                throw Refused.because("customer.import.state", batch.state());
            }
        });
    }

    private void schedule(UUID tenant, UUID id) {
        scheduler.ifAvailable(client -> client.scheduleIfNotExists(ImportWorker.TASK
                .instance(id.toString())
                .data(new ImportWorker.Job(tenant, id))
                .scheduledTo(clock.instant())));
    }

    /** The rows that could not be taken, with the reason in front, ready for a spreadsheet. */
    public void writeBadRows(Access access, UUID id, Texts texts, Writer out) throws IOException {
        var batch = batch(access, id);
        var line = new StringBuilder("\uFEFF");
        var header = new ArrayList<String>();
        header.add(texts.say("customer.import.row"));
        header.add(texts.say("customer.import.reason"));
        header.addAll(batch.header());
        CsvRows.write(line, header);
        out.append(line);
        long after = -1;
        var page = files.bad(access.tenant(), id, after);
        while (!page.isEmpty()) {
            for (var bad : page) {
                var front = new StringBuilder();
                CsvRows.write(front, List.of(Long.toString(bad.number()), texts.say(sentence(bad))));
                front.setLength(front.length() - 2);
                out.append(front).append(',').append(bad.line());
                after = bad.number();
            }
            page = files.bad(access.tenant(), id, after);
        }
    }

    private static Sentence sentence(ImportFiles.BadLine bad) {
        return new Sentence(bad.reason(), new ArrayList<>(bad.arguments()));
    }

    private ImportBatch found(Access access, UUID id) {
        return batches.find(access.tenant(), access.contract(), id).orElseThrow(() -> new Unknown("import " + id));
    }
}
