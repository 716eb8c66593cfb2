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
import java.time.Clock;
import java.time.Instant;
import java.time.LocalDate;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Service;

/**
 * A third party without an account signs the version of the contract whose annexes bind it (II-4.4) by a link and a one-time
 * code, and once it is bound says by one that it wishes to leave (II-5.1). The link shows these annexes and nothing else of the
 * contract.
 */
@Service
public class PartLinks {

    private static final SentLinks.Errand ERRAND = SentLinks.Errand.PART;

    private final ContractLife life;
    private final ContractRows contracts;
    private final SigningRows rounds;
    private final SigningContacts contacts;
    private final Involvements involvements;
    private final Leaving leaving;
    private final SignedLinks links;
    private final SigningCodes codes;
    private final SentLinks sent;
    private final Idempotency idempotency;
    private final Tenancy tenancy;
    private final Clock clock;

    PartLinks(
            ContractLife life,
            ContractRows contracts,
            SigningRows rounds,
            SigningContacts contacts,
            Involvements involvements,
            Leaving leaving,
            SignedLinks links,
            SigningCodes codes,
            SentLinks sent,
            Idempotency idempotency,
            Tenancy tenancy,
            Clock clock) {
        this.life = life;
        this.contracts = contracts;
        this.rounds = rounds;
        this.contacts = contacts;
        this.involvements = involvements;
        this.leaving = leaving;
        this.links = links;
        this.codes = codes;
        this.sent = sent;
        this.idempotency = idempotency;
        this.tenancy = tenancy;
        this.clock = clock;
    }

    // The party that invites

    /**
     * Sends the signatory of the third party of annex 5 the link by mail; an earlier one ends.
     *
     * @param key from the header {@code Idempotency-Key}, or null
     * @param wanted for {@link Party#THIRD_PARTY}
     * @throws Refused when nobody can be reached so, or nothing waits for its signature
     */
    public UUID invite(Access access, @Nullable String key, SigningLinks.Invitation wanted) {
        access.require(Capability.SIGN);
        SigningLinks.requireReachable(wanted);
        var to = wanted.tidied();
        var request = List.of("part-link", access.contract(), to.name(), to.email(), to.language());
        return idempotency.once(access, key, request, UUID.class, () -> {
            var id = new UUID[1];
            life.change(access.tenant(), access.contract(), null, work -> {
                var contract = work.contract();
                var bound = involvements.boundWithoutAccount(contract, work.now());
                if (bound.isPresent()) {
                    var last = work.now()
                            .plus(SentLinks.AFTERWARDS)
                            .atZone(DraftTerms.ZONE)
                            .toLocalDate();
                    int inForce = contracts
                            .inForce(access.tenant(), access.contract(), work.now())
                            .orElse(contract.number());
                    id[0] = sent.send(
                            work,
                            access,
                            ERRAND,
                            "contract.part",
                            to,
                            own(access),
                            inForce,
                            null,
                            last,
                            SigningPlan.end(last));
                    return;
                }
                var unsigned = involvements.asked(contract, work.now(), access.person());
                involvements.requireNoAccount(access, unsigned.involvement().name());
                int number = unsigned.version().number();
                var until = rounds.round(access.tenant(), access.contract(), number)
                        .filter(_ -> contract.state() == ContractState.PENDING_SIGN)
                        .map(SigningRound::lastDay)
                        .orElseGet(() -> work.now()
                                .plus(SentLinks.AFTERWARDS)
                                .atZone(DraftTerms.ZONE)
                                .toLocalDate());
                id[0] = sent.send(work, access, ERRAND, to, own(access), number, null, until, SigningPlan.end(until));
            });
            return id[0];
        });
    }

    private List<SigningContact> own(Access access) {
        return contacts.all(access.tenant(), access.contract()).stream()
                .filter(contact -> contact.party() == Party.THIRD_PARTY)
                .toList();
    }

    /** Who was sent a link, and where it opens for the party that sent it; the newest first. */
    List<SigningLinks.Sent> sent(Access access) {
        if (!access.may(Capability.SIGN)) {
            return List.of();
        }
        return tenancy.read(access.tenant(), () -> sent.shown(ERRAND, access, own(access)));
    }

    /** Why those who declined would not sign, by the contact's id. */
    Map<UUID, String> reasons(Access access) {
        return access.may(Capability.SIGN)
                ? tenancy.read(access.tenant(), () -> contacts.reasons(access.tenant(), access.contract()))
                : Map.of();
    }

    /** Whether the third party of annex 5 has yet to sign, so that it can be sent a link. */
    boolean isAwaited(Access access) {
        return access.may(Capability.SIGN)
                && tenancy.read(
                        access.tenant(),
                        () -> involvements.isAwaited(contracts.get(access.tenant(), access.contract()), now()));
    }

    /** Whether it takes part and acts by links, so that it can be sent one to its part. */
    boolean isBound(Access access) {
        return access.may(Capability.SIGN)
                && tenancy.read(
                        access.tenant(),
                        () -> involvements
                                .boundWithoutAccount(contracts.get(access.tenant(), access.contract()), now())
                                .isPresent());
    }

    // Whoever holds the link

    /**
     * What the link shows.
     *
     * @param third the third party's name, as annex 5 has it
     * @param unsigned what may be signed now, or null
     * @param bound its part, once it has signed, or null
     */
    record Opened(
            SigningContact contact,
            Contract contract,
            ContractVersion version,
            String third,
            Involvements.@Nullable Unsigned unsigned,
            @Nullable Involvement bound) {

        public boolean open() {
            return unsigned != null;
        }
    }

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
            var version = contracts.version(contact.tenant(), contact.contract(), contact.number());
            return new Opened(
                    contact,
                    contract,
                    version,
                    AmendedVersion.named(version.annexes()).orElse("—"),
                    Optional.of(contact)
                            .filter(one -> one.outcome() == null
                                    && (contract.state() != ContractState.PENDING_SIGN
                                            || contract.time(now()).isEmpty()))
                            .flatMap(_ -> involvements.unsigned(contract, now()))
                            .filter(found -> found.version().number() == contact.number())
                            .orElse(null),
                    Optional.of(contact)
                            .filter(one -> one.outcome() == null || one.outcome() == LinkOutcome.SIGNED)
                            .flatMap(_ -> involvements.boundWithoutAccount(contract, now()))
                            .orElse(null));
        });
    }

    /** Sends a one-time code to the address the link went to; five an hour at most. */
    void sendCode(Opened opened) {
        if (opened.bound() == null) {
            requireOpen(opened);
        }
        codes.send(opened.contact(), ERRAND.purpose(), opened.contract());
    }

    /** Signs, confirmed by the code. A code is used up only by a signature that is otherwise in order. */
    void sign(Opened opened, String code, Signing.Given given) {
        var unsigned = requireOpen(opened);
        var contact = opened.contact();
        if (given.authority().paper() == null) {
            throw Refused.field("paper", "contract.link.refused.paper");
        }
        Involvements.requireInOrder(unsigned.version(), given);
        codes.check(contact, ERRAND.purpose(), code);
        involvements.sign(
                unsigned.involvement(),
                null,
                contact.id(),
                given,
                () -> sent.endOnce(ERRAND, contact, LinkOutcome.SIGNED));
    }

    /** Will not sign, confirmed by the code: the parties see that it declined, and may ask another. */
    void decline(Opened opened, String code, String reason) {
        var unsigned = requireOpen(opened);
        var contact = opened.contact();
        Proposal.requireWords("reason", reason);
        codes.check(contact, ERRAND.purpose(), code);
        life.change(contact.tenant(), contact.contract(), null, work -> {
            sent.endOnce(ERRAND, contact, LinkOutcome.DECLINED);
            contacts.reason(contact, reason.strip());
            work.also(new InvolvementEvent.Declined(
                    contact.tenant(),
                    contact.contract(),
                    unsigned.involvement().id(),
                    contact.number(),
                    Hashes.of(contact.contract(), "reason", reason.strip()),
                    work.now(),
                    null));
        });
    }

    /** What may be asked for by the holder of the link, or null while it is not bound. */
    Leaving.@Nullable State leaving(Opened opened) {
        var bound = opened.bound();
        return bound == null ? null : leaving.state(bound);
    }

    /** Gives notice that it wishes to leave, confirmed by the code, which a notice that is not in order does not use up. */
    void leave(Opened opened, String code, @Nullable LocalDate wishedOn, String reason) {
        var bound = requireBound(opened);
        if (wishedOn == null) {
            throw Refused.field("wishedOn", "contract.leave.refused.date");
        }
        leaving.requireInOrder(bound, wishedOn, reason);
        codes.check(opened.contact(), ERRAND.purpose(), code);
        leaving.give(bound, null, opened.contact().id(), wishedOn, reason);
    }

    void stay(Opened opened, String code) {
        var bound = requireBound(opened);
        leaving.requireGiven(bound);
        codes.check(opened.contact(), ERRAND.purpose(), code);
        leaving.withdraw(bound, null);
    }

    private static Involvement requireBound(Opened opened) {
        var bound = opened.bound();
        if (bound == null) {
            throw Refused.because("contract.link.refused.ended");
        }
        return bound;
    }

    private static Involvements.Unsigned requireOpen(Opened opened) {
        var unsigned = opened.unsigned();
        if (unsigned == null) {
            throw Refused.because("contract.link.refused.ended");
        }
        return unsigned;
    }

    private Instant now() {
        return clock.instant().truncatedTo(ChronoUnit.MICROS);
    }
}
