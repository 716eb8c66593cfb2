package io.retainer.customer;

import io.retainer.kernel.Sentence;
import java.util.Map;
import java.util.regex.Pattern;

/** What the model of churn calls fields by code, as people say it. */
record ChurnWords(Map<String, String> ownFields) {

    private static final Pattern CODE = Pattern.compile("[A-Z]+(_[A-Z0-9]+)?|(TAG|FIELD|EVENTS):.*", Pattern.DOTALL);

    ChurnWords {
        ownFields = Map.copyOf(ownFields);
    }

    Sentence field(String code) {
        if (code.startsWith(ChurnFeatures.TAG)) {
            return Sentence.of("customer.churn.field.TAG", code.substring(ChurnFeatures.TAG.length()));
        }
        if (code.startsWith(ChurnFeatures.EVENTS)) {
            return Sentence.of("customer.churn.field.EVENTS", code.substring(ChurnFeatures.EVENTS.length()));
        }
        if (code.startsWith(ChurnFeatures.OWN)) {
            var key = code.substring(ChurnFeatures.OWN.length());
            return Sentence.of("customer.churn.field.FIELD", ownFields.getOrDefault(key, key));
        }
        return Sentence.of("customer.churn.field." + code);
    }

    /** The value as the record has it; what is not there is said to be so. */
    Sentence value(String code, String value) {
        if (code.startsWith(ChurnFeatures.TAG)) {
            return Sentence.of(value.isEmpty() ? "customer.rule.false" : "customer.rule.true");
        }
        if (value.isEmpty()) {
            return Sentence.of("customer.churn.blank");
        }
        return switch (code) {
            case "KIND" -> Sentence.of("customer.churn.value", CustomerKind.valueOf(value));
            case "ORDER_FIRST", "ORDER_LAST", "EVENT_LAST" -> Sentence.of("customer.churn.days", value);
            case "SPENT_365" -> Sentence.of("customer.churn.yuan", value);
            default -> Sentence.of("customer.churn.value", value);
        };
    }

    /** A caution of the model, its fields in words. */
    Sentence caution(Sentence caution) {
        if (!caution.key().startsWith("statistics.churn.")) {
            return caution;
        }
        return Sentence.of(
                caution.key(),
                caution.arguments().stream()
                        .map(argument -> argument instanceof String text
                                        && CODE.matcher(text).matches()
                                ? field(text)
                                : argument)
                        .toArray());
    }
}
