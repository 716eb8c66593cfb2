package io.retainer.customer;

import io.retainer.kernel.Ids;
import io.retainer.kernel.Refused;
import io.retainer.kernel.Sentence;
import io.retainer.kernel.Tenancy;
import io.retainer.vault.PersonalKind;
import io.retainer.vault.Processing;
import io.retainer.vault.Sealed;
import io.retainer.vault.SealedColumn;
import io.retainer.vault.SealedTable;
import io.retainer.vault.Vault;
import java.io.IOException;
import java.io.InputStream;
import java.sql.Connection;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/**
 * Uploaded files and bad rows, sealed in pieces in the database: never in the clear on a disk, in every node's reach, and
 * gone with the import.
 */
@Component
class ImportFiles {

    static final SealedColumn PIECE = new SealedColumn("customer.batch_piece", "content", PersonalKind.TEXT);
    static final SealedColumn BAD_ROW = new SealedColumn("customer.bad_row", "content", PersonalKind.TEXT);
    static final SealedColumn FILE_NAME = new SealedColumn("customer.batch", "sealed_name", PersonalKind.TEXT);
    static final long LARGEST = 2L << 30;

    private static final int PIECE_BYTES = 256 * 1024;
    private static final int TOGETHER = 16;
    private static final int BAD_ROWS_A_PAGE = 1000;
    private static final String BETWEEN = "\u001F";

    private final JdbcClient jdbc;
    private final JdbcTemplate template;
    private final Tenancy tenancy;
    private final Vault vault;

    ImportFiles(JdbcClient jdbc, JdbcTemplate template, Tenancy tenancy, Vault vault) {
        this.jdbc = jdbc;
        this.template = template;
        this.tenancy = tenancy;
        this.vault = vault;
    }

    /** Sees the bytes that are stored. */
    @FunctionalInterface
    interface Passing {
        void by(byte[] bytes, int from, int to);
    }

    byte[] seal(UUID tenant, UUID batch, String name) {
        return vault.writing(tenant).seal(FILE_NAME, batch, name).bytes();
    }

    String name(UUID tenant, UUID batch, byte[] sealed) {
        return vault.processing(tenant, Processing.IMPORT)
                .open(FILE_NAME, batch, Sealed.of(sealed))
                .inTheClear();
    }

    /**
     * Stores the file, some pieces a transaction.
     *
     * @return its size
     * @throws Refused when it is larger than 2 GiB
     */
    long store(UUID tenant, UUID batch, InputStream file, Passing passing) throws IOException {
        long total = 0;
        int number = 0;
        while (true) {
            var pieces = new ArrayList<byte[]>();
            for (int i = 0; i < TOGETHER; i++) {
                var piece = file.readNBytes(PIECE_BYTES);
                if (piece.length == 0) {
                    break;
                }
                pieces.add(piece);
                passing.by(piece, 0, piece.length);
                total += piece.length;
            }
            if (total > LARGEST) {
                throw Refused.field("file", "customer.import.large", LARGEST >> 30);
            }
            if (pieces.isEmpty()) {
                return total;
            }
            int first = number;
            tenancy.write(tenant, () -> {
                // The note that the file is complete waits for the disk, and with it for these.
                jdbc.sql("set local synchronous_commit = off").update();
                var client = vault.writing(tenant);
                for (int i = 0; i < pieces.size(); i++) {
                    var id = Ids.next();
                    jdbc.sql("""
                                    insert into customer.batch_piece (tenant_id, id, batch_id, number, content)
                                    values (:tenant, :id, :batch, :number, :content)
                                    """)
                            .param("tenant", tenant)
                            .param("id", id)
                            .param("batch", batch)
                            .param("number", first + i)
                            .param(
                                    "content",
                                    client.seal(PIECE, id, pieces.get(i)).bytes())
                            .update();
                }
            });
            number += pieces.size();
        }
    }

    /** The file from its beginning; a piece at a time is in memory. */
    Upload open(UUID tenant, UUID batch) {
        return new Upload(tenant, batch);
    }

    void remove(UUID tenant, UUID batch) {
        jdbc.sql("delete from customer.batch_piece where tenant_id = :tenant and batch_id = :batch")
                .param("tenant", tenant)
                .param("batch", batch)
                .update();
    }

    final class Upload extends InputStream {

        private final UUID tenant;
        private final UUID batch;
        private byte[] piece = new byte[0];
        private int position;
        private int number;
        private final AtomicLong read = new AtomicLong();

        private Upload(UUID tenant, UUID batch) {
            this.tenant = tenant;
            this.batch = batch;
        }

        /** Bytes handed out so far. */
        long done() {
            return read.get();
        }

        @Override
        public int read() {
            if (position == piece.length && !next()) {
                return -1;
            }
            read.incrementAndGet();
            return piece[position++] & 0xFF;
        }

        @Override
        public int read(byte[] to, int offset, int length) {
            Objects.checkFromIndexSize(offset, length, to.length);
            if (length == 0) {
                return 0;
            }
            if (position == piece.length && !next()) {
                return -1;
            }
            int count = Math.min(length, piece.length - position);
            System.arraycopy(piece, position, to, offset, count);
            position += count;
            read.addAndGet(count);
            return count;
        }

        private boolean next() {
            var found = tenancy.read(
                    tenant,
                    () -> jdbc.sql("""
                            select id, content from customer.batch_piece
                            where tenant_id = :tenant and batch_id = :batch and number = :number
                            """)
                            .param("tenant", tenant)
                            .param("batch", batch)
                            .param("number", number)
                            .query((row, _) -> vault.processing(tenant, Processing.IMPORT)
                                    .openBytes(PIECE, row.getObject(1, UUID.class), Sealed.of(row.getBytes(2))))
                            .optional());
            if (found.isEmpty()) {
                return false;
            }
            piece = found.get();
            position = 0;
            number++;
            return true;
        }
    }

    /** A row that could not be taken. */
    record BadRow(long number, Sentence why, List<String> cells) {}

    void addBad(UUID tenant, UUID batch, List<BadRow> rows) {
        var client = vault.writing(tenant);
        var ids = new UUID[rows.size()];
        var numbers = new Long[rows.size()];
        var reasons = new String[rows.size()];
        var arguments = new String[rows.size()];
        var contents = new byte[rows.size()][];
        for (int i = 0; i < rows.size(); i++) {
            var bad = rows.get(i);
            var line = new StringBuilder();
            CsvRows.write(line, bad.cells());
            ids[i] = Ids.next();
            numbers[i] = bad.number();
            reasons[i] = bad.why().key();
            arguments[i] = String.join(BETWEEN, arguments(bad.why()));
            contents[i] = client.seal(BAD_ROW, ids[i], line.toString()).bytes();
        }
        template.execute((Connection connection) -> {
            try (var statement = connection.prepareStatement("""
                insert into customer.bad_row (tenant_id, id, batch_id, row_no, reason, arguments, content)
                select ?, n.id, ?, n.number, n.reason, string_to_array(n.arguments, ?), n.content
                from unnest(?, ?, ?, ?, ?) as n (id, number, reason, arguments, content)
                """)) {
                statement.setObject(1, tenant);
                statement.setObject(2, batch);
                statement.setString(3, BETWEEN);
                statement.setArray(4, connection.createArrayOf("uuid", ids));
                statement.setArray(5, connection.createArrayOf("int8", numbers));
                statement.setArray(6, connection.createArrayOf("text", reasons));
                statement.setArray(7, connection.createArrayOf("text", arguments));
                statement.setArray(8, connection.createArrayOf("bytea", contents));
                return statement.executeUpdate();
            }
        });
    }

    /** Only texts and numbers survive; that is all the reasons of bad rows carry. */
    private static String[] arguments(Sentence why) {
        return why.arguments().stream()
                .map(argument -> argument instanceof Enum<?> constant ? constant.name() : String.valueOf(argument))
                .toArray(String[]::new);
    }

    /** @param line of CSV, with its line end */
    record BadLine(long number, String reason, List<String> arguments, String line) {}

    /** The bad rows after one, in the order of the file. */
    List<BadLine> bad(UUID tenant, UUID batch, long after) {
        return tenancy.read(tenant, () -> {
            var opener = vault.processing(tenant, Processing.IMPORT);
            return jdbc.sql("""
                            select id, row_no, reason, arguments, content from customer.bad_row
                            where tenant_id = :tenant and batch_id = :batch and row_no > :after
                            order by row_no limit :most
                            """)
                    .param("tenant", tenant)
                    .param("batch", batch)
                    .param("after", after)
                    .param("most", BAD_ROWS_A_PAGE)
                    .query((row, _) -> new BadLine(
                            row.getLong("row_no"),
                            row.getString("reason"),
                            Arrays.asList((String[]) row.getArray("arguments").getArray()),
                            opener.open(BAD_ROW, row.getObject("id", UUID.class), Sealed.of(row.getBytes("content")))
                                    .inTheClear()))
                    .list();
        });
    }

    /**
     * Why rows could not be taken, the most frequent first.
     *
     * @param rows how many
     * @param first the first of them
     */
    record Reason(Sentence why, long rows, long first) {}

    List<Reason> reasons(UUID tenant, UUID batch, int most) {
        return jdbc.sql("""
                        select reason, arguments, count(*) as rows, min(row_no) as first from customer.bad_row
                        where tenant_id = :tenant and batch_id = :batch
                        group by reason, arguments order by rows desc, first limit :most
                        """)
                .param("tenant", tenant)
                .param("batch", batch)
                .param("most", most)
                .query((row, _) -> new Reason(
                        new Sentence(row.getString("reason"), Arrays.asList((Object[])
                                row.getArray("arguments").getArray())),
                        row.getLong("rows"),
                        row.getLong("first")))
                .list();
    }

    void removeBad(UUID tenant, UUID batch) {
        jdbc.sql("delete from customer.bad_row where tenant_id = :tenant and batch_id = :batch")
                .param("tenant", tenant)
                .param("batch", batch)
                .update();
    }

    @Configuration(proxyBeanMethods = false)
    static class Tables {

        @Bean
        SealedTable batchTable() {
            return new SealedTable("customer.batch", "id", List.of(FILE_NAME));
        }

        @Bean
        SealedTable pieceTable() {
            return new SealedTable("customer.batch_piece", "id", List.of(PIECE));
        }

        @Bean
        SealedTable badRowTable() {
            return new SealedTable("customer.bad_row", "id", List.of(BAD_ROW));
        }
    }
}
