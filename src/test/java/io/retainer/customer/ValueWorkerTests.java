package io.retainer.customer;

import static org.assertj.core.api.Assertions.assertThat;

import io.retainer.kernel.Texts;
import io.retainer.statistics.value.Purchases;
import java.time.LocalDate;
import java.util.Locale;
import java.util.Objects;
import java.util.Random;
import java.util.UUID;
import java.util.function.BiConsumer;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import tools.jackson.databind.json.JsonMapper;

/** Whatever the orders are like, a figure is a figure or there is a reason why there is none. */
class ValueWorkerTests {

    private static final LocalDate START = LocalDate.of(2024, 1, 1);

    @SuppressWarnings("ImmutableEnumChecker") // lambdas without a state
    enum Odd {
        NONE((_, _) -> {}),
        ONE((to, _) -> to.add(id(1), START, 10)),
        FIVE((to, random) -> many(to, random, 5, 3)),
        TWENTY_NINE((to, random) -> many(to, random, 29, 4)),
        FORTY_NINE((to, random) -> many(to, random, 49, 4)),
        ONE_ORDER_EACH((to, random) -> many(to, random, 400, 1)),
        ALL_ON_ONE_DAY((to, random) -> {
            for (int i = 0; i < 400; i++) {
                to.add(id(i % 200), START, 1 + random.nextInt(90));
            }
        }),
        ON_TWO_DAYS((to, random) -> {
            for (int i = 0; i < 400; i++) {
                to.add(id(i % 200), START.plusDays(i / 200), 1 + random.nextInt(90));
            }
        }),
        ALL_ALIKE((to, _) -> {
            for (int i = 0; i < 200; i++) {
                for (int n = 0; n < 6; n++) {
                    to.add(id(i), START.plusDays(30L * n), 99.99);
                }
            }
        }),
        ONE_GIANT((to, random) -> {
            many(to, random, 300, 4);
            to.add(id(7), START.plusDays(500), 9e8);
        }),
        ONLY_RETURNS((to, random) -> {
            for (int i = 0; i < 200; i++) {
                to.add(id(i), START.plusDays(random.nextInt(300)), -10);
            }
        }),
        ALL_CAME_BACK((to, random) -> {
            for (int i = 0; i < 200; i++) {
                to.add(id(i), START.plusDays(random.nextInt(300)), 10);
                to.add(id(i), START.plusDays(301), -10);
            }
        }),
        FREE_OF_CHARGE((to, random) -> {
            for (int i = 0; i < 600; i++) {
                to.add(id(i % 200), START.plusDays(random.nextInt(300)), 0);
            }
        }),
        FROM_LONG_AGO((to, random) -> {
            many(to, random, 300, 3);
            to.add(id(3), LocalDate.of(1970, 1, 1), 5);
        }),
        USUAL((to, random) -> many(to, random, 400, 6));

        private final BiConsumer<Purchases, Random> orders;

        Odd(BiConsumer<Purchases, Random> orders) {
            this.orders = orders;
        }
    }

    private static String id(int number) {
        return new UUID(0, number).toString();
    }

    private static void many(Purchases to, Random random, int customers, int most) {
        for (int i = 0; i < customers; i++) {
            int orders = 1 + random.nextInt(most);
            for (int n = 0; n < orders; n++) {
                to.add(id(i), START.plusDays(random.nextInt(500)), 10 + random.nextInt(500));
            }
        }
    }

    @ParameterizedTest
    @EnumSource(Odd.class)
    void everyFigureIsANumberOrHasAReason(Odd odd) {
        var purchases = new Purchases();
        odd.orders.accept(purchases, new Random(3));
        var found = ValueWorker.compute(purchases, _ -> {});
        var report = found.report();
        assertThat(new JsonMapper().writeValueAsString(report) + found.scores()).doesNotContain("NaN", "Infinity");
        var worth = report.worth();
        assertThat(worth.value() == null).isEqualTo(worth.why() != null);
        for (var language : new Locale[] {Locale.CHINESE, Locale.ENGLISH}) {
            if (worth.why() != null) {
                assertThat(Texts.in(language).say(worth.why())).isNotBlank().doesNotContain("NaN", "null");
            }
        }
        for (var score : found.scores()) {
            if (score.worth() != null) {
                assertThat(score.worth()).isBetween(0L, 100_000_000_00L);
                assertThat(Objects.requireNonNull(score.bringsRange()).low())
                        .isLessThanOrEqualTo(score.bringsRange().high());
            }
        }
        var cohorts = report.cohorts().value();
        if (cohorts != null) {
            assertThat(cohorts.curve().size())
                    .as("no months of which nothing can be said, one after another to the end")
                    .isLessThan(30);
        }
        switch (odd) {
            case USUAL -> assertThat(worth.value()).isNotNull();
            case NONE,
                    ONE,
                    FIVE,
                    TWENTY_NINE,
                    FORTY_NINE,
                    ONE_ORDER_EACH,
                    ALL_ON_ONE_DAY,
                    ONE_GIANT,
                    ONLY_RETURNS,
                    ALL_CAME_BACK,
                    FREE_OF_CHARGE -> assertThat(worth.value()).isNull();
            case ON_TWO_DAYS, ALL_ALIKE, FROM_LONG_AGO -> {}
        }
    }
}
