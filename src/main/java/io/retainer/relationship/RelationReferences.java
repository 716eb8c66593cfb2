package io.retainer.relationship;

import io.retainer.customer.CustomerReferences;
import java.time.Clock;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/**
 * Takes what was said, tasks, opportunities and the relation itself along when two customers become one, and puts them back
 * when they part.
 */
@Component
class RelationReferences implements CustomerReferences {

    private static final List<String> TABLES = List.of("touch", "task", "opportunity");

    private final JdbcClient jdbc;
    private final MergedRelations merged;
    private final RelationRows rows;
    private final Clock clock;

    RelationReferences(JdbcClient jdbc, MergedRelations merged, RelationRows rows, Clock clock) {
        this.jdbc = jdbc;
        this.merged = merged;
        this.rows = rows;
        this.clock = clock;
    }

    /** From when only these moved. */
    @Override
    public String name() {
        return "relationship.touch";
    }

    @Override
    public List<UUID> move(UUID tenant, UUID from, UUID to) {
        var moved = new ArrayList<UUID>();
        for (var table : TABLES) {
            moved.addAll(jdbc.sql("update relationship." + table
                            + " set customer_id = :to where tenant_id = :tenant and customer_id = :from returning id")
                    .param("tenant", tenant)
                    .param("from", from)
                    .param("to", to)
                    .query((row, _) -> row.getObject(1, UUID.class))
                    .list());
        }
        var now = clock.instant().truncatedTo(ChronoUnit.MICROS);
        for (var resting : rows.ofCustomer(tenant, from)) {
            merged.merge(tenant, resting.contract(), from, to, now);
            moved.add(resting.id());
        }
        return moved;
    }

    @Override
    public void moveBack(UUID tenant, List<UUID> ids, UUID to) {
        for (var table : TABLES) {
            jdbc.sql("update relationship." + table
                            + " set customer_id = :to where tenant_id = :tenant and id = any (:ids)")
                    .param("tenant", tenant)
                    .param("to", to)
                    .param("ids", ids.toArray(UUID[]::new))
                    .update();
        }
        var now = clock.instant().truncatedTo(ChronoUnit.MICROS);
        rows.ofIds(tenant, ids).forEach(resting -> merged.part(tenant, resting, to, now));
    }
}
