package io.retainer.identity;

import java.io.Serializable;
import java.security.Principal;
import java.util.UUID;

/**
 * Who is signed in, by session or by API token. Controllers may take it as a parameter.
 *
 * @param displayName as the person wants to be called on the pages
 */
public record SignedIn(UUID person, String displayName) implements Principal, Serializable {

    /** The person's id, because names of sessions end up in indexes and logs. */
    @Override
    public String getName() {
        return person.toString();
    }
}
