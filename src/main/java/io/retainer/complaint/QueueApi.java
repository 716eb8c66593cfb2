package io.retainer.complaint;

import io.retainer.identity.Access;
import io.retainer.identity.SignedIn;
import io.retainer.kernel.Refused;
import io.retainer.kernel.Texts;
import java.util.List;
import java.util.Locale;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.servlet.mvc.method.annotation.SseEmitter;

/** The queue over all contracts a person works under. */
@RestController
@RequestMapping("/api/v1/complaints")
class QueueApi {

    private final CaseQueue queue;
    private final KeptViews views;
    private final Acting acting;
    private final Live live;

    QueueApi(CaseQueue queue, KeptViews views, Acting acting, Live live) {
        this.queue = queue;
        this.views = views;
        this.acting = acting;
        this.live = live;
    }

    /** The queue over all contracts, fifty at a time, by due time, with how many are in each view, counted up to 100. */
    @GetMapping
    CaseQueue.Queue queue(SignedIn person, Filter filter, @RequestParam(required = false) @Nullable String after) {
        return queue.page(person.person(), queue.accesses(person.person()), filter, "", after);
    }

    /** Found by number, phone, address or words; by body, because what is searched for is personal. */
    @PostMapping("/search")
    CaseQueue.Queue search(
            SignedIn person,
            @RequestBody ComplaintApi.SearchBody body,
            @RequestParam(required = false) @Nullable String after) {
        return queue.page(
                person.person(), queue.accesses(person.person()), Filter.OPEN, body.q() == null ? "" : body.q(), after);
    }

    /** One complaint of the queue. */
    record PlaceBody(@Nullable UUID contract, @Nullable UUID complaint) {

        private static boolean whole(@Nullable PlaceBody each) {
            return each != null && each.contract() != null && each.complaint() != null;
        }
    }

    /**
     * @param owner for {@code assign}
     * @param text for {@code note}
     */
    record ManyBody(
            @Nullable List<PlaceBody> complaints,
            @Nullable UUID owner,
            @Nullable String text) {}

    /** @param why in the caller's language */
    record NoBody(long number, String why) {}

    record DoneBody(int done, List<NoBody> refused) {}

    /**
     * The same for up to a hundred complaints, each under the caller's standing in its contract: {@code take}, {@code next},
     * {@code assign}, {@code acknowledge}, {@code investigate} or {@code note}. What is refused for one does not keep the
     * others from it.
     */
    @PostMapping("/acts/{act}")
    DoneBody many(SignedIn person, @PathVariable String act, @RequestBody ManyBody body, Locale locale) {
        var named = body.complaints() == null ? List.<PlaceBody>of() : body.complaints();
        for (int i = 0; i < named.size(); i++) {
            if (!PlaceBody.whole(named.get(i))) {
                throw Refused.field("complaints[" + i + "]", "workbench.missing", "complaints[" + i + "]");
            }
        }
        var places = named.stream()
                .map(each -> each.contract() + "_" + each.complaint())
                .toList();
        var done = acting.overAll(queue.accesses(person.person()), places, act, Act.ofMany(body.owner(), body.text()));
        var texts = Texts.in(locale);
        return new DoneBody(
                done.done(),
                done.refused().stream()
                        .map(no -> new NoBody(no.number(), texts.say(no.why().sentence())))
                        .toList());
    }

    record ViewBody(UUID id, String name, String filter) {}

    /** Views this person keeps of the queue over all contracts. */
    @GetMapping("/views")
    List<ViewBody> views(SignedIn person) {
        return views.own(person.person()).stream()
                .map(view -> new ViewBody(view.id(), view.name(), view.filter()))
                .toList();
    }

    /** Keeps the filter of the query under this name, in place of what was kept under it. */
    @PostMapping("/views")
    List<ViewBody> keep(SignedIn person, @RequestParam String name, Filter filter) {
        views.keepOwn(person.person(), name, filter);
        return views(person);
    }

    /** Keeps a view no longer. */
    @DeleteMapping("/views/{view}")
    @ResponseStatus(HttpStatus.NO_CONTENT)
    void drop(SignedIn person, @PathVariable UUID view) {
        views.dropOwn(person.person(), view);
    }

    /** Server-sent events: {@code changed} when something in one of the queues changed. */
    @GetMapping(path = "/live", produces = MediaType.TEXT_EVENT_STREAM_VALUE)
    SseEmitter live(SignedIn person) {
        return live.open(
                queue.accesses(person.person()).stream().map(Access::contract).toList(), null, person.person());
    }
}
