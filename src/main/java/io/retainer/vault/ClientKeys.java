package io.retainer.vault;

import com.google.crypto.tink.Aead;
import com.google.crypto.tink.Configuration;
import com.google.crypto.tink.KeysetHandle;
import com.google.crypto.tink.TinkProtoKeysetFormat;
import com.google.crypto.tink.aead.AeadConfig2026;
import com.google.crypto.tink.aead.PredefinedAeadParameters;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * The keys of one client, unwrapped: a Tink keyset of AES-256-GCM keys, of which the primary seals and all open, and the
 * root of its blind-index keys. Immutable; a change makes new ones under a new generation.
 */
final class ClientKeys {

    static final Configuration TINK = AeadConfig2026.get();

    private static final String HMAC = "HmacSHA256";
    private static final int ROOT_BYTES = 32;
    private static final SecureRandom RANDOM = new SecureRandom();

    private final UUID generation;
    private final KeysetHandle data;
    private final Aead aead;
    private final byte[] root;
    /** Keyed and never fed; each use works on a copy, which is cheaper than a new one and needs no lock. */
    private final Map<BlindIndex, Mac> macs = new ConcurrentHashMap<>();

    private ClientKeys(UUID generation, KeysetHandle data, byte[] root) throws GeneralSecurityException {
        this.generation = generation;
        this.data = data;
        this.aead = data.getPrimitive(TINK, Aead.class);
        this.root = root;
    }

    /** Wrapped by the master key, for their row. */
    record Wrapped(Sealed data, Sealed root) {}

    static ClientKeys fresh() {
        try {
            var root = new byte[ROOT_BYTES];
            RANDOM.nextBytes(root);
            return new ClientKeys(
                    UUID.randomUUID(), KeysetHandle.generateNew(PredefinedAeadParameters.AES256_GCM, TINK), root);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    static ClientKeys unwrap(UUID tenant, UUID generation, Wrapped wrapped, Aead master)
            throws GeneralSecurityException {
        return new ClientKeys(
                generation,
                TinkProtoKeysetFormat.parseEncryptedKeyset(wrapped.data().bytes(), master, bound(tenant, "data"), TINK),
                master.decrypt(wrapped.root().bytes(), bound(tenant, "index")));
    }

    Wrapped wrap(UUID tenant, Aead master) {
        try {
            return new Wrapped(
                    Sealed.of(
                            TinkProtoKeysetFormat.serializeEncryptedKeyset(data, master, bound(tenant, "data"), TINK)),
                    Sealed.of(master.encrypt(root, bound(tenant, "index"))));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    /** With a new key that seals from now on; the old ones still open. */
    ClientKeys promoted() {
        try {
            var more = KeysetHandle.newBuilder(data)
                    .setConfiguration(TINK)
                    .addEntry(KeysetHandle.generateEntryFromParameters(PredefinedAeadParameters.AES256_GCM)
                            .withRandomId()
                            .makePrimary())
                    .build();
            return new ClientKeys(UUID.randomUUID(), more, root);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Without the keys that seal nothing any more. */
    ClientKeys onlyPrimary() {
        try {
            var less = KeysetHandle.newBuilder().setConfiguration(TINK);
            less.addEntry(KeysetHandle.importKey(data.getPrimary().getKey()).makePrimary());
            return new ClientKeys(UUID.randomUUID(), less.build(), root);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    UUID generation() {
        return generation;
    }

    int primary() {
        return data.getPrimary().getId();
    }

    Sealed seal(byte[] place, byte[] plain) {
        try {
            return Sealed.of(aead.encrypt(plain, place));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    byte[] open(byte[] place, Sealed sealed) throws GeneralSecurityException {
        return aead.decrypt(sealed.bytes(), place);
    }

    long index(BlindIndex index, String comparable) {
        var keyed = macs.computeIfAbsent(index, this::keyed);
        try {
            return index.truncated(((Mac) keyed.clone()).doFinal(comparable.getBytes(StandardCharsets.UTF_8)));
        } catch (CloneNotSupportedException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Keyed for an index, and for one thread at a time. */
    Mac own(BlindIndex index) {
        return keyed(index);
    }

    private Mac keyed(BlindIndex index) {
        try {
            var derive = Mac.getInstance(HMAC);
            derive.init(new SecretKeySpec(root, HMAC));
            var key = derive.doFinal(index.label().getBytes(StandardCharsets.UTF_8));
            var keyed = Mac.getInstance(HMAC);
            keyed.init(new SecretKeySpec(key, HMAC));
            return keyed;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private static byte[] bound(UUID tenant, String what) {
        return ("retainer client keys 1|" + tenant + "|" + what).getBytes(StandardCharsets.UTF_8);
    }
}
