package io.retainer.customer;

import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * One search for duplicates among all customers of a client.
 *
 * @param candidates pairs that were compared
 * @param mergeFrom log2 odds from which a pair is held for one customer
 * @param apartBelow log2 odds below which it is held for two
 * @param prior log2 odds before anything is compared
 * @param columns what was compared, the most telling first
 * @param lessons how many answers of people were learned from
 */
public record ResolutionRun(
        UUID id,
        ResolutionState state,
        long recordsTotal,
        long recordsRead,
        long candidates,
        long mergePairs,
        long reviewPairs,
        long apartPairs,
        double mergeFrom,
        double apartBelow,
        double prior,
        List<String> columns,
        int lessons,
        UUID startedBy,
        Instant startedAt,
        @Nullable Instant endedAt) {

    public ResolutionRun {
        columns = List.copyOf(columns);
    }

    /** 0 to 100: reading takes the first part, comparing cannot say how far it is. */
    public int percent() {
        return switch (state) {
            case READING -> recordsTotal == 0 ? 0 : Math.clamp(recordsRead * 50 / recordsTotal, 0, 50);
            case COMPARING -> 60;
            case STORING -> 90;
            case DONE, FAILED, STOPPED -> 100;
        };
    }
}
