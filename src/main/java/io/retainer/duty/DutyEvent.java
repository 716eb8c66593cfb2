package io.retainer.duty;

import io.retainer.kernel.Clause;
import io.retainer.kernel.Fact;
import io.retainer.kernel.Party;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Everything that can happen to a duty. The reasons people write down are not in here but with the row in
 * {@code duty.event}: a fact carries no free text.
 */
public sealed interface DutyEvent extends Fact {

    UUID duty();

    @Override
    default String subject() {
        return "duty/" + duty();
    }

    /**
     * @param action message key of what is to be done
     * @param about what the duty is about, such as {@code instalment/0197…}
     * @param deadline the rule as written by {@link Deadline#code}
     */
    record Opened(
            UUID tenant,
            UUID contract,
            Clause clause,
            UUID duty,
            int contractVersion,
            Party debtor,
            Party creditor,
            String action,
            String about,
            String deadline,
            Instant happenedAt,
            @Nullable UUID actor)
            implements DutyEvent {

        @Override
        public String kind() {
            return "duty.Opened";
        }
    }

    /** Whatever happens once a duty is open. */
    sealed interface Change extends DutyEvent {}

    record Paused(
            UUID tenant,
            UUID contract,
            Clause clause,
            UUID duty,
            Cause owner,
            Instant happenedAt,
            @Nullable UUID actor) implements Change {

        @Override
        public String kind() {
            return "duty.Paused";
        }
    }

    /** The pause of this owner is over; the clock runs again when no other pause is open. */
    record Resumed(
            UUID tenant,
            UUID contract,
            Clause clause,
            UUID duty,
            Cause owner,
            Instant happenedAt,
            @Nullable UUID actor) implements Change {

        @Override
        public String kind() {
            return "duty.Resumed";
        }
    }

    record Discharged(
            UUID tenant,
            UUID contract,
            Clause clause,
            UUID duty,
            Instant happenedAt,
            @Nullable UUID actor) implements Change {

        @Override
        public String kind() {
            return "duty.Discharged";
        }
    }

    /**
     * What looked like performance did not last, for example because the bank returned the payment. The duty is owed
     * again as if it had never been performed: by its original due instant.
     *
     * @param dischargedAt when the performance that is undone had happened
     */
    record DischargeUndone(
            UUID tenant,
            UUID contract,
            Clause clause,
            UUID duty,
            Instant dischargedAt,
            Instant happenedAt,
            @Nullable UUID actor)
            implements Change {

        @Override
        public String kind() {
            return "duty.DischargeUndone";
        }
    }

    /** The due instant passed without performance. Happens at that instant, however late it is recorded. */
    record Breached(UUID tenant, UUID contract, Clause clause, UUID duty, Instant due) implements Change {

        @Override
        public String kind() {
            return "duty.Breached";
        }

        @Override
        public Instant happenedAt() {
            return due;
        }

        @Override
        public @Nullable UUID actor() {
            return null;
        }
    }

    /**
     * A breach that was recorded turns out not to have happened, because of something that happened before its due
     * instant and was recorded after it. The breach stays in the history; this says that it no longer counts.
     *
     * @param due the due instant of the breach that is refuted
     */
    record BreachRefuted(
            UUID tenant, UUID contract, Clause clause, UUID duty, Instant due, Refutation because, Instant happenedAt)
            implements Change {

        @Override
        public String kind() {
            return "duty.BreachRefuted";
        }

        @Override
        public @Nullable UUID actor() {
            return null;
        }
    }

    /** Why a recorded breach does not count. */
    enum Refutation {
        PERFORMED_IN_TIME,
        /** The duty had been waived or excused before it was due. */
        ENDED_IN_TIME,
        /** A pause or the working calendar, learnt of later, moved the due instant. */
        DUE_MOVED
    }

    /**
     * The debtor does not answer for the delay.
     *
     * @param since when the hindrance began; one that began after the due instant excuses nothing (Civil Code 590 ¶2)
     */
    record Excused(
            UUID tenant,
            UUID contract,
            Clause clause,
            UUID duty,
            Cause cause,
            Instant since,
            Instant happenedAt,
            @Nullable UUID actor)
            implements Change {

        @Override
        public String kind() {
            return "duty.Excused";
        }
    }

    /**
     * The duty ended by itself, as the contract or both parties would have it.
     *
     * @param why what ended it
     */
    record Released(
            UUID tenant,
            UUID contract,
            Clause clause,
            UUID duty,
            Release why,
            Instant happenedAt,
            @Nullable UUID actor) implements Change {

        @Override
        public String kind() {
            return "duty.Released";
        }
    }

    record Waived(
            UUID tenant,
            UUID contract,
            Clause clause,
            UUID duty,
            Instant happenedAt,
            @Nullable UUID actor) implements Change {

        @Override
        public String kind() {
            return "duty.Waived";
        }
    }
}
