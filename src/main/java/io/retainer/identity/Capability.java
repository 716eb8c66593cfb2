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
    OPERATE_DUTY
}
