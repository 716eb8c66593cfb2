package io.retainer.relationship;

import io.retainer.customer.CustomerReferences;
import java.util.List;
import java.util.UUID;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * Takes referrals, ties and whom a company was spoken to through along when two customers become one, on either side; what
 * would refer or tie a customer to itself, or say a thing twice, stays behind.
 */
@Configuration(proxyBeanMethods = false)
class ReferralReferences {

    @Bean
    CustomerReferences referrerReferences(JdbcClient jdbc) {
        return new Side(jdbc, "relationship.referrer", "referral", "referrer_id", """
            and referred_id <> :to
            """);
    }

    @Bean
    CustomerReferences referredReferences(JdbcClient jdbc) {
        return new Side(jdbc, "relationship.referred", "referral", "referred_id", """
            and referrer_id <> :to and not exists (select from relationship.referral o where o.tenant_id = :tenant
                and o.contract_id = r.contract_id and o.referred_id = :to)
            """);
    }

    @Bean
    CustomerReferences tieReferences(JdbcClient jdbc) {
        return new Side(jdbc, "relationship.tie", "tie", "customer_id", """
            and other_id <> :to and not exists (select from relationship.tie o where o.tenant_id = :tenant
                and o.contract_id = r.contract_id and o.customer_id = :to and o.other_id = r.other_id and o.kind = r.kind)
            """);
    }

    @Bean
    CustomerReferences tiedReferences(JdbcClient jdbc) {
        return new Side(jdbc, "relationship.tied", "tie", "other_id", """
            and customer_id <> :to and not exists (select from relationship.tie o where o.tenant_id = :tenant
                and o.contract_id = r.contract_id and o.other_id = :to and o.customer_id = r.customer_id and o.kind = r.kind)
            """);
    }

    @Bean
    CustomerReferences touchedReferences(JdbcClient jdbc) {
        return new Side(jdbc, "relationship.touched", "touch", "person_id", "");
    }

    private record Side(JdbcClient jdbc, String name, String table, String column, String guard)
            implements CustomerReferences {

        @Override
        public List<UUID> move(UUID tenant, UUID from, UUID to) {
            return jdbc.sql("update relationship." + table + " r set " + column + " = :to where tenant_id = :tenant and "
                            + column + " = :from " + guard + " returning id")
                    .param("tenant", tenant)
                    .param("from", from)
                    .param("to", to)
                    .query((row, _) -> row.getObject(1, UUID.class))
                    .list();
        }

        @Override
        public void moveBack(UUID tenant, List<UUID> rows, UUID to) {
            jdbc.sql("update relationship." + table + " set " + column
                            + " = :to where tenant_id = :tenant and id = any (:ids)")
                    .param("tenant", tenant)
                    .param("to", to)
                    .param("ids", rows.toArray(UUID[]::new))
                    .update();
        }
    }
}
