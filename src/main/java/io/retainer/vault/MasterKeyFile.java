package io.retainer.vault;

import com.google.crypto.tink.InsecureSecretKeyAccess;
import com.google.crypto.tink.KeysetHandle;
import com.google.crypto.tink.TinkJsonProtoKeysetFormat;
import com.google.crypto.tink.aead.PredefinedAeadParameters;
import io.retainer.kernel.Sentence;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.util.EnumSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The master key on disk: a Tink keyset in JSON, for its owner alone. It may hold several keys; the primary wraps, all
 * unwrap, so that a new one can be added while the old one is still needed.
 */
final class MasterKeyFile {

    private static final Set<PosixFilePermission> OTHERS = EnumSet.of(
            PosixFilePermission.GROUP_READ,
            PosixFilePermission.GROUP_WRITE,
            PosixFilePermission.GROUP_EXECUTE,
            PosixFilePermission.OTHERS_READ,
            PosixFilePermission.OTHERS_WRITE,
            PosixFilePermission.OTHERS_EXECUTE);
    private static final long LARGEST = 1 << 20;

    private final Path file;

    MasterKeyFile(Path file) {
        this.file = file.toAbsolutePath().normalize();
    }

    String path() {
        return file.toString();
    }

    boolean exists() {
        return Files.exists(file);
    }

    /** Changes when the file does. */
    Object stamp() {
        try {
            return Files.getLastModifiedTime(file).toMillis() + "/" + Files.size(file);
        } catch (IOException e) {
            return "";
        }
    }

    /** A sentence when others than the owner may use the file. */
    @Nullable
    Sentence openToOthers() {
        try {
            if (!exists() || !Files.getFileStore(file).supportsFileAttributeView("posix")) {
                return null;
            }
            var permissions = Files.getPosixFilePermissions(file, new LinkOption[0]);
            return permissions.stream().anyMatch(OTHERS::contains)
                    ? Sentence.of("vault.master.open", path(), PosixFilePermissions.toString(permissions))
                    : null;
        } catch (IOException e) {
            return Sentence.of("vault.master.unusable", path(), String.valueOf(e.getMessage()));
        }
    }

    /** @return false when another instance was faster */
    boolean create() throws IOException, GeneralSecurityException {
        var fresh = json(KeysetHandle.generateNew(PredefinedAeadParameters.AES256_GCM, ClientKeys.TINK));
        var folder = file.getParent();
        if (folder != null) {
            Files.createDirectories(folder);
        }
        try {
            // Whole or not at all: a reader must never see half a key.
            var draft = write(fresh);
            try {
                Files.createLink(file, draft);
            } finally {
                Files.delete(draft);
            }
            return true;
        } catch (FileAlreadyExistsException another) {
            return false;
        }
    }

    KeysetHandle read() throws IOException, GeneralSecurityException {
        if (Files.size(file) > LARGEST) {
            throw new IOException("it is not a key file");
        }
        return TinkJsonProtoKeysetFormat.parseKeyset(
                Files.readString(file), ClientKeys.TINK, InsecureSecretKeyAccess.get());
    }

    /** Adds a key that wraps from now on. */
    void addKey() throws IOException, GeneralSecurityException {
        replace(KeysetHandle.newBuilder(read())
                .setConfiguration(ClientKeys.TINK)
                .addEntry(KeysetHandle.generateEntryFromParameters(PredefinedAeadParameters.AES256_GCM)
                        .withRandomId()
                        .makePrimary())
                .build());
    }

    /** Leaves only the key that wraps. Whatever is still wrapped by an older one can then only be read with a backup. */
    void dropOldKeys() throws IOException, GeneralSecurityException {
        var primary = read().getPrimary().getKey();
        var only = KeysetHandle.newBuilder().setConfiguration(ClientKeys.TINK);
        only.addEntry(KeysetHandle.importKey(primary).makePrimary());
        replace(only.build());
    }

    private void replace(KeysetHandle keyset) throws IOException, GeneralSecurityException {
        Files.move(write(json(keyset)), file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    private Path write(String text) throws IOException {
        var draft = file.resolveSibling(
                file.getFileName() + "." + ProcessHandle.current().pid() + "-" + System.nanoTime() + ".draft");
        var posix = Files.getFileStore(file.getParent()).supportsFileAttributeView("posix");
        var onlyOwner = posix
                ? new FileAttribute<?>[] {
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"))
                }
                : new FileAttribute<?>[0];
        try (var channel = java.nio.channels.FileChannel.open(
                draft, Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE), onlyOwner)) {
            var bytes = ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
            while (bytes.hasRemaining()) {
                channel.write(bytes);
            }
            channel.force(true);
        }
        return draft;
    }

    private static String json(KeysetHandle keyset) throws GeneralSecurityException {
        return TinkJsonProtoKeysetFormat.serializeKeyset(keyset, ClientKeys.TINK, InsecureSecretKeyAccess.get());
    }
}
