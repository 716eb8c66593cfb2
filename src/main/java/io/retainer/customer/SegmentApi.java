package io.retainer.customer;

import io.retainer.identity.Access;
import io.retainer.identity.Idempotency;
import io.retainer.kernel.Refused;
import io.retainer.kernel.Texts;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

/** Segments and exports for programs. */
@RestController
@RequestMapping("/api/v1/contracts/{contract}")
class SegmentApi {

    private static final int MOST_AT_ONCE = 1000;
    private static final int MOST = 200;

    private final Segments segments;
    private final Exports exports;
    private final Idempotency idempotency;

    SegmentApi(Segments segments, Exports exports, Idempotency idempotency) {
        this.segments = segments;
        this.exports = exports;
        this.idempotency = idempotency;
    }

    @GetMapping("/segments")
    Segments.Page list(
            Access access,
            @RequestParam(defaultValue = "") String q,
            @RequestParam(required = false) @Nullable UUID before,
            @RequestParam(defaultValue = "50") int limit) {
        return segments.page(access, q, before, Math.clamp(limit, 1, MOST));
    }

    /** @param rule null for a list kept by hand */
    record SegmentBody(@Nullable String name, @Nullable Rule rule) {}

    record MadeBody(UUID id) {}

    @PostMapping("/segments")
    @ResponseStatus(HttpStatus.CREATED)
    MadeBody make(
            Access access,
            @RequestBody SegmentBody body,
            @RequestHeader(name = "Idempotency-Key", required = false) @Nullable String key) {
        return idempotency.once(
                access,
                key,
                List.of(access.contract(), "segments", body),
                MadeBody.class,
                () -> new MadeBody(segments.make(access, given("name", body.name()), body.rule())));
    }

    /** @param size how many fit now */
    record SegmentAnswer(Segment segment, Segments.Size size) {}

    @GetMapping("/segments/{segment}")
    SegmentAnswer segment(Access access, @PathVariable UUID segment) {
        return new SegmentAnswer(segments.segment(access, segment), segments.size(access, segment));
    }

    /** @param version of the segment as it was read */
    record RuleBody(@Nullable Integer version, @Nullable Rule rule) {}

    @PutMapping("/segments/{segment}/rule")
    SegmentAnswer change(Access access, @PathVariable UUID segment, @RequestBody RuleBody body) {
        var rule = given("rule", body.rule());
        segments.change(access, segment, given("version", body.version()), _ -> rule);
        return segment(access, segment);
    }

    @DeleteMapping("/segments/{segment}")
    @ResponseStatus(HttpStatus.NO_CONTENT)
    void remove(Access access, @PathVariable UUID segment) {
        segments.remove(access, segment);
    }

    @GetMapping("/segments/{segment}/customers")
    CustomerPage customers(
            Access access,
            @PathVariable UUID segment,
            @RequestParam(required = false) @Nullable UUID before,
            @RequestParam(defaultValue = "50") int limit) {
        return segments.customers(access, segment, before, Math.clamp(limit, 1, MOST));
    }

    /** The rule with what came of each part of it. */
    @GetMapping("/segments/{segment}/customers/{customer}")
    Segments.Reason why(Access access, @PathVariable UUID segment, @PathVariable UUID customer) {
        return segments.why(access, segment, customer);
    }

    /** @param customers the numbers the client knows them by, or our ids */
    record MembersBody(@Nullable List<String> customers) {}

    record PutBody(int added) {}

    /** Puts customers on a list kept by hand; those on it stay. */
    @PostMapping("/segments/{segment}/members")
    PutBody put(Access access, @PathVariable UUID segment, @RequestBody MembersBody body) {
        var names = given("customers", body.customers());
        if (names.isEmpty() || names.size() > MOST_AT_ONCE) {
            throw Refused.field("customers", "customer.api.most", MOST_AT_ONCE, names.size());
        }
        return new PutBody(segments.put(access, segment, names));
    }

    @DeleteMapping("/segments/{segment}/members/{customer}")
    @ResponseStatus(HttpStatus.NO_CONTENT)
    void take(Access access, @PathVariable UUID segment, @PathVariable UUID customer) {
        segments.take(access, segment, customer);
    }

    @GetMapping("/segments/overlap")
    Segments.Overlap overlap(Access access, @RequestParam List<UUID> segment) {
        return segments.overlap(access, segment);
    }

    /** @param masked false asks a second person */
    record ExportBody(
            @Nullable Boolean masked,
            @Nullable DataPurpose purpose,
            @Nullable String reason) {

        /** The reason is written by a person. */
        @Override
        public String toString() {
            return "ExportBody";
        }
    }

    @PostMapping("/segments/{segment}/exports")
    @ResponseStatus(HttpStatus.CREATED)
    MadeBody ask(
            Access access,
            @PathVariable UUID segment,
            @RequestBody ExportBody body,
            @RequestHeader(name = "Idempotency-Key", required = false) @Nullable String key) {
        var masked = body.masked();
        return idempotency.once(
                access,
                key,
                List.of(access.contract(), segment, "exports", body),
                MadeBody.class,
                () -> new MadeBody(exports.ask(
                        access,
                        segment,
                        masked == null || masked,
                        given("purpose", body.purpose()),
                        given("reason", body.reason()))));
    }

    /** All lists given out or asked for, to whoever guards the data; to others their own. */
    @GetMapping("/exports")
    List<Exports.Entry> exports(
            Access access,
            @RequestParam(required = false) @Nullable UUID before,
            @RequestParam(defaultValue = "50") int limit) {
        return exports.entries(access, before, Math.clamp(limit, 1, MOST));
    }

    record DecisionBody(@Nullable Boolean permitted) {}

    /** By another person than the one who asked. */
    @PostMapping("/exports/{export}/decision")
    Exports.Entry decide(Access access, @PathVariable UUID export, @RequestBody DecisionBody body) {
        exports.decide(access, export, given("permitted", body.permitted()));
        return exports.entry(access, export);
    }

    /** The file: a masked one within a day, one in the clear once, when it was permitted. */
    @PostMapping("/exports/{export}/file")
    void hand(Access access, @PathVariable UUID export, Locale locale, HttpServletResponse response)
            throws IOException {
        var handed = exports.hand(access, export);
        response.setContentType("text/csv;charset=UTF-8");
        response.setHeader("Cache-Control", "no-store");
        exports.write(access, handed, Texts.in(locale), response.getWriter());
    }

    private static <T> T given(String field, @Nullable T value) {
        if (value == null) {
            throw Refused.field(field, "workbench.missing", field);
        }
        return value;
    }
}
