package io.retainer.customer;

/** By which way a customer may be addressed. */
public enum Channel {
    PHONE,
    SMS,
    EMAIL,
    WECHAT,
    POST,
    /** Every way there is. */
    ANY
}
