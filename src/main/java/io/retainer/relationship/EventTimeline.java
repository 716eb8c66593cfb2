package io.retainer.relationship;

import io.retainer.customer.Events;
import io.retainer.identity.Access;
import io.retainer.kernel.Sentence;
import io.retainer.relationship.CustomerTimeline.Happening;
import java.util.List;
import java.util.UUID;
import org.springframework.stereotype.Component;

/** What the customer did besides buying. */
@Component
class EventTimeline implements CustomerTimeline {

    private final Events events;

    EventTimeline(Events events) {
        this.events = events;
    }

    @Override
    public List<Happening> of(Access access, UUID customer, int most) {
        return events.latest(access, customer, most).stream()
                .map(event -> Happening.at(
                        Topic.EVENT,
                        event.happenedAt(),
                        "activity",
                        Sentence.of("relationship.step.did", event.kind()),
                        null))
                .toList();
    }
}
