package io.retainer.contract;

/** By what right a signatory binds the party (G-01, Civil Code 490). */
public enum AuthorityBasis {
    /** 授权委托书. */
    POWER_OF_ATTORNEY,
    /** 法定代表人. */
    LEGAL_REPRESENTATIVE
}
