package io.retainer.evidence;

import io.retainer.evidence.tlog.Checkpoint;
import io.retainer.evidence.tlog.Frontier;
import io.retainer.evidence.tlog.Hash;
import io.retainer.evidence.tlog.SignedNote;
import io.retainer.evidence.tlog.Tree;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.springframework.jdbc.core.RowMapper;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/** The trees of the contracts: what waits, what is sealed where, tiles of hashes and signed checkpoints. */
@Repository
class Trees {

    /** Hashes in a full tile, and the number of levels it spans. */
    static final int TILE = 256;

    private static final int SPAN = 8;

    private static final RowMapper<Signed> SIGNED = (row, _) -> new Signed(
            SignedNote.parse(row.getString("note")),
            new Frontier(row.getLong("size"), row.getBytes("peaks")),
            row.getObject("signed_at", OffsetDateTime.class).toInstant());

    private final JdbcClient jdbc;

    Trees(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /** A stored checkpoint and the edge of its tree. */
    record Signed(SignedNote note, Frontier edge, Instant at) {

        Checkpoint checkpoint() {
            return Checkpoint.of(note);
        }
    }

    /** One at a time per contract, over all nodes, until the transaction ends. */
    void lock(UUID contract) {
        jdbc.sql("select pg_advisory_xact_lock(hashtextextended(:name, 0))")
                .param("name", "evidence/" + contract)
                .query((_, _) -> true)
                .single();
    }

    /**
     * Takes the first of the queue and gives them the indexes from {@code first} on, in its order. One statement without a
     * list of ids: those are compared one by one once the plan is generic.
     *
     * @return their hashes in the order of their indexes
     */
    List<Hash> seal(UUID tenant, UUID contract, long first, int most) {
        return jdbc.sql("""
                        with taken as (
                            delete from evidence.pending
                            where tenant_id = :tenant and contract_id = :contract and seq <= (
                                select max(seq) from (
                                    select seq from evidence.pending
                                    where tenant_id = :tenant and contract_id = :contract
                                    order by seq
                                    limit :most) as batch)
                            returning leaf_id, seq, hash),
                        placed as (
                            insert into evidence.sealed (tenant_id, contract_id, index, leaf_id, hash)
                            select :tenant, :contract, :first + row_number() over (order by seq) - 1, leaf_id, hash
                            from taken)
                        select hash from taken order by seq
                        """)
                .param("tenant", tenant)
                .param("contract", contract)
                .param("first", first)
                .param("most", most)
                .query((row, _) -> Hash.of(row.getBytes(1)))
                .list();
    }

    void add(UUID tenant, UUID contract, SignedNote note, Frontier edge, Instant now) {
        jdbc.sql("""
                        insert into evidence.checkpoint (tenant_id, contract_id, size, note, peaks, signed_at)
                        values (:tenant, :contract, :size, :note, :peaks, :now)
                        """)
                .param("tenant", tenant)
                .param("contract", contract)
                .param("size", edge.size())
                .param("note", note.toString())
                .param("peaks", edge.peaks())
                .param("now", now.atOffset(ZoneOffset.UTC))
                .update();
    }

    Optional<Signed> latest(UUID tenant, UUID contract) {
        return checkpoints(tenant, contract, 1).stream().findFirst();
    }

    /** Newest first. */
    List<Signed> checkpoints(UUID tenant, UUID contract, int most) {
        return jdbc.sql("""
                        select size, note, peaks, signed_at from evidence.checkpoint
                        where tenant_id = :tenant and contract_id = :contract
                        order by size desc
                        limit :most
                        """)
                .param("tenant", tenant)
                .param("contract", contract)
                .param("most", most)
                .query(SIGNED)
                .list();
    }

    /** Stores the tiles that became full when the tree grew. */
    void addFullTiles(UUID tenant, UUID contract, long before, long after) {
        long from = before;
        long to = after;
        for (int level = 0; to / TILE > 0; level++) {
            for (long tile = from / TILE; tile < to / TILE; tile++) {
                var hashes = entries(tenant, contract, level, tile);
                var root = root(hashes);
                jdbc.sql("""
                                insert into evidence.tile (tenant_id, contract_id, level, index, hashes, root)
                                values (:tenant, :contract, :level, :index, :hashes, :root)
                                """)
                        .param("tenant", tenant)
                        .param("contract", contract)
                        .param("level", level)
                        .param("index", tile)
                        .param("hashes", hashes)
                        .param("root", root.bytes())
                        .update();
            }
            from /= TILE;
            to /= TILE;
        }
    }

    private static Hash root(byte[] hashes) {
        var tree = new Frontier();
        for (int i = 0; i < hashes.length / Hash.LENGTH; i++) {
            tree.append(Hash.in(hashes, i));
        }
        return tree.root();
    }

    /** Proofs over the stored hashes; reads a tile once. */
    Tree tree(UUID tenant, UUID contract) {
        Map<Tile, byte[]> read = new HashMap<>();
        return new Tree((level, index) -> {
            int tileLevel = level / SPAN;
            int height = level - tileLevel * SPAN;
            long first = index << height;
            var hashes = read.computeIfAbsent(
                    new Tile(tileLevel, first / TILE), tile -> tile(tenant, contract, tile.level(), tile.index()));
            var subtree = new Frontier();
            for (long i = first; i < first + (1L << height); i++) {
                subtree.append(Hash.in(hashes, (int) (i % TILE)));
            }
            return subtree.root();
        });
    }

    private record Tile(int level, long index) {}

    private byte[] tile(UUID tenant, UUID contract, int level, long index) {
        return jdbc.sql("""
                        select hashes from evidence.tile
                        where tenant_id = :tenant and contract_id = :contract and level = :level and index = :index
                        """)
                .param("tenant", tenant)
                .param("contract", contract)
                .param("level", level)
                .param("index", index)
                .query(byte[].class)
                .optional()
                .orElseGet(() -> entries(tenant, contract, level, index));
    }

    /** What a tile holds so far, from the level below it. */
    private byte[] entries(UUID tenant, UUID contract, int level, long index) {
        var sql = level == 0 ? """
                        select hash from evidence.sealed
                        where tenant_id = :tenant and contract_id = :contract and index >= :from and index < :to
                        order by index
                        """ : """
                        select root from evidence.tile
                        where tenant_id = :tenant and contract_id = :contract and level = :below
                            and index >= :from and index < :to
                        order by index
                        """;
        var query = jdbc.sql(sql)
                .param("tenant", tenant)
                .param("contract", contract)
                .param("from", index * TILE)
                .param("to", (index + 1) * TILE);
        var hashes = (level == 0 ? query : query.param("below", level - 1))
                .query((row, _) -> row.getBytes(1))
                .list();
        var all = new byte[hashes.size() * Hash.LENGTH];
        for (int i = 0; i < hashes.size(); i++) {
            System.arraycopy(hashes.get(i), 0, all, i * Hash.LENGTH, Hash.LENGTH);
        }
        return all;
    }
}
