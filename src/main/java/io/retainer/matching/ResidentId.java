package io.retainer.matching;

import java.time.LocalDate;
import java.util.Locale;
import java.util.Optional;

/** The number of a resident (公民身份号码) of GB 11643: area, date of birth, sequence, check character. */
public final class ResidentId {

    private static final int[] WEIGHTS = {7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2};
    private static final String CHECK = "10X98765432";
    private static final int OLD_LENGTH = 15;

    private ResidentId() {}

    /** Half width, without spaces, capital X; the fifteen digits issued until 1999 become the eighteen they stand for. */
    public static String normalise(String raw) {
        var id = NormalText.tight(NormalText.of(raw)).toUpperCase(Locale.ROOT);
        if (id.length() != OLD_LENGTH || !digits(id)) {
            return id;
        }
        var longer = id.substring(0, 6) + "19" + id.substring(6);
        return longer + checkOf(longer);
    }

    /** Whether the date exists and the check character fits; the number must be normalised. */
    public static boolean valid(String id) {
        return id.length() == 18
                && digits(id.substring(0, 17))
                && birth(id).isPresent()
                && id.charAt(17) == checkOf(id);
    }

    /** The date of birth it states. */
    public static Optional<LocalDate> birth(String id) {
        return id.length() == 18 ? DateText.parse(id.substring(6, 14)) : Optional.empty();
    }

    static char checkOf(String firstSeventeen) {
        int sum = 0;
        for (int i = 0; i < WEIGHTS.length; i++) {
            sum += (firstSeventeen.charAt(i) - '0') * WEIGHTS[i];
        }
        return CHECK.charAt(sum % 11);
    }

    private static boolean digits(String text) {
        return text.chars().allMatch(c -> c >= '0' && c <= '9');
    }
}
