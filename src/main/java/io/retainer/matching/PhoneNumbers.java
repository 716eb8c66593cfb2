package io.retainer.matching;

import com.google.i18n.phonenumbers.NumberParseException;
import com.google.i18n.phonenumbers.PhoneNumberUtil;
import com.google.i18n.phonenumbers.PhoneNumberUtil.PhoneNumberFormat;
import java.util.Optional;

/** Telephone numbers in E.164, read as people of one region write them. */
public final class PhoneNumbers {

    private static final PhoneNumberUtil LIBRARY = PhoneNumberUtil.getInstance();

    private final String region;

    private PhoneNumbers(String region) {
        this.region = region;
    }

    /** Numbers without a country code belong to mainland China. */
    public static PhoneNumbers mainland() {
        return in("CN");
    }

    /** @param region two letters of ISO 3166, such as {@code HK} */
    public static PhoneNumbers in(String region) {
        return new PhoneNumbers(region);
    }

    /** @return {@code +8613800138000}, or empty when it cannot be a number */
    public Optional<String> e164(String raw) {
        // By far the most common form: spares the folding and the library.
        if (region.equals("CN") && isMainlandMobile(raw)) {
            return Optional.of("+86" + raw);
        }
        var text = NormalText.folded(raw);
        if (region.equals("CN") && isMainlandMobile(text)) {
            return Optional.of("+86" + text);
        }
        try {
            var number = LIBRARY.parse(text, region);
            return LIBRARY.isValidNumber(number)
                    ? Optional.of(LIBRARY.format(number, PhoneNumberFormat.E164))
                    : Optional.empty();
        } catch (NumberParseException _) {
            return Optional.empty();
        }
    }

    private static boolean isMainlandMobile(String text) {
        if (text.length() != 11 || text.charAt(0) != '1' || text.charAt(1) < '3') {
            return false;
        }
        for (int i = 1; i < 11; i++) {
            if (text.charAt(i) < '0' || text.charAt(i) > '9') {
                return false;
            }
        }
        return true;
    }
}
