package io.retainer.customer;

import io.retainer.customer.Rule.Added;
import io.retainer.customer.Rule.Agreed;
import io.retainer.customer.Rule.All;
import io.retainer.customer.Rule.Any;
import io.retainer.customer.Rule.Bought;
import io.retainer.customer.Rule.CameFrom;
import io.retainer.customer.Rule.LastBought;
import io.retainer.customer.Rule.Limit;
import io.retainer.customer.Rule.Listed;
import io.retainer.customer.Rule.OfKind;
import io.retainer.customer.Rule.OwnField;
import io.retainer.customer.Rule.Reachable;
import io.retainer.customer.Rule.Spent;
import io.retainer.customer.Rule.Tagged;
import io.retainer.kernel.Money;
import io.retainer.kernel.Refused;
import java.math.BigDecimal;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** What a person typed to add a rule; each kind takes some of it. */
record RuleForm(
        @Nullable String text,
        @Nullable CustomerKind customerKind,
        @Nullable ContactKind contact,
        @Nullable DataPurpose purpose,
        @Nullable Channel channel,
        Rule.@Nullable Test test,
        @Nullable String value,
        @Nullable Limit limit,
        Rule.@Nullable Measure measure,
        @Nullable Integer times,
        @Nullable Integer days,
        @Nullable String amount,
        @Nullable UUID list) {

    /** In the order in which they are offered. */
    enum Kind {
        TAG,
        FIELD,
        SINCE,
        KIND,
        CONTACT,
        SOURCE,
        REGION,
        ADDED,
        CONSENT,
        BOUGHT,
        SPENT,
        LAST_BOUGHT,
        SCORE,
        STAYING,
        WORTH,
        EVENT,
        CHURN,
        LIST,
        ALL,
        ANY
    }

    Rule rule(Kind kind) {
        return switch (kind) {
            case ALL -> new All(List.of());
            case ANY -> new Any(List.of());
            case TAG -> new Tagged(given("text", text));
            case SOURCE -> new CameFrom(given("text", text));
            case REGION -> new Rule.LivesIn(given("text", text));
            case FIELD -> {
                var how = given("test", test);
                yield new OwnField(
                        given("text", text), how, how == Rule.Test.KNOWN ? null : value == null ? "" : value);
            }
            case SINCE -> new Rule.Unchanged(given("text", text), given("limit", limit), given("days", days));
            case KIND -> new OfKind(given("customerKind", customerKind));
            case CONTACT -> new Reachable(given("contact", contact));
            case ADDED -> new Added(given("limit", limit), given("days", days));
            case CONSENT -> new Agreed(given("purpose", purpose), given("channel", channel));
            case BOUGHT -> new Bought(given("limit", limit), given("times", times), given("days", days));
            case SPENT -> new Spent(given("limit", limit), money(given("amount", amount)), given("days", days));
            case LAST_BOUGHT -> new LastBought(given("limit", limit), given("days", days));
            case SCORE -> new Rule.Scored(given("measure", measure), given("limit", limit), given("times", times));
            case STAYING -> new Rule.Staying(given("limit", limit), given("times", times));
            case WORTH -> new Rule.Worth(given("limit", limit), money(given("amount", amount)));
            case EVENT ->
                new Rule.Did(given("text", text), given("limit", limit), given("times", times), given("days", days));
            case CHURN -> new Rule.Leaving(given("limit", limit), given("times", times));
            case LIST -> new Listed(given("list", list));
        };
    }

    private static BigDecimal money(String text) {
        try {
            return Money.of(text).yuan();
        } catch (ArithmeticException | IllegalArgumentException _) {
            throw Refused.field("amount", "customer.rule.bad.amount");
        }
    }

    private static <T> T given(String field, @Nullable T value) {
        if (value == null || (value instanceof String text && text.isBlank())) {
            throw Refused.field(field, "workbench.missing", field);
        }
        return value;
    }
}
