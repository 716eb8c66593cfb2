package io.retainer.customer;

import io.retainer.customer.Rule.All;
import io.retainer.customer.Rule.Any;
import io.retainer.customer.Rule.Condition;
import io.retainer.customer.Rule.Group;
import io.retainer.customer.Rule.Not;
import io.retainer.kernel.Refused;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Changes one place of a tree of rules. A place is the way down from the root, such as {@code 0.2}: the third rule of the
 * first group. A negation has no place of its own.
 */
final class RuleTree {

    static final int DEEPEST = 5;
    static final int MOST_CONDITIONS = 40;

    /** What becomes of a rule; null when it goes. */
    @FunctionalInterface
    private interface Change {
        @Nullable
        Rule of(Rule rule);
    }

    private RuleTree() {}

    /** Parses such a way; the root is empty. */
    static List<Integer> place(String text) {
        var place = new ArrayList<Integer>();
        if (!text.isEmpty()) {
            for (var step : text.split("\\.", -1)) {
                if (!step.matches("[0-9]{1,3}")) {
                    throw gone();
                }
                place.add(Integer.valueOf(step));
            }
        }
        return place;
    }

    /** Puts a rule at the end of the group at that place. */
    static Rule add(Rule root, List<Integer> place, Rule added) {
        return changed(root, place, rule -> switch (rule) {
            case Group group -> {
                var rules = new ArrayList<>(group.rules());
                rules.add(added);
                yield group.with(rules);
            }
            case Not(Group group) -> new Not(add(group, List.of(), added));
            case Not _, Condition _ -> throw gone();
        });
    }

    static Rule remove(Rule root, List<Integer> place) {
        return changed(root, place, _ -> null);
    }

    static Rule negate(Rule root, List<Integer> place) {
        return changed(root, place, rule -> rule instanceof Not(var inner) ? inner : new Not(rule));
    }

    /** All of a group become any of it, and the other way round. */
    static Rule turn(Rule root, List<Integer> place) {
        return changed(root, place, RuleTree::turned);
    }

    private static Rule turned(Rule rule) {
        return switch (rule) {
            case All(var rules) -> new Any(rules);
            case Any(var rules) -> new All(rules);
            case Not(var inner) -> new Not(turned(inner));
            case Condition _ -> throw gone();
        };
    }

    private static Rule changed(Rule root, List<Integer> place, Change change) {
        var changed = change(root, place, change);
        return changed == null ? new All(List.of()) : changed;
    }

    private static @Nullable Rule change(Rule rule, List<Integer> place, Change change) {
        if (place.isEmpty()) {
            return change.of(rule);
        }
        return switch (rule) {
            case Not(var inner) -> {
                var changed = change(inner, place, change);
                yield changed == null ? null : new Not(changed);
            }
            case Condition _ -> throw gone();
            case Group group -> {
                int at = place.getFirst();
                if (at >= group.rules().size()) {
                    throw gone();
                }
                var rules = new ArrayList<>(group.rules());
                var changed = change(rules.get(at), place.subList(1, place.size()), change);
                if (changed == null) {
                    rules.remove(at);
                } else {
                    rules.set(at, changed);
                }
                yield group.with(rules);
            }
        };
    }

    private static Refused gone() {
        return Refused.because("customer.segment.place");
    }

    static int depth(Rule rule) {
        return switch (rule) {
            case Condition _ -> 0;
            case Not(var inner) -> depth(inner);
            case Group group ->
                1 + group.rules().stream().mapToInt(RuleTree::depth).max().orElse(0);
        };
    }

    static List<Condition> conditions(Rule rule) {
        return switch (rule) {
            case Condition condition -> List.of(condition);
            case Not(var inner) -> conditions(inner);
            case Group group ->
                group.rules().stream()
                        .flatMap(each -> conditions(each).stream())
                        .toList();
        };
    }
}
