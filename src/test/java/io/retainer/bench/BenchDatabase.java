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

/** The application without its pages on a durable PostgreSQL of its own: fsync and synchronous_commit are on. */
final class BenchDatabase implements AutoCloseable {

    private final EmbeddedPostgres postgres;
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
                "server.port", "0",
                "retainer.demo", "false",
                "retainer.data", Files.createTempDirectory("bench-").toString(),
                "logging.level.root", "warn",
                "db-scheduler.enabled", Boolean.toString(sealing),
                "spring.datasource.url", postgres.getJdbcUrl("postgres", "postgres"),
                "spring.datasource.username", "postgres",
                "spring.datasource.password", "postgres"));
        application = spring.run();
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
