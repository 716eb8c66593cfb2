package io.retainer;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static com.microsoft.playwright.assertions.PlaywrightAssertions.setDefaultAssertionTimeout;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.PlaywrightException;
import com.microsoft.playwright.options.ElementState;
import io.retainer.World.Caller;
import java.io.RandomAccessFile;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.context.annotation.Import;

/**
 * A day at the desk: a customer complains on the public page and follows it there, an agent works ten cases without touching
 * the mouse, a colleague sees it happen, and the client approves what is above the provider's limit. The pictures are
 * under {@code target/screenshots}.
 */
@SpringBootTest(webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT)
@Import({PostgresTest.class, World.class})
class ComplaintJourneyTests extends BrowserJourney {

    private static final List<String> TEXTS = List.of(
            "快递三天没有更新物流信息",
            "洗衣机用了两周就漏水",
            "收银台多扣了一笔钱",
            "送货员态度粗暴",
            "优惠券没有抵扣",
            "毛巾掉色染了其他衣服",
            "门店不肯开发票",
            "空调安装费高于报价",
            "会员积分没有到账");

    private String contract = "";

    @Test
    void anAgentWorksTenCasesByKeyboardOnlyTheClientApprovesAndTheCustomerFollows() {
        // Other builds may be running beside it.
        setDefaultAssertionTimeout(20_000);
        contract = inForce();
        clock.set("2025-02-10T09:00");
        var lead = signIn(cast.lead());
        var owner = signIn(cast.owner());
        var agent = signIn(cast.agent());
        look(agent, "k01-no-complaints", contract + "/complaints");

        // The lead opens the public form and writes an answer that is used often; the client sets the limit.
        lead.navigate(url(contract + "/complaints/settings"));
        submit(lead, lead.locator("form[action$='/settings/form'] button[value=true]"));
        var form = Objects.requireNonNull(
                lead.locator("a[href*='/complaints/new/']").getAttribute("href"));
        lead.locator("#canned-title").fill("致歉");
        lead.locator("#canned-text").fill("非常抱歉，您的投诉 [number] 由 [agent] 处理，最迟 [date] 答复。");
        submit(lead, lead.locator("form:has(#canned-title) button[type=submit]"));
        look(lead, "k02-settings", contract + "/complaints/settings");
        owner.navigate(url(contract + "/complaints/settings"));
        owner.locator("#limit").fill("500");
        submit(owner, owner.locator("form:has(#limit) button"));
        look(owner, "k03-limit", contract + "/complaints/settings");

        // A customer complains in English on the phone; the desk shows it without being asked to.
        agent.navigate(url("/complaints"));
        agent.waitForTimeout(500);
        var customer = guest("en", 390);
        customer.navigate(url(form));
        clock.set("2025-02-10T09:01");
        customer.locator("#text").fill("The kettle gave me an electric shock.");
        customer.locator("#sought").selectOption("COMPENSATION");
        customer.locator("#name").fill("Ada Wong");
        customer.locator("#phone").fill("13900001234");
        healthy(customer, "k04-form in English, narrow");
        picture(customer, "k04-form.en.390");
        customer.locator("main form button[type=submit]").click();
        customer.waitForURL(Pattern.compile(".*/complaints/status/.*"));
        var status = customer.url();
        var number = customer.locator("h1 .clause-id").innerText();
        assertThat(customer.locator("main")).containsText("electric shock");
        healthy(customer, "k05-status in English, narrow");
        picture(customer, "k05-status.en.390");
        assertThat(agent.locator("tr[data-href]")).hasCount(1);
        assertThat(agent.locator("#desk-views .here .desk-count")).hasText("1");

        // Nine more come in by telephone and from the shop's system.
        var shop = new Caller(port, cast.agent());
        for (int i = 0; i < TEXTS.size(); i++) {
            var taken = shop.post(
                    contract + "/complaints",
                    Map.of(
                            "text",
                            TEXTS.get(i),
                            "name",
                            "客户" + i,
                            "phone",
                            "1380000100" + i,
                            "sought",
                            "EXPLANATION",
                            "region",
                            "上海"));
            assertThat(taken.status()).as("%s", taken.body()).isEqualTo(201);
        }
        assertThat(agent.locator("tr[data-href]")).hasCount(10);

        // From here on the agent has a keyboard only. All ten are taken and acknowledged at once.
        clock.set("2025-02-10T09:05");
        agent.navigate(url(contract + "/complaints?view=UNOWNED"));
        lead.navigate(url(contract + "/complaints"));
        tickAll(agent);
        send(agent, "t");
        assertThat(agent.locator(".alert-success")).containsText("10");
        assertThat(agent.url()).contains("view=UNOWNED");
        assertThat(agent.locator("tr[data-href]")).hasCount(0);
        assertThat(lead.locator("tr[data-href]").first()).containsText("安宁");
        press(agent, "g", "q");
        agent.waitForURL(url("/complaints"));
        agent.navigate(url(contract + "/complaints?view=MINE"));
        tickAll(agent);
        send(agent, "a");
        assertThat(agent.locator(".alert-success")).containsText("10");
        look(agent, "k06-queue", contract + "/complaints?view=MINE");
        clock.set("2025-02-10T10:30");

        // The first one was the customer's at the public form.
        press(agent, "/");
        agent.keyboard().type(number);
        press(agent, "Enter");
        assertThat(agent.locator("tr[data-href]")).hasCount(1);
        press(agent, "Escape", "j", "o");
        assertThat(agent.locator("#timeline")).containsText("electric shock");
        var path = pathOf(agent);
        lead.navigate(url(path));
        assertThat(agent.locator(".case-inside")).containsText("陆远");
        assertThat(lead.locator(".case-inside")).containsText("安宁");
        press(agent, "r");
        write(agent, "We are sorry and look into it at once.");
        assertThat(agent.locator("#timeline")).containsText("look into it at once");
        assertThat(lead.locator("#timeline")).containsText("look into it at once");
        press(agent, "i");
        agent.keyboard().type("请 @陆");
        assertThat(agent.locator(".mention-list")).containsText("陆远");
        press(agent, "Enter");
        write(agent, "看一下是否要召回");
        assertThat(agent.locator("#timeline")).containsText("请 @陆远 看一下是否要召回");
        // What the colleague is writing stays when the page changes under it.
        lead.locator("#note").fill("半句话");
        assess(agent, 5);
        send(agent, "a");
        stage(agent, "调查中");
        stage(lead, "调查中");
        assertThat(lead.locator("#acts summary[data-key=p]")).isVisible();
        assertThat(lead.locator("#note")).hasValue("半句话");
        propose(agent, "800");
        stage(agent, "方案待批");
        look(agent, "k07-above-the-limit", path);
        assertThat(agent.locator("#acts summary[data-key=c]")).hasCount(0);

        // The client is told, sees why, and approves; so does a second person of the provider.
        owner.navigate(url("/messages"));
        assertThat(owner.locator("main")).containsText("投诉");
        look(owner, "k08-client-sees", path);
        submit(owner, owner.locator("form[action$='/acts/approveByClient'] button"));
        assertThat(owner.locator("main")).containsText("甄青");
        lead.navigate(url("/"));
        lead.navigate(url(path));
        submit(lead, lead.locator("form[action$='/acts/approve'] button"));
        assertThat(agent.locator("#acts summary[data-key=c]")).isVisible();
        press(agent, "c");
        write(agent, "We pay 800 yuan and take the kettle back.");
        stage(agent, "待客户确认");

        // The customer reads it at the same address as before, and accepts.
        clock.set("2025-02-10T14:00");
        customer.navigate(status);
        assertThat(customer.locator("main")).containsText("800 yuan");
        assertThat(customer.locator("main")).not().containsText("召回");
        healthy(customer, "k09-decision in English, narrow");
        picture(customer, "k09-decision.en.390");
        customer.locator("button[name=accepted][value=true]").click();
        stage(agent, "待回访");
        assertThat(agent.locator("#acts summary[data-key=v]")).isVisible();
        press(agent, "v");
        write(agent, "满意，没有受伤");
        stage(agent, "已回访");
        // What was paid must be said before it is closed.
        press(agent, "z", "Tab");
        write(agent, "退款流水 TK-20250210");
        stage(agent, "已结案");
        customer.navigate(status + "?lang=zh-CN");
        healthy(customer, "k10-closed in Chinese, narrow");
        picture(customer, "k10-closed.zh.390");

        // The other nine, one after another, each with the canned answer.
        for (int i = 0; i < TEXTS.size(); i++) {
            var before = agent.locator("h1").innerText();
            send(agent, "n");
            assertThat(agent.locator("h1")).not().hasText(before);
            press(agent, "r");
            press(agent, "Shift+Tab", "ArrowDown");
            assertThat(agent.locator("#reply"))
                    .hasValue(Pattern.compile(".*由 安宁 处理，最迟 2025年2月[12][0-9]日 答复。", Pattern.DOTALL));
            write(agent, "");
            assertThat(agent.locator("#reply")).hasValue("");
            assess(agent, 1 + i % 4);
            send(agent, "a");
            stage(agent, "调查中");
            propose(agent, "");
            stage(agent, "方案待批");
            press(agent, "c");
            write(agent, "我们已核实并改进，谢谢您的反馈。");
            stage(agent, "待客户确认");
            send(agent, "a");
            stage(agent, "待回访");
            press(agent, "v");
            write(agent, "满意");
            stage(agent, "已回访");
            press(agent, "z");
            send(agent, "Control+Enter");
            stage(agent, "已结案");
        }
        send(agent, "u");
        assertThat(agent.locator("main .empty")).isVisible();
        look(agent, "k11-all-done", contract + "/complaints?view=ALL");
        look(lead, "k12-analysis", contract + "/complaints/analysis");
        assertThat(complaints)
                .as("what axe and the console of the browser complained about")
                .isEmpty();
    }

    // By keyboard

    /** More than 20 MB: refused before it is sent, and by the server too, with a sentence; what was typed stays, nothing lands. */
    @Test
    void whatIsTooLargeIsRefusedWithASentenceAndNothingTypedIsLost() throws Exception {
        setDefaultAssertionTimeout(20_000);
        contract = inForce();
        clock.set("2025-02-10T09:00");
        var lead = signIn(cast.lead());
        lead.navigate(url(contract + "/complaints/settings"));
        submit(lead, lead.locator("form[action$='/settings/form'] button[value=true]"));
        var form = Objects.requireNonNull(
                lead.locator("a[href*='/complaints/new/']").getAttribute("href"));
        var large = directory.resolve("large.png");
        try (var file = new RandomAccessFile(large.toFile(), "rw")) {
            file.setLength(25L * 1024 * 1024);
        }

        var agent = signIn(cast.agent());
        agent.navigate(url(contract + "/complaints/new"));
        agent.locator("#text").fill("客户说了很久");
        agent.locator("#sought").selectOption("REFUND");
        agent.locator("#phone").fill("13800138000");
        agent.locator("#files-new").setInputFiles(large);
        agent.locator(".card-footer button[type=submit]").click();
        assertThat((String) agent.locator("#files-new").evaluate("field => field.validationMessage"))
                .contains("10 MB");
        assertThat(agent).hasURL(url(contract + "/complaints/new"));
        // Whoever gets past the page meets the server.
        agent.locator("#files-new").evaluate("field => field.setCustomValidity('')");
        agent.locator(".card-footer button[type=submit]").click();
        assertThat(agent.locator(".alert-danger")).containsText("一次最多 20 MB");
        assertThat(agent.locator("#text")).hasValue("客户说了很久");
        assertThat(agent.locator("#phone")).hasValue("13800138000");
        agent.locator("#files-new").setInputFiles(new Path[0]);
        submit(agent, agent.locator(".card-footer button[type=submit]"));
        assertThat(agent.locator("#timeline")).containsText("客户说了很久");

        // The customer's page is an ordinary form: a page says why, and the one before still has the words.
        var customer = guest("en", 390);
        customer.navigate(url(form));
        customer.locator("#text").fill("The kettle leaks.");
        customer.locator("#sought").selectOption("REFUND");
        customer.locator("#phone").fill("13900001234");
        customer.locator("#files-public").setInputFiles(large);
        customer.locator("#files-public").evaluate("field => field.setCustomValidity('')");
        var answer = customer.waitForResponse(
                response -> response.request().method().equals("POST"),
                () -> customer.locator("main form button[type=submit]").click());
        assertThat(answer.status()).isEqualTo(413);
        assertThat(customer.locator("main")).containsText("20 MB at once");
        customer.goBack();
        assertThat(customer.locator("#text")).hasValue("The kettle leaks.");

        assertThat(new Caller(port, cast.agent())
                        .get(contract + "/complaints")
                        .body()
                        .get("lines")
                        .size())
                .as("one complaint, sent without the file")
                .isEqualTo(1);
    }

    private static void press(Page page, String... keys) {
        for (var key : keys) {
            page.keyboard().press(key);
        }
    }

    /** Types into where one is and sends it. */
    private static void write(Page page, String text) {
        page.keyboard().type(text);
        send(page, "Control+Enter");
    }

    /** Presses the key and waits until the answer has taken the place of the page. */
    private static void send(Page page, String key) {
        var before = Objects.requireNonNull(page.querySelector("main"));
        press(page, key);
        try {
            before.waitForElementState(ElementState.HIDDEN);
        } catch (PlaywrightException gone) {
            // On a busy machine the answer may have come before the wait began.
            assertThat(gone).hasMessageContaining("not attached");
        }
        assertThat(page.locator(".alert-danger")).hasCount(0);
    }

    private static void tickAll(Page page) {
        assertThat(page.locator("tr[data-href]")).hasCount(10);
        for (int i = 0; i < 10; i++) {
            press(page, "j", "x");
        }
        assertThat(page.locator("tr[data-href] input:checked")).hasCount(10);
    }

    /** @param down which category of the list */
    private static void assess(Page page, int down) {
        press(page, "e");
        for (int i = 0; i < down; i++) {
            press(page, "ArrowDown");
        }
        send(page, "Control+Enter");
        stage(page, "待调查");
    }

    private static void propose(Page page, String compensation) {
        press(page, "p", "ArrowDown", "Tab", "ArrowDown", "Tab");
        page.keyboard().type(compensation);
        press(page, "Tab");
        write(page, "已核实经过，建议致歉并改进。");
    }

    private static void stage(Page page, String name) {
        assertThat(page.locator("#case-head .badge").first()).hasText(name);
    }

    private String pathOf(Page page) {
        return page.url().substring(url("").length()).replaceAll("\\?.*", "");
    }

    /** Somebody without an account, in a browser of their own. */
    private Page guest(String language, int width) {
        var page = browser.newContext(
                        new Browser.NewContextOptions().setLocale(language).setViewportSize(width, 844))
                .newPage();
        page.setDefaultTimeout(60_000);
        page.onConsoleMessage(message -> {
            if (message.type().equals("error")) {
                complaints.add(page.url() + ": " + message.text());
            }
        });
        return page;
    }

    private String inForce() {
        return "/contracts/" + World.inForce(port, cast);
    }
}
