package io.retainer.bench;

import io.retainer.billing.Simulation;
import io.retainer.duty.Deadline;
import io.retainer.duty.Duty;
import io.retainer.kernel.Clause;
import io.retainer.kernel.Ids;
import io.retainer.kernel.Party;
import io.retainer.kernel.WorkCalendar;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.function.IntSupplier;

/** How many verdicts a second one thread derives, explanation included. */
final class AssessBench {

    private AssessBench() {}

    static void run(Bench bench) throws IOException {
        var calendar = WorkCalendar.chinese();
        for (var example : List.of("late-by-a-month", "part-payments", "demand-and-suspension")) {
            var simulation = Simulation.read(Files.readString(Path.of("docs/examples", example + ".json")));
            bench.figure(
                    "billing: whole contract, " + example,
                    perSecond(() -> simulation.run(calendar).hashCode()),
                    "assessments/s",
                    "—");
        }
        var duty = new Duty(
                Ids.next(),
                Ids.next(),
                Ids.next(),
                1,
                Clause.I_3_2A,
                Party.CLIENT,
                Party.PROVIDER,
                "duty.action",
                "instalment/1",
                Instant.parse("2026-01-05T01:00:00Z"),
                new Deadline.WorkingDays(5, LocalDate.of(2026, 1, 5)),
                List.of(),
                0);
        var asOf = Instant.parse("2026-03-01T00:00:00Z");
        bench.figure(
                "duty: working days",
                perSecond(() -> duty.assess(asOf, calendar).hashCode()),
                "assessments/s",
                "—");
    }

    private static double perSecond(IntSupplier work) {
        int sink = 0;
        for (long start = System.nanoTime(); Bench.seconds(start) < 3; ) {
            sink += work.getAsInt();
        }
        long done = 0;
        long start = System.nanoTime();
        while (Bench.seconds(start) < 5) {
            sink += work.getAsInt();
            done++;
        }
        double rate = done / Bench.seconds(start);
        return sink == 42 ? rate + 1e-9 : rate; // the work must not be optimised away
    }
}
