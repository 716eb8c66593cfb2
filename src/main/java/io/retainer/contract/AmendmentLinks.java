package io.retainer.contract;

import io.retainer.contract.SigningContact.LinkOutcome;
import io.retainer.identity.Access;
import io.retainer.identity.Capability;
import io.retainer.identity.Idempotency;
import io.retainer.identity.SignedLinks;
import io.retainer.kernel.Ids;
import io.retainer.kernel.Party;
import io.retainer.kernel.Refused;
import io.retainer.kernel.Tenancy;
import io.retainer.kernel.Texts;
import io.retainer.kernel.Unknown;
import io.retainer.messaging.Channel;
import io.retainer.messaging.Messages;
import io.retainer.messaging.NewMessage;
import io.retainer.messaging.Recipient;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
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

    private static final String PURPOSE = "amendment-signing";
    private static final Duration AFTERWARDS = Duration.ofDays(30);

    private final ContractLife life;
    private final ContractRows contracts;
    private final LifeRows rows;
    private final SigningContacts contacts;
    private final Amendments amendments;
    private final SigningMail mail;
    private final SignedLinks links;
    private final SigningCodes codes;
    private final Messages messages;
    private final Idempotency idempotency;
    private final Tenancy tenancy;
    private final Clock clock;

    AmendmentLinks(
            ContractLife life,
            ContractRows contracts,
            LifeRows rows,
            SigningContacts contacts,
            Amendments amendments,
            SigningMail mail,
            SignedLinks links,
            SigningCodes codes,
            Messages messages,
            Idempotency idempotency,
            Tenancy tenancy,
            Clock clock) {
        this.life = life;
        this.contracts = contracts;
        this.rows = rows;
        this.contacts = contacts;
        this.amendments = amendments;
        this.mail = mail;
        this.links = links;
        this.codes = codes;
        this.messages = messages;
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
        var name = wanted.name().strip();
        var email = wanted.email().strip();
        var language = wanted.language().equals("en") ? "en" : "zh";
        var request = List.of("amendment-link", access.contract(), amendment, name, email, language);
        return idempotency.once(access, key, request, UUID.class, () -> {
            var id = Ids.at(clock.millis());
            life.change(access.tenant(), access.contract(), null, work -> {
                var found = rows.amendment(access.tenant(), access.contract(), amendment);
                requireWaiting(found, work.now());
                contacts.ofAmendment(access.tenant(), amendment).stream()
                        .filter(known -> known.outcome() == null)
                        .forEach(known -> end(known, LinkOutcome.REVOKED, work.now()));
                var until = until(found);
                var link = links.issue(access.tenant(), PURPOSE, "signing/" + id, until.plus(AFTERWARDS), false);
                contacts.add(
                        new SigningContact(
                                access.tenant(),
                                access.contract(),
                                found.base(),
                                id,
                                Party.THIRD_PARTY,
                                name,
                                email,
                                language,
                                link.id(),
                                null,
                                access.party(),
                                work.now(),
                                null,
                                null,
                                null,
                                amendment),
                        access.person());
                messages.queue(new NewMessage(
                        access.tenant(),
                        "contract.link",
                        Channel.EMAIL,
                        new Recipient(Recipient.Kind.PARTY_CONTACT, id),
                        access.contract(),
                        "signing-link/" + id,
                        language,
                        Map.of(
                                "title",
                                ContractController.title(work.contract().title()),
                                "from",
                                mail.organisation(work.contract(), access.party()),
                                "until",
                                until.atZone(DraftTerms.ZONE).toLocalDate(),
                                "link",
                                "/signing/amendments/|" + link.id()),
                        until));
                work.also(new SigningEvent.LinkSent(
                        access.tenant(),
                        access.contract(),
                        found.base(),
                        Party.THIRD_PARTY,
                        access.party(),
                        id,
                        work.now(),
                        access.person()));
            });
            return id;
        });
    }

    private static void requireWaiting(Amendment amendment, Instant now) {
        if (amendment.state() != Amendment.State.PROPOSED
                || amendment.time(now).isPresent()
                || !amendment.unsigned().contains(Party.THIRD_PARTY)) {
            throw Refused.because("contract.amendment.third.notWaiting");
        }
    }

    private static Instant until(Amendment amendment) {
        return Objects.requireNonNull(amendment.proposedAt()).plus(Contract.SIGNING_TIME);
    }

    /** Who was sent a link for an amendment, and where it opens for the party that sent it. */
    List<SigningLinks.Sent> sent(Access access, UUID amendment) {
        if (!access.may(Capability.SIGN)) {
            return List.of();
        }
        return tenancy.read(
                access.tenant(),
                () -> contacts.ofAmendment(access.tenant(), amendment).stream()
                        .filter(contact -> contact.contract().equals(access.contract()))
                        .map(contact -> new SigningLinks.Sent(
                                contact,
                                contact.invitedAs() == access.party() && contact.outcome() != LinkOutcome.REVOKED
                                        ? links.token(access.tenant(), contact.link())
                                                .map(token -> "/signing/amendments/" + token)
                                                .orElse(null)
                                        : null))
                        .toList());
    }

    private boolean end(SigningContact contact, LinkOutcome outcome, Instant at) {
        if (!contacts.end(contact, outcome, at)) {
            return false;
        }
        if (outcome == LinkOutcome.REVOKED) {
            links.revoke(contact.tenant(), PURPOSE, contact.subject());
        }
        return true;
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
        var link = links.open(token, PURPOSE, from);
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
        codes.send(opened.contact(), PURPOSE, opened.contract());
    }

    /** Signs, confirmed by the code. A code is used up only by a signature that is otherwise in order. */
    void sign(Opened opened, String code, Amendments.Given given) {
        requireOpen(opened);
        var contact = opened.contact();
        amendments.requireInOrder(signer(contact), opened.amendment(), given);
        codes.check(contact, PURPOSE, code);
        amendments.sign(signer(contact), opened.amendment().id(), given, () -> endOnce(contact, LinkOutcome.SIGNED));
    }

    /** Will not sign, confirmed by the code: the amendment is rejected. */
    void decline(Opened opened, String code) {
        requireOpen(opened);
        var contact = opened.contact();
        codes.check(contact, PURPOSE, code);
        amendments.reject(signer(contact), opened.amendment().id(), () -> endOnce(contact, LinkOutcome.DECLINED));
    }

    private static Signing.Signer signer(SigningContact contact) {
        return new Signing.Signer(contact.tenant(), contact.contract(), Party.THIRD_PARTY, null, contact.id());
    }

    private void endOnce(SigningContact contact, LinkOutcome outcome) {
        if (!end(contact, outcome, now())) {
            throw Refused.because("contract.link.refused.ended");
        }
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
