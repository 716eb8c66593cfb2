package io.retainer;

import static org.assertj.core.api.Assertions.assertThat;

import io.retainer.World.Caller;
import io.retainer.World.Cast;
import io.retainer.World.Casting;
import io.retainer.World.Person;
import java.io.IOException;
import java.net.CookieManager;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.context.annotation.Import;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.method.HandlerMethod;
import org.springframework.web.servlet.mvc.method.annotation.RequestMappingHandlerMapping;

/**
 * ISO-3 for the client's customers: every page and call of the modules {@code customer} and {@code vault}, taken from their
 * mappings, is tried by people of another client, with the ids of this one; by people of this one who may not; and by a
 * company that only drafted a contract naming this client. Nothing is shown and nothing changes. A route whose path
 * names something of which there is no example here, or whose body is not known here, fails the test.
 */
@SpringBootTest(webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT, properties = "db-scheduler.enabled=false")
@Import({PostgresTest.class, World.class})
class ForeignClientTests {

    private static final String NAME = "金丝雀鸣";
    private static final String PHONE = "13977778888";
    private static final String MAIL = "zzcanary@canary-mail.com";
    /** What must not be in any answer: the values, and what their masks show. */
    private static final List<String> CANARIES = List.of("金丝雀", "金**鸣", "金*鸣", PHONE, "139****8888", "canary", "本店机密");

    /** What a caller of the API sends along, by method and path; {@code @} and a name stand for an id of the other client. */
    private static final Map<String, String> BODIES = Map.ofEntries(
            Map.entry("POST /customers/{customer}/contacts", "{\"kind\":\"PHONE\",\"value\":\"13800138000\"}"),
            Map.entry("PUT /customers/{customer}/contacts/{contact}", "{\"value\":\"13800138000\"}"),
            Map.entry("PUT /customers/{customer}/fields/{field}", "{\"value\":\"x\"}"),
            Map.entry(
                    "POST /customers/{customer}/reveals",
                    "{\"value\":\"@contact\",\"purpose\":\"SERVICE\",\"reason\":\"想看看别家的客户\"}"),
            Map.entry(
                    "POST /customers/{customer}/consents",
                    "{\"purpose\":\"MARKETING\",\"channel\":\"SMS\",\"granted\":true,\"proofKind\":\"CALL\",\"proof\":\"x\"}"),
            Map.entry("POST /customers/{customer}/notes", "{\"words\":\"x\"}"),
            Map.entry(
                    "POST /customers/{customer}/files/{file}/content",
                    "{\"purpose\":\"SERVICE\",\"reason\":\"想看看别家的文件\"}"),
            Map.entry("PUT /customers/{customer}/people/{person}", "{\"role\":\"采购\"}"),
            Map.entry("POST /imports/{batch}/reading", "{\"charset\":\"UTF-8\"}"),
            Map.entry(
                    "POST /imports/{batch}/start",
                    "{\"source\":\"x\",\"supplier\":\"x\",\"lawfulBasis\":\"CONTRACT\",\"purpose\":\"SERVICE\"}"),
            Map.entry("POST /duplicates/{pair}/answer", "{\"answer\":\"SAME\"}"),
            Map.entry("PUT /segments/{segment}/rule", "{\"version\":0,\"rule\":{\"is\":\"ALL\",\"rules\":[]}}"),
            Map.entry("POST /segments/{segment}/members", "{\"customers\":[\"@customer\"]}"),
            Map.entry(
                    "POST /segments/{segment}/exports",
                    "{\"masked\":true,\"purpose\":\"SERVICE\",\"reason\":\"想拿别家的名单\"}"),
            Map.entry("POST /exports/{export}/decision", "{\"permitted\":true}"));

    /** All that any form may want. */
    private static final Map<String, String> FORM = Map.ofEntries(
            Map.entry("value", "@contact"),
            Map.entry("purpose", "SERVICE"),
            Map.entry("reason", "想看看别家的客户"),
            Map.entry("kind", "PHONE"),
            Map.entry("field", "remark"),
            Map.entry("words", "x"),
            Map.entry("tag", "x"),
            Map.entry("channel", "SMS"),
            Map.entry("granted", "true"),
            Map.entry("proofKind", "CALL"),
            Map.entry("proof", "x"),
            Map.entry("person", "@customer"),
            Map.entry("role", "采购"),
            Map.entry("permitted", "true"),
            Map.entry("version", "0"),
            Map.entry("name", "x"),
            Map.entry("at", ""),
            Map.entry("step", "NEGATE"),
            Map.entry("customers", "@customer"),
            Map.entry("answer", "SAME"),
            Map.entry("source", "x"),
            Map.entry("supplier", "x"),
            Map.entry("basis", "CONTRACT"),
            Map.entry("mapping", "NAME"),
            Map.entry("text", "x"),
            Map.entry("charset", "UTF-8"));

    @LocalServerPort
    int port;

    @Autowired
    Casting casting;

    @Autowired
    @Qualifier("requestMappingHandlerMapping")
    RequestMappingHandlerMapping mappings;

    @Autowired
    PostgresTest.Database database;

    private record Route(String method, String path, HandlerMethod handler) {

        boolean api() {
            return path.startsWith("/api/");
        }

        /** Behind the contract. */
        String rest() {
            return path.substring(path.indexOf("{contract}") + "{contract}".length());
        }

        List<String> variables() {
            return Pattern.compile("\\{([a-zA-Z]+)}")
                    .matcher(rest())
                    .results()
                    .map(found -> found.group(1))
                    .toList();
        }

        boolean wantsJson() {
            return api()
                    && List.of(handler.getMethodParameters()).stream()
                            .anyMatch(parameter -> parameter.hasParameterAnnotation(RequestBody.class));
        }
    }

    private final Set<String> leaks = new LinkedHashSet<>();
    private final Map<String, String> ids = new HashMap<>();
    private final Map<Person, HttpClient> sessions = new HashMap<>();
    private final Map<Person, String> tokens = new HashMap<>();
    private Cast theirs;
    private String contract = "";
    private String before = "";

    @BeforeEach
    void aClientWithEverythingThereIs() {
        theirs = casting.cast();
        contract = World.inForce(port, theirs).toString();
        var lead = new Caller(port, theirs.lead());
        made(lead, "/customer-fields", "{\"key\":\"remark\",\"label\":\"备注\",\"type\":\"TEXT\",\"personal\":false}");
        var person =
                "{\"name\":\"%s\",\"contacts\":[{\"kind\":\"PHONE\",\"value\":\"%s\"},{\"kind\":\"EMAIL\",\"value\":\"%s\"}],"
                        + "\"tags\":[\"本店机密\"],\"reference\":\"%s\"}";
        ids.put("customer", made(lead, "/customers", person.formatted(NAME, PHONE, MAIL, "C1")));
        var second = made(lead, "/customers", person.formatted(NAME, PHONE, MAIL, "C2"));
        var third = made(lead, "/customers", person.formatted(NAME, PHONE, MAIL, "C3"));
        var company = made(lead, "/customers", "{\"kind\":\"COMPANY\",\"name\":\"金丝雀公司\"}");
        lead.put(at("/customers/" + company + "/people/" + second), Map.of("role", "店长"));
        ids.put("person", second);
        ids.put("field", "remark");
        ids.put("work", "whatever");
        var of = "/customers/" + ids.get("customer");
        ids.put("contact", made(lead, of + "/contacts", "{\"kind\":\"WECHAT\",\"value\":\"canary_wx\"}"));
        ids.put("note", made(lead, of + "/notes", "{\"words\":\"金丝雀备注\"}"));
        made(lead, of + "/consents", BODIES.getOrDefault("POST /customers/{customer}/consents", ""));
        ids.put("segment", made(lead, "/segments", "{\"name\":\"本店机密\",\"rule\":null}"));
        made(lead, "/segments/" + ids.get("segment") + "/members", "{\"customers\":[\"C1\"]}");
        ids.put(
                "export",
                made(
                        lead,
                        "/segments/" + ids.get("segment") + "/exports",
                        "{\"masked\":false,\"purpose\":\"SERVICE\",\"reason\":\"金丝雀名单\"}"));
        var merge = lead.post(at("/merges"), Map.of("first", second, "second", third));
        ids.put("merge", merge.body().path("id").asString());
        ids.put("file", lookUp("""
                insert into customer.file (tenant_id, id, customer_id, title, name, type, size, content, added_by, added_at)
                select tenant_id, gen_random_uuid(), customer_id, '本店机密', words, 'text/plain', 1, words, written_by, written_at
                from customer.note where tenant_id = :tenant limit 1 returning id
                """));
        ids.put("batch", uploaded(theirs.lead(), "姓名,手机\n金丝雀二," + PHONE + "\n"));
        ids.put("run", made(lead, "/resolutions", "{}"));
        ids.put("pair", lookUp("""
                insert into customer.pair (tenant_id, id, first, second, columns, grades, weights, base_bits, bits, band, rank)
                select tenant_id, gen_random_uuid(), min(id::text)::uuid, max(id::text)::uuid, '{}', '{}', '{}', 1, 1, 'REVIEW', 1
                from customer.customer where tenant_id = :tenant and kind = 'PERSON' group by tenant_id returning id
                """));
        assertThat(ids.values()).allSatisfy(id -> assertThat(id).isNotBlank());
        before = everything();
    }

    private String at(String rest) {
        return "/contracts/" + contract + rest;
    }

    private String made(Caller caller, String rest, String body) {
        var answer = call(caller.person(), "POST", "/api/v1" + at(rest), body);
        assertThat(answer.statusCode()).as(rest + " " + answer.body()).isBetween(200, 299);
        var id = Pattern.compile("\"id\":\"([0-9a-f-]{36})\"").matcher(answer.body());
        return id.find() ? id.group(1) : "";
    }

    private String uploaded(Person person, String file) {
        var answer = call(person, "POST", "/api/v1" + at("/imports"), file);
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(201);
        return answer.body().replaceAll("(?s).*?\"id\":\"([0-9a-f-]{36})\".*", "$1");
    }

    private String lookUp(String sql) {
        return JdbcClient.create(database.superuser())
                .sql(sql)
                .param("tenant", theirs.client())
                .query(UUID.class)
                .single()
                .toString();
    }

    /** All that is kept for the client, so that a change would be seen. */
    private String everything() {
        var jdbc = JdbcClient.create(database.superuser());
        var tables = jdbc.sql("""
                select n.nspname || '.' || c.relname from pg_class c join pg_namespace n on n.oid = c.relnamespace
                join pg_attribute a on a.attrelid = c.oid and a.attname = 'tenant_id'
                where c.relkind = 'r' and n.nspname in ('customer', 'vault') order by 1
                """).query(String.class).list();
        assertThat(tables).hasSizeGreaterThan(20);
        return tables.stream()
                .map(table -> table + " "
                        + jdbc.sql(
                                        "select count(*) || ' ' || coalesce(md5(string_agg(t::text, '|' order by t::text)), '') from "
                                                + table + " t where tenant_id = :tenant")
                                .param("tenant", theirs.client())
                                .query(String.class)
                                .single())
                .collect(Collectors.joining("\n"));
    }

    private List<Route> routes() {
        var routes = new TreeMap<String, Route>();
        mappings.getHandlerMethods().forEach((mapping, handler) -> {
            var module = handler.getBeanType().getPackageName();
            for (var path : mapping.getPatternValues()) {
                if (path.contains("{contract}")
                        && Set.of("io.retainer.customer", "io.retainer.vault").contains(module)) {
                    mapping.getMethodsCondition()
                            .getMethods()
                            .forEach(
                                    method -> routes.put(method + " " + path, new Route(method.name(), path, handler)));
                }
            }
        });
        assertThat(routes).hasSizeGreaterThan(120);
        return List.copyOf(routes.values());
    }

    @Test
    void ISO_3_nobodyOfAnotherClientSeesOrChangesAnythingByItsIds() {
        var ours = casting.cast();
        var own = World.inForce(port, ours).toString();
        int tried = 0;
        for (var route : routes()) {
            if (route.variables().isEmpty() || route.variables().equals(List.of("work"))) {
                continue;
            }
            var answer = ask(ours.lead(), route, own);
            tried++;
            // What is no id is refused as a word before it is looked up.
            expect(answer, route, route.variables().contains("field") ? Set.of(404, 422) : Set.of(404));
        }
        assertThat(tried).isGreaterThan(60);
        for (var query : List.of(
                "/contracts/" + own + "/customers?segment=" + ids.get("segment"),
                "/contracts/" + own + "/segments/overlap?segment=" + ids.get("segment") + "&segment="
                        + UUID.randomUUID(),
                "/contracts/" + own + "/duplicates/review?skip=0&pair=" + ids.get("pair"),
                "/api/v1/contracts/" + own + "/reveals?dataSubject=" + ids.get("customer"),
                "/api/v1/contracts/" + own + "/exports?before=ffffffff-ffff-ffff-ffff-ffffffffffff",
                "/contracts/" + own + "/customers?before=ffffffff-ffff-ffff-ffff-ffffffffffff")) {
            noCanary(call(ours.lead(), "GET", query, ""), query);
        }
        var bodies = new LinkedHashMap<String, String>();
        bodies.put("/merges", "{\"first\":\"@customer\",\"second\":\"@person\"}");
        bodies.put("/customers/search", "{\"q\":\"" + PHONE + "\"}");
        bodies.put(
                "/orders/batch",
                "[{\"customer\":\"@customer\",\"number\":\"N1\",\"orderedOn\":\"2024-01-01\",\"amount\":1}]");
        bodies.put(
                "/events/batch",
                "[{\"customer\":\"@customer\",\"kind\":\"x\",\"happenedAt\":\"2024-01-01T00:00:00Z\"}]");
        bodies.put("/churn/labels/batch", "[{\"customer\":\"@customer\",\"left\":true,\"leftOn\":\"2024-01-01\"}]");
        bodies.put("/segments", "{\"name\":\"别家\",\"rule\":{\"is\":\"LIST\",\"list\":\"@segment\"}}");
        bodies.forEach((path, body) -> {
            var answer = call(ours.lead(), "POST", "/api/v1/contracts/" + own + path, filled(body));
            noCanary(answer, path);
            boolean found = answer.statusCode() < 300 && !path.equals("/customers/search");
            if (found && !answer.body().contains("\"unknown\"")) {
                leaks.add("POST " + path + " takes an id of another client: " + answer.body());
            }
        });
        assertThat(leaks).isEmpty();
        assertThat(everything()).isEqualTo(before);
    }

    @Test
    void SEC_3_whoHasNoStandingOrNotEnoughIsRefusedEverywhere() {
        for (var route : routes()) {
            expect(ask(theirs.outsider(), route, contract), route, Set.of(404));
            for (var person : List.of(theirs.finance(), theirs.lawyer())) {
                expect(ask(person, route, contract), route, Set.of(403, 404, 400, 415, 422));
            }
        }
        assertThat(leaks).isEmpty();
        assertThat(everything()).isEqualTo(before);
    }

    /** Anybody can draft a contract with anybody: until both have signed, it opens nothing. */
    @Test
    void whoOnlyDraftedAContractWithTheClientIsRefusedEverywhere() {
        var stranger = casting.cast();
        var imported = new Caller(port, stranger.lead())
                .post(
                        "/contracts/imports",
                        Map.of(
                                "organisation", stranger.provider(),
                                "party", "PROVIDER",
                                "counterparty", theirs.clientName(),
                                "text", World.contractText(stranger)));
        var draft = imported.body().get("contract").asString();
        assertThat(call(stranger.lead(), "GET", "/contracts/" + draft, "").statusCode())
                .isEqualTo(200);
        for (var route : routes()) {
            expect(ask(stranger.lead(), route, draft), route, Set.of(403, 404, 400, 415, 422));
        }
        assertThat(leaks).isEmpty();
        assertThat(everything()).isEqualTo(before);
    }

    /** PII-5: each look in the clear is shown to the client whose data it is, and to whoever guards it. */
    @Test
    void whoSawWhatIsOnAPageOfTheClient() {
        var customer = ids.get("customer");
        var seen = call(
                theirs.agent(),
                "POST",
                "/api/v1" + at("/customers/" + customer + "/reveals"),
                "{\"value\":\"" + customer + "\",\"purpose\":\"SERVICE\",\"reason\":\"来电核对姓名\"}");
        assertThat(seen.body()).contains(NAME);
        assertThat(seen.headers().firstValue("Cache-Control").orElse("")).contains("no-store");

        for (var person : List.of(theirs.owner(), theirs.lead())) {
            var page = call(person, "GET", at("/reveals?customer=" + customer), "");
            assertThat(page.statusCode()).isEqualTo(200);
            assertThat(page.body())
                    .contains("来电核对姓名", "金**鸣", "安宁", "姓名／名称", "正在为客户服务")
                    .doesNotContain(NAME, PHONE, MAIL);
            assertThat(page.headers().firstValue("Cache-Control").orElse("")).contains("no-store");
            assertThat(call(person, "GET", at("/reveals?purpose=DISPUTE"), "").body())
                    .contains("没有查看记录")
                    .doesNotContain("来电核对姓名");
            assertThat(call(
                                    person,
                                    "GET",
                                    at("/reveals?person=" + theirs.agent().id()),
                                    "")
                            .body())
                    .contains("来电核对姓名");
            assertThat(call(person, "GET", at("/reveals?person=" + theirs.lead().id()), "")
                            .body())
                    .doesNotContain("来电核对姓名");
            assertThat(call(person, "GET", at("/customers/" + customer), "").body())
                    .contains("/reveals?customer=" + customer);
        }
        assertThat(call(theirs.agent(), "GET", at("/reveals"), "").statusCode()).isEqualTo(403);
        assertThat(call(theirs.finance(), "GET", at("/reveals"), "").statusCode())
                .isEqualTo(403);
    }

    /** The rows of an upload that were not taken are in the clear: they go back to whoever sent them and to nobody else. */
    @Test
    void badRowsGoBackToWhoSentThem() {
        var path = at("/imports/" + ids.get("batch") + "/bad.csv");
        assertThat(call(theirs.lead(), "GET", path, "").statusCode()).isEqualTo(200);
        assertThat(call(theirs.owner(), "GET", path, "").statusCode()).isEqualTo(403);
        assertThat(call(theirs.owner(), "GET", "/api/v1" + path, "").statusCode())
                .isEqualTo(403);
    }

    private HttpResponse<String> ask(Person person, Route route, String underContract) {
        var path = route.path().replace("{contract}", underContract);
        for (var variable : route.variables()) {
            assertThat(ids)
                    .as(route.method() + " " + route.path() + " has an example")
                    .containsKey(variable);
            path = path.replace("{" + variable + "}", ids.get(variable));
        }
        var key = route.method() + " " + route.rest();
        var body = BODIES.getOrDefault(key, "{}");
        if (route.wantsJson() && !route.variables().isEmpty()) {
            assertThat(BODIES).as("a body for " + key).containsKey(key);
        }
        return call(person, route.method(), path, filled(body));
    }

    private String filled(String body) {
        var text = body;
        for (var id : ids.entrySet()) {
            text = text.replace("@" + id.getKey(), id.getValue());
        }
        return text;
    }

    private void expect(HttpResponse<String> answer, Route route, Set<Integer> wanted) {
        var what = route.method() + " " + route.path();
        // A file is not sent here, and what needs one says so before it looks at whose customer it is for.
        boolean file = route.path().endsWith("/files")
                || List.of("/imports", "/orders", "/events", "/churn/labels").contains(route.rest());
        var status = answer.statusCode();
        if (!wanted.contains(status) && !(file && (status == 400 || status == 415 || status == 422))) {
            leaks.add(what + " answers " + status + ": "
                    + answer.body().substring(0, Math.min(200, answer.body().length())));
        }
        noCanary(answer, what);
    }

    private void noCanary(HttpResponse<String> answer, String what) {
        CANARIES.stream()
                .filter(canary -> answer.body().contains(canary))
                .forEach(canary -> leaks.add(what + " shows " + canary));
        if (answer.statusCode() >= 500) {
            leaks.add(what + " answers " + answer.statusCode());
        }
    }

    // How

    private HttpResponse<String> call(Person person, String method, String path, String body) {
        var request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                .header("Accept-Language", "zh-CN");
        if (path.startsWith("/api/")) {
            request.header("Authorization", "Bearer " + person.token());
            if (!method.equals("GET") && !method.equals("DELETE")) {
                request.header("Content-Type", path.endsWith("/imports") ? "text/csv" : "application/json");
            }
            return send(
                    HttpClient.newHttpClient(),
                    request.method(
                                    method,
                                    method.equals("GET") ? BodyPublishers.noBody() : BodyPublishers.ofString(body))
                            .build());
        }
        var session = sessions.computeIfAbsent(person, this::signedIn);
        if (method.equals("GET")) {
            return send(session, request.build());
        }
        if (path.endsWith("/stream")) {
            return send(
                    session,
                    request.header("Content-Type", "application/octet-stream")
                            .header("X-CSRF-TOKEN", tokens.get(person))
                            .POST(BodyPublishers.ofString("姓名,手机\n李雷,13900001111\n"))
                            .build());
        }
        var fields = new ArrayList<String>();
        FORM.forEach((name, value) -> {
            // What is called a kind is one of contacts, or of conditions.
            var given = name.equals("kind") && path.contains("/segments/") ? "TAG" : filled(value);
            fields.add(name + "=" + URLEncoder.encode(given, StandardCharsets.UTF_8));
        });
        fields.add("_csrf=" + URLEncoder.encode(tokens.get(person), StandardCharsets.UTF_8));
        return send(
                session,
                request.header("Content-Type", "application/x-www-form-urlencoded")
                        .POST(BodyPublishers.ofString(String.join("&", fields)))
                        .build());
    }

    private HttpClient signedIn(Person person) {
        var session = HttpClient.newBuilder().cookieHandler(new CookieManager()).build();
        var site = "http://127.0.0.1:" + port;
        var page = send(
                session, HttpRequest.newBuilder(URI.create(site + "/sign-in")).build());
        var form = "login=" + person.login() + "&password=" + World.PASSWORD.replace(" ", "+") + "&_csrf="
                + URLEncoder.encode(csrf(page.body()), StandardCharsets.UTF_8);
        send(
                session,
                HttpRequest.newBuilder(URI.create(site + "/sign-in"))
                        .header("Content-Type", "application/x-www-form-urlencoded")
                        .POST(BodyPublishers.ofString(form))
                        .build());
        tokens.put(
                person,
                csrf(send(
                                session,
                                HttpRequest.newBuilder(URI.create(site + "/account"))
                                        .build())
                        .body()));
        return session;
    }

    private static String csrf(String page) {
        var found = Pattern.compile("name=\"_csrf\" value=\"([^\"]+)\"").matcher(page);
        assertThat(found.find()).as("a form with a token").isTrue();
        return found.group(1);
    }

    private static HttpResponse<String> send(HttpClient client, HttpRequest request) {
        try {
            return client.send(request, BodyHandlers.ofString(StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new IllegalStateException(request.toString(), e);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
