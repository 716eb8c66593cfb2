package io.retainer.contract;

import io.retainer.kernel.Clause;
import io.retainer.kernel.Party;
import io.retainer.kernel.Refused;
import java.time.Instant;
import java.util.UUID;
import org.jmolecules.ddd.annotation.Entity;
import org.jmolecules.ddd.annotation.Identity;
import org.jspecify.annotations.Nullable;

/**
 * Something one party tells the other that has effect when it arrives (G-04). In the platform it arrives when it is sent
 * (Civil Code 137); a mail, when the report of its delivery says so; a paper, some days after the courier had it signed.
 *
 * @param about what it is about, such as {@code instalment/0197…}
 * @param hash SHA-256 of what was sent
 * @param arrivesAt when it arrived or will count as arrived; null while nothing proves a delivery
 * @param proof SHA-256 of what proves the delivery
 */
@Entity
public record Notice(
        @Identity UUID id,
        UUID tenant,
        UUID contract,
        Kind kind,
        Party sender,
        Clause clause,
        String about,
        Channel channel,
        @Nullable String words,
        String hash,
        Instant sentAt,
        UUID sentBy,
        @Nullable Instant arrivesAt,
        @Nullable String proof) {

    /** What a notice is for. */
    public enum Kind {
        /** Demands an overdue instalment (I-3.3a). */
        DEMAND,
        /** Demands that a breach be cured, before a termination (Civil Code 563(3)). */
        CURE_DEMAND,
        SUSPENSION,
        TERMINATION,
        SET_OFF,
        FORCE_MAJEURE,
        /** Says that the other side broke its secrecy (I-4.1a, I-4.2); its duty to keep it goes on. */
        SECRECY_BREACH,
        /** Denies what the other side asserted. */
        CONTEST,
        /** Says what became of a set-off: withdrawn, accepted after all, or decided elsewhere. */
        SET_OFF_RESULT
    }

    /** How it travels. */
    public enum Channel {
        PLATFORM,
        EMAIL,
        COURIER,
        BY_HAND
    }

    public Party recipient() {
        return sender == Party.CLIENT ? Party.PROVIDER : Party.CLIENT;
    }

    public boolean hasArrived(Instant now) {
        return arrivesAt != null && !arrivesAt.isAfter(now);
    }

    /** Its words as they are hashed. */
    static String content(
            UUID id,
            UUID contract,
            Kind kind,
            Party sender,
            Clause clause,
            String about,
            @Nullable String words,
            Instant sentAt) {
        return String.join(
                "\n",
                "retainer notice 1",
                "contract " + contract,
                "notice " + id,
                "kind " + kind,
                "from " + sender,
                "clause " + clause.id(),
                "about " + about,
                "sent " + sentAt,
                words == null ? "" : words);
    }

    /**
     * What proves that it reached the other side.
     *
     * @param at when the delivery happened: for a paper, when the courier had it signed
     * @param paperDays G-04: how long after that a paper counts as arrived
     */
    Notice delivered(Instant at, String newProof, int paperDays, Instant now) {
        if (arrivesAt != null) {
            throw Refused.because("contract.notice.arrivedBefore", arrivesAt);
        }
        if (at.isBefore(sentAt) || at.isAfter(now)) {
            throw Refused.field("at", "contract.notice.deliveryTime", sentAt);
        }
        if (!newProof.matches("[0-9a-f]{64}")) {
            throw Refused.field("proof", "contract.notice.proof");
        }
        var arrives = switch (channel) {
            case COURIER ->
                at.atZone(DraftTerms.ZONE)
                        .toLocalDate()
                        .plusDays(paperDays)
                        .atStartOfDay(DraftTerms.ZONE)
                        .toInstant();
            case PLATFORM, EMAIL, BY_HAND -> at;
        };
        return new Notice(
                id,
                tenant,
                contract,
                kind,
                sender,
                clause,
                about,
                channel,
                words,
                hash,
                sentAt,
                sentBy,
                arrives.isBefore(at) ? at : arrives,
                newProof);
    }
}
