package io.retainer.relationship;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.retainer.kernel.Refused;
import io.retainer.relationship.RelationEvent.Begun;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** The rules of the pool, without a database. */
class RelationTests {

    private static final UUID ANN = UUID.randomUUID();
    private static final UUID BOB = UUID.randomUUID();
    private static final Instant NOW = Instant.parse("2025-03-03T02:00:00Z");
    private static final PoolRules RULES = new PoolRules(2, 60, 7, Map.of(Tier.KEY, 30), 0);

    enum Where {
        POOL,
        ANNS,
        BOBS
    }

    enum Act {
        PICK,
        RELEASE,
        HAND_OVER
    }

    /** What Ann may do, as an agent and as a lead; null for what is allowed. */
    static Stream<Arguments> everyPlaceWithEveryAct() {
        return Stream.of(
                Arguments.of(Where.POOL, Act.PICK, false, null, Where.ANNS),
                Arguments.of(Where.ANNS, Act.PICK, false, "yours", null),
                Arguments.of(Where.BOBS, Act.PICK, false, "held", null),
                Arguments.of(Where.BOBS, Act.PICK, true, "held", null),
                Arguments.of(Where.POOL, Act.RELEASE, false, "pooled", null),
                Arguments.of(Where.POOL, Act.RELEASE, true, "pooled", null),
                Arguments.of(Where.ANNS, Act.RELEASE, false, null, Where.POOL),
                Arguments.of(Where.BOBS, Act.RELEASE, false, "notYours", null),
                Arguments.of(Where.BOBS, Act.RELEASE, true, null, Where.POOL),
                Arguments.of(Where.POOL, Act.HAND_OVER, false, "pooled", null),
                Arguments.of(Where.POOL, Act.HAND_OVER, true, null, Where.BOBS),
                Arguments.of(Where.ANNS, Act.HAND_OVER, false, null, Where.BOBS),
                Arguments.of(Where.BOBS, Act.HAND_OVER, false, "same", null),
                Arguments.of(Where.BOBS, Act.HAND_OVER, true, "same", null));
    }

    @ParameterizedTest(name = "{0} {1} lead {2}: {3} {4}")
    @MethodSource("everyPlaceWithEveryAct")
    void leadsWhereTheTableSays(Where from, Act act, boolean leads, String refusal, Where to) {
        ThrowingCallable perform =
                () -> assertThat(perform(in(from), act, leads).agent())
                        .isEqualTo(to == Where.POOL ? null : to == Where.ANNS ? ANN : BOB);
        if (refusal == null) {
            try {
                perform.call();
            } catch (Throwable e) {
                throw new AssertionError(e);
            }
        } else {
            refused("relationship.refused." + refusal, perform);
        }
    }

    private static Relation perform(Relation relation, Act act, boolean leads) {
        return relation.after(
                switch (act) {
                    case PICK -> relation.pick(ANN, 0, RULES, NOW);
                    case RELEASE -> relation.release(ANN, leads, NOW);
                    case HAND_OVER -> relation.handOver(BOB, ANN, leads, NOW);
                });
    }

    private static Relation in(Where where) {
        var fresh = Relation.first(new Begun(
                UUID.randomUUID(),
                UUID.randomUUID(),
                UUID.randomUUID(),
                Tier.KEY,
                NOW.minus(Duration.ofDays(90)),
                ANN));
        return switch (where) {
            case POOL -> fresh;
            case ANNS -> fresh.after(fresh.pick(ANN, 0, RULES, NOW.minus(Duration.ofDays(80))));
            case BOBS -> fresh.after(fresh.pick(BOB, 0, RULES, NOW.minus(Duration.ofDays(80))));
        };
    }

    @Test
    void nobodyHoldsMoreThanTheRulesAllow() {
        assertThat(in(Where.POOL).pick(ANN, 1, RULES, NOW)).isNotNull();
        refused("relationship.refused.most", () -> in(Where.POOL).pick(ANN, 2, RULES, NOW));
    }

    @Test
    void whoLostACustomerWaitsAndOthersDoNot() {
        var released = in(Where.ANNS).after(in(Where.ANNS).release(ANN, false, NOW));
        var sixDays = NOW.plus(Duration.ofDays(6));
        refused("relationship.refused.cool", () -> released.pick(ANN, 0, RULES, sixDays));
        assertThat(released.pick(BOB, 0, RULES, sixDays)).isNotNull();
        assertThat(released.pick(ANN, 0, RULES, NOW.plus(Duration.ofDays(7)))).isNotNull();
    }

    /** Held since 13 December; sixty days end on 11 February, unless somebody got in contact. */
    @ParameterizedTest
    @CsvSource({"2025-02-11T01:59:59Z, false", "2025-02-11T02:00:00Z, true"})
    void whatNobodyLooksAfterGoesBack(Instant moment, boolean back) {
        var held = in(Where.ANNS);
        assertThat(held.letTimeSpeak(RULES, moment).isPresent()).isEqualTo(back);
        var missed =
                held.after(held.touch(UUID.randomUUID(), TouchKind.CALL, false, at("2025-02-01T02:00:00Z"), ANN, NOW));
        assertThat(missed.letTimeSpeak(RULES, moment).isPresent()).isEqualTo(back);
        var reached =
                held.after(held.touch(UUID.randomUUID(), TouchKind.CALL, true, at("2025-02-01T02:00:00Z"), ANN, NOW));
        assertThat(reached.letTimeSpeak(RULES, moment)).isEmpty();
        assertThat(in(Where.POOL).letTimeSpeak(RULES, moment)).isEmpty();
    }

    @Test
    void onlyWhoWasReachedCountsAsContacted() {
        var held = in(Where.ANNS);
        for (var kind : List.of(TouchKind.CALL, TouchKind.VISIT)) {
            assertThat(held.after(held.touch(UUID.randomUUID(), kind, true, NOW, ANN, NOW))
                            .lastContactAt())
                    .isEqualTo(NOW);
            assertThat(held.after(held.touch(UUID.randomUUID(), kind, false, NOW, ANN, NOW)))
                    .isEqualTo(held);
        }
        assertThat(held.after(held.touch(UUID.randomUUID(), TouchKind.NOTE, true, NOW, ANN, NOW)))
                .isEqualTo(held);
        refused(
                "relationship.refused.future",
                () -> held.touch(UUID.randomUUID(), TouchKind.NOTE, true, NOW.plusSeconds(1), ANN, NOW));
    }

    /** A contact written down late does not undo a later one. */
    @Test
    void anEarlierContactChangesNothing() {
        var held = in(Where.ANNS);
        var later = held.after(held.touch(UUID.randomUUID(), TouchKind.CALL, true, NOW, ANN, NOW));
        var earlier = later.after(
                later.touch(UUID.randomUUID(), TouchKind.CALL, true, NOW.minus(Duration.ofDays(1)), ANN, NOW));
        assertThat(earlier).isEqualTo(later);
    }

    @ParameterizedTest
    @CsvSource({"0, 60, 7, 30", "1, 0, 7, 30", "1, 60, -1, 30", "1, 60, 7, 0", "1, 731, 7, 30"})
    void rulesOutsideTheirBoundsAreRefused(int most, int idle, int cool, int days) {
        refused("relationship.refused.rule", () -> new PoolRules(most, idle, cool, Map.of(Tier.KEY, days), 0));
    }

    private static Instant at(String instant) {
        return Instant.parse(instant);
    }

    private static void refused(String key, ThrowingCallable act) {
        assertThatThrownBy(act)
                .isInstanceOfSatisfying(
                        Refused.class,
                        refusal -> assertThat(refusal.sentence().key()).isEqualTo(key));
    }
}
