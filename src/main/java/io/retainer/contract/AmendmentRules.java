package io.retainer.contract;

import io.retainer.contract.Amendments.Wanted;
import io.retainer.kernel.Refused;
import java.time.LocalDate;
import java.util.EnumSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What a supplementary agreement may change, from which day, and who else must sign it. */
final class AmendmentRules {

    /** Who the parties are and how they signed is not amended; a term's end has kinds of its own. */
    private static final Set<TermKey> FIXED = EnumSet.of(
            TermKey.CLIENT_NAME, TermKey.PROVIDER_NAME, TermKey.TERM_START, TermKey.SIGN_MODE, TermKey.SIGN_PLACE);

    /** What a third party owes or answers for. */
    private static final Set<TermKey> OF_THIRD_PARTIES = EnumSet.of(
            TermKey.THIRD_PARTY_CAP,
            TermKey.PRIMARY_SHARE,
            TermKey.RESIDUAL_SHARE,
            TermKey.EXTERNAL_MODE,
            TermKey.LEAK_LIABILITY,
            TermKey.THIRD_PARTY_REPLY,
            TermKey.EXIT_NOTICE,
            TermKey.EXIT_HANDOVER,
            TermKey.DATA_RETURN,
            TermKey.DATA_RETENTION,
            TermKey.CONFIDENTIAL_YEARS,
            TermKey.LEGAL_COMPULSION);

    private static final int LONGEST_NAME = 200;

    private static final Set<TermKey> OF_THE_TERM = EnumSet.of(TermKey.TERM_END, TermKey.TERM_MONTHS);

    private AmendmentRules() {}

    /**
     * The values that are wanted, with what follows from them.
     *
     * @param newest first day of the newest version that an amendment made, or null when none did
     */
    static Map<TermKey, TermValue> checked(Wanted wanted, Contract contract, @Nullable LocalDate newest) {
        for (var key : wanted.changes().keySet()) {
            if (key.isFilledBySigning() || FIXED.contains(key)) {
                throw Refused.field(key.id(), "contract.amendment.fixed", key.title());
            }
        }
        var end = contract.endsOn();
        var start = contract.startsOn();
        if (end == null || start == null) {
            throw new IllegalStateException("In force without a term: " + contract.id());
        }
        // Each version takes over all of the one before it, so none can start before the newest does.
        if (newest != null && wanted.from().isBefore(newest)) {
            throw Refused.field("from", "contract.amendment.beforeAnother", newest);
        }
        return switch (wanted.kind()) {
            case CHANGE -> {
                OF_THE_TERM.stream()
                        .filter(wanted.changes()::containsKey)
                        .findFirst()
                        .ifPresent(key -> {
                            throw Refused.field(key.id(), "contract.amendment.termHasItsOwn", key.title());
                        });
                if (wanted.from().isAfter(end) || wanted.from().isBefore(start)) {
                    throw Refused.field("from", "contract.amendment.outsideTerm", start, end);
                }
                yield derived(wanted.changes(), start);
            }
            case EXTENSION -> {
                if (!(wanted.changes().get(TermKey.TERM_END) instanceof TermValue.Day(var later))
                        || !later.isAfter(end)) {
                    throw Refused.field(TermKey.TERM_END.id(), "contract.amendment.noLaterEnd", end);
                }
                if (wanted.from().isAfter(end.plusDays(1)) || wanted.from().isBefore(start)) {
                    throw Refused.field("from", "contract.amendment.outsideTerm", start, end.plusDays(1));
                }
                yield derived(wanted.changes(), start);
            }
            case EARLY_END -> {
                if (!wanted.changes().isEmpty()) {
                    throw Refused.field("changes", "contract.amendment.endChangesNothing");
                }
                if (wanted.from().isAfter(end) || !wanted.from().isAfter(start)) {
                    throw Refused.field("from", "contract.amendment.outsideTerm", start.plusDays(1), end);
                }
                yield Map.of();
            }
        };
    }

    /** What the text says twice is written once: words follow the figures, months the dates, B15 and B16 B11. */
    static Map<TermKey, TermValue> derived(Map<TermKey, TermValue> changes, LocalDate start) {
        var all = AmendedVersion.repeated(changes);
        if (changes.get(TermKey.TERM_END) instanceof TermValue.Day(var end)) {
            all.put(TermKey.TERM_MONTHS, new TermValue.Whole(DraftTerms.monthsBetween(start, end)));
        }
        return all;
    }

    /** Whoever is named; or the third party of annex 5 when what it owes is changed (G-37, Civil Code 465). */
    static @Nullable String third(Wanted wanted, Map<AnnexKind, AnnexSheet> sheets, ContractVersion base) {
        var named = wanted.third().strip();
        if (named.length() > LONGEST_NAME) {
            throw Refused.field("third", "contract.amendment.third.tooLong", LONGEST_NAME);
        }
        if (wanted.kind() == Amendment.Kind.EARLY_END) {
            if (!named.isEmpty()) {
                throw Refused.field("third", "contract.amendment.third.earlyEnd");
            }
            return null;
        }
        return named.isEmpty() ? signs(wanted.changes(), sheets, base) : named;
    }

    /** The third party that signs without having been named; one that joins signs whatever was agreed about others. */
    static @Nullable String signs(
            Map<TermKey, TermValue> changes, Map<AnnexKind, AnnexSheet> sheets, ContractVersion base) {
        boolean agreedOtherwise =
                base.terms().get(TermKey.THIRD_PARTY_COUNTERSIGNS).binds()
                        && base.terms().get(TermKey.THIRD_PARTY_COUNTERSIGNS).value()
                                instanceof TermValue.YesNo(var yes)
                        && !yes;
        var there = AmendedVersion.named(base.annexes());
        if (agreedOtherwise && there.isPresent()) {
            return null;
        }
        return AmendedVersion.of(base, changes, sheets)
                .third()
                .or(() -> changes.keySet().stream().anyMatch(OF_THIRD_PARTIES::contains) ? there : Optional.empty())
                .orElse(null);
    }
}
