package io.retainer.billing;

import io.retainer.kernel.Clause;
import io.retainer.kernel.Money;
import io.retainer.kernel.Unknown;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/** What is charged beside the fee. Billing knows what it is for only by its subject and a link. */
@Repository
public class Charges {

    /** Working days to pay when nothing was agreed and no instalment is left. */
    static final int DEFAULT_WORKDAYS = 10;

    /** Where the books keep what is paid by itself. */
    static final int OF_NO_INSTALMENT = -1;

    private final JdbcClient jdbc;

    Charges(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /**
     * Something to be charged.
     *
     * @param subject what it is for, such as {@code work-order/0197…}; charged once
     * @param title as people call it
     * @param link the page where it is looked at
     * @param ownWorkdays within which it is paid by itself, or null to be paid with the next instalment
     */
    public record NewCharge(
            String subject,
            String title,
            String link,
            Clause clause,
            Money net,
            Money tax,
            Money gross,
            @Nullable Integer ownWorkdays) {

        public NewCharge {
            if (!net.plus(tax).equals(gross) || !gross.isPositive()) {
                throw new IllegalArgumentException("Net " + net + " and tax " + tax + " are not " + gross);
            }
        }
    }

    /**
     * How a charge is to be paid.
     *
     * @param instalment it is paid with, or null
     * @param due the first instant that is late when it is paid by itself, or null
     */
    public record Placed(
            UUID charge,
            @Nullable Integer instalment,
            @Nullable Instant due) {}

    record Charge(
            UUID id,
            String title,
            String link,
            Clause clause,
            Money net,
            Money tax,
            Money gross,
            @Nullable Integer instalment,
            @Nullable Instant due,
            Instant chargedAt,
            @Nullable Instant paidAt) {}

    void add(
            UUID tenant,
            UUID contract,
            UUID id,
            NewCharge charge,
            @Nullable Integer instalment,
            @Nullable Instant due,
            Instant now,
            @Nullable UUID actor) {
        jdbc.sql("""
            insert into billing.charge (tenant_id, id, contract_id, subject, title, link, clause, net_fen, tax_fen,
                gross_fen, instalment, due_at, charged_at, actor)
            values (:tenant, :id, :contract, :subject, :title, :link, :clause, :net, :tax, :gross, :instalment,
                :due, :now, :actor)
            """)
                .param("tenant", tenant)
                .param("id", id)
                .param("contract", contract)
                .param("subject", charge.subject())
                .param("title", charge.title())
                .param("link", charge.link())
                .param("clause", charge.clause().id())
                .param("net", charge.net().fen())
                .param("tax", charge.tax().fen())
                .param("gross", charge.gross().fen())
                .param("instalment", instalment)
                .param("due", due == null ? null : due.atOffset(ZoneOffset.UTC))
                .param("now", now.atOffset(ZoneOffset.UTC))
                .param("actor", actor)
                .update();
    }

    List<Charge> of(UUID tenant, UUID contract) {
        return jdbc.sql("select * from billing.charge where tenant_id = :tenant and contract_id = :contract order by"
                        + " id desc")
                .param("tenant", tenant)
                .param("contract", contract)
                .query(Charges::charge)
                .list();
    }

    Charge get(UUID tenant, UUID contract, UUID id) {
        return jdbc.sql("""
            select * from billing.charge where tenant_id = :tenant and contract_id = :contract and id = :id
            """)
                .param("tenant", tenant)
                .param("contract", contract)
                .param("id", id)
                .query(Charges::charge)
                .optional()
                .orElseThrow(() -> new Unknown("charge " + id));
    }

    void paid(UUID tenant, UUID id, Instant at, String reference, UUID person) {
        jdbc.sql("""
            update billing.charge set paid_at = :at, paid_reference = :reference, paid_by = :person
            where tenant_id = :tenant and id = :id and paid_at is null
            """)
                .param("at", at.atOffset(ZoneOffset.UTC))
                .param("reference", reference)
                .param("person", person)
                .param("tenant", tenant)
                .param("id", id)
                .update();
    }

    private static Charge charge(ResultSet row, int number) throws SQLException {
        var due = row.getObject("due_at", OffsetDateTime.class);
        var paid = row.getObject("paid_at", OffsetDateTime.class);
        return new Charge(
                row.getObject("id", UUID.class),
                row.getString("title"),
                row.getString("link"),
                Clause.of(row.getString("clause")),
                Money.ofFen(row.getLong("net_fen")),
                Money.ofFen(row.getLong("tax_fen")),
                Money.ofFen(row.getLong("gross_fen")),
                row.getObject("instalment", Integer.class),
                due == null ? null : due.toInstant(),
                row.getObject("charged_at", OffsetDateTime.class).toInstant(),
                paid == null ? null : paid.toInstant());
    }
}
