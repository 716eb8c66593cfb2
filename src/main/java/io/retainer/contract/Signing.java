package io.retainer.contract;

import com.github.kagkarlsson.scheduler.task.helper.RecurringTask;
import com.github.kagkarlsson.scheduler.task.helper.Tasks;
import com.github.kagkarlsson.scheduler.task.schedule.FixedDelay;
import io.retainer.contract.SigningEvent.AuthorityProven;
import io.retainer.contract.SigningEvent.Reminded;
import io.retainer.contract.SigningEvent.RoundOpened;
import io.retainer.contract.SigningEvent.SealSet;
import io.retainer.identity.Access;
import io.retainer.identity.Capability;
import io.retainer.kernel.Ids;
import io.retainer.kernel.Party;
import io.retainer.kernel.Refused;
import io.retainer.kernel.Tenancy;
import io.retainer.kernel.Unknown;
import io.retainer.kernel.WorkCalendar;
import java.time.Clock;
import java.time.Instant;
import java.time.LocalDate;
import java.util.EnumSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.stereotype.Service;

/**
 * Asking for signatures and giving them (I-7.1, G-01): in which order, until when, with a seal or by an authorised person,
 * by what right. A refusal says why and sends the draft back to the talks.
 */
@Service
public class Signing {

    private static final Logger log = LoggerFactory.getLogger(Signing.class);
    private static final int MOST = 200;

    private final ContractLife life;
    private final ContractRows contracts;
    private final SigningRows rows;
    private final SealRegister seals;
    private final SigningMail mail;
    private final AuthorityPapers papers;
    private final Tenancy tenancy;
    private final WorkCalendar calendar;
    private final ApplicationEventPublisher events;
    private final Clock clock;

    Signing(
            ContractLife life,
            ContractRows contracts,
            SigningRows rows,
            SealRegister seals,
            SigningMail mail,
            AuthorityPapers papers,
            Tenancy tenancy,
            WorkCalendar calendar,
            ApplicationEventPublisher events,
            Clock clock) {
        this.life = life;
        this.contracts = contracts;
        this.rows = rows;
        this.seals = seals;
        this.mail = mail;
        this.papers = papers;
        this.tenancy = tenancy;
        this.calendar = calendar;
        this.events = events;
        this.clock = clock;
    }

    /**
     * Who signs: somebody with an account, or somebody a party named who has none.
     *
     * @param person null for a contact
     * @param contact null for a person
     */
    record Signer(
            UUID tenant,
            UUID contract,
            Party party,
            @Nullable UUID person,
            @Nullable UUID contact) {

        static Signer of(Access access) {
            return new Signer(access.tenant(), access.contract(), access.party(), access.person(), null);
        }
    }

    /**
     * What a signatory gives.
     *
     * @param hash of the version the signatory saw
     * @param signatory name of the person who seals or signs
     * @param seal a registered seal, or null
     */
    public record Given(
            String hash,
            SignatureMode mode,
            String signatory,
            Authority authority,
            @Nullable UUID seal) {}

    /** Freezes the version and asks for signatures as planned. */
    public void open(Access access, SigningPlan wanted, @Nullable Integer seen) {
        access.require(Capability.SUBMIT);
        life.change(access.tenant(), access.contract(), seen, work -> {
            var plan = wanted.checked(work.now());
            life.submit(work, access);
            var lastDay = Objects.requireNonNull(plan.lastDay());
            work.await(SigningPlan.end(lastDay));
            var round = new SigningRound(
                    work.contract().number(),
                    plan.sequence(),
                    access.party(),
                    work.now(),
                    lastDay,
                    plan.remindDays(),
                    SigningPlan.reminder(lastDay, plan.remindDays(), work.now(), calendar),
                    null,
                    null,
                    null,
                    null,
                    null,
                    null);
            rows.open(access.tenant(), access.contract(), round);
            work.also(new RoundOpened(
                    access.tenant(),
                    access.contract(),
                    round.number(),
                    round.sequence(),
                    lastDay,
                    access.party(),
                    work.now(),
                    access.person()));
            mail.opened(work.contract(), round, access.party());
        });
    }

    /** One party signs. With the last signature the contract takes effect. */
    public void sign(Access access, Given given) {
        access.require(Capability.SIGN);
        sign(Signer.of(access), given, () -> {});
    }

    /** Whether all but the act itself is in order; changes nothing. */
    void requireInOrder(Signer by, Contract contract, ContractVersion version, Given given) {
        requireWords(given);
        var agreed = version.terms().choice(TermKey.SIGN_MODE, TermKey.SignMode.class);
        contract.sign(
                given.hash(),
                given.mode(),
                agreed,
                given.authority().words(),
                by.party(),
                clock.instant(),
                by.person());
    }

    private static void requireWords(Given given) {
        if (given.signatory().isBlank() || given.signatory().length() > 100) {
            throw Refused.field("signatory", "contract.refused.noSignatory");
        }
        var words = given.authority().words();
        if (words.length() > 500 || words.isBlank()) {
            throw Refused.field("authority", "contract.refused.noAuthority");
        }
    }

    /** @param alongside done in the same transaction, first */
    void sign(Signer by, Given given, Runnable alongside) {
        requireWords(given);
        var authority = given.authority();
        var organisation = tenancy.read(by.tenant(), () -> contracts.get(by.tenant(), by.contract()))
                .organisation(by.party());
        var signatory = Objects.requireNonNull(by.person() == null ? by.contact() : by.person());
        var seal = seals.toBeSet(organisation, signatory, given.mode(), given.seal());
        life.change(by.tenant(), by.contract(), null, work -> {
            alongside.run();
            int number = work.contract().number();
            var before = work.contract().signed();
            life.sign(work, by, given);
            rows.round(by.tenant(), by.contract(), number).ifPresent(round -> round.requireTurn(by.party(), before));
            var id = Ids.at(work.now().toEpochMilli());
            var paper = authority.paper();
            rows.add(
                    by.tenant(),
                    by.contract(),
                    number,
                    by.party(),
                    id,
                    authority,
                    paper == null ? null : papers.seal(by.tenant(), id, paper),
                    work.now());
            work.also(new AuthorityProven(
                    by.tenant(),
                    by.contract(),
                    number,
                    by.party(),
                    authority.basis(),
                    paper != null,
                    authority.hash(by.contract()),
                    work.now(),
                    by.person()));
            if (seal != null) {
                seals.used(by.tenant(), by.contract(), number, by.party(), seal, given.hash(), signatory, work.now());
                work.also(new SealSet(
                        by.tenant(),
                        by.contract(),
                        number,
                        by.party(),
                        seal.id(),
                        seal.kind(),
                        given.hash(),
                        work.now(),
                        by.person()));
            }
            if (work.contract().state() != ContractState.PENDING_SIGN) {
                rows.awaitFiles(by.tenant(), by.contract(), number, work.now());
            } else {
                // Whose turn it is now.
                rows.round(by.tenant(), by.contract(), number)
                        .filter(round -> round.sequence().first() == by.party())
                        .ifPresent(round -> mail.opened(work.contract(), round, by.party()));
            }
        });
    }

    /**
     * A party will not sign this: the draft goes back to the talks as a new version, and signatures given are void.
     *
     * @param reason which the other party reads
     */
    public void decline(Access access, String reason) {
        access.require(Capability.SIGN);
        decline(Signer.of(access), reason, () -> {});
    }

    /** @param alongside done in the same transaction, first */
    void decline(Signer by, String reason, Runnable alongside) {
        Proposal.requireWords("reason", reason);
        life.change(by.tenant(), by.contract(), null, work -> {
            alongside.run();
            int number = work.contract().number();
            life.decline(work, by, Hashes.of(by.contract(), "reason", reason.strip()));
            rows.decline(by.tenant(), by.contract(), number, by.party(), reason.strip(), work.now());
            mail.declined(work.contract(), number, by.party(), work.now());
        });
    }

    /** A party gives the whole contract up. */
    public void reject(Access access) {
        access.require(Capability.SIGN);
        life.change(access.tenant(), access.contract(), null, work -> {
            life.reject(work, access);
            rows.reject(access.tenant(), access.contract(), work.contract().number(), access.party());
        });
    }

    /**
     * Reminds those whose turn it is; once a day.
     *
     * @return how many people were told
     */
    public int remind(Access access) {
        access.require(Capability.SIGN);
        var told = new int[1];
        life.change(access.tenant(), access.contract(), null, work -> {
            work.contract().requirePending();
            var round = rows.round(
                            access.tenant(), access.contract(), work.contract().number())
                    .orElseThrow(() -> new Unknown("signing of contract " + access.contract()));
            var today = LocalDate.ofInstant(work.now(), DraftTerms.ZONE);
            if (today.equals(round.nudgedOn())) {
                throw Refused.because("contract.signing.refused.reminded");
            }
            var waiting = EnumSet.noneOf(Party.class);
            waiting.addAll(round.turn(work.contract().signed()));
            waiting.remove(access.party());
            if (waiting.isEmpty()) {
                throw Refused.because("contract.signing.refused.nobody");
            }
            told[0] = mail.remind(work.contract(), round, waiting, "reminded-" + today, work.now());
            if (told[0] == 0) {
                throw Refused.because("contract.signing.refused.unreachable", List.copyOf(waiting));
            }
            rows.nudge(access.tenant(), access.contract(), round.number(), today);
            work.also(new Reminded(
                    access.tenant(),
                    access.contract(),
                    round.number(),
                    access.party(),
                    false,
                    told[0],
                    work.now(),
                    access.person()));
        });
        return told[0];
    }

    /** Sends the automatic reminders that have come due by {@code now}, each once. */
    public void remindAll(Instant now) {
        for (var due : rows.reminders(now, MOST)) {
            try {
                life.change(due.tenant(), due.contract(), null, work -> {
                    if (!rows.claimReminder(due.tenant(), due.contract(), due.number(), work.now())
                            || work.contract().state() != ContractState.PENDING_SIGN
                            || work.contract().number() != due.number()) {
                        return;
                    }
                    var round = rows.round(due.tenant(), due.contract(), due.number())
                            .orElseThrow();
                    int told = mail.remind(
                            work.contract(), round, round.turn(work.contract().signed()), "reminder", work.now());
                    work.also(new Reminded(
                            due.tenant(),
                            due.contract(),
                            due.number(),
                            round.openedBy(),
                            true,
                            told,
                            work.now(),
                            null));
                });
            } catch (RuntimeException e) {
                log.warn("The signing reminder of contract {} is left for the next look", due.contract(), e);
            }
        }
    }

    // Reading

    /**
     * How the signing stands.
     *
     * @param round the newest, or null when nobody has asked for signatures yet
     * @param turn whose signature is awaited now
     * @param proofs of authority under the current version
     * @param uses seals set under it
     * @param files the signed counterparts
     * @param mine seals the reader's company has in use
     */
    record Standing(
            Contract contract,
            @Nullable SigningRound round,
            List<SigningRound> rounds,
            Set<Party> turn,
            List<SigningRows.Proof> proofs,
            List<SealRegister.Use> uses,
            List<SigningRows.File> files,
            List<Seal> mine) {}

    Standing standing(Access access) {
        access.require(Capability.READ_CONTRACT);
        var standing = tenancy.read(access.tenant(), () -> standing(access.tenant(), access.contract()));
        return new Standing(
                standing.contract(),
                standing.round(),
                standing.rounds(),
                standing.turn(),
                standing.proofs(),
                standing.uses(),
                standing.files(),
                access.may(Capability.SIGN)
                        ? seals.usable(standing.contract().organisation(access.party()))
                        : List.of());
    }

    /** Within a transaction of the tenant. */
    Standing standing(UUID tenant, UUID id) {
        var contract = contracts.get(tenant, id);
        var rounds = rows.rounds(tenant, id);
        var round = rounds.isEmpty() ? null : rounds.getFirst();
        return new Standing(
                contract,
                round,
                rounds,
                contract.state() != ContractState.PENDING_SIGN
                        ? Set.of()
                        : round == null ? Set.of(Party.CLIENT, Party.PROVIDER) : round.turn(contract.signed()),
                rows.proofs(tenant, id, contract.number()),
                seals.uses(tenant, id, contract.number()),
                rows.files(tenant, id, contract.number()),
                List.of());
    }

    /** The bytes of a signed counterpart. */
    byte[] counterpart(Access access, int copy) {
        access.require(Capability.READ_CONTRACT);
        access.require(Capability.READ_MONEY);
        return tenancy.read(
                access.tenant(),
                () -> rows.file(
                                access.tenant(),
                                access.contract(),
                                contracts
                                        .get(access.tenant(), access.contract())
                                        .number(),
                                copy)
                        .orElseThrow(() -> new Unknown("counterpart " + copy)));
    }

    /** Shows a party the paper by which somebody signed; the ledger notes who looked. */
    Authority.Paper paper(Access access, UUID id) {
        access.require(Capability.SIGN);
        return tenancy.write(access.tenant(), () -> {
            var contract = contracts.get(access.tenant(), access.contract());
            var proof = rows.proofs(access.tenant(), access.contract(), contract.number()).stream()
                    .filter(candidate -> candidate.id().equals(id) && candidate.media() != null)
                    .findFirst()
                    .orElseThrow(() -> new Unknown("paper " + id));
            var sealed =
                    rows.paper(access.tenant(), access.contract(), id).orElseThrow(() -> new Unknown("paper " + id));
            var paper = papers.open(access.tenant(), id, sealed);
            events.publishEvent(new SigningEvent.PaperShown(
                    access.tenant(),
                    access.contract(),
                    contract.number(),
                    proof.party(),
                    access.party(),
                    proof.hash(),
                    clock.instant(),
                    access.person()));
            return paper;
        });
    }

    @Configuration(proxyBeanMethods = false)
    static class EveryQuarter {

        @Bean
        RecurringTask<Void> signingReminderTask(Signing signing, Clock clock) {
            return Tasks.recurring("contract-signing-reminders", FixedDelay.ofMinutes(15))
                    .execute((_, _) -> signing.remindAll(clock.instant()));
        }
    }
}
