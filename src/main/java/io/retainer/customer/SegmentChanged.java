package io.retainer.customer;

import io.retainer.kernel.Clause;
import io.retainer.kernel.Fact;
import java.time.Instant;
import java.util.UUID;

/**
 * Somebody made, changed or removed a segment of customers. The rule itself stays in the row.
 *
 * @param version of the segment from now on
 * @param rule SHA-256 of the rule as stored, in hexadecimal; empty for a list
 */
public record SegmentChanged(
        UUID tenant,
        UUID contract,
        UUID segment,
        Change change,
        int version,
        String rule,
        Instant happenedAt,
        UUID actor)
        implements Fact {

    /** What was done. */
    public enum Change {
        MADE,
        RENAMED,
        RULE,
        MEMBERS,
        REMOVED
    }

    @Override
    public Clause clause() {
        return Clause.I_1_1_1;
    }

    @Override
    public String kind() {
        return "customer.SegmentChanged";
    }

    @Override
    public String subject() {
        return "segment/" + segment;
    }
}
