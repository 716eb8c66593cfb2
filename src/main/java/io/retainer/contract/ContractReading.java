package io.retainer.contract;

import io.retainer.duty.AssessedDuty;
import io.retainer.duty.Duties;
import io.retainer.identity.Access;
import io.retainer.identity.Capability;
import io.retainer.identity.Organisations;
import io.retainer.identity.Standings;
import io.retainer.kernel.Tenancy;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Collectors;
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
    private final Organisations organisations;
    private final Tenancy tenancy;
    private final ObjectProvider<ClauseStates> above;
    private final Clock clock;

    ContractReading(
            ContractRows rows,
            Duties duties,
            Standings standings,
            Organisations organisations,
            Tenancy tenancy,
            ObjectProvider<ClauseStates> above,
            Clock clock) {
        this.rows = rows;
        this.duties = duties;
        this.standings = standings;
        this.organisations = organisations;
        this.tenancy = tenancy;
        this.above = above;
        this.clock = clock;
    }

    /**
     * A contract with the version that is being prepared or in force.
     *
     * @param version without its amounts for whoever may not see them
     * @param problems of the version as it is
     */
    record Current(
            Contract contract,
            ContractVersion version,
            List<Problem> problems,
            List<Signature> signatures,
            List<ContractRows.Counterpart> counterparts) {}

    Current current(Access access) {
        return tenancy.read(access.tenant(), () -> {
            var contract = rows.get(access.tenant(), access.contract());
            var version = rows.version(access.tenant(), access.contract(), number(contract, clock.instant()));
            return new Current(
                    contract,
                    shown(access, version),
                    shown(access, problems(contract, version)),
                    rows.signatures(access.tenant(), access.contract(), contract.number()),
                    rows.counterparts(access.tenant(), access.contract(), contract.number()));
        });
    }

    /** Those of the version, and what only shows beside the organisations on the platform and today's date. */
    private List<Problem> problems(Contract contract, ContractVersion version) {
        var names = organisations.names(List.of(contract.clientOrganisation(), contract.providerOrganisation()));
        var problems = new ArrayList<>(version.problems());
        problems.addAll(Problems.beside(
                version.terms(),
                names.getOrDefault(contract.clientOrganisation(), ""),
                names.getOrDefault(contract.providerOrganisation(), ""),
                clock.instant()));
        problems.sort(Comparator.comparing(Problem::clause).thenComparing(Problem::kind));
        return List.copyOf(problems);
    }

    /** The version in force, which an amendment may have made; before that, the one being prepared. */
    private int number(Contract contract, Instant now) {
        return rows.inForce(contract.tenant(), contract.id(), now).orElse(contract.number());
    }

    private static ContractVersion shown(Access access, ContractVersion version) {
        return access.may(Capability.READ_MONEY) ? version : MoneyMask.of(version);
    }

    private static List<Problem> shown(Access access, List<Problem> problems) {
        return access.may(Capability.READ_MONEY)
                ? problems
                : problems.stream().map(MoneyMask::of).toList();
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
            var version = rows.version(access.tenant(), access.contract(), number(contract, now));
            List<AssessedDuty> owed = duties.ofContract(access.tenant(), access.contract(), now);
            var said = new ArrayList<ClauseState>();
            above.orderedStream().forEach(states -> said.addAll(states.of(access, now)));
            var clauses = ClauseBoard.of(contract, version, owed, said, now);
            var next = owed.stream()
                    .filter(duty -> duty.assessment().state().owed())
                    .map(duty -> duty.assessment().due())
                    .filter(due -> due != null && due.isAfter(now))
                    .min(java.util.Comparator.naturalOrder())
                    .orElse(contract.lookAt());
            return new Overview(
                    contract,
                    shown(access, version),
                    access.may(Capability.READ_MONEY)
                            ? clauses
                            : clauses.stream().map(MoneyMask::of).toList(),
                    contract.state().isPreparing() ? shown(access, problems(contract, version)) : List.of(),
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
        var found = tenancy.read(tenants, () -> rows.list(tenants, contracts, search, state, after, most + 1, now));
        boolean more = found.size() > most;
        var rich = mine.stream()
                .filter(access -> access.may(Capability.READ_MONEY))
                .map(Access::contract)
                .collect(Collectors.toSet());
        var shown = (more ? found.subList(0, most) : found)
                .stream()
                        .map(contract -> rich.contains(contract.contract()) ? contract : contract.withoutMoney())
                        .toList();
        return new Page(shown, more ? shown.getLast().contract() : null);
    }
}
