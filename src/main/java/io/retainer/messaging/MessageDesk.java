package io.retainer.messaging;

import io.retainer.identity.Access;
import io.retainer.identity.Capability;
import io.retainer.identity.Organisations;
import io.retainer.identity.People;
import io.retainer.identity.Standings;
import io.retainer.kernel.Ids;
import io.retainer.kernel.Refused;
import io.retainer.kernel.Tenancy;
import io.retainer.kernel.Unknown;
import io.retainer.messaging.MessageRows.Attempt;
import io.retainer.messaging.MessageRows.Filter;
import io.retainer.messaging.MessageRows.Kept;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalTime;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Service;

/** What those who manage messages may see and do: for each client under whose contract they have that capability. */
@Service
class MessageDesk {

    static final int PAGE = 50;
    private static final int MOST_SUPPRESSED = 200;

    private final MessageRows rows;
    private final Messages messages;
    private final Templates templates;
    private final Outbox outbox;
    private final Standings standings;
    private final People people;
    private final Organisations organisations;
    private final List<Recipients> recipients;
    private final Tenancy tenancy;
    private final Clock clock;

    MessageDesk(
            MessageRows rows,
            Messages messages,
            Templates templates,
            Outbox outbox,
            Standings standings,
            People people,
            Organisations organisations,
            List<Recipients> recipients,
            Tenancy tenancy,
            Clock clock) {
        this.rows = rows;
        this.messages = messages;
        this.templates = templates;
        this.outbox = outbox;
        this.standings = standings;
        this.people = people;
        this.organisations = organisations;
        this.recipients = recipients;
        this.tenancy = tenancy;
        this.clock = clock;
    }

    /**
     * @param next what to ask for to get the rest, or null
     * @param names of the recipients whom the person may see; a customer's is masked
     */
    record Page(List<Message> messages, @Nullable UUID next, Map<MessageState, Long> counts, Map<UUID, String> names) {}

    /** @param name of the recipient, or null as in {@link Page} */
    record Shown(
            Message message,
            List<Attempt> attempts,
            @Nullable String name) {}

    /** The clients whose messages the person manages, and the person's own organisations when leading them. */
    Map<UUID, String> tenants(UUID person) {
        var ids = new ArrayList<UUID>();
        standings.contracts(person, clock.instant()).stream()
                .filter(access -> access.may(Capability.MANAGE_MESSAGES))
                .map(Access::tenant)
                .forEach(ids::add);
        people.memberships(person).stream()
                .filter(membership -> membership.role().managesPeople())
                .forEach(membership -> ids.add(membership.organisation()));
        if (ids.isEmpty()) {
            throw new Unknown("messages to manage");
        }
        return organisations.names(ids.stream().distinct().toList()).entrySet().stream()
                .sorted(Map.Entry.comparingByValue())
                .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue, (one, _) -> one, LinkedHashMap::new));
    }

    Set<Channel> ready() {
        return outbox.ready();
    }

    Page page(UUID person, @Nullable UUID tenant, Filter filter, @Nullable UUID after) {
        var all = tenants(person).keySet();
        var asked = tenant == null ? all : Set.of(require(person, tenant));
        var found = tenancy.read(asked, () -> rows.page(asked, filter, after, PAGE + 1));
        var counts = tenancy.read(asked, () -> rows.counts(asked));
        var shown = found.subList(0, Math.min(PAGE, found.size()));
        return new Page(shown, found.size() > PAGE ? shown.getLast().id() : null, counts, names(person, shown));
    }

    private Map<UUID, String> names(UUID person, List<Message> shown) {
        var names = new HashMap<>(people.names(shown.stream()
                .map(Message::recipient)
                .filter(recipient -> recipient.kind() == Recipient.Kind.PERSON)
                .map(Recipient::id)
                .collect(Collectors.toSet())));
        shown.stream()
                .filter(message -> message.recipient().kind() == Recipient.Kind.CUSTOMER)
                .collect(Collectors.groupingBy(
                        Message::tenant,
                        Collectors.mapping(message -> message.recipient().id(), Collectors.toSet())))
                .forEach((tenant, ids) ->
                        recipients.forEach(source -> names.putAll(source.called(person, tenant, ids))));
        return names;
    }

    Shown show(UUID person, UUID id) {
        var tenant = require(person, rows.tenantOf(id).orElseThrow(() -> new Unknown("message " + id)));
        var shown = tenancy.read(
                tenant,
                () -> new Shown(
                        rows.find(tenant, id).orElseThrow(() -> new Unknown("message " + id)),
                        rows.attempts(tenant, id),
                        null));
        return new Shown(
                shown.message(),
                shown.attempts(),
                names(person, List.of(shown.message()))
                        .get(shown.message().recipient().id()));
    }

    void resend(UUID person, UUID id) {
        var tenant = require(person, rows.tenantOf(id).orElseThrow(() -> new Unknown("message " + id)));
        messages.resend(tenant, id);
    }

    /** Sends the person a mail to see whether the channel works. */
    UUID tryMail(UUID person, UUID tenant, String language) {
        require(person, tenant);
        if (people.reach(person).filter(reach -> reach.email() != null).isEmpty()) {
            throw Refused.because("messaging.refused.noAddress");
        }
        var now = clock.instant();
        return messages.queue(new NewMessage(
                tenant,
                "messaging.test",
                Channel.EMAIL,
                Recipient.person(person),
                null,
                "test/" + Ids.at(now.toEpochMilli()),
                language,
                Map.of("at", now, "page", "/messages/outbox"),
                now.plus(Duration.ofHours(1))));
    }

    Kept budget(UUID person, UUID tenant) {
        require(person, tenant);
        return tenancy.read(tenant, () -> rows.budget(tenant));
    }

    void budget(
            UUID person,
            UUID tenant,
            int seen,
            int perWeek,
            int perMonth,
            int gapHours,
            LocalTime quietFrom,
            LocalTime quietTo) {
        require(person, tenant);
        if (perWeek < 0 || perWeek > 100) {
            throw Refused.field("perWeek", "messaging.refused.perWeek", perWeek);
        }
        if (perMonth < perWeek || perMonth > 400) {
            throw Refused.field("perMonth", "messaging.refused.perMonth", perMonth, perWeek);
        }
        if (gapHours < 0 || gapHours > 720) {
            throw Refused.field("gapHours", "messaging.refused.gapHours", gapHours);
        }
        var wanted = new ContactBudget(
                perWeek, perMonth, Duration.ofHours(gapHours), quietFrom, quietTo, ContactBudget.PLATFORM.zone());
        if (!tenancy.write(tenant, () -> rows.keep(tenant, wanted, seen))) {
            throw Refused.because("messaging.refused.budgetChanged");
        }
    }

    /** One line of the suppression list; the name is masked, and null for whom this person may not see. */
    record Quiet(
            UUID recipient, @Nullable String name, Channel channel, ContactBudget.Suppression reason, Instant since) {}

    /** @param typed a phone number, an e-mail address or an id; empty for all, the newest first */
    List<Quiet> suppressed(UUID person, UUID tenant, String typed) {
        require(person, tenant);
        var wanted = typed.isBlank() ? null : found(tenant, typed.strip());
        var list = tenancy.read(tenant, () -> rows.suppressions(tenant, wanted, MOST_SUPPRESSED));
        var ids =
                list.stream().map(MessageRows.Suppressed::recipient).distinct().toList();
        var names = new HashMap<UUID, String>();
        recipients.forEach(source -> names.putAll(source.called(person, tenant, ids)));
        return list.stream()
                .map(each -> new Quiet(
                        each.recipient(), names.get(each.recipient()), each.channel(), each.reason(), each.since()))
                .toList();
    }

    /** Whoever is reached by this is no more addressed on the channel. */
    void suppress(UUID person, UUID tenant, String typed, Channel channel, ContactBudget.Suppression reason) {
        require(person, tenant);
        if (typed.isBlank()) {
            throw Refused.field("who", "messaging.refused.who");
        }
        if (channel == Channel.IN_APP) {
            throw Refused.field("channel", "messaging.refused.suppressChannel");
        }
        var whom = found(tenant, typed.strip());
        if (whom.isEmpty()) {
            throw Refused.field("who", "messaging.refused.nobody");
        }
        tenancy.write(
                tenant, () -> whom.forEach(each -> rows.suppress(tenant, each, channel, reason, clock.instant())));
    }

    /** Takes that back: an error was made, or the person asked for it. */
    void unsuppress(UUID person, UUID tenant, UUID recipient, Channel channel) {
        require(person, tenant);
        tenancy.write(tenant, () -> rows.release(tenant, recipient, channel));
    }

    private List<UUID> found(UUID tenant, String typed) {
        try {
            return List.of(UUID.fromString(typed));
        } catch (IllegalArgumentException noId) {
            return recipients.stream()
                    .flatMap(source -> source.reachedBy(tenant, typed).stream())
                    .distinct()
                    .toList();
        }
    }

    void write(
            UUID person,
            UUID tenant,
            String kind,
            String language,
            int seen,
            @Nullable String subject,
            @Nullable String body) {
        require(person, tenant);
        templates.write(tenant, templates.kind(kind), language(language), seen, subject, body, person);
    }

    String language(String language) {
        if (!language.equals("zh") && !language.equals("en")) {
            throw Refused.field("language", "messaging.refused.language", language);
        }
        return language;
    }

    UUID require(UUID person, UUID tenant) {
        if (!tenants(person).containsKey(tenant)) {
            throw new Unknown("messages of " + tenant);
        }
        return tenant;
    }
}
