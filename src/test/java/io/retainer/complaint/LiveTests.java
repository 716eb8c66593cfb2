package io.retainer.complaint;

import static org.assertj.core.api.Assertions.assertThat;

import io.retainer.PostgresTest;
import io.retainer.complaint.ComplaintWorld.Notary;
import io.retainer.complaint.ComplaintWorld.Signed;
import io.retainer.identity.Access;
import io.retainer.identity.ApiTokens;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.context.annotation.Import;

/** The live line over a real connection: it opens, tells of one's own clients only, says who else is here, and closes. */
@SpringBootTest(webEnvironment = WebEnvironment.RANDOM_PORT, properties = "db-scheduler.enabled=false")
@Import({PostgresTest.class, ComplaintWorld.class})
class LiveTests {

    @LocalServerPort
    int port;

    @Autowired
    Complaints complaints;

    @Autowired
    Correspondence correspondence;

    @Autowired
    Reception reception;

    @Autowired
    CaseDesk desk;

    @Autowired
    Live live;

    @Autowired
    ApiTokens tokens;

    @Autowired
    Notary notary;

    Signed signed;
    Signed other;

    @BeforeEach
    void twoClients() {
        other = notary.sign();
        signed = notary.sign();
    }

    /** An open line and what came over it. */
    private record Line(BlockingQueue<String> heard, java.io.InputStream body) implements AutoCloseable {

        @Nullable
        String next() throws InterruptedException {
            return heard.poll(20, TimeUnit.SECONDS);
        }

        @Override
        public void close() throws IOException {
            body.close();
        }
    }

    @Test
    void aQueueHearsOfItsOwnContractsAndNoOthers() throws Exception {
        try (var line = open(signed.agent(), "/api/v1/contracts/" + signed.contract() + "/complaints/live");
                var all = open(signed.agent(), "/api/v1/complaints/live");
                var owner = open(signed.owner(), "/api/v1/contracts/" + signed.contract() + "/complaints/live")) {
            assertThat(List.of(line, all, owner))
                    .allSatisfy(each -> assertThat(each.next()).isEqualTo("hello"));
            take(other);
            take(signed);
            assertThat(List.of(line, all, owner))
                    .allSatisfy(each -> assertThat(each.next()).isEqualTo("changed"));
            // What another client's complaint would have said comes before what is said now.
            take(other);
            var mine = take(signed);
            complaints.acknowledge(signed.agent(), mine, null);
            for (var each : List.of(line, all, owner)) {
                assertThat(List.of(String.valueOf(each.next()), String.valueOf(each.next())))
                        .containsExactly("changed", "changed");
                assertThat(each.heard()).as("nothing of the other client").isEmpty();
            }
        }
    }

    @Test
    void nothingIsSaidOfWhatIsRolledBack() throws Exception {
        var id = take(signed);
        try (var line = open(signed.agent(), one(signed, id))) {
            assertThat(line.next()).isEqualTo("hello");
            drain(line);
            org.assertj.core.api.Assertions.assertThatThrownBy(() -> complaints.approve(signed.agent(), id, null));
            correspondence.note(signed.agent(), id, "在", List.of(), Map.of());
            assertThat(line.next()).isEqualTo("changed");
            assertThat(line.heard()).isEmpty();
        }
    }

    @Test
    void whoIsInTheSameCaseIsSaidAndForgottenWhenTheyLeave() throws Exception {
        var id = take(signed);
        try (var mine = open(signed.agent(), one(signed, id))) {
            assertThat(mine.next()).isEqualTo("hello");
            drain(mine);
            var theirs = open(signed.colleague(), one(signed, id));
            assertThat(mine.next()).isEqualTo("presence");
            assertThat(desk.show(signed.agent(), id).inside())
                    .as("the page of one names the other, and never the reader")
                    .hasSize(1)
                    .allMatch(name -> name.startsWith("韩梅"));
            assertThat(desk.show(signed.colleague(), id).inside()).hasSize(1).allMatch(name -> name.startsWith("陈晨"));
            drain(mine);
            theirs.close();
            // A line that is gone is noticed at the next word.
            correspondence.note(signed.agent(), id, "一句", List.of(), Map.of());
            correspondence.note(signed.agent(), id, "又一句", List.of(), Map.of());
            await(() -> live.inside(id).equals(List.of(signed.agent().person())));
            assertThat(desk.show(signed.agent(), id).inside()).isEmpty();
        }
        correspondence.note(signed.agent(), id, "三", List.of(), Map.of());
        correspondence.note(signed.agent(), id, "四", List.of(), Map.of());
        await(() -> live.inside(id).isEmpty());
    }

    @Test
    void whoMayNotSeeItGetsNoLine() throws Exception {
        var id = take(signed);
        for (var path : List.of(
                "/api/v1/contracts/" + signed.contract() + "/complaints/live",
                one(signed, id),
                "/api/v1/contracts/" + signed.contract() + "/complaints/" + UUID.randomUUID() + "/live")) {
            assertThat(answer(other.agent(), path).statusCode()).as(path).isEqualTo(404);
        }
        assertThat(answer(null, one(signed, id)).statusCode()).isEqualTo(401);
    }

    private String one(Signed signed, UUID id) {
        return "/api/v1/contracts/" + signed.contract() + "/complaints/" + id + "/live";
    }

    private UUID take(Signed signed) {
        return reception
                .take(
                        signed.agent(),
                        new NewComplaint(
                                Intake.PHONE,
                                "zh",
                                "王小明",
                                "13800138000",
                                null,
                                null,
                                "快递未到",
                                Remedy.REFUND,
                                null,
                                null,
                                null),
                        List.of())
                .id();
    }

    private Line open(Access person, String path) throws Exception {
        var answer = answer(person, path);
        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.headers().firstValue("content-type").orElse("")).startsWith("text/event-stream");
        var heard = new LinkedBlockingQueue<String>();
        Thread.ofVirtual().start(() -> {
            try (var reader = new BufferedReader(new InputStreamReader(answer.body(), StandardCharsets.UTF_8))) {
                for (var text = reader.readLine(); text != null; text = reader.readLine()) {
                    if (text.startsWith("event:")) {
                        heard.add(text.substring("event:".length()).strip());
                    }
                }
            } catch (IOException closed) {
                // by us
            }
        });
        return new Line(heard, answer.body());
    }

    private HttpResponse<java.io.InputStream> answer(@Nullable Access person, String path) throws Exception {
        var request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                .header("Accept", "text/event-stream")
                .timeout(Duration.ofSeconds(30));
        if (person != null) {
            request.header("Authorization", "Bearer " + tokens.issue(person.person(), "test", 30));
        }
        return HttpClient.newHttpClient().send(request.build(), BodyHandlers.ofInputStream());
    }

    /** Presence of oneself may come before or after what is said first. */
    private static void drain(Line line) throws InterruptedException {
        while (line.heard().poll(300, TimeUnit.MILLISECONDS) != null) {
            // said before
        }
    }

    private static void await(java.util.function.BooleanSupplier condition) throws InterruptedException {
        var until = System.nanoTime() + Duration.ofSeconds(20).toNanos();
        while (!condition.getAsBoolean() && System.nanoTime() < until) {
            Thread.sleep(50);
        }
        assertThat(condition.getAsBoolean()).isTrue();
    }
}
