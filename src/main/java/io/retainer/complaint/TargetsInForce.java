package io.retainer.complaint;

import io.retainer.contract.AnnexesInForce;
import io.retainer.contract.ServicePlan;
import io.retainer.kernel.Refused;
import io.retainer.kernel.Tenancy;
import io.retainer.kernel.Unknown;
import io.retainer.kernel.WorkingHours;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/** Finds the targets by the version of the contract that was in force. */
@Component
class TargetsInForce {

    private final AnnexesInForce annexes;
    private final Tenancy tenancy;

    TargetsInForce(AnnexesInForce annexes, Tenancy tenancy) {
        this.annexes = annexes;
        this.tenancy = tenancy;
    }

    /** Those of now, or null while no version is in force. */
    @Nullable
    Targets inForce(UUID tenant, UUID contract, Instant now) {
        try {
            return at(tenant, contract, now);
        } catch (Refused none) {
            return null;
        }
    }

    /** @throws Refused when no contract was in force then */
    Targets at(UUID tenant, UUID contract, Instant moment) {
        return tenancy.read(tenant, () -> {
            try {
                var signed = annexes.annexes(tenant, contract, moment);
                boolean agreed = signed.servicePlan()
                        .filter(plan -> plan.level(ServicePlan.Metric.COMPLAINT_ACKNOWLEDGED)
                                        .isPresent()
                                || plan.level(ServicePlan.Metric.COMPLAINT_RESOLVED)
                                        .isPresent())
                        .isPresent();
                var hours = signed.servicePlan().map(ServicePlan::hours).orElse(WorkingHours.STANDARD);
                return new Targets(signed.version(), agreed, hours);
            } catch (Unknown none) {
                throw Refused.because("complaint.refused.notInForce", moment);
            }
        });
    }
}
