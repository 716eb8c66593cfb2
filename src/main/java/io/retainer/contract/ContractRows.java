package io.retainer.contract;

import io.retainer.contract.ContractVersion.Findings;
import io.retainer.contract.TermEntry.Reading;
import io.retainer.kernel.Clause;
import io.retainer.kernel.Money;
import io.retainer.kernel.Party;
import io.retainer.kernel.Unknown;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Collection;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.dao.OptimisticLockingFailureException;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;
import tools.jackson.databind.json.JsonMapper;

/** All contracts, as rows of the schema {@code contract}. */
@Repository
class ContractRows {

    private final JdbcClient jdbc;
    private final JsonMapper json;
    private final AnnexRows annexes;

    ContractRows(JdbcClient jdbc, JsonMapper json) {
        this.jdbc = jdbc;
        this.json = json;
        this.annexes = new AnnexRows(jdbc, json);
    }

    AnnexRows annexes() {
        return annexes;
    }

    // Contracts

    Contract get(UUID tenant, UUID id) {
        return find(tenant, id, "").orElseThrow(() -> new Unknown("contract " + id));
    }

    /** As {@link #get}, and nobody else may change it until the transaction ends. */
    Contract locked(UUID tenant, UUID id) {
        return find(tenant, id, "for update of c").orElseThrow(() -> new Unknown("contract " + id));
    }

    private Optional<Contract> find(UUID tenant, UUID id, String lock) {
        return jdbc.sql("""
                        select c.*, (
                            select string_agg(s.party, ',') from contract.signature s
                            where s.tenant_id = c.tenant_id and s.contract_id = c.id and s.number = c.number
                        ) as signed
                        from contract.contract c where c.tenant_id = :tenant and c.id = :id
                        """ + lock)
                .param("tenant", tenant)
                .param("id", id)
                .query(ContractRows::contract)
                .optional();
    }

    void add(Contract contract) {
        jdbc.sql("""
                        insert into contract.contract (tenant_id, id, title, client_organisation, provider_organisation,
                            state, number, version_id, version)
                        values (:tenant, :id, :title, :client, :provider, :state, :number, :versionId, 0)
                        """).params(columns(contract)).update();
    }

    /** Writes what changed, unless someone else has written since the contract was read. */
    void update(Contract contract) {
        int rows = jdbc.sql("""
                        update contract.contract
                        set state = :state, number = :number, version_id = :versionId, hash = :hash,
                            submitted_at = :submittedAt, effective_at = :effectiveAt, cleared_at = :clearedAt,
                            started_at = :startedAt, sign_by = :signBy, suspended_at = :suspendedAt, starts_on = :startsOn,
                            ends_on = :endsOn, ground = :ground, ending_at = :endingAt, ended_at = :endedAt,
                            closed_at = :closedAt, frozen = :frozen, look_at = :lookAt, version = version + 1
                        where tenant_id = :tenant and id = :id and version = :version
                        """).params(columns(contract)).update();
        if (rows == 0) {
            throw new OptimisticLockingFailureException("Someone else changed contract " + contract.id());
        }
    }

    private static Map<String, @Nullable Object> columns(Contract c) {
        var columns = new HashMap<String, @Nullable Object>();
        columns.put("tenant", c.tenant());
        columns.put("id", c.id());
        columns.put("title", c.title());
        columns.put("client", c.clientOrganisation());
        columns.put("provider", c.providerOrganisation());
        columns.put("state", c.state().name());
        columns.put("number", c.number());
        columns.put("versionId", c.versionId());
        columns.put("hash", c.hash());
        columns.put("submittedAt", utc(c.submittedAt()));
        columns.put("signBy", utc(c.signBy()));
        columns.put("effectiveAt", utc(c.effectiveAt()));
        columns.put("clearedAt", utc(c.clearedAt()));
        columns.put("startedAt", utc(c.startedAt()));
        columns.put("suspendedAt", utc(c.suspendedAt()));
        columns.put("startsOn", c.startsOn());
        columns.put("endsOn", c.endsOn());
        var ground = c.ending().ground();
        columns.put("ground", ground == null ? null : ground.name());
        columns.put("endingAt", utc(c.ending().at()));
        columns.put("endedAt", utc(c.ending().endedAt()));
        columns.put("closedAt", utc(c.ending().closedAt()));
        columns.put(
                "frozen",
                c.frozen().stream().sorted().map(String::valueOf).collect(java.util.stream.Collectors.joining(",")));
        columns.put("lookAt", utc(c.lookAt()));
        columns.put("version", c.version());
        return columns;
    }

    private static Contract contract(ResultSet row, int number) throws SQLException {
        var signed = EnumSet.noneOf(Party.class);
        var parties = row.getString("signed");
        if (parties != null) {
            for (var party : parties.split(",")) {
                signed.add(Party.valueOf(party));
            }
        }
        return new Contract(
                row.getObject("id", UUID.class),
                row.getObject("tenant_id", UUID.class),
                row.getString("title"),
                row.getObject("client_organisation", UUID.class),
                row.getObject("provider_organisation", UUID.class),
                ContractState.valueOf(row.getString("state")),
                row.getInt("number"),
                row.getObject("version_id", UUID.class),
                row.getString("hash"),
                signed,
                instant(row, "submitted_at"),
                instant(row, "sign_by"),
                instant(row, "effective_at"),
                instant(row, "cleared_at"),
                instant(row, "started_at"),
                instant(row, "suspended_at"),
                row.getObject("starts_on", LocalDate.class),
                row.getObject("ends_on", LocalDate.class),
                ending(row),
                numbers(row.getString("frozen")),
                row.getInt("version"));
    }

    private static Contract.Ending ending(ResultSet row) throws SQLException {
        var ground = row.getString("ground");
        return new Contract.Ending(
                ground == null ? null : EndGround.valueOf(ground),
                instant(row, "ending_at"),
                instant(row, "ended_at"),
                instant(row, "closed_at"));
    }

    private static java.util.Set<Integer> numbers(String list) {
        var numbers = new java.util.TreeSet<Integer>();
        for (var number : list.isEmpty() ? new String[0] : list.split(",")) {
            numbers.add(Integer.valueOf(number));
        }
        return numbers;
    }

    // Versions

    /** The number of the latest version anybody made. */
    int lastNumber(UUID tenant, UUID contract) {
        return jdbc.sql(
                        "select max(number) from contract.version where tenant_id = :tenant and contract_id = :contract")
                .param("tenant", tenant)
                .param("contract", contract)
                .query(Integer.class)
                .single();
    }

    /** The numbers of the signed versions, by the day they came or come into force. */
    List<Integer> signedNumbers(UUID tenant, UUID contract) {
        return jdbc.sql("""
                        select number from contract.version
                        where tenant_id = :tenant and contract_id = :contract and effective_at is not null
                        order by effective_at, number
                        """)
                .param("tenant", tenant)
                .param("contract", contract)
                .query((row, _) -> row.getInt("number"))
                .list();
    }

    Map<Integer, Instant> drawnUp(UUID tenant, UUID contract) {
        var moments = new HashMap<Integer, Instant>();
        jdbc.sql("""
                        select number, created_at from contract.version
                        where tenant_id = :tenant and contract_id = :contract
                        """)
                .param("tenant", tenant)
                .param("contract", contract)
                .query((row, _) -> moments.put(
                        row.getInt("number"),
                        row.getObject("created_at", OffsetDateTime.class).toInstant()))
                .list();
        return moments;
    }

    void add(UUID tenant, ContractVersion version, Instant now) {
        jdbc.sql("""
                        insert into contract.version (tenant_id, contract_id, number, id, original, text, findings,
                            markers_struck, created_at)
                        values (:tenant, :contract, :number, :id, :original, :text, :findings, :struck, :now)
                        """)
                .param("tenant", tenant)
                .param("contract", version.contract())
                .param("number", version.number())
                .param("id", version.id())
                .param("original", version.original())
                .param("text", version.text())
                .param("findings", json.writeValueAsString(version.findings()))
                .param("struck", version.markersStruck())
                .param("now", utc(now))
                .update();
        for (var found : version.clauses()) {
            jdbc.sql("""
                            insert into contract.clause (tenant_id, contract_id, number, clause, original, text,
                                starts_at, reconstructed, inferred, cut_off)
                            values (:tenant, :contract, :number, :clause, :original, :text,
                                :start, :reconstructed, :inferred, :cutOff)
                            """)
                    .param("tenant", tenant)
                    .param("contract", version.contract())
                    .param("number", version.number())
                    .param("clause", found.clause().id())
                    .param("original", found.passage().original())
                    .param("text", found.passage().text())
                    .param("start", found.passage().start())
                    .param("reconstructed", found.passage().reconstructed())
                    .param("inferred", found.inferredHeading())
                    .param("cutOff", found.cutOff())
                    .update();
        }
        version.terms().entries().forEach(entry -> put(tenant, version.contract(), version.number(), entry, 0));
        version.annexes()
                .sheets()
                .values()
                .forEach(sheet -> annexes.put(tenant, version.contract(), version.number(), sheet, 0));
        if (version.number() > 1) {
            annexes.carryOver(tenant, version.contract(), version.number() - 1, version.number());
        }
    }

    ContractVersion version(UUID tenant, UUID contract, int number) {
        record Row(
                UUID id,
                String original,
                String text,
                String findings,
                boolean markersStruck,
                @Nullable String hash,
                @Nullable OffsetDateTime effectiveAt) {}
        var row = jdbc.sql("""
                        select id, original, text, findings, markers_struck, hash, effective_at from contract.version
                        where tenant_id = :tenant and contract_id = :contract and number = :number
                        """)
                .param("tenant", tenant)
                .param("contract", contract)
                .param("number", number)
                .query((r, _) -> new Row(
                        r.getObject("id", UUID.class),
                        r.getString("original"),
                        r.getString("text"),
                        r.getString("findings"),
                        r.getBoolean("markers_struck"),
                        r.getString("hash"),
                        r.getObject("effective_at", OffsetDateTime.class)))
                .optional()
                .orElseThrow(() -> new Unknown("version " + number + " of contract " + contract));
        return new ContractVersion(
                contract,
                row.id(),
                number,
                row.original(),
                row.text(),
                json.readValue(row.findings(), Findings.class),
                row.markersStruck(),
                clauses(tenant, contract, number),
                terms(tenant, contract, number),
                annexes.get(tenant, contract, number),
                row.hash(),
                row.effectiveAt() == null ? null : row.effectiveAt().toInstant());
    }

    /** The number of the version in force at that moment. */
    Optional<Integer> inForce(UUID tenant, UUID contract, Instant moment) {
        return jdbc.sql("""
                        select number from contract.version
                        where tenant_id = :tenant and contract_id = :contract and effective_at <= :moment
                        order by effective_at desc, number desc limit 1
                        """)
                .param("tenant", tenant)
                .param("contract", contract)
                .param("moment", utc(moment))
                .query(Integer.class)
                .optional();
    }

    /** By what a signed version is known: its words never change under this id and hash. */
    record Signed(int number, UUID id, String hash) {}

    /** The version in force at that moment, without reading it. */
    Optional<Signed> signed(UUID tenant, UUID contract, Instant moment) {
        return jdbc.sql("""
                        select number, id, hash from contract.version
                        where tenant_id = :tenant and contract_id = :contract and effective_at <= :moment
                        order by effective_at desc, number desc limit 1
                        """)
                .param("tenant", tenant)
                .param("contract", contract)
                .param("moment", utc(moment))
                .query((row, _) ->
                        new Signed(row.getInt("number"), row.getObject("id", UUID.class), row.getString("hash")))
                .optional();
    }

    void freeze(UUID tenant, UUID contract, int number, String hash) {
        jdbc.sql("""
                        update contract.version set hash = :hash
                        where tenant_id = :tenant and contract_id = :contract and number = :number and hash is null
                        """)
                .param("hash", hash)
                .param("tenant", tenant)
                .param("contract", contract)
                .param("number", number)
                .update();
    }

    void strikeMarkers(UUID tenant, UUID contract, int number) {
        jdbc.sql("""
                        update contract.version set markers_struck = true
                        where tenant_id = :tenant and contract_id = :contract and number = :number and hash is null
                        """)
                .param("tenant", tenant)
                .param("contract", contract)
                .param("number", number)
                .update();
    }

    void takeEffect(UUID tenant, UUID contract, int number, Instant at) {
        jdbc.sql("""
                        update contract.version set effective_at = :at
                        where tenant_id = :tenant and contract_id = :contract and number = :number
                        """)
                .param("at", utc(at))
                .param("tenant", tenant)
                .param("contract", contract)
                .param("number", number)
                .update();
    }

    private List<FoundClause> clauses(UUID tenant, UUID contract, int number) {
        return jdbc
                .sql("""
                        select clause, original, text, starts_at, reconstructed, inferred, cut_off from contract.clause
                        where tenant_id = :tenant and contract_id = :contract and number = :number
                        """)
                .param("tenant", tenant)
                .param("contract", contract)
                .param("number", number)
                .query((row, _) -> new FoundClause(
                        Clause.of(row.getString("clause")),
                        new Passage(
                                row.getString("original"),
                                row.getString("text"),
                                row.getInt("starts_at"),
                                row.getBoolean("reconstructed")),
                        row.getBoolean("inferred"),
                        row.getBoolean("cut_off")))
                .list()
                .stream()
                .sorted(java.util.Comparator.comparing(FoundClause::clause))
                .toList();
    }

    // Terms

    private DraftTerms terms(UUID tenant, UUID contract, int number) {
        return DraftTerms.of(jdbc.sql("""
                        select key, reading, value, source, original, passage, passage_at, reconstructed,
                            confirmed_by_client, confirmed_by_provider
                        from contract.term
                        where tenant_id = :tenant and contract_id = :contract and number = :number
                        """)
                .param("tenant", tenant)
                .param("contract", contract)
                .param("number", number)
                .query(ContractRows::term)
                .list());
    }

    void put(UUID tenant, UUID contract, int number, TermEntry entry, int changedAt) {
        var columns = new HashMap<String, @Nullable Object>();
        var value = entry.value();
        var passage = entry.passage();
        columns.put("tenant", tenant);
        columns.put("contract", contract);
        columns.put("number", number);
        columns.put("key", entry.key().id());
        columns.put("reading", entry.reading().name());
        columns.put("value", value == null ? null : value.canonical());
        columns.put("source", entry.source().name());
        columns.put("original", passage == null ? null : passage.original());
        columns.put("passage", passage == null ? null : passage.text());
        columns.put("passageAt", passage == null ? null : passage.start());
        columns.put("reconstructed", passage == null ? null : passage.reconstructed());
        columns.put("client", entry.confirmedBy().contains(Party.CLIENT));
        columns.put("provider", entry.confirmedBy().contains(Party.PROVIDER));
        columns.put("changedAt", changedAt);
        jdbc.sql("""
                        insert into contract.term (tenant_id, contract_id, number, key, reading, value, source, original,
                            passage, passage_at, reconstructed, confirmed_by_client, confirmed_by_provider, changed_at)
                        values (:tenant, :contract, :number, :key, :reading, :value, :source, :original,
                            :passage, :passageAt, :reconstructed, :client, :provider, :changedAt)
                        on conflict (tenant_id, contract_id, number, key) do update
                        set reading = excluded.reading, value = excluded.value, source = excluded.source,
                            confirmed_by_client = excluded.confirmed_by_client,
                            confirmed_by_provider = excluded.confirmed_by_provider, changed_at = excluded.changed_at
                        """).params(columns).update();
    }

    /** A default that both parties confirmed under the signed version binds from now on. */
    void agree(UUID tenant, UUID contract, int number, TermKey key, Instant at) {
        jdbc.sql("""
                        update contract.term set agreed_at = :at
                        where tenant_id = :tenant and contract_id = :contract and number = :number and key = :key
                        """)
                .param("at", utc(at))
                .param("tenant", tenant)
                .param("contract", contract)
                .param("number", number)
                .param("key", key.id())
                .update();
    }

    /** Defaults that were agreed after the version had been signed, and since when they bind. */
    Map<TermKey, Instant> agreed(UUID tenant, UUID contract, int number) {
        var agreed = new HashMap<TermKey, Instant>();
        jdbc.sql("""
                        select key, agreed_at from contract.term
                        where tenant_id = :tenant and contract_id = :contract and number = :number
                        and agreed_at is not null
                        """)
                .param("tenant", tenant)
                .param("contract", contract)
                .param("number", number)
                .query(row -> {
                    agreed.put(
                            TermKey.of(row.getString("key")),
                            row.getObject("agreed_at", OffsetDateTime.class).toInstant());
                });
        return agreed;
    }

    /** Terms changed after the contract stood at this lock version. */
    List<TermKey> changedSince(UUID tenant, UUID contract, int number, int version) {
        return jdbc.sql("""
                        select key from contract.term
                        where tenant_id = :tenant and contract_id = :contract and number = :number
                        and changed_at > :version order by key
                        """)
                .param("tenant", tenant)
                .param("contract", contract)
                .param("number", number)
                .param("version", version)
                .query((row, _) -> TermKey.of(row.getString("key")))
                .list();
    }

    private static TermEntry term(ResultSet row, int number) throws SQLException {
        var key = TermKey.of(row.getString("key"));
        var value = row.getString("value");
        var passage = row.getString("passage");
        var confirmed = EnumSet.noneOf(Party.class);
        if (row.getBoolean("confirmed_by_client")) {
            confirmed.add(Party.CLIENT);
        }
        if (row.getBoolean("confirmed_by_provider")) {
            confirmed.add(Party.PROVIDER);
        }
        return new TermEntry(
                key,
                Reading.valueOf(row.getString("reading")),
                value == null ? null : TermValue.parse(key, value),
                TermSource.valueOf(row.getString("source")),
                passage == null
                        ? null
                        : new Passage(
                                row.getString("original"),
                                passage,
                                row.getInt("passage_at"),
                                row.getBoolean("reconstructed")),
                confirmed);
    }

    // Signatures

    /** @param contact who signed by a link, or null */
    void add(UUID tenant, UUID contract, int number, Signature signature, @Nullable UUID contact) {
        jdbc.sql("""
                        insert into contract.signature (tenant_id, contract_id, number, party, hash, mode, signatory,
                            authority, person_id, contact_id, signed_at)
                        values (:tenant, :contract, :number, :party, :hash, :mode, :signatory, :authority, :person, :contact,
                            :at)
                        """)
                .param("tenant", tenant)
                .param("contract", contract)
                .param("number", number)
                .param("party", signature.party().name())
                .param("hash", signature.hash())
                .param("mode", signature.mode().name())
                .param("signatory", signature.signatory())
                .param("authority", signature.authority())
                .param("person", signature.person())
                .param("contact", contact)
                .param("at", utc(signature.signedAt()))
                .update();
    }

    List<Signature> signatures(UUID tenant, UUID contract, int number) {
        return jdbc.sql("""
                        select s.party, s.hash, s.mode, s.signatory, s.authority, s.person_id, s.signed_at, a.basis,
                            case when a.media is not null then a.hash end as paper, u.name as seal
                        from contract.signature s
                        left join contract.authority a on a.tenant_id = s.tenant_id and a.contract_id = s.contract_id
                            and a.number = s.number and a.party = s.party
                        left join contract.seal_use u on u.tenant_id = s.tenant_id and u.contract_id = s.contract_id
                            and u.number = s.number and u.party = s.party
                        where s.tenant_id = :tenant and s.contract_id = :contract and s.number = :number
                        order by s.signed_at
                        """)
                .param("tenant", tenant)
                .param("contract", contract)
                .param("number", number)
                .query((row, _) -> new Signature(
                        Party.valueOf(row.getString("party")),
                        row.getString("hash"),
                        SignatureMode.valueOf(row.getString("mode")),
                        row.getString("signatory"),
                        row.getString("authority"),
                        row.getObject("person_id", UUID.class),
                        row.getObject("signed_at", OffsetDateTime.class).toInstant(),
                        row.getString("basis") == null ? null : AuthorityBasis.valueOf(row.getString("basis")),
                        row.getString("paper"),
                        row.getString("seal")))
                .list();
    }

    void addCounterparts(UUID tenant, UUID contract, int number, String hash, Instant at) {
        int copy = 1;
        for (var holder : List.of(Party.CLIENT, Party.PROVIDER)) {
            jdbc.sql("""
                            insert into contract.counterpart (tenant_id, contract_id, number, copy, holder, medium, hash,
                                issued_at)
                            values (:tenant, :contract, :number, :copy, :holder, 'ELECTRONIC', :hash, :at)
                            """)
                    .param("tenant", tenant)
                    .param("contract", contract)
                    .param("number", number)
                    .param("copy", copy++)
                    .param("holder", holder.name())
                    .param("hash", hash)
                    .param("at", utc(at))
                    .update();
        }
    }

    /** @param copy 1 or 2 */
    record Counterpart(int copy, Party holder, String medium, String hash, Instant issuedAt) {}

    List<Counterpart> counterparts(UUID tenant, UUID contract, int number) {
        return jdbc.sql("""
                        select copy, holder, medium, hash, issued_at from contract.counterpart
                        where tenant_id = :tenant and contract_id = :contract and number = :number order by copy
                        """)
                .param("tenant", tenant)
                .param("contract", contract)
                .param("number", number)
                .query((row, _) -> new Counterpart(
                        row.getInt("copy"),
                        Party.valueOf(row.getString("holder")),
                        row.getString("medium"),
                        row.getString("hash"),
                        row.getObject("issued_at", OffsetDateTime.class).toInstant()))
                .list();
    }

    // Lists

    /** Whether another provider than this works, or has worked, for the client by a contract that was signed. */
    boolean servedByAnother(UUID tenant, UUID provider) {
        return jdbc.sql("""
                        select exists (select from contract.contract where tenant_id = :tenant and provider_organisation <> :provider
                            and state not in ('DRAFT', 'PENDING_SIGN', 'VOID'))
                        """)
                .param("tenant", tenant)
                .param("provider", provider)
                .query(Boolean.class)
                .single();
    }

    Map<UUID, String> titles(Collection<UUID> tenants, Collection<UUID> contracts) {
        var titles = new HashMap<UUID, String>();
        jdbc.sql("select id, title from contract.contract where tenant_id = any(:tenants) and id = any(:contracts)")
                .param("tenants", tenants.toArray(UUID[]::new))
                .param("contracts", contracts.toArray(UUID[]::new))
                .query(row -> {
                    titles.put(row.getObject("id", UUID.class), row.getString("title"));
                });
        return titles;
    }

    /** @param after the last contract of the page before, or null */
    List<ContractSummary> list(
            Collection<UUID> tenants,
            Collection<UUID> contracts,
            String search,
            @Nullable ContractState state,
            @Nullable UUID after,
            int most,
            Instant now) {
        return jdbc.sql("""
                        select c.tenant_id, c.id, c.title, c.state, t.client, t.provider, t.start, t.end, t.total
                        from contract.contract c
                        join lateral (
                            select max(value) filter (where key = 'client.name') as client,
                                max(value) filter (where key = 'provider.name') as provider,
                                max(value) filter (where key = 'term.start') as start,
                                max(value) filter (where key = 'term.end') as end,
                                max(value) filter (where key = 'fee.total') as total
                            from contract.term t
                            where t.tenant_id = c.tenant_id and t.contract_id = c.id
                            and t.number = coalesce((
                                select v.number from contract.version v
                                where v.tenant_id = c.tenant_id and v.contract_id = c.id and v.effective_at <= :now
                                order by v.effective_at desc, v.number desc limit 1), c.number)
                        ) t on true
                        where c.tenant_id = any (:tenants) and c.id = any (:contracts)
                        and (:state = '' or c.state = :state)
                        and (:search = '' or position(:search in lower(concat_ws(' ', c.title, t.client, t.provider, c.id::text))) > 0)
                        and (cast(:after as uuid) is null or c.id < cast(:after as uuid))
                        order by c.id desc limit :most
                        """)
                .param("tenants", tenants.toArray(UUID[]::new))
                .param("contracts", contracts.toArray(UUID[]::new))
                .param("state", state == null ? "" : state.name())
                .param("search", search.strip().toLowerCase(java.util.Locale.ROOT))
                .param("after", after == null ? null : after.toString())
                .param("most", most)
                .param("now", utc(now))
                .query((row, _) -> new ContractSummary(
                        row.getObject("tenant_id", UUID.class),
                        row.getObject("id", UUID.class),
                        row.getString("title"),
                        ContractState.valueOf(row.getString("state")),
                        orEmpty(row.getString("client")),
                        orEmpty(row.getString("provider")),
                        date(row.getString("start")),
                        date(row.getString("end")),
                        row.getString("total") == null ? null : Money.of(row.getString("total")),
                        false))
                .list();
    }

    /** A contract about which the passing of time has something to say. */
    record Look(UUID tenant, UUID contract) {}

    List<Look> due(Instant now, int most) {
        return jdbc.sql("select tenant_id, id from contract.due(:now, :most)")
                .param("now", utc(now))
                .param("most", most)
                .query((row, _) -> new Look(row.getObject("tenant_id", UUID.class), row.getObject("id", UUID.class)))
                .list();
    }

    private static String orEmpty(@Nullable String text) {
        return text == null ? "" : text;
    }

    private static @Nullable LocalDate date(@Nullable String text) {
        return text == null ? null : LocalDate.parse(text);
    }

    private static @Nullable OffsetDateTime utc(@Nullable Instant instant) {
        return instant == null ? null : instant.atOffset(ZoneOffset.UTC);
    }

    private static @Nullable Instant instant(ResultSet row, String column) throws SQLException {
        var time = row.getObject(column, OffsetDateTime.class);
        return time == null ? null : time.toInstant();
    }
}
