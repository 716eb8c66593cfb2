package io.retainer.billing;

import io.retainer.contract.ContractTerms.Allocation;
import io.retainer.kernel.Money;
import io.retainer.kernel.Sentence;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What the terms make of the facts as of a moment.
 *
 * @param overdue open principal past its due instant
 * @param claimable penalties that may be or were claimed and are not settled
 * @param unallocated paid without belonging to any open instalment
 * @param next the next deadline, or null when none is running
 * @param notes what a reader must know beside the instalments, such as facts that were left out
 */
public record Verdict(
        Instant asOf,
        List<InstalmentVerdict> instalments,
        List<RightVerdict> rights,
        Money total,
        Money paid,
        Money overdue,
        Money claimable,
        Money unallocated,
        boolean suspended,
        @Nullable Deadline next,
        List<Sentence> notes) {

    public Verdict {
        instalments = List.copyOf(instalments);
        rights = List.copyOf(rights);
        notes = List.copyOf(notes);
    }

    public InstalmentVerdict instalment(int number) {
        return instalments.get(number - 1);
    }

    /** The rights of one kind that can be asserted now. */
    public List<RightVerdict> available(Right right) {
        return rights.stream()
                .filter(verdict -> verdict.right() == right && verdict.standing() == Standing.AVAILABLE)
                .toList();
    }

    /** A moment at which something will change if nothing happens before. */
    public record Deadline(Instant at, Sentence what) {}

    /**
     * @param paid towards the principal
     * @param open what is left of the principal
     * @param disputed the part of {@code open} that is in dispute
     * @param overpaid more than was owed; to be credited or given back
     * @param lastCredit when the latest payment that counts was credited, or null
     * @param daysLate whole days from the first late day to the day of payment, or until now
     * @param penalties every reading, the agreed one first; empty while nothing was late
     * @param agreed the reading that can be claimed, or null when none was agreed
     * @param allocations what a part payment would extinguish under each order; empty when that makes no difference
     * @param sentences the state in words, and what follows from it
     */
    public record InstalmentVerdict(
            Instalment instalment,
            InstalmentState state,
            Money paid,
            Money open,
            Money disputed,
            Money overpaid,
            @Nullable Instant lastCredit,
            int daysLate,
            List<Penalty> penalties,
            @Nullable Penalty agreed,
            PenaltyStanding penaltyStanding,
            Money penaltyPaid,
            Money penaltyOpen,
            List<AllocationOutcome> allocations,
            List<Sentence> sentences) {

        public InstalmentVerdict {
            penalties = List.copyOf(penalties);
            allocations = List.copyOf(allocations);
            sentences = List.copyOf(sentences);
        }

        public int number() {
            return instalment.number();
        }

        /** The agreed penalty, or null when there is none to be computed. */
        public @Nullable Money penalty() {
            return Optional.ofNullable(agreed).map(Penalty::amount).orElse(null);
        }

        InstalmentVerdict with(List<Sentence> words) {
            return new InstalmentVerdict(
                    instalment,
                    state,
                    paid,
                    open,
                    disputed,
                    overpaid,
                    lastCredit,
                    daysLate,
                    penalties,
                    agreed,
                    penaltyStanding,
                    penaltyPaid,
                    penaltyOpen,
                    allocations,
                    words);
        }
    }

    /** Where the penalty of one instalment stands. */
    public enum PenaltyStanding {
        /** Nothing was late. */
        NONE,
        /** Computed on terms that the parties did not both confirm: good to look at, not to claim. */
        PREVIEW,
        /** Can be claimed; until somebody does, it is not payable. */
        CLAIMABLE,
        CLAIMED,
        SETTLED,
        WAIVED
    }

    /**
     * @param applied whether this is the order that the verdict rests on
     * @param penalty of the agreed reading under this order
     */
    public record AllocationOutcome(Allocation order, boolean applied, Money penalty, Money principalOpen) {}

    /**
     * @param instalment its number, or null when the right concerns the contract as a whole
     * @param from when it becomes or became available, or null when nothing fixes that moment
     * @param why in words
     */
    public record RightVerdict(
            Right right,
            @Nullable Integer instalment,
            Standing standing,
            @Nullable Instant from,
            Sentence why) {}

    public enum Standing {
        AVAILABLE,
        /** Something must still happen, or time must pass. */
        NOT_YET,
        /** Was asserted. */
        EXERCISED,
        NONE
    }
}
