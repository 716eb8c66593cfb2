package io.retainer.relationship;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.springframework.security.test.web.servlet.request.SecurityMockMvcRequestPostProcessors.authentication;

import io.retainer.PostgresTest;
import io.retainer.contract.ContractImporter;
import io.retainer.contract.ContractLife;
import io.retainer.contract.NewContract;
import io.retainer.contract.SignatureMode;
import io.retainer.contract.TermKey;
import io.retainer.customer.Channel;
import io.retainer.customer.Consents;
import io.retainer.customer.ContactKind;
import io.retainer.customer.CustomerKind;
import io.retainer.customer.Customers;
import io.retainer.customer.DataPurpose;
import io.retainer.customer.NewCustomer;
import io.retainer.customer.ProofKind;
import io.retainer.duty.AssessedDuty;
import io.retainer.duty.Duties;
import io.retainer.duty.DutyState;
import io.retainer.identity.Access;
import io.retainer.identity.Organisations;
import io.retainer.identity.People;
import io.retainer.identity.Role;
import io.retainer.identity.SignedIn;
import io.retainer.identity.Standings;
import io.retainer.kernel.Clause;
import io.retainer.kernel.Party;
import io.retainer.kernel.Refused;
import io.retainer.relationship.RelationRows.View;
import io.retainer.vault.Purpose;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.TestConfiguration;
import org.springframework.boot.webmvc.test.autoconfigure.AutoConfigureMockMvc;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;
import org.springframework.context.annotation.Primary;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.security.authentication.UsernamePasswordAuthenticationToken;
import org.springframework.test.web.servlet.assertj.MockMvcTester;

/** The pool, the plan and the time line with their rows, duties and pages. */
@SpringBootTest(properties = "db-scheduler.enabled=false")
@AutoConfigureMockMvc
@Import(PostgresTest.class)
class RelationsTests {

    @TestConfiguration(proxyBeanMethods = false)
    static class Time {

        @Bean
        @Primary
        RelationClock relationClock() {
            return new RelationClock();
        }
    }

    static final class RelationClock extends Clock {

        private volatile Instant now = at("2024-12-20T10:00");

        @Override
        public Instant instant() {
            return now;
        }

        @Override
        public ZoneId getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
            return this;
        }
    }

    @Autowired
    Relations relations;

    @Autowired
    RelationSweep sweep;

    @Autowired
    Customers customers;

    @Autowired
    Consents consents;

    @Autowired
    Duties duties;

    @Autowired
    ContractLife life;

    @Autowired
    Organisations organisations;

    @Autowired
    People people;

    @Autowired
    Standings standings;

    @Autowired
    RelationClock clock;

    @Autowired
    PostgresTest.Database database;

    @Autowired
    MockMvcTester browser;

    private Access lead;
    private Access ann;
    private Access bob;
    private Access owner;
    private UUID customer;

    @BeforeEach
    void aCustomerInThePool() throws IOException {
        clock.now = at("2024-12-20T10:00");
        var mark = UUID.randomUUID().toString().substring(0, 8);
        var client = organisations.namedOrNew("青禾 " + mark).id();
        var provider = organisations.namedOrNew("远山 " + mark).id();
        var leading = person("lead-" + mark, provider, Role.OPERATIONS_LEAD);
        var first = person("ann-" + mark, provider, Role.AGENT);
        var second = person("bob-" + mark, provider, Role.AGENT);
        var owning = person("owner-" + mark, client, Role.OWNER);
        String text;
        try (var in = RelationsTests.class.getResourceAsStream("/demo/contract.zh-CN.txt")) {
            text = new String(Objects.requireNonNull(in).readAllBytes(), StandardCharsets.UTF_8);
        }
        var made = life.keep(
                leading, null, new NewContract(provider, Party.PROVIDER, "青禾 " + mark), ContractImporter.pasted(text));
        var all = Stream.of(TermKey.values())
                .filter(key -> key.proposal() != null)
                .toList();
        for (var person : List.of(leading, owning)) {
            life.confirm(access(person, made.contract()), all, null);
            life.acceptRisk(access(person, made.contract()), null, null);
        }
        life.submit(access(leading, made.contract()), null);
        var hash = life.hash(made.tenant(), made.contract()).orElseThrow();
        life.sign(access(owning, made.contract()), hash, SignatureMode.SEAL, "王敏", "公章");
        life.sign(access(leading, made.contract()), hash, SignatureMode.SEAL, "李强", "公章");
        clock.now = at("2025-02-10T10:00");
        lead = access(leading, made.contract());
        ann = access(first, made.contract());
        bob = access(second, made.contract());
        owner = access(owning, made.contract());
        relations.rule(lead, new PoolRules(2, 60, 7, Map.of(Tier.KEY, 30), 0));
        customer = known("李静");
        relations.begin(ann, customer, Tier.KEY);
    }

    private UUID person(String login, UUID organisation, Role role) {
        return people.add(login, login, "correct horse battery", organisation, role);
    }

    private Access access(UUID person, UUID contract) {
        return standings.access(person, contract, clock.instant());
    }

    private UUID known(String name) {
        return customers.add(
                ann,
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

    static Instant at(String beijing) {
        return LocalDateTime.parse(beijing).atZone(Relations.ZONE).toInstant();
    }

    // The pool

    @Test
    void ofTwoWhoPickAtOnceOneGetsTheCustomer() throws Exception {
        try (var threads = Executors.newFixedThreadPool(2)) {
            var outcomes = threads.invokeAll(List.<Callable<Boolean>>of(
                    () -> succeeds(() -> relations.pick(ann, customer)),
                    () -> succeeds(() -> relations.pick(bob, customer))));
            assertThat(List.of(outcomes.getFirst().get(), outcomes.getLast().get()))
                    .containsExactlyInAnyOrder(true, false);
        }
        assertThat(kinds()).containsOnlyOnce("relationship.Picked");
    }

    private static boolean succeeds(Runnable act) {
        try {
            act.run();
            return true;
        } catch (Refused _) {
            return false;
        }
    }

    @Test
    void whatNobodyLooksAfterGoesBackOnceTheSweepLooks() {
        relations.pick(ann, customer);
        clock.now = at("2025-04-11T09:59");
        sweep.run(clock.instant());
        assertThat(relation().agent()).isEqualTo(ann.person());
        clock.now = at("2025-04-11T10:00");
        sweep.run(clock.instant());
        sweep.run(clock.instant());
        assertThat(relation().pooled()).isTrue();
        assertThat(kinds()).containsOnlyOnce("relationship.Recycled");
        refused("relationship.refused.cool", () -> relations.pick(ann, customer));
        relations.pick(bob, customer);
    }

    @Test
    void aHandOverLosesNothing() {
        var other = known("王强");
        relations.begin(ann, other, Tier.REGULAR);
        relations.pick(ann, customer);
        relations.pick(ann, other);
        relations.touch(ann, customer, TouchKind.NOTE, null, false, "偏好晚间联系", clock.instant());
        var duty = owed().duty().id();
        var steps = whole().steps().size();
        refused("relationship.refused.notYours", () -> relations.handOverAll(bob, ann.person(), bob.person()));
        refused("relationship.refused.agent", () -> relations.handOver(lead, customer, owner.person()));
        assertThat(relations.handOverAll(lead, ann.person(), bob.person())).isEqualTo(2);
        assertThat(relation().agent()).isEqualTo(bob.person());
        assertThat(owed().duty().id()).isEqualTo(duty);
        assertThat(whole().steps()).hasSize(steps + 1);
        assertThat(relations.page(bob, View.MINE, "", null, 30).lines()).hasSize(2);
        assertThat(relations.page(ann, View.MINE, "", null, 30).lines()).isEmpty();
    }

    @Test
    void onlyTheProviderLooksAfterCustomers() {
        refused("relationship.refused.provider", () -> relations.pick(owner, customer));
        refused("identity.notAllowed", () -> relations.rule(ann, PoolRules.PLATFORM));
    }

    // The plan

    /** Contacts of a key customer are owed every 30 days, counted from the last one. */
    @Test
    void eachContactKeepsTheDutyAndOpensTheNext() {
        var first = owed();
        assertThat(first.assessment().due()).isEqualTo(at("2025-03-13T00:00"));
        clock.now = at("2025-02-20T15:00");
        relations.touch(ann, customer, TouchKind.VISIT, null, false, "未遇", clock.instant());
        assertThat(owed().duty().id()).isEqualTo(first.duty().id());
        relations.touch(ann, customer, TouchKind.VISIT, null, true, "面谈", clock.instant());
        assertThat(duties.get(ann.tenant(), first.duty().id(), clock.instant())
                        .assessment()
                        .state())
                .isEqualTo(DutyState.KEPT);
        assertThat(owed().assessment().due()).isAfter(first.assessment().due());
        relations.setTier(ann, customer, Tier.OCCASIONAL);
        assertThat(whole().owed()).isNull();
        assertThat(duties.ofContract(ann.tenant(), ann.contract(), clock.instant()).stream()
                        .filter(duty -> duty.duty().clause() == Clause.I_1_1_3))
                .hasSize(2);
    }

    @Test
    void listsShowWhoIsBeyondThePlanAndDormant() {
        assertThat(lines(View.DUE)).isEmpty();
        assertThat(lines(View.DORMANT)).isEmpty();
        clock.now = at("2025-03-20T10:00");
        assertThat(lines(View.DUE)).containsExactly(customer);
        assertThat(lines(View.DORMANT)).isEmpty();
        clock.now = at("2025-05-20T10:00");
        assertThat(lines(View.DORMANT)).containsExactly(customer);
        assertThat(lines(View.POOL)).containsExactly(customer);
        assertThat(relations.page(ann, View.ALL, "李静", null, 30).lines()).hasSize(1);
        assertThat(relations.page(ann, View.ALL, "王强", null, 30).lines()).isEmpty();
    }

    private List<UUID> lines(View view) {
        return relations.page(ann, view, "", null, 30).lines().stream()
                .map(line -> line.relation().customer())
                .toList();
    }

    // Calls

    @Test
    void aCallToKeepInTouchNeedsConsentAndCountsInTheBudget() {
        refused("messaging.refused.never", () -> call(CallGround.CARE));
        assertThat(relation().lastContactAt()).isNull();
        consents.record(
                ann,
                customer,
                DataPurpose.MARKETING,
                Channel.PHONE,
                true,
                ProofKind.CALL,
                "录音 2025-02-10",
                clock.instant());
        call(CallGround.CARE);
        refused("messaging.refused.wait", () -> call(CallGround.CARE));
        call(CallGround.SERVICE);
        assertThat(superuser()
                        .sql("select count(*) from messaging.contact where tenant_id = :tenant and channel = 'PHONE'")
                        .param("tenant", ann.tenant())
                        .query(Long.class)
                        .single())
                .isEqualTo(2);
    }

    private void call(CallGround ground) {
        relations.touch(ann, customer, TouchKind.CALL, ground, true, "问候", clock.instant());
    }

    // What was said

    @Test
    void whatWasSaidIsSealedAndShownOnTheRecord() {
        var touch = relations.touch(ann, customer, TouchKind.NOTE, null, false, "住址有变：张杨路500号", clock.instant());
        assertThat(new String(
                        superuser()
                                .sql("select words from relationship.touch where id = :id")
                                .param("id", touch)
                                .query(byte[].class)
                                .single(),
                        StandardCharsets.UTF_8))
                .doesNotContain("张杨路");
        assertThat(relations
                        .reveal(ann, customer, touch, Purpose.SERVICE, "核对地址")
                        .inTheClear())
                .isEqualTo("住址有变：张杨路500号");
        assertThat(superuser()
                        .sql("select count(*) from vault.reveal where tenant_id = :tenant")
                        .param("tenant", ann.tenant())
                        .query(Long.class)
                        .single())
                .isEqualTo(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"zh-CN", "en"})
    void pagesShowOneTimeLineWithoutSayingAnythingPersonal(String language) {
        relations.pick(ann, customer);
        relations.touch(ann, customer, TouchKind.NOTE, null, false, "偏好晚间联系", clock.instant());
        for (var who : List.of(ann, lead, owner)) {
            assertThat(page(who, "/" + customer + "?lang=" + language))
                    .contains("touches/")
                    .doesNotContain("晚间", "李静", "??");
            assertThat(page(who, "?lang=" + language))
                    .contains(customer.toString())
                    .doesNotContain("李静", "??");
        }
        assertThat(page(owner, "/" + customer)).doesNotContain("/release", "/touches\"");
        assertThat(page(ann, "/" + customer)).contains("/release");
    }

    private String page(Access who, String path) {
        var answer = browser.get()
                .uri("/contracts/" + who.contract() + "/relationships" + path)
                .with(authentication(UsernamePasswordAuthenticationToken.authenticated(
                        new SignedIn(who.person(), "somebody"), null, List.of())))
                .exchange();
        assertThat(answer).hasStatusOk();
        try {
            return answer.getResponse().getContentAsString();
        } catch (java.io.UnsupportedEncodingException e) {
            throw new IllegalStateException(e);
        }
    }

    // Small things

    private Relations.Whole whole() {
        return relations.whole(ann, customer);
    }

    private Relation relation() {
        return Objects.requireNonNull(whole().relation());
    }

    private AssessedDuty owed() {
        return Objects.requireNonNull(whole().owed());
    }

    private List<String> kinds() {
        return superuser()
                .sql("select kind from evidence.leaf where tenant_id = :tenant and subject = :subject")
                .param("tenant", ann.tenant())
                .param("subject", "customer/" + customer)
                .query((row, _) -> row.getString(1))
                .list();
    }

    private JdbcClient superuser() {
        return JdbcClient.create(database.superuser());
    }

    private static void refused(String key, Runnable act) {
        assertThatThrownBy(act::run)
                .isInstanceOfSatisfying(
                        Refused.class,
                        refusal -> assertThat(refusal.sentence().key()).isEqualTo(key));
    }
}
