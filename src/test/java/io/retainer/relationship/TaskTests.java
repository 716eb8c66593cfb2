package io.retainer.relationship;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.retainer.kernel.Refused;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalTime;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The rules of tasks, without a database. */
class TaskTests {

    private static final UUID ANN = UUID.randomUUID();
    private static final UUID BOB = UUID.randomUUID();
    private static final Instant NOW = RelationWorld.at("2025-03-03T10:00");

    enum Act {
        DONE,
        DROP,
        MOVE,
        ASSIGN
    }

    /** What Ann may do with her own task, with Bob's, and with one that has ended; as an agent and as a lead. */
    @ParameterizedTest(name = "{0} {1} lead {2}: {3}")
    @CsvSource({
        "ANNS, DONE, false,",
        "ANNS, DROP, false,",
        "ANNS, MOVE, false,",
        "ANNS, ASSIGN, false,",
        "BOBS, DONE, false, taskNotYours",
        "BOBS, DROP, false, taskNotYours",
        "BOBS, MOVE, false, taskNotYours",
        "BOBS, ASSIGN, false, taskNotYours",
        "BOBS, DONE, true,",
        "BOBS, DROP, true,",
        "BOBS, MOVE, true,",
        "BOBS, ASSIGN, true, same",
        "POOL, DONE, false, taskNotYours",
        "POOL, ASSIGN, false, taskNotYours",
        "POOL, ASSIGN, true,",
        "ENDED, DONE, true, taskEnded",
        "ENDED, DROP, true, taskEnded",
        "ENDED, MOVE, true, taskEnded",
        "ENDED, ASSIGN, true, taskEnded"
    })
    void isChangedByWhoIsToDoIt(String whose, Act act, boolean leads, @Nullable String refusal) {
        var task = of(whose);
        if (refusal == null) {
            var after = task.after(perform(task, act, leads));
            assertThat(after.open()).isEqualTo(act == Act.MOVE || act == Act.ASSIGN);
            assertThat(after.person()).isEqualTo(act == Act.ASSIGN ? BOB : task.person());
        } else {
            refused("relationship.refused." + refusal, () -> perform(task, act, leads));
        }
    }

    private static TaskEvent perform(Task task, Act act, boolean leads) {
        return switch (act) {
            case DONE -> task.done(null, ANN, leads, NOW);
            case DROP -> task.drop(ANN, leads, NOW);
            case MOVE -> task.move(NOW.plusSeconds(3600), ANN, leads, NOW);
            case ASSIGN -> task.assign(BOB, ANN, leads, NOW);
        };
    }

    private static Task of(String whose) {
        var task = Task.first(plan(Task.due(LocalDate.of(2025, 3, 5), null)), null, 1);
        return switch (whose) {
            case "ANNS" -> task;
            case "BOBS" -> task.after(task.assign(BOB, ANN, false, NOW));
            case "POOL" -> task.after(task.follow(null, ANN, NOW));
            default -> task.after(task.done(null, ANN, false, NOW));
        };
    }

    private static TaskEvent.Planned plan(Instant due) {
        return Task.plan(
                UUID.randomUUID(),
                UUID.randomUUID(),
                UUID.randomUUID(),
                UUID.randomUUID(),
                TaskKind.CALL,
                ANN,
                due,
                ANN,
                NOW);
    }

    /** A whole day is late at its end, a time when it is reached; the instant itself is late. */
    @Test
    void isLateFromTheInstantItIsDue() {
        var day = Task.first(plan(Task.due(LocalDate.of(2025, 3, 3), null)), null, null);
        assertThat(day.late(RelationWorld.at("2025-03-03T23:59:59"))).isFalse();
        assertThat(day.late(RelationWorld.at("2025-03-04T00:00"))).isTrue();
        assertThat(Tasks.dayOf(day.dueAt())).isEqualTo(LocalDate.of(2025, 3, 3));
        var time = Task.first(plan(Task.due(LocalDate.of(2025, 3, 3), LocalTime.of(15, 0))), null, null);
        assertThat(time.late(RelationWorld.at("2025-03-03T14:59:59"))).isFalse();
        assertThat(time.late(RelationWorld.at("2025-03-03T15:00"))).isTrue();
        assertThat(time.after(time.done(null, ANN, false, NOW)).late(RelationWorld.at("2025-03-09T00:00")))
                .isFalse();
    }

    @Test
    void isPlannedAheadAndNotTooFar() {
        refused("relationship.refused.past", () -> plan(Task.due(LocalDate.of(2025, 3, 2), null)));
        refused("relationship.refused.past", () -> plan(NOW));
        refused("relationship.refused.far", () -> plan(Task.due(LocalDate.of(2027, 3, 5), null)));
        refused(
                "relationship.refused.rule",
                () -> Task.first(plan(Task.due(LocalDate.of(2025, 3, 5), null)), null, 16));
    }

    private static void refused(String key, Runnable act) {
        assertThatThrownBy(act::run)
                .isInstanceOfSatisfying(
                        Refused.class,
                        refusal -> assertThat(refusal.sentence().key()).isEqualTo(key));
    }
}
