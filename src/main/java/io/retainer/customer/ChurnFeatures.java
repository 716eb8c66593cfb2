package io.retainer.customer;

import io.retainer.statistics.churn.Records;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What is known of customers that might tell beforehand who leaves, as cells of text. Nothing personal: names, addresses and
 * sealed fields are left out. Fields go by codes; {@link ChurnWords} says them.
 */
final class ChurnFeatures {

    static final String TAG = "TAG:";
    static final String OWN = "FIELD:";
    static final String EVENTS = "EVENTS:";

    static final String YES = "1";

    private static final int MOST_TAGS = 20;
    private static final int MOST_KINDS = 15;
    private static final List<String> COUNTED = List.of("PHONES", "EMAILS", "WECHATS", "ADDRESSES");
    private static final List<String> OF_THE_PERSON =
            Stream.concat(Stream.of("KIND", "SOURCE"), COUNTED.stream()).toList();
    private static final List<String> OF_ORDERS =
            List.of("ORDER_FIRST", "ORDER_LAST", "ORDERS_90", "ORDERS_365", "SPENT_365");

    private final ChurnRows rows;
    private final UUID tenant;
    private final List<String> tags;
    private final List<String> fields = new ArrayList<>();
    private final Map<String, Integer> places = new HashMap<>();

    /** @param behaviour whether orders and events are looked at as well */
    ChurnFeatures(ChurnRows rows, UUID tenant, Collection<String> ownFields, List<String> kinds, boolean behaviour) {
        this(rows, tenant, ownFields, kinds, rows.tags(tenant, MOST_TAGS), behaviour);
    }

    ChurnFeatures(
            ChurnRows rows,
            UUID tenant,
            Collection<String> ownFields,
            List<String> kinds,
            List<String> tags,
            boolean behaviour) {
        this.rows = rows;
        this.tenant = tenant;
        this.tags = tags;
        fields.addAll(OF_THE_PERSON);
        tags.forEach(tag -> fields.add(TAG + tag));
        ownFields.stream().sorted().forEach(key -> fields.add(OWN + key));
        if (behaviour) {
            fields.addAll(OF_ORDERS);
            fields.add("EVENT_LAST");
            kinds.stream().limit(MOST_KINDS).forEach(kind -> fields.add(EVENTS + kind));
        }
        for (int i = 0; i < fields.size(); i++) {
            places.put(fields.get(i), i);
        }
    }

    List<String> fields() {
        return fields;
    }

    /**
     * The cells of some customers; whoever is gone meanwhile is left out.
     *
     * @param on the day on which source, contacts, tags and own fields were so; where a record came from that was made later may
     *     tell of what happened meanwhile
     * @param until the last day of behaviour that is looked at, or null without behaviour
     */
    Map<UUID, String[]> of(Collection<UUID> customers, LocalDate on, @Nullable LocalDate until) {
        var cells = new HashMap<UUID, String[]>();
        var sources = new HashMap<UUID, String>();
        rows.persons(tenant, customers, on, row -> {
            var customer = row.getObject("customer_id", UUID.class);
            var blank = new String[fields.size()];
            Arrays.fill(blank, "");
            cells.put(customer, blank);
            put(cells, customer, "KIND", row.getString("kind"));
            if (row.getBoolean("known")) {
                none(blank);
            }
            sources.put(customer, row.getString("source"));
        });
        rows.contacts(tenant, customers, on, row -> {
            var field = switch (ContactKind.valueOf(row.getString("kind"))) {
                case PHONE -> "PHONES";
                case EMAIL -> "EMAILS";
                case WECHAT -> "WECHATS";
                case ADDRESS -> "ADDRESSES";
                case ID_NUMBER -> "";
            };
            var customer = row.getObject("customer_id", UUID.class);
            var mine = cells.get(customer);
            if (mine != null) {
                none(mine);
            }
            put(cells, customer, field, row.getString("number"));
        });
        rows.tagged(
                tenant,
                customers,
                tags,
                on,
                row -> put(cells, row.getObject("customer_id", UUID.class), TAG + row.getString("tag"), YES));
        rows.values(
                tenant,
                customers,
                on,
                row -> put(
                        cells,
                        row.getObject("customer_id", UUID.class),
                        OWN + row.getString("key"),
                        row.getString("plain")));
        int kind = place("KIND");
        cells.forEach((customer, mine) -> {
            if (IntStream.range(0, mine.length).anyMatch(i -> i != kind && !mine[i].isEmpty())) {
                put(cells, customer, "SOURCE", Objects.requireNonNull(sources.get(customer)));
            }
        });
        if (until != null) {
            behaviour(cells, customers, until);
        }
        return cells;
    }

    /** Of whom something was known on the day, nothing said means none; of others it means nothing. */
    private void none(String[] mine) {
        for (var counted : COUNTED) {
            int place = place(counted);
            mine[place] = mine[place].isEmpty() ? "0" : mine[place];
        }
    }

    private void behaviour(Map<UUID, String[]> cells, Collection<UUID> customers, LocalDate until) {
        rows.orders(tenant, customers, until, row -> {
            var customer = row.getObject("customer_id", UUID.class);
            if (row.getString("first") != null) {
                put(cells, customer, "ORDER_FIRST", row.getString("first"));
                put(cells, customer, "ORDER_LAST", row.getString("last"));
            }
            put(cells, customer, "ORDERS_90", row.getString("lately"));
            put(cells, customer, "ORDERS_365", row.getString("year"));
            put(cells, customer, "SPENT_365", row.getString("spent"));
        });
        rows.events(tenant, customers, until, row -> {
            var customer = row.getObject("customer_id", UUID.class);
            put(cells, customer, EVENTS + row.getString("kind"), row.getString("lately"));
            var mine = cells.get(customer);
            var last = row.getString("last");
            int place = place("EVENT_LAST");
            if (mine != null && (mine[place].isEmpty() || Integer.parseInt(mine[place]) > Integer.parseInt(last))) {
                mine[place] = last;
            }
        });
    }

    private int place(String field) {
        return Objects.requireNonNull(places.get(field));
    }

    private void put(Map<UUID, String[]> cells, UUID customer, String field, String value) {
        var mine = cells.get(customer);
        var place = places.get(field);
        if (mine != null && place != null) {
            mine[place] = value.intern();
        }
    }

    Records records(List<String[]> cells) {
        return new Records(fields, cells);
    }
}
