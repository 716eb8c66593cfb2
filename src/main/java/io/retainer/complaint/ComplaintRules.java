package io.retainer.complaint;

import io.retainer.kernel.Refused;
import java.text.Normalizer;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** What may be taken in, and in which form. */
final class ComplaintRules {

    static final int LONGEST_TEXT = 10_000;
    static final int LONGEST_SUBJECT = 120;
    private static final int LONGEST_NAME = 100;
    private static final int LONGEST_SHORT = 60;
    private static final int FEWEST_DIGITS = 7;
    private static final int MOST_DIGITS = 15;
    private static final Pattern PHONE = Pattern.compile("\\+?[0-9][0-9 ().\\-]{5,29}");
    private static final Pattern EMAIL = Pattern.compile("[^@\\s,;<>\"]{1,64}@[^@\\s,;<>\"]+\\.[^@\\s.,;<>\"]{2,}");
    private static final Pattern CONTROLS =
            Pattern.compile("[\\p{Cntrl}&&[^\\n\\t]]+|[\\u202A-\\u202E\\u2066-\\u2069]+");
    private static final Pattern BLANKS = Pattern.compile("[\\s\\u3000]+");

    private ComplaintRules() {}

    /** @throws Refused naming the field */
    static NewComplaint checked(NewComplaint n) {
        var text = text("text", n.text(), LONGEST_TEXT);
        var subject = n.subject() == null || n.subject().isBlank() ? beginning(text) : line("subject", n.subject());
        var phone = phone(n.phone());
        var email = email(n.email());
        if (!n.language().equals("zh") && !n.language().equals("en")) {
            throw Refused.field("language", "complaint.bad.language");
        }
        return new NewComplaint(
                n.intake(),
                n.language(),
                optional("name", n.name(), LONGEST_NAME),
                phone,
                email,
                subject,
                text,
                n.sought(),
                optional("product", n.product(), LONGEST_SHORT),
                optional("region", n.region(), LONGEST_SHORT),
                n.receivedAt());
    }

    /** Lines are kept, everything that cannot be seen goes. */
    static String text(String field, String given, int longest) {
        var text = CONTROLS.matcher(given.replace("\r\n", "\n").replace('\r', '\n'))
                .replaceAll("")
                .strip();
        if (text.isEmpty()) {
            throw Refused.field(field, "complaint.bad.empty");
        }
        if (text.length() > longest) {
            throw Refused.field(field, "complaint.bad.long", longest, text.length());
        }
        return text;
    }

    private static String line(String field, String given) {
        var line = BLANKS.matcher(text(field, given, 1000)).replaceAll(" ");
        return line.length() <= LONGEST_SUBJECT ? line : line.substring(0, LONGEST_SUBJECT - 1) + "…";
    }

    private static String beginning(String text) {
        var line = BLANKS.matcher(text.lines().findFirst().orElse("")).replaceAll(" ");
        return line.codePointCount(0, line.length()) <= 40
                ? line
                : line.substring(0, line.offsetByCodePoints(0, 39)) + "…";
    }

    private static @Nullable String optional(String field, @Nullable String given, int longest) {
        return given == null || given.isBlank()
                ? null
                : BLANKS.matcher(text(field, given, longest)).replaceAll(" ");
    }

    private static @Nullable String phone(@Nullable String given) {
        if (given == null || given.isBlank()) {
            return null;
        }
        var phone = Normalizer.normalize(given, Normalizer.Form.NFKC).strip();
        var digits = phone.replaceAll("[^0-9]", "");
        if (!PHONE.matcher(phone).matches() || digits.length() < FEWEST_DIGITS || digits.length() > MOST_DIGITS) {
            throw Refused.field("phone", "complaint.bad.phone");
        }
        if (phone.startsWith("+")) {
            return "+" + digits;
        }
        return digits.matches("1[3-9][0-9]{9}") ? "+86" + digits : digits;
    }

    static @Nullable String email(@Nullable String given) {
        if (given == null || given.isBlank()) {
            return null;
        }
        var email = Normalizer.normalize(given, Normalizer.Form.NFKC).strip();
        if (email.length() > 254 || !EMAIL.matcher(email).matches()) {
            throw Refused.field("email", "complaint.bad.email");
        }
        return email;
    }
}
