package io.retainer;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import io.retainer.World.Answer;
import io.retainer.World.Caller;
import io.retainer.World.Person;
import io.retainer.identity.Organisations;
import io.retainer.identity.People;
import io.retainer.identity.Role;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.context.annotation.Import;

/**
 * A contract in force as its people live it in a browser: arrears, suspension, payment, an amendment, force majeure, and an
 * early end with its settlement. Both languages, wide and narrow; the pictures are under {@code target/screenshots}.
 */
@SpringBootTest(webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT)
@Import({PostgresTest.class, World.class})
class LifeJourneyTests extends BrowserJourney {

    private static final String PROOF = "b".repeat(64);

    @Autowired
    Organisations organisations;

    @Autowired
    People people;

    private String contract = "";

    @Test
    void fromArrearsToSuspensionPaymentAmendmentAndForceMajeure() {
        signed();
        var lead = signIn(cast.lead());
        var owner = signIn(cast.owner());
        var lawyer = signIn(cast.lawyer());

        // The second instalment is late: demanded, and suspended by a person after the notice.
        turn("2024-12-30T15:00");
        pay(lead, contract, "2024-12-30T14:30", "1", "LJ-1");
        turn("2025-02-05T10:00");
        look(lead, "life-01-late", contract + "/billing/instalments/2");
        submit(lead, lead.locator("form[action$='/demands'] button[type=submit]"));
        look(owner, "life-02-demanded", contract + "/life");
        turn("2025-02-12T09:00");
        lead.navigate(url(contract + "/billing"));
        submit(lead, lead.locator("form[action$='/billing/suspension'] button"));
        look(owner, "life-03-suspended", contract + "/life");
        assertThat(owner.locator("main")).containsText("已暂停");
        look(lawyer, "life-04-suspended-to-the-lawyer", contract + "/life");
        assertThat(lawyer.locator("main form")).hasCount(0);

        // The whole principal is there, and the service resumes.
        turn("2025-02-20T11:00");
        pay(lead, contract, "2025-02-20T10:00", "2", "LJ-2");
        lead.navigate(url(contract + "/billing"));
        var resumption = lead.locator("form[action$='/billing/resumption'] button");
        if (resumption.count() > 0) {
            submit(lead, resumption);
        }
        look(owner, "life-05-resumed", contract + "/life");
        assertThat(owner.locator("main header").first()).containsText("履行中");

        // An amendment: its impact is seen before anybody signs, and it is in force from its day only.
        owner.navigate(url(contract + "/life"));
        open(owner.locator("details:has(#amendment-kind)"));
        owner.locator("#amendment-kind").selectOption("CHANGE");
        owner.locator("#amendment-from").fill("2025-04-01");
        owner.locator("#amendment-reason").fill("降低违约金比例");
        owner.locator("#key-0").selectOption("late.rate");
        owner.locator("#value-0").fill("0.02");
        submit(owner, owner.locator("form[action$='/life/amendments'] button[type=submit]"));
        var amendment = path(owner);
        look(owner, "life-06-impact", amendment);
        assertThat(owner.locator("main")).containsText("0.02");
        submit(owner, owner.locator("form[action$='/proposal'] button"));
        look(lawyer, "life-07-proposed-to-the-lawyer", amendment);
        for (var page : List.of(owner, lead)) {
            page.navigate(url(amendment));
            page.locator("#signatory").fill("经办人");
            page.locator("#authority").fill("公章,授权委托书");
            submit(page, page.locator("form[action$='/signatures'] button[type=submit]"));
        }
        look(lead, "life-08-agreed", amendment);
        turn("2025-04-01T09:00");
        look(owner, "life-09-in-force", amendment);
        assertThat(owner.locator("main")).containsText("已生效");

        // Force majeure: told, proven, relieved in part, over.
        pay(lead, contract, "2025-04-01T08:00", "3", "LJ-3");
        lead.navigate(url(contract + "/life"));
        open(lead.locator("details:has(#fm-occurred)"));
        lead.locator("#fm-occurred").fill("2025-04-01T08:30");
        lead.locator("#fm-words").fill("台风致机房进水");
        lead.locator("form[action$='/life/force-majeure'] input[name=duties]")
                .last()
                .check();
        submit(lead, lead.locator("form[action$='/life/force-majeure'] button[type=submit]"));
        lead.locator("form[action$='/proof'] input[name=proof]").fill(PROOF);
        submit(lead, lead.locator("form[action$='/proof'] button"));
        look(owner, "life-10-force-majeure", contract + "/life");
        owner.locator("form[action$='/acceptance'] input[name=relief]").fill("50");
        submit(owner, owner.locator("form[action$='/acceptance'] button"));
        turn("2025-04-02T09:00");
        lead.navigate(url(contract + "/life"));
        lead.locator("form[action$='/end'] input[name=at]").fill("2025-04-02T08:30");
        submit(lead, lead.locator("form[action$='/end'] button"));
        look(lead, "life-11-over", contract + "/life");
        look(lead, "life-12-duties", contract + "/duties");
        noComplaints();
    }

    @Test
    void anEarlyEndIsAgreedSettledAndClosed() {
        signed();
        var lead = signIn(cast.lead());
        var owner = signIn(cast.owner());
        turn("2024-12-30T15:00");
        pay(lead, contract, "2024-12-30T14:30", "1", "EE-1");
        submit(lead, lead.locator("form[action$='/receipt'] button").first());
        turn("2025-01-30T15:00");
        pay(lead, contract, "2025-01-30T14:30", "2", "EE-2");
        submit(lead, lead.locator("form[action$='/receipt'] button").first());
        turn("2025-02-05T10:00");
        owner.navigate(url(contract + "/life"));
        open(owner.locator("details:has(#amendment-kind)"));
        owner.locator("#amendment-kind").selectOption("EARLY_END");
        owner.locator("#amendment-from").fill("2025-02-15");
        owner.locator("#amendment-reason").fill("业务调整");
        submit(owner, owner.locator("form[action$='/life/amendments'] button[type=submit]"));
        var amendment = path(owner);
        look(owner, "end-01-settlement-to-sign", amendment);
        submit(owner, owner.locator("form[action$='/proposal'] button"));
        for (var page : List.of(owner, lead)) {
            page.navigate(url(amendment));
            page.locator("#signatory").fill("经办人");
            page.locator("#authority").fill("公章,授权委托书");
            submit(page, page.locator("form[action$='/signatures'] button[type=submit]"));
        }
        turn("2025-02-15T09:00");
        look(owner, "end-02-winding-up", contract + "/life");
        // Fourteen of the 28 days of February were paid and will not be served.
        look(lead, "end-03-settlement", contract + "/billing/settlement");
        assertThat(lead.locator("main")).containsText("50,000.00");
        lead.locator("#refund-amount").fill("50,000.00");
        var refund = lead.locator("form[action$='/settlement/refunds']");
        refund.locator("input[name=reference]").fill("RF-1");
        submit(lead, refund.locator("button[type=submit]"));
        lead.navigate(url(contract + "/life"));
        for (int i = 0; i < 2; i++) {
            Locator certificate = lead.locator("form[action$='/certificates']").first();
            certificate.locator("input[name=certificate]").fill(PROOF);
            submit(lead, certificate.locator("button"));
        }
        submit(lead, lead.locator("form[action$='/closure'] button"));
        look(owner, "end-04-closed", contract + "/life");
        assertThat(owner.locator("main header").first()).containsText("已结束");
        noComplaints();
    }

    @Test
    void anAmendmentBringsAnnexesAndAThirdPartyThatSignsByItsAccount() {
        signed();
        var name = "云呼科技有限公司" + cast.clientName().substring(cast.clientName().length() - 6);
        var organisation = organisations.namedOrNew(name).id();
        var login = "third-" + organisation;
        people.add(login, "丁一", World.PASSWORD, organisation, Role.OWNER);
        var lead = signIn(cast.lead());
        var owner = signIn(cast.owner());
        var lawyer = signIn(cast.lawyer());
        turn("2024-12-30T15:00");
        pay(lead, contract, "2024-12-30T14:30", "1", "AN-1");
        turn("2025-02-20T11:00");

        owner.navigate(url(contract + "/life"));
        open(owner.locator("details:has(#amendment-kind)"));
        owner.locator("#amendment-kind").selectOption("CHANGE");
        owner.locator("#amendment-from").fill("2025-04-01");
        owner.locator("#amendment-reason").fill("补齐附件,引入呼叫平台");
        submit(owner, owner.locator("form[action$='/life/amendments'] button[type=submit]"));
        var amendment = path(owner);
        for (int annex : List.of(1, 2, 4, 5)) {
            owner.navigate(url(amendment + "/annexes/" + annex));
            owner.locator("button[value=propose]").click();
            if (annex == 5) {
                assertThat(owner.locator("[name='exit.0.noticeDays']")).hasValue("30");
                owner.locator("[name='engagement.0.name']").fill(name);
                owner.locator("[name='engagement.0.nature']").selectOption("TECHNICAL_SUPPORT");
                owner.locator("[name='engagement.0.introducedBy']").selectOption("PROVIDER");
                owner.locator("[name='tasks.0.service']").selectOption("COMPLAINTS");
                owner.locator("[name='tasks.0.content']").fill("呼叫平台运行维护");
                owner.locator("[name='cap.0.amount']").fill("200000");
            } else {
                assertThat(owner.locator("#annex-checks .ti-circle-dashed")).hasCount(0);
            }
            owner.locator("button[value=save]").click();
            assertThat(owner.locator(".alert-success")).isVisible();
            look(owner, "annex-0" + annex + "-proposed", amendment + "/annexes/" + annex);
        }
        look(owner, "annex-06-draft", amendment);
        assertThat(owner.locator("main")).containsText("新增");
        submit(owner, owner.locator("form[action$='/proposal'] button"));
        look(lawyer, "annex-07-to-the-lawyer", amendment);
        look(owner, "annex-08-third-parties", contract + "/life/third-parties");
        submit(owner, owner.locator("form[action$='/invitations'] button"));
        for (var page : List.of(owner, lead)) {
            page.navigate(url(amendment));
            page.locator("#signatory").fill("经办人");
            page.locator("#authority").fill("公章,授权委托书");
            submit(page, page.locator("form[action$='/signatures'] button[type=submit]"));
        }

        var third = signIn(new Person(organisation, login, ""));
        look(third, "annex-09-parts", "/parts");
        third.locator("main table a").click();
        third.waitForURL(address -> address.matches(".*/parts/[0-9a-f-]+.*"));
        var part = path(third);
        look(third, "annex-10-to-the-third-party", part);
        var form = third.locator("form[action$='/signature']");
        form.locator("[name=signatory]").fill("丁一");
        form.locator("[name=authority]").fill("授权委托书");
        submit(third, form.locator("button[type=submit]"));
        turn("2025-04-01T09:00");
        look(third, "annex-11-takes-part", part);
        assertThat(third.locator("main")).containsText("参与中");
        assertThat(third.locator("main")).containsText("呼叫平台运行维护");
        look(lead, "annex-12-in-force", contract + "/annexes");
        look(lead, "annex-13-third-party-active", contract + "/life/third-parties");
        noComplaints();
    }

    private void noComplaints() {
        assertThat(complaints)
                .as("what axe and the console of the browser complained about")
                .isEmpty();
    }

    private String path(Page page) {
        return page.url().substring(url("").length()).replaceFirst("\\?.*", "");
    }

    /** The contract, filled in, confirmed and signed by both, by the API. */
    private void signed() {
        var imported = done(call(cast.lead())
                .post(
                        "/contracts/imports",
                        Map.of(
                                "organisation", cast.provider(),
                                "party", "PROVIDER",
                                "counterparty", cast.clientName(),
                                "text", World.contractText(cast))));
        var id = imported.body().get("contract").asString();
        var path = "/contracts/" + id;
        done(call(cast.lead()).put(path + "/terms/late.mode", Map.of("value", "DAILY")));
        for (var person : List.of(cast.lead(), cast.owner())) {
            done(call(person).post(path + "/confirmations", Map.of()));
            done(call(person).post(path + "/annexes/risks", Map.of()));
        }
        var hash = done(call(cast.lead()).post(path + "/submission", Map.of()))
                .body()
                .get("hash")
                .asString();
        turn("2024-12-20T10:00");
        for (var person : List.of(cast.owner(), cast.lead())) {
            done(call(person)
                    .post(
                            path + "/signatures",
                            Map.of("hash", hash, "mode", "SEAL", "signatory", "经办人", "authority", "公章")));
        }
        contract = path;
    }

    private static Answer done(Answer answer) {
        assertThat(answer.status()).as("%s", answer.body()).isLessThan(300);
        return answer;
    }

    private Caller call(Person person) {
        return new Caller(port, person);
    }
}
