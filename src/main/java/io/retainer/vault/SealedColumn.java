package io.retainer.vault;

import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;

/**
 * A {@code bytea} column that holds personal data.
 *
 * @param table with its schema, such as {@code customer.phone}; part of what every value is bound to, so never rename it
 *     without sealing anew
 */
public record SealedColumn(String table, String column, PersonalKind kind) {

    private static final Pattern TABLE = Pattern.compile("[a-z_]+\\.[a-z_]+");
    private static final Pattern COLUMN = Pattern.compile("[a-z_]+");
    /** Of a handful of columns, asked for once a value. */
    private static final Map<SealedColumn, byte[]> NAMES = new ConcurrentHashMap<>();

    public SealedColumn {
        if (!TABLE.matcher(table).matches() || !COLUMN.matcher(column).matches()) {
            throw new IllegalArgumentException("Not the name of a column: " + table + "." + column);
        }
    }

    /** Such as {@code customer.phone.number}: how facts and lists name it. */
    public String name() {
        return table + "." + column;
    }

    /** What a value is bound to: tenant and row have a fixed length, so no two places look alike. */
    byte[] place(UUID tenant, UUID row) {
        var name = NAMES.computeIfAbsent(this, column -> column.name().getBytes(StandardCharsets.UTF_8));
        var place = new byte[32 + name.length];
        put(place, 0, tenant);
        put(place, 16, row);
        System.arraycopy(name, 0, place, 32, name.length);
        return place;
    }

    private static void put(byte[] bytes, int at, UUID id) {
        long high = id.getMostSignificantBits();
        long low = id.getLeastSignificantBits();
        for (int i = 0; i < 8; i++) {
            bytes[at + i] = (byte) (high >>> (56 - 8 * i));
            bytes[at + 8 + i] = (byte) (low >>> (56 - 8 * i));
        }
    }
}
