package io.retainer.contract;

import io.retainer.kernel.Money;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.List;

/**
 * What the readings of the percentage come to, so that the parties choose with open eyes: the first instalment, paid a
 * month late. A preview for the choice; what is owed is computed by billing.
 */
record PenaltyPreview(ContractTerms.Mode mode, Money penalty, Money instalment, int days) {

    private static final int DAYS = 31;

    /** One line per reading, or none while the rate or the fee is not known. */
    static List<PenaltyPreview> of(DraftTerms terms) {
        var rate = terms.decimal(TermKey.LATE_RATE);
        var total = terms.money(TermKey.FEE_TOTAL);
        var count = terms.whole(TermKey.FEE_INSTALMENTS);
        var previews = new ArrayList<PenaltyPreview>();
        if (rate.isEmpty() || total.isEmpty() || count.isEmpty()) {
            return previews;
        }
        var instalment = total.get().splitResidueToLastLines(count.get()).getFirst();
        var flat = instalment.yuan().multiply(rate.get()).movePointLeft(2);
        for (var mode : ContractTerms.Mode.values()) {
            var exact = switch (mode) {
                case FLAT -> flat;
                case DAILY -> flat.multiply(BigDecimal.valueOf(DAYS));
                case ANNUAL ->
                    flat.multiply(BigDecimal.valueOf(DAYS)).divide(BigDecimal.valueOf(365), 20, RoundingMode.HALF_UP);
            };
            previews.add(new PenaltyPreview(mode, Money.rounded(exact), instalment, DAYS));
        }
        return previews;
    }
}
