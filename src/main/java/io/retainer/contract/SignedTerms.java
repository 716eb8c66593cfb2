package io.retainer.contract;

import io.retainer.kernel.Tenancy;
import io.retainer.kernel.Unknown;
import java.time.Instant;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.springframework.stereotype.Component;

/**
 * The terms of the version that was in force, read from its rows. The annexes of a signed version are remembered by its id
 * and hash, because they never change; which version was in force is asked every time. Terms are read every time too:
 * a default of theirs may be agreed to later.
 */
@Component
class SignedTerms implements TermsInForce, AnnexesInForce {

    /** Versions remembered; their annexes are typed values, some kilobytes each. */
    private static final int MOST = 1_000;

    private final ContractRows rows;
    private final Tenancy tenancy;
    private final Map<Key, SignedAnnexes> known = Collections.synchronizedMap(new LinkedHashMap<>(16, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<Key, SignedAnnexes> eldest) {
            return size() > MOST;
        }
    });

    private record Key(UUID tenant, UUID version, String hash) {}

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
            var signed = rows.signed(tenant, contract, moment).orElseThrow(() -> none(contract, moment));
            var key = new Key(tenant, signed.id(), signed.hash());
            var remembered = known.get(key);
            if (remembered != null) {
                return remembered;
            }
            // Not while holding the map: others would wait for this database.
            var annexes = rows.annexes().get(tenant, contract, signed.number());
            var read = new SignedAnnexes(
                    signed.number(),
                    typed(annexes, AnnexKind.SERVICE_PLAN, ServicePlan.class),
                    typed(annexes, AnnexKind.CUSTOMER_INFORMATION, DataProcessingAgreement.class),
                    typed(annexes, AnnexKind.PAYMENT, PaymentSchedule.class),
                    typed(annexes, AnnexKind.CONFIDENTIALITY, Nda.class),
                    typed(annexes, AnnexKind.THIRD_PARTY, ThirdPartyAgreement.class));
            known.put(key, read);
            return read;
        });
    }

    private static Unknown none(UUID contract, Instant moment) {
        return new Unknown("terms in force of contract " + contract + " at " + moment);
    }

    private ContractVersion version(UUID tenant, UUID contract, Instant moment) {
        int number = rows.inForce(tenant, contract, moment).orElseThrow(() -> none(contract, moment));
        return rows.version(tenant, contract, number);
    }

    private static <A extends Annex> Optional<A> typed(Annexes annexes, AnnexKind kind, Class<A> type) {
        return annexes.has(kind) ? Optional.of(type.cast(annexes.of(kind).typed())) : Optional.empty();
    }
}
