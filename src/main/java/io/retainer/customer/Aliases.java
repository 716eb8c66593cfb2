package io.retainer.customer;

import io.retainer.kernel.DataSubjects;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/** Under which ids a customer is known besides, after merges. */
@Repository
class Aliases implements DataSubjects {

    private final JdbcClient jdbc;

    Aliases(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    @Override
    public List<UUID> knownAs(UUID tenant, UUID id) {
        var known = new ArrayList<>(List.of(id));
        jdbc
                .sql("""
                        with one as (select coalesce((select survivor_id from customer.alias
                            where tenant_id = :tenant and id = :id), :id) as id)
                        select id from one
                        union select a.id from customer.alias a join one on a.survivor_id = one.id where a.tenant_id = :tenant
                        """)
                .param("tenant", tenant)
                .param("id", id)
                .query((row, _) -> row.getObject(1, UUID.class))
                .list()
                .stream()
                .filter(other -> !other.equals(id))
                .forEach(known::add);
        return known;
    }
}
