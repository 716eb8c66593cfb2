package io.retainer.contract;

import io.retainer.kernel.Clause;
import io.retainer.kernel.Party;
import java.time.Instant;
import java.util.UUID;

/**
 * What somebody of one party said about a clause; both parties read it.
 *
 * @param number of the version it was said about
 */
record ClauseComment(UUID id, int number, Clause clause, Party party, UUID person, String words, Instant madeAt) {}
