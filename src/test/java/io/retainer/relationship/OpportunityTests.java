package io.retainer.relationship;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.retainer.kernel.Money;
import io.retainer.kernel.Refused;
import java.time.Instant;
import java.time.LocalDate;
import java.util.UUID;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** The rules of opportunities, without a database. */
class OpportunityTests {

    private static final UUID ANN = UUID.randomUUID();
    private static final Instant NOW = RelationWorld.at("2025-03-03T10:00");

    /** Every stage with every act: where it leads, or why it is refused. */
    static Stream<Arguments> everyStageWithEveryAct() {
        return Stream.of(Stage.values())
                .flatMap(from -> Stream.concat(
                        Stream.of(Stage.values()).map(to -> Arguments.of(from, "TO_" + to, refusal(from, to))),
                        Stream.of(
                                Arguments.of(from, "WIN", ended(from)),
                                Arguments.of(from, "LOSE", ended(from)),
                                Arguments.of(from, "ESTIMATE", ended(from)))));
    }

    private static @Nullable String refusal(Stage from, Stage to) {
        if (to == Stage.WON || to == Stage.LOST) {
            return "stageEnd";
        }
        return from == Stage.WON ? "won" : from == to ? "stage" : null;
    }

    private static @Nullable String ended(Stage from) {
        return from == Stage.WON ? "won" : from == Stage.LOST ? "lost" : null;
    }

    @ParameterizedTest(name = "{0} {1}: {2}")
    @MethodSource("everyStageWithEveryAct")
    void leadsWhereTheTableSays(Stage from, String act, @Nullable String refusal) {
        var it = in(from);
        if (refusal != null) {
            refused("relationship.refused." + refusal, () -> perform(it, act));
            return;
        }
        var after = it.after(perform(it, act));
        var expected = switch (act) {
            case "WIN" -> Stage.WON;
            case "LOSE" -> Stage.LOST;
            case "ESTIMATE" -> from;
            default -> Stage.valueOf(act.substring(3));
        };
        assertThat(after.stage()).isEqualTo(expected);
        assertThat(after.endedAt() != null).isEqualTo(!expected.open());
        assertThat(after.reason()).isEqualTo(expected == Stage.LOST ? LostReason.PRICE : null);
        assertThat(after.stageSince()).isEqualTo(act.equals("ESTIMATE") ? it.stageSince() : NOW);
    }

    private static OpportunityEvent perform(Opportunity it, String act) {
        return switch (act) {
            case "WIN" -> it.win(Money.of("9.00"), ANN, false, NOW);
            case "LOSE" -> it.lose(LostReason.PRICE, ANN, false, NOW);
            case "ESTIMATE" -> it.estimate(Money.of("9.00"), LocalDate.of(2025, 3, 3), ANN, false, NOW);
            default -> it.advance(Stage.valueOf(act.substring(3)), ANN, false, NOW);
        };
    }

    private static Opportunity in(Stage stage) {
        var before = RelationWorld.at("2025-02-20T10:00");
        var open = Opportunity.first(
                new OpportunityEvent.Seen(
                        UUID.randomUUID(),
                        UUID.randomUUID(),
                        UUID.randomUUID(),
                        UUID.randomUUID(),
                        stage.open() ? stage : Stage.NEED,
                        Money.of("100.00"),
                        LocalDate.of(2025, 4, 1),
                        ANN,
                        before,
                        ANN),
                1,
                "企业卡");
        return switch (stage) {
            case WON -> open.after(open.win(Money.of("80.00"), ANN, false, before));
            case LOST -> open.after(open.lose(LostReason.TIMING, ANN, false, before));
            default -> open;
        };
    }

    @Test
    void isChangedByWhoIsAfterItOrALead() {
        var other = UUID.randomUUID();
        refused(
                "relationship.refused.opportunityNotYours",
                () -> in(Stage.NEED).advance(Stage.OFFER, other, false, NOW));
        assertThat(in(Stage.NEED).advance(Stage.OFFER, other, true, NOW)).isNotNull();
    }

    /** 33.33 at 50 % are 16.665, which is 16.67; rounded for each, never for the sum. */
    @ParameterizedTest
    @CsvSource({
        "33.33, NEGOTIATION, 26.66",
        "33.33, OFFER, 16.67",
        "0.01, OFFER, 0.01",
        "0.01, NEED, 0.00",
        "5.00, WON, 5.00",
        "5.00, LOST, 0.00"
    })
    void weighsByItsStage(String amount, Stage stage, String weighted) {
        assertThat(Odds.PLATFORM.weighted(stage, Money.of(amount))).isEqualTo(Money.of(weighted));
    }

    @Test
    void boundsAreKept() {
        var today = LocalDate.of(2025, 3, 3);
        refused("relationship.refused.amount", () -> Opportunity.check(Money.of("-0.01"), today, today));
        refused(
                "relationship.refused.amount",
                () -> Opportunity.check(Opportunity.MOST.plus(Money.ofFen(1)), today, today));
        refused("relationship.refused.expected", () -> Opportunity.check(Money.ZERO, today.minusDays(1), today));
        refused("relationship.refused.expected", () -> Opportunity.check(Money.ZERO, today.plusDays(1097), today));
        refused("relationship.refused.rule", () -> new Odds(0, 0, 101, 0, true));
        refused("relationship.refused.sold", () -> in(Stage.NEED).win(Money.ZERO, ANN, false, NOW));
    }

    private static void refused(String key, Runnable act) {
        assertThatThrownBy(act::run)
                .isInstanceOfSatisfying(
                        Refused.class,
                        refusal -> assertThat(refusal.sentence().key()).isEqualTo(key));
    }
}
