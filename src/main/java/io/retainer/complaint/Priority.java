package io.retainer.complaint;

/** How urgent a complaint is; decides until when it must be resolved (facts.md §2.11). */
enum Priority {
    P1,
    P2,
    P3
}
