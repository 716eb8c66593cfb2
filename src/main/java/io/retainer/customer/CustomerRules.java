package io.retainer.customer;

import io.retainer.kernel.Refused;
import io.retainer.kernel.Sentence;
import io.retainer.matching.DateText;
import io.retainer.matching.PhoneNumbers;
import java.math.BigDecimal;
import java.text.Normalizer;
import java.time.LocalDate;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** What may be stored about a customer, and in which form. */
final class CustomerRules {

    private static final int LONGEST_NAME = 100;
    private static final int LONGEST_ROLE = 50;
    private static final int LONGEST_ADDRESS = 300;
    static final int MOST_CONTACTS = 20;
    private static final int MOST_TAGS = 20;
    private static final int LONGEST_TAG = 50;
    private static final int LONGEST_FIELD = 500;
    private static final int FEWEST_DIGITS = 7;
    private static final int MOST_DIGITS = 15;

    private static final Pattern PHONE = Pattern.compile("[+(]?[0-9][0-9 ().\\-]{5,29}");
    private static final PhoneNumbers PHONES = PhoneNumbers.mainland();
    private static final Pattern MOBILE = Pattern.compile("1[3-9][0-9]{9}");
    private static final int LONGEST_MAILBOX = 64;
    private static final Pattern WECHAT = Pattern.compile("[\\p{L}\\p{N}_\\-]{2,64}");
    private static final Pattern RESIDENT = Pattern.compile("[0-9]{17}[0-9X]");
    private static final Pattern OTHER_ID = Pattern.compile("[A-Z0-9]{5,20}");
    private static final Pattern CREDIT_CODE = Pattern.compile("[0-9A-HJ-NPQRTUWXY]{18}");
    /** What a formula begins with. */
    private static final String LIKE_A_FORMULA = "=@\t\r\0";

    private static final Set<String> SHEET_ERRORS = Set.of(
            "#N/A", "#DIV/0!", "#REF!", "#VALUE!", "#NAME?", "#NUM!", "#NULL!", "#SPILL!", "#CALC!", "#GETTING_DATA");
    private static final Pattern SHORTENED = Pattern.compile("[0-9](\\.[0-9]+)?E\\+[0-9]{1,3}");
    private static final Pattern BLANKS = Pattern.compile("[\\s\\u3000]+");
    private static final int[] RESIDENT_WEIGHTS = {7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2};
    private static final String RESIDENT_CHECKS = "10X98765432";
    private static final String CREDIT_DIGITS = "0123456789ABCDEFGHJKLMNPQRTUWXY";

    private CustomerRules() {}

    /** What becomes of what was handed in. */
    sealed interface Checked {}

    record Fine(NewCustomer customer) implements Checked {}

    /** @param field of the request, or the heading of the column */
    record Bad(String field, Sentence why) implements Checked, Heard {}

    /** What becomes of what was said besides. */
    sealed interface Heard {}

    record Said(Target.Besides besides) implements Heard {}

    static final Said NOTHING = new Said(new Target.Besides(null, null, null, null));

    /** A value that cannot be taken; never leaves this class. */
    private static final class Fault extends RuntimeException {
        private final transient Bad bad;

        Fault(String field, String key, @Nullable Object... arguments) {
            super(key, null, false, false);
            this.bad = new Bad(field, Sentence.of(key, arguments));
        }
    }

    static Checked check(NewCustomer customer, Map<String, CustomField> fields) {
        try {
            var contacts = new ArrayList<NewCustomer.Contact>();
            if (customer.contacts().size() > MOST_CONTACTS) {
                throw new Fault("contacts", "customer.bad.contacts", MOST_CONTACTS);
            }
            for (var contact : customer.contacts()) {
                var value = contact(contact.kind(), contact.value());
                if (!has(contacts, contact.kind(), value)) {
                    contacts.add(
                            new NewCustomer.Contact(contact.kind(), value, label(labelOf(contact)), contact.from()));
                }
            }
            return new Fine(new NewCustomer(
                    customer.kind(),
                    name(customer.name()),
                    reference(customer.reference()),
                    creditCode(customer),
                    contacts,
                    tags(customer.tags()),
                    fields(customer.fields(), fields),
                    since(customer.since())));
        } catch (Fault fault) {
            return fault.bad;
        }
    }

    /** What a row says besides, in the form it is stored in, or why it cannot be. */
    static Heard besides(NewCustomer customer, Target.Besides given) {
        try {
            var company = given.company() == null ? null : name(given.company());
            if (company != null && customer.kind() == CustomerKind.COMPANY) {
                throw new Fault("company", "customer.bad.companyOf");
            }
            var note = given.note() == null ? null : tidy(given.note(), "note");
            if (note != null && note.length() > ProfileNotes.LONGEST) {
                throw new Fault("note", "customer.note.bad", ProfileNotes.LONGEST);
            }
            var role = given.role() == null ? null : tidy(given.role(), "role");
            if (role != null && role.length() > LONGEST_ROLE) {
                throw new Fault("role", "customer.member.role", LONGEST_ROLE);
            }
            var code = company == null || given.creditCode() == null
                    ? null
                    : creditCode(new NewCustomer(
                            CustomerKind.COMPANY, company, null, given.creditCode(), List.of(), List.of(), Map.of()));
            return new Said(new Target.Besides(note, company, code, company == null ? null : role));
        } catch (Fault fault) {
            return fault.bad;
        }
    }

    private static boolean has(List<NewCustomer.Contact> contacts, ContactKind kind, String value) {
        for (var known : contacts) {
            if (known.kind() == kind && known.value().equals(value)) {
                return true;
            }
        }
        return false;
    }

    /**
     * One more contact in the form it is stored in.
     *
     * @throws Refused when it cannot be taken; it names the field
     */
    static NewCustomer.Contact contact(NewCustomer.Contact given) {
        try {
            return new NewCustomer.Contact(given.kind(), contact(given.kind(), given.value()), label(labelOf(given)));
        } catch (Fault fault) {
            throw new Refused(fault.bad.field(), fault.bad.why());
        }
    }

    /**
     * What a contact is for, in the form it is stored in.
     *
     * @throws Refused when it is too long
     */
    static @Nullable String labelled(@Nullable String given) {
        try {
            return label(given);
        } catch (Fault fault) {
            throw new Refused(fault.bad.field(), fault.bad.why());
        }
    }

    private static String name(String given) {
        var name = tidy(given, "name");
        if (name.isEmpty() || name.codePointCount(0, name.length()) > LONGEST_NAME) {
            throw new Fault("name", "customer.bad.name", LONGEST_NAME);
        }
        return name;
    }

    private static @Nullable String reference(@Nullable String given) {
        if (given == null || given.isBlank()) {
            return null;
        }
        var reference = tidy(given, "reference");
        requireAllDigits(reference, "reference");
        if (reference.length() > 100) {
            throw new Fault("reference", "customer.bad.reference");
        }
        if (InTheClear.isPersonal(reference)) {
            throw new Fault("reference", "customer.bad.referenceInTheClear");
        }
        return reference;
    }

    private static @Nullable String creditCode(NewCustomer customer) {
        var given = customer.creditCode();
        if (given == null || given.isBlank()) {
            return null;
        }
        var code = BLANKS.matcher(half(given)).replaceAll("").toUpperCase(Locale.ROOT);
        requireAllDigits(code, "creditCode");
        if (customer.kind() != CustomerKind.COMPANY
                || !CREDIT_CODE.matcher(code).matches()
                || !creditCheck(code)) {
            throw new Fault("creditCode", "customer.bad.creditCode");
        }
        return code;
    }

    private static String contact(ContactKind kind, String given) {
        return switch (kind) {
            case PHONE -> phone(given);
            case EMAIL -> {
                var email = withoutBlanks(half(given));
                if (email.length() > 254 || !isEmail(email)) {
                    throw new Fault("EMAIL", "customer.bad.email");
                }
                yield email;
            }
            case ADDRESS -> {
                var address = tidy(given, "ADDRESS");
                if (address.isEmpty() || address.length() > LONGEST_ADDRESS) {
                    throw new Fault("ADDRESS", "customer.bad.address", LONGEST_ADDRESS);
                }
                yield address;
            }
            case WECHAT -> {
                var id = half(given).strip();
                if (!isWechat(id)) {
                    throw new Fault("WECHAT", "customer.bad.wechat");
                }
                yield id;
            }
            case ID_NUMBER -> {
                var id = withoutBlanks(half(given)).toUpperCase(Locale.ROOT);
                requireAllDigits(id, "ID_NUMBER");
                boolean resident = id.length() == 18 && RESIDENT.matcher(id).matches();
                if (resident ? !residentCheck(id) : !OTHER_ID.matcher(id).matches()) {
                    throw new Fault("ID_NUMBER", "customer.bad.idNumber");
                }
                yield id;
            }
        };
    }

    /** What it is for; the extension of a telephone is kept there too, since numbers are kept as they are dialled. */
    private static @Nullable String labelOf(NewCustomer.Contact contact) {
        var label = contact.label();
        var extension = contact.kind() == ContactKind.PHONE
                ? PhoneNumbers.extended(contact.value()).extension()
                : "";
        if (extension.isEmpty() || (label != null && label.contains(extension))) {
            return label;
        }
        return (label == null || label.isBlank() ? "" : label.strip() + " ") + "转 " + extension;
    }

    private static String phone(String given) {
        var phone = half(given).strip();
        // By far the most common.
        if (phone.length() == 11 && MOBILE.matcher(phone).matches()) {
            return "+86" + phone;
        }
        requireAllDigits(phone, "PHONE");
        phone = PhoneNumbers.extended(phone).number();
        if (!PHONE.matcher(phone).matches()) {
            throw new Fault("PHONE", "customer.bad.phone");
        }
        var digits = new StringBuilder();
        phone.chars().filter(c -> c >= '0' && c <= '9').forEach(c -> digits.append((char) c));
        if (digits.length() < FEWEST_DIGITS || digits.length() > MOST_DIGITS) {
            throw new Fault("PHONE", "customer.bad.phone");
        }
        // A mobile number with a digit missing, or one too many.
        if (digits.length() >= 9
                && digits.charAt(0) == '1'
                && phone.charAt(0) != '+'
                && !MOBILE.matcher(digits).matches()) {
            throw new Fault("PHONE", "customer.bad.phone");
        }
        var known = PHONES.e164(phone);
        if (known.isPresent()) {
            return known.get();
        }
        if (phone.charAt(0) == '+') {
            throw new Fault("PHONE", "customer.bad.phone");
        }
        // A local number without its area code is still one to call.
        return digits.toString();
    }

    private static @Nullable String label(@Nullable String given) {
        if (given == null || given.isBlank()) {
            return null;
        }
        var label = tidy(given, "label");
        if (label.length() > 50) {
            throw new Fault("label", "customer.bad.label");
        }
        inTheClear("label", label);
        return label;
    }

    private static @Nullable String since(@Nullable String given) {
        if (given == null || given.isBlank()) {
            return null;
        }
        try {
            return day(given).toString();
        } catch (DateTimeParseException e) {
            throw new Fault("since", "customer.bad.since");
        }
    }

    private static LocalDate day(String given) {
        // 6/7/2020 is in June for some and in July for others.
        return DateText.parse(given)
                .filter(_ -> !DateText.ambiguous(given))
                .orElseThrow(() -> new DateTimeParseException("No day", given, 0));
    }

    /** @throws Fault when what is kept as it is says how to reach somebody */
    private static void inTheClear(String field, String text) {
        if (InTheClear.isPersonal(text)) {
            throw new Fault(field, "customer.bad.inTheClear");
        }
    }

    private static String tag(String given) {
        var tag = tidy(given, "tags");
        if (tag.length() > LONGEST_TAG) {
            throw new Fault("tags", "customer.bad.tag", LONGEST_TAG);
        }
        inTheClear("tags", tag);
        return tag;
    }

    /**
     * A tag in the form in which it is stored.
     *
     * @throws Refused when it cannot be one
     */
    static String tagged(String given) {
        try {
            var tag = tag(given);
            if (tag.isEmpty()) {
                throw Refused.field("tag", "customer.bad.tag", LONGEST_TAG);
            }
            return tag;
        } catch (Fault fault) {
            throw new Refused("tag", fault.bad.why());
        }
    }

    private static List<String> tags(List<String> given) {
        var tags = new LinkedHashSet<String>();
        for (var each : given) {
            var tag = tag(each);
            if (!tag.isEmpty()) {
                tags.add(tag);
            }
        }
        if (tags.size() > MOST_TAGS) {
            throw new Fault("tags", "customer.bad.tags", MOST_TAGS);
        }
        return List.copyOf(tags);
    }

    private static Map<String, String> fields(Map<String, String> given, Map<String, CustomField> known) {
        var fields = new HashMap<String, String>();
        given.forEach((key, value) -> {
            var field = known.get(key);
            if (field == null) {
                throw new Fault(key, "customer.bad.field", key);
            }
            if (!value.isBlank()) {
                fields.put(key, field(field, value));
            }
        });
        return fields;
    }

    /**
     * The value of a field in the form in which it is stored.
     *
     * @throws Refused when the field cannot have it
     */
    static String stored(CustomField field, String given) {
        try {
            return field(field, given);
        } catch (Fault fault) {
            throw new Refused("value", fault.bad.why());
        }
    }

    /** In a form that compares as text. */
    static String field(CustomField field, String given) {
        var value = tidy(given, field.key());
        if (value.length() > LONGEST_FIELD) {
            throw new Fault(field.key(), "customer.bad.fieldLength", field.label(), LONGEST_FIELD);
        }
        try {
            return switch (field.type()) {
                case TEXT -> {
                    if (!field.personal() && InTheClear.isPersonal(value)) {
                        throw new Fault(field.key(), "customer.bad.fieldInTheClear", field.label());
                    }
                    yield value;
                }
                case NUMBER -> {
                    var number = new BigDecimal(half(value).replace(",", "")).stripTrailingZeros();
                    if (Math.abs((long) number.scale()) > 30 || number.precision() > 30) {
                        throw new NumberFormatException();
                    }
                    yield number.toPlainString();
                }
                case DATE -> day(value).toString();
                case FLAG ->
                    switch (half(value).toLowerCase(Locale.ROOT)) {
                        case "是", "有", "y", "yes", "true", "1" -> "true";
                        case "否", "无", "n", "no", "false", "0" -> "false";
                        default -> throw new NumberFormatException();
                    };
            };
        } catch (NumberFormatException | DateTimeParseException e) {
            throw new Fault(field.key(), "customer.bad.fieldType", field.label(), field.type());
        }
    }

    /** Half-width, without the blanks around and runs of them inside; nothing that a spreadsheet would execute. */
    private static String tidy(String given, String field) {
        var text = half(given).strip();
        // Also where it only shows once the blanks and the full width are gone.
        if (isFormula(given) || isFormula(text)) {
            throw new Fault(field, "customer.bad.formula");
        }
        if (text.startsWith("#") && SHEET_ERRORS.contains(text)) {
            throw new Fault(field, "customer.bad.sheetError", text);
        }
        if (hasBlanks(text, true)) {
            text = BLANKS.matcher(text).replaceAll(" ");
        }
        for (int i = 0; i < text.length(); i++) {
            if (Character.isISOControl(text.charAt(i)) || text.charAt(i) == '\uFFFD') {
                throw new Fault(field, "customer.bad.characters");
            }
        }
        return text;
    }

    private static boolean isFormula(String text) {
        return !text.isEmpty() && LIKE_A_FORMULA.indexOf(text.charAt(0)) >= 0;
    }

    /** A spreadsheet that took a number for an amount wrote only its first digits. */
    private static void requireAllDigits(String text, String field) {
        if (text.indexOf('E') > 0 && SHORTENED.matcher(text).matches()) {
            throw new Fault(field, "customer.bad.shortened");
        }
    }

    private static String withoutBlanks(String text) {
        return hasBlanks(text, false) ? BLANKS.matcher(text).replaceAll("") : text;
    }

    /** @param single whether a single space is none */
    private static boolean hasBlanks(String text, boolean single) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if ((c >= '\t' && c <= '\r') || c == '\u3000') {
                return true;
            }
            if (c == ' ' && !(single && i + 1 < text.length() && text.charAt(i + 1) > ' ')) {
                return true;
            }
        }
        return false;
    }

    /** Something in front of the only @, at least two characters behind the last dot. */
    private static boolean isEmail(String text) {
        int at = text.indexOf('@');
        int dot = text.lastIndexOf('.');
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c <= ' ' || c == ',' || c == ';' || c == '<' || c == '>' || (c == '@' && i != at)) {
                return false;
            }
        }
        return at > 0
                && text.codePointCount(0, at) <= LONGEST_MAILBOX
                && dot > at + 1
                && text.codePointCount(dot + 1, text.length()) >= 2;
    }

    private static boolean isWechat(String text) {
        int length = text.codePointCount(0, text.length());
        if (length < 2 || length > 64) {
            return false;
        }
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            boolean plain =
                    (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '-';
            if (!plain) {
                return WECHAT.matcher(text).matches();
            }
        }
        return true;
    }

    /** Of ASCII and everyday ideographs nothing has another form. */
    private static boolean isPlain(String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c > 0x7F && (c < 0x4E00 || c > 0x9FA5)) {
                return false;
            }
        }
        return true;
    }

    private static String half(String text) {
        return isPlain(text) || Normalizer.isNormalized(text, Normalizer.Form.NFKC)
                ? text
                : Normalizer.normalize(text, Normalizer.Form.NFKC);
    }

    /** GB 11643: the last character checks the other seventeen. */
    static boolean residentCheck(String id) {
        int sum = 0;
        for (int i = 0; i < RESIDENT_WEIGHTS.length; i++) {
            sum += (id.charAt(i) - '0') * RESIDENT_WEIGHTS[i];
        }
        return RESIDENT_CHECKS.charAt(sum % 11) == id.charAt(17);
    }

    /** GB 32100: base 31, weights are powers of 3. */
    static boolean creditCheck(String code) {
        int sum = 0;
        int weight = 1;
        for (int i = 0; i < 17; i++) {
            sum += CREDIT_DIGITS.indexOf(code.charAt(i)) * weight;
            weight = weight * 3 % 31;
        }
        return CREDIT_DIGITS.charAt((31 - sum % 31) % 31) == code.charAt(17);
    }
}
