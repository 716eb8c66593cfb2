package io.retainer.customer;

import io.retainer.customer.CustomerRows.Identified;
import io.retainer.kernel.Ids;
import io.retainer.vault.ClientVault;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Customers sealed and indexed, column by column, as the statements that store them want it. Made before the transaction
 * that stores them and on any thread: this, not the database, is what can be done by several at once.
 *
 * @param vault with which it was sealed: only good while {@link ClientVault#sealsAs} of the storing transaction's own
 */
record SealedCustomers(
        ClientVault vault,
        List<UUID> ids,
        List<String> kinds,
        List<byte[]> names,
        List<Long> nameIndexes,
        List<String> nameParts,
        List<@Nullable String> references,
        List<@Nullable String> creditCodes,
        Contacts contacts,
        Tags tags,
        Values values) {

    static SealedCustomers of(List<Identified> customers, Map<String, CustomField> fields, ClientVault vault) {
        var sealed = new SealedCustomers(
                vault,
                new ArrayList<>(customers.size()),
                new ArrayList<>(customers.size()),
                new ArrayList<>(customers.size()),
                new ArrayList<>(customers.size()),
                new ArrayList<>(customers.size()),
                new ArrayList<>(customers.size()),
                new ArrayList<>(customers.size()),
                new Contacts(),
                new Tags(),
                new Values());
        customers.forEach(each -> sealed.add(each.id(), each.customer(), fields));
        return sealed;
    }

    private void add(UUID id, NewCustomer customer, Map<String, CustomField> fields) {
        ids.add(id);
        kinds.add(customer.kind().name());
        names.add(vault.seal(CustomerRows.NAME, id, customer.name()).bytes());
        var index = vault.index(CustomerRows.NAME_WHOLE, customer.name());
        nameIndexes.add(index == null ? 0L : index);
        nameParts.add(parts(NameParts.of(customer.name())));
        references.add(customer.reference());
        creditCodes.add(customer.creditCode());
        for (var contact : customer.contacts()) {
            contacts.add(id, contact, vault);
        }
        for (var tag : customer.tags()) {
            tags.customers.add(id);
            tags.tags.add(tag);
        }
        customer.fields().forEach((key, value) -> {
            var field = fields.get(key);
            if (field != null) {
                values.add(id, field, value, vault);
            }
        });
    }

    /** As PostgreSQL writes an int array. */
    private String parts(Set<String> parts) {
        var text = new StringBuilder(parts.size() * 12).append('{');
        for (int tag : CustomerRows.tags(vault, parts)) {
            if (text.length() > 1) {
                text.append(',');
            }
            text.append(tag);
        }
        return text.append('}').toString();
    }

    /** What hangs on the customers that were stored, when some were not. */
    SealedCustomers onlyOf(Set<UUID> stored) {
        return stored.size() == ids.size()
                ? this
                : new SealedCustomers(
                        vault,
                        ids,
                        kinds,
                        names,
                        nameIndexes,
                        nameParts,
                        references,
                        creditCodes,
                        contacts.onlyOf(stored),
                        tags.onlyOf(stored),
                        values.onlyOf(stored));
    }

    static final class Contacts {
        final List<UUID> ids = new ArrayList<>();
        final List<UUID> customers = new ArrayList<>();
        final List<String> kinds = new ArrayList<>();
        final List<byte[]> values = new ArrayList<>();
        final List<Long> indexes = new ArrayList<>();
        final List<@Nullable Long> ends = new ArrayList<>();
        final List<@Nullable String> labels = new ArrayList<>();

        void add(UUID customer, NewCustomer.Contact contact, ClientVault vault) {
            var id = Ids.next();
            var index = vault.index(contact.kind().whole(), contact.value());
            ids.add(id);
            customers.add(customer);
            kinds.add(contact.kind().name());
            values.add(vault.seal(contact.kind().column(), id, contact.value()).bytes());
            indexes.add(index == null ? 0L : index);
            ends.add(contact.kind().foundByEnd() ? vault.index(contact.kind().end(), contact.value()) : null);
            labels.add(contact.label());
        }

        private Contacts onlyOf(Set<UUID> stored) {
            var some = new Contacts();
            for (int i = 0; i < ids.size(); i++) {
                if (stored.contains(customers.get(i))) {
                    some.ids.add(ids.get(i));
                    some.customers.add(customers.get(i));
                    some.kinds.add(kinds.get(i));
                    some.values.add(values.get(i));
                    some.indexes.add(indexes.get(i));
                    some.ends.add(ends.get(i));
                    some.labels.add(labels.get(i));
                }
            }
            return some;
        }
    }

    static final class Tags {
        final List<UUID> customers = new ArrayList<>();
        final List<String> tags = new ArrayList<>();

        private Tags onlyOf(Set<UUID> stored) {
            var some = new Tags();
            for (int i = 0; i < tags.size(); i++) {
                if (stored.contains(customers.get(i))) {
                    some.customers.add(customers.get(i));
                    some.tags.add(tags.get(i));
                }
            }
            return some;
        }
    }

    static final class Values {
        final List<UUID> ids = new ArrayList<>();
        final List<UUID> customers = new ArrayList<>();
        final List<UUID> fields = new ArrayList<>();
        final List<@Nullable String> plain = new ArrayList<>();
        final List<byte @Nullable []> sealed = new ArrayList<>();
        final List<@Nullable Long> indexes = new ArrayList<>();

        private void add(UUID customer, CustomField field, String value, ClientVault vault) {
            var id = Ids.next();
            ids.add(id);
            customers.add(customer);
            fields.add(field.id());
            plain.add(field.personal() ? null : value);
            sealed.add(
                    field.personal() ? vault.seal(CustomerRows.FIELD, id, value).bytes() : null);
            indexes.add(field.personal() ? vault.index(CustomerRows.FIELD_WHOLE, value) : null);
        }

        private Values onlyOf(Set<UUID> stored) {
            var some = new Values();
            for (int i = 0; i < ids.size(); i++) {
                if (stored.contains(customers.get(i))) {
                    some.ids.add(ids.get(i));
                    some.customers.add(customers.get(i));
                    some.fields.add(fields.get(i));
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
