package io.retainer.evidence;

import static java.util.Comparator.comparing;

import io.retainer.evidence.tlog.Hash;
import io.retainer.kernel.Clause;
import io.retainer.kernel.Fact;
import io.retainer.kernel.Money;
import java.lang.reflect.RecordComponent;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.time.temporal.TemporalAccessor;
import java.time.temporal.TemporalAmount;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A fact as it is kept: one canonical JSON object, and its RFC 6962 leaf hash.
 *
 * @param id of the fact, also inside the text, so that no two leaves are alike
 * @param text canonical JSON; its UTF-8 bytes are what is hashed
 */
record Leaf(UUID id, String text, Hash hash, Instant recordedAt) {

    /** Of the format, as told to outsiders in docs/evidence-format.md. */
    static final int VERSION = 1;

    /** Longest text of a leaf, in bytes; a fact is a few ids and amounts. */
    static final int LONGEST = 16 * 1024;

    private static final int LONGEST_CODE = 300;

    private static final Set<String> IN_THE_HEAD =
            Set.of("tenant", "contract", "clause", "kind", "subject", "happenedAt", "actor");

    private static final ClassValue<List<RecordComponent>> BODY = new ClassValue<>() {
        @Override
        protected List<RecordComponent> computeValue(Class<?> type) {
            var components = type.getRecordComponents();
            if (components == null) {
                throw new IllegalArgumentException("A fact is a record: " + type);
            }
            var body = Stream.of(components)
                    .filter(component -> !IN_THE_HEAD.contains(component.getName()))
                    .toList();
            // Fact records are mostly package-private nested types.
            body.forEach(component -> component.getAccessor().setAccessible(true));
            return body;
        }
    };

    private static final ClassValue<List<RecordComponent>> ALL = new ClassValue<>() {
        @Override
        protected List<RecordComponent> computeValue(Class<?> type) {
            var all = List.of(type.getRecordComponents());
            all.forEach(component -> component.getAccessor().setAccessible(true));
            return all;
        }
    };

    /**
     * @throws IllegalArgumentException when the fact carries what a ledger must not: free text, fractions, unknown types
     */
    static Leaf of(Fact fact, UUID id, Instant now) {
        // What the database keeps of an instant, so that the column and the text agree.
        var recordedAt = now.truncatedTo(ChronoUnit.MICROS);
        var head = new HashMap<String, Object>();
        head.put("v", VERSION);
        head.put("id", id.toString());
        head.put("tenant", fact.tenant().toString());
        head.put("contract", fact.contract().toString());
        head.put("kind", code("kind", fact.kind()));
        head.put("clause", fact.clause().id());
        head.put("subject", code("subject", fact.subject()));
        head.put("happenedAt", fact.happenedAt().truncatedTo(ChronoUnit.MICROS).toString());
        head.put("recordedAt", recordedAt.toString());
        var actor = fact.actor();
        if (actor != null) {
            head.put("actor", actor.toString());
        }
        head.put("body", object(fact, BODY.get(fact.getClass())));
        var text = CanonicalJson.text(head);
        if (text.length() > LONGEST) {
            throw new IllegalArgumentException(
                    "A fact of " + text.length() + " bytes is too long for the ledger: " + fact.kind());
        }
        return new Leaf(id, text, Hash.leaf(text.getBytes(StandardCharsets.UTF_8)), recordedAt);
    }

    private static Map<String, Object> object(Object holder, List<RecordComponent> components) {
        var members = new HashMap<String, Object>();
        for (var component : components) {
            var value = plain(component.getName(), read(component, holder));
            if (value != null) {
                members.put(component.getName(), value);
            }
        }
        return members;
    }

    private static @Nullable Object read(RecordComponent component, Object holder) {
        try {
            return component.getAccessor().invoke(holder);
        } catch (ReflectiveOperationException unreadable) {
            throw new IllegalStateException("Cannot read " + component, unreadable);
        }
    }

    private static @Nullable Object plain(String name, @Nullable Object value) {
        return switch (value) {
            case null -> null;
            case Optional<?> optional -> plain(name, optional.orElse(null));
            case Boolean bool -> bool;
            case Integer number -> number;
            case Long number -> number;
            case Money money -> money.fen();
            case BigDecimal number -> number.toPlainString();
            case Clause clause -> clause.id();
            case Enum<?> constant -> constant.name();
            case UUID uuid -> uuid.toString();
            case Instant instant -> instant.truncatedTo(ChronoUnit.MICROS).toString();
            case TemporalAccessor date -> date.toString();
            case TemporalAmount duration -> duration.toString();
            case String text -> code(name, text);
            // A set has no order of its own; the text needs one.
            case Set<?> set ->
                set.stream()
                        .map(item -> plain(name, item))
                        .sorted(comparing(String::valueOf))
                        .toList();
            case Collection<?> many ->
                many.stream().map(item -> plain(name, item)).toList();
            case Map<?, ?> map -> {
                var members = new HashMap<String, @Nullable Object>();
                map.forEach((key, item) -> members.put(String.valueOf(plain(name, key)), plain(name, item)));
                yield members;
            }
            case Record inner -> object(inner, ALL.get(inner.getClass()));
            case Object other ->
                throw new IllegalArgumentException("A fact cannot hold " + other.getClass() + " in '" + name + "'");
        };
    }

    /** A net under the rule of {@link Fact}: what people here write is Chinese, what codes are made of is ASCII. */
    private static String code(String name, String text) {
        if (text.length() > LONGEST_CODE || text.chars().anyMatch(c -> c < ' ' || c > '~')) {
            throw new IllegalArgumentException("A fact holds ids and short codes, not free text: '" + name
                    + "' must be visible ASCII, at most " + LONGEST_CODE + " characters");
        }
        return text;
    }
}
