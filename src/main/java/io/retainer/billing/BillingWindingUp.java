package io.retainer.billing;

import io.retainer.contract.ContractLife;
import io.retainer.contract.WindingUp;
import io.retainer.document.Paper;
import io.retainer.kernel.Sentence;
import io.retainer.kernel.Texts;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.springframework.stereotype.Component;

/** Says what the end of a contract leaves to be settled in money. */
@Component
class BillingWindingUp implements WindingUp {

    private final Settlements settlements;
    private final ContractLife contracts;
    private final Clock clock;

    BillingWindingUp(Settlements settlements, ContractLife contracts, Clock clock) {
        this.settlements = settlements;
        this.contracts = contracts;
        this.clock = clock;
    }

    @Override
    public List<String> sheet(UUID tenant, UUID contract, Instant end) {
        return settlements.of(tenant, contract, end, clock.instant()).canonical();
    }

    @Override
    public void print(UUID tenant, UUID contract, Instant end, Paper paper, Texts texts) {
        SettlementPaper.body(paper, settlements.of(tenant, contract, end, clock.instant()), texts);
    }

    @Override
    public List<Sentence> open(UUID tenant, UUID contract, Instant asOf) {
        var end = contracts.end(tenant, contract).orElse(asOf);
        var settlement = settlements.of(tenant, contract, end, asOf);
        var open = new ArrayList<Sentence>();
        if (settlement.toRefund().isPositive()) {
            open.add(Sentence.of("billing.settlement.open.refund", settlement.toRefund()));
        }
        if (settlement.owed().isPositive()) {
            open.add(Sentence.of("billing.settlement.open.owed", settlement.owed()));
        }
        for (var claimed : settlement.penalties()) {
            open.add(Sentence.of("billing.settlement.open.penalty", claimed.instalment(), claimed.open()));
        }
        return open;
    }
}
