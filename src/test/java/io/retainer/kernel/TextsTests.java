package io.retainer.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.springframework.expression.spel.standard.SpelExpressionParser;
import org.springframework.expression.spel.support.StandardEvaluationContext;

/** What was read once is said again, in either language and to many at a time. */
class TextsTests {

    @Test
    void saysTheSameKeyInEachLanguage() {
        for (int i = 0; i < 2; i++) {
            assertThat(Texts.in(Texts.CHINESE).name(Party.CLIENT)).isEqualTo("甲方");
            assertThat(Texts.in(Texts.ENGLISH).name(Party.CLIENT)).isEqualTo("client");
        }
        assertThat(Texts.key(Party.CLIENT)).isEqualTo("kernel.Party.CLIENT");
    }

    @Test
    void saysDatesOfItsZoneInItsLanguage() {
        var midnight = Instant.parse("2025-02-28T16:00:00Z");
        var texts = new Texts(Texts.ENGLISH, ZoneId.of("Asia/Shanghai"));
        assertThat(texts.say("evidence.at", midnight)).contains("1 Mar 2025 00:00:00");
        assertThat(new Texts(Texts.ENGLISH, ZoneId.of("UTC")).say("evidence.at", midnight))
                .contains("28 Feb 2025 16:00:00");
        // Pages are read by the minute; what is evidence, by the second.
        assertThat(texts.say("duty.at", midnight)).isEqualTo("1 Mar 2025 00:00");
        assertThat(Texts.in(Texts.CHINESE).say("duty.at", midnight)).isEqualTo("2025年3月1日 00:00");
        assertThat(Texts.in(Texts.CHINESE).say("contract.value", LocalDate.parse("2025-03-01")))
                .contains("2025年3月1日");
    }

    /** The templates' own language spreads a list over a method's variable arguments. */
    @Test
    void aTemplateSaysAWholeList() {
        var context = new StandardEvaluationContext();
        context.setVariable("texts", Texts.in(Texts.ENGLISH));
        context.setVariable("list", List.of("Ann", "Ben"));
        var parser = new SpelExpressionParser();
        assertThat(parser.parseExpression("#texts.say('contract.value', #list)").getValue(context))
                .isEqualTo("Ann, Ben");
        assertThat(parser.parseExpression("#texts.say('contract.value', 'Ann')").getValue(context))
                .isEqualTo("Ann");
        assertThat(parser.parseExpression("#texts.say('contract.value', null)").getValue(context))
                .isEqualTo("—");
    }

    @Test
    void manySayTheSameThingAtOnceWithWordsOfTheirOwn() {
        var said = IntStream.range(0, 2_000)
                .parallel()
                .mapToObj(i ->
                        List.of(Integer.toString(i), Texts.in(Texts.ENGLISH).say("contract.value", i)))
                .toList();
        assertThat(said).allSatisfy(pair -> assertThat(pair.getLast()).isEqualTo(pair.getFirst()));
    }

    @Test
    void ofOneEnglishSpeaksInTheSingular() {
        var english = Texts.in(Texts.ENGLISH);
        assertThat(english.say("identity.signIn.wait", 1)).isEqualTo("Too many attempts. Try again in 1 second.");
        assertThat(english.say("identity.signIn.wait", 21)).endsWith("in 21 seconds.");
        // Both forms of one key stay apart.
        assertThat(english.say("identity.signIn.wait", 1)).endsWith("in 1 second.");
        assertThat(english.say("contract.leave.refused.early", 1, "4 May"))
                .isEqualTo(
                        english.say("contract.leave.refused.early", 2, "4 May").replace("2 days", "1 day"))
                .contains("1 day before");
        assertThat(english.say("duty.deadline.workingDays", 1, LocalDate.of(2026, 3, 2)))
                .isEqualTo("within 1 working day after 2 Mar 2026");
        assertThat(english.say("relationship.done.handedOverAll", 1, 2)).startsWith("1 customer was handed over");
        assertThat(Texts.in(Texts.CHINESE).say("identity.signIn.wait", 1))
                .isEqualTo(
                        Texts.in(Texts.CHINESE).say("identity.signIn.wait", 2).replace('2', '1'));
    }

    @Test
    void aKindOfFactThatIsUnknownIsSaidAsItStands() {
        assertThat(Texts.in(Texts.ENGLISH).fact("billing.PaymentRecorded")).isEqualTo("Payment recorded");
        assertThat(Texts.in(Texts.ENGLISH).fact("billing.OfALaterVersion")).isEqualTo("billing.OfALaterVersion");
        assertThat(Texts.in(Texts.ENGLISH).fact("elsewhere.Noted")).isEqualTo("elsewhere.Noted");
        assertThat(Texts.in(Texts.ENGLISH).fact("nothing")).isEqualTo("nothing");
    }

    @Test
    void aKeyWithoutAMessageIsABugEveryTime() {
        for (int i = 0; i < 2; i++) {
            assertThatIllegalStateException()
                    .isThrownBy(() -> Texts.in(Texts.CHINESE).say("kernel.noSuchKey"))
                    .withMessageContaining("kernel.noSuchKey");
        }
    }
}
