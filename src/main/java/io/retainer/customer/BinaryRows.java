package io.retainer.customer;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.LocalDate;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Rows and arrays as PostgreSQL sends and receives them in binary: no value is turned into text and read again, and bytes
 * made on several threads are only put one behind the other.
 */
final class BinaryRows {

    static final int BYTEA = 17;
    static final int INT8 = 20;
    static final int INT2 = 21;
    static final int INT4 = 23;
    static final int TEXT = 25;
    static final int INT2_ARRAY = 1005;
    static final int INT4_ARRAY = 1007;
    static final int TEXT_ARRAY = 1009;
    static final int DATE = 1082;
    static final int DATE_ARRAY = 1182;
    static final int INT8_ARRAY = 1016;
    static final int TIMESTAMPTZ = 1184;
    static final int UUID_TYPE = 2950;
    static final int UUID_ARRAY = 2951;

    private static final int ARRAY_HEADER = 20;
    private static final int FIRST = 1;
    private static final int DAYS_TO_2000 = 10_957;

    private ByteBuffer bytes;

    BinaryRows(int expected) {
        bytes = ByteBuffer.allocate(ARRAY_HEADER + expected);
        bytes.position(ARRAY_HEADER);
    }

    /** Forgets what was written, to write again in the same room. */
    BinaryRows again() {
        bytes.position(ARRAY_HEADER);
        return this;
    }

    /** All that was written, as the elements of an array. */
    byte[] array(int type, int rows) {
        int end = rows == 0 ? ARRAY_HEADER - 2 * Integer.BYTES : bytes.position();
        bytes.position(0);
        arrayOf(type, rows);
        bytes.position(end);
        return Arrays.copyOf(bytes.array(), end);
    }

    /** Begins something whose length stands in front; {@link #end} needs what this returns. */
    int begin() {
        room(Integer.BYTES);
        bytes.putInt(0);
        return bytes.position();
    }

    void end(int began) {
        bytes.putInt(began - Integer.BYTES, bytes.position() - began);
    }

    void row(int columns) {
        room(Integer.BYTES);
        bytes.putInt(columns);
    }

    void arrayOf(int type, int length) {
        room(ARRAY_HEADER);
        bytes.putInt(length == 0 ? 0 : 1).putInt(0).putInt(type);
        if (length > 0) {
            bytes.putInt(length).putInt(FIRST);
        }
    }

    /** The type of a column, in front of its value. */
    BinaryRows column(int type) {
        room(Integer.BYTES);
        bytes.putInt(type);
        return this;
    }

    void uuid(@Nullable UUID id) {
        room(Integer.BYTES + 2 * Long.BYTES);
        if (id == null) {
            bytes.putInt(-1);
        } else {
            bytes.putInt(2 * Long.BYTES).putLong(id.getMostSignificantBits()).putLong(id.getLeastSignificantBits());
        }
    }

    void bigint(@Nullable Long value) {
        room(Integer.BYTES + Long.BYTES);
        if (value == null) {
            bytes.putInt(-1);
        } else {
            bytes.putInt(Long.BYTES).putLong(value);
        }
    }

    void date(@Nullable LocalDate day) {
        room(2 * Integer.BYTES);
        if (day == null) {
            bytes.putInt(-1);
        } else {
            bytes.putInt(Integer.BYTES).putInt((int) (day.toEpochDay() - DAYS_TO_2000));
        }
    }

    void smallint(short value) {
        room(Integer.BYTES + Short.BYTES);
        bytes.putInt(Short.BYTES).putShort(value);
    }

    void smallints(short[] values, int from, int to) {
        int began = begin();
        arrayOf(INT2, to - from);
        room((to - from) * (Integer.BYTES + Short.BYTES));
        for (int i = from; i < to; i++) {
            bytes.putInt(Short.BYTES).putShort(values[i]);
        }
        end(began);
    }

    void integers(int[] values, int from, int to) {
        int began = begin();
        arrayOf(INT4, to - from);
        room((to - from) * 2 * Integer.BYTES);
        for (int i = from; i < to; i++) {
            bytes.putInt(Integer.BYTES).putInt(values[i]);
        }
        end(began);
    }

    void integer(@Nullable Integer value) {
        room(2 * Integer.BYTES);
        if (value == null) {
            bytes.putInt(-1);
        } else {
            bytes.putInt(Integer.BYTES).putInt(value);
        }
    }

    void bytes(byte @Nullable [] value) {
        room(Integer.BYTES + (value == null ? 0 : value.length));
        if (value == null) {
            bytes.putInt(-1);
        } else {
            bytes.putInt(value.length).put(value);
        }
    }

    void text(@Nullable String value) {
        bytes(value == null ? null : value.getBytes(StandardCharsets.UTF_8));
    }

    void bigints(List<Long> values) {
        int began = begin();
        arrayOf(INT8, values.size());
        values.forEach(this::bigint);
        end(began);
    }

    void integers(List<Integer> values) {
        int began = begin();
        arrayOf(INT4, values.size());
        values.forEach(this::integer);
        end(began);
    }

    void texts(List<String> values) {
        int began = begin();
        arrayOf(TEXT, values.size());
        values.forEach(this::text);
        end(began);
    }

    private void room(int more) {
        if (bytes.remaining() < more) {
            var larger = ByteBuffer.allocate(Math.max(2 * bytes.capacity(), bytes.position() + more));
            larger.put(bytes.array(), 0, bytes.position());
            bytes = larger;
        }
    }
}
