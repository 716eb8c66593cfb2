package io.retainer.complaint;

import io.retainer.contract.ContractedService;
import io.retainer.duty.Cause;
import io.retainer.kernel.Money;
import io.retainer.kernel.Refused;
import java.math.BigDecimal;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What somebody typed to act on a complaint, by page or by API; each act takes what it needs.
 *
 * @param version of the complaint as it was seen; an older one is refused
 */
record Act(
        @Nullable Integer version,
        @Nullable String text,
        @Nullable String reason,
        @Nullable Remedy sought,
        @Nullable Category category,
        @Nullable Grade severity,
        @Nullable Grade impact,
        @Nullable Grade urgency,
        @Nullable Hazard hazard,
        @Nullable UUID owner,
        @Nullable Redirection why,
        @Nullable Long into,
        @Nullable RootCause cause,
        @Nullable Remedy remedy,
        @Nullable String compensation,
        @Nullable Boolean satisfied,
        @Nullable ExternalBody body,
        @Nullable Cause whom,
        @Nullable Integer days,
        @Nullable UUID question,
        @Nullable UUID customer,
        @Nullable String email,
        @Nullable String language,
        @Nullable ContractedService service) {

    /** @throws Refused when the field was left empty */
    static <T> T given(String field, @Nullable T value) {
        if (value == null || (value instanceof String text && text.isBlank())) {
            throw Refused.field(
                    field, "complaint.bad.missing", io.retainer.kernel.Sentence.of("complaint.field." + field));
        }
        return value;
    }

    /** What is done to many at once needs no more than this. */
    static Act ofMany(@Nullable UUID owner, @Nullable String text) {
        return new Act(
                null, text, null, null, null, null, null, null, null, owner, null, null, null, null, null, null, null,
                null, null, null, null, null, null, null);
    }

    Assessed assessed() {
        return new Assessed(
                given("category", category),
                given("severity", severity),
                given("impact", impact),
                given("urgency", urgency),
                given("hazard", hazard));
    }

    Money money() {
        if (compensation == null || compensation.isBlank()) {
            return Money.ZERO;
        }
        try {
            var yuan = new BigDecimal(
                    compensation.replace(",", "").replace("¥", "").strip());
            if (yuan.abs().compareTo(BigDecimal.valueOf(100_000_000L)) > 0) {
                throw Refused.field("compensation", "complaint.bad.money");
            }
            return Money.of(yuan);
        } catch (ArithmeticException | NumberFormatException e) {
            throw Refused.field("compensation", "complaint.bad.money");
        }
    }

    /** Shows nothing that was typed. */
    @Override
    public String toString() {
        return "Act";
    }
}
