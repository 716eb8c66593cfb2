package io.retainer.complaint;

/** Why a complaint is not handled under this contract. */
enum Redirection {
    NOT_A_COMPLAINT,
    OUT_OF_SCOPE
}
