package io.retainer.contract;

import io.retainer.kernel.Clause;
import io.retainer.kernel.Fact;
import java.time.Instant;
import java.time.LocalDate;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** What happens to a third party's part in a contract. */
sealed interface InvolvementEvent extends Fact {

    UUID involvement();

    @Override
    default String subject() {
        return "involvement/" + involvement();
    }

    record Invited(
            UUID tenant,
            UUID contract,
            UUID involvement,
            String nameHash,
            @Nullable UUID organisation,
            Instant happenedAt,
            @Nullable UUID actor)
            implements InvolvementEvent {

        @Override
        public Clause clause() {
            return Clause.II_4_2B;
        }

        @Override
        public String kind() {
            return "contract.ThirdPartyInvited";
        }
    }

    /** A person of the third party signed a version of the contract. */
    record Signed(
            UUID tenant,
            UUID contract,
            UUID involvement,
            int number,
            String hash,
            SignatureMode mode,
            String authorityHash,
            Instant happenedAt,
            @Nullable UUID actor)
            implements InvolvementEvent {

        @Override
        public Clause clause() {
            return Clause.II_4_4;
        }

        @Override
        public String kind() {
            return "contract.ThirdPartySigned";
        }
    }

    /** @param reasonHash of the words in which it said why not */
    record Declined(
            UUID tenant,
            UUID contract,
            UUID involvement,
            int number,
            String reasonHash,
            Instant happenedAt,
            @Nullable UUID actor)
            implements InvolvementEvent {

        @Override
        public Clause clause() {
            return Clause.II_4_4;
        }

        @Override
        public String kind() {
            return "contract.ThirdPartyDeclined";
        }
    }

    /** @param from when its duties and accesses start */
    record Joined(
            UUID tenant,
            UUID contract,
            UUID involvement,
            Instant from,
            Instant happenedAt,
            @Nullable UUID actor) implements InvolvementEvent {

        @Override
        public Clause clause() {
            return Clause.II_4_4;
        }

        @Override
        public String kind() {
            return "contract.ThirdPartyJoined";
        }
    }

    /**
     * It wishes to leave, and is bound until that is agreed (II-5.2).
     *
     * @param wishedOn the first day on which it wishes to be out
     */
    record LeaveRequested(
            UUID tenant,
            UUID contract,
            UUID involvement,
            UUID notice,
            LocalDate wishedOn,
            String reasonHash,
            Instant happenedAt,
            @Nullable UUID actor)
            implements InvolvementEvent {

        @Override
        public Clause clause() {
            return Clause.II_5_1;
        }

        @Override
        public String kind() {
            return "contract.ThirdPartyWishesToLeave";
        }
    }

    record LeaveWithdrawn(
            UUID tenant,
            UUID contract,
            UUID involvement,
            UUID notice,
            Instant happenedAt,
            @Nullable UUID actor) implements InvolvementEvent {

        @Override
        public Clause clause() {
            return Clause.II_5_1;
        }

        @Override
        public String kind() {
            return "contract.ThirdPartyStays";
        }
    }

    /** @param from when its accesses end and its data are due back */
    record Left(
            UUID tenant,
            UUID contract,
            UUID involvement,
            Instant from,
            Instant happenedAt,
            @Nullable UUID actor) implements InvolvementEvent {

        @Override
        public Clause clause() {
            return Clause.II_5_2;
        }

        @Override
        public String kind() {
            return "contract.ThirdPartyLeft";
        }
    }

    record Closed(UUID tenant, UUID contract, UUID involvement, Instant happenedAt) implements InvolvementEvent {

        @Override
        public Clause clause() {
            return Clause.II_5_3A;
        }

        @Override
        public String kind() {
            return "contract.ThirdPartyOut";
        }

        @Override
        public @Nullable UUID actor() {
            return null;
        }
    }
}
