package io.retainer.evidence.tlog;

import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

/**
 * A C2SP {@code tlog-proof@v1} file: everything needed to show offline that one entry is in the log, except the entry and
 * the key to trust.
 *
 * @param index of the entry, from 0
 * @param path RFC 6962 audit path, from the leaf's sibling upwards
 * @param checkpoint the signed checkpoint the path leads to
 */
public record TlogProof(long index, List<Hash> path, SignedNote checkpoint) {

    private static final String HEADER = "c2sp.org/tlog-proof@v1";
    private static final int LONGEST_PATH = 64;

    public TlogProof {
        path = List.copyOf(path);
    }

    /** @throws MalformedLog naming the first fault */
    public static TlogProof parse(String file) {
        int gap = file.indexOf("\n\n");
        if (gap < 0) {
            throw new MalformedLog("a proof is a path, an empty line and a checkpoint");
        }
        var lines = Arrays.asList(file.substring(0, gap).split("\n", -1));
        if (!lines.getFirst().equals(HEADER)) {
            throw new MalformedLog("a proof begins with " + HEADER);
        }
        // The format's unauthenticated "extra" line is refused: what nothing vouches for has no place in evidence.
        if (lines.size() < 2 || !lines.get(1).startsWith("index ")) {
            throw new MalformedLog("the second line of a proof is its index");
        }
        if (lines.size() > 2 + LONGEST_PATH) {
            throw new MalformedLog("a path is not longer than " + LONGEST_PATH);
        }
        return new TlogProof(
                Checkpoint.decimal(lines.get(1).substring("index ".length())),
                lines.subList(2, lines.size()).stream().map(Hash::ofBase64).toList(),
                SignedNote.parse(file.substring(gap + 2)));
    }

    /** The checkpoint is signed by the key, for the log of that name, and the path leads from this leaf to its root. */
    public boolean proves(Hash leaf, VerifierKey key) {
        if (!checkpoint.signedBy(key)) {
            return false;
        }
        try {
            var head = Checkpoint.of(checkpoint);
            return head.origin().equals(key.name()) && Tree.includes(head.root(), head.size(), index, leaf, path);
        } catch (MalformedLog notACheckpoint) {
            return false;
        }
    }

    @Override
    public String toString() {
        return HEADER + "\nindex " + index + "\n"
                + path.stream().map(hash -> hash.base64() + "\n").collect(Collectors.joining())
                + "\n" + checkpoint;
    }
}
