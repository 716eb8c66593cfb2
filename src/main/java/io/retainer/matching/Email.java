package io.retainer.matching;

import java.util.Optional;
import java.util.regex.Pattern;

/** An e-mail address, folded to lower case. */
public record Email(String local, String domain) {

    private static final Pattern SHAPE = Pattern.compile("([^@\\s]{1,64})@([^@\\s]{1,250})");

    /** What stands around an address that was copied out of a letter. */
    private static final Pattern AROUND = Pattern.compile("^[<(\"']+|[>)\"',;.、，；]+$");

    /** @return empty when it has no shape of an address; whether it exists only a message can tell */
    public static Optional<Email> parse(String raw) {
        var text = NormalText.folded(raw).strip();
        if (text.startsWith("mailto:")) {
            text = text.substring("mailto:".length());
        }
        text = AROUND.matcher(text.replace('。', '.')).replaceAll("");
        var shape = SHAPE.matcher(text);
        return shape.matches() ? Optional.of(new Email(shape.group(1), shape.group(2))) : Optional.empty();
    }

    @Override
    public String toString() {
        return local + "@" + domain;
    }
}
