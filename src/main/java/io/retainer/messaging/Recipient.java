package io.retainer.messaging;

import java.util.UUID;

/** Who is addressed, without saying how: the module that owns the recipient knows the address. */
public record Recipient(Kind kind, UUID id) {

    /** Which module knows the recipient. */
    public enum Kind {
        /** Somebody who signs in. */
        PERSON,
        /** The client's customer. */
        CUSTOMER,
        /** Somebody a party named in the contract who has no account. */
        PARTY_CONTACT
    }

    public static Recipient person(UUID id) {
        return new Recipient(Kind.PERSON, id);
    }

    public static Recipient customer(UUID id) {
        return new Recipient(Kind.CUSTOMER, id);
    }
}
