package io.retainer.evidence.tlog;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PublicKey;
import java.security.Signature;
import java.security.spec.X509EncodedKeySpec;
import java.util.Arrays;
import java.util.HexFormat;

/**
 * A C2SP signed-note verifier key for Ed25519: {@code <name>+<key id in hex>+<base64(0x01 || public key)>}.
 *
 * @param name of the key; the same as the origin of the log it signs
 * @param point the 32-byte public key of RFC 8032, as a hash-sized value
 */
public record VerifierKey(String name, Hash point) {

    private static final byte ED25519 = 1;
    private static final byte[] X509_PREFIX = HexFormat.of().parseHex("302a300506032b6570032100");

    public VerifierKey {
        requireName(name);
    }

    /** @throws MalformedLog when it is no Ed25519 verifier key, or its id does not fit its name and key */
    public static VerifierKey parse(String line) {
        var parts = line.split("\\+", 3);
        if (parts.length != 3) {
            throw new MalformedLog("a verifier key has three parts joined by +: " + Hash.shortened(line));
        }
        var material = Hash.strictBase64(parts[2]);
        if (material.length != 1 + Hash.LENGTH || material[0] != ED25519) {
            throw new MalformedLog("only Ed25519 verifier keys are known");
        }
        var key = new VerifierKey(parts[0], Hash.of(Arrays.copyOfRange(material, 1, material.length)));
        if (!parts[1].equals(HexFormat.of().formatHex(key.id()))) {
            throw new MalformedLog("the id of the verifier key does not fit its name and key");
        }
        return key;
    }

    /** The key of a Java public key, which must be Ed25519. */
    public static VerifierKey of(String name, PublicKey key) {
        var encoded = key.getEncoded();
        if (!Arrays.equals(X509_PREFIX, Arrays.copyOf(encoded, X509_PREFIX.length))) {
            throw new IllegalArgumentException("Not an Ed25519 key: " + key.getAlgorithm());
        }
        return new VerifierKey(name, Hash.of(Arrays.copyOfRange(encoded, X509_PREFIX.length, encoded.length)));
    }

    /** The first four bytes of {@code SHA-256(name || 0x0A || 0x01 || key)}. */
    public byte[] id() {
        var digest = Hash.sha256();
        digest.update(name.getBytes(StandardCharsets.UTF_8));
        digest.update((byte) '\n');
        digest.update(ED25519);
        return Arrays.copyOf(digest.digest(point.bytes()), 4);
    }

    /** The same key under another name, as one key signs the logs of many contracts. */
    public VerifierKey named(String other) {
        return new VerifierKey(other, point);
    }

    /** The SHA-256 of the bare key in hex, to read aloud and compare; it does not depend on the name. */
    public String fingerprint() {
        return HexFormat.of().formatHex(Hash.sha256().digest(point.bytes()));
    }

    /** @throws MalformedLog when the 32 bytes are no point of the curve */
    public PublicKey publicKey() {
        var encoded = Arrays.copyOf(X509_PREFIX, X509_PREFIX.length + Hash.LENGTH);
        System.arraycopy(point.bytes(), 0, encoded, X509_PREFIX.length, Hash.LENGTH);
        try {
            return KeyFactory.getInstance("Ed25519").generatePublic(new X509EncodedKeySpec(encoded));
        } catch (GeneralSecurityException bad) {
            throw new MalformedLog("the public key is not a key", bad);
        }
    }

    boolean verifies(byte[] text, byte[] signature) {
        try {
            var verifier = Signature.getInstance("Ed25519");
            verifier.initVerify(publicKey());
            verifier.update(text);
            return verifier.verify(signature);
        } catch (GeneralSecurityException | MalformedLog bad) {
            return false;
        }
    }

    static void requireName(String name) {
        if (name.isEmpty() || name.indexOf('+') >= 0 || name.codePoints().anyMatch(VerifierKey::isSpaceOrControl)) {
            throw new MalformedLog("a key name is not empty and has no space and no +: " + Hash.shortened(name));
        }
    }

    private static boolean isSpaceOrControl(int c) {
        return Character.isWhitespace(c) || Character.isSpaceChar(c) || Character.isISOControl(c);
    }

    @Override
    public String toString() {
        var material = new byte[1 + Hash.LENGTH];
        material[0] = ED25519;
        System.arraycopy(point.bytes(), 0, material, 1, Hash.LENGTH);
        return name + "+" + HexFormat.of().formatHex(id()) + "+"
                + java.util.Base64.getEncoder().encodeToString(material);
    }
}
