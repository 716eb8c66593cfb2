package io.retainer.vault;

import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A tenant table with sealed columns, declared as a bean by the module that owns it, so that a change of keys finds every
 * value.
 *
 * @param table as it is read; part of what every value is bound to
 * @param row the {@code uuid} column the values are bound to; unique within a tenant and indexed after {@code tenant_id}
 * @param within where the rows are kept when the table is but a view of an array in the rows of another, or null
 */
public record SealedTable(
        String table,
        String row,
        List<SealedColumn> columns,
        @Nullable Within within) {

    private static final Pattern COLUMN = Pattern.compile("[a-z_]+");

    /**
     * @param table that keeps them
     * @param row its {@code uuid} column, unique within a tenant and indexed after {@code tenant_id}
     * @param array its column, an array of a composite type with the attributes the view shows
     */
    public record Within(String table, String row, String array) {
        public Within {
            if (!COLUMN.matcher(row).matches() || !COLUMN.matcher(array).matches()) {
                throw new IllegalArgumentException("Not a column of " + table);
            }
        }
    }

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

    public SealedTable(String table, String row, List<SealedColumn> columns) {
        this(table, row, columns, null);
    }

    /** The same, kept in an array in the rows of another table. */
    public SealedTable within(String keeper, String keeperRow, String array) {
        return new SealedTable(table, row, columns, new Within(keeper, keeperRow, array));
    }
}
