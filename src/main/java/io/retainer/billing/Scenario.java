package io.retainer.billing;

import java.time.Instant;
import java.util.List;
import java.util.UUID;

/**
 * A what-if that somebody shared: both sides as they were judged then, so that whoever opens it sees this and nothing that
 * happened since.
 *
 * @param person who shared it
 * @param title in the person's words; may be empty
 * @param asOf the moment of the judgement
 * @param money whether amounts may be shown: whether the person could see them
 * @param real as JSON, without the names of the parties
 * @param supposed the same with what is supposed
 * @param expiresAt when the link ends
 */
record Scenario(
        UUID tenant,
        UUID contract,
        UUID id,
        UUID person,
        String title,
        List<String> hypotheses,
        Instant asOf,
        boolean money,
        String real,
        String supposed,
        Instant createdAt,
        Instant expiresAt) {

    Scenario {
        hypotheses = List.copyOf(hypotheses);
    }

    List<Hypothesis> parsed() {
        return hypotheses.stream().map(Hypothesis::parse).toList();
    }
}
