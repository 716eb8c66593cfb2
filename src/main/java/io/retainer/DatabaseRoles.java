package io.retainer;

import java.sql.Connection;
import java.sql.SQLException;
import javax.sql.DataSource;
import org.flywaydb.core.api.configuration.FluentConfiguration;
import org.springframework.boot.flyway.autoconfigure.FlywayConfigurationCustomizer;
import org.springframework.stereotype.Component;

/**
 * Makes the roles of the database before the first migration: {@code retainer_owner} owns everything and runs the
 * migrations, {@code retainer_rt} is what the application works as (no BYPASSRLS, owns nothing), {@code retainer_platform}
 * owns the few functions that look across tenants. None can log in; the connecting user is made a member.
 *
 * <p>The user of {@code spring.flyway.*} (by default that of {@code spring.datasource.*}) needs CREATEROLE the first time,
 * or the roles made by hand beforehand (docs/operations.md).
 */
@Component
class DatabaseRoles implements FlywayConfigurationCustomizer {

    @Override
    public void customize(FluentConfiguration configuration) {
        prepare(configuration.getDataSource());
        configuration.initSql("set role retainer_owner");
    }

    static void prepare(DataSource administration) {
        try (var connection = administration.getConnection()) {
            run(connection, """
                    do $$
                    declare role_name text;
                    begin
                        foreach role_name in array array['retainer_owner', 'retainer_rt', 'retainer_platform'] loop
                            if not exists (select from pg_roles where rolname = role_name) then
                                begin
                                    execute format('create role %I nologin', role_name);
                                exception when duplicate_object or unique_violation then
                                    null; -- another instance was faster
                                end;
                            end if;
                            if not pg_has_role(current_user, role_name, 'set') then
                                execute format('grant %I to %I with inherit false, set true', role_name, current_user);
                            end if;
                        end loop;
                        if not pg_has_role('retainer_owner', 'retainer_platform', 'set') then
                            grant retainer_platform to retainer_owner with inherit true, set true;
                        end if;
                        if not has_database_privilege('retainer_owner', current_database(), 'create') then
                            execute format('grant create, connect on database %I to retainer_owner', current_database());
                        end if;
                    end $$
                    """);
        } catch (SQLException e) {
            throw new IllegalStateException(
                    "The database roles could not be made. Give the user of spring.flyway.* (or spring.datasource.*) "
                            + "CREATEROLE, or make the roles by hand as docs/operations.md shows. " + e.getMessage(),
                    e);
        }
    }

    private static void run(Connection connection, String sql) throws SQLException {
        try (var statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }
}
