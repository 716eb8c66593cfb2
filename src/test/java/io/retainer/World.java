package io.retainer;

import static org.assertj.core.api.Assertions.assertThat;

import io.retainer.contract.DemoContract;
import io.retainer.identity.ApiTokens;
import io.retainer.identity.Organisations;
import io.retainer.identity.People;
import io.retainer.identity.Role;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.test.context.TestConfiguration;
import org.springframework.context.annotation.Bean;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What a story needs: a clock to turn, two companies with their people, and somebody who calls the API for them. */
@TestConfiguration(proxyBeanMethods = false)
class World {

    static final String PASSWORD = "correct horse battery";

    /** Before the term of the demo contract. */
    private static final String BEGINNING = "2024-12-18T10:00";

    @Bean
    TurnableClock clock() {
        return new TurnableClock(BEGINNING);
    }

    @Bean
    Casting casting(People people, Organisations organisations, ApiTokens tokens, TurnableClock clock) {
        return new Casting(people, organisations, tokens, clock);
    }

    /** Two companies and whoever has to do with their contract. */
    record Cast(
            String clientName,
            UUID client,
            String providerName,
            UUID provider,
            Person lead,
            Person agent,
            Person owner,
            Person finance,
            Person lawyer,
            Person outsider) {}

    record Person(UUID id, String login, String token) {}

    record Casting(People people, Organisations organisations, ApiTokens tokens, TurnableClock clock) {

        Cast cast() {
            clock.set(BEGINNING);
            var mark = UUID.randomUUID().toString().substring(0, 6);
            var clientName = "青禾生活用品有限公司" + mark;
            var providerName = "远山客户服务有限公司" + mark;
            var client = organisations.namedOrNew(clientName).id();
            var provider = organisations.namedOrNew(providerName).id();
            var other = organisations.namedOrNew("旁观者" + mark).id();
            return new Cast(
                    clientName,
                    client,
                    providerName,
                    provider,
                    person("lead-" + mark, "陆远", provider, Role.OPERATIONS_LEAD),
                    person("agent-" + mark, "安宁", provider, Role.AGENT),
                    person("owner-" + mark, "甄青", client, Role.OWNER),
                    person("finance-" + mark, "方正", client, Role.FINANCE),
                    person("lawyer-" + mark, "吕言", client, Role.LAWYER),
                    person("outsider-" + mark, "路人", other, Role.OWNER));
        }

        private Person person(String login, String name, UUID organisation, Role role) {
            var id = people.add(login, name, PASSWORD, organisation, role);
            return new Person(id, login, tokens.issue(id, "story", 365));
        }
    }

    /** @param body of JSON, or a missing node */
    record Answer(int status, JsonNode body) {}

    /** Calls the API as one of the people. */
    record Caller(int port, Person person) {

        private static final HttpClient HTTP = HttpClient.newHttpClient();
        private static final JsonMapper JSON = JsonMapper.shared();

        Answer get(String path) {
            return json(request(path).GET().build());
        }

        Answer post(String path, Object body) {
            return json(withBody("POST", path, body));
        }

        Answer put(String path, Object body) {
            return json(withBody("PUT", path, body));
        }

        Path download(String path, Path to) {
            try {
                var answer = HTTP.send(request(path).GET().build(), BodyHandlers.ofByteArray());
                if (answer.statusCode() != 200) {
                    throw new AssertionError(path + " answered " + answer.statusCode());
                }
                return Files.write(to, answer.body());
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        }

        private HttpRequest withBody(String method, String path, Object body) {
            return request(path)
                    .header("Content-Type", "application/json")
                    .header("Idempotency-Key", UUID.randomUUID().toString())
                    .method(method, BodyPublishers.ofString(JSON.writeValueAsString(body), StandardCharsets.UTF_8))
                    .build();
        }

        private HttpRequest.Builder request(String path) {
            return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/api/v1" + path))
                    .header("Authorization", "Bearer " + person.token())
                    .header("Accept-Language", "zh-CN");
        }

        private static Answer json(HttpRequest request) {
            try {
                HttpResponse<String> answer = HTTP.send(request, BodyHandlers.ofString(StandardCharsets.UTF_8));
                return new Answer(
                        answer.statusCode(),
                        answer.body().isBlank() ? JSON.missingNode() : JSON.readTree(answer.body()));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        }
    }

    /** A contract in force between them, made over the API; its id. */
    static UUID inForce(int port, Cast cast) {
        var lead = new Caller(port, cast.lead());
        var imported = lead.post(
                "/contracts/imports",
                Map.of(
                        "organisation",
                        cast.provider(),
                        "party",
                        "PROVIDER",
                        "counterparty",
                        cast.clientName(),
                        "text",
                        contractText(cast)));
        assertThat(imported.status()).as("%s", imported.body()).isEqualTo(201);
        var id = UUID.fromString(imported.body().get("contract").asString());
        var path = "/contracts/" + id;
        lead.put(path + "/terms/late.mode", Map.of("value", "DAILY"));
        var owner = new Caller(port, cast.owner());
        for (var caller : List.of(lead, owner)) {
            assertThat(caller.post(path + "/confirmations", Map.of()).status()).isEqualTo(200);
            assertThat(caller.post(path + "/annexes/risks", Map.of()).status()).isEqualTo(200);
        }
        var hash = lead.post(path + "/submission", Map.of()).body().get("hash").asString();
        for (var caller : List.of(owner, lead)) {
            var signed = caller.post(
                    path + "/signatures",
                    Map.of("hash", hash, "mode", "SEAL", "signatory", "经办人", "authority", "公章,授权委托书"));
            assertThat(signed.status()).as("%s", signed.body()).isEqualTo(200);
        }
        return id;
    }

    /** The demo contract, between these companies. */
    static String contractText(Cast cast) {
        return DemoContract.text().replace("青禾生活用品有限公司", cast.clientName()).replace("远山客户服务有限公司", cast.providerName());
    }

    static Map<String, @Nullable Object> with(String key, @Nullable Object value) {
        var map = new java.util.HashMap<String, @Nullable Object>();
        map.put(key, value);
        return map;
    }

    static Instant beijing(String local) {
        return TurnableClock.beijing(local);
    }
}
