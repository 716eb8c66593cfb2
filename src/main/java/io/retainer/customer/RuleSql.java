package io.retainer.customer;

import io.retainer.customer.Rule.Added;
import io.retainer.customer.Rule.Agreed;
import io.retainer.customer.Rule.All;
import io.retainer.customer.Rule.Any;
import io.retainer.customer.Rule.Bought;
import io.retainer.customer.Rule.CameFrom;
import io.retainer.customer.Rule.Condition;
import io.retainer.customer.Rule.Did;
import io.retainer.customer.Rule.LastBought;
import io.retainer.customer.Rule.Leaving;
import io.retainer.customer.Rule.Limit;
import io.retainer.customer.Rule.Listed;
import io.retainer.customer.Rule.Measure;
import io.retainer.customer.Rule.Not;
import io.retainer.customer.Rule.OfKind;
import io.retainer.customer.Rule.OwnField;
import io.retainer.customer.Rule.Reachable;
import io.retainer.customer.Rule.Scored;
import io.retainer.customer.Rule.Spent;
import io.retainer.customer.Rule.Staying;
import io.retainer.customer.Rule.Tagged;
import io.retainer.customer.Rule.Worth;
import io.retainer.kernel.Money;
import io.retainer.kernel.Refused;
import java.time.LocalDate;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Rules as conditions on {@code customer.customer c} within one statement: every value is a parameter, and every table is
 * asked for the tenant's rows only. The subqueries do not refer to the customer, so that the database makes each once, as a
 * hash, and not once for each customer.
 */
final class RuleSql {

    private final LocalDate today;
    private final Map<String, CustomField> fields;
    private final Function<Region, Optional<Integer>> districts;
    private final Map<String, Object> parameters = new HashMap<>();

    /**
     * @param fields the client's own, by key
     * @param districts under what an address in a district is kept, if any can be
     */
    RuleSql(LocalDate today, Map<String, CustomField> fields, Function<Region, Optional<Integer>> districts) {
        this.today = today;
        this.fields = Map.copyOf(fields);
        this.districts = districts;
    }

    /** Of all conditions made so far; {@code tenant} is for the caller to give. */
    Map<String, Object> parameters() {
        return parameters;
    }

    String of(Rule rule) {
        return switch (rule) {
            case All(var rules) -> joined(rules, " and ");
            case Any(var rules) -> joined(rules, " or ");
            case Not(var inner) -> "not " + of(inner);
            case Condition condition -> "(" + condition(condition) + ")";
        };
    }

    private String joined(List<Rule> rules, String by) {
        return rules.isEmpty() ? "true" : rules.stream().map(this::of).collect(Collectors.joining(by, "(", ")"));
    }

    private String condition(Condition condition) {
        return switch (condition) {
            case OfKind(var kind) -> "c.kind = " + value(kind.name());
            case Rule.LivesIn(var region, var district)
            when district != null ->
                districts
                        .apply(new Region(region, district))
                        .map(index -> "exists (select from unnest(c.contacts) k where k.region = " + value(region)
                                + " and k.district = " + value(index) + ")")
                        .orElse("false");
            case Rule.LivesIn(var region, var _) -> {
                var place = value(region);
                yield "exists (select from unnest(c.contacts) k where k.region = " + place
                        + " or starts_with(k.region, " + place + " || ' '))";
            }
            case CameFrom(var source) -> "c.source = " + value(source);
            case Added(var limit, var days) ->
                limit == Limit.AT_MOST
                        ? "c.created_at >= " + day(today.minusDays(days))
                        : "c.created_at < " + day(today.minusDays(days).plusDays(1));
            case Tagged(var tag) -> in("customer.tag", "tag = " + value(tag));
            case Reachable(var kind) -> in("customer.contact", "kind = " + value(kind.name()));
            case OwnField own -> field(own);
            case Rule.Unchanged(var key, var limit, var days) ->
                in(
                        "customer.field_value",
                        "field_id = " + value(known(key).id()) + " and since "
                                + (limit == Limit.AT_MOST ? ">= " : "<= ") + value(today.minusDays(days)));
            case Agreed(var purpose, var channel) -> agreed(purpose, channel);
            case Bought(var limit, var times, var days) ->
                limit == Limit.AT_LEAST
                        ? (times <= 0 ? "true" : orders(days, "count(*) >= " + value(times)))
                        : "not " + orders(days, "count(*) > " + value(times));
            case Spent(var limit, var yuan, var days) -> spent(limit, Money.of(yuan), days);
            case LastBought(var limit, var days) ->
                "c.id in (select customer_id from customer.purchase where tenant_id = :tenant group by customer_id"
                        + " having max(ordered_on) " + (limit == Limit.AT_MOST ? ">= " : "<= ")
                        + value(today.minusDays(days)) + ")";
            case Scored(var measure, var limit, var score) -> score(column(measure) + side(limit) + value(score));
            case Staying(var limit, var percent) -> score("alive" + side(limit) + value(percent / 100.0));
            case Worth(var limit, var yuan) ->
                score("worth" + side(limit) + value(Money.of(yuan).fen()));
            case Did(var kind, var limit, var times, var days) ->
                limit == Limit.AT_LEAST
                        ? (times <= 0 ? "true" : events(kind, days, "count(*) >= " + value(times)))
                        : "not " + events(kind, days, "count(*) > " + value(times));
            case Leaving(var limit, var percent) ->
                in("customer.churn_score", "risk" + side(limit) + value(percent / 100.0));
            case Listed(var list) -> in("customer.segment_member", "segment_id = " + value(list));
        };
    }

    /** Whoever ordered nothing has spent nothing, and is not among the orders. */
    private String spent(Limit limit, Money amount, int days) {
        if (limit == Limit.AT_MOST) {
            return "not " + orders(days, "sum(amount) > " + value(amount.fen()));
        }
        return amount.isPositive()
                ? orders(days, "sum(amount) >= " + value(amount.fen()))
                : "not " + orders(days, "sum(amount) < " + value(amount.fen()));
    }

    /** The value the condition looks at, as text, for an explanation; null when there is no more to say. */
    @Nullable
    String seen(Condition condition) {
        return switch (condition) {
            case OwnField(var key, var test, var value)
            when value != null ->
                "(select plain from customer.field_value where tenant_id = :tenant and customer_id = c.id and field_id"
                        + " = "
                        + value(known(key).id()) + ")";
            case Rule.Unchanged(var key, var _, var _) ->
                "(select cast(since as text) from customer.field_value where tenant_id = :tenant and customer_id = c.id"
                        + " and field_id = " + value(known(key).id()) + ")";
            case Bought(var _, var _, var days) -> mine("count(*)", days);
            case Spent(var _, var _, var days) -> mine("coalesce(sum(amount), 0)", days);
            case LastBought _ ->
                "(select cast(max(ordered_on) as text) from customer.purchase where tenant_id = :tenant and"
                        + " customer_id = c.id)";
            case Scored(var measure, var _, var _) -> seenScore(column(measure));
            case Staying _ -> seenScore("round(alive * 100)");
            case Worth _ -> seenScore("worth");
            case Did(var kind, var _, var _, var days) ->
                "(select cast(count(*) as text) from customer.event where tenant_id = :tenant and customer_id = c.id"
                        + " and kind = " + value(kind) + " and happened_at >= " + day(today.minusDays(days - 1)) + ")";
            case Leaving _ ->
                "(select cast(round(cast(risk * 100 as numeric), 1) as text) from customer.churn_score"
                        + " where tenant_id = :tenant and customer_id = c.id)";
            case OfKind _, CameFrom _, Rule.LivesIn _, Added _, Tagged _, Reachable _, OwnField _, Agreed _, Listed _ ->
                null;
        };
    }

    private String mine(String what, int days) {
        return "(select cast(" + what
                + " as text) from customer.purchase where tenant_id = :tenant and customer_id = c.id"
                + " and ordered_on > " + value(today.minusDays(days)) + ")";
    }

    private static String score(String condition) {
        return in("customer.value_score", condition);
    }

    private static String side(Limit limit) {
        return limit == Limit.AT_LEAST ? " >= " : " <= ";
    }

    private static String column(Measure measure) {
        return switch (measure) {
            case RECENCY -> "recency";
            case FREQUENCY -> "frequency";
            case MONETARY -> "monetary";
        };
    }

    private static String seenScore(String what) {
        return "(select cast(" + what + " as text) from customer.value_score where tenant_id = :tenant"
                + " and customer_id = c.id)";
    }

    private String orders(int days, String having) {
        return "c.id in (select customer_id from customer.purchase where tenant_id = :tenant and ordered_on > "
                + value(today.minusDays(days)) + " group by customer_id having " + having + ")";
    }

    private String events(String kind, int days, String having) {
        return "c.id in (select customer_id from customer.event where tenant_id = :tenant and kind = " + value(kind)
                + " and happened_at >= " + day(today.minusDays(days - 1)) + " group by customer_id having " + having
                + ")";
    }

    private String field(OwnField own) {
        var field = known(own.field());
        var which = "field_id = " + value(field.id());
        var value = own.value();
        if (value == null) {
            return in("customer.field_value", which);
        }
        if (own.test().relative()) {
            return in("customer.field_value", which + " and " + relative(own.test(), Integer.parseInt(value)));
        }
        var given = value(value);
        return in(
                "customer.field_value",
                which + " and "
                        + switch (own.test()) {
                            case KNOWN, LAST_DAYS, NEXT_DAYS, COMES_ROUND -> "true";
                            case EQUALS -> "plain = " + given;
                            case CONTAINS -> "position(lower(" + given + ") in lower(plain)) > 0";
                            // Days are stored so that they compare as text.
                            case AT_LEAST -> number(field) ? number(which) + " >= " + cast(given) : "plain >= " + given;
                            case AT_MOST -> number(field) ? number(which) + " <= " + cast(given) : "plain <= " + given;
                        });
    }

    /** Days are stored so that they compare as text. */
    private String relative(Rule.Test test, int days) {
        if (test == Rule.Test.COMES_ROUND) {
            return "substr(plain, 6) = any(" + value(daysOfTheYear(days)) + ")";
        }
        var from = test == Rule.Test.LAST_DAYS ? today.minusDays(days) : today;
        var to = test == Rule.Test.LAST_DAYS ? today : today.plusDays(days);
        return "plain between " + value(from.toString()) + " and " + value(to.toString());
    }

    /** As month and day; who was born on a 29 February has a day in every year. */
    private String[] daysOfTheYear(int days) {
        var found = new LinkedHashSet<String>();
        today.datesUntil(today.plusDays(days + 1L)).forEach(day -> {
            found.add(day.toString().substring(5));
            if (!day.isLeapYear() && day.getMonthValue() == 2 && day.getDayOfMonth() == 28) {
                found.add("02-29");
            }
        });
        return found.toArray(String[]::new);
    }

    private static boolean number(CustomField field) {
        return field.type() == CustomField.Type.NUMBER;
    }

    /** So that no value of another field is ever read as a number. */
    private static String number(String which) {
        return "case when " + which + " then cast(plain as numeric) end";
    }

    private static String cast(String given) {
        return "cast(" + given + " as numeric)";
    }

    private CustomField known(String key) {
        var field = fields.get(key);
        if (field == null) {
            throw Refused.field("field", "customer.bad.field", key);
        }
        return field;
    }

    /** The latest word on this channel or on all; without a word only service is allowed. */
    private String agreed(DataPurpose purpose, Channel channel) {
        boolean usually = purpose == DataPurpose.SERVICE;
        return (usually ? "not " : "")
                + "c.id in (select customer_id from (select distinct on (customer_id) customer_id, granted"
                + " from customer.consent where tenant_id = :tenant and purpose = " + value(purpose.name())
                + " and channel in (" + value(channel.name()) + ", 'ANY')"
                + " order by customer_id, happened_at desc, id desc) word where "
                + (usually ? "not granted" : "granted") + ")";
    }

    private static String in(String table, String condition) {
        return "c.id in (select customer_id from " + table + " where tenant_id = :tenant and " + condition + ")";
    }

    /** Midnight in Shanghai. */
    private String day(LocalDate day) {
        return "cast(cast(" + value(day) + " as date) as timestamp) at time zone 'Asia/Shanghai'";
    }

    private String value(Object value) {
        var name = "v" + parameters.size();
        parameters.put(name, value);
        return ":" + name;
    }
}
