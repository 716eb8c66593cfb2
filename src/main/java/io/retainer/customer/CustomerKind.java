package io.retainer.customer;

/** Who a customer is. */
public enum CustomerKind {
    PERSON,
    COMPANY
}
