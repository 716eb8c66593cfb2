package io.retainer.evidence.tlog;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.Signature;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;

/**
 * A C2SP signed note: a text, an empty line, and lines {@code — <key name> base64(key id || signature)}. Its text must
 * be ignored until {@link #signedBy} has said yes.
 *
 * @param text ends in a newline; what the signatures are over
 */
public record SignedNote(String text, List<Line> signatures) {

    /** As many as a verifier must accept; more are refused. */
    private static final int MOST_SIGNATURES = 16;

    private static final int LONGEST = 64 * 1024;

    /** One signature line, of a key we may not know. */
    public record Line(String name, String base64) {}

    public SignedNote {
        signatures = List.copyOf(signatures);
    }

    public static SignedNote sign(String text, VerifierKey key, PrivateKey secret) {
        try {
            var signer = Signature.getInstance("Ed25519");
            signer.initSign(secret);
            signer.update(text.getBytes(StandardCharsets.UTF_8));
            var signature = signer.sign();
            var line = Arrays.copyOf(key.id(), 4 + signature.length);
            System.arraycopy(signature, 0, line, 4, signature.length);
            return new SignedNote(
                    text, List.of(new Line(key.name(), Base64.getEncoder().encodeToString(line))));
        } catch (GeneralSecurityException unusable) {
            throw new IllegalStateException("The signing key cannot sign", unusable);
        }
    }

    /** @throws MalformedLog naming the first fault */
    public static SignedNote parse(String note) {
        if (note.length() > LONGEST) {
            throw new MalformedLog("a note of more than " + LONGEST + " characters is not read");
        }
        if (note.chars().anyMatch(c -> c < ' ' && c != '\n')) {
            throw new MalformedLog("a note has no control characters");
        }
        int gap = note.lastIndexOf("\n\n");
        if (gap < 0 || !note.endsWith("\n") || gap + 2 == note.length()) {
            throw new MalformedLog("a note is a text, an empty line and signatures");
        }
        var lines = new ArrayList<Line>();
        for (var line : note.substring(gap + 2, note.length() - 1).split("\n", -1)) {
            var parts = line.split(" ", -1);
            if (parts.length != 3 || !parts[0].equals("—")) {
                throw new MalformedLog("not a signature line: " + Hash.shortened(line));
            }
            VerifierKey.requireName(parts[1]);
            if (Hash.strictBase64(parts[2]).length < 5) {
                throw new MalformedLog("a signature is longer than its key id");
            }
            lines.add(new Line(parts[1], parts[2]));
        }
        if (lines.size() > MOST_SIGNATURES) {
            throw new MalformedLog("a note of more than " + MOST_SIGNATURES + " signatures is not read");
        }
        return new SignedNote(note.substring(0, gap + 1), lines);
    }

    /** At least one signature is of this key, and every one that claims to be verifies. */
    public boolean signedBy(VerifierKey key) {
        var ours = signatures.stream()
                .filter(line -> line.name().equals(key.name()))
                .map(line -> Hash.strictBase64(line.base64()))
                .filter(bytes -> Arrays.equals(bytes, 0, 4, key.id(), 0, 4))
                .toList();
        var over = text.getBytes(StandardCharsets.UTF_8);
        return !ours.isEmpty()
                && ours.stream().allMatch(bytes -> key.verifies(over, Arrays.copyOfRange(bytes, 4, bytes.length)));
    }

    /** The whole note as it is sent and stored. */
    @Override
    public String toString() {
        var note = new StringBuilder(text).append('\n');
        signatures.forEach(line -> note.append("— ")
                .append(line.name())
                .append(' ')
                .append(line.base64())
                .append('\n'));
        return note.toString();
    }
}
