package io.retainer.customer;

import io.retainer.identity.Access;
import io.retainer.identity.Capability;
import io.retainer.identity.Idempotency;
import io.retainer.kernel.Refused;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

/** What customers did, for programs. */
@RestController
@RequestMapping("/api/v1/contracts/{contract}")
class EventApi {

    private static final int MOST_AT_ONCE = 1000;
    private static final int LATEST = 200;

    private final Events events;
    private final Idempotency idempotency;

    EventApi(Events events, Idempotency idempotency) {
        this.events = events;
        this.idempotency = idempotency;
    }

    /**
     * @param customer the number the client knows the customer by, or our id
     * @param number of the event; one that was sent before is not taken twice. Without it customer, kind and moment are
     * @param kind what happened, in the client's word for it, such as {@code sign-in}
     */
    record EventBody(
            @Nullable String customer,
            @Nullable String number,
            @Nullable String kind,
            @Nullable Instant happenedAt) {}

    /** All or none. */
    @PostMapping("/events/batch")
    @ResponseStatus(HttpStatus.CREATED)
    Events.Added addEvents(
            Access access,
            @RequestBody List<EventBody> bodies,
            @RequestHeader(name = "Idempotency-Key", required = false) @Nullable String key) {
        access.require(Capability.IMPORT_CUSTOMERS);
        if (bodies.isEmpty() || bodies.size() > MOST_AT_ONCE) {
            throw Refused.field("", "customer.api.most", MOST_AT_ONCE, bodies.size());
        }
        var sent = new ArrayList<Events.NewEvent>();
        for (int i = 0; i < bodies.size(); i++) {
            var body = bodies.get(i);
            sent.add(new Events.NewEvent(
                    given(i, "customer", body.customer()),
                    body.number(),
                    given(i, "kind", body.kind()),
                    given(i, "happenedAt", body.happenedAt())));
        }
        return idempotency.once(
                access,
                key,
                List.of(access.contract(), "events/batch", bodies),
                Events.Added.class,
                () -> events.add(access, sent));
    }

    record EventsBody(List<Events.CustomerEvent> events) {}

    /** What one customer did, the latest first, at most 200. */
    @GetMapping("/customers/{customer}/events")
    EventsBody eventsOf(Access access, @PathVariable UUID customer) {
        return new EventsBody(events.latest(access, customer, LATEST));
    }

    private static <T> T given(int place, String field, @Nullable T value) {
        if (value == null) {
            throw Refused.field(place + "." + field, "workbench.missing", place + "." + field);
        }
        return value;
    }
}
