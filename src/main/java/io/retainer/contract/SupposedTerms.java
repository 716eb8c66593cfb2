package io.retainer.contract;

import io.retainer.kernel.Refused;
import io.retainer.kernel.Unknown;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.springframework.stereotype.Component;

/** The terms of a contract as a supplementary agreement could make them, for whoever asks what would follow. */
@Component
public class SupposedTerms {

    private final ContractRows rows;
    private final TermsInForce terms;

    SupposedTerms(ContractRows rows, TermsInForce terms) {
        this.rows = rows;
        this.terms = terms;
    }

    /** Terms on which money and its deadlines rest and that an amendment may change. */
    public static List<TermKey> keys() {
        return Stream.of(TermKey.values())
                .filter(key ->
                        key.id().matches("(fee|late|due|susp)\\..*|term\\.(end|cureWorkdays)|allocation\\.policy"))
                .filter(key -> !key.isDerived() && key != TermKey.FEE_WORDS && key != TermKey.RATE_SOURCE)
                .toList();
    }

    /**
     * The latest signed terms with these changed. Must be called inside a transaction of the tenant.
     *
     * @param changes as people write them
     * @throws Refused when a value is none for its term, or the terms together do not hold
     * @throws Unknown before the contract was signed
     */
    public ContractTerms with(UUID tenant, UUID contract, Map<TermKey, String> changes) {
        var signed = terms.all(tenant, contract);
        if (signed.isEmpty()) {
            throw new Unknown("signed terms of contract " + contract);
        }
        var base = rows.version(tenant, contract, signed.getLast().number());
        var values = new EnumMap<TermKey, TermValue>(TermKey.class);
        changes.forEach((key, value) -> {
            if (!keys().contains(key)) {
                throw Refused.field("term", "contract.amendment.fixed", key.title());
            }
            values.put(key, ContractController.value(key, value));
        });
        var start = base.settled().complete().term().start();
        var amended = AmendedVersion.of(base, AmendmentRules.derived(values, start), Map.of());
        amended.require();
        var all = amended.settled().complete();
        return all.withUnconfirmed(signed.getLast().asSigned().unconfirmed().stream()
                .filter(key -> !values.containsKey(key))
                .collect(Collectors.toSet()));
    }
}
