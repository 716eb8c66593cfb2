package io.retainer.workorder;

import io.retainer.TurnableClock;
import io.retainer.contract.ContractImporter;
import io.retainer.contract.ContractLife;
import io.retainer.contract.DemoContract;
import io.retainer.contract.NewContract;
import io.retainer.contract.SignatureMode;
import io.retainer.contract.TermKey;
import io.retainer.contract.TermValue;
import io.retainer.identity.Access;
import io.retainer.identity.Organisations;
import io.retainer.identity.People;
import io.retainer.identity.Role;
import io.retainer.identity.SignedIn;
import io.retainer.identity.Standings;
import io.retainer.kernel.Party;
import java.time.Instant;
import java.time.ZoneId;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Stream;
import org.springframework.boot.test.context.TestConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Primary;
import org.springframework.security.authentication.UsernamePasswordAuthenticationToken;
import org.springframework.security.core.Authentication;

/** A contract in force between two companies and their people, and a clock to turn. */
@TestConfiguration(proxyBeanMethods = false)
class WorkWorld {

    static final ZoneId ZONE = ZoneId.of("Asia/Shanghai");

    @Bean
    @Primary
    TurnableClock workClock() {
        return new TurnableClock("2025-02-10T10:00");
    }

    @Bean
    Parties workParties(
            ContractLife life, Organisations organisations, People people, Standings standings, TurnableClock clock) {
        return new Parties(life, organisations, people, standings, clock);
    }

    static Instant at(String beijing) {
        return TurnableClock.beijing(beijing);
    }

    record Signed(UUID tenant, UUID contract, Access lead, Access agent, Access owner, Access finance) {}

    record Parties(
            ContractLife life, Organisations organisations, People people, Standings standings, TurnableClock clock) {

        /** The demo contract with all defaults and these changes agreed; the clock then stands at 10 February 2025. */
        Signed sign(Map<TermKey, String> changes) {
            clock.set("2024-12-20T10:00");
            var mark = UUID.randomUUID().toString().substring(0, 8);
            var client = organisations.namedOrNew("青禾 " + mark).id();
            var provider = organisations.namedOrNew("远山 " + mark).id();
            var lead = person("lead-" + mark, provider, Role.OPERATIONS_LEAD);
            var agent = person("agent-" + mark, provider, Role.AGENT);
            var owner = person("owner-" + mark, client, Role.OWNER);
            var finance = person("finance-" + mark, client, Role.FINANCE);
            var made = life.keep(
                    lead,
                    null,
                    new NewContract(provider, Party.PROVIDER, "青禾 " + mark),
                    ContractImporter.pasted(DemoContract.text()));
            var contract = made.contract();
            changes.forEach((key, value) -> life.fill(access(lead, contract), key, TermValue.parse(key, value), null));
            var all = Stream.of(TermKey.values())
                    .filter(key -> key.proposal() != null || changes.containsKey(key))
                    .toList();
            for (var person : List.of(lead, owner)) {
                life.confirm(access(person, contract), all, null);
                life.acceptRisk(access(person, contract), null, null);
            }
            life.submit(access(lead, contract), null);
            var hash = life.hash(made.tenant(), contract).orElseThrow();
            life.sign(access(owner, contract), hash, SignatureMode.SEAL, "王敏", "公章");
            life.sign(access(lead, contract), hash, SignatureMode.SEAL, "李强", "公章");
            clock.set("2025-02-10T10:00");
            return new Signed(
                    made.tenant(),
                    contract,
                    access(lead, contract),
                    access(agent, contract),
                    access(owner, contract),
                    access(finance, contract));
        }

        private UUID person(String login, UUID organisation, Role role) {
            return people.add(login, login, "correct horse battery", organisation, role);
        }

        private Access access(UUID person, UUID contract) {
            return standings.access(person, contract, clock.instant());
        }
    }

    static Authentication signedIn(Access access) {
        return UsernamePasswordAuthenticationToken.authenticated(
                new SignedIn(access.person(), "somebody"), null, List.of());
    }
}
