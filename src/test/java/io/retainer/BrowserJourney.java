package io.retainer;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

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
import io.retainer.contract.ContractSweep;
import io.retainer.duty.DutySweep;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.web.server.LocalServerPort;

/**
 * People in a browser: both languages, wide and narrow, and every page without a serious finding of axe. The pictures are
 * under {@code target/screenshots}.
 */
abstract class BrowserJourney {

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
    Browser browser;
    Cast cast;
    final List<String> complaints = new ArrayList<>();

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

    // What people do

    Page signIn(Person person) {
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

    static void open(Locator details) {
        if (details.getAttribute("open") == null) {
            details.locator("summary").first().click();
        }
    }

    /** Presses the button and waits until the answer has taken the place of the page. */
    static void submit(Page page, Locator button) {
        var before = Objects.requireNonNull(page.querySelector("main"));
        button.click();
        before.waitForElementState(ElementState.HIDDEN);
        assertThat(page.locator(".alert-danger").allInnerTexts())
                .as("refusals on " + page.url())
                .isEmpty();
    }

    /** The hundred thousand of one instalment, as the provider books it. */
    void pay(Page page, String contract, String creditedAt, String instalment, String reference) {
        page.navigate(url(contract + "/billing/payments"));
        page.locator("#amount").fill("100,000.00");
        page.locator("#credited").fill(creditedAt);
        page.locator("#instalment").selectOption(instalment);
        page.locator("#reference").fill(reference + contract);
        page.locator("#towards").selectOption("PRINCIPAL");
        submit(page, page.locator("form:has(#amount) button[type=submit]"));
    }

    /** Turns the clock and lets what hangs on it happen. */
    void turn(String local) {
        clock.set(local);
        dutySweep.run(clock.instant());
        contractSweep.run(clock.instant());
    }

    Path download(Page page, Locator link) {
        var file = page.waitForDownload(link::click);
        var to = directory.resolve(file.suggestedFilename());
        file.saveAs(to);
        return to;
    }

    // What they see

    /** Takes the page's picture in both languages, wide and narrow, and has axe look at it. */
    void look(Page page, String name, @org.jspecify.annotations.Nullable String path) {
        if (path == null) {
            picture(page, name + ".zh.1280");
            healthy(page, name);
            return;
        }
        page.setViewportSize(390, 844);
        page.navigate(url(path + (path.contains("?") ? "&" : "?") + "lang=en"));
        assertThat(page.locator("html")).hasAttribute("lang", "en");
        picture(page, name + ".en.390");
        healthy(page, name + " in English, narrow");
        page.setViewportSize(1280, 900);
        page.navigate(url(path + (path.contains("?") ? "&" : "?") + "lang=zh-CN"));
        assertThat(page.locator("html")).hasAttribute("lang", "zh-CN");
        picture(page, name + ".zh.1280");
        healthy(page, name);
    }

    static void picture(Page page, String name) {
        page.screenshot(new Page.ScreenshotOptions()
                .setPath(PICTURES.resolve(name + ".png"))
                .setFullPage(true));
    }

    void healthy(Page page, String name) {
        assertThat(page.locator("body")).not().containsText("??");
        Accessibility.findings(page).forEach(finding -> complaints.add("axe on " + name + ": " + finding));
        var width = ((Number) page.evaluate("document.documentElement.scrollWidth")).intValue();
        if (width > page.viewportSize().width) {
            complaints.add(name + " is " + width + " wide and scrolls sideways");
        }
    }

    String url(String path) {
        return "http://127.0.0.1:" + port + path;
    }
}
