package io.retainer.customer;

import java.util.Arrays;
import java.util.List;

/**
 * Under what the customers of a run are found, as {@code customer.key_page} keeps it: by bucket, each key shortened to 32 bits
 * beside the number of a customer who has it.
 */
final class KeyPages {

    private static final int BUCKETS = 256;
    private static final int BYTES_EACH = 10;

    private int[] keys;
    private short[] numbers;
    private int count;

    KeyPages(int expected) {
        keys = new int[expected];
        numbers = new short[expected];
    }

    void add(int number, List<Integer> some) {
        for (int key : some) {
            add(number, key);
        }
    }

    void addLong(int number, List<Long> some) {
        for (long key : some) {
            add(number, (int) key);
        }
    }

    private void add(int number, int key) {
        if (count == keys.length) {
            keys = Arrays.copyOf(keys, 2 * count + BUCKETS);
            numbers = Arrays.copyOf(numbers, 2 * count + BUCKETS);
        }
        keys[count] = key;
        numbers[count] = (short) number;
        count++;
    }

    /** As {@code customer.incoming_page[]}. */
    byte[] incoming(int type) {
        var starts = new int[BUCKETS + 1];
        for (int i = 0; i < count; i++) {
            starts[(keys[i] & (BUCKETS - 1)) + 1]++;
        }
        for (int bucket = 0; bucket < BUCKETS; bucket++) {
            starts[bucket + 1] += starts[bucket];
        }
        var next = starts.clone();
        var sortedKeys = new int[count];
        var sortedNumbers = new short[count];
        for (int i = 0; i < count; i++) {
            int at = next[keys[i] & (BUCKETS - 1)]++;
            sortedKeys[at] = keys[i];
            sortedNumbers[at] = numbers[i];
        }
        var rows = new BinaryRows(count * (BYTES_EACH + Integer.BYTES) + BUCKETS * 100);
        int pages = 0;
        for (int bucket = 0; bucket < BUCKETS; bucket++) {
            if (starts[bucket] < starts[bucket + 1]) {
                pages++;
                int row = rows.begin();
                rows.row(3);
                rows.column(BinaryRows.INT2).smallint((short) bucket);
                rows.column(BinaryRows.INT4_ARRAY).integers(sortedKeys, starts[bucket], starts[bucket + 1]);
                rows.column(BinaryRows.INT2_ARRAY).smallints(sortedNumbers, starts[bucket], starts[bucket + 1]);
                rows.end(row);
            }
        }
        return rows.array(type, pages);
    }
}
