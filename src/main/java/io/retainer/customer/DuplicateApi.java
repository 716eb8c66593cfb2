package io.retainer.customer;

import io.retainer.identity.Access;
import io.retainer.identity.Capability;
import io.retainer.identity.Idempotency;
import io.retainer.kernel.Refused;
import io.retainer.matching.Answer;
import io.retainer.matching.Band;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

/** Duplicates for programs: search, pairs, answers, merges. */
@RestController
@RequestMapping("/api/v1/contracts/{contract}")
class DuplicateApi {

    private static final int MOST = 200;

    private final Duplicates duplicates;
    private final Merges merges;
    private final Idempotency idempotency;

    DuplicateApi(Duplicates duplicates, Merges merges, Idempotency idempotency) {
        this.duplicates = duplicates;
        this.merges = merges;
        this.idempotency = idempotency;
    }

    record StartedBody(UUID id) {}

    /** Looks for duplicates among all customers, in the background. */
    @PostMapping("/resolutions")
    @ResponseStatus(HttpStatus.ACCEPTED)
    StartedBody start(Access access, @RequestHeader(name = "Idempotency-Key", required = false) @Nullable String key) {
        access.require(Capability.EDIT_CUSTOMERS);
        return idempotency.once(
                access,
                key,
                List.of(access.contract(), "resolutions"),
                StartedBody.class,
                () -> new StartedBody(duplicates.start(access)));
    }

    @GetMapping("/resolutions/{run}")
    ResolutionRun run(Access access, @PathVariable UUID run) {
        return duplicates.run(access, run);
    }

    @PostMapping("/resolutions/{run}/stop")
    ResolutionRun stop(Access access, @PathVariable UUID run) {
        duplicates.stop(access, run);
        return duplicates.run(access, run);
    }

    /** Open pairs of a band, masked, in the order in which they should be looked at. */
    @GetMapping("/duplicates")
    List<Duplicates.Listed> pairs(
            Access access,
            @RequestParam(defaultValue = "REVIEW") Band band,
            @RequestParam(defaultValue = "0") int skip,
            @RequestParam(defaultValue = "50") int limit) {
        return duplicates.list(access, band, Math.clamp(skip, 0, 1_000_000), Math.clamp(limit, 1, MOST));
    }

    /** One pair with its reasons, field by field. */
    @GetMapping("/duplicates/{pair}")
    Duplicates.Question pair(Access access, @PathVariable UUID pair) {
        return duplicates.question(access, pair);
    }

    /** @param chosen by field the customer whose value is kept; null for the usual rule */
    record AnswerBody(@Nullable Answer answer, @Nullable Map<String, UUID> chosen) {}

    record AnsweredBody(@Nullable UUID merge) {}

    @PostMapping("/duplicates/{pair}/answer")
    AnsweredBody answer(Access access, @PathVariable UUID pair, @RequestBody AnswerBody body) {
        var answer = body.answer();
        if (answer == null) {
            throw Refused.field("answer", "workbench.missing", "answer");
        }
        var merge = duplicates.answer(access, pair, answer, Objects.requireNonNullElse(body.chosen(), Map.of()));
        return new AnsweredBody(merge == null ? null : merge.id());
    }

    /** Merges all pairs that are sure, in the background. */
    @PostMapping("/duplicates/merge-sure")
    @ResponseStatus(HttpStatus.ACCEPTED)
    void mergeSure(Access access) {
        duplicates.mergeSure(access);
    }

    record MergeBody(
            @Nullable UUID first,
            @Nullable UUID second,
            @Nullable Map<String, UUID> chosen) {}

    @PostMapping("/merges")
    @ResponseStatus(HttpStatus.CREATED)
    Merges.Merge merge(
            Access access,
            @RequestBody MergeBody body,
            @RequestHeader(name = "Idempotency-Key", required = false) @Nullable String key) {
        access.require(Capability.EDIT_CUSTOMERS);
        var first = given("first", body.first());
        var second = given("second", body.second());
        return idempotency.once(
                access,
                key,
                List.of(access.contract(), "merges", body),
                Merges.Merge.class,
                () -> duplicates.merge(access, first, second, Objects.requireNonNullElse(body.chosen(), Map.of())));
    }

    private static UUID given(String field, @Nullable UUID value) {
        if (value == null) {
            throw Refused.field(field, "workbench.missing", field);
        }
        return value;
    }

    @GetMapping("/merges")
    List<Merges.Merge> merges(Access access) {
        return merges.newest(access, MOST);
    }

    /** Makes two of one again, as they were. */
    @PostMapping("/merges/{merge}/undo")
    Merges.Merge undo(Access access, @PathVariable UUID merge) {
        return duplicates.part(access, merge);
    }
}
