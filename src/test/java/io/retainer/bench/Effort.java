package io.retainer.bench;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadInfo;
import java.lang.management.ThreadMXBean;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import java.util.stream.LongStream;

/**
 * What work costs, whatever else the machine does meanwhile: statements sent to the database, and processor time of the
 * application and of the database. The threads that play the clients are not counted, nor those that compile.
 *
 * @param application nanoseconds
 * @param database nanoseconds, or 0 where there is no {@code /proc}
 */
record Effort(long statements, long application, long database) {

    /** In the names of all threads that play clients. */
    static final String CLIENT = "bench-client";

    private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();
    private static final long TICK = 10_000_000;
    private static final int UTIME = 11;

    static Effort now(BenchDatabase database) {
        var system = (com.sun.management.OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
        long clients = LongStream.of(THREADS.getAllThreadIds())
                .mapToObj(THREADS::getThreadInfo)
                .filter(Objects::nonNull)
                .filter(Effort::isClient)
                .mapToLong(thread -> Math.max(0, THREADS.getThreadCpuTime(thread.getThreadId())))
                .sum();
        return new Effort(
                database.statements(),
                system.getProcessCpuTime() - clients - ofCompilers(),
                ofDatabase(database.process()));
    }

    /** What a process that has been running for a while no longer does, in nanoseconds. */
    static long ofCompilers() {
        long ticks = 0;
        try (var tasks = Files.newDirectoryStream(Path.of("/proc/self/task"))) {
            for (var task : tasks) {
                var name = Files.readString(task.resolve("comm"));
                if (name.startsWith("C1 Comp") || name.startsWith("C2 Comp")) {
                    var fields = fields(task.resolve("stat"));
                    ticks += Long.parseLong(fields[UTIME]) + Long.parseLong(fields[UTIME + 1]);
                }
            }
        } catch (IOException none) {
            return 0;
        }
        return ticks * TICK;
    }

    private static boolean isClient(ThreadInfo thread) {
        return thread.getThreadName().startsWith(CLIENT)
                || thread.getThreadName().startsWith("HttpClient-");
    }

    /** Its server processes, those that have ended included. */
    private static long ofDatabase(long postmaster) {
        long ticks = ticks(postmaster, true);
        try (var processes = Files.newDirectoryStream(Path.of("/proc"), "[0-9]*")) {
            for (var process : processes) {
                ticks += ticks(Long.parseLong(process.getFileName().toString()), postmaster);
            }
        } catch (IOException none) {
            return 0;
        }
        return ticks * TICK;
    }

    private static long ticks(long process, long parent) {
        var fields = fields(process);
        return fields.length > UTIME + 3 && fields[1].equals(Long.toString(parent))
                ? Long.parseLong(fields[UTIME]) + Long.parseLong(fields[UTIME + 1])
                : 0;
    }

    private static long ticks(long process, boolean withEnded) {
        var fields = fields(process);
        return fields.length > UTIME + 3 && withEnded
                ? LongStream.range(UTIME, UTIME + 4)
                        .map(i -> Long.parseLong(fields[(int) i]))
                        .sum()
                : 0;
    }

    /** Of {@code /proc/…/stat}, from the state on. */
    private static String[] fields(long process) {
        return fields(Path.of("/proc", Long.toString(process), "stat"));
    }

    private static String[] fields(Path file) {
        try {
            var stat = Files.readString(file);
            return stat.substring(stat.lastIndexOf(')') + 2).split(" ");
        } catch (IOException ended) {
            return new String[0];
        }
    }

    Effort since(Effort before) {
        return new Effort(statements - before.statements, application - before.application, database - before.database);
    }

    /** Of both. */
    double milliseconds() {
        return (application + database) / 1e6;
    }

    /** @param what the singular of what was done so many times */
    void print(Bench bench, String what, long times) {
        bench.figure("statements " + what, (double) statements / times, "", "—");
        bench.figure("processor of the application " + what, application / 1e6 / times, "ms", "—");
        bench.figure("processor of the database " + what, database / 1e6 / times, "ms", "—");
    }
}
