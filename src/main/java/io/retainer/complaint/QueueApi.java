package io.retainer.complaint;

import io.retainer.identity.Access;
import io.retainer.identity.SignedIn;
import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.servlet.mvc.method.annotation.SseEmitter;

/** The queue over all contracts a person works under. */
@RestController
@RequestMapping("/api/v1/complaints")
class QueueApi {

    private final CaseDesk desk;
    private final Live live;

    QueueApi(CaseDesk desk, Live live) {
        this.desk = desk;
        this.live = live;
    }

    /** Server-sent events: {@code changed} when something in one of the queues changed. */
    @GetMapping(path = "/live", produces = MediaType.TEXT_EVENT_STREAM_VALUE)
    SseEmitter live(SignedIn person) {
        return live.open(
                desk.accesses(person.person()).stream().map(Access::contract).toList(), null, person.person());
    }
}
