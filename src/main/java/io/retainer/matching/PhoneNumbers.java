package io.retainer.matching;

import com.google.i18n.phonenumbers.NumberParseException;
import com.google.i18n.phonenumbers.PhoneNumberUtil;
import com.google.i18n.phonenumbers.PhoneNumberUtil.PhoneNumberFormat;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/** Telephone numbers in E.164, read as people of one region write them. */
public final class PhoneNumbers {

    private static final PhoneNumberUtil LIBRARY = PhoneNumberUtil.getInstance();

    private static final List<Pattern> EXTENSIONS = List.of(
            Pattern.compile(
                    "([^a-z\\p{IsHan}#;]*\\d{4}[^a-z\\p{IsHan}#;]*?)[\\s,;.-]*(?:转|分机号?|内线|ext(?:ension)?|x|#)\\s*[:.=]?\\s*(\\d{1,6})"),
            Pattern.compile("(\\(?0\\d{2,3}\\)?[\\s-]?\\d{7,8})-(\\d{1,6})"));
    private static final Pattern NEARBY = Pattern.compile("(?:852|853|886)\\d{8,9}");

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

    /**
     * A number and the extension behind it.
     *
     * @param extension digits; empty when there is none
     */
    public record Extended(String number, String extension) {}

    /** Parts what is dialled from the extension asked for then: 010-88888888 转 802, 010-88888888-802. */
    public static Extended extended(String raw) {
        for (var pattern : EXTENSIONS) {
            var found = pattern.matcher(NormalText.folded(raw).strip());
            if (found.matches()) {
                return new Extended(found.group(1).strip(), found.group(2));
            }
        }
        return new Extended(raw, "");
    }

    /** @return {@code +8613800138000}, without an extension, or empty when it cannot be a number */
    public Optional<String> e164(String raw) {
        // By far the most common form: spares the folding and the library.
        if (region.equals("CN") && isMainlandMobile(raw)) {
            return Optional.of("+86" + raw);
        }
        var text = NormalText.folded(raw);
        if (region.equals("CN") && isMainlandMobile(text)) {
            return Optional.of("+86" + text);
        }
        var number = extended(text).number();
        return valid(number).or(() -> {
            // 852-23456789: the code of Hong Kong, Macau and Taiwan is often written like an area code.
            var digits = number.replaceAll("[^0-9]", "");
            return region.equals("CN") && NEARBY.matcher(digits).matches() ? valid("+" + digits) : Optional.empty();
        });
    }

    private Optional<String> valid(String text) {
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
