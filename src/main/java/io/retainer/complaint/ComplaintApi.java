package io.retainer.complaint;

import io.retainer.identity.Access;
import io.retainer.identity.Capability;
import io.retainer.identity.Idempotency;
import io.retainer.kernel.Refused;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
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
import org.springframework.web.servlet.mvc.method.annotation.SseEmitter;

/** Complaints for programs, and the line by which an open page hears of changes. */
@RestController
@RequestMapping("/api/v1/contracts/{contract}/complaints")
class ComplaintApi {

    private final Complainants complainants;
    private final Reception reception;
    private final CaseDesk desk;
    private final CaseQueue queue;
    private final Acting acting;
    private final OldCases old;
    private final DeskSkills skills;
    private final Live live;
    private final Idempotency idempotency;

    ComplaintApi(
            Complainants complainants,
            Reception reception,
            CaseDesk desk,
            CaseQueue queue,
            Acting acting,
            OldCases old,
            DeskSkills skills,
            Live live,
            Idempotency idempotency) {
        this.complainants = complainants;
        this.reception = reception;
        this.desk = desk;
        this.queue = queue;
        this.acting = acting;
        this.old = old;
        this.skills = skills;
        this.live = live;
        this.idempotency = idempotency;
    }

    /**
     * @param language {@code zh} or {@code en}; {@code zh} when left out
     * @param receivedAt when it came in; now when left out
     */
    record ComplaintBody(
            @Nullable String name,
            @Nullable String phone,
            @Nullable String email,
            @Nullable String subject,
            @Nullable String text,
            @Nullable Remedy sought,
            @Nullable String product,
            @Nullable String region,
            @Nullable String language,
            @Nullable Instant receivedAt) {

        /** Shows nothing of the person. */
        @Override
        public String toString() {
            return "ComplaintBody";
        }
    }

    record TakenBody(UUID id, long number) {}

    @PostMapping
    @ResponseStatus(HttpStatus.CREATED)
    TakenBody take(
            Access access,
            @RequestBody ComplaintBody body,
            @RequestHeader(name = "Idempotency-Key", required = false) @Nullable String key) {
        access.require(Capability.WORK_COMPLAINTS);
        var wanted = new NewComplaint(
                Intake.API,
                body.language() == null ? "zh" : body.language(),
                body.name(),
                body.phone(),
                body.email(),
                body.subject(),
                Act.given("text", body.text()),
                body.sought(),
                body.product(),
                body.region(),
                body.receivedAt());
        return idempotency.once(access, key, List.of(access.contract(), "complaints", body), TakenBody.class, () -> {
            var taken = reception.take(access, wanted, List.of());
            return new TakenBody(taken.id(), taken.number());
        });
    }

    /** Old cases as a CSV file; what cannot be taken is listed by line. */
    @PostMapping(path = "/old-cases", consumes = "text/csv")
    OldCases.TakenOver old(Access access, @RequestBody byte[] file) {
        return old.take(access, file);
    }

    /** The queue, fifty at a time, by due time, and how many are in each view, counted up to 100; {@code view=ALL} gives all, the newest first. */
    @GetMapping
    CaseQueue.Queue queue(Access access, Filter filter, @RequestParam(required = false) @Nullable String after) {
        return queue.page(access.person(), List.of(access), filter, "", after);
    }

    /** Found by number, phone, address or words; by body, because what is searched for is personal. */
    @PostMapping("/search")
    CaseQueue.Queue search(Access access, @RequestBody SearchBody body) {
        return queue.page(access.person(), List.of(access), Filter.OPEN, body.q() == null ? "" : body.q(), null);
    }

    record SearchBody(@Nullable String q) {

        @Override
        public String toString() {
            return "SearchBody";
        }
    }

    /** One complaint with its time line; contact data masked. */
    record CaseBody(
            UUID id,
            long number,
            StageName stage,
            @Nullable Priority priority,
            int level,
            int version,
            String subject,
            @Nullable String name,
            @Nullable String phone,
            @Nullable String email,
            List<CaseDesk.Shown> timeline,
            List<CaseDesk.Asked> questions,
            List<Clock> clocks,
            Set<String> acts) {}

    /** @param due the first instant that is late, or null while a pause keeps it from being known */
    record Clock(
            UUID duty,
            io.retainer.duty.DutyState state,
            @Nullable Instant due) {}

    @GetMapping("/{complaint}")
    CaseBody show(Access access, @PathVariable UUID complaint) {
        var found = desk.show(access, complaint);
        var c = found.complaint();
        return new CaseBody(
                c.id(),
                c.number(),
                c.stage().name(),
                c.assessed() == null ? null : c.assessed().priority(),
                c.level(),
                c.version(),
                found.subject(),
                found.name(),
                found.phone(),
                found.email(),
                found.entries(),
                found.questions(),
                found.duties().stream()
                        .map(duty -> new Clock(
                                duty.duty().id(),
                                duty.assessment().state(),
                                duty.assessment().due()))
                        .toList(),
                found.acts());
    }

    /**
     * Acts on a complaint: register, acknowledge, assess, assign, take, next, redirect, merge, split, investigate, propose,
     * approve, approveByClient, sendBack, communicate, accept, reject, visit, miss, close, reopen, external, pause, resume,
     * note, reply, statement, ask, answer or link.
     */
    @PostMapping("/{complaint}/acts/{act}")
    CaseBody act(Access access, @PathVariable UUID complaint, @PathVariable String act, @RequestBody Act body) {
        acting.act(access, complaint, act, body, List.of());
        return show(access, complaint);
    }

    record RevealBody(@Nullable String what, @Nullable String reason) {}

    record RevealedBody(String value) {

        @Override
        public String toString() {
            return "RevealedBody";
        }
    }

    /** Shows the name, phone or email in the clear, on the record. */
    @PostMapping("/{complaint}/reveals")
    RevealedBody reveal(Access access, @PathVariable UUID complaint, @RequestBody RevealBody body) {
        if (body.what() == null || body.reason() == null) {
            throw Refused.field("reason", "workbench.missing", "what, reason");
        }
        return new RevealedBody(complainants
                .reveal(access, complaint, body.what(), body.reason())
                .inTheClear());
    }

    /** Who works on complaints under this contract, what they are good at and how much they take. */
    @GetMapping("/skills")
    List<DeskSkills.Profile> skills(Access access) {
        return skills.all(access);
    }

    /** @param skills none for everything */
    record SkillBody(@Nullable Set<Skill> skills, @Nullable Integer most, boolean away) {}

    /** Sets what somebody is good at; new complaints are distributed by it. */
    @PutMapping("/skills/{person}")
    List<DeskSkills.Profile> skills(Access access, @PathVariable UUID person, @RequestBody SkillBody body) {
        skills.keep(access, person, body.skills() == null ? Set.of() : body.skills(), body.most(), body.away());
        return skills.all(access);
    }

    /** Server-sent events: {@code changed} when something in the queue changed. */
    @GetMapping(path = "/live", produces = MediaType.TEXT_EVENT_STREAM_VALUE)
    SseEmitter live(Access access) {
        access.require(Capability.READ_COMPLAINTS);
        return live.open(List.of(access.contract()), null, access.person());
    }

    /** Server-sent events: {@code changed} and {@code presence} of one complaint. */
    @GetMapping(path = "/{complaint}/live", produces = MediaType.TEXT_EVENT_STREAM_VALUE)
    SseEmitter live(Access access, @PathVariable UUID complaint) {
        access.require(Capability.READ_COMPLAINTS);
        desk.requireKnown(access, complaint);
        return live.open(List.of(access.contract()), complaint, access.person());
    }
}
