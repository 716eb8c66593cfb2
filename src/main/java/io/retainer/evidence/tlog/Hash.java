package io.retainer.evidence.tlog;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;

/** A SHA-256 value: a leaf, a node or a root of an RFC 6962 tree. */
public final class Hash {

    /** In bytes. */
    public static final int LENGTH = 32;

    /** The root of the tree without leaves. */
    public static final Hash EMPTY_TREE = new Hash(sha256().digest());

    private final byte[] value;

    private Hash(byte[] value) {
        this.value = value;
    }

    /** @throws MalformedLog when there are not exactly 32 bytes */
    public static Hash of(byte[] value) {
        if (value.length != LENGTH) {
            throw new MalformedLog("a hash has 32 bytes, not " + value.length);
        }
        return new Hash(value.clone());
    }

    /** The {@code position}-th of hashes laid end to end. */
    public static Hash in(byte[] hashes, int position) {
        return new Hash(Arrays.copyOfRange(hashes, position * LENGTH, (position + 1) * LENGTH));
    }

    /** @throws MalformedLog when it is not the one base64 form of 32 bytes */
    public static Hash ofBase64(String text) {
        return of(strictBase64(text));
    }

    /** {@code SHA-256(0x00 || entry)}: the prefix keeps a leaf from ever passing for a node. */
    public static Hash leaf(byte[] entry) {
        var digest = sha256();
        digest.update((byte) 0);
        return new Hash(digest.digest(entry));
    }

    /** {@code SHA-256(0x01 || left || right)}. */
    public static Hash node(Hash left, Hash right) {
        var digest = sha256();
        digest.update((byte) 1);
        digest.update(left.value);
        return new Hash(digest.digest(right.value));
    }

    public byte[] bytes() {
        return value.clone();
    }

    public String base64() {
        return Base64.getEncoder().encodeToString(value);
    }

    static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException("Every JDK has SHA-256", impossible);
        }
    }

    /** Two texts never decode to the same bytes: what was changed must not look unchanged. */
    static byte[] strictBase64(String text) {
        try {
            var bytes = Base64.getDecoder().decode(text);
            if (Base64.getEncoder().encodeToString(bytes).equals(text)) {
                return bytes;
            }
        } catch (IllegalArgumentException notBase64) {
            throw new MalformedLog("not base64: " + shortened(text), notBase64);
        }
        throw new MalformedLog("not the standard form of base64: " + shortened(text));
    }

    static String shortened(String text) {
        return text.length() <= 60 ? text : text.substring(0, 60) + "…";
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Hash hash && MessageDigest.isEqual(value, hash.value);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(value);
    }

    @Override
    public String toString() {
        return HexFormat.of().formatHex(value);
    }
}
