package io.retainer.identity;

import java.util.List;
import java.util.UUID;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

/** Where an API client starts: whom its token acts for, and for which organisations. */
@RestController
class MeApi {

    private final People people;
    private final Organisations organisations;

    MeApi(People people, Organisations organisations) {
        this.people = people;
        this.organisations = organisations;
    }

    record Me(UUID person, String displayName, List<Place> organisations) {}

    /** @param organisation pass it when importing a contract for it */
    record Place(UUID organisation, String name, Role role) {}

    @GetMapping("/api/v1/me")
    Me me(SignedIn signedIn) {
        var memberships = people.memberships(signedIn.person());
        var names = organisations.names(
                memberships.stream().map(Membership::organisation).distinct().toList());
        return new Me(
                signedIn.person(),
                signedIn.displayName(),
                memberships.stream()
                        .map(membership -> new Place(
                                membership.organisation(),
                                names.getOrDefault(membership.organisation(), ""),
                                membership.role()))
                        .toList());
    }
}
