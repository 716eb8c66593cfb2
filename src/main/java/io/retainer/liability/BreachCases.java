package io.retainer.liability;

import io.retainer.billing.Billing;
import io.retainer.billing.Verdict;
import io.retainer.contract.AnnexesInForce;
import io.retainer.contract.ContractLife;
import io.retainer.contract.TermKey;
import io.retainer.document.Paper;
import io.retainer.duty.Deadline;
import io.retainer.duty.Duties;
import io.retainer.duty.NewDuty;
import io.retainer.identity.Access;
import io.retainer.identity.Capability;
import io.retainer.kernel.Clause;
import io.retainer.kernel.Ids;
import io.retainer.kernel.Money;
import io.retainer.kernel.Party;
import io.retainer.kernel.Refused;
import io.retainer.kernel.Sentence;
import io.retainer.kernel.Tenancy;
import io.retainer.kernel.Texts;
import io.retainer.kernel.Unknown;
import io.retainer.liability.BreachEvent.Change;
import io.retainer.liability.BreachEvent.ClaimPaid;
import io.retainer.liability.BreachRows.Claim;
import io.retainer.liability.BreachRows.Proposal;
import io.retainer.liability.BreachRows.Row;
import io.retainer.liability.BreachRows.Words;
import io.retainer.liability.Finding.Third;
import java.time.Clock;
import java.time.Instant;
import java.time.LocalDate;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.stereotype.Service;

/**
 * Breach cases under contracts in force and after their end. Each call is one transaction for the client: it holds the
 * contract, lets time speak, decides, saves, publishes, and brings the duties in line.
 */
@Service
public class BreachCases {

    static final int LONGEST_WORDS = 2000;
    private static final int LONGEST_NAME = 200;
    private static final int LONGEST_REFERENCE = 100;
    private static final int LONGEST_TERM = 365;

    private final BreachRows rows;
    private final ContractLife contracts;
    private final AnnexesInForce annexes;
    private final Billing billing;
    private final Duties duties;
    private final Tenancy tenancy;
    private final ApplicationEventPublisher events;
    private final Clock clock;

    BreachCases(
            BreachRows rows,
            ContractLife contracts,
            AnnexesInForce annexes,
            Billing billing,
            Duties duties,
            Tenancy tenancy,
            ApplicationEventPublisher events,
            Clock clock) {
        this.rows = rows;
        this.contracts = contracts;
        this.annexes = annexes;
        this.billing = billing;
        this.duties = duties;
        this.tenancy = tenancy;
        this.events = events;
        this.clock = clock;
    }

    /**
     * What is complained of.
     *
     * @param thirdName who else took part, or blank
     */
    public record NewBreach(BreachRule rule, LocalDate happenedOn, LocalDate knownOn, String words, String thirdName) {}

    // The way of a case

    public UUID file(Access access, NewBreach wanted) {
        access.require(Capability.ASSERT_RIGHT);
        var words = text("words", wanted.words(), LONGEST_WORDS);
        var name = wanted.thirdName().strip();
        if (name.length() > LONGEST_NAME || (wanted.rule().involvesThird() && name.isEmpty())) {
            throw Refused.field("thirdName", "liability.refused.thirdName", LONGEST_NAME);
        }
        var tenant = access.tenant();
        return tenancy.write(tenant, () -> {
            contracts.hold(tenant, access.contract());
            var now = now();
            int version = contracts
                    .versionAt(tenant, access.contract(), endOf(wanted.happenedOn()))
                    .orElseThrow(
                            () -> Refused.field("happenedOn", "liability.refused.notInForce", wanted.happenedOn()));
            var id = Ids.at(now.toEpochMilli());
            var filed = BreachCase.file(
                    id,
                    tenant,
                    access.contract(),
                    wanted.rule(),
                    rows.nextSerial(tenant, access.contract()),
                    version,
                    access.party(),
                    wanted.happenedOn(),
                    wanted.knownOn(),
                    Hashed.of(id + "\n" + words),
                    now,
                    access.person());
            rows.add(BreachCase.first(filed), new Words(words, name.isEmpty() ? null : name, null), access.person());
            events.publishEvent(filed);
            return id;
        });
    }

    /** @param evidence SHA-256 of what proves the element, or blank: looked into and not proven */
    public void find(Access access, UUID id, BreachElement element, String evidence) {
        access.require(Capability.ASSERT_RIGHT);
        change(access, id, (breach, now) -> {
            var found = breach.find(element, evidence.strip(), access.party(), now, access.person());
            rows.found(found);
            return found;
        });
    }

    /** Holds what was found against the rule; when it is met, the other side has ten working days to answer. */
    public void check(Access access, UUID id) {
        access.require(Capability.ASSERT_RIGHT);
        change(access, id, (breach, now) -> breach.check(access.party(), now, access.person()));
    }

    public void answer(Access access, UUID id, Defence defence, String words) {
        access.require(Capability.ANSWER_DEMAND);
        var kept = text("words", words, LONGEST_WORDS);
        change(access, id, (breach, now) -> {
            var answered = breach.answer(defence, access.party(), now, access.person());
            rows.answer(access.tenant(), id, kept);
            return answered;
        });
    }

    /**
     * Works the amount out and puts it before the other side; that is the proposer's own signature to it.
     *
     * @param payDays calendar days after the agreement in which it is to be paid
     */
    public void propose(Access access, UUID id, Finding finding, int payDays) {
        access.require(Capability.ASSERT_RIGHT);
        if (payDays < 1 || payDays > LONGEST_TERM) {
            throw Refused.field("payDays", "liability.refused.payDays", LONGEST_TERM);
        }
        change(access, id, (breach, now) -> {
            var paid = feesPaid(breach);
            var determined = Apportionment.of(breach.rule(), terms(breach), finding, paid);
            var text = content(breach, determined, payDays);
            var proposed = breach.propose(determined, text, access.party(), now, access.person());
            rows.add(
                    breach,
                    new Proposal(proposed.round(), access.party(), finding, paid, payDays, text, proposed.hash(), now),
                    access.person());
            return proposed;
        });
    }

    /** The other side accepts what it saw: what it says is owed from now on. */
    public void accept(Access access, UUID id, String hash) {
        access.require(Capability.SIGN);
        change(access, id, (breach, now) -> {
            var accepted = breach.accept(hash, access.party(), now, access.person());
            owe(breach, now, access.person());
            return accepted;
        });
    }

    public void reject(Access access, UUID id) {
        access.require(Capability.SIGN);
        change(access, id, (breach, now) -> breach.reject(access.party(), now, access.person()));
    }

    /** The creditor records that one claim was paid; the last one settles the case. */
    public void paid(Access access, UUID id, UUID claim, Instant at, String reference) {
        access.require(Capability.ASSERT_RIGHT);
        var kept = text("reference", reference, LONGEST_REFERENCE);
        var moment = at.truncatedTo(ChronoUnit.MICROS);
        change(access, id, (breach, now) -> {
            breach.requireAgreed();
            var claims = claims(breach);
            var found = claims.stream()
                    .filter(one -> one.id().equals(claim))
                    .findFirst()
                    .orElseThrow(() -> new Unknown("claim " + claim));
            if (found.creditor() != access.party()) {
                throw Refused.because("liability.refused.creditorOnly", found.creditor());
            }
            if (moment.isAfter(now)) {
                throw Refused.field("at", "liability.refused.future", moment);
            }
            if (!rows.paid(access.tenant(), claim, moment, kept, found.paid().plus(found.open()))) {
                throw Refused.because("liability.refused.paidAlready");
            }
            duties.discharge(access.tenant(), found.duty(), moment, access.person());
            events.publishEvent(new ClaimPaid(
                    access.tenant(),
                    access.contract(),
                    id,
                    breach.rule(),
                    claim,
                    found.debtor(),
                    found.creditor(),
                    found.open(),
                    moment,
                    access.person()));
            boolean last = claims.stream()
                    .allMatch(one -> one.paidAt() != null || one.id().equals(claim));
            return last ? breach.settle(now, access.person()) : null;
        });
    }

    /** What is decided about a case, if anything. */
    interface Step {
        @Nullable
        Change on(BreachCase breach, Instant now);
    }

    void change(Access access, UUID id, Step step) {
        var tenant = access.tenant();
        tenancy.write(tenant, () -> {
            contracts.hold(tenant, access.contract());
            var now = now();
            var breach = rows.get(tenant, access.contract(), id).breach();
            var late = breach.time(now);
            if (late.isPresent()) {
                events.publishEvent(late.get());
                breach = breach.after(late.get(), null);
            }
            var event = step.on(breach, now);
            if (event != null) {
                var due = follow(breach, event, now);
                breach = breach.after(event, due);
                events.publishEvent(event);
            }
            if (event != null || late.isPresent()) {
                rows.save(breach);
            }
        });
    }

    /** The duty to answer, and the moment from which an answer is late. */
    private @Nullable Instant follow(BreachCase breach, Change event, Instant now) {
        var subject = "breach/" + breach.id();
        if (event instanceof BreachEvent.Checked checked && checked.met()) {
            var existing = duties.on(breach.tenant(), breach.contract(), Clause.I_6_1A, subject, now);
            if (existing.isPresent()) {
                return existing.get().assessment().due();
            }
            var duty = duties.open(new NewDuty(
                    breach.tenant(),
                    breach.contract(),
                    breach.contractVersion(),
                    Clause.I_6_1A,
                    breach.respondent(),
                    breach.claimant(),
                    "liability.duty.answer|" + breach.serial(),
                    subject,
                    new Deadline.WorkingDays(
                            BreachCase.ANSWER_WORKDAYS,
                            now.atZone(BreachCase.ZONE).toLocalDate()),
                    now,
                    checked.actor()));
            return Objects.requireNonNull(
                    duties.get(breach.tenant(), duty, now).assessment().due());
        }
        if (event instanceof BreachEvent.Answered answered) {
            duties.on(breach.tenant(), breach.contract(), Clause.I_6_1A, subject, now)
                    .filter(duty -> duty.assessment().state().owed())
                    .ifPresent(duty ->
                            duties.discharge(breach.tenant(), duty.duty().id(), now, answered.actor()));
        }
        return breach.answerDue();
    }

    private void owe(BreachCase breach, Instant now, UUID person) {
        var proposal =
                rows.proposal(breach.tenant(), breach.id(), breach.round()).orElseThrow();
        var determined = determination(breach, proposal);
        int position = 0;
        var today = now.atZone(BreachCase.ZONE).toLocalDate();
        for (var owed : determined.owed()) {
            position++;
            var id = Ids.at(now.toEpochMilli());
            var duty = duties.open(new NewDuty(
                    breach.tenant(),
                    breach.contract(),
                    breach.contractVersion(),
                    breach.rule().owed(),
                    owed.debtor(),
                    owed.creditor(),
                    "liability.duty.pay|" + breach.serial(),
                    "claim/" + id,
                    new Deadline.CalendarDays(proposal.payDays(), today),
                    now,
                    person));
            rows.add(
                    breach.tenant(),
                    breach.id(),
                    new Claim(
                            id,
                            position,
                            owed.debtor(),
                            owed.creditor(),
                            owed.kind(),
                            owed.amount(),
                            today.plusDays(proposal.payDays()),
                            duty,
                            null,
                            null,
                            Money.ZERO,
                            null,
                            List.of()));
            events.publishEvent(new LiabilityDetermined(
                    breach.tenant(),
                    breach.contract(),
                    breach.id(),
                    id,
                    breach.rule().owed(),
                    owed.kind(),
                    owed.debtor(),
                    owed.creditor(),
                    owed.amount(),
                    now,
                    person));
        }
    }

    // Looking

    /**
     * A case with everything about it.
     *
     * @param breach as it stands now, time considered
     * @param proposal the one that stands, or null
     * @param determined what it comes to, or null
     * @param prefilled who the third party of annex 5 is and what its cap, or null
     */
    record Whole(
            BreachCase breach,
            Words words,
            @Nullable Proposal proposal,
            @Nullable Determination determined,
            List<Claim> claims,
            @Nullable Third prefilled) {}

    /** @throws Unknown when the contract has no such case */
    Whole whole(Access access, UUID id) {
        look(access);
        return tenancy.read(access.tenant(), () -> {
            var row = rows.get(access.tenant(), access.contract(), id);
            var breach = asOf(row.breach(), now());
            var proposal = breach.round() == 0
                    ? Optional.<Proposal>empty()
                    : rows.proposal(access.tenant(), id, breach.round());
            return new Whole(
                    breach,
                    row.words(),
                    proposal.orElse(null),
                    proposal.map(one -> determination(breach, one)).orElse(null),
                    claims(breach),
                    third(breach));
        });
    }

    /** The case as a paper: a determination, or why there is none. */
    Paper paper(Access access, UUID id, Texts texts) {
        var found = whole(access, id);
        var breach = found.breach();
        var title = contracts
                .titles(List.of(access.tenant()), List.of(access.contract()))
                .getOrDefault(access.contract(), "");
        var terms = tenancy.read(
                access.tenant(), () -> contracts.terms(access.tenant(), access.contract(), breach.contractVersion()));
        return DeterminationPaper.of(
                found,
                new DeterminationPaper.Names(
                        title,
                        terms.text(TermKey.CLIENT_NAME).orElse(""),
                        terms.text(TermKey.PROVIDER_NAME).orElse("")),
                texts);
    }

    /** A case as one line, with what is open of it. */
    record Summary(BreachCase breach, @Nullable String thirdName, List<Claim> claims) {}

    List<Summary> ofContract(Access access) {
        look(access);
        return tenancy.read(access.tenant(), () -> summaries(access, rows.all(access.tenant(), access.contract())));
    }

    /**
     * @param next to ask for those after these, or null when there are none
     * @param counts of all cases of the contract
     */
    record Page(List<Summary> cases, @Nullable Integer next, Map<BreachState, Long> counts) {}

    /** The newest first; {@code before} as the page before this one told it, or null. */
    Page page(Access access, BreachRows.Filter filter, @Nullable Integer before, int most) {
        look(access);
        return tenancy.read(access.tenant(), () -> {
            var found = rows.page(access.tenant(), access.contract(), filter, before, most + 1);
            var shown = found.subList(0, Math.min(most, found.size()));
            return new Page(
                    summaries(access, shown),
                    found.size() > most ? shown.getLast().breach().serial() : null,
                    rows.counts(access.tenant(), access.contract()));
        });
    }

    private List<Summary> summaries(Access access, List<Row> found) {
        var claims = rows.claims(access.tenant(), access.contract());
        return found.stream()
                .map(row -> new Summary(
                        asOf(row.breach(), now()),
                        row.words().thirdName(),
                        claims.getOrDefault(row.breach().id(), List.of())))
                .toList();
    }

    /** What an amount would come to, without proposing it: also while something is not agreed. */
    Determination tryOut(Access access, BreachRule rule, @Nullable UUID id, Finding finding) {
        look(access);
        return tenancy.read(access.tenant(), () -> {
            if (id != null) {
                var breach = rows.get(access.tenant(), access.contract(), id).breach();
                return Apportionment.of(breach.rule(), terms(breach), finding, feesPaid(breach));
            }
            var now = now();
            return Apportionment.of(
                    rule,
                    LiabilityTerms.of(contracts.terms(access.tenant(), access.contract())),
                    finding,
                    feesPaid(access.tenant(), access.contract(), now));
        });
    }

    /** Cases and claims of a contract, for the modules that ask; within a transaction of the tenant. */
    List<Row> rows(UUID tenant, UUID contract) {
        return rows.all(tenant, contract);
    }

    /** Claims of a contract that are not paid; within a transaction of the tenant. */
    List<Claim> unpaid(UUID tenant, UUID contract) {
        return rows.claims(tenant, contract).values().stream()
                .flatMap(List::stream)
                .filter(claim -> claim.paidAt() == null)
                .toList();
    }

    static BreachCase asOf(BreachCase breach, Instant now) {
        return breach.time(now).map(late -> breach.after(late, null)).orElse(breach);
    }

    static void look(Access access) {
        access.require(Capability.READ_CONTRACT);
        access.require(Capability.READ_MONEY);
    }

    /** Those that were agreed on, within a transaction of the tenant. */
    List<Claim> claims(BreachCase breach) {
        return rows.claims(breach.tenant(), breach.contract()).getOrDefault(breach.id(), List.of());
    }

    private Determination determination(BreachCase breach, Proposal proposal) {
        return Apportionment.of(breach.rule(), terms(breach), proposal.finding(), proposal.feesPaid());
    }

    private LiabilityTerms terms(BreachCase breach) {
        return LiabilityTerms.of(contracts.terms(breach.tenant(), breach.contract(), breach.contractVersion()));
    }

    private @Nullable Third third(BreachCase breach) {
        var agreement = annexes.annexes(breach.tenant(), breach.contract(), endOf(breach.happenedOn()))
                .thirdParty()
                .orElse(null);
        var engagement = agreement == null ? null : agreement.engagement();
        return agreement == null || engagement == null
                ? null
                : new Third(
                        engagement.introducedBy(),
                        true,
                        agreement.cap() == null ? null : agreement.cap().amount());
    }

    private Money feesPaid(BreachCase breach) {
        return feesPaid(breach.tenant(), breach.contract(), endOf(breach.happenedOn()));
    }

    /** In the twelve months before that moment (G-23). */
    private Money feesPaid(UUID tenant, UUID contract, Instant moment) {
        var before = moment.atZone(BreachCase.ZONE).minusYears(1).toInstant();
        var until = billing.verdict(tenant, contract, moment).map(Verdict::paid).orElse(Money.ZERO);
        var since = billing.verdict(tenant, contract, before).map(Verdict::paid).orElse(Money.ZERO);
        return Money.max(Money.ZERO, until.minus(since));
    }

    private static String content(BreachCase breach, Determination determined, int payDays) {
        return "retainer liability 1\ncontract %s version %d\nbreach %s\nrule %s %s\nhappened %s\n%s\npay within days %d\n"
                .formatted(
                        breach.contract(),
                        breach.contractVersion(),
                        breach.id(),
                        breach.rule(),
                        breach.rule().clause(),
                        breach.happenedOn(),
                        String.join("\n", determined.canonical()),
                        payDays);
    }

    private static Instant endOf(LocalDate day) {
        return day.plusDays(1).atStartOfDay(BreachCase.ZONE).toInstant().minus(1, ChronoUnit.MICROS);
    }

    static String text(String field, String text, int longest) {
        var stripped = text.strip();
        if (stripped.isEmpty() || stripped.length() > longest) {
            throw Refused.field(field, "liability.refused.text", Sentence.of("liability.field." + field), longest);
        }
        return stripped;
    }

    private Instant now() {
        return clock.instant().truncatedTo(ChronoUnit.MICROS);
    }

    /** Who acts on a claim. */
    static boolean records(Access access, Claim claim) {
        return claim.paidAt() == null
                && claim.creditor() == access.party()
                && access.party() != Party.THIRD_PARTY
                && access.may(Capability.ASSERT_RIGHT);
    }
}
