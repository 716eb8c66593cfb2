package io.retainer.customer;

import io.retainer.customer.MergeNote.Person;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Which record a merge leaves, and whose value of each field: the older record stays; a value that only one has is kept; of
 * two names the fuller one counts, of other values that of the older record. Whoever merges may choose otherwise, field by
 * field.
 *
 * @param chosen by field ({@code NAME}, {@code CREDIT_CODE}, {@code COMPANY}, {@code FIELD:key}) the record whose value is kept
 */
record Survivorship(Map<String, UUID> chosen) {

    static final String NAME = "NAME";
    static final String CREDIT_CODE = "CREDIT_CODE";
    static final String COMPANY = "COMPANY";
    static final String REFERENCE = "REFERENCE";
    private static final String FIELD = "FIELD:";

    Survivorship {
        chosen = Map.copyOf(chosen);
    }

    static Survivorship usual() {
        return new Survivorship(Map.of());
    }

    static String field(String key) {
        return FIELD + key;
    }

    /** Whether the first of two stays. */
    static boolean firstStays(UUID first, Instant firstCreated, UUID second, Instant secondCreated) {
        int older = firstCreated.compareTo(secondCreated);
        return older < 0 || (older == 0 && first.compareTo(second) < 0);
    }

    /** Whether the merged record's value is kept instead of the survivor's. */
    boolean takesMerged(String field, UUID merged, @Nullable String ofSurvivor, @Nullable String ofMerged) {
        if (ofMerged == null || ofMerged.isBlank()) {
            return false;
        }
        if (ofSurvivor == null || ofSurvivor.isBlank()) {
            return true;
        }
        var whose = chosen.get(field);
        if (whose != null) {
            return whose.equals(merged);
        }
        return field.equals(NAME) && fuller(ofMerged, ofSurvivor);
    }

    /**
     * The survivor with what it takes over.
     *
     * @param origin where the name of the merged one comes from, when it has no origin of its own
     * @param changed receives what is taken over
     */
    Person kept(Person survivor, Person merged, UUID origin, List<String> changed) {
        var name = survivor.name();
        var nameOrigin = survivor.nameOrigin();
        if (takesMerged(NAME, merged.id(), survivor.name(), merged.name())
                && !survivor.name().equals(merged.name())) {
            name = merged.name();
            nameOrigin = merged.nameOrigin() == null ? origin : merged.nameOrigin();
            changed.add(NAME);
        }
        var reference = survivor.reference();
        if (reference == null && merged.reference() != null) {
            reference = merged.reference();
            changed.add(REFERENCE);
        }
        var credit = survivor.creditCode();
        if (takesMerged(CREDIT_CODE, merged.id(), survivor.creditCode(), merged.creditCode())) {
            credit = merged.creditCode();
            changed.add(CREDIT_CODE);
        }
        var company = survivor.company();
        var role = survivor.role();
        var ofMerged = merged.company();
        if (ofMerged != null
                && !ofMerged.equals(survivor.id())
                && takesMerged(
                        COMPANY, merged.id(), company == null ? null : company.toString(), ofMerged.toString())) {
            company = ofMerged;
            role = merged.role();
            changed.add(COMPANY);
        }
        return new Person(
                survivor.id(),
                survivor.kind(),
                name,
                reference,
                credit,
                company,
                role,
                survivor.batch(),
                survivor.source(),
                survivor.origin(),
                nameOrigin,
                survivor.createdAt(),
                survivor.changedAt(),
                survivor.version());
    }

    private static boolean fuller(String name, String than) {
        return name.codePointCount(0, name.length()) > than.codePointCount(0, than.length());
    }
}
