package io.retainer.identity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.retainer.PostgresTest;
import io.retainer.kernel.Refused;
import java.io.IOException;
import java.net.CookieManager;
import java.net.HttpCookie;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.context.annotation.Import;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.session.Session;
import org.springframework.session.SessionRepository;

@SpringBootTest(webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT)
@Import(PostgresTest.class)
class SignInTests {

    private static final Pattern CSRF = Pattern.compile("name=\"_csrf\"[^>]*value=\"([^\"]+)\"");
    private static final String PASSWORD = "correct horse battery";

    @LocalServerPort
    int port;

    @Autowired
    People people;

    @Autowired
    Organisations organisations;

    @Autowired
    ApiTokens tokens;

    @Autowired
    JdbcClient jdbc;

    @Autowired
    SessionRepository<? extends Session> sessions;

    String login;
    UUID person;

    @BeforeEach
    void someoneNew() {
        login = "someone-" + UUID.randomUUID();
        person = people.add(
                login,
                "Someone",
                PASSWORD,
                organisations.namedOrNew("Org " + login).id(),
                Role.OPERATIONS_LEAD);
    }

    /** A page and what it loads are asked for at once, and the first of each session gives it its token. */
    @Test
    void twoRequestsAtOnceMayGiveTheSessionTheSameAttribute() {
        var found = bothWrite(sessions);
        assertThat(found).isEqualTo("second");
    }

    private static <S extends Session> Object bothWrite(SessionRepository<S> sessions) {
        var session = sessions.createSession();
        sessions.save(session);
        var first = Objects.requireNonNull(sessions.findById(session.getId()));
        var second = Objects.requireNonNull(sessions.findById(session.getId()));
        first.setAttribute("token", "first");
        second.setAttribute("token", "second");
        sessions.save(first);
        sessions.save(second);
        return Objects.requireNonNull(sessions.findById(session.getId())).getRequiredAttribute("token");
    }

    @Test
    void everythingAsksWhoYouAre() throws Exception {
        var browser = new Browser();
        assertThat(browser.get("/account").headers().firstValue("location"))
                .hasValueSatisfying(location -> assertThat(location).endsWith("/sign-in"));
        assertThat(browser.get("/api/v1/contracts").statusCode()).isEqualTo(401);
    }

    /** Every style carries the hash of its content, and nothing else does. */
    @Test
    void aPageSaysWhichStylesItMeans() throws Exception {
        var page = new Browser().get("/sign-in").body();
        assertThat(page)
                .containsPattern("/css/retainer-[0-9a-f]{32}\\.css\"")
                .contains("/favicon.svg\"")
                .doesNotContainPattern("webjars/[^\"]*-[0-9a-f]{32}");
    }

    @Test
    void signingInChangesTheSessionAndSigningOutEndsIt() throws Exception {
        var browser = new Browser();
        browser.get("/sign-in");
        var before = browser.session();
        assertThat(browser.signIn(login, PASSWORD)
                        .headers()
                        .firstValue("location")
                        .orElse(""))
                .endsWith("/");
        var after = browser.session();
        assertThat(after).isPresent().isNotEqualTo(before);
        assertThat(browser.get("/account").statusCode()).isEqualTo(200);
        assertThat(jdbc.sql("select count(*) from platform.spring_session where principal_name = :person")
                        .param("person", person.toString())
                        .query(Long.class)
                        .single())
                .isEqualTo(1);
        browser.post("/sign-out", Map.of(), browser.csrf("/account"));
        assertThat(browser.get("/account").statusCode()).isEqualTo(302);
    }

    @Test
    void aWrongPasswordAndAnUnknownLoginLookTheSame() throws Exception {
        var wrong = new Browser().signIn(login, "wrong password at all");
        var unknown = new Browser().signIn("nobody-" + login, "wrong password at all");
        assertThat(wrong.statusCode()).isEqualTo(unknown.statusCode());
        assertThat(wrong.headers().firstValue("location").map(SignInTests::path))
                .isEqualTo(unknown.headers().firstValue("location").map(SignInTests::path))
                .hasValue("/sign-in?failed");
    }

    @Test
    void guessingIsSlowedDown() throws Exception {
        var browser = new Browser();
        var answers = new java.util.ArrayList<String>();
        for (int i = 0; i < 12; i++) {
            answers.add(path(browser.signIn(login, "guess number " + i)
                    .headers()
                    .firstValue("location")
                    .orElse("")));
        }
        assertThat(answers.subList(0, 10)).containsOnly("/sign-in?failed");
        assertThat(answers.get(11)).startsWith("/sign-in?wait=");
    }

    @Test
    void aPostWithoutItsTokenIsRefused() throws Exception {
        var browser = new Browser();
        browser.signIn(login, PASSWORD);
        assertThat(browser.post("/account/tokens", Map.of("name", "x", "days", "1"), "")
                        .statusCode())
                .isEqualTo(403);
    }

    @Test
    void disablingEndsEverySessionAndToken() throws Exception {
        var browser = new Browser();
        browser.signIn(login, PASSWORD);
        var token = tokens.issue(person, "test", 1);
        assertThat(browser.get("/account").statusCode()).isEqualTo(200);
        people.disable(person);
        assertThat(browser.get("/account").statusCode()).isEqualTo(302);
        assertThat(tokens.bearer(token)).isEmpty();
        assertThat(new Browser()
                        .signIn(login, PASSWORD)
                        .headers()
                        .firstValue("location")
                        .map(SignInTests::path))
                .hasValue("/sign-in?failed");
    }

    @Test
    void aTokenActsAsItsPersonUntilRevoked() {
        var token = tokens.issue(person, "nightly export", 30);
        assertThat(tokens.bearer(token)).map(SignedIn::person).hasValue(person);
        assertThat(tokens.bearer(token + "x")).isEmpty();
        tokens.revoke(person, tokens.of(person).getFirst().id());
        assertThat(tokens.bearer(token)).isEmpty();
        assertThatThrownBy(() -> tokens.issue(person, "x", 366)).isInstanceOf(Refused.class);
    }

    @Test
    void aTokenLearnsWhomItActsFor() throws IOException, InterruptedException {
        var organisation = organisations.namedOrNew("Org " + login).id();
        people.join(person, organisation, Role.FINANCE);
        var token = tokens.issue(person, "who am I", 1);
        var answer = HttpClient.newHttpClient()
                .send(
                        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/api/v1/me"))
                                .header("Authorization", "Bearer " + token)
                                .build(),
                        HttpResponse.BodyHandlers.ofString());
        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.body())
                .contains("\"person\":\"" + person + "\"", "\"organisation\":\"" + organisation + "\"")
                .contains("\"name\":\"Org " + login + "\"", "\"role\":\"FINANCE\"");
        assertThat(new Browser().get("/api/v1/me").statusCode()).isEqualTo(401);
    }

    @Test
    void weakPasswordsAreRefused() {
        var organisation = organisations.namedOrNew("Org " + login).id();
        for (var weak : List.of("short", "aaaaaaaaaaaaaaaa", "Password1234", "x" + login + "12")) {
            assertThatThrownBy(() -> people.add("x" + login, "X", weak, organisation, Role.AGENT))
                    .as(weak)
                    .isInstanceOfSatisfying(
                            Refused.class,
                            refused -> assertThat(refused.field()).isEqualTo("password"));
        }
    }

    @Test
    void passwordsAreHashedWithArgon2idAndAtLeast19MiB() {
        var hash = jdbc.sql("select password_hash from identity.person where id = :id")
                .param("id", person)
                .query(String.class)
                .single();
        var memory = Pattern.compile("^\\$argon2id\\$v=19\\$m=(\\d+),").matcher(hash);
        assertThat(memory.find()).isTrue();
        assertThat(Integer.parseInt(memory.group(1))).isGreaterThanOrEqualTo(19 * 1024);
    }

    @Test
    void headersAreStrictOnPagesAndOnErrors() throws Exception {
        for (var path : List.of("/sign-in", "/api/v1/contracts", "/no-such-page")) {
            var headers = new Browser().get(path).headers();
            assertThat(headers.firstValue("content-security-policy"))
                    .as(path)
                    .hasValueSatisfying(policy ->
                            assertThat(policy).startsWith("default-src 'none'").doesNotContain("unsafe"));
            assertThat(headers.firstValue("x-content-type-options")).as(path).hasValue("nosniff");
        }
    }

    private static String path(String location) {
        var uri = URI.create(location);
        return uri.getPath() + (uri.getQuery() == null ? "" : "?" + uri.getQuery());
    }

    private final class Browser {

        private final CookieManager cookies = new CookieManager();
        private final HttpClient http =
                HttpClient.newBuilder().cookieHandler(cookies).build();

        HttpResponse<String> get(String path) throws IOException, InterruptedException {
            return http.send(HttpRequest.newBuilder(uri(path)).build(), HttpResponse.BodyHandlers.ofString());
        }

        HttpResponse<String> post(String path, Map<String, String> form, String csrf)
                throws IOException, InterruptedException {
            var body = form.entrySet().stream()
                            .map(e -> encode(e.getKey()) + "=" + encode(e.getValue()))
                            .collect(Collectors.joining("&"))
                    + "&_csrf=" + encode(csrf);
            return http.send(
                    HttpRequest.newBuilder(uri(path))
                            .header("Content-Type", "application/x-www-form-urlencoded")
                            .POST(HttpRequest.BodyPublishers.ofString(body))
                            .build(),
                    HttpResponse.BodyHandlers.ofString());
        }

        HttpResponse<String> signIn(String login, String password) throws IOException, InterruptedException {
            return post("/sign-in", Map.of("login", login, "password", password), csrf("/sign-in"));
        }

        String csrf(String path) throws IOException, InterruptedException {
            var found = CSRF.matcher(get(path).body());
            assertThat(found.find()).isTrue();
            return found.group(1);
        }

        Optional<String> session() {
            return cookies.getCookieStore().getCookies().stream()
                    .filter(cookie -> cookie.getName().equals("SESSION"))
                    .map(HttpCookie::getValue)
                    .findFirst();
        }

        private URI uri(String path) {
            return URI.create("http://127.0.0.1:" + port + path);
        }

        private static String encode(String text) {
            return URLEncoder.encode(text, StandardCharsets.UTF_8);
        }
    }
}
