package io.retainer;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.BrowserType;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Playwright;
import com.microsoft.playwright.assertions.LocatorAssertions;
import io.retainer.World.Caller;
import io.retainer.World.Cast;
import io.retainer.World.Casting;
import io.retainer.World.Person;
import java.nio.charset.Charset;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.context.annotation.Import;

/**
 * A file of 10,000 customers with 300 bad rows taken in, searched, revealed and reverted in a browser: both languages, wide
 * and narrow, every page without a serious finding of axe. The pictures are under {@code target/screenshots}.
 */
@SpringBootTest(webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT)
@Import({PostgresTest.class, World.class})
class CustomerJourneyTests {

    private static final Path PICTURES = Path.of("target/screenshots");

    @LocalServerPort
    int port;

    @Autowired
    Casting casting;

    @TempDir
    Path directory;

    private Playwright playwright;
    private Browser browser;
    private Cast cast;
    private final List<String> complaints = new ArrayList<>();
    private String contract = "";

    @BeforeEach
    void openTheBrowser() {
        cast = casting.cast();
        contract = "/contracts/" + World.inForce(port, cast);
        playwright = Playwright.create(
                new Playwright.CreateOptions().setEnv(Map.of("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1")));
        browser = playwright
                .chromium()
                .launch(new BrowserType.LaunchOptions()
                        .setExecutablePath(Path.of("/usr/bin/chromium"))
                        .setArgs(List.of(
                                "--no-sandbox",
                                "--disable-gpu",
                                "--disable-quic",
                                "--no-first-run",
                                "--disable-background-networking",
                                "--disable-component-update",
                                "--disable-sync",
                                "--disable-dev-shm-usage")));
    }

    @AfterEach
    void closeTheBrowser() {
        browser.close();
        playwright.close();
    }

    @Test
    void tenThousandCustomersInTheBrowser() throws Exception {
        var lead = signIn(cast.lead());
        look(lead, "c01-no-customers", contract + "/customers");

        lead.navigate(url(contract + "/imports"));
        look(lead, "c02-upload", contract + "/imports");
        lead.locator("#file").setInputFiles(file());
        lead.locator("form[enctype] button[type=submit]").click();
        assertThat(lead.locator("select[name=mapping]")).hasCount(7);
        assertThat(lead.locator("#m-2")).hasValue("PHONE");
        assertThat(lead.locator("tbody").first()).not().containsText("13800000003");
        look(lead, "c03-columns", null);
        lead.locator("#source").fill("门店会员登记");
        lead.locator("#supplier").fill("青禾生活用品有限公司");
        lead.locator("form[action$='/start'] button[type=submit]").click();
        assertThat(lead.locator("a[href$='bad.csv']"))
                .isVisible(new LocatorAssertions.IsVisibleOptions().setTimeout(60_000));
        assertThat(lead.locator("#progress dd").nth(0))
                .hasText("10000", new LocatorAssertions.HasTextOptions().setTimeout(60_000));
        assertThat(lead.locator("form[action$='/revert']"))
                .isVisible(new LocatorAssertions.IsVisibleOptions().setTimeout(60_000));
        assertThat(lead.locator("#progress dd").nth(1)).hasText("9700");
        assertThat(lead.locator("#progress dd").nth(2)).hasText("300");
        look(lead, "c04-imported", null);
        var download =
                lead.waitForDownload(() -> lead.locator("a[href$='bad.csv']").click());
        assertThat(Files.readAllLines(download.path()))
                .hasSize(301)
                .element(1)
                .asString()
                .startsWith("2,电话号码有误");

        lead.navigate(url(contract + "/customers"));
        lead.keyboard().press("/");
        lead.keyboard().type("13800000003");
        lead.keyboard().press("Enter");
        assertThat(lead.locator("tbody tr")).hasCount(1);
        assertThat(lead.url()).as("what was searched for is not in the address").doesNotContain("13800000003");
        look(lead, "c05-found", null);
        lead.locator("tbody a").first().click();
        assertThat(lead.locator("main")).containsText("138****0003");
        look(lead, "c06-masked", null);
        var phone = lead.locator("li:has-text('138****0003') details:has([name=reason])");
        phone.locator("summary").click();
        phone.locator("select[name=purpose]").selectOption("RETURN_VISIT");
        phone.locator("input[name=reason]").fill("回访满意度");
        phone.locator("button[type=submit]").click();
        assertThat(lead.locator("main strong")).hasText("+8613800000003");
        look(lead, "c07-revealed", null);
        lead.locator("#purpose").selectOption("MARKETING");
        lead.locator("#channel").selectOption("SMS");
        lead.locator("#proof").fill("登记表第 3 项");
        lead.locator("button[name=granted][value=false]").click();
        assertThat(lead.locator("main")).containsText("已撤回");
        assertThat(lead.locator("main")).not().containsText("+8613800000003");
        look(lead, "c08-consent", null);
        var entries = new Caller(port, cast.owner()).get(contract + "/reveals");
        assertThat(entries.body().get("reveals").size()).isEqualTo(1);
        assertThat(entries.body().get("reveals").get(0).get("reason").asString())
                .isEqualTo("回访满意度");

        lead.navigate(url(contract + "/customers/new"));
        lead.locator("#name").fill("王小明");
        lead.locator("#phone").fill("138 0000 0003");
        lead.locator("#source").fill("柜台");
        lead.locator("form.card button.btn-primary").click();
        assertThat(lead.locator("main")).containsText("可能已有这位客户");
        look(lead, "c09-alike", null);

        // The client's lawyer sees no customers, an outsider not even the contract.
        var lawyer = signIn(cast.lawyer());
        assertThat(lawyer.navigate(url(contract + "/customers")).status()).isEqualTo(403);
        assertThat(signIn(cast.outsider())
                        .navigate(url(contract + "/customers"))
                        .status())
                .isEqualTo(404);
        assertThat(complaints).isEmpty();
    }

    /** Customers known twice, in ways that somebody must look at; then looked at without a mouse. */
    @Test
    void duplicatesAreReviewedByKeyboardAlone() {
        post("/customers/batch?source=shop", people());
        var lead = signIn(cast.lead());
        look(lead, "c20-duplicates", contract + "/duplicates");
        tabTo(lead, "form[action$='/duplicates'] button");
        lead.keyboard().press("Enter");
        assertThat(lead.locator("a[href$='/duplicates/review']"))
                .isVisible(new LocatorAssertions.IsVisibleOptions().setTimeout(60_000));
        look(lead, "c21-searched", null);
        tabTo(lead, "a[href$='/duplicates/review']");
        lead.keyboard().press("Enter");
        assertThat(lead.locator("#answers")).isVisible();
        look(lead, "c22-review", null);
        var first = pair(lead);
        lead.keyboard().press("j");
        assertThat(lead.locator("#answers")).not().hasAttribute("action", first);
        lead.keyboard().press("k");
        assertThat(lead.locator("#answers")).hasAttribute("action", first);
        lead.keyboard().press("n");
        // What is learned from it may leave no other pair in doubt.
        assertThat(lead.locator("form[action='" + first + "']")).hasCount(0);
        lead.keyboard().press("u");
        assertThat(lead.locator("#answers")).hasAttribute("action", first);
        lead.keyboard().press("y");
        assertThat(lead.locator("form[action='" + first + "']")).hasCount(0);
        look(lead, "c23-merged", null);
        lead.navigate(url(contract + "/duplicates"));
        assertThat(lead.locator("form[action*='/merges/']")).hasCount(1);
        tabTo(lead, "form[action*='/merges/'] button");
        lead.keyboard().press("Enter");
        assertThat(lead.locator("form[action*='/merges/']")).hasCount(0);
        assertThat(complaints).isEmpty();
    }

    @Test
    void segmentsRisksProfilesAndSignUpInTheBrowser() throws Exception {
        post("/customers/batch?source=shop", people());
        var lead = signIn(cast.lead());

        // A segment, whose count follows each change of its rule.
        look(lead, "c30-segments", contract + "/segments");
        lead.locator("#name").fill("常客");
        lead.locator("form:has(#name) button.btn-primary").click();
        assertThat(lead.locator("#size")).hasText("150");
        condition(lead, "TAG");
        lead.locator("#text").fill("VIP");
        lead.locator("#condition button[type=submit]").click();
        assertThat(lead.locator("#size")).hasText("15");
        condition(lead, "CONTACT");
        lead.locator("#contact").selectOption("EMAIL");
        lead.locator("#condition button[type=submit]").click();
        assertThat(lead.locator("#size")).hasText("14");
        look(lead, "c31-segment", null);
        lead.locator("button[value=TURN]").first().click();
        assertThat(lead.locator("#size")).hasText("71");
        lead.locator("tbody a.btn").first().click();
        assertThat(lead.locator(".rule-tree").first()).isVisible();
        look(lead, "c32-why", null);

        // Who lives in a district; what is not understood is said, and what was typed stays.
        lead.navigate(url(contract + "/segments"));
        lead.locator("#name").fill("浦东的客户");
        lead.locator("form:has(#name) button.btn-primary").click();
        assertThat(lead.locator("#size")).hasText("150");
        condition(lead, "REGION");
        lead.locator("#text").fill("上海浦东");
        lead.locator("#condition button[type=submit]").click();
        assertThat(lead.locator("main [role=alert]")).containsText("全称");
        assertThat(lead.locator("#text")).hasValue("上海浦东");
        lead.locator("#text").fill("上海浦东新区");
        lead.locator("#condition button[type=submit]").click();
        assertThat(lead.locator("#size")).hasText("120");
        assertThat(lead.locator(".rule-tree").first()).containsText("上海 浦东新区");
        condition(lead, "REGION");
        lead.locator("#text").fill("北京");
        lead.locator("#condition button[type=submit]").click();
        assertThat(lead.locator("#size")).hasText("0");
        lead.locator("button[value=TURN]").first().click();
        assertThat(lead.locator("#size")).hasText("140");
        look(lead, "c32-regions", null);
        // The same from the search, kept as a segment.
        lead.navigate(url(contract + "/customers"));
        lead.locator("#q").fill("@北京海淀区");
        lead.locator("form:has(#q) button[type=submit]").first().click();
        assertThat(lead.locator("tbody tr")).hasCount(20);

        // Who left, by a file; then the risks.
        look(lead, "c33-labels", contract + "/churn/labels");
        lead.locator("#file").setInputFiles(labels());
        lead.locator("form[enctype] button[type=submit]").click();
        assertThat(lead.locator("section[role=status]")).containsText("140");
        look(lead, "c34-events", contract + "/events");
        look(lead, "c35-no-risks", contract + "/churn");
        lead.locator("#horizon").selectOption("0");
        lead.locator("#progress form button[type=submit]").click();
        assertThat(lead.locator("#progress a[href$='/churn']"))
                .isVisible(new LocatorAssertions.IsVisibleOptions().setTimeout(120_000));
        lead.navigate(url(contract + "/churn"));
        assertThat(lead.locator(".figure-number").first()).containsText("AUROC");
        look(lead, "c36-risks", contract + "/churn");
        lead.locator("#name").fill("可能流失");
        lead.locator("#percent").fill("1");
        lead.locator("form[action$='/churn/segment'] button").click();
        assertThat(lead.locator("#size")).not().hasText("0");

        // A company with an own field, a contact, a note and a file.
        lead.navigate(url(contract + "/customer-fields"));
        lead.locator("#label").fill("级别");
        lead.locator("#key").fill("level");
        lead.locator("form:has(#key) button[type=submit]").click();
        assertThat(lead.locator("main")).containsText("级别");
        look(lead, "c37-new", contract + "/customers/new");
        lead.navigate(url(contract + "/customers/new"));
        lead.locator("#kind").selectOption("COMPANY");
        lead.locator("#name").fill("云帆会展有限公司");
        lead.locator("#reference").fill("B1");
        lead.locator("#source").fill("框架协议");
        lead.locator("#phone").fill("021-62501234，13912340001");
        lead.locator("form.card details summary").click();
        lead.locator("input[name=source-PHONE]").fill("名片交换");
        lead.locator("form.card button.btn-primary").click();
        assertThat(lead.locator("li:has-text('名片交换')")).hasCount(2);
        lead.locator("#person").fill("P1003");
        lead.locator("#role").fill("采购");
        lead.locator("form[action$='/people'] button").click();
        assertThat(lead.locator("main .badge:has-text('采购')")).isVisible();
        lead.locator("#own-value").fill("银");
        lead.locator("#own-since").fill("2024-01-01");
        lead.locator("form[action$='/fields'] button").click();
        assertThat(lead.locator("main")).containsText("自 2024");
        lead.locator("#own-value").fill("金");
        lead.locator("form[action$='/fields'] button").click();
        assertThat(lead.locator("li:has-text('金')").first()).isVisible();
        assertThat(lead.locator("li:has-text('银') >> text=2024").first()).isVisible();
        lead.locator("#words").fill("开票前先确认抬头");
        lead.locator("form[action$='/notes'] button").click();
        assertThat(lead.locator("main")).containsText("记于");
        assertThat(lead.locator("main")).not().containsText("开票前先确认抬头");
        lead.locator("#title").fill("协议");
        lead.locator("#file").setInputFiles(Files.writeString(directory.resolve("协议.txt"), "会议室八折"));
        lead.locator("form[action$='/files'] button").click();
        assertThat(lead.locator("main")).containsText("text/plain");
        look(lead, "c37-company", null);
        var file = lead.locator("li:has-text('text/plain')");
        file.locator("summary").click();
        file.locator("input[name=reason]").fill("核对折扣");
        var download = lead.waitForDownload(
                () -> file.locator("form:has(input[name=reason]) button").click());
        assertThat(Files.readString(download.path())).isEqualTo("会议室八折");
        assertThat(download.suggestedFilename()).isEqualTo("协议.txt");

        // People sign up themselves. Here time stands still, so whoever sends at once is taken for a machine.
        look(lead, "c38-sign-up", contract + "/sign-up");
        lead.locator("#who").fill("海棠酒店");
        lead.locator("form:has(#who) button").click();
        look(lead, "c39-sign-up-open", contract + "/sign-up");
        var form = lead.locator("dd a[href*='/sign-up/']").getAttribute("href");
        var visitor = browser.newContext(new Browser.NewContextOptions()
                        .setViewportSize(1280, 900)
                        .setLocale("zh-CN"))
                .newPage();
        look(visitor, "c40-sign-up-form", form);
        visitor.locator("#name").fill("贺知秋");
        visitor.locator("#phone").fill("13912345678");
        visitor.locator("input[name=agree]").check();
        visitor.locator("main form button[type=submit]").click();
        assertThat(visitor.locator("main")).containsText("提交得太快了");
        assertThat(visitor.locator("#name")).hasValue("贺知秋");
        var later = casting.clock().instant().plusSeconds(10);
        casting.clock()
                .set(LocalDateTime.ofInstant(later, ZoneId.of("Asia/Shanghai")).toString());
        visitor.locator("input[name=agree]").check();
        visitor.locator("main form button[type=submit]").click();
        assertThat(visitor.locator("main .empty-title")).containsText("登记成功");
        look(visitor, "c41-signed-up", null);
        lead.navigate(url(contract + "/customers"));
        lead.locator("#q").fill("13912345678");
        lead.locator("form:has(#q) button[type=submit]").first().click();
        assertThat(lead.locator("tbody tr")).hasCount(1);
        lead.locator("tbody a").first().click();
        assertThat(lead.locator("main")).containsText("海棠酒店");
        assertThat(complaints).isEmpty();
    }

    private static void condition(Page page, String kind) {
        var form = page.locator("form.rule-add").first();
        form.locator("select").selectOption(kind);
        form.locator("button").click();
        assertThat(page.locator("#condition")).isVisible();
    }

    private static String pair(Page page) {
        return java.util.Objects.requireNonNull(page.locator("#answers").getAttribute("action"));
    }

    /** By the key Tab alone, as somebody without a mouse gets there. */
    private static void tabTo(Page page, String selector) {
        for (int i = 0; i < 200; i++) {
            page.keyboard().press("Tab");
            if (Boolean.TRUE.equals(page.evaluate("s => document.activeElement.matches(s)", selector))) {
                return;
            }
        }
        throw new AssertionError("Tab does not get to " + selector + " on " + page.url());
    }

    private void post(String path, Object body) {
        var answer = new Caller(port, cast.lead()).post(contract + path, body);
        assertThat(answer.status()).as(answer.body().toString()).isEqualTo(201);
    }

    /** 140 people, ten of them once more by only a part of their name and the same address. */
    private static List<Map<String, Object>> people() {
        var random = new Random(3);
        var people = new ArrayList<Map<String, Object>>();
        for (int i = 0; i < 140; i++) {
            var name = "" + "王李张刘陈杨黄赵".charAt(i % 8) + "雨桐梓涵思远嘉怡".charAt(random.nextInt(8))
                    + "欣然浩宇晨曦佳琪".charAt(random.nextInt(8));
            var street = i % 7 == 0 ? "北京市海淀区中关村大街%d号%d室" : "上海市浦东新区世纪大道%d号%d室";
            var address = street.formatted(1 + random.nextInt(900), 101 + random.nextInt(1500));
            var contacts = new ArrayList<Map<String, String>>();
            contacts.add(Map.of("kind", "PHONE", "value", "139%08d".formatted(random.nextInt(100_000_000))));
            contacts.add(Map.of("kind", "ADDRESS", "value", address));
            if (i % 2 == 0) {
                contacts.add(Map.of("kind", "EMAIL", "value", "guest%03d@example.com".formatted(i)));
            }
            people.add(Map.of(
                    "name",
                    name,
                    "reference",
                    "P" + (1000 + i),
                    "contacts",
                    contacts,
                    "tags",
                    i % 10 == 0 || i == 1 ? List.of("VIP") : List.of()));
            if (i % 14 == 3) {
                people.add(Map.of(
                        "name",
                        name.substring(0, 2),
                        "contacts",
                        List.of(Map.of("kind", "ADDRESS", "value", address.replace("上海市", "")))));
            }
        }
        return people;
    }

    /** Of everybody: whoever has an e-mail address stayed more often. */
    private Path labels() throws Exception {
        var text = new StringBuilder("客户编号,是否流失\r\n");
        for (int i = 0; i < 140; i++) {
            text.append("P%d,%s\r\n".formatted(1000 + i, (i % 2 == 0) == (i % 7 == 0) ? "是" : "否"));
        }
        return Files.writeString(directory.resolve("labels.csv"), text);
    }

    /** In GB18030, as spreadsheets here write it. */
    private Path file() throws Exception {
        var random = new Random(7);
        var text = new StringBuilder("会员编号,姓名,手机,邮箱,地址,微信,标签\r\n");
        for (int i = 0; i < 10_000; i++) {
            var name = "王李张刘陈杨黄赵".charAt(random.nextInt(8)) + "小" + "明红军丽伟芳".charAt(random.nextInt(6));
            var phone = i % 100 < 3 ? "12345" : "138%08d".formatted(i);
            text.append("M%05d,%s,%s,u%d@example.com,\"北京市海淀区中关村大街%d号, 3室\",wx_%06d,VIP\r\n"
                    .formatted(i, name, phone, i, i % 900, i));
        }
        return Files.write(directory.resolve("customers.csv"), text.toString().getBytes(Charset.forName("GB18030")));
    }

    private Page signIn(Person person) {
        var page = browser.newContext(new Browser.NewContextOptions()
                        .setViewportSize(1280, 900)
                        .setLocale("zh-CN"))
                .newPage();
        page.navigate(url("/sign-in"));
        page.locator("input[name=username], input[name=login]").first().fill(person.login());
        page.locator("input[name=password]").fill(World.PASSWORD);
        page.locator("main form button[type=submit]").first().click();
        page.waitForURL(address -> !address.contains("sign-in"));
        return page;
    }

    /** Wide and narrow; where the page can be asked for again also in English. */
    private void look(Page page, String name, @org.jspecify.annotations.Nullable String path) {
        if (path != null) {
            page.navigate(url(path));
        }
        picture(page, name + "-zh-1280");
        healthy(page, name);
        page.setViewportSize(390, 844);
        picture(page, name + "-zh-390");
        healthy(page, name + " narrow");
        page.setViewportSize(1280, 900);
        if (path != null || !page.url().matches(".*/(search|reveal)$")) {
            var here = page.url();
            page.navigate(here + (here.contains("?") ? "&" : "?") + "lang=en");
            picture(page, name + "-en-1280");
            healthy(page, name + " in English");
            page.navigate(here + (here.contains("?") ? "&" : "?") + "lang=zh-CN");
        }
    }

    private static void picture(Page page, String name) {
        page.screenshot(new Page.ScreenshotOptions()
                .setPath(PICTURES.resolve(name + ".png"))
                .setFullPage(true));
    }

    private void healthy(Page page, String name) {
        Accessibility.findings(page).forEach(finding -> complaints.add("axe on " + name + ": " + finding));
        var width = ((Number) page.evaluate("document.documentElement.scrollWidth")).intValue();
        if (width > page.viewportSize().width) {
            complaints.add(name + " is " + width + " wide and scrolls sideways");
        }
    }

    private String url(String path) {
        return "http://127.0.0.1:" + port + path;
    }
}
