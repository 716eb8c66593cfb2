package io.retainer.messaging;

import io.retainer.identity.Idempotency;
import io.retainer.identity.SignedIn;
import io.retainer.kernel.Texts;
import io.retainer.messaging.MessageRows.Attempt;
import io.retainer.messaging.MessageRows.Filter;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

/** Messages over the API. */
@RestController
@RequestMapping("/api/v1/messages")
@Tag(name = "Messages", description = "What was said to whom and what became of it; the wording of each client.")
class MessageApi {

    private final Inbox inbox;
    private final MessageDesk desk;
    private final Templates templates;
    private final Idempotency idempotency;

    MessageApi(Inbox inbox, MessageDesk desk, Templates templates, Idempotency idempotency) {
        this.inbox = inbox;
        this.desk = desk;
        this.templates = templates;
        this.idempotency = idempotency;
    }

    record MessageView(
            UUID tenant,
            UUID id,
            String kind,
            Channel channel,
            Recipient.Kind recipientKind,
            UUID recipient,
            @Nullable UUID contract,
            MessageState state,
            @Nullable String code,
            @Nullable String reason,
            Instant queuedAt,
            @Nullable Instant sentAt,
            @Nullable Instant endedAt,
            int attempts) {}

    record PageView(List<MessageView> items, @Nullable UUID next) {}

    record DetailView(MessageView message, List<Attempt> history) {}

    record OwnView(
            UUID id,
            String subject,
            String text,
            Instant at,
            @Nullable Instant readAt) {}

    record OwnPage(List<OwnView> items, @Nullable UUID next, long unread) {}

    /** @param version of the client's own; 0 while it has none */
    record TemplateView(int version, String subject, String body) {}

    /** @param seen the version it was written over */
    record TemplateRequest(
            int seen, @Nullable String subject, @Nullable String body) {}

    private record Resent(UUID message) {}

    @Operation(summary = "One's own messages, the newest first")
    @GetMapping("/own")
    OwnPage own(SignedIn signedIn, @RequestParam(required = false) @Nullable UUID after) {
        var page = inbox.page(signedIn.person(), after);
        return new OwnPage(
                page.items().stream()
                        .map(item -> new OwnView(
                                item.message().id(),
                                item.wording().subject(),
                                item.wording().text(),
                                item.message().queuedAt(),
                                item.message().readAt()))
                        .toList(),
                page.next(),
                inbox.unread(signedIn.person()));
    }

    @Operation(summary = "The outbox, the newest first", description = "q: id of a message, recipient or contract.")
    @GetMapping
    PageView list(
            SignedIn signedIn,
            @RequestParam(required = false) @Nullable UUID tenant,
            @RequestParam(required = false) @Nullable MessageState state,
            @RequestParam(required = false) @Nullable Channel channel,
            @RequestParam(required = false) @Nullable String kind,
            @RequestParam(required = false) @Nullable String q,
            @RequestParam(required = false) @Nullable UUID after,
            Locale locale) {
        var page =
                desk.page(signedIn.person(), tenant, new Filter(state, channel, kind, MessageController.id(q)), after);
        return new PageView(
                page.messages().stream().map(message -> view(message, locale)).toList(), page.next());
    }

    /** @param who a phone number, an e-mail address or the id of a customer */
    record SuppressionRequest(UUID tenant, @Nullable String who, Channel channel, ContactBudget.Suppression reason) {

        /** Shows nothing of the person. */
        @Override
        public String toString() {
            return "SuppressionRequest";
        }
    }

    record SuppressionSearch(UUID tenant, @Nullable String who) {

        @Override
        public String toString() {
            return "SuppressionSearch";
        }
    }

    @Operation(
            summary = "The suppression list of a client",
            description = "Found by phone number, e-mail address or id in the body; all without one, the newest first.")
    @PostMapping("/suppressions/search")
    List<MessageDesk.Quiet> suppressions(SignedIn signedIn, @RequestBody SuppressionSearch search) {
        return desk.suppressed(signedIn.person(), search.tenant(), search.who() == null ? "" : search.who());
    }

    @Operation(summary = "Address somebody no more on a channel")
    @PostMapping("/suppressions")
    List<MessageDesk.Quiet> suppress(SignedIn signedIn, @RequestBody SuppressionRequest request) {
        var who = request.who() == null ? "" : request.who();
        desk.suppress(signedIn.person(), request.tenant(), who, request.channel(), request.reason());
        return desk.suppressed(signedIn.person(), request.tenant(), who);
    }

    @Operation(summary = "Take somebody off the suppression list")
    @DeleteMapping("/suppressions/{tenant}/{recipient}/{channel}")
    @ResponseStatus(HttpStatus.NO_CONTENT)
    void release(
            SignedIn signedIn, @PathVariable UUID tenant, @PathVariable UUID recipient, @PathVariable Channel channel) {
        desk.unsuppress(signedIn.person(), tenant, recipient, channel);
    }

    @Operation(summary = "One message and every attempt to send it")
    @GetMapping("/{message}")
    DetailView show(SignedIn signedIn, @PathVariable UUID message, Locale locale) {
        var shown = desk.show(signedIn.person(), message);
        return new DetailView(view(shown.message(), locale), shown.attempts());
    }

    @Operation(summary = "Send what failed or bounced once more")
    @PostMapping("/{message}/resend")
    DetailView resend(
            SignedIn signedIn,
            @PathVariable UUID message,
            @RequestHeader(name = "Idempotency-Key", required = false) @Nullable String key,
            Locale locale) {
        var tenant = desk.show(signedIn.person(), message).message().tenant();
        idempotency.once(signedIn.person(), tenant, key, List.of("resend", message), Resent.class, () -> {
            desk.resend(signedIn.person(), message);
            return new Resent(message);
        });
        return show(signedIn, message, locale);
    }

    @Operation(summary = "How a kind of message is worded for a client")
    @GetMapping("/templates/{tenant}/{kind}/{language}")
    TemplateView template(
            SignedIn signedIn, @PathVariable UUID tenant, @PathVariable String kind, @PathVariable String language) {
        desk.require(signedIn.person(), tenant);
        var current = templates.current(tenant, templates.kind(kind), desk.language(language));
        int version = templates
                .newest(tenant, kind, language)
                .map(Templates.Edition::version)
                .orElse(0);
        return new TemplateView(version, current.subject(), current.body());
    }

    @Operation(summary = "Word it anew", description = "Without subject and body: back to the platform's wording.")
    @PutMapping("/templates/{tenant}/{kind}/{language}")
    TemplateView write(
            SignedIn signedIn,
            @PathVariable UUID tenant,
            @PathVariable String kind,
            @PathVariable String language,
            @RequestBody TemplateRequest request) {
        desk.write(signedIn.person(), tenant, kind, language, request.seen(), request.subject(), request.body());
        return template(signedIn, tenant, kind, language);
    }

    private static MessageView view(Message message, Locale locale) {
        var reason = message.reason();
        return new MessageView(
                message.tenant(),
                message.id(),
                message.kind(),
                message.channel(),
                message.recipient().kind(),
                message.recipient().id(),
                message.contract(),
                message.state(),
                reason == null ? null : "messaging.reason." + reason,
                reason == null ? null : Texts.in(locale).say("messaging.reason." + reason),
                message.queuedAt(),
                message.sentAt(),
                message.endedAt(),
                message.attempts());
    }
}
