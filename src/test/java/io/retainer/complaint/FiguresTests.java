package io.retainer.complaint;

import static org.assertj.core.api.Assertions.assertThat;

import io.retainer.complaint.FigureRows.Counted;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class FiguresTests {

    private static final Instant NOW = Instant.parse("2025-03-20T02:00:00Z");

    @Test
    void countsWhatCameInWhatCameAgainAndWhy() {
        var figures = figures(List.of(
                counted(40, 30, StageName.CLOSED, RootCause.LOGISTICS, "a", 0),
                counted(35, 20, StageName.CLOSED, RootCause.LOGISTICS, "a", 1),
                counted(34, 20, StageName.CLOSED_UNVISITED, RootCause.STAFF, "b", 0),
                counted(33, 20, StageName.CLOSED, RootCause.LOGISTICS, "c", 0),
                counted(2, null, StageName.INVESTIGATING, null, "d", 0)));
        assertThat(figures.received()).isEqualTo(5);
        assertThat(figures.open()).isEqualTo(1);
        assertThat(figures.visited().percent()).isEqualTo("75.0%");
        assertThat(figures.reopened().percent()).isEqualTo("25.0%");
        assertThat(figures.repeated())
                .as("the same person and category within 30 days")
                .isEqualTo(new Figures.Share(1, 5));
        assertThat(figures.causes())
                .containsExactly(
                        new Figures.Cause(RootCause.LOGISTICS, 3, 750), new Figures.Cause(RootCause.STAFF, 1, 1000));
        assertThat(figures.ages()).containsEntry(Age.THREE_DAYS, 1).containsEntry(Age.OLDER, 0);
    }

    @Test
    void aShareOfNothingIsNoShare() {
        var figures = figures(List.of());
        assertThat(figures.resolvedInTime().known()).isFalse();
        assertThat(figures.resolvedInTime().percent()).isEqualTo("—");
        assertThat(figures.causes()).isEmpty();
    }

    private static Figures figures(List<Counted> counted) {
        return Figures.of(counted, Map.of(), Object::toString, NOW);
    }

    private static Counted counted(
            int receivedDaysAgo,
            @Nullable Integer endedDaysAgo,
            StageName stage,
            @Nullable RootCause cause,
            String person,
            int reopened) {
        return new Counted(
                UUID.randomUUID(),
                1001,
                NOW.minus(Duration.ofDays(receivedDaysAgo)),
                endedDaysAgo == null ? null : NOW.minus(Duration.ofDays(endedDaysAgo)),
                stage,
                Intake.PHONE,
                Category.DELIVERY,
                Priority.P2,
                cause,
                null,
                null,
                null,
                null,
                reopened,
                1,
                person,
                List.of());
    }
}
