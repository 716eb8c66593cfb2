package io.retainer;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.deque.html.axecore.playwright.AxeBuilder;
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
        contract = "/contracts/" + made.body().get("contract").asString();
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
        assertThat(lead.locator("tbody")).not().containsText("13800000003");
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
        var phone = lead.locator("li:has-text('138****0003')");
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
        new AxeBuilder(page)
                .analyze().getViolations().stream()
                        .filter(rule -> List.of("serious", "critical").contains(rule.getImpact()))
                        .forEach(rule -> complaints.add("axe on " + name + ": " + rule.getId() + " "
                                + rule.getNodes().stream()
                                        .limit(2)
                                        .map(node -> node.getHtml())
                                        .toList()));
        var width = ((Number) page.evaluate("document.documentElement.scrollWidth")).intValue();
        if (width > page.viewportSize().width) {
            complaints.add(name + " is " + width + " wide and scrolls sideways");
        }
    }

    private String url(String path) {
        return "http://127.0.0.1:" + port + path;
    }
}
