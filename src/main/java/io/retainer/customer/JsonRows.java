package io.retainer.customer;

import java.io.IOException;
import java.io.Reader;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Rows of JSON Lines: an object a line; its keys are the columns, lists become several values in one cell. */
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

    JsonRows(Reader reader, List<String> header) {
        this.reader = reader;
        this.header = List.copyOf(header);
    }

    /** The keys of the first lines, in the order in which they come up. */
    static List<String> header(Reader sample) throws IOException {
        var keys = new LinkedHashSet<String>();
        var lines = new JsonRows(sample, List.of());
        for (int i = 0; i < 50; i++) {
            var line = lines.line();
            if (line == null) {
                break;
            }
            try {
                JSON.readTree(line.toString()).propertyNames().forEach(keys::add);
            } catch (JacksonException e) {
                // The import itself will report the line.
            }
        }
        return keys.size() > MOST_COLUMNS ? List.of() : List.copyOf(keys);
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
            return Raw.bad("customer.row.long", LONGEST_ROW);
        }
        try {
            var node = JSON.readTree(line.toString());
            if (!node.isObject()) {
                return Raw.bad("customer.row.json");
            }
            var cells = new ArrayList<String>(header.size());
            for (var key : header) {
                cells.add(text(node.get(key)));
            }
            return Raw.of(cells);
        } catch (JacksonException e) {
            return Raw.bad("customer.row.json");
        }
    }

    private static String text(@Nullable JsonNode node) {
        if (node == null || node.isNull()) {
            return "";
        }
        if (node.isArray()) {
            var values = new ArrayList<String>();
            node.forEach(value -> values.add(text(value)));
            return String.join(";", values);
        }
        return node.isValueNode() ? node.asString() : node.toString();
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
            any = true;
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
