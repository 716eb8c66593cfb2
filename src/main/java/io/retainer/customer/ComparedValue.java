package io.retainer.customer;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** What of two customers is compared to find out whether they are one. */
public enum ComparedValue {
    NAME,
    PHONE,
    OTHER_PHONE,
    EMAIL,
    WECHAT,
    ID_NUMBER,
    ADDRESS,
    CREDIT_CODE,
    OWN_FIELD;

    private static final String FIELD = "FIELD:";

    static String ofField(String key) {
        return FIELD + key;
    }

    /** The value a column of the comparison stands for. */
    static ComparedValue of(String column) {
        return column.startsWith(FIELD) ? OWN_FIELD : valueOf(column.toUpperCase(Locale.ROOT));
    }

    /** The key of the own field of a column, or null. */
    static @Nullable String field(String column) {
        return column.startsWith(FIELD) ? column.substring(FIELD.length()) : null;
    }
}
