package io.retainer.relationship;

import io.retainer.identity.Access;
import io.retainer.kernel.Sentence;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Asked of every module that knows something about a customer: complaints, orders, surveys, consents. A bean of each. */
public interface CustomerTimeline {

    /**
     * One thing that happened; says nothing personal.
     *
     * @param icon of the theme, such as {@code phone}
     * @param link page where it is looked at, or null
     */
    record Happening(
            Instant at,
            String icon,
            Sentence says,
            @Nullable String link) {}

    /** The latest first, at most so many; inside a transaction that may read the tenant. */
    List<Happening> of(Access access, UUID customer, int most);
}
