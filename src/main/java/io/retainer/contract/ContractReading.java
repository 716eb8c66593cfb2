package io.retainer.contract;

import io.retainer.duty.AssessedDuty;
import io.retainer.duty.Duties;
import io.retainer.identity.Access;
import io.retainer.identity.Standings;
import io.retainer.kernel.Tenancy;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.stereotype.Component;

/** What the pages and the API show of contracts; changes nothing. */
@Component
class ContractReading {

    private static final int PAGE = 20;

    private final ContractRows rows;
    private final Duties duties;
    private final Standings standings;
    private final Tenancy tenancy;
    private final ObjectProvider<ClauseStates> above;

    ContractReading(
            ContractRows rows,
            Duties duties,
            Standings standings,
            Tenancy tenancy,
            ObjectProvider<ClauseStates> above) {
        this.rows = rows;
        this.duties = duties;
        this.standings = standings;
        this.tenancy = tenancy;
        this.above = above;
    }

    /** A contract with the version that is being prepared or in force. */
    record Current(
            Contract contract,
            ContractVersion version,
            List<Signature> signatures,
            List<ContractRows.Counterpart> counterparts) {}

    Current current(Access access) {
        return tenancy.read(access.tenant(), () -> {
            var contract = rows.get(access.tenant(), access.contract());
            return new Current(
                    contract,
                    rows.version(access.tenant(), access.contract(), contract.number()),
                    rows.signatures(access.tenant(), access.contract(), contract.number()),
                    rows.counterparts(access.tenant(), access.contract(), contract.number()));
        });
    }

    /** @param timeline empty while the term is not known */
    record Overview(
            Contract contract,
            ContractVersion version,
            List<ClauseState> clauses,
            List<Problem> problems,
            Optional<Timeline> timeline,
            @Nullable Instant nextDeadline) {}

    Overview overview(Access access, Instant now) {
        return tenancy.read(access.tenant(), () -> {
            var contract = rows.get(access.tenant(), access.contract());
            var version = rows.version(access.tenant(), access.contract(), contract.number());
            List<AssessedDuty> owed = duties.ofContract(access.tenant(), access.contract(), now);
            var said = new ArrayList<ClauseState>();
            above.orderedStream().forEach(states -> said.addAll(states.of(access.tenant(), access.contract(), now)));
            var clauses = ClauseBoard.of(contract, version, owed, said, now);
            var next = owed.stream()
                    .filter(duty -> duty.assessment().state().owed())
                    .map(duty -> duty.assessment().due())
                    .filter(due -> due != null && due.isAfter(now))
                    .min(java.util.Comparator.naturalOrder())
                    .orElse(contract.lookAt());
            return new Overview(
                    contract,
                    version,
                    clauses,
                    contract.state().isPreparing() ? version.problems() : List.of(),
                    Timeline.of(version.terms(), owed, now),
                    next);
        });
    }

    /** @param next the key of the next page, or null on the last */
    record Page(List<ContractSummary> contracts, @Nullable UUID next) {}

    Page list(UUID person, String search, @Nullable ContractState state, @Nullable UUID after, Instant now) {
        return list(person, search, state, after, PAGE, now);
    }

    Page list(UUID person, String search, @Nullable ContractState state, @Nullable UUID after, int most, Instant now) {
        var mine = standings.contracts(person, now);
        if (mine.isEmpty()) {
            return new Page(List.of(), null);
        }
        var tenants = mine.stream().map(Access::tenant).distinct().toList();
        var contracts = mine.stream().map(Access::contract).toList();
        var found = tenancy.read(tenants, () -> rows.list(tenants, contracts, search, state, after, most + 1));
        boolean more = found.size() > most;
        var shown = more ? found.subList(0, most) : found;
        return new Page(shown, more ? shown.getLast().contract() : null);
    }
}
