package io.retainer.evidence;

import static org.assertj.core.api.Assertions.assertThat;

import com.zaxxer.hikari.HikariDataSource;
import io.retainer.PostgresTest;
import io.retainer.evidence.BundleVerifier.Outcome;
import io.retainer.evidence.tlog.Checkpoint;
import io.retainer.evidence.tlog.Frontier;
import io.retainer.evidence.tlog.Hash;
import io.retainer.evidence.tlog.SignedNote;
import io.retainer.evidence.tlog.Tree;
import io.retainer.kernel.Clause;
import io.retainer.kernel.Fact;
import io.retainer.kernel.Ids;
import io.retainer.kernel.Tenancy;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.context.annotation.AnnotationConfigApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.core.env.MapPropertySource;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.annotation.EnableTransactionManagement;

/** The ledger when the JVM that writes and seals is killed outright, again and again, at moments of nobody's choice. */
@SpringBootTest(properties = "db-scheduler.enabled=false")
@Import(PostgresTest.class)
class KilledLedgerTests {

    private static final int KILLS = 12;
    private static final int WRITERS = 3;
    private static final int MOST_PER_TRANSACTION = 5;

    @Autowired
    PostgresTest.Database database;

    @Autowired
    Tenancy tenancy;

    @Autowired
    Sequencer sequencer;

    @Autowired
    Ledger ledger;

    @Autowired
    Trees trees;

    private final UUID tenant = Ids.next();
    private final UUID contract = Ids.next();

    record Written(
            UUID tenant,
            UUID contract,
            String subject,
            Instant happenedAt,
            @Nullable UUID actor) implements Fact {

        @Override
        public Clause clause() {
            return Clause.I_3_2A;
        }

        @Override
        public String kind() {
            return "test.Written";
        }
    }

    /** A JVM of its own: several writers and a sequencer, for ever. It says what is committed, and nothing before. */
    static final class Node {

        @Configuration(proxyBeanMethods = false)
        @EnableTransactionManagement
        @Import({Tenancy.class, Keeper.class, Trees.class, SigningKey.class, Sequencer.class})
        static class Parts {

            @Bean
            DataSource dataSource(org.springframework.core.env.Environment environment) {
                var pool = new HikariDataSource();
                pool.setJdbcUrl(environment.getRequiredProperty("url"));
                pool.setUsername("retainer_app");
                pool.setMaximumPoolSize(WRITERS + 1);
                pool.setConnectionInitSql("set role retainer_rt");
                return pool;
            }

            @Bean
            JdbcClient jdbc(DataSource dataSource) {
                return JdbcClient.create(dataSource);
            }

            @Bean
            PlatformTransactionManager transactions(DataSource dataSource) {
                return new JdbcTransactionManager(dataSource);
            }

            @Bean
            Clock clock() {
                return Clock.systemUTC();
            }
        }

        @SuppressWarnings("SystemOut")
        public static void main(String[] arguments) {
            var tenant = UUID.fromString(arguments[2]);
            var contract = UUID.fromString(arguments[3]);
            int round = Integer.parseInt(arguments[4]);
            var context = new AnnotationConfigApplicationContext();
            context.getEnvironment()
                    .getPropertySources()
                    .addFirst(new MapPropertySource(
                            "arguments", Map.of("url", arguments[0], "retainer.evidence.key", arguments[1])));
            context.register(Parts.class);
            context.refresh();
            var tenancy = context.getBean(Tenancy.class);
            for (int writer = 0; writer < WRITERS; writer++) {
                var name = "thing/" + round + "." + writer + ".";
                var random = new Random(round * 100L + writer);
                Thread.ofPlatform().start(() -> {
                    for (int n = 0; ; ) {
                        int from = n;
                        int to = n + 1 + random.nextInt(MOST_PER_TRANSACTION);
                        tenancy.write(
                                tenant,
                                () -> IntStream.range(from, to)
                                        .mapToObj(i -> new Written(tenant, contract, name + i, Instant.EPOCH, null))
                                        .forEach(context::publishEvent));
                        for (n = from; n < to; n++) {
                            System.out.println("fact " + name + n);
                        }
                    }
                });
            }
            var sequencer = context.getBean(Sequencer.class);
            var trees = context.getBean(Trees.class);
            while (true) {
                if (sequencer.seal() > 0) {
                    var head = tenancy.read(tenant, () -> trees.latest(tenant, contract))
                            .orElseThrow()
                            .checkpoint();
                    System.out.println("head " + head.size() + " " + head.root());
                }
            }
        }
    }

    @Test
    void LED_4_killedWhileSealingNothingIsLostNothingForks() throws Exception {
        var random = new Random(4);
        Set<String> acknowledged = new HashSet<>();
        Map<Long, String> published = new HashMap<>();
        int leftWaiting = 0;
        for (int round = 0; round < KILLS; round++) {
            var node = start(round);
            // Counted from the first sealing on, in things it said: so every kill falls into the midst of the work.
            int patience = random.nextInt(400);
            boolean killed = false;
            try (var said = new BufferedReader(new InputStreamReader(node.getInputStream(), StandardCharsets.UTF_8))) {
                boolean sealing = false;
                String line;
                while ((line = said.readLine()) != null) {
                    var words = line.split(" ");
                    if (words[0].equals("fact")) {
                        acknowledged.add(words[1]);
                    } else if (words[0].equals("head")) {
                        sealing = true;
                        assertThat(published.put(Long.valueOf(words[1]), words[2]))
                                .as("size " + words[1] + " was signed once")
                                .isNull();
                    }
                    if (sealing && patience-- <= 0 && !killed) {
                        killed = true;
                        new ProcessBuilder("kill", "-9", Long.toString(node.pid())).start();
                    }
                }
            } finally {
                node.destroyForcibly();
            }
            assertThat(node.waitFor()).as("killed").isEqualTo(128 + 9);
            assertThat(killed).isTrue();
            assertThat(subjects()).containsAll(acknowledged);
            leftWaiting += count("pending") > 0 ? 1 : 0;
        }
        assertThat(leftWaiting).as("kills with facts left unsealed").isPositive();
        assertThat(published).hasSizeGreaterThan(KILLS);

        while (sequencer.seal() > 0) {}

        assertThat(count("pending")).isZero();
        var subjects = subjects();
        assertThat(subjects).doesNotHaveDuplicates().containsAll(acknowledged);
        assertThat(superuser()
                        .sql("select index from evidence.sealed where contract_id = ? order by index")
                        .param(contract)
                        .query(Long.class)
                        .list())
                .isEqualTo(LongStream.range(0, subjects.size()).boxed().toList());
        everyHeadIsOfThisTree(published);
        var bundle = ledger.bundle(tenant, contract);
        assertThat(new BundleVerifier().verify(bundle, null, Map.of()).outcome())
                .isEqualTo(Outcome.SOUND);
        assertThat(bundle.toFile().delete()).isTrue();
    }

    private void everyHeadIsOfThisTree(Map<Long, String> published) {
        var leaves = superuser()
                .sql("select hash from evidence.sealed where contract_id = ? order by index")
                .param(contract)
                .query((row, _) -> Hash.of(row.getBytes(1)))
                .list();
        var signed = superuser()
                .sql("select note from evidence.checkpoint where contract_id = ? order by size")
                .param(contract)
                .query((row, _) -> Checkpoint.of(SignedNote.parse(row.getString(1))))
                .list();
        Map<Long, String> roots = new HashMap<>();
        signed.forEach(head -> roots.put(head.size(), head.root().toString()));
        assertThat(roots).as("what was told to the world still stands").containsAllEntriesOf(published);
        var tree = trees.tree(tenant, contract);
        var edge = new Frontier();
        var before = signed.getFirst();
        for (var head : signed) {
            while (edge.size() < head.size()) {
                edge.append(leaves.get((int) edge.size()));
            }
            assertThat(edge.root()).isEqualTo(head.root());
            long older = before.size();
            var path = older == head.size()
                    ? new ArrayList<Hash>()
                    : tenancy.read(tenant, () -> tree.consistency(older, head.size()));
            assertThat(Tree.extendsTo(older, before.root(), head.size(), head.root(), path))
                    .as("%d extends %d", head.size(), older)
                    .isTrue();
            before = head;
        }
        assertThat(before.size()).isEqualTo(leaves.size());
    }

    private List<String> subjects() {
        return superuser()
                .sql("select subject from evidence.leaf where contract_id = ?")
                .param(contract)
                .query((row, _) -> row.getString(1))
                .list();
    }

    private int count(String table) {
        return superuser()
                .sql("select count(*) from evidence." + table + " where contract_id = ?")
                .param(contract)
                .query(Integer.class)
                .single();
    }

    private JdbcClient superuser() {
        return JdbcClient.create(new JdbcTemplate(database.superuser()));
    }

    private Process start(int round) throws IOException {
        return new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx256m",
                        "-XX:TieredStopAtLevel=1",
                        "-cp",
                        System.getProperty("java.class.path"),
                        Node.class.getName(),
                        database.url(),
                        Path.of("target/data", database.name(), "evidence.key").toString(),
                        tenant.toString(),
                        contract.toString(),
                        Integer.toString(round))
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
    }
}
