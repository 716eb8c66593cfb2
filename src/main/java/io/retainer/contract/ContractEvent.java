package io.retainer.contract;

import io.retainer.kernel.Clause;
import io.retainer.kernel.Fact;
import io.retainer.kernel.Party;
import java.time.Instant;
import java.time.LocalDate;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Everything that can happen to a contract. Words people wrote are not in here: a value is named by its hash, which
 * {@link Hashes} makes.
 */
public sealed interface ContractEvent extends Fact {

    @Override
    default String subject() {
        return "contract/" + contract();
    }

    /**
     * A text was read.
     *
     * @param textHash SHA-256 of the untouched text
     */
    record Imported(
            UUID tenant,
            UUID contract,
            UUID version,
            int number,
            String textHash,
            UUID clientOrganisation,
            UUID providerOrganisation,
            Instant happenedAt,
            @Nullable UUID actor)
            implements ContractEvent {

        @Override
        public Clause clause() {
            return Clause.I_0_1;
        }

        @Override
        public String kind() {
            return "contract.Imported";
        }
    }

    /** Whatever happens once a contract is there. */
    sealed interface Change extends ContractEvent
            permits AmendmentAgreed,
                    AnnexRiskAccepted,
                    AnnexSaved,
                    Confirmed,
                    ContractClosed,
                    ContractEffective,
                    ContractTerminating,
                    Cleared,
                    EndingFixed,
                    EndingLifted,
                    ClearanceWithdrawn,
                    Declined,
                    Expired,
                    Filled,
                    MarkersStruck,
                    Rejected,
                    Resumed,
                    Reworded,
                    Signed,
                    Started,
                    Submitted,
                    Suspended,
                    TermExtended,
                    Withdrawn {}

    record Filled(
            UUID tenant,
            UUID contract,
            int number,
            Clause clause,
            String term,
            String valueHash,
            Party party,
            Instant happenedAt,
            @Nullable UUID actor)
            implements Change {

        @Override
        public String kind() {
            return "contract.TermFilled";
        }

        @Override
        public String subject() {
            return "term/" + term;
        }
    }

    record Confirmed(
            UUID tenant,
            UUID contract,
            int number,
            Clause clause,
            String term,
            String valueHash,
            Party party,
            Instant happenedAt,
            @Nullable UUID actor)
            implements Change {

        @Override
        public String kind() {
            return "contract.TermConfirmed";
        }

        @Override
        public String subject() {
            return "term/" + term;
        }
    }

    /**
     * An annex was written.
     *
     * @param sheetHash SHA-256 of its lines
     */
    record AnnexSaved(
            UUID tenant,
            UUID contract,
            int number,
            Clause clause,
            String sheetHash,
            Party party,
            Instant happenedAt,
            @Nullable UUID actor)
            implements Change {

        @Override
        public String kind() {
            return "contract.AnnexSaved";
        }

        @Override
        public String subject() {
            return "annex/" + clause.id();
        }
    }

    /** A party accepts that a sub-row of the annexes stays unanswered. */
    record AnnexRiskAccepted(
            UUID tenant,
            UUID contract,
            int number,
            Clause clause,
            Party party,
            Instant happenedAt,
            @Nullable UUID actor)
            implements Change {

        @Override
        public String kind() {
            return "contract.AnnexRiskAccepted";
        }

        @Override
        public String subject() {
            return "annex/" + clause.id();
        }
    }

    record MarkersStruck(
            UUID tenant,
            UUID contract,
            int number,
            Party party,
            Instant happenedAt,
            @Nullable UUID actor) implements Change {

        @Override
        public Clause clause() {
            return Clause.I_0_1;
        }

        @Override
        public String kind() {
            return "contract.MarkersStruck";
        }
    }

    /** The version is frozen under its hash. */
    record Submitted(
            UUID tenant,
            UUID contract,
            int number,
            String hash,
            Party party,
            Instant happenedAt,
            @Nullable UUID actor) implements Change {

        @Override
        public Clause clause() {
            return Clause.I_0_1;
        }

        @Override
        public String kind() {
            return "contract.Submitted";
        }
    }

    /** An edit while signatures were awaited: those given are void, a new version begins. */
    record Withdrawn(
            UUID tenant,
            UUID contract,
            int number,
            UUID nextVersion,
            Party party,
            Instant happenedAt,
            @Nullable UUID actor)
            implements Change {

        @Override
        public Clause clause() {
            return Clause.I_7_1B;
        }

        @Override
        public String kind() {
            return "contract.Withdrawn";
        }
    }

    /**
     * A clause of the draft says something else: a new version begins.
     *
     * @param textHash SHA-256 of the text as it stands now
     */
    record Reworded(
            UUID tenant,
            UUID contract,
            int number,
            UUID nextVersion,
            Clause clause,
            String textHash,
            Party party,
            Instant happenedAt,
            @Nullable UUID actor)
            implements Change {

        @Override
        public String kind() {
            return "contract.Reworded";
        }
    }

    /** @param authorityHash of the proof that the signatory may bind the party */
    record Signed(
            UUID tenant,
            UUID contract,
            int number,
            String hash,
            Party party,
            SignatureMode mode,
            String authorityHash,
            Instant happenedAt,
            @Nullable UUID actor)
            implements Change {

        @Override
        public Clause clause() {
            return party == Party.CLIENT ? Clause.I_S_1 : Clause.I_S_2;
        }

        @Override
        public String kind() {
            return "contract.Signed";
        }

        @Override
        public String subject() {
            return "signature/" + party;
        }
    }

    /**
     * A party would not sign this version: signatures given are void, and the draft goes back to the talks.
     *
     * @param reasonHash of the words that say why
     */
    record Declined(
            UUID tenant,
            UUID contract,
            int number,
            UUID nextVersion,
            String reasonHash,
            Party party,
            Instant happenedAt,
            @Nullable UUID actor)
            implements Change {

        @Override
        public Clause clause() {
            return Clause.I_7_1B;
        }

        @Override
        public String kind() {
            return "contract.SigningDeclined";
        }
    }

    record Rejected(
            UUID tenant,
            UUID contract,
            int number,
            Party party,
            Instant happenedAt,
            @Nullable UUID actor) implements Change {

        @Override
        public Clause clause() {
            return Clause.I_7_1B;
        }

        @Override
        public String kind() {
            return "contract.Rejected";
        }
    }

    /** Nobody signed in time. */
    record Expired(UUID tenant, UUID contract, int number, Instant happenedAt) implements Change {

        @Override
        public Clause clause() {
            return Clause.I_7_1B;
        }

        @Override
        public String kind() {
            return "contract.Expired";
        }

        @Override
        public @Nullable UUID actor() {
            return null;
        }
    }

    /** The first instalment was paid, or the provider does without: nothing keeps the service from starting. */
    record Cleared(
            UUID tenant,
            UUID contract,
            Instant happenedAt,
            @Nullable UUID actor) implements Change {

        @Override
        public Clause clause() {
            return Clause.I_3_2A;
        }

        @Override
        public String kind() {
            return "contract.StartCleared";
        }
    }

    /** The bank took the first payment back before the service started: what kept it from starting is there again. */
    record ClearanceWithdrawn(
            UUID tenant,
            UUID contract,
            Instant happenedAt,
            @Nullable UUID actor) implements Change {

        @Override
        public Clause clause() {
            return Clause.I_3_2A;
        }

        @Override
        public String kind() {
            return "contract.StartClearanceWithdrawn";
        }
    }

    record Started(
            UUID tenant,
            UUID contract,
            Instant happenedAt,
            @Nullable UUID actor) implements Change {

        @Override
        public Clause clause() {
            return Clause.I_2_1;
        }

        @Override
        public String kind() {
            return "contract.Started";
        }
    }

    /**
     * A person of the provider asserted the right to suspend.
     *
     * @param ground what it rests on, such as {@code demand/0197…}
     * @param services numbers of the services frozen
     */
    record Suspended(
            UUID tenant,
            UUID contract,
            String ground,
            Set<Integer> services,
            Instant happenedAt,
            @Nullable UUID actor) implements Change {

        @Override
        public Clause clause() {
            return Clause.I_3_3A;
        }

        @Override
        public String kind() {
            return "contract.Suspended";
        }
    }

    /** @param ground what ended the suspension, such as {@code payment/0197…} */
    record Resumed(
            UUID tenant,
            UUID contract,
            String ground,
            Instant happenedAt,
            @Nullable UUID actor) implements Change {

        @Override
        public Clause clause() {
            return Clause.I_3_3A;
        }

        @Override
        public String kind() {
            return "contract.Resumed";
        }
    }

    /**
     * The days on which the service stood still are served after the term instead (G-14b).
     *
     * @param days so many
     * @param endsOn the last day of the term from now on
     */
    record TermExtended(
            UUID tenant,
            UUID contract,
            int days,
            LocalDate endsOn,
            Instant happenedAt,
            @Nullable UUID actor) implements Change {

        @Override
        public Clause clause() {
            return Clause.I_3_3A;
        }

        @Override
        public String kind() {
            return "contract.TermExtended";
        }
    }

    /**
     * It is certain when the contract will end: both agreed on it, or the notice of a termination arrives then.
     *
     * @param at when the end takes effect
     * @param cause what fixed it, such as {@code termination/0197…}
     */
    record EndingFixed(
            UUID tenant,
            UUID contract,
            EndGround ground,
            Instant at,
            String cause,
            Instant happenedAt,
            @Nullable UUID actor)
            implements Change {

        @Override
        public Clause clause() {
            return ground.clause();
        }

        @Override
        public String kind() {
            return "contract.EndingFixed";
        }

        @Override
        public String subject() {
            return cause;
        }
    }

    /** What was to end the contract will not: the notice was taken back or its ground fell away before it arrived. */
    record EndingLifted(
            UUID tenant,
            UUID contract,
            EndGround ground,
            String cause,
            Instant happenedAt,
            @Nullable UUID actor) implements Change {

        @Override
        public Clause clause() {
            return ground.clause();
        }

        @Override
        public String kind() {
            return "contract.EndingLifted";
        }

        @Override
        public String subject() {
            return cause;
        }
    }
}
