package io.retainer.contract;

import io.retainer.contract.SigningPlan.Sequence;
import io.retainer.kernel.Clause;
import io.retainer.kernel.Fact;
import io.retainer.kernel.Party;
import java.time.Instant;
import java.time.LocalDate;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** What happens around the signatures: how they are asked for, by what right they are given, what comes of them. */
sealed interface SigningEvent extends Fact {

    int number();

    @Override
    default Clause clause() {
        return Clause.I_7_1B;
    }

    @Override
    default String subject() {
        return "signing/" + number();
    }

    record RoundOpened(
            UUID tenant,
            UUID contract,
            int number,
            Sequence sequence,
            LocalDate lastDay,
            Party party,
            Instant happenedAt,
            @Nullable UUID actor)
            implements SigningEvent {

        @Override
        public String kind() {
            return "contract.SigningOpened";
        }
    }

    /** @param automatic whether the calendar reminded, not a person */
    record Reminded(
            UUID tenant,
            UUID contract,
            int number,
            Party party,
            boolean automatic,
            int messages,
            Instant happenedAt,
            @Nullable UUID actor)
            implements SigningEvent {

        @Override
        public String kind() {
            return "contract.SigningReminded";
        }
    }

    /** @param hash of the statement, or of the bytes of the paper */
    record AuthorityProven(
            UUID tenant,
            UUID contract,
            int number,
            Party party,
            AuthorityBasis basis,
            boolean paper,
            String hash,
            Instant happenedAt,
            @Nullable UUID actor)
            implements SigningEvent {

        @Override
        public String kind() {
            return "contract.AuthorityProven";
        }
    }

    /**
     * Somebody looked at the paper by which a party signed.
     *
     * @param of whose paper
     * @param hash of the paper
     */
    record PaperShown(
            UUID tenant,
            UUID contract,
            int number,
            Party of,
            Party party,
            String hash,
            Instant happenedAt,
            @Nullable UUID actor)
            implements SigningEvent {

        @Override
        public String kind() {
            return "contract.AuthorityShown";
        }
    }

    /**
     * A link to sign by went to somebody without an account.
     *
     * @param of for which party
     * @param party that sent it
     */
    record LinkSent(
            UUID tenant,
            UUID contract,
            int number,
            Party of,
            Party party,
            UUID contact,
            Instant happenedAt,
            @Nullable UUID actor)
            implements SigningEvent {

        @Override
        public String kind() {
            return "contract.SigningLinkSent";
        }

        @Override
        public String subject() {
            return "signing-contact/" + contact;
        }
    }

    record SealSet(
            UUID tenant,
            UUID contract,
            int number,
            Party party,
            UUID seal,
            Seal.Kind sealKind,
            String hash,
            Instant happenedAt,
            @Nullable UUID actor)
            implements SigningEvent {

        @Override
        public Clause clause() {
            return party == Party.CLIENT ? Clause.I_S_1 : Clause.I_S_2;
        }

        @Override
        public String kind() {
            return "contract.SealSet";
        }
    }

    /**
     * A numbered counterpart was made as a PDF with its page of signatures (I-7.1a).
     *
     * @param hash SHA-256 of the bytes of the file, the platform's signature included
     */
    record CounterpartIssued(
            UUID tenant, UUID contract, int number, int copy, Party holder, String hash, Instant happenedAt)
            implements SigningEvent {

        @Override
        public Clause clause() {
            return Clause.I_7_1A;
        }

        @Override
        public String kind() {
            return "contract.CounterpartIssued";
        }

        @Override
        public String subject() {
            return "counterpart/" + number + "/" + copy;
        }

        @Override
        public @Nullable UUID actor() {
            return null;
        }
    }
}
