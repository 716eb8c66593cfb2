package io.retainer.customer;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import java.math.BigDecimal;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Who is meant: a tree of conditions on what is known of a customer. It holds nothing personal: of a sealed field it can
 * only ask whether something is there.
 */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "is")
@JsonSubTypes({
    @JsonSubTypes.Type(value = Rule.All.class, name = "ALL"),
    @JsonSubTypes.Type(value = Rule.Any.class, name = "ANY"),
    @JsonSubTypes.Type(value = Rule.Not.class, name = "NOT"),
    @JsonSubTypes.Type(value = Rule.OfKind.class, name = "KIND"),
    @JsonSubTypes.Type(value = Rule.Tagged.class, name = "TAG"),
    @JsonSubTypes.Type(value = Rule.Reachable.class, name = "CONTACT"),
    @JsonSubTypes.Type(value = Rule.CameFrom.class, name = "SOURCE"),
    @JsonSubTypes.Type(value = Rule.LivesIn.class, name = "REGION"),
    @JsonSubTypes.Type(value = Rule.Added.class, name = "ADDED"),
    @JsonSubTypes.Type(value = Rule.OwnField.class, name = "FIELD"),
    @JsonSubTypes.Type(value = Rule.Unchanged.class, name = "SINCE"),
    @JsonSubTypes.Type(value = Rule.Agreed.class, name = "CONSENT"),
    @JsonSubTypes.Type(value = Rule.Bought.class, name = "BOUGHT"),
    @JsonSubTypes.Type(value = Rule.Spent.class, name = "SPENT"),
    @JsonSubTypes.Type(value = Rule.LastBought.class, name = "LAST_BOUGHT"),
    @JsonSubTypes.Type(value = Rule.Listed.class, name = "LIST"),
    @JsonSubTypes.Type(value = Rule.Scored.class, name = "SCORE"),
    @JsonSubTypes.Type(value = Rule.Staying.class, name = "STAYING"),
    @JsonSubTypes.Type(value = Rule.Worth.class, name = "WORTH"),
    @JsonSubTypes.Type(value = Rule.Did.class, name = "EVENT"),
    @JsonSubTypes.Type(value = Rule.Leaving.class, name = "CHURN")
})
public sealed interface Rule {

    /** An empty group leaves everybody in. */
    sealed interface Group extends Rule {

        List<Rule> rules();

        Group with(List<Rule> rules);
    }

    record All(List<Rule> rules) implements Group {

        public All {
            rules = List.copyOf(rules);
        }

        @Override
        public All with(List<Rule> others) {
            return new All(others);
        }
    }

    record Any(List<Rule> rules) implements Group {

        public Any {
            rules = List.copyOf(rules);
        }

        @Override
        public Any with(List<Rule> others) {
            return new Any(others);
        }
    }

    record Not(Rule rule) implements Rule {

        public Not {
            Objects.requireNonNull(rule);
        }
    }

    /** One thing that is so of a customer or is not. */
    sealed interface Condition extends Rule {}

    record OfKind(CustomerKind kind) implements Condition {

        public OfKind {
            Objects.requireNonNull(kind);
        }
    }

    record Tagged(String tag) implements Condition {

        public Tagged {
            Objects.requireNonNull(tag);
        }
    }

    /** Has a phone number, an e-mail address… */
    record Reachable(ContactKind contact) implements Condition {

        public Reachable {
            Objects.requireNonNull(contact);
        }
    }

    /**
     * Has an address there. As somebody says it, {@code region} may name the district too.
     *
     * @param region a province, or province and city, such as {@code 广东 深圳}
     * @param district with its suffix, such as {@code 南山区}; null for all of the region
     */
    record LivesIn(String region, @Nullable String district) implements Condition {

        public LivesIn {
            Objects.requireNonNull(region);
        }

        public LivesIn(String place) {
            this(place, null);
        }
    }

    record CameFrom(String source) implements Condition {

        public CameFrom {
            Objects.requireNonNull(source);
        }
    }

    /** Became known at most or at least so many days ago. */
    record Added(Limit limit, int days) implements Condition {

        public Added {
            Objects.requireNonNull(limit);
        }
    }

    /**
     * A field of the client's own.
     *
     * @param value in the form in which it is stored, or a number of days; null when the question is only whether there is one
     */
    record OwnField(String field, Test test, @Nullable String value) implements Condition {

        public OwnField {
            Objects.requireNonNull(field);
            Objects.requireNonNull(test);
        }
    }

    /** What a field of the client's own says has been so for at most or at least so many days. */
    record Unchanged(String field, Limit limit, int days) implements Condition {

        public Unchanged {
            Objects.requireNonNull(field);
            Objects.requireNonNull(limit);
        }
    }

    /** May be addressed for a purpose by a channel, as {@link Consents#allows} has it. */
    record Agreed(DataPurpose purpose, Channel channel) implements Condition {

        public Agreed {
            Objects.requireNonNull(purpose);
            Objects.requireNonNull(channel);
        }
    }

    /** Orders within the last days, today included. */
    record Bought(Limit limit, int times, int days) implements Condition {

        public Bought {
            Objects.requireNonNull(limit);
        }
    }

    /** The sum of the orders within the last days, today included, in yuan. */
    record Spent(Limit limit, BigDecimal amount, int days) implements Condition {

        public Spent {
            Objects.requireNonNull(limit);
            Objects.requireNonNull(amount);
        }
    }

    /** The last order of all was at most or at least so many days ago; whoever never ordered fits neither. */
    record LastBought(Limit limit, int days) implements Condition {

        public LastBought {
            Objects.requireNonNull(limit);
        }
    }

    /** On a list kept by hand. */
    record Listed(UUID list) implements Condition {

        public Listed {
            Objects.requireNonNull(list);
        }
    }

    /** A score of the latest analysis of value; whoever has none fits neither side. */
    record Scored(Measure measure, Limit limit, int score) implements Condition {

        public Scored {
            Objects.requireNonNull(measure);
            Objects.requireNonNull(limit);
        }
    }

    /** The probability, in percent, that the customer has not stopped buying, by the latest analysis of value. */
    record Staying(Limit limit, int percent) implements Condition {

        public Staying {
            Objects.requireNonNull(limit);
        }
    }

    /** What the customer is expected to bring within 52 weeks, in yuan, by the latest analysis of value. */
    record Worth(Limit limit, BigDecimal amount) implements Condition {

        public Worth {
            Objects.requireNonNull(limit);
            Objects.requireNonNull(amount);
        }
    }

    /** Events of a kind within the last days, today included. */
    record Did(String kind, Limit limit, int times, int days) implements Condition {

        public Did {
            Objects.requireNonNull(kind);
            Objects.requireNonNull(limit);
        }
    }

    /** The risk of leaving in percent, by the latest analysis of churn; whoever has left has none. */
    record Leaving(Limit limit, int percent) implements Condition {

        public Leaving {
            Objects.requireNonNull(limit);
        }
    }

    /** What is scored, see {@code Rfm}. */
    enum Measure {
        RECENCY,
        FREQUENCY,
        MONETARY
    }

    /** Which side of a number. */
    enum Limit {
        AT_LEAST,
        AT_MOST
    }

    /** How the value of a field is looked at. */
    enum Test {
        KNOWN,
        EQUALS,
        CONTAINS,
        AT_LEAST,
        AT_MOST,
        /** A day within so many days before today, or today. */
        LAST_DAYS,
        /** Today, or a day within so many days after it. */
        NEXT_DAYS,
        /** A day that comes round within so many days from today, as a birthday does. */
        COMES_ROUND;

        /** Whether it counts days from today instead of comparing. */
        boolean relative() {
            return this == LAST_DAYS || this == NEXT_DAYS || this == COMES_ROUND;
        }
    }
}
