package io.retainer.complaint;

import io.retainer.identity.SignedLinks;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/** The links by which complainants follow their complaints. */
@Component
class StatusLinks {

    static final String KIND = "complaint-status";
    private static final Duration KEPT = Duration.ofDays(400);

    private final SignedLinks links;
    private final Clock clock;

    StatusLinks(SignedLinks links, Clock clock) {
        this.links = links;
        this.clock = clock;
    }

    /** Made when it is first needed. */
    SignedLinks.Link of(UUID tenant, UUID complaint) {
        return known(tenant, complaint).orElseGet(() -> issue(tenant, complaint));
    }

    /** For a complaint that has none yet. */
    SignedLinks.Link issue(UUID tenant, UUID complaint) {
        return links.issue(tenant, KIND, about(complaint), clock.instant().plus(KEPT), false);
    }

    /** By which the page is found, or null while there is no link. */
    @Nullable
    String token(UUID tenant, UUID complaint) {
        return known(tenant, complaint).map(links::token).orElse(null);
    }

    private Optional<SignedLinks.Link> known(UUID tenant, UUID complaint) {
        return links.of(tenant, KIND, about(complaint)).stream().findFirst();
    }

    private static String about(UUID complaint) {
        return "complaint/" + complaint;
    }
}
