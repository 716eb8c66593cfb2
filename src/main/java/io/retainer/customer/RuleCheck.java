package io.retainer.customer;

import io.retainer.customer.Rule.Test;
import io.retainer.kernel.Refused;
import io.retainer.statistics.value.Rfm;
import java.math.BigDecimal;
import java.text.Normalizer;
import java.util.Collection;
import java.util.Map;
import java.util.UUID;

/** Whether a rule can be asked, and its values in the form in which they are stored. */
final class RuleCheck {

    private static final int LONGEST_TEXT = 100;
    private static final int MOST_DAYS = 36_500;
    private static final int DAYS_OF_A_YEAR = 366;
    private static final int MOST_TIMES = 100_000;
    private static final BigDecimal MOST_YUAN = BigDecimal.valueOf(1_000_000_000_000L);

    private final Map<String, CustomField> fields;
    private final Collection<UUID> lists;

    private RuleCheck(Map<String, CustomField> fields, Collection<UUID> lists) {
        this.fields = fields;
        this.lists = lists;
    }

    /**
     * The rule as it is kept; its root is a group.
     *
     * @param lists those kept by hand
     * @throws Refused naming what is wrong
     */
    static Rule checked(Rule rule, Map<String, CustomField> fields, Collection<UUID> lists) {
        var root = rule instanceof Rule.Group ? rule : new Rule.All(java.util.List.of(rule));
        if (RuleTree.depth(root) > RuleTree.DEEPEST) {
            throw Refused.because("customer.rule.bad.deep", RuleTree.DEEPEST);
        }
        if (RuleTree.conditions(root).size() > RuleTree.MOST_CONDITIONS) {
            throw Refused.because("customer.rule.bad.many", RuleTree.MOST_CONDITIONS);
        }
        return new RuleCheck(fields, lists).fit(root);
    }

    private Rule fit(Rule rule) {
        return switch (rule) {
            case Rule.Not(var inner) -> new Rule.Not(fit(inner));
            case Rule.Group group ->
                group.with(group.rules().stream().map(this::fit).toList());
            case Rule.OwnField own -> fit(own);
            case Rule.Tagged(var tag) -> new Rule.Tagged(text(tag));
            case Rule.LivesIn(var region, var district) -> place(text(district == null ? region : region + district));
            case Rule.Unchanged unchanged -> {
                if (!fields.containsKey(unchanged.field())) {
                    throw Refused.field("text", "customer.bad.field", unchanged.field());
                }
                days(unchanged.days(), 0);
                yield unchanged;
            }
            case Rule.CameFrom(var source) -> new Rule.CameFrom(text(source));
            case Rule.Added added -> {
                days(added.days(), 0);
                yield added;
            }
            case Rule.LastBought last -> {
                days(last.days(), 0);
                yield last;
            }
            case Rule.Bought bought -> {
                days(bought.days(), 1);
                if (bought.times() < 0 || bought.times() > MOST_TIMES) {
                    throw Refused.field("times", "customer.rule.bad.times", MOST_TIMES);
                }
                yield bought;
            }
            case Rule.Spent spent -> {
                days(spent.days(), 1);
                amount(spent.amount());
                yield spent;
            }
            case Rule.Worth worth -> {
                amount(worth.amount());
                yield worth;
            }
            case Rule.Scored scored -> {
                number(scored.score(), 1, Rfm.SCORES);
                yield scored;
            }
            case Rule.Staying staying -> {
                number(staying.percent(), 0, 100);
                yield staying;
            }
            case Rule.Did did -> {
                days(did.days(), 1);
                if (did.times() < 0 || did.times() > MOST_TIMES) {
                    throw Refused.field("times", "customer.rule.bad.times", MOST_TIMES);
                }
                yield new Rule.Did(text(did.kind()), did.limit(), did.times(), did.days());
            }
            case Rule.Leaving leaving -> {
                number(leaving.percent(), 0, 100);
                yield leaving;
            }
            case Rule.Listed(var list) -> {
                if (!lists.contains(list)) {
                    throw Refused.field("list", "customer.rule.bad.list");
                }
                yield rule;
            }
            case Rule.OfKind _, Rule.Reachable _, Rule.Agreed _ -> rule;
        };
    }

    private Rule fit(Rule.OwnField own) {
        var field = fields.get(own.field());
        if (field == null) {
            throw Refused.field("text", "customer.bad.field", own.field());
        }
        if (own.test() == Test.KNOWN) {
            return new Rule.OwnField(own.field(), own.test(), null);
        }
        if (field.personal()) {
            throw Refused.field("test", "customer.rule.bad.sealed", field.label());
        }
        boolean fits = switch (own.test()) {
            case KNOWN, EQUALS -> true;
            case CONTAINS -> field.type() == CustomField.Type.TEXT;
            case AT_LEAST, AT_MOST -> field.type() == CustomField.Type.NUMBER || field.type() == CustomField.Type.DATE;
            case LAST_DAYS, NEXT_DAYS, COMES_ROUND -> field.type() == CustomField.Type.DATE;
        };
        if (!fits) {
            throw Refused.field("test", "customer.rule.bad.test", field.label(), field.type());
        }
        var value = own.value();
        if (value == null || value.isBlank()) {
            throw Refused.field("value", "workbench.missing", "value");
        }
        return new Rule.OwnField(
                own.field(),
                own.test(),
                own.test().relative() ? days(own.test(), value) : CustomerRules.stored(field, value));
    }

    private static String days(Test test, String value) {
        int most = test == Test.COMES_ROUND ? DAYS_OF_A_YEAR : MOST_DAYS;
        var text = Normalizer.normalize(value, Normalizer.Form.NFKC).strip();
        int days = text.matches("[0-9]{1,5}") ? Integer.parseInt(text) : most + 1;
        if (days > most) {
            throw Refused.field("value", "customer.rule.bad.days", 0, most);
        }
        return Integer.toString(days);
    }

    private static Rule place(String text) {
        var region = Region.named(text).orElseThrow(() -> Refused.field("text", "customer.rule.bad.region"));
        return new Rule.LivesIn(region.city(), region.district().isEmpty() ? null : region.district());
    }

    private static String text(String given) {
        var text = given.strip();
        if (text.isEmpty() || text.length() > LONGEST_TEXT) {
            throw Refused.field("text", "customer.rule.bad.text", LONGEST_TEXT);
        }
        InTheClear.require("text", text);
        return text;
    }

    private static void amount(BigDecimal amount) {
        if (amount.signum() < 0 || amount.stripTrailingZeros().scale() > 2 || amount.compareTo(MOST_YUAN) > 0) {
            throw Refused.field("amount", "customer.rule.bad.amount");
        }
    }

    private static void number(int given, int least, int most) {
        if (given < least || given > most) {
            throw Refused.field("times", "customer.rule.bad.number", least, most);
        }
    }

    private static void days(int days, int fewest) {
        if (days < fewest || days > MOST_DAYS) {
            throw Refused.field("days", "customer.rule.bad.days", fewest, MOST_DAYS);
        }
    }
}
