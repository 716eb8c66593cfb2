package io.retainer.workbench;

import io.retainer.identity.Access;
import io.retainer.identity.SignedIn;
import io.swagger.v3.oas.models.Components;
import io.swagger.v3.oas.models.OpenAPI;
import io.swagger.v3.oas.models.info.Info;
import io.swagger.v3.oas.models.info.License;
import io.swagger.v3.oas.models.media.Content;
import io.swagger.v3.oas.models.media.IntegerSchema;
import io.swagger.v3.oas.models.media.MediaType;
import io.swagger.v3.oas.models.media.Schema;
import io.swagger.v3.oas.models.media.StringSchema;
import io.swagger.v3.oas.models.media.UUIDSchema;
import io.swagger.v3.oas.models.parameters.PathParameter;
import io.swagger.v3.oas.models.responses.ApiResponse;
import io.swagger.v3.oas.models.security.SecurityRequirement;
import io.swagger.v3.oas.models.security.SecurityScheme;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.springdoc.core.customizers.OperationCustomizer;
import org.springdoc.core.utils.SpringDocUtils;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.web.bind.annotation.RequestBody;

/** The frame of the published description of the API; its paths come from the controllers. */
@Configuration(proxyBeanMethods = false)
class ApiDescription {

    static {
        SpringDocUtils.getConfig().addRequestWrapperToIgnore(Access.class, SignedIn.class);
    }

    /** How any call can be refused, by status. */
    private static final Map<String, String> REFUSALS = new TreeMap<>(Map.of(
            "400", "The request cannot be read.",
            "401", "No valid token and no session.",
            "403", "Your standing under this contract does not include it.",
            "404", "Unknown, or not yours: the two look the same.",
            "409", "A rule says no, or somebody else changed it meanwhile.",
            "415", "The content type is not taken.",
            "422", "The value of `field` is at fault.",
            "503", "The database is away; try again after `Retry-After` seconds."));

    private static Components components() {
        Schema<?> problem = new Schema<Object>()
                .type("object")
                .description("RFC 9457, with a stable code.")
                .addProperty("title", new StringSchema())
                .addProperty("status", new IntegerSchema())
                .addProperty("detail", new StringSchema().description("A sentence in the language of the caller."))
                .addProperty("instance", new StringSchema())
                .addProperty("code", new StringSchema().description("Stable; the key of the sentence."))
                .addProperty("field", new StringSchema().description("The field at fault, where there is one."));
        problem.setRequired(List.of("status", "detail", "code"));
        var components = new Components().addSchemas("Problem", problem);
        REFUSALS.forEach((status, why) -> components.addResponses(
                "Problem" + status,
                new ApiResponse()
                        .description(why)
                        .content(new Content()
                                .addMediaType(
                                        "application/problem+json",
                                        new MediaType().schema(new Schema<>().$ref("#/components/schemas/Problem"))))));
        return components;
    }

    /** Every call says how it can be refused; whoever takes an {@link Access} has its contract in the path. */
    @Bean
    OperationCustomizer documentedRefusals() {
        return (operation, handler) -> {
            boolean sends = Stream.of(handler.getMethodParameters())
                    .anyMatch(parameter -> parameter.hasParameterAnnotation(RequestBody.class));
            REFUSALS.keySet().stream()
                    .filter(status -> sends || !status.equals("415"))
                    .forEach(status -> operation
                            .getResponses()
                            .addApiResponse(status, new ApiResponse().$ref("#/components/responses/Problem" + status)));
            if (Stream.of(handler.getMethodParameters())
                    .anyMatch(parameter -> parameter.getParameterType().equals(Access.class))) {
                operation.addParametersItem(new PathParameter().name("contract").schema(new UUIDSchema()));
            }
            return operation;
        };
    }

    @Bean
    OpenAPI api() {
        return new OpenAPI()
                .info(new Info()
                        .title("Retainer 履约")
                        .version("v1")
                        .description(
                                "Runs an outsourced customer-relationship service by its contract. Errors are "
                                        + "application/problem+json with a stable code; creating calls take an Idempotency-Key.")
                        .license(new License().name("Apache-2.0")))
                .components(components()
                        .addSecuritySchemes(
                                "token",
                                new SecurityScheme()
                                        .type(SecurityScheme.Type.HTTP)
                                        .scheme("bearer")
                                        .description("Made on My account; acts as its person.")))
                .addSecurityItem(new SecurityRequirement().addList("token"));
    }
}
