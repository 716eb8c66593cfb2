package io.retainer.contract;

import io.retainer.contract.SigningContact.LinkOutcome;
import io.retainer.identity.Access;
import io.retainer.identity.SignedLinks;
import io.retainer.kernel.Ids;
import io.retainer.kernel.Refused;
import io.retainer.messaging.Channel;
import io.retainer.messaging.Messages;
import io.retainer.messaging.NewMessage;
import io.retainer.messaging.Recipient;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/** How a link to sign by is sent, shown to who sent it, and ended, whatever is signed by it. */
@Component
class SentLinks {

    /** For how long a link can be read after the last day for signing. */
    static final Duration AFTERWARDS = Duration.ofDays(30);

    /** What is signed by a link: a link for one thing opens no other, and neither does its code. */
    enum Errand {
        CONTRACT("contract-signing", "/signing/"),
        AMENDMENT("amendment-signing", "/signing/amendments/"),
        PART("part-signing", "/signing/parts/");

        private final String purpose;
        private final String path;

        Errand(String purpose, String path) {
            this.purpose = purpose;
            this.path = path;
        }

        String purpose() {
            return purpose;
        }
    }

    private final SigningContacts contacts;
    private final SigningMail mail;
    private final SignedLinks links;
    private final Messages messages;
    private final Clock clock;

    SentLinks(SigningContacts contacts, SigningMail mail, SignedLinks links, Messages messages, Clock clock) {
        this.contacts = contacts;
        this.mail = mail;
        this.links = links;
        this.messages = messages;
        this.clock = clock;
    }

    /** A link to sign by. */
    UUID send(
            ContractLife.Work work,
            Access access,
            Errand errand,
            SigningLinks.Invitation wanted,
            List<SigningContact> before,
            int number,
            @Nullable UUID amendment,
            LocalDate until,
            Instant expires) {
        return send(work, access, errand, "contract.link", wanted, before, number, amendment, until, expires);
    }

    /**
     * Sends a link by mail, within a change of the contract; those before it end.
     *
     * @param kind of the mail
     * @param before links for the same signature
     * @param number the version that is signed, or amended
     * @param until the last day for signing
     * @param expires when the mail is of no use any more
     * @return id of the contact
     */
    UUID send(
            ContractLife.Work work,
            Access access,
            Errand errand,
            String kind,
            SigningLinks.Invitation wanted,
            List<SigningContact> before,
            int number,
            @Nullable UUID amendment,
            LocalDate until,
            Instant expires) {
        before.stream()
                .filter(known -> known.outcome() == null)
                .forEach(known -> end(errand, known, LinkOutcome.REVOKED));
        var contract = work.contract();
        var id = Ids.at(clock.millis());
        var link = links.issue(access.tenant(), errand.purpose, "signing/" + id, expires.plus(AFTERWARDS), false);
        contacts.add(
                new SigningContact(
                        access.tenant(),
                        access.contract(),
                        number,
                        id,
                        wanted.party(),
                        wanted.name(),
                        wanted.email(),
                        wanted.language(),
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
                kind,
                Channel.EMAIL,
                new Recipient(Recipient.Kind.PARTY_CONTACT, id),
                access.contract(),
                "signing-link/" + id,
                wanted.language(),
                Map.of(
                        "title",
                        ContractController.title(contract.title()),
                        "from",
                        mail.organisation(contract, access.party()),
                        "until",
                        until,
                        "link",
                        errand.path + "|" + link.id()),
                expires));
        work.also(new SigningEvent.LinkSent(
                access.tenant(),
                access.contract(),
                number,
                wanted.party(),
                access.party(),
                id,
                work.now(),
                access.person()));
        return id;
    }

    /** Where they open, for the party that sent them; within a transaction of the tenant. */
    List<SigningLinks.Sent> shown(Errand errand, Access access, List<SigningContact> sent) {
        return sent.stream()
                .map(contact -> new SigningLinks.Sent(
                        contact,
                        contact.invitedAs() == access.party() && contact.outcome() != LinkOutcome.REVOKED
                                ? links.token(access.tenant(), contact.link())
                                        .map(token -> errand.path + token)
                                        .orElse(null)
                                : null))
                .toList();
    }

    /** @return false when it had ended before */
    boolean end(Errand errand, SigningContact contact, LinkOutcome outcome) {
        if (!contacts.end(contact, outcome, clock.instant().truncatedTo(ChronoUnit.MICROS))) {
            return false;
        }
        if (outcome == LinkOutcome.REVOKED) {
            links.revoke(contact.tenant(), errand.purpose, contact.subject());
        }
        return true;
    }

    /** @throws Refused when it had ended before */
    void endOnce(Errand errand, SigningContact contact, LinkOutcome outcome) {
        if (!end(errand, contact, outcome)) {
            throw Refused.because("contract.link.refused.ended");
        }
    }
}
