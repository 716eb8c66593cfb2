package io.retainer;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.sql.SQLException;
import java.util.concurrent.atomic.AtomicInteger;
import javax.sql.DataSource;
import org.springframework.boot.test.context.TestConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.test.context.DynamicPropertyRegistrar;

/** One embedded PostgreSQL for the whole test run, a fresh database per application context. */
@TestConfiguration(proxyBeanMethods = false)
public class PostgresTest {

    /** Each has a server of its own, but they share the directory {@code target/data}. */
    private static final String PROCESS = System.getProperty("surefire.forkNumber", "1");

    private static final AtomicInteger NUMBER = new AtomicInteger();

    @Bean
    Database database() {
        return Database.fresh();
    }

    @Bean
    DynamicPropertyRegistrar datasource(Database database) {
        return properties -> {
            properties.add("retainer.data", () -> "target/data/" + database.name());
            properties.add("spring.datasource.url", database::url);
            properties.add("spring.datasource.username", () -> "retainer_app");
            properties.add("spring.datasource.password", () -> "");
            properties.add("spring.flyway.url", database::url);
            properties.add("spring.flyway.user", () -> "postgres");
            properties.add("spring.flyway.password", () -> "");
        };
    }

    /** Where a test's rows are; {@link #superuser()} is for tampering and for looking into the catalogue. */
    public record Database(String name) {

        static Database fresh() {
            var name = "test_" + PROCESS + "_" + NUMBER.incrementAndGet();
            var administration = Server.RUNNING.getPostgresDatabase();
            DatabaseRoles.prepare(administration);
            try (var connection = administration.getConnection();
                    var statement = connection.createStatement()) {
                statement.execute("""
                        do $$ begin
                            if not exists (select from pg_roles where rolname = 'retainer_app') then
                                create role retainer_app login noinherit in role retainer_rt;
                            end if;
                        end $$
                        """);
                statement.execute("create database " + name);
            } catch (SQLException e) {
                throw new IllegalStateException(e);
            }
            return new Database(name);
        }

        public String url() {
            return "jdbc:postgresql://localhost:" + Server.RUNNING.getPort() + "/" + name;
        }

        public DataSource superuser() {
            return Server.RUNNING.getDatabase("postgres", name);
        }
    }

    private static final class Server {

        static final EmbeddedPostgres RUNNING = start();

        private static EmbeddedPostgres start() {
            try {
                var postgres = EmbeddedPostgres.builder()
                        .setLocaleConfig("locale-provider", "builtin")
                        .setLocaleConfig("builtin-locale", "C.UTF-8")
                        .setServerConfig("max_connections", "300")
                        .start();
                EmbeddedDatabase.stopLast(postgres);
                return postgres;
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }
}
