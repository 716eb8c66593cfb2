package io.retainer.contract;

import io.retainer.kernel.Clause;

/**
 * A clause of the register and where the text says it.
 *
 * @param inferredHeading the number is not printed; it follows from what stands before and after (clauses.md §0 S3)
 * @param cutOff the text ends inside this clause (S5)
 */
public record FoundClause(Clause clause, Passage passage, boolean inferredHeading, boolean cutOff) {}
