package io.retainer.contract;

import io.retainer.contract.AnnexSheet.Row;
import io.retainer.kernel.Clause;
import io.retainer.kernel.Party;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.springframework.jdbc.core.simple.JdbcClient;
import tools.jackson.databind.json.JsonMapper;

/** The annexes of versions, as rows. */
final class AnnexRows {

    /** What is kept of a sheet; the kind is the key of its row. */
    record Content(Map<String, List<Map<String, String>>> parts, List<String> unread) {

        static Content of(AnnexSheet sheet) {
            var parts = new LinkedHashMap<String, List<Map<String, String>>>();
            sheet.rows()
                    .forEach((part, rows) ->
                            parts.put(part, rows.stream().map(Row::cells).toList()));
            return new Content(parts, sheet.unread());
        }

        AnnexSheet sheet(AnnexKind kind) {
            var rows = new LinkedHashMap<String, List<Row>>();
            parts.forEach(
                    (part, cells) -> rows.put(part, cells.stream().map(Row::new).toList()));
            return new AnnexSheet(kind, rows, unread);
        }
    }

    private final JdbcClient jdbc;
    private final JsonMapper json;

    AnnexRows(JdbcClient jdbc, JsonMapper json) {
        this.jdbc = jdbc;
        this.json = json;
    }

    Annexes get(UUID tenant, UUID contract, int number) {
        var sheets = new EnumMap<AnnexKind, AnnexSheet>(AnnexKind.class);
        jdbc.sql("""
                        select annex, content from contract.annex
                        where tenant_id = :tenant and contract_id = :contract and number = :number
                        """)
                .param("tenant", tenant)
                .param("contract", contract)
                .param("number", number)
                .query(row -> {
                    var kind = AnnexKind.numbered(row.getInt("annex"));
                    sheets.put(
                            kind,
                            json.readValue(row.getString("content"), Content.class)
                                    .sheet(kind));
                });
        var accepted = new EnumMap<Clause, Set<Party>>(Clause.class);
        jdbc.sql("""
                        select clause, party from contract.annex_risk
                        where tenant_id = :tenant and contract_id = :contract and number = :number
                        """)
                .param("tenant", tenant)
                .param("contract", contract)
                .param("number", number)
                .query(row -> {
                    accepted.computeIfAbsent(Clause.of(row.getString("clause")), _ -> EnumSet.noneOf(Party.class))
                            .add(Party.valueOf(row.getString("party")));
                });
        return new Annexes(sheets, accepted);
    }

    void put(UUID tenant, UUID contract, int number, AnnexSheet sheet, int changedAt) {
        jdbc.sql("""
                        insert into contract.annex (tenant_id, contract_id, number, annex, content, changed_at)
                        values (:tenant, :contract, :number, :annex, :content, :changedAt)
                        on conflict (tenant_id, contract_id, number, annex) do update
                        set content = excluded.content, changed_at = excluded.changed_at
                        """)
                .param("tenant", tenant)
                .param("contract", contract)
                .param("number", number)
                .param("annex", sheet.kind().number())
                .param("content", json.writeValueAsString(Content.of(sheet)))
                .param("changedAt", changedAt)
                .update();
    }

    void accept(UUID tenant, UUID contract, int number, Clause row, Party party, UUID person, Instant now) {
        jdbc.sql("""
                        insert into contract.annex_risk (tenant_id, contract_id, number, clause, party, person_id, accepted_at)
                        values (:tenant, :contract, :number, :clause, :party, :person, :now)
                        on conflict (tenant_id, contract_id, number, clause, party) do nothing
                        """)
                .param("tenant", tenant)
                .param("contract", contract)
                .param("number", number)
                .param("clause", row.id())
                .param("party", party.name())
                .param("person", person)
                .param("now", now.atOffset(ZoneOffset.UTC))
                .update();
    }

    /** A new version begins with the acceptances of the one it comes from, as it does with its confirmations. */
    void carryOver(UUID tenant, UUID contract, int from, int to) {
        jdbc.sql("""
                        insert into contract.annex_risk (tenant_id, contract_id, number, clause, party, person_id, accepted_at)
                        select tenant_id, contract_id, :to, clause, party, person_id, accepted_at from contract.annex_risk
                        where tenant_id = :tenant and contract_id = :contract and number = :from
                        on conflict (tenant_id, contract_id, number, clause, party) do nothing
                        """)
                .param("tenant", tenant)
                .param("contract", contract)
                .param("from", from)
                .param("to", to)
                .update();
    }

    /** Annexes changed after the contract stood at this lock version. */
    List<AnnexKind> changedSince(UUID tenant, UUID contract, int number, int version) {
        return jdbc.sql("""
                        select annex from contract.annex
                        where tenant_id = :tenant and contract_id = :contract and number = :number
                        and changed_at > :version order by annex
                        """)
                .param("tenant", tenant)
                .param("contract", contract)
                .param("number", number)
                .param("version", version)
                .query((row, _) -> AnnexKind.numbered(row.getInt("annex")))
                .list();
    }
}
