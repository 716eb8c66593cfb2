package io.retainer.relationship;

import io.retainer.customer.ContactKind;
import io.retainer.customer.Customers;
import io.retainer.messaging.Addresses;
import io.retainer.messaging.Channel;
import io.retainer.messaging.Purpose;
import io.retainer.messaging.Recipient;
import java.util.Optional;
import java.util.UUID;
import org.springframework.stereotype.Component;

/** Tells messaging how the client's customers are reached, by what may be used for the purpose of the message. */
@Component
class CustomerAddresses implements Addresses {

    private final Customers customers;

    CustomerAddresses(Customers customers) {
        this.customers = customers;
    }

    @Override
    public Recipient.Kind kind() {
        return Recipient.Kind.CUSTOMER;
    }

    @Override
    public Optional<String> of(UUID tenant, UUID recipient, Channel channel, Purpose purpose) {
        return switch (channel) {
            case EMAIL -> customers.reach(tenant, recipient, ContactKind.EMAIL, CustomerConsents.data(purpose));
            case SMS -> customers.reach(tenant, recipient, ContactKind.PHONE, CustomerConsents.data(purpose));
            case WECOM -> customers.wecom(tenant, recipient, CustomerConsents.data(purpose));
            case IN_APP, PHONE -> Optional.empty();
        };
    }
}
