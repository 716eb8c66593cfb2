package io.retainer.contract;

import io.retainer.kernel.Tenancy;
import io.retainer.kernel.Unknown;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.springframework.stereotype.Component;

/** The terms of the version that was in force, read from its rows. */
@Component
class SignedTerms implements TermsInForce, AnnexesInForce {

    private final ContractRows rows;
    private final Tenancy tenancy;

    SignedTerms(ContractRows rows, Tenancy tenancy) {
        this.rows = rows;
        this.tenancy = tenancy;
    }

    @Override
    public TermsVersion at(UUID tenant, UUID contract, Instant moment) {
        return tenancy.read(tenant, () -> signed(tenant, version(tenant, contract, moment), moment));
    }

    @Override
    public List<TermsVersion> all(UUID tenant, UUID contract) {
        return tenancy.read(
                tenant,
                () -> rows.signedNumbers(tenant, contract).stream()
                        .map(number -> signed(tenant, rows.version(tenant, contract, number), Instant.MAX))
                        .toList());
    }

    /** @param moment defaults agreed to after it do not bind yet */
    private TermsVersion signed(UUID tenant, ContractVersion version, Instant moment) {
        var contract = version.contract();
        var hash = version.hash();
        var effectiveAt = version.effectiveAt();
        if (hash == null || effectiveAt == null) {
            throw new IllegalStateException("Version " + version.id() + " is in force without a hash");
        }
        var agreed = new HashMap<TermKey, Instant>();
        var settled = version.settled();
        var unconfirmed = new HashSet<>(settled.unconfirmed());
        rows.agreed(tenant, contract, version.number()).forEach((key, since) -> {
            if (since.isAfter(moment)) {
                unconfirmed.add(key);
            } else {
                agreed.put(key, since);
            }
        });
        return new TermsVersion(
                contract,
                version.id(),
                version.number(),
                hash,
                effectiveAt,
                settled.complete().withUnconfirmed(unconfirmed),
                agreed);
    }

    @Override
    public Map<Integer, Instant> concluded(UUID tenant, UUID contract) {
        return rows.drawnUp(tenant, contract);
    }

    @Override
    public SignedAnnexes annexes(UUID tenant, UUID contract, Instant moment) {
        return tenancy.read(tenant, () -> {
            var annexes = version(tenant, contract, moment).annexes();
            return new SignedAnnexes(
                    typed(annexes, AnnexKind.SERVICE_PLAN, ServicePlan.class),
                    typed(annexes, AnnexKind.CUSTOMER_INFORMATION, DataProcessingAgreement.class),
                    typed(annexes, AnnexKind.PAYMENT, PaymentSchedule.class),
                    typed(annexes, AnnexKind.CONFIDENTIALITY, Nda.class),
                    typed(annexes, AnnexKind.THIRD_PARTY, ThirdPartyAgreement.class));
        });
    }

    private ContractVersion version(UUID tenant, UUID contract, Instant moment) {
        int number = rows.inForce(tenant, contract, moment)
                .orElseThrow(() -> new Unknown("terms in force of contract " + contract + " at " + moment));
        return rows.version(tenant, contract, number);
    }

    private static <A extends Annex> Optional<A> typed(Annexes annexes, AnnexKind kind, Class<A> type) {
        return annexes.has(kind) ? Optional.of(type.cast(annexes.of(kind).typed())) : Optional.empty();
    }
}
