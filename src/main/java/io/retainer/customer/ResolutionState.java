package io.retainer.customer;

/** How far a search for duplicates has come. */
public enum ResolutionState {
    READING,
    COMPARING,
    STORING,
    DONE,
    FAILED,
    STOPPED;

    public boolean running() {
        return compareTo(DONE) < 0;
    }
}
