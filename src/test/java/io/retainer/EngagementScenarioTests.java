package io.retainer;

import static io.retainer.World.beijing;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.retainer.World.Answer;
import io.retainer.World.Caller;
import io.retainer.World.Cast;
import io.retainer.World.Casting;
import io.retainer.World.Person;
import io.retainer.billing.Billing;
import io.retainer.billing.Right;
import io.retainer.contract.ContractLife;
import io.retainer.contract.ContractState;
import io.retainer.contract.ContractSweep;
import io.retainer.duty.Duties;
import io.retainer.duty.DutyState;
import io.retainer.duty.DutySweep;
import io.retainer.identity.Access;
import io.retainer.identity.Standings;
import io.retainer.kernel.Clause;
import io.retainer.kernel.Money;
import io.retainer.kernel.Refused;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.context.annotation.Import;

/** One engagement from the text of the contract to the evidence bundle, told in the order in which it is lived. */
@SpringBootTest(webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT)
@Import({PostgresTest.class, World.class})
class EngagementScenarioTests {

    @LocalServerPort
    int port;

    @Autowired
    Casting casting;

    @Autowired
    TurnableClock clock;

    @Autowired
    Standings standings;

    @Autowired
    ContractLife contracts;

    @Autowired
    Billing billing;

    @Autowired
    Duties duties;

    @Autowired
    DutySweep sweep;

    @Autowired
    ContractSweep contractSweep;

    @TempDir
    Path directory;

    private Cast cast;
    private UUID contract = new UUID(0, 0);
    private String path = "";

    @BeforeEach
    void twoCompaniesMeet() {
        cast = casting.cast();
    }

    @Test
    void anEngagementFromItsTextToItsEvidence() throws Exception {
        // 18 December 2024. The provider's lead hands in a text with three mistakes; each is found before anybody
        // signs.
        var text = World.contractText(cast)
                .replace("壹佰贰拾万元整", "壹佰贰拾壹万元整")
                .replace("共计12个月", "共计11个月")
                .replace("签订地:上海市徐汇区", "签订地:____");
        var imported = call(cast.lead())
                .post(
                        "/contracts/imports",
                        Map.of(
                                "organisation",
                                cast.provider(),
                                "party",
                                "PROVIDER",
                                "counterparty",
                                cast.clientName(),
                                "text",
                                text));
        assertThat(imported.status()).as("%s", imported.body()).isEqualTo(201);
        contract = UUID.fromString(imported.body().get("contract").asString());
        path = "/contracts/" + contract;
        assertThat(problems(imported)).as("%s", imported.body().get("problems")).contains("I-3.1b", "I-2.1", "I-6.1b");

        // It is the two companies' and nobody else's.
        assertThat(call(cast.owner()).get(path).status()).isEqualTo(200);
        assertThat(call(cast.lawyer()).get(path).status()).isEqualTo(200);
        assertThat(call(cast.outsider()).get(path).status()).isEqualTo(404);

        // With problems it cannot be submitted, let alone signed.
        assertRefused(call(cast.lead()).post(path + "/submission", Map.of()));
        assertThat(state()).isEqualTo(ContractState.DRAFT);

        // The mistakes are put right, the penalty is read by the day, and both parties confirm what the text leaves
        // open.
        fill("fee.words", "壹佰贰拾万元整");
        fill("term.months", "12");
        fill("sign.place", "上海市徐汇区");
        fill("late.mode", "DAILY");
        for (var person : List.of(cast.lead(), cast.owner())) {
            var confirmed = call(person).post(path + "/confirmations", Map.of());
            assertThat(confirmed.status()).as("%s", confirmed.body()).isEqualTo(200);
        }

        // The text has no annexes: both accept that, each for itself, before it can be submitted.
        assertRefused(call(cast.lead()).post(path + "/submission", Map.of()));
        for (var person : List.of(cast.lead(), cast.owner())) {
            var accepted = call(person).post(path + "/annexes/risks", Map.of());
            assertThat(accepted.status()).as("%s", accepted.body()).isEqualTo(200);
        }
        var submitted = call(cast.lead()).post(path + "/submission", Map.of());
        assertThat(submitted.status()).as("%s", submitted.body()).isEqualTo(200);
        var hash = submitted.body().get("hash").asString();
        assertThat(hash).hasSizeGreaterThanOrEqualTo(64);

        // Both sign the same hash; another one is refused. With the second signature it takes effect.
        clock.set("2024-12-20T10:00");
        assertRefused(sign(cast.owner(), hash.replace(hash.charAt(9), hash.charAt(9) == 'a' ? 'b' : 'a')));
        assertThat(sign(cast.owner(), hash).status()).isEqualTo(200);
        assertThat(state()).isEqualTo(ContractState.PENDING_SIGN);
        assertThat(sign(cast.lead(), hash).status()).isEqualTo(200);
        assertThat(state()).isEqualTo(ContractState.EFFECTIVE);

        // The schedule is there: twelve instalments that add up, each a duty of the client.
        var verdict = billing.verdict(tenant(), contract, now()).orElseThrow();
        assertThat(verdict.instalments()).hasSize(12);
        assertThat(verdict.total()).isEqualTo(Money.of("1,200,000.00"));
        assertThat(verdict.instalments().getFirst().instalment().due()).isEqualTo(beijing("2025-01-01T00:00"));
        assertThat(duties.ofContract(tenant(), contract, now()))
                .filteredOn(found -> found.duty().clause() == Clause.I_3_2A)
                .hasSize(12)
                .allSatisfy(found -> assertThat(found.assessment().state()).isEqualTo(DutyState.RUNNING));
        // And what both owe from the first day on: secrecy, and each the other's counterpart, handed over at once.
        assertThat(duties.ofContract(tenant(), contract, now()))
                .filteredOn(found -> found.duty().clause() == Clause.I_4_1A)
                .hasSize(2)
                .allSatisfy(found -> assertThat(found.assessment().state()).isEqualTo(DutyState.RUNNING));
        assertThat(duties.ofContract(tenant(), contract, now()))
                .filteredOn(found -> found.duty().clause() == Clause.I_7_1A)
                .hasSize(2)
                .allSatisfy(found -> assertThat(found.assessment().state()).isEqualTo(DutyState.KEPT));

        // 30 December. The first instalment is paid in time; the receipt follows within its three working days.
        clock.set("2024-12-30T15:00");
        var first = pay("2024-12-30T14:30", "100,000.00", 1, "NB-1");
        assertThat(duty(Clause.I_3_2B, "payment/" + first)).isEqualTo(DutyState.RUNNING);
        clock.set("2024-12-31T09:00");
        billing.issueReceipt(as(cast.lead()), first);
        assertThat(duty(Clause.I_3_2B, "payment/" + first)).isEqualTo(DutyState.KEPT);
        clock.set("2025-01-01T00:00");
        look();
        assertThat(state()).isEqualTo(ContractState.ACTIVE);
        assertThat(breaches()).isEmpty();

        // 1 February. The second instalment is not there at midnight: late from that very instant, and said once.
        clock.set("2025-01-31T23:59:59");
        look();
        assertThat(breaches()).isEmpty();
        clock.set("2025-02-01T00:00");
        look();
        look();
        assertThat(breaches()).containsExactly(beijing("2025-02-01T00:00"));
        assertThat(overdue()).isEqualTo(Money.of("100,000.00"));

        // 5 February. The provider demands payment; five working days later, across a Saturday that is made up for, it
        // may
        // suspend. Until then it may not, and nothing happens by itself afterwards either.
        clock.set("2025-02-05T10:00");
        assertThatThrownBy(() -> billing.demand(as(cast.owner()), 2, now(), null))
                .isInstanceOf(Refused.class);
        var demand = billing.demand(as(cast.lead()), 2, now(), "请在五个工作日内付清第二期费用。");
        assertThat(duty(Clause.I_3_3A, "demand/" + demand)).isEqualTo(DutyState.RUNNING);
        clock.set("2025-02-11T23:59:59");
        look();
        assertThatThrownBy(() -> billing.suspend(as(cast.lead()))).isInstanceOf(Refused.class);
        clock.set("2025-02-12T00:00");
        look();
        assertThat(billing.verdict(tenant(), contract, now()).orElseThrow().available(Right.SUSPEND))
                .isNotEmpty();
        assertThat(duty(Clause.I_3_3A, "demand/" + demand)).isEqualTo(DutyState.BREACHED);
        clock.set("2025-02-20T09:00");
        look();
        assertThat(state()).as("no timer suspends anything").isEqualTo(ContractState.ACTIVE);
        assertThatThrownBy(() -> billing.suspend(as(cast.agent()))).isInstanceOf(Refused.class);

        // A person does.
        billing.suspend(as(cast.lead()));
        assertThat(state()).isEqualTo(ContractState.SUSPENDED);

        // 28 February and 4 March. The third instalment comes in time, the second 31 days late. What was said by the
        // bank
        // about a third payment turns out to be wrong a day later.
        clock.set("2025-02-28T16:00");
        pay("2025-02-28T15:00", "100,000.00", 3, "NB-3");
        clock.set("2025-03-04T11:00");
        var late = pay("2025-03-04T10:00", "100,000.00", 2, "NB-2");
        var receipt = billing.issueReceipt(as(cast.lead()), late);
        assertThat(receipt).isNotNull();
        assertThat(overdue()).isEqualTo(Money.ZERO);
        assertThat(duty(Clause.I_3_2A, secondInstalment())).isEqualTo(DutyState.KEPT_LATE);
        if (state() == ContractState.SUSPENDED) {
            billing.resume(as(cast.lead()));
        }
        assertThat(state()).isEqualTo(ContractState.ACTIVE);

        // Every reading of the penalty stands side by side, the agreed one can be claimed, and it outlives the
        // principal.
        var second = billing.verdict(tenant(), contract, now()).orElseThrow().instalment(2);
        assertThat(second.daysLate()).isEqualTo(31);
        assertThat(second.penalties()).hasSizeGreaterThan(3);
        assertThat(second.penalty()).as("E2: 100,000.00 × 0.05 % × 31").isEqualTo(Money.of("1,550.00"));
        billing.claimPenalty(as(cast.lead()), 2);
        assertThat(billing.verdict(tenant(), contract, now()).orElseThrow().claimable())
                .isEqualTo(Money.of("1,550.00"));

        // 6 March. The bank takes the late payment back: owed again since 1 February, and still one breach.
        clock.set("2025-03-06T09:00");
        billing.returnPayment(as(cast.lead()), late, now(), "账号有误,银行退回");
        assertThat(duty(Clause.I_3_2A, secondInstalment())).isEqualTo(DutyState.BREACHED);
        assertThat(overdue()).isEqualTo(Money.of("100,000.00"));
        assertThat(breaches().stream().filter(beijing("2025-02-01T00:00")::equals))
                .hasSize(1);
        clock.set("2025-03-07T09:00");
        pay("2025-03-07T08:30", "100,000.00", 2, "NB-2b");
        assertThat(overdue()).isEqualTo(Money.ZERO);

        // The duties over the API say the same as the services.
        var shown = call(cast.lawyer()).get(path + "/duties?clause=I-3.2a&state=KEPT_LATE");
        assertThat(shown.body().get("items")).hasSize(1);
        assertThat(shown.body().get("items").get(0).get("explanation").asString())
                .contains("甲方")
                .contains("2025年2月1日");
        assertThat(call(cast.outsider()).get(path + "/duties").status()).isEqualTo(404);

        // Every act stands in the ledger, sealed within moments, and an outsider checks it offline.
        var entries = sealed();
        assertThat(entries)
                .contains("duty.Opened", "duty.Breached", "duty.Discharged", "duty.DischargeUndone")
                .anyMatch(kind -> kind.startsWith("contract."))
                .anyMatch(kind -> kind.startsWith("billing."));
        var bundle = call(cast.lawyer()).download(path + "/evidence-bundle", directory.resolve("bundle.zip"));
        var said = new StringWriter();
        int exit = CommandLines.all()
                .setOut(new PrintWriter(said))
                .setErr(new PrintWriter(said))
                .execute("verify", bundle.toString(), "--lang", "zh");
        assertThat(exit).as(said.toString()).isZero();
    }

    // Help

    private Caller call(Person person) {
        return new Caller(port, person);
    }

    private Access as(Person person) {
        return standings.access(person.id(), contract, now());
    }

    private UUID tenant() {
        return cast.client();
    }

    private Instant now() {
        return clock.instant();
    }

    private ContractState state() {
        return contracts.state(tenant(), contract);
    }

    private void fill(String key, String value) {
        var answer = call(cast.lead()).put(path + "/terms/" + key, Map.of("value", value));
        assertThat(answer.status()).as("%s = %s: %s", key, value, answer.body()).isEqualTo(200);
    }

    private Answer sign(Person person, String hash) {
        return call(person)
                .post(
                        path + "/signatures",
                        Map.of("hash", hash, "mode", "SEAL", "signatory", "经办人", "authority", "公章"));
    }

    private UUID pay(String creditedAt, String amount, int instalment, String reference) {
        return billing.recordPayment(
                as(cast.lead()),
                new Billing.NewPayment(
                        beijing(creditedAt),
                        null,
                        Money.of(amount),
                        instalment,
                        io.retainer.billing.BillingFact.Towards.PRINCIPAL,
                        reference + contract,
                        cast.clientName()));
    }

    /** What the jobs of the server do by themselves, done now. */
    private void look() {
        sweep.run(now());
        contractSweep.run(now());
    }

    private Money overdue() {
        return billing.verdict(tenant(), contract, now()).orElseThrow().overdue();
    }

    private String secondInstalment() {
        return duties.ofContract(tenant(), contract, now()).stream()
                .filter(found ->
                        beijing("2025-02-01T00:00").equals(found.assessment().due()))
                .map(found -> found.duty().subject())
                .findFirst()
                .orElseThrow();
    }

    private DutyState duty(Clause clause, String subject) {
        return duties.on(tenant(), contract, clause, subject, now())
                .orElseThrow()
                .assessment()
                .state();
    }

    private List<Instant> breaches() {
        return duties.ofContract(tenant(), contract, now()).stream()
                .filter(found -> found.duty().clause() == Clause.I_3_2A)
                .flatMap(found -> found.duty().history().stream())
                .filter(entry -> entry.event().kind().equals("duty.Breached"))
                .map(entry -> entry.event().happenedAt())
                .toList();
    }

    private static List<String> problems(Answer imported) {
        var clauses = new ArrayList<String>();
        imported.body()
                .get("problems")
                .forEach(problem -> clauses.add(problem.get("clause").asString()));
        return clauses;
    }

    private static void assertRefused(Answer answer) {
        assertThat(answer.status()).as("%s", answer.body()).isIn(409, 422);
        assertThat(answer.body().get("code").asString()).isNotBlank();
        assertThat(answer.body().get("detail").asString()).isNotBlank();
    }

    /** The kinds of all facts, once the sequencer has sealed the last of them. */
    private List<String> sealed() throws InterruptedException {
        var deadline = System.nanoTime() + Duration.ofSeconds(30).toNanos();
        while (true) {
            var kinds = new ArrayList<String>();
            boolean all = true;
            Long before = null;
            do {
                var page = call(cast.lawyer())
                        .get(path + "/ledger?limit=100" + (before == null ? "" : "&before=" + before))
                        .body();
                for (var entry : page.get("entries")) {
                    kinds.add(entry.get("kind").asString());
                    all &= !entry.get("index").isNull();
                }
                before = page.get("before").isNull() ? null : page.get("before").asLong();
            } while (before != null);
            if (all && !kinds.isEmpty()) {
                return kinds;
            }
            if (System.nanoTime() > deadline) {
                throw new AssertionError("Some facts are still pending");
            }
            Thread.onSpinWait();
        }
    }
}
