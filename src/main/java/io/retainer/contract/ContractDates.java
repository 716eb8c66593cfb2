package io.retainer.contract;

import io.retainer.identity.Engagement;
import io.retainer.kernel.Party;
import java.time.LocalDate;
import java.util.Collection;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** The dates of contracts in force and whom they bind, over all clients: for whoever reminds people of them. */
@Component
public class ContractDates {

    private final JdbcClient jdbc;

    ContractDates(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /**
     * The term of a contract in force (I-2.1).
     *
     * @param endsOn last day, inclusive
     */
    public record Dates(
            UUID tenant,
            UUID contract,
            @Nullable LocalDate startsOn,
            @Nullable LocalDate endsOn) {}

    /** Contracts whose term starts or ends within these days, both included. */
    public List<Dates> between(LocalDate since, LocalDate until) {
        return jdbc.sql("select * from contract.dated(:since, :until)")
                .param("since", since)
                .param("until", until)
                .query((row, _) -> new Dates(
                        row.getObject("tenant_id", UUID.class),
                        row.getObject("contract_id", UUID.class),
                        row.getObject("starts_on", LocalDate.class),
                        row.getObject("ends_on", LocalDate.class)))
                .list();
    }

    /** Who the parties of these contracts are, whoever the client. */
    public List<Engagement> parties(Collection<UUID> contracts) {
        return jdbc.sql("select * from contract.parties(:contracts)")
                .param("contracts", contracts.toArray(UUID[]::new))
                .query((row, _) -> new Engagement(
                        row.getObject("tenant_id", UUID.class),
                        row.getObject("contract_id", UUID.class),
                        row.getObject("organisation", UUID.class),
                        Party.valueOf(row.getString("party"))))
                .list();
    }
}
