package io.retainer.billing;

import static io.retainer.billing.TermsFixture.at;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.springframework.security.test.web.servlet.request.SecurityMockMvcRequestPostProcessors.authentication;
import static org.springframework.security.test.web.servlet.request.SecurityMockMvcRequestPostProcessors.csrf;

import io.retainer.PostgresTest;
import io.retainer.TurnableClock;
import io.retainer.billing.Billing.NewPayment;
import io.retainer.billing.BillingWorld.Notary;
import io.retainer.billing.BillingWorld.Signed;
import io.retainer.contract.Amendment;
import io.retainer.contract.Amendments;
import io.retainer.contract.AnnexKind;
import io.retainer.contract.AnnexSheet;
import io.retainer.contract.AnnexesInForce;
import io.retainer.contract.ContractLife;
import io.retainer.contract.Impact;
import io.retainer.contract.ServicePlan;
import io.retainer.contract.SignatureMode;
import io.retainer.contract.TermKey;
import io.retainer.identity.Access;
import io.retainer.identity.SignedIn;
import io.retainer.kernel.Clause;
import io.retainer.kernel.Money;
import io.retainer.kernel.Tenancy;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.webmvc.test.autoconfigure.AutoConfigureMockMvc;
import org.springframework.context.annotation.Import;
import org.springframework.http.MediaType;
import org.springframework.security.authentication.UsernamePasswordAuthenticationToken;
import org.springframework.test.web.servlet.assertj.MockMvcTester;
import org.springframework.test.web.servlet.assertj.MvcTestResult;
import org.springframework.test.web.servlet.request.RequestPostProcessor;

/** An amendment changes annexes of a contract in force from a day, on a real database, its pages and its API (I-7.2). */
@SpringBootTest
@AutoConfigureMockMvc
@Import({PostgresTest.class, BillingWorld.class})
class AmendedAnnexTests {

    @Autowired
    MockMvcTester browser;

    @Autowired
    Billing billing;

    @Autowired
    Accounts accounts;

    @Autowired
    Amendments amendments;

    @Autowired
    AnnexesInForce annexes;

    @Autowired
    ContractLife life;

    @Autowired
    Notary notary;

    @Autowired
    TurnableClock clock;

    @Autowired
    Tenancy tenancy;

    Signed signed;

    @BeforeEach
    void sign() {
        signed = notary.sign(notary.companies(), Map.of(TermKey.LATE_MODE, "DAILY"));
        clock.set("2024-12-31T10:00");
        pay("2024-12-31T09:00", 1);
        clock.set("2025-02-20T10:00");
    }

    @Test
    void anAnnexHoldsFromItsDayAndWhatHappenedBeforeIsJudgedByTheOldOne() {
        var first = draft("2025-03-01");
        amendments.proposeAnnex(signed.client(), first, proposed(AnnexKind.SERVICE_PLAN), null);
        agree(first);
        var second = draft("2025-04-01");
        var plan = proposed(AnnexKind.SERVICE_PLAN);
        var levels = new ArrayList<>(plan.of("levels"));
        int at = index(levels, ServicePlan.Metric.COMPLAINT_RESOLVED);
        levels.set(at, with(levels.get(at), "target", "99"));
        amendments.proposeAnnex(signed.client(), second, plan.with("levels", levels), null);

        assertThat(amendments.preview(signed.lead(), second).impacts())
                .filteredOn(impact -> impact.clause() == Clause.III_A1_4)
                .singleElement()
                .satisfies(impact -> {
                    assertThat(impact.kind()).isEqualTo(Impact.Kind.SERVICE_LEVEL);
                    assertThat(impact.before()).isNotEqualTo(impact.after());
                });
        agree(second);

        clock.set("2025-05-20T10:00");
        assertThat(plan("2025-02-28T10:00")).isEmpty();
        assertThat(target("2025-03-31T23:59:59")).isNotEqualTo("99");
        assertThat(target("2025-04-01T00:00")).isEqualTo("99");
    }

    @Test
    void paymentsOnBothSidesOfTheDayAreJudgedByTheirScheduleHoweverLateTheyAreRecorded() {
        var amendment = draft("2025-03-15");
        var payment = proposed(AnnexKind.PAYMENT)
                .with("payment", "bank", "某某银行")
                .with("payment", "account", "6222 0000 1111")
                .with("payment", "latePercent", "0.02");
        amendments.proposeAnnex(signed.client(), amendment, payment, null);
        assertThat(amendments.preview(signed.lead(), amendment).refused()).isNull();
        agree(amendment);

        clock.set("2025-04-20T10:00");
        pay("2025-01-31T10:00", 2);
        pay("2025-03-16T10:00", 3);
        pay("2025-04-16T10:00", 4);
        var verdict = accounts.find(signed.tenant(), signed.contract(), clock.instant())
                .orElseThrow()
                .verdict();
        var before = verdict.instalment(3);
        var after = verdict.instalment(4);
        assertThat(before.penalty()).isEqualTo(Money.ofFen(before.daysLate() * 5_000L));
        assertThat(after.penalty()).isEqualTo(Money.ofFen(after.daysLate() * 2_000L));
        assertThat(before.penalty()).isNotEqualTo(Money.ZERO);
    }

    @Test
    void aDearerScheduleRedrawsWhatLiesAheadAndThePreviewSaysSo() {
        var amendment = draft("2025-04-01");
        var sheet = proposed(AnnexKind.PAYMENT).with("payment", "bank", "某某银行").with("payment", "account", "6222");
        var lines = new ArrayList<AnnexSheet.Row>();
        for (var row : sheet.of("lines")) {
            lines.add(Integer.parseInt(row.cell("number")) > 6 ? with(row, "amount", "110000") : row);
        }
        var dearer =
                sheet.with("lines", lines).with("total", "total", "1260000").with("total", "words", "壹佰贰拾陆万元整");
        amendments.proposeAnnex(signed.client(), amendment, dearer, null);
        var preview = amendments.preview(signed.lead(), amendment);
        assertThat(preview.refused()).isNull();
        assertThat(preview.impacts())
                .filteredOn(impact -> impact.kind() == Impact.Kind.INSTALMENT)
                .hasSize(6);
        agree(amendment);
        var verdict = accounts.find(signed.tenant(), signed.contract(), clock.instant())
                .orElseThrow()
                .verdict();
        assertThat(verdict.total()).isEqualTo(Money.of("1260000"));
        assertThat(verdict.instalment(7).instalment().amount()).isEqualTo(Money.of("110000"));
        assertThat(verdict.instalment(6).instalment().amount()).isEqualTo(Money.of("100000"));
    }

    @Test
    void itIsNotProposedIncompleteAndADraftSomebodyElseChangedIsNotOverwritten() {
        var amendment = draft("2025-03-01");
        int seen = amendments.ofContract(signed.client()).getFirst().version();
        var plan = proposed(AnnexKind.SERVICE_PLAN);
        amendments.proposeAnnex(
                signed.client(), amendment, plan.with("cap", List.of()).with("goals", "unit", ""), seen);
        assertThatThrownBy(() -> amendments.proposeAnnex(signed.client(), amendment, plan, seen))
                .hasMessage("contract.amendment.changed");
        assertThatThrownBy(() -> amendments.proposeAnnex(signed.lead(), amendment, plan, null))
                .hasMessage("contract.amendment.drafterOnly");
        var third = proposed(AnnexKind.THIRD_PARTY).with("engagement", "name", "云呼科技有限公司");
        amendments.proposeAnnex(signed.client(), amendment, third, null);
        assertThatThrownBy(() -> amendments.propose(signed.client(), amendment))
                .hasMessage("contract.amendment.annexIncomplete");
        amendments.leaveAnnex(signed.client(), amendment, AnnexKind.THIRD_PARTY, null);
        amendments.leaveAnnex(signed.client(), amendment, AnnexKind.SERVICE_PLAN, null);
        assertThatThrownBy(() -> amendments.propose(signed.client(), amendment)).hasMessage("contract.amendment.empty");
        assertThatThrownBy(() -> amendments.draft(
                        signed.client(),
                        null,
                        new Amendments.Wanted(
                                Amendment.Kind.EARLY_END, LocalDate.parse("2025-03-20"), "结束", Map.of(), "某方")))
                .hasMessage("contract.amendment.third.earlyEnd");
    }

    @Test
    void theEditorShowsWhatChangesAndThePapersCarryTheWholeAnnex() {
        var amendment = draft("2025-03-01");
        var page = "/life/amendments/" + amendment;
        assertThat(get(signed.client(), page + "?lang=en")).bodyText().contains("Change annexes", "/annexes/4");
        assertThat(get(signed.client(), page + "/annexes/4?lang=en"))
                .hasStatusOk()
                .bodyText()
                .contains("from");
        var proposedSheet = proposed(AnnexKind.CONFIDENTIALITY).with("duration", "years", "6");
        var form = fields(proposedSheet);
        form.put("seen", "0");
        form.put("do", "check");
        assertThat(post(signed.client(), page + "/annexes/4?lang=en", form))
                .hasStatusOk()
                .bodyText()
                .contains("What changes against the annex in force");
        form.put("do", "save");
        assertThat(post(signed.client(), page + "/annexes/4", form)).hasStatus3xxRedirection();
        assertThat(get(signed.lead(), page + "?lang=zh-CN"))
                .bodyText()
                .contains("附件4", "新增", "6")
                .doesNotContain("??");
        assertThat(get(signed.lead(), page + "/annexes/4/document.pdf")).hasContentType("application/pdf");
        assertThat(get(signed.agent(), page + "/annexes/4")).hasStatus(403);
        form.put("seen", "0");
        assertThat(post(signed.client(), page + "/annexes/4?lang=en", form))
                .as("somebody else saved meanwhile")
                .hasStatus(409)
                .bodyText()
                .contains("Somebody else changed the draft");
        amendments.propose(signed.client(), amendment);
        assertThat(get(signed.lead(), page + "/content.txt")).bodyText().contains("annex 4 duration.years 6");
        for (var format : List.of("pdf", "docx")) {
            assertThat(get(signed.lead(), page + "/document." + format)).hasStatusOk();
            assertThat(get(signed.lead(), page + "/letter." + format)).hasStatusOk();
        }
    }

    @Test
    void theApiProposesAnAnnexAndTellsItsDifferences() {
        var amendment = draft("2025-03-01");
        var path = "/api/v1/contracts/" + signed.contract() + "/amendments/" + amendment + "/annexes/4";
        var answer = browser.put()
                .uri(path)
                .servletPath(path)
                .contentType(MediaType.APPLICATION_JSON)
                .content("{\"parts\": {\"duration\": [{\"years\": \"6\"}]}}")
                .with(as(signed.client()))
                .with(csrf())
                .exchange();
        assertThat(answer)
                .hasStatusOk()
                .bodyJson()
                .extractingPath("$.differences[0].fate")
                .isEqualTo("ADDED");
        assertThat(browser.delete()
                        .uri(path)
                        .servletPath(path)
                        .with(as(signed.client()))
                        .with(csrf()))
                .hasStatusOk()
                .bodyJson()
                .extractingPath("$.proposed")
                .isEqualTo(false);
    }

    // Help

    private UUID draft(String from) {
        return amendments.draft(
                signed.client(),
                null,
                new Amendments.Wanted(Amendment.Kind.CHANGE, LocalDate.parse(from), "变更附件", Map.of()));
    }

    private AnnexSheet proposed(AnnexKind kind) {
        return life.proposedAnnex(signed.tenant(), signed.contract(), kind);
    }

    private static AnnexSheet.Row with(AnnexSheet.Row row, String column, String value) {
        var cells = new java.util.LinkedHashMap<>(row.cells());
        cells.put(column, value);
        return new AnnexSheet.Row(cells);
    }

    private static int index(List<AnnexSheet.Row> levels, ServicePlan.Metric metric) {
        for (int i = 0; i < levels.size(); i++) {
            if (levels.get(i).cell("metric").equals(metric.name())) {
                return i;
            }
        }
        throw new IllegalStateException("No level of " + metric);
    }

    private java.util.Optional<ServicePlan> plan(String moment) {
        return tenancy.read(
                signed.tenant(),
                () -> annexes.annexes(signed.tenant(), signed.contract(), at(moment))
                        .servicePlan());
    }

    private String target(String moment) {
        return plan(moment)
                .orElseThrow()
                .level(ServicePlan.Metric.COMPLAINT_RESOLVED)
                .orElseThrow()
                .target()
                .toPlainString();
    }

    private void pay(String when, int instalment) {
        billing.recordPayment(
                signed.lead(),
                new NewPayment(
                        at(when),
                        null,
                        Money.of("100000"),
                        instalment,
                        null,
                        signed.contract().toString() + instalment,
                        "甲公司"));
    }

    private void agree(UUID amendment) {
        amendments.propose(signed.client(), amendment);
        var hash = Objects.requireNonNull(amendments.ofContract(signed.lead()).stream()
                .filter(one -> one.id().equals(amendment))
                .findFirst()
                .orElseThrow()
                .hash());
        for (var access : List.of(signed.client(), signed.lead())) {
            amendments.sign(access, amendment, hash, SignatureMode.SEAL, "经办人", "公章", false);
        }
    }

    private static Map<String, String> fields(AnnexSheet sheet) {
        var fields = new java.util.LinkedHashMap<String, String>();
        sheet.rows().forEach((part, rows) -> {
            for (int i = 0; i < rows.size(); i++) {
                for (var cell : rows.get(i).cells().entrySet()) {
                    fields.put(part + "." + i + "." + cell.getKey(), cell.getValue());
                }
            }
        });
        return fields;
    }

    private MvcTestResult get(Access access, String page) {
        return browser.get()
                .uri("/contracts/" + signed.contract() + page)
                .with(as(access))
                .exchange();
    }

    private MvcTestResult post(Access access, String page, Map<String, String> fields) {
        var request = browser.post()
                .uri("/contracts/" + signed.contract() + page)
                .with(as(access))
                .with(csrf());
        for (var field : fields.entrySet()) {
            request = request.param(field.getKey(), field.getValue());
        }
        return request.exchange();
    }

    private static RequestPostProcessor as(Access access) {
        return authentication(UsernamePasswordAuthenticationToken.authenticated(
                new SignedIn(access.person(), "Somebody"), null, List.of()));
    }
}
