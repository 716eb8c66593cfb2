package io.retainer.customer;

import io.retainer.kernel.Refused;
import java.text.Normalizer;
import java.util.Collection;
import java.util.Optional;
import java.util.regex.Pattern;

/** What somebody typed into the search, in one way of writing: half width, one kind of dash, nothing that is not seen. */
final class SearchText {

    private static final int LONGEST = 200;
    private static final Pattern UNSEEN = Pattern.compile("\\p{Cf}");
    private static final Pattern DASHES = Pattern.compile("[\\p{Pd}\u2212]");

    private SearchText() {}

    /** @throws Refused when it is too long */
    static String plain(String typed) {
        if (typed.strip().length() > LONGEST) {
            throw Refused.field("q", "customer.search.long", LONGEST);
        }
        var text = Normalizer.normalize(typed, Normalizer.Form.NFKC);
        return DASHES.matcher(UNSEEN.matcher(text).replaceAll(""))
                .replaceAll("-")
                .strip();
    }

    /** @param value in the form in which it is stored */
    record Own(CustomField field, String value) {}

    /**
     * The field of the client's own, by its key or by what the client calls it, and the value, when the search names one.
     *
     * @param plain see {@link #plain}
     * @throws Refused when such a field never has that value
     */
    static Optional<Own> own(String plain, Collection<CustomField> fields) {
        int colon = plain.indexOf(':');
        if (colon < 1) {
            return Optional.empty();
        }
        var name = plain.substring(0, colon).strip();
        var value = plain.substring(colon + 1).strip();
        if (value.isEmpty()) {
            return Optional.empty();
        }
        return fields.stream()
                .filter(field ->
                        field.key().equals(name) || plain(field.label()).equalsIgnoreCase(name))
                .findFirst()
                .map(field -> new Own(field, stored(field, value)));
    }

    private static String stored(CustomField field, String value) {
        try {
            return CustomerRules.stored(field, value);
        } catch (Refused refusal) {
            throw new Refused("q", refusal.sentence());
        }
    }
}
