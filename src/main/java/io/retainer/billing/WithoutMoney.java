package io.retainer.billing;

import io.retainer.kernel.Money;
import io.retainer.kernel.Sentence;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Sentences for people who may read a contract but not its money: every amount in them is hidden. */
final class WithoutMoney {

    /** What stands in the place of an amount. */
    static final String HIDDEN = "¥••••";

    private WithoutMoney() {}

    static Sentence of(Sentence sentence) {
        var arguments = new ArrayList<@Nullable Object>();
        sentence.arguments().forEach(argument -> arguments.add(of(argument)));
        return new Sentence(sentence.key(), arguments);
    }

    private static @Nullable Object of(@Nullable Object argument) {
        return switch (argument) {
            case Money _ -> HIDDEN;
            case Sentence sentence -> of(sentence);
            case List<?> list -> {
                var all = new ArrayList<@Nullable Object>();
                list.forEach(one -> all.add(of((Object) one)));
                yield all;
            }
            case null, default -> argument;
        };
    }
}
