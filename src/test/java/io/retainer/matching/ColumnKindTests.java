package io.retainer.matching;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.function.IntFunction;
import org.junit.jupiter.api.Test;

/** Columns are known by their content, whatever they are called. */
class ColumnKindTests {

    private static ColumnKind kind(IntFunction<String> value) {
        var records = Records.of(List.of("x"));
        for (int i = 0; i < 200; i++) {
            records.add(List.of(value.apply(i * 7919 % 1009)));
        }
        return KindGuess.of(records.build().columns().getFirst());
    }

    @Test
    void contentTellsTheKind() {
        assertThat(kind(i -> "u" + i + "@example.com")).isEqualTo(ColumnKind.EMAIL);
        assertThat(kind(i -> "19%02d-%02d-%02d".formatted(i % 100, 1 + i % 12, 1 + i % 28)))
                .isEqualTo(ColumnKind.DATE);
        assertThat(kind(i -> "19%02d%02d%02d".formatted(i % 100, 1 + i % 12, 1 + i % 28)))
                .isEqualTo(ColumnKind.DATE);
        assertThat(kind(i -> "138" + (10_000_000 + i * 77_777))).isEqualTo(ColumnKind.PHONE);
        assertThat(kind(i -> "(0755) 83%06d".formatted(i))).isEqualTo(ColumnKind.PHONE);
        assertThat(kind(i -> String.valueOf(1_000_000 + i * 7_001))).isEqualTo(ColumnKind.CODE);
        assertThat(kind(i -> i + ".9")).isEqualTo(ColumnKind.QUANTITY);
        assertThat(kind(i -> i + " Example Street")).isEqualTo(ColumnKind.ADDRESS);
        assertThat(kind(i -> "广东省深圳市南山区科技路" + i + "号")).isEqualTo(ColumnKind.ADDRESS);
        assertThat(kind(i -> "王" + (char) ('一' + i))).isEqualTo(ColumnKind.NAME);
        assertThat(kind(i -> "na" + (char) ('a' + i % 26) + "me")).isEqualTo(ColumnKind.NAME);
        assertThat(kind(i -> "a long title of some paper " + (char) ('a' + i % 26)))
                .isEqualTo(ColumnKind.TEXT);
    }

    @Test
    void whatTellsNothingIsIgnored() {
        assertThat(kind(i -> "same")).isEqualTo(ColumnKind.IGNORED);
        assertThat(kind(i -> "")).isEqualTo(ColumnKind.IGNORED);
        var rows = Records.of(List.of("n"));
        for (int i = 0; i < 200; i++) {
            rows.add(List.of("C-" + (5_000 + i)));
        }
        assertThat(KindGuess.of(rows.build().columns().getFirst())).isEqualTo(ColumnKind.IGNORED);
    }
}
