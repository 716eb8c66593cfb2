package io.retainer.vault;

/** Why a person needs to see a value in the clear (III-A2.1). A closed list; the reason is said in words beside it. */
public enum Purpose {
    /** To serve the customer who is on the line or in the shop. */
    SERVICE,
    COMPLAINT,
    RETURN_VISIT,
    /** The person asked for access, correction, a copy or deletion. */
    SUBJECT_REQUEST,
    /** To put a wrong value right, or to tell two records apart. */
    CORRECTION,
    DISPUTE,
    INCIDENT
}
