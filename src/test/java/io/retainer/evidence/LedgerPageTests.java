package io.retainer.evidence;

import static org.assertj.core.api.Assertions.assertThat;
import static org.springframework.security.test.web.servlet.request.SecurityMockMvcRequestPostProcessors.authentication;

import io.retainer.PostgresTest;
import io.retainer.evidence.BundleVerifier.Outcome;
import io.retainer.evidence.LedgerTests.Noted;
import io.retainer.identity.Engagement;
import io.retainer.identity.Engagements;
import io.retainer.identity.SignedIn;
import io.retainer.kernel.Ids;
import io.retainer.kernel.Party;
import io.retainer.kernel.Tenancy;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.TestConfiguration;
import org.springframework.boot.webmvc.test.autoconfigure.AutoConfigureMockMvc;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.security.authentication.UsernamePasswordAuthenticationToken;
import org.springframework.test.web.servlet.assertj.MockMvcTester;
import org.springframework.test.web.servlet.assertj.MvcTestResult;

@SpringBootTest(properties = "db-scheduler.enabled=false")
@AutoConfigureMockMvc
@Import(PostgresTest.class)
class LedgerPageTests {

    private static final UUID CLIENT = Ids.next();
    private static final UUID CONTRACT = Ids.next();

    @TestConfiguration(proxyBeanMethods = false)
    static class OneContract {

        @Bean
        Engagements oneContract() {
            return new Engagements() {
                @Override
                public List<Engagement> of(Collection<UUID> organisations, @Nullable UUID contract, Instant at) {
                    return organisations.contains(CLIENT) && (contract == null || contract.equals(CONTRACT))
                            ? List.of(new Engagement(CLIENT, CONTRACT, CLIENT, Party.CLIENT))
                            : List.of();
                }
            };
        }
    }

    @Autowired
    MockMvcTester browser;

    @Autowired
    Tenancy tenancy;

    @Autowired
    ApplicationEventPublisher events;

    @Autowired
    Sequencer sequencer;

    @Autowired
    PostgresTest.Database database;

    @TempDir
    Path folder;

    private final UUID lawyer = Ids.next();
    private final UUID agent = Ids.next();

    @BeforeEach
    void people() {
        var superuser = JdbcClient.create(database.superuser());
        superuser
                .sql("insert into identity.organisation (id, name) values (?, 'Client') on conflict do nothing")
                .param(CLIENT)
                .update();
        Map.of(lawyer, "LAWYER", agent, "AGENT").forEach((person, role) -> {
            superuser
                    .sql(
                            "insert into identity.person (id, login, display_name, password_hash) values (?, ?, 'Someone', 'x')")
                    .param(person)
                    .param(person.toString())
                    .update();
            superuser
                    .sql(
                            "insert into identity.membership (person_id, organisation_id, role, since) values (?, ?, ?, '2020-01-01')")
                    .param(person)
                    .param(CLIENT)
                    .param(role)
                    .update();
        });
        for (var table : List.of("leaf", "pending", "sealed", "tile", "checkpoint")) {
            superuser.sql("truncate evidence." + table).update();
        }
    }

    private void happen(int from, int to) {
        tenancy.write(
                CLIENT,
                () -> IntStream.range(from, to)
                        .mapToObj(i -> new Noted(CLIENT, CONTRACT, "thing/" + i, Instant.EPOCH, null, i))
                        .forEach(events::publishEvent));
    }

    private MvcTestResult get(UUID person, String path, String language) {
        return browser.get()
                .uri("/" + path.replace("@", CONTRACT.toString()))
                .header("Accept-Language", language)
                .with(authentication(UsernamePasswordAuthenticationToken.authenticated(
                        new SignedIn(person, "Someone"), null, List.of())))
                .exchange();
    }

    @Test
    void showsWhatWaitsAndThenWhatIsSealed() {
        assertThat(get(lawyer, "contracts/@/ledger", "zh-CN"))
                .hasStatusOk()
                .bodyText()
                .contains("还没有任何事实");
        happen(0, 3);
        assertThat(get(lawyer, "contracts/@/ledger", "zh-CN"))
                .hasStatusOk()
                .bodyText()
                .contains("待封存", "hx-trigger=\"every 2s\"", "hx-select=\"#ledger-list\"", "thing/2");
        sequencer.seal();
        assertThat(get(lawyer, "contracts/@/ledger", "en"))
                .hasStatusOk()
                .bodyText()
                .contains("3 facts are sealed", "Download bundle", "Do not trust us", "test.Noted", "I-3.2a")
                .doesNotContain("every 2s");
    }

    @Test
    void filtersAndPages() {
        happen(0, 60);
        sequencer.seal();
        assertThat(get(lawyer, "contracts/@/ledger?kind=test.Third", "en"))
                .hasStatusOk()
                .bodyText()
                .contains("thing/57")
                .doesNotContain("thing/58");
        assertThat(get(lawyer, "contracts/@/ledger", "en"))
                .bodyText()
                .contains("ledger?before=10")
                .doesNotContain("thing/9<");
        assertThat(get(lawyer, "contracts/@/ledger?before=10", "en")).bodyText().contains("thing/9<");
        assertThat(get(lawyer, "contracts/@/ledger?subject=nothing", "en"))
                .bodyText()
                .contains("No fact matches");
        assertThat(get(lawyer, "contracts/@/ledger?clause=X-1", "en")).hasStatus(422);
    }

    @Test
    void handsOutABundleThatVerifies() throws IOException {
        happen(0, 5);
        sequencer.seal();
        var answer = get(lawyer, "api/v1/contracts/@/evidence-bundle", "en");
        assertThat(answer).hasStatusOk().hasContentType("application/zip");
        var file = folder.resolve("bundle.zip");
        Files.write(file, answer.getResponse().getContentAsByteArray());
        assertThat(new BundleVerifier().verify(file, null, Map.of()).outcome()).isEqualTo(Outcome.SOUND);
        Files.createDirectories(Path.of("target/evidence"));
        Files.copy(
                file, Path.of("target/evidence/sample-bundle.zip"), java.nio.file.StandardCopyOption.REPLACE_EXISTING);
        assertThat(get(lawyer, "api/v1/contracts/@/ledger/checkpoint", "en"))
                .hasStatusOk()
                .bodyText()
                .contains("\n5\n");
        assertThat(get(lawyer, "api/v1/contracts/@/ledger/4/proof", "en"))
                .hasStatusOk()
                .bodyText()
                .startsWith("c2sp.org/tlog-proof@v1\nindex 4\n");
        assertThat(get(lawyer, "api/v1/contracts/@/ledger/5/proof", "en")).hasStatus(404);
        assertThat(get(lawyer, "api/v1/contracts/@/ledger?limit=2", "en"))
                .hasStatusOk()
                .bodyText()
                .contains("\"before\":3");
    }

    @Test
    void isForThoseWhoMayReadIt() {
        happen(0, 1);
        sequencer.seal();
        assertThat(get(agent, "contracts/@/ledger", "en").getResponse().getStatus())
                .isIn(403, 409);
        assertThat(get(agent, "api/v1/contracts/@/evidence-bundle", "en")
                        .getResponse()
                        .getStatus())
                .isIn(403, 409);
        assertThat(get(Ids.next(), "contracts/@/ledger", "en")).hasStatus(404);
    }
}
