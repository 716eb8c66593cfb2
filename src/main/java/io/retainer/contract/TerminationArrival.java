package io.retainer.contract;

import org.springframework.context.ApplicationEventPublisher;
import org.springframework.context.event.EventListener;
import org.springframework.stereotype.Component;

/** Says of a termination what the contract's clock says: its notice has arrived. */
@Component
class TerminationArrival {

    private final LifeRows rows;
    private final ApplicationEventPublisher events;

    TerminationArrival(LifeRows rows, ApplicationEventPublisher events) {
        this.rows = rows;
        this.events = events;
    }

    @EventListener
    void on(ContractTerminating ending) {
        rows.terminations(ending.tenant(), ending.contract()).stream()
                .filter(termination -> termination.state() == Termination.State.DECLARED)
                .filter(termination -> termination.ground() == ending.ground())
                .findFirst()
                .ifPresent(termination -> {
                    var event = termination.arrive(ending.happenedAt(), ending.actor());
                    rows.update(termination.after(event, null));
                    events.publishEvent(event);
                });
    }
}
