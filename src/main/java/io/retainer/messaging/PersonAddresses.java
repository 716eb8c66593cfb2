package io.retainer.messaging;

import io.retainer.identity.People;
import java.util.Optional;
import java.util.UUID;
import org.springframework.stereotype.Component;

/** People who sign in, by what they said in their account. */
@Component
class PersonAddresses implements Addresses {

    private final People people;
    private final Colleagues colleagues;

    PersonAddresses(People people, Colleagues colleagues) {
        this.people = people;
        this.colleagues = colleagues;
    }

    @Override
    public Recipient.Kind kind() {
        return Recipient.Kind.PERSON;
    }

    @Override
    public Optional<String> of(UUID tenant, UUID recipient, Channel channel, Purpose purpose) {
        return people.reach(recipient).flatMap(reach -> switch (channel) {
            case EMAIL -> Optional.ofNullable(reach.email());
            case WECOM -> colleagues.wecom(recipient);
            case SMS, IN_APP, PHONE -> Optional.empty();
        });
    }
}
