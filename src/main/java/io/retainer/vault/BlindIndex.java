package io.retainer.vault;

/**
 * Finds rows by a sealed value without opening any: a {@code bigint} column with the leading bits of HMAC-SHA-256 under a
 * key of this client and this index. Equality on {@code bigint} is leakproof, so the index also works under row-level
 * security.
 */
public record BlindIndex(SealedColumn column, Form form) {

    /** What of the value is compared. */
    public enum Form {
        /**
         * The whole value. 64 bits: among 10 million values of one client two different ones meet with a probability of
         * 3 in a million, so a hit may be taken for the value itself.
         */
        WHOLE(64),
        /**
         * The last four characters, which callers are asked for. 32 bits: there are only some 10 000 such ends, so a
         * longer tag would add nothing; every hit stands for all the rows with the same end.
         */
        LAST_4(32),
        /**
         * A part of the value: a word, a pair of characters, initials. 32 bits keep the lists of them small; a false hit
         * among a million rows comes once in some 4 000 searches and only adds a row to a list.
         */
        PART(32);

        private final int bits;

        Form(int bits) {
            this.bits = bits;
        }
    }

    static final int SHORTEST_END = 4;

    public static BlindIndex whole(SealedColumn column) {
        return new BlindIndex(column, Form.WHOLE);
    }

    public static BlindIndex last4(SealedColumn column) {
        return new BlindIndex(column, Form.LAST_4);
    }

    public static BlindIndex part(SealedColumn column) {
        return new BlindIndex(column, Form.PART);
    }

    /** Names the key; part of every index, so never change it. */
    String label() {
        return "retainer blind index 1|" + column.name() + "|" + form;
    }

    /** The leading bits; below 64 they are a number between 0 and 2^32. */
    long truncated(byte[] mac) {
        long all = 0;
        for (int i = 0; i < Long.BYTES; i++) {
            all = (all << 8) | (mac[i] & 0xFFL);
        }
        return all >>> (Long.SIZE - form.bits);
    }
}
