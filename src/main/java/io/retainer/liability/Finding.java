package io.retainer.liability;

import io.retainer.kernel.Money;
import io.retainer.kernel.Party;
import io.retainer.kernel.Refused;
import java.math.BigDecimal;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The facts of which the amount is made.
 *
 * @param loss proven loss of the client
 * @param avoidable part of it that the client could have avoided (Civil Code 591)
 * @param benefit what the client gained by the same event
 * @param contribution of the client, in per cent (Civil Code 592)
 * @param foreseeable what could be foreseen at the signing (Civil Code 584), or null when all of it
 * @param atRisk the part of the fee that service credits are taken from
 * @param credits service credits earned by the same failure
 * @param third who else took part, or null
 * @param uncapped intent, gross negligence, confidentiality or personal information: no cap holds (Civil Code 506, G-27)
 * @param weights shares the parties agreed on, or null for those of the rule
 */
public record Finding(
        Money loss,
        Money avoidable,
        Money benefit,
        BigDecimal contribution,
        @Nullable Money foreseeable,
        Money atRisk,
        List<ServiceCredit> credits,
        @Nullable Third third,
        boolean uncapped,
        @Nullable Weights weights) {

    private static final BigDecimal HUNDRED = BigDecimal.valueOf(100);

    public Finding {
        credits = List.copyOf(credits);
    }

    /**
     * @param weight of the missed level in the amount at risk, in per cent
     * @param part of it that is due, in per cent
     */
    public record ServiceCredit(BigDecimal weight, BigDecimal part) {}

    /**
     * @param introducedBy whose letter brought it (G-26)
     * @param signedWithClient whether its supplementary agreement binds it to the client (G-34)
     * @param cap of its liability (G-27), or null when there is none
     */
    public record Third(
            Party introducedBy,
            boolean signedWithClient,
            @Nullable Money cap) {}

    /** Parts such as 1 : 1 : 1. */
    public record Weights(int client, int provider, int third) {}

    /** A loss of one amount, and nothing else known. */
    public static Finding ofLoss(Money loss, @Nullable Third third) {
        return new Finding(
                loss, Money.ZERO, Money.ZERO, BigDecimal.ZERO, null, Money.ZERO, List.of(), third, false, null);
    }

    /** @throws Refused naming what contradicts itself */
    void check(BreachRule rule) {
        if (!loss.isPositive()) {
            throw Refused.field("loss", "liability.refused.loss");
        }
        if (avoidable.isNegative() || benefit.isNegative() || atRisk.isNegative()) {
            throw Refused.field("avoidable", "liability.refused.negative");
        }
        if (avoidable.plus(benefit).compareTo(loss) > 0) {
            throw Refused.field("avoidable", "liability.refused.avoidable", avoidable.plus(benefit), loss);
        }
        percent("contribution", contribution);
        if (foreseeable != null && foreseeable.isNegative()) {
            throw Refused.field("foreseeable", "liability.refused.negative");
        }
        for (var credit : credits) {
            percent("credits", credit.weight());
            percent("credits", credit.part());
        }
        if (!credits.isEmpty() && !atRisk.isPositive()) {
            throw Refused.field("atRisk", "liability.refused.atRisk");
        }
        if (rule.involvesThird() && third == null) {
            throw Refused.field("introducedBy", "liability.refused.noThird", rule);
        }
        if (third != null && third.introducedBy() == Party.THIRD_PARTY) {
            throw Refused.field("introducedBy", "liability.refused.introducer");
        }
        if (rule == BreachRule.OTHER && weights == null) {
            throw Refused.field("weights", "liability.refused.noWeights");
        }
        if (weights != null) {
            checkWeights(weights);
        }
    }

    private void checkWeights(Weights parts) {
        if (parts.client() < 0
                || parts.provider() < 0
                || parts.third() < 0
                || parts.client() + parts.provider() + parts.third() == 0
                || Math.max(parts.client(), Math.max(parts.provider(), parts.third())) > 10_000) {
            throw Refused.field("weights", "liability.refused.weights");
        }
        if (parts.third() > 0 && third == null) {
            throw Refused.field("weights", "liability.refused.weightOfNobody");
        }
    }

    private static void percent(String field, BigDecimal value) {
        if (value.signum() < 0 || value.compareTo(HUNDRED) > 0) {
            throw Refused.field(field, "liability.refused.percent", value.toPlainString());
        }
    }
}
