package io.retainer.customer;

import io.retainer.vault.BlindIndex;
import io.retainer.vault.PersonalKind;
import io.retainer.vault.SealedColumn;
import java.util.EnumMap;
import java.util.Map;

/** By what a customer is reached or recognised. */
public enum ContactKind {
    PHONE(PersonalKind.PHONE, true),
    EMAIL(PersonalKind.EMAIL, false),
    ADDRESS(PersonalKind.ADDRESS, false),
    WECHAT(PersonalKind.WECHAT, false),
    ID_NUMBER(PersonalKind.ID_NUMBER, true);

    private static final Map<ContactKind, Place> PLACES = new EnumMap<>(ContactKind.class);

    static {
        for (var kind : values()) {
            var column = new SealedColumn("customer.contact", "value", kind.personal);
            PLACES.put(kind, new Place(column, BlindIndex.whole(column), BlindIndex.last4(column)));
        }
    }

    private final PersonalKind personal;
    private final boolean foundByEnd;

    ContactKind(PersonalKind personal, boolean foundByEnd) {
        this.personal = personal;
        this.foundByEnd = foundByEnd;
    }

    private record Place(SealedColumn column, BlindIndex whole, BlindIndex end) {}

    SealedColumn column() {
        return place().column();
    }

    BlindIndex whole() {
        return place().whole();
    }

    BlindIndex end() {
        return place().end();
    }

    /** Whether people ask for it by its last four characters. */
    boolean foundByEnd() {
        return foundByEnd;
    }

    private Place place() {
        var place = PLACES.get(this);
        if (place == null) {
            throw new IllegalStateException(name());
        }
        return place;
    }
}
