package io.retainer.relationship;

import io.retainer.kernel.Ids;
import io.retainer.relationship.TouchRows.Touch;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/** Writes what happened to a relation itself on the time line of its customer. */
@Component
class RelationJournal {

    private final TouchRows rows;

    RelationJournal(TouchRows rows) {
        this.rows = rows;
    }

    /** What happened to the relation itself stands on the time line too. */
    void note(RelationEvent event, String kind, @Nullable String code, Instant now) {
        rows.add(
                event.tenant(),
                event.contract(),
                new Touch(
                        Ids.at(now.toEpochMilli()),
                        event.customer(),
                        null,
                        kind,
                        null,
                        false,
                        code,
                        null,
                        event.actor(),
                        event.happenedAt()),
                null,
                now);
    }
}
