package io.retainer.customer;

import io.retainer.kernel.Refused;
import java.io.IOException;
import java.io.Reader;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Rows of JSON Lines: an object a line; its keys are the columns, those of an object inside it too, and lists become several
 * values in one cell.
 */
final class JsonRows implements ImportRows {

    private static final JsonMapper JSON = JsonMapper.builder(JsonFactory.builder()
                    .streamReadConstraints(StreamReadConstraints.builder()
                            .maxNestingDepth(10)
                            .maxStringLength(LONGEST_ROW)
                            .build())
                    .build())
            .build();

    private final Reader reader;
    private final List<String> header;
    private final char[] buffer = new char[1 << 14];
    private int position;
    private int limit;
    private long number;

    JsonRows(Reader reader, List<String> header) {
        this.reader = reader;
        this.header = List.copyOf(header);
    }

    @Override
    public long number() {
        return number;
    }

    /**
     * The keys of these lines, in the order in which they come up; what is inside an object is headed {@code address.city}.
     *
     * @throws Refused when there are more than a list of customers has
     */
    static List<String> header(Reader sample) throws IOException {
        var keys = new LinkedHashSet<String>();
        var lines = new JsonRows(sample, List.of());
        for (var line = lines.line(); line != null; line = lines.line()) {
            try {
                var node = line.length() > LONGEST_ROW ? JSON.missingNode() : JSON.readTree(line.toString());
                if (node.isObject()) {
                    keys.addAll(flat(node).keySet());
                }
            } catch (JacksonException e) {
                // The import itself will report the line.
            }
            if (keys.size() > MOST_COLUMNS) {
                throw Refused.field("file", "customer.import.keys", MOST_COLUMNS);
            }
        }
        return List.copyOf(keys);
    }

    @Override
    public @Nullable Raw next() throws IOException {
        StringBuilder line;
        do {
            line = line();
            if (line == null) {
                return null;
            }
        } while (line.toString().isBlank());
        if (line.length() > LONGEST_ROW) {
            return Raw.bad("customer.row.long", LONGEST_ROW).holding(List.of(line.toString()));
        }
        try {
            var node = JSON.readTree(line.toString());
            if (!node.isObject()) {
                return Raw.bad("customer.row.json").holding(List.of(line.toString()));
            }
            var values = flat(node);
            var cells = new ArrayList<String>(header.size());
            for (var key : header) {
                var value = values.remove(key);
                cells.add(value == null ? "" : value);
            }
            for (var other : values.entrySet()) {
                if (!other.getValue().isBlank()) {
                    return Raw.bad("customer.row.key", other.getKey()).holding(cells);
                }
            }
            return Raw.of(cells);
        } catch (JacksonException e) {
            return Raw.bad("customer.row.json").holding(List.of(line.toString()));
        }
    }

    private static Map<String, String> flat(JsonNode object) {
        var values = new LinkedHashMap<String, String>();
        object.properties().forEach(each -> flatten(each.getKey(), each.getValue(), values));
        return values;
    }

    private static void flatten(String key, JsonNode node, Map<String, String> values) {
        if (node.isObject()) {
            node.properties().forEach(each -> flatten(key + "." + each.getKey(), each.getValue(), values));
        } else if (node.isArray()) {
            node.forEach(each -> flatten(key, each, values));
            if (node.isEmpty()) {
                values.putIfAbsent(key, "");
            }
        } else {
            values.merge(
                    key,
                    node.isNull() ? "" : node.asString(),
                    (known, more) -> more.isEmpty() ? known : known + ";" + more);
        }
    }

    /** One line, of which no more than the limit is kept. */
    private @Nullable StringBuilder line() throws IOException {
        var line = new StringBuilder();
        boolean any = false;
        while (true) {
            if (position == limit) {
                limit = reader.read(buffer);
                position = 0;
                if (limit <= 0) {
                    limit = 0;
                    return any ? line : null;
                }
            }
            if (!any) {
                number++;
                any = true;
            }
            char c = buffer[position++];
            if (c == '\n') {
                return line;
            }
            if (line.length() <= LONGEST_ROW && c != '\r') {
                line.append(c);
            }
        }
    }

    @Override
    public void close() throws IOException {
        reader.close();
    }
}
