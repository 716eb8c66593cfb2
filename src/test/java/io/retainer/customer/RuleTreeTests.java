package io.retainer.customer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.retainer.customer.Rule.All;
import io.retainer.customer.Rule.Any;
import io.retainer.customer.Rule.Not;
import io.retainer.customer.Rule.Tagged;
import io.retainer.kernel.Refused;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RuleTreeTests {

    private final Rule a = new Tagged("a");
    private final Rule b = new Tagged("b");
    private final Rule c = new Tagged("c");
    private final Rule root = new All(List.of(a, new Not(new Any(List.of(b, c)))));

    private static List<Integer> at(String place) {
        return RuleTree.place(place);
    }

    @Test
    void aRuleIsChangedAtItsPlace() {
        assertThat(RuleTree.add(root, at(""), b)).isEqualTo(new All(List.of(a, new Not(new Any(List.of(b, c))), b)));
        assertThat(RuleTree.add(root, at("1"), a)).isEqualTo(new All(List.of(a, new Not(new Any(List.of(b, c, a))))));
        assertThat(RuleTree.remove(root, at("1.0"))).isEqualTo(new All(List.of(a, new Not(new Any(List.of(c))))));
        assertThat(RuleTree.remove(root, at("1"))).isEqualTo(new All(List.of(a)));
        assertThat(RuleTree.negate(root, at("0")))
                .isEqualTo(new All(List.of(new Not(a), new Not(new Any(List.of(b, c))))));
        assertThat(RuleTree.negate(root, at("1"))).isEqualTo(new All(List.of(a, new Any(List.of(b, c)))));
        assertThat(RuleTree.negate(RuleTree.negate(root, at("1.1")), at("1.1"))).isEqualTo(root);
        assertThat(RuleTree.turn(root, at("1"))).isEqualTo(new All(List.of(a, new Not(new All(List.of(b, c))))));
        assertThat(RuleTree.turn(root, at(""))).isEqualTo(new Any(List.of(a, new Not(new Any(List.of(b, c))))));
    }

    @ParameterizedTest
    @ValueSource(strings = {"7", "0.0", "1.9", "x", "1..2", "-1", "99999"})
    void aPlaceThatIsNotThereIsRefused(String place) {
        assertThatThrownBy(() -> RuleTree.remove(root, at(place)))
                .isInstanceOfSatisfying(
                        Refused.class,
                        refused -> assertThat(refused.sentence().key()).isEqualTo("customer.segment.place"));
        assertThatThrownBy(() -> RuleTree.add(root, at("0"), b)).isInstanceOf(Refused.class);
        assertThatThrownBy(() -> RuleTree.turn(root, at("0"))).isInstanceOf(Refused.class);
    }

    @Test
    void whatCannotBeAskedIsRefused() {
        var level = new CustomField(UUID.randomUUID(), "level", "级别", CustomField.Type.TEXT, false);
        var points = new CustomField(UUID.randomUUID(), "points", "积分", CustomField.Type.NUMBER, false);
        var illness = new CustomField(UUID.randomUUID(), "illness", "病史", CustomField.Type.TEXT, true);
        var fields = Map.of("level", level, "points", points, "illness", illness);
        assertThat(RuleCheck.checked(new Rule.OwnField("points", Rule.Test.AT_LEAST, " １,000.50 "), fields, Set.of()))
                .as("a root is a group, and a value is stored as it compares")
                .isEqualTo(new All(List.of(new Rule.OwnField("points", Rule.Test.AT_LEAST, "1000.5"))));
        assertThat(RuleCheck.checked(new Rule.OwnField("illness", Rule.Test.KNOWN, "糖尿病"), fields, Set.of()))
                .as("nothing personal gets into a rule")
                .isEqualTo(new All(List.of(new Rule.OwnField("illness", Rule.Test.KNOWN, null))));
        refuses("customer.rule.bad.sealed", new Rule.OwnField("illness", Rule.Test.EQUALS, "糖尿病"), fields);
        refuses("customer.rule.bad.test", new Rule.OwnField("level", Rule.Test.AT_LEAST, "3"), fields);
        refuses("customer.rule.bad.test", new Rule.OwnField("points", Rule.Test.CONTAINS, "3"), fields);
        refuses("customer.bad.fieldType", new Rule.OwnField("points", Rule.Test.EQUALS, "many"), fields);
        refuses("customer.bad.field", new Rule.OwnField("nothing", Rule.Test.KNOWN, null), fields);
        refuses("customer.rule.bad.list", new Rule.Listed(UUID.randomUUID()), fields);
        refuses("customer.rule.bad.days", new Rule.Bought(Rule.Limit.AT_LEAST, 1, 0), fields);
        refuses("customer.rule.bad.times", new Rule.Bought(Rule.Limit.AT_LEAST, -1, 5), fields);
        refuses("customer.rule.bad.text", new Tagged("  "), fields);
        Rule deep = a;
        for (int i = 0; i < RuleTree.DEEPEST + 1; i++) {
            deep = new Any(List.of(deep));
        }
        refuses("customer.rule.bad.deep", deep, fields);
        refuses(
                "customer.rule.bad.many",
                new All(java.util.Collections.nCopies(RuleTree.MOST_CONDITIONS + 1, a)),
                fields);
    }

    private static void refuses(String key, Rule rule, Map<String, CustomField> fields) {
        assertThatThrownBy(() -> RuleCheck.checked(rule, fields, Set.of()))
                .isInstanceOfSatisfying(
                        Refused.class,
                        refused -> assertThat(refused.sentence().key()).isEqualTo(key));
    }
}
