package io.retainer.complaint;

import io.retainer.customer.CustomerReferences;
import java.util.List;
import java.util.UUID;
import org.springframework.stereotype.Component;

/** Takes the complaints along when two customers become one, and puts them back when they part. */
@Component
class ComplaintReferences implements CustomerReferences {

    private final ComplaintRows rows;

    ComplaintReferences(ComplaintRows rows) {
        this.rows = rows;
    }

    @Override
    public String name() {
        return "complaint";
    }

    @Override
    public List<UUID> move(UUID tenant, UUID from, UUID to) {
        return rows.move(tenant, from, to);
    }

    @Override
    public void moveBack(UUID tenant, List<UUID> complaints, UUID to) {
        rows.moveBack(tenant, complaints, to);
    }
}
