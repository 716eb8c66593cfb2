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
import java.io.OutputStream;
import java.io.OutputStreamWriter;
import java.io.PipedInputStream;
import java.io.PipedOutputStream;
import java.io.SequenceInputStream;
import java.io.Writer;
import java.net.URLDecoder;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import java.util.regex.Pattern;
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

    /** A header with what a file is called, percent-encoded: it may be somebody's name and does not belong in an address. */
    static final String FILE_NAME = "X-File-Name";

    /** What can be chosen; the first is by far the most common. */
    static final List<String> CHARSETS = List.of("UTF-8", "GB18030", "UTF-16LE", "UTF-16BE", "Big5", "windows-1252");

    private static final int SAMPLE_BYTES = 512 * 1024;
    private static final int SAMPLE_ROWS = 20;
    private static final char COMMA = ',';
    private static final int LONGEST_KEY = 200;
    private static final int LONGEST_FILE_NAME = 200;
    /** What is on its way for longer came to nothing when the server stopped. */
    private static final Duration LONGEST_UPLOAD = Duration.ofDays(1);

    private static final int MOST_REASONS = 20;
    private static final int LAST_HEADING_ROW = 50;
    private static final String SEPARATORS = ",;\t|";
    private static final Pattern JSON_OBJECT = Pattern.compile("\\uFEFF?\\s*\\{\\s*\"");
    private static final Set<Target.Column> ONCE = Set.of(
            Target.Column.NAME,
            Target.Column.REFERENCE,
            Target.Column.KIND,
            Target.Column.CREDIT_CODE,
            Target.Column.SINCE,
            Target.Column.COMPANY,
            Target.Column.ROLE);

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
     * What is said with a file.
     *
     * @param format when its first bytes do not tell
     * @param charset to read it in, or null to find out
     * @param sheet of a workbook, by name or number, or null for the first that holds anything
     * @param name of the file, to know it by, or null
     * @param key by which the sender knows this upload: the same again is answered with the first; or null
     */
    public record Sending(
            ImportFormat format,
            @Nullable String charset,
            @Nullable String sheet,
            @Nullable String name,
            @Nullable String key) {

        public static Sending of(ImportFormat format) {
            return new Sending(format, null, null, null, null);
        }
    }

    /**
     * Stores the file and looks at its beginning: encoding, separator, headings, and a guess what each column is. The same
     * headings as last time get the columns of last time.
     *
     * @throws Refused when the file is empty or of another kind, has headings only, or more columns than any list of customers
     */
    public ImportBatch upload(Access access, Sending sending, InputStream body) throws IOException {
        access.require(IMPORT_CUSTOMERS);
        // Whoever reads the rows closes it at their end; what is left is read on for the digest, and the caller closes.
        var file = new DigestInputStream(body, sha256()) {
            @Override
            public void close() {}
        };
        var key = sending.key();
        if (key != null) {
            if (key.isBlank() || key.length() > LONGEST_KEY) {
                throw Refused.field("Idempotency-Key", "customer.import.key", LONGEST_KEY);
            }
            var known = known(access, key);
            if (known.isPresent()) {
                file.transferTo(OutputStream.nullOutputStream());
                return same(access, known.get(), file.getMessageDigest().digest());
            }
        }
        var start = file.readNBytes(SAMPLE_BYTES);
        if (start.length == 0) {
            throw Refused.field("file", "customer.import.empty");
        }
        FileKind.requireReadable(start);
        var all = new SequenceInputStream(new ByteArrayInputStream(start), file);
        if (sending.format() == ImportFormat.XLSX || SpreadsheetRows.isWorkbook(start)) {
            if (!SpreadsheetRows.isWorkbook(start)) {
                throw Refused.field("file", "customer.import.sheet");
            }
            return converted(access, ImportFormat.XLSX, sending, file, out -> {
                var sheets = SpreadsheetRows.write(all, sending.sheet(), out);
                return new ImportBatch.Reading(null, 0, 0, sheets.sheet(), sheets.others());
            });
        }
        var chosen =
                sending.charset() == null || sending.charset().isBlank() ? null : FileLook.charset(sending.charset());
        FileLook.requireText(start, chosen);
        var encoding = chosen == null ? Encoding.found(start) : Encoding.Found.all(chosen);
        var text = FileLook.text(start, encoding.main());
        if (sending.format() == ImportFormat.VCARD || CardRows.isCard(text)) {
            all.skipNBytes(Encoding.mark(start));
            return converted(access, ImportFormat.VCARD, sending, file, out -> {
                CardRows.write(Encoding.reader(all, encoding.main(), encoding.other()), out);
                return ImportBatch.Reading.PLAIN;
            });
        }
        var format = JSON_OBJECT
                        .matcher(text.substring(0, Math.min(text.length(), 200)))
                        .lookingAt()
                ? ImportFormat.JSONL
                : sending.format();
        return store(
                access, format, encoding, chosen == null, sending, file, start, file, () -> ImportBatch.Reading.PLAIN);
    }

    /** As above, of a file that is sent once. */
    public ImportBatch upload(Access access, ImportFormat format, @Nullable String charset, InputStream file)
            throws IOException {
        return upload(access, new Sending(format, charset, null, null, null), file);
    }

    private Optional<ImportBatch> known(Access access, String key) {
        return tenancy.read(access.tenant(), () -> batches.findByRequest(access.tenant(), access.contract(), key));
    }

    private ImportBatch same(Access access, ImportBatch known, byte[] digest) {
        if (!tenancy.read(access.tenant(), () -> batches.sameDigest(access.tenant(), known.id(), digest))) {
            throw Refused.field("Idempotency-Key", "customer.import.otherFile");
        }
        return known;
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    @FunctionalInterface
    private interface Converter {
        ImportBatch.Reading write(Writer out) throws IOException;
    }

    /** Stores the rows of a file that is no delimited text as if it were one, while it is read; nothing of it lies about. */
    private ImportBatch converted(
            Access access, ImportFormat format, Sending sending, DigestInputStream sent, Converter converter)
            throws IOException {
        var failure = new AtomicReference<@Nullable Exception>();
        var reading = new AtomicReference<>(ImportBatch.Reading.PLAIN);
        try (var rows = new PipedInputStream(1 << 16)) {
            var to = new PipedOutputStream(rows);
            var converting = Thread.ofVirtual().start(() -> {
                try (var out = new BufferedWriter(new OutputStreamWriter(to, StandardCharsets.UTF_8))) {
                    try {
                        reading.set(converter.write(out));
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
                return store(
                        access,
                        format,
                        Encoding.Found.all(StandardCharsets.UTF_8),
                        false,
                        sending,
                        sent,
                        start,
                        unless,
                        reading::get);
            } finally {
                converting.interrupt();
            }
        }
    }

    /** @param guessed whether the encoding is only what the beginning looks like */
    private ImportBatch store(
            Access access,
            ImportFormat format,
            Encoding.Found encoding,
            boolean guessed,
            Sending sending,
            DigestInputStream sent,
            byte[] start,
            InputStream file,
            Supplier<ImportBatch.Reading> reading)
            throws IOException {
        var tenant = access.tenant();
        boolean whole = start.length < SAMPLE_BYTES;
        char delimiter = format == ImportFormat.CSV ? Encoding.delimiter(FileLook.text(start, encoding.main())) : COMMA;
        var look = new FileLook(format, encoding, delimiter, null);
        var seen = look.at(start, whole);
        var id = Ids.next();
        var name = name(sending.name());
        var batch = tenancy.write(tenant, () -> {
            batches.removeBroken(tenant, clock.instant().minus(LONGEST_UPLOAD));
            var made = new ImportBatch(
                    id,
                    access.contract(),
                    format,
                    encoding.main().name(),
                    delimiter,
                    seen.header(),
                    seen.headingRow(),
                    mapping(tenant, seen),
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
                    null,
                    reading(encoding));
            batches.add(tenant, made, name == null ? null : files.seal(tenant, id, name));
            return made;
        });
        var lines = new Encoding.Lines();
        boolean byLines = guessed && Encoding.wide(start) == null;
        try {
            long size = files.store(
                    tenant,
                    id,
                    new SequenceInputStream(new ByteArrayInputStream(start), file),
                    byLines ? lines::take : (_, _, _) -> {});
            var found = byLines ? lines.found() : encoding;
            sent.transferTo(OutputStream.nullOutputStream());
            var digest = sent.getMessageDigest().digest();
            var how = byLines ? reading(found) : reading.get();
            tenancy.write(
                    tenant,
                    () -> batches.uploaded(tenant, id, size, found.main().name(), how, sending.key(), digest));
            if (format == ImportFormat.JSONL && !whole) {
                withAllKeys(tenant, id, look.in(found), start);
            }
            return batch(access, id);
        } catch (IOException | RuntimeException e) {
            // Half a file is no file.
            tenancy.write(tenant, () -> batches.remove(tenant, batch.id()));
            if (sending.key() != null && e instanceof DuplicateKeyException) {
                return same(
                        access,
                        known(access, sending.key()).orElseThrow(),
                        sent.getMessageDigest().digest());
            }
            throw e;
        }
    }

    private static ImportBatch.Reading reading(Encoding.Found found) {
        var other = found.other();
        return other == null
                ? ImportBatch.Reading.PLAIN
                : new ImportBatch.Reading(other.name(), found.otherLines(), found.firstOther(), null, List.of());
    }

    static @Nullable String decoded(@Nullable String name) {
        if (name == null || name.isBlank()) {
            return null;
        }
        try {
            return URLDecoder.decode(name.replace("+", "%2B"), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            return name;
        }
    }

    /** The last part of a path, as much as can be shown. */
    private static @Nullable String name(@Nullable String given) {
        if (given == null || given.isBlank()) {
            return null;
        }
        var last = given.substring(Math.max(given.lastIndexOf('/'), given.lastIndexOf('\\')) + 1)
                .replaceAll("\\p{Cntrl}", "")
                .strip();
        return last.isEmpty() ? null : last.substring(0, Math.min(last.length(), LONGEST_FILE_NAME));
    }

    private List<String> mapping(UUID tenant, FileLook.Seen seen) {
        var known = seen.headingRow() > 0 ? batches.mapping(tenant, seen.header()) : Optional.<List<String>>empty();
        return known.filter(each -> each.size() == seen.header().size())
                .orElseGet(() -> Target.guess(seen.header(), seen.rows(), customers.fields(tenant)).stream()
                        .map(Target::code)
                        .toList());
    }

    /** A key may come up late in a long file. */
    private void withAllKeys(UUID tenant, UUID id, FileLook look, byte[] start) throws IOException {
        List<String> keys;
        try (var reader = Encoding.reader(
                afterMark(files.open(tenant, id)),
                look.encoding().main(),
                look.encoding().other())) {
            keys = JsonRows.header(reader);
        }
        var rows = look.json(keys, start, false);
        tenancy.write(tenant, () -> {
            var batch = batches.find(tenant, id).orElseThrow();
            if (!keys.equals(batch.header())) {
                batches.reread(
                        tenant,
                        read(
                                batch,
                                look,
                                new FileLook.Seen(keys, 0, rows),
                                mapping(tenant, new FileLook.Seen(keys, 0, rows))));
            }
        });
    }

    private static ImportBatch read(ImportBatch batch, FileLook look, FileLook.Seen seen, List<String> mapping) {
        return new ImportBatch(
                batch.id(),
                batch.contract(),
                batch.format(),
                look.encoding().main().name(),
                look.delimiter(),
                seen.header(),
                seen.headingRow(),
                mapping,
                batch.source(),
                batch.supplier(),
                batch.lawfulBasis(),
                batch.purpose(),
                batch.grounds(),
                batch.state(),
                batch.trouble(),
                batch.bytesTotal(),
                batch.bytesDone(),
                batch.rowsRead(),
                batch.rowsGood(),
                batch.rowsBad(),
                batch.createdBy(),
                batch.createdAt(),
                batch.endedAt(),
                reading(look.encoding()));
    }

    /**
     * Reads the beginning of an uploaded file otherwise than it was guessed.
     *
     * @param charset or null for the one found
     * @param delimiter or null for the one found
     * @param headingRow the row the headings stand in, counted from 1, 0 for none, or null to find out
     * @throws Refused when it cannot be read so, or was started already
     */
    public ImportBatch reread(
            Access access, UUID id, @Nullable String charset, @Nullable String delimiter, @Nullable Integer headingRow)
            throws IOException {
        var batch = batch(access, id);
        var tenant = access.tenant();
        if (batch.state() != ImportState.UPLOADED) {
            throw Refused.because("customer.import.started", batch.state());
        }
        if (headingRow != null && (headingRow < 0 || headingRow > LAST_HEADING_ROW)) {
            throw Refused.field("headingRow", "customer.import.headingRow", LAST_HEADING_ROW);
        }
        if (delimiter != null && !delimiter.isEmpty() && !SEPARATORS.contains(delimiter)) {
            throw Refused.field("delimiter", "customer.import.delimiter");
        }
        byte[] start;
        try (var file = files.open(tenant, id)) {
            start = file.readNBytes(SAMPLE_BYTES);
        }
        boolean text = batch.format() == ImportFormat.CSV || batch.format() == ImportFormat.JSONL;
        var other = batch.reading().otherCharset();
        var now = new Encoding.Found(
                Charset.forName(batch.charset()),
                other == null ? null : Charset.forName(other),
                batch.reading().otherLines(),
                batch.reading().firstOther());
        var encoding = charset == null || charset.isBlank() || charset.equals(batch.charset()) || !text
                ? now
                : Encoding.Found.all(FileLook.charset(charset));
        char separator = batch.format() != ImportFormat.CSV
                ? batch.delimiter()
                : delimiter == null || delimiter.isEmpty()
                        ? Encoding.delimiter(FileLook.text(start, encoding.main()))
                        : delimiter.charAt(0);
        var look = new FileLook(batch.format(), encoding, separator, headingRow);
        var seen = look.at(start, start.length < SAMPLE_BYTES);
        return tenancy.write(tenant, () -> {
            if (!batches.reread(tenant, read(batch, look, seen, mapping(tenant, seen)))) {
                throw Refused.because("customer.import.started", batch.state());
            }
            return found(access, id);
        });
    }

    private static InputStream afterMark(InputStream file) throws IOException {
        var start = file.readNBytes(3);
        int mark = Encoding.mark(start);
        return new SequenceInputStream(new ByteArrayInputStream(start, mark, start.length - mark), file);
    }

    /** The rows of a stored file, past its headings. */
    static ImportRows rows(ImportBatch batch, InputStream file) throws IOException {
        var other = batch.reading().otherCharset();
        var reader = Encoding.reader(
                afterMark(file), Charset.forName(batch.charset()), other == null ? null : Charset.forName(other));
        if (batch.format() == ImportFormat.JSONL) {
            return new JsonRows(reader, batch.header());
        }
        var rows = new CsvRows(reader, batch.delimiter());
        if (batch.hasHeader()) {
            ImportRows.Raw heading;
            do {
                heading = rows.next();
            } while (heading != null && (heading.blank() || rows.number() < batch.headingRow()));
        }
        return rows.expecting(batch.header().size());
    }

    public ImportBatch batch(Access access, UUID id) {
        access.require(IMPORT_CUSTOMERS);
        return tenancy.read(access.tenant(), () -> found(access, id));
    }

    public List<ImportBatch> newest(Access access, int most) {
        return newest(access, null, "", null, most);
    }

    /**
     * The newest before one.
     *
     * @param state or null for any
     * @param words that stand in source or supplier; none for all
     */
    public List<ImportBatch> newest(
            Access access, @Nullable ImportState state, String words, @Nullable UUID before, int most) {
        access.require(IMPORT_CUSTOMERS);
        var looked = words.isBlank() ? null : words.strip();
        return tenancy.read(
                access.tenant(), () -> batches.newest(access.tenant(), access.contract(), state, looked, before, most));
    }

    /** Why rows came back, the most frequent reason first. */
    List<ImportFiles.Reason> reasons(Access access, UUID id) {
        access.require(IMPORT_CUSTOMERS);
        return tenancy.read(
                access.tenant(),
                () -> files.reasons(access.tenant(), found(access, id).id(), MOST_REASONS));
    }

    /** What the files were called. */
    Map<UUID, String> names(Access access, List<ImportBatch> of) {
        access.require(IMPORT_CUSTOMERS);
        var tenant = access.tenant();
        return tenancy.read(tenant, () -> {
            var names = new HashMap<UUID, String>();
            batches.names(tenant, of.stream().map(ImportBatch::id).toList())
                    .forEach((id, name) -> names.put(id, files.name(tenant, id, name)));
            return names;
        });
    }

    /** Throws an uploaded file away that nobody started. */
    public void discard(Access access, UUID id) {
        access.require(IMPORT_CUSTOMERS);
        tenancy.write(access.tenant(), () -> {
            var batch = found(access, id);
            if (!batches.discard(access.tenant(), id)) {
                throw Refused.because("customer.import.state", batch.state());
            }
        });
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
        begin(access, id, mapping, ground, grounds);
        schedule(access.tenant(), id);
    }

    /** As {@link #start}, for whom runs it himself. */
    void begin(Access access, UUID id, List<String> mapping, Ground ground, Map<String, Ground> grounds) {
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
                var now = found(access, id);
                if (now.startedAs(mapping, ground, grounds)) {
                    return; // sent twice
                }
                throw Refused.because("customer.import.started", now.state());
            }
            if (batch.hasHeader()) {
                batches.remember(tenant, batch.header(), mapping, clock.instant());
            }
        });
    }

    private static void requireGround(Ground ground) {
        if (ground.source().isBlank() || ground.source().length() > 100) {
            throw Refused.field("source", "customer.bad.source");
        }
        if (ground.supplier().isBlank() || ground.supplier().length() > 100) {
            throw Refused.field("supplier", "customer.import.supplier");
        }
        InTheClear.require("source", ground.source());
        InTheClear.require("supplier", ground.supplier());
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

    /**
     * The rows that could not be taken, with the reason in front, ready for a spreadsheet. They are as they came, in the
     * clear, so they go back to whoever sent them and to nobody else: others would have a list that nobody permitted.
     *
     * @throws Refused to others than who uploaded the file
     */
    public ImportBatch requireOwn(Access access, UUID id) {
        var batch = batch(access, id);
        if (!batch.createdBy().equals(access.person())) {
            throw Refused.forbidden("customer.import.bad.others");
        }
        return batch;
    }

    /** Of {@link #requireOwn}. */
    public void writeBadRows(Access access, UUID id, Texts texts, Writer out) throws IOException {
        var batch = requireOwn(access, id);
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
