package io.retainer;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.context.annotation.Import;
import org.springframework.web.servlet.mvc.method.annotation.RequestMappingHandlerMapping;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What is published about the API is all of it, and refers to nothing that is not there. */
@SpringBootTest(webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT, properties = "db-scheduler.enabled=false")
@Import({PostgresTest.class, World.class})
class ApiDescriptionTests {

    @LocalServerPort
    int port;

    @Autowired
    @Qualifier("requestMappingHandlerMapping")
    RequestMappingHandlerMapping mappings;

    @Test
    void everyCallIsDescribedWithItsRefusals() throws IOException, InterruptedException {
        var api = JsonMapper.shared()
                .readTree(HttpClient.newHttpClient()
                        .send(
                                HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/api/v1/openapi"))
                                        .build(),
                                BodyHandlers.ofString())
                        .body());
        assertThat(api.path("openapi").asString()).startsWith("3.1");
        assertThat(api.path("info").path("title").asString()).isNotBlank();
        assertThat(api.path("info").path("version").asString()).isNotBlank();

        var served = new TreeSet<String>();
        mappings.getHandlerMethods()
                .forEach((mapping, _) -> mapping.getPatternValues().stream()
                        .filter(path -> path.startsWith("/api/v1/") && !path.startsWith("/api/v1/openapi"))
                        .forEach(path -> mapping.getMethodsCondition()
                                .getMethods()
                                .forEach(method -> served.add(method + " " + path))));
        var described = new TreeSet<String>();
        var operations = new TreeSet<String>();
        api.path("paths")
                .properties()
                .forEach(path -> path.getValue().properties().forEach(operation -> {
                    var name = operation.getKey().toUpperCase(java.util.Locale.ROOT) + " " + path.getKey();
                    described.add(name);
                    var responses = operation.getValue().path("responses");
                    assertThat(responses.propertyNames())
                            .as(name)
                            .contains("400", "401", "403", "404", "409", "422", "503")
                            .anyMatch(status -> status.startsWith("2"));
                    assertThat(operations.add(
                                    operation.getValue().path("operationId").asString()))
                            .as("the operation id of %s is its own", name)
                            .isTrue();
                    for (var variable : path.getKey().split("\\{")) {
                        if (variable.contains("}")) {
                            assertThat(operation.getValue().path("parameters").values().stream()
                                            .filter(parameter -> parameter
                                                    .path("in")
                                                    .asString()
                                                    .equals("path"))
                                            .map(parameter ->
                                                    parameter.path("name").asString()))
                                    .as(name)
                                    .contains(variable.substring(0, variable.indexOf('}')));
                        }
                    }
                }));
        assertThat(described).isEqualTo(served);

        var references = new ArrayList<String>();
        collect(api, references);
        assertThat(references)
                .isNotEmpty()
                .allSatisfy(
                        reference -> assertThat(api.at(reference.substring(1)).isMissingNode())
                                .as(reference)
                                .isFalse());
    }

    private static void collect(JsonNode node, List<String> references) {
        if (node.path("$ref").isString()) {
            references.add(node.path("$ref").asString());
        }
        node.values().forEach(child -> collect(child, references));
    }
}
