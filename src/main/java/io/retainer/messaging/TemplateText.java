package io.retainer.messaging;

import io.retainer.kernel.Refused;
import io.retainer.messaging.MessageKind.Variable;
import io.retainer.messaging.MessageKind.VariableType;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Wording with places for variables: {@code {{name}}}, and {@code {{#list}}…{{/list}}} once for each entry. That is all of
 * it: no expressions, no calls, and what is put in is never read again, so a value cannot smuggle anything in.
 */
final class TemplateText {

    private static final Pattern TAG = Pattern.compile("\\{\\{\\s*([#/]?)\\s*([A-Za-z][A-Za-z0-9]*)\\s*}}");

    private sealed interface Part {}

    private record Plain(String text) implements Part {}

    private record Place(String name) implements Part {}

    private record Each(String list, List<Part> parts) implements Part {}

    private final List<Part> parts;

    private TemplateText(List<Part> parts) {
        this.parts = parts;
    }

    /**
     * Reads wording and holds it to the variables of its kind.
     *
     * @param field named when it is refused
     */
    static TemplateText of(String text, MessageKind kind, String field) {
        var matcher = TAG.matcher(text);
        var outer = new ArrayList<Part>();
        var inner = new ArrayList<Part>();
        @Nullable Variable open = null;
        int last = 0;
        while (matcher.find()) {
            var into = open == null ? outer : inner;
            plain(into, text.substring(last, matcher.start()), field);
            last = matcher.end();
            var name = matcher.group(2);
            switch (matcher.group(1)) {
                case "#" -> {
                    if (open != null) {
                        throw Refused.field(field, "messaging.refused.nested", name, open.name());
                    }
                    open = find(kind.variables(), name, true, field);
                }
                case "/" -> {
                    if (open == null || !open.name().equals(name)) {
                        throw Refused.field(field, "messaging.refused.unopened", name);
                    }
                    outer.add(new Each(name, List.copyOf(inner)));
                    inner.clear();
                    open = null;
                }
                default -> {
                    find(open == null ? kind.variables() : open.of(), name, false, field);
                    into.add(new Place(name));
                }
            }
        }
        if (open != null) {
            throw Refused.field(field, "messaging.refused.unclosed", open.name());
        }
        plain(outer, text.substring(last), field);
        return new TemplateText(List.copyOf(outer));
    }

    private static void plain(List<Part> into, String text, String field) {
        if (text.contains("{{") || text.contains("}}")) {
            throw Refused.field(field, "messaging.refused.braces");
        }
        if (!text.isEmpty()) {
            into.add(new Plain(text));
        }
    }

    private static Variable find(List<Variable> known, String name, boolean list, String field) {
        return known.stream()
                .filter(variable -> variable.name().equals(name) && (variable.type() == VariableType.LIST) == list)
                .findFirst()
                .orElseThrow(() -> Refused.field(
                        field,
                        "messaging.refused.variable",
                        name,
                        known.stream().map(Variable::name).collect(Collectors.joining(", "))));
    }

    /** @param words strings, and lists of maps of strings */
    String fill(Map<String, Object> words) {
        var out = new StringBuilder();
        fill(parts, words, out);
        return out.toString();
    }

    private static void fill(List<Part> parts, Map<?, ?> words, StringBuilder out) {
        for (var part : parts) {
            switch (part) {
                case Plain(var text) -> out.append(text);
                case Place(var name) ->
                    out.append(
                            words.get(name) instanceof Quoted(var quoted)
                                    ? quoted.replaceAll("[\\p{Cntrl}\\u2028\\u2029&&[^\\n]]+", " ")
                                    : clean(String.valueOf(words.get(name))));
                case Each(var list, var inner) -> {
                    if (words.get(list) instanceof List<?> entries) {
                        for (var entry : entries) {
                            fill(inner, (Map<?, ?>) entry, out);
                        }
                    }
                }
            }
        }
    }

    /** Words of a person, whose lines are kept. */
    record Quoted(String text) {}

    /** One line, without what a terminal or mail header could take for a command. */
    private static String clean(String value) {
        return value.replaceAll("[\\p{Cntrl}\\u2028\\u2029]+", " ");
    }
}
