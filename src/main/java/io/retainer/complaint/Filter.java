package io.retainer.complaint;

import io.retainer.contract.ContractedService;
import io.retainer.kernel.Refused;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What of the queue is wanted, as it stands in an address.
 *
 * @param view which complaints at all; null for the open ones
 * @param product of which product, as it was written down
 * @param region from where, as it was written down
 * @param age how long it has been open
 * @param days received within so many days, and merged into no other: as the analysis counts
 * @param service of I-1.1 it is about
 */
record Filter(
        @Nullable View view,
        @Nullable StageName stage,
        @Nullable Priority priority,
        @Nullable Category category,
        @Nullable Intake intake,
        @Nullable UUID owner,
        @Nullable RootCause cause,
        @Nullable String product,
        @Nullable String region,
        @Nullable Age age,
        @Nullable Integer days,
        @Nullable ContractedService service) {

    private static final int LONGEST_SPAN = 1100;

    Filter {
        product = blankToNull(product);
        region = blankToNull(region);
    }

    /** @throws Refused when something that restricts is out of its bounds */
    void check() {
        if (days != null && (days < 1 || days > LONGEST_SPAN)) {
            throw Refused.field("days", "complaint.bad.days", LONGEST_SPAN);
        }
        if ((product != null && product.length() > 60) || (region != null && region.length() > 60)) {
            throw Refused.field("product", "complaint.bad.product", 60);
        }
    }

    Filter(
            @Nullable View view,
            @Nullable StageName stage,
            @Nullable Priority priority,
            @Nullable Category category,
            @Nullable Intake intake,
            @Nullable UUID owner,
            @Nullable RootCause cause) {
        this(view, stage, priority, category, intake, owner, cause, null, null, null, null, null);
    }

    private static @Nullable String blankToNull(@Nullable String text) {
        return text == null || text.isBlank() ? null : text.strip();
    }

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

    /** Whether somebody came here from a figure. */
    public boolean drilled() {
        return cause != null || product != null || region != null || age != null || days != null || service != null;
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
        add(parts, "product", product);
        add(parts, "region", region);
        add(parts, "age", age);
        add(parts, "days", days);
        add(parts, "service", service);
        return String.join("&", parts);
    }

    private static void add(List<String> parts, String name, @Nullable Object value) {
        if (value != null) {
            parts.add(name + "="
                    + URLEncoder.encode(value.toString(), StandardCharsets.UTF_8)
                            .replace("+", "%20"));
        }
    }
}
