package io.retainer.evidence.tlog;

/**
 * What a log commits to when it signs: the C2SP {@code tlog-checkpoint} text of three lines.
 *
 * @param origin names the log, such as {@code retainer.example/0197…}
 * @param size number of leaves
 * @param root of the tree over them
 */
public record Checkpoint(String origin, long size, Hash root) {

    public Checkpoint {
        if (origin.isEmpty() || origin.indexOf('\n') >= 0 || size < 0) {
            throw new MalformedLog("a checkpoint has an origin and a size");
        }
    }

    /** @throws MalformedLog naming the first fault */
    public static Checkpoint parse(String text) {
        var lines = text.split("\n", -1);
        // Extension lines are allowed by the format and refused here: we write none and could not judge them.
        if (lines.length != 4 || !lines[3].isEmpty()) {
            throw new MalformedLog("a checkpoint has three lines: origin, size, root");
        }
        return new Checkpoint(lines[0], decimal(lines[1]), Hash.ofBase64(lines[2]));
    }

    /** The checkpoint of a signed note, which must be verified first. */
    public static Checkpoint of(SignedNote note) {
        return parse(note.text());
    }

    static long decimal(String digits) {
        if (digits.matches("0|[1-9][0-9]{0,17}")) {
            return Long.parseLong(digits);
        }
        throw new MalformedLog("not a decimal number without leading zeroes: " + Hash.shortened(digits));
    }

    public String text() {
        return origin + "\n" + size + "\n" + root.base64() + "\n";
    }
}
