package io.retainer.contract;

import io.retainer.contract.SigningPlan.Sequence;
import io.retainer.kernel.Party;
import io.retainer.kernel.Refused;
import java.time.Instant;
import java.time.LocalDate;
import java.util.EnumSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One request for signatures under one version.
 *
 * @param remindAt when the automatic reminder goes out, or null
 * @param nudgedOn the day of the latest reminder a person sent, or null
 * @param reason why a party would not sign
 * @param rejectedBy who gave the whole contract up, or null
 */
record SigningRound(
        int number,
        Sequence sequence,
        Party openedBy,
        Instant openedAt,
        LocalDate lastDay,
        int remindDays,
        @Nullable Instant remindAt,
        @Nullable Instant remindedAt,
        @Nullable LocalDate nudgedOn,
        @Nullable Party declinedBy,
        @Nullable Instant declinedAt,
        @Nullable String reason,
        @Nullable Party rejectedBy) {

    /** What became of it. */
    enum Outcome {
        OPEN,
        SIGNED,
        DECLINED,
        WITHDRAWN,
        EXPIRED,
        REJECTED
    }

    /** Follows from the contract, so that the two never disagree. */
    public Outcome outcome(Contract contract) {
        if (declinedBy != null) {
            return Outcome.DECLINED;
        }
        if (number < contract.number()) {
            return Outcome.WITHDRAWN;
        }
        return switch (contract.state()) {
            case PENDING_SIGN -> Outcome.OPEN;
            case DRAFT -> Outcome.WITHDRAWN;
            case VOID -> rejectedBy == null ? Outcome.EXPIRED : Outcome.REJECTED;
            case EFFECTIVE, ACTIVE, SUSPENDED, TERMINATING, CLOSED -> Outcome.SIGNED;
        };
    }

    /** Who may sign now. */
    Set<Party> turn(Set<Party> signed) {
        var waiting = EnumSet.of(Party.CLIENT, Party.PROVIDER);
        waiting.removeAll(signed);
        var first = sequence.first();
        if (first != null && !signed.contains(first)) {
            waiting.retainAll(Set.of(first));
        }
        return waiting;
    }

    /** @throws Refused when the other party signs first */
    void requireTurn(Party by, Set<Party> signed) {
        if (!signed.contains(by) && !turn(signed).contains(by)) {
            throw Refused.because("contract.signing.refused.turn", sequence, sequence.first());
        }
    }
}
