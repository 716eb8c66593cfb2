package io.retainer.contract;

import io.retainer.kernel.Party;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.dao.OptimisticLockingFailureException;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/** Third parties' parts in contracts, as rows. */
@Repository
class InvolvementRows {

    private final JdbcClient jdbc;

    InvolvementRows(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    void add(Involvement i) {
        jdbc.sql("""
                        insert into contract.involvement (tenant_id, id, contract_id, name, organisation, invited_at, starts_at,
                            ends_at, closed_at, version)
                        values (:tenant, :id, :contract, :name, :organisation, :invitedAt, :startsAt, :endsAt, :closedAt, 0)
                        """).params(columns(i)).update();
    }

    void update(Involvement i) {
        int rows = jdbc.sql("""
                        update contract.involvement set organisation = :organisation, starts_at = :startsAt, ends_at = :endsAt,
                            closed_at = :closedAt, version = version + 1
                        where tenant_id = :tenant and id = :id and version = :version
                        """).params(columns(i)).update();
        if (rows != 1) {
            throw new OptimisticLockingFailureException("involvement " + i.id());
        }
    }

    private static Map<String, @Nullable Object> columns(Involvement i) {
        var columns = new HashMap<String, @Nullable Object>();
        columns.put("tenant", i.tenant());
        columns.put("id", i.id());
        columns.put("contract", i.contract());
        columns.put("name", i.name());
        columns.put("organisation", i.organisation());
        columns.put("invitedAt", utc(i.invitedAt()));
        columns.put("startsAt", utc(i.startsAt()));
        columns.put("endsAt", utc(i.endsAt()));
        columns.put("closedAt", utc(i.closedAt()));
        columns.put("version", i.version());
        return columns;
    }

    Optional<Involvement> find(UUID tenant, UUID id) {
        return jdbc.sql("select * from contract.involvement where tenant_id = :tenant and id = :id")
                .param("tenant", tenant)
                .param("id", id)
                .query((row, _) -> involvement(row))
                .optional();
    }

    /** In the order in which they were invited. */
    List<Involvement> ofContract(UUID tenant, UUID contract) {
        return jdbc.sql("""
                        select * from contract.involvement where tenant_id = :tenant and contract_id = :contract
                        order by invited_at, id
                        """)
                .param("tenant", tenant)
                .param("contract", contract)
                .query((row, _) -> involvement(row))
                .list();
    }

    private static Involvement involvement(ResultSet row) throws SQLException {
        return new Involvement(
                row.getObject("id", UUID.class),
                row.getObject("tenant_id", UUID.class),
                row.getObject("contract_id", UUID.class),
                row.getString("name"),
                row.getObject("organisation", UUID.class),
                row.getObject("invited_at", OffsetDateTime.class).toInstant(),
                instant(row, "starts_at"),
                instant(row, "ends_at"),
                instant(row, "closed_at"),
                row.getInt("version"));
    }

    /** Where an involvement lies. */
    record Place(UUID tenant, UUID contract, UUID id) {}

    /** Across clients: of these organisations, the newest first. */
    List<Place> ofOrganisations(Collection<UUID> organisations) {
        return organisations.isEmpty()
                ? List.of()
                : jdbc.sql("select tenant_id, contract_id, id from contract.involvements(:organisations)")
                        .param("organisations", organisations.toArray(UUID[]::new))
                        .query((row, _) -> place(row))
                        .list();
    }

    List<Place> toClose(Instant now, int most) {
        return jdbc.sql("select tenant_id, contract_id, id from contract.involvements_to_close(:now, :most)")
                .param("now", utc(now))
                .param("most", most)
                .query((row, _) -> place(row))
                .list();
    }

    private static Place place(ResultSet row) throws SQLException {
        return new Place(
                row.getObject("tenant_id", UUID.class),
                row.getObject("contract_id", UUID.class),
                row.getObject("id", UUID.class));
    }

    void addSignature(UUID tenant, UUID involvement, int number, Signature signature, @Nullable UUID contact) {
        jdbc.sql("""
                        insert into contract.involvement_signature (tenant_id, involvement_id, number, hash, mode, signatory,
                            authority, person_id, contact_id, signed_at)
                        values (:tenant, :involvement, :number, :hash, :mode, :signatory, :authority, :person, :contact, :at)
                        """)
                .param("tenant", tenant)
                .param("involvement", involvement)
                .param("number", number)
                .param("hash", signature.hash())
                .param("mode", signature.mode().name())
                .param("signatory", signature.signatory())
                .param("authority", signature.authority())
                .param("person", signature.person())
                .param("contact", contact)
                .param("at", utc(signature.signedAt()))
                .update();
    }

    Optional<Signature> signature(UUID tenant, UUID involvement, int number) {
        return jdbc.sql("""
                        select * from contract.involvement_signature
                        where tenant_id = :tenant and involvement_id = :involvement and number = :number
                        """)
                .param("tenant", tenant)
                .param("involvement", involvement)
                .param("number", number)
                .query((row, _) -> new Signature(
                        Party.THIRD_PARTY,
                        row.getString("hash"),
                        SignatureMode.valueOf(row.getString("mode")),
                        row.getString("signatory"),
                        row.getString("authority"),
                        row.getObject("person_id", UUID.class),
                        row.getObject("signed_at", OffsetDateTime.class).toInstant()))
                .optional();
    }

    private static @Nullable Instant instant(ResultSet row, String column) throws SQLException {
        var value = row.getObject(column, OffsetDateTime.class);
        return value == null ? null : value.toInstant();
    }

    private static @Nullable OffsetDateTime utc(@Nullable Instant instant) {
        return instant == null ? null : instant.atOffset(ZoneOffset.UTC);
    }
}
