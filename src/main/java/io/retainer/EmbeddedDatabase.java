package io.retainer;

import io.retainer.kernel.Sentence;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Base64;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import javax.sql.DataSource;
import org.springframework.boot.SpringApplication;

/**
 * PostgreSQL out of the box: in the data directory, on a free port of this machine only, durable. It is meant for trying
 * out and for small installations; a real server is used as soon as {@code spring.datasource.url} is set.
 *
 * <p>The library starts PostgreSQL with fsync and synchronous_commit off, because it is made for tests; both are turned on
 * again here. When the JVM was killed its postmaster lives on: the next start stops it cleanly and starts its own, so that
 * nothing acknowledged is lost and nothing runs unattended.
 */
final class EmbeddedDatabase implements AutoCloseable {

    private static final String NAME = "retainer";
    private static final String RUNTIME_USER = "retainer_app";
    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final String ONLY_WITH_PASSWORD = """
            # Written by Retainer at every start.
            local all all                scram-sha-256
            host  all all 127.0.0.1/32   scram-sha-256
            host  all all ::1/128        scram-sha-256
            """;

    private final FileChannel lock;
    private final EmbeddedPostgres postgres;
    private final String password;

    private EmbeddedDatabase(FileChannel lock, EmbeddedPostgres postgres, String password) {
        this.lock = lock;
        this.postgres = postgres;
        this.password = password;
    }

    /**
     * Starts the database of this data directory, made on first use.
     *
     * @throws CannotStart when the directory cannot be written, another instance uses it, or PostgreSQL does not come up
     */
    static EmbeddedDatabase open(Path directory) {
        var data = directory.toAbsolutePath().normalize();
        var lock = lock(data);
        try {
            var password = password(data.resolve("database.password"));
            var cluster = data.resolve("pg");
            stopOrphan(cluster);
            var postgres = EmbeddedPostgres.builder()
                    .setDataDirectory(cluster)
                    .setCleanDataDirectory(false)
                    .setLocaleConfig("locale-provider", "builtin")
                    .setLocaleConfig("builtin-locale", "C.UTF-8")
                    .setServerConfig("fsync", "on")
                    .setServerConfig("synchronous_commit", "on")
                    .setServerConfig("full_page_writes", "on")
                    .setServerConfig("listen_addresses", "127.0.0.1")
                    .setServerConfig("max_connections", "60")
                    // Taken only as it is used; the indexes of a million customers do not fit into the default.
                    .setServerConfig("shared_buffers", "512MB")
                    .setServerConfig("max_wal_size", "4GB")
                    .setConnectConfig("password", password)
                    .setPGStartupWait(Duration.ofSeconds(60))
                    .start();
            var database = new EmbeddedDatabase(lock, postgres, password);
            database.prepare(cluster);
            return database;
        } catch (IOException | SQLException | IllegalStateException e) {
            release(lock);
            throw new CannotStart(why(data, e), e);
        }
    }

    /** The jar carries PostgreSQL for Linux and for the platform it was built on; elsewhere the library finds none. */
    static Sentence why(Path data, Exception trouble) {
        var message = String.valueOf(trouble.getMessage());
        return message.contains("Missing embedded postgres binaries")
                ? Sentence.of("kernel.start.noBinaries", System.getProperty("os.name"), System.getProperty("os.arch"))
                : Sentence.of("kernel.start.database", data.toString(), message);
    }

    /** What Spring needs to connect: as the runtime user for work, as the superuser for migrations. */
    Map<String, Object> properties() {
        var url = "jdbc:postgresql://127.0.0.1:" + postgres.getPort() + "/" + NAME;
        return Map.of(
                "spring.datasource.url", url,
                "spring.datasource.username", RUNTIME_USER,
                "spring.datasource.password", password,
                "spring.flyway.url", url,
                "spring.flyway.user", "postgres",
                "spring.flyway.password", password);
    }

    DataSource superuser() {
        return postgres.getDatabase("postgres", NAME);
    }

    /** Has the database stopped when the JVM ends, but only once the application has let go of it. */
    void stopLast() {
        stopLast(postgres);
    }

    /**
     * The library stops PostgreSQL in a shutdown hook of its own, which runs while Spring is still closing: requests under
     * way would fail, and everything that says goodbye to the database would wait half a minute for it. There is no way to
     * leave that hook out, so it is told that its work is done already; Spring's handlers do it after the last context.
     */
    static void stopLast(EmbeddedPostgres postgres) {
        var closed = closedFlag(postgres);
        closed.set(true);
        SpringApplication.getShutdownHandlers().add(() -> {
            closed.set(false);
            try {
                postgres.close();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
    }

    private static AtomicBoolean closedFlag(EmbeddedPostgres postgres) {
        try {
            var field = EmbeddedPostgres.class.getDeclaredField("closed");
            field.setAccessible(true);
            if (field.get(postgres) instanceof AtomicBoolean closed) {
                return closed;
            }
            throw new IllegalStateException("The embedded database keeps its state differently now");
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("The embedded database keeps its state differently now", e);
        }
    }

    @Override
    public void close() throws IOException {
        closedFlag(postgres).set(false);
        postgres.close();
        release(lock);
    }

    private void prepare(Path cluster) throws SQLException, IOException {
        var administration = postgres.getPostgresDatabase();
        DatabaseRoles.prepare(administration);
        try (var connection = administration.getConnection();
                var statement = connection.createStatement()) {
            statement.execute("alter role postgres password '" + password + "'");
            statement.execute("""
                    do $$ begin
                        if not exists (select from pg_roles where rolname = 'retainer_app') then
                            create role retainer_app login noinherit in role retainer_rt;
                        end if;
                    end $$
                    """);
            statement.execute("alter role retainer_app password '" + password + "'");
            try (var found = statement.executeQuery("select 1 from pg_database where datname = '" + NAME + "'")) {
                if (found.next()) {
                    return;
                }
            }
            statement.execute("create database " + NAME);
        } finally {
            requirePassword(administration, cluster);
        }
    }

    private static void requirePassword(DataSource administration, Path cluster) throws SQLException, IOException {
        Files.writeString(cluster.resolve("pg_hba.conf"), ONLY_WITH_PASSWORD);
        try (var connection = administration.getConnection();
                var statement = connection.createStatement()) {
            statement.execute("select pg_reload_conf()");
        }
    }

    private static FileChannel lock(Path data) {
        FileChannel channel;
        try {
            Files.createDirectories(data);
            channel = FileChannel.open(
                    data.resolve("retainer.lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        } catch (IOException e) {
            throw new CannotStart(Sentence.of("kernel.start.notWritable", data.toString()), e);
        }
        try {
            if (channel.tryLock() == null) {
                throw new OverlappingFileLockException();
            }
            return channel;
        } catch (IOException | OverlappingFileLockException e) {
            release(channel);
            throw new CannotStart(Sentence.of("kernel.start.inUse", data.toString()), e);
        }
    }

    private static void release(FileChannel lock) {
        try {
            lock.close();
        } catch (IOException e) {
            throw new IllegalStateException("The lock on the data directory could not be released", e);
        }
    }

    private static String password(Path file) throws IOException {
        if (Files.exists(file)) {
            return Files.readString(file).strip();
        }
        var secret = new byte[24];
        new SecureRandom().nextBytes(secret);
        var password = Base64.getUrlEncoder().withoutPadding().encodeToString(secret);
        if (FileSystems.getDefault().supportedFileAttributeViews().contains("posix")) {
            Files.createFile(file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        }
        Files.writeString(file, password);
        return password;
    }

    /** We hold the lock, so a postmaster on this directory belongs to a JVM that is no more. */
    private static void stopOrphan(Path cluster) throws IOException {
        var pidFile = cluster.resolve("postmaster.pid");
        if (!Files.exists(pidFile)) {
            return;
        }
        long pid;
        try (var lines = Files.lines(pidFile)) {
            pid = lines.findFirst().map(String::strip).map(Long::parseLong).orElse(-1L);
        } catch (NumberFormatException e) {
            pid = -1;
        }
        var process = ProcessHandle.of(pid)
                .filter(handle -> handle.info().command().orElse("").contains("postgres"));
        if (process.isEmpty()) {
            // The number now belongs to another program, or to none; PostgreSQL would refuse to start in the first
            // case.
            Files.deleteIfExists(pidFile);
            return;
        }
        var orphan = process.get();
        if (!signal(orphan, "INT") && !signal(orphan, "QUIT")) {
            throw new IOException("process " + pid + " does not stop");
        }
    }

    /** INT is PostgreSQL's fast shutdown, QUIT its immediate one, from which it recovers by its log. */
    private static boolean signal(ProcessHandle orphan, String signal) throws IOException {
        try {
            new ProcessBuilder("kill", "-" + signal, Long.toString(orphan.pid()))
                    .inheritIO()
                    .start()
                    .waitFor();
            long end = System.nanoTime() + PATIENCE.toNanos();
            while (orphan.isAlive() && System.nanoTime() < end) {
                Thread.sleep(50);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("Interrupted while stopping an orphaned PostgreSQL", e);
        }
        return !orphan.isAlive();
    }
}
