package io.retainer.identity;

import io.retainer.kernel.Party;
import java.util.EnumSet;
import java.util.Set;

/** How far a contract, as it stands, lets its people go. */
public enum Reach {
    /**
     * The contract is not signed by all yet: it gives its people what is needed to agree on it. Anybody can draft a
     * contract that names somebody as the client, so until both have signed it opens nothing of the client's to the others.
     */
    PROPOSED,
    /** All that their roles allow. */
    FULL,
    /** The contract has ended: what is left is to wind it up. */
    WINDING_UP,
    /** Nothing but reading one's own records. */
    RECORDS;

    /** What reaches beyond the contract itself: the client's customers, their complaints, its messages. */
    private static final Set<Capability> OF_THE_CLIENT = EnumSet.of(
            Capability.READ_CUSTOMERS,
            Capability.EDIT_CUSTOMERS,
            Capability.IMPORT_CUSTOMERS,
            Capability.REVEAL,
            Capability.GUARD_DATA,
            Capability.READ_COMPLAINTS,
            Capability.WORK_COMPLAINTS,
            Capability.LEAD_COMPLAINTS,
            Capability.MANAGE_MESSAGES);

    /** What is left of the capabilities a role gives in an organisation that has this part in the contract. */
    Set<Capability> of(Party party, Set<Capability> can) {
        var left = EnumSet.noneOf(Capability.class);
        left.addAll(can);
        switch (this) {
            case PROPOSED -> {
                // What is its own, the client has anyway.
                if (party != Party.CLIENT) {
                    left.removeAll(OF_THE_CLIENT);
                }
            }
            case FULL -> {}
            case WINDING_UP ->
                left.removeAll(EnumSet.of(Capability.EDIT_TERMS, Capability.CONFIRM_TERMS, Capability.SUBMIT));
            case RECORDS ->
                left.retainAll(EnumSet.of(Capability.READ_CONTRACT, Capability.READ_MONEY, Capability.READ_LEDGER));
        }
        return left;
    }
}
