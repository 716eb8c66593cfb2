package io.retainer.contract;

import io.retainer.contract.ContractTerms.ScheduledLine;
import io.retainer.contract.TermEntry.Reading;
import io.retainer.contract.TermValue.Amount;
import io.retainer.contract.TermValue.Choice;
import io.retainer.contract.TermValue.Day;
import io.retainer.contract.TermValue.Decimal;
import io.retainer.contract.TermValue.Numbers;
import io.retainer.contract.TermValue.Schedule;
import io.retainer.contract.TermValue.Text;
import io.retainer.contract.TermValue.Whole;
import io.retainer.contract.TermValue.YesNo;
import io.retainer.kernel.Money;
import io.retainer.kernel.Party;
import io.retainer.kernel.Refused;
import java.math.BigDecimal;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.Collection;
import java.util.Collections;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** All terms of a contract that is being prepared: one entry per key, the platform's offer where the text is silent. */
public final class DraftTerms {

    public static final ZoneId ZONE = ZoneId.of("Asia/Shanghai");

    private final Map<TermKey, TermEntry> entries;

    private DraftTerms(Map<TermKey, TermEntry> entries) {
        this.entries = Collections.unmodifiableMap(entries);
    }

    /** Completes what is known with the platform's offers; a later entry for the same key replaces an earlier one. */
    public static DraftTerms of(Collection<TermEntry> known) {
        var entries = new EnumMap<TermKey, TermEntry>(TermKey.class);
        for (var key : TermKey.values()) {
            var proposal = key.proposal();
            entries.put(key, proposal == null ? TermEntry.blank(key, null) : TermEntry.offered(key, proposal));
        }
        known.forEach(entry -> entries.put(entry.key(), entry));
        return new DraftTerms(entries);
    }

    public Collection<TermEntry> entries() {
        return entries.values();
    }

    @SuppressWarnings("NullAway") // every key has an entry
    public TermEntry get(TermKey key) {
        return entries.get(key);
    }

    DraftTerms with(TermEntry entry) {
        var next = new EnumMap<>(entries);
        next.put(entry.key(), entry);
        return new DraftTerms(next);
    }

    /** A value given by one party: its own confirmation stands, the other's is needed anew. */
    DraftTerms entered(TermKey key, TermValue value, @Nullable Party by) {
        var entry = new TermEntry(
                key, Reading.KNOWN, value, TermSource.ENTERED, get(key).passage(), by == null ? Set.of() : Set.of(by));
        return with(entry);
    }

    DraftTerms confirmed(TermKey key, Party by) {
        return with(get(key).confirmed(by));
    }

    public boolean known(TermKey key) {
        return get(key).value() != null;
    }

    public Optional<Money> money(TermKey key) {
        return get(key).value() instanceof Amount(var money) ? Optional.of(money) : Optional.empty();
    }

    public Optional<LocalDate> date(TermKey key) {
        return get(key).value() instanceof Day(var date) ? Optional.of(date) : Optional.empty();
    }

    public Optional<Integer> whole(TermKey key) {
        return get(key).value() instanceof Whole(var number) ? Optional.of(number) : Optional.empty();
    }

    public Optional<BigDecimal> decimal(TermKey key) {
        return get(key).value() instanceof Decimal(var number) ? Optional.of(number) : Optional.empty();
    }

    public Optional<String> text(TermKey key) {
        return get(key).value() instanceof Text(var text) ? Optional.of(text) : Optional.empty();
    }

    public Optional<Schedule> schedule() {
        return get(TermKey.FEE_SCHEDULE).value() instanceof Schedule schedule
                ? Optional.of(schedule)
                : Optional.empty();
    }

    public <E extends Enum<E>> E choice(TermKey key, Class<E> type) {
        return get(key).value() instanceof Choice(var constant)
                ? type.cast(constant)
                : Enum.valueOf(type, proposal(key));
    }

    /** Keys whose value binds nobody yet. */
    public Set<TermKey> unconfirmed() {
        var open = EnumSet.noneOf(TermKey.class);
        for (var entry : entries.values()) {
            if (entry.value() != null && !entry.binds()) {
                open.add(entry.key());
            }
        }
        return open;
    }

    /**
     * The terms as execution needs them. Where months and dates disagree, {@code term.prevails} says which hold.
     *
     * @throws Refused naming the first blank without which nothing can be computed
     */
    public ContractTerms complete() {
        var term = term();
        int instalments = required(TermKey.FEE_INSTALMENTS, whole(TermKey.FEE_INSTALMENTS));
        return new ContractTerms(
                new ContractTerms.PartyTerms(
                        text(TermKey.CLIENT_NAME).orElse(""),
                        text(TermKey.CLIENT_ADDRESS).orElse(""),
                        choice(TermKey.CLIENT_SIZE, ContractTerms.Size.class)),
                new ContractTerms.PartyTerms(
                        text(TermKey.PROVIDER_NAME).orElse(""),
                        text(TermKey.PROVIDER_ADDRESS).orElse(""),
                        choice(TermKey.PROVIDER_SIZE, ContractTerms.Size.class)),
                term,
                new ContractTerms.Fee(
                        required(TermKey.FEE_TOTAL, money(TermKey.FEE_TOTAL)),
                        instalments,
                        choice(TermKey.FEE_SPLIT, ContractTerms.Split.class),
                        schedule()
                                .map(schedule -> scheduled(schedule, term, instalments))
                                .orElse(List.of()),
                        yes(TermKey.VAT_INCLUSIVE),
                        decimal(TermKey.VAT_RATE).orElse(BigDecimal.ZERO)),
                new ContractTerms.Due(
                        choice(TermKey.DUE_BOUNDARY, ContractTerms.Boundary.class),
                        choice(TermKey.DUE_RECEIPT, ContractTerms.PaymentMoment.class),
                        choice(TermKey.DUE_HOLIDAY_ROLL, ContractTerms.HolidayRoll.class),
                        number(TermKey.DUE_FIRST_FLOOR)),
                late(),
                new ContractTerms.Receipt(number(TermKey.RECEIPT_WORKDAYS), number(TermKey.FAPIAO_WORKDAYS)),
                new ContractTerms.Suspension(
                        number(TermKey.SUSPENSION_NOTICE),
                        get(TermKey.SUSPENSION_SCOPE).value() instanceof Numbers(var services) ? services : Set.of(),
                        choice(TermKey.SUSPENSION_FEE, ContractTerms.SuspensionFee.class),
                        yes(TermKey.SUSPENSION_EXTENDS_TERM),
                        number(TermKey.SUSPENSION_RESUME)),
                new ContractTerms.Termination(
                        number(TermKey.TERMINATION_CURE),
                        choice(TermKey.REFUND, TermKey.Refund.class),
                        choice(TermKey.SET_OFF, TermKey.SetOff.class)),
                ZONE,
                text(TermKey.SIGN_PLACE).orElse(null),
                unconfirmed());
    }

    private ContractTerms.Term term() {
        var start = required(TermKey.TERM_START, date(TermKey.TERM_START));
        var end = date(TermKey.TERM_END);
        var months = whole(TermKey.TERM_MONTHS);
        return switch (choice(TermKey.TERM_PREVAILS, TermKey.TermPrevails.class)) {
            case MONTHS -> {
                int stated = required(TermKey.TERM_MONTHS, months);
                yield new ContractTerms.Term(start, start.plusMonths(stated).minusDays(1), stated);
            }
            case DATES -> {
                var last = required(TermKey.TERM_END, end);
                yield new ContractTerms.Term(start, last, monthsBetween(start, last));
            }
            case BLOCK -> {
                var last = required(TermKey.TERM_END, end);
                yield new ContractTerms.Term(start, last, months.orElseGet(() -> monthsBetween(start, last)));
            }
        };
    }

    /** Full months of an inclusive term, rounded up: 1 January to 31 December is 12. */
    static int monthsBetween(LocalDate start, LocalDate end) {
        int months = 0;
        while (start.plusMonths(months).minusDays(1).isBefore(end)) {
            months++;
        }
        return months;
    }

    /** The first day of each of {@code periods} equal parts of the term, in whole months where they divide. */
    static LocalDate periodStart(ContractTerms.Term term, int periods, int number) {
        return term.start().plusMonths((long) term.months() * (number - 1) / periods);
    }

    private static List<ScheduledLine> scheduled(Schedule schedule, ContractTerms.Term term, int instalments) {
        return schedule.lines().stream()
                .map(line -> new ScheduledLine(
                        line.number(),
                        line.amount(),
                        line.before() == null
                                ? periodStart(
                                        term,
                                        Math.max(instalments, schedule.lines().size()),
                                        line.number())
                                : line.before()))
                .toList();
    }

    private ContractTerms.LatePayment late() {
        return new ContractTerms.LatePayment(
                choice(TermKey.LATE_MODE, ContractTerms.Mode.class),
                decimal(TermKey.LATE_RATE).orElse(null),
                decimal(TermKey.LATE_LPR_MULTIPLE).orElse(null),
                choice(TermKey.LATE_BASE, ContractTerms.Base.class),
                number(TermKey.LATE_GRACE),
                choice(TermKey.LATE_GRACE_KIND, ContractTerms.GraceKind.class),
                choice(TermKey.LATE_GRACE_MODE, ContractTerms.GraceMode.class),
                choice(TermKey.LATE_DAY_COUNT, ContractTerms.DayCount.class),
                decimal(TermKey.LATE_CAP).orElse(null),
                choice(TermKey.LATE_YEAR_BASIS, ContractTerms.YearBasis.class),
                choice(TermKey.LATE_LPR_MODE, ContractTerms.LprMode.class),
                choice(TermKey.LATE_FALLBACK, ContractTerms.Fallback.class),
                choice(TermKey.LATE_ALLOCATION, ContractTerms.Allocation.class),
                choice(TermKey.DISPUTED_PART, ContractTerms.DisputedPart.class));
    }

    /** The value that stands: as agreed, else as the platform proposes it; what one party alone wrote in does not. */
    int standing(TermKey key) {
        return get(key).binds() ? number(key) : Integer.parseInt(proposal(key));
    }

    private int number(TermKey key) {
        return whole(key).orElseGet(() -> Integer.parseInt(proposal(key)));
    }

    private boolean yes(TermKey key) {
        return get(key).value() instanceof YesNo(var yes) ? yes : Boolean.parseBoolean(proposal(key));
    }

    private static String proposal(TermKey key) {
        var proposal = key.proposal();
        if (proposal == null) {
            throw new IllegalStateException("No default for " + key);
        }
        return proposal;
    }

    private static <T> T required(TermKey key, Optional<T> value) {
        return value.orElseThrow(() -> Refused.field(key.id(), "contract.refused.blank", key.gap(), key.title()));
    }
}
