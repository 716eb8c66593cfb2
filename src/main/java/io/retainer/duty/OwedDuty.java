package io.retainer.duty;

import java.time.Instant;
import java.util.Comparator;
import java.util.Objects;

/**
 * A duty that is owed, alone or for others like it.
 *
 * @param duty the most urgent of them
 * @param more how many others of the same contract, clause, debtor, action and state it stands for
 * @param soon how many of all of these fall due before the instant that was asked about
 */
public record OwedDuty(AssessedDuty duty, int more, int soon) {

    static final Comparator<OwedDuty> MOST_URGENT_FIRST = Comparator.comparing((OwedDuty owed) -> !owed.late())
            .thenComparing(owed -> Objects.requireNonNullElse(owed.duty.assessment().due(), Instant.MAX))
            .thenComparing(owed -> owed.duty.duty().id());

    /** Whether it was missed already. */
    public boolean late() {
        return duty.assessment().state() == DutyState.BREACHED;
    }

    /** All of them. */
    public int number() {
        return more + 1;
    }
}
