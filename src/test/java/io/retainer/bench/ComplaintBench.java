package io.retainer.bench;

import io.retainer.complaint.ComplaintCrowd;
import io.retainer.identity.Access;
import io.retainer.identity.ApiTokens;
import io.retainer.identity.Organisations;
import io.retainer.identity.People;
import io.retainer.identity.Role;
import io.retainer.identity.Standings;
import java.io.IOException;
import java.net.CookieManager;
import java.net.HttpURLConnection;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Clock;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.core.env.Environment;
import org.springframework.jdbc.core.simple.JdbcClient;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * The desk of complaints: taking them in over the API against the same rows by bare JDBC, opening a case, the queue and the
 * search among 10⁴ to 10⁶ complaints under row-level security, and 200 open desks. {@code -Dbench.most=100000} stops
 * earlier.
 */
final class ComplaintBench {

    private static final int MOST = Integer.getInteger("bench.most", 1_000_000);
    private static final int CREATED = Integer.getInteger("bench.created", 2_000);
    private static final List<String> PARTS = List.of(
            System.getProperty("bench.parts", "create,case,queues,desks").split(","));
    private static final int WARMING = Integer.getInteger("bench.warming", 15_000);
    private static final int DESKS = 200;
    private static final int ROUNDS = 10;
    private static final String PASSWORD = "correct horse battery";
    private static final JsonMapper JSON = JsonMapper.shared();

    private final BenchDatabase database;
    private final String site;
    private final ExecutorService clients = Executors.newCachedThreadPool(
            Thread.ofPlatform().daemon().name(Effort.CLIENT, 0).factory());
    private final String token;
    private final Access access;
    private final String login;
    private final List<HttpClient> signedIn = new ArrayList<>();

    private ComplaintBench(BenchDatabase database) throws Exception {
        this.database = database;
        var app = database.application;
        site = "http://127.0.0.1:" + app.getBean(Environment.class).getRequiredProperty("local.server.port");
        var organisations = app.getBean(Organisations.class);
        var people = app.getBean(People.class);
        var tokens = app.getBean(ApiTokens.class);
        var client = organisations.namedOrNew("青禾生活用品有限公司").id();
        var provider = organisations.namedOrNew("远山客户服务有限公司").id();
        var lead = people.add("lead", "陆远", PASSWORD, provider, Role.OPERATIONS_LEAD);
        login = "agent";
        var agent = people.add(login, "安宁", PASSWORD, provider, Role.AGENT);
        var owner = people.add("owner", "甄青", PASSWORD, client, Role.OWNER);
        var leading = tokens.issue(lead, "bench", 10);
        var owning = tokens.issue(owner, "bench", 10);
        token = tokens.issue(agent, "bench", 10);
        var contract = sign(provider, leading, owning);
        access = app.getBean(Standings.class)
                .access(agent, contract, Clock.systemUTC().instant());
    }

    static void run(Bench bench) throws Exception {
        System.setProperty("http.maxConnections", Integer.toString(DESKS));
        try (var database = new BenchDatabase(true)) {
            var desk = new ComplaintBench(database);
            desk.create(bench);
            if (PARTS.contains("case")) {
                desk.caseP95(bench);
            }
            if (PARTS.contains("queues")) {
                desk.queues(bench);
            }
            if (PARTS.contains("desks")) {
                desk.desks(bench);
            }
        }
    }

    /** The demo contract, over the year we are in. */
    private UUID sign(UUID provider, String lead, String owner) throws Exception {
        String text;
        try (var file = ComplaintBench.class.getResourceAsStream("/demo/contract.zh-CN.txt")) {
            text = new String(java.util.Objects.requireNonNull(file).readAllBytes(), StandardCharsets.UTF_8);
        }
        int year = LocalDate.now(ZoneId.of("Asia/Shanghai")).getYear();
        text = text.replace("2025年", year + "年").replace("2024年", (year - 1) + "年");
        var made = call(
                lead,
                "POST",
                "/contracts/imports",
                Map.of("organisation", provider, "party", "PROVIDER", "counterparty", "青禾生活用品有限公司", "text", text));
        var contract = UUID.fromString(made.get("contract").asString());
        var path = "/contracts/" + contract;
        call(lead, "PUT", path + "/terms/late.mode", Map.of("value", "DAILY"));
        for (var party : List.of(lead, owner)) {
            call(party, "POST", path + "/confirmations", Map.of());
            call(party, "POST", path + "/annexes/risks", Map.of());
        }
        var hash =
                call(lead, "POST", path + "/submission", Map.of()).get("hash").asString();
        for (var party : List.of(owner, lead)) {
            call(
                    party,
                    "POST",
                    path + "/signatures",
                    Map.of("hash", hash, "mode", "SEAL", "signatory", "经办人", "authority", "公章"));
        }
        return contract;
    }

    private JsonNode call(String bearer, String method, String path, Object body) throws Exception {
        var answer = asked(
                path("/api/v1" + path),
                method,
                Map.of(
                        "Authorization",
                        "Bearer " + bearer,
                        "Content-Type",
                        "application/json",
                        "Idempotency-Key",
                        UUID.randomUUID().toString()),
                JSON.writeValueAsBytes(body));
        return answer.isBlank() ? JSON.missingNode() : JSON.readTree(answer);
    }

    private URI path(String path) {
        return URI.create(site + path);
    }

    /** On the thread of whoever asks and on a line that is kept: the clients stand on the same two cores and must cost little. */
    private static String asked(URI address, String method, Map<String, String> headers, byte @Nullable [] body)
            throws IOException {
        var request = (HttpURLConnection) address.toURL().openConnection();
        request.setRequestMethod(method);
        headers.forEach(request::setRequestProperty);
        if (body != null) {
            request.setDoOutput(true);
            request.setFixedLengthStreamingMode(body.length);
            try (var out = request.getOutputStream()) {
                out.write(body);
            }
        }
        int status = request.getResponseCode();
        try (var in = status < 400 ? request.getInputStream() : request.getErrorStream()) {
            var answer = in == null ? "" : new String(in.readAllBytes(), StandardCharsets.UTF_8);
            if (status / 100 != 2) {
                throw new IllegalStateException(address + " answered " + status + " " + answer);
            }
            return answer;
        }
    }

    // Taking complaints in

    private void create(Bench bench) throws Exception {
        var number = new AtomicInteger();
        rate(8, WARMING, () -> createOne(number));
        database.analyzed();
        bench.figure("create by API, 1 client", rate(1, CREATED / 4, () -> createOne(number)), "/s", "—");
        sealed();
        var before = rows();
        texts(1);
        var effort = Effort.now(database);
        double api = rate(8, CREATED, () -> createOne(number));
        Effort.now(database).since(effort).print(bench, "a complaint created", CREATED);
        texts(CREATED);
        sealed();
        var after = rows();
        bench.figure("create by API, 8 clients", api, "/s", "—");
        effort = Effort.now(database);
        double bare = bare(bench, before, after);
        bench.figure("the same rows by bare JDBC, 8 clients", bare, "/s", "—");
        bench.figure(
                "processor of the database for these rows",
                Effort.now(database).since(effort).database() / 1e6 / CREATED,
                "ms",
                "—");
        bench.figure("API against that", api / bare, "×", ">= 0.3");
    }

    /** Waits until every fact stands in the ledger: sealing is part of the work, and its rows are part of the rows. */
    private void sealed() throws InterruptedException {
        var jdbc = JdbcClient.create(database.superuser());
        long until = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
        while (jdbc.sql("select exists (select from evidence.pending)")
                .query(Boolean.class)
                .single()) {
            if (System.nanoTime() > until) {
                throw new IllegalStateException("The facts are not sealed");
            }
            Thread.sleep(100);
        }
    }

    private void createOne(AtomicInteger number) throws Exception {
        int n = number.incrementAndGet();
        call(
                token,
                "POST",
                "/contracts/" + access.contract() + "/complaints",
                Map.of(
                        "text",
                        "快递三天没有更新物流信息，希望尽快处理，订单" + n,
                        "name",
                        "王小明",
                        "phone",
                        "139%08d".formatted(n),
                        "email",
                        "c" + n + "@example.com",
                        "sought",
                        "EXPLANATION"));
    }

    private interface Work {
        void run() throws Exception;
    }

    /** How many a second, that many at once. */
    private double rate(int many, int times, Work work) throws Exception {
        var left = new AtomicInteger(times);
        long since = System.nanoTime();
        var all = new ArrayList<Future<?>>();
        for (int i = 0; i < many; i++) {
            all.add(clients.submit(() -> {
                while (left.getAndDecrement() > 0) {
                    work.run();
                }
                return null;
            }));
        }
        for (var each : all) {
            each.get();
        }
        return times / Bench.seconds(since);
    }

    /** Prints what was sent to the database, with {@code -Dbench.statements=true}. */
    @SuppressWarnings("SystemOut")
    private void texts(int times) {
        var texts = database.texts(times);
        if (Boolean.getBoolean("bench.statements") && times > 1) {
            System.err.println(texts);
        }
    }

    /** Rows that stand in each table. */
    private Map<String, Long> rows() {
        var jdbc = JdbcClient.create(database.superuser());
        return jdbc
                .sql("select schemaname || '.' || relname from pg_stat_user_tables where schemaname <> 'bench'")
                .query(String.class)
                .list()
                .stream()
                .collect(Collectors.toMap(
                        table -> table,
                        table -> jdbc.sql("select count(*) from " + table)
                                .query(Long.class)
                                .single()));
    }

    /** Rows of one table that belong to one complaint, by mean. */
    private record Share(String table, int columns, int rows) {}

    /** Writes the rows that were just written once more, into tables like theirs, the rows of one complaint a transaction. */
    private double bare(Bench bench, Map<String, Long> before, Map<String, Long> after) throws Exception {
        var shares = new ArrayList<Share>();
        try (var connection = database.superuser().getConnection();
                var statement = connection.createStatement()) {
            statement.execute("create schema bench");
            for (var table : after.keySet().stream().sorted().toList()) {
                double each = (after.get(table) - before.getOrDefault(table, 0L)) / (double) CREATED;
                // What is sealed, sent or scheduled meanwhile is not the complaint's.
                if (each < 0.95 || table.startsWith("public.scheduled") || table.startsWith("messaging.attempt")) {
                    continue;
                }
                var copy = "bench." + table.replace('.', '_');
                statement.execute("create table " + copy + " (like " + table + " including all)");
                try (var row = statement.executeQuery("select * from " + table + " limit 0")) {
                    shares.add(new Share(table, row.getMetaData().getColumnCount(), (int) Math.round(each)));
                }
            }
        }
        bench.figure("rows a complaint", shares.stream().mapToInt(Share::rows).sum(), "rows", "—");
        var next = new AtomicInteger();
        var rows = new ArrayList<List<List<Object[]>>>();
        try (var connection = database.superuser().getConnection()) {
            for (var share : List.copyOf(shares)) {
                var chunks = chunks(connection, share);
                // What was put in and taken out again cannot be written once more: so much the better for bare JDBC.
                if (chunks.size() < CREATED / 2) {
                    shares.remove(share);
                } else {
                    rows.add(chunks);
                }
            }
        }
        int most = rows.stream().mapToInt(List::size).min().orElseThrow();
        var connections = ThreadLocal.withInitial(() -> {
            try {
                var connection = database.superuser().getConnection();
                connection.setAutoCommit(false);
                return connection;
            } catch (SQLException e) {
                throw new IllegalStateException(e);
            }
        });
        var statements = ThreadLocal.withInitial(() -> prepared(connections.get(), shares));
        return rate(8, Math.min(most, CREATED), () -> {
            int at = next.getAndIncrement();
            var prepared = statements.get();
            for (int t = 0; t < shares.size(); t++) {
                for (var row : rows.get(t).get(at)) {
                    for (int c = 0; c < row.length; c++) {
                        prepared.get(t).setObject(c + 1, row[c]);
                    }
                    prepared.get(t).addBatch();
                }
                prepared.get(t).executeBatch();
            }
            connections.get().commit();
        });
    }

    private static List<PreparedStatement> prepared(Connection connection, List<Share> shares) {
        return shares.stream()
                .map(share -> {
                    try {
                        return connection.prepareStatement("insert into bench."
                                + share.table().replace('.', '_') + " overriding system value values ("
                                + String.join(",", Collections.nCopies(share.columns(), "?")) + ")");
                    } catch (SQLException e) {
                        throw new IllegalStateException(e);
                    }
                })
                .toList();
    }

    private static List<List<Object[]>> chunks(Connection connection, Share share) throws SQLException {
        var all = new ArrayList<Object[]>();
        try (var statement = connection.createStatement();
                var row = statement.executeQuery("select * from " + share.table() + " order by ctid desc limit "
                        + (long) share.rows() * CREATED)) {
            while (row.next()) {
                var values = new Object[share.columns()];
                for (int i = 0; i < values.length; i++) {
                    values[i] = row.getObject(i + 1);
                }
                all.add(values);
            }
        }
        var chunks = new ArrayList<List<Object[]>>();
        for (int i = 0; i + share.rows() <= all.size(); i += share.rows()) {
            chunks.add(all.subList(i, i + share.rows()));
        }
        return chunks;
    }

    // A case

    private void caseP95(Bench bench) throws Exception {
        var ids = JdbcClient.create(database.superuser())
                .sql("select id from complaint.complaint order by id desc limit 500")
                .query(UUID.class)
                .list();
        var browsers = browsers();
        var pages = new AtomicInteger();
        var next = new AtomicInteger();
        var browser = ThreadLocal.withInitial(() -> browsers.get(next.getAndIncrement() % browsers.size()));
        var times = Collections.synchronizedList(new ArrayList<Double>());
        Work open = () -> {
            var id = ids.get(pages.getAndIncrement() % ids.size());
            long since = System.nanoTime();
            page(browser.get(), "/contracts/" + access.contract() + "/complaints/" + id);
            times.add((System.nanoTime() - since) / 1e6);
        };
        database.analyzed();
        rate(8, WARMING, open);
        times.clear();
        texts(1);
        var effort = Effort.now(database);
        double rate = rate(8, CREATED, open);
        Effort.now(database).since(effort).print(bench, "a case page", CREATED);
        texts(CREATED);
        bench.figure("open a case page, 8 clients, in the middle", middle(times), "ms", "—");
        bench.figure("open a case page, 8 clients, p95", p95(times), "ms", "<= 30");
        bench.figure("case pages", rate, "/s", "—");
    }

    /** Eight, for all that is done by browsers: signing in is slow on purpose, and soon refused to whoever does it often. */
    private List<HttpClient> browsers() throws Exception {
        while (signedIn.size() < 8) {
            signedIn.add(signedIn());
        }
        return signedIn;
    }

    private HttpClient signedIn() throws Exception {
        var browser = HttpClient.newBuilder()
                .executor(clients)
                .cookieHandler(new CookieManager())
                .build();
        var form = browser.send(
                        HttpRequest.newBuilder(path("/sign-in")).build(), BodyHandlers.ofString(StandardCharsets.UTF_8))
                .body();
        var csrf = Pattern.compile("name=\"_csrf\" value=\"([^\"]+)\"").matcher(form);
        if (!csrf.find()) {
            throw new IllegalStateException("No form to sign in");
        }
        var body = "login=" + login + "&password=" + URLEncoder.encode(PASSWORD, StandardCharsets.UTF_8) + "&_csrf="
                + URLEncoder.encode(csrf.group(1), StandardCharsets.UTF_8);
        browser.send(
                HttpRequest.newBuilder(URI.create(site + "/sign-in"))
                        .header("Content-Type", "application/x-www-form-urlencoded")
                        .POST(BodyPublishers.ofString(body))
                        .build(),
                BodyHandlers.discarding());
        return browser;
    }

    private String page(HttpClient browser, String path) throws IOException {
        var cookies =
                browser.cookieHandler().orElseThrow().get(path(path), Map.of()).getOrDefault("Cookie", List.of());
        return asked(path(path), "GET", Map.of("Cookie", String.join("; ", cookies)), null);
    }

    private static double middle(List<Double> times) {
        return times.stream().sorted().skip(times.size() / 2).findFirst().orElse(Double.NaN);
    }

    private static double p95(List<Double> times) {
        var sorted = times.stream().sorted().toList();
        return sorted.isEmpty() ? Double.NaN : sorted.get((int) (sorted.size() * 0.95));
    }

    // The queue and the search

    private void queues(Bench bench) throws Exception {
        int from = 0;
        double smallest = 0;
        double least = 0;
        for (int size : new int[] {10_000, 100_000, 1_000_000}) {
            if (size > MOST) {
                break;
            }
            long since = System.nanoTime();
            ComplaintCrowd.add(database.application, database.superuser(), access, from, size);
            from = size;
            var name = "%,d complaints: ".formatted(size);
            bench.figure(name + "made", Bench.seconds(since), "s", "—");
            if (smallest == 0) {
                for (int i = 0; i < WARMING / 4; i++) {
                    ComplaintCrowd.firstPage(database.application, access);
                }
            }
            var effort = Effort.now(database);
            double page = times(() -> ComplaintCrowd.firstPage(database.application, access));
            double work = Effort.now(database).since(effort).milliseconds() / (TIMES + 50);
            smallest = smallest == 0 ? page : smallest;
            least = least == 0 ? work : least;
            bench.figure(
                    name + "first page of the open queue by due time, p95",
                    page,
                    "ms",
                    size == 1_000_000 ? "<= 50" : "—");
            bench.figure(name + "processor of both for it", work, "ms", "—");
            if (size > 10_000) {
                bench.figure(name + "against 10,000", page / smallest, "×", "<= 1.3");
                bench.figure(name + "against 10,000, in processor time", work / least, "×", "—");
            }
            for (var view : List.of("MINE", "UNOWNED", "LATE", "URGENT", "ALL")) {
                bench.figure(
                        name + "first page of " + view + ", p95",
                        times(() -> ComplaintCrowd.view(database.application, access, view)),
                        "ms",
                        "—");
            }
            for (var words : ComplaintCrowd.words().entrySet()) {
                var random = new Random(7);
                bench.figure(
                        name + "search, " + words.getKey() + ", p95",
                        times(() -> ComplaintCrowd.search(
                                database.application,
                                access,
                                words.getValue()
                                        .get(random.nextInt(words.getValue().size())))),
                        "ms",
                        size == 1_000_000 ? "<= 100" : "—");
            }
        }
    }

    private static final int TIMES = 250;

    private static double times(Work work) throws Exception {
        var times = new double[TIMES];
        for (int i = -50; i < times.length; i++) {
            long since = System.nanoTime();
            work.run();
            if (i >= 0) {
                times[i] = (System.nanoTime() - since) / 1e6;
            }
        }
        Arrays.sort(times);
        return times[(int) (times.length * 0.95)];
    }

    // Open desks

    /** Every desk hears of a change, and every one asks for its queue again. */
    private void desks(Bench bench) throws Exception {
        var queue = "/contracts/" + access.contract() + "/complaints";
        var browsers = browsers();
        for (var browser : browsers) {
            page(browser, queue);
        }
        var open = new CountDownLatch(DESKS);
        var rounds = new ArrayList<Round>();
        // Not waited for at the end: a line is read until it breaks.
        var listeners = Executors.newVirtualThreadPerTaskExecutor();
        for (int i = 0; i < DESKS; i++) {
            var browser = browsers.get(i % browsers.size());
            var line = browser.sendAsync(
                            HttpRequest.newBuilder(URI.create(site + "/api/v1" + queue + "/live"))
                                    .build(),
                            BodyHandlers.ofLines())
                    .get(30, TimeUnit.SECONDS)
                    .body();
            listeners.execute(() -> listen(line, open, rounds, () -> page(browser, queue)));
        }
        open.await(60, TimeUnit.SECONDS);
        bench.figure("desks that did not open, of " + DESKS, (double) open.getCount(), "desks", "0");
        var number = new AtomicInteger(900_000);
        long lost = 0;
        var heard = new ArrayList<Double>();
        var drawn = new ArrayList<Double>();
        for (int i = 0; i < ROUNDS; i++) {
            var round = new Round(
                    System.nanoTime(),
                    new CountDownLatch(DESKS),
                    new CountDownLatch(DESKS),
                    Collections.synchronizedList(new ArrayList<>()),
                    Collections.synchronizedList(new ArrayList<>()));
            synchronized (rounds) {
                rounds.add(round);
            }
            createOne(number);
            round.fresh().await(60, TimeUnit.SECONDS);
            lost += round.heard().getCount();
            heard.addAll(List.copyOf(round.heardAfter()));
            drawn.addAll(List.copyOf(round.drawnAfter()));
        }
        bench.figure(ROUNDS + " changes, events lost", (double) lost, "events", "0");
        bench.figure(DESKS + " desks: a change is heard, from the call that makes it, p95", p95(heard), "ms", "—");
        bench.figure(
                DESKS + " desks: the queue is drawn again by all, 0.2 to 0.8 s of it waiting, p95",
                p95(drawn),
                "ms",
                "—");
        listeners.shutdownNow();
    }

    /** One change, and when the desks heard of it and showed it. */
    private record Round(
            long since, CountDownLatch heard, CountDownLatch fresh, List<Double> heardAfter, List<Double> drawnAfter) {}

    private static @org.jspecify.annotations.Nullable Void listen(
            java.util.stream.Stream<String> line, CountDownLatch open, List<Round> rounds, Work draw) {
        try {
            line.forEach(text -> {
                if (text.equals("event:hello")) {
                    open.countDown();
                } else if (text.equals("event:changed")) {
                    Round round;
                    synchronized (rounds) {
                        round = rounds.getLast();
                    }
                    round.heardAfter().add((System.nanoTime() - round.since()) / 1e6);
                    round.heard().countDown();
                    try {
                        // As the page does: not all at the same instant.
                        Thread.sleep(200 + new Random().nextInt(600));
                        draw.run();
                    } catch (Exception e) {
                        throw new IllegalStateException(e);
                    }
                    round.drawnAfter().add((System.nanoTime() - round.since()) / 1e6);
                    round.fresh().countDown();
                }
            });
        } catch (java.io.UncheckedIOException closed) {
            // the end of the measurement
        }
        return null;
    }
}
