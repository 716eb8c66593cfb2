package io.retainer.relationship;

import io.retainer.kernel.Money;
import io.retainer.kernel.Refused;
import io.retainer.relationship.OpportunityEvent.Advanced;
import io.retainer.relationship.OpportunityEvent.Estimated;
import io.retainer.relationship.OpportunityEvent.Followed;
import io.retainer.relationship.OpportunityEvent.Lost;
import io.retainer.relationship.OpportunityEvent.Seen;
import io.retainer.relationship.OpportunityEvent.Won;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.UUID;
import org.jmolecules.ddd.annotation.AggregateRoot;
import org.jmolecules.ddd.annotation.Identity;
import org.jspecify.annotations.Nullable;

/**
 * Something a customer may buy (I-1.1*(3)). The money is the client's, not the fee of the contract. Asks no clock and no
 * database.
 *
 * @param stageSince when it came into its stage
 * @param agent who is after it; null while its customer lies in the pool
 * @param version for optimistic locking
 */
@AggregateRoot
record Opportunity(
        @Identity UUID id,
        UUID tenant,
        UUID contract,
        UUID customer,
        int number,
        String title,
        Money amount,
        Stage stage,
        Instant stageSince,
        LocalDate expectedOn,
        @Nullable UUID agent,
        @Nullable LostReason reason,
        Instant createdAt,
        @Nullable Instant endedAt,
        int version) {

    /** Above it a slip of the keyboard is likelier than a sale. */
    static final Money MOST = Money.of("10000000000.00");

    static final int LONGEST_TITLE = 120;

    static Opportunity first(Seen e, int number, String title) {
        return new Opportunity(
                e.opportunity(),
                e.tenant(),
                e.contract(),
                e.customer(),
                number,
                title,
                e.amount(),
                e.stage(),
                e.happenedAt(),
                e.expectedOn(),
                e.agent(),
                null,
                e.happenedAt(),
                null,
                0);
    }

    static void check(Money amount, LocalDate expectedOn, LocalDate today) {
        if (amount.isNegative() || amount.compareTo(MOST) > 0) {
            throw Refused.field("amount", "relationship.refused.amount", amount, MOST);
        }
        if (expectedOn.isBefore(today) || expectedOn.isAfter(today.plusYears(3))) {
            throw Refused.field("expectedOn", "relationship.refused.expected", expectedOn);
        }
    }

    public boolean open() {
        return stage.open();
    }

    /** Whole days in the stage it is in. */
    public long days(Instant now) {
        return Duration.between(stageSince, endedAt == null ? now : endedAt).toDays();
    }

    /** @param leads whether the person leads the agents, and so may act for each of them */
    Advanced advance(Stage to, UUID by, boolean leads, Instant now) {
        requireTheirs(by, leads);
        if (!to.open()) {
            throw Refused.field("stage", "relationship.refused.stageEnd");
        }
        if (stage == Stage.WON) {
            throw Refused.because("relationship.refused.won");
        }
        if (to == stage) {
            throw Refused.field("stage", "relationship.refused.stage", to);
        }
        return new Advanced(tenant, contract, id, stage, to, now, by);
    }

    Won win(Money sold, UUID by, boolean leads, Instant now) {
        requireOpen(by, leads);
        if (!sold.isPositive() || sold.compareTo(MOST) > 0) {
            throw Refused.field("amount", "relationship.refused.sold", sold, MOST);
        }
        return new Won(tenant, contract, id, sold, now, by);
    }

    Lost lose(LostReason why, UUID by, boolean leads, Instant now) {
        requireOpen(by, leads);
        return new Lost(tenant, contract, id, why, now, by);
    }

    Estimated estimate(Money wanted, LocalDate on, UUID by, boolean leads, Instant now) {
        requireOpen(by, leads);
        check(wanted, on, LocalDate.ofInstant(now, Relations.ZONE));
        return new Estimated(tenant, contract, id, wanted, on, now, by);
    }

    Followed follow(@Nullable UUID to, @Nullable UUID by, Instant now) {
        return new Followed(tenant, contract, id, to, now, by);
    }

    private void requireOpen(UUID by, boolean leads) {
        requireTheirs(by, leads);
        if (!open()) {
            throw Refused.because(stage == Stage.WON ? "relationship.refused.won" : "relationship.refused.lost");
        }
    }

    private void requireTheirs(UUID by, boolean leads) {
        if (!leads && !by.equals(agent)) {
            throw Refused.because("relationship.refused.opportunityNotYours");
        }
    }

    Opportunity after(OpportunityEvent event) {
        return switch (event) {
            case Seen _ -> throw new IllegalStateException("Seen twice: " + id);
            case Advanced e -> at(e.to(), e.happenedAt(), amount, null, null);
            case Won e -> at(Stage.WON, e.happenedAt(), e.amount(), null, e.happenedAt());
            case Lost e -> at(Stage.LOST, e.happenedAt(), amount, e.reason(), e.happenedAt());
            case Estimated e -> with(e.amount(), e.expectedOn(), agent);
            case Followed e -> with(amount, expectedOn, e.to());
        };
    }

    private Opportunity at(Stage next, Instant since, Money worth, @Nullable LostReason why, @Nullable Instant ended) {
        return new Opportunity(
                id,
                tenant,
                contract,
                customer,
                number,
                title,
                worth,
                next,
                since,
                expectedOn,
                agent,
                why,
                createdAt,
                ended,
                version);
    }

    private Opportunity with(Money worth, LocalDate on, @Nullable UUID by) {
        return new Opportunity(
                id,
                tenant,
                contract,
                customer,
                number,
                title,
                worth,
                stage,
                stageSince,
                on,
                by,
                reason,
                createdAt,
                endedAt,
                version);
    }
}
