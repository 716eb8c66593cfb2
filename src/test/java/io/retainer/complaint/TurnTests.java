package io.retainer.complaint;

import static org.assertj.core.api.Assertions.assertThat;

import io.retainer.complaint.Turn.Worker;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Whose turn it is: skill, load, experience, and who has waited longest. */
class TurnTests {

    /** Each of A and B: skills, open of at most, closed of the category, minutes since the last was given; or away. */
    @ParameterizedTest(name = "{5}")
    @CsvSource(delimiter = '|', textBlock = """
            - 3/- 0 10         | - 2/- 0 1          | DELIVERY | zh | B | the less loaded
            DELIVERY 9/- 0 1   | BILLING 0/- 0 1    | DELIVERY | zh | A | skill before load
            DELIVERY 5/5 0 1   | BILLING 0/- 0 1    | DELIVERY | zh | B | no skill is better than no room
            BILLING 2/- 0 1    | BILLING 1/- 0 1    | DELIVERY | zh | B | nobody has the skill
            - 2/- 0 1          | DELIVERY 2/- 4 1   | DELIVERY | zh | B | who knows the matter
            - 2/- 0 9          | - 2/- 0 3          |          | zh | A | who has waited longer
            - 2/- 0 9          | - 2/- 0 never      |          | zh | B | who never had one
            BILLING 0/- 0 1    | ENGLISH 7/- 0 1    |          | en | B | who answers in English
            away               | - 99/- 0 1         | DELIVERY | zh | B | who is there
            away               | - 1/1 0 1          | DELIVERY | zh | - | nobody
            """)
    void whoseTurn(String a, String b, String category, String language, String expected, String why) {
        var workers = new ArrayList<>(List.of(worker(1, a), worker(2, b)));
        var found = Turn.of(workers, category == null ? null : Category.valueOf(category), language.equals("en"));
        assertThat(found.map(id -> id.getLeastSignificantBits() == 1 ? "A" : "B")
                        .orElse("-"))
                .as(why)
                .isEqualTo(expected);
        assertThat(Turn.of(
                        workers.reversed(),
                        category == null ? null : Category.valueOf(category),
                        language.equals("en")))
                .as("in whatever order they stand")
                .isEqualTo(found);
    }

    private static Worker worker(long id, String told) {
        var person = new UUID(0, id);
        if (told.equals("away")) {
            return new Worker(person, Set.of(), null, true, 0, 0, null);
        }
        var parts = told.split(" +");
        var load = parts[1].split("/");
        return new Worker(
                person,
                parts[0].equals("-")
                        ? Set.of()
                        : Arrays.stream(parts[0].split(",")).map(Skill::valueOf).collect(Collectors.toSet()),
                load[1].equals("-") ? null : Integer.valueOf(load[1]),
                false,
                Integer.parseInt(load[0]),
                Integer.parseInt(parts[2]),
                parts[3].equals("never")
                        ? null
                        : Instant.parse("2025-02-10T02:00:00Z").minusSeconds(60L * Integer.parseInt(parts[3])));
    }
}
