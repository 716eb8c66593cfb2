package io.retainer.contract;

/** How one party signs (G-01). */
public enum SignatureMode {
    SEAL,
    AUTHORISED_SIGNATURE,
    SEAL_AND_SIGNATURE;

    /** Whether this is a signature as the parties agreed it. */
    boolean satisfies(TermKey.SignMode agreed) {
        return switch (agreed) {
            case SEAL_OR_AUTHORISED_SIGNATURE -> true;
            case SEAL_ONLY -> this != AUTHORISED_SIGNATURE;
            case SEAL_AND_SIGNATURE -> this == SEAL_AND_SIGNATURE;
        };
    }
}
