package io.retainer.billing;

import io.retainer.kernel.Unknown;
import java.sql.Array;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.UUID;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/** The shared what-ifs as rows. Called inside a transaction of the tenant. */
@Repository
class Scenarios {

    private final JdbcClient jdbc;

    Scenarios(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    void add(Scenario scenario) {
        jdbc.sql("""
                        insert into billing.scenario (tenant_id, id, contract_id, person_id, title, hypotheses, as_of,
                            money, real, supposed, created_at, expires_at)
                        values (:tenant, :id, :contract, :person, :title, :hypotheses, :asOf, :money, :real, :supposed,
                            :created, :expires)
                        """)
                .param("tenant", scenario.tenant())
                .param("id", scenario.id())
                .param("contract", scenario.contract())
                .param("person", scenario.person())
                .param("title", scenario.title())
                .param("hypotheses", scenario.hypotheses().toArray(String[]::new))
                .param("asOf", utc(scenario.asOf()))
                .param("money", scenario.money())
                .param("real", scenario.real())
                .param("supposed", scenario.supposed())
                .param("created", utc(scenario.createdAt()))
                .param("expires", utc(scenario.expiresAt()))
                .update();
    }

    /** @throws Unknown when there is none, or its link ended */
    Scenario get(UUID tenant, UUID id, Instant now) {
        return jdbc.sql("""
                        select * from billing.scenario
                        where tenant_id = :tenant and id = :id and ended_at is null and expires_at > :now
                        """)
                .param("tenant", tenant)
                .param("id", id)
                .param("now", utc(now))
                .query(Scenarios::scenario)
                .optional()
                .orElseThrow(() -> new Unknown("scenario " + id));
    }

    /** Those a person shared and whose links still open. */
    List<Scenario> of(UUID tenant, UUID contract, UUID person, Instant now) {
        return jdbc.sql("""
                        select * from billing.scenario
                        where tenant_id = :tenant and contract_id = :contract and person_id = :person
                        and ended_at is null and expires_at > :now
                        order by id desc limit 50
                        """)
                .param("tenant", tenant)
                .param("contract", contract)
                .param("person", person)
                .param("now", utc(now))
                .query(Scenarios::scenario)
                .list();
    }

    void end(UUID tenant, UUID id, Instant now) {
        jdbc.sql("""
                        update billing.scenario set ended_at = :now
                        where tenant_id = :tenant and id = :id and ended_at is null
                        """)
                .param("tenant", tenant)
                .param("id", id)
                .param("now", utc(now))
                .update();
    }

    private static Scenario scenario(ResultSet row, int number) throws SQLException {
        Array hypotheses = row.getArray("hypotheses");
        return new Scenario(
                row.getObject("tenant_id", UUID.class),
                row.getObject("contract_id", UUID.class),
                row.getObject("id", UUID.class),
                row.getObject("person_id", UUID.class),
                row.getString("title"),
                List.of((String[]) hypotheses.getArray()),
                instant(row, "as_of"),
                row.getBoolean("money"),
                row.getString("real"),
                row.getString("supposed"),
                instant(row, "created_at"),
                instant(row, "expires_at"));
    }

    private static Instant instant(ResultSet row, String column) throws SQLException {
        return row.getObject(column, OffsetDateTime.class).toInstant();
    }

    private static OffsetDateTime utc(Instant instant) {
        return instant.atOffset(ZoneOffset.UTC);
    }
}
