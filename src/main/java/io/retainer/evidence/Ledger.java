package io.retainer.evidence;

import io.retainer.evidence.tlog.Checkpoint;
import io.retainer.evidence.tlog.Hash;
import io.retainer.evidence.tlog.SignedNote;
import io.retainer.evidence.tlog.TlogProof;
import io.retainer.evidence.tlog.VerifierKey;
import io.retainer.kernel.Clause;
import io.retainer.kernel.Sentence;
import io.retainer.kernel.Tenancy;
import io.retainer.kernel.Unknown;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Service;

/**
 * What stands in the ledgers, for pages, the API and bundles. Facts get in by being published, not through here.
 *
 * <p>Leaves are looked up one by one ({@code lateral … offset 0}): with a few large tenants the planner believes a join to
 * yield one row and scans the tenant for each.
 */
@Service
public class Ledger {

    private static final int MOST_CHECKPOINTS = 200;
    private static final int MOST_PENDING = 200;
    private static final int RECENT = 2_000;
    private static final int FETCH = 2_000;

    private final JdbcClient jdbc;
    private final Tenancy tenancy;
    private final Trees trees;
    private final SigningKey key;
    private final Sequencer sequencer;

    Ledger(JdbcClient jdbc, Tenancy tenancy, Trees trees, SigningKey key, Sequencer sequencer) {
        this.jdbc = jdbc;
        this.tenancy = tenancy;
        this.trees = trees;
        this.key = key;
        this.sequencer = sequencer;
    }

    /**
     * A fact as it stands in the ledger.
     *
     * @param index its place in the tree, from 0, or null while it waits to be sealed
     * @param text the canonical JSON that was hashed
     */
    public record Entry(
            UUID id,
            @Nullable Long index,
            String kind,
            Clause clause,
            String subject,
            Instant recordedAt,
            String text) {

        public boolean isSealed() {
            return index != null;
        }
    }

    /** Which entries to show; null means any. */
    public record Filter(
            @Nullable Clause clause,
            @Nullable String kind,
            @Nullable String subject,
            @Nullable Boolean sealed) {

        public static final Filter ANY = new Filter(null, null, null, null);
    }

    /**
     * Newest first, those that wait before those that are sealed.
     *
     * @param before to pass on for the next page, or null when this is the last
     */
    public record Page(List<Entry> entries, @Nullable Long before) {}

    /**
     * How the ledger of a contract stands.
     *
     * @param checkpoint the latest, or null when nothing is sealed yet
     * @param trouble why nothing is being sealed, or null when all is well
     */
    public record State(
            long pending,
            @Nullable Checkpoint checkpoint,
            @Nullable Instant signedAt,
            @Nullable String fingerprint,
            @Nullable Sentence trouble) {}

    /** @param before only entries with a smaller index; null from the newest on, with those that still wait */
    public Page entries(UUID tenant, UUID contract, Filter filter, @Nullable Long before, int most) {
        return tenancy.read(tenant, () -> {
            var entries = new ArrayList<Entry>();
            if (before == null && !Boolean.TRUE.equals(filter.sealed())) {
                entries.addAll(pending(tenant, contract, filter));
            }
            if (Boolean.FALSE.equals(filter.sealed())) {
                return new Page(entries, null);
            }
            var sealed = sealed(tenant, contract, filter, before, most + 1);
            boolean more = sealed.size() > most;
            entries.addAll(more ? sealed.subList(0, most) : sealed);
            return new Page(entries, more ? entries.getLast().index() : null);
        });
    }

    private List<Entry> pending(UUID tenant, UUID contract, Filter filter) {
        return query("""
                        select l.id, null::bigint as index, l.kind, l.clause, l.subject, l.recorded_at, l.text
                        from evidence.pending p
                        cross join lateral (
                            select * from evidence.leaf where tenant_id = p.tenant_id and id = p.leaf_id offset 0) as l
                        where p.tenant_id = :tenant and p.contract_id = :contract
                            and (:clause::text is null or l.clause = :clause)
                            and (:kind::text is null or l.kind = :kind)
                            and (:subject::text is null or l.subject = :subject)
                        order by p.seq desc
                        limit :most
                        """, tenant, contract, filter, MOST_PENDING).list();
    }

    private List<Entry> sealed(UUID tenant, UUID contract, Filter filter, @Nullable Long before, int most) {
        return query("""
                        select l.id, s.index, l.kind, l.clause, l.subject, l.recorded_at, l.text
                        from evidence.sealed s
                        cross join lateral (
                            select * from evidence.leaf where tenant_id = s.tenant_id and id = s.leaf_id offset 0) as l
                        where s.tenant_id = :tenant and s.contract_id = :contract
                            and s.index < coalesce(:before::bigint, 9223372036854775807)
                            and (:clause::text is null or l.clause = :clause)
                            and (:kind::text is null or l.kind = :kind)
                            and (:subject::text is null or l.subject = :subject)
                        order by s.index desc
                        limit :most
                        """, tenant, contract, filter, most, before).list();
    }

    private JdbcClient.MappedQuerySpec<Entry> query(
            String sql, UUID tenant, UUID contract, Filter filter, int most, @Nullable Object... before) {
        var clause = filter.clause();
        var statement = jdbc.sql(sql)
                .param("tenant", tenant)
                .param("contract", contract)
                .param("clause", clause == null ? null : clause.id())
                .param("kind", filter.kind())
                .param("subject", filter.subject())
                .param("most", most);
        return (before.length == 0 ? statement : statement.param("before", before[0]))
                .query((row, _) -> new Entry(
                        row.getObject("id", UUID.class),
                        row.getObject("index", Long.class),
                        row.getString("kind"),
                        Clause.of(row.getString("clause")),
                        row.getString("subject"),
                        row.getObject("recorded_at", OffsetDateTime.class).toInstant(),
                        row.getString("text")));
    }

    /** The kinds among the latest entries, to choose from. */
    public List<String> kinds(UUID tenant, UUID contract) {
        return tenancy.read(
                tenant,
                () -> entriesOf(tenant, contract, RECENT).stream()
                        .map(Entry::kind)
                        .distinct()
                        .sorted()
                        .toList());
    }

    private List<Entry> entriesOf(UUID tenant, UUID contract, int most) {
        return Stream.concat(
                        pending(tenant, contract, Filter.ANY).stream(),
                        sealed(tenant, contract, Filter.ANY, null, most).stream())
                .toList();
    }

    public State state(UUID tenant, UUID contract) {
        return tenancy.read(tenant, () -> {
            var last = trees.latest(tenant, contract);
            var trouble = sequencer.trouble(contract).orElse(null);
            return new State(
                    waiting(tenant, contract),
                    last.map(Trees.Signed::checkpoint).orElse(null),
                    last.map(Trees.Signed::at).orElse(null),
                    key.verifier("x").map(VerifierKey::fingerprint).orElse(null),
                    trouble);
        });
    }

    /** The latest signed checkpoint as sent to third parties, or empty when nothing is sealed yet. */
    public Optional<String> checkpoint(UUID tenant, UUID contract) {
        return tenancy.read(
                tenant,
                () -> trees.latest(tenant, contract).map(last -> last.note().toString()));
    }

    /**
     * The proof that one fact is in the ledger, as a C2SP {@code tlog-proof} file.
     *
     * @throws Unknown when no fact is sealed under this index
     */
    public String proof(UUID tenant, UUID contract, long index) {
        return tenancy.read(tenant, () -> {
            var last = trees.latest(tenant, contract).orElseThrow(() -> new Unknown("ledger entry " + index));
            if (index < 0 || index >= last.edge().size()) {
                throw new Unknown("ledger entry " + index);
            }
            var path = trees.tree(tenant, contract).inclusion(index, last.edge().size());
            return new TlogProof(index, path, last.note()).toString();
        });
    }

    /**
     * Everything an outsider needs, as a zip in a new temporary file that the caller deletes. It is written to a file and
     * not straight to the reader so that a slow reader does not hold a database connection.
     *
     * @throws io.retainer.kernel.Refused when nothing is sealed yet
     */
    public Path bundle(UUID tenant, UUID contract) {
        Path file = null;
        try {
            file = Files.createTempFile("evidence-", ".zip");
            var target = file;
            tenancy.read(tenant, () -> {
                write(tenant, contract, target);
                return target;
            });
            return file;
        } catch (IOException | RuntimeException failed) {
            delete(file);
            throw failed instanceof RuntimeException bug ? bug : new UncheckedIOException((IOException) failed);
        }
    }

    private static void delete(@Nullable Path file) {
        try {
            if (file != null) {
                Files.deleteIfExists(file);
            }
        } catch (IOException _) {
            // the system cleans its temporary files
        }
    }

    private void write(UUID tenant, UUID contract, Path file) {
        var checkpoints = trees.checkpoints(tenant, contract, MOST_CHECKPOINTS);
        if (checkpoints.isEmpty()) {
            throw io.retainer.kernel.Refused.because("evidence.bundle.nothing");
        }
        var head = checkpoints.getFirst().checkpoint();
        var note = checkpoints.getFirst().note();
        var verifier = key.verifier(head.origin()).orElseThrow();
        var kinds = new TreeMap<String, Long>();
        var period = new @Nullable Instant[2];
        try (var out = Files.newOutputStream(file);
                var bundle = new BundleWriter(out)) {
            bundle.format();
            bundle.key(verifier);
            bundle.checkpoint(note);
            checkpoints.stream().skip(1).map(Trees.Signed::note).forEach(bundle::older);
            try (var facts = jdbc
                    .sql("""
                            select l.text, l.kind, l.recorded_at from evidence.sealed s
                            cross join lateral (
                            select * from evidence.leaf where tenant_id = s.tenant_id and id = s.leaf_id offset 0) as l
                            where s.tenant_id = :tenant and s.contract_id = :contract and s.index < :size
                            order by s.index
                            """)
                    .param("tenant", tenant)
                    .param("contract", contract)
                    .param("size", head.size())
                    .withFetchSize(FETCH)
                    .query((row, _) -> {
                        kinds.merge(row.getString("kind"), 1L, Long::sum);
                        var at = row.getObject("recorded_at", OffsetDateTime.class)
                                .toInstant();
                        period[0] = period[0] == null || at.isBefore(period[0]) ? at : period[0];
                        period[1] = period[1] == null || at.isAfter(period[1]) ? at : period[1];
                        return row.getString("text");
                    })
                    .stream()) {
                bundle.facts(facts);
            }
            bundle.readme(
                    head,
                    verifier,
                    kinds,
                    Stream.of(period).filter(Objects::nonNull).toList(),
                    waiting(tenant, contract));
            if (head.size() <= BundleWriter.MOST_PROOFS) {
                proofs(tenant, contract, head, note).forEach(bundle::proof);
            }
        } catch (IOException full) {
            throw new UncheckedIOException(full);
        }
    }

    private List<TlogProof> proofs(UUID tenant, UUID contract, Checkpoint head, SignedNote note) {
        var tree = trees.tree(tenant, contract);
        try {
            return LongStream.range(0, head.size())
                    .mapToObj(index -> new TlogProof(index, tree.inclusion(index, head.size()), note))
                    .toList();
        } catch (IndexOutOfBoundsException damaged) {
            // Someone removed hashes behind our back. The bundle is still handed out, for a verifier to judge.
            return List.of();
        }
    }

    private long waiting(UUID tenant, UUID contract) {
        return jdbc.sql("select count(*) from evidence.pending where tenant_id = :tenant and contract_id = :contract")
                .param("tenant", tenant)
                .param("contract", contract)
                .query(Long.class)
                .single();
    }

    /** The leaf hash of an entry, as it stands in the tree. */
    static Hash hash(Entry entry) {
        return Hash.leaf(entry.text().getBytes(StandardCharsets.UTF_8));
    }
}
