package io.retainer.kernel;

/** A role in one contract, not a kind of organisation: the same company may be client here and provider there. */
public enum Party {
    /** 甲方: hands its customer work out, owns its customers' data, pays before each service period. */
    CLIENT,
    /** 乙方: does the work. */
    PROVIDER,
    /** 第三方: joins by invitation, bound by its own supplementary agreement. */
    THIRD_PARTY
}
