package io.retainer.bench;

import io.retainer.Retainer;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.nio.file.Files;
import java.util.Map;
import javax.sql.DataSource;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.WebApplicationType;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.jdbc.core.simple.JdbcClient;

/** The application without its pages on a durable PostgreSQL of its own: fsync and synchronous_commit are on. */
final class BenchDatabase implements AutoCloseable {

    private final EmbeddedPostgres postgres;
    private final Statements statements = new Statements();
    private final long process;
    final ConfigurableApplicationContext application;

    BenchDatabase(boolean sealing) throws IOException {
        postgres = EmbeddedPostgres.builder()
                .setLocaleConfig("locale-provider", "builtin")
                .setLocaleConfig("builtin-locale", "C.UTF-8")
                .setServerConfig("fsync", "on")
                .setServerConfig("synchronous_commit", "on")
                .setServerConfig("full_page_writes", "on")
                .setServerConfig("shared_buffers", "512MB")
                .setServerConfig("max_wal_size", "4GB")
                .start();
        var spring = new SpringApplication(Retainer.class);
        spring.setWebApplicationType(WebApplicationType.SERVLET);
        spring.setDefaultProperties(Map.of(
                "retainer.demo", "false",
                "retainer.data", Files.createTempDirectory("bench-").toString(),
                "logging.level.root", "warn",
                "db-scheduler.enabled", Boolean.toString(sealing),
                "spring.datasource.url", postgres.getJdbcUrl("postgres", "postgres"),
                "spring.datasource.username", "postgres",
                "spring.datasource.password", "postgres"));
        // Not a default property: what the application says of the port would win.
        spring.addInitializers(context -> context.getBeanFactory().addBeanPostProcessor(statements));
        application = spring.run("--server.port=0");
        process = JdbcClient.create(superuser())
                .sql("select pg_read_file('postmaster.pid')")
                .query(String.class)
                .single()
                .lines()
                .mapToLong(Long::parseLong)
                .findFirst()
                .orElseThrow();
    }

    /** How many were sent so far. */
    long statements() {
        return statements.count();
    }

    /** What was sent since this was last asked, for each of so many times. */
    String texts(int times) {
        return statements.texts(times);
    }

    /** Of the server. */
    long process() {
        return process;
    }

    /**
     * As autovacuum does once a minute; a bench that fills empty tables within seconds would otherwise run on plans that were
     * made for empty ones.
     */
    void analyzed() {
        JdbcClient.create(superuser()).sql("analyze").update();
    }

    DataSource superuser() {
        return postgres.getPostgresDatabase();
    }

    @Override
    public void close() throws IOException {
        application.close();
        postgres.close();
    }
}
