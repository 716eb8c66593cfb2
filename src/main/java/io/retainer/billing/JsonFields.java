package io.retainer.billing;

import io.retainer.kernel.Money;
import io.retainer.kernel.Refused;
import io.retainer.kernel.RmbWords;
import io.retainer.kernel.Sentence;
import java.math.BigDecimal;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Reads the fields of a JSON object strictly: a missing field, a wrong type, a value out of bounds and a field nobody
 * asked for are each refused with the field's path, what is wrong and what to write instead.
 */
final class JsonFields {

    private static final JsonMapper STRICT = JsonMapper.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();
    private static final LocalDate FIRST_DAY = LocalDate.of(1990, 1, 1);
    private static final LocalDate LAST_DAY = LocalDate.of(2199, 12, 31);

    private final String path;
    private final JsonNode node;
    private final Set<String> asked = new LinkedHashSet<>();

    private JsonFields(String path, JsonNode node) {
        this.path = path;
        this.node = node;
    }

    static JsonFields parse(String json) {
        JsonNode node;
        try {
            node = STRICT.readTree(json);
        } catch (JacksonException broken) {
            var at = broken.getLocation();
            throw Refused.because(
                    "billing.json.syntax",
                    at == null ? 0 : at.getLineNr(),
                    at == null ? 0 : at.getColumnNr(),
                    broken.getOriginalMessage());
        }
        return object("", node);
    }

    private static JsonFields object(String path, JsonNode node) {
        if (!node.isObject()) {
            throw wrongType(path, "object", node);
        }
        return new JsonFields(path, node);
    }

    /** Call when all fields were read: whatever is left was not asked for. */
    void end() {
        for (var name : node.propertyNames()) {
            if (!asked.contains(name)) {
                throw Refused.field(path(name), "billing.json.unknown", path(name), List.copyOf(asked));
            }
        }
    }

    boolean has(String name) {
        asked.add(name);
        return node.has(name) && !node.get(name).isNull();
    }

    JsonFields object(String name) {
        return object(path(name), required(name, "object"));
    }

    Optional<JsonFields> optionalObject(String name) {
        return has(name) ? Optional.of(object(name)) : Optional.empty();
    }

    List<JsonFields> objects(String name, int most) {
        if (!has(name)) {
            return List.of();
        }
        var array = node.get(name);
        if (!array.isArray()) {
            throw wrongType(path(name), "array", array);
        }
        if (array.size() > most) {
            throw Refused.field(path(name), "billing.json.tooMany", path(name), array.size(), most);
        }
        var all = new ArrayList<JsonFields>();
        for (int i = 0; i < array.size(); i++) {
            all.add(object(path(name) + "[" + i + "]", array.get(i)));
        }
        return all;
    }

    List<String> texts(String name) {
        if (!has(name)) {
            return List.of();
        }
        var array = node.get(name);
        if (!array.isArray()) {
            throw wrongType(path(name), "array", array);
        }
        var all = new ArrayList<String>();
        for (int i = 0; i < array.size(); i++) {
            if (!array.get(i).isString()) {
                throw wrongType(path(name) + "[" + i + "]", "text", array.get(i));
            }
            all.add(array.get(i).stringValue());
        }
        return all;
    }

    String text(String name) {
        var value = required(name, "text");
        if (!value.isString() || value.stringValue().length() > 500) {
            throw wrongType(path(name), "text", value);
        }
        return value.stringValue();
    }

    String text(String name, String otherwise) {
        return has(name) ? text(name) : otherwise;
    }

    int integer(String name, int least, int most) {
        var value = required(name, "integer");
        if (!value.isIntegralNumber()) {
            throw wrongType(path(name), "integer", value);
        }
        if (!value.canConvertToInt() || value.intValue() < least || value.intValue() > most) {
            throw Refused.field(path(name), "billing.json.range", path(name), shown(value), least, most);
        }
        return value.intValue();
    }

    int integer(String name, int least, int most, int otherwise) {
        return has(name) ? integer(name, least, most) : otherwise;
    }

    boolean truth(String name, boolean otherwise) {
        if (!has(name)) {
            return otherwise;
        }
        if (!node.get(name).isBoolean()) {
            throw wrongType(path(name), "truth", node.get(name));
        }
        return node.get(name).booleanValue();
    }

    /** A decimal number, as JSON number or text, up to {@code most} with at most 8 decimals. */
    BigDecimal decimal(String name, String most) {
        var value = number(name, "decimal");
        if (value.signum() < 0 || value.compareTo(new BigDecimal(most)) > 0 || value.scale() > 8) {
            throw Refused.field(path(name), "billing.json.range", path(name), shown(node.get(name)), 0, most);
        }
        return value;
    }

    @Nullable
    BigDecimal optionalDecimal(String name, String most) {
        return has(name) ? decimal(name, most) : null;
    }

    Money money(String name) {
        var value = number(name, "money");
        var limit = RmbWords.LIMIT.yuan();
        if (value.signum() < 0 || value.compareTo(limit) >= 0) {
            throw Refused.field(path(name), "billing.json.range", path(name), shown(node.get(name)), 0, RmbWords.LIMIT);
        }
        if (value.stripTrailingZeros().scale() > 2) {
            throw Refused.field(path(name), "billing.json.fraction", path(name), shown(node.get(name)));
        }
        return Money.of(value);
    }

    private BigDecimal number(String name, String type) {
        var value = required(name, type);
        if (value.isNumber()) {
            var number = value.decimalValue();
            if (Math.abs((long) number.scale()) <= 20 && number.precision() <= 30) {
                return number;
            }
        } else if (value.isString() && value.stringValue().matches("\\d{1,15}(\\.\\d{1,15})?")) {
            return new BigDecimal(value.stringValue());
        }
        throw wrongType(path(name), type, value);
    }

    LocalDate date(String name) {
        var text = required(name, "date");
        try {
            if (text.isString()) {
                return bounded(name, LocalDate.parse(text.stringValue()));
            }
        } catch (DateTimeException _) {
            // said below
        }
        throw wrongType(path(name), "date", text);
    }

    /** A moment with its offset, or a date: its first instant, or its last when {@code endOfDay}. */
    Instant instant(String name, ZoneId zone, boolean endOfDay) {
        var text = required(name, "instant");
        if (text.isString()) {
            try {
                if (text.stringValue().length() == 10) {
                    var date = bounded(name, LocalDate.parse(text.stringValue()));
                    return endOfDay
                            ? date.plusDays(1).atStartOfDay(zone).toInstant().minusNanos(1)
                            : date.atStartOfDay(zone).toInstant();
                }
                var moment = OffsetDateTime.parse(text.stringValue());
                bounded(name, moment.toLocalDate());
                return moment.toInstant();
            } catch (DateTimeException _) {
                // said below
            }
        }
        throw wrongType(path(name), "instant", text);
    }

    private LocalDate bounded(String name, LocalDate date) {
        if (date.isBefore(FIRST_DAY) || date.isAfter(LAST_DAY)) {
            throw Refused.field(path(name), "billing.json.range", path(name), date.toString(), FIRST_DAY, LAST_DAY);
        }
        return date;
    }

    ZoneId zone(String name, ZoneId otherwise) {
        if (!has(name)) {
            return otherwise;
        }
        try {
            return ZoneId.of(text(name));
        } catch (DateTimeException _) {
            throw wrongType(path(name), "zone", node.get(name));
        }
    }

    <E extends Enum<E>> E choice(String name, Class<E> type, E otherwise) {
        return has(name) ? choice(name, type) : otherwise;
    }

    <E extends Enum<E>> E choice(String name, Class<E> type) {
        var given = text(name);
        for (var constant : type.getEnumConstants()) {
            if (constant.name().equals(given)) {
                return constant;
            }
        }
        throw notOneOf(
                name, Arrays.stream(type.getEnumConstants()).map(Enum::name).toList());
    }

    Refused notOneOf(String name, List<String> allowed) {
        return Refused.field(path(name), "billing.json.choice", path(name), shown(node.get(name)), allowed);
    }

    String path(String name) {
        return path.isEmpty() ? name : path + "." + name;
    }

    private JsonNode required(String name, String type) {
        if (!has(name)) {
            throw Refused.field(
                    path(name), "billing.json.missing", path(name), Sentence.of("billing.json.type." + type));
        }
        return node.get(name);
    }

    private static Refused wrongType(String path, String type, JsonNode given) {
        return new Refused(
                path.isEmpty() ? null : path,
                Sentence.of(
                        "billing.json.wrongType",
                        path.isEmpty() ? "$" : path,
                        shown(given),
                        Sentence.of("billing.json.type." + type)));
    }

    private static String shown(JsonNode given) {
        var text = given.toString();
        return text.length() > 60 ? text.substring(0, 60) + "…" : text;
    }
}
