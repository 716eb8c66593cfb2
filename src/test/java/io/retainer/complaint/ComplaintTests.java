package io.retainer.complaint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.retainer.complaint.ComplaintEvent.ComplaintReceived;
import io.retainer.duty.Cause;
import io.retainer.kernel.Money;
import io.retainer.kernel.Refused;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.UUID;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Every stage meets every decision (state-machines.md §3.6). */
class ComplaintTests {

    private static final Instant NOW = Instant.parse("2025-02-05T02:00:00Z");
    private static final UUID AGENT = UUID.randomUUID();
    private static final UUID OTHER = UUID.randomUUID();
    private static final UUID CLIENT = UUID.randomUUID();
    private static final Assessed USUAL =
            new Assessed(Category.DELIVERY, Grade.MIDDLE, Grade.LOW, Grade.MIDDLE, Hazard.NONE);
    private static final Money LIMIT = Money.of("500");

    /** What becomes of each stage by each decision; a dash is a refusal. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', useHeadersInDisplayName = true, textBlock = """
            STAGE              | register   | acknowledge  | assess        | redirect   | merge  | investigate   | propose        | approve        | sendBack      | communicate  | accept           | reject    | miss             | visit   | close            | reopen   | external | pause
            RECEIVED           | REGISTERED | -            | -             | REDIRECTED | MERGED | -             | -              | -              | -             | -            | -                | -         | -                | -       | -                | -        | EXTERNAL | -
            REGISTERED         | -          | ACKNOWLEDGED | -             | -          | MERGED | -             | -              | -              | -             | -            | -                | -         | -                | -       | -                | -        | EXTERNAL | REGISTERED
            ACKNOWLEDGED       | -          | -            | ASSESSED      | -          | MERGED | -             | -              | -              | -             | -            | -                | -         | -                | -       | -                | -        | EXTERNAL | ACKNOWLEDGED
            ASSESSED           | -          | -            | ASSESSED      | REDIRECTED | MERGED | INVESTIGATING | -              | -              | -             | -            | -                | -         | -                | -       | -                | -        | EXTERNAL | ASSESSED
            REDIRECTED         | -          | -            | -             | -          | -      | -             | -              | -              | -             | -            | -                | -         | -                | -       | -                | -        | -        | -
            MERGED             | -          | -            | -             | -          | -      | -             | -              | -              | -             | -            | -                | -         | -                | -       | -                | -        | -        | -
            INVESTIGATING      | -          | -            | INVESTIGATING | -          | -      | -             | RESPONSE_DRAFT | -              | -             | -            | -                | -         | -                | -       | -                | -        | EXTERNAL | INVESTIGATING
            RESPONSE_DRAFT     | -          | -            | -             | -          | -      | -             | -              | RESPONSE_DRAFT | INVESTIGATING | COMMUNICATED | -                | -         | -                | -       | -                | -        | EXTERNAL | RESPONSE_DRAFT
            COMMUNICATED       | -          | -            | -             | -          | -      | -             | -              | -              | -             | -            | RETURN_VISIT_DUE | ESCALATED | -                | -       | -                | -        | EXTERNAL | -
            ESCALATED          | -          | -            | -             | -          | -      | INVESTIGATING | -              | -              | -             | -            | -                | -         | -                | -       | -                | -        | EXTERNAL | ESCALATED
            RETURN_VISIT_DUE   | -          | -            | -             | -          | -      | -             | -              | -              | -             | -            | -                | -         | RETURN_VISIT_DUE | VISITED | -                | -        | EXTERNAL | -
            VISITED            | -          | -            | -             | -          | -      | -             | -              | -              | -             | -            | -                | -         | -                | -       | CLOSED           | -        | EXTERNAL | -
            CLOSED             | -          | -            | -             | -          | -      | -             | -              | -              | -             | -            | -                | -         | -                | -       | -                | ASSESSED | EXTERNAL | -
            CLOSED_UNVISITED   | -          | -            | -             | -          | -      | -             | -              | -              | -             | -            | -                | -         | -                | -       | -                | ASSESSED | EXTERNAL | -
            EXTERNAL           | -          | -            | -             | -          | -      | -             | -              | -              | -             | -            | -                | -         | -                | -       | -                | ASSESSED | -        | -
            """)
    void everyStageMeetsEveryDecision(
            String stage,
            String register,
            String acknowledge,
            String assess,
            String redirect,
            String merge,
            String investigate,
            String propose,
            String approve,
            String sendBack,
            String communicate,
            String accept,
            String reject,
            String miss,
            String visit,
            String close,
            String reopen,
            String external,
            String pause) {
        var from = at(StageName.valueOf(stage));
        var open = at(StageName.ASSESSED);
        check(from, register, c -> c.register(Remedy.REFUND, NOW, AGENT));
        check(from, acknowledge, c -> c.acknowledge(NOW, AGENT));
        check(from, assess, c -> c.assess(USUAL, NOW, AGENT));
        check(from, redirect, c -> c.redirect(Redirection.NOT_A_COMPLAINT, NOW, AGENT));
        check(from, merge, c -> c.merge(sameContract(c, open), NOW, AGENT));
        check(from, investigate, c -> c.investigate(NOW, AGENT));
        check(from, propose, c -> c.propose(RootCause.PROCESS, Remedy.APOLOGY, Money.ZERO, LIMIT, NOW, AGENT));
        check(from, approve, c -> c.approve(NOW, OTHER));
        check(from, sendBack, c -> c.sendBack(NOW, OTHER));
        check(from, communicate, c -> c.communicate(NOW, AGENT));
        check(from, accept, c -> c.accept(NOW, AGENT));
        check(from, reject, c -> c.reject(NOW, AGENT));
        check(from, miss, c -> c.miss(LocalDate.of(2025, 2, 5), NOW, AGENT));
        check(from, visit, c -> c.visit(true, NOW, AGENT));
        check(from, close, c -> c.close(RootCause.PROCESS, NOW, AGENT));
        check(from, reopen, c -> c.reopen(NOW, AGENT));
        check(from, external, c -> c.external(ExternalBody.HOTLINE_12315, NOW, AGENT));
        check(from, pause, c -> c.pause(Cause.CLIENT, null, NOW, AGENT));
    }

    @ParameterizedTest
    @CsvSource({
        "LOW, LOW, LOW, NONE, P3",
        "LOW, LOW, HIGH, NONE, P3",
        "MIDDLE, LOW, MIDDLE, NONE, P2",
        "HIGH, HIGH, LOW, NONE, P2",
        "HIGH, MIDDLE, MIDDLE, NONE, P1",
        "HIGH, HIGH, HIGH, NONE, P1",
        "LOW, LOW, LOW, SAFETY, P1",
        "LOW, LOW, LOW, LEGAL, P1"
    })
    void theAssessmentGivesThePriority(Grade severity, Grade impact, Grade urgency, Hazard hazard, Priority priority) {
        assertThat(new Assessed(Category.OTHER, severity, impact, urgency, hazard).priority())
                .isEqualTo(priority);
    }

    @Test
    void whoDraftedDoesNotApproveAndMoneyNeedsFourEyes() {
        var drafted = drafted("100");
        refused("complaint.refused.fourEyes", () -> drafted.approve(NOW, AGENT));
        refused("complaint.refused.secondEyesMissing", () -> drafted.communicate(NOW, AGENT));
        refused("complaint.refused.clientNotAsked", () -> drafted.approveByClient(NOW, CLIENT));
        var approved = drafted.after(drafted.approve(NOW, OTHER));
        refused("complaint.refused.approvedAlready", () -> approved.approve(NOW, CLIENT));
        assertThat(approved.after(approved.communicate(NOW, AGENT)).stage().name())
                .isEqualTo(StageName.COMMUNICATED);
    }

    @Test
    void aFenAboveTheLimitTheClientApproves() {
        var within = drafted("500.00");
        var approvedWithin = within.after(within.approve(NOW, OTHER));
        assertThat(approvedWithin.communicate(NOW, AGENT)).isNotNull();
        var above = drafted("500.01");
        var approved = above.after(above.approve(NOW, OTHER));
        refused("complaint.refused.clientMissing", () -> approved.communicate(NOW, AGENT));
        var both = approved.after(approved.approveByClient(NOW, CLIENT));
        assertThat(both.communicate(NOW, AGENT)).isNotNull();
    }

    @Test
    void aRefusedAnswerGoesUpTwiceAndOnTheThirdLevelTheClientDecides() {
        var first = at(StageName.COMMUNICATED);
        var second = first.after(first.reject(NOW, null));
        assertThat(second.level()).isEqualTo(2);
        var again = communicated(second);
        var third = again.after(again.reject(NOW, null));
        assertThat(third.level()).isEqualTo(3);
        var investigating = third.after(third.investigate(NOW, AGENT));
        var free = investigating.after(
                investigating.propose(RootCause.STAFF, Remedy.APOLOGY, Money.ZERO, LIMIT, NOW, AGENT));
        refused("complaint.refused.clientMissing", () -> free.communicate(NOW, AGENT));
        var decided = free.after(free.approveByClient(NOW, CLIENT));
        var told = decided.after(decided.communicate(NOW, AGENT));
        refused("complaint.refused.highestLevel", () -> told.reject(NOW, null));
    }

    @Test
    void threeAttemptsOnDifferentDaysAndThenItClosesUnvisited() {
        var due = at(StageName.RETURN_VISIT_DUE);
        for (int day = 5; day <= 7; day++) {
            var open = due;
            refused("complaint.refused.stage", () -> open.close(RootCause.STAFF, NOW, AGENT));
            due = due.after(due.miss(LocalDate.of(2025, 2, day), NOW, AGENT));
            var same = due;
            int today = day;
            refused("complaint.refused.visitSameDay", () -> same.miss(LocalDate.of(2025, 2, today), NOW, AGENT));
        }
        var tried = due;
        refused("complaint.refused.visitsOver", () -> tried.miss(LocalDate.of(2025, 2, 8), NOW, AGENT));
        assertThat(due.after(due.close(RootCause.STAFF, NOW, AGENT)).stage().name())
                .isEqualTo(StageName.CLOSED_UNVISITED);
    }

    @Test
    void whoIsNotSatisfiedIsHandledAgain() {
        var due = at(StageName.RETURN_VISIT_DUE);
        var again = due.after(due.visit(false, NOW, AGENT));
        assertThat(again.stage().name()).isEqualTo(StageName.ASSESSED);
        assertThat(again.reopened()).isEqualTo(1);
    }

    @Test
    void aClosedOneIsReopenedWithinThirtyDaysToTheLastInstant() {
        var closed = at(StageName.CLOSED);
        assertThat(closed.reopen(NOW.plus(Duration.ofDays(30)), AGENT)).isNotNull();
        refused(
                "complaint.refused.reopenLate",
                () -> closed.reopen(NOW.plus(Duration.ofDays(30)).plusNanos(1000), AGENT));
    }

    @Test
    void aClockIsStoppedOnceAndNeverForOnesOwnCause() {
        var judged = at(StageName.ASSESSED);
        refused("complaint.refused.ownPause", () -> judged.pause(Cause.PROVIDER, null, NOW, AGENT));
        refused("complaint.refused.notPaused", () -> judged.resume(NOW, AGENT));
        var paused = judged.after(judged.pause(Cause.CUSTOMER, NOW.plusSeconds(60), NOW, AGENT));
        refused("complaint.refused.paused", () -> paused.pause(Cause.CLIENT, null, NOW, AGENT));
        assertThat(paused.after(paused.resume(NOW, null)).pause()).isNull();
    }

    @Test
    void nothingMergesIntoItselfIntoWhatIsOverOrIntoAnotherContract() {
        var judged = at(StageName.ASSESSED);
        refused("complaint.refused.mergeOther", () -> judged.merge(judged, NOW, AGENT));
        refused("complaint.refused.mergeOther", () -> judged.merge(at(StageName.ASSESSED), NOW, AGENT));
        refused(
                "complaint.refused.mergeOver",
                () -> judged.merge(sameContract(judged, at(StageName.CLOSED)), NOW, AGENT));
    }

    private static void refused(String key, Runnable act) {
        assertThatThrownBy(act::run).isInstanceOf(Refused.class).hasMessage(key);
    }

    private static void check(Complaint from, @Nullable String to, Function<Complaint, ComplaintEvent> decision) {
        if ("-".equals(to)) {
            assertThatThrownBy(() -> decision.apply(from)).isInstanceOf(Refused.class);
        } else {
            assertThat(from.after(decision.apply(from)).stage().name().name()).isEqualTo(to);
        }
    }

    private static Complaint sameContract(Complaint like, Complaint c) {
        return new Complaint(
                c.id(),
                like.tenant(),
                like.contract(),
                c.contractVersion(),
                c.number(),
                c.intake(),
                c.receivedAt(),
                c.stage(),
                c.sought(),
                c.assessed(),
                c.owner(),
                c.level(),
                c.reopened(),
                c.pause(),
                c.version());
    }

    private static Complaint drafted(String compensation) {
        var investigating = at(StageName.INVESTIGATING);
        return investigating.after(investigating.propose(
                RootCause.PROCESS, Remedy.COMPENSATION, Money.of(compensation), LIMIT, NOW, AGENT));
    }

    private static Complaint communicated(Complaint escalated) {
        var investigating = escalated.after(escalated.investigate(NOW, AGENT));
        var drafted = investigating.after(
                investigating.propose(RootCause.STAFF, Remedy.APOLOGY, Money.ZERO, LIMIT, NOW, AGENT));
        return drafted.after(drafted.communicate(NOW, AGENT));
    }

    /** By the way that leads there. */
    private static Complaint at(StageName stage) {
        var c = Complaint.first(new ComplaintReceived(
                UUID.randomUUID(), UUID.randomUUID(), UUID.randomUUID(), 1001, Intake.PHONE, 1, NOW, AGENT));
        return switch (stage) {
            case RECEIVED -> c;
            case REGISTERED -> c.after(c.register(Remedy.REFUND, NOW, AGENT));
            case ACKNOWLEDGED -> then(StageName.REGISTERED, it -> it.acknowledge(NOW, AGENT));
            case ASSESSED -> then(StageName.ACKNOWLEDGED, it -> it.assess(USUAL, NOW, AGENT));
            case REDIRECTED -> then(StageName.ASSESSED, it -> it.redirect(Redirection.OUT_OF_SCOPE, NOW, AGENT));
            case MERGED -> then(StageName.ASSESSED, it -> it.merge(sameContract(it, c), NOW, AGENT));
            case INVESTIGATING -> then(StageName.ASSESSED, it -> it.investigate(NOW, AGENT));
            case RESPONSE_DRAFT ->
                then(
                        StageName.INVESTIGATING,
                        it -> it.propose(RootCause.PROCESS, Remedy.APOLOGY, Money.ZERO, LIMIT, NOW, AGENT));
            case COMMUNICATED -> then(StageName.RESPONSE_DRAFT, it -> it.communicate(NOW, AGENT));
            case ESCALATED -> then(StageName.COMMUNICATED, it -> it.reject(NOW, AGENT));
            case RETURN_VISIT_DUE -> then(StageName.COMMUNICATED, it -> it.accept(NOW, AGENT));
            case VISITED -> then(StageName.RETURN_VISIT_DUE, it -> it.visit(true, NOW, AGENT));
            case CLOSED -> then(StageName.VISITED, it -> it.close(RootCause.PROCESS, NOW, AGENT));
            case CLOSED_UNVISITED -> {
                var due = at(StageName.RETURN_VISIT_DUE);
                for (var day : List.of(1, 2, 3)) {
                    due = due.after(due.miss(LocalDate.of(2025, 2, day), NOW, AGENT));
                }
                yield due.after(due.close(RootCause.PROCESS, NOW, AGENT));
            }
            case EXTERNAL -> then(StageName.ASSESSED, it -> it.external(ExternalBody.COURT, NOW, AGENT));
        };
    }

    private static Complaint then(StageName before, Function<Complaint, ComplaintEvent> decision) {
        var c = at(before);
        return c.after(decision.apply(c));
    }
}
