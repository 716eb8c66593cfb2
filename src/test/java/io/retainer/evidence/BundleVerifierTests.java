package io.retainer.evidence;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.retainer.evidence.BundleVerifier.Outcome;
import io.retainer.evidence.BundleVerifier.Verdict;
import io.retainer.evidence.tlog.Checkpoint;
import io.retainer.evidence.tlog.Frontier;
import io.retainer.evidence.tlog.Hash;
import io.retainer.evidence.tlog.SignedNote;
import io.retainer.evidence.tlog.TlogProof;
import io.retainer.evidence.tlog.Tree;
import io.retainer.evidence.tlog.VerifierKey;
import io.retainer.kernel.Sentence;
import io.retainer.kernel.Texts;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

class BundleVerifierTests {

    private static final KeyPair PAIR = pair();
    private static final VerifierKey KEY = VerifierKey.of("retainer.example/" + LeafTests.CONTRACT, PAIR.getPublic());

    @TempDir
    Path folder;

    private final List<String> facts = new ArrayList<>();
    private final Map<String, String> files = new TreeMap<>();

    @BeforeEach
    void twelveFactsSealedInThreeSteps() {
        for (int i = 0; i < 12; i++) {
            facts.add(
                    Leaf.of(LeafTests.rich("no-" + i), new UUID(0x019a000000007000L, i), LeafTests.NOON.plusSeconds(i))
                            .text());
        }
        pack(PAIR, KEY);
    }

    private void pack(KeyPair pair, VerifierKey key) {
        files.clear();
        files.put("key.txt", key + "\n");
        files.put("facts.jsonl", String.join("\n", facts) + "\n");
        files.put("checkpoint.txt", signed(pair, key, facts.size()).toString());
        files.put("checkpoints/5.txt", signed(pair, key, 5).toString());
        files.put("checkpoints/9.txt", signed(pair, key, 9).toString());
        for (int i = 0; i < facts.size(); i++) {
            var proof = new TlogProof(i, tree().inclusion(i, facts.size()), signed(pair, key, facts.size()));
            files.put("proofs/" + i + ".tlog-proof", proof.toString());
        }
    }

    private SignedNote signed(KeyPair pair, VerifierKey key, int size) {
        var checkpoint = new Checkpoint(key.name(), size, tree().root(size));
        return SignedNote.sign(checkpoint.text(), key, pair.getPrivate());
    }

    private Tree tree() {
        var leaves = facts.stream().map(text -> Hash.leaf(text.getBytes(UTF_8))).toList();
        return new Tree((level, index) -> {
            var subtree = new Frontier();
            leaves.subList((int) (index << level), (int) ((index + 1) << level)).forEach(subtree::append);
            return subtree.root();
        });
    }

    @Test
    void aBundleAsItWasWrittenIsSound() {
        assertThat(verify(null, Map.of()).outcome()).isEqualTo(Outcome.SOUND);
        assertThat(said(verify(KEY, Map.of("mine", file("checkpoints/5.txt")))))
                .anyMatch(line -> line.contains("12 facts of contract " + LeafTests.CONTRACT))
                .anyMatch(line -> line.contains("test.Rich: 12"));
    }

    @Test
    void anEmptyLedgerIsSoundToo() {
        facts.clear();
        files.clear();
        files.put("key.txt", KEY + "\n");
        files.put("facts.jsonl", "");
        files.put("checkpoint.txt", signed(PAIR, KEY, 0).toString());
        assertThat(verify(KEY, Map.of()).outcome()).isEqualTo(Outcome.SOUND);
    }

    @Test
    void aChangedFactIsNamed() {
        var changed = new ArrayList<>(facts);
        changed.set(6, facts.get(6).replace("8673333", "8673332"));
        files.put("facts.jsonl", String.join("\n", changed) + "\n");
        assertThat(said(verify(null, Map.of())))
                .anyMatch(line -> line.startsWith("Fact 7 is not the one that was sealed"))
                .anyMatch(line -> line.startsWith("Between fact 6 and fact 9"));
    }

    @Test
    void removingInsertingSwappingAndCuttingAreSeen() {
        tampered("Between fact 1 and fact 5", list -> list.remove(2));
        tampered("more", list -> list.add(4, list.get(3)));
        tampered("Fact 11 is not the one", list -> list.add(10, list.remove(11)));
        tampered("holds only 11", List::removeLast);
    }

    private void tampered(String sentence, Consumer<List<String>> how) {
        var other = new ArrayList<>(facts);
        how.accept(other);
        files.put("facts.jsonl", String.join("\n", other) + "\n");
        var verdict = verify(null, Map.of());
        assertThat(verdict.outcome()).isEqualTo(Outcome.TAMPERED);
        assertThat(said(verdict)).anyMatch(line -> line.contains(sentence));
    }

    @Test
    void aHistoryRewrittenAndSignedWithAnotherKeyIsSeenByWhoKnowsTheKey() {
        facts.set(3, facts.get(3).replace("8673333", "1"));
        var thief = pair();
        pack(thief, VerifierKey.of(KEY.name(), thief.getPublic()));
        assertThat(verify(null, Map.of()).outcome()).isEqualTo(Outcome.SOUND); // fits itself, and says whose key it is
        var verdict = verify(KEY, Map.of());
        assertThat(verdict.outcome()).isEqualTo(Outcome.TAMPERED);
        assertThat(said(verdict)).anyMatch(line -> line.contains("signed with another key"));
    }

    @Test
    void aHistoryRewrittenWithTheRightKeyIsSeenByWhoHoldsAnOlderCheckpoint() {
        var held = file("checkpoints/9.txt");
        facts.set(3, facts.get(3).replace("8673333", "1"));
        pack(PAIR, KEY);
        assertThat(verify(KEY, Map.of()).outcome()).isEqualTo(Outcome.SOUND);
        assertThat(said(verify(KEY, Map.of("held.txt", held)))).anyMatch(line -> line.contains("in two versions"));
    }

    @Test
    void aLedgerCutOffAndSignedAgainIsSeenByWhoHoldsAnOlderCheckpoint() {
        var held = file("checkpoint.txt");
        facts.subList(9, 12).clear();
        pack(PAIR, KEY);
        assertThat(verify(KEY, Map.of()).outcome()).isEqualTo(Outcome.SOUND);
        assertThat(said(verify(KEY, Map.of("held.txt", held))))
                .anyMatch(line -> line.contains("held.txt already covers 12 facts, this bundle only 9"));
    }

    /** Whatever byte of the contents is changed, the bundle is no longer sound. */
    @Test
    void LED_2_everyFlippedBitIsSeen() {
        var random = new Random(2);
        var names = List.copyOf(files.keySet());
        for (int i = 0; i < 600; i++) {
            var name = names.get(random.nextInt(names.size()));
            var before = file(name);
            var bytes = before.getBytes(UTF_8);
            bytes[random.nextInt(bytes.length)] ^= (byte) (1 << random.nextInt(8));
            var verdict = verify(write(name, bytes), KEY, Map.of());
            assertThat(verdict.outcome()).as("%s: %s", name, said(verdict)).isNotEqualTo(Outcome.SOUND);
            assertThat(verdict.findings()).isNotEmpty();
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"../evil.txt", "/etc/passwd", "proofs/../../x.tlog-proof", "proofs/", "C:\\x", "facts.jsonl.exe"
            })
    void aStrangeNameIsNotRead(String name) {
        files.put(name, "x");
        var verdict = verify(null, Map.of());
        assertThat(verdict.outcome()).isEqualTo(Outcome.UNREADABLE);
        assertThat(said(verdict)).anyMatch(line -> line.contains("has no place in a bundle"));
    }

    @Test
    void aBombIsNotUnpacked() {
        files.put("facts.jsonl", "a".repeat(50_000_000));
        assertThat(said(verify(null, Map.of()))).anyMatch(line -> line.contains("longer than 65536 bytes"));
        files.put("facts.jsonl", "{}\n".repeat(1_000_000));
        assertThat(verify(null, Map.of()).outcome()).isEqualTo(Outcome.TAMPERED);
        files.put("facts.jsonl", String.join("\n", facts) + "\n");
        files.put("key.txt", " ".repeat(10_000_000));
        assertThat(verify(null, Map.of()).outcome()).isEqualTo(Outcome.UNREADABLE);
        pack(PAIR, KEY);
        assertThat(new BundleVerifier(1_000)
                        .verify(write("x", null), null, Map.of())
                        .outcome())
                .isEqualTo(Outcome.UNREADABLE);
    }

    @Test
    void whatIsNoBundleIsUnreadable() throws IOException {
        var file = Files.writeString(folder.resolve("not.zip"), "hello");
        assertThat(new BundleVerifier().verify(file, null, Map.of()).outcome()).isEqualTo(Outcome.UNREADABLE);
        for (var name : List.of("key.txt", "checkpoint.txt", "facts.jsonl")) {
            pack(PAIR, KEY);
            files.remove(name);
            assertThat(said(verify(null, Map.of()))).containsExactly("The archive lacks " + name + ".");
        }
        pack(PAIR, KEY);
        files.put("facts.jsonl", String.join("\n", facts));
        assertThat(said(verify(null, Map.of()))).containsExactly("Line 12 of facts.jsonl is not complete.");
    }

    @Test
    void theCommandSaysWhatItFoundAndExitsAccordingly() throws IOException {
        var bundle = write("x", null);
        var key = Files.writeString(folder.resolve("key.txt"), KEY + "\n");
        var other =
                Files.writeString(folder.resolve("other.txt"), VerifierKey.of(KEY.name(), pair().getPublic()) + "\n");
        var older = Files.writeString(folder.resolve("older.txt"), file("checkpoints/5.txt"));
        var sound = run(bundle.toString(), "--key", key.toString(), "--checkpoint", older.toString(), "--lang", "en");
        assertThat(sound.code()).isZero();
        assertThat(sound.out()).startsWith("Sound").contains("12 facts").contains(KEY.fingerprint());
        assertThat(run(bundle.toString(), "--key", other.toString(), "--lang", "zh"))
                .satisfies(answer -> assertThat(answer.code()).isEqualTo(1))
                .satisfies(answer -> assertThat(answer.out()).startsWith("验证不通过"));
        assertThat(run(bundle.toString(), "--key", bundle.toString(), "--lang", "en")
                        .code())
                .isEqualTo(2);
        assertThat(run(folder.resolve("none.zip").toString(), "--lang", "en").code())
                .isEqualTo(2);
        assertThat(run(bundle.toString(), "--checkpoint", folder.resolve("none").toString())
                        .code())
                .isEqualTo(2);
        assertThat(run("--help").out()).contains("Exit codes");
    }

    @Test
    void theWriterWritesWhatTheVerifierReads() throws IOException {
        var file = folder.resolve("written.zip");
        var head = signed(PAIR, KEY, 12);
        try (var out = Files.newOutputStream(file);
                var writer = new BundleWriter(out)) {
            writer.readme(
                    Checkpoint.of(head), KEY, Map.of("test.<Rich>", 12L), List.of(LeafTests.NOON, LeafTests.NOON), 2);
            writer.format();
            writer.key(KEY);
            writer.checkpoint(head);
            writer.older(signed(PAIR, KEY, 7));
            writer.facts(facts.stream());
            IntStream.range(0, 12)
                    .mapToObj(i -> new TlogProof(i, tree().inclusion(i, 12), head))
                    .forEach(writer::proof);
        }
        assertThat(new BundleVerifier().verify(file, KEY, Map.of()).outcome()).isEqualTo(Outcome.SOUND);
        try (var zip = new java.util.zip.ZipFile(file.toFile())) {
            var page =
                    new String(zip.getInputStream(zip.getEntry("README.html")).readAllBytes(), UTF_8);
            assertThat(page).contains("履约证据包", "Evidence bundle", KEY.fingerprint(), "test.&lt;Rich&gt;");
        }
    }

    @Test
    void theFormatInTheJarIsTheOneInTheDocumentation() throws IOException {
        assertThat(Path.of("src/main/resources/evidence/FORMAT.md"))
                .hasSameTextualContentAs(Path.of("docs/evidence-format.md"));
    }

    private String file(String name) {
        return java.util.Objects.requireNonNull(files.get(name));
    }

    private record Answer(int code, String out) {}

    private static Answer run(String... arguments) {
        var out = new StringWriter();
        int code = new CommandLine(new VerifyCommand())
                .setOut(new PrintWriter(out))
                .execute(arguments);
        return new Answer(code, out.toString());
    }

    private Verdict verify(@Nullable VerifierKey trusted, Map<String, String> older) {
        return verify(write("x", null), trusted, older);
    }

    private static Verdict verify(Path bundle, @Nullable VerifierKey trusted, Map<String, String> older) {
        return new BundleVerifier().verify(bundle, trusted, older);
    }

    private static List<String> said(Verdict verdict) {
        var texts = Texts.in(Texts.ENGLISH);
        return verdict.findings().stream().map((Sentence s) -> texts.say(s)).toList();
    }

    /** The files as a zip, with one of them replaced. */
    private Path write(String replaced, byte @Nullable [] with) {
        var file = folder.resolve("bundle.zip");
        try (var zip = new ZipOutputStream(Files.newOutputStream(file), UTF_8)) {
            for (var entry : files.entrySet()) {
                zip.putNextEntry(new ZipEntry(entry.getKey()));
                zip.write(
                        with != null && entry.getKey().equals(replaced)
                                ? with
                                : entry.getValue().getBytes(UTF_8));
                zip.closeEntry();
            }
        } catch (IOException failed) {
            throw new java.io.UncheckedIOException(failed);
        }
        return file;
    }

    private static KeyPair pair() {
        try {
            return KeyPairGenerator.getInstance("Ed25519").generateKeyPair();
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException(impossible);
        }
    }
}
