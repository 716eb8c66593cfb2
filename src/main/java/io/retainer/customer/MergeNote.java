package io.retainer.customer;

import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What was before a merge, kept sealed until it is undone.
 *
 * @param survivor as it was, of which {@code changed} says what the merge changed
 * @param aside contacts the survivor had already
 * @param asideFields values of own fields that gave way
 * @param movedFields values that changed hands
 * @param movedPast what their fields said before; null in notes from before that was kept
 * @param pastContacts contacts it had once; null in notes from before that was kept
 * @param pastTags tags it had once; null in notes from before that was kept
 * @param tagsAdded tags the survivor did not have
 * @param moved rows of others, by {@link CustomerReferences#name()}
 */
record MergeNote(
        Person merged,
        Person survivor,
        List<String> changed,
        List<Contact> aside,
        List<UUID> movedContacts,
        List<OwnValue> asideFields,
        List<UUID> movedFields,
        @Nullable List<UUID> movedPast,
        @Nullable List<UUID> pastContacts,
        @Nullable List<UUID> pastTags,
        List<String> mergedTags,
        List<String> tagsAdded,
        List<UUID> movedConsents,
        List<UUID> movedMembers,
        List<UUID> movedAliases,
        Map<String, List<UUID>> moved) {

    /** A row of the customer table, its name in the clear. */
    record Person(
            UUID id,
            CustomerKind kind,
            String name,
            @Nullable String reference,
            @Nullable String creditCode,
            @Nullable UUID company,
            @Nullable String role,
            @Nullable UUID batch,
            String source,
            @Nullable UUID origin,
            @Nullable UUID nameOrigin,
            Instant createdAt,
            Instant changedAt,
            int version) {

        @Override
        public String toString() {
            return "Person[" + id + "]";
        }
    }

    record Contact(
            UUID id,
            ContactKind kind,
            String value,
            @Nullable String label,
            @Nullable UUID origin,
            Instant createdAt) {

        @Override
        public String toString() {
            return "Contact[" + id + "]";
        }
    }

    /**
     * @param customer whose it was
     * @param since null in notes from before that was kept
     */
    record OwnValue(
            UUID id,
            UUID customer,
            UUID field,
            String value,
            boolean personal,
            @Nullable UUID origin,
            @Nullable LocalDate since) {

        @Override
        public String toString() {
            return "OwnValue[" + id + "]";
        }
    }

    /** What the merge had changed as it was; what was changed by hand since stays. */
    Person restored(Person now) {
        var was = survivor;
        return new Person(
                now.id(),
                now.kind(),
                changed.contains(Survivorship.NAME) ? was.name() : now.name(),
                changed.contains("REFERENCE") ? was.reference() : now.reference(),
                changed.contains(Survivorship.CREDIT_CODE) ? was.creditCode() : now.creditCode(),
                changed.contains(Survivorship.COMPANY) ? was.company() : now.company(),
                changed.contains(Survivorship.COMPANY) ? was.role() : now.role(),
                now.batch(),
                now.source(),
                now.origin(),
                changed.contains(Survivorship.NAME) ? was.nameOrigin() : now.nameOrigin(),
                now.createdAt(),
                now.changedAt(),
                now.version());
    }

    @Override
    public String toString() {
        return "MergeNote";
    }
}
