package io.retainer.duty;

import io.retainer.duty.DutyDesk.Filter;
import io.retainer.identity.Access;
import io.retainer.identity.Idempotency;
import io.retainer.kernel.Clause;
import io.retainer.kernel.Party;
import io.retainer.kernel.Refused;
import io.retainer.kernel.Texts;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** Duties over the API: everything their pages can do. */
@RestController
@RequestMapping("/api/v1/contracts/{contract}/duties")
@Tag(name = "Duties", description = "What is owed, by whom, until when, and how it stands.")
class DutyApi {

    private static final String KEY = "Idempotency-Key";

    private final DutyDesk desk;
    private final Idempotency idempotency;

    DutyApi(DutyDesk desk, Idempotency idempotency) {
        this.desk = desk;
        this.idempotency = idempotency;
    }

    /** @param consumedSeconds counted time so far */
    record DutyView(
            UUID id,
            String clause,
            int contractVersion,
            Party debtor,
            Party creditor,
            String action,
            String subject,
            Instant openedAt,
            String deadline,
            DutyState state,
            @Nullable Instant due,
            @Nullable Instant endedAt,
            @Nullable Instant breachedAt,
            long consumedSeconds,
            String code,
            String explanation,
            @Nullable String calendarWarning,
            List<Segment> timeline,
            List<EventView> history) {}

    record EventView(
            String kind,
            Instant happenedAt,
            Instant recordedAt,
            @Nullable UUID actor,
            @Nullable Cause cause,
            @Nullable String reason) {}

    /** @param next the {@code after} of the next page, or null on the last */
    record PageView(List<DutyView> items, @Nullable UUID next) {}

    /** @param happenedAt now, when left out */
    record PauseRequest(
            @Nullable Cause owner,
            @Nullable String reason,
            @Nullable Instant happenedAt) {}

    record ResumeRequest(@Nullable Cause owner, @Nullable Instant happenedAt) {}

    /** @param since when the hindrance began */
    record ExcuseRequest(
            @Nullable Cause cause,
            @Nullable Instant since,
            @Nullable String reason,
            @Nullable Instant happenedAt) {}

    record WaiveRequest(@Nullable String reason, @Nullable Instant happenedAt) {}

    private record Asked(String what, UUID contract, UUID duty, Object body) {}

    @Operation(summary = "Duties of a contract, the most urgent first", description = "asOf: now, when left out.")
    @GetMapping
    PageView list(
            Access access,
            @PathVariable UUID contract,
            @RequestParam(required = false) @Nullable DutyState state,
            @RequestParam(required = false) @Nullable Party party,
            @RequestParam(required = false) @Nullable String clause,
            @RequestParam(required = false) @Nullable Instant asOf,
            @RequestParam(required = false) @Nullable UUID after,
            Locale locale) {
        var page = desk.page(access, new Filter(state, party, clause(clause)), asOf == null ? desk.now() : asOf, after);
        return new PageView(
                page.duties().stream().map(found -> view(found, locale)).toList(), page.next());
    }

    @Operation(summary = "One duty with its history and timeline")
    @GetMapping("/{duty}")
    DutyView show(
            Access access,
            @PathVariable UUID contract,
            @PathVariable UUID duty,
            @RequestParam(required = false) @Nullable Instant asOf,
            Locale locale) {
        return view(desk.get(access, duty, asOf == null ? desk.now() : asOf), locale);
    }

    @Operation(summary = "Stop the clock for a cause on somebody's side")
    @PostMapping("/{duty}/pauses")
    DutyView pause(
            Access access,
            @PathVariable UUID contract,
            @PathVariable UUID duty,
            @RequestHeader(name = KEY, required = false) @Nullable String key,
            @RequestBody PauseRequest request,
            Locale locale) {
        var owner = given("owner", request.owner());
        return once(
                access,
                key,
                new Asked("pause", contract, duty, request),
                locale,
                duty,
                () -> desk.pause(access, duty, owner, request.reason(), request.happenedAt()));
    }

    @Operation(summary = "End the pause of one owner")
    @PostMapping("/{duty}/resumptions")
    DutyView resume(
            Access access,
            @PathVariable UUID contract,
            @PathVariable UUID duty,
            @RequestHeader(name = KEY, required = false) @Nullable String key,
            @RequestBody ResumeRequest request,
            Locale locale) {
        var owner = given("owner", request.owner());
        return once(
                access,
                key,
                new Asked("resume", contract, duty, request),
                locale,
                duty,
                () -> desk.resume(access, duty, owner, request.happenedAt()));
    }

    @Operation(summary = "Let the debtor off for a hindrance it does not answer for (creditor only)")
    @PostMapping("/{duty}/excuses")
    DutyView excuse(
            Access access,
            @PathVariable UUID contract,
            @PathVariable UUID duty,
            @RequestHeader(name = KEY, required = false) @Nullable String key,
            @RequestBody ExcuseRequest request,
            Locale locale) {
        var cause = given("cause", request.cause());
        var since = given("since", request.since());
        return once(
                access,
                key,
                new Asked("excuse", contract, duty, request),
                locale,
                duty,
                () -> desk.excuse(access, duty, cause, since, request.reason(), request.happenedAt()));
    }

    @Operation(summary = "Give the duty up (creditor only)")
    @PostMapping("/{duty}/waivers")
    DutyView waive(
            Access access,
            @PathVariable UUID contract,
            @PathVariable UUID duty,
            @RequestHeader(name = KEY, required = false) @Nullable String key,
            @RequestBody WaiveRequest request,
            Locale locale) {
        return once(
                access,
                key,
                new Asked("waive", contract, duty, request),
                locale,
                duty,
                () -> desk.waive(access, duty, request.reason(), request.happenedAt()));
    }

    private DutyView once(Access access, @Nullable String key, Asked asked, Locale locale, UUID duty, Runnable act) {
        return idempotency.once(access, key, asked, DutyView.class, () -> {
            act.run();
            return view(desk.get(access, duty, desk.now()), locale);
        });
    }

    private static DutyView view(AssessedDuty found, Locale locale) {
        var texts = Texts.in(locale);
        var duty = found.duty();
        var assessment = found.assessment();
        return new DutyView(
                duty.id(),
                duty.clause().id(),
                duty.contractVersion(),
                duty.debtor(),
                duty.creditor(),
                texts.say(duty.doing()),
                duty.subject(),
                duty.openedAt(),
                duty.deadline().code(),
                assessment.state(),
                assessment.due(),
                assessment.endedAt(),
                assessment.breachedAt(),
                assessment.consumed().toSeconds(),
                assessment.explanation().key(),
                texts.say(assessment.explanation()),
                assessment.calendarWarning() == null ? null : texts.say(assessment.calendarWarning()),
                assessment.timeline(),
                duty.history().stream().map(DutyApi::view).toList());
    }

    private static EventView view(Duty.Entry entry) {
        var event = entry.event();
        return new EventView(
                event.kind(),
                event.happenedAt(),
                entry.recordedAt(),
                event.actor(),
                DutyRows.causeOf(event),
                entry.reason());
    }

    private static <T> T given(String field, @Nullable T value) {
        if (value == null) {
            throw Refused.field(field, "duty.refused.missing", field);
        }
        return value;
    }

    private static @Nullable Clause clause(@Nullable String id) {
        if (id == null || id.isBlank()) {
            return null;
        }
        try {
            return Clause.of(id);
        } catch (IllegalArgumentException unknown) {
            throw Refused.field("clause", "duty.refused.clause", id);
        }
    }
}
