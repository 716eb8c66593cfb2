package io.retainer.relationship;

import io.retainer.customer.Orders;
import io.retainer.identity.Access;
import io.retainer.kernel.Sentence;
import io.retainer.relationship.CustomerTimeline.Happening;
import java.util.List;
import java.util.UUID;
import org.springframework.stereotype.Component;

/** What the customer bought. */
@Component
class OrderTimeline implements CustomerTimeline {

    private final Orders orders;

    OrderTimeline(Orders orders) {
        this.orders = orders;
    }

    @Override
    public List<Happening> of(Access access, UUID customer, int most) {
        return orders.latest(access, customer, most).stream()
                .map(order -> Happening.on(
                        Topic.ORDER,
                        order.orderedOn(),
                        "shopping-cart",
                        Sentence.of("relationship.step.ordered", order.number(), order.amount()),
                        null))
                .toList();
    }
}
