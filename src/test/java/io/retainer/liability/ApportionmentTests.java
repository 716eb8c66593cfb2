package io.retainer.liability;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.retainer.contract.TermKey;
import io.retainer.contract.TermKey.ExternalMode;
import io.retainer.contract.TermKey.LeakLiability;
import io.retainer.contract.TermKey.Residual;
import io.retainer.kernel.Money;
import io.retainer.kernel.Party;
import io.retainer.kernel.Refused;
import io.retainer.liability.Determination.Kind;
import io.retainer.liability.Determination.Owed;
import io.retainer.liability.Finding.ServiceCredit;
import io.retainer.liability.Finding.Third;
import io.retainer.liability.Finding.Weights;
import java.math.BigDecimal;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** E10 to E13 of worked-examples.md, and what the clauses say besides. */
class ApportionmentTests {

    private static final Money PAID = Money.of("1,200,000.00");

    private static final Third BY_PROVIDER = new Third(Party.PROVIDER, true, null);

    @Test
    void e10AnOutageIsSharedSeventyToThirtyAfterTheClientsOwnPart() {
        var d = outage(new Third(Party.PROVIDER, true, null));
        assertThat(d.net()).isEqualTo(Money.of("45,000.00"));
        assertThat(d.owed())
                .containsExactly(damages(Party.PROVIDER, "31,500.00"), damages(Party.THIRD_PARTY, "13,500.00"));
    }

    @Test
    void e10WhatLiesAboveTheThirdPartysCapSpillsToWhoeverBroughtIt() {
        var d = outage(new Third(Party.PROVIDER, true, Money.of("10,000.00")));
        assertThat(d.owed())
                .containsExactly(damages(Party.PROVIDER, "35,000.00"), damages(Party.THIRD_PARTY, "10,000.00"));
    }

    @Test
    void e10TheProviderFrontsAndTakesRecourse() {
        var d = outage(new Third(Party.PROVIDER, false, Money.of("10,000.00")));
        assertThat(d.owed())
                .containsExactly(
                        damages(Party.PROVIDER, "45,000.00"),
                        new Owed(Party.THIRD_PARTY, Party.PROVIDER, Kind.RECOURSE, Money.of("10,000.00")));
        assertThat(d.provider()).isEqualTo(Money.of("35,000.00"));
    }

    @ParameterizedTest
    @CsvSource({"PROVIDER,0.00,26020.00", "CLIENT,26020.00,0.00"})
    void e11TheRestStaysWithWhoeverBroughtTheThirdParty(Party introducer, String client, String provider) {
        var d = of(BreachRule.WRONG_DATA, Finding.ofLoss(Money.of("86,733.33"), new Third(introducer, true, null)));
        assertThat(d.third()).isEqualTo(Money.of("60,713.33"));
        assertThat(d.client()).isEqualTo(Money.of(client));
        assertThat(d.provider()).isEqualTo(Money.of(provider));
    }

    @Test
    void e12ThirdsAddUpToTheFen() {
        var d = of(
                BreachRule.POOR_EVENT,
                finding("100,000.01", "0", "0", List.of(), "0", BY_PROVIDER, false, new Weights(1, 1, 1)));
        assertThat(List.of(d.client(), d.provider(), d.third()))
                .containsExactly(Money.of("33,333.34"), Money.of("33,333.34"), Money.of("33,333.33"));
    }

    @Test
    void e13CreditsAreDeductedFromDamagesAndOwedBesides() {
        var d = quality(terms(true, null, Set.of()));
        assertThat(d.credits()).isEqualTo(Money.of("1,500.00"));
        assertThat(d.owed())
                .containsExactly(
                        new Owed(Party.PROVIDER, Party.CLIENT, Kind.SERVICE_CREDIT, Money.of("1,500.00")),
                        damages(Party.PROVIDER, "18,500.00"));
        assertThat(quality(terms(false, null, Set.of())).owed()).contains(damages(Party.PROVIDER, "20,000.00"));
    }

    @Test
    void G_23_theAgreedCapHoldsUnlessThereWasIntent() {
        var capped = terms(true, BigDecimal.ONE, Set.of());
        assertThat(quality(capped).provider()).isEqualTo(Money.of("12,000.00"));
        assertThat(quality(capped).client()).isEqualTo(Money.of("8,000.00"));
        var intent = Apportionment.of(
                BreachRule.QUALITY, capped, finding("20,000.00", "0", "0", List.of(), "0", null, true, null), PAID);
        assertThat(intent.provider()).isEqualTo(Money.of("20,000.00"));
    }

    @ParameterizedTest
    @CsvSource({
        "PROVIDER,PROVIDER_IF_INTRODUCER_WITH_RECOURSE,true",
        "PROVIDER,THIRD_PARTY_ONLY,false",
        "CLIENT,PROVIDER_IF_INTRODUCER_WITH_RECOURSE,false"
    })
    void G_39_theProviderAnswersForALeakOfWhomItBroughtAndNoCapHolds(
            Party introducer, LeakLiability leak, boolean fronts) {
        var terms = new LiabilityTerms(
                BigDecimal.valueOf(70),
                Residual.INTRODUCER,
                ExternalMode.SHARES_IF_SIGNED_ELSE_INTRODUCER_FRONTS,
                leak,
                true,
                null,
                Set.of());
        var d = Apportionment.of(
                BreachRule.LEAK,
                terms,
                Finding.ofLoss(Money.of("300,000.00"), new Third(introducer, true, Money.of("1.00"))),
                PAID);
        assertThat(d.third()).isEqualTo(Money.of("300,000.00"));
        assertThat(d.owed())
                .isEqualTo(
                        fronts
                                ? List.of(
                                        damages(Party.PROVIDER, "300,000.00"),
                                        new Owed(
                                                Party.THIRD_PARTY,
                                                Party.PROVIDER,
                                                Kind.RECOURSE,
                                                Money.of("300,000.00")))
                                : List.of(damages(Party.THIRD_PARTY, "300,000.00")));
    }

    @Test
    void onlyTheDefaultsItRestsOnMakeItAPreview() {
        var offered = terms(
                true, null, Set.of(TermKey.PRIMARY_SHARE, TermKey.RESIDUAL_SHARE, TermKey.DAMAGES_CREDITS_OFFSET));
        assertThat(Apportionment.of(
                                BreachRule.TECHNICAL_OUTAGE,
                                offered,
                                Finding.ofLoss(Money.of("10.00"), BY_PROVIDER),
                                PAID)
                        .unagreed())
                .containsExactly(TermKey.PRIMARY_SHARE);
        assertThat(Apportionment.of(BreachRule.QUALITY, offered, Finding.ofLoss(Money.of("10.00"), null), PAID)
                        .unagreed())
                .isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "QUALITY,0.00,0,0,liability.refused.loss",
        "QUALITY,10.00,10.01,0,liability.refused.avoidable",
        "QUALITY,10.00,0,100.01,liability.refused.percent",
        "WRONG_DATA,10.00,0,0,liability.refused.noThird",
        "OTHER,10.00,0,0,liability.refused.noWeights"
    })
    void aFindingThatCannotBeIsRefused(
            BreachRule rule, String loss, String avoidable, String contribution, String key) {
        var finding = finding(loss, avoidable, contribution, List.of(), "0", null, false, null);
        assertThatExceptionOfType(Refused.class)
                .isThrownBy(() -> of(rule, finding))
                .satisfies(no -> assertThat(no.sentence().key()).isEqualTo(key));
    }

    @ParameterizedTest
    @CsvSource({"0.01", "0.03", "1.00", "33.33", "86733.33", "999999999.99"})
    void thePartsAddUpWhateverTheAmount(String loss) {
        for (var rule : BreachRule.values()) {
            var d = of(
                    rule,
                    finding(
                            loss,
                            "0",
                            "33.33",
                            List.of(),
                            "0",
                            BY_PROVIDER,
                            false,
                            rule == BreachRule.OTHER ? new Weights(1, 2, 4) : null));
            assertThat(d.client().plus(d.provider()).plus(d.third()))
                    .as(rule + " " + loss)
                    .isEqualTo(d.net());
            var damages = d.owed().stream()
                    .filter(owed -> owed.kind() != Kind.RECOURSE)
                    .map(Owed::amount)
                    .toList();
            assertThat(Money.sum(damages).plus(d.client())).isEqualTo(d.net());
        }
    }

    private static Determination outage(Third third) {
        return of(BreachRule.TECHNICAL_OUTAGE, finding("50,000.00", "0", "10", List.of(), "0", third, false, null));
    }

    private static Determination quality(LiabilityTerms terms) {
        return Apportionment.of(
                BreachRule.QUALITY,
                terms,
                finding(
                        "23,456.78",
                        "3,456.78",
                        "0",
                        List.of(
                                new ServiceCredit(BigDecimal.TEN, BigDecimal.valueOf(100)),
                                new ServiceCredit(BigDecimal.TEN, BigDecimal.valueOf(50))),
                        "10,000.00",
                        null,
                        false,
                        null),
                PAID);
    }

    private static Finding finding(
            String loss,
            String avoidable,
            String contribution,
            List<ServiceCredit> credits,
            String atRisk,
            @Nullable Third third,
            boolean uncapped,
            @Nullable Weights weights) {
        return new Finding(
                Money.of(loss),
                Money.of(avoidable),
                Money.ZERO,
                new BigDecimal(contribution),
                null,
                Money.of(atRisk),
                credits,
                third,
                uncapped,
                weights);
    }

    private static Determination of(BreachRule rule, Finding finding) {
        return Apportionment.of(rule, terms(true, null, Set.of()), finding, PAID);
    }

    private static LiabilityTerms terms(boolean offset, @Nullable BigDecimal cap, Set<TermKey> unagreed) {
        return new LiabilityTerms(
                BigDecimal.valueOf(70),
                Residual.INTRODUCER,
                ExternalMode.SHARES_IF_SIGNED_ELSE_INTRODUCER_FRONTS,
                LeakLiability.PROVIDER_IF_INTRODUCER_WITH_RECOURSE,
                offset,
                cap,
                unagreed);
    }

    private static Owed damages(Party debtor, String amount) {
        return new Owed(debtor, Party.CLIENT, Kind.DAMAGES, Money.of(amount));
    }
}
