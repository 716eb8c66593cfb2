package io.retainer.relationship;

import io.retainer.TurnableClock;
import io.retainer.contract.ContractImporter;
import io.retainer.contract.ContractLife;
import io.retainer.contract.DemoContract;
import io.retainer.contract.NewContract;
import io.retainer.contract.SignatureMode;
import io.retainer.contract.TermKey;
import io.retainer.customer.ContactKind;
import io.retainer.customer.CustomerKind;
import io.retainer.customer.Customers;
import io.retainer.customer.NewCustomer;
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
class RelationWorld {

    static final ZoneId ZONE = ZoneId.of("Asia/Shanghai");

    @Bean
    @Primary
    TurnableClock relationClock() {
        return new TurnableClock("2025-02-10T10:00");
    }

    @Bean
    Parties relationParties(
            ContractLife life,
            Organisations organisations,
            People people,
            Standings standings,
            Customers customers,
            TurnableClock clock) {
        return new Parties(life, organisations, people, standings, customers, clock);
    }

    static Instant at(String beijing) {
        return TurnableClock.beijing(beijing);
    }

    record Signed(UUID tenant, UUID provider, UUID contract, Access lead, Access ann, Access bob, Access owner) {}

    record Parties(
            ContractLife life,
            Organisations organisations,
            People people,
            Standings standings,
            Customers customers,
            TurnableClock clock) {

        /** The demo contract with all defaults agreed; the clock then stands at 10 February 2025. */
        Signed sign() {
            var mark = UUID.randomUUID().toString().substring(0, 8);
            var provider = organisations.namedOrNew("远山 " + mark).id();
            return sign(
                    provider,
                    person("lead-" + mark, provider, Role.OPERATIONS_LEAD),
                    person("ann-" + mark, provider, Role.AGENT),
                    person("bob-" + mark, provider, Role.AGENT));
        }

        /** Another client's contract with the same provider and its people. */
        Signed another(Signed with) {
            return sign(
                    with.provider(),
                    with.lead().person(),
                    with.ann().person(),
                    with.bob().person());
        }

        private Signed sign(UUID provider, UUID lead, UUID ann, UUID bob) {
            clock.set("2024-12-20T10:00");
            var mark = UUID.randomUUID().toString().substring(0, 8);
            var client = organisations.namedOrNew("青禾 " + mark).id();
            var owner = person("owner-" + mark, client, Role.OWNER);
            var made = life.keep(
                    lead,
                    null,
                    new NewContract(provider, Party.PROVIDER, "青禾 " + mark),
                    ContractImporter.pasted(DemoContract.text()));
            var contract = made.contract();
            var all = Stream.of(TermKey.values())
                    .filter(key -> key.proposal() != null)
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
                    provider,
                    contract,
                    access(lead, contract),
                    access(ann, contract),
                    access(bob, contract),
                    access(owner, contract));
        }

        UUID known(Signed signed, String name) {
            return customers.add(
                    signed.ann(),
                    new NewCustomer(
                            CustomerKind.PERSON,
                            name,
                            null,
                            null,
                            List.of(new NewCustomer.Contact(
                                    ContactKind.PHONE,
                                    "139%08d".formatted(Math.floorMod(name.hashCode(), 100_000_000)),
                                    null)),
                            List.of(),
                            Map.of()),
                    "门店");
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
