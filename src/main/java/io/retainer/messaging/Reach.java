package io.retainer.messaging;

import java.util.List;
import java.util.Optional;
import org.springframework.stereotype.Component;

/** Where a message goes: asked of whoever owns the recipient, at the moment of use. */
@Component
class Reach {

    private final List<Addresses> addresses;

    Reach(List<Addresses> addresses) {
        this.addresses = addresses;
    }

    /** Several modules may know customers: the first that has an address for this one. */
    Optional<String> of(Message message) {
        return addresses.stream()
                .filter(known -> known.kind() == message.recipient().kind())
                .flatMap(known ->
                        known
                                .of(message.tenant(), message.recipient().id(), message.channel(), message.purpose())
                                .stream())
                .findFirst();
    }
}
