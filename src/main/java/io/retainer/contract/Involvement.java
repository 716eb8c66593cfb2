package io.retainer.contract;

import io.retainer.contract.InvolvementEvent.Closed;
import io.retainer.contract.InvolvementEvent.Invited;
import io.retainer.contract.InvolvementEvent.Joined;
import io.retainer.contract.InvolvementEvent.LeaveRequested;
import io.retainer.contract.InvolvementEvent.Left;
import io.retainer.kernel.Refused;
import java.time.Instant;
import java.time.LocalDate;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * How a third party takes part in a contract. It is bound by nothing before it signed itself (Civil Code 465, II-4.4), from then
 * on by annexes 2, 4 and 5, and after it left by what survives (II-5.3a).
 *
 * @param name as annex 5 has it
 * @param organisation whose people act for it by their accounts, or null
 * @param startsAt from when it takes part; null until it is bound
 * @param endsAt from when it is out, or null
 * @param closedAt when its leaving was carried out in the list of duties
 * @param version for optimistic locking
 */
public record Involvement(
        UUID id,
        UUID tenant,
        UUID contract,
        String name,
        @Nullable UUID organisation,
        Instant invitedAt,
        @Nullable Instant startsAt,
        @Nullable Instant endsAt,
        @Nullable Instant closedAt,
        int version) {

    /** Where it stands at a moment. */
    public enum Stage {
        INVITED,
        JOINING,
        ACTIVE,
        LEAVING,
        LEFT
    }

    static Involvement first(Invited e, String name) {
        return new Involvement(
                e.involvement(), e.tenant(), e.contract(), name, e.organisation(), e.happenedAt(), null, null, null, 0);
    }

    public Stage stage(Instant now) {
        if (startsAt == null) {
            return Stage.INVITED;
        }
        if (endsAt != null && !now.isBefore(endsAt)) {
            return Stage.LEFT;
        }
        if (now.isBefore(startsAt)) {
            return Stage.JOINING;
        }
        return endsAt == null ? Stage.ACTIVE : Stage.LEAVING;
    }

    // What may happen

    /** It is bound from that moment on: a part it had before has ended. */
    Joined join(Instant from, Instant now, @Nullable UUID actor) {
        return switch (stage(now)) {
            case INVITED, LEFT -> new Joined(tenant, contract, id, from, now, actor);
            case JOINING, ACTIVE, LEAVING -> throw refuse("join", now);
        };
    }

    /** Bound and not on its way out. */
    boolean isBound(Instant now) {
        return switch (stage(now)) {
            case ACTIVE, JOINING -> true;
            case INVITED, LEAVING, LEFT -> false;
        };
    }

    /**
     * It says that it wishes to leave (II-5.1).
     *
     * @param earliest day by the lead time of annex 5
     */
    LeaveRequested requestLeave(
            UUID notice,
            LocalDate wishedOn,
            LocalDate earliest,
            int noticeDays,
            String reasonHash,
            Instant now,
            @Nullable UUID actor) {
        if (!isBound(now)) {
            throw refuse("leave", now);
        }
        if (wishedOn.isBefore(earliest)) {
            throw Refused.field("wishedOn", "contract.leave.refused.early", noticeDays, earliest);
        }
        return new LeaveRequested(tenant, contract, id, notice, wishedOn, reasonHash, now, actor);
    }

    Left leave(Instant from, Instant now, @Nullable UUID actor) {
        return switch (stage(now)) {
            case ACTIVE, JOINING ->
                new Left(
                        tenant,
                        contract,
                        id,
                        startsAt != null && from.isBefore(startsAt) ? startsAt : from,
                        now,
                        actor);
            case INVITED, LEAVING, LEFT -> throw refuse("leave", now);
        };
    }

    /** Once its day has come. */
    Closed close(Instant now) {
        return switch (stage(now)) {
            case LEFT -> {
                if (closedAt != null) {
                    throw refuse("close", now);
                }
                yield new Closed(tenant, contract, id, now);
            }
            case INVITED, JOINING, ACTIVE, LEAVING -> throw refuse("close", now);
        };
    }

    private Refused refuse(String verb, Instant now) {
        return Refused.because("contract.involvement.refused." + verb, name, stage(now));
    }

    // What it makes of it

    Involvement after(InvolvementEvent event) {
        return switch (event) {
            case Invited e ->
                new Involvement(
                        id, tenant, contract, name, e.organisation(), invitedAt, startsAt, endsAt, closedAt, version);
            case Joined e ->
                new Involvement(id, tenant, contract, name, organisation, invitedAt, e.from(), null, null, version);
            case Left e ->
                new Involvement(id, tenant, contract, name, organisation, invitedAt, startsAt, e.from(), null, version);
            case Closed e ->
                new Involvement(
                        id, tenant, contract, name, organisation, invitedAt, startsAt, endsAt, e.happenedAt(), version);
            case InvolvementEvent.Signed _,
                    InvolvementEvent.Declined _,
                    LeaveRequested _,
                    InvolvementEvent.LeaveWithdrawn _ -> this;
        };
    }
}
