package io.retainer.evidence;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.retainer.kernel.Clause;
import io.retainer.kernel.Fact;
import io.retainer.kernel.Money;
import io.retainer.kernel.Party;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class LeafTests {

    static final UUID TENANT = UUID.fromString("019a0000-0000-7000-8000-000000000001");
    static final UUID CONTRACT = UUID.fromString("019a0000-0000-7000-8000-000000000002");
    static final UUID FACT = UUID.fromString("019a0000-0000-7000-8000-000000000003");
    static final UUID ACTOR = UUID.fromString("019a0000-0000-7000-8000-000000000004");
    static final Instant NOON = Instant.parse("2026-05-20T04:00:00.123456789Z");

    /** With every kind of value a fact may hold. */
    record Rich(
            UUID tenant,
            UUID contract,
            Clause clause,
            String subject,
            Instant happenedAt,
            @Nullable UUID actor,
            Money amount,
            LocalDate due,
            BigDecimal rate,
            Party debtor,
            Duration grace,
            List<Clause> alsoUnder,
            Map<String, Integer> shares,
            Line line,
            @Nullable String reference)
            implements Fact {

        @Override
        public String kind() {
            return "test.Rich";
        }
    }

    record Line(int number, boolean last, UUID of) {}

    static Rich rich(@Nullable String reference) {
        return new Rich(
                TENANT,
                CONTRACT,
                Clause.I_3_2A,
                "instalment/3",
                NOON,
                ACTOR,
                Money.of("86733.33"),
                LocalDate.of(2026, 5, 1),
                new BigDecimal("0.0500"),
                Party.CLIENT,
                Duration.ofDays(3),
                List.of(Clause.I_3_2B),
                Map.of("CLIENT", 70, "PROVIDER", 30),
                new Line(2, false, ACTOR),
                reference);
    }

    /** The text of a leaf is kept for ever: a change here breaks every verifier, so it needs a new version number. */
    @Test
    void isOneCanonicalObjectWithoutPersonalData() {
        assertThat(Leaf.of(rich(null), FACT, NOON.plusSeconds(1)).text())
                .isEqualTo("{\"actor\":\"019a0000-0000-7000-8000-000000000004\",\"body\":{\"alsoUnder\":[\"I-3.2b\"],"
                        + "\"amount\":8673333,\"debtor\":\"CLIENT\",\"due\":\"2026-05-01\",\"grace\":\"PT72H\","
                        + "\"line\":{\"last\":false,\"number\":2,\"of\":\"019a0000-0000-7000-8000-000000000004\"},"
                        + "\"rate\":\"0.0500\",\"shares\":{\"CLIENT\":70,\"PROVIDER\":30}},\"clause\":\"I-3.2a\","
                        + "\"contract\":\"019a0000-0000-7000-8000-000000000002\",\"happenedAt\":\"2026-05-20T04:00:00.123456Z\","
                        + "\"id\":\"019a0000-0000-7000-8000-000000000003\",\"kind\":\"test.Rich\","
                        + "\"recordedAt\":\"2026-05-20T04:00:01.123456Z\",\"subject\":\"instalment/3\","
                        + "\"tenant\":\"019a0000-0000-7000-8000-000000000001\",\"v\":1}");
    }

    @Test
    void refusesFreeTextBecauseItIsKeptForEver() {
        assertThatThrownBy(() -> Leaf.of(rich("王小明"), FACT, NOON)).hasMessageContaining("'reference'");
        assertThatThrownBy(() -> Leaf.of(rich("two\nlines"), FACT, NOON)).hasMessageContaining("not free text");
        assertThatThrownBy(() -> Leaf.of(rich("x".repeat(301)), FACT, NOON)).hasMessageContaining("300");
        assertThat(Leaf.of(rich("working-days 3 after 2026-01-05"), FACT, NOON).text())
                .contains("\"reference\":\"working-days 3 after 2026-01-05\"");
    }
}
