package io.retainer.messaging;

import io.retainer.identity.Access;
import io.retainer.identity.Membership;
import io.retainer.identity.People;
import io.retainer.identity.Standings;
import io.retainer.kernel.Tenancy;
import io.retainer.kernel.Unknown;
import java.time.Clock;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Service;

/**
 * What was said to one person, on whatever channel, as the pages show it: behind the bell. Messages of a client with whom
 * the person has no standing any more are not shown (design §2.7).
 */
@Service
public class Inbox {

    static final int PAGE = 30;

    private final MessageRows rows;
    private final Messages messages;
    private final Standings standings;
    private final People people;
    private final Tenancy tenancy;
    private final Clock clock;

    Inbox(MessageRows rows, Messages messages, Standings standings, People people, Tenancy tenancy, Clock clock) {
        this.rows = rows;
        this.messages = messages;
        this.standings = standings;
        this.people = people;
        this.tenancy = tenancy;
        this.clock = clock;
    }

    /** A message to its reader. */
    record Item(Message message, Wording wording) {}

    /** @param next what to ask for to get the rest, or null */
    record Page(List<Item> items, @Nullable UUID next) {}

    /** How many messages the person has not read: the number at the bell. One query when there are none. */
    public long unread(UUID person) {
        var found = rows.inbox(person);
        if (found.values().stream().allMatch(count -> count == 0)) {
            return 0;
        }
        var allowed = allowed(person, found.keySet());
        return found.entrySet().stream()
                .filter(entry -> allowed.contains(entry.getKey()))
                .mapToLong(Map.Entry::getValue)
                .sum();
    }

    Page page(UUID person, @Nullable UUID after) {
        var tenants = allowed(person, rows.inbox(person).keySet());
        if (tenants.isEmpty()) {
            return new Page(List.of(), null);
        }
        var found = tenancy.read(tenants, () -> rows.ofPerson(tenants, person, after, PAGE + 1));
        var shown = found.subList(0, Math.min(PAGE, found.size()));
        return new Page(
                shown.stream()
                        .flatMap(message -> messages.wording(message).map(words -> new Item(message, words)).stream())
                        .toList(),
                found.size() > PAGE ? shown.getLast().id() : null);
    }

    Optional<Item> one(UUID person, UUID message) {
        return rows.tenantOf(message)
                .filter(tenant -> !allowed(person, Set.of(tenant)).isEmpty())
                .flatMap(tenant -> tenancy.read(tenant, () -> rows.find(tenant, message)))
                .filter(found ->
                        found.recipient().equals(Recipient.person(person)) && found.purpose() != Purpose.SECURITY)
                .flatMap(found -> messages.wording(found).map(words -> new Item(found, words)));
    }

    /** @param message null for all of them */
    void read(UUID person, @Nullable UUID message) {
        Instant now = clock.instant();
        var tenants = message == null
                ? rows.inbox(person).keySet()
                : Set.of(rows.tenantOf(message).orElseThrow(() -> new Unknown("message " + message)));
        for (var tenant : allowed(person, tenants)) {
            tenancy.write(tenant, () -> rows.read(tenant, person, message, now));
        }
    }

    private Set<UUID> allowed(UUID person, Set<UUID> tenants) {
        var allowed = new HashSet<UUID>();
        people.memberships(person).stream().map(Membership::organisation).forEach(allowed::add);
        standings.contracts(person, clock.instant()).stream()
                .map(Access::tenant)
                .forEach(allowed::add);
        allowed.retainAll(tenants);
        return allowed;
    }
}
