package io.retainer.complaint;

import static org.assertj.core.api.Assertions.assertThat;

import io.retainer.complaint.TextHelp.Example;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;

class TextHelpTests {

    private static final List<Example<Category>> CLOSED = List.of(
            new Example<>("快递五天才送到，外箱破损", Category.DELIVERY),
            new Example<>("物流信息一直不更新", Category.DELIVERY),
            new Example<>("快递员把包裹丢在门口", Category.DELIVERY),
            new Example<>("送货时间改了三次，快递没有通知", Category.DELIVERY),
            new Example<>("重复扣款，账单多出一笔钱", Category.BILLING),
            new Example<>("优惠券没有抵扣，多付了钱", Category.BILLING),
            new Example<>("账单金额与小票不一致", Category.BILLING),
            new Example<>("收银员态度冷淡", Category.ATTITUDE),
            new Example<>("服务员态度差，推销不停", Category.ATTITUDE),
            new Example<>("The parcel came late", Category.DELIVERY),
            new Example<>("The bill was charged twice", Category.BILLING));

    @Test
    void proposesWithReasons() {
        var help = TextHelp.learn(CLOSED);
        var delivery = Objects.requireNonNull(help.propose("快递到现在还没有送到"));
        assertThat(delivery.label()).isEqualTo(Category.DELIVERY);
        assertThat(delivery.confidence()).isBetween(TextHelp.SUREST_GUESS, 1.0);
        assertThat(delivery.because()).contains("快递");
        assertThat(Objects.requireNonNull(help.propose("客服态度太差")).label()).isEqualTo(Category.ATTITUDE);
        assertThat(Objects.requireNonNull(help.propose("My bill is wrong")).label())
                .isEqualTo(Category.BILLING);
    }

    @Test
    void staysSilentRatherThanGuess() {
        var help = TextHelp.learn(CLOSED);
        assertThat(help.propose("空调漏水")).as("not a word of it is known").isNull();
        assertThat(TextHelp.<Category>learn(CLOSED.subList(0, TextHelp.FEWEST - 1))
                        .propose("快递"))
                .as("too little to go by")
                .isNull();
        var same = new ArrayList<Example<Category>>();
        for (int i = 0; i < 20; i++) {
            same.add(new Example<>("快递 " + i, Category.DELIVERY));
        }
        assertThat(TextHelp.learn(same).propose("快递"))
                .as("nothing to tell apart")
                .isNull();
    }

    /** Each text in turn is proposed from all the others. */
    @Test
    void isRightMoreOftenThanTheMostFrequentCategoryWouldBe() {
        int right = 0;
        for (int i = 0; i < CLOSED.size(); i++) {
            var others = new ArrayList<>(CLOSED);
            var left = others.remove(i);
            var proposed = TextHelp.learn(others).propose(left.text());
            right += proposed != null && proposed.label() == left.label() ? 1 : 0;
        }
        assertThat(right).isGreaterThan(5);
    }
}
