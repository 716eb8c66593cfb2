package io.retainer.vault;

import io.retainer.kernel.Sentence;
import io.retainer.kernel.Unavailable;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The vault of one client, for one transaction: take a new one for the next, so that a change of keys is noticed. Safe for
 * use by several threads.
 */
public final class ClientVault {

    private static final Logger log = LoggerFactory.getLogger(ClientVault.class);
    private static final String UNREADABLE = "????";

    private final UUID tenant;
    private final ClientKeys keys;
    private final Vault vault;
    private final @Nullable RememberedTags remembered;

    ClientVault(UUID tenant, ClientKeys keys, Vault vault) {
        this(tenant, keys, vault, null);
    }

    private ClientVault(UUID tenant, ClientKeys keys, Vault vault, @Nullable RememberedTags remembered) {
        this.tenant = tenant;
        this.keys = keys;
        this.vault = vault;
        this.remembered = remembered;
    }

    /**
     * The same for one thread at a time that has very many values to index: it remembers the tags of parts and ends, which
     * repeat.
     */
    public ClientVault forMany() {
        return new ClientVault(tenant, keys, vault, new RememberedTags(keys));
    }

    /**
     * Whether what the other has sealed may be stored as if this one had: true until the client's keys change. For work
     * that seals before the transaction in which it stores.
     */
    public boolean sealsAs(ClientVault other) {
        return tenant.equals(other.tenant) && keys.generation().equals(other.keys.generation());
    }

    /** Encrypts a value for its place. The same value never looks the same twice. */
    public Sealed seal(SealedColumn column, UUID row, String plain) {
        return keys.seal(column.place(tenant, row), plain.getBytes(StandardCharsets.UTF_8));
    }

    /** As {@link #seal(SealedColumn, UUID, String)}, for what is no text, such as a piece of a file. */
    public Sealed seal(SealedColumn column, UUID row, byte[] plain) {
        return keys.seal(column.place(tenant, row), plain);
    }

    public @Nullable Sealed sealOrNull(SealedColumn column, UUID row, @Nullable String plain) {
        return plain == null || plain.isEmpty() ? null : seal(column, row, plain);
    }

    /**
     * The tag to store, or to look for: equal for values that mean the same, such as a number with and without its country
     * code.
     *
     * @return null when there is nothing to compare: an empty value, or fewer than four characters for their end
     */
    public @Nullable Long index(BlindIndex index, @Nullable String plain) {
        if (plain == null) {
            return null;
        }
        var comparable = index.column().kind().comparable(plain);
        if (index.form() == BlindIndex.Form.LAST_4) {
            if (comparable.length() < BlindIndex.SHORTEST_END) {
                return null;
            }
            comparable = comparable.substring(comparable.length() - BlindIndex.SHORTEST_END);
        }
        if (comparable.isEmpty()) {
            return null;
        }
        return remembered == null ? keys.index(index, comparable) : remembered.index(index, comparable);
    }

    /** The value as everybody may see it. A value that cannot be opened shows as such and is reported to the operator. */
    public @Nullable String masked(SealedColumn column, UUID row, @Nullable Sealed sealed) {
        if (sealed == null) {
            return null;
        }
        try {
            return column.kind().mask(plain(column, row, sealed));
        } catch (GeneralSecurityException e) {
            log.error(
                    "A value of {} in row {} of client {} does not open: moved, altered or of a lost key",
                    column.name(),
                    row,
                    tenant,
                    e);
            return UNREADABLE;
        }
    }

    Personal open(SealedColumn column, UUID row, Sealed sealed) {
        try {
            return new Personal(column.kind(), plain(column, row, sealed));
        } catch (GeneralSecurityException e) {
            throw new Unavailable(Sentence.of("vault.unreadable", column.name()), e);
        }
    }

    byte[] openBytes(SealedColumn column, UUID row, Sealed sealed) {
        try {
            return bytes(column, row, sealed);
        } catch (GeneralSecurityException e) {
            throw new Unavailable(Sentence.of("vault.unreadable", column.name()), e);
        }
    }

    private String plain(SealedColumn column, UUID row, Sealed sealed) throws GeneralSecurityException {
        return new String(bytes(column, row, sealed), StandardCharsets.UTF_8);
    }

    private byte[] bytes(SealedColumn column, UUID row, Sealed sealed) throws GeneralSecurityException {
        var place = column.place(tenant, row);
        try {
            return keys.open(place, sealed);
        } catch (GeneralSecurityException e) {
            // Perhaps it was sealed with a key that came after these were read.
            var newer = vault.newer(tenant, keys);
            if (newer == null) {
                throw e;
            }
            return newer.open(place, sealed);
        }
    }
}
