package io.retainer.kernel;

import java.nio.ByteBuffer;
import java.security.SecureRandom;
import java.util.UUID;

/** Makes the ids of rows: UUIDv7, so that new rows land at the end of an index and ids tell nothing but their time. */
public final class Ids {

    private static final SecureRandom RANDOM = new SecureRandom();
    private static final int BYTES_EACH = 10;
    private static final int DRAWN_TOGETHER = 64;
    /** Drawn ahead by each thread: an import makes millions, and the source serves one at a time. */
    private static final ThreadLocal<ByteBuffer> DRAWN = ThreadLocal.withInitial(
            () -> ByteBuffer.allocate(DRAWN_TOGETHER * BYTES_EACH).flip());

    private Ids() {}

    public static UUID next() {
        return at(System.currentTimeMillis());
    }

    /** An id that sorts by the given time, for rows made on a test clock. */
    public static UUID at(long epochMillis) {
        var random = DRAWN.get();
        if (!random.hasRemaining()) {
            var fresh = new byte[DRAWN_TOGETHER * BYTES_EACH];
            RANDOM.nextBytes(fresh);
            random.clear().put(fresh).flip();
        }
        long high = (epochMillis << 16) | 0x7000L | (random.getShort() & 0x0FFFL);
        long low = random.getLong();
        return new UUID(high, (low & 0x3FFF_FFFF_FFFF_FFFFL) | 0x8000_0000_0000_0000L);
    }
}
