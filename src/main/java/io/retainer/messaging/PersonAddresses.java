package io.retainer.messaging;

import io.retainer.identity.People;
import java.util.Optional;
import java.util.UUID;
import org.springframework.stereotype.Component;

/** People who sign in, by what they said in their account. */
@Component
class PersonAddresses implements Addresses {

    private final People people;

    PersonAddresses(People people) {
        this.people = people;
    }

    @Override
    public Recipient.Kind kind() {
        return Recipient.Kind.PERSON;
    }

    @Override
    public Optional<String> of(UUID tenant, UUID recipient, Channel channel, Purpose purpose) {
        return channel == Channel.EMAIL
                ? people.reach(recipient).flatMap(reach -> Optional.ofNullable(reach.email()))
                : Optional.empty();
    }
}
