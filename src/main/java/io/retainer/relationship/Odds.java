package io.retainer.relationship;

import io.retainer.kernel.Money;
import io.retainer.kernel.Refused;
import java.math.BigDecimal;

/**
 * How likely each open stage leads to a sale. Set by the provider's lead; nothing here is measured.
 *
 * @param agreed false for the platform's, which nobody has set
 */
public record Odds(int contact, int need, int offer, int negotiation, boolean agreed) {

    static final Odds PLATFORM = new Odds(10, 30, 50, 80, false);

    public Odds {
        percent("contact", contact);
        percent("need", need);
        percent("offer", offer);
        percent("negotiation", negotiation);
    }

    private static void percent(String field, int value) {
        if (value < 0 || value > 100) {
            throw Refused.field(field, "relationship.refused.rule", value, 0, 100);
        }
    }

    /** In percent. */
    public int of(Stage stage) {
        return switch (stage) {
            case CONTACT -> contact;
            case NEED -> need;
            case OFFER -> offer;
            case NEGOTIATION -> negotiation;
            case WON -> 100;
            case LOST -> 0;
        };
    }

    /** Rounded once for each opportunity, half up, so that the sums add up to what the lines show. */
    Money weighted(Stage stage, Money amount) {
        return Money.rounded(
                amount.yuan().multiply(BigDecimal.valueOf(of(stage))).movePointLeft(2));
    }
}
