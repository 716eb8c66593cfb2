package io.retainer.identity;

import io.retainer.kernel.Unknown;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.stereotype.Service;
import org.springframework.util.function.SingletonSupplier;

/**
 * What a person may see and do now: computed on every request from memberships and from the contracts in force, never
 * stored (design §2.7). Someone who belongs to both parties of a contract acts for the one in which they may do more.
 */
@Service
public class Standings {

    private final People people;
    private final Supplier<List<Engagements>> sources;

    /** @param sources looked for when first needed: they stand above this module, and looking takes longer than asking */
    Standings(People people, ObjectProvider<Engagements> sources) {
        this.people = people;
        this.sources = SingletonSupplier.of(() -> sources.orderedStream().toList());
    }

    /** @throws Unknown when the person has no standing under the contract, or there is no such contract */
    public Access access(UUID person, UUID contract, Instant now) {
        return all(person, contract, now).stream().findFirst().orElseThrow(() -> new Unknown("contract " + contract));
    }

    /** Every contract the person has standing under. */
    public List<Access> contracts(UUID person, Instant now) {
        return all(person, null, now);
    }

    /** The person's standing with one client: what they may do under each of its contracts. */
    public List<Access> standing(UUID person, UUID tenant, Instant now) {
        return all(person, null, now).stream()
                .filter(access -> access.tenant().equals(tenant))
                .toList();
    }

    private List<Access> all(UUID person, @Nullable UUID contract, Instant now) {
        var roles = people.memberships(person).stream()
                .collect(Collectors.groupingBy(
                        Membership::organisation, Collectors.mapping(Membership::role, Collectors.toList())));
        if (roles.isEmpty()) {
            return List.of();
        }
        Map<UUID, Access> best = new LinkedHashMap<>();
        for (var engagement : engagements(roles.keySet(), contract, now)) {
            var can = EnumSet.noneOf(Capability.class);
            roles.getOrDefault(engagement.organisation(), List.of())
                    .forEach(role -> can.addAll(
                            engagement.reach().of(engagement.party(), role.capabilitiesAs(engagement.party()))));
            var access = new Access(person, engagement.tenant(), engagement.contract(), engagement.party(), can);
            best.merge(
                    access.contract(),
                    access,
                    (one, other) -> one.can().size() >= other.can().size() ? one : other);
        }
        return List.copyOf(best.values());
    }

    private List<Engagement> engagements(Collection<UUID> organisations, @Nullable UUID contract, Instant now) {
        var found = new ArrayList<Engagement>();
        sources.get().forEach(source -> found.addAll(source.of(organisations, contract, now)));
        return found;
    }
}
