package io.retainer.billing;

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
import io.retainer.identity.Standings;
import io.retainer.kernel.Party;
import io.retainer.kernel.Tenancy;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.springframework.boot.test.context.TestConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Primary;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Signed contracts between two companies, and a clock to turn. */
@TestConfiguration(proxyBeanMethods = false)
class BillingWorld {

    /** Everything the platform offers. */
    static final List<TermKey> ALL =
            Stream.of(TermKey.values()).filter(key -> key.proposal() != null).toList();

    static final List<TermKey> LATE = List.of(
            TermKey.LATE_MODE, TermKey.LATE_BASE, TermKey.LATE_DAY_COUNT, TermKey.LATE_FALLBACK, TermKey.SIGN_MODE);

    @Bean
    @Primary
    TurnableClock testClock() {
        return new TurnableClock("2025-02-01T12:00");
    }

    @Bean
    Notary notary(
            ContractLife life,
            Organisations organisations,
            People people,
            Standings standings,
            Tenancy tenancy,
            JdbcClient jdbc,
            TurnableClock clock) {
        return new Notary(life, organisations, people, standings, tenancy, jdbc, clock);
    }

    /** A contract in force, and who may act under it. */
    record Signed(UUID tenant, UUID contract, UUID providerOrganisation, Access lead, Access client, Access agent) {}

    /** Two companies and their people. */
    record Companies(String clientName, UUID provider, UUID lead, UUID agent, UUID owner) {}

    record Notary(
            ContractLife life,
            Organisations organisations,
            People people,
            Standings standings,
            Tenancy tenancy,
            JdbcClient jdbc,
            TurnableClock clock) {

        Companies companies() {
            var mark = UUID.randomUUID().toString().substring(0, 8);
            var clientName = "青禾 " + mark;
            var client = organisations.namedOrNew(clientName).id();
            var provider = organisations.namedOrNew("远山 " + mark).id();
            var password = "correct horse battery";
            return new Companies(
                    clientName,
                    provider,
                    people.add("lead-" + mark, "Lead", password, provider, Role.OPERATIONS_LEAD),
                    people.add("agent-" + mark, "Agent", password, provider, Role.AGENT),
                    people.add("owner-" + mark, "Owner", password, client, Role.OWNER));
        }

        /** The demo contract with a few terms changed, signed on 20 December 2024. */
        Signed sign(Companies between, Map<TermKey, String> changes) {
            return sign(between, changes, ALL);
        }

        /** @param confirmed by both parties before they sign, beside what was changed */
        Signed sign(Companies between, Map<TermKey, String> changes, List<TermKey> confirmed) {
            return sign(between, changes, confirmed, _ -> {}, _ -> {});
        }

        /**
         * @param drafted done with the draft, before the risks of what is missing are accepted
         * @param submitted done before the parties sign
         */
        Signed sign(
                Companies between,
                Map<TermKey, String> changes,
                List<TermKey> confirmed,
                Consumer<Access> drafted,
                Consumer<Access> submitted) {
            clock.set("2024-12-20T10:00");
            var made = life.keep(
                    between.lead(),
                    null,
                    new NewContract(between.provider(), Party.PROVIDER, between.clientName()),
                    ContractImporter.pasted(DemoContract.text()));
            var lead = access(between.lead(), made.contract());
            var client = access(between.owner(), made.contract());
            changes.forEach((key, value) -> life.fill(lead, key, TermValue.parse(key, value), null));
            for (var party : List.of(lead, client)) {
                life.confirm(party, confirmed, null);
                life.confirm(party, changes.keySet(), null);
            }
            drafted.accept(lead);
            life.acceptRisk(lead, null, null);
            life.acceptRisk(client, null, null);
            life.submit(lead, null);
            submitted.accept(lead);
            var hash = tenancy.read(
                    made.tenant(),
                    () -> jdbc.sql("select hash from contract.contract where tenant_id = :tenant and id = :contract")
                            .param("tenant", made.tenant())
                            .param("contract", made.contract())
                            .query(String.class)
                            .single());
            life.sign(client, hash, SignatureMode.SEAL, "王敏", "公章");
            life.sign(lead, hash, SignatureMode.SEAL, "李强", "公章");
            clock.set("2025-02-01T12:00");
            return new Signed(
                    made.tenant(),
                    made.contract(),
                    between.provider(),
                    lead,
                    client,
                    access(between.agent(), made.contract()));
        }

        private Access access(UUID person, UUID contract) {
            return standings.access(person, contract, clock.instant());
        }
    }
}
