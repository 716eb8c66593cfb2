package io.retainer.messaging;

/**
 * Why it is lawful to address somebody (PIPL art. 13). The limits follow from it; nobody can tick them away.
 */
public enum Ground {
    /** Art. 13(1): asks for consent, and stays within the whole budget. */
    CONSENT,
    /** Art. 13(2): answers what the customer asked for. Counted, kept out of the night on loud channels, never capped. */
    PERFORMANCE,
    /** Art. 13(2): a notice the contract demands. It has to arrive, so no limit holds it back. */
    CONTRACT_NOTICE,
    /** Art. 13(3): a notice the law demands, such as of a data incident (art. 57). No limit, not even an opt-out. */
    STATUTORY_NOTICE,
    /** Work of the parties' own people, and codes they asked for. */
    STAFF
}
