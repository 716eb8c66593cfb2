package io.retainer;

import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.BrowserType;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Playwright;
import com.microsoft.playwright.options.FilePayload;
import io.retainer.identity.DemoPeople;
import io.retainer.identity.People;
import io.retainer.identity.Standings;
import io.retainer.kernel.Tenancy;
import io.retainer.messaging.Channel;
import io.retainer.messaging.Messages;
import io.retainer.messaging.NewMessage;
import io.retainer.messaging.Recipient;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.context.annotation.Import;
import org.springframework.web.bind.annotation.RequestMethod;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.servlet.mvc.method.RequestMappingInfo;
import org.springframework.web.servlet.mvc.method.annotation.RequestMappingHandlerMapping;
import org.springframework.web.util.pattern.PathPattern;
import org.springframework.web.util.pattern.PathPatternParser;

/**
 * Every page of the demo in a real browser, by everybody of the demo, in both languages, wide and narrow. The pages are
 * found by following links from the home page; one that the controllers serve and nobody gets to fails the test. The
 * pictures are under {@code target/screenshots/every}.
 */
@SpringBootTest(webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT, properties = "retainer.demo=true")
@Import(PostgresTest.class)
class EveryPageTests {

    private static final Path PICTURES = Path.of("target/screenshots/every");

    /** Visited pages of one kind: those of the contract in force and of the one in draft. */
    private static final int MOST_OF_A_KIND = 2;

    /** Who acts on contracts and thus sees forms that depend on their state; the others look at one page of a kind. */
    private static final Set<String> ACTING = Set.of("lead", "owner");

    /**
     * The demo imports no file; {@link CustomerJourneyTests} does and looks at these in the same way. The link to sign by is
     * in a mail; {@link SigningJourneyTests} follows it.
     */
    private static final Set<String> OF_OTHER_JOURNEYS = Set.of(
            "/signing/{token}",
            "/signing/{token}/document.pdf",
            "/contracts/{contract}/duplicates/progress",
            "/contracts/{contract}/value/progress",
            "/contracts/{contract}/churn/progress",
            "/contracts/{contract}/imports/{batch}",
            "/contracts/{contract}/imports/{batch}/progress",
            "/contracts/{contract}/imports/{batch}/bad.csv");

    /** Each page is then also made as wide, or as narrow, as the other. */
    private static final List<View> VIEWS = List.of(new View("zh-CN", 1280), new View("en", 390));

    @LocalServerPort
    int port;

    @Autowired
    DemoPeople demo;

    @Autowired
    @Qualifier("requestMappingHandlerMapping")
    RequestMappingHandlerMapping mappings;

    @Autowired
    Messages messages;

    @Autowired
    People people;

    @Autowired
    Standings standings;

    @Autowired
    Tenancy tenancy;

    @Autowired
    Clock clock;

    private Playwright playwright;
    private Browser browser;
    private final Set<String> complaints = new LinkedHashSet<>();
    private final Set<String> seenClosely = new HashSet<>();
    private boolean refusalsAreExpected;

    record View(String language, int width) {

        @Override
        public String toString() {
            return language + "." + width;
        }
    }

    /** A page with a bug, registered by the test alone. */
    static final class Broken {

        static final String PATH = "/broken";

        @SuppressWarnings({"UnusedMethod", "DoNotCallSuggester"}) // called by its mapping
        String page() {
            throw new IllegalStateException("A page that breaks, for its error page");
        }
    }

    @BeforeEach
    void openTheBrowser() {
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
    void everyPageIsHealthyForEverybody() throws NoSuchMethodException {
        var pages = new TreeMap<String, PathPattern>();
        var files = new TreeMap<String, PathPattern>();
        mappings.getHandlerMethods().forEach((mapping, method) -> {
            boolean get = mapping.getMethodsCondition().getMethods().contains(RequestMethod.GET);
            for (var pattern : mapping.getPatternValues()) {
                if (get && !pattern.startsWith("/api/")) {
                    boolean page = !method.getBeanType().isAnnotationPresent(RestController.class)
                            && method.getReturnType().getParameterType() == String.class;
                    (page ? pages : files).put(pattern, PathPatternParser.defaultInstance.parse(pattern));
                }
            }
        });
        assertThat(pages).hasSizeGreaterThan(12);
        assertThat(files).hasSizeGreaterThan(3);

        mappings.registerMapping(
                RequestMappingInfo.paths(Broken.PATH)
                        .methods(RequestMethod.GET)
                        .options(mappings.getBuilderConfiguration())
                        .build(),
                new Broken(),
                Broken.class.getDeclaredMethod("page"));
        var lead = signIn("lead", true);
        uploadAStatement(lead);
        tellTheLead();
        registerASeal(lead);
        var reached = new TreeSet<String>();
        subscribeToTheCalendar(lead, files, reached);
        askAThirdParty(lead, pages, reached);
        openTheLinkOfAThirdParty(lead, pages, reached);
        var seenByLead = walk(lead, "lead", pages, files, VIEWS);
        errors(lead);
        reached.addAll(seenByLead.keySet());
        int other = 0;
        for (var person : demo.people()) {
            if (!person.login().equals("lead")) {
                var page = signIn(person.login(), false);
                var view = VIEWS.get(other++ % 2);
                var seen = walk(page, person.login(), pages, files, List.of(view));
                reached.addAll(seen.keySet());
                knock(page, person.login(), seenByLead, seen, view);
                page.context().close();
            }
        }
        reached.add("/sign-in");
        reached.addAll(OF_OTHER_JOURNEYS);
        assertThat(complaints).isEmpty();
        assertThat(reached)
                .as("pages and files that can be reached by links")
                .containsAll(pages.keySet())
                .containsAll(files.keySet());
    }

    /** Follows the links from home and looks at each page in each view; downloads must be there. */
    private Map<String, Set<String>> walk(
            Page page, String who, Map<String, PathPattern> pages, Map<String, PathPattern> files, List<View> views) {
        int most = ACTING.contains(who) ? MOST_OF_A_KIND : 1;
        var seen = new LinkedHashMap<String, Set<String>>();
        var queue = new ArrayDeque<>(List.of("/"));
        while (!queue.isEmpty()) {
            var path = queue.removeFirst();
            var file = kind(path, files);
            var kind = file == null ? kind(path, pages) : file;
            if (kind == null) {
                complaints.add(who + ": a link to " + path + ", which nobody serves");
                continue;
            }
            var alike = seen.computeIfAbsent(kind, _ -> new LinkedHashSet<>());
            if (alike.size() >= most || !alike.add(path)) {
                continue;
            }
            if (file != null) {
                int status = page.request().get(url(path)).status();
                if (status != 200) {
                    complaints.add(who + ": " + path + " answers " + status);
                }
                continue;
            }
            for (var view : views) {
                look(page, path, view, who + name(kind, alike.size()), 200);
            }
            queue.addAll(links(page));
        }
        return seen;
    }

    /** What the lead sees and this person has no link to: a page or a refusal, but never a bug. */
    private void knock(
            Page page, String who, Map<String, Set<String>> seenByLead, Map<String, Set<String>> seen, View view) {
        refusalsAreExpected = true;
        seenByLead.forEach((kind, paths) -> {
            if (!seen.containsKey(kind)) {
                var path = paths.iterator().next();
                int status = page.request().get(url(path)).status();
                if (status != 200 && status != 403 && status != 404 && status != 409) {
                    complaints.add(who + ": " + path + " answers " + status);
                }
                if (!path.contains(".")) {
                    look(page, path, view, who + name(kind, 0), status);
                }
            }
        });
        refusalsAreExpected = false;
    }

    private void errors(Page page) {
        refusalsAreExpected = true;
        var contract =
                page.request().get(url("/contracts")).text().replaceAll("(?s).*?/contracts/([0-9a-f-]{36}).*", "$1");
        for (var view : VIEWS) {
            look(page, "/nowhere", view, "error.404", 404);
            look(page, "/contracts/00000000-0000-0000-0000-000000000000", view, "error.404.contract", 404);
            look(page, "/contracts/rubbish", view, "error.404.rubbish", 404);
            look(page, Broken.PATH, view, "error.500", 500);
            for (var post : Map.of(
                            "error.conflict", "/contracts/" + contract + "/signing/rejection",
                            "error.missing", "/account/tokens",
                            "error.unknown", "/contracts/00000000-0000-0000-0000-000000000000/billing/suspension")
                    .entrySet()) {
                open(page, "/account", view);
                post(page, post.getValue(), true);
                healthy(page, post.getKey() + "." + view, view);
            }
            open(page, "/account", view);
            var refused = post(page, "/account/tokens", false);
            assertThat(refused).isEqualTo(403);
            healthy(page, "error.403." + view, view);
        }
        refusalsAreExpected = false;
    }

    /** Sends an empty form as a browser would. */
    private static int post(Page page, String path, boolean withToken) {
        var answer = page.waitForResponse(
                response -> response.request().isNavigationRequest()
                        && response.request().method().equals("POST"),
                () -> page.evaluate("""
                        ([path, withToken]) => {
                            const form = document.createElement("form");
                            form.method = "post";
                            form.action = path;
                            if (withToken) form.append(document.querySelector("input[name=_csrf]").cloneNode());
                            document.body.append(form);
                            form.submit();
                        }
                        """, List.of(path, withToken)));
        page.waitForLoadState();
        return answer.status();
    }

    /** Good, bad, outgoing, duplicate and unmatched rows. */
    private void uploadAStatement(Page page) {
        var rows = """
                交易日期,交易时间,收入金额,支出金额,对方户名,附言,交易流水号
                2025-03-03,10:00:00,8.00,,晴川连锁零售有限公司,不知道是什么的一笔很长很长的附言文字需要换行显示而不能撑破页面,E1
                2025-03-03,10:00:00,8.00,,晴川连锁零售有限公司,不知道是什么的一笔很长很长的附言文字需要换行显示而不能撑破页面,E1
                2025-03-04,11:00:00,12345.67,,陌生公司,RF-ABCDEFGHIJKLMNOPQRSTUVWXYZ-0123456789-ABCDEFGHIJKLMNOPQRSTUVWXYZ,E2
                2025-02-30,11:00:00,1.00,,陌生公司,日期不存在,E3
                2025-03-04,11:00:00,很多,,陌生公司,金额不是数,E4
                2025-03-04,11:00:00,,500.00,房东,租金,E5
                """;
        for (var view : VIEWS) {
            open(page, "/billing/bank", view);
            page.locator("#file")
                    .setInputFiles(new FilePayload("statement.csv", "text/csv", rows.getBytes(StandardCharsets.UTF_8)));
            page.locator("form:has(#file) button").click();
            page.waitForSelector(".alert-success");
            healthy(page, "bank.uploaded." + view, view);
        }
        // What cannot be read at all is said beside the form.
        refusalsAreExpected = true;
        var view = VIEWS.get(1);
        open(page, "/billing/bank", view);
        page.locator("#file")
                .setInputFiles(new FilePayload("statement.csv", "text/csv", new byte[] {(byte) 0xff, 0, 1}));
        page.locator("form:has(#file) button").click();
        page.waitForSelector(".alert-danger");
        healthy(page, "bank.refused." + view, view);
        refusalsAreExpected = false;
    }

    /** So that there is a message to open, under the bell and in the outbox. */
    private void tellTheLead() {
        var lead = people.withLogin("lead").orElseThrow();
        var client = standings.contracts(lead, clock.instant()).getFirst().tenant();
        tenancy.write(client, () -> {
            messages.queue(new NewMessage(
                    client,
                    "workbench.reminders",
                    Channel.IN_APP,
                    Recipient.person(lead),
                    null,
                    "every-page",
                    "zh",
                    Map.of("count", 0, "items", List.of(), "calendar", "/calendar"),
                    null));
        });
    }

    private void registerASeal(Page page) {
        open(page, "/seals", VIEWS.getFirst());
        page.locator("form[action='/seals'] input[name=name]").first().fill("合同专用章(2)");
        page.locator("form[action='/seals'] button").first().click();
        page.waitForURL(url("/seals/*/*"));
    }

    /** In the complaint that is due first, so that there is a page for it to answer on. */
    private void askAThirdParty(Page page, Map<String, PathPattern> pages, Set<String> reached) {
        open(page, "/complaints", VIEWS.getFirst());
        page.locator("main a[href*='/complaints/']:not([href*='?']):has-text('#')")
                .first()
                .click();
        page.waitForURL(url("/contracts/*/complaints/*"));
        page.evaluate("document.querySelectorAll('details').forEach(details => details.open = true)");
        page.locator("#whom").selectOption("THIRD_PARTY");
        page.locator("#ask-text").fill("请提供该批次的运输记录");
        page.locator("#ask-email").fill("carrier@example.com");
        page.locator("form[action$='/acts/ask'] button").click();
        var path = page.locator("a[href^='/complaints/question/']").first().getAttribute("href");
        for (var view : VIEWS) {
            look(page, path, view, "question", 200);
        }
        reached.add(kind(path, pages));
    }

    /** It is on the page of one contract alone, which need not be among those that are walked. */
    private void openTheLinkOfAThirdParty(Page page, Map<String, PathPattern> pages, Set<String> reached) {
        var list = page.request().get(url("/contracts")).text();
        var path = Pattern.compile("href=\"(/contracts/[0-9a-f-]{36})\"")
                .matcher(list)
                .results()
                .map(found -> found.group(1))
                .distinct()
                .map(contract -> page.request()
                        .get(url(contract + "/life/third-parties"))
                        .text())
                .flatMap(text -> Pattern.compile("href=\"(/signing/parts/[^\"]+)\"")
                        .matcher(text)
                        .results())
                .map(found -> found.group(1))
                .findFirst()
                .orElseThrow();
        for (var view : VIEWS) {
            look(page, path, view, "part", 200);
        }
        reached.add(kind(path, pages));
    }

    /** The address of the feed is shown to be copied, so no link leads there. */
    private void subscribeToTheCalendar(Page page, Map<String, PathPattern> files, Set<String> reached) {
        open(page, "/calendar", VIEWS.getFirst());
        page.locator("form[action='/calendar/feed'] button").click();
        var address = page.locator("code.token").innerText();
        var path = address.substring(address.indexOf("/calendar/"));
        int status = page.request().get(url(path)).status();
        if (status != 200) {
            complaints.add("the calendar's feed answers " + status);
        }
        var kind = kind(path, files);
        if (kind != null) {
            reached.add(kind);
        }
    }

    private Page signIn(String login, boolean looking) {
        var context = browser.newContext(new Browser.NewContextOptions().setViewportSize(1280, 900));
        context.setDefaultTimeout(60_000);
        var page = context.newPage();
        page.onConsoleMessage(message -> {
            // A refusal is a page with a status; the browser mentions it.
            boolean expected = refusalsAreExpected && message.text().contains("the server responded with a status of");
            if (!expected && List.of("error", "warning").contains(message.type())) {
                complaints.add(login + " on " + page.url() + ": " + message.text());
            }
        });
        page.onPageError(error -> complaints.add(login + " on " + page.url() + ": " + error));
        if (looking) {
            for (var view : VIEWS) {
                look(page, "/sign-in", view, "sign-in", 200);
                look(page, "/sign-in?failed", view, "sign-in.failed", 200);
            }
        }
        page.navigate(url("/sign-in"));
        page.locator("#login").fill(login);
        page.locator("#password").fill(demo.password());
        page.locator("form:has(#login) button[type=submit]").click();
        page.waitForURL(url("/"));
        return page;
    }

    private void look(Page page, String path, View view, String name, int status) {
        int answered = open(page, path, view);
        if (answered != status) {
            complaints.add(path + " answers " + answered + " instead of " + status);
        }
        healthy(page, name + "." + view, view);
    }

    private int open(Page page, String path, View view) {
        page.setViewportSize(view.width(), 900);
        var answer = page.navigate(url(path + (path.contains("?") ? "&" : "?") + "lang=" + view.language()));
        return answer == null ? 0 : answer.status();
    }

    private void healthy(Page page, String name, View view) {
        boolean closely = closely(name);
        if (closely) {
            page.screenshot(new Page.ScreenshotOptions()
                    .setPath(PICTURES.resolve(name + ".png"))
                    .setFullPage(true));
        }
        if (!view.language().equals(page.locator("html").getAttribute("lang"))) {
            complaints.add(name + " is not in the language that was asked for");
        }
        // Forms that are folded away are part of the page.
        page.evaluate("document.querySelectorAll('details').forEach(details => details.open = true)");
        var text = page.locator("body").innerText();
        if (text.contains("??")) {
            complaints.add(name + " shows a key without a message");
        }
        if (closely) {
            axe(page, name);
        }
        fits(page, name, view.width());
        int other = view.width() == 390 ? 1280 : 390;
        page.setViewportSize(other, 900);
        fits(page, name, other);
        // What acts by a click must be a thing the keyboard gets to.
        var unreachable = page.evaluate("""
                [...document.querySelectorAll("[onclick], [hx-get]:not(a, form, button, input, select), [data-href]")]
                    .filter(element => element.tabIndex < 0 && !element.querySelector("a, button"))
                    .map(element => element.outerHTML.slice(0, 120)).join(" ")
                """).toString();
        if (!unreachable.isBlank()) {
            complaints.add(name + " cannot be worked by keyboard: " + unreachable);
        }
    }

    /**
     * Pictures and axe take their time: once per width suffices, only for what the lead does not have as well, and for the
     * second page of a kind in one view.
     */
    private boolean closely(String name) {
        boolean leads = name.startsWith("lead.") || name.startsWith("bank.") || name.startsWith("error.");
        if (leads) {
            return !name.endsWith(".2." + VIEWS.getLast());
        }
        return seenClosely.add(name.replaceAll("^[a-z]+\\.|[0-9]", ""));
    }

    private void fits(Page page, String name, int width) {
        var wanted = ((Number) page.evaluate("document.documentElement.scrollWidth")).intValue();
        if (wanted > width) {
            complaints.add(name + " is " + wanted + " wide at " + width + " and scrolls sideways");
        }
    }

    private void axe(Page page, String name) {
        Accessibility.findings(page).forEach(finding -> complaints.add("axe on " + name + ": " + finding));
    }

    private List<String> links(Page page) {
        var found = new ArrayList<String>();
        for (var href : (List<?>) page.evaluate("[...document.links].map(a => a.href)")) {
            var link = String.valueOf(href);
            if (link.startsWith(url("/"))) {
                var path = link.substring(url("").length()).replaceAll("[?#].*", "");
                if (!path.startsWith("/api/") && !path.startsWith("/schema/")) {
                    found.add(path);
                }
            }
        }
        return found.stream().distinct().collect(Collectors.toList());
    }

    private static @Nullable String kind(String path, Map<String, PathPattern> patterns) {
        var container = org.springframework.http.server.PathContainer.parsePath(path);
        return patterns.values().stream()
                .filter(pattern -> pattern.matches(container))
                .min(PathPattern.SPECIFICITY_COMPARATOR)
                .map(PathPattern::getPatternString)
                .orElse(null);
    }

    private static String name(String kind, int number) {
        return kind.replaceAll("[{}]", "").replace('/', '.') + (number == 0 ? "" : "." + number);
    }

    private String url(String path) {
        return "http://127.0.0.1:" + port + path;
    }
}
