package io.retainer.messaging;

import io.retainer.identity.OneTimeCodes;
import io.retainer.identity.SignedLinks;
import io.retainer.kernel.Ids;
import io.retainer.kernel.Money;
import io.retainer.kernel.Refused;
import io.retainer.kernel.Sentence;
import io.retainer.kernel.Tenancy;
import io.retainer.kernel.Texts;
import io.retainer.kernel.Unknown;
import io.retainer.messaging.DeliveryEvent.MessageDelivered;
import io.retainer.messaging.DeliveryEvent.MessageNotDelivered;
import io.retainer.messaging.MessageKind.Variable;
import io.retainer.messaging.MessageKind.VariableType;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.stereotype.Service;
import org.springframework.transaction.support.TransactionSynchronization;
import org.springframework.transaction.support.TransactionSynchronizationManager;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.json.JsonMapper;

/**
 * Takes what is to be said, in the transaction of its cause: when that commits the message will go out, once, even if
 * everything falls over right after; when it does not, there is no message.
 */
@Service
public class Messages {

    /** So long what happened is still news on somebody's phone. */
    private static final Duration FRESH = Duration.ofDays(1);

    private final MessageRows rows;
    private final Templates templates;
    private final Outbox outbox;
    private final SignedLinks links;
    private final OneTimeCodes codes;
    private final List<Quotes> quotes;
    private final Colleagues colleagues;
    private final Tenancy tenancy;
    private final JsonMapper json;
    private final ApplicationEventPublisher events;
    private final Clock clock;

    Messages(
            MessageRows rows,
            Templates templates,
            Outbox outbox,
            SignedLinks links,
            OneTimeCodes codes,
            List<Quotes> quotes,
            Colleagues colleagues,
            Tenancy tenancy,
            JsonMapper json,
            ApplicationEventPublisher events,
            Clock clock) {
        this.rows = rows;
        this.templates = templates;
        this.outbox = outbox;
        this.links = links;
        this.codes = codes;
        this.quotes = quotes;
        this.colleagues = colleagues;
        this.tenancy = tenancy;
        this.json = json;
        this.events = events;
        this.clock = clock;
    }

    /**
     * Queues a message; in the caller's transaction for this tenant, or in one of its own.
     *
     * @return its id, or the id of the message that said it before
     * @throws IllegalArgumentException when a variable is missing or of another type than the kind declares
     */
    public UUID queue(NewMessage wanted) {
        if (wanted.channel() == Channel.PHONE) {
            throw new IllegalArgumentException("A call is made by a person and noted by Contacts");
        }
        var kind = templates.kind(wanted.kind());
        var now = now();
        return tenancy.write(wanted.tenant(), () -> {
            boolean inApp = wanted.channel() == Channel.IN_APP;
            var message = new Message(
                    wanted.tenant(),
                    Ids.at(now.toEpochMilli()),
                    kind.name(),
                    kind.purpose(),
                    wanted.channel(),
                    wanted.recipient(),
                    wanted.contract(),
                    wanted.language(),
                    json.writeValueAsString(words(kind.variables(), wanted.variables(), wanted.language())),
                    templates.current(wanted.tenant(), kind, wanted.language()).version(),
                    wanted.key(),
                    inApp ? MessageState.DELIVERED : MessageState.QUEUED,
                    null,
                    now,
                    wanted.expiresAt(),
                    0,
                    null,
                    inApp ? now : null,
                    null,
                    null);
            if (!rows.add(message, inApp ? null : now)) {
                return rows.withKey(wanted.tenant(), wanted.key()).orElseThrow();
            }
            toWecom(wanted, kind.purpose(), now);
            if (inApp) {
                events.publishEvent(new MessageDelivered(
                        message.tenant(),
                        message.id(),
                        message.kind(),
                        message.recipient(),
                        message.contract(),
                        message.channel(),
                        now));
            } else {
                TransactionSynchronizationManager.registerSynchronization(new TransactionSynchronization() {
                    @Override
                    public void afterCommit() {
                        outbox.soon();
                    }
                });
            }
            return message.id();
        });
    }

    /** What is news to somebody who works here goes to their WeCom as well, if they said who they are there. */
    private void toWecom(NewMessage wanted, Purpose purpose, Instant now) {
        if (purpose != Purpose.STAFF
                || wanted.recipient().kind() != Recipient.Kind.PERSON
                || wanted.channel() == Channel.WECOM
                || !outbox.ready(Channel.WECOM, Recipient.Kind.PERSON)
                || colleagues.wecom(wanted.recipient().id()).isEmpty()) {
            return;
        }
        var stale = now.plus(FRESH);
        queue(new NewMessage(
                wanted.tenant(),
                wanted.kind(),
                Channel.WECOM,
                wanted.recipient(),
                wanted.contract(),
                "wecom/" + UUID.nameUUIDFromBytes(wanted.key().getBytes(StandardCharsets.UTF_8)),
                wanted.language(),
                wanted.variables(),
                wanted.expiresAt() == null || wanted.expiresAt().isAfter(stale) ? stale : wanted.expiresAt()));
    }

    /** Whether mails go out at all, for pages that promise one. */
    public boolean canSend(Channel channel) {
        return channel == Channel.IN_APP || outbox.ready().contains(channel);
    }

    /** The same for recipients of one kind, where a channel is set up for some and not for others. */
    public boolean canSend(Channel channel, Recipient.Kind kind) {
        return channel == Channel.IN_APP || outbox.ready(channel, kind);
    }

    /**
     * A mail server says that it could not deliver a mail: it is recorded, and the address is left alone until somebody forgives
     * it. What is no message of ours, and what has ended before, changes nothing.
     */
    public void bounced(UUID message) {
        if (rows.tenantOf(message).isPresent()) {
            lost(message, "reportedBounced", true);
        }
    }

    /** A provider says that a message it took has arrived. Repeated reports change nothing. */
    void arrived(UUID message) {
        reported(message, true, false, "");
    }

    /**
     * A provider, or a mail that came back, says that a message it took will not arrive.
     *
     * @param bounced whether the address is what does not work; it is left alone from now on
     */
    void lost(UUID message, String reason, boolean bounced) {
        reported(message, false, bounced, reason);
    }

    private void reported(UUID message, boolean delivered, boolean bounced, String reason) {
        var tenant = rows.tenantOf(message).orElseThrow(() -> new Unknown("message " + message));
        var now = now();
        tenancy.write(tenant, () -> {
            var found = rows.locked(tenant, message).orElseThrow(() -> new Unknown("message " + message));
            switch (found.state()) {
                case SENT, SENDING, QUEUED, DELIVERED -> {
                    if (delivered && found.state() != MessageState.DELIVERED) {
                        rows.move(found, MessageState.DELIVERED, null, null, null, now);
                        events.publishEvent(new MessageDelivered(
                                tenant,
                                message,
                                found.kind(),
                                found.recipient(),
                                found.contract(),
                                found.channel(),
                                now));
                    } else if (!delivered) {
                        var state = bounced ? MessageState.BOUNCED : MessageState.FAILED;
                        rows.move(found, state, reason, null, null, now);
                        if (bounced) {
                            rows.suppress(
                                    tenant,
                                    found.recipient().id(),
                                    found.channel(),
                                    ContactBudget.Suppression.BOUNCED,
                                    now);
                        }
                        events.publishEvent(new MessageNotDelivered(
                                tenant,
                                message,
                                found.kind(),
                                found.recipient(),
                                found.contract(),
                                state,
                                reason,
                                now));
                    }
                }
                case BOUNCED, FAILED, SUPPRESSED -> {
                    // it is over, and has been said
                }
            }
        });
    }

    /**
     * Sends what failed or bounced once more, at a person's request; a bounce is forgiven.
     *
     * @throws Refused when there is nothing to send again
     */
    void resend(UUID tenant, UUID message) {
        var now = now();
        tenancy.write(tenant, () -> {
            var found = rows.locked(tenant, message).orElseThrow(() -> new Unknown("message " + message));
            if (!found.state().canBeResent()) {
                throw Refused.because("messaging.refused.resend", found.state());
            }
            if (templates.declares(found.kind(), VariableType.CODE)) {
                throw Refused.because("messaging.refused.resendCode");
            }
            if (found.state() == MessageState.BOUNCED) {
                rows.release(tenant, found.recipient().id(), found.channel());
            }
            rows.again(found, now, found.expiresAt() == null ? null : now.plus(Duration.ofDays(1)));
        });
        outbox.soon();
    }

    /** As it reads, links included. Empty when a code in it has ended meanwhile. */
    Optional<Wording> wording(Message message) {
        var kind = templates.kind(message.kind());
        Map<String, Object> words = new HashMap<>(json.readValue(message.words(), new TypeReference<>() {}));
        for (var variable : kind.variables()) {
            var stored = String.valueOf(words.get(variable.name()));
            Optional<?> said = switch (variable.type()) {
                case PATH -> Optional.of(templates.site() + stored);
                case QUOTE ->
                    quotes.stream()
                            .flatMap(source -> source.words(message.tenant(), UUID.fromString(stored)).stream())
                            .map(TemplateText.Quoted::new)
                            .findFirst();
                case CODE -> codes.digits(message.tenant(), UUID.fromString(stored));
                case SIGNED_LINK -> {
                    var pathAndId = stored.split("\\|", 2);
                    yield links.token(message.tenant(), UUID.fromString(pathAndId[1]))
                            .map(token -> templates.site() + pathAndId[0] + token);
                }
                case TEXT, TIME, NUMBER, MONEY, LIST -> Optional.ofNullable(words.get(variable.name()));
            };
            if (said.isEmpty()) {
                return Optional.empty();
            }
            words.put(variable.name(), said.get());
        }
        var template = templates.numbered(message.tenant(), message.kind(), message.language(), message.template());
        return Optional.of(templates.word(kind, template, words, message.language()));
    }

    /** The variables that are one string each, for providers that keep the wording on their side. */
    Map<String, Object> scalars(Message message) {
        Map<String, Object> words = new HashMap<>(json.readValue(message.words(), new TypeReference<>() {}));
        for (var variable : templates.kind(message.kind()).variables()) {
            if (variable.type() == VariableType.CODE) {
                codes.digits(message.tenant(), UUID.fromString(String.valueOf(words.get(variable.name()))))
                        .ifPresent(digits -> words.put(variable.name(), digits));
            }
        }
        words.values().removeIf(value -> !(value instanceof String));
        return words;
    }

    private static Map<String, Object> words(List<Variable> variables, Map<?, ?> given, String language) {
        var texts = Texts.in(language);
        var words = new HashMap<String, Object>();
        for (var variable : variables) {
            var value = given.get(variable.name());
            words.put(
                    variable.name(),
                    switch (variable.type()) {
                        case TEXT ->
                            value instanceof String text ? text : texts.say(typed(variable, value, Sentence.class));
                        case TIME ->
                            value instanceof LocalDate date
                                    ? texts.say("messaging.date", date)
                                    : texts.say("messaging.date", typed(variable, value, Instant.class));
                        case NUMBER ->
                            Long.toString(typed(variable, value, Number.class).longValue());
                        case MONEY -> texts.say("messaging.date", typed(variable, value, Money.class));
                        case PATH -> path(typed(variable, value, String.class));
                        case CODE, QUOTE -> typed(variable, value, UUID.class).toString();
                        case SIGNED_LINK -> {
                            var text = typed(variable, value, String.class);
                            UUID.fromString(text.substring(text.indexOf('|') + 1));
                            yield path(text);
                        }
                        case LIST ->
                            ((List<?>) typed(variable, value, List.class))
                                    .stream()
                                            .map(entry -> words(variable.of(), (Map<?, ?>) entry, language))
                                            .toList();
                    });
        }
        return words;
    }

    private static String path(String path) {
        if (!path.startsWith("/") || path.startsWith("//")) {
            throw new IllegalArgumentException("Not a path of this site: " + path);
        }
        return path;
    }

    private static <T> T typed(Variable variable, @Nullable Object value, Class<T> type) {
        if (!type.isInstance(value)) {
            throw new IllegalArgumentException("The variable " + variable.name() + " needs a " + type.getSimpleName());
        }
        return type.cast(value);
    }

    private Instant now() {
        return clock.instant().truncatedTo(ChronoUnit.MICROS);
    }
}
