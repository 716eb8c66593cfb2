package io.retainer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.zonky.test.db.postgres.embedded.DefaultPostgresBinaryResolver;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.jdbc.core.simple.JdbcClient;

/** The database that comes along keeps what it acknowledged, whatever happens to the JVM that started it. */
class EmbeddedDatabaseTests {

    @TempDir
    Path data;

    /** Started by the tests in a JVM of its own: writes rows for ever and says each number once it is committed. */
    static final class Writer {

        @SuppressWarnings("SystemOut")
        public static void main(String[] arguments) throws SQLException {
            var database = EmbeddedDatabase.open(Path.of(arguments[0]));
            try (var connection = database.superuser().getConnection();
                    var statement = connection.createStatement()) {
                statement.execute("create table if not exists written (n bigint primary key)");
                for (long n = 1; ; n++) {
                    statement.execute("insert into written values (" + n + ")");
                    System.out.println("written " + n);
                }
            }
        }
    }

    @Test
    void isDurable() throws Exception {
        try (var database = EmbeddedDatabase.open(data)) {
            var jdbc = JdbcClient.create(database.superuser());
            for (var setting : List.of("fsync", "synchronous_commit", "full_page_writes")) {
                assertThat(jdbc.sql("show " + setting).query(String.class).single())
                        .as(setting)
                        .isEqualTo("on");
            }
            assertThat(jdbc.sql("show listen_addresses").query(String.class).single())
                    .isEqualTo("127.0.0.1");
        }
    }

    @Test
    void letsNobodyInWithoutItsPassword() throws Exception {
        try (var database = EmbeddedDatabase.open(data)) {
            var url = (String) database.properties().get("spring.datasource.url");
            assertThatThrownBy(() -> DriverManager.getConnection(url, "postgres", "guess"))
                    .isInstanceOf(SQLException.class)
                    .hasMessageContaining("password");
            assertThat(Files.getPosixFilePermissions(data.resolve("database.password")))
                    .hasSize(2);
        }
    }

    @Test
    void findsEveryAcknowledgedWriteAfterTheJvmWasKilled() throws Exception {
        Set<Long> acknowledged = new HashSet<>();
        for (int round = 0; round < 2; round++) {
            var writer = start();
            try (var said = reader(writer)) {
                String line;
                while ((line = said.readLine()) != null) {
                    if (line.startsWith("written ")) {
                        acknowledged.add(Long.parseLong(line.substring("written ".length())));
                        if (acknowledged.size() == 200) {
                            new ProcessBuilder("kill", "-9", Long.toString(writer.pid())).start();
                        }
                    }
                }
            }
            assertThat(writer.waitFor()).isNotZero();
            assertThat(acknowledged).hasSizeGreaterThanOrEqualTo(200);
            assertThat(Files.exists(data.resolve("pg/postmaster.pid")))
                    .as("an orphan is left")
                    .isTrue();
            try (var database = EmbeddedDatabase.open(data)) {
                var jdbc = JdbcClient.create(database.superuser());
                assertThat(new HashSet<>(jdbc.sql("select n from written")
                                .query(Long.class)
                                .list()))
                        .containsAll(acknowledged);
                jdbc.sql("truncate written").update();
                acknowledged.clear();
            }
        }
    }

    @Test
    void refusesASecondInstanceOnTheSameDirectory() throws Exception {
        try (var _ = EmbeddedDatabase.open(data)) {
            var second = start();
            var said = new String(second.getErrorStream().readAllBytes(), StandardCharsets.UTF_8);
            assertThat(second.waitFor()).isNotZero();
            assertThat(said).contains("kernel.start.inUse");
        }
    }

    @Test
    void saysThatTheDirectoryCannotBeWritten() throws IOException {
        var file = Files.writeString(data.resolve("file"), "not a directory");
        assertThatThrownBy(() -> EmbeddedDatabase.open(file.resolve("data")))
                .isInstanceOfSatisfying(
                        CannotStart.class,
                        trouble -> assertThat(trouble.sentence().key()).isEqualTo("kernel.start.notWritable"));
    }

    /** What the library says on a platform for which the jar has nothing. */
    @Test
    void saysThatThereIsNothingForThisPlatform() {
        assertThatThrownBy(() -> DefaultPostgresBinaryResolver.INSTANCE.getPgBinary("plan9", "sparc64"))
                .isInstanceOfSatisfying(
                        IllegalStateException.class,
                        missing -> assertThat(
                                        EmbeddedDatabase.why(data, missing).key())
                                .isEqualTo("kernel.start.noBinaries"));
        assertThat(EmbeddedDatabase.why(data, new IOException("disk full")).key())
                .isEqualTo("kernel.start.database");
    }

    private Process start() throws IOException {
        return new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        Writer.class.getName(),
                        data.toString())
                .start();
    }

    private static BufferedReader reader(Process process) {
        return new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
    }
}
