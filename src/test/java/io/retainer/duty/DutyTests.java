package io.retainer.duty;

import static io.retainer.duty.Cause.CLIENT;
import static io.retainer.duty.Cause.CUSTOMER;
import static io.retainer.duty.Cause.FORCE_MAJEURE;
import static io.retainer.duty.Cause.PROVIDER;
import static io.retainer.duty.DutyState.BREACHED;
import static io.retainer.duty.DutyState.EXCUSED;
import static io.retainer.duty.DutyState.KEPT;
import static io.retainer.duty.DutyState.KEPT_LATE;
import static io.retainer.duty.DutyState.PAUSED;
import static io.retainer.duty.DutyState.RUNNING;
import static io.retainer.duty.DutyState.WAIVED;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.retainer.duty.Deadline.At;
import io.retainer.duty.Deadline.CalendarDays;
import io.retainer.duty.Deadline.WorkingDays;
import io.retainer.duty.Deadline.WorkingTime;
import io.retainer.duty.Duty.Entry;
import io.retainer.duty.DutyEvent.BreachRefuted;
import io.retainer.duty.DutyEvent.Breached;
import io.retainer.duty.DutyEvent.Discharged;
import io.retainer.duty.DutyEvent.Opened;
import io.retainer.duty.DutyEvent.Refutation;
import io.retainer.kernel.Clause;
import io.retainer.kernel.Party;
import io.retainer.kernel.Refused;
import io.retainer.kernel.Texts;
import io.retainer.kernel.WorkCalendar;
import io.retainer.kernel.WorkingHours;
import java.io.StringReader;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class DutyTests {

    static final WorkCalendar CALENDAR = WorkCalendar.chinese();
    static final UUID TENANT = UUID.randomUUID();
    static final UUID CONTRACT = UUID.randomUUID();

    static final Instant OPENED = beijing("2025-12-01T09:00");
    static final Instant DUE = beijing("2026-01-01T00:00");
    static final Instant BEFORE = beijing("2025-12-20T12:00");
    static final Instant AFTER = beijing("2026-01-10T12:00");

    // The life of a duty

    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiter = '|', useHeadersInDisplayName = true, textBlock = """
            state     | pause  | resume  | discharge | undo     | excuse  | waive  | release
            RUNNING   | PAUSED | -       | KEPT      | -        | EXCUSED | WAIVED | RELEASED
            PAUSED    | -      | RUNNING | KEPT      | -        | EXCUSED | WAIVED | RELEASED
            BREACHED  | BREACHED | -     | KEPT_LATE | -        | EXCUSED | WAIVED | RELEASED
            KEPT      | -      | -       | -         | RUNNING  | -       | - | -
            KEPT_LATE | -      | -       | -         | BREACHED | EXCUSED | - | -
            EXCUSED   | -      | -       | -         | -        | -       | - | -
            WAIVED    | -      | -       | -         | -        | -       | - | -
            RELEASED  | -      | -       | -         | -        | -       | - | -
            """)
    void theLifeOfADuty(
            DutyState state,
            String pause,
            String resume,
            String discharge,
            String undo,
            String excuse,
            String waive,
            String release) {
        var at = moment(state);
        assertThat(from(state, d -> d.pause(CUSTOMER, "r", at, null, at, CALENDAR)))
                .isEqualTo(pause);
        assertThat(from(state, d -> d.resume(CUSTOMER, at, null, at, CALENDAR))).isEqualTo(resume);
        assertThat(from(state, d -> d.discharge(at, null, at, CALENDAR))).isEqualTo(discharge);
        assertThat(from(state, d -> d.undoDischarge("r", at, null, at, CALENDAR)))
                .isEqualTo(undo);
        assertThat(from(state, d -> d.excuse(FORCE_MAJEURE, BEFORE, "r", at, null, at, CALENDAR)))
                .isEqualTo(excuse);
        assertThat(from(state, d -> d.waive("r", at, null, at, CALENDAR))).isEqualTo(waive);
        assertThat(from(state, d -> d.release(Release.REPLACED, "r", at, null, at, CALENDAR)))
                .isEqualTo(release);
    }

    @ParameterizedTest
    @MethodSource("everyState")
    void explainsItselfInBothLanguages(DutyState state) {
        var assessment = at(state).assess(moment(state), CALENDAR);
        assertThat(assessment.state()).isEqualTo(state);
        for (var locale : List.of(Texts.CHINESE, Texts.ENGLISH)) {
            assertThat(Texts.in(locale).say(assessment.explanation()))
                    .isNotBlank()
                    .doesNotContain("{")
                    .doesNotContain("—");
        }
    }

    @Test
    void saysWhoMustDoWhatUntilWhen() {
        assertThat(Texts.in(Texts.ENGLISH)
                        .say(at(RUNNING).assess(BEFORE, CALENDAR).explanation()))
                .isEqualTo("The client must pay before 1 Jan 2026 00:00; 11 d 12 h left.");
        assertThat(Texts.in(Texts.CHINESE)
                        .say(at(BREACHED).assess(AFTER, CALENDAR).explanation()))
                .isEqualTo("甲方未在2026年1月1日 00:00之前付款，自该时刻起违约，已逾期9天12小时。");
    }

    // Late is from the very instant on

    @Test
    void trap6_theLastSecondBeforeMidnightInBeijingIsInTimeAndMidnightIsLate() {
        assertThat(paidAt("2025-12-31T15:59:59Z")).isEqualTo(KEPT);
        assertThat(paidAt("2025-12-31T15:59:59.999999999Z")).isEqualTo(KEPT);
        assertThat(paidAt("2025-12-31T16:00:00Z")).isEqualTo(KEPT_LATE);
        assertThat(paidAt("2025-12-31T16:00:01Z")).isEqualTo(KEPT_LATE);
    }

    private static DutyState paidAt(String instant) {
        var at = Instant.parse(instant);
        var duty = duty(new At(DUE), OPENED);
        return duty.after(duty.discharge(at, null, AFTER, CALENDAR))
                .assess(AFTER, CALENDAR)
                .state();
    }

    @Test
    void theDueInstantItselfIsLate() {
        var duty = duty(new At(DUE), OPENED);
        assertThat(duty.settle(DUE.minusNanos(1), AFTER, CALENDAR)).isEmpty();
        assertThat(events(duty.settle(DUE, AFTER, CALENDAR)))
                .singleElement()
                .isEqualTo(new Breached(TENANT, CONTRACT, Clause.I_3_2A, duty.id(), DUE));
    }

    @Test
    void aBreachIsSaidOnceWithItsTrueInstant() {
        var duty = duty(new At(DUE), OPENED);
        var entries = duty.settle(AFTER, AFTER, CALENDAR);
        assertThat(entries).singleElement().satisfies(entry -> {
            assertThat(entry.event().happenedAt()).isEqualTo(DUE);
            assertThat(entry.recordedAt()).isEqualTo(AFTER);
        });
        assertThat(duty.after(entries).settle(AFTER.plusSeconds(1), AFTER.plusSeconds(1), CALENDAR))
                .isEmpty();
    }

    @Test
    void everyDecisionSettlesTheClockFirst() {
        var duty = duty(new At(DUE), OPENED);
        assertThat(events(duty.discharge(AFTER, null, AFTER, CALENDAR)))
                .extracting(DutyEvent::kind)
                .containsExactly("duty.Breached", "duty.Discharged");
        assertThat(events(duty.waive("r", AFTER, null, AFTER, CALENDAR)))
                .extracting(DutyEvent::kind)
                .containsExactly("duty.Breached", "duty.Waived");
        assertThat(events(duty.pause(PROVIDER, "r", AFTER, null, AFTER, CALENDAR)))
                .extracting(DutyEvent::kind)
                .containsExactly("duty.Breached", "duty.Paused");
    }

    // Two times on every fact

    @Test
    void aPaymentInTimeThatIsRecordedLateIsInTime() {
        var duty = duty(new At(DUE), OPENED);
        var entries = duty.discharge(BEFORE, null, AFTER, CALENDAR);
        assertThat(events(entries)).singleElement().isInstanceOf(Discharged.class);
        assertThat(duty.after(entries).assess(AFTER, CALENDAR))
                .returns(KEPT, Assessment::state)
                .returns(null, Assessment::breachedAt);
    }

    @Test
    void aBreachRecordedMeanwhileIsRefutedAndNeverDeleted() {
        var duty = breached();
        duty = duty.after(duty.discharge(BEFORE, null, AFTER, CALENDAR));
        assertThat(events(duty.history()))
                .extracting(DutyEvent::kind)
                .containsExactly("duty.Breached", "duty.Discharged", "duty.BreachRefuted");
        assertThat(events(duty.history()).getLast()).isInstanceOfSatisfying(BreachRefuted.class, refuted -> {
            assertThat(refuted.because()).isEqualTo(Refutation.PERFORMED_IN_TIME);
            assertThat(refuted.due()).isEqualTo(DUE);
        });
        assertThat(duty.assess(AFTER, CALENDAR).state()).isEqualTo(KEPT);
        assertThat(duty.settle(AFTER, AFTER, CALENDAR)).isEmpty();
    }

    @Test
    void aPauseLearntOfLaterMovesTheDueInstantOfARecordedBreach() {
        var from = LocalDate.parse("2026-03-02");
        var duty = duty(new WorkingDays(3, from), beijing("2026-03-02T09:00"));
        duty = duty.after(duty.settle(beijing("2026-03-06T09:00"), beijing("2026-03-06T09:00"), CALENDAR));
        var now = beijing("2026-03-06T10:00");
        duty = duty.after(duty.pause(CUSTOMER, "away", beijing("2026-03-04T00:00"), null, now, CALENDAR));
        assertThat(events(duty.history()).getLast())
                .isInstanceOfSatisfying(
                        BreachRefuted.class,
                        refuted -> assertThat(refuted.because()).isEqualTo(Refutation.DUE_MOVED));
        assertThat(duty.assess(now, CALENDAR).state()).isEqualTo(PAUSED);

        duty = duty.after(duty.resume(CUSTOMER, beijing("2026-03-05T00:00"), null, now, CALENDAR));
        assertThat(duty.assess(now, CALENDAR).due()).isEqualTo(beijing("2026-03-07T00:00"));
        var late = beijing("2026-03-09T00:00");
        duty = duty.after(duty.settle(late, late, CALENDAR));
        assertThat(events(duty.history()).getLast())
                .isInstanceOfSatisfying(
                        Breached.class, breach -> assertThat(breach.due()).isEqualTo(beijing("2026-03-07T00:00")));
    }

    @Test
    void aWaiverFromBeforeTheDueInstantRefutesABreachToo() {
        var duty = breached();
        duty = duty.after(duty.waive("agreed by phone on the 20th", BEFORE, null, AFTER, CALENDAR));
        assertThat(events(duty.history()).getLast())
                .isInstanceOfSatisfying(
                        BreachRefuted.class,
                        refuted -> assertThat(refuted.because()).isEqualTo(Refutation.ENDED_IN_TIME));
        assertThat(duty.assess(AFTER, CALENDAR).breachedAt()).isNull();
    }

    @Test
    void theFutureCannotBeRecorded() {
        var duty = duty(new At(DUE), OPENED);
        assertThatThrownBy(() -> duty.discharge(BEFORE.plusSeconds(1), null, BEFORE, CALENDAR))
                .isInstanceOfSatisfying(
                        Refused.class,
                        refused -> assertThat(refused.sentence().key()).isEqualTo("duty.refused.future"));
    }

    // Undoing

    @Test
    void trap7_aReturnedPaymentReopensFromTheOriginalDueInstant() {
        var duty = duty(new At(DUE), OPENED);
        duty = duty.after(duty.discharge(BEFORE, null, BEFORE, CALENDAR));
        var returned = AFTER;
        var entries = duty.undoDischarge("returned by the bank", returned, null, returned, CALENDAR);
        assertThat(events(entries))
                .extracting(DutyEvent::kind)
                .containsExactly("duty.DischargeUndone", "duty.Breached");
        duty = duty.after(entries);
        assertThat(duty.assess(returned, CALENDAR))
                .returns(BREACHED, Assessment::state)
                .returns(DUE, Assessment::due)
                .returns(DUE, Assessment::breachedAt);
        assertThat(duty.assess(BEFORE, CALENDAR).state())
                .as("what could be known on the day is still true of the day")
                .isEqualTo(KEPT);
    }

    @Test
    void trap7_aPaymentReturnedAndPaidAgainIsLateSinceTheOriginalDueInstantAndBreachedOnce() {
        var duty = duty(new At(DUE), OPENED);
        duty = duty.after(duty.discharge(BEFORE, null, BEFORE, CALENDAR));
        duty = duty.after(duty.undoDischarge("returned", AFTER, null, AFTER, CALENDAR));
        var again = AFTER.plus(Duration.ofDays(2));
        duty = duty.after(duty.discharge(again, null, again, CALENDAR));
        assertThat(duty.assess(again, CALENDAR))
                .returns(KEPT_LATE, Assessment::state)
                .returns(DUE, Assessment::breachedAt);
        assertThat(events(duty.history()))
                .filteredOn(Breached.class::isInstance)
                .hasSize(1);
    }

    @Test
    void trap7_aSecondPaymentInTimeThatWasFoundLaterStillCounts() {
        var duty = duty(new At(DUE), OPENED);
        duty = duty.after(duty.discharge(BEFORE, null, BEFORE, CALENDAR));
        duty = duty.after(duty.undoDischarge("returned", AFTER, null, AFTER, CALENDAR));
        duty = duty.after(duty.discharge(BEFORE.plusSeconds(60), null, AFTER.plusSeconds(60), CALENDAR));
        assertThat(duty.assess(AFTER.plusSeconds(60), CALENDAR).state()).isEqualTo(KEPT);
        assertThat(events(duty.history()).getLast()).isInstanceOf(BreachRefuted.class);
    }

    // Excuses

    @Test
    void trap9_forceMajeureAfterDelayGivesNoRelief() {
        var duty = breached();
        assertThatThrownBy(() -> duty.excuse(FORCE_MAJEURE, DUE.plusSeconds(1), "flood", AFTER, null, AFTER, CALENDAR))
                .isInstanceOfSatisfying(Refused.class, refused -> {
                    assertThat(refused.sentence().key()).isEqualTo("duty.refused.hindranceAfterDue");
                    assertThat(Texts.in(Texts.CHINESE).say(refused.sentence())).contains("590");
                });
        assertThat(duty.after(duty.excuse(FORCE_MAJEURE, DUE.minusSeconds(1), "flood", AFTER, null, AFTER, CALENDAR))
                        .assess(AFTER, CALENDAR)
                        .state())
                .isEqualTo(EXCUSED);
    }

    @Test
    void nobodyIsRelievedByACauseOfTheirOwn() {
        var duty = duty(new At(DUE), OPENED);
        assertThatThrownBy(() -> duty.pause(CLIENT, "r", BEFORE, null, BEFORE, CALENDAR))
                .hasMessage("duty.refused.ownCause");
        assertThatThrownBy(() -> duty.excuse(CLIENT, BEFORE, "r", BEFORE, null, BEFORE, CALENDAR))
                .hasMessage("duty.refused.ownCause");
    }

    // Pauses

    @ParameterizedTest(name = "{0}, paused {1} to {2}: due {3} ({4})")
    @CsvSource(delimiter = '|', textBlock = """
            working-days 3 after 2026-03-02 | 2026-03-03T10:00 | 2026-03-03T16:00 | 2026-03-06T06:00 | six hours of a working day
            working-days 3 after 2026-03-02 | 2026-03-03T00:00 | 2026-03-04T00:00 | 2026-03-07T00:00 | one whole working day
            working-days 5 after 2026-03-02 | 2026-03-07T00:00 | 2026-03-09T00:00 | 2026-03-10T00:00 | a pause over the weekend costs nothing
            working-days 3 after 2026-09-30 | 2026-10-01T00:00 | 2026-10-08T00:00 | 2026-10-11T00:00 | nor one over Golden Week; Saturday 10 October is worked
            working-days 3 after 2026-03-02 | 2026-03-01T00:00 | 2026-03-03T00:00 | 2026-03-06T00:00 | over before the clock started
            working-days 3 after 2026-03-02 | 2026-03-01T00:00 | 2026-03-04T00:00 | 2026-03-07T00:00 | begun before the clock started
            working-days 3 after 2026-03-02 | 2026-03-06T00:00 | 2026-03-09T00:00 | 2026-03-06T00:00 | begun when the time was over
            calendar-days 10 after 2026-03-02 rolled | 2026-03-05T00:00 | 2026-03-06T00:00 | 2026-03-14T00:00 | one day
            calendar-days 10 after 2026-03-02 rolled | 2026-03-05T00:00 | 2026-03-07T00:00 | 2026-03-17T00:00 | two days, the last is a Saturday, so Monday
            calendar-days 12 after 2026-03-02 rolled | 2026-03-05T10:00 | 2026-03-06T22:00 | 2026-03-17T00:00 | ends on Sunday noon, so Monday
            calendar-days 10 after 2026-04-24 rolled | 2026-05-05T00:00 | 2026-05-06T00:00 | 2026-05-08T00:00 | within the days it had rolled over
            working-time PT4H from 2026-03-02T01:00:00Z within 09:00-12:00,13:00-18:00 in Asia/Shanghai | 2026-03-02T11:00 | 2026-03-02T14:00 | 2026-03-02T16:00 | two hours of work, not the lunch hour
            working-time PT4H from 2026-03-02T01:00:00Z within 09:00-12:00,13:00-18:00 in Asia/Shanghai | 2026-03-02T18:00 | 2026-03-03T09:00 | 2026-03-02T14:00 | begun when the time was over
            at 2026-04-01T00:00:00Z | 2026-03-10T00:00 | 2026-03-20T00:00 | 2026-04-01T08:00 | a fixed date stays
            at 2026-04-01T00:00:00Z moved-by-pauses | 2026-03-10T00:00 | 2026-03-20T00:00 | 2026-04-11T08:00 | unless it says that it moves
            """)
    void aPauseMovesTheDueInstantByTheTimeItTook(String rule, String from, String to, String due, String why) {
        var deadline = Deadline.of(rule);
        var duty = duty(deadline, beijing("2026-02-28T09:00"));
        var now = beijing("2026-12-01T00:00");
        duty = duty.after(duty.pause(CUSTOMER, "r", beijing(from), null, beijing(from), CALENDAR));
        duty = duty.after(duty.resume(CUSTOMER, beijing(to), null, beijing(to), CALENDAR));
        assertThat(duty.assess(now, CALENDAR).due()).as(why).isEqualTo(beijing(due));
    }

    @Test
    void aStoppedClockHasNoDueInstantAndIsNeverBreached() {
        var opened = beijing("2026-03-02T09:00");
        var duty = duty(new WorkingDays(3, LocalDate.parse("2026-03-02")), opened);
        var paused = beijing("2026-03-04T12:00");
        duty = duty.after(duty.pause(CUSTOMER, "r", paused, null, paused, CALENDAR));
        var later = beijing("2026-11-01T00:00");
        assertThat(duty.assess(later, CALENDAR))
                .returns(PAUSED, Assessment::state)
                .returns(null, Assessment::due)
                .returns(Duration.ofHours(36), Assessment::consumed);
        assertThat(duty.settle(later, later, CALENDAR)).isEmpty();
        assertThat(duty.row(later, CALENDAR).look()).isNull();
        assertThat(duty.assess(beijing("2026-03-04T11:59"), CALENDAR).state())
                .as("before the pause it was running")
                .isEqualTo(RUNNING);
    }

    @Test
    void aFixedDateIsBreachedEvenWhilePaused() {
        var duty = duty(new At(DUE), OPENED);
        duty = duty.after(duty.pause(PROVIDER, "r", BEFORE, null, BEFORE, CALENDAR));
        assertThat(duty.assess(BEFORE, CALENDAR))
                .returns(PAUSED, Assessment::state)
                .returns(DUE, Assessment::due);
        assertThat(duty.assess(DUE, CALENDAR).state()).isEqualTo(BREACHED);
        assertThat(duty.row(BEFORE, CALENDAR).look()).isEqualTo(DUE);
    }

    @Test
    void timeThatTwoCausesTakeBelongsToTheFirst() {
        var opened = beijing("2026-03-02T00:00");
        var duty = duty(new WorkingDays(5, LocalDate.parse("2026-03-01")), opened);
        var now = beijing("2026-03-06T00:00");
        duty = duty.after(duty.pause(CUSTOMER, "r", beijing("2026-03-03T00:00"), null, now, CALENDAR));
        duty = duty.after(duty.pause(FORCE_MAJEURE, "r", beijing("2026-03-04T00:00"), null, now, CALENDAR));
        duty = duty.after(duty.resume(CUSTOMER, beijing("2026-03-05T00:00"), null, now, CALENDAR));
        duty = duty.after(duty.resume(FORCE_MAJEURE, beijing("2026-03-06T00:00"), null, now, CALENDAR));
        assertThat(duty.assess(now, CALENDAR).timeline())
                .extracting(segment -> segment.kind() + " " + segment.owner() + " "
                        + segment.length().toDays())
                .containsExactly("RUNNING null 1", "PAUSED CUSTOMER 2", "PAUSED FORCE_MAJEURE 1");
        assertThat(duty.assess(now, CALENDAR).due()).isEqualTo(beijing("2026-03-12T00:00"));
    }

    @Test
    void theTimelineShowsWhatTheClockDid() {
        var duty = duty(
                new WorkingTime(Duration.ofHours(4), beijing("2026-03-06T16:00"), WorkingHours.STANDARD),
                beijing("2026-03-06T16:00"));
        duty = duty.after(
                duty.pause(CUSTOMER, "r", beijing("2026-03-06T17:00"), null, beijing("2026-03-06T17:00"), CALENDAR));
        duty = duty.after(
                duty.resume(CUSTOMER, beijing("2026-03-09T10:00"), null, beijing("2026-03-09T10:00"), CALENDAR));
        duty = duty.after(duty.discharge(beijing("2026-03-09T15:00"), null, beijing("2026-03-09T15:00"), CALENDAR));
        var assessment = duty.assess(beijing("2026-03-10T00:00"), CALENDAR);
        assertThat(assessment.timeline())
                .containsExactly(
                        segment(Segment.Kind.RUNNING, null, "2026-03-06T16:00", "2026-03-06T17:00"),
                        segment(Segment.Kind.PAUSED, CUSTOMER, "2026-03-06T17:00", "2026-03-09T10:00"),
                        segment(Segment.Kind.RUNNING, null, "2026-03-09T10:00", "2026-03-09T12:00"),
                        segment(Segment.Kind.RESTING, null, "2026-03-09T12:00", "2026-03-09T13:00"),
                        segment(Segment.Kind.RUNNING, null, "2026-03-09T13:00", "2026-03-09T14:00"),
                        segment(Segment.Kind.OVERDUE, null, "2026-03-09T14:00", "2026-03-09T15:00"));
        assertThat(assessment.consumed()).isEqualTo(Duration.ofHours(4));
        assertThat(assessment.state()).isEqualTo(KEPT_LATE);
    }

    // Beyond the loaded calendar

    @Test
    void trap19_beyondTheLoadedYearsThereIsAWarningAndNoVerdictOfLateness() {
        var duty = duty(new WorkingDays(3, LocalDate.parse("2026-12-30")), beijing("2026-12-30T09:00"));
        var now = beijing("2027-01-20T00:00");
        var assessment = duty.assess(now, CALENDAR);
        assertThat(assessment.state()).isEqualTo(RUNNING);
        assertThat(assessment.calendarWarning()).isNotNull();
        assertThat(assessment.explanation().key()).isEqualTo("duty.explain.estimated");
        assertThat(duty.settle(now, now, CALENDAR)).isEmpty();
        assertThat(duty.row(now, CALENDAR)).isEqualTo(new Duty.Row(RUNNING, null, true));

        var loaded = CALENDAR.with(WorkCalendar.read(new StringReader("""
                year,2027
                2027-01-01/2027-01-03,OFF,statutory,元旦
                """)));
        assertThat(duty.row(now, loaded)).isEqualTo(new Duty.Row(BREACHED, beijing("2027-01-06T00:00"), false));
        assertThat(duty.settle(now, now, loaded)).hasSize(1);
    }

    @Test
    void calendarDaysNeedTheCalendarOnlyForTheirLastDay() {
        var duty = duty(new CalendarDays(5, LocalDate.parse("2026-12-20")), beijing("2026-12-20T09:00"));
        assertThat(duty.assess(beijing("2026-12-21T00:00"), CALENDAR).calendarWarning())
                .isNull();
    }

    /** The ledger keeps these names for good. Add to the list; never rename or remove. */
    @Test
    void theWordsOfTheLedgerStayTheSame() {
        assertThat(DutyEvent.Change.class.getPermittedSubclasses())
                .extracting(Class::getSimpleName)
                .containsExactlyInAnyOrder(
                        "Paused",
                        "Resumed",
                        "Discharged",
                        "DischargeUndone",
                        "Breached",
                        "BreachRefuted",
                        "Excused",
                        "Waived",
                        "Released");
    }

    // Owed all the time

    @Test
    void aStandingDutyIsNeverLateAndNeverPerformedOnlyReleased() {
        var duty = duty(new Deadline.Standing(null), OPENED);
        var assessment = duty.assess(AFTER.plus(Duration.ofDays(3650)), CALENDAR);
        assertThat(assessment.state()).isEqualTo(RUNNING);
        assertThat(assessment.due()).isNull();
        assertThat(duty.row(AFTER, CALENDAR)).isEqualTo(new Duty.Row(RUNNING, null, false));
        assertThat(duty.settle(AFTER, AFTER, CALENDAR)).isEmpty();
        assertThat(org.assertj.core.api.Assertions.catchThrowable(() -> duty.discharge(BEFORE, null, BEFORE, CALENDAR)))
                .hasMessage("duty.refused.standing");
        assertThat(org.assertj.core.api.Assertions.catchThrowable(
                        () -> duty.pause(CUSTOMER, "r", BEFORE, null, BEFORE, CALENDAR)))
                .hasMessage("duty.refused.standing");
        var released = duty.after(duty.release(Release.PURPOSE_GONE, "public", BEFORE, null, BEFORE, CALENDAR));
        assertThat(released.assess(AFTER, CALENDAR).state()).isEqualTo(DutyState.RELEASED);
        assertThat(Texts.in(Texts.ENGLISH).say(released.assess(AFTER, CALENDAR).explanation()))
                .contains("no longer has to pay")
                .contains("public or deleted");
    }

    @Test
    void aStandingDutyWithALastDayEndsWithThatDayAndTheSweepSaysSoOnce() {
        var duty = duty(new Deadline.Standing(LocalDate.parse("2028-02-09")), OPENED);
        var end = beijing("2028-02-10T00:00");
        assertThat(Deadline.of(duty.deadline().code())).isEqualTo(duty.deadline());
        assertThat(duty.assess(end.minusNanos(1), CALENDAR).state()).isEqualTo(RUNNING);
        assertThat(duty.assess(end, CALENDAR).state()).isEqualTo(DutyState.RELEASED);
        assertThat(duty.row(BEFORE, CALENDAR)).isEqualTo(new Duty.Row(RUNNING, end, false));
        var after = duty.after(duty.settle(end, end, CALENDAR));
        assertThat(events(after.history())).singleElement().satisfies(event -> {
            assertThat(event.happenedAt()).isEqualTo(end);
            assertThat(event).isInstanceOf(DutyEvent.Released.class);
        });
        assertThat(after.settle(end, end, CALENDAR)).isEmpty();
        assertThat(after.row(end, CALENDAR)).isEqualTo(new Duty.Row(DutyState.RELEASED, null, false));
    }

    // Help

    interface Decision {
        List<Entry> on(Duty duty);
    }

    static String from(DutyState state, Decision decision) {
        var duty = at(state);
        try {
            return duty.after(decision.on(duty))
                    .assess(moment(state), CALENDAR)
                    .state()
                    .name();
        } catch (Refused refused) {
            return "-";
        }
    }

    static Stream<DutyState> everyState() {
        return Stream.of(DutyState.values());
    }

    /** When the next thing happens to a duty in this state. */
    static Instant moment(DutyState state) {
        return switch (state) {
            case RUNNING, PAUSED, KEPT, EXCUSED, WAIVED, RELEASED -> BEFORE.plusSeconds(3600);
            case BREACHED, KEPT_LATE -> AFTER.plusSeconds(3600);
        };
    }

    static Duty at(DutyState state) {
        var fresh = duty(new At(DUE, true), OPENED);
        return switch (state) {
            case RUNNING -> fresh;
            case PAUSED -> fresh.after(fresh.pause(CUSTOMER, "r", BEFORE, null, BEFORE, CALENDAR));
            case BREACHED -> breached();
            case KEPT -> fresh.after(fresh.discharge(BEFORE, null, BEFORE, CALENDAR));
            case KEPT_LATE -> breached().after(breached().discharge(AFTER, null, AFTER, CALENDAR));
            case EXCUSED -> fresh.after(fresh.excuse(FORCE_MAJEURE, BEFORE, "r", BEFORE, null, BEFORE, CALENDAR));
            case WAIVED -> fresh.after(fresh.waive("r", BEFORE, null, BEFORE, CALENDAR));
            case RELEASED -> fresh.after(fresh.release(Release.REPLACED, "r", BEFORE, null, BEFORE, CALENDAR));
        };
    }

    private static Duty breached() {
        var duty = duty(new At(DUE), OPENED);
        return duty.after(duty.settle(DUE, DUE, CALENDAR));
    }

    static Duty duty(Deadline deadline, Instant opened) {
        return Duty.first(new Opened(
                TENANT,
                CONTRACT,
                Clause.I_3_2A,
                UUID.nameUUIDFromBytes(new byte[] {7}),
                1,
                Party.CLIENT,
                Party.PROVIDER,
                "duty.action.pay",
                "instalment/1",
                deadline.code(),
                opened,
                null));
    }

    static List<DutyEvent.Change> events(List<Entry> entries) {
        return entries.stream().map(Entry::event).toList();
    }

    static Instant beijing(String local) {
        return LocalDateTime.parse(local).atZone(ZoneId.of("Asia/Shanghai")).toInstant();
    }

    private static Segment segment(Segment.Kind kind, @Nullable Cause owner, String from, String to) {
        return new Segment(kind, owner, beijing(from), beijing(to));
    }
}
