package io.retainer.billing;

import static io.retainer.billing.Books.instant;
import static io.retainer.billing.Books.utc;

import io.retainer.kernel.Ids;
import io.retainer.kernel.Money;
import io.retainer.kernel.Unknown;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/** Lines of a provider's bank statements; here the tenant is the provider's own organisation. */
@Repository
class BankLines {

    private final JdbcClient jdbc;

    BankLines(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    enum State {
        UNMATCHED,
        MATCHED,
        SET_ASIDE
    }

    /**
     * @param reason why it is not matched, or was set aside: a message key, or what a person wrote
     */
    record BankLine(
            UUID id,
            String identity,
            Instant creditedAt,
            Money amount,
            String payer,
            String reference,
            State state,
            @Nullable String reason,
            @Nullable UUID contract,
            int version) {}

    /** @return empty when this very file was taken in before */
    Optional<UUID> addFile(UUID organisation, String name, String hash, Instant now, UUID person) {
        var id = Ids.at(now.toEpochMilli());
        int added = jdbc.sql("""
                        insert into billing.bank_file (tenant_id, id, name, hash, uploaded_at, uploaded_by)
                        values (:organisation, :id, :name, :hash, :now, :person)
                        on conflict (tenant_id, hash) do nothing
                        """)
                .param("organisation", organisation)
                .param("id", id)
                .param("name", name)
                .param("hash", hash)
                .param("now", utc(now))
                .param("person", person)
                .update();
        return added == 1 ? Optional.of(id) : Optional.empty();
    }

    /** @return false when the line was taken in before, with this file or another */
    boolean add(UUID organisation, UUID file, BankStatement.Line line, Instant now) {
        return jdbc.sql("""
                        insert into billing.bank_line (tenant_id, id, file_id, line, identity, credited_at, amount_fen,
                            payer, reference, state, reason, version)
                        values (:organisation, :id, :file, :line, :identity, :credited, :amount, :payer, :reference,
                            'UNMATCHED', null, 0)
                        on conflict (tenant_id, identity) do nothing
                        """)
                        .param("organisation", organisation)
                        .param("id", Ids.at(now.toEpochMilli()))
                        .param("file", file)
                        .param("line", line.number())
                        .param("identity", line.identity())
                        .param("credited", utc(line.creditedAt()))
                        .param("amount", line.amount().fen())
                        .param("payer", line.payer())
                        .param("reference", line.reference())
                        .update()
                == 1;
    }

    /**
     * The oldest first.
     *
     * @param after the last line of the page before, or null
     */
    List<BankLine> unmatched(UUID organisation, @Nullable BankLine after, int most) {
        var statement = jdbc.sql("""
                        select * from billing.bank_line where tenant_id = :organisation and state = 'UNMATCHED'
                        """ + (after == null ? "" : "and (credited_at, id) > (:afterAt, :after)") + """
                         order by credited_at, id limit :most
                        """)
                .param("organisation", organisation)
                .param("most", most);
        if (after != null) {
            statement = statement.param("afterAt", utc(after.creditedAt())).param("after", after.id());
        }
        return statement.query(BankLines::line).list();
    }

    int unmatched(UUID organisation) {
        return jdbc.sql("""
                        select count(*) from billing.bank_line where tenant_id = :organisation and state = 'UNMATCHED'
                        """)
                .param("organisation", organisation)
                .query(Integer.class)
                .single();
    }

    /** The newest lines that need no work any more. */
    List<BankLine> settled(UUID organisation, int most) {
        return jdbc.sql("""
                        select * from billing.bank_line where tenant_id = :organisation and state <> 'UNMATCHED'
                        order by id desc limit :most
                        """)
                .param("organisation", organisation)
                .param("most", most)
                .query(BankLines::line)
                .list();
    }

    BankLine get(UUID organisation, UUID id) {
        return jdbc.sql("select * from billing.bank_line where tenant_id = :organisation and id = :id")
                .param("organisation", organisation)
                .param("id", id)
                .query(BankLines::line)
                .optional()
                .orElseThrow(() -> new Unknown("bank line " + id));
    }

    /** @return false when somebody else dealt with it meanwhile */
    boolean matched(UUID organisation, BankLine line, UUID clientTenant, UUID contract, UUID payment) {
        return jdbc.sql("""
                        update billing.bank_line set state = 'MATCHED', reason = null, client_tenant = :clientTenant,
                            contract_id = :contract, payment_id = :payment, version = version + 1
                        where tenant_id = :organisation and id = :id and state = 'UNMATCHED'
                        """)
                        .param("clientTenant", clientTenant)
                        .param("contract", contract)
                        .param("payment", payment)
                        .param("organisation", organisation)
                        .param("id", line.id())
                        .update()
                == 1;
    }

    void left(UUID organisation, BankLine line, String reason) {
        jdbc.sql("""
                        update billing.bank_line set reason = :reason, version = version + 1
                        where tenant_id = :organisation and id = :id and state = 'UNMATCHED'
                        """)
                .param("reason", reason)
                .param("organisation", organisation)
                .param("id", line.id())
                .update();
    }

    boolean setAside(UUID organisation, BankLine line, String reason) {
        return jdbc.sql("""
                        update billing.bank_line set state = 'SET_ASIDE', reason = :reason, version = version + 1
                        where tenant_id = :organisation and id = :id and state = 'UNMATCHED'
                        """)
                        .param("reason", reason)
                        .param("organisation", organisation)
                        .param("id", line.id())
                        .update()
                == 1;
    }

    private static BankLine line(ResultSet row, int number) throws SQLException {
        return new BankLine(
                row.getObject("id", UUID.class),
                row.getString("identity"),
                instant(row, "credited_at"),
                Money.ofFen(row.getLong("amount_fen")),
                row.getString("payer"),
                row.getString("reference"),
                State.valueOf(row.getString("state")),
                row.getString("reason"),
                row.getObject("contract_id", UUID.class),
                row.getInt("version"));
    }
}
