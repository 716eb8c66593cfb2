package io.retainer.bench;

import io.retainer.customer.Customers;
import io.retainer.customer.DataPurpose;
import io.retainer.customer.ImportBatch;
import io.retainer.customer.ImportFormat;
import io.retainer.customer.ImportState;
import io.retainer.customer.Imports;
import io.retainer.customer.LawfulBasis;
import io.retainer.customer.Quality;
import io.retainer.identity.Access;
import io.retainer.identity.Capability;
import io.retainer.kernel.Party;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryType;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import org.postgresql.PGConnection;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * A file of 10⁶ synthetic Chinese customers through the import as people use it (upload, check, normalise, seal, index,
 * store), against a raw COPY of the file's columns into a bare table, and against one of the rows as they are stored, sealed, into
 * bare tables, in the same run; then how long a page of the list takes among them, under row-level security.
 */
final class ImportBench {

    private static final int ROWS = Integer.getInteger("bench.rows", 1_000_000);
    private static final String SURNAMES = "王李张刘陈杨黄赵吴周徐孙马朱胡林郭何高罗郑梁谢宋唐许邓冯韩曹曾彭萧蔡潘田董袁于余叶蒋杜苏魏程吕丁沈任";
    private static final String GIVEN = "伟芳娜秀英敏静丽强磊军洋勇艳杰娟涛明超兰霞平刚桂小文华建国志红梅玲飞雪婷宇浩然子轩梓涵一诺晨欣怡佳嘉俊思博雨泽";

    private ImportBench() {}

    static void run(Bench bench) throws Exception {
        var file = Files.createTempFile("customers-", ".csv");
        try (var database = new BenchDatabase(true)) {
            write(file);
            var imports = database.application.getBean(Imports.class);
            var customers = database.application.getBean(Customers.class);
            var access = new Access(
                    UUID.randomUUID(),
                    UUID.randomUUID(),
                    UUID.randomUUID(),
                    Party.PROVIDER,
                    Set.of(Capability.values()));
            var copy = copy(database, file);
            double copied = copy.seconds();

            var before = processor(database);
            long compilers = Effort.ofCompilers();
            ManagementFactory.getMemoryPoolMXBeans().forEach(pool -> pool.resetPeakUsage());
            long since = System.nanoTime();
            ImportBatch batch;
            try (var bytes = new BufferedInputStream(Files.newInputStream(file))) {
                batch = imports.upload(access, ImportFormat.CSV, null, bytes);
            }
            double uploaded = Bench.seconds(since);
            imports.start(
                    access,
                    batch.id(),
                    batch.mapping(),
                    new Imports.Ground("bench", "bench", LawfulBasis.CONTRACT, DataPurpose.SERVICE));
            do {
                Thread.sleep(50);
                batch = imports.batch(access, batch.id());
            } while (batch.state() == ImportState.RUNNING);
            double imported = Bench.seconds(since);
            var importing = processor(database).minus(before);
            long peak = ManagementFactory.getMemoryPoolMXBeans().stream()
                    .filter(pool -> pool.getType() == MemoryType.HEAP)
                    .mapToLong(pool -> pool.getPeakUsage().getUsed())
                    .sum();
            bench.figure("rows taken", (double) batch.rowsGood(), "rows", "—");
            bench.figure("raw COPY of the file's columns into a bare table", copied, "s", "—");
            bench.figure("upload, sealed", uploaded, "s", "—");
            bench.figure("import, upload included", imported, "s", "—");
            bench.figure("import", ROWS / imported, "rows/s", "—");
            bench.figure("import against the COPY of the file", imported / copied, "×", "—");
            bench.figure(
                    "the same by processor time, whatever else runs here",
                    importing.all() / copy.processor().all(),
                    "×",
                    "—");
            bench.figure("processor time of the import: application", importing.application(), "s", "—");
            bench.figure("of which the compilers of the JVM", (Effort.ofCompilers() - compilers) / 1e9, "s", "—");
            bench.figure("processor time of the import: database", importing.database(), "s", "—");
            bench.figure("heap, sum of the pools' peaks", peak / 1e6, "MB", "<= 1,000");

            var quality = database.application.getBean(Quality.class);
            // The import has just measured it, in the background; that is to be over.
            while (quality.report(access).measuredAt() == null) {
                Thread.sleep(50);
            }
            before = processor(database);
            since = System.nanoTime();
            quality.measure(access);
            bench.figure("quality of all of them measured", Bench.seconds(since), "s", "—");
            bench.figure(
                    "processor time of that: database",
                    processor(database).minus(before).database(),
                    "s",
                    "—");
            var superuser = JdbcClient.create(database.superuser());
            var bare = copyStored(database, "including defaults", List.of("customer", "tag"));
            bench.figure("raw COPY of the rows it stored into bare tables", bare.seconds(), "s", "—");
            bench.figure("import against the COPY of the rows it stored", imported / bare.seconds(), "×", "<= 8");
            bench.figure(
                    "the same by processor time",
                    importing.all() / bare.processor().all(),
                    "×",
                    "—");
            var full = copyStored(database, "including all", List.of("customer", "tag", "key_run", "key_page"));
            bench.figure("COPY of the same, with keys, indexes and pages", full.seconds(), "s", "—");
            bench.figure("import against that", imported / full.seconds(), "×", "—");
            superuser.sql("drop schema bench cascade").update();
            superuser.sql("vacuum analyze customer.customer, customer.tag").update();
            page(bench, database, "first page", customers, access, _ -> "");
            page(bench, database, "by phone", customers, access, random -> phone(random.nextInt(ROWS)));
            page(
                    bench,
                    database,
                    "by last four",
                    customers,
                    access,
                    random -> "%04d".formatted(random.nextInt(10_000)));
            page(bench, database, "by name, whole", customers, access, random -> name(random.nextInt(ROWS)));
            page(
                    bench,
                    database,
                    "by a part of the name",
                    customers,
                    access,
                    random -> name(random.nextInt(ROWS)).substring(1));
            page(
                    bench,
                    database,
                    "by surname",
                    customers,
                    access,
                    random -> SURNAMES.substring(0, 1 + random.nextInt(1)));
            page(bench, database, "by initials", customers, access, random -> "w" + (char) ('a' + random.nextInt(26)));
            page(bench, database, "by tag (a third of all)", customers, access, _ -> "#VIP");
        } finally {
            Files.delete(file);
        }
    }

    /** Processor time used so far by the application and by the connections of its database, in seconds. */
    private record Processor(double application, double database) {

        double all() {
            return application + database;
        }

        Processor minus(Processor before) {
            return new Processor(application - before.application, database - before.database);
        }
    }

    private static Processor processor(BenchDatabase database) throws IOException {
        var data = JdbcClient.create(database.superuser())
                .sql("select current_setting('data_directory')")
                .query(String.class)
                .single();
        long pid = Long.parseLong(
                Files.readAllLines(Path.of(data, "postmaster.pid")).getFirst().strip());
        var postmaster = ProcessHandle.of(pid).orElseThrow();
        return new Processor(
                seconds(ProcessHandle.current()),
                postmaster.children().mapToDouble(ImportBench::seconds).sum());
    }

    private static double seconds(ProcessHandle process) {
        return process.info().totalCpuDuration().orElse(Duration.ZERO).toMillis() / 1e3;
    }

    private interface Search {
        String typed(Random random);
    }

    private static void page(
            Bench bench, BenchDatabase database, String what, Customers customers, Access access, Search search) {
        var random = new Random(11);
        var before = Effort.now(database);
        var times = new double[200];
        for (int i = -50; i < times.length; i++) {
            var typed = search.typed(random);
            long since = System.nanoTime();
            customers.page(access, typed, null, 50);
            if (i >= 0) {
                times[i] = (System.nanoTime() - since) / 1e6;
            }
        }
        var effort = Effort.now(database).since(before);
        Arrays.sort(times);
        bench.figure("page " + what + ", p95", times[(int) (times.length * 0.95)], "ms", "<= 50");
        bench.figure("page " + what + ", processor of both", effort.milliseconds() / (times.length + 50), "ms", "—");
    }

    private record Copied(double seconds, Processor processor) {}

    private static Copied copy(BenchDatabase database, Path file) throws Exception {
        try (var connection = database.superuser().getConnection();
                var statement = connection.createStatement();
                var bytes = new BufferedInputStream(Files.newInputStream(file))) {
            statement.execute("create schema bench");
            statement.execute(
                    "create table bench.plain (reference text, name text, phone text, email text, address text,"
                            + " wechat text, tags text)");
            var before = processor(database);
            long since = System.nanoTime();
            connection
                    .unwrap(PGConnection.class)
                    .getCopyAPI()
                    .copyIn("copy bench.plain from stdin with (format csv, header true)", bytes);
            return new Copied(Bench.seconds(since), processor(database).minus(before));
        }
    }

    /**
     * The rows the import has stored, sealed already, once more into tables like theirs: what the database alone needs for
     * them, from one connection, in its own binary form, and past row-level security.
     */
    private static Copied copyStored(BenchDatabase database, String like, List<String> tables) throws Exception {
        double seconds = 0;
        var processor = new Processor(0, 0);
        try (var connection = database.superuser().getConnection();
                var statement = connection.createStatement()) {
            var copies = connection.unwrap(PGConnection.class).getCopyAPI();
            for (var table : tables) {
                var rows = Files.createTempFile("stored-", ".copy");
                try {
                    try (var out = new BufferedOutputStream(Files.newOutputStream(rows))) {
                        copies.copyOut("copy customer." + table + " to stdout with (format binary)", out);
                    }
                    statement.execute("create table bench." + table + " (like customer." + table + " " + like + ")");
                    try (var in = new BufferedInputStream(Files.newInputStream(rows))) {
                        var before = processor(database);
                        long since = System.nanoTime();
                        copies.copyIn("copy bench." + table + " from stdin with (format binary)", in);
                        seconds += Bench.seconds(since);
                        var used = processor(database).minus(before);
                        processor = new Processor(
                                processor.application() + used.application(), processor.database() + used.database());
                    }
                    statement.execute("drop table bench." + table);
                } finally {
                    Files.delete(rows);
                }
            }
        }
        return new Copied(seconds, processor);
    }

    private static void write(Path file) throws Exception {
        try (var out = Files.newBufferedWriter(file, StandardCharsets.UTF_8)) {
            out.write("会员编号,姓名,手机,邮箱,地址,微信,标签\n");
            for (int i = 0; i < ROWS; i++) {
                out.write("M%07d,%s,%s,u%d@example.com,北京市海淀区中关村大街%d号,wx_%07d,%s\n"
                        .formatted(i, name(i), phone(i), i, i % 900, i, i % 3 == 0 ? "VIP" : i % 3 == 1 ? "新客" : "老客"));
            }
        }
    }

    private static String phone(int i) {
        return "13%09d".formatted((i * 7919L) % 1_000_000_000L);
    }

    private static String name(int i) {
        var random = new Random(i * 31L);
        // Surnames as unevenly spread as they are: the first holds some 7 %.
        int surname = (int) (SURNAMES.length() * Math.pow(random.nextDouble(), 1.5));
        return SURNAMES.substring(surname, surname + 1)
                + GIVEN.charAt(random.nextInt(GIVEN.length()))
                + (random.nextInt(3) > 0 ? GIVEN.charAt(random.nextInt(GIVEN.length())) : "");
    }
}
