package io.retainer.complaint;

import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What of the queue is wanted, as it stands in an address.
 *
 * @param view which complaints at all; null for the open ones
 */
record Filter(
        @Nullable View view,
        @Nullable StageName stage,
        @Nullable Priority priority,
        @Nullable Category category,
        @Nullable Intake intake,
        @Nullable UUID owner,
        @Nullable RootCause cause) {

    /** The views everybody has. */
    enum View {
        OPEN,
        MINE,
        UNOWNED,
        LATE,
        URGENT,
        PAUSED,
        ALL
    }

    static final Filter OPEN = new Filter(null, null, null, null, null, null, null);

    public View viewOrOpen() {
        return view == null ? View.OPEN : view;
    }

    boolean onlyOpen() {
        return viewOrOpen() != View.ALL;
    }

    /** As the query of an address; empty when nothing restricts. */
    public String query() {
        var parts = new ArrayList<String>();
        add(parts, "view", view);
        add(parts, "stage", stage);
        add(parts, "priority", priority);
        add(parts, "category", category);
        add(parts, "intake", intake);
        add(parts, "owner", owner);
        add(parts, "cause", cause);
        return String.join("&", parts);
    }

    private static void add(List<String> parts, String name, @Nullable Object value) {
        if (value != null) {
            parts.add(name + "=" + value);
        }
    }
}
