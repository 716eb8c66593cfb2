package io.retainer.liability;

import io.retainer.kernel.Clause;
import io.retainer.kernel.Fact;
import io.retainer.kernel.Money;
import io.retainer.kernel.Party;
import java.time.Instant;
import java.time.LocalDate;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** What happens about a breach. Words and names stay with the rows. */
sealed interface BreachEvent extends Fact {

    UUID breach();

    BreachRule rule();

    @Override
    default String subject() {
        return "breach/" + breach();
    }

    @Override
    default Clause clause() {
        return rule().clause();
    }

    record Filed(
            UUID tenant,
            UUID contract,
            UUID breach,
            BreachRule rule,
            int serial,
            int contractVersion,
            Party claimant,
            LocalDate happenedOn,
            LocalDate knownOn,
            String wordsHash,
            Instant happenedAt,
            @Nullable UUID actor)
            implements BreachEvent {

        @Override
        public String kind() {
            return "liability.BreachFiled";
        }
    }

    /** What changes a case that is there. */
    sealed interface Change extends BreachEvent
            permits Found, Checked, Answered, Proposed, Accepted, Rejected, Settled, SettlementUndone {}

    /** @param evidence SHA-256 of what proves it, or null when it stays unproven */
    record Found(
            UUID tenant,
            UUID contract,
            UUID breach,
            BreachRule rule,
            BreachElement element,
            @Nullable String evidence,
            Instant happenedAt,
            @Nullable UUID actor)
            implements Change {

        @Override
        public String kind() {
            return "liability.ElementFound";
        }
    }

    /** @param met whether every element is proven */
    record Checked(
            UUID tenant,
            UUID contract,
            UUID breach,
            BreachRule rule,
            boolean met,
            Instant happenedAt,
            @Nullable UUID actor)
            implements Change {

        @Override
        public String kind() {
            return "liability.RuleChecked";
        }
    }

    /** @param defence null when the time for it ran out */
    record Answered(
            UUID tenant,
            UUID contract,
            UUID breach,
            BreachRule rule,
            @Nullable Defence defence,
            Instant happenedAt,
            @Nullable UUID actor)
            implements Change {

        @Override
        public String kind() {
            return "liability.DefenceAnswered";
        }
    }

    /** @param hash of the determination as it was signed */
    record Proposed(
            UUID tenant,
            UUID contract,
            UUID breach,
            BreachRule rule,
            int round,
            Party party,
            String hash,
            Money net,
            Instant happenedAt,
            @Nullable UUID actor)
            implements Change {

        @Override
        public String kind() {
            return "liability.ApportionmentProposed";
        }
    }

    record Accepted(
            UUID tenant,
            UUID contract,
            UUID breach,
            BreachRule rule,
            int round,
            Party party,
            String hash,
            Instant happenedAt,
            @Nullable UUID actor)
            implements Change {

        @Override
        public String kind() {
            return "liability.ApportionmentAccepted";
        }
    }

    record Rejected(
            UUID tenant,
            UUID contract,
            UUID breach,
            BreachRule rule,
            int round,
            Party party,
            Instant happenedAt,
            @Nullable UUID actor)
            implements Change {

        @Override
        public String kind() {
            return "liability.ApportionmentRejected";
        }
    }

    record ClaimPaid(
            UUID tenant,
            UUID contract,
            UUID breach,
            BreachRule rule,
            UUID claim,
            Party debtor,
            Party creditor,
            Money amount,
            Instant happenedAt,
            @Nullable UUID actor)
            implements BreachEvent {

        @Override
        public String kind() {
            return "liability.ClaimPaid";
        }
    }

    /** A claim, or a part of it, was set off against an instalment by a notice (G-41). */
    record ClaimSetOff(
            UUID tenant,
            UUID contract,
            UUID breach,
            BreachRule rule,
            UUID claim,
            int instalment,
            Money amount,
            Instant happenedAt,
            @Nullable UUID actor)
            implements BreachEvent {

        @Override
        public String kind() {
            return "liability.ClaimSetOff";
        }
    }

    /** The debtor denies that the claim may be set off. */
    record SetOffContested(
            UUID tenant,
            UUID contract,
            UUID breach,
            BreachRule rule,
            UUID setOff,
            String wordsHash,
            Instant happenedAt,
            @Nullable UUID actor)
            implements BreachEvent {

        @Override
        public String kind() {
            return "liability.SetOffContested";
        }
    }

    /**
     * A set-off was withdrawn, accepted or decided about.
     *
     * @param stands of its amount
     * @param fell of its amount
     * @param documentHash SHA-256 of the judgment, award or agreement, or null when one side ended it
     */
    record SetOffEnded(
            UUID tenant,
            UUID contract,
            UUID breach,
            BreachRule rule,
            UUID setOff,
            SetOffOutcome how,
            Money stands,
            Money fell,
            @Nullable LocalDate decidedOn,
            @Nullable String documentHash,
            Instant happenedAt,
            @Nullable UUID actor)
            implements BreachEvent {

        @Override
        public String kind() {
            return "liability.SetOffEnded";
        }
    }

    /** What had settled the case does not stand. */
    record SettlementUndone(
            UUID tenant,
            UUID contract,
            UUID breach,
            BreachRule rule,
            Instant happenedAt,
            @Nullable UUID actor) implements Change {

        @Override
        public String kind() {
            return "liability.SettlementUndone";
        }
    }

    record Settled(
            UUID tenant,
            UUID contract,
            UUID breach,
            BreachRule rule,
            Instant happenedAt,
            @Nullable UUID actor) implements Change {

        @Override
        public String kind() {
            return "liability.BreachSettled";
        }
    }
}
