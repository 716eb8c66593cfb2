package io.retainer.contract;

import io.retainer.kernel.Clause;
import io.retainer.kernel.Party;
import io.retainer.kernel.Unknown;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.dao.OptimisticLockingFailureException;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;
import tools.jackson.databind.json.JsonMapper;

/** What happens to contracts in force: notices, amendments, terminations and force majeure, as rows. */
@Repository
class LifeRows {

    private final JdbcClient jdbc;
    private final JsonMapper json;

    LifeRows(JdbcClient jdbc, JsonMapper json) {
        this.jdbc = jdbc;
        this.json = json;
    }

    // Notices

    void add(Notice n) {
        jdbc.sql("""
                        insert into contract.notice (tenant_id, id, contract_id, kind, sender, clause, about, channel, words,
                            hash, sent_at, sent_by, arrives_at, proof)
                        values (:tenant, :id, :contract, :kind, :sender, :clause, :about, :channel, :words,
                            :hash, :sentAt, :sentBy, :arrivesAt, :proof)
                        """)
                .param("tenant", n.tenant())
                .param("id", n.id())
                .param("contract", n.contract())
                .param("kind", n.kind().name())
                .param("sender", n.sender().name())
                .param("clause", n.clause().id())
                .param("about", n.about())
                .param("channel", n.channel().name())
                .param("words", n.words())
                .param("hash", n.hash())
                .param("sentAt", utc(n.sentAt()))
                .param("sentBy", n.sentBy())
                .param("arrivesAt", utc(n.arrivesAt()))
                .param("proof", n.proof())
                .update();
    }

    /** Writes the proof of delivery, which is written once. */
    void update(Notice n) {
        int rows = jdbc.sql("""
                        update contract.notice set arrives_at = :arrivesAt, proof = :proof
                        where tenant_id = :tenant and id = :id and arrives_at is null
                        """)
                .param("arrivesAt", utc(n.arrivesAt()))
                .param("proof", n.proof())
                .param("tenant", n.tenant())
                .param("id", n.id())
                .update();
        requireOne(rows, "notice " + n.id());
    }

    Optional<Notice> notice(UUID tenant, UUID contract, UUID id) {
        return jdbc.sql("""
                        select * from contract.notice
                        where tenant_id = :tenant and contract_id = :contract and id = :id
                        """)
                .param("tenant", tenant)
                .param("contract", contract)
                .param("id", id)
                .query(LifeRows::notice)
                .optional();
    }

    List<Notice> notices(UUID tenant, UUID contract) {
        return jdbc.sql("""
                        select * from contract.notice where tenant_id = :tenant and contract_id = :contract
                        order by sent_at desc, id desc
                        """)
                .param("tenant", tenant)
                .param("contract", contract)
                .query(LifeRows::notice)
                .list();
    }

    private static Notice notice(ResultSet row, int number) throws SQLException {
        return new Notice(
                row.getObject("id", UUID.class),
                row.getObject("tenant_id", UUID.class),
                row.getObject("contract_id", UUID.class),
                Notice.Kind.valueOf(row.getString("kind")),
                Party.valueOf(row.getString("sender")),
                Clause.of(row.getString("clause")),
                row.getString("about"),
                Notice.Channel.valueOf(row.getString("channel")),
                row.getString("words"),
                row.getString("hash"),
                instant(row, "sent_at"),
                row.getObject("sent_by", UUID.class),
                instantOrNull(row, "arrives_at"),
                row.getString("proof"));
    }

    // Amendments

    int nextSerial(UUID tenant, UUID contract) {
        return jdbc.sql("""
                        select coalesce(max(serial), 0) + 1 from contract.amendment
                        where tenant_id = :tenant and contract_id = :contract
                        """)
                .param("tenant", tenant)
                .param("contract", contract)
                .query(Integer.class)
                .single();
    }

    void add(Amendment a) {
        jdbc.sql("""
                        insert into contract.amendment (tenant_id, id, contract_id, serial, kind, state, base, from_day,
                            reason, drafted_by, third_name, proposed_at, content, hash, agreed_at, number, version)
                        values (:tenant, :id, :contract, :serial, :kind, :state, :base, :from, :reason, :draftedBy,
                            :third, :proposedAt, :content, :hash, :agreedAt, :made, 0)
                        """).params(columns(a)).update();
        addContent(a);
    }

    void update(Amendment a) {
        int rows = jdbc.sql("""
                        update contract.amendment
                        set state = :state, from_day = :from, reason = :reason, third_name = :third, proposed_at = :proposedAt,
                            content = :content, hash = :hash, agreed_at = :agreedAt, number = :made,
                            version = version + 1
                        where tenant_id = :tenant and id = :id and version = :version
                        """).params(columns(a)).update();
        requireOne(rows, "amendment " + a.id());
        if (a.state() == Amendment.State.DRAFT) {
            jdbc.sql("delete from contract.amendment_term where tenant_id = :tenant and amendment_id = :id")
                    .param("tenant", a.tenant())
                    .param("id", a.id())
                    .update();
            jdbc.sql("delete from contract.amendment_annex where tenant_id = :tenant and amendment_id = :id")
                    .param("tenant", a.tenant())
                    .param("id", a.id())
                    .update();
            addContent(a);
        }
    }

    private void addContent(Amendment a) {
        a.changes()
                .forEach((key, value) -> jdbc.sql("""
                        insert into contract.amendment_term (tenant_id, amendment_id, key, value)
                        values (:tenant, :id, :key, :value)
                        """)
                        .param("tenant", a.tenant())
                        .param("id", a.id())
                        .param("key", key.id())
                        .param("value", value.canonical())
                        .update());
        a.annexes()
                .forEach((kind, sheet) -> jdbc.sql("""
                        insert into contract.amendment_annex (tenant_id, amendment_id, annex, content)
                        values (:tenant, :id, :annex, :content)
                        """)
                        .param("tenant", a.tenant())
                        .param("id", a.id())
                        .param("annex", kind.number())
                        .param("content", json.writeValueAsString(AnnexRows.Content.of(sheet)))
                        .update());
    }

    private static Map<String, @Nullable Object> columns(Amendment a) {
        var columns = new HashMap<String, @Nullable Object>();
        columns.put("tenant", a.tenant());
        columns.put("id", a.id());
        columns.put("contract", a.contract());
        columns.put("serial", a.serial());
        columns.put("kind", a.kind().name());
        columns.put("state", a.state().name());
        columns.put("base", a.base());
        columns.put("from", a.from());
        columns.put("reason", a.reason());
        columns.put("draftedBy", a.draftedBy().name());
        columns.put("third", a.third());
        columns.put("proposedAt", utc(a.proposedAt()));
        columns.put("content", a.content());
        columns.put("hash", a.hash());
        columns.put("agreedAt", utc(a.agreedAt()));
        columns.put("made", a.made());
        columns.put("version", a.version());
        return columns;
    }

    /**
     * @param contact who signed by a link, or null when a person with an account did
     * @param retroactive whether the party consented to it holding before it was signed
     */
    void addSignature(UUID tenant, UUID amendment, Signature signature, @Nullable UUID contact, boolean retroactive) {
        jdbc.sql("""
                        insert into contract.amendment_signature (tenant_id, amendment_id, party, hash, mode, signatory,
                            authority, retroactive, person_id, contact_id, signed_at)
                        values (:tenant, :amendment, :party, :hash, :mode, :signatory, :authority, :retroactive, :person,
                            :contact, :at)
                        """)
                .param("tenant", tenant)
                .param("amendment", amendment)
                .param("party", signature.party().name())
                .param("hash", signature.hash())
                .param("mode", signature.mode().name())
                .param("signatory", signature.signatory())
                .param("authority", signature.authority())
                .param("retroactive", retroactive)
                .param("person", signature.person())
                .param("contact", contact)
                .param("at", utc(signature.signedAt()))
                .update();
    }

    List<Signature> amendmentSignatures(UUID tenant, UUID amendment) {
        return jdbc.sql("""
                        select * from contract.amendment_signature
                        where tenant_id = :tenant and amendment_id = :amendment order by signed_at
                        """)
                .param("tenant", tenant)
                .param("amendment", amendment)
                .query((row, _) -> new Signature(
                        Party.valueOf(row.getString("party")),
                        row.getString("hash"),
                        SignatureMode.valueOf(row.getString("mode")),
                        row.getString("signatory"),
                        row.getString("authority"),
                        row.getObject("person_id", UUID.class),
                        instant(row, "signed_at")))
                .list();
    }

    Amendment amendment(UUID tenant, UUID contract, UUID id) {
        return amendments(tenant, contract).stream()
                .filter(amendment -> amendment.id().equals(id))
                .findFirst()
                .orElseThrow(() -> new Unknown("amendment " + id));
    }

    /** The newest first. */
    List<Amendment> amendments(UUID tenant, UUID contract) {
        var terms = new HashMap<UUID, Map<TermKey, TermValue>>();
        jdbc.sql("""
                        select t.amendment_id, t.key, t.value from contract.amendment_term t
                        join contract.amendment a on a.tenant_id = t.tenant_id and a.id = t.amendment_id
                        where t.tenant_id = :tenant and a.contract_id = :contract
                        """).param("tenant", tenant).param("contract", contract).query(row -> {
            var key = TermKey.of(row.getString("key"));
            terms.computeIfAbsent(row.getObject("amendment_id", UUID.class), _ -> new EnumMap<>(TermKey.class))
                    .put(key, TermValue.parse(key, row.getString("value")));
        });
        var sheets = new HashMap<UUID, Map<AnnexKind, AnnexSheet>>();
        jdbc.sql("""
                        select x.amendment_id, x.annex, x.content from contract.amendment_annex x
                        join contract.amendment a on a.tenant_id = x.tenant_id and a.id = x.amendment_id
                        where x.tenant_id = :tenant and a.contract_id = :contract
                        """).param("tenant", tenant).param("contract", contract).query(row -> {
            var kind = AnnexKind.numbered(row.getInt("annex"));
            sheets.computeIfAbsent(row.getObject("amendment_id", UUID.class), _ -> new EnumMap<>(AnnexKind.class))
                    .put(
                            kind,
                            json.readValue(row.getString("content"), AnnexRows.Content.class)
                                    .sheet(kind));
        });
        return jdbc.sql("""
                        select a.*, (
                            select string_agg(s.party, ',') from contract.amendment_signature s
                            where s.tenant_id = a.tenant_id and s.amendment_id = a.id
                        ) as signed, (
                            select string_agg(s.party, ',') from contract.amendment_signature s
                            where s.tenant_id = a.tenant_id and s.amendment_id = a.id and s.retroactive
                        ) as consenting
                        from contract.amendment a where a.tenant_id = :tenant and a.contract_id = :contract
                        order by a.serial desc
                        """)
                .param("tenant", tenant)
                .param("contract", contract)
                .query((row, _) -> {
                    var id = row.getObject("id", UUID.class);
                    return new Amendment(
                            id,
                            row.getObject("tenant_id", UUID.class),
                            row.getObject("contract_id", UUID.class),
                            row.getInt("serial"),
                            Amendment.Kind.valueOf(row.getString("kind")),
                            Amendment.State.valueOf(row.getString("state")),
                            row.getInt("base"),
                            row.getObject("from_day", LocalDate.class),
                            row.getString("reason"),
                            terms.getOrDefault(id, Map.of()),
                            sheets.getOrDefault(id, Map.of()),
                            Party.valueOf(row.getString("drafted_by")),
                            row.getString("third_name"),
                            instantOrNull(row, "proposed_at"),
                            row.getString("content"),
                            row.getString("hash"),
                            parties(row.getString("signed")),
                            parties(row.getString("consenting")),
                            instantOrNull(row, "agreed_at"),
                            row.getObject("number", Integer.class),
                            row.getInt("version"));
                })
                .list();
    }

    private static Set<Party> parties(@Nullable String list) {
        var parties = EnumSet.noneOf(Party.class);
        if (list != null) {
            for (var party : list.split(",")) {
                parties.add(Party.valueOf(party));
            }
        }
        return parties;
    }

    // Terminations

    void add(Termination t) {
        jdbc.sql("""
                        insert into contract.termination (tenant_id, id, contract_id, ground, state, party, rests_on,
                            notice_id, declared_at, effective_at, contested_at, contested, version)
                        values (:tenant, :id, :contract, :ground, :state, :party, :restsOn, :notice, :declaredAt,
                            :effectiveAt, :contestedAt, :contested, 0)
                        """).params(columns(t)).update();
    }

    void update(Termination t) {
        int rows = jdbc.sql("""
                        update contract.termination
                        set state = :state, effective_at = :effectiveAt, contested_at = :contestedAt,
                            contested = :contested, version = version + 1
                        where tenant_id = :tenant and id = :id and version = :version
                        """).params(columns(t)).update();
        requireOne(rows, "termination " + t.id());
    }

    private static Map<String, @Nullable Object> columns(Termination t) {
        var columns = new HashMap<String, @Nullable Object>();
        columns.put("tenant", t.tenant());
        columns.put("id", t.id());
        columns.put("contract", t.contract());
        columns.put("ground", t.ground().name());
        columns.put("state", t.state().name());
        columns.put("party", t.party().name());
        columns.put("restsOn", t.restsOn());
        columns.put("notice", t.notice());
        columns.put("declaredAt", utc(t.declaredAt()));
        columns.put("effectiveAt", utc(t.effectiveAt()));
        columns.put("contestedAt", utc(t.contestedAt()));
        columns.put("contested", t.contested());
        columns.put("version", t.version());
        return columns;
    }

    /** The newest first. */
    List<Termination> terminations(UUID tenant, UUID contract) {
        return jdbc.sql("""
                        select * from contract.termination where tenant_id = :tenant and contract_id = :contract
                        order by declared_at desc, id desc
                        """)
                .param("tenant", tenant)
                .param("contract", contract)
                .query((row, _) -> new Termination(
                        row.getObject("id", UUID.class),
                        row.getObject("tenant_id", UUID.class),
                        row.getObject("contract_id", UUID.class),
                        EndGround.valueOf(row.getString("ground")),
                        Termination.State.valueOf(row.getString("state")),
                        Party.valueOf(row.getString("party")),
                        row.getString("rests_on"),
                        row.getObject("notice_id", UUID.class),
                        instant(row, "declared_at"),
                        instantOrNull(row, "effective_at"),
                        instantOrNull(row, "contested_at"),
                        row.getString("contested"),
                        row.getInt("version")))
                .list();
    }

    // Force majeure

    void add(ForceMajeure f) {
        jdbc.sql("""
                        insert into contract.force_majeure (tenant_id, id, contract_id, party, state, words, occurred_at,
                            notified_at, late, version)
                        values (:tenant, :id, :contract, :party, :state, :words, :occurredAt, :notifiedAt, :late, 0)
                        """).params(columns(f)).update();
        for (var duty : f.affected()) {
            jdbc.sql("""
                            insert into contract.force_majeure_duty (tenant_id, force_majeure_id, duty_id, accepted)
                            values (:tenant, :id, :duty, false)
                            """)
                    .param("tenant", f.tenant())
                    .param("id", f.id())
                    .param("duty", duty)
                    .update();
        }
    }

    void update(ForceMajeure f) {
        int rows = jdbc.sql("""
                        update contract.force_majeure
                        set state = :state, proof = :proof, proven_at = :provenAt, proof_late = :proofLate,
                            accepted_at = :acceptedAt, relief = :relief, contested_at = :contestedAt,
                            contested = :contested, ended_at = :endedAt, version = version + 1
                        where tenant_id = :tenant and id = :id and version = :version
                        """).params(columns(f)).update();
        requireOne(rows, "force majeure " + f.id());
        for (var duty : f.accepted()) {
            jdbc.sql("""
                            update contract.force_majeure_duty set accepted = true
                            where tenant_id = :tenant and force_majeure_id = :id and duty_id = :duty
                            """)
                    .param("tenant", f.tenant())
                    .param("id", f.id())
                    .param("duty", duty)
                    .update();
        }
    }

    private static Map<String, @Nullable Object> columns(ForceMajeure f) {
        var columns = new HashMap<String, @Nullable Object>();
        columns.put("tenant", f.tenant());
        columns.put("id", f.id());
        columns.put("contract", f.contract());
        columns.put("party", f.party().name());
        columns.put("state", f.state().name());
        columns.put("words", f.words());
        columns.put("occurredAt", utc(f.occurredAt()));
        columns.put("notifiedAt", utc(f.notifiedAt()));
        columns.put("late", f.late());
        columns.put("proof", f.proof());
        columns.put("provenAt", utc(f.provenAt()));
        columns.put("proofLate", f.proofLate());
        columns.put("acceptedAt", utc(f.acceptedAt()));
        columns.put("relief", f.relief());
        columns.put("contestedAt", utc(f.contestedAt()));
        columns.put("contested", f.contested());
        columns.put("endedAt", utc(f.endedAt()));
        columns.put("version", f.version());
        return columns;
    }

    ForceMajeure forceMajeure(UUID tenant, UUID contract, UUID id) {
        return forceMajeures(tenant, contract).stream()
                .filter(one -> one.id().equals(id))
                .findFirst()
                .orElseThrow(() -> new Unknown("force majeure " + id));
    }

    /** The newest first. */
    List<ForceMajeure> forceMajeures(UUID tenant, UUID contract) {
        var affected = new HashMap<UUID, Set<UUID>>();
        var accepted = new HashMap<UUID, Set<UUID>>();
        jdbc.sql("""
                        select d.force_majeure_id, d.duty_id, d.accepted from contract.force_majeure_duty d
                        join contract.force_majeure f on f.tenant_id = d.tenant_id and f.id = d.force_majeure_id
                        where d.tenant_id = :tenant and f.contract_id = :contract
                        """).param("tenant", tenant).param("contract", contract).query(row -> {
            var id = row.getObject("force_majeure_id", UUID.class);
            var duty = row.getObject("duty_id", UUID.class);
            affected.computeIfAbsent(id, _ -> new HashSet<>()).add(duty);
            if (row.getBoolean("accepted")) {
                accepted.computeIfAbsent(id, _ -> new HashSet<>()).add(duty);
            }
        });
        return jdbc.sql("""
                        select * from contract.force_majeure where tenant_id = :tenant and contract_id = :contract
                        order by notified_at desc, id desc
                        """)
                .param("tenant", tenant)
                .param("contract", contract)
                .query((row, _) -> {
                    var id = row.getObject("id", UUID.class);
                    return new ForceMajeure(
                            id,
                            row.getObject("tenant_id", UUID.class),
                            row.getObject("contract_id", UUID.class),
                            Party.valueOf(row.getString("party")),
                            ForceMajeure.State.valueOf(row.getString("state")),
                            row.getString("words"),
                            instant(row, "occurred_at"),
                            instant(row, "notified_at"),
                            row.getBoolean("late"),
                            affected.getOrDefault(id, Set.of()),
                            row.getString("proof"),
                            instantOrNull(row, "proven_at"),
                            row.getBoolean("proof_late"),
                            instantOrNull(row, "accepted_at"),
                            accepted.getOrDefault(id, Set.of()),
                            row.getObject("relief", Integer.class),
                            instantOrNull(row, "contested_at"),
                            row.getString("contested"),
                            instantOrNull(row, "ended_at"),
                            row.getInt("version"));
                })
                .list();
    }

    private static void requireOne(int rows, String what) {
        if (rows != 1) {
            throw new OptimisticLockingFailureException("Someone else changed " + what);
        }
    }

    private static @Nullable OffsetDateTime utc(@Nullable Instant instant) {
        return instant == null ? null : instant.atOffset(ZoneOffset.UTC);
    }

    private static Instant instant(ResultSet row, String column) throws SQLException {
        return row.getObject(column, OffsetDateTime.class).toInstant();
    }

    private static @Nullable Instant instantOrNull(ResultSet row, String column) throws SQLException {
        var time = row.getObject(column, OffsetDateTime.class);
        return time == null ? null : time.toInstant();
    }
}
