package io.retainer.billing;

import io.retainer.billing.Account.Channel;
import io.retainer.billing.BankLines.BankLine;
import io.retainer.billing.BankLines.State;
import io.retainer.billing.Billing.NewPayment;
import io.retainer.billing.PaymentReading.Page;
import io.retainer.identity.Access;
import io.retainer.identity.Capability;
import io.retainer.identity.Engagement;
import io.retainer.identity.Engagements;
import io.retainer.identity.Membership;
import io.retainer.identity.Organisation;
import io.retainer.identity.Organisations;
import io.retainer.identity.People;
import io.retainer.identity.SignedIn;
import io.retainer.identity.Standings;
import io.retainer.kernel.Party;
import io.retainer.kernel.Refused;
import io.retainer.kernel.Tenancy;
import io.retainer.kernel.Unknown;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneId;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.UUID;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.stereotype.Service;

/**
 * Takes in a provider's bank statement and gives each line to the contract it pays. A line belongs to the provider until
 * it is matched; its payment belongs to the client. These are two transactions, so the payment carries the line's identity:
 * whatever breaks off between them, doing it again finds what was done.
 */
@Service
class BankImport {

    /** {@code 7F3A9C21B0-03}, as printed on the schedule; people drop the dash. */
    private static final Pattern CODE = Pattern.compile("([0-9A-F]{10})(?:[-– ]?(\\d{1,3}))?");

    /** Lines that are tried at a time. */
    private static final int BATCH = 500;

    private static final ZoneId ZONE = ZoneId.of("Asia/Shanghai");

    private final BankLines lines;
    private final Billing billing;
    private final Accounts accounts;
    private final Standings standings;
    private final People people;
    private final Organisations organisations;
    private final ObjectProvider<Engagements> engagements;
    private final Tenancy tenancy;
    private final Clock clock;

    BankImport(
            BankLines lines,
            Billing billing,
            Accounts accounts,
            Standings standings,
            People people,
            Organisations organisations,
            ObjectProvider<Engagements> engagements,
            Tenancy tenancy,
            Clock clock) {
        this.lines = lines;
        this.billing = billing;
        this.accounts = accounts;
        this.standings = standings;
        this.people = people;
        this.organisations = organisations;
        this.engagements = engagements;
        this.tenancy = tenancy;
        this.clock = clock;
    }

    /**
     * What became of a file.
     *
     * @param known lines that were taken in before, with this file or another
     */
    record Outcome(int taken, int known, int matched, int unmatched, int outgoing, List<BankStatement.Bad> bad) {

        Outcome {
            bad = List.copyOf(bad);
        }
    }

    /** A contract that a line may pay. */
    record Candidate(Access access, BillingState state) {}

    /**
     * @param wanted whose bank account it is, or null for the only or first one
     * @return the outcome; nothing happens when the same file was taken in before
     */
    Outcome take(SignedIn person, @Nullable UUID wanted, String name, byte[] bytes) {
        var organisation = organisation(person, wanted);
        var statement = BankStatement.read(bytes, ZONE);
        var now = now();
        int taken = tenancy.write(organisation, () -> {
            var file = lines.addFile(
                    organisation,
                    name.length() > 200 ? name.substring(0, 200) : name,
                    statement.hash(),
                    now,
                    person.person());
            if (file.isEmpty()) {
                return 0;
            }
            int added = 0;
            for (var line : statement.lines()) {
                added += lines.add(organisation, file.get(), line, now) ? 1 : 0;
            }
            return added;
        });
        int matched = match(person, organisation);
        int left = tenancy.read(organisation, () -> lines.unmatched(organisation));
        return new Outcome(
                taken, statement.lines().size() - taken, matched, left, statement.outgoing(), statement.bad());
    }

    /** Tries every line that is still unmatched. */
    int match(SignedIn person, UUID organisation) {
        var candidates = new ArrayList<>(candidates(person, organisation));
        int matched = 0;
        BankLine last = null;
        while (true) {
            var after = last;
            var some = tenancy.read(organisation, () -> lines.unmatched(organisation, after, BATCH));
            for (var line : some) {
                matched += match(organisation, line, candidates) ? 1 : 0;
            }
            if (some.size() < BATCH) {
                return matched;
            }
            last = some.getLast();
        }
    }

    private boolean match(UUID organisation, BankLine line, List<Candidate> candidates) {
        if (line.creditedAt().isAfter(now())) {
            leave(organisation, line, "billing.bank.why.future");
            return false;
        }
        var text = line.reference().toUpperCase(Locale.ROOT);
        var found = CODE.matcher(text);
        while (found.find()) {
            var code = found.group(1);
            for (var candidate : candidates) {
                if (candidate.state().account().code().equals(code)) {
                    return pay(organisation, line, candidate, instalment(candidate, found.group(2)), candidates);
                }
            }
        }
        var byName = candidates.stream()
                .filter(candidate -> same(candidate.state().account().clientName(), line.payer()))
                .toList();
        if (byName.isEmpty()) {
            leave(organisation, line, "billing.bank.why.unknownPayer");
            return false;
        }
        var byAmount = new ArrayList<Candidate>();
        for (var candidate : byName) {
            if (firstOpen(candidate, line) != null) {
                byAmount.add(candidate);
            }
        }
        if (byAmount.size() != 1) {
            leave(
                    organisation,
                    line,
                    byAmount.isEmpty() ? "billing.bank.why.amount" : "billing.bank.why.severalContracts");
            return false;
        }
        var only = byAmount.getFirst();
        return pay(organisation, line, only, firstOpen(only, line), candidates);
    }

    /** The first instalment of which exactly this much is open, or null. */
    private static @Nullable Integer firstOpen(Candidate candidate, BankLine line) {
        return candidate.state().verdict().instalments().stream()
                .filter(instalment -> instalment.open().equals(line.amount()))
                .map(Verdict.InstalmentVerdict::number)
                .findFirst()
                .orElse(null);
    }

    private static @Nullable Integer instalment(Candidate candidate, @Nullable String digits) {
        if (digits == null) {
            return null;
        }
        int number = Integer.parseInt(digits);
        return number >= 1
                        && number <= candidate.state().schedule().instalments().size()
                ? number
                : null;
    }

    private boolean pay(
            UUID organisation,
            BankLine line,
            Candidate candidate,
            @Nullable Integer instalment,
            List<Candidate> candidates) {
        UUID payment;
        try {
            payment = billing.record(
                    candidate.access(),
                    Channel.BANK,
                    new NewPayment(
                            line.creditedAt(), null, line.amount(), instalment, null, reference(line), line.payer()));
        } catch (Refused refused) {
            leave(organisation, line, refused.sentence().key());
            return false;
        }
        // The next line is judged by what this one has paid.
        var access = candidate.access();
        accounts.find(access.tenant(), access.contract(), clock.instant())
                .ifPresent(state -> candidates.replaceAll(
                        one -> one.access().contract().equals(access.contract()) ? new Candidate(access, state) : one));
        return tenancy.write(
                organisation,
                () -> lines.matched(
                        organisation,
                        line,
                        candidate.access().tenant(),
                        candidate.access().contract(),
                        payment));
    }

    /** The bank's number; a row without one is known by its content. */
    private static String reference(BankLine line) {
        var identity = line.identity();
        return identity.startsWith("no:") ? identity.substring(3) : identity;
    }

    private void leave(UUID organisation, BankLine line, String reason) {
        tenancy.write(organisation, () -> lines.left(organisation, line, reason));
    }

    private static boolean same(String one, String other) {
        return plain(one).equals(plain(other));
    }

    private static String plain(String name) {
        return name.replaceAll("[\\s()()]", "").toLowerCase(Locale.ROOT);
    }

    /** A person says which contract a line pays. */
    void assign(SignedIn person, @Nullable UUID wanted, UUID id, UUID contract, @Nullable Integer instalment) {
        var organisation = organisation(person, wanted);
        var line = open(organisation, id);
        var candidate = candidates(person, organisation).stream()
                .filter(one -> one.access().contract().equals(contract))
                .findFirst()
                .orElseThrow(() -> new Unknown("contract " + contract));
        if (instalment != null) {
            candidate.state().schedule().instalment(instalment);
        }
        var payment = billing.record(
                candidate.access(),
                Channel.BANK,
                new NewPayment(
                        line.creditedAt(), null, line.amount(), instalment, null, reference(line), line.payer()));
        tenancy.write(
                organisation,
                () -> lines.matched(organisation, line, candidate.access().tenant(), contract, payment));
    }

    /** A person says that a line is no payment of a contract. */
    void setAside(SignedIn person, @Nullable UUID wanted, UUID id, String reason) {
        var organisation = organisation(person, wanted);
        var line = open(organisation, id);
        var words = reason.strip();
        if (words.isEmpty() || words.length() > 500) {
            throw Refused.field("reason", "billing.text", "reason", 500);
        }
        tenancy.write(organisation, () -> lines.setAside(organisation, line, words));
    }

    private BankLine open(UUID organisation, UUID id) {
        var line = tenancy.read(organisation, () -> lines.get(organisation, id));
        if (line.state() != State.UNMATCHED) {
            throw Refused.because("billing.bank.settled");
        }
        return line;
    }

    /**
     * A page of the queue, the oldest first.
     *
     * @param after the last line of the page before, or null
     */
    Page<BankLine> unmatched(UUID organisation, @Nullable UUID after, int most) {
        return tenancy.read(organisation, () -> {
            var last = after == null ? null : lines.get(organisation, after);
            return Page.of(lines.unmatched(organisation, last, most + 1), most, BankLine::id);
        });
    }

    int waiting(UUID organisation) {
        return tenancy.read(organisation, () -> lines.unmatched(organisation));
    }

    List<BankLine> settled(UUID organisation) {
        return tenancy.read(organisation, () -> lines.settled(organisation, 50));
    }

    /** The contracts in force of this provider under which the person may record payments. */
    List<Candidate> candidates(SignedIn person, UUID organisation) {
        var now = clock.instant();
        var ofProvider = engagements.stream()
                .flatMap(source -> source.of(List.of(organisation), null, now).stream())
                .filter(engagement -> engagement.party() == Party.PROVIDER)
                .map(Engagement::contract)
                .collect(Collectors.toSet());
        var all = new ArrayList<Candidate>();
        for (var access : standings.contracts(person.person(), now)) {
            if (access.party() == Party.PROVIDER
                    && access.may(Capability.RECORD_PAYMENT)
                    && ofProvider.contains(access.contract())) {
                accounts.find(access.tenant(), access.contract(), now)
                        .ifPresent(state -> all.add(new Candidate(access, state)));
            }
        }
        return all;
    }

    /** The providers for whose bank accounts the person books, by name. */
    List<Organisation> organisations(SignedIn person) {
        var own = people.memberships(person.person()).stream()
                .filter(membership ->
                        membership.role().capabilitiesAs(Party.PROVIDER).contains(Capability.RECORD_PAYMENT))
                .map(Membership::organisation)
                .distinct()
                .toList();
        var now = clock.instant();
        return engagements.stream()
                .flatMap(source -> source.of(own, null, now).stream())
                .filter(engagement -> engagement.party() == Party.PROVIDER)
                .map(Engagement::organisation)
                .distinct()
                .map(organisations::get)
                .sorted(Comparator.comparing(Organisation::name).thenComparing(Organisation::id))
                .toList();
    }

    /**
     * The organisation whose bank account it is.
     *
     * @param wanted one of {@link #organisations}, or null for the first
     * @throws Refused when the person books payments for none
     * @throws Unknown when the person does not book for the one that is wanted
     */
    UUID organisation(SignedIn person, @Nullable UUID wanted) {
        var all = organisations(person);
        if (all.isEmpty()) {
            throw Refused.because("billing.bank.providerOnly");
        }
        return all.stream()
                .map(Organisation::id)
                .filter(id -> wanted == null || id.equals(wanted))
                .findFirst()
                .orElseThrow(() -> new Unknown("bank account of " + wanted));
    }

    private Instant now() {
        return clock.instant().truncatedTo(ChronoUnit.MICROS);
    }
}
