package io.retainer.contract;

import io.retainer.identity.Access;
import io.retainer.identity.Organisations;
import io.retainer.identity.People;
import io.retainer.identity.Role;
import io.retainer.identity.Standings;
import io.retainer.kernel.Party;
import java.time.Clock;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import org.springframework.boot.test.context.TestComponent;

/** Makes two companies with their people, and contracts between them, each time anew. */
@TestComponent
class TwoCompanies {

    private final Organisations organisations;
    private final People people;
    private final Standings standings;
    private final ContractLife life;
    private final Clock clock;

    TwoCompanies(Organisations organisations, People people, Standings standings, ContractLife life, Clock clock) {
        this.organisations = organisations;
        this.people = people;
        this.standings = standings;
        this.life = life;
        this.clock = clock;
    }

    /** A draft between two companies of one test. */
    record Deal(UUID contract, Access client, Access lead, Access lawyer, Access agent) {}

    /** A draft of the demo contract that could be submitted as it is. */
    Deal ready() {
        return ready(true);
    }

    /** @param clientHasPeople whether anybody of the client signs in; without, the client is only a name */
    Deal ready(boolean clientHasPeople) {
        return ready("青禾 " + UUID.randomUUID().toString().substring(0, 8), clientHasPeople);
    }

    /** A draft of another provider that names the client of this one, who has nobody to sign in any more. */
    Deal another(Deal deal) {
        var client = deal.client().tenant();
        return ready(Objects.requireNonNull(organisations.names(List.of(client)).get(client)), false);
    }

    private Deal ready(String clientName, boolean clientHasPeople) {
        var mark = UUID.randomUUID().toString().substring(0, 8);
        var client = organisations.namedOrNew(clientName).id();
        var provider = organisations.namedOrNew("远山 " + mark).id();
        var lead = person("lead-" + mark, provider, Role.OPERATIONS_LEAD);
        var agent = person("agent-" + mark, provider, Role.AGENT);
        var contract = life.keep(
                        lead,
                        null,
                        new NewContract(provider, Party.PROVIDER, clientName),
                        ContractImporter.pasted(DemoContract.text()))
                .contract();
        var leads = access(lead, contract);
        var owner = person("owner-" + mark, client, Role.OWNER);
        var lawyer = person("lawyer-" + mark, client, Role.LAWYER);
        var clients = access(owner, contract);
        life.fill(leads, TermKey.LATE_MODE, TermValue.parse(TermKey.LATE_MODE, "DAILY"), null);
        for (var access : List.of(clients, leads)) {
            life.confirm(access, List.of(TermKey.LATE_MODE, TermKey.SIGN_MODE), null);
            life.acceptRisk(access, null, null);
        }
        var deal = new Deal(contract, clients, leads, access(lawyer, contract), access(agent, contract));
        if (!clientHasPeople) {
            people.disable(owner);
            people.disable(lawyer);
        }
        return deal;
    }

    private UUID person(String login, UUID organisation, Role role) {
        return people.add(login, login, "correct horse battery", organisation, role);
    }

    private Access access(UUID person, UUID contract) {
        return standings.access(person, contract, clock.instant());
    }
}
