package io.retainer.contract;

import io.retainer.kernel.Sentence;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What becomes of a platform default that not both parties confirmed (clauses.md §1.7): it may compute a preview, never a
 * claim. Decided once for every default the engine uses; the table with its reasons is in {@code docs/defaults.md}.
 */
public enum UnagreedDefault {
    /** The signed text says as much, read literally: the value stands, agreed or not. */
    TEXT,
    /** The law says as much where nothing is agreed: the statutory value stands. */
    LAW,
    /** The value only holds a claim back or puts it off: it stands, because it gives nobody anything. */
    SHIELD,
    /** What is computed with it is shown and cannot be claimed. */
    PREVIEW,
    /** The right or the deadline that rests on it does not exist before it is agreed. */
    NOTHING;

    private static final Map<TermKey, UnagreedDefault> RULES = rules();

    private static Map<TermKey, UnagreedDefault> rules() {
        var rules = new EnumMap<TermKey, UnagreedDefault>(TermKey.class);
        for (var key : List.of(TermKey.FEE_SPLIT, TermKey.DUE_BOUNDARY, TermKey.DUE_HOLIDAY_ROLL)) {
            rules.put(key, TEXT);
        }
        for (var key : List.of(
                TermKey.DUE_RECEIPT,
                TermKey.LATE_ALLOCATION,
                TermKey.CLIENT_SIZE,
                TermKey.PROVIDER_SIZE,
                TermKey.REFUND,
                TermKey.SET_OFF,
                TermKey.DATA_RETENTION)) {
            rules.put(key, LAW);
        }
        for (var key : List.of(
                TermKey.DUE_FIRST_FLOOR,
                TermKey.DISPUTED_PART,
                TermKey.TERMINATION_CURE,
                TermKey.FORCE_MAJEURE_LONG_STOP,
                TermKey.NOTICE_PAPER_DAYS,
                TermKey.EXTEND_NOTICE_DAYS)) {
            rules.put(key, SHIELD);
        }
        for (var key : List.of(
                TermKey.LATE_MODE,
                TermKey.LATE_BASE,
                TermKey.LATE_DAY_COUNT,
                TermKey.LATE_YEAR_BASIS,
                TermKey.LATE_LPR_MODE,
                TermKey.LATE_GRACE_KIND,
                TermKey.LATE_GRACE_MODE,
                TermKey.LATE_FALLBACK,
                TermKey.SUSPENSION_FEE,
                TermKey.FORCE_MAJEURE_NOTICE,
                TermKey.FORCE_MAJEURE_PROOF)) {
            rules.put(key, PREVIEW);
        }
        for (var key : List.of(
                TermKey.RECEIPT_WORKDAYS,
                TermKey.SUSPENSION_NOTICE,
                TermKey.SUSPENSION_SCOPE,
                TermKey.SUSPENSION_RESUME,
                TermKey.CONFIDENTIAL_YEARS)) {
            rules.put(key, NOTHING);
        }
        return Collections.unmodifiableMap(rules);
    }

    /** Empty for keys that nothing is computed with. */
    public static Optional<UnagreedDefault> of(TermKey key) {
        return Optional.ofNullable(RULES.get(key));
    }

    /**
     * Platform defaults that the engine will use and that bind nobody yet, in the order of the register. The reading of
     * the penalty is not among them: that is chosen, not waved through (G-18).
     */
    public static List<TermEntry> open(DraftTerms terms) {
        return terms.entries().stream()
                .filter(entry -> entry.source() == TermSource.PLATFORM_DEFAULT && !entry.binds())
                .filter(entry -> entry.key() != TermKey.LATE_MODE)
                .filter(entry -> RULES.containsKey(entry.key()) && used(terms, entry.key()))
                .toList();
    }

    private static boolean used(DraftTerms terms, TermKey key) {
        boolean timed = terms.choice(TermKey.LATE_MODE, ContractTerms.Mode.class) != ContractTerms.Mode.FLAT
                || !terms.get(TermKey.LATE_MODE).binds();
        boolean graced = terms.whole(TermKey.LATE_GRACE).orElse(0) > 0;
        if (key == TermKey.LATE_DAY_COUNT || key == TermKey.LATE_YEAR_BASIS) {
            return timed;
        }
        if (key == TermKey.LATE_GRACE_KIND || key == TermKey.LATE_GRACE_MODE) {
            return timed && graced;
        }
        if (key == TermKey.LATE_LPR_MODE) {
            return terms.known(TermKey.LATE_LPR_MULTIPLE);
        }
        return key != TermKey.LATE_FALLBACK || !terms.known(TermKey.LATE_RATE);
    }

    /** Why the platform proposes its value: the message {@code contract.default.<id>}. */
    public static Sentence reason(TermKey key) {
        return Sentence.of("contract.default." + key.id());
    }

    /** What holds as long as it is not agreed. */
    public Sentence consequence() {
        return Sentence.of("contract.default.unagreed." + name());
    }
}
