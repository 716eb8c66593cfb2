package io.retainer.customer;

import io.retainer.vault.ClientVault;
import io.retainer.vault.Sealed;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A contact as it stands in the row of its customer: sealed for its own id, so that it opens beside another customer too.
 *
 * @param index of the whole value
 * @param end blind index of the last four characters, where people ask for it by these
 * @param origin where it comes from, or null for that of the customer
 * @param createdAt null when it came with the customer
 * @param region of an address: {@link Region#city}, when it was recognised
 * @param district of an address: the blind index of its district, when it was recognised
 */
record StoredContact(
        UUID id,
        ContactKind kind,
        Sealed value,
        long index,
        @Nullable Long end,
        @Nullable String label,
        @Nullable UUID origin,
        @Nullable Instant createdAt,
        @Nullable String region,
        @Nullable Integer district) {

    static StoredContact of(
            UUID id,
            NewCustomer.Contact contact,
            @Nullable UUID origin,
            @Nullable Instant createdAt,
            ClientVault vault) {
        var index = vault.index(contact.kind().whole(), contact.value());
        var region = contact.kind() == ContactKind.ADDRESS ? Region.of(contact.value()) : Optional.<Region>empty();
        return new StoredContact(
                id,
                contact.kind(),
                vault.seal(contact.kind().column(), id, contact.value()),
                index == null ? 0L : index,
                contact.kind().foundByEnd() ? vault.index(contact.kind().end(), contact.value()) : null,
                contact.label(),
                origin,
                createdAt,
                region.map(Region::city).orElse(null),
                region.flatMap(each -> each.district(vault)).orElse(null));
    }

    StoredContact labelled(@Nullable String other) {
        return new StoredContact(id, kind, value, index, end, other, origin, createdAt, region, district);
    }

    /** @param other where it comes from, or null for where the customer does */
    StoredContact from(@Nullable UUID other) {
        return new StoredContact(id, kind, value, index, end, label, other, createdAt, region, district);
    }

    /** With where it is, which was not known. */
    StoredContact in(Region found, ClientVault vault) {
        return new StoredContact(
                id,
                kind,
                value,
                index,
                end,
                label,
                origin,
                createdAt,
                found.city(),
                found.district(vault).orElse(null));
    }

    /** As it says where it came from, and when, once it changes hands. */
    StoredContact from(UUID usual, Instant with) {
        return new StoredContact(
                id,
                kind,
                value,
                index,
                end,
                label,
                origin == null ? usual : origin,
                createdAt == null ? with : createdAt,
                region,
                district);
    }

    boolean sameAs(StoredContact other) {
        return kind == other.kind && index == other.index;
    }

    /** Under what a customer who has these addresses is found by where they are. */
    static List<Integer> regions(List<StoredContact> contacts, ClientVault vault) {
        var parts = new LinkedHashSet<Integer>();
        for (var contact : contacts) {
            if (contact.region != null) {
                parts.addAll(Region.parts(contact.region, vault));
            }
            if (contact.district != null) {
                parts.add(contact.district);
            }
        }
        return List.copyOf(parts);
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
