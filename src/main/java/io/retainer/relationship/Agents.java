package io.retainer.relationship;

import static io.retainer.identity.Capability.EDIT_CUSTOMERS;
import static io.retainer.identity.Capability.READ_CUSTOMERS;

import io.retainer.contract.ContractDates;
import io.retainer.identity.Access;
import io.retainer.identity.Engagement;
import io.retainer.identity.People;
import io.retainer.kernel.Party;
import io.retainer.kernel.Refused;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Collectors;
import org.springframework.stereotype.Component;

/** Who may look after customers under a contract. */
@Component
class Agents {

    private final ContractDates parties;
    private final People people;

    Agents(ContractDates parties, People people) {
        this.parties = parties;
        this.people = people;
    }

    /** By name: the provider's people who may edit them. */
    Map<UUID, String> of(Access access) {
        access.require(READ_CUSTOMERS);
        var providers = parties.parties(List.of(access.contract())).stream()
                .filter(engagement -> engagement.party() == Party.PROVIDER)
                .map(Engagement::organisation)
                .collect(Collectors.toSet());
        return people.names(people.staff(providers).stream()
                .filter(member -> member.role().capabilitiesAs(Party.PROVIDER).contains(EDIT_CUSTOMERS))
                .map(io.retainer.identity.Membership::person)
                .collect(Collectors.toSet()));
    }

    void require(Access access, UUID person) {
        if (!of(access).containsKey(person)) {
            throw Refused.field("to", "relationship.refused.agent");
        }
    }
}
