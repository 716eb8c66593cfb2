package io.retainer.contract;

import io.retainer.duty.AssessedDuty;
import io.retainer.duty.DutyState;
import io.retainer.kernel.Clause;
import java.time.Instant;
import java.time.LocalDate;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The whole term as a picture a thousand units wide: service periods, due dates, payments, today.
 *
 * @param today where today is, or null when it is outside the term
 */
record Timeline(
        List<Bar> periods,
        List<Mark> dues,
        List<Mark> payments,
        @Nullable Integer today,
        LocalDate start,
        LocalDate end) {

    static final int WIDTH = 1000;

    /** A service period. */
    record Bar(int number, int x, int width, LocalDate from, LocalDate to, boolean past) {}

    /**
     * Something on one day.
     *
     * @param state of the duty it belongs to
     */
    record Mark(int x, LocalDate day, DutyState state) {

        /** For the style sheet: how it looks. */
        public String look() {
            return state.name().toLowerCase(java.util.Locale.ROOT).replace('_', '-');
        }
    }

    /** Empty while the term is not known. */
    static Optional<Timeline> of(DraftTerms terms, List<AssessedDuty> duties, Instant asOf) {
        var start = terms.date(TermKey.TERM_START);
        var end = terms.date(TermKey.TERM_END);
        if (start.isEmpty() || end.isEmpty() || end.get().isBefore(start.get())) {
            return Optional.empty();
        }
        var first = start.get();
        var last = end.get();
        var term = new ContractTerms.Term(first, last, DraftTerms.monthsBetween(first, last));
        int count = Math.min(terms.whole(TermKey.FEE_INSTALMENTS).orElse(1), 120);
        var today = asOf.atZone(DraftTerms.ZONE).toLocalDate();
        var periods = new ArrayList<Bar>();
        for (int number = 1; number <= count; number++) {
            var from = DraftTerms.periodStart(term, count, number);
            var next = number == count ? last.plusDays(1) : DraftTerms.periodStart(term, count, number + 1);
            int x = x(first, last, from);
            periods.add(new Bar(
                    number,
                    x,
                    Math.max(1, x(first, last, next) - x),
                    from,
                    next.minusDays(1),
                    next.minusDays(1).isBefore(today)));
        }
        var dues = new ArrayList<Mark>();
        var payments = new ArrayList<Mark>();
        for (var duty : duties) {
            if (duty.duty().clause() != Clause.I_3_2A) {
                continue;
            }
            var state = duty.assessment().state();
            mark(first, last, duty.assessment().due(), state).ifPresent(dues::add);
            if (state == DutyState.KEPT || state == DutyState.KEPT_LATE) {
                mark(first, last, duty.assessment().endedAt(), state).ifPresent(payments::add);
            }
        }
        boolean inside = !today.isBefore(first) && !today.isAfter(last);
        return Optional.of(new Timeline(periods, dues, payments, inside ? x(first, last, today) : null, first, last));
    }

    private static Optional<Mark> mark(LocalDate first, LocalDate last, @Nullable Instant at, DutyState state) {
        if (at == null) {
            return Optional.empty();
        }
        var day = at.atZone(DraftTerms.ZONE).toLocalDate();
        return Optional.of(new Mark(Math.clamp(x(first, last, day), 4, WIDTH - 4), day, state));
    }

    private static int x(LocalDate first, LocalDate last, LocalDate day) {
        long all = ChronoUnit.DAYS.between(first, last) + 1;
        return Math.toIntExact(Math.clamp(ChronoUnit.DAYS.between(first, day) * WIDTH / all, 0, WIDTH));
    }
}
