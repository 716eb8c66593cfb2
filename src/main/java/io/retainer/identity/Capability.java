package io.retainer.identity;

/** What standing may allow a person to do under one contract. */
public enum Capability {
    READ_CONTRACT,
    READ_MONEY,
    READ_LEDGER,
    EDIT_TERMS,
    CONFIRM_TERMS,
    SUBMIT,
    SIGN,
    RECORD_PAYMENT,
    ISSUE_RECEIPT,
    /** Suspend, terminate, demand, claim a penalty: rights that time only makes available (I-3.3, I-5.1). */
    ASSERT_RIGHT,
    ANSWER_DEMAND,
    OPERATE_DUTY,
    /** Word templates, set the contact budget, send again. */
    MANAGE_MESSAGES,
    /** Ask for other work (I-1.1*(7)). */
    REQUEST_WORK,
    /** Do what was asked for: write it down, start, deliver. */
    DO_WORK,
    /** Bind one's side about other work: take or decline, quote, accept, send back, cancel. */
    AGREE_WORK,
    /** See the client's customers, masked. */
    READ_CUSTOMERS,
    EDIT_CUSTOMERS,
    IMPORT_CUSTOMERS,
    /** See one personal value in the clear, for a purpose and on the record (III-A2). */
    REVEAL,
    /** See complaints and their words, contact data masked (I-1.1*(2)). */
    READ_COMPLAINTS,
    /** Take complaints in and work on them. */
    WORK_COMPLAINTS,
    /** Set how complaints are taken in, and what follows from root causes. */
    LEAD_COMPLAINTS,
    /** Approve, for the client, what is above the authority limit of the provider. */
    APPROVE_REMEDY,
    /** See who looked at personal data, and change its keys (III-A2.2). */
    GUARD_DATA
}
