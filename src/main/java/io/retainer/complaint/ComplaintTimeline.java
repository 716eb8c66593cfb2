package io.retainer.complaint;

import io.retainer.identity.Access;
import io.retainer.identity.Capability;
import io.retainer.kernel.Sentence;
import io.retainer.relationship.CustomerRisks;
import io.retainer.relationship.CustomerTimeline;
import io.retainer.relationship.CustomerTimeline.Happening;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Collection;
import java.util.List;
import java.util.UUID;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** Tells the relation with a customer of its complaints, and of who complains again. */
@Component
class ComplaintTimeline implements CustomerTimeline, CustomerRisks {

    private static final int COMPLAINTS = 2;
    private static final int DAYS = 90;

    private final JdbcClient jdbc;

    ComplaintTimeline(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    @Override
    public List<Happening> of(Access access, UUID customer, int most) {
        if (!access.may(Capability.READ_COMPLAINTS)) {
            return List.of();
        }
        return jdbc.sql("""
                select id, number, stage, received_at from complaint.complaint
                where tenant_id = :tenant and contract_id = :contract and customer_id = :customer
                order by received_at desc, id desc limit :most
                """)
                .param("tenant", access.tenant())
                .param("contract", access.contract())
                .param("customer", customer)
                .param("most", most)
                .query((row, _) -> Happening.at(
                        Topic.COMPLAINT,
                        row.getObject("received_at", OffsetDateTime.class).toInstant(),
                        "message-report",
                        Sentence.of(
                                "complaint.timeline.case",
                                row.getLong("number"),
                                StageName.valueOf(row.getString("stage"))),
                        "/contracts/" + access.contract() + "/complaints/" + row.getObject("id", UUID.class)))
                .list();
    }

    @Override
    public Sentence rule() {
        return Sentence.of("complaint.risk.rule", COMPLAINTS, DAYS);
    }

    @Override
    public List<Risk> among(UUID tenant, UUID contract, Collection<UUID> customers, Instant now) {
        return jdbc.sql("""
                select customer_id, count(*)::int as complaints from complaint.complaint
                where tenant_id = :tenant and contract_id = :contract and customer_id = any (:customers)
                and received_at > :since and stage <> 'MERGED'
                group by customer_id having count(*) >= :least or max(reopened) > 0
                """)
                .param("tenant", tenant)
                .param("contract", contract)
                .param("customers", customers.toArray(UUID[]::new))
                .param("since", now.minus(Duration.ofDays(DAYS)).atOffset(ZoneOffset.UTC))
                .param("least", COMPLAINTS)
                .query((row, _) -> new Risk(
                        row.getObject("customer_id", UUID.class),
                        Sentence.of("complaint.risk", row.getInt("complaints"))))
                .list();
    }
}
