package io.retainer.customer;

/** How far an import has come. */
public enum ImportState {
    /** The file is on its way. */
    UPLOADING,
    /** It waits for a person to say what its columns are. */
    UPLOADED,
    RUNNING,
    /** Stopped by a person; what came in stays, and it can go on. */
    CANCELLED,
    DONE,
    FAILED,
    REVERTING,
    /** Everything it brought is gone again. */
    REVERTED
}
