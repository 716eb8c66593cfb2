package io.retainer.identity;

import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** The half of the question of standing that identity cannot answer itself: which contracts give it. */
public interface Engagements {

    /** The engagements of these organisations at that instant; of one contract only, when it is named. */
    List<Engagement> of(Collection<UUID> organisations, @Nullable UUID contract, Instant at);
}
