package io.retainer.workorder;

import io.retainer.billing.Billing;
import io.retainer.contract.AnnexesInForce;
import io.retainer.contract.ContractLife;
import io.retainer.contract.ServicePlan;
import io.retainer.contract.TermKey;
import io.retainer.contract.TermValue;
import io.retainer.kernel.Tenancy;
import java.time.Instant;
import java.time.LocalDate;
import java.util.Set;
import java.util.UUID;
import org.springframework.stereotype.Component;

/** What the contract says about work orders, with what of the fee is left (G-06). */
@Component
class ContractWork {

    private final ContractLife contracts;
    private final AnnexesInForce annexes;
    private final Billing billing;
    private final WorkOrderRows rows;
    private final Tenancy tenancy;

    ContractWork(ContractLife contracts, AnnexesInForce annexes, Billing billing, WorkOrderRows rows, Tenancy tenancy) {
        this.contracts = contracts;
        this.annexes = annexes;
        this.billing = billing;
        this.rows = rows;
        this.tenancy = tenancy;
    }

    /** What the contract says on a day; safe to ask when it is not in force. */
    WorkTerms terms(UUID tenant, UUID contract, Instant now) {
        return tenancy.read(tenant, () -> {
            if (!contracts.state(tenant, contract).isInForce()) {
                return new WorkTerms(false, Set.of(), Set.of(), 0, true, false);
            }
            var draft = contracts.terms(tenant, contract);
            var free = draft.get(TermKey.WORK_ORDER_FREE_HOURS);
            int freeMinutes = free.binds() && free.value() instanceof TermValue.Whole(var hours) ? hours * 60 : 0;
            var quote = draft.get(TermKey.WORK_ORDER_QUOTE);
            var silence = draft.get(TermKey.WORK_ORDER_SILENCE);
            return new WorkTerms(
                    true,
                    annexes.annexes(tenant, contract, now)
                            .servicePlan()
                            .map(ServicePlan::inScope)
                            .orElse(Set.of()),
                    contracts.frozen(tenant, contract),
                    Math.max(0, freeMinutes - used(tenant, contract, now)),
                    !(quote.binds() && quote.value() instanceof TermValue.YesNo(var yes) && !yes),
                    silence.binds() && silence.value() instanceof TermValue.YesNo(var yes) && yes);
        });
    }

    /** Free minutes taken in the service period of today. */
    private int used(UUID tenant, UUID contract, Instant now) {
        var today = LocalDate.ofInstant(now, WorkOrder.ZONE);
        return billing.verdict(tenant, contract, now).stream()
                .flatMap(verdict -> verdict.instalments().stream())
                .map(io.retainer.billing.Verdict.InstalmentVerdict::instalment)
                .filter(one -> !today.isBefore(one.start()) && !today.isAfter(one.end()))
                .findFirst()
                .map(one -> rows.freeMinutesUsed(
                        tenant,
                        contract,
                        one.start().atStartOfDay(WorkOrder.ZONE).toInstant(),
                        WorkOrder.after(one.end())))
                .orElse(0);
    }
}
