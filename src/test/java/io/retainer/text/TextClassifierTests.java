package io.retainer.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.retainer.text.TextClassifier.Example;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class TextClassifierTests {

    private static final List<List<String>> WORDS = List.of(
            List.of("快递", "物流", "包裹", "送货", "parcel", "courier"),
            List.of("账单", "扣款", "发票", "金额", "bill", "charged"),
            List.of("漏水", "破损", "掉色", "凹陷", "broken", "leaking"));
    private static final List<String> LABELS = List.of("BILLING", "DELIVERY", "QUALITY");

    @Test
    void tellsTextsApartItHasNotSeenInBothLanguagesAndSaysWhy() {
        var classifier = TextClassifier.learn(texts(300, 1));
        int right = 0;
        var unseen = texts(300, 2);
        for (var each : unseen) {
            var verdict = classifier.judge(each.text());
            right += verdict.label().equals(each.label()) ? 1 : 0;
            assertThat(verdict.confidence()).isBetween(1.0 / 3, 1.0);
        }
        assertThat(right).isGreaterThan(285);
        assertThat(classifier.judge("我的快递在哪里").label()).isEqualTo("DELIVERY");
        assertThat(classifier.judge("我的快递在哪里").because()).contains("快递");
        assertThat(classifier.judge("I was charged twice").because()).contains("charged");
    }

    @Test
    void isSureAsOftenAsItIsRight() {
        // A third of the labels is thrown by dice: nobody can be right more often than in two thirds and a ninth.
        var random = new Random(5);
        var noisy = new ArrayList<Example<String>>();
        for (var each : texts(900, 3)) {
            noisy.add(random.nextInt(3) == 0 ? new Example<>(each.text(), LABELS.get(random.nextInt(3))) : each);
        }
        var classifier = TextClassifier.learn(noisy);
        double said = texts(300, 4).stream()
                .mapToDouble(each -> classifier.judge(each.text()).confidence())
                .average()
                .orElseThrow();
        assertThat(said).isBetween(0.6, 0.9);
    }

    @Test
    void theSameTextsMakeTheSameClassifier() {
        var one = TextClassifier.learn(texts(200, 1));
        var other = TextClassifier.learn(texts(200, 1));
        for (var each : texts(50, 9)) {
            assertThat(one.judge(each.text())).isEqualTo(other.judge(each.text()));
        }
    }

    @Test
    void needsSomethingToTellApart() {
        assertThatThrownBy(() -> TextClassifier.learn(List.of(new Example<>("a", "X"), new Example<>("b", "X"))))
                .isInstanceOf(IllegalArgumentException.class);
        var two = TextClassifier.learn(List.of(new Example<>("快递慢", "X"), new Example<>("账单错", "Y")));
        assertThat(two.judge("").because()).isEmpty();
        assertThat(two.judge("(((\\Q快递").label()).isEqualTo("X");
    }

    private static List<Example<String>> texts(int count, int seed) {
        var random = new Random(seed);
        var texts = new ArrayList<Example<String>>();
        for (int i = 0; i < count; i++) {
            int label = random.nextInt(3);
            var words = WORDS.get(List.of(1, 0, 2).get(label));
            boolean english = random.nextInt(4) == 0;
            var word = words.get(english ? 4 + random.nextInt(2) : random.nextInt(4));
            texts.add(new Example<>(
                    english
                            ? "The " + word + " again, order " + random.nextInt(1000)
                            : "上海店的" + word + "问题，订单" + random.nextInt(1000),
                    LABELS.get(label)));
        }
        return texts;
    }
}
