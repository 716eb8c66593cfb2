package io.retainer.contract;

import io.retainer.contract.SigningContact.LinkOutcome;
import io.retainer.identity.Access;
import io.retainer.identity.Capability;
import io.retainer.identity.Idempotency;
import io.retainer.identity.SignedLinks;
import io.retainer.kernel.Party;
import io.retainer.kernel.Refused;
import io.retainer.kernel.Tenancy;
import io.retainer.kernel.Texts;
import io.retainer.kernel.Unknown;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Service;

/**
 * A third party signs an amendment that changes its duties (G-37) by a link and a one-time code. The link shows this amendment
 * and nothing else of the contract; what it says takes effect with the last of all three signatures.
 */
@Service
public class AmendmentLinks {

    private static final SentLinks.Errand ERRAND = SentLinks.Errand.AMENDMENT;

    private final ContractLife life;
    private final ContractRows contracts;
    private final LifeRows rows;
    private final SigningContacts contacts;
    private final Amendments amendments;
    private final Involvements involvements;
    private final SignedLinks links;
    private final SigningCodes codes;
    private final SentLinks sent;
    private final Idempotency idempotency;
    private final Tenancy tenancy;
    private final Clock clock;

    AmendmentLinks(
            ContractLife life,
            ContractRows contracts,
            LifeRows rows,
            SigningContacts contacts,
            Amendments amendments,
            Involvements involvements,
            SignedLinks links,
            SigningCodes codes,
            SentLinks sent,
            Idempotency idempotency,
            Tenancy tenancy,
            Clock clock) {
        this.life = life;
        this.contracts = contracts;
        this.rows = rows;
        this.contacts = contacts;
        this.amendments = amendments;
        this.involvements = involvements;
        this.links = links;
        this.codes = codes;
        this.sent = sent;
        this.idempotency = idempotency;
        this.tenancy = tenancy;
        this.clock = clock;
    }

    // The party that invites

    /**
     * Sends the third party's signatory the link by mail; an earlier one ends.
     *
     * @param key from the header {@code Idempotency-Key}, or null
     * @param wanted for {@link Party#THIRD_PARTY}
     */
    public UUID invite(Access access, UUID amendment, @Nullable String key, SigningLinks.Invitation wanted) {
        access.require(Capability.SIGN);
        SigningLinks.requireReachable(wanted);
        var to = wanted.tidied();
        var request = List.of("amendment-link", access.contract(), amendment, to.name(), to.email(), to.language());
        return idempotency.once(access, key, request, UUID.class, () -> {
            var id = new UUID[1];
            life.change(access.tenant(), access.contract(), null, work -> {
                var found = rows.amendment(access.tenant(), access.contract(), amendment);
                requireWaiting(found, work.now());
                involvements.requireNoAccount(access, Objects.requireNonNull(found.third()));
                var until = Objects.requireNonNull(found.proposedAt()).plus(Contract.SIGNING_TIME);
                id[0] = sent.send(
                        work,
                        access,
                        ERRAND,
                        to,
                        contacts.ofAmendment(access.tenant(), amendment),
                        found.base(),
                        amendment,
                        until.atZone(DraftTerms.ZONE).toLocalDate(),
                        until);
            });
            return id[0];
        });
    }

    private static void requireWaiting(Amendment amendment, Instant now) {
        if (amendment.state() != Amendment.State.PROPOSED
                || amendment.time(now).isPresent()
                || !amendment.unsigned().contains(Party.THIRD_PARTY)) {
            throw Refused.because("contract.amendment.third.notWaiting");
        }
    }

    /** Who was sent a link for an amendment, and where it opens for the party that sent it. */
    List<SigningLinks.Sent> sent(Access access, UUID amendment) {
        if (!access.may(Capability.SIGN)) {
            return List.of();
        }
        return tenancy.read(
                access.tenant(),
                () -> sent.shown(
                        ERRAND,
                        access,
                        contacts.ofAmendment(access.tenant(), amendment).stream()
                                .filter(contact -> contact.contract().equals(access.contract()))
                                .toList()));
    }

    // Whoever holds the link

    /** @param open whether a signature may be given now */
    record Opened(
            SigningContact contact,
            Contract contract,
            Amendment amendment,
            ContractVersion base,
            List<Signature> signatures,
            boolean open) {}

    /**
     * @param from the caller's network address
     * @throws Unknown when the link is forged, expired or revoked
     */
    Opened open(String token, String from) {
        var link = links.open(token, ERRAND.purpose(), from);
        var id = UUID.fromString(link.subject().substring("signing/".length()));
        return tenancy.write(link.tenant(), () -> {
            var contact = contacts.find(link.tenant(), id).orElseThrow(() -> new Unknown("link"));
            contacts.opened(contact, now());
            var amendment =
                    rows.amendment(contact.tenant(), contact.contract(), Objects.requireNonNull(contact.amendment()));
            return new Opened(
                    contact,
                    contracts.get(contact.tenant(), contact.contract()),
                    amendment,
                    contracts.version(contact.tenant(), contact.contract(), amendment.base()),
                    rows.amendmentSignatures(contact.tenant(), amendment.id()),
                    contact.outcome() == null
                            && amendment.state() == Amendment.State.PROPOSED
                            && amendment.time(now()).isEmpty()
                            && amendment.unsigned().contains(Party.THIRD_PARTY));
        });
    }

    /** The agreement as it is signed. */
    static byte[] paper(Opened opened) {
        return PrintedAmendment.paper(
                        opened.amendment(), opened.base(), opened.signatures(), _ -> {}, Texts.in(Texts.CHINESE))
                .pdf();
    }

    /** Sends a one-time code to the address the link went to; five an hour at most. */
    void sendCode(Opened opened) {
        requireOpen(opened);
        codes.send(opened.contact(), ERRAND.purpose(), opened.contract());
    }

    /** Signs, confirmed by the code. A code is used up only by a signature that is otherwise in order. */
    void sign(Opened opened, String code, Amendments.Given given) {
        requireOpen(opened);
        var contact = opened.contact();
        amendments.requireInOrder(signer(contact), opened.amendment(), given);
        codes.check(contact, ERRAND.purpose(), code);
        amendments.sign(
                signer(contact),
                opened.amendment().id(),
                given,
                () -> sent.endOnce(ERRAND, contact, LinkOutcome.SIGNED));
    }

    /** Will not sign, confirmed by the code: the amendment is rejected. */
    void decline(Opened opened, String code) {
        requireOpen(opened);
        var contact = opened.contact();
        codes.check(contact, ERRAND.purpose(), code);
        amendments.reject(
                signer(contact), opened.amendment().id(), () -> sent.endOnce(ERRAND, contact, LinkOutcome.DECLINED));
    }

    private static Signing.Signer signer(SigningContact contact) {
        return new Signing.Signer(contact.tenant(), contact.contract(), Party.THIRD_PARTY, null, contact.id());
    }

    private static void requireOpen(Opened opened) {
        if (!opened.open()) {
            throw Refused.because("contract.link.refused.ended");
        }
    }

    private Instant now() {
        return clock.instant().truncatedTo(ChronoUnit.MICROS);
    }
}
