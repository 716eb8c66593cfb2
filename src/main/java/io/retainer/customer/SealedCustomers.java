package io.retainer.customer;

import static io.retainer.customer.BinaryRows.BYTEA;
import static io.retainer.customer.BinaryRows.DATE;
import static io.retainer.customer.BinaryRows.INT4;
import static io.retainer.customer.BinaryRows.INT4_ARRAY;
import static io.retainer.customer.BinaryRows.INT8;
import static io.retainer.customer.BinaryRows.INT8_ARRAY;
import static io.retainer.customer.BinaryRows.TEXT;
import static io.retainer.customer.BinaryRows.TEXT_ARRAY;
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
    private static final int BYTES_EACH = 900;

    private final ClientVault vault;
    private final Types types;
    private final BinaryRows rows;
    private int count;
    private final Values values = new Values();

    private SealedCustomers(int expected, ClientVault vault, Types types) {
        this.vault = vault;
        this.types = types;
        this.rows = new BinaryRows(expected * BYTES_EACH + BYTES_EACH);
    }

    /** The numbers under which the database knows its types {@code contact_value}, {@code incoming} and arrays of them. */
    record Types(int contact, int contacts, int incoming, int incomings) {}

    static SealedCustomers of(
            List<Identified> customers, Map<String, CustomField> fields, ClientVault vault, Types types) {
        var sealed = new SealedCustomers(customers.size(), vault, types);
        customers.forEach(each -> sealed.add(each.id(), each.customer(), fields));
        return sealed;
    }

    /** With which it was sealed: only good while {@link ClientVault#sealsAs} of the storing transaction's own. */
    ClientVault vault() {
        return vault;
    }

    Values values() {
        return values;
    }

    /** As {@code customer.incoming[]}. */
    byte[] incoming() {
        return BinaryRows.array(types.incoming(), count, rows);
    }

    private void add(UUID id, NewCustomer customer, Map<String, CustomField> fields) {
        count++;
        var since = customer.since() == null ? null : LocalDate.parse(customer.since());
        var at = since == null ? null : since.atStartOfDay(Segments.ZONE).toInstant();
        var contacts = customer.contacts().stream()
                .map(contact -> StoredContact.of(Ids.next(), contact, null, at, vault))
                .toList();
        var index = vault.index(CustomerRows.NAME_WHOLE, customer.name());
        int row = rows.begin();
        rows.row(12);
        rows.column(UUID_TYPE).uuid(id);
        rows.column(TEXT).text(customer.kind().name());
        rows.column(BYTEA)
                .bytes(vault.seal(CustomerRows.NAME, id, customer.name()).bytes());
        rows.column(INT8).bigint(index == null ? 0L : index);
        rows.column(INT4_ARRAY).integers(CustomerRows.tags(vault, NameParts.of(customer.name())));
        rows.column(TEXT).text(customer.reference());
        rows.column(TEXT).text(customer.creditCode());
        rows.column(types.contacts());
        int all = rows.begin();
        rows.arrayOf(types.contact(), contacts.size());
        contacts.forEach(this::add);
        rows.end(all);
        rows.column(INT8_ARRAY).bigints(StoredContact.keys(contacts));
        rows.column(INT4_ARRAY).integers(StoredContact.regions(contacts, vault));
        rows.column(TEXT_ARRAY).texts(customer.tags());
        rows.column(DATE).date(since);
        rows.end(row);
        customer.fields().forEach((key, value) -> {
            var field = fields.get(key);
            if (field != null) {
                values.add(id, field, value, since, vault);
            }
        });
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
        return "SealedCustomers[" + count + "]";
    }
}
