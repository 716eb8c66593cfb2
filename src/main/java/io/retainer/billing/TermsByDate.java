package io.retainer.billing;

import io.retainer.contract.ContractTerms;
import java.time.Instant;
import java.util.List;

/**
 * The terms of a contract by the day from which they hold. What happened is judged by the version that was in force then,
 * however late it is recorded.
 *
 * @param versions in the order of their days; the first also stands for the time before it
 */
public record TermsByDate(List<Dated> versions) {

    /** One version and since when it holds. */
    public record Dated(Instant from, ContractTerms terms) {}

    public TermsByDate {
        versions = List.copyOf(versions);
        if (versions.isEmpty()) {
            throw new IllegalArgumentException("No terms at all");
        }
    }

    static TermsByDate always(ContractTerms terms) {
        return new TermsByDate(List.of(new Dated(Instant.MIN, terms)));
    }

    ContractTerms at(Instant moment) {
        var found = versions.getFirst().terms();
        for (var version : versions) {
            if (!version.from().isAfter(moment)) {
                found = version.terms();
            }
        }
        return found;
    }
}
