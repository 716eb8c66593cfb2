package io.retainer.vault;

import com.google.crypto.tink.Aead;
import io.retainer.kernel.Refused;
import io.retainer.kernel.Sentence;
import io.retainer.kernel.Texts;
import io.retainer.kernel.Unavailable;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.time.Clock;
import java.time.ZoneOffset;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.SmartInitializingSingleton;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/**
 * The key that wraps the keys of all clients. It is a file beside the database, never in it: who copies the database can
 * read nobody. The database remembers something only the right key opens; while the file is missing or another one,
 * everything personal answers 503 and nothing is ever stored in the clear. It looks again as long as there is trouble, so
 * that putting the file back needs no restart.
 */
@Component
class MasterKey implements SmartInitializingSingleton {

    private static final Logger log = LoggerFactory.getLogger(MasterKey.class);
    private static final byte[] CHECKED = "retainer master key 1".getBytes(StandardCharsets.UTF_8);
    private static final UUID FIRST = new UUID(0, 0);

    private final MasterKeyFile file;
    private final JdbcClient jdbc;
    private final Clock clock;
    private @Nullable Aead aead;
    private int primary;
    private @Nullable Object read;
    private @Nullable Sentence trouble;

    /** @throws Refused when others than the owner can read the file: then the application does not start */
    MasterKey(
            @Value("${retainer.vault.key:${retainer.data:./data}/vault.key}") Path file, JdbcClient jdbc, Clock clock) {
        this.file = new MasterKeyFile(file);
        this.jdbc = jdbc;
        this.clock = clock;
        var open = this.file.openToOthers();
        if (open != null) {
            throw new Refused(open);
        }
    }

    /** The first start makes the key, so that it is in the first backup. */
    @Override
    public void afterSingletonsInstantiated() {
        trouble();
    }

    /** Why nothing can be sealed or opened, or empty. */
    synchronized Optional<Sentence> trouble() {
        if (aead == null) {
            var before = trouble;
            trouble = load();
            if (trouble != null && !trouble.equals(before)) {
                log.error("{}", Texts.in(Texts.ENGLISH).say(trouble));
            }
        }
        return Optional.ofNullable(trouble);
    }

    /** @throws Unavailable while there is {@link #trouble()} */
    synchronized Aead aead() {
        trouble().ifPresent(sentence -> {
            throw new Unavailable(sentence, null);
        });
        if (aead == null) {
            throw new IllegalStateException("Without trouble there is a key");
        }
        return aead;
    }

    /** The id of the key that wraps from now on; takes a changed file in. */
    synchronized int primary() {
        if (aead != null && !file.stamp().equals(read)) {
            var present = aead;
            aead = null;
            var found = load();
            if (found != null) {
                // What was read at first still works; the file is looked at again on the next round.
                aead = present;
                log.error("{}", Texts.in(Texts.ENGLISH).say(found));
            }
        }
        aead();
        return primary;
    }

    private @Nullable Sentence load() {
        try {
            var open = file.openToOthers();
            if (open != null) {
                return open;
            }
            var known = jdbc.sql("select check_value from vault.master")
                    .query(byte[].class)
                    .optional();
            if (!file.exists()) {
                if (known.isPresent() && inUse()) {
                    return Sentence.of("vault.master.missing", file.path());
                }
                if (file.create()) {
                    log.warn(
                            "A master key for personal data was made: {}. BACK IT UP NOW, apart from the database: "
                                    + "without it nobody can ever read the personal data again.",
                            file.path());
                }
            }
            var stamp = file.stamp();
            var keyset = file.read();
            var candidate = keyset.getPrimitive(ClientKeys.TINK, Aead.class);
            if (known.isEmpty()) {
                known = remembered(candidate);
            }
            int keyId = keyset.getPrimary().getId();
            if (!opens(candidate, known)) {
                if (inUse()) {
                    return Sentence.of("vault.master.wrong", file.path());
                }
                remember(candidate);
            } else if (known.isPresent() && !Sealed.of(known.get()).madeWith(keyId)) {
                remember(candidate);
            }
            aead = candidate;
            primary = keyId;
            read = stamp;
            return null;
        } catch (IOException | GeneralSecurityException unusable) {
            return Sentence.of("vault.master.unusable", file.path(), String.valueOf(unusable.getMessage()));
        }
    }

    private static boolean opens(Aead candidate, Optional<byte[]> known) {
        try {
            return known.isPresent() && java.util.Arrays.equals(candidate.decrypt(known.get(), CHECKED), CHECKED);
        } catch (GeneralSecurityException e) {
            return false;
        }
    }

    private boolean inUse() {
        return jdbc.sql("select exists (select from vault.clients(:first, 1))")
                .param("first", FIRST)
                .query(Boolean.class)
                .single();
    }

    /** The first of several instances that start together decides. */
    private Optional<byte[]> remembered(Aead candidate) throws GeneralSecurityException {
        jdbc.sql("insert into vault.master (check_value, since) values (:value, :now) on conflict do nothing")
                .param("value", candidate.encrypt(CHECKED, CHECKED))
                .param("now", clock.instant().atOffset(ZoneOffset.UTC))
                .update();
        return jdbc.sql("select check_value from vault.master")
                .query(byte[].class)
                .optional();
    }

    private void remember(Aead candidate) throws GeneralSecurityException {
        jdbc.sql("update vault.master set check_value = :value")
                .param("value", candidate.encrypt(CHECKED, CHECKED))
                .update();
    }
}
