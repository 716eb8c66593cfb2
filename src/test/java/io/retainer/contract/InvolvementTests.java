package io.retainer.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.retainer.contract.Involvement.Stage;
import io.retainer.kernel.Refused;
import java.time.Duration;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Stage × event of a third party's part, without a database. */
class InvolvementTests {

    private static final Instant NOW = Instant.parse("2025-03-01T00:00:00Z");
    private static final Duration DAY = Duration.ofDays(1);

    /** A dash: the event is refused. */
    @ParameterizedTest(name = "{0} {1} -> {2}")
    @CsvSource({
        "INVITED, joinNow, ACTIVE",
        "INVITED, joinLater, JOINING",
        "INVITED, leaveNow, -",
        "INVITED, leaveLater, -",
        "INVITED, close, -",
        "JOINING, joinNow, -",
        "JOINING, joinLater, -",
        "JOINING, leaveNow, JOINING",
        "JOINING, leaveLater, JOINING",
        "JOINING, close, -",
        "ACTIVE, joinNow, -",
        "ACTIVE, joinLater, -",
        "ACTIVE, leaveNow, LEFT",
        "ACTIVE, leaveLater, LEAVING",
        "ACTIVE, close, -",
        "LEAVING, joinNow, -",
        "LEAVING, joinLater, -",
        "LEAVING, leaveNow, -",
        "LEAVING, leaveLater, -",
        "LEAVING, close, -",
        "LEFT, joinNow, ACTIVE",
        "LEFT, joinLater, JOINING",
        "LEFT, leaveNow, -",
        "LEFT, leaveLater, -",
        "LEFT, close, LEFT"
    })
    void everyEventAtEveryStage(Stage stage, String event, String next) {
        var one = at(stage);
        assertThat(one.stage(NOW)).isEqualTo(stage);
        if (next.equals("-")) {
            assertThatThrownBy(() -> happen(one, event)).isInstanceOf(Refused.class);
        } else {
            assertThat(one.after(happen(one, event)).stage(NOW)).isEqualTo(Stage.valueOf(next));
        }
    }

    @ParameterizedTest
    @CsvSource({"-1, ACTIVE", "0, LEFT", "1, LEFT"})
    void itIsOutFromItsDayOn(int seconds, Stage stage) {
        var one = new Involvement(
                new UUID(1, 1), new UUID(1, 2), new UUID(1, 3), "T", null, NOW, NOW.minus(DAY), NOW, null, 0);
        assertThat(one.stage(NOW.plusSeconds(seconds)) == Stage.LEFT).isEqualTo(stage == Stage.LEFT);
    }

    private static InvolvementEvent happen(Involvement one, String event) {
        return switch (event) {
            case "joinNow" -> one.join(NOW, NOW, null);
            case "joinLater" -> one.join(NOW.plus(DAY), NOW, null);
            case "leaveNow" -> one.leave(NOW, NOW, null);
            case "leaveLater" -> one.leave(NOW.plus(DAY), NOW, null);
            case "close" -> one.close(NOW);
            default -> throw new IllegalArgumentException(event);
        };
    }

    private static Involvement at(Stage stage) {
        return switch (stage) {
            case INVITED -> one(null, null);
            case JOINING -> one(NOW.plus(DAY), null);
            case ACTIVE -> one(NOW.minus(DAY), null);
            case LEAVING -> one(NOW.minus(DAY), NOW.plus(DAY));
            case LEFT -> one(NOW.minus(DAY), NOW.minusSeconds(1));
        };
    }

    private static Involvement one(@Nullable Instant starts, @Nullable Instant ends) {
        return new Involvement(
                new UUID(1, 1), new UUID(1, 2), new UUID(1, 3), "T", null, NOW.minus(DAY), starts, ends, null, 0);
    }
}
