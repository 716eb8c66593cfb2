package io.retainer.complaint;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A complaint as somebody brings it in.
 *
 * @param language {@code zh} or {@code en}
 * @param subject in a few words; null to take the beginning of the text
 * @param sought the remedy asked for, or null when nobody has asked yet
 * @param receivedAt when it came in; null for now
 */
record NewComplaint(
        Intake intake,
        String language,
        @Nullable String name,
        @Nullable String phone,
        @Nullable String email,
        @Nullable String subject,
        String text,
        @Nullable Remedy sought,
        @Nullable String product,
        @Nullable String region,
        @Nullable Instant receivedAt) {

    /** Shows nothing of the person. */
    @Override
    public String toString() {
        return "NewComplaint by " + intake;
    }
}
