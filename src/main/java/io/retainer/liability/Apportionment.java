package io.retainer.liability;

import io.retainer.contract.TermKey;
import io.retainer.contract.TermKey.ExternalMode;
import io.retainer.contract.TermKey.LeakLiability;
import io.retainer.kernel.Money;
import io.retainer.kernel.Party;
import io.retainer.kernel.Sentence;
import io.retainer.liability.Determination.Kind;
import io.retainer.liability.Determination.Owed;
import io.retainer.liability.Determination.Step;
import io.retainer.liability.Finding.Third;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The arithmetic of liability (state-machines.md §3.11, worked examples E10 to E13): loss, less what could be avoided and
 * was gained, less the client's own contribution, cut to what could be foreseen, shared, capped, less credits. Nothing is
 * rounded on the way; each part is rounded once and the last is what remains, so that the parts add up.
 */
final class Apportionment {

    private static final BigDecimal HUNDRED = BigDecimal.valueOf(100);

    private final BreachRule rule;
    private final LiabilityTerms terms;
    private final Finding finding;
    private final @Nullable Money providerCap;
    private final List<Step> steps = new ArrayList<>();
    private final Map<Party, Money> shares = new EnumMap<>(Party.class);
    private final Set<TermKey> used = EnumSet.noneOf(TermKey.class);

    private Apportionment(BreachRule rule, LiabilityTerms terms, Finding finding, @Nullable Money providerCap) {
        this.rule = rule;
        this.terms = terms;
        this.finding = finding;
        this.providerCap = providerCap;
    }

    /**
     * @param feesPaid in the twelve months before the breach
     * @throws io.retainer.kernel.Refused when the finding contradicts itself or the rule
     */
    static Determination of(BreachRule rule, LiabilityTerms terms, Finding finding, Money feesPaid) {
        finding.check(rule);
        var cap = terms.capPercent() == null
                ? null
                : Money.rounded(feesPaid.yuan().multiply(terms.capPercent()).divide(HUNDRED));
        return new Apportionment(rule, terms, finding, cap).determine();
    }

    private Determination determine() {
        var exact = net();
        var total = Money.rounded(exact);
        share(exact, total);
        capThird();
        capProvider();
        var credits = credits();
        var owed = owed(credits);
        used.retainAll(terms.unagreed());
        return new Determination(
                steps,
                total,
                of(Party.CLIENT),
                of(Party.PROVIDER),
                of(Party.THIRD_PARTY),
                credits,
                owed,
                List.copyOf(used));
    }

    private BigDecimal net() {
        say(finding.loss(), "liability.step.loss");
        var left = finding.loss();
        if (finding.avoidable().isPositive()) {
            left = left.minus(finding.avoidable());
            say(finding.avoidable().negated(), "liability.step.avoidable");
        }
        if (finding.benefit().isPositive()) {
            left = left.minus(finding.benefit());
            say(finding.benefit().negated(), "liability.step.benefit");
        }
        var exact = left.yuan();
        if (finding.contribution().signum() > 0) {
            var own = exact.multiply(finding.contribution()).divide(HUNDRED);
            exact = exact.subtract(own);
            say(Money.rounded(own).negated(), "liability.step.contribution", plain(finding.contribution()));
        }
        var foreseeable = finding.foreseeable();
        if (foreseeable != null && foreseeable.yuan().compareTo(exact) < 0) {
            exact = foreseeable.yuan();
            say(foreseeable, "liability.step.foreseeable");
        }
        say(Money.rounded(exact), "liability.step.net");
        return exact;
    }

    private void share(BigDecimal exact, Money total) {
        var weights = finding.weights();
        if (weights != null) {
            var parts = total.allocate(weights.client(), weights.provider(), weights.third());
            give(Party.CLIENT, parts.get(0));
            give(Party.PROVIDER, parts.get(1));
            give(Party.THIRD_PARTY, parts.get(2));
            steps.add(new Step(
                    Sentence.of("liability.step.weights", weights.client(), weights.provider(), weights.third()),
                    total));
            return;
        }
        switch (rule) {
            case QUALITY -> {
                give(Party.PROVIDER, total);
                say(total, "liability.step.provider");
            }
            case LEAK -> {
                give(Party.THIRD_PARTY, total);
                say(total, "liability.step.third");
            }
            case TECHNICAL_OUTAGE -> primary(Party.PROVIDER, Party.THIRD_PARTY, exact, total);
            case BAD_ADVICE, WRONG_DATA, POOR_EVENT -> {
                used.add(TermKey.RESIDUAL_SHARE);
                primary(Party.THIRD_PARTY, residual(), exact, total);
            }
            case OTHER -> throw new IllegalStateException("Checked before: " + rule);
        }
    }

    private Party residual() {
        return switch (terms.residual()) {
            case INTRODUCER -> third().introducedBy();
            case PROVIDER -> Party.PROVIDER;
            case CLIENT -> Party.CLIENT;
        };
    }

    private void primary(Party first, Party second, BigDecimal exact, Money total) {
        used.add(TermKey.PRIMARY_SHARE);
        var part = Money.rounded(exact.multiply(terms.primary()).divide(HUNDRED));
        give(first, part);
        give(second, total.minus(part));
        say(part, "liability.step.primary", first, plain(terms.primary()));
        say(
                total.minus(part),
                second == Party.THIRD_PARTY ? "liability.step.secondary" : "liability.step.rest",
                second);
    }

    /** What lies above the third party's cap goes back to whoever brought it (G-27, G-29). */
    private void capThird() {
        var third = finding.third();
        var cap = third == null ? null : third.cap();
        var part = of(Party.THIRD_PARTY);
        if (third == null || cap == null || part.compareTo(cap) <= 0) {
            return;
        }
        if (isUncapped()) {
            say(part, "liability.step.uncapped", Party.THIRD_PARTY, cap);
            return;
        }
        var over = part.minus(cap);
        shares.put(Party.THIRD_PARTY, cap);
        give(third.introducedBy(), over);
        say(over, "liability.step.capThird", cap, third.introducedBy());
    }

    private void capProvider() {
        var part = of(Party.PROVIDER);
        if (providerCap == null || part.compareTo(providerCap) <= 0) {
            return;
        }
        if (isUncapped()) {
            say(part, "liability.step.uncapped", Party.PROVIDER, providerCap);
            return;
        }
        var over = part.minus(providerCap);
        shares.put(Party.PROVIDER, providerCap);
        give(Party.CLIENT, over);
        say(over, "liability.step.capProvider", providerCap);
    }

    private boolean isUncapped() {
        return finding.uncapped() || rule == BreachRule.LEAK;
    }

    private Money credits() {
        if (finding.credits().isEmpty()) {
            return Money.ZERO;
        }
        var percent = finding.credits().stream()
                .map(credit -> credit.weight().multiply(credit.part()).divide(HUNDRED))
                .reduce(BigDecimal.ZERO, BigDecimal::add);
        var credits = Money.rounded(finding.atRisk().yuan().multiply(percent).divide(HUNDRED));
        say(credits, "liability.step.credits", finding.atRisk(), plain(percent));
        return credits;
    }

    private List<Owed> owed(Money credits) {
        var owed = new ArrayList<Owed>();
        var third = finding.third();
        var ofThird = of(Party.THIRD_PARTY);
        var ofProvider = of(Party.PROVIDER);
        boolean fronts = third != null && ofThird.isPositive() && fronts(third);
        var toClient = fronts ? ofProvider.plus(ofThird) : ofProvider;
        if (credits.isPositive()) {
            used.add(TermKey.DAMAGES_CREDITS_OFFSET);
            if (terms.creditsOffset()) {
                var set = Money.min(credits, toClient);
                toClient = toClient.minus(set);
                say(set.negated(), "liability.step.offset");
            }
            owed.add(new Owed(Party.PROVIDER, Party.CLIENT, Kind.SERVICE_CREDIT, credits));
        }
        if (toClient.isPositive()) {
            owed.add(new Owed(Party.PROVIDER, Party.CLIENT, Kind.DAMAGES, toClient));
        }
        if (fronts) {
            say(ofThird, "liability.step.fronts");
            owed.add(new Owed(Party.THIRD_PARTY, Party.PROVIDER, Kind.RECOURSE, ofThird));
        } else if (ofThird.isPositive()) {
            owed.add(new Owed(Party.THIRD_PARTY, Party.CLIENT, Kind.DAMAGES, ofThird));
        }
        return owed;
    }

    /** Whether the provider pays the client also what the third party bears (G-29b, G-39, Civil Code 593). */
    private boolean fronts(Third third) {
        if (third.introducedBy() != Party.PROVIDER) {
            return false;
        }
        if (rule == BreachRule.LEAK) {
            used.add(TermKey.LEAK_LIABILITY);
            return terms.leak() == LeakLiability.PROVIDER_IF_INTRODUCER_WITH_RECOURSE;
        }
        used.add(TermKey.EXTERNAL_MODE);
        return terms.external() == ExternalMode.INTRODUCER_FRONTS || !third.signedWithClient();
    }

    private Third third() {
        var third = finding.third();
        if (third == null) {
            throw new IllegalStateException("Checked before: " + rule);
        }
        return third;
    }

    private Money of(Party party) {
        return shares.getOrDefault(party, Money.ZERO);
    }

    private void give(Party party, Money amount) {
        shares.merge(party, amount, Money::plus);
    }

    private void say(Money amount, String key, @Nullable Object... arguments) {
        steps.add(new Step(Sentence.of(key, arguments), amount));
    }

    private static String plain(BigDecimal number) {
        return number.stripTrailingZeros().toPlainString();
    }
}
