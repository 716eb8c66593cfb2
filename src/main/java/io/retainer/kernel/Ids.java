package io.retainer.kernel;

import java.security.SecureRandom;
import java.util.UUID;

/** Makes the ids of rows: UUIDv7, so that new rows land at the end of an index and ids tell nothing but their time. */
public final class Ids {

    private static final SecureRandom RANDOM = new SecureRandom();

    private Ids() {}

    public static UUID next() {
        return at(System.currentTimeMillis());
    }

    /** An id that sorts by the given time, for rows made on a test clock. */
    public static UUID at(long epochMillis) {
        var random = new byte[10];
        RANDOM.nextBytes(random);
        long high = (epochMillis << 16) | 0x7000L | ((random[0] & 0x0FL) << 8) | (random[1] & 0xFFL);
        long low = 0;
        for (int i = 2; i < 10; i++) {
            low = (low << 8) | (random[i] & 0xFFL);
        }
        return new UUID(high, (low & 0x3FFF_FFFF_FFFF_FFFFL) | 0x8000_0000_0000_0000L);
    }
}
