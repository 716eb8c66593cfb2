package io.retainer.contract;

import io.retainer.kernel.Money;
import io.retainer.kernel.Sentence;
import io.retainer.kernel.Texts;
import java.util.stream.Collectors;

/** Values in the reader's language. */
final class Shown {

    private Shown() {}

    /** As an argument of a sentence, said in the reader's language when the sentence is. */
    static Object inWords(TermValue value) {
        return switch (value) {
            case TermValue.Choice(var constant) -> constant;
            case TermValue.YesNo(var yes) -> Sentence.of(yes ? "contract.yes" : "contract.no");
            case TermValue.Amount(var money) -> money;
            case TermValue.Day(var date) -> date;
            case TermValue.Text _, TermValue.Whole _, TermValue.Decimal _, TermValue.Numbers _, TermValue.Schedule _ ->
                value.canonical();
        };
    }

    static String of(TermValue value, TermKey key, Texts texts) {
        return switch (value) {
            case TermValue.Text(var text) -> text;
            case TermValue.Amount(var money) -> money.toString();
            case TermValue.Day(var date) -> texts.say("contract.value", date);
            case TermValue.Whole(var number) -> Integer.toString(number);
            case TermValue.Decimal(var number) -> number.toPlainString() + (key.type() == TermType.PERCENT ? "%" : "");
            case TermValue.YesNo(var yes) -> texts.say(Sentence.of(yes ? "contract.yes" : "contract.no"));
            case TermValue.Choice(var constant) -> texts.name(constant);
            case TermValue.Numbers(var numbers) ->
                numbers.stream().map(String::valueOf).collect(Collectors.joining(", "));
            case TermValue.Schedule(var lines) ->
                texts.say(
                        "contract.schedule",
                        lines.size(),
                        Money.sum(lines.stream().map(TermValue.Line::amount).toList()));
        };
    }
}
