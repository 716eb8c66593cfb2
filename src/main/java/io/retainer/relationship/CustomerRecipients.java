package io.retainer.relationship;

import io.retainer.customer.ContactKind;
import io.retainer.customer.CustomerPage;
import io.retainer.customer.Customers;
import io.retainer.identity.Capability;
import io.retainer.identity.Standings;
import io.retainer.messaging.Recipients;
import java.time.Clock;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Collectors;
import org.springframework.stereotype.Component;

/** Tells messaging which customers are reached by a number or an address, and how they are called. */
@Component
class CustomerRecipients implements Recipients {

    private final Customers customers;
    private final Standings standings;
    private final Clock clock;

    CustomerRecipients(Customers customers, Standings standings, Clock clock) {
        this.customers = customers;
        this.standings = standings;
        this.clock = clock;
    }

    @Override
    public List<UUID> reachedBy(UUID tenant, String value) {
        return customers.reachedBy(tenant, value.indexOf('@') > 0 ? ContactKind.EMAIL : ContactKind.PHONE, value);
    }

    @Override
    public Map<UUID, String> called(UUID person, UUID tenant, Collection<UUID> recipients) {
        return standings.contracts(person, clock.instant()).stream()
                .filter(access -> access.tenant().equals(tenant) && access.may(Capability.READ_CUSTOMERS))
                .findFirst()
                .map(access -> customers.some(access, recipients).stream()
                        .collect(Collectors.toMap(CustomerPage.Line::id, CustomerPage.Line::name, (one, _) -> one)))
                .orElse(Map.of());
    }
}
