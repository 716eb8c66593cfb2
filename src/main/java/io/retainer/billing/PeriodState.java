package io.retainer.billing;

import io.retainer.billing.Verdict.InstalmentVerdict;
import io.retainer.contract.DraftTerms;
import java.time.Instant;
import java.time.LocalDate;

/** Where a service period stands (state-machines.md §3.2). It follows from the verdict: nobody sets it. */
enum PeriodState {
    PLANNED,
    /** It has begun and is not paid for: the provider need not serve before it is (Civil Code 526). */
    BLOCKED,
    OPEN,
    /** Suspended by a person, until the service resumes. */
    FROZEN,
    CLOSED;

    static PeriodState of(Verdict verdict, InstalmentVerdict of) {
        var period = of.instalment();
        if (of.state() == InstalmentState.CANCELLED
                || !verdict.asOf().isBefore(midnight(period.end().plusDays(1)))) {
            return CLOSED;
        }
        if (verdict.asOf().isBefore(midnight(period.start()))) {
            return PLANNED;
        }
        return switch (of.state()) {
            case PAID, PAID_LATE, WAIVED -> verdict.suspended() ? FROZEN : OPEN;
            case SCHEDULED, REMINDED, OVERDUE, PARTIAL_OVERDUE -> BLOCKED;
            case CANCELLED -> CLOSED;
        };
    }

    private static Instant midnight(LocalDate day) {
        return day.atStartOfDay(DraftTerms.ZONE).toInstant();
    }
}
