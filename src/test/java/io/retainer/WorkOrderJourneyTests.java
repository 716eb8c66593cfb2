package io.retainer;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.FilePayload;
import io.retainer.World.Caller;
import io.retainer.World.Person;
import io.retainer.contract.ContractLife;
import io.retainer.contract.SignatureMode;
import io.retainer.contract.TermKey;
import io.retainer.identity.Access;
import io.retainer.identity.Standings;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.context.annotation.Import;

/**
 * Other work from the first question to the money (state-machines.md §3.9): the client asks, the lead quotes, the client
 * approves, the agent works and delivers, the client sends back once and accepts, and the charge stands with the next
 * instalment. The pictures are under {@code target/screenshots}.
 */
@SpringBootTest(webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT, properties = "db-scheduler.enabled=false")
@Import({PostgresTest.class, World.class})
class WorkOrderJourneyTests extends BrowserJourney {

    @Autowired
    ContractLife life;

    @Autowired
    Standings standings;

    private String contract = "";
    private UUID id = new UUID(0, 0);

    @Test
    void fromTheQuestionToTheCharge() throws Exception {
        inForce();
        clock.set("2025-02-10T10:00");
        var owner = signIn(cast.owner());
        var lead = signIn(cast.lead());
        var agent = signIn(cast.agent());

        // The client asks.
        look(owner, "w1-none", contract + "/work-orders");
        owner.navigate(url(contract + "/work-orders/new"));
        look(owner, "w2-ask", contract + "/work-orders/new");
        owner.locator("#title").fill("双十一促销对账报表");
        owner.locator("#details").fill("按门店、按日汇总会员订单与退款。");
        submit(owner, owner.locator("form[enctype] button[type=submit]"));
        var order = owner.url().replaceAll("https?://[^/]+|[?#].*", "");
        look(owner, "w3-asked", order);

        // The provider looks, and says what it costs and until when it stands by that.
        lead.navigate(url(order));
        act(lead, "TAKE_AS_CHANGE", form -> form.locator("[name=looked]").check());
        lead.navigate(url(order));
        act(lead, "QUOTE", form -> {
            form.locator("[name=hours]").fill("12");
            form.locator("[name=readyOn]").fill("2025-02-24");
            form.locator("[name=validUntil]").fill("2025-02-14");
            form.locator("[name=line]").first().fill("报表制作");
            form.locator("[name=quantity]").first().fill("4");
            form.locator("[name=unit]").first().fill("265.00");
        });
        look(lead, "w4-quoted", order);
        assertThat(lead.locator("main")).containsText("¥1,060.00");

        // Too late: the refusal says what to do, and the client does it.
        clock.set("2025-02-15T09:00");
        owner.navigate(url(order));
        open(details(owner, "ACCEPT_QUOTE"));
        details(owner, "ACCEPT_QUOTE").locator("button").click();
        assertThat(owner.locator(".alert-danger")).containsText("有效期");
        look(owner, "w5-over", null);
        owner.navigate(url(order));
        act(owner, "REJECT_QUOTE", form -> form.locator("[name=words]").fill("请重新报价。"));
        lead.navigate(url(order));
        act(lead, "QUOTE", form -> {
            form.locator("[name=hours]").fill("12");
            form.locator("[name=readyOn]").fill("2025-02-24");
            form.locator("[name=line]").first().fill("报表制作");
            form.locator("[name=quantity]").first().fill("4");
            form.locator("[name=unit]").first().fill("265.00");
        });
        owner.navigate(url(order));
        act(owner, "ACCEPT_QUOTE", _ -> {});

        // The agent works without seeing the money.
        agent.navigate(url(order));
        assertThat(agent.locator("main")).not().containsText("¥1,060.00");
        act(agent, "START", _ -> {});
        agent.navigate(url(order));
        act(agent, "DELIVER", form -> {
            form.locator("[name=words]").fill("报表见附件。");
            form.locator("[name=files]")
                    .setInputFiles(new FilePayload(
                            "对账.csv", "text/csv", "门店,差异\n张杨路店,36.50\n".getBytes(StandardCharsets.UTF_8)));
        });
        look(agent, "w6-delivered", order);

        // Sent back once, delivered again, accepted.
        owner.navigate(url(order));
        var file = download(owner, owner.locator("a[href*='/files/']").first());
        assertThat(Files.readString(file)).contains("36.50");
        act(owner, "REJECT", form -> form.locator("[name=words]").fill("缺少退款。"));
        agent.navigate(url(order));
        act(agent, "DELIVER", form -> form.locator("[name=words]").fill("已补退款。"));
        owner.navigate(url(order));
        act(owner, "ACCEPT", _ -> {});
        look(owner, "w7-accepted", order);
        look(owner, "w8-list", contract + "/work-orders");

        // The charge stands in the bill of the client.
        look(owner, "w9-billing", contract + "/billing");
        assertThat(owner.locator("main")).containsText("¥101,060.00");
        look(owner, "w10-charged", contract + "/billing/charges");
        assertThat(owner.locator("main")).containsText("双十一促销对账报表");
        assertThat(owner.locator("main")).containsText("¥1,060.00");
        assertThat(complaints).isEmpty();
    }

    private void act(Page page, String act, Consumer<Locator> fill) {
        var details = details(page, act);
        open(details);
        fill.accept(details);
        submit(page, details.locator("form button[type=submit]"));
    }

    private static Locator details(Page page, String act) {
        return page.locator("details.work-act:has(form[action$='/acts/" + act + "'])");
    }

    private void inForce() {
        var made = new Caller(port, cast.lead())
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
                                World.contractText(cast)));
        assertThat(made.status()).as(made.body().toString()).isEqualTo(201);
        id = UUID.fromString(made.body().get("contract").asString());
        contract = "/contracts/" + id;
        var all = Stream.of(TermKey.values())
                .filter(key -> key.proposal() != null)
                .toList();
        for (var person : List.of(cast.lead(), cast.owner())) {
            life.confirm(access(person), all, null);
            life.acceptRisk(access(person), null, null);
        }
        life.submit(access(cast.lead()), null);
        var lead = access(cast.lead());
        var hash = life.hash(lead.tenant(), id).orElseThrow();
        life.sign(access(cast.owner()), hash, SignatureMode.SEAL, "甄青", "公章");
        life.sign(access(cast.lead()), hash, SignatureMode.SEAL, "陆远", "公章");
    }

    private Access access(Person person) {
        return standings.access(person.id(), id, clock.instant());
    }
}
