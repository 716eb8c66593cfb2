package io.retainer.identity;

import java.util.EnumSet;
import java.util.Set;

/** How far a contract, as it stands, lets its people go. */
public enum Reach {
    /** All that their roles allow. */
    FULL,
    /** The contract has ended: what is left is to wind it up. */
    WINDING_UP,
    /** Nothing but reading one's own records. */
    RECORDS;

    /** What is left of the capabilities a role gives. */
    Set<Capability> of(Set<Capability> can) {
        var left = EnumSet.noneOf(Capability.class);
        left.addAll(can);
        switch (this) {
            case FULL -> {}
            case WINDING_UP ->
                left.removeAll(EnumSet.of(Capability.EDIT_TERMS, Capability.CONFIRM_TERMS, Capability.SUBMIT));
            case RECORDS ->
                left.retainAll(EnumSet.of(Capability.READ_CONTRACT, Capability.READ_MONEY, Capability.READ_LEDGER));
        }
        return left;
    }
}
