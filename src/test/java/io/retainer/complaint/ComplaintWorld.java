package io.retainer.complaint;

import io.retainer.TurnableClock;
import io.retainer.contract.ContractImporter;
import io.retainer.contract.ContractLife;
import io.retainer.contract.DemoContract;
import io.retainer.contract.NewContract;
import io.retainer.contract.SignatureMode;
import io.retainer.contract.TermKey;
import io.retainer.identity.Access;
import io.retainer.identity.Organisations;
import io.retainer.identity.People;
import io.retainer.identity.Role;
import io.retainer.identity.Standings;
import io.retainer.kernel.Party;
import java.time.Instant;
import java.time.ZoneId;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;
import org.springframework.boot.test.context.TestConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Primary;

/** A contract in force between two companies with their people, and a clock to turn. */
@TestConfiguration(proxyBeanMethods = false)
class ComplaintWorld {

    static final ZoneId BEIJING = ZoneId.of("Asia/Shanghai");

    static Instant at(String local) {
        return TurnableClock.beijing(local);
    }

    @Bean
    @Primary
    TurnableClock testClock() {
        return new TurnableClock("2025-02-10T10:00");
    }

    @Bean
    Notary complaintNotary(
            ContractLife life, Organisations organisations, People people, Standings standings, TurnableClock clock) {
        return new Notary(life, organisations, people, standings, clock);
    }

    /** @param colleague a second agent of the provider */
    record Signed(
            UUID tenant, UUID contract, Access lead, Access agent, Access colleague, Access owner, Access outsider) {}

    record Notary(
            ContractLife life, Organisations organisations, People people, Standings standings, TurnableClock clock) {

        static final String PASSWORD = "correct horse battery";

        Signed sign() {
            clock.set("2024-12-20T10:00");
            var mark = UUID.randomUUID().toString().substring(0, 8);
            var clientName = "青禾 " + mark;
            var client = organisations.namedOrNew(clientName).id();
            var provider = organisations.namedOrNew("远山 " + mark).id();
            var lead = people.add("lead-" + mark, "林岚" + mark, PASSWORD, provider, Role.OPERATIONS_LEAD);
            var agent = people.add("agent-" + mark, "陈晨" + mark, PASSWORD, provider, Role.AGENT);
            var colleague = people.add("colleague-" + mark, "韩梅" + mark, PASSWORD, provider, Role.AGENT);
            var owner = people.add("owner-" + mark, "周明" + mark, PASSWORD, client, Role.OWNER);
            var made = life.keep(
                    lead,
                    null,
                    new NewContract(provider, Party.PROVIDER, clientName),
                    ContractImporter.pasted(DemoContract.text()));
            var all = Stream.of(TermKey.values())
                    .filter(key -> key.proposal() != null)
                    .toList();
            var leading = standings.access(lead, made.contract(), clock.instant());
            var owning = standings.access(owner, made.contract(), clock.instant());
            for (var party : List.of(leading, owning)) {
                life.confirm(party, all, null);
                life.acceptRisk(party, null, null);
            }
            life.submit(leading, null);
            var hash = life.hash(made.tenant(), made.contract()).orElseThrow();
            life.sign(owning, hash, SignatureMode.SEAL, "王敏", "公章");
            life.sign(leading, hash, SignatureMode.SEAL, "李强", "公章");
            clock.set("2025-02-10T10:00");
            return new Signed(
                    made.tenant(),
                    made.contract(),
                    // As it is now that the contract is in force.
                    standings.access(lead, made.contract(), clock.instant()),
                    standings.access(agent, made.contract(), clock.instant()),
                    standings.access(colleague, made.contract(), clock.instant()),
                    owning,
                    new Access(
                            UUID.randomUUID(),
                            UUID.randomUUID(),
                            made.contract(),
                            Party.PROVIDER,
                            agentCan(agent, made)));
        }

        private java.util.Set<io.retainer.identity.Capability> agentCan(UUID agent, ContractLife.Made made) {
            return standings.access(agent, made.contract(), clock.instant()).can();
        }
    }
}
