package io.retainer.bench;

import java.io.IOException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

/** The delivered jar: from the command to the first page, and what it holds in memory after a few hundred pages. */
final class StartBench {

    private StartBench() {}

    static void run(Bench bench) throws IOException, InterruptedException {
        var data = Files.createTempDirectory("bench-data-");
        bench.figure("first start: database made, demo filled", start(data, null), "s until its people are listed", "—");
        bench.figure("cold start", start(data, bench), "s to the first page", "—");
    }

    private static double start(Path data, @org.jspecify.annotations.Nullable Bench bench)
            throws IOException, InterruptedException {
        int port = freePort();
        long begun = System.nanoTime();
        var builder = new ProcessBuilder(
                        "bin/retainer", "serve", "--server.port=" + port, "--retainer.data=" + data.toAbsolutePath())
                .redirectErrorStream(true)
                .redirectOutput(data.resolve("log.txt").toFile());
        var process = builder.start();
        try (var browser = HttpClient.newHttpClient()) {
            var page = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/sign-in"))
                    .build();
            while (!(bench == null ? listsThePeople(browser, page) : answers(browser, page))) {
                if (!process.isAlive() || Bench.seconds(begun) > 180) {
                    throw new IllegalStateException("It did not start; see " + data.resolve("log.txt"));
                }
                TimeUnit.MILLISECONDS.sleep(50);
            }
            double seconds = Bench.seconds(begun);
            if (bench != null) {
                bench.figure("resident memory of the JVM after the first page", resident(process), "MB", "<= 512");
                for (int i = 0; i < 500; i++) {
                    browser.send(page, BodyHandlers.discarding());
                }
                bench.figure("resident memory of the JVM after 500 pages", resident(process), "MB", "<= 512");
            }
            return seconds;
        } finally {
            process.destroy();
            process.waitFor(60, TimeUnit.SECONDS);
        }
    }

    private static boolean answers(HttpClient browser, HttpRequest page) throws InterruptedException {
        try {
            return browser.send(page, BodyHandlers.discarding()).statusCode() == 200;
        } catch (IOException notYet) {
            return false;
        }
    }

    private static boolean listsThePeople(HttpClient browser, HttpRequest page) throws InterruptedException {
        try {
            return browser.send(page, BodyHandlers.ofString()).body().contains("value=\"lead\"");
        } catch (IOException notYet) {
            return false;
        }
    }

    private static double resident(Process process) throws IOException {
        return Files.readAllLines(Path.of("/proc/" + process.pid() + "/status")).stream()
                        .filter(line -> line.startsWith("VmRSS:"))
                        .mapToLong(line -> Long.parseLong(line.replaceAll("[^0-9]", "")))
                        .sum()
                / 1024.0;
    }

    private static int freePort() throws IOException {
        try (var socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }
}
