package io.retainer.vault;

import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Arrays;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/**
 * A piece of personal data as it is stored: encrypted with a key of its client and bound to its tenant, table, column and
 * row, so that it opens nowhere else. Shows nothing when printed or serialized.
 */
public final class Sealed {

    private static final int PREFIX = 5;

    private final byte[] bytes;

    private Sealed(byte[] bytes) {
        this.bytes = bytes;
    }

    /** What a column holds; the bytes are kept as they are. */
    public static Sealed of(byte[] bytes) {
        return new Sealed(bytes);
    }

    public static @Nullable Sealed orNull(byte @Nullable [] bytes) {
        return bytes == null ? null : new Sealed(bytes);
    }

    /** For the column; not to be changed. */
    public byte[] bytes() {
        return bytes;
    }

    /** Whether it was made with the key of this id: Tink writes a version byte and the key's id in front. */
    boolean madeWith(int keyId) {
        return bytes.length > PREFIX && Arrays.equals(bytes, 0, PREFIX, prefix(keyId), 0, PREFIX);
    }

    static byte[] prefix(int keyId) {
        return new byte[] {1, (byte) (keyId >>> 24), (byte) (keyId >>> 16), (byte) (keyId >>> 8), (byte) keyId};
    }

    static String hex(byte[] prefix) {
        return HexFormat.of().formatHex(prefix);
    }

    @JsonValue
    @Override
    public String toString() {
        return "****";
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Sealed that && Arrays.equals(bytes, that.bytes);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(bytes);
    }
}
