package io.retainer.complaint;

import static io.retainer.complaint.ComplaintRows.SELECT;
import static io.retainer.complaint.ComplaintRows.name;
import static io.retainer.complaint.ComplaintRows.utc;
import static io.retainer.complaint.ComplaintRows.utcOrNull;

import io.retainer.complaint.ComplaintRows.Row;
import io.retainer.contract.ContractedService;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/** The rows of the queue, found and counted without reading a longer queue than is shown. */
@Repository
class QueueRows {

    /** Of what has the words that are looked for, the newest. */
    private static final int MOST_FOUND = 200;

    private final JdbcClient jdbc;

    QueueRows(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /**
     * What is looked for. Values that are null do not restrict.
     *
     * @param tenants one for each of the contracts, in their order
     * @param values blind indexes of a phone number or address
     * @param parts only those whose words have all of them; then there is one contract only
     * @param product as it was written down
     * @param region as it was written down
     * @param receivedFrom not before
     * @param receivedBefore not then or later
     * @param counted only what the analysis counts
     * @param service of I-1.1 it is about
     */
    record Wanted(
            Collection<UUID> tenants,
            Collection<UUID> contracts,
            boolean open,
            @Nullable StageName stage,
            @Nullable Priority priority,
            @Nullable Category category,
            @Nullable Intake intake,
            @Nullable UUID owner,
            boolean unowned,
            boolean late,
            boolean paused,
            @Nullable RootCause cause,
            @Nullable Long number,
            List<Long> values,
            @Nullable List<Integer> parts,
            @Nullable String product,
            @Nullable String region,
            @Nullable Instant receivedFrom,
            @Nullable Instant receivedBefore,
            boolean counted,
            @Nullable ContractedService service) {}

    /**
     * @param afterDue when the last one seen was due, or null
     * @param afterId the last one seen, or null
     */
    List<Row> page(Wanted w, @Nullable Instant afterDue, @Nullable UUID afterId, int most, Instant now) {
        // Each contract by itself, so that its index gives the order and nothing is sorted but the heads.
        boolean one = w.contracts().size() == 1;
        var sql = new StringBuilder(one ? "" : "select c.* from " + PAIRS + " cross join lateral (")
                .append(SELECT)
                .append(
                        one
                                ? " where c.tenant_id = :tenant and c.contract_id = :contract"
                                : " where c.tenant_id = w.tenant_id and c.contract_id = w.contract_id")
                .append(w.open() ? " and c.ended_at is null" : "");
        if (w.stage() != null) {
            sql.append(" and c.stage = :stage");
        }
        if (w.priority() != null) {
            // Spelled out, for the index of the urgent ones.
            sql.append(" and c.priority = '").append(w.priority().name()).append('\'');
        }
        if (w.category() != null) {
            sql.append(" and c.category = :category");
        }
        if (w.intake() != null) {
            sql.append(" and c.intake = :intake");
        }
        if (w.owner() != null) {
            sql.append(" and c.owner = :owner");
        }
        if (w.unowned()) {
            sql.append(" and c.owner is null");
        }
        if (w.late()) {
            sql.append(" and c.due_at <= :now");
        }
        if (w.paused()) {
            sql.append(" and c.paused_for is not null");
        }
        if (w.cause() != null) {
            sql.append(" and c.cause = :cause");
        }
        if (w.product() != null) {
            sql.append(" and c.product = :product");
        }
        if (w.region() != null) {
            sql.append(" and c.region = :region");
        }
        if (w.service() != null) {
            sql.append(" and c.service = :service");
        }
        if (w.receivedFrom() != null) {
            sql.append(" and c.received_at >= :receivedFrom");
        }
        if (w.receivedBefore() != null) {
            sql.append(" and c.received_at < :receivedBefore");
        }
        if (w.counted()) {
            sql.append(" and c.stage <> 'MERGED'");
        }
        if (w.number() != null) {
            sql.append(" and c.number = :number");
        }
        if (!w.values().isEmpty()) {
            sql.append(" and (c.phone_index = any(:values) or c.email_index = any(:values))");
        }
        if (w.parts() != null) {
            sql.append(" and c.id in (select complaint.by_words(:tenant, :contract, cast(:parts as int[]), ")
                    .append(MOST_FOUND)
                    .append("))");
        }
        if (afterDue != null) {
            sql.append(w.open() ? " and (c.due_at, c.id) > (:afterDue, :afterId)" : " and c.id < :afterId");
        }
        var order = (w.open() ? " order by c.due_at, c.id" : " order by c.id desc") + " limit :most";
        sql.append(order);
        if (!one) {
            sql.append(") c").append(order);
        }
        return jdbc.sql(sql.toString())
                .param("tenants", w.tenants().toArray(UUID[]::new))
                .param("contracts", w.contracts().toArray(UUID[]::new))
                .param("tenant", w.tenants().iterator().next())
                .param("contract", w.contracts().iterator().next())
                .param("stage", name(w.stage()))
                .param("category", name(w.category()))
                .param("intake", name(w.intake()))
                .param("owner", w.owner())
                .param("cause", name(w.cause()))
                .param("number", w.number())
                .param("product", w.product())
                .param("region", w.region())
                .param("service", name(w.service()))
                .param("receivedFrom", utcOrNull(w.receivedFrom()))
                .param("receivedBefore", utcOrNull(w.receivedBefore()))
                .param("values", w.values().toArray(Long[]::new))
                .param("parts", w.parts() == null ? null : w.parts().toArray(Integer[]::new))
                .param("afterDue", afterDue == null ? null : utc(afterDue))
                .param("afterId", afterId)
                .param("now", utc(now))
                .param("most", most)
                .query(ComplaintRows::row)
                .list();
    }

    /**
     * How many there are in each view, counted up to {@link #COUNTED}: nobody reads a longer queue by its length, and
     * counting it would cost more than showing it.
     *
     * @param late whose due instant has passed
     */
    record Counts(int open, int late, int unowned, int mine, int paused, int urgent) {}

    static final int COUNTED = 100;

    private static final String PAIRS =
            "unnest(cast(:tenants as uuid[]), cast(:contracts as uuid[])) as w (tenant_id, contract_id)";

    /** @param tenants one for each of the contracts, in their order */
    Counts counts(Collection<UUID> tenants, Collection<UUID> contracts, UUID person, Instant now) {
        var counted = Stream.of(
                        "",
                        " and c.due_at <= :now",
                        " and c.owner is null",
                        " and c.owner = :person",
                        " and c.paused_for is not null",
                        " and c.priority = 'P1'")
                .map(restriction -> """
                        coalesce(sum((select count(*) from (select 1 from complaint.complaint c
                            where c.tenant_id = w.tenant_id and c.contract_id = w.contract_id and c.ended_at is null%s
                            limit :most) as first)), 0)::int""".formatted(restriction))
                .collect(Collectors.joining(", "));
        return jdbc.sql("select " + counted + " from " + PAIRS)
                .param("now", utc(now))
                .param("person", person)
                .param("most", COUNTED)
                .param("tenants", tenants.toArray(UUID[]::new))
                .param("contracts", contracts.toArray(UUID[]::new))
                .query((row, _) -> new Counts(
                        row.getInt(1), row.getInt(2), row.getInt(3), row.getInt(4), row.getInt(5), row.getInt(6)))
                .single();
    }
}
