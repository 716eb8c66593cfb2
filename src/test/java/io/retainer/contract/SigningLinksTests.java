package io.retainer.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.springframework.security.test.web.servlet.request.SecurityMockMvcRequestPostProcessors.csrf;
import static org.springframework.test.web.servlet.request.MockMvcRequestBuilders.get;
import static org.springframework.test.web.servlet.request.MockMvcRequestBuilders.multipart;
import static org.springframework.test.web.servlet.request.MockMvcRequestBuilders.post;

import io.retainer.PostgresTest;
import io.retainer.contract.SigningContact.LinkOutcome;
import io.retainer.contract.SigningPlan.Sequence;
import io.retainer.contract.TwoCompanies.Deal;
import io.retainer.identity.Capability;
import io.retainer.identity.OneTimeCodes;
import io.retainer.identity.Standings;
import io.retainer.kernel.Fact;
import io.retainer.kernel.Party;
import io.retainer.kernel.Refused;
import io.retainer.kernel.Tenancy;
import io.retainer.messaging.Channel;
import io.retainer.messaging.Purpose;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.Objects;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.webmvc.test.autoconfigure.AutoConfigureMockMvc;
import org.springframework.context.annotation.Import;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.mock.web.MockHttpServletResponse;
import org.springframework.mock.web.MockMultipartFile;
import org.springframework.test.context.event.ApplicationEvents;
import org.springframework.test.context.event.RecordApplicationEvents;
import org.springframework.test.web.servlet.MockMvc;
import org.springframework.test.web.servlet.request.AbstractMockHttpServletRequestBuilder;

/** Signing without an account, by a link and a one-time code. */
@SpringBootTest
@AutoConfigureMockMvc
@Import({PostgresTest.class, TwoCompanies.class})
@RecordApplicationEvents
class SigningLinksTests {

    private static final String MAIL = "wang.min@example.com";
    private static final byte[] PAPER = "%PDF-1.4 authority".getBytes(StandardCharsets.US_ASCII);

    @Autowired
    MockMvc mvc;

    @Autowired
    SigningLinks links;

    @Autowired
    Signing signing;

    @Autowired
    SigningContacts contacts;

    @Autowired
    OneTimeCodes codes;

    @Autowired
    ContractRows rows;

    @Autowired
    Tenancy tenancy;

    @Autowired
    TwoCompanies companies;

    @Autowired
    Standings standings;

    @Autowired
    JdbcClient jdbc;

    @Autowired
    Clock clock;

    Deal deal;

    @BeforeEach
    void aClientWithoutAccounts() {
        deal = companies.ready(false);
        signing.open(deal.lead(), new SigningPlan(Sequence.PARALLEL, null, 3), null);
    }

    @Test
    void aPartyWithoutAnAccountReadsAndSignsByALinkAndACode(ApplicationEvents events) throws Exception {
        var id = invite();
        var path = path(id);
        var page = answer(get(path).param("lang", "zh-CN"));
        assertThat(page.getStatus()).isEqualTo(200);
        assertThat(page.getHeader("Content-Security-Policy"))
                .contains("script-src 'self'")
                .doesNotContain("unsafe");
        assertThat(page.getHeader("Cache-Control")).contains("no-store");
        assertThat(page.getContentAsString(StandardCharsets.UTF_8))
                .contains("w***@example.com")
                .doesNotContain(MAIL)
                .doesNotContain("style=")
                .doesNotContain("/signature");
        assertThat(answer(get(path + "/document.pdf")).getContentType()).isEqualTo("application/pdf");

        assertThat(answer(post(path + "/code").with(csrf())).getStatus()).isEqualTo(302);
        assertThat(sign(path, "000000").getStatus()).as("a guess").isEqualTo(422);
        assertThat(contract().signed()).isEmpty();
        assertThat(sign(path, digits(id)).getStatus()).isEqualTo(302);

        assertThat(contract().signed()).containsExactly(Party.CLIENT);
        assertThat(sent(id).contact().outcome()).isEqualTo(LinkOutcome.SIGNED);
        assertThat(tenancy.read(
                        deal.client().tenant(),
                        () -> rows.signatures(deal.client().tenant(), deal.contract(), 1)))
                .singleElement()
                .satisfies(signature -> {
                    assertThat(signature.person()).isNull();
                    assertThat(signature.paper()).isEqualTo(Hashes.of(PAPER));
                });
        assertThat(sign(path, digits(id)).getStatus()).as("once").isEqualTo(409);
        signing.sign(
                deal.lead(),
                new Signing.Given(
                        Objects.requireNonNull(contract().hash()),
                        SignatureMode.SEAL,
                        "李强",
                        Authority.words("授权书"),
                        null));
        assertThat(contract().state()).isEqualTo(ContractState.EFFECTIVE);
        assertThat(events.stream(Fact.class).map(Fact::kind))
                .contains("contract.SigningLinkSent", "contract.AuthorityProven", "contract.Effective");
        assertThat(events.stream(Fact.class).map(Object::toString)).noneMatch(fact -> fact.contains(MAIL));
    }

    @Test
    void theCodeCountsTriesAndIsAskedForFiveTimesAnHourAtMost() throws Exception {
        var id = invite();
        var path = path(id);
        answer(post(path + "/code").with(csrf()));
        var right = digits(id);
        var wrong = right.equals("123456") ? "654321" : "123456";
        for (int i = 0; i < 5; i++) {
            assertThat(sign(path, wrong).getStatus()).isEqualTo(422);
        }
        assertThat(sign(path, right).getStatus())
                .as("after five tries even the right one")
                .isEqualTo(422);
        for (int i = 0; i < 4; i++) {
            assertThat(answer(post(path + "/code").with(csrf())).getStatus()).isEqualTo(302);
        }
        assertThat(answer(post(path + "/code").with(csrf())).getStatus()).isEqualTo(409);
        assertThat(contract().signed()).isEmpty();
    }

    @Test
    void aRefusalByLinkIsAsOneByAnAccount() throws Exception {
        var id = invite();
        var path = path(id);
        answer(post(path + "/code").with(csrf()));
        assertThat(answer(post(path + "/declination")
                                .param("reason", " ")
                                .param("code", digits(id))
                                .with(csrf()))
                        .getStatus())
                .isEqualTo(422);
        assertThat(answer(post(path + "/declination")
                                .param("reason", "期限太短")
                                .param("code", digits(id))
                                .with(csrf()))
                        .getStatus())
                .isEqualTo(302);

        assertThat(contract().state()).isEqualTo(ContractState.DRAFT);
        assertThat(signing.standing(deal.lead()).rounds().getFirst().reason()).isEqualTo("期限太短");
        assertThat(answer(get(path)).getStatus())
                .as("still shows what became of it")
                .isEqualTo(200);
        assertThat(sign(path, "000000").getStatus()).isEqualTo(409);
    }

    @Test
    void whatIsNotInOrderUsesNoCodeUp() throws Exception {
        var id = invite();
        var path = path(id);
        answer(post(path + "/code").with(csrf()));
        var without = answer(post(path + "/signature")
                .param("hash", Objects.requireNonNull(contract().hash()))
                .param("mode", "SEAL")
                .param("signatory", "王敏")
                .param("basis", "LEGAL_REPRESENTATIVE")
                .param("authority", "法定代表人")
                .param("code", digits(id))
                .with(csrf()));
        assertThat(without.getStatus()).as("no paper").isEqualTo(422);
        assertThat(sign(path, digits(id)).getStatus()).as("the same code").isEqualTo(302);
    }

    @Test
    void forgedRevokedAndForeignLinksLookTheSame() throws Exception {
        var id = invite();
        var path = path(id);
        assertThat(answer(get(path.substring(0, path.length() - 2) + "xx")).getStatus())
                .isEqualTo(404);
        assertThat(answer(get("/signing/rubbish")).getStatus()).isEqualTo(404);
        assertThat(answer(post(path + "/code")).getStatus())
                .as("without a CSRF token")
                .isEqualTo(403);
        links.revoke(deal.lead(), id);
        assertThat(answer(get(path)).getStatus()).isEqualTo(404);
        assertThat(answer(get("/contracts/" + deal.contract() + "/signing")).getStatus())
                .as("the link opens nothing else")
                .isEqualTo(302);
    }

    @Test
    void aNewLinkEndsTheOneBeforeAndNobodySignsForAPartyThatHasAnAccount() throws Exception {
        var first = path(invite());
        var second = path(invite());
        assertThat(answer(get(first)).getStatus()).isEqualTo(404);
        assertThat(answer(get(second)).getStatus()).isEqualTo(200);

        var other = companies.ready();
        signing.open(other.lead(), SigningPlan.PLATFORM, null);
        refused(
                "contract.link.refused.hasAccount",
                () -> links.invite(other.lead(), null, new SigningLinks.Invitation(Party.CLIENT, "王敏", MAIL, "zh")));
        refused(
                "contract.link.refused.email",
                () -> links.invite(
                        other.lead(), null, new SigningLinks.Invitation(Party.CLIENT, "王敏", "not an address", "zh")));
        refused(
                "identity.notAllowed",
                () -> links.invite(other.agent(), null, new SigningLinks.Invitation(Party.CLIENT, "王敏", MAIL, "zh")));
    }

    @Test
    void nobodyGetsAtTheDataOfAClientByADraftOfTheirOwnAndALinkToTheirOwnMailbox() throws Exception {
        var stranger = companies.another(deal).lead();
        var access = standings.access(stranger.person(), stranger.contract(), clock.instant());
        assertThat(access.tenant()).isEqualTo(deal.client().tenant());
        assertThat(access.can())
                .contains(Capability.EDIT_TERMS, Capability.SIGN)
                .doesNotContain(
                        Capability.READ_CUSTOMERS,
                        Capability.EDIT_CUSTOMERS,
                        Capability.IMPORT_CUSTOMERS,
                        Capability.REVEAL,
                        Capability.GUARD_DATA,
                        Capability.READ_COMPLAINTS,
                        Capability.WORK_COMPLAINTS,
                        Capability.LEAD_COMPLAINTS,
                        Capability.MANAGE_MESSAGES);
        assertThat(standings
                        .access(deal.lead().person(), deal.contract(), clock.instant())
                        .can())
                .as("until all have signed")
                .doesNotContain(Capability.READ_CUSTOMERS, Capability.REVEAL);

        var id = invite();
        answer(post(path(id) + "/code").with(csrf()));
        assertThat(sign(path(id), digits(id)).getStatus()).isEqualTo(302);
        signing.sign(
                deal.lead(),
                new Signing.Given(
                        Objects.requireNonNull(contract().hash()),
                        SignatureMode.SEAL,
                        "李强",
                        Authority.words("授权书"),
                        null));
        assertThat(standings
                        .access(deal.lead().person(), deal.contract(), clock.instant())
                        .can())
                .contains(Capability.READ_CUSTOMERS, Capability.REVEAL);

        signing.open(access, SigningPlan.PLATFORM, null);
        refused(
                "contract.link.refused.servedByAnother",
                () -> links.invite(
                        access, null, new SigningLinks.Invitation(Party.CLIENT, "王敏", "mine@example.com", "zh")));
    }

    @Test
    void nameAndAddressAreSealedAndNoTokenIsKept() throws Exception {
        var id = invite();
        var token = path(id).substring("/signing/".length());
        assertThat(contacts.of(deal.client().tenant(), id, Channel.EMAIL, Purpose.CONTRACT_NOTICE))
                .contains(MAIL);
        assertThat(sent(id).contact().email()).isEqualTo("w***@example.com");
        var stored = tenancy.read(
                deal.client().tenant(),
                () -> jdbc.sql("""
                        select c::text || m.words || l::text from contract.signing_contact c
                        join messaging.message m on m.tenant_id = c.tenant_id and m.key = 'signing-link/' || c.id
                        join identity.signed_link l on l.tenant_id = c.tenant_id and l.id = c.link_id
                        where c.tenant_id = :tenant and c.id = :id
                        """)
                        .param("tenant", deal.client().tenant())
                        .param("id", id)
                        .query(String.class)
                        .single());
        assertThat(stored).doesNotContain(MAIL).doesNotContain(token).doesNotContain("王敏");
    }

    private UUID invite() {
        return links.invite(deal.lead(), null, new SigningLinks.Invitation(Party.CLIENT, "王敏", MAIL, "zh"));
    }

    private String path(UUID id) {
        return Objects.requireNonNull(sent(id).path());
    }

    private SigningLinks.Sent sent(UUID id) {
        return links.sent(deal.lead()).stream()
                .filter(sent -> sent.contact().id().equals(id))
                .findFirst()
                .orElseThrow();
    }

    private String digits(UUID id) {
        var code = Objects.requireNonNull(sent(id).contact().code());
        return codes.digits(deal.client().tenant(), code).orElse("------");
    }

    private MockHttpServletResponse sign(String path, String code) throws Exception {
        return answer(multipart(path + "/signature")
                .file(new MockMultipartFile("paper", "paper.pdf", "application/pdf", PAPER))
                .param("hash", Objects.requireNonNullElse(contract().hash(), "-"))
                .param("mode", "SEAL")
                .param("signatory", "王敏")
                .param("basis", "LEGAL_REPRESENTATIVE")
                .param("authority", "法定代表人")
                .param("code", code)
                .with(csrf()));
    }

    private MockHttpServletResponse answer(AbstractMockHttpServletRequestBuilder<?> request) throws Exception {
        return mvc.perform(request).andReturn().getResponse();
    }

    private Contract contract() {
        return tenancy.read(deal.client().tenant(), () -> rows.get(deal.client().tenant(), deal.contract()));
    }

    private static void refused(String key, Runnable act) {
        assertThatExceptionOfType(Refused.class)
                .isThrownBy(act::run)
                .satisfies(refused -> assertThat(refused.sentence().key()).isEqualTo(key));
    }
}
