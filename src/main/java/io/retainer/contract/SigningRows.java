package io.retainer.contract;

import io.retainer.contract.SigningPlan.Sequence;
import io.retainer.kernel.Party;
import io.retainer.vault.Sealed;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/** Requests for signatures, proofs of authority, and the signed counterparts as files. */
@Repository
class SigningRows {

    private final JdbcClient jdbc;

    SigningRows(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    // Rounds

    void open(UUID tenant, UUID contract, SigningRound round) {
        jdbc.sql("""
                        insert into contract.signing_round (tenant_id, contract_id, number, sequence, opened_by, opened_at,
                            last_day, remind_days, remind_at)
                        values (:tenant, :contract, :number, :sequence, :by, :at, :last, :days, :remind)
                        """)
                .param("tenant", tenant)
                .param("contract", contract)
                .param("number", round.number())
                .param("sequence", round.sequence().name())
                .param("by", round.openedBy().name())
                .param("at", utc(round.openedAt()))
                .param("last", round.lastDay())
                .param("days", round.remindDays())
                .param("remind", utc(round.remindAt()))
                .update();
    }

    /** The newest first. */
    List<SigningRound> rounds(UUID tenant, UUID contract) {
        return jdbc.sql("""
                        select * from contract.signing_round where tenant_id = :tenant and contract_id = :contract
                        order by number desc limit 50
                        """)
                .param("tenant", tenant)
                .param("contract", contract)
                .query(SigningRows::round)
                .list();
    }

    Optional<SigningRound> round(UUID tenant, UUID contract, int number) {
        return jdbc.sql("""
                        select * from contract.signing_round
                        where tenant_id = :tenant and contract_id = :contract and number = :number
                        """)
                .param("tenant", tenant)
                .param("contract", contract)
                .param("number", number)
                .query(SigningRows::round)
                .optional();
    }

    void decline(UUID tenant, UUID contract, int number, Party by, String reason, Instant at) {
        jdbc.sql("""
                        update contract.signing_round set declined_by = :by, declined_at = :at, reason = :reason, remind_at = null
                        where tenant_id = :tenant and contract_id = :contract and number = :number
                        """)
                .param("by", by.name())
                .param("at", utc(at))
                .param("reason", reason)
                .param("tenant", tenant)
                .param("contract", contract)
                .param("number", number)
                .update();
    }

    void reject(UUID tenant, UUID contract, int number, Party by) {
        jdbc.sql("""
                        update contract.signing_round set rejected_by = :by, remind_at = null
                        where tenant_id = :tenant and contract_id = :contract and number = :number
                        """)
                .param("by", by.name())
                .param("tenant", tenant)
                .param("contract", contract)
                .param("number", number)
                .update();
    }

    void nudge(UUID tenant, UUID contract, int number, LocalDate on) {
        jdbc.sql("""
                        update contract.signing_round set nudged_on = :on
                        where tenant_id = :tenant and contract_id = :contract and number = :number
                        """)
                .param("on", on)
                .param("tenant", tenant)
                .param("contract", contract)
                .param("number", number)
                .update();
    }

    /** Takes the automatic reminder: of two at once, one gets it. */
    boolean claimReminder(UUID tenant, UUID contract, int number, Instant now) {
        return jdbc.sql("""
                        update contract.signing_round set remind_at = null, reminded_at = :now
                        where tenant_id = :tenant and contract_id = :contract and number = :number and remind_at <= :now
                        """)
                        .param("now", utc(now))
                        .param("tenant", tenant)
                        .param("contract", contract)
                        .param("number", number)
                        .update()
                == 1;
    }

    record Due(UUID tenant, UUID contract, int number) {}

    List<Due> reminders(Instant now, int most) {
        return due("contract.signing_due", now, most);
    }

    List<Due> unmade(Instant now, int most) {
        return due("contract.unmade", now, most);
    }

    private List<Due> due(String function, Instant now, int most) {
        return jdbc.sql("select tenant_id, contract_id, number from " + function + "(:now, :most)")
                .param("now", utc(now))
                .param("most", most)
                .query((row, _) -> new Due(
                        row.getObject("tenant_id", UUID.class),
                        row.getObject("contract_id", UUID.class),
                        row.getInt("number")))
                .list();
    }

    private static SigningRound round(ResultSet row, int number) throws SQLException {
        var declined = row.getString("declined_by");
        var rejected = row.getString("rejected_by");
        return new SigningRound(
                row.getInt("number"),
                Sequence.valueOf(row.getString("sequence")),
                Party.valueOf(row.getString("opened_by")),
                row.getObject("opened_at", OffsetDateTime.class).toInstant(),
                row.getObject("last_day", LocalDate.class),
                row.getInt("remind_days"),
                instant(row, "remind_at"),
                instant(row, "reminded_at"),
                row.getObject("nudged_on", LocalDate.class),
                declined == null ? null : Party.valueOf(declined),
                instant(row, "declined_at"),
                row.getString("reason"),
                rejected == null ? null : Party.valueOf(rejected));
    }

    // Proofs of authority

    /** @param content sealed, or null for a statement in words */
    void add(
            UUID tenant,
            UUID contract,
            int number,
            Party party,
            UUID id,
            Authority authority,
            @Nullable Sealed content,
            Instant at) {
        var paper = authority.paper();
        jdbc.sql("""
                        insert into contract.authority (tenant_id, contract_id, number, party, id, basis, media, content, hash,
                            given_at)
                        values (:tenant, :contract, :number, :party, :id, :basis, :media, :content, :hash, :at)
                        """)
                .param("tenant", tenant)
                .param("contract", contract)
                .param("number", number)
                .param("party", party.name())
                .param("id", id)
                .param("basis", authority.basis().name())
                .param("media", paper == null ? null : paper.media())
                .param("content", content == null ? null : content.bytes(), java.sql.Types.BINARY)
                .param("hash", authority.hash(contract))
                .param("at", utc(at))
                .update();
    }

    /** @param media null for a statement in words */
    record Proof(
            Party party,
            UUID id,
            AuthorityBasis basis,
            @Nullable String media,
            String hash) {}

    List<Proof> proofs(UUID tenant, UUID contract, int number) {
        return jdbc.sql("""
                        select party, id, basis, media, hash from contract.authority
                        where tenant_id = :tenant and contract_id = :contract and number = :number
                        """)
                .param("tenant", tenant)
                .param("contract", contract)
                .param("number", number)
                .query((row, _) -> new Proof(
                        Party.valueOf(row.getString("party")),
                        row.getObject("id", UUID.class),
                        AuthorityBasis.valueOf(row.getString("basis")),
                        row.getString("media"),
                        row.getString("hash")))
                .list();
    }

    Optional<Sealed> paper(UUID tenant, UUID contract, UUID id) {
        return jdbc.sql("""
                        select content from contract.authority
                        where tenant_id = :tenant and contract_id = :contract and id = :id and content is not null
                        """)
                .param("tenant", tenant)
                .param("contract", contract)
                .param("id", id)
                .query((row, _) -> Sealed.of(row.getBytes("content")))
                .optional();
    }

    // Counterparts as files

    void awaitFiles(UUID tenant, UUID contract, int number, Instant at) {
        jdbc.sql("""
                        insert into contract.counterpart_file (tenant_id, contract_id, number, copy, look_at)
                        select tenant_id, contract_id, number, copy, :at from contract.counterpart
                        where tenant_id = :tenant and contract_id = :contract and number = :number
                        """)
                .param("at", utc(at))
                .param("tenant", tenant)
                .param("contract", contract)
                .param("number", number)
                .update();
    }

    /** Of two made at once, the first is kept. */
    boolean keepFile(UUID tenant, UUID contract, int number, int copy, byte[] content, Instant at) {
        return jdbc.sql("""
                        update contract.counterpart_file
                        set content = :content, hash = :hash, made_at = :at, look_at = null
                        where tenant_id = :tenant and contract_id = :contract and number = :number and copy = :copy
                        and content is null
                        """)
                        .param("content", content)
                        .param("hash", Hashes.of(content))
                        .param("at", utc(at))
                        .param("tenant", tenant)
                        .param("contract", contract)
                        .param("number", number)
                        .param("copy", copy)
                        .update()
                == 1;
    }

    /** @param hash SHA-256 of the file; null while it is being made */
    record File(int copy, @Nullable String hash) {}

    List<File> files(UUID tenant, UUID contract, int number) {
        return jdbc.sql("""
                        select copy, hash from contract.counterpart_file
                        where tenant_id = :tenant and contract_id = :contract and number = :number order by copy
                        """)
                .param("tenant", tenant)
                .param("contract", contract)
                .param("number", number)
                .query((row, _) -> new File(row.getInt("copy"), row.getString("hash")))
                .list();
    }

    Optional<byte[]> file(UUID tenant, UUID contract, int number, int copy) {
        return jdbc.sql("""
                        select content from contract.counterpart_file
                        where tenant_id = :tenant and contract_id = :contract and number = :number and copy = :copy
                        and content is not null
                        """)
                .param("tenant", tenant)
                .param("contract", contract)
                .param("number", number)
                .param("copy", copy)
                .query((row, _) -> row.getBytes("content"))
                .optional();
    }

    private static @Nullable Instant instant(ResultSet row, String column) throws SQLException {
        var at = row.getObject(column, OffsetDateTime.class);
        return at == null ? null : at.toInstant();
    }

    private static @Nullable OffsetDateTime utc(@Nullable Instant at) {
        return at == null ? null : at.atOffset(ZoneOffset.UTC);
    }
}
