package io.retainer.customer;

import io.retainer.kernel.Tenancy;
import io.retainer.matching.ColumnKind;
import io.retainer.matching.Links;
import io.retainer.matching.PhoneNumbers;
import io.retainer.matching.Records;
import io.retainer.matching.Settings;
import io.retainer.vault.Processing;
import io.retainer.vault.Sealed;
import io.retainer.vault.Vault;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.LongPredicate;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/**
 * Opens the customers of a client to be compared with one another, in memory and nowhere else: what comes out of the
 * comparison are ids, grades and weights.
 */
@Component
class MatchingRecords {

    private static final int STEP = 5_000;
    private static final int MOST_FIELDS = 7;

    private final JdbcClient jdbc;
    private final CustomerRows customers;
    private final Vault vault;
    private final Tenancy tenancy;

    MatchingRecords(JdbcClient jdbc, CustomerRows customers, Vault vault, Tenancy tenancy) {
        this.jdbc = jdbc;
        this.customers = customers;
        this.vault = vault;
        this.tenancy = tenancy;
    }

    /** @param ids of the customer of each row */
    record Opened(Records records, Settings settings, List<UUID> ids) {

        Map<UUID, Integer> rows() {
            var rows = new HashMap<UUID, Integer>();
            for (int row = 0; row < ids.size(); row++) {
                rows.put(ids.get(row), row);
            }
            return rows;
        }
    }

    long count(UUID tenant) {
        return tenancy.read(
                tenant,
                () -> jdbc.sql("select count(*) from customer.customer where tenant_id = :tenant")
                        .param("tenant", tenant)
                        .query(Long.class)
                        .single());
    }

    /**
     * Reads them all.
     *
     * @param going told how many were read; false stops it
     * @return null when it was stopped
     */
    @Nullable
    Opened all(UUID tenant, LongPredicate going) {
        var fields = tenancy.read(tenant, () -> customers.fields(tenant)).values().stream()
                .filter(field -> field.type() == CustomField.Type.TEXT || field.type() == CustomField.Type.DATE)
                .sorted(Comparator.comparing(CustomField::key))
                .limit(MOST_FIELDS)
                .toList();
        var columns = new ArrayList<>(List.of(
                ComparedValue.NAME.name(),
                ComparedValue.PHONE.name(),
                ComparedValue.OTHER_PHONE.name(),
                ComparedValue.EMAIL.name(),
                ComparedValue.WECHAT.name(),
                ComparedValue.ID_NUMBER.name(),
                ComparedValue.ADDRESS.name(),
                ComparedValue.CREDIT_CODE.name()));
        var kinds = new HashMap<String, ColumnKind>(Map.of(
                "NAME",
                ColumnKind.NAME,
                "PHONE",
                ColumnKind.PHONE,
                "OTHER_PHONE",
                ColumnKind.PHONE,
                "EMAIL",
                ColumnKind.EMAIL,
                "WECHAT",
                ColumnKind.CODE,
                "ID_NUMBER",
                ColumnKind.CODE,
                "ADDRESS",
                ColumnKind.ADDRESS,
                "CREDIT_CODE",
                ColumnKind.CODE));
        for (var field : fields) {
            columns.add(ComparedValue.ofField(field.key()));
            if (field.type() == CustomField.Type.DATE) {
                kinds.put(ComparedValue.ofField(field.key()), ColumnKind.DATE);
            }
        }
        var filled = new HashMap<String, Integer>();
        var rows = new ArrayList<Map<String, String>>();
        var ids = new ArrayList<UUID>();
        var after = new UUID(0, 0);
        while (true) {
            var from = after;
            var step = tenancy.read(tenant, () -> step(tenant, from, fields));
            for (var each : step.entrySet()) {
                ids.add(each.getKey());
                rows.add(each.getValue());
                each.getValue().keySet().forEach(column -> filled.merge(column, 1, Integer::sum));
                after = each.getKey();
            }
            if (!going.test(ids.size())) {
                return null;
            }
            if (step.size() < STEP) {
                break;
            }
        }
        // What nobody has tells nothing and costs time.
        columns.removeIf(column -> filled.getOrDefault(column, 0) < 2);
        kinds.keySet().retainAll(columns);
        if (columns.isEmpty()) {
            columns.add(ComparedValue.NAME.name());
        }
        var builder = Records.of(columns);
        for (var row : rows) {
            builder.add(
                    columns.stream().map(column -> row.getOrDefault(column, "")).toList());
        }
        return new Opened(builder.build(), new Settings(kinds, PhoneNumbers.mainland(), Links.AS_FOUND), ids);
    }

    private Map<UUID, Map<String, String>> step(UUID tenant, UUID after, List<CustomField> fields) {
        var opener = vault.processing(tenant, Processing.MATCHING);
        var step = new LinkedHashMap<UUID, Map<String, String>>();
        jdbc.sql("""
                        select id, name, credit_code from customer.customer where tenant_id = :tenant and id > :after
                        order by tenant_id, id limit :most
                        """)
                .param("tenant", tenant)
                .param("after", after)
                .param("most", STEP)
                .query(row -> {
                    var id = row.getObject("id", UUID.class);
                    var values = new HashMap<String, String>();
                    values.put(
                            ComparedValue.NAME.name(),
                            opener.open(CustomerRows.NAME, id, Sealed.of(row.getBytes("name")))
                                    .inTheClear());
                    var code = row.getString("credit_code");
                    if (code != null) {
                        values.put(ComparedValue.CREDIT_CODE.name(), code);
                    }
                    step.put(id, values);
                });
        for (var contact : customers.contacts(tenant, step.keySet())) {
            var values = step.get(contact.customer());
            if (values != null) {
                var value = opener.open(contact.kind().column(), contact.id(), contact.value())
                        .inTheClear();
                var column = contact.kind().name();
                if (values.putIfAbsent(column, value) != null && contact.kind() == ContactKind.PHONE) {
                    values.putIfAbsent(ComparedValue.OTHER_PHONE.name(), value);
                }
            }
        }
        if (!fields.isEmpty()) {
            own(tenant, step, fields);
        }
        return step;
    }

    private void own(UUID tenant, Map<UUID, Map<String, String>> step, Collection<CustomField> fields) {
        var opener = vault.processing(tenant, Processing.MATCHING);
        var keys = new HashMap<UUID, String>();
        fields.forEach(field -> keys.put(field.id(), field.key()));
        jdbc.sql("""
                        select id, customer_id, field_id, plain, sealed from customer.field_value
                        where tenant_id = :tenant and customer_id = any(:customers) and field_id = any(:fields)
                        """)
                .param("tenant", tenant)
                .param("customers", step.keySet().toArray(UUID[]::new))
                .param("fields", keys.keySet().toArray(UUID[]::new))
                .query(row -> {
                    var id = row.getObject("id", UUID.class);
                    var sealed = Sealed.orNull(row.getBytes("sealed"));
                    var value = sealed == null
                            ? row.getString("plain")
                            : opener.open(CustomerRows.FIELD, id, sealed).inTheClear();
                    var values = step.get(row.getObject("customer_id", UUID.class));
                    var key = keys.get(row.getObject("field_id", UUID.class));
                    if (values != null && key != null) {
                        values.put(ComparedValue.ofField(key), value);
                    }
                });
    }
}
