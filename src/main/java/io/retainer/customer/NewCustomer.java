package io.retainer.customer;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A customer as somebody hands it in, in the clear: checked, normalised and sealed before anything is stored.
 *
 * @param reference the number the client knows the customer by, or null
 * @param creditCode of a company, or null
 * @param fields values of the client's own fields, by key
 * @param since the day since when tags and own fields hold, as typed; null for today
 */
public record NewCustomer(
        CustomerKind kind,
        String name,
        @Nullable String reference,
        @Nullable String creditCode,
        List<Contact> contacts,
        List<String> tags,
        Map<String, String> fields,
        @Nullable String since) {

    public NewCustomer(
            CustomerKind kind,
            String name,
            @Nullable String reference,
            @Nullable String creditCode,
            List<Contact> contacts,
            List<String> tags,
            Map<String, String> fields) {
        this(kind, name, reference, creditCode, contacts, tags, fields, null);
    }

    public NewCustomer {
        contacts = List.copyOf(contacts);
        tags = List.copyOf(tags);
        fields = Map.copyOf(fields);
    }

    /**
     * @param label such as 公司, or null
     * @param from where it comes from, when that is not where the customer comes from; an import says it by field
     */
    public record Contact(
            ContactKind kind,
            String value,
            @Nullable String label,
            @Nullable Origin from) {

        public Contact(ContactKind kind, String value, @Nullable String label) {
            this(kind, value, label, null);
        }

        /** Shows nothing of the value. */
        @Override
        public String toString() {
            return "Contact[" + kind + "]";
        }
    }

    /** Shows nothing of the person. */
    @Override
    public String toString() {
        return "NewCustomer[" + kind + ", " + contacts.size() + " contacts]";
    }
}
