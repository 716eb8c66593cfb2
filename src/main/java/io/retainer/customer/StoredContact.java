package io.retainer.customer;

import io.retainer.vault.ClientVault;
import io.retainer.vault.Sealed;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A contact as it stands in the row of its customer: sealed for its own id, so that it opens beside another customer too.
 *
 * @param index of the whole value
 * @param end blind index of the last four characters, where people ask for it by these
 * @param origin where it comes from, or null for that of the customer
 * @param createdAt null when it came with the customer
 */
record StoredContact(
        UUID id,
        ContactKind kind,
        Sealed value,
        long index,
        @Nullable Long end,
        @Nullable String label,
        @Nullable UUID origin,
        @Nullable Instant createdAt) {

    static StoredContact of(
            UUID id,
            NewCustomer.Contact contact,
            @Nullable UUID origin,
            @Nullable Instant createdAt,
            ClientVault vault) {
        var index = vault.index(contact.kind().whole(), contact.value());
        return new StoredContact(
                id,
                contact.kind(),
                vault.seal(contact.kind().column(), id, contact.value()),
                index == null ? 0L : index,
                contact.kind().foundByEnd() ? vault.index(contact.kind().end(), contact.value()) : null,
                contact.label(),
                origin,
                createdAt);
    }

    StoredContact labelled(@Nullable String other) {
        return new StoredContact(id, kind, value, index, end, other, origin, createdAt);
    }

    /** As it says where it came from when it changes hands. */
    StoredContact from(UUID usual) {
        return origin != null ? this : new StoredContact(id, kind, value, index, end, label, usual, createdAt);
    }

    boolean sameAs(StoredContact other) {
        return kind == other.kind && index == other.index;
    }

    /** Under what a customer who has these is found. Nobody is looked for by a whole address. */
    static List<Long> keys(List<StoredContact> contacts) {
        var keys = new ArrayList<Long>();
        for (var contact : contacts) {
            if (contact.kind != ContactKind.ADDRESS) {
                keys.add(contact.index);
            }
            if (contact.end != null) {
                keys.add(contact.end);
            }
        }
        return keys;
    }
}
