package io.retainer.liability;

import io.retainer.contract.WindingUp;
import io.retainer.document.Paper;
import io.retainer.kernel.Sentence;
import io.retainer.kernel.Texts;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.springframework.stereotype.Component;

/** Says which agreed damages the end of a contract leaves to be paid. */
@Component
class BreachWindingUp implements WindingUp {

    private final BreachCases cases;

    BreachWindingUp(BreachCases cases) {
        this.cases = cases;
    }

    @Override
    public List<String> sheet(UUID tenant, UUID contract, Instant end) {
        return cases.unpaid(tenant, contract).stream()
                .map(claim -> "claim " + claim.id() + " " + claim.kind() + " " + claim.debtor() + " to "
                        + claim.creditor() + " " + claim.open().yuan().toPlainString())
                .sorted()
                .toList();
    }

    @Override
    public void print(UUID tenant, UUID contract, Instant end, Paper paper, Texts texts) {
        for (var claim : cases.unpaid(tenant, contract)) {
            paper.paragraph(texts.say(said(claim)));
        }
    }

    @Override
    public List<Sentence> open(UUID tenant, UUID contract, Instant asOf) {
        return cases.unpaid(tenant, contract).stream()
                .map(BreachWindingUp::said)
                .toList();
    }

    private static Sentence said(BreachRows.Claim claim) {
        return Sentence.of("liability.open", claim.debtor(), claim.creditor(), claim.open(), claim.kind());
    }
}
