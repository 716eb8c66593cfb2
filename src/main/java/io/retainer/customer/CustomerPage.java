package io.retainer.customer;

import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Part of a list of customers, masked.
 *
 * @param before to ask for the next page with; null on the last
 */
public record CustomerPage(List<Line> customers, @Nullable UUID before) {

    public CustomerPage {
        customers = List.copyOf(customers);
    }

    public record Line(
            UUID id,
            CustomerKind kind,
            String name,
            @Nullable String reference,
            List<Contact> contacts,
            List<String> tags,
            Instant createdAt) {

        /** The first of its kind, or null. */
        public @Nullable String first(ContactKind kind) {
            return contacts.stream()
                    .filter(contact -> contact.kind() == kind)
                    .map(Contact::value)
                    .findFirst()
                    .orElse(null);
        }
    }

    /** @param value masked */
    public record Contact(
            UUID id,
            ContactKind kind,
            String value,
            @Nullable String label) {}
}
