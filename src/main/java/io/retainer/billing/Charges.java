package io.retainer.billing;

import io.retainer.billing.Account.Receipt;
import io.retainer.kernel.Clause;
import io.retainer.kernel.Money;
import io.retainer.kernel.Unknown;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Collectors;
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

    private static final String CHARGE = """
            select c.*, coalesce((select sum(p.amount_fen) from billing.charge_payment p
                where p.tenant_id = :tenant and p.charge_id = c.id and p.returned_at is null), 0)::bigint
                as paid_fen
            from billing.charge c where c.tenant_id = :tenant and c.contract_id = :contract
            """;

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
            @Nullable Instant paidAt,
            Money paid) {

        /** What is still owed of a charge that is paid by itself. */
        public Money rest() {
            return gross.minus(paid);
        }
    }

    /**
     * Money that came in for a charge.
     *
     * @param returned when the bank took it back, or null
     * @param receipts the first, and those that stand for one that was replaced, in the order of their numbers
     */
    record ChargePayment(
            UUID id,
            UUID charge,
            Money amount,
            Instant creditedAt,
            String reference,
            @Nullable Instant returned,
            List<Receipt> receipts) {

        ChargePayment {
            receipts = List.copyOf(receipts);
        }

        /** The last one that was issued; void when the money was returned. */
        public @Nullable Receipt receipt() {
            return receipts.isEmpty() ? null : receipts.getLast();
        }
    }

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
        return jdbc.sql(CHARGE + " order by c.id desc")
                .param("tenant", tenant)
                .param("contract", contract)
                .query(Charges::charge)
                .list();
    }

    Charge get(UUID tenant, UUID contract, UUID id) {
        return jdbc.sql(CHARGE + " and c.id = :id")
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

    /** False when the reference is known already. */
    boolean add(UUID tenant, ChargePayment payment, Instant now, UUID person) {
        return jdbc.sql("""
            insert into billing.charge_payment (tenant_id, id, charge_id, amount_fen, credited_at, reference, recorded_at,
                recorded_by)
            values (:tenant, :id, :charge, :amount, :credited, :reference, :now, :person) on conflict do nothing
            """)
                        .param("tenant", tenant)
                        .param("id", payment.id())
                        .param("charge", payment.charge())
                        .param("amount", payment.amount().fen())
                        .param("credited", payment.creditedAt().atOffset(ZoneOffset.UTC))
                        .param("reference", payment.reference())
                        .param("now", now.atOffset(ZoneOffset.UTC))
                        .param("person", person)
                        .update()
                == 1;
    }

    /** Those of all charges of a contract, in the order in which the money came. */
    List<ChargePayment> payments(UUID tenant, UUID contract) {
        var receipts = receipts(tenant, contract);
        return jdbc.sql("""
            select p.* from billing.charge_payment p
            join billing.charge c on c.tenant_id = p.tenant_id and c.id = p.charge_id
            where p.tenant_id = :tenant and c.tenant_id = :tenant and c.contract_id = :contract
            order by p.credited_at, p.id
            """)
                .param("tenant", tenant)
                .param("contract", contract)
                .query((row, _) -> {
                    var id = row.getObject("id", UUID.class);
                    var returned = row.getObject("returned_at", OffsetDateTime.class);
                    return new ChargePayment(
                            id,
                            row.getObject("charge_id", UUID.class),
                            Money.ofFen(row.getLong("amount_fen")),
                            row.getObject("credited_at", OffsetDateTime.class).toInstant(),
                            row.getString("reference"),
                            returned == null ? null : returned.toInstant(),
                            receipts.getOrDefault(id, List.of()));
                })
                .list();
    }

    /** The bank took it back, so the charge is not paid, whatever else came in. */
    void returned(UUID tenant, ChargePayment payment, Instant at, String reason, Instant now, UUID person) {
        jdbc.sql("""
            update billing.charge_payment set returned_at = :at, return_reason = :reason, return_recorded_at = :now,
                returned_by = :person
            where tenant_id = :tenant and id = :id and returned_at is null
            """)
                .param("at", at.atOffset(ZoneOffset.UTC))
                .param("reason", reason)
                .param("now", now.atOffset(ZoneOffset.UTC))
                .param("person", person)
                .param("tenant", tenant)
                .param("id", payment.id())
                .update();
        jdbc.sql("""
            update billing.charge set paid_at = null, paid_reference = null, paid_by = null
            where tenant_id = :tenant and id = :charge
            """)
                .param("tenant", tenant)
                .param("charge", payment.charge())
                .update();
    }

    void add(UUID tenant, Receipt receipt, UUID provider, UUID person) {
        jdbc.sql("""
            insert into billing.charge_receipt (tenant_id, id, payment_id, provider_id, number, words, payer, payee, hash,
                replaces, reason, issued_at, issued_by)
            values (:tenant, :id, :payment, :provider, :number, :words, :payer, :payee, :hash, :replaces, :reason, :at,
                :person)
            """)
                .param("tenant", tenant)
                .param("id", receipt.id())
                .param("payment", receipt.payment())
                .param("provider", provider)
                .param("number", receipt.number())
                .param("words", receipt.words())
                .param("payer", receipt.payer())
                .param("payee", receipt.payee())
                .param("hash", receipt.hash())
                .param("replaces", receipt.replaces())
                .param("reason", receipt.reason())
                .param("at", receipt.issuedAt().atOffset(ZoneOffset.UTC))
                .param("person", person)
                .update();
    }

    private Map<UUID, List<Receipt>> receipts(UUID tenant, UUID contract) {
        return jdbc.sql("""
                select r.*, p.amount_fen, p.credited_at, p.returned_at, n.id as replaced_by
                from billing.charge_receipt r
                join billing.charge_payment p on p.tenant_id = r.tenant_id and p.id = r.payment_id
                join billing.charge c on c.tenant_id = p.tenant_id and c.id = p.charge_id
                left join billing.charge_receipt n on n.tenant_id = r.tenant_id and n.replaces = r.id
                where r.tenant_id = :tenant and c.tenant_id = :tenant and c.contract_id = :contract
                order by r.number
                """)
                .param("tenant", tenant)
                .param("contract", contract)
                .query((row, _) -> new Receipt(
                        row.getObject("id", UUID.class),
                        row.getObject("payment_id", UUID.class),
                        row.getLong("number"),
                        Money.ofFen(row.getLong("amount_fen")),
                        row.getString("words"),
                        row.getString("payer"),
                        row.getString("payee"),
                        row.getObject("credited_at", OffsetDateTime.class).toInstant(),
                        null,
                        row.getObject("replaces", UUID.class),
                        row.getString("reason"),
                        row.getObject("replaced_by", UUID.class),
                        row.getObject("returned_at") != null,
                        row.getString("hash"),
                        row.getObject("issued_at", OffsetDateTime.class).toInstant()))
                .list()
                .stream()
                .collect(Collectors.groupingBy(Receipt::payment));
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
                paid == null ? null : paid.toInstant(),
                Money.ofFen(row.getLong("paid_fen")));
    }
}
