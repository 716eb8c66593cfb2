package io.retainer.matching;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class SimilarityTests {

    @Test
    void jaroWinklerAsPublished() {
        assertThat(Similarity.jaroWinkler("martha", "marhta")).isEqualTo(0.9611, within(1e-4));
        assertThat(Similarity.jaroWinkler("dwayne", "duane")).isEqualTo(0.84, within(1e-4));
        assertThat(Similarity.jaroWinkler("dixon", "dicksonx")).isEqualTo(0.8133, within(1e-4));
        assertThat(Similarity.jaroWinkler("abc", "xyz")).isZero();
    }

    /** Against the whole table of distances, written down plainly. */
    @Test
    void boundedEditsAgreeWithTheFullTable() {
        var random = new SplittableRandom(3);
        for (int i = 0; i < 30_000; i++) {
            var a = word(random);
            var b = word(random);
            int distance = distance(a, b);
            for (int k = 0; k < 4; k++) {
                assertThat(Similarity.within(k, a, b))
                        .as("%s, %s within %d", a, b, k)
                        .isEqualTo(distance <= k);
            }
        }
    }

    private static String word(SplittableRandom random) {
        var word = new StringBuilder();
        int length = random.nextInt(7);
        for (int i = 0; i < length; i++) {
            word.append((char) ('a' + random.nextInt(3)));
        }
        return word.toString();
    }

    private static int distance(String a, String b) {
        var d = new int[a.length() + 1][b.length() + 1];
        for (int i = 0; i <= a.length(); i++) {
            for (int j = 0; j <= b.length(); j++) {
                if (i == 0 || j == 0) {
                    d[i][j] = i + j;
                    continue;
                }
                int change = a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1;
                d[i][j] = Math.min(d[i - 1][j - 1] + change, Math.min(d[i - 1][j], d[i][j - 1]) + 1);
                if (i > 1 && j > 1 && a.charAt(i - 1) == b.charAt(j - 2) && a.charAt(i - 2) == b.charAt(j - 1)) {
                    d[i][j] = Math.min(d[i][j], d[i - 2][j - 2] + 1);
                }
            }
        }
        return d[a.length()][b.length()];
    }
}
