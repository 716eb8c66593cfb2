package io.retainer.identity;

import java.io.Serializable;
import java.util.UUID;
import org.springframework.security.core.AuthenticatedPrincipal;

/**
 * Who is signed in, by session or by API token. Controllers may take it as a parameter.
 *
 * @param displayName as the person wants to be called on the pages
 */
public record SignedIn(UUID person, String displayName) implements AuthenticatedPrincipal, Serializable {

    /** The person's id, because names of sessions end up in indexes and logs. */
    @Override
    public String getName() {
        return person.toString();
    }
}
