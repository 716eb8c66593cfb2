package io.retainer.billing;

import io.retainer.billing.Account.Act;
import io.retainer.billing.Account.Kind;
import io.retainer.billing.Account.Line;
import io.retainer.contract.ForceMajeureEvent;
import io.retainer.duty.AssessedDuty;
import io.retainer.duty.Cause;
import io.retainer.duty.Deadline;
import io.retainer.duty.Duties;
import io.retainer.duty.NewDuty;
import io.retainer.kernel.Clause;
import io.retainer.kernel.Ids;
import io.retainer.kernel.Party;
import io.retainer.kernel.Tenancy;
import java.time.Clock;
import java.time.Instant;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.context.event.EventListener;
import org.springframework.stereotype.Component;

/** Force majeure that hinders a payment: nothing accrues while it lasts, and afterwards the payment is owed again. */
@Component
class PaymentRelief {

    private final Accounts accounts;
    private final Books books;
    private final Duties duties;
    private final Tenancy tenancy;
    private final Clock clock;

    PaymentRelief(Accounts accounts, Books books, Duties duties, Tenancy tenancy, Clock clock) {
        this.accounts = accounts;
        this.books = books;
        this.duties = duties;
        this.tenancy = tenancy;
        this.clock = clock;
    }

    /** Relief for a payment was decided on its own: nothing accrues while it lasts. */
    @EventListener
    void relieve(ForceMajeureEvent.Accepted accepted) {
        payments(accepted.tenant(), accepted.contract(), accepted.duties(), (account, line, duty, now) -> {
            hindered(account, line, Kind.FORCE_MAJEURE, accepted.since(), accepted.relief(), accepted.actor(), now);
            if (duty.assessment().state().owed()) {
                duties.excuse(
                        account.tenant(),
                        duty.duty().id(),
                        Cause.FORCE_MAJEURE,
                        accepted.since(),
                        null,
                        now,
                        accepted.actor());
            }
        });
    }

    /** What hindered the payment is over: it is owed again, by the day after. */
    @EventListener
    void resumePayments(ForceMajeureEvent.Ended ended) {
        payments(ended.tenant(), ended.contract(), ended.duties(), (account, line, _, now) -> {
            hindered(account, line, Kind.FORCE_MAJEURE_OVER, ended.happenedAt(), null, ended.actor(), now);
            var verdict = accounts.state(account, now)
                    .verdict()
                    .instalment(line.instalment().number());
            if (verdict.open().isPositive()) {
                duties.open(new NewDuty(
                        account.tenant(),
                        account.contract(),
                        account.contractVersion(),
                        Clause.I_3_2A,
                        Party.CLIENT,
                        Party.PROVIDER,
                        "billing.duty.pay",
                        "instalment/" + line.id() + "/after-force-majeure",
                        new Deadline.At(verdict.instalment().due()),
                        ended.happenedAt(),
                        ended.actor()));
            }
        });
    }

    private interface OfPayment {
        void on(Account account, Line line, AssessedDuty duty, Instant now);
    }

    private void payments(UUID tenant, UUID contract, Set<UUID> ids, OfPayment what) {
        tenancy.write(tenant, () -> {
            if (books.account(tenant, contract).isEmpty()) {
                return;
            }
            var account = books.locked(tenant, contract);
            var now = Accounts.micros(clock.instant());
            var lines = accounts.state(account, now).records().lines();
            for (var id : ids) {
                var duty = duties.get(tenant, id, now);
                lines.stream()
                        .filter(line -> duty.duty().clause() == Clause.I_3_2A
                                && duty.duty().subject().equals("instalment/" + line.id()))
                        .findFirst()
                        .ifPresent(line -> what.on(account, line, duty, now));
            }
        });
    }

    private void hindered(
            Account account,
            Line line,
            Kind kind,
            Instant at,
            @Nullable Integer relief,
            @Nullable UUID actor,
            Instant now) {
        books.add(
                account,
                new Act(
                        Ids.at(now.toEpochMilli()),
                        kind,
                        line.instalment().number(),
                        null,
                        null,
                        null,
                        Accounts.micros(at),
                        actor,
                        Set.of(),
                        relief),
                now);
    }
}
