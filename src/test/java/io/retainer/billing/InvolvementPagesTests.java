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
import io.retainer.contract.ContractLife;
import io.retainer.contract.ContractSweep;
import io.retainer.contract.Involvement;
import io.retainer.contract.Involvements;
import io.retainer.contract.PartLinks;
import io.retainer.contract.SignatureMode;
import io.retainer.contract.SigningLinks;
import io.retainer.contract.TermKey;
import io.retainer.duty.AssessedDuty;
import io.retainer.duty.Duties;
import io.retainer.duty.DutyState;
import io.retainer.identity.Access;
import io.retainer.identity.OneTimeCodes;
import io.retainer.identity.Organisations;
import io.retainer.identity.People;
import io.retainer.identity.Role;
import io.retainer.identity.SignedIn;
import io.retainer.kernel.Clause;
import io.retainer.kernel.Money;
import io.retainer.kernel.Party;
import io.retainer.kernel.Tenancy;
import java.nio.charset.StandardCharsets;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.webmvc.test.autoconfigure.AutoConfigureMockMvc;
import org.springframework.context.annotation.Import;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.mock.web.MockMultipartFile;
import org.springframework.security.authentication.UsernamePasswordAuthenticationToken;
import org.springframework.test.web.servlet.assertj.MockMvcTester;
import org.springframework.test.web.servlet.assertj.MvcTestResult;
import org.springframework.test.web.servlet.request.RequestPostProcessor;

/** A third party joins a contract in force, signs by its account, and leaves again (II-4.4, II-5, G-35 to G-37). */
@SpringBootTest
@AutoConfigureMockMvc
@Import({PostgresTest.class, BillingWorld.class})
class InvolvementPagesTests {

    @Autowired
    MockMvcTester browser;

    @Autowired
    Billing billing;

    @Autowired
    Amendments amendments;

    @Autowired
    Involvements involvements;

    @Autowired
    ContractLife life;

    @Autowired
    ContractSweep sweep;

    @Autowired
    Duties duties;

    @Autowired
    Organisations organisations;

    @Autowired
    People people;

    @Autowired
    PartLinks partLinks;

    @Autowired
    OneTimeCodes codes;

    @Autowired
    JdbcClient jdbc;

    @Autowired
    Tenancy tenancy;

    @Autowired
    Notary notary;

    @Autowired
    TurnableClock clock;

    Signed signed;
    String name;
    UUID third;
    UUID clerk;

    @BeforeEach
    void sign() {
        signed = notary.sign(notary.companies(), Map.of(TermKey.LATE_MODE, "DAILY"));
        clock.set("2024-12-31T10:00");
        billing.recordPayment(
                signed.lead(),
                new NewPayment(
                        at("2024-12-31T09:00"), null, Money.of("100000"), 1, null, signed.contract() + "1", "甲公司"));
        clock.set("2025-02-20T10:00");
        sweep.run(clock.instant());
        var mark = UUID.randomUUID().toString().substring(0, 8);
        name = "云呼科技 " + mark;
        var organisation = organisations.namedOrNew(name).id();
        third = people.add("third-" + mark, "丁一", "correct horse battery", organisation, Role.OWNER);
        clerk = people.add("clerk-" + mark, "丁二", "correct horse battery", organisation, Role.AGENT);
    }

    @Test
    void aThirdPartyJoinsByItsAccountFromADayAndLeavesWithWhatItOwes() {
        var joining = joining("2025-03-01");
        assertThatThrownBy(() -> involvements.invite(signed.client(), "某某公司"))
                .hasMessage("contract.involvement.refused.notNamed");
        assertThat(get(as(third), "/parts?lang=zh-CN")).bodyText().doesNotContain("待签署</");
        var part = involvements.invite(signed.client(), name);
        assertThat(involvements.invite(signed.client(), name)).isEqualTo(part);
        both(joining);
        assertThat(amendment(joining).unsigned()).containsExactly(Party.THIRD_PARTY);

        assertThat(get(as(third), "/parts?lang=en")).hasStatusOk().bodyText().contains(name, "invited");
        var page = get(as(third), "/parts/" + part + "?lang=en");
        assertThat(page)
                .hasStatusOk()
                .bodyText()
                .contains("Annex 5", "客服系统运维", "added")
                .doesNotContain("1,200,000")
                .doesNotContain("??");
        assertThat(get(as(third), "/parts/" + part + "?lang=zh-CN")).bodyText().contains("签署", "附件5");
        assertThat(get(as(third), "/parts/" + part + "/amendments/" + joining + "/document.pdf"))
                .hasContentType("application/pdf");
        assertThat(get(as(third), "/contracts/" + signed.contract()))
                .as("nothing else")
                .hasStatus(404);
        assertThat(get(as(signed.agent().person()), "/parts/" + part))
                .as("nobody else")
                .hasStatus(404);

        assertThat(post(
                        as(clerk),
                        "/parts/" + part + "/amendments/" + joining + "/signature?lang=en",
                        signature(joining)))
                .hasStatus(409)
                .bodyText()
                .contains("Only an owner or operations lead");
        assertThat(post(as(third), "/parts/" + part + "/amendments/" + joining + "/signature", signature(joining)))
                .hasStatus3xxRedirection();
        assertThat(amendment(joining).state()).isEqualTo(Amendment.State.AGREED);

        assertThat(stage(part)).isEqualTo(Involvement.Stage.JOINING);
        assertThat(owed()).as("nothing before its day").isEmpty();
        assertThat(get(as(third), "/parts/" + part + "?lang=en")).bodyText().doesNotContain("Its liability");
        clock.set("2025-03-01T08:00");
        assertThat(stage(part)).isEqualTo(Involvement.Stage.ACTIVE);
        assertThat(owed()).extracting(one -> one.duty().clause()).contains(Clause.II_3_2_1, Clause.II_3_2_3);
        assertThat(get(as(third), "/parts/" + part + "?lang=en")).bodyText().contains("What you owe", "客服系统运维");

        var leaving = draft("2025-06-01");
        assertThat(post(
                        as(signed.client().person()),
                        "/contracts/" + signed.contract() + "/life/amendments/" + leaving + "/annexes/5/exit",
                        Map.of("seen", "0")))
                .hasStatus3xxRedirection();
        amendments.propose(signed.client(), leaving);
        assertThat(amendment(leaving).third()).isEqualTo(name);
        assertThat(get(
                        as(signed.lead().person()),
                        "/contracts/" + signed.contract() + "/life/amendments/" + leaving + "?lang=en"))
                .bodyText()
                .contains("is out from", "G-35");
        both(leaving);
        assertThat(post(as(third), "/parts/" + part + "/amendments/" + leaving + "/signature", signature(leaving)))
                .hasStatus3xxRedirection();
        assertThat(stage(part)).isEqualTo(Involvement.Stage.LEAVING);
        assertThat(owed()).extracting(one -> one.duty().clause()).doesNotContain(Clause.III_A5_4);

        clock.set("2025-06-01T08:00");
        involvements.sweep(clock.instant());
        assertThat(stage(part)).isEqualTo(Involvement.Stage.LEFT);
        assertThat(owed())
                .extracting(one -> one.duty().clause())
                .containsExactlyInAnyOrder(Clause.II_3_2_3, Clause.II_5_3A, Clause.II_5_2, Clause.III_A5_4);
        var data = owed().stream()
                .filter(one -> one.duty().clause() == Clause.III_A5_4)
                .findFirst()
                .orElseThrow();
        assertThat(data.assessment().due()).isEqualTo(at("2025-06-17T00:00"));
        assertThat(get(as(third), "/parts/" + part + "?lang=en"))
                .as("it sees the annexes no more")
                .bodyText()
                .contains("return or delete the data")
                .doesNotContain("客服系统运维");
        assertThat(post(
                        as(third),
                        "/parts/" + part + "/duties/" + data.duty().id() + "/certificate?lang=en",
                        Map.of("certificate", "no")))
                .hasStatus(422);
        assertThat(post(
                        as(signed.client().person()),
                        "/contracts/" + signed.contract() + "/life/third-parties/" + part + "/duties/"
                                + data.duty().id() + "/certificate",
                        Map.of("certificate", "a".repeat(64))))
                .hasStatus3xxRedirection();
        assertThat(duties.get(signed.tenant(), data.duty().id(), clock.instant())
                        .assessment()
                        .state())
                .isEqualTo(DutyState.KEPT);
        assertThat(get(
                        as(signed.client().person()),
                        "/contracts/" + signed.contract() + "/life/third-parties?lang=zh-CN"))
                .hasStatusOk()
                .bodyText()
                .contains(name, "已退出", "停用并交还访问权限");
    }

    @Test
    void nobodyJoinsBeforeSecrecyAndDataProtectionAreAgreed() {
        var amendment = draft("2025-03-01");
        amendments.proposeAnnex(signed.client(), amendment, agreement(), null);
        assertThatThrownBy(() -> amendments.propose(signed.client(), amendment))
                .hasMessage("contract.amendment.annexIncomplete");
    }

    @Test
    void aThirdPartyThatDeclinesEndsTheAmendmentOverTheApiToo() {
        var joining = joining("2025-03-01");
        var part = involvements.invite(signed.client(), name);
        both(joining);
        var path = "/api/v1/parts/" + part;
        assertThat(browser.get().uri(path).servletPath(path).with(as(third)))
                .hasStatusOk()
                .bodyJson()
                .extractingPath("$.amendments[0].id")
                .isEqualTo(joining.toString());
        var no = path + "/amendments/" + joining + "/declination";
        assertThat(browser.post().uri(no).servletPath(no).with(as(third)).with(csrf()))
                .hasStatusOk();
        assertThat(amendment(joining).state()).isEqualTo(Amendment.State.REJECTED);
        var parties = "/api/v1/contracts/" + signed.contract() + "/third-parties";
        assertThat(browser.get()
                        .uri(parties)
                        .servletPath(parties)
                        .with(as(signed.client().person())))
                .hasStatusOk()
                .bodyJson()
                .extractingPath("$.involvements[0].stage")
                .isEqualTo("INVITED");
    }

    @Test
    void atTheFirstSigningItSignsBesideThePartiesAndTakesPartOnceTheContractIsInForce() {
        var part = new UUID[1];
        var all = notary.sign(
                notary.companies(), Map.of(TermKey.LATE_MODE, "DAILY"), BillingWorld.ALL, this::annexes, lead -> {
                    part[0] = involvements.invite(lead, name);
                    assertThatThrownBy(() -> partLinks.invite(
                                    lead, null, new SigningLinks.Invitation(Party.THIRD_PARTY, "某人", MAIL, "zh")))
                            .as("nobody signs in the place of people who can")
                            .hasMessage("contract.link.refused.hasAccount");
                    var page = "/parts/" + part[0];
                    assertThat(get(as(third), page + "?lang=en"))
                            .hasStatusOk()
                            .bodyText()
                            .contains("Sign the annexes that bind you", "客服系统运维")
                            .doesNotContain("??");
                    var hash = hash(body(get(as(third), page)));
                    assertThat(post(
                                    as(third),
                                    page + "/signature?lang=en",
                                    Map.of(
                                            "hash",
                                            "0".repeat(64),
                                            "mode",
                                            "SEAL",
                                            "signatory",
                                            "丁一",
                                            "authority",
                                            "公司章程")))
                            .hasStatus(422);
                    assertThat(post(
                                    as(third),
                                    page + "/signature",
                                    Map.of(
                                            "hash", hash,
                                            "mode", "SEAL",
                                            "signatory", "丁一",
                                            "basis", "LEGAL_REPRESENTATIVE",
                                            "authority", "营业执照载明的法定代表人")))
                            .hasStatus3xxRedirection();
                    assertThat(involvements.desk(lead).seen().getFirst().stage())
                            .as("not before the contract is in force")
                            .isEqualTo(Involvement.Stage.INVITED);
                });
        assertThat(involvements.desk(all.client()).seen())
                .singleElement()
                .satisfies(one -> assertThat(one.stage()).isEqualTo(Involvement.Stage.ACTIVE));
        assertThat(get(as(all.lead().person()), "/contracts/" + all.contract() + "/signing?lang=en"))
                .hasStatusOk();
    }

    @Test
    void withoutAnAccountItSignsTheAnnexesByALinkAndACode() {
        var all = notary.sign(
                notary.companies(), Map.of(TermKey.LATE_MODE, "DAILY"), BillingWorld.ALL, this::annexes, lead -> {
                    assertThat(post(
                                    as(lead.person()),
                                    "/contracts/" + lead.contract() + "/life/third-parties/links",
                                    Map.of("name", "丁一", "email", "not an address")))
                            .hasStatus3xxRedirection();
                    var first = link(lead);
                    assertThat(first).as("nothing is sent to no address").isNull();
                    partLinks.invite(lead, null, new SigningLinks.Invitation(Party.THIRD_PARTY, "丁一", MAIL, "zh"));
                    var declining = Objects.requireNonNull(link(lead));
                    assertThat(open(declining + "?lang=en"))
                            .hasStatusOk()
                            .bodyText()
                            .contains("客服系统运维", "d***@example.com", "Send the code")
                            .doesNotContain("1,200,000", "??", MAIL, "name=\"code\"");
                    assertThat(browser.get()
                                    .uri("/signing/parts/" + "x".repeat(40))
                                    .exchange())
                            .hasStatus(404);
                    assertThat(act(declining + "/declination", Map.of("code", "123456", "reason", "责任上限过高")))
                            .hasStatus(422);
                    act(declining + "/code", Map.of());
                    assertThat(act(declining + "/declination?lang=en", Map.of("code", code(lead), "reason", " ")))
                            .hasStatus(422);
                    assertThat(act(declining + "/declination", Map.of("code", code(lead), "reason", "责任上限过高")))
                            .hasStatus3xxRedirection();
                    assertThat(open(declining + "?lang=en")).bodyText().contains("You declined");
                    assertThat(get(as(lead.person()), "/contracts/" + lead.contract() + "/life/third-parties?lang=en"))
                            .bodyText()
                            .contains("责任上限过高", "declined")
                            .doesNotContain("??");

                    clock.set("2024-12-20T10:05");
                    partLinks.invite(lead, null, new SigningLinks.Invitation(Party.THIRD_PARTY, "丁二", MAIL, "zh"));
                    var signing = Objects.requireNonNull(link(lead));
                    act(signing + "/code", Map.of());
                    var hash = hash(body(open(signing)));
                    assertThat(act(signing + "/signature?lang=en", given(hash, code(lead))))
                            .as("by a link the authority is proved by a paper")
                            .hasStatus(422)
                            .bodyText()
                            .contains("needs a paper");
                    assertThat(sign(signing, given("0".repeat(64), code(lead)))).hasStatus(422);
                    assertThat(sign(signing, given(hash, "000000"))).hasStatus(422);
                    assertThat(sign(signing, given(hash, code(lead)))).hasStatus3xxRedirection();
                    assertThat(sign(signing, given(hash, "123456"))).as("once").hasStatus(409);
                    assertThat(open(signing + "?lang=en")).bodyText().contains("You signed on");
                    assertThat(involvements.desk(lead).seen().getFirst().stage())
                            .as("not before the contract is in force")
                            .isEqualTo(Involvement.Stage.INVITED);
                });
        assertThat(involvements.desk(all.client()).seen())
                .singleElement()
                .satisfies(one -> assertThat(one.stage()).isEqualTo(Involvement.Stage.ACTIVE));
        leavesByALink(all);
    }

    /** Months later a party sends it a link to its part: by that and a code it gives notice itself (II-5.1). */
    private void leavesByALink(Signed all) {
        clock.set("2025-03-03T10:00");
        partLinks.invite(all.client(), null, new SigningLinks.Invitation(Party.THIRD_PARTY, "丁三", MAIL, "zh"));
        var part = Objects.requireNonNull(link(all.client()));
        assertThat(open(part + "?lang=en"))
                .bodyText()
                .contains("Your part", "30 days before", "2 Apr 2025")
                .doesNotContain("??", "name=\"hash\"", "1,200,000", MAIL);
        var wish = Map.of("wishedOn", "2025-04-02", "reason", "业务调整");
        assertThat(act(part + "/leave-notice", wish)).as("without a code").hasStatus(422);
        act(part + "/code", Map.of());
        var early = new java.util.HashMap<>(wish);
        early.put("wishedOn", "2025-04-01");
        early.put("code", code(all.lead()));
        assertThat(act(part + "/leave-notice?lang=en", early))
                .hasStatus(422)
                .bodyText()
                .contains("2 Apr 2025 is the earliest day", "业务调整");
        var given = new java.util.HashMap<>(wish);
        given.put("code", "000000");
        assertThat(act(part + "/leave-notice", given)).hasStatus(422);
        given.put("code", code(all.lead()));
        assertThat(act(part + "/leave-notice", given))
                .as("a refused notice did not use the code up")
                .hasStatus3xxRedirection();
        assertThat(get(as(all.lead().person()), "/contracts/" + all.contract() + "/life/third-parties?lang=en"))
                .bodyText()
                .contains("it wishes to leave as of 2 Apr 2025", "业务调整")
                .doesNotContain("??");
        assertThat(act(part + "/leave-notice/withdrawal", Map.of("code", "123456")))
                .hasStatus(422);
        act(part + "/code", Map.of());
        assertThat(act(part + "/leave-notice/withdrawal", Map.of("code", code(all.lead()))))
                .hasStatus3xxRedirection();
        assertThat(open(part + "?lang=en")).bodyText().doesNotContain("you gave notice");
    }

    /** II-5.1, II-5.2: it gives notice itself, stays bound until the supplement, and is out on the agreed day with what it owes. */
    @Test
    void II_5_1_aThirdPartyGivesNoticeItselfAndLeavesOnlyByTheSupplement() {
        var joining = joining("2025-03-01");
        var part = involvements.invite(signed.client(), name);
        assertThat(get(as(third), "/parts/" + part + "?lang=en"))
                .as("not bound, nothing to leave")
                .bodyText()
                .doesNotContain("Give notice");
        post(as(third), "/parts/" + part + "/amendments/" + joining + "/signature", signature(joining));
        both(joining);
        clock.set("2025-03-10T10:00");

        var page = "/parts/" + part;
        assertThat(get(as(third), page + "?lang=en"))
                .bodyText()
                .contains("30 days before", "9 Apr 2025", "Give notice")
                .doesNotContain("??");
        assertThat(post(as(third), page + "/leave-notice?lang=en", Map.of("wishedOn", "2025-04-08", "reason", "转型")))
                .hasStatus(422)
                .bodyText()
                .contains("9 Apr 2025 is the earliest day", "转型");
        assertThat(post(as(third), page + "/leave-notice", Map.of("wishedOn", "2025-04-09", "reason", " ")))
                .hasStatus(422);
        assertThat(post(as(third), page + "/leave-notice", Map.of("reason", "转型")))
                .hasStatus(422);
        assertThat(post(as(clerk), page + "/leave-notice", Map.of("wishedOn", "2025-04-09", "reason", "转型")))
                .as("a clerk does not speak for it")
                .hasStatus(409);
        assertThat(post(
                        as(signed.lead().person()),
                        page + "/leave-notice",
                        Map.of("wishedOn", "2025-04-09", "reason", "转型")))
                .as("nor does a party")
                .hasStatus(404);
        assertThat(post(as(third), page + "/leave-notice", Map.of("wishedOn", "2025-04-15", "reason", "业务转型,不再经营")))
                .hasStatus3xxRedirection();
        assertThat(post(as(third), page + "/leave-notice", Map.of("wishedOn", "2025-04-20", "reason", "再次")))
                .hasStatus(409);

        var agree = duties.ofContract(signed.tenant(), signed.contract(), clock.instant()).stream()
                .filter(one -> one.duty().action().equals("contract.duty.agreesOnLeaving"))
                .findFirst()
                .orElseThrow();
        assertThat(agree.duty().debtor()).as("who brought it in").isEqualTo(Party.PROVIDER);
        assertThat(agree.assessment().due()).isEqualTo(at("2025-04-15T00:00"));
        var told = tenancy.read(
                signed.tenant(),
                () -> jdbc.sql(
                                "select count(*) from messaging.message where tenant_id = :tenant and kind = 'contract.leaving'")
                        .param("tenant", signed.tenant())
                        .query(Integer.class)
                        .single());
        assertThat(told).as("both parties").isGreaterThanOrEqualTo(2);
        assertThat(get(
                        as(signed.client().person()),
                        "/contracts/" + signed.contract() + "/life/third-parties?lang=zh-CN"))
                .bodyText()
                .contains("业务转型,不再经营", "草拟退出补充协议")
                .doesNotContain("??");
        assertThat(stage(part)).as("a notice alone lets nobody go").isEqualTo(Involvement.Stage.ACTIVE);

        clock.set("2025-03-12T10:00");
        assertThat(post(as(third), page + "/leave-notice/withdrawal", Map.of())).hasStatus3xxRedirection();
        assertThat(post(as(third), page + "/leave-notice/withdrawal", Map.of())).hasStatus(409);
        assertThat(duties.get(signed.tenant(), agree.duty().id(), clock.instant())
                        .assessment()
                        .state()
                        .owed())
                .isFalse();
        assertThat(post(as(third), page + "/leave-notice", Map.of("wishedOn", "2025-04-15", "reason", "确定退出")))
                .hasStatus3xxRedirection();

        var drafted = post(
                as(signed.client().person()),
                "/contracts/" + signed.contract() + "/life/third-parties/" + part + "/leave-amendment",
                Map.of());
        assertThat(drafted).hasStatus3xxRedirection();
        var url = Objects.requireNonNull(drafted.getResponse().getRedirectedUrl());
        var leaving = UUID.fromString(url.substring(url.lastIndexOf('/') + 1));
        assertThat(amendment(leaving).from()).isEqualTo(LocalDate.parse("2025-04-15"));
        assertThat(amendment(leaving).third()).isEqualTo(name);
        amendments.propose(signed.client(), leaving);
        post(as(third), page + "/amendments/" + leaving + "/signature", signature(leaving));
        both(leaving);
        assertThat(stage(part)).isEqualTo(Involvement.Stage.LEAVING);
        clock.set("2025-04-15T00:01");
        involvements.sweep(clock.instant());
        assertThat(stage(part)).isEqualTo(Involvement.Stage.LEFT);
        assertThat(owed()).extracting(one -> one.duty().action()).contains("contract.duty.thirdReturnsData");
        assertThat(duties.ofContract(signed.tenant(), signed.contract(), clock.instant()).stream()
                        .filter(one -> one.duty().action().equals("contract.duty.agreesOnLeaving")
                                && one.assessment().state().owed()))
                .as("agreed in time")
                .isEmpty();
        assertThat(post(as(third), page + "/leave-notice", Map.of("wishedOn", "2025-06-01", "reason", "又")))
                .as("it is out")
                .hasStatus(409);
    }

    private static final String MAIL = "ding.yi@example.com";

    private void annexes(Access lead) {
        for (var kind : List.of(AnnexKind.CUSTOMER_INFORMATION, AnnexKind.CONFIDENTIALITY)) {
            life.saveAnnex(lead, life.proposedAnnex(lead.tenant(), lead.contract(), kind), null);
        }
        life.saveAnnex(lead, agreement(lead.tenant(), lead.contract()), null);
    }

    private static Map<String, String> given(String hash, String code) {
        return Map.of(
                "hash", hash,
                "mode", "SEAL",
                "signatory", "丁一",
                "basis", "LEGAL_REPRESENTATIVE",
                "authority", "营业执照载明的法定代表人",
                "code", code);
    }

    /** Where the newest link opens, as the party that sent it sees it; null when none was sent. */
    private @Nullable String link(Access sender) {
        var page = body(get(as(sender.person()), "/contracts/" + sender.contract() + "/life/third-parties"));
        var found = Pattern.compile("href=\"(/signing/parts/[^\"]+)\"").matcher(page);
        return found.find() ? found.group(1) : null;
    }

    private String code(Access lead) {
        var code = tenancy.read(
                lead.tenant(),
                () -> jdbc.sql(
                                "select code_id from contract.signing_contact where contract_id = :contract order by id desc limit 1")
                        .param("contract", lead.contract())
                        .query(UUID.class)
                        .single());
        return codes.digits(lead.tenant(), code).orElseThrow();
    }

    private MvcTestResult open(String page) {
        return browser.get().uri(page).exchange();
    }

    private MvcTestResult act(String page, Map<String, String> fields) {
        var request = browser.post().uri(page).with(csrf());
        for (var field : fields.entrySet()) {
            request = request.param(field.getKey(), field.getValue());
        }
        return request.exchange();
    }

    private MvcTestResult sign(String link, Map<String, String> fields) {
        var request = browser.post()
                .uri(link + "/signature")
                .multipart()
                .file(new MockMultipartFile(
                        "paper",
                        "authority.pdf",
                        "application/pdf",
                        "%PDF-1.7\nauthority".getBytes(StandardCharsets.US_ASCII)))
                .with(csrf());
        for (var field : fields.entrySet()) {
            request = request.param(field.getKey(), field.getValue());
        }
        return request.exchange();
    }

    private static String hash(String page) {
        var found = Pattern.compile("name=\"hash\" value=\"([0-9a-f]{64})\"").matcher(page);
        assertThat(found.find()).as(page).isTrue();
        return found.group(1);
    }

    private static String body(MvcTestResult result) {
        try {
            return result.getResponse().getContentAsString(StandardCharsets.UTF_8);
        } catch (java.io.UnsupportedEncodingException e) {
            throw new IllegalStateException(e);
        }
    }

    // Help

    private UUID draft(String from) {
        return amendments.draft(
                signed.client(),
                null,
                new Amendments.Wanted(Amendment.Kind.CHANGE, LocalDate.parse(from), "第三方参与", Map.of()));
    }

    private AnnexSheet agreement() {
        return agreement(signed.tenant(), signed.contract());
    }

    private AnnexSheet agreement(UUID tenant, UUID contract) {
        return life.proposedAnnex(tenant, contract, AnnexKind.THIRD_PARTY)
                .with("engagement", "name", name)
                .with("engagement", "nature", "TECHNICAL_SUPPORT")
                .with("engagement", "introducedBy", "PROVIDER")
                .with("tasks", List.of(new AnnexSheet.Row(Map.of("service", "COMPLAINTS", "content", "客服系统运维"))))
                .with("cap", "amount", "200000");
    }

    private UUID joining(String from) {
        var amendment = draft(from);
        for (var kind : List.of(AnnexKind.CUSTOMER_INFORMATION, AnnexKind.CONFIDENTIALITY)) {
            amendments.proposeAnnex(
                    signed.client(), amendment, life.proposedAnnex(signed.tenant(), signed.contract(), kind), null);
        }
        amendments.proposeAnnex(signed.client(), amendment, agreement(), null);
        assertThat(amendment(amendment).third()).isEqualTo(name);
        amendments.propose(signed.client(), amendment);
        return amendment;
    }

    private void both(UUID amendment) {
        for (var access : List.of(signed.client(), signed.lead())) {
            amendments.sign(
                    access,
                    amendment,
                    Objects.requireNonNull(amendment(amendment).hash()),
                    SignatureMode.SEAL,
                    "经办人",
                    "公章",
                    false);
        }
    }

    private Amendment amendment(UUID id) {
        return amendments.ofContract(signed.lead()).stream()
                .filter(one -> one.id().equals(id))
                .findFirst()
                .orElseThrow();
    }

    private Map<String, String> signature(UUID amendment) {
        return Map.of(
                "hash", Objects.requireNonNull(amendment(amendment).hash()),
                "mode", "SEAL",
                "signatory", "丁一",
                "authority", "授权委托书");
    }

    private Involvement.Stage stage(UUID part) {
        return involvements.desk(signed.client()).seen().stream()
                .filter(one -> one.involvement().id().equals(part))
                .findFirst()
                .orElseThrow()
                .stage();
    }

    private List<AssessedDuty> owed() {
        return duties.ofContract(signed.tenant(), signed.contract(), clock.instant()).stream()
                .filter(one -> one.duty().debtor() == Party.THIRD_PARTY
                        && one.assessment().state().owed())
                .toList();
    }

    private MvcTestResult get(RequestPostProcessor who, String page) {
        return browser.get().uri(page).with(who).exchange();
    }

    private MvcTestResult post(RequestPostProcessor who, String page, Map<String, String> fields) {
        var request = browser.post().uri(page).with(who).with(csrf());
        for (var field : fields.entrySet()) {
            request = request.param(field.getKey(), field.getValue());
        }
        return request.exchange();
    }

    private static RequestPostProcessor as(UUID person) {
        return authentication(
                UsernamePasswordAuthenticationToken.authenticated(new SignedIn(person, "Somebody"), null, List.of()));
    }
}
