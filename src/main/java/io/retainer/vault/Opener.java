package io.retainer.vault;

import java.util.UUID;

/** Opens sealed values of one client for one kind of processing. */
public final class Opener {

    private final ClientVault vault;

    Opener(ClientVault vault) {
        this.vault = vault;
    }

    /** @throws io.retainer.kernel.Unavailable when the value does not belong where it is found, or its key is gone */
    public Personal open(SealedColumn column, UUID row, Sealed sealed) {
        return vault.open(column, row, sealed);
    }

    /**
     * As {@link #open}, for what is no text, such as a piece of a file.
     *
     * @throws io.retainer.kernel.Unavailable when it does not belong where it is found, or its key is gone
     */
    public byte[] openBytes(SealedColumn column, UUID row, Sealed sealed) {
        return vault.openBytes(column, row, sealed);
    }
}
