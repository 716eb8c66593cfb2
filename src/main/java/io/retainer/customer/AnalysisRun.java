package io.retainer.customer;

import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * One analysis of all customers of a client.
 *
 * @param settings JSON: what was asked for
 * @param report JSON, once it is done
 * @param dataState tells whether the data have changed since
 */
public record AnalysisRun(
        UUID id,
        Kind kind,
        String settings,
        State state,
        int percent,
        String dataState,
        @Nullable String report,
        UUID startedBy,
        Instant startedAt,
        @Nullable Instant endedAt) {

    /** What is analysed. */
    public enum Kind {
        VALUE,
        CHURN
    }

    /** How far it has come. */
    public enum State {
        RUNNING,
        DONE,
        FAILED
    }

    public boolean running() {
        return state == State.RUNNING;
    }
}
