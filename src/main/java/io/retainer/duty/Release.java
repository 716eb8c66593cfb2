package io.retainer.duty;

/** Why a duty ended that nobody performed and nobody gave up. */
public enum Release {
    /** An amendment both parties signed put another duty in its place. */
    REPLACED,
    /** The contract ended before it was owed. */
    CONTRACT_ENDED,
    /** The time for which it was owed is over. */
    TERM_OVER,
    /** What it protected needs no protection any more: the secret is public, the data are deleted. */
    PURPOSE_GONE
}
