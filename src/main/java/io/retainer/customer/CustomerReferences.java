package io.retainer.customer;

import java.util.List;
import java.util.UUID;

/**
 * Rows of a module that refer to a customer, so that a merge takes them along and an undone merge puts them back. A bean of
 * each module that has such rows; called within the transaction of the merge.
 */
public interface CustomerReferences {

    /** Names the rows in the note of a merge; never to be changed. */
    String name();

    /** Makes all rows of one customer those of another, and says which they were. */
    List<UUID> move(UUID tenant, UUID from, UUID to);

    /** Makes these rows, as far as they are still there, those of the customer they came from. */
    void moveBack(UUID tenant, List<UUID> rows, UUID to);
}
