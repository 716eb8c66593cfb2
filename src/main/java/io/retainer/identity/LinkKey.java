package io.retainer.identity;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.Set;
import java.util.UUID;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.stereotype.Component;

/**
 * The key from which signed links and one-time codes are derived: a file beside the database, never in it, so that who
 * copies the database can make neither. A lost file makes the open links invalid, and nothing worse.
 */
@Component
class LinkKey {

    private final Path file;
    private @Nullable SecretKeySpec key;

    LinkKey(@Value("${retainer.links.key:${retainer.data:./data}/links.key}") Path file) {
        this.file = file;
    }

    /** HMAC-SHA256 over what it is for and whom. The use is separated, so that a code is never a piece of a link. */
    byte[] mac(String use, String purpose, UUID tenant, UUID id) {
        try {
            var mac = Mac.getInstance("HmacSHA256");
            mac.init(key());
            return mac.doFinal((use + "\n" + purpose + "\n" + tenant + "\n" + id).getBytes(StandardCharsets.UTF_8));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private synchronized SecretKeySpec key() {
        var known = key;
        if (known == null) {
            try {
                if (!Files.exists(file)) {
                    create();
                }
                known = new SecretKeySpec(
                        Base64.getMimeDecoder().decode(Files.readString(file, StandardCharsets.US_ASCII)),
                        "HmacSHA256");
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            key = known;
        }
        return known;
    }

    private void create() throws IOException {
        var folder = file.toAbsolutePath().getParent();
        if (folder != null) {
            Files.createDirectories(folder);
        }
        var onlyOwner = folder != null && Files.getFileStore(folder).supportsFileAttributeView("posix")
                ? new FileAttribute<?>[] {
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"))
                }
                : new FileAttribute<?>[0];
        var fresh = new byte[32];
        new SecureRandom().nextBytes(fresh);
        try (var channel = Files.newByteChannel(
                file, Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE), onlyOwner)) {
            channel.write(ByteBuffer.wrap(Base64.getEncoder().encode(fresh)));
        } catch (FileAlreadyExistsException another) {
            // an instance starting beside this one was faster, and its key counts
        }
    }
}
