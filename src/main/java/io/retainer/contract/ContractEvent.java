package io.retainer.contract;

import io.retainer.kernel.Clause;
import io.retainer.kernel.Fact;
import io.retainer.kernel.Party;
import java.time.Instant;
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
            permits Confirmed,
                    ContractEffective,
                    Cleared,
                    Expired,
                    Filled,
                    MarkersStruck,
                    Rejected,
                    Resumed,
                    Signed,
                    Started,
                    Submitted,
                    Suspended,
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
}
