package io.retainer.customer;

import io.retainer.kernel.Clause;
import io.retainer.kernel.Fact;
import io.retainer.kernel.Party;
import java.time.Instant;
import java.util.UUID;

/**
 * A list of customers was asked for, permitted, denied or handed out. The reason stays in the row.
 *
 * @param export the row that holds the reason and the number printed in the file
 * @param customers how many it names
 */
public record ExportRecorded(
        UUID tenant,
        UUID contract,
        UUID export,
        int number,
        UUID segment,
        int segmentVersion,
        ExportState state,
        boolean masked,
        long customers,
        DataPurpose purpose,
        Party party,
        Instant happenedAt,
        UUID actor)
        implements Fact {

    @Override
    public Clause clause() {
        return Clause.III_A2_1;
    }

    @Override
    public String kind() {
        return switch (state) {
            case ASKED -> "customer.ExportAsked";
            case PERMITTED -> "customer.ExportPermitted";
            case DENIED -> "customer.ExportDenied";
            case HANDED -> "customer.ExportHanded";
        };
    }

    @Override
    public String subject() {
        return "export/" + export;
    }
}
