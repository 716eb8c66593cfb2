package io.retainer.contract;

import io.retainer.contract.SigningContact.LinkOutcome;
import io.retainer.identity.Access;
import io.retainer.identity.Capability;
import io.retainer.identity.Idempotency;
import io.retainer.identity.SignedLinks;
import io.retainer.kernel.Party;
import io.retainer.kernel.Refused;
import io.retainer.kernel.Tenancy;
import io.retainer.kernel.Unknown;
import io.retainer.messaging.MessageKind;
import io.retainer.messaging.MessageKind.Variable;
import io.retainer.messaging.MessageKind.VariableType;
import io.retainer.messaging.Purpose;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.stereotype.Service;

/**
 * Signing by a link for somebody without an account (I-7.1): the link opens one version for one party, lives as long as the
 * signing and thirty days more to fetch the counterpart, and alone shows only what is to be signed. A signature or a
 * refusal needs a one-time code besides, which goes to the address the link went to.
 */
@Service
public class SigningLinks {

    private static final SentLinks.Errand ERRAND = SentLinks.Errand.CONTRACT;
    private static final Pattern EMAIL =
            Pattern.compile("[A-Za-z0-9._%+'-]{1,64}@[A-Za-z0-9-]{1,63}(\\.[A-Za-z0-9-]{1,63})+");

    private final ContractLife life;
    private final ContractRows contracts;
    private final SigningRows rows;
    private final SigningContacts contacts;
    private final Signing signing;
    private final SigningMail mail;
    private final SignedPapers papers;
    private final SignedLinks links;
    private final SigningCodes codes;
    private final SentLinks sent;
    private final Idempotency idempotency;
    private final Tenancy tenancy;
    private final Clock clock;

    SigningLinks(
            ContractLife life,
            ContractRows contracts,
            SigningRows rows,
            SigningContacts contacts,
            Signing signing,
            SigningMail mail,
            SignedPapers papers,
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
        this.signing = signing;
        this.mail = mail;
        this.papers = papers;
        this.links = links;
        this.codes = codes;
        this.sent = sent;
        this.idempotency = idempotency;
        this.tenancy = tenancy;
        this.clock = clock;
    }

    // The party that invites

    /**
     * Who is to sign.
     *
     * @param party for whom: the inviter's own, or one of which nobody with an account may sign
     * @param language {@code zh} or {@code en}
     */
    public record Invitation(Party party, String name, String email, String language) {

        Invitation tidied() {
            return new Invitation(party, name.strip(), email.strip(), language.equals("en") ? "en" : "zh");
        }
    }

    /**
     * Sends the link by mail; an earlier one for the party ends.
     *
     * @param key from the header {@code Idempotency-Key}, or null
     */
    public UUID invite(Access access, @Nullable String key, Invitation wanted) {
        access.require(Capability.SIGN);
        requireReachable(wanted);
        if (wanted.party() == Party.THIRD_PARTY) {
            throw Refused.field("party", "contract.refused.party", wanted.party());
        }
        var to = wanted.tidied();
        var request = List.of("signing-link", access.contract(), to.party(), to.name(), to.email(), to.language());
        return idempotency.once(access, key, request, UUID.class, () -> {
            var id = new UUID[1];
            life.change(access.tenant(), access.contract(), null, work -> {
                var contract = work.contract();
                contract.requirePending();
                var round = rows.round(access.tenant(), access.contract(), contract.number())
                        .orElseThrow(() -> Refused.because("contract.link.refused.noRound"));
                if (contract.signed().contains(to.party())) {
                    throw Refused.because("contract.refused.signedAlready", to.party());
                }
                if (to.party() != access.party()
                        && !mail.signatories(contract, List.of(to.party())).isEmpty()) {
                    throw Refused.field("party", "contract.link.refused.hasAccount", to.party());
                }
                // What is signed opens the client's data. Whoever has it in hand already is not to be got round by a
                // draft of somebody else's and a link to somebody else's mailbox.
                if (to.party() == Party.CLIENT
                        && access.party() != Party.CLIENT
                        && contracts.servedByAnother(access.tenant(), contract.organisation(access.party()))) {
                    throw Refused.field("party", "contract.link.refused.servedByAnother");
                }
                id[0] = sent.send(
                        work,
                        access,
                        ERRAND,
                        to,
                        contacts.all(access.tenant(), access.contract()).stream()
                                .filter(known -> known.party() == to.party())
                                .toList(),
                        contract.number(),
                        null,
                        round.lastDay(),
                        SigningPlan.end(round.lastDay()));
            });
            return id[0];
        });
    }

    /** @throws Refused when nobody can be reached by that name and address */
    static void requireReachable(Invitation wanted) {
        if (wanted.name().isBlank() || wanted.name().strip().length() > 100) {
            throw Refused.field("name", "contract.link.refused.name");
        }
        var email = wanted.email().strip();
        if (email.length() > 254 || !EMAIL.matcher(email).matches()) {
            throw Refused.field("email", "contract.link.refused.email");
        }
    }

    /** Ends a link at once; either party whose link it is may. */
    public void revoke(Access access, UUID id) {
        access.require(Capability.SIGN);
        tenancy.write(access.tenant(), () -> {
            var contact = contacts.find(access.tenant(), id)
                    .filter(found -> found.contract().equals(access.contract()))
                    .filter(found -> found.invitedAs() == access.party())
                    .orElseThrow(() -> new Unknown("signing link " + id));
            sent.endOnce(ERRAND, contact, LinkOutcome.REVOKED);
        });
    }

    /** @param path where it opens, for the party that sent it; null when it has ended or is not theirs */
    record Sent(SigningContact contact, @Nullable String path) {}

    List<Sent> sent(Access access) {
        access.require(Capability.SIGN);
        return tenancy.read(
                access.tenant(),
                () -> sent.shown(
                        ERRAND,
                        access,
                        contacts.all(access.tenant(), access.contract()).stream()
                                .filter(contact -> contact.party() != Party.THIRD_PARTY)
                                .toList()));
    }

    // Whoever holds the link

    /**
     * What the link shows.
     *
     * @param open whether a signature may be given now
     * @param ready whether the party's counterpart can be fetched
     */
    record Opened(
            SigningContact contact,
            Contract contract,
            ContractVersion version,
            Signing.Standing standing,
            List<Signature> signatures,
            boolean open,
            boolean ready) {}

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
            var contract = contracts.get(contact.tenant(), contact.contract());
            boolean current = contract.number() == contact.number();
            var standing = signing.standing(contact.tenant(), contact.contract());
            return new Opened(
                    contact,
                    contract,
                    contracts.version(contact.tenant(), contact.contract(), contact.number()),
                    standing,
                    contracts.signatures(contact.tenant(), contact.contract(), contact.number()),
                    current
                            && contact.outcome() == null
                            && contract.time(now()).isEmpty()
                            && standing.turn().contains(contact.party()),
                    contact.outcome() == LinkOutcome.SIGNED
                            && current
                            && copy(contact, contract).isPresent());
        });
    }

    private Optional<byte[]> copy(SigningContact contact, Contract contract) {
        return contracts.counterparts(contact.tenant(), contact.contract(), contract.number()).stream()
                .filter(counterpart -> counterpart.holder() == contact.party())
                .findFirst()
                .flatMap(counterpart ->
                        rows.file(contact.tenant(), contact.contract(), contact.number(), counterpart.copy()));
    }

    /** The party's signed counterpart, once it was made. */
    Optional<byte[]> counterpart(Opened opened) {
        return opened.ready()
                ? tenancy.read(opened.contact().tenant(), () -> copy(opened.contact(), opened.contract()))
                : Optional.empty();
    }

    /** Sends a one-time code to the address the link went to; five an hour at most. */
    void sendCode(Opened opened) {
        requireOpen(opened);
        codes.send(opened.contact(), ERRAND.purpose(), opened.contract());
    }

    /** Signs, confirmed by the code. A code is used up only by a signature that is otherwise in order. */
    void sign(Opened opened, String code, Signing.Given given) {
        requireOpen(opened);
        var contact = opened.contact();
        if (given.authority().paper() == null) {
            throw Refused.field("paper", "contract.link.refused.paper");
        }
        var signer = new Signing.Signer(contact.tenant(), contact.contract(), contact.party(), null, contact.id());
        signing.requireInOrder(signer, opened.contract(), opened.version(), given);
        codes.check(contact, ERRAND.purpose(), code);
        signing.sign(signer, given, () -> sent.endOnce(ERRAND, contact, LinkOutcome.SIGNED));
        papers.after(contact.tenant(), contact.contract());
    }

    /** Will not sign, confirmed by the code. */
    void decline(Opened opened, String code, String reason) {
        requireOpen(opened);
        var contact = opened.contact();
        Proposal.requireWords("reason", reason);
        codes.check(contact, ERRAND.purpose(), code);
        signing.decline(
                new Signing.Signer(contact.tenant(), contact.contract(), contact.party(), null, contact.id()),
                reason,
                () -> sent.endOnce(ERRAND, contact, LinkOutcome.DECLINED));
    }

    private static void requireOpen(Opened opened) {
        if (!opened.open()) {
            throw Refused.because("contract.link.refused.ended");
        }
    }

    /** Whether a code has been asked for, so that the form can take it. */
    static boolean hasCode(Opened opened) {
        return Objects.nonNull(opened.contact().code());
    }

    private Instant now() {
        return clock.instant().truncatedTo(ChronoUnit.MICROS);
    }

    /** What is said to somebody without an account. */
    @Configuration(proxyBeanMethods = false)
    static class LinkKind {

        @Bean
        MessageKind partLinkMessage() {
            return new MessageKind(
                    "contract.part",
                    Purpose.CONTRACT_NOTICE,
                    List.of(
                            new Variable("title", VariableType.TEXT, "CRM-2025"),
                            new Variable("from", VariableType.TEXT, "ABC"),
                            new Variable("until", VariableType.TIME, "2025-01-20"),
                            new Variable("link", VariableType.SIGNED_LINK, "/signing/parts/")));
        }

        @Bean
        MessageKind signingLinkMessage() {
            return new MessageKind(
                    "contract.link",
                    Purpose.CONTRACT_NOTICE,
                    List.of(
                            new Variable("title", VariableType.TEXT, "CRM-2025"),
                            new Variable("from", VariableType.TEXT, "ABC"),
                            new Variable("until", VariableType.TIME, "2025-01-20"),
                            new Variable("link", VariableType.SIGNED_LINK, "/signing/")));
        }
    }
}
