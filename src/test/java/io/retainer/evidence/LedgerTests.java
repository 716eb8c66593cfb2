package io.retainer.evidence;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.retainer.PostgresTest;
import io.retainer.evidence.BundleVerifier.Outcome;
import io.retainer.evidence.BundleVerifier.Verdict;
import io.retainer.evidence.Ledger.Filter;
import io.retainer.evidence.tlog.Checkpoint;
import io.retainer.evidence.tlog.Frontier;
import io.retainer.evidence.tlog.Hash;
import io.retainer.evidence.tlog.SignedNote;
import io.retainer.evidence.tlog.TlogProof;
import io.retainer.evidence.tlog.Tree;
import io.retainer.evidence.tlog.VerifierKey;
import io.retainer.kernel.Clause;
import io.retainer.kernel.Fact;
import io.retainer.kernel.Ids;
import io.retainer.kernel.Refused;
import io.retainer.kernel.Sentence;
import io.retainer.kernel.Tenancy;
import io.retainer.kernel.Texts;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPairGenerator;
import java.security.NoSuchAlgorithmException;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.context.annotation.Import;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.IllegalTransactionStateException;
import org.springframework.transaction.support.TransactionSynchronization;
import org.springframework.transaction.support.TransactionSynchronizationManager;

@SpringBootTest(properties = "db-scheduler.enabled=false")
@Import(PostgresTest.class)
class LedgerTests {

    record Noted(
            UUID tenant,
            UUID contract,
            String subject,
            Instant happenedAt,
            @Nullable UUID actor,
            int number) implements Fact {

        @Override
        public Clause clause() {
            return Clause.I_3_2A;
        }

        @Override
        public String kind() {
            return number % 3 == 0 ? "test.Third" : "test.Noted";
        }
    }

    @Autowired
    ApplicationEventPublisher events;

    @Autowired
    Tenancy tenancy;

    @Autowired
    Sequencer sequencer;

    @Autowired
    Ledger ledger;

    @Autowired
    Trees trees;

    @Autowired
    SigningKey key;

    @Autowired
    JdbcClient jdbc;

    @Autowired
    Clock clock;

    @Autowired
    PostgresTest.Database database;

    @TempDir
    Path folder;

    private final UUID tenant = Ids.next();
    private UUID contract = Ids.next();
    private JdbcClient superuser;

    @BeforeEach
    void everythingElseIsSealed() {
        superuser = JdbcClient.create(database.superuser());
        superuser.sql("truncate evidence.pending").update();
    }

    private Fact fact(int number) {
        return new Noted(tenant, contract, "thing/" + number, Instant.parse("2026-05-20T04:00:00Z"), null, number);
    }

    private void happen(int from, int to) {
        tenancy.write(
                tenant, () -> IntStream.range(from, to).mapToObj(this::fact).forEach(events::publishEvent));
    }

    // LED-1

    /** They are written together at the end of their transaction, some of them in between when there are very many. */
    @Test
    void theFactsOfOneTransactionKeepTheirOrder() {
        var tenant = UUID.randomUUID();
        var contract = UUID.randomUUID();
        tenancy.write(tenant, () -> {
            for (int i = 0; i < 1203; i++) {
                events.publishEvent(new Noted(tenant, contract, "note/" + i, clock.instant(), null, i));
            }
        });
        assertThat(waiting(tenant, contract))
                .isEqualTo(IntStream.range(0, 1203).mapToObj(i -> "note/" + i).toList());
    }

    @Test
    void aFactSaidWhileTheTransactionCommitsIsKeptToo() {
        var tenant = UUID.randomUUID();
        var contract = UUID.randomUUID();
        tenancy.write(tenant, () -> {
            events.publishEvent(new Noted(tenant, contract, "note/first", clock.instant(), null, 1));
            TransactionSynchronizationManager.registerSynchronization(new TransactionSynchronization() {
                @Override
                public void beforeCommit(boolean readOnly) {
                    events.publishEvent(new Noted(tenant, contract, "note/last", clock.instant(), null, 1));
                }
            });
        });
        assertThat(waiting(tenant, contract)).containsExactly("note/first", "note/last");
    }

    @Test
    void withoutItsFactsATransactionDoesNotCommit() {
        var tenant = UUID.randomUUID();
        var contract = UUID.randomUUID();
        var other = UUID.randomUUID();
        assertThatThrownBy(() -> tenancy.write(tenant, () -> {
                    events.publishEvent(new Noted(tenant, contract, "note/mine", clock.instant(), null, 1));
                    events.publishEvent(new Noted(other, contract, "note/not-mine", clock.instant(), null, 1));
                }))
                .isInstanceOf(DataAccessException.class);
        assertThat(waiting(tenant, contract)).isEmpty();
        assertThat(waiting(other, contract)).isEmpty();
        tenancy.write(
                tenant, () -> events.publishEvent(new Noted(tenant, contract, "note/again", clock.instant(), null, 1)));
        assertThat(waiting(tenant, contract))
                .as("nothing is left behind on the thread")
                .containsExactly("note/again");
    }

    private List<String> waiting(UUID tenant, UUID contract) {
        return tenancy.read(
                tenant,
                () -> jdbc.sql("""
                                select l.subject from evidence.pending p join evidence.leaf l
                                    on l.tenant_id = p.tenant_id and l.id = p.leaf_id
                                where p.tenant_id = :tenant and p.contract_id = :contract order by p.seq
                                """)
                        .param("tenant", tenant)
                        .param("contract", contract)
                        .query((row, _) -> row.getString(1))
                        .list());
    }

    @Test
    void LED_1_eachFactOfACommittedTransactionIsExactlyOneLeaf() {
        var random = new Random(1);
        int expected = 0;
        for (int i = 0; i < 200; i++) {
            int facts = random.nextInt(4);
            boolean fails = random.nextBoolean();
            for (int attempt = 0; attempt < 2; attempt++) {
                boolean failsNow = fails && attempt == 0;
                try {
                    tenancy.write(tenant, () -> {
                        IntStream.range(0, facts).mapToObj(this::fact).forEach(events::publishEvent);
                        if (failsNow) {
                            throw new IllegalStateException("as it happens");
                        }
                    });
                    expected += facts;
                    break;
                } catch (IllegalStateException retried) {
                    assertThat(leaves()).as("a rollback leaves nothing").isEqualTo(expected);
                }
            }
            assertThat(leaves()).isEqualTo(expected);
        }
        assertThat(sequencer.seal()).isEqualTo(expected);
        assertThat(ledger.state(tenant, contract).pending()).isZero();
    }

    @Test
    void LED_1_aFactOutsideATransactionIsABug() {
        assertThatThrownBy(() -> events.publishEvent(fact(1))).isInstanceOf(IllegalTransactionStateException.class);
        assertThat(leaves()).isZero();
    }

    @Test
    void LED_1_aFactOfAnotherTenantIsRefusedByTheDatabase() {
        assertThatThrownBy(() -> tenancy.write(Ids.next(), () -> events.publishEvent(fact(1))))
                .isInstanceOf(DataAccessException.class)
                .hasStackTraceContaining("row-level security");
        assertThat(leaves()).isZero();
    }

    private int leaves() {
        return tenancy.read(
                tenant,
                () -> jdbc.sql("select count(*) from evidence.leaf where tenant_id = ? and contract_id = ?")
                        .param(tenant)
                        .param(contract)
                        .query(Integer.class)
                        .single());
    }

    // Reading

    @Test
    void aFactWaitsUntilItIsSealedAndIsProvenThen() {
        happen(0, 3);
        assertThat(ledger.entries(tenant, contract, Filter.ANY, null, 10).entries())
                .hasSize(3)
                .noneMatch(Ledger.Entry::isSealed);
        assertThat(ledger.state(tenant, contract).pending()).isEqualTo(3);
        assertThatThrownBy(() -> ledger.bundle(tenant, contract)).isInstanceOf(Refused.class);

        assertThat(sequencer.seal()).isEqualTo(3);
        happen(3, 4);

        var entries = ledger.entries(tenant, contract, Filter.ANY, null, 10).entries();
        assertThat(entries).extracting(Ledger.Entry::index).containsExactly(null, 2L, 1L, 0L);
        assertThat(entries)
                .extracting(Ledger.Entry::subject)
                .containsExactly("thing/3", "thing/2", "thing/1", "thing/0");
        var checkpoint = head();
        assertThat(checkpoint.size()).isEqualTo(3);
        var proof = TlogProof.parse(ledger.proof(tenant, contract, 1));
        assertThat(proof.proves(Ledger.hash(entries.get(2)), key(checkpoint.origin())))
                .isTrue();
    }

    @Test
    void entriesArePagedAndFiltered() {
        happen(0, 25);
        sequencer.seal();
        happen(25, 27);
        var seen = new ArrayList<String>();
        @Nullable Long before = null;
        do {
            var page = ledger.entries(tenant, contract, Filter.ANY, before, 10);
            page.entries().forEach(entry -> seen.add(entry.subject()));
            before = page.before();
        } while (before != null);
        assertThat(seen)
                .isEqualTo(IntStream.range(0, 27)
                        .mapToObj(i -> "thing/" + (26 - i))
                        .toList());
        assertThat(ledger.entries(tenant, contract, new Filter(null, "test.Third", null, true), null, 50)
                        .entries())
                .hasSize(9);
        assertThat(ledger.entries(tenant, contract, new Filter(null, null, null, false), null, 50)
                        .entries())
                .hasSize(2);
        assertThat(ledger.entries(tenant, contract, new Filter(null, null, "thing/7", null), null, 50)
                        .entries())
                .hasSize(1);
        assertThat(ledger.entries(tenant, contract, new Filter(Clause.I_5_1, null, null, null), null, 50)
                        .entries())
                .isEmpty();
        assertThat(ledger.kinds(tenant, contract)).containsExactly("test.Noted", "test.Third");
    }

    /** The key is made by the first sealing; who looks earlier does so in a transaction that may not write. */
    @Test
    void aLedgerCanBeReadBeforeTheFirstSealing() {
        superuser
                .sql("create table saved_signer as select * from evidence.signer")
                .update();
        superuser.sql("delete from evidence.signer").update();
        try {
            var fresh = new SigningKey(folder.resolve("evidence.key"), jdbc, clock);
            assertThat(tenancy.read(tenant, fresh::trouble)).isEmpty();
            assertThat(folder.resolve("evidence.key")).doesNotExist();
            assertThat(fresh.trouble()).isEmpty();
            assertThat(folder.resolve("evidence.key")).exists();
        } finally {
            superuser.sql("delete from evidence.signer").update();
            superuser
                    .sql("insert into evidence.signer select * from saved_signer")
                    .update();
            superuser.sql("drop table saved_signer").update();
        }
    }

    @Test
    void anotherTenantSeesNothing() {
        happen(0, 3);
        sequencer.seal();
        var other = Ids.next();
        assertThat(ledger.entries(other, contract, Filter.ANY, null, 10).entries())
                .isEmpty();
        assertThat(ledger.checkpoint(other, contract)).isEmpty();
        assertThatThrownBy(() -> ledger.bundle(other, contract)).isInstanceOf(Refused.class);
    }

    /** More than 256² leaves, so that tiles of tiles are stored and read. */
    @Test
    void aLargeLedgerIsProvenFromItsTiles() throws IOException {
        int size = 70_000;
        superuser
                .sql("""
                        insert into evidence.leaf (tenant_id, id, contract_id, kind, clause, subject, recorded_at, text, hash)
                        select :tenant, gen_random_uuid(), :contract, 'test.Many', 'I-3.2a', 'thing/' || n, now(), text,
                            sha256('\\x00'::bytea || convert_to(text, 'UTF8'))
                        from (select n, '{"n":' || n || '}' as text from generate_series(0, :size - 1) as n) as t order by n
                        """)
                .param("tenant", tenant)
                .param("contract", contract)
                .param("size", size)
                .update();
        superuser.sql("""
                        insert into evidence.pending (tenant_id, contract_id, leaf_id, hash)
                        select tenant_id, contract_id, id, hash from evidence.leaf where contract_id = ?
                        order by substr(subject, 7)::int
                        """).param(contract).update();
        while (sequencer.seal() > 0) {}
        var leaves = IntStream.range(0, size)
                .mapToObj(n -> Hash.leaf(("{\"n\":" + n + "}").getBytes(StandardCharsets.UTF_8)))
                .toList();
        var expected = new Frontier();
        leaves.forEach(expected::append);
        var head = head();
        assertThat(head.root()).isEqualTo(expected.root());
        var random = new Random(3);
        var tree = tree();
        for (int i = 0; i < 50; i++) {
            int index = random.nextInt(size);
            var path = tenancy.read(tenant, () -> tree.inclusion(index, size));
            assertThat(Tree.includes(head.root(), size, index, leaves.get(index), path))
                    .isTrue();
        }
        assertThat(count("tile")).isEqualTo(size / 256 + 1);
    }

    private Checkpoint head() {
        return java.util.Objects.requireNonNull(ledger.state(tenant, contract).checkpoint());
    }

    private Tree tree() {
        return trees.tree(tenant, contract);
    }

    private int count(String table) {
        return superuser
                .sql("select count(*) from evidence." + table + " where contract_id = ?")
                .param(contract)
                .query(Integer.class)
                .single();
    }

    // LED-2: what a superuser of the database can do

    private static final int SEALED = 12;

    /** Twelve facts sealed in three steps; the holder keeps the second checkpoint. */
    private String sealedWithAHolder() {
        happen(0, 4);
        sequencer.seal();
        happen(4, 9);
        sequencer.seal();
        var held = ledger.checkpoint(tenant, contract).orElseThrow();
        happen(9, SEALED);
        sequencer.seal();
        assertThat(verify(null, held).outcome()).isEqualTo(Outcome.SOUND);
        return held;
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 3, 4, 8, 11})
    void LED_2_aFlippedBitIsSeenAndNamed(int index) {
        sealedWithAHolder();
        var text = superuser
                .sql("select text from evidence.leaf where id = (" + leafAt(index) + ")")
                .query(String.class)
                .single();
        var bytes = text.getBytes(StandardCharsets.US_ASCII);
        bytes[text.indexOf("thing/")] ^= 1;
        superuser
                .sql("update evidence.leaf set text = ? where id = (" + leafAt(index) + ")")
                .param(new String(bytes, StandardCharsets.US_ASCII))
                .update();
        assertThat(said(tampered(null, null)))
                .anyMatch(line -> line.startsWith("Fact " + (index + 1) + " is not the one"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "delete from evidence.leaf where id = (@3)",
                "delete from evidence.sealed where leaf_id = (@3)",
                "delete from evidence.sealed where leaf_id = (@11)",
                "delete from evidence.sealed where leaf_id = (@0)",
                // one removed and the rest moved up
                "delete from evidence.sealed where leaf_id = (@2); "
                        + "update evidence.sealed set index = index + 1000 where contract_id = :c and index > 2; "
                        + "update evidence.sealed set index = index - 1001 where contract_id = :c and index > 1000",
                // one inserted and the rest moved down
                "update evidence.sealed set index = index + 1000 where contract_id = :c and index > 5; "
                        + "update evidence.sealed set index = index - 999 where contract_id = :c and index > 1000; "
                        + "insert into evidence.leaf select tenant_id, gen_random_uuid(), contract_id, kind, clause, "
                        + "subject, recorded_at, text, hash from evidence.leaf where id = (@2); "
                        + "insert into evidence.sealed select tenant_id, contract_id, 6, id, hash from evidence.leaf l "
                        + "where contract_id = :c and not exists (select from evidence.sealed s where s.leaf_id = l.id)",
                // two swapped
                "update evidence.sealed set index = 1000 where leaf_id = (@4); "
                        + "update evidence.sealed set index = 4 where leaf_id = (@5); "
                        + "update evidence.sealed set index = 5 where contract_id = :c and index = 1000",
                // the text exchanged together with its hash
                "update evidence.leaf set text = replace(text, 'thing/7', 'thing/6'), "
                        + "hash = sha256('\\x00'::bytea || convert_to(replace(text, 'thing/7', 'thing/6'), 'UTF8')) "
                        + "where id = (@7); update evidence.sealed s set hash = l.hash from evidence.leaf l where l.id = s.leaf_id",
                // the signed head edited
                "update evidence.checkpoint set note = replace(note, E'\\n12\\n', E'\\n11\\n') where contract_id = :c and size = 12"
            })
    void LED_2_changedBehindOurBackIsSeen(String sql) {
        sealedWithAHolder();
        for (var statement : withLeaves(sql).split(";")) {
            new JdbcTemplate(database.superuser()).execute(statement.replace(":c", "'" + contract + "'"));
        }
        tampered(null, null);
    }

    @Test
    void LED_2_aTailCutOffCleanlyIsSeenByWhoHoldsAnOlderCheckpoint() {
        var held = sealedWithAHolder();
        cutBackTo(4);
        assertThat(verify(null, null).outcome()).isEqualTo(Outcome.SOUND); // nothing in the bundle shows it
        assertThat(said(tampered(null, held)))
                .anyMatch(line -> line.contains("already covers 9 facts, this bundle only 4"));
    }

    @Test
    void LED_2_aForkIsSeenByWhoHoldsAnOlderCheckpoint() {
        var held = sealedWithAHolder();
        cutBackTo(4);
        happen(100, 110); // the other branch, signed with the real key
        sequencer.seal();
        assertThat(said(tampered(null, held))).anyMatch(line -> line.contains("is not the one signed"));
        happen(110, 111);
        cutBackTo(4);
        happen(200, 205); // as many as the holder has
        sequencer.seal();
        assertThat(said(tampered(null, held))).anyMatch(line -> line.contains("in two versions"));
    }

    private void cutBackTo(int size) {
        for (var table : List.of("pending", "tile")) {
            superuser
                    .sql("delete from evidence." + table + " where contract_id = ?")
                    .param(contract)
                    .update();
        }
        superuser
                .sql(
                        "delete from evidence.leaf where id in (select leaf_id from evidence.sealed where contract_id = ? and index >= ?)")
                .param(contract)
                .param(size)
                .update();
        superuser
                .sql("delete from evidence.sealed where contract_id = ? and index >= ?")
                .param(contract)
                .param(size)
                .update();
        superuser
                .sql("delete from evidence.checkpoint where contract_id = ? and size > ?")
                .param(contract)
                .param(size)
                .update();
    }

    /** With a dump of the database, but without the key: everything is rewritten and signed with a key of one's own. */
    @Test
    void LED_2_aHistoryRewrittenAndSignedWithAnotherKeyIsSeenByWhoKnowsTheKey() throws NoSuchAlgorithmException {
        var held = sealedWithAHolder();
        var origin = Checkpoint.of(SignedNote.parse(held)).origin();
        var trusted = key(origin);
        var real = trusted.point().bytes();
        var thief = KeyPairGenerator.getInstance("Ed25519").generateKeyPair();
        var thiefKey = VerifierKey.of(origin, thief.getPublic());
        superuser
                .sql("update evidence.leaf set text = replace(text, 'thing/7', 'thing/6') where contract_id = ?")
                .param(contract)
                .update();
        superuser
                .sql(
                        "update evidence.leaf set hash = sha256('\\x00'::bytea || convert_to(text, 'UTF8')) where contract_id = ?")
                .param(contract)
                .update();
        superuser
                .sql("update evidence.sealed s set hash = l.hash from evidence.leaf l where l.id = s.leaf_id")
                .update();
        for (int size : new int[] {4, 9, SEALED}) {
            var edge = new Frontier();
            superuser
                    .sql("select hash from evidence.sealed where contract_id = ? and index < ? order by index")
                    .param(contract)
                    .param(size)
                    .query((row, _) -> Hash.of(row.getBytes(1)))
                    .list()
                    .forEach(edge::append);
            var note = SignedNote.sign(new Checkpoint(origin, size, edge.root()).text(), thiefKey, thief.getPrivate());
            superuser
                    .sql("update evidence.checkpoint set note = ?, peaks = ? where contract_id = ? and size = ?")
                    .param(note.toString())
                    .param(edge.peaks())
                    .param(contract)
                    .param(size)
                    .update();
        }
        superuser
                .sql("update evidence.signer set public_key = ?")
                .param(thiefKey.point().bytes())
                .update();
        try {
            assertThat(verify(null, null).outcome()).isEqualTo(Outcome.SOUND); // it fits its own key
            assertThat(said(tampered(trusted, null))).anyMatch(line -> line.contains("signed with another key"));
            assertThat(said(tampered(null, held))).anyMatch(line -> line.contains("bears no valid signature"));
        } finally {
            superuser
                    .sql("update evidence.signer set public_key = ?")
                    .param(real)
                    .update();
        }
    }

    @Test
    void LED_2_whatWasChangedBehindOurBackIsNotSignedAnyMore() {
        sealedWithAHolder();
        superuser
                .sql("update evidence.sealed set hash = sha256('x') where leaf_id = (" + leafAt(3) + ")")
                .update();
        happen(20, 22);
        assertThat(sequencer.seal()).isZero();
        var trouble =
                java.util.Objects.requireNonNull(ledger.state(tenant, contract).trouble());
        assertThat(Texts.in(Texts.ENGLISH).say(trouble)).contains("no longer agrees with the checkpoint");
        assertThat(ledger.state(tenant, contract).pending())
                .as("nothing is lost")
                .isEqualTo(2);
    }

    private String leafAt(int index) {
        return "select s.leaf_id from evidence.sealed s where s.contract_id = '" + contract + "' and s.index = "
                + index;
    }

    private String withLeaves(String sql) {
        var ids = superuser
                .sql("select leaf_id from evidence.sealed where contract_id = ? order by index")
                .param(contract)
                .query(UUID.class)
                .list();
        var filled = sql;
        for (int i = SEALED - 1; i >= 0; i--) {
            filled = filled.replace("(@" + i + ")", "'" + ids.get(i) + "'");
        }
        return filled;
    }

    private Verdict tampered(@Nullable VerifierKey trusted, @Nullable String held) {
        var verdict = verify(trusted, held);
        assertThat(verdict.outcome()).as("%s", said(verdict)).isEqualTo(Outcome.TAMPERED);
        return verdict;
    }

    private Verdict verify(@Nullable VerifierKey trusted, @Nullable String held) {
        var file = ledger.bundle(tenant, contract);
        try {
            return new BundleVerifier().verify(file, trusted, held == null ? Map.of() : Map.of("held.txt", held));
        } finally {
            assertThat(file.toFile().delete()).isTrue();
        }
    }

    private static List<String> said(Verdict verdict) {
        var texts = Texts.in(Texts.ENGLISH);
        return verdict.findings().stream().map((Sentence s) -> texts.say(s)).toList();
    }

    // LED-4

    @Test
    void LED_4_concurrentWritersAndSequencersLeaveNoGapAndNoDuplicate() throws Exception {
        var second = new Sequencer(jdbc, tenancy, trees, key, clock, "retainer.local");
        var acknowledged = new AtomicInteger();
        var writing = new AtomicBoolean(true);
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var sealing = new ArrayList<Future<?>>();
            for (var node : List.of(sequencer, second)) {
                sealing.add(threads.submit(() -> {
                    while (writing.get()) {
                        node.seal();
                    }
                }));
            }
            var writers = new ArrayList<Future<?>>();
            for (int writer = 0; writer < 8; writer++) {
                var random = new Random(writer);
                writers.add(threads.submit(() -> {
                    for (int i = 0; i < 60; i++) {
                        int facts = 1 + random.nextInt(3);
                        boolean fails = random.nextInt(4) == 0;
                        try {
                            tenancy.write(tenant, () -> {
                                IntStream.range(0, facts).mapToObj(this::fact).forEach(events::publishEvent);
                                if (fails) {
                                    throw new IllegalStateException("as it happens");
                                }
                            });
                            acknowledged.addAndGet(facts);
                        } catch (IllegalStateException expected) {
                            // rolled back
                        }
                    }
                }));
            }
            for (var writer : writers) {
                writer.get();
            }
            writing.set(false);
            for (var node : sealing) {
                node.get();
            }
        }
        // A sequencer that starts anew, as after a crash, goes on where the last one stopped.
        new Sequencer(jdbc, tenancy, trees, key, clock, "retainer.local").seal();
        var indexes = superuser
                .sql("select index from evidence.sealed where contract_id = ? order by index")
                .param(contract)
                .query(Long.class)
                .list();
        assertThat(indexes)
                .isEqualTo(LongStream.range(0, acknowledged.get()).boxed().toList());
        assertThat(count("leaf")).isEqualTo(acknowledged.get());
        assertThat(count("pending")).isZero();
        var checkpoints = tenancy.read(tenant, () -> trees.checkpoints(tenant, contract, 10_000));
        assertThat(checkpoints).hasSizeGreaterThan(1);
        var newest = checkpoints.getFirst().checkpoint();
        assertThat(newest.size()).isEqualTo(acknowledged.get());
        for (var signed : checkpoints) {
            var older = signed.checkpoint();
            var proof = tenancy.read(tenant, () -> tree().consistency(older.size(), newest.size()));
            assertThat(signed.note().signedBy(key(newest.origin()))).isTrue();
            assertThat(Tree.extendsTo(older.size(), older.root(), newest.size(), newest.root(), proof))
                    .isTrue();
        }
        assertThat(verify(null, null).outcome()).isEqualTo(Outcome.SOUND);
    }

    @Test
    void LED_4_aSequencerThatFailsHalfWayLeavesEverythingWaiting() {
        happen(0, 300); // over a tile, so that there is something to undo
        superuser
                .sql("alter table evidence.checkpoint add constraint broken check (size <> 300)")
                .update();
        try {
            assertThat(sequencer.seal()).isZero();
            assertThat(count("sealed")).isZero();
            assertThat(count("tile")).isZero();
        } finally {
            superuser
                    .sql("alter table evidence.checkpoint drop constraint broken")
                    .update();
        }
        assertThat(sequencer.seal()).isEqualTo(300);
        assertThat(verify(null, null).outcome()).isEqualTo(Outcome.SOUND);
    }

    // Privileges and key

    @ParameterizedTest
    @ValueSource(strings = {"leaf", "sealed", "tile", "checkpoint"})
    void theApplicationCanOnlyAdd(String table) {
        happen(0, 1);
        for (var verb : List.of("delete from", "truncate")) {
            assertThatThrownBy(() -> tenancy.write(
                            tenant, () -> jdbc.sql(verb + " evidence." + table).update()))
                    .hasStackTraceContaining("permission denied");
        }
        assertThatThrownBy(() -> tenancy.write(
                        tenant,
                        () -> jdbc.sql("update evidence." + table + " set contract_id = contract_id")
                                .update()))
                .hasStackTraceContaining("permission denied");
        assertThat(leaves()).isEqualTo(1);
    }

    @Test
    void aMissingOrWrongKeyStopsTheSealingAndNothingElse() throws IOException, NoSuchAlgorithmException {
        happen(0, 2);
        sequencer.seal();
        var file = folder.resolve("evidence.key");
        var elsewhere = new SigningKey(file, jdbc, clock);
        var stopped = new Sequencer(jdbc, tenancy, trees, elsewhere, clock, "retainer.local");
        happen(2, 4);
        assertThat(stopped.seal()).isZero();
        assertThat(Texts.in(Texts.ENGLISH).say(stopped.trouble(contract).orElseThrow()))
                .contains(file.toString(), "is missing", "not lost");
        assertThat(file).as("no new key is made for an old ledger").doesNotExist();

        Files.writeString(file, "nonsense");
        assertThat(Texts.in(Texts.CHINESE).say(stopped.trouble(contract).orElseThrow()))
                .contains("无法使用");

        Files.writeString(
                file, SigningKey.pem(KeyPairGenerator.getInstance("Ed25519").generateKeyPair()));
        assertThat(Texts.in(Texts.ENGLISH).say(stopped.trouble(contract).orElseThrow()))
                .contains("is not the key of this ledger");
        assertThat(stopped.seal()).isZero();
        assertThat(ledger.state(tenant, contract).pending()).isEqualTo(2);

        assertThat(sequencer.seal()).isEqualTo(2);
    }

    private VerifierKey key(String name) {
        return key.verifier(name).orElseThrow();
    }
}
