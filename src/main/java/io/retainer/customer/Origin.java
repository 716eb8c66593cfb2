package io.retainer.customer;

import io.retainer.kernel.Refused;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Where a value comes from, and for what it may be used (PIPL 13, 17, 23); null where nobody said.
 *
 * @param source in a few words
 * @param supplier who handed it over
 * @param batch the import that brought it, or null
 */
public record Origin(
        String source,
        @Nullable String supplier,
        @Nullable LawfulBasis lawfulBasis,
        @Nullable DataPurpose purpose,
        @Nullable UUID batch) {

    static Origin of(String source) {
        return new Origin(source, null, null, null, null);
    }

    /** As it is kept, when a person or a program says it. */
    static Origin checked(
            String source,
            @Nullable String supplier,
            @Nullable LawfulBasis lawfulBasis,
            @Nullable DataPurpose purpose) {
        if (source.isBlank() || source.length() > 100) {
            throw Refused.field("source", "customer.bad.source");
        }
        if (supplier != null && supplier.length() > 100) {
            throw Refused.field("supplier", "customer.import.supplier");
        }
        InTheClear.require("source", source);
        InTheClear.require("supplier", supplier);
        return new Origin(
                source.strip(),
                supplier == null || supplier.isBlank() ? null : supplier.strip(),
                lawfulBasis,
                purpose,
                null);
    }
}
