package io.retainer.customer;

import io.retainer.customer.Rule.Added;
import io.retainer.customer.Rule.Agreed;
import io.retainer.customer.Rule.Bought;
import io.retainer.customer.Rule.CameFrom;
import io.retainer.customer.Rule.Condition;
import io.retainer.customer.Rule.Did;
import io.retainer.customer.Rule.LastBought;
import io.retainer.customer.Rule.Leaving;
import io.retainer.customer.Rule.Limit;
import io.retainer.customer.Rule.Listed;
import io.retainer.customer.Rule.OfKind;
import io.retainer.customer.Rule.OwnField;
import io.retainer.customer.Rule.Reachable;
import io.retainer.customer.Rule.Scored;
import io.retainer.customer.Rule.Spent;
import io.retainer.customer.Rule.Staying;
import io.retainer.customer.Rule.Tagged;
import io.retainer.customer.Rule.Worth;
import io.retainer.kernel.Money;
import io.retainer.kernel.Sentence;
import java.time.LocalDate;
import java.util.Map;
import java.util.UUID;

/** Conditions as sentences, with what the client calls its fields and lists. */
record RuleWords(Map<String, CustomField> fields, Map<UUID, String> lists) {

    RuleWords {
        fields = Map.copyOf(fields);
        lists = Map.copyOf(lists);
    }

    Sentence of(Condition condition) {
        return switch (condition) {
            case OfKind(var kind) -> Sentence.of("customer.rule.kind", kind);
            case Tagged(var tag) -> Sentence.of("customer.rule.tag", tag);
            case Reachable(var kind) -> Sentence.of("customer.rule.contact", kind);
            case Rule.LivesIn(var region, var district) ->
                Sentence.of("customer.rule.region", district == null ? region : region + " " + district);
            case CameFrom(var source) -> Sentence.of("customer.rule.source", source);
            case Added(var limit, var days) ->
                Sentence.of(
                        limit == Limit.AT_MOST ? "customer.rule.added.AT_MOST" : "customer.rule.added.AT_LEAST", days);
            case OwnField(var key, var test, var value) -> {
                var field = fields.get(key);
                var label = field == null ? key : field.label();
                yield value == null
                        ? Sentence.of("customer.rule.field.KNOWN", label)
                        : test.relative()
                                ? Sentence.of("customer.rule.field.relative", label, test, Integer.parseInt(value))
                                : Sentence.of("customer.rule.field", label, test, said(field, value));
            }
            case Rule.Unchanged(var key, var limit, var days) -> {
                var field = fields.get(key);
                yield Sentence.of(
                        limit == Limit.AT_MOST ? "customer.rule.since.AT_MOST" : "customer.rule.since.AT_LEAST",
                        field == null ? key : field.label(),
                        days);
            }
            case Agreed(var purpose, var channel) -> Sentence.of("customer.rule.consent", purpose, channel);
            case Bought(var limit, var times, var days) -> Sentence.of("customer.rule.bought", limit, times, days);
            case Spent(var limit, var amount, var days) ->
                Sentence.of("customer.rule.spent", limit, Money.of(amount).formatted(), days);
            case LastBought(var limit, var days) ->
                Sentence.of(
                        limit == Limit.AT_MOST
                                ? "customer.rule.lastBought.AT_MOST"
                                : "customer.rule.lastBought.AT_LEAST",
                        days);
            case Scored(var measure, var limit, var score) -> Sentence.of("customer.rule.score", measure, limit, score);
            case Staying(var limit, var percent) -> Sentence.of("customer.rule.staying", limit, percent);
            case Worth(var limit, var amount) ->
                Sentence.of("customer.rule.worth", limit, Money.of(amount).formatted());
            case Did(var kind, var limit, var times, var days) ->
                Sentence.of("customer.rule.event", kind, limit, times, days);
            case Leaving(var limit, var percent) -> Sentence.of("customer.rule.churn", limit, percent);
            case Listed(var list) -> Sentence.of("customer.rule.list", lists.getOrDefault(list, "—"));
        };
    }

    private static Object said(@org.jspecify.annotations.Nullable CustomField field, String value) {
        return field != null && field.type() == CustomField.Type.FLAG
                ? Sentence.of(value.equals("true") ? "customer.rule.true" : "customer.rule.false")
                : value;
    }

    /** What was found of a customer. */
    static Sentence seen(Condition condition, String value) {
        return switch (condition) {
            case Spent _, Worth _ ->
                Sentence.of(
                        "customer.rule.seen", Money.ofFen(Long.parseLong(value)).formatted());
            case LastBought _, Rule.Unchanged _ -> Sentence.of("customer.rule.seen", LocalDate.parse(value));
            case OfKind _,
                    Tagged _,
                    Reachable _,
                    CameFrom _,
                    Rule.LivesIn _,
                    Added _,
                    OwnField _,
                    Agreed _,
                    Bought _,
                    Did _,
                    Leaving _,
                    Listed _,
                    Scored _,
                    Staying _ -> Sentence.of("customer.rule.seen", value);
        };
    }
}
