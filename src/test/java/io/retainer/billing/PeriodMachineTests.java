package io.retainer.billing;

import static io.retainer.billing.TermsFixture.at;
import static io.retainer.billing.TermsFixture.paid;
import static org.assertj.core.api.Assertions.assertThat;

import io.retainer.billing.BillingFact.InstalmentReduced;
import io.retainer.billing.BillingFact.InstalmentWaived;
import io.retainer.billing.BillingFact.PaymentReturned;
import io.retainer.billing.BillingFact.Resumed;
import io.retainer.billing.BillingFact.Suspended;
import io.retainer.contract.ContractTerms;
import io.retainer.kernel.Money;
import io.retainer.kernel.WorkCalendar;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** State × event of the service period (state-machines.md §3.2), of the third one: 1 to 31 March 2025. */
class PeriodMachineTests {

    private static final WorkCalendar CALENDAR = WorkCalendar.chinese();
    private static final ContractTerms TERMS = TermsFixture.seed().daily("0.05").terms();
    private static final Schedule SCHEDULE = Schedule.of(TERMS, at("2024-12-20T10:00"), CALENDAR);

    @ParameterizedTest(name = "{0} + {1} → {2}")
    @CsvSource({
        "PLANNED,startsPaid,OPEN",
        "PLANNED,startsWaived,OPEN",
        "PLANNED,startsUnpaid,BLOCKED",
        "PLANNED,startsPartPaid,BLOCKED",
        "PLANNED,suspended,PLANNED",
        "PLANNED,resumed,PLANNED",
        "PLANNED,contractEnds,CLOSED",
        "BLOCKED,paid,OPEN",
        "BLOCKED,waived,OPEN",
        "BLOCKED,suspended,BLOCKED",
        "BLOCKED,resumed,BLOCKED",
        "BLOCKED,ends,CLOSED",
        "BLOCKED,contractEnds,CLOSED",
        "OPEN,suspended,FROZEN",
        "OPEN,returned,BLOCKED",
        "OPEN,resumed,OPEN",
        "OPEN,ends,CLOSED",
        "OPEN,contractEnds,CLOSED",
        "FROZEN,suspended,FROZEN",
        "FROZEN,resumed,OPEN",
        "FROZEN,returned,BLOCKED",
        "FROZEN,ends,CLOSED",
        "FROZEN,contractEnds,CLOSED",
        "CLOSED,paid,CLOSED",
        "CLOSED,waived,CLOSED",
        "CLOSED,suspended,CLOSED",
        "CLOSED,resumed,CLOSED",
        "CLOSED,ends,CLOSED"
    })
    void aServicePeriodHasItsStates(PeriodState state, String event, PeriodState next) {
        var facts = new ArrayList<BillingFact>();
        facts.add(paid("1", "2024-12-30T10:00", "100000", 1));
        facts.add(paid("2", "2025-01-30T10:00", "100000", 2));
        switch (state) {
            case PLANNED, BLOCKED, CLOSED -> {}
            case OPEN -> facts.add(paid("3", "2025-02-27T10:00", "100000", 3));
            case FROZEN -> {
                facts.add(paid("3", "2025-02-27T10:00", "100000", 3));
                facts.add(new Suspended(at("2025-03-08T10:00"), Set.of(1)));
            }
        }
        var now = switch (state) {
            case PLANNED -> at("2025-02-28T23:59:59");
            case BLOCKED, OPEN, FROZEN -> at("2025-03-10T10:00");
            case CLOSED -> at("2025-04-01T00:00");
        };
        assertThat(third(facts, now)).as("before").isEqualTo(state);
        var then = now.plusSeconds(3600);
        switch (event) {
            case "startsPaid" -> facts.add(paid("3", "2025-02-28T23:59:59", "100000", 3));
            case "startsPartPaid" -> facts.add(paid("3", "2025-02-28T23:59:59", "99999.99", 3));
            case "startsWaived" -> facts.add(new InstalmentWaived(now, 3));
            case "startsUnpaid" -> {}
            case "ends" -> then = state == PeriodState.CLOSED ? then : at("2025-04-01T00:00");
            case "paid" -> facts.add(new BillingFact.PaymentCredited("late", then, null, Money.of("100000"), 3, null));
            case "waived" -> facts.add(new InstalmentWaived(then, 3));
            case "returned" -> facts.add(new PaymentReturned("3", then));
            case "suspended" -> {
                then = state == PeriodState.PLANNED ? now : then;
                facts.add(new Suspended(then, Set.of(1)));
            }
            case "resumed" -> {
                then = state == PeriodState.PLANNED ? now : then;
                facts.add(new Resumed(then));
            }
            case "contractEnds" -> facts.add(new InstalmentReduced(now, 3, Money.of("100000")));
            default -> throw new IllegalArgumentException(event);
        }
        assertThat(third(facts, then)).isEqualTo(next);
    }

    private static PeriodState third(List<BillingFact> facts, Instant asOf) {
        var verdict = Assessment.assess(TERMS, SCHEDULE, facts, asOf, TermsFixture.LPR, CALENDAR);
        return PeriodState.of(verdict, verdict.instalment(3));
    }
}
