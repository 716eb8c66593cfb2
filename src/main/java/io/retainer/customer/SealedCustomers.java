package io.retainer.customer;

import static io.retainer.customer.BinaryRows.BYTEA;
import static io.retainer.customer.BinaryRows.DATE;
import static io.retainer.customer.BinaryRows.INT4;
import static io.retainer.customer.BinaryRows.INT4_ARRAY;
import static io.retainer.customer.BinaryRows.INT8;
import static io.retainer.customer.BinaryRows.INT8_ARRAY;
import static io.retainer.customer.BinaryRows.TEXT;
import static io.retainer.customer.BinaryRows.TIMESTAMPTZ;
import static io.retainer.customer.BinaryRows.UUID_TYPE;

import io.retainer.customer.CustomerRows.Identified;
import io.retainer.kernel.Ids;
import io.retainer.vault.ClientVault;
import java.time.Instant;
import java.time.LocalDate;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Customers sealed and indexed, as the statement that stores them takes them. Made before the transaction that stores them
 * and on any thread: this, not the database, is what can be done by several at once.
 */
final class SealedCustomers {

    private static final Instant POSTGRES_EPOCH = Instant.parse("2000-01-01T00:00:00Z");

    /** Customers whose keys are written in pages; fewer go into the inverted index one by one. */
    static final int FEWEST_IN_A_RUN = 1000;

    /** The number of a customer in its run is the end of its id. */
    static final int MOST_IN_A_RUN = Short.MAX_VALUE;

    private static final long NUMBER = 0xFFFF;
    private static final int BYTES_EACH = 850;
    private static final int KEYS_EACH = 16;

    private final ClientVault vault;
    private final Types types;
    private final BinaryRows rows;
    private byte[] incoming = new byte[0];
    private byte[] pages = new byte[0];
    private final List<UUID> ids;
    private final Values values = new Values();
    private final Tags tags = new Tags();
    private final @Nullable UUID run;
    private @Nullable KeyPages keys;

    private SealedCustomers(int expected, @Nullable UUID run, Sealing sealing, Types types) {
        this.vault = sealing.vault();
        this.types = types;
        this.rows = sealing.rows().again();
        this.ids = new ArrayList<>(expected);
        this.run = run;
        this.keys = run == null ? null : new KeyPages(expected * KEYS_EACH);
    }

    /** What one thread at a time seals with, and the room in which it writes. */
    record Sealing(ClientVault vault, BinaryRows rows) {

        static Sealing of(ClientVault vault, int expected) {
            return new Sealing(vault, new BinaryRows((expected + 1) * BYTES_EACH));
        }
    }

    /** The numbers under which the database knows its types {@code contact_value} and so on, and arrays of them. */
    record Types(int contact, int contacts, int incoming, int incomings, int page, int pages) {}

    static SealedCustomers of(
            List<Identified> customers, Map<String, CustomField> fields, ClientVault vault, Types types) {
        var sealed = new SealedCustomers(customers.size(), null, Sealing.of(vault, customers.size()), types);
        customers.forEach(each -> sealed.add(each.id(), each.customer(), fields));
        return sealed.ended();
    }

    /** Customers of an import, in the order of their ids; a run of its own if there are enough of them. */
    static SealedCustomers run(
            List<NewCustomer> customers, Map<String, CustomField> fields, Sealing sealing, Types types) {
        var id = Ids.next();
        long low = id.getLeastSignificantBits() & ~NUMBER;
        var run = customers.size() < FEWEST_IN_A_RUN || customers.size() > MOST_IN_A_RUN
                ? null
                : new UUID(id.getMostSignificantBits(), low);
        var sealed = new SealedCustomers(customers.size(), run, sealing, types);
        for (int i = 0; i < customers.size(); i++) {
            sealed.add(
                    run == null ? Ids.next() : new UUID(run.getMostSignificantBits(), low | i),
                    customers.get(i),
                    fields);
        }
        return sealed.ended();
    }

    private SealedCustomers ended() {
        incoming = rows.array(types.incoming(), ids.size());
        if (keys != null) {
            pages = keys.incoming(types.page());
            keys = null;
        }
        return this;
    }

    /** With which it was sealed: only good while {@link ClientVault#sealsAs} of the storing transaction's own. */
    ClientVault vault() {
        return vault;
    }

    List<UUID> ids() {
        return ids;
    }

    Values values() {
        return values;
    }

    Tags tags() {
        return tags;
    }

    /** Under which their keys are to be written in pages, or null. */
    @Nullable
    UUID run() {
        return run;
    }

    /** As {@code customer.incoming[]}. */
    byte[] incoming() {
        return incoming;
    }

    /** As {@code customer.incoming_page[]}. */
    byte[] pages() {
        return pages;
    }

    private void add(UUID id, NewCustomer customer, Map<String, CustomField> fields) {
        int number = ids.size();
        ids.add(id);
        var since = customer.since() == null ? null : LocalDate.parse(customer.since());
        var at = since == null ? null : since.atStartOfDay(Segments.ZONE).toInstant();
        var contacts = new ArrayList<StoredContact>(customer.contacts().size());
        for (var contact : customer.contacts()) {
            contacts.add(StoredContact.of(Ids.next(), contact, null, at, vault));
        }
        var index = vault.index(CustomerRows.NAME_WHOLE, customer.name());
        var parts = CustomerRows.tags(vault, NameParts.of(customer.name()));
        var reached = StoredContact.keys(contacts);
        var regions = StoredContact.regions(contacts, vault);
        if (keys != null) {
            keys.add(number, parts);
            keys.addLong(number, reached);
            keys.add(number, regions);
        }
        int row = rows.begin();
        rows.row(10);
        rows.column(UUID_TYPE).uuid(id);
        rows.column(TEXT).text(customer.kind().name());
        rows.column(BYTEA)
                .bytes(vault.seal(CustomerRows.NAME, id, customer.name()).bytes());
        rows.column(INT8).bigint(index == null ? 0L : index);
        rows.column(INT4_ARRAY).integers(parts);
        rows.column(TEXT).text(customer.reference());
        rows.column(TEXT).text(customer.creditCode());
        rows.column(types.contacts());
        int all = rows.begin();
        rows.arrayOf(types.contact(), contacts.size());
        contacts.forEach(this::add);
        rows.end(all);
        rows.column(INT8_ARRAY).bigints(reached);
        rows.column(INT4_ARRAY).integers(regions);
        rows.end(row);
        for (var tag : customer.tags()) {
            tags.add(id, tag, since);
        }
        if (!customer.fields().isEmpty()) {
            customer.fields().forEach((key, value) -> {
                var field = fields.get(key);
                if (field != null) {
                    values.add(id, field, value, since, vault);
                }
            });
        }
    }

    private void add(StoredContact contact) {
        int row = rows.begin();
        rows.row(10);
        rows.column(UUID_TYPE).uuid(contact.id());
        rows.column(TEXT).text(contact.kind().name());
        rows.column(BYTEA).bytes(contact.value().bytes());
        rows.column(INT8).bigint(contact.index());
        rows.column(INT8).bigint(contact.end());
        rows.column(TEXT).text(contact.label());
        rows.column(UUID_TYPE).uuid(contact.origin());
        // Null: with the customer.
        var at = contact.createdAt();
        rows.column(TIMESTAMPTZ).bigint(at == null ? null : POSTGRES_EPOCH.until(at, ChronoUnit.MICROS));
        rows.column(TEXT).text(contact.region());
        rows.column(INT4).integer(contact.district());
        rows.end(row);
    }

    /** Which customer has which tag, and since when; null for today. */
    static final class Tags {
        private final List<UUID> customers = new ArrayList<>();
        private final List<String> tags = new ArrayList<>();
        private final List<@Nullable LocalDate> days = new ArrayList<>();

        private void add(UUID customer, String tag, @Nullable LocalDate since) {
            customers.add(customer);
            tags.add(tag);
            days.add(since);
        }

        boolean isEmpty() {
            return tags.isEmpty();
        }

        /** As {@code uuid[]}. */
        byte[] customers() {
            var rows = new BinaryRows(customers.size() * 20);
            customers.forEach(rows::uuid);
            return rows.array(UUID_TYPE, customers.size());
        }

        /** As {@code text[]}. */
        byte[] tags() {
            var rows = new BinaryRows(tags.size() * 16);
            tags.forEach(rows::text);
            return rows.array(TEXT, tags.size());
        }

        /** As {@code date[]}. */
        byte[] days() {
            var rows = new BinaryRows(days.size() * 8);
            days.forEach(rows::date);
            return rows.array(DATE, days.size());
        }

        /** Those of the customers that were stored. */
        Tags without(Set<UUID> refused) {
            if (refused.isEmpty()) {
                return this;
            }
            var some = new Tags();
            for (int i = 0; i < tags.size(); i++) {
                if (!refused.contains(customers.get(i))) {
                    some.add(customers.get(i), tags.get(i), days.get(i));
                }
            }
            return some;
        }
    }

    static final class Values {
        final List<UUID> ids = new ArrayList<>();
        final List<UUID> customers = new ArrayList<>();
        final List<UUID> fields = new ArrayList<>();
        /** Since when, as text; null for today. */
        final List<@Nullable String> days = new ArrayList<>();

        final List<@Nullable String> plain = new ArrayList<>();
        final List<byte @Nullable []> sealed = new ArrayList<>();
        final List<@Nullable Long> indexes = new ArrayList<>();

        void add(UUID customer, CustomField field, String value, @Nullable LocalDate since, ClientVault vault) {
            var id = Ids.next();
            ids.add(id);
            customers.add(customer);
            fields.add(field.id());
            days.add(since == null ? null : since.toString());
            plain.add(field.personal() ? null : value);
            sealed.add(
                    field.personal() ? vault.seal(CustomerRows.FIELD, id, value).bytes() : null);
            indexes.add(field.personal() ? vault.index(CustomerRows.FIELD_WHOLE, value) : null);
        }

        /** Those of the customers that were stored. */
        Values without(Set<UUID> refused) {
            if (refused.isEmpty()) {
                return this;
            }
            var some = new Values();
            for (int i = 0; i < ids.size(); i++) {
                if (!refused.contains(customers.get(i))) {
                    some.ids.add(ids.get(i));
                    some.customers.add(customers.get(i));
                    some.fields.add(fields.get(i));
                    some.days.add(days.get(i));
                    some.plain.add(plain.get(i));
                    some.sealed.add(sealed.get(i));
                    some.indexes.add(indexes.get(i));
                }
            }
            return some;
        }
    }

    /** Shows nothing of the people. */
    @Override
    public String toString() {
        return "SealedCustomers[" + ids.size() + "]";
    }
}
