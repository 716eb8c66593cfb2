package io.retainer.contract;

import io.retainer.identity.Engagement;
import io.retainer.identity.Engagements;
import io.retainer.identity.Reach;
import io.retainer.kernel.Party;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** Answers identity's question: an organisation has a part in the contracts that name it as client or provider. */
@Component
class ContractEngagements implements Engagements {

    private final JdbcClient jdbc;

    ContractEngagements(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    @Override
    public List<Engagement> of(Collection<UUID> organisations, @Nullable UUID contract, Instant at) {
        if (organisations.isEmpty()) {
            return List.of();
        }
        return jdbc.sql("""
                        select tenant_id, contract_id, organisation, party, state
                        from contract.engagements(:organisations, cast(:contract as uuid)) order by contract_id desc
                        """)
                .param("organisations", organisations.toArray(UUID[]::new))
                .param("contract", contract == null ? null : contract.toString())
                .query((row, _) -> new Engagement(
                        row.getObject("tenant_id", UUID.class),
                        row.getObject("contract_id", UUID.class),
                        row.getObject("organisation", UUID.class),
                        Party.valueOf(row.getString("party")),
                        reach(ContractState.valueOf(row.getString("state")))))
                .list();
    }

    /** Before all have signed it binds nobody. Once a contract has ended its terms are no longer edited; once it is closed or void, it is only read. */
    private static Reach reach(ContractState state) {
        return switch (state) {
            case DRAFT, PENDING_SIGN -> Reach.PROPOSED;
            case EFFECTIVE, ACTIVE, SUSPENDED -> Reach.FULL;
            case TERMINATING -> Reach.WINDING_UP;
            case CLOSED, VOID -> Reach.RECORDS;
        };
    }
}
