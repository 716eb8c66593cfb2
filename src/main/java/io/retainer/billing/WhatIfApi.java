package io.retainer.billing;

import io.retainer.identity.Access;
import io.retainer.identity.Capability;
import io.retainer.identity.Idempotency;
import io.retainer.kernel.Refused;
import io.retainer.kernel.Texts;
import io.retainer.kernel.Unknown;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.servlet.http.HttpServletRequest;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import tools.jackson.databind.JsonNode;

/** What if under a contract in force, over the API: the verdict, and links that show it. */
@RestController
@RequestMapping("/api/v1/contracts/{contract}/what-if")
@Tag(name = "What if", description = "Hypothetical facts on a copy of the contract, and links that show the outcome.")
class WhatIfApi {

    private final WhatIfDesk desk;
    private final Idempotency idempotency;

    WhatIfApi(WhatIfDesk desk, Idempotency idempotency) {
        this.desk = desk;
        this.idempotency = idempotency;
    }

    @GetMapping
    @Operation(
            summary = "The verdict with what is supposed.",
            description =
                    "h: what is supposed, in short form such as paid~3~2025-05-20~, once for each; at: the moment.")
    JsonNode judge(
            Access access,
            @RequestParam(required = false) @Nullable List<String> h,
            @RequestParam(required = false) @Nullable Instant at,
            HttpServletRequest request,
            Locale locale) {
        access.require(Capability.READ_MONEY);
        var hypotheses =
                WhatIfController.raw(h, request).stream().map(Hypothesis::parse).toList();
        var sandbox = desk.sandbox(access, hypotheses)
                .orElseThrow(() -> new Unknown("account of contract " + access.contract()));
        var supposed = at == null ? sandbox.supposed() : sandbox.supposed().at(at);
        var zone = supposed.terms().zone();
        return new VerdictJson(new Texts(locale, zone), zone).write(desk.verdict(supposed));
    }

    /**
     * @param hypotheses in short form, such as {@code paid~3~2025-05-20~}
     * @param at the moment of the judgement, or null for now
     * @param days after which the link ends, 7 when left out
     */
    record LinkRequest(
            @Nullable List<String> hypotheses,
            @Nullable Instant at,
            @Nullable String title,
            @Nullable Integer days) {}

    /** @param money whether amounts are shown to whoever opens it */
    record LinkAnswer(
            UUID id,
            String title,
            List<String> hypotheses,
            Instant asOf,
            boolean money,
            Instant createdAt,
            Instant expiresAt,
            String address) {}

    /** Where it opens. */
    record Address(String address) {}

    @GetMapping("/links")
    @Operation(summary = "The links one shared oneself and that still open.")
    List<LinkAnswer> links(Access access) {
        access.require(Capability.READ_CONTRACT);
        return desk.shared(access).stream()
                .map(shared -> new LinkAnswer(
                        shared.scenario().id(),
                        shared.scenario().title(),
                        shared.scenario().hypotheses(),
                        shared.scenario().asOf(),
                        shared.scenario().money(),
                        shared.scenario().createdAt(),
                        shared.scenario().expiresAt(),
                        shared.address()))
                .toList();
    }

    @PostMapping("/links")
    @Operation(summary = "Shares both sides, as they are now, with whoever holds the link.")
    Address share(
            Access access,
            @RequestHeader(name = "Idempotency-Key", required = false) @Nullable String key,
            @RequestBody LinkRequest request) {
        access.require(Capability.READ_CONTRACT);
        var hypotheses = request.hypotheses() == null ? List.<String>of() : request.hypotheses();
        if (hypotheses.stream().anyMatch(Objects::isNull)) {
            throw Refused.field("hypotheses", "workbench.missing", "hypotheses");
        }
        return idempotency.once(
                access,
                key,
                List.of("POST /contracts/" + access.contract() + "/what-if/links", request),
                Address.class,
                () -> new Address(desk.share(
                        access,
                        hypotheses,
                        request.at(),
                        request.title() == null ? "" : request.title(),
                        request.days() == null ? 7 : request.days())));
    }

    @DeleteMapping("/links/{scenario}")
    @Operation(summary = "Ends a link at once.")
    void end(Access access, @PathVariable UUID scenario) {
        desk.end(access, scenario);
    }
}
