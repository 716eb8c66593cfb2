package io.retainer;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.deque.html.axecore.playwright.AxeBuilder;
import com.microsoft.playwright.Browser;
import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.BrowserType;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Playwright;
import com.microsoft.playwright.options.ElementState;
import io.retainer.World.Cast;
import io.retainer.World.Casting;
import io.retainer.World.Person;
import io.retainer.World.TurnableClock;
import io.retainer.contract.ContractSweep;
import io.retainer.duty.DutySweep;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.context.annotation.Import;

/**
 * The engagement of {@link EngagementScenarioTests} as people live it in a browser: both languages, wide and narrow, and
 * every page without a serious finding of axe. The pictures are under {@code target/screenshots}.
 */
@SpringBootTest(webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT)
@Import({PostgresTest.class, World.class})
class EngagementJourneyTests {

    private static final Path PICTURES = Path.of("target/screenshots");

    @LocalServerPort
    int port;

    @Autowired
    Casting casting;

    @Autowired
    TurnableClock clock;

    @Autowired
    DutySweep dutySweep;

    @Autowired
    ContractSweep contractSweep;

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
    void anEngagementInTheBrowser() throws Exception {
        var lead = signIn(cast.lead());
        var owner = signIn(cast.owner());

        // Import: the mistakes of the text are shown before anybody signs.
        look(lead, "02-home", "/");
        lead.navigate(url("/contracts/new"));
        lead.locator("#text")
                .fill(World.contractText(cast).replace("壹佰贰拾万元整", "壹佰贰拾壹万元整").replace("签订地:上海市徐汇区", "签订地:____"));
        lead.locator("#counterparty").fill(cast.clientName());
        look(lead, "03-import", null);
        submit(lead, lead.locator("main form[action='/contracts/new'] button[type=submit]"));
        var at = Pattern.compile("/contracts/([0-9a-f-]{36})").matcher(lead.url());
        assertThat(at.find()).as(lead.url()).isTrue();
        contract = at.group();
        look(lead, "04-terms-with-problems", contract + "/terms");
        look(lead, "05-clauses-of-the-draft", contract);

        // Fill in, confirm on both sides, submit, sign on both sides.
        fill(lead, "fee.words", "壹佰贰拾万元整");
        fill(lead, "sign.place", "上海市徐汇区");
        lead.navigate(url(contract + "/terms"));
        var mode = lead.locator("tr[id='late.mode']");
        open(mode.locator("details").first());
        mode.locator("select[name=value]").selectOption("DAILY");
        submit(lead, mode.locator("details button[type=submit]").first());
        for (var page : List.of(lead, owner)) {
            page.navigate(url(contract + "/terms"));
            submit(
                    page,
                    page.locator("form[action$='/confirmations']:not(:has(input[name=keys])) button")
                            .first());
        }
        look(lead, "06-terms-confirmed", contract + "/terms");
        lead.navigate(url(contract + "/signing"));
        submit(lead, lead.locator("form[action$='/signing/submission'] button"));
        look(owner, "07-preview", contract + "/document");
        sign(owner, "08-sign-client");
        sign(lead, "09-sign-provider");
        look(lead, "10-in-force", contract);
        look(lead, "11-schedule", contract + "/billing");

        // The first instalment in time, with its receipt; the second late, demanded, and the service suspended by a
        // person.
        turn("2024-12-30T15:00");
        pay(lead, "2024-12-30T14:30", "1", "NB-1");
        submit(lead, lead.locator("form[action$='/receipt'] button").first());
        look(lead, "12-payments", contract + "/billing/payments");
        look(lead, "13-receipts", contract + "/billing/receipts");
        var pdf = download(lead, lead.locator("a[href$='.pdf']").first());
        assertThat(new String(Files.readAllBytes(pdf), 0, 5, StandardCharsets.ISO_8859_1))
                .isEqualTo("%PDF-");

        turn("2025-02-05T10:00");
        look(lead, "14-late", contract + "/billing/instalments/2");
        lead.navigate(url(contract + "/billing/instalments/2"));
        submit(lead, lead.locator("form[action$='/demands'] button[type=submit]"));
        look(owner, "15-demanded", contract + "/billing/instalments/2");
        turn("2025-02-12T09:00");
        look(lead, "16-right-available", contract + "/billing");
        lead.navigate(url(contract + "/billing"));
        submit(lead, lead.locator("form[action$='/billing/suspension'] button"));
        look(owner, "17-suspended", contract);

        turn("2025-02-28T16:00");
        pay(lead, "2025-02-28T15:00", "3", "NB-3");
        turn("2025-03-04T11:00");
        pay(lead, "2025-03-04T10:00", "2", "NB-2");
        look(lead, "18-every-reading", contract + "/billing/instalments/2");
        lead.navigate(url(contract + "/billing/instalments/2"));
        assertThat(lead.locator("main")).containsText("1,550.00");
        submit(lead, lead.locator("form[action$='/instalments/2/penalty'] button"));
        look(lead, "19-claimed", contract + "/billing");

        // Duties, with their clocks.
        look(lead, "20-duties", contract + "/duties");
        lead.navigate(url(contract + "/duties?state=KEPT_LATE&clause=I-3.2a"));
        assertThat(lead.locator("tbody tr")).hasCount(1);
        lead.locator("tbody tr a").first().click();
        lead.waitForURL(Pattern.compile(".*/duties/[0-9a-f-]{36}"));
        look(lead, "21-duty", null);
        look(owner, "22-contract-lived", contract);

        // The ledger, sealed, and its bundle verified offline.
        lead.navigate(url(contract + "/ledger"));
        look(lead, "23-ledger", contract + "/ledger");
        var bundle = download(lead, lead.locator("a[href$='/ledger/bundle']"));
        var said = new StringWriter();
        assertThat(CommandLines.all()
                        .setOut(new PrintWriter(said))
                        .setErr(new PrintWriter(said))
                        .execute("verify", bundle.toString()))
                .as(said.toString())
                .isZero();

        // Whoever has no standing finds nothing, and is told so politely.
        var outsider = signIn(cast.outsider());
        outsider.navigate(url(contract));
        look(outsider, "24-nothing-here", null);
        assertThat(complaints)
                .as("what axe and the console of the browser complained about")
                .isEmpty();
    }

    // What people do

    private Page signIn(Person person) {
        BrowserContext context = browser.newContext(
                new Browser.NewContextOptions().setLocale("zh-CN").setViewportSize(1280, 900));
        context.setDefaultTimeout(60_000);
        var page = context.newPage();
        page.onConsoleMessage(message -> {
            // A refusal is a page with a status; the browser mentions it.
            if (message.type().equals("error") && !message.text().contains("the server responded with a status of 4")) {
                complaints.add(page.url() + ": " + message.text());
            }
        });
        page.navigate(url("/sign-in"));
        look(page, "01-sign-in", null);
        page.locator("#login").fill(person.login());
        page.locator("#password").fill(World.PASSWORD);
        page.locator("form:has(#login) button[type=submit]").click();
        page.waitForURL(url("/"));
        return page;
    }

    private void fill(Page page, String term, String value) {
        page.navigate(url(contract + "/terms"));
        var row = page.locator("tr[id='" + term + "']");
        open(row.locator("details").first());
        row.locator("input[name=value]").fill(value);
        submit(page, row.locator("details button[type=submit]").first());
    }

    private void sign(Page page, String picture) {
        page.navigate(url(contract + "/signing"));
        page.locator("#signatory").fill("经办人");
        page.locator("#authority").fill("公章,授权委托书");
        look(page, picture, null);
        submit(page, page.locator("form[action$='/signing/signatures'] button[type=submit]"));
    }

    private void pay(Page page, String creditedAt, String instalment, String reference) {
        page.navigate(url(contract + "/billing/payments"));
        page.locator("#amount").fill("100,000.00");
        page.locator("#credited").fill(creditedAt);
        page.locator("#instalment").selectOption(instalment);
        page.locator("#reference").fill(reference + contract);
        page.locator("#towards").selectOption("PRINCIPAL");
        submit(page, page.locator("form:has(#amount) button[type=submit]"));
    }

    private static void open(Locator details) {
        if (details.getAttribute("open") == null) {
            details.locator("summary").first().click();
        }
    }

    /** Presses the button and waits until the answer has taken the place of the page. */
    private static void submit(Page page, Locator button) {
        var before = Objects.requireNonNull(page.querySelector("main"));
        button.click();
        before.waitForElementState(ElementState.HIDDEN);
        assertThat(page.locator(".alert-danger")).hasCount(0);
    }

    private Path download(Page page, Locator link) {
        var file = page.waitForDownload(link::click);
        var to = directory.resolve(file.suggestedFilename());
        file.saveAs(to);
        return to;
    }

    private void turn(String local) {
        clock.turnTo(local);
        dutySweep.run(clock.instant());
        contractSweep.run(clock.instant());
    }

    // What they see

    /** Takes the page's picture in both languages, wide and narrow, and has axe look at it. */
    private void look(Page page, String name, @org.jspecify.annotations.Nullable String path) {
        if (path == null) {
            picture(page, name + ".zh.1280");
            healthy(page, name);
            return;
        }
        page.setViewportSize(390, 844);
        page.navigate(url(path + "?lang=en"));
        assertThat(page.locator("html")).hasAttribute("lang", "en");
        picture(page, name + ".en.390");
        healthy(page, name + " in English, narrow");
        page.setViewportSize(1280, 900);
        page.navigate(url(path + "?lang=zh-CN"));
        assertThat(page.locator("html")).hasAttribute("lang", "zh-CN");
        picture(page, name + ".zh.1280");
        healthy(page, name);
    }

    private static void picture(Page page, String name) {
        page.screenshot(new Page.ScreenshotOptions()
                .setPath(PICTURES.resolve(name + ".png"))
                .setFullPage(true));
    }

    private void healthy(Page page, String name) {
        assertThat(page.locator("body")).not().containsText("??");
        var findings = new AxeBuilder(page)
                .analyze().getViolations().stream()
                        .filter(rule -> List.of("serious", "critical").contains(rule.getImpact()))
                        .map(rule -> rule.getId() + " "
                                + rule.getNodes().stream()
                                        .limit(3)
                                        .map(node -> node.getHtml())
                                        .toList())
                        .toList();
        findings.forEach(finding -> complaints.add("axe on " + name + ": " + finding));
        var width = ((Number) page.evaluate("document.documentElement.scrollWidth")).intValue();
        if (width > page.viewportSize().width) {
            complaints.add(name + " is " + width + " wide and scrolls sideways");
        }
    }

    private String url(String path) {
        return "http://127.0.0.1:" + port + path;
    }
}
