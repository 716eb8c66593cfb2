package io.retainer.customer;

import io.retainer.kernel.Sentence;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A rule as a page shows it for editing.
 *
 * @param place the way down to it, see {@link RuleTree}
 * @param any whether one of the parts is enough
 * @param says null for a group
 */
public record RuleNode(
        String place,
        boolean negated,
        boolean any,
        @Nullable Sentence says,
        List<RuleNode> parts) {

    static RuleNode of(Rule rule, RuleWords words) {
        return of(rule, "", false, words);
    }

    private static RuleNode of(Rule rule, String place, boolean negated, RuleWords words) {
        return switch (rule) {
            case Rule.Not(var inner) -> of(inner, place, !negated, words);
            case Rule.Condition condition -> new RuleNode(place, negated, false, words.of(condition), List.of());
            case Rule.Group group -> {
                var parts = new ArrayList<RuleNode>();
                for (int i = 0; i < group.rules().size(); i++) {
                    parts.add(of(group.rules().get(i), place.isEmpty() ? "" + i : place + "." + i, false, words));
                }
                yield new RuleNode(place, negated, group instanceof Rule.Any, null, List.copyOf(parts));
            }
        };
    }

    public boolean group() {
        return says == null;
    }

    /** For the id of an element. */
    public String mark() {
        return "r" + place.replace('.', '-');
    }
}
