package io.retainer.billing;

import io.retainer.identity.SignedIn;
import io.retainer.kernel.Refused;
import io.retainer.kernel.Texts;
import io.retainer.kernel.WorkCalendar;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.util.Locale;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;
import tools.jackson.databind.JsonNode;

/** What-if over the API; keeps nothing. */
@RestController
@RequestMapping("/api/v1/simulations")
@Tag(name = "Simulations", description = "Terms and hypothetical facts in, verdicts with their derivation out.")
class SimulationApi {

    private static final int LONGEST = 1024 * 1024;

    private final WorkCalendar calendar;

    SimulationApi(ObjectProvider<WorkCalendar> calendar) {
        this.calendar = calendar.getIfAvailable(WorkCalendar::chinese);
    }

    @PostMapping(consumes = MediaType.APPLICATION_JSON_VALUE)
    @Operation(
            summary = "Judges hypothetical facts by terms.",
            description = "Input as /schema/simulation.schema.json, answer as /schema/verdict.schema.json.",
            requestBody =
                    @io.swagger.v3.oas.annotations.parameters.RequestBody(
                            content = @Content(schema = @Schema(type = "object"))))
    JsonNode simulate(SignedIn person, @RequestBody String json, Locale locale) {
        if (json.length() > LONGEST) {
            throw Refused.because("billing.simulation.tooLong", "JSON", LONGEST);
        }
        var simulation = Simulation.read(json);
        var zone = simulation.terms().zone();
        return new VerdictJson(new Texts(locale, zone), zone).write(simulation.run(calendar));
    }
}
