package io.retainer.workorder;

import static io.retainer.identity.Capability.AGREE_WORK;
import static io.retainer.identity.Capability.DO_WORK;
import static io.retainer.identity.Capability.REQUEST_WORK;
import static io.retainer.kernel.Party.CLIENT;
import static io.retainer.kernel.Party.PROVIDER;
import static io.retainer.workorder.WorkOrderState.*;

import io.retainer.identity.Access;
import io.retainer.identity.Capability;
import io.retainer.kernel.Party;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/** What a person may do about a work order: from which states, on whose side, with what standing. */
@SuppressWarnings("ImmutableEnumChecker") // its sets and lists are unmodified copies
public enum WorkOrderAct {
    CONFIRM(CLIENT, AGREE_WORK, RECORDED),
    /** The client says that it never asked. */
    DISOWN(CLIENT, AGREE_WORK, RECORDED),
    TAKE_IN_SCOPE(PROVIDER, AGREE_WORK, REQUESTED),
    TAKE_AS_CHANGE(PROVIDER, AGREE_WORK, REQUESTED),
    DECLINE(PROVIDER, AGREE_WORK, REQUESTED, CHANGE),
    /** A second quote replaces one that was not answered. */
    QUOTE(PROVIDER, AGREE_WORK, CHANGE, QUOTED),
    ACCEPT_QUOTE(CLIENT, AGREE_WORK, QUOTED),
    REJECT_QUOTE(CLIENT, AGREE_WORK, QUOTED),
    START(PROVIDER, DO_WORK, APPROVED),
    DELIVER(PROVIDER, DO_WORK, IN_PROGRESS, REWORK),
    ACCEPT(CLIENT, AGREE_WORK, DELIVERED, ESCALATED),
    REJECT(CLIENT, AGREE_WORK, DELIVERED, ESCALATED),
    CANCEL(CLIENT, AGREE_WORK, REQUESTED, CHANGE, QUOTED, APPROVED, IN_PROGRESS, REWORK, DELIVERED, ESCALATED),
    STATE_WORK(PROVIDER, AGREE_WORK, CANCELLING),
    AGREE_STATED(CLIENT, AGREE_WORK, WORK_STATED),
    DISPUTE_STATED(CLIENT, AGREE_WORK, WORK_STATED);

    private final Party party;
    private final Capability capability;
    private final Set<WorkOrderState> from;

    WorkOrderAct(Party party, Capability capability, WorkOrderState first, WorkOrderState... more) {
        this.party = party;
        this.capability = capability;
        this.from = EnumSet.of(first, more);
    }

    public Party party() {
        return party;
    }

    Capability capability() {
        return capability;
    }

    boolean from(WorkOrderState state) {
        return from.contains(state);
    }

    /** Whether the order waits for it: it may be cancelled or quoted anew at any time, but that is no next step. */
    boolean isNext(WorkOrderState state) {
        return from(state) && this != CANCEL && !(this == QUOTE && state == QUOTED);
    }

    /** What this person may do now, in the order in which it is usually done. */
    static List<WorkOrderAct> open(WorkOrderState state, Access access) {
        return Stream.of(values())
                .filter(act -> act.from(state) && act.party == access.party() && access.may(act.capability))
                .toList();
    }

    /** Who may ask for work: the client's people, and the provider's for them. */
    static boolean mayAsk(Access access) {
        return access.party() == CLIENT ? access.may(REQUEST_WORK) : access.party() == PROVIDER && access.may(DO_WORK);
    }
}
