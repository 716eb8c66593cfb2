package io.retainer.vault;

import java.util.List;
import java.util.regex.Pattern;

/**
 * A tenant table with sealed columns, declared as a bean by the module that owns it, so that a change of keys finds every
 * value.
 *
 * @param row the {@code uuid} column the values are bound to; unique within a tenant and indexed after {@code tenant_id}
 */
public record SealedTable(String table, String row, List<SealedColumn> columns) {

    private static final Pattern COLUMN = Pattern.compile("[a-z_]+");

    public SealedTable {
        columns = List.copyOf(columns);
        if (columns.isEmpty() || !COLUMN.matcher(row).matches()) {
            throw new IllegalArgumentException("Not a table with sealed columns: " + table);
        }
        for (var column : columns) {
            if (!column.table().equals(table)) {
                throw new IllegalArgumentException(column.name() + " is not in " + table);
            }
        }
    }
}
