package io.retainer.contract;

import io.retainer.identity.Access;
import io.retainer.kernel.Clause;
import io.retainer.kernel.Sentence;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Asked of the modules above, which know what single people have set themselves to do by a day: for their calendar and their
 * reminders. A bean of each such module. What is owed by a party is a duty and not told here.
 */
public interface PersonalDates {

    /**
     * Something one person is to do. Says nothing personal about a customer, because it goes into mails and feeds.
     *
     * @param uid the same for ever
     * @param due the first instant that is late
     * @param sequence grows with each change
     * @param remind how many working days before the last day to remind; null for no reminder
     * @param path page where it is looked at
     */
    record PersonalDate(
            UUID tenant,
            UUID contract,
            UUID person,
            String uid,
            Clause clause,
            Sentence says,
            Instant due,
            int sequence,
            Instant changedAt,
            @Nullable Integer remind,
            String path) {}

    /**
     * What one person has still to do under these contracts; opens its own transactions.
     *
     * @param accesses of the person, one for each contract
     */
    List<PersonalDate> of(Collection<Access> accesses, Instant since, Instant until);

    /** What anybody is to be reminded of, whoever the client; opens its own transactions. */
    List<PersonalDate> upcoming(Instant since, Instant until);
}
