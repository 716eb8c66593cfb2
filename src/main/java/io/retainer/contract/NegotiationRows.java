package io.retainer.contract;

import io.retainer.kernel.Clause;
import io.retainer.kernel.Party;
import io.retainer.kernel.Unknown;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.dao.OptimisticLockingFailureException;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/** What is said and proposed while a contract is negotiated. */
@Repository
class NegotiationRows {

    private final JdbcClient jdbc;

    NegotiationRows(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    // Comments

    void add(UUID tenant, UUID contract, ClauseComment comment) {
        jdbc.sql("""
                        insert into contract.comment (tenant_id, contract_id, id, number, clause, party, person_id, words,
                            made_at)
                        values (:tenant, :contract, :id, :number, :clause, :party, :person, :words, :at)
                        """)
                .param("tenant", tenant)
                .param("contract", contract)
                .param("id", comment.id())
                .param("number", comment.number())
                .param("clause", comment.clause().id())
                .param("party", comment.party().name())
                .param("person", comment.person())
                .param("words", comment.words())
                .param("at", comment.madeAt().atOffset(ZoneOffset.UTC))
                .update();
    }

    /**
     * The newest first.
     *
     * @param clause of which clause, or null for all
     * @param before the last comment of the page before, or null
     */
    List<ClauseComment> comments(UUID tenant, UUID contract, @Nullable Clause clause, @Nullable UUID before, int most) {
        return jdbc.sql("""
                        select id, number, clause, party, person_id, words, made_at from contract.comment
                        where tenant_id = :tenant and contract_id = :contract and (:clause = '' or clause = :clause)
                        and (cast(:before as uuid) is null or id < cast(:before as uuid))
                        order by id desc limit :most
                        """)
                .param("tenant", tenant)
                .param("contract", contract)
                .param("clause", clause == null ? "" : clause.id())
                .param("before", before == null ? null : before.toString())
                .param("most", most)
                .query((row, _) -> new ClauseComment(
                        row.getObject("id", UUID.class),
                        row.getInt("number"),
                        Clause.of(row.getString("clause")),
                        Party.valueOf(row.getString("party")),
                        row.getObject("person_id", UUID.class),
                        row.getString("words"),
                        moment(row, "made_at")))
                .list();
    }

    /** How much is said of a clause. */
    record Talk(int comments, int open, int ended, @Nullable Instant last) {

        static final Talk NONE = new Talk(0, 0, 0, null);

        Talk and(Talk other) {
            var later = last == null || (other.last != null && other.last.isAfter(last)) ? other.last : last;
            return new Talk(comments + other.comments, open + other.open, ended + other.ended, later);
        }
    }

    Map<Clause, Talk> talk(UUID tenant, UUID contract) {
        var talk = new EnumMap<Clause, Talk>(Clause.class);
        jdbc.sql("""
                        select clause, count(*) as comments, 0 as open, 0 as ended, max(made_at) as last
                        from contract.comment where tenant_id = :tenant and contract_id = :contract group by clause
                        union all
                        select clause, 0, count(*) filter (where state = 'OPEN'), count(*) filter (where state <> 'OPEN'),
                            max(coalesce(ended_at, made_at))
                        from contract.proposal where tenant_id = :tenant and contract_id = :contract group by clause
                        """).param("tenant", tenant).param("contract", contract).query(row -> {
            talk.merge(
                    Clause.of(row.getString("clause")),
                    new Talk(row.getInt("comments"), row.getInt("open"), row.getInt("ended"), moment(row, "last")),
                    Talk::and);
        });
        return talk;
    }

    // Proposals

    int nextSerial(UUID tenant, UUID contract) {
        return jdbc.sql("""
                        select coalesce(max(serial), 0) + 1 from contract.proposal
                        where tenant_id = :tenant and contract_id = :contract
                        """)
                .param("tenant", tenant)
                .param("contract", contract)
                .query(Integer.class)
                .single();
    }

    void add(Proposal proposal) {
        var columns = new HashMap<String, @Nullable Object>();
        var term = proposal.term();
        columns.put("tenant", proposal.tenant());
        columns.put("contract", proposal.contract());
        columns.put("id", proposal.id());
        columns.put("serial", proposal.serial());
        columns.put("number", proposal.number());
        columns.put("clause", proposal.clause().id());
        columns.put("term", term == null ? null : term.id());
        columns.put("before", proposal.before());
        columns.put("after", proposal.after());
        columns.put("reason", proposal.reason());
        columns.put("party", proposal.party().name());
        columns.put("person", proposal.person());
        columns.put("at", proposal.madeAt().atOffset(ZoneOffset.UTC));
        jdbc.sql("""
                        insert into contract.proposal (tenant_id, contract_id, id, serial, number, clause, term, before,
                            after, reason, party, person_id, made_at, state)
                        values (:tenant, :contract, :id, :serial, :number, :clause, :term, :before,
                            :after, :reason, :party, :person, :at, 'OPEN')
                        """).params(columns).update();
    }

    void end(Proposal proposal) {
        var ended = proposal.endedAt();
        int rows = jdbc.sql("""
                        update contract.proposal set state = :state, answer = :answer, answered_by = :by,
                            ended_at = :ended, version = version + 1
                        where tenant_id = :tenant and contract_id = :contract and id = :id and version = :version
                        """)
                .param("state", proposal.state().name())
                .param("answer", proposal.answer())
                .param("by", proposal.answeredBy())
                .param("ended", ended == null ? null : ended.atOffset(ZoneOffset.UTC))
                .param("tenant", proposal.tenant())
                .param("contract", proposal.contract())
                .param("id", proposal.id())
                .param("version", proposal.version())
                .update();
        if (rows == 0) {
            throw new OptimisticLockingFailureException("Someone else answered proposal " + proposal.id());
        }
    }

    Proposal get(UUID tenant, UUID contract, UUID id) {
        return jdbc.sql("""
                        select * from contract.proposal
                        where tenant_id = :tenant and contract_id = :contract and id = :id for update
                        """)
                .param("tenant", tenant)
                .param("contract", contract)
                .param("id", id)
                .query(NegotiationRows::proposal)
                .optional()
                .orElseThrow(() -> new Unknown("proposal " + id));
    }

    /**
     * The newest first.
     *
     * @param clause of which clause, or null for all
     * @param state in which state, or null for all
     * @param before serial of the last of the page before, or 0
     */
    List<Proposal> proposals(
            UUID tenant,
            UUID contract,
            @Nullable Clause clause,
            Proposal.@Nullable ProposalState state,
            int before,
            int most) {
        return new ArrayList<>(jdbc.sql("""
                        select * from contract.proposal
                        where tenant_id = :tenant and contract_id = :contract and (:clause = '' or clause = :clause)
                        and (:state = '' or state = :state) and (:before = 0 or serial < :before)
                        order by serial desc limit :most
                        """)
                .param("tenant", tenant)
                .param("contract", contract)
                .param("clause", clause == null ? "" : clause.id())
                .param("state", state == null ? "" : state.name())
                .param("before", before)
                .param("most", most)
                .query(NegotiationRows::proposal)
                .list());
    }

    private static Proposal proposal(ResultSet row, int number) throws SQLException {
        var term = row.getString("term");
        return new Proposal(
                row.getObject("tenant_id", UUID.class),
                row.getObject("contract_id", UUID.class),
                row.getObject("id", UUID.class),
                row.getInt("serial"),
                row.getInt("number"),
                Clause.of(row.getString("clause")),
                term == null ? null : TermKey.of(term),
                row.getString("before"),
                row.getString("after"),
                row.getString("reason"),
                Party.valueOf(row.getString("party")),
                row.getObject("person_id", UUID.class),
                row.getObject("made_at", OffsetDateTime.class).toInstant(),
                Proposal.ProposalState.valueOf(row.getString("state")),
                row.getString("answer"),
                row.getObject("answered_by", UUID.class),
                row.getObject("ended_at", OffsetDateTime.class) == null ? null : moment(row, "ended_at"),
                row.getInt("version"));
    }

    private static Instant moment(ResultSet row, String column) throws SQLException {
        return row.getObject(column, OffsetDateTime.class).toInstant();
    }
}
