package io.retainer.contract;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/** Notices of third parties that wish to leave, as rows. */
@Repository
class LeaveNoticeRows {

    private final JdbcClient jdbc;

    LeaveNoticeRows(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    void add(LeaveNotice notice) {
        jdbc.sql("""
                        insert into contract.leave_notice (tenant_id, id, contract_id, involvement_id, wished_on, reason,
                            person_id, contact_id, notified_at, duty_id)
                        values (:tenant, :id, :contract, :involvement, :wished, :reason, :person, :contact, :at, :duty)
                        """)
                .param("tenant", notice.tenant())
                .param("id", notice.id())
                .param("contract", notice.contract())
                .param("involvement", notice.involvement())
                .param("wished", notice.wishedOn())
                .param("reason", notice.reason())
                .param("person", notice.person())
                .param("contact", notice.contact())
                .param("at", notice.notifiedAt().atOffset(ZoneOffset.UTC))
                .param("duty", notice.duty())
                .update();
    }

    /** The newest first. */
    List<LeaveNotice> ofContract(UUID tenant, UUID contract) {
        return jdbc.sql("""
                        select * from contract.leave_notice where tenant_id = :tenant and contract_id = :contract
                        order by notified_at desc, id desc
                        """)
                .param("tenant", tenant)
                .param("contract", contract)
                .query(LeaveNoticeRows::notice)
                .list();
    }

    /** The one that waits to be agreed upon. */
    Optional<LeaveNotice> open(UUID tenant, UUID involvement) {
        return jdbc.sql("""
                        select * from contract.leave_notice
                        where tenant_id = :tenant and involvement_id = :involvement
                        and withdrawn_at is null and settled_at is null
                        """)
                .param("tenant", tenant)
                .param("involvement", involvement)
                .query(LeaveNoticeRows::notice)
                .optional();
    }

    void withdrawn(LeaveNotice notice, Instant at) {
        end(notice, "withdrawn_at", at);
    }

    void settled(LeaveNotice notice, Instant at) {
        end(notice, "settled_at", at);
    }

    private void end(LeaveNotice notice, String column, Instant at) {
        jdbc.sql("update contract.leave_notice set " + column + " = :at where tenant_id = :tenant and id = :id")
                .param("at", at.atOffset(ZoneOffset.UTC))
                .param("tenant", notice.tenant())
                .param("id", notice.id())
                .update();
    }

    private static LeaveNotice notice(ResultSet row, int number) throws SQLException {
        return new LeaveNotice(
                row.getObject("id", UUID.class),
                row.getObject("tenant_id", UUID.class),
                row.getObject("contract_id", UUID.class),
                row.getObject("involvement_id", UUID.class),
                row.getObject("wished_on", LocalDate.class),
                row.getString("reason"),
                row.getObject("person_id", UUID.class),
                row.getObject("contact_id", UUID.class),
                row.getObject("notified_at", OffsetDateTime.class).toInstant(),
                row.getObject("duty_id", UUID.class),
                instant(row, "withdrawn_at"),
                instant(row, "settled_at"));
    }

    private static @Nullable Instant instant(ResultSet row, String column) throws SQLException {
        var at = row.getObject(column, OffsetDateTime.class);
        return at == null ? null : at.toInstant();
    }
}
