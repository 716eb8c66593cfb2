package io.retainer.customer;

import io.retainer.kernel.Refused;
import java.util.Locale;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What is kept as it is typed (tags, numbers of customers, titles, where data comes from, the client's fields that are not
 * personal) must not be a way round the vault: a phone number, e-mail address or resident id in it is refused.
 */
final class InTheClear {

    private static final int FEWEST_DIGITS = 11;
    private static final Pattern MOBILE = Pattern.compile(
            "(?<![0-9])(?:(?:\\+|00)?86[ -]?)?1[3-9][0-9](?:[0-9]{8}|[ -][0-9]{4}[ -][0-9]{4})(?![0-9])");
    private static final Pattern EMAIL =
            Pattern.compile("[A-Za-z0-9._%+-]{1,64}@[A-Za-z0-9-]{1,63}(?:\\.[A-Za-z0-9-]{1,63}){0,4}\\.[A-Za-z]{2,24}");
    private static final Pattern RESIDENT = Pattern.compile(
            "(?<![0-9])[1-9][0-9]{5}(?:19|20)[0-9]{2}[01][0-9][0-3][0-9][0-9]{3}[0-9Xx](?![0-9A-Za-z])");

    private InTheClear() {}

    /** Whether somebody could be reached or known by it. */
    static boolean isPersonal(@Nullable String text) {
        if (text == null || !mayBe(text)) {
            return false;
        }
        if (MOBILE.matcher(text).find() || EMAIL.matcher(text).find()) {
            return true;
        }
        return RESIDENT.matcher(text)
                .results()
                .anyMatch(found -> CustomerRules.residentCheck(found.group().toUpperCase(Locale.ROOT)));
    }

    /** Most texts are short words, and an import has millions of them. */
    private static boolean mayBe(String text) {
        int digits = 0;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '@' || (c >= '0' && c <= '9' && ++digits == FEWEST_DIGITS)) {
                return true;
            }
        }
        return false;
    }

    /** @throws Refused naming the field */
    static void require(String field, @Nullable String text) {
        if (isPersonal(text)) {
            throw Refused.field(field, "customer.bad.inTheClear");
        }
    }
}
