package io.retainer;

import static org.assertj.core.api.Assertions.assertThat;

import io.retainer.World.Cast;
import io.retainer.World.Casting;
import java.io.ByteArrayOutputStream;
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
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.regex.Pattern;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.context.annotation.Import;
import org.springframework.core.MethodParameter;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMethod;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.method.HandlerMethod;
import org.springframework.web.servlet.mvc.method.annotation.RequestMappingHandlerMapping;
import tools.jackson.databind.json.JsonMapper;

/**
 * Everything that can be sent is sent wrongly: to every call of the API and every form, found by their mappings. The
 * answer is always a refusal that can be acted on, never a bug, and nothing is half done.
 */
@SpringBootTest(webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT, properties = "db-scheduler.enabled=false")
@Import({PostgresTest.class, World.class})
class BadInputTests {

    private static final JsonMapper JSON = JsonMapper.shared();
    private static final String LONG = "长".repeat(60_000);
    /** What a contract in draft opens to nobody but the client. */
    private static final Pattern OF_THE_CLIENT = Pattern.compile(
            "\\{contract}/(complaint|customer|segment|export|import|duplicate|resolution|quality|value|churn|order|event|analys"
                    + "|sign-up|relation|task|opportunit|referral|field|reveal|data-key|upload)");

    private static final String NOBODY = "00000000-0000-0000-0000-000000000000";

    /** What a value may be instead of what was asked for; raw JSON. */
    private static final List<String> VALUES = List.of(
            "null",
            "true",
            "-1",
            "1e9",
            "12.345",
            "99999999999999999999",
            "\"\"",
            "\"   \"",
            "\"x\"",
            "\"-5\"",
            "\"1e9\"",
            "\"12.345\"",
            "\"2025-02-30\"",
            "\"2025-02-30T25:61:00Z\"",
            "\"+999999999-12-31T00:00:00Z\"",
            "\"-0001-01-01\"",
            "\"a\\u0000b\"",
            "\"\\ud800\"",
            "\"<script>alert(1)</script>\"",
            "\"" + LONG + "\"",
            "[]",
            "[null]",
            "{\"a\":{}}");

    private static final List<String> BODIES = List.of(
            "", "null", "[]", "\"x\"", "1", "{", "{}", "{\"surprise\":1}", "\u0000\u0001\u0002", "[".repeat(5000));

    @LocalServerPort
    int port;

    @Autowired
    Casting casting;

    @Autowired
    @Qualifier("requestMappingHandlerMapping")
    RequestMappingHandlerMapping mappings;

    @Autowired
    PostgresTest.Database database;

    private final HttpClient http =
            HttpClient.newBuilder().cookieHandler(new CookieManager()).build();
    private final HttpClient api = HttpClient.newHttpClient();
    private final Set<String> complaints = new LinkedHashSet<>();
    private Cast cast;
    private String contract = NOBODY;
    private String inForce = NOBODY;

    @BeforeEach
    void oneContractInDraftAndOneInForce() {
        cast = casting.cast();
        inForce = World.inForce(port, cast).toString();
        var made = new World.Caller(port, cast.lead())
                .post(
                        "/contracts/imports",
                        Map.of(
                                "organisation", cast.provider().toString(),
                                "party", "PROVIDER",
                                "counterparty", cast.clientName(),
                                "text", World.contractText(cast)));
        contract = made.body().path("contract").asString();
        assertThat(contract).hasSize(36);
    }

    private record Call(String method, String path, HandlerMethod handler) {}

    private List<Call> calls(boolean ofTheApi) {
        var calls = new TreeMap<String, Call>();
        mappings.getHandlerMethods().forEach((mapping, handler) -> {
            for (var path : mapping.getPatternValues()) {
                if (path.startsWith("/api/v1/") == ofTheApi && !path.startsWith("/api/v1/openapi")) {
                    for (RequestMethod method : mapping.getMethodsCondition().getMethods()) {
                        calls.put(
                                method + path + mapping.getConsumesCondition(), new Call(method.name(), path, handler));
                    }
                }
            }
        });
        assertThat(calls).hasSizeGreaterThan(10);
        return List.copyOf(calls.values());
    }

    // The API

    @Test
    void everyCallOfTheApiRefusesBadBodies() {
        for (var call : calls(true)) {
            if (!Set.of("POST", "PUT", "PATCH").contains(call.method())) {
                continue;
            }
            var path = path(call.path(), Map.of());
            for (var body : BODIES) {
                send(call.method(), path, "application/json", body);
            }
            send(call.method(), path, "text/plain", "{}");
            send(call.method(), path, "application/xml", "<a/>");
            send(call.method(), path, "multipart/form-data; boundary=x", "--x\r\nrubbish");
            send(call.method(), path, "not a type", "{}");
            for (var parameter : call.handler().getMethodParameters()) {
                if (parameter.hasParameterAnnotation(RequestBody.class)
                        && parameter.getParameterType().isRecord()) {
                    var components = parameter.getParameterType().getRecordComponents();
                    for (var wrong : components) {
                        for (var value : VALUES) {
                            var fields = new ArrayList<String>();
                            for (var other : components) {
                                fields.add("\"" + other.getName() + "\":"
                                        + (other == wrong ? value : plausible(other.getType(), other.getName())));
                            }
                            send(call.method(), path, "application/json", "{" + String.join(",", fields) + "}");
                        }
                    }
                }
            }
        }
        assertThat(complaints).isEmpty();
    }

    @Test
    void everyCallOfTheApiRefusesBadPathsAndQueries() {
        for (var call : calls(true)) {
            for (var wrong :
                    List.of("rubbish", "-1", "99999999999999999999", NOBODY, "%00", "..%2f..", "a".repeat(3000))) {
                for (var variable : variables(call.path())) {
                    send(call.method(), path(call.path(), Map.of(variable, wrong)), "application/json", "{}");
                }
                if (call.method().equals("GET")) {
                    for (var name : queries(call.handler())) {
                        send("GET", path(call.path(), Map.of()) + "?" + name + "=" + wrong, "application/json", "");
                    }
                }
            }
            for (var key : List.of("", " ", "k".repeat(201))) {
                if (call.method().equals("POST")) {
                    exchange(
                            api,
                            request(path(call.path(), Map.of()))
                                    .header(
                                            "Authorization",
                                            "Bearer " + cast.lead().token())
                                    .header("Content-Type", "application/json")
                                    .header("Idempotency-Key", key)
                                    .POST(BodyPublishers.ofString("{}"))
                                    .build(),
                            true);
                }
            }
        }
        assertThat(complaints).isEmpty();
    }

    @Test
    void whoIsNotSignedInIsToldHow() {
        var answer = exchange(api, request("/api/v1/contracts").build(), true);
        assertThat(answer.statusCode()).isEqualTo(401);
        assertThat(JSON.readTree(answer.body()).path("code").asString()).isEqualTo("identity.api.signIn");
        signIn();
        var forged = exchange(
                http,
                request("/api/v1/contracts/" + contract + "/suspension")
                        .POST(BodyPublishers.noBody())
                        .build(),
                true);
        assertThat(forged.statusCode()).isEqualTo(403);
        assertThat(JSON.readTree(forged.body()).path("code").asString()).isEqualTo("identity.api.forged");
    }

    @Test
    void aRefusalNamesTheField() {
        var wrong = send(
                "POST",
                "/api/v1/contracts/" + contract + "/payments",
                "application/json",
                "{\"creditedAt\":\"2025-02-30T10:00:00Z\"}");
        assertThat(wrong.statusCode()).isEqualTo(422);
        assertThat(JSON.readTree(wrong.body()).path("field").asString()).isEqualTo("creditedAt");
        var unknown =
                send("POST", "/api/v1/contracts/" + contract + "/payments", "application/json", "{\"amout\":\"1.00\"}");
        assertThat(unknown.statusCode()).isEqualTo(422);
        assertThat(JSON.readTree(unknown.body()).path("field").asString()).isEqualTo("amout");
        assertThat(JSON.readTree(unknown.body()).path("detail").asString()).contains("amout");
        assertThat(complaints).isEmpty();
    }

    // Files

    @Test
    void filesThatAreNoneAreRefused() throws IOException {
        var real = docx(Map.of("[Content_Types].xml", "<Types/>".getBytes(StandardCharsets.UTF_8)));
        var bomb = docx(Map.of("word/document.xml", new byte[300_000_000]));
        var files = new LinkedHashMap<String, byte[]>();
        files.put("empty", new byte[0]);
        files.put("binary as text", random(100_000));
        files.put("truncated", Arrays.copyOf(real, real.length / 2));
        files.put("no document inside", real);
        files.put("bomb", bomb);
        files.put("entities", docx(Map.of("word/document.xml", """
                <!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;"><!ENTITY c SYSTEM "file:///etc/passwd">]>
                <w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:body>&b;&c;</w:body></w:document>
                """.getBytes(StandardCharsets.UTF_8))));
        files.put("a million columns", ",".repeat(1_000_000).getBytes(StandardCharsets.UTF_8));
        files.put("an open quote", ("a,b\n\"" + "x".repeat(1_000_000)).getBytes(StandardCharsets.UTF_8));
        long before = count();
        for (var file : files.entrySet()) {
            for (var target : List.of("/api/v1/contracts/imports", "/api/v1/bank/files")) {
                var fields = Map.of("organisation", cast.provider().toString(), "party", "PROVIDER");
                var answer = exchange(
                        api,
                        request(target)
                                .header("Authorization", "Bearer " + cast.lead().token())
                                .header("Content-Type", "multipart/form-data; boundary=xyz")
                                .POST(BodyPublishers.ofByteArray(multipart(fields, file.getValue())))
                                .build(),
                        true);
                if (answer.statusCode() < 400 && target.endsWith("files")) {
                    complaints.add(target + " took: " + file.getKey() + ": " + answer.body());
                }
                if (answer.body().contains("root:")) {
                    complaints.add(target + " reads files of the machine");
                }
            }
        }
        assertThat(complaints).isEmpty();
        // Text without a clause may become a contract in which everything is missing; a file that is none may not.
        assertThat(count() - before).isLessThanOrEqualTo(2);
    }

    // Forms

    @Test
    void everyFormRefusesBadFields() {
        var token = signIn();
        for (var call : calls(false)) {
            if (!call.method().equals("POST") || call.path().equals("/error")) {
                continue;
            }
            var path = path(call.path(), Map.of());
            form(path, "", token);
            form(path, "surprise=1", token);
            var names = queries(call.handler());
            for (var wrong : names) {
                for (var value : VALUES) {
                    var text = value.startsWith("\"") ? JSON.readTree(value).asString() : value;
                    var fields = new ArrayList<String>();
                    for (var name : names) {
                        var other = plausible(type(call.handler(), name), name);
                        fields.add(name + "="
                                + URLEncoder.encode(
                                        name.equals(wrong) ? text : other.replace("\"", ""), StandardCharsets.UTF_8));
                    }
                    form(path, String.join("&", fields), token);
                }
            }
            for (var variable : variables(call.path())) {
                for (var wrong : List.of("rubbish", "-1", "99999999999999999999", NOBODY)) {
                    form(path(call.path(), Map.of(variable, wrong)), "", token);
                }
            }
            var forged = exchange(
                    http,
                    request(path)
                            .header("Content-Type", "application/x-www-form-urlencoded")
                            .POST(BodyPublishers.noBody())
                            .build(),
                    false);
            assertThat(forged.statusCode()).as(path + " without its token").isEqualTo(403);
        }
        assertThat(complaints).isEmpty();
    }

    @Test
    void everyPageRefusesBadQueries() {
        signIn();
        for (var call : calls(false)) {
            if (call.method().equals("GET")) {
                for (var wrong : List.of("rubbish", "-1", "99999999999999999999", "%00", "2025-02-30", "%F0%9F")) {
                    for (var name : queries(call.handler())) {
                        exchange(
                                http,
                                request(path(call.path(), Map.of()) + "?" + name + "=" + wrong)
                                        .build(),
                                false);
                    }
                    for (var variable : variables(call.path())) {
                        exchange(
                                http,
                                request(path(call.path(), Map.of(variable, wrong)))
                                        .build(),
                                false);
                    }
                }
            }
        }
        assertThat(complaints).isEmpty();
    }

    // How

    private String signIn() {
        var page = exchange(http, request("/sign-in").build(), false).body();
        form("/sign-in", "login=" + cast.lead().login() + "&password=" + World.PASSWORD.replace(" ", "+"), csrf(page));
        return csrf(exchange(http, request("/account").build(), false).body());
    }

    private static String csrf(String page) {
        var found = Pattern.compile("name=\"_csrf\" value=\"([^\"]+)\"").matcher(page);
        assertThat(found.find()).as("a form with a token").isTrue();
        return found.group(1);
    }

    private HttpResponse<String> form(String path, String fields, String token) {
        // Signing out or changing the password would end the walk.
        if (path.equals("/sign-out")) {
            return exchange(http, request("/").build(), false);
        }
        return exchange(
                http,
                request(path)
                        .header("Content-Type", "application/x-www-form-urlencoded")
                        .POST(BodyPublishers.ofString(
                                fields + "&_csrf=" + URLEncoder.encode(token, StandardCharsets.UTF_8)))
                        .build(),
                false);
    }

    private HttpResponse<String> send(String method, String path, String type, String body) {
        var builder =
                request(path).header("Authorization", "Bearer " + cast.lead().token());
        if (!method.equals("GET")) {
            builder.header("Content-Type", type);
        }
        return exchange(
                api,
                builder.method(
                                method,
                                method.equals("GET")
                                        ? BodyPublishers.noBody()
                                        : BodyPublishers.ofString(body, StandardCharsets.UTF_8))
                        .build(),
                true);
    }

    private HttpResponse<String> exchange(HttpClient client, HttpRequest request, boolean problems) {
        try {
            var answer = client.send(request, BodyHandlers.ofString(StandardCharsets.UTF_8));
            var what = request.method() + " " + request.uri().getPath() + " answers " + answer.statusCode() + ": ";
            var body = answer.body().substring(0, Math.min(300, answer.body().length()));
            if (answer.statusCode() >= 500) {
                complaints.add(what + body + " to " + sent(request));
            }
            // A URL that is none (%00) is turned away before we see it.
            boolean ours = !request.uri().getRawPath().contains("%");
            if (problems && ours && answer.statusCode() >= 400) {
                var type = answer.headers().firstValue("Content-Type").orElse("");
                boolean whole = type.startsWith("application/problem+json")
                        && !JSON.readTree(answer.body())
                                .path("code")
                                .asString("")
                                .isBlank()
                        && !JSON.readTree(answer.body())
                                .path("detail")
                                .asString("")
                                .isBlank();
                if (!whole && answer.statusCode() != 406) {
                    complaints.add(what + "no problem with code and detail: " + type + " " + body);
                }
            }
            return answer;
        } catch (IOException e) {
            throw new IllegalStateException(request.toString(), e);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private String sent(HttpRequest request) {
        return request.uri().getQuery() + " "
                + request.bodyPublisher()
                        .map(publisher -> publisher.contentLength() + " bytes")
                        .orElse("");
    }

    private HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                .header("Accept-Language", "en");
    }

    private String path(String pattern, Map<String, String> wrong) {
        var path = pattern;
        for (var variable : variables(pattern)) {
            var value = wrong.getOrDefault(
                    variable,
                    switch (variable) {
                        case "contract" -> OF_THE_CLIENT.matcher(pattern).find() ? inForce : contract;
                        case "number", "index" -> "1";
                        case "key" -> "fee.words";
                        default -> NOBODY;
                    });
            path = path.replace("{" + variable + "}", value);
        }
        return path;
    }

    private static List<String> variables(String pattern) {
        return Pattern.compile("\\{([a-zA-Z]+)}")
                .matcher(pattern)
                .results()
                .map(found -> found.group(1))
                .toList();
    }

    private static List<String> queries(HandlerMethod handler) {
        return Arrays.stream(handler.getMethodParameters())
                .filter(parameter -> parameter.hasParameterAnnotation(RequestParam.class))
                .map(BadInputTests::name)
                .toList();
    }

    private static String name(MethodParameter parameter) {
        var annotation = parameter.getParameterAnnotation(RequestParam.class);
        return annotation != null && !annotation.name().isEmpty()
                ? annotation.name()
                : String.valueOf(parameter.getParameter().getName());
    }

    private static Class<?> type(HandlerMethod handler, String name) {
        return Arrays.stream(handler.getMethodParameters())
                .filter(parameter -> parameter.hasParameterAnnotation(RequestParam.class)
                        && name(parameter).equals(name))
                .<Class<?>>map(MethodParameter::getParameterType)
                .findFirst()
                .orElse(String.class);
    }

    /** A value of the right kind, so that only the other one is wrong. */
    private String plausible(@Nullable Class<?> type, String name) {
        if (type == null) {
            return "null";
        }
        if (type.isEnum()) {
            return "\"" + ((Enum<?>) type.getEnumConstants()[0]).name() + "\"";
        }
        return switch (type.getSimpleName()) {
            case "UUID" -> "\"" + (name.equals("organisation") ? cast.provider() : UUID.fromString(NOBODY)) + "\"";
            case "Instant" -> "\"2025-01-02T03:04:05Z\"";
            case "LocalDate" -> "\"2025-01-02\"";
            case "LocalDateTime" -> "\"2025-01-02T03:04:05\"";
            case "Integer", "int", "Long", "long" -> "1";
            case "BigDecimal" -> "1.5";
            case "Boolean", "boolean" -> "true";
            case "List", "Set" -> "[]";
            default -> name.equals("amount") ? "\"1.00\"" : "\"words\"";
        };
    }

    private long count() {
        var counted = new JdbcTemplate(database.superuser())
                .queryForObject("select count(*) from contract.contract", Long.class);
        return counted == null ? 0 : counted;
    }

    private static byte[] docx(Map<String, byte[]> entries) throws IOException {
        var bytes = new ByteArrayOutputStream();
        try (var zip = new ZipOutputStream(bytes)) {
            for (var entry : entries.entrySet()) {
                zip.putNextEntry(new ZipEntry(entry.getKey()));
                zip.write(entry.getValue());
                zip.closeEntry();
            }
        }
        return bytes.toByteArray();
    }

    private static byte[] random(int length) {
        var bytes = new byte[length];
        new java.util.Random(6).nextBytes(bytes);
        return bytes;
    }

    private static byte[] multipart(Map<String, String> fields, byte[] file) throws IOException {
        var bytes = new ByteArrayOutputStream();
        for (var field : fields.entrySet()) {
            bytes.write(("--xyz\r\nContent-Disposition: form-data; name=\"" + field.getKey() + "\"\r\n\r\n"
                            + field.getValue() + "\r\n")
                    .getBytes(StandardCharsets.UTF_8));
        }
        bytes.write("--xyz\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a.docx\"\r\n\r\n"
                .getBytes(StandardCharsets.UTF_8));
        bytes.write(file);
        bytes.write("\r\n--xyz--\r\n".getBytes(StandardCharsets.UTF_8));
        return bytes.toByteArray();
    }
}
