package io.retainer.evidence;

import io.retainer.evidence.tlog.Hash;
import io.retainer.evidence.tlog.SignedNote;
import io.retainer.evidence.tlog.VerifierKey;
import io.retainer.kernel.Sentence;
import io.retainer.kernel.Texts;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.spec.PKCS8EncodedKeySpec;
import java.security.spec.X509EncodedKeySpec;
import java.time.Clock;
import java.time.ZoneOffset;
import java.util.Base64;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.support.TransactionSynchronizationManager;

/**
 * The Ed25519 key that signs checkpoints. The secret is a file beside the database, never in it: who copies the database
 * cannot sign. The database remembers the public half, so that a lost or exchanged file is noticed and nothing is signed
 * until the right one is back.
 */
@Component
class SigningKey {

    private static final Logger log = LoggerFactory.getLogger(SigningKey.class);

    private static final Pattern BLOCK =
            Pattern.compile("-----BEGIN (PRIVATE|PUBLIC) KEY-----\\s+([A-Za-z0-9+/=\\s]+)-----END \\1 KEY-----");

    private final Path file;
    private final JdbcClient jdbc;
    private final Clock clock;
    private @Nullable KeyPair pair;
    private @Nullable Sentence trouble;

    SigningKey(
            @Value("${retainer.evidence.key:${retainer.data:./data}/evidence.key}") Path file,
            JdbcClient jdbc,
            Clock clock) {
        this.file = file;
        this.jdbc = jdbc;
        this.clock = clock;
    }

    /** Why nothing can be signed, or empty. Looks again as long as there is trouble, so no restart is needed. */
    synchronized Optional<Sentence> trouble() {
        if (pair == null) {
            var before = trouble;
            trouble = load();
            if (trouble != null && !trouble.equals(before)) {
                log.error("{}", Texts.in(Texts.ENGLISH).say(trouble));
            }
        }
        return Optional.ofNullable(trouble);
    }

    /** The public key of this ledger, or empty before the first start is complete. Known even when the file is lost. */
    Optional<VerifierKey> verifier(String name) {
        return registered().map(point -> new VerifierKey(name, point));
    }

    /** @throws IllegalStateException when there is {@link #trouble()} */
    synchronized SignedNote sign(String text, String name) {
        if (pair == null) {
            throw new IllegalStateException("There is no signing key");
        }
        return SignedNote.sign(text, VerifierKey.of(name, pair.getPublic()), pair.getPrivate());
    }

    private @Nullable Sentence load() {
        try {
            var known = registered();
            if (known.isEmpty() && TransactionSynchronizationManager.isCurrentTransactionReadOnly()) {
                // Somebody looks at a ledger before the first sealing, which will make the key.
                return null;
            }
            if (!Files.exists(file)) {
                if (known.isPresent()) {
                    return Sentence.of("evidence.key.missing", file.toString(), fingerprint(known.get()));
                }
                create();
            }
            var found = read();
            var point = VerifierKey.of("x", found.getPublic()).point();
            if (known.isEmpty()) {
                register(point);
                known = registered();
            }
            if (!known.equals(Optional.of(point))) {
                return Sentence.of(
                        "evidence.key.wrong",
                        file.toString(),
                        fingerprint(point),
                        known.map(SigningKey::fingerprint).orElse("—"));
            }
            pair = found;
            return null;
        } catch (IOException | GeneralSecurityException | IllegalArgumentException unusable) {
            return Sentence.of("evidence.key.unusable", file.toString(), String.valueOf(unusable.getMessage()));
        }
    }

    private Optional<Hash> registered() {
        return jdbc.sql("select public_key from evidence.signer")
                .query((row, _) -> Hash.of(row.getBytes(1)))
                .optional();
    }

    private void register(Hash point) {
        jdbc.sql("insert into evidence.signer (public_key, since) values (:key, :now) on conflict do nothing")
                .param("key", point.bytes())
                .param("now", clock.instant().atOffset(ZoneOffset.UTC))
                .update();
    }

    private void create() throws IOException, GeneralSecurityException {
        var fresh = KeyPairGenerator.getInstance("Ed25519").generateKeyPair();
        var folder = file.toAbsolutePath().getParent();
        if (folder != null) {
            Files.createDirectories(folder);
        }
        var onlyOwner = folder != null && Files.getFileStore(folder).supportsFileAttributeView("posix")
                ? new FileAttribute<?>[] {
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"))
                }
                : new FileAttribute<?>[0];
        var text = pem(fresh);
        try (var channel = Files.newByteChannel(
                file, Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE), onlyOwner)) {
            channel.write(java.nio.ByteBuffer.wrap(text.getBytes(StandardCharsets.US_ASCII)));
        } catch (FileAlreadyExistsException another) {
            return; // an instance starting beside this one was faster
        }
        log.warn(
                "A key to sign the ledger was made: {}. BACK IT UP apart from the database: without it nothing more can "
                        + "be sealed. Its fingerprint, to give to both parties: {}",
                file.toAbsolutePath(),
                fingerprint(VerifierKey.of("x", fresh.getPublic()).point()));
    }

    private KeyPair read() throws IOException, GeneralSecurityException {
        var blocks = BLOCK.matcher(Files.readString(file, StandardCharsets.US_ASCII));
        byte @Nullable [] secret = null;
        byte @Nullable [] open = null;
        while (blocks.find()) {
            var bytes = Base64.getMimeDecoder().decode(blocks.group(2));
            if (blocks.group(1).equals("PRIVATE")) {
                secret = bytes;
            } else {
                open = bytes;
            }
        }
        if (secret == null || open == null) {
            throw new IOException("it must hold a PRIVATE KEY and a PUBLIC KEY in PEM");
        }
        var keys = KeyFactory.getInstance("Ed25519");
        var found = new KeyPair(
                keys.generatePublic(new X509EncodedKeySpec(open)),
                keys.generatePrivate(new PKCS8EncodedKeySpec(secret)));
        var key = VerifierKey.of("x", found.getPublic());
        if (!SignedNote.sign("the halves fit\n", key, found.getPrivate()).signedBy(key)) {
            throw new GeneralSecurityException("its two halves do not fit");
        }
        return found;
    }

    /** As openssl reads it: the secret, then the public half, because the JDK cannot derive the one from the other. */
    static String pem(KeyPair pair) {
        return block("PRIVATE", pair.getPrivate().getEncoded())
                + block("PUBLIC", pair.getPublic().getEncoded());
    }

    private static String block(String what, byte[] key) {
        return "-----BEGIN " + what + " KEY-----\n" + Base64.getEncoder().encodeToString(key) + "\n-----END " + what
                + " KEY-----\n";
    }

    private static String fingerprint(Hash point) {
        return new VerifierKey("x", point).fingerprint();
    }
}
