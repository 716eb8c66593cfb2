package io.retainer.duty;

import static io.retainer.duty.DutyTests.CALENDAR;
import static io.retainer.duty.DutyTests.beijing;
import static org.assertj.core.api.Assertions.assertThat;

import io.retainer.duty.Deadline.At;
import io.retainer.duty.Deadline.CalendarDays;
import io.retainer.duty.Deadline.WorkingDays;
import io.retainer.duty.Deadline.WorkingTime;
import io.retainer.duty.Duty.Entry;
import io.retainer.duty.DutyEvent.BreachRefuted;
import io.retainer.duty.DutyEvent.Breached;
import io.retainer.kernel.Refused;
import io.retainer.kernel.WorkingHours;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What holds for every history. The seed is in the name of the test; a failure is repeated by running it again. */
class DutyPropertyTests {

    private static final Instant OPENED = beijing("2026-02-09T10:00");
    private static final int HISTORIES = 400;
    private static final Cause[] OWNERS = {Cause.PROVIDER, Cause.THIRD_PARTY, Cause.CUSTOMER, Cause.FORCE_MAJEURE};

    @ParameterizedTest(name = "seed {0}")
    @ValueSource(longs = {1, 20260101, 77})
    void settlingTwiceIsSettlingOnce(long seed) {
        var random = new Random(seed);
        for (int i = 0; i < HISTORIES; i++) {
            var life = life(random);
            var now = life.now();
            var once = life.duty().after(life.duty().settle(now, now, CALENDAR));
            assertThat(once.settle(now, now, CALENDAR)).as("history %d", i).isEmpty();
            assertThat(once.settle(now, now.plusSeconds(9), CALENDAR)).isEmpty();
        }
    }

    @ParameterizedTest(name = "seed {0}")
    @ValueSource(longs = {2, 20260102, 78})
    void theOrderOfRecordingDoesNotMatterForTheVerdict(long seed) {
        var random = new Random(seed);
        for (int i = 0; i < HISTORIES; i++) {
            var life = life(random);
            var now = life.now();
            var inOrder = life.duty().after(life.duty().settle(now, now, CALENDAR));

            var facts = new ArrayList<>(inOrder.history());
            facts.removeIf(entry -> entry.event() instanceof Breached || entry.event() instanceof BreachRefuted);
            Collections.shuffle(facts, random);
            var shuffled = DutyTests.duty(inOrder.deadline(), OPENED);
            for (var fact : facts) {
                shuffled = shuffled.after(List.of(fact));
                if (random.nextBoolean()) {
                    shuffled = shuffled.after(shuffled.settle(now, now, CALENDAR));
                }
            }
            shuffled = shuffled.after(shuffled.settle(now, now, CALENDAR));

            assertThat(shuffled.assess(now, CALENDAR))
                    .as("history %d: %s", i, inOrder.history())
                    .isEqualTo(inOrder.assess(now, CALENDAR));
            assertThat(standingBreach(shuffled)).isEqualTo(standingBreach(inOrder));
        }
    }

    @ParameterizedTest(name = "seed {0}")
    @ValueSource(longs = {3, 20260103, 79})
    void theBreachThatStandsIsTheBreachOfTheVerdict(long seed) {
        var random = new Random(seed);
        for (int i = 0; i < HISTORIES; i++) {
            var life = life(random);
            var settled = life.duty().after(life.duty().settle(life.now(), life.now(), CALENDAR));
            assertThat(standingBreach(settled))
                    .as("history %d: %s", i, settled.history())
                    .isEqualTo(settled.assess(life.now(), CALENDAR).breachedAt());
        }
    }

    @ParameterizedTest(name = "seed {0}")
    @ValueSource(longs = {4, 20260104, 80})
    void theTimelineHasNoGapsAndAddsUp(long seed) {
        var random = new Random(seed);
        for (int i = 0; i < HISTORIES; i++) {
            var life = life(random);
            var assessment = life.duty().assess(life.now(), CALENDAR);
            var cursor = OPENED;
            for (var segment : assessment.timeline()) {
                assertThat(segment.from()).as("history %d", i).isEqualTo(cursor);
                assertThat(segment.to()).isAfter(segment.from());
                assertThat(segment.owner() != null).isEqualTo(segment.kind() == Segment.Kind.PAUSED);
                cursor = segment.to();
            }
            var end = assessment.endedAt() == null ? life.now() : assessment.endedAt();
            assertThat(cursor).isEqualTo(end.isAfter(OPENED) ? end : OPENED);
        }
    }

    @ParameterizedTest(name = "seed {0}")
    @ValueSource(longs = {5, 20260105, 81})
    void aPauseNeverBringsTheDueInstantForward(long seed) {
        var random = new Random(seed);
        for (int i = 0; i < HISTORIES; i++) {
            var duty = DutyTests.duty(deadline(random), OPENED);
            var plain = duty.assess(OPENED, CALENDAR).due();
            var from = OPENED.plus(Duration.ofMinutes(random.nextInt(60 * 24 * 30)));
            var to = from.plus(Duration.ofMinutes(1 + random.nextInt(60 * 24 * 10)));
            duty = duty.after(duty.pause(Cause.CUSTOMER, "r", from, null, from, CALENDAR));
            duty = duty.after(duty.resume(Cause.CUSTOMER, to, null, to, CALENDAR));
            assertThat(duty.assess(to, CALENDAR).due()).as("history %d", i).isAfterOrEqualTo(plain);
        }
    }

    private record Life(Duty duty, Instant now) {}

    /** Random acts, each recorded at once or later; those that are refused leave no trace. */
    private static Life life(Random random) {
        var duty = DutyTests.duty(deadline(random), OPENED);
        var now = OPENED;
        for (int acts = random.nextInt(9); acts > 0; acts--) {
            now = now.plus(Duration.ofMinutes(random.nextInt(60 * 24 * 6)));
            var back = random.nextInt(3) == 0 ? random.nextInt(60 * 24 * 10) : 0;
            try {
                duty = duty.after(act(duty, now.minus(Duration.ofMinutes(back)), now, random));
            } catch (Refused refused) {
                assertThat(refused.sentence().key()).startsWith("duty.refused.");
            }
        }
        return new Life(duty, now.plus(Duration.ofDays(random.nextInt(20))));
    }

    private static List<Entry> act(Duty duty, Instant at, Instant now, Random random) {
        var owner = OWNERS[random.nextInt(OWNERS.length)];
        return switch (random.nextInt(8)) {
            case 0, 1 -> duty.pause(owner, "r", at, null, now, CALENDAR);
            case 2, 3 -> duty.resume(owner, at, null, now, CALENDAR);
            case 4 -> duty.discharge(at, null, now, CALENDAR);
            case 5 -> duty.undoDischarge("r", at, null, now, CALENDAR);
            case 6 ->
                random.nextInt(4) == 0
                        ? duty.waive("r", at, null, now, CALENDAR)
                        : duty.excuse(owner, at.minusSeconds(random.nextInt(99999)), "r", at, null, now, CALENDAR);
            default -> duty.settle(now, now, CALENDAR);
        };
    }

    private static Deadline deadline(Random random) {
        var from = LocalDate.parse("2026-02-09");
        return switch (random.nextInt(5)) {
            case 0 -> new At(OPENED.plus(Duration.ofHours(random.nextInt(600))));
            case 1 -> new At(OPENED.plus(Duration.ofHours(random.nextInt(600))), true);
            case 2 -> new WorkingDays(1 + random.nextInt(15), from);
            case 3 -> new CalendarDays(1 + random.nextInt(25), from, random.nextBoolean());
            default -> new WorkingTime(Duration.ofMinutes(1 + random.nextInt(60 * 40)), OPENED, WorkingHours.STANDARD);
        };
    }

    private static @Nullable Instant standingBreach(Duty duty) {
        @Nullable Instant standing = null;
        for (var entry : duty.history()) {
            switch (entry.event()) {
                case Breached breached -> standing = breached.due();
                case BreachRefuted _ -> standing = null;
                case DutyEvent.Paused _,
                        DutyEvent.Resumed _,
                        DutyEvent.Discharged _,
                        DutyEvent.DischargeUndone _,
                        DutyEvent.Excused _,
                        DutyEvent.Waived _,
                        DutyEvent.Released _ -> {
                    // not about breaches
                }
            }
        }
        return standing;
    }
}
