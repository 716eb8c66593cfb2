package io.retainer.evidence;

import io.retainer.evidence.tlog.Checkpoint;
import io.retainer.evidence.tlog.Frontier;
import io.retainer.evidence.tlog.Hash;
import io.retainer.evidence.tlog.MalformedLog;
import io.retainer.evidence.tlog.SignedNote;
import io.retainer.evidence.tlog.TlogProof;
import io.retainer.evidence.tlog.Tree;
import io.retainer.evidence.tlog.VerifierKey;
import io.retainer.kernel.Sentence;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.json.JsonMapper;

/**
 * Checks a bundle with nothing but the bundle, and, where the reader has them, a key and older checkpoints obtained
 * elsewhere. No database, no network, no clock. Reads hostile files in bounded memory.
 */
final class BundleVerifier {

    /** What was found, in sentences to print. */
    record Verdict(Outcome outcome, List<Sentence> findings) {

        Verdict {
            findings = List.copyOf(findings);
        }
    }

    enum Outcome {
        /** Everything in the bundle is what was signed. */
        SOUND,
        /** Something is not what was signed; the findings say what. */
        TAMPERED,
        /** Not a bundle, or one no verifier should read. */
        UNREADABLE
    }

    private static final Pattern KNOWN =
            Pattern.compile("README\\.html|FORMAT\\.md|key\\.txt|checkpoint\\.txt|facts\\.jsonl"
                    + "|checkpoints/[0-9]{1,18}\\.txt|proofs/[0-9]{1,18}\\.tlog-proof");

    private static final int MOST_ENTRIES = 100_000;
    private static final int LONGEST_FILE = 64 * 1024;
    private static final int LONGEST_LINE = 64 * 1024;
    private static final int MOST_FINDINGS = 20;

    private static final TypeReference<Map<String, Object>> OBJECT = new TypeReference<>() {};
    private static final JsonMapper JSON = JsonMapper.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .build();

    private final long mostBytes;
    private final List<Sentence> findings = new ArrayList<>();

    BundleVerifier() {
        this(8L << 30);
    }

    /** @param mostBytes of facts that are unpacked before giving up */
    BundleVerifier(long mostBytes) {
        this.mostBytes = mostBytes;
    }

    /**
     * @param trusted the key the reader was given by another way, or null to take the bundle's word for it
     * @param older signed checkpoints the reader kept, by the name to call them
     */
    Verdict verify(Path bundle, @Nullable VerifierKey trusted, Map<String, String> older) {
        findings.clear();
        try (var zip = new ZipFile(bundle.toFile(), ZipFile.OPEN_READ)) {
            requireKnownEntries(zip);
            return verify(zip, trusted, older);
        } catch (TooManyFindings enough) {
            return new Verdict(Outcome.TAMPERED, findings);
        } catch (Unreadable unreadable) {
            return new Verdict(Outcome.UNREADABLE, List.of(unreadable.sentence));
        } catch (IOException | IllegalArgumentException notAZip) {
            return new Verdict(
                    Outcome.UNREADABLE,
                    List.of(Sentence.of("evidence.verify.noZip", bundle.toString(), notAZip.getMessage())));
        }
    }

    private Verdict verify(ZipFile zip, @Nullable VerifierKey trusted, Map<String, String> older) throws IOException {
        var key = key(zip);
        if (trusted != null && !trusted.point().equals(key.point())) {
            found("evidence.verify.otherKey", key.fingerprint(), trusted.fingerprint());
            key = trusted.named(key.name());
        }
        var claims = new Claims(key);
        var head = claims.add("checkpoint.txt", read(zip, "checkpoint.txt"));
        for (var name : names(zip, "checkpoints/")) {
            claims.add(name, read(zip, name));
        }
        for (var held : older.entrySet()) {
            claims.add(held.getKey(), held.getValue());
        }
        var proofs = proofs(zip, claims);
        if (head == null) {
            return verdict(List.of());
        }
        var facts = new Facts(key.name(), head, claims, proofs);
        facts.read(zip);
        facts.conclude(head);
        var summary = new ArrayList<Sentence>();
        summary.add(Sentence.of("evidence.verify.sound", facts.tree.size(), facts.contract));
        if (facts.tree.size() > 0) {
            summary.add(Sentence.of("evidence.verify.period", facts.first, facts.last));
        }
        facts.kinds.forEach((kind, count) -> summary.add(Sentence.of("evidence.verify.kind", kind, count)));
        summary.add(Sentence.of("evidence.verify.checkpoints", claims.count, proofs.size()));
        summary.add(Sentence.of(
                trusted == null ? "evidence.verify.keyOfBundle" : "evidence.verify.keyGiven", key.fingerprint()));
        return verdict(summary);
    }

    private Verdict verdict(List<Sentence> summary) {
        return findings.isEmpty() ? new Verdict(Outcome.SOUND, summary) : new Verdict(Outcome.TAMPERED, findings);
    }

    private void found(String key, @Nullable Object... arguments) {
        findings.add(Sentence.of(key, arguments));
        if (findings.size() >= MOST_FINDINGS) {
            throw new TooManyFindings();
        }
    }

    private static void requireKnownEntries(ZipFile zip) {
        if (zip.size() > MOST_ENTRIES) {
            throw new Unreadable("evidence.verify.tooManyEntries", zip.size(), MOST_ENTRIES);
        }
        Set<String> seen = new HashSet<>();
        zip.stream().map(ZipEntry::getName).forEach(name -> {
            if (!KNOWN.matcher(name).matches()) {
                throw new Unreadable("evidence.verify.strangeEntry", shown(name));
            }
            if (!seen.add(name)) {
                throw new Unreadable("evidence.verify.entryTwice", shown(name));
            }
        });
    }

    /** A name from a hostile file must not move the cursor of the terminal it is printed on. */
    private static String shown(String name) {
        var visible = name.replaceAll("\\p{Cntrl}", "?");
        return visible.length() <= 80 ? visible : visible.substring(0, 80) + "…";
    }

    private static VerifierKey key(ZipFile zip) throws IOException {
        try {
            var line = read(zip, "key.txt");
            if (!line.endsWith("\n")) {
                throw new MalformedLog("a line ends in LF");
            }
            return VerifierKey.parse(line.substring(0, line.length() - 1));
        } catch (MalformedLog malformed) {
            throw new Unreadable("evidence.verify.malformed", "key.txt", malformed.getMessage());
        }
    }

    private static List<String> names(ZipFile zip, String folder) {
        return zip.stream()
                .map(ZipEntry::getName)
                .filter(name -> name.startsWith(folder))
                .sorted()
                .toList();
    }

    private static String read(ZipFile zip, String name) throws IOException {
        try (var in = open(zip, name)) {
            var bytes = in.readNBytes(LONGEST_FILE + 1);
            if (bytes.length > LONGEST_FILE) {
                throw new Unreadable("evidence.verify.tooLong", name, LONGEST_FILE);
            }
            return text(bytes, name);
        }
    }

    private static InputStream open(ZipFile zip, String name) throws IOException {
        var entry = zip.getEntry(name);
        if (entry == null) {
            throw new Unreadable("evidence.verify.entryMissing", name);
        }
        return zip.getInputStream(entry);
    }

    private static String text(byte[] bytes, String name) {
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
        } catch (CharacterCodingException notText) {
            throw new Unreadable("evidence.verify.malformed", name, "UTF-8");
        }
    }

    private Map<Long, TlogProof> proofs(ZipFile zip, Claims claims) throws IOException {
        var proofs = new HashMap<Long, TlogProof>();
        for (var name : names(zip, "proofs/")) {
            try {
                var proof = TlogProof.parse(read(zip, name));
                if (!name.equals("proofs/" + proof.index() + ".tlog-proof")) {
                    found("evidence.verify.proofMisnamed", name, proof.index());
                } else if (claims.add(name, proof.checkpoint()) != null) {
                    proofs.put(proof.index(), proof);
                }
            } catch (MalformedLog malformed) {
                found("evidence.verify.malformed", name, malformed.getMessage());
            }
        }
        return proofs;
    }

    /** The roots that signatures vouch for, by tree size. */
    private final class Claims {

        private final VerifierKey key;
        private final TreeMap<Long, Map<Hash, String>> bySize = new TreeMap<>();
        private final Map<String, Checkpoint> verified = new HashMap<>();
        private int count;

        Claims(VerifierKey key) {
            this.key = key;
        }

        @Nullable
        Checkpoint add(String name, String note) {
            try {
                return add(name, SignedNote.parse(note));
            } catch (MalformedLog malformed) {
                found("evidence.verify.malformed", name, malformed.getMessage());
                return null;
            }
        }

        /** Null, and a finding, when the note is not a checkpoint of this log signed by the key. */
        @Nullable
        Checkpoint add(String name, SignedNote note) {
            // The proofs of one bundle mostly carry the same checkpoint; a signature is checked once.
            var known = verified.get(note.toString());
            if (known != null) {
                return known;
            }
            var checkpoint = Checkpoint.of(note);
            if (!checkpoint.origin().equals(key.name())) {
                found("evidence.verify.otherLog", name, shown(checkpoint.origin()), key.name());
                return null;
            }
            if (!note.signedBy(key)) {
                found("evidence.verify.badSignature", name, key.fingerprint());
                return null;
            }
            verified.put(note.toString(), checkpoint);
            bySize.computeIfAbsent(checkpoint.size(), _ -> new HashMap<>()).putIfAbsent(checkpoint.root(), name);
            count++;
            return checkpoint;
        }
    }

    /** Streams the facts once and compares what they add up to with every claim on the way. */
    private final class Facts {

        private final String contract;
        private final Checkpoint head;
        private final Claims claims;
        private final Map<Long, TlogProof> proofs;
        private final Frontier tree = new Frontier();
        private final Map<String, Long> kinds = new TreeMap<>();
        private @Nullable String tenant;
        private String first = "—";
        private String last = "—";
        private final byte[] buffer = new byte[1 << 16];
        private int next;
        private int filled;
        private long agreed; // size of the largest claim that held
        private boolean parted;

        Facts(String origin, Checkpoint head, Claims claims, Map<Long, TlogProof> proofs) {
            this.contract = origin.substring(origin.lastIndexOf('/') + 1);
            this.head = head;
            this.claims = claims;
            this.proofs = proofs;
        }

        void read(ZipFile zip) throws IOException {
            compare();
            try (var in = open(zip, "facts.jsonl")) {
                long bytes = 0;
                for (var line = line(in); line != null; line = line(in)) {
                    bytes += line.length + 1;
                    if (bytes > mostBytes) {
                        throw new Unreadable("evidence.verify.tooLong", "facts.jsonl", mostBytes);
                    }
                    if (tree.size() == head.size()) {
                        found("evidence.verify.added", head.size());
                        return;
                    }
                    judge(line);
                    var leaf = Hash.leaf(line);
                    check(proofs.get(tree.size()), leaf);
                    tree.append(leaf);
                    compare();
                }
            }
        }

        private byte @Nullable [] line(InputStream in) throws IOException {
            var line = new ByteArrayOutputStream(512);
            while (true) {
                for (int i = next; i < filled; i++) {
                    if (buffer[i] == '\n') {
                        append(line, i);
                        next = i + 1;
                        return line.toByteArray();
                    }
                }
                append(line, filled);
                filled = in.read(buffer);
                next = 0;
                if (filled < 0) {
                    if (line.size() > 0) {
                        throw new Unreadable("evidence.verify.cutOff", tree.size() + 1);
                    }
                    return null;
                }
            }
        }

        private void append(ByteArrayOutputStream line, int end) {
            if (end > next) {
                line.write(buffer, next, end - next);
            }
            if (line.size() > LONGEST_LINE) {
                throw new Unreadable("evidence.verify.lineTooLong", tree.size() + 1, LONGEST_LINE);
            }
        }

        private void judge(byte[] line) {
            long number = tree.size() + 1;
            try {
                var fact = JSON.readValue(line, OBJECT);
                if (!CanonicalJson.text(fact).equals(new String(line, StandardCharsets.UTF_8))) {
                    found("evidence.verify.notCanonical", number);
                    return;
                }
                if (!Integer.valueOf(Leaf.VERSION).equals(fact.get("v"))) {
                    found("evidence.verify.otherVersion", number, String.valueOf(fact.get("v")));
                    return;
                }
                var itsTenant = String.valueOf(fact.get("tenant"));
                tenant = tenant == null ? itsTenant : tenant;
                if (!contract.equals(fact.get("contract")) || !itsTenant.equals(tenant)) {
                    found("evidence.verify.otherContract", number);
                    return;
                }
                kinds.merge(shown(String.valueOf(fact.get("kind"))), 1L, Long::sum);
                last = shown(String.valueOf(fact.get("recordedAt")));
                first = tree.size() == 0 ? last : first;
            } catch (JacksonException | IllegalArgumentException notJson) {
                found("evidence.verify.notCanonical", number);
            }
        }

        private void check(@Nullable TlogProof proof, Hash leaf) {
            if (proof == null) {
                return;
            }
            var root = Checkpoint.of(proof.checkpoint());
            if (!Tree.includes(root.root(), root.size(), proof.index(), leaf, proof.path())) {
                found("evidence.verify.changed", proof.index() + 1);
            }
        }

        private void compare() {
            var roots = claims.bySize.get(tree.size());
            if (roots == null) {
                return;
            }
            if (roots.size() > 1) {
                found("evidence.verify.forked", tree.size(), String.join(", ", roots.values()));
            }
            var root = tree.root();
            if (roots.containsKey(root)) {
                agreed = tree.size();
            } else if (!parted) {
                // Every later root differs as well; the first says where.
                parted = true;
                found(
                        "evidence.verify.parted",
                        agreed + 1,
                        tree.size(),
                        roots.values().iterator().next());
            }
        }

        void conclude(Checkpoint head) {
            if (tree.size() < head.size()) {
                found("evidence.verify.missing", head.size(), tree.size());
            }
            claims.bySize
                    .tailMap(head.size(), false)
                    .forEach((size, roots) -> found(
                            "evidence.verify.shortened",
                            roots.values().iterator().next(),
                            size,
                            head.size()));
            proofs.keySet().stream().filter(index -> index >= tree.size()).forEach(index -> {
                if (index >= head.size()) {
                    found("evidence.verify.proofBeyond", index);
                }
            });
        }
    }

    /** Ends the reading; carries the sentence to print. */
    private static final class Unreadable extends RuntimeException {

        private final transient Sentence sentence;

        Unreadable(String key, @Nullable Object... arguments) {
            super(key);
            this.sentence = Sentence.of(key, arguments);
        }
    }

    private static final class TooManyFindings extends RuntimeException {}
}
