package io.retainer.relationship;

import io.retainer.identity.Access;
import io.retainer.kernel.Sentence;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Asked of every module that knows something about a customer. A module joins the one time line by a bean of this and nothing
 * else: it looks whether the person may see what it knows, answers within the running transaction, and says a sentence, a topic
 * and a link, never anything personal. Complaints, orders, what customers did and consents do so; surveys and campaigns have
 * their topics waiting.
 */
public interface CustomerTimeline {

    /** What an entry is about, for narrowing the time line to it. */
    enum Topic {
        /** Calls, visits and notes. */
        CONTACT,
        COMPLAINT,
        ORDER,
        /** What the customer did besides buying. */
        EVENT,
        CONSENT,
        SURVEY,
        CAMPAIGN,
        /** Who looked after the customer when, and where it came from. */
        RELATION
    }

    /**
     * One thing that happened; says nothing personal.
     *
     * @param at when; for what has a day and no time, the beginning of the day
     * @param day the day, for what has no time; otherwise null
     * @param icon of the theme, such as {@code phone}
     * @param link page where it is looked at, or null
     */
    record Happening(
            Topic topic,
            Instant at,
            @Nullable LocalDate day,
            String icon,
            Sentence says,
            @Nullable String link) {

        public static Happening at(Topic topic, Instant at, String icon, Sentence says, @Nullable String link) {
            return new Happening(topic, at, null, icon, says, link);
        }

        /** On a day of which nobody knows the time. */
        public static Happening on(Topic topic, LocalDate day, String icon, Sentence says, @Nullable String link) {
            return new Happening(topic, day.atStartOfDay(Relations.ZONE).toInstant(), day, icon, says, link);
        }
    }

    /** The latest first, at most so many; inside a transaction that may read the tenant. */
    List<Happening> of(Access access, UUID customer, int most);
}
