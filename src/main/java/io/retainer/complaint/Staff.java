package io.retainer.complaint;

import io.retainer.contract.ContractDates;
import io.retainer.identity.Capability;
import io.retainer.identity.Engagement;
import io.retainer.identity.People;
import io.retainer.kernel.Party;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import java.util.stream.Collectors;
import org.springframework.stereotype.Component;

/** Who of the two parties has to do with the complaints of a contract. */
@Component
class Staff {

    private final ContractDates contracts;
    private final People people;

    Staff(ContractDates contracts, People people) {
        this.contracts = contracts;
        this.people = people;
    }

    /** Those of the provider who may work on complaints, with their names. */
    Map<UUID, String> workers(UUID contract) {
        return workers(List.of(contract));
    }

    /** Under one of these contracts at least. */
    Map<UUID, String> workers(Collection<UUID> contracts) {
        return with(contracts, Party.PROVIDER, Capability.WORK_COMPLAINTS);
    }

    /** Those of the provider who lead them. */
    Map<UUID, String> leads(UUID contract) {
        return with(List.of(contract), Party.PROVIDER, Capability.LEAD_COMPLAINTS);
    }

    /** Those of the client who decide on remedies. */
    Map<UUID, String> deciders(UUID contract) {
        return with(List.of(contract), Party.CLIENT, Capability.APPROVE_REMEDY);
    }

    private Map<UUID, String> with(Collection<UUID> of, Party party, Capability capability) {
        var organisations = contracts.parties(of).stream()
                .filter(engagement -> engagement.party() == party)
                .map(Engagement::organisation)
                .distinct()
                .toList();
        var found = new TreeMap<UUID, String>();
        people.colleagues(organisations).stream()
                .filter(each -> each.role().capabilitiesAs(party).contains(capability))
                .forEach(each -> found.put(each.person(), each.displayName()));
        return found;
    }

    Map<UUID, String> names(Collection<UUID> ids) {
        return people.names(ids.stream().distinct().collect(Collectors.toList()));
    }
}
