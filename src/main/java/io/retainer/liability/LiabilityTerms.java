package io.retainer.liability;

import io.retainer.contract.DraftTerms;
import io.retainer.contract.TermKey;
import io.retainer.contract.TermKey.ExternalMode;
import io.retainer.contract.TermKey.LeakLiability;
import io.retainer.contract.TermKey.Residual;
import io.retainer.contract.TermValue;
import java.math.BigDecimal;
import java.util.EnumSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What the version in force on the day of the breach says about liability.
 *
 * @param primary share of the party that is mainly liable, in per cent (G-28)
 * @param residual who bears the rest when the third party is mainly liable (G-29)
 * @param external whether the third party answers to the client itself (G-29b)
 * @param leak whether the provider answers for a leak of a third party it brought (G-39)
 * @param creditsOffset whether service credits are deducted from damages (G-23)
 * @param capPercent of the fees paid in twelve months, above which the provider does not answer (G-23), or null
 * @param unagreed those that are only offered: they show a preview, never a claim
 */
record LiabilityTerms(
        BigDecimal primary,
        Residual residual,
        ExternalMode external,
        LeakLiability leak,
        boolean creditsOffset,
        @Nullable BigDecimal capPercent,
        Set<TermKey> unagreed) {

    LiabilityTerms {
        unagreed = Set.copyOf(unagreed);
    }

    static LiabilityTerms of(DraftTerms terms) {
        var unagreed = EnumSet.noneOf(TermKey.class);
        for (var key : Set.of(
                TermKey.PRIMARY_SHARE,
                TermKey.RESIDUAL_SHARE,
                TermKey.EXTERNAL_MODE,
                TermKey.LEAK_LIABILITY,
                TermKey.DAMAGES_CREDITS_OFFSET)) {
            if (!terms.get(key).binds()) {
                unagreed.add(key);
            }
        }
        return new LiabilityTerms(
                terms.decimal(TermKey.PRIMARY_SHARE).orElseGet(() -> BigDecimal.valueOf(70)),
                terms.choice(TermKey.RESIDUAL_SHARE, Residual.class),
                terms.choice(TermKey.EXTERNAL_MODE, ExternalMode.class),
                terms.choice(TermKey.LEAK_LIABILITY, LeakLiability.class),
                !(terms.get(TermKey.DAMAGES_CREDITS_OFFSET).value() instanceof TermValue.YesNo(var yes) && !yes),
                terms.get(TermKey.DAMAGES_CAP).binds()
                        ? terms.decimal(TermKey.DAMAGES_CAP).orElse(null)
                        : null,
                unagreed);
    }
}
