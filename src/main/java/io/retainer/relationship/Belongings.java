package io.retainer.relationship;

import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.stereotype.Component;

/** What goes along when a customer goes from one agent to another, to the pool or out of it: nothing open is left behind. */
@Component
class Belongings {

    private final TaskRows tasks;
    private final OpportunityRows opportunities;
    private final ApplicationEventPublisher events;

    Belongings(TaskRows tasks, OpportunityRows opportunities, ApplicationEventPublisher events) {
        this.tasks = tasks;
        this.opportunities = opportunities;
        this.events = events;
    }

    /**
     * Within the running transaction, in which the relation is held.
     *
     * @return how many went along
     */
    int follow(RelationEvent event) {
        return switch (event) {
            case RelationEvent.Picked e -> follow(event, null, e.actor());
            case RelationEvent.Released e -> follow(event, e.from(), null);
            case RelationEvent.Recycled e -> follow(event, e.from(), null);
            case RelationEvent.HandedOver e -> follow(event, e.from(), e.to());
            case RelationEvent.Merged e -> e.agent() == null ? 0 : follow(event, null, e.agent());
            case RelationEvent.Parted e -> e.agent() == null ? 0 : follow(event, null, e.agent());
            case RelationEvent.Begun _,
                    RelationEvent.TierSet _,
                    RelationEvent.Touched _,
                    RelationEvent.CalledAgainstBudget _ -> 0;
        };
    }

    private int follow(RelationEvent event, @Nullable UUID from, @Nullable UUID to) {
        Instant now = event.happenedAt();
        var open = tasks.openOf(event.tenant(), event.contract(), event.customer(), from);
        for (var task : open) {
            var followed = task.follow(to, event.actor(), now);
            tasks.save(task.after(followed));
            events.publishEvent(followed);
        }
        var sought = opportunities.openOf(event.tenant(), event.contract(), event.customer(), from);
        for (var opportunity : sought) {
            var followed = opportunity.follow(to, event.actor(), now);
            opportunities.save(opportunity.after(followed));
            events.publishEvent(followed);
        }
        return open.size() + sought.size();
    }
}
