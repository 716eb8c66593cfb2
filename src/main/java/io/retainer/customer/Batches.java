package io.retainer.customer;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.json.JsonMapper;

/** Imports, and how columns were read before. */
@Repository
class Batches {

    private static final JsonMapper JSON = JsonMapper.shared();
    private static final TypeReference<Map<String, Imports.Ground>> GROUNDS = new TypeReference<>() {};

    private final JdbcClient jdbc;

    Batches(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    void add(UUID tenant, ImportBatch batch, byte @Nullable [] sealedName) {
        jdbc.sql("""
                        insert into customer.batch (tenant_id, id, contract_id, format, charset, delimiter, header,
                            heading_row, mapping, state, bytes_total, created_by, created_at, sealed_name)
                        values (:tenant, :id, :contract, :format, :charset, :delimiter, :header, :headingRow, :mapping,
                            'UPLOADING', 0, :createdBy, :createdAt, :name)
                        """)
                .param("tenant", tenant)
                .param("id", batch.id())
                .param("contract", batch.contract())
                .param("format", batch.format().name())
                .param("charset", batch.charset())
                .param("delimiter", String.valueOf(batch.delimiter()))
                .param("header", batch.header().toArray(String[]::new))
                .param("headingRow", batch.headingRow())
                .param("mapping", batch.mapping().toArray(String[]::new))
                .param("createdBy", batch.createdBy())
                .param("createdAt", batch.createdAt().atOffset(ZoneOffset.UTC))
                .param("name", sealedName, Types.BINARY)
                .update();
    }

    /** @param digest of what was sent, by which the same is known when it is sent again */
    void uploaded(
            UUID tenant,
            UUID id,
            long bytes,
            String charset,
            ImportBatch.Reading reading,
            @Nullable String key,
            byte[] digest) {
        jdbc.sql("""
                        update customer.batch set state = 'UPLOADED', bytes_total = :bytes, charset = :charset,
                            other_charset = :other, other_lines = :lines, first_other = :first, sheet = :sheet,
                            other_sheets = :sheets, request_key = :key, digest = :digest
                        where tenant_id = :tenant and id = :id
                        """)
                .param("tenant", tenant)
                .param("id", id)
                .param("bytes", bytes)
                .param("charset", charset)
                .param("other", reading.otherCharset(), Types.VARCHAR)
                .param("lines", reading.otherLines())
                .param("first", reading.firstOther())
                .param("sheet", reading.sheet(), Types.VARCHAR)
                .param("sheets", reading.otherSheets().toArray(String[]::new))
                .param("key", key)
                .param("digest", digest)
                .update();
    }

    /** @return false when it is past being read otherwise */
    boolean reread(UUID tenant, ImportBatch batch) {
        return jdbc.sql("""
                        update customer.batch set charset = :charset, other_charset = :other, delimiter = :delimiter,
                            header = :header, heading_row = :headingRow, mapping = :mapping
                        where tenant_id = :tenant and id = :id and state in ('UPLOADING', 'UPLOADED')
                        """)
                        .param("tenant", tenant)
                        .param("id", batch.id())
                        .param("charset", batch.charset())
                        .param("other", batch.reading().otherCharset(), Types.VARCHAR)
                        .param("delimiter", String.valueOf(batch.delimiter()))
                        .param("header", batch.header().toArray(String[]::new))
                        .param("headingRow", batch.headingRow())
                        .param("mapping", batch.mapping().toArray(String[]::new))
                        .update()
                == 1;
    }

    /** What the files were called, still sealed. */
    Map<UUID, byte[]> names(UUID tenant, Collection<UUID> ids) {
        var names = new HashMap<UUID, byte[]>();
        jdbc.sql("""
                        select id, sealed_name from customer.batch where tenant_id = :tenant
                        and id = any((select cast(:ids as uuid[]))::uuid[]) and sealed_name is not null
                        """)
                .param("tenant", tenant)
                .param("ids", ids.toArray(UUID[]::new))
                .query(row -> {
                    names.put(row.getObject(1, UUID.class), row.getBytes(2));
                });
        return names;
    }

    boolean sameDigest(UUID tenant, UUID id, byte[] digest) {
        return jdbc.sql("""
                        select digest is null or digest = :digest from customer.batch
                        where tenant_id = :tenant and id = :id
                        """)
                .param("tenant", tenant)
                .param("id", id)
                .param("digest", digest)
                .query(Boolean.class)
                .single();
    }

    Optional<ImportBatch> findByRequest(UUID tenant, UUID contract, String key) {
        return jdbc.sql("""
                        select * from customer.batch where tenant_id = :tenant and contract_id = :contract
                        and request_key = :key and state <> 'UPLOADING'
                        """)
                .param("tenant", tenant)
                .param("contract", contract)
                .param("key", key)
                .query(Batches::batch)
                .optional();
    }

    void remove(UUID tenant, UUID id) {
        jdbc.sql("delete from customer.batch where tenant_id = :tenant and id = :id")
                .param("tenant", tenant)
                .param("id", id)
                .update();
    }

    void removeBroken(UUID tenant, Instant before) {
        jdbc.sql(
                        "delete from customer.batch where tenant_id = :tenant and state = 'UPLOADING' and created_at < :before")
                .param("tenant", tenant)
                .param("before", before.atOffset(ZoneOffset.UTC))
                .update();
    }

    /** @return false when it was started meanwhile */
    boolean discard(UUID tenant, UUID id) {
        return jdbc.sql("delete from customer.batch where tenant_id = :tenant and id = :id and state = 'UPLOADED'")
                        .param("tenant", tenant)
                        .param("id", id)
                        .update()
                == 1;
    }

    Optional<ImportBatch> find(UUID tenant, UUID contract, UUID id) {
        return jdbc.sql("select * from customer.batch where tenant_id = :tenant and contract_id = :contract and id ="
                        + " :id")
                .param("tenant", tenant)
                .param("contract", contract)
                .param("id", id)
                .query(Batches::batch)
                .optional();
    }

    Optional<ImportBatch> find(UUID tenant, UUID id) {
        return jdbc.sql("select * from customer.batch where tenant_id = :tenant and id = :id")
                .param("tenant", tenant)
                .param("id", id)
                .query(Batches::batch)
                .optional();
    }

    /**
     * The newest before one.
     *
     * @param state or null for any
     * @param words in source or supplier, or null
     */
    List<ImportBatch> newest(
            UUID tenant,
            UUID contract,
            @Nullable ImportState state,
            @Nullable String words,
            @Nullable UUID before,
            int most) {
        return jdbc.sql("""
                        select * from customer.batch where tenant_id = :tenant and contract_id = :contract
                        and state <> 'UPLOADING' and (cast(:state as text) is null or state = :state)
                        and (cast(:words as text) is null or strpos(lower(coalesce(source, '')), lower(:words)) > 0
                            or strpos(lower(coalesce(supplier, '')), lower(:words)) > 0)
                        and (cast(:before as uuid) is null or id < :before)
                        order by id desc limit :most
                        """)
                .param("tenant", tenant)
                .param("contract", contract)
                .param("state", state == null ? null : state.name(), Types.VARCHAR)
                .param("words", words, Types.VARCHAR)
                .param("before", before, Types.OTHER)
                .param("most", most)
                .query(Batches::batch)
                .list();
    }

    /** @return false when it is past being started */
    boolean start(
            UUID tenant,
            UUID id,
            List<String> mapping,
            String source,
            String supplier,
            LawfulBasis basis,
            DataPurpose purpose,
            Map<String, Imports.Ground> grounds) {
        return jdbc.sql("""
                        update customer.batch set state = 'RUNNING', mapping = :mapping, source = :source,
                            supplier = :supplier, lawful_basis = :basis, purpose = :purpose,
                            field_grounds = cast(:grounds as jsonb)
                        where tenant_id = :tenant and id = :id and state = 'UPLOADED'
                        """)
                        .param("tenant", tenant)
                        .param("id", id)
                        .param("mapping", mapping.toArray(String[]::new))
                        .param("source", source)
                        .param("supplier", supplier)
                        .param("basis", basis.name())
                        .param("purpose", purpose.name())
                        .param("grounds", JSON.writeValueAsString(grounds))
                        .update()
                == 1;
    }

    /** @return false when it was not in one of the states */
    boolean turn(
            UUID tenant,
            UUID id,
            ImportState to,
            @Nullable String trouble,
            @Nullable Instant endedAt,
            ImportState... from) {
        return jdbc.sql("""
                        update customer.batch set state = :to, trouble = :trouble, ended_at = :endedAt
                        where tenant_id = :tenant and id = :id and state = any(:from)
                        """)
                        .param("tenant", tenant)
                        .param("id", id)
                        .param("to", to.name())
                        .param("trouble", trouble)
                        .param("endedAt", endedAt == null ? null : endedAt.atOffset(ZoneOffset.UTC))
                        .param("from", Arrays.stream(from).map(Enum::name).toArray(String[]::new))
                        .update()
                == 1;
    }

    /** @return false when it was stopped, or another worker has gone on from here: then nothing more may be stored */
    boolean hold(UUID tenant, UUID id, long rowsBefore) {
        return jdbc.sql("""
            select 1 from customer.batch where tenant_id = :tenant and id = :id and state = 'RUNNING'
            and rows_read = :before for update
            """)
                .param("tenant", tenant)
                .param("id", id)
                .param("before", rowsBefore)
                .query(Integer.class)
                .optional()
                .isPresent();
    }

    void advance(UUID tenant, UUID id, int read, int good, int bad, long bytesDone) {
        jdbc.sql("""
            update customer.batch set rows_read = rows_read + :read, rows_good = rows_good + :good,
                rows_bad = rows_bad + :bad, bytes_done = :bytesDone
            where tenant_id = :tenant and id = :id
            """)
                .param("tenant", tenant)
                .param("id", id)
                .param("read", read)
                .param("good", good)
                .param("bad", bad)
                .param("bytesDone", bytesDone)
                .update();
    }

    Optional<List<String>> mapping(UUID tenant, List<String> header) {
        return jdbc.sql("select mapping from customer.mapping where tenant_id = :tenant and header = :header")
                .param("tenant", tenant)
                .param("header", key(header))
                .query((row, _) -> List.of((String[]) row.getArray(1).getArray()))
                .optional();
    }

    void remember(UUID tenant, List<String> header, List<String> mapping, Instant now) {
        jdbc.sql("""
                        insert into customer.mapping (tenant_id, header, mapping, changed_at)
                        values (:tenant, :header, :mapping, :now)
                        on conflict (tenant_id, header) do update set mapping = :mapping, changed_at = :now
                        """)
                .param("tenant", tenant)
                .param("header", key(header))
                .param("mapping", mapping.toArray(String[]::new))
                .param("now", now.atOffset(ZoneOffset.UTC))
                .update();
    }

    private static String key(List<String> header) {
        var key = String.join("\n", header);
        return key.length() <= 2000 ? key : key.substring(0, 2000);
    }

    private static ImportBatch batch(ResultSet row, int number) throws SQLException {
        var basis = row.getString("lawful_basis");
        var purpose = row.getString("purpose");
        var ended = row.getTimestamp("ended_at");
        return new ImportBatch(
                row.getObject("id", UUID.class),
                row.getObject("contract_id", UUID.class),
                ImportFormat.valueOf(row.getString("format")),
                row.getString("charset"),
                row.getString("delimiter").charAt(0),
                List.of((String[]) row.getArray("header").getArray()),
                row.getInt("heading_row"),
                List.of((String[]) row.getArray("mapping").getArray()),
                row.getString("source"),
                row.getString("supplier"),
                basis == null ? null : LawfulBasis.valueOf(basis),
                purpose == null ? null : DataPurpose.valueOf(purpose),
                JSON.readValue(row.getString("field_grounds"), GROUNDS),
                ImportState.valueOf(row.getString("state")),
                row.getString("trouble"),
                row.getLong("bytes_total"),
                row.getLong("bytes_done"),
                row.getLong("rows_read"),
                row.getLong("rows_good"),
                row.getLong("rows_bad"),
                row.getObject("created_by", UUID.class),
                row.getTimestamp("created_at").toInstant(),
                ended == null ? null : ended.toInstant(),
                new ImportBatch.Reading(
                        row.getString("other_charset"),
                        row.getLong("other_lines"),
                        row.getLong("first_other"),
                        row.getString("sheet"),
                        List.of((String[]) row.getArray("other_sheets").getArray())));
    }
}
