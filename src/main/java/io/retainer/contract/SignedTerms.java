package io.retainer.contract;

import io.retainer.kernel.Tenancy;
import io.retainer.kernel.Unknown;
import java.time.Instant;
import java.util.UUID;
import org.springframework.stereotype.Component;

/** The terms of the version that was in force, read from its rows. */
@Component
class SignedTerms implements TermsInForce {

    private final ContractRows rows;
    private final Tenancy tenancy;

    SignedTerms(ContractRows rows, Tenancy tenancy) {
        this.rows = rows;
        this.tenancy = tenancy;
    }

    @Override
    public TermsVersion at(UUID tenant, UUID contract, Instant moment) {
        return tenancy.read(tenant, () -> {
            int number = rows.inForce(tenant, contract, moment)
                    .orElseThrow(() -> new Unknown("terms in force of contract " + contract + " at " + moment));
            var version = rows.version(tenant, contract, number);
            var hash = version.hash();
            var effectiveAt = version.effectiveAt();
            if (hash == null || effectiveAt == null) {
                throw new IllegalStateException("Version " + version.id() + " is in force without a hash");
            }
            return new TermsVersion(
                    contract,
                    version.id(),
                    number,
                    hash,
                    effectiveAt,
                    version.terms().complete());
        });
    }
}
