package io.retainer.relationship;

import io.retainer.customer.Orders;
import io.retainer.kernel.Sentence;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.Collection;
import java.util.List;
import java.util.UUID;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.core.simple.JdbcClient;

/** The rules that follow from contacts and from orders. */
@Configuration(proxyBeanMethods = false)
class RiskRules {

    static final int MISSED = 3;
    static final int MISSED_DAYS = 60;
    static final int ORDERS = 4;
    static final int TIMES = 3;

    /** Tried in vain several times since the last contact. */
    @Bean
    CustomerRisks missedRisk(JdbcClient jdbc) {
        return new CustomerRisks() {

            @Override
            public Sentence rule() {
                return Sentence.of("relationship.risk.missed.rule", MISSED, MISSED_DAYS);
            }

            @Override
            public List<Risk> among(UUID tenant, UUID contract, Collection<UUID> customers, Instant now) {
                return jdbc.sql("""
                        select t.customer_id, count(*)::int as missed from relationship.touch t
                        where t.tenant_id = :tenant and t.contract_id = :contract and t.customer_id = any (:customers)
                        and t.reached = false and t.happened_at > :since
                        and not exists (select from relationship.touch r where r.tenant_id = :tenant
                            and r.contract_id = :contract and r.customer_id = t.customer_id and r.reached
                            and r.happened_at > t.happened_at)
                        group by t.customer_id having count(*) >= :least
                        """)
                        .param("tenant", tenant)
                        .param("contract", contract)
                        .param("customers", customers.toArray(UUID[]::new))
                        .param("since", now.minus(Duration.ofDays(MISSED_DAYS)).atOffset(ZoneOffset.UTC))
                        .param("least", MISSED)
                        .query((row, _) -> new Risk(
                                row.getObject("customer_id", UUID.class),
                                Sentence.of("relationship.risk.missed", row.getInt("missed"))))
                        .list();
            }
        };
    }

    /** Silent for much longer than it usually is between orders. */
    @Bean
    CustomerRisks quietRisk(Orders orders) {
        return new CustomerRisks() {

            @Override
            public Sentence rule() {
                return Sentence.of("relationship.risk.quiet.rule", ORDERS, TIMES);
            }

            @Override
            public List<Risk> among(UUID tenant, UUID contract, Collection<UUID> customers, Instant now) {
                return orders.quiet(tenant, customers, LocalDate.ofInstant(now, Relations.ZONE), ORDERS, TIMES).stream()
                        .map(quiet -> new Risk(
                                quiet.customer(),
                                Sentence.of("relationship.risk.quiet", quiet.lastOn(), quiet.usualDays())))
                        .toList();
            }
        };
    }
}
