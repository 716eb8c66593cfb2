package io.retainer.contract;

import io.retainer.duty.AssessedDuty;
import io.retainer.duty.Duties;
import io.retainer.identity.Membership;
import io.retainer.identity.People;
import io.retainer.kernel.Party;
import io.retainer.kernel.Refused;
import io.retainer.kernel.Sentence;
import io.retainer.kernel.Tenancy;
import io.retainer.kernel.Unknown;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Service;

/** What third parties take part in, for their own people: what they see of it, sign and certify (G-35, G-37). */
@Service
public class Parts {

    private final Involvements involvements;
    private final Amendments amendments;
    private final ContractRows contracts;
    private final LifeRows amendmentRows;
    private final InvolvementRows rows;
    private final Duties duties;
    private final People people;
    private final Tenancy tenancy;
    private final Clock clock;

    Parts(
            Involvements involvements,
            Amendments amendments,
            ContractRows contracts,
            LifeRows amendmentRows,
            InvolvementRows rows,
            Duties duties,
            People people,
            Tenancy tenancy,
            Clock clock) {
        this.involvements = involvements;
        this.amendments = amendments;
        this.contracts = contracts;
        this.amendmentRows = amendmentRows;
        this.rows = rows;
        this.duties = duties;
        this.people = people;
        this.tenancy = tenancy;
        this.clock = clock;
    }

    /**
     * A part in a contract as the third party's people see it.
     *
     * @param contract shown by its title alone
     * @param annexes that bind it, while it takes part or is asked to sign the version that has them
     * @param toSign the version that waits for its signature, or null
     * @param waiting amendments that wait for its signature
     * @param settled those that it signed or declined
     * @param owed by it
     * @param signs whether the reader may sign for it
     */
    record Part(
            Involvement involvement,
            Involvement.Stage stage,
            Contract contract,
            List<AnnexSheet> annexes,
            @Nullable ContractVersion toSign,
            List<Waiting> waiting,
            List<Amendment> settled,
            List<AssessedDuty> owed,
            boolean signs) {}

    record Waiting(Amendment amendment, ContractVersion base) {}

    /** Whether one of these organisations is a third party of any contract. */
    public boolean takesPart(List<Membership> memberships) {
        return !places(memberships).isEmpty();
    }

    /** By which a part is known in a list. */
    public static Sentence title(Part part) {
        return ContractController.title(part.contract().title());
    }

    private List<InvolvementRows.Place> places(UUID person) {
        return places(people.memberships(person));
    }

    private List<InvolvementRows.Place> places(List<Membership> memberships) {
        return rows.ofOrganisations(
                memberships.stream().map(Membership::organisation).distinct().toList());
    }

    List<Part> of(UUID person) {
        return places(person).stream().map(place -> part(person, place)).toList();
    }

    /** @throws Unknown when the person's organisations have no such part */
    Part part(UUID person, UUID involvement) {
        return places(person).stream()
                .filter(place -> place.id().equals(involvement))
                .findFirst()
                .map(place -> part(person, place))
                .orElseThrow(() -> new Unknown("part " + involvement));
    }

    private Part part(UUID person, InvolvementRows.Place place) {
        var now = now();
        var owed = duties.ofContract(place.tenant(), place.contract(), now);
        return tenancy.read(place.tenant(), () -> {
            var one = rows.find(place.tenant(), place.id()).orElseThrow(() -> new Unknown("part " + place.id()));
            var contract = contracts.get(place.tenant(), place.contract());
            var version = involvements.version(contract, now);
            var stage = one.stage(now);
            boolean named = Involvements.names(version, one);
            boolean signable = involvements.isToSign(one, contract, version, now);
            boolean bound = stage == Involvement.Stage.ACTIVE || stage == Involvement.Stage.LEAVING;
            var ofIt = amendmentRows.amendments(one.tenant(), one.contract()).stream()
                    .filter(amendment -> one.name().equals(amendment.third()))
                    .toList();
            return new Part(
                    one,
                    stage,
                    contract,
                    named && (bound || signable) ? Involvements.binding(version) : List.of(),
                    signable ? version : null,
                    ofIt.stream()
                            .filter(amendment -> amendment.state() == Amendment.State.PROPOSED
                                    && amendment.time(now).isEmpty()
                                    && amendment.unsigned().contains(Party.THIRD_PARTY))
                            .map(amendment -> new Waiting(
                                    amendment, contracts.version(one.tenant(), one.contract(), amendment.base())))
                            .toList(),
                    ofIt.stream()
                            .filter(amendment -> amendment.signed().contains(Party.THIRD_PARTY)
                                    || amendment.state() == Amendment.State.REJECTED)
                            .toList(),
                    Involvements.owedBy(one, owed),
                    people.memberships(person).stream()
                            .anyMatch(membership -> membership.organisation().equals(one.organisation())
                                    && Involvements.SIGNING.contains(membership.role())));
        });
    }

    /**
     * A person of the third party signs an amendment that waits for it (G-37).
     *
     * @param retroactive whether it wants it to hold for days before it was signed
     */
    public void signAmendment(
            UUID person,
            UUID involvement,
            UUID amendment,
            String hash,
            SignatureMode mode,
            String signatory,
            String authority,
            boolean retroactive) {
        var part = signing(person, involvement);
        requireWaiting(part, amendment);
        amendments.sign(
                signer(part, person),
                amendment,
                new Amendments.Given(hash, mode, signatory, authority, retroactive),
                () -> {});
    }

    public void declineAmendment(UUID person, UUID involvement, UUID amendment) {
        var part = signing(person, involvement);
        requireWaiting(part, amendment);
        amendments.reject(signer(part, person), amendment, () -> {});
    }

    private static Signing.Signer signer(Part part, UUID person) {
        var one = part.involvement();
        return new Signing.Signer(one.tenant(), one.contract(), Party.THIRD_PARTY, person, null);
    }

    private static void requireWaiting(Part part, UUID amendment) {
        if (part.waiting().stream().noneMatch(one -> one.amendment().id().equals(amendment))) {
            throw Refused.because("contract.involvement.refused.notWaiting");
        }
    }

    /** @throws Refused when this person may not sign for it */
    Part signing(UUID person, UUID involvement) {
        var part = part(person, involvement);
        if (!part.signs()) {
            throw Refused.because("contract.involvement.refused.signer");
        }
        return part;
    }

    /**
     * A person of the third party signs the version of the contract whose annexes bind it: beside the parties, or later. It takes
     * part from then on, not before the contract is in force.
     */
    public void sign(UUID person, UUID involvement, Signing.Given given) {
        var one = signing(person, involvement).involvement();
        involvements.sign(one, person, null, given, () -> {});
    }

    /** A person of the third party says that data came back, or accesses were given up. */
    public void certify(UUID person, UUID involvement, UUID duty, String certificate) {
        involvements.certify(signing(person, involvement).involvement(), duty, certificate, person);
    }

    private Instant now() {
        return clock.instant().truncatedTo(ChronoUnit.MICROS);
    }
}
