package io.retainer.liability;

import io.retainer.kernel.Money;
import io.retainer.kernel.Party;
import io.retainer.kernel.Unknown;
import io.retainer.liability.BreachEvent.Found;
import io.retainer.liability.Finding.ServiceCredit;
import io.retainer.liability.Finding.Third;
import io.retainer.liability.Finding.Weights;
import java.math.BigDecimal;
import java.sql.Array;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.dao.OptimisticLockingFailureException;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/** The rows of breach cases, within a transaction of the tenant. */
@Repository
class BreachRows {

    private final JdbcClient jdbc;

    BreachRows(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /** What people wrote. */
    record Words(
            String words,
            @Nullable String thirdName,
            @Nullable String answer) {}

    record Row(BreachCase breach, Words words) {}

    /** A proposal with what it was made of. */
    record Proposal(
            int round,
            Party party,
            Finding finding,
            Money feesPaid,
            int payDays,
            String content,
            String hash,
            Instant at) {}

    /**
     * Something that is owed by an agreed case.
     *
     * @param paid the money that came in for it
     * @param paidReference of money that came in before a set-off fell
     */
    record Claim(
            UUID id,
            int position,
            Party debtor,
            Party creditor,
            Determination.Kind kind,
            Money amount,
            LocalDate dueOn,
            UUID duty,
            @Nullable Instant paidAt,
            @Nullable String reference,
            Money paid,
            @Nullable String paidReference,
            List<SetOff> setOffs) {

        Claim {
            setOffs = List.copyOf(setOffs);
        }

        /** What was set off of it and stands, as long as nobody decided otherwise. */
        public Money setOff() {
            return Money.sum(setOffs.stream().map(SetOff::standing).toList());
        }

        /** What is still to be paid. */
        public Money open() {
            return paidAt == null ? amount.minus(setOff()).minus(paid) : Money.ZERO;
        }

        /** Whether nothing but set-offs extinguished it. */
        public boolean isSetOff() {
            return setOff().equals(amount);
        }
    }

    /**
     * A part of a claim that was set off against an instalment.
     *
     * @param act of billing, which the notice is about
     * @param contested the debtor's words, or null
     * @param ending what became of it, or null while it holds, contested or not
     */
    record SetOff(
            UUID id,
            UUID claim,
            UUID act,
            int instalment,
            Money amount,
            Instant at,
            @Nullable Instant contestedAt,
            @Nullable String contested,
            @Nullable Ending ending) {

        /** Until something else is decided, all of it. */
        public Money standing() {
            return ending == null ? amount : ending.stands();
        }
    }

    /**
     * How a set-off was ended.
     *
     * @param at when that was recorded
     * @param document reference of the judgment, award or agreement, or null when one side ended it
     * @param documentHash SHA-256 of its file
     */
    record Ending(
            SetOffOutcome how,
            Money stands,
            Instant at,
            @Nullable LocalDate decidedOn,
            @Nullable String document,
            @Nullable String documentHash,
            @Nullable String words) {}

    int nextSerial(UUID tenant, UUID contract) {
        return jdbc.sql("""
                        select coalesce(max(serial), 0) + 1 from liability.breach_case
                        where tenant_id = :tenant and contract_id = :contract
                        """)
                .param("tenant", tenant)
                .param("contract", contract)
                .query(Integer.class)
                .single();
    }

    void add(BreachCase c, Words words, @Nullable UUID person) {
        jdbc.sql("""
                        insert into liability.breach_case (tenant_id, id, contract_id, contract_version, serial, rule, state,
                            claimant, happened_on, known_on, words, third_name, round, filed_by, filed_at, version)
                        values (:tenant, :id, :contract, :contractVersion, :serial, :rule, :state, :claimant, :happenedOn,
                            :knownOn, :words, :thirdName, 0, :person, :at, 0)
                        """)
                .param("tenant", c.tenant())
                .param("id", c.id())
                .param("contract", c.contract())
                .param("contractVersion", c.contractVersion())
                .param("serial", c.serial())
                .param("rule", c.rule().name())
                .param("state", c.state().name())
                .param("claimant", c.claimant().name())
                .param("happenedOn", c.happenedOn())
                .param("knownOn", c.knownOn())
                .param("words", words.words())
                .param("thirdName", words.thirdName())
                .param("person", person)
                .param("at", utc(c.filedAt()))
                .update();
    }

    /** @throws OptimisticLockingFailureException when somebody else changed it meanwhile */
    void save(BreachCase c) {
        int rows = jdbc.sql("""
                        update liability.breach_case
                        set state = :state, answer_due = :answerDue, defence = :defence, round = :round,
                            proposed_by = :proposedBy, hash = :hash, version = version + 1
                        where tenant_id = :tenant and id = :id and version = :version
                        """)
                .param("state", c.state().name())
                .param("answerDue", c.answerDue() == null ? null : utc(c.answerDue()))
                .param("defence", c.defence() == null ? null : c.defence().name())
                .param("round", c.round())
                .param(
                        "proposedBy",
                        c.proposedBy() == null ? null : c.proposedBy().name())
                .param("hash", c.hash())
                .param("tenant", c.tenant())
                .param("id", c.id())
                .param("version", c.version())
                .update();
        if (rows != 1) {
            throw new OptimisticLockingFailureException("Someone else changed breach case " + c.id());
        }
    }

    void answer(UUID tenant, UUID id, String words) {
        jdbc.sql("update liability.breach_case set answer = :words where tenant_id = :tenant and id = :id")
                .param("words", words)
                .param("tenant", tenant)
                .param("id", id)
                .update();
    }

    void found(Found e) {
        jdbc.sql("""
                        insert into liability.element (tenant_id, case_id, element, evidence, found_by, found_at)
                        values (:tenant, :case, :element, :evidence, :person, :at)
                        on conflict (tenant_id, case_id, element) do update
                        set evidence = excluded.evidence, found_by = excluded.found_by, found_at = excluded.found_at
                        """)
                .param("tenant", e.tenant())
                .param("case", e.breach())
                .param("element", e.element().name())
                .param("evidence", e.evidence())
                .param("person", e.actor())
                .param("at", utc(e.happenedAt()))
                .update();
    }

    Row get(UUID tenant, UUID contract, UUID id) {
        return read(tenant, contract, "and c.id = :id", Map.of("id", id)).stream()
                .findFirst()
                .orElseThrow(() -> new Unknown("breach case " + id));
    }

    /** The newest first. */
    List<Row> all(UUID tenant, UUID contract) {
        return read(tenant, contract, "order by c.serial desc", Map.of());
    }

    /**
     * What is looked for.
     *
     * @param q in the words, the name of the third party or as the number; empty for all
     * @param rules which {@code q} names
     */
    record Filter(String q, Collection<BreachRule> rules, Collection<BreachState> states) {}

    /**
     * The newest first.
     *
     * @param before the number above the first of them, or null for the newest of all
     */
    List<Row> page(UUID tenant, UUID contract, Filter filter, @Nullable Integer before, int most) {
        return read(
                tenant,
                contract,
                """
                and c.state in (:states) and c.serial < :before
                and (:q = '' or c.serial::text = ltrim(:q, '#') or strpos(lower(c.words), lower(:q)) > 0
                    or strpos(lower(c.third_name), lower(:q)) > 0 or c.rule in (:rules))
                order by c.serial desc limit :most
                """,
                Map.of(
                        "states",
                        filter.states().stream().map(Enum::name).toList(),
                        "before",
                        before == null ? Integer.MAX_VALUE : before,
                        "q",
                        filter.q(),
                        "rules",
                        filter.rules().isEmpty()
                                ? List.of("")
                                : filter.rules().stream().map(Enum::name).toList(),
                        "most",
                        most));
    }

    /** How many there are in each state. */
    Map<BreachState, Long> counts(UUID tenant, UUID contract) {
        var counts = new EnumMap<BreachState, Long>(BreachState.class);
        jdbc.sql("""
                        select state, count(*) as cases from liability.breach_case
                        where tenant_id = :tenant and contract_id = :contract group by state
                        """).param("tenant", tenant).param("contract", contract).query(row -> {
            counts.put(BreachState.valueOf(row.getString("state")), row.getLong("cases"));
        });
        return counts;
    }

    private List<Row> read(UUID tenant, UUID contract, String which, Map<String, ?> parameters) {
        return jdbc.sql("""
                        select c.*, e.elements, e.proofs from liability.breach_case c
                        cross join lateral (
                            select array_agg(e.element order by e.element) as elements,
                                array_agg(e.evidence order by e.element) as proofs
                            from liability.element e where e.tenant_id = c.tenant_id and e.case_id = c.id) e
                        where c.tenant_id = :tenant and c.contract_id = :contract
                        """ + which)
                .params(parameters)
                .param("tenant", tenant)
                .param("contract", contract)
                .query((row, _) -> row(row))
                .list();
    }

    private static Row row(ResultSet row) throws SQLException {
        var defence = row.getString("defence");
        var proposedBy = row.getString("proposed_by");
        return new Row(
                new BreachCase(
                        row.getObject("id", UUID.class),
                        row.getObject("tenant_id", UUID.class),
                        row.getObject("contract_id", UUID.class),
                        row.getInt("serial"),
                        row.getInt("contract_version"),
                        BreachRule.valueOf(row.getString("rule")),
                        BreachState.valueOf(row.getString("state")),
                        Party.valueOf(row.getString("claimant")),
                        row.getObject("happened_on", LocalDate.class),
                        row.getObject("known_on", LocalDate.class),
                        evidence(row),
                        instant(row, "answer_due"),
                        defence == null ? null : Defence.valueOf(defence),
                        row.getInt("round"),
                        proposedBy == null ? null : Party.valueOf(proposedBy),
                        row.getString("hash"),
                        row.getObject("filed_at", OffsetDateTime.class).toInstant(),
                        row.getInt("version")),
                new Words(row.getString("words"), row.getString("third_name"), row.getString("answer")));
    }

    private static Map<BreachElement, Optional<String>> evidence(ResultSet row) throws SQLException {
        var evidence = new EnumMap<BreachElement, Optional<String>>(BreachElement.class);
        if (row.getArray("elements") != null) {
            var elements = (String[]) row.getArray("elements").getArray();
            var proofs = (@Nullable String[]) row.getArray("proofs").getArray();
            for (int i = 0; i < elements.length; i++) {
                evidence.put(BreachElement.valueOf(elements[i]), Optional.ofNullable(proofs[i]));
            }
        }
        return evidence;
    }

    // Proposals

    void add(BreachCase c, Proposal p, @Nullable UUID person) {
        var f = p.finding();
        var third = f.third();
        var weights = f.weights();
        jdbc.sql("""
                        insert into liability.proposal (tenant_id, case_id, round, party, loss_fen, avoidable_fen,
                            benefit_fen, contribution, foreseeable_fen, at_risk_fen, credits, introduced_by,
                            signed_with_client, third_cap_fen, uncapped, weights, fees_paid_fen, pay_days, content, hash,
                            proposed_by, proposed_at)
                        values (:tenant, :case, :round, :party, :loss, :avoidable, :benefit, :contribution, :foreseeable,
                            :atRisk, :credits, :introducedBy, :signedWithClient, :thirdCap, :uncapped, :weights, :feesPaid,
                            :payDays, :content, :hash, :person, :at)
                        """)
                .param("tenant", c.tenant())
                .param("case", c.id())
                .param("round", p.round())
                .param("party", p.party().name())
                .param("loss", f.loss().fen())
                .param("avoidable", f.avoidable().fen())
                .param("benefit", f.benefit().fen())
                .param("contribution", f.contribution())
                .param(
                        "foreseeable",
                        f.foreseeable() == null ? null : f.foreseeable().fen())
                .param("atRisk", f.atRisk().fen())
                .param(
                        "credits",
                        f.credits().stream()
                                .flatMap(credit -> java.util.stream.Stream.of(credit.weight(), credit.part()))
                                .toArray(BigDecimal[]::new))
                .param(
                        "introducedBy",
                        third == null ? null : third.introducedBy().name())
                .param("signedWithClient", third != null && third.signedWithClient())
                .param(
                        "thirdCap",
                        third == null || third.cap() == null
                                ? null
                                : third.cap().fen())
                .param("uncapped", f.uncapped())
                .param(
                        "weights",
                        weights == null ? null : new Integer[] {weights.client(), weights.provider(), weights.third()})
                .param("feesPaid", p.feesPaid().fen())
                .param("payDays", p.payDays())
                .param("content", p.content())
                .param("hash", p.hash())
                .param("person", person)
                .param("at", utc(p.at()))
                .update();
    }

    Optional<Proposal> proposal(UUID tenant, UUID breach, int round) {
        return jdbc.sql("""
                        select * from liability.proposal where tenant_id = :tenant and case_id = :case and round = :round
                        """)
                .param("tenant", tenant)
                .param("case", breach)
                .param("round", round)
                .query((row, _) -> new Proposal(
                        row.getInt("round"),
                        Party.valueOf(row.getString("party")),
                        finding(row),
                        Money.ofFen(row.getLong("fees_paid_fen")),
                        row.getInt("pay_days"),
                        row.getString("content"),
                        row.getString("hash"),
                        row.getObject("proposed_at", OffsetDateTime.class).toInstant()))
                .optional();
    }

    private static Finding finding(ResultSet row) throws SQLException {
        var introducedBy = row.getString("introduced_by");
        var numbers = (BigDecimal[]) row.getArray("credits").getArray();
        var credits = new ArrayList<ServiceCredit>();
        for (int i = 0; i + 1 < numbers.length; i += 2) {
            credits.add(new ServiceCredit(numbers[i], numbers[i + 1]));
        }
        return new Finding(
                Money.ofFen(row.getLong("loss_fen")),
                Money.ofFen(row.getLong("avoidable_fen")),
                Money.ofFen(row.getLong("benefit_fen")),
                row.getBigDecimal("contribution"),
                money(row, "foreseeable_fen"),
                Money.ofFen(row.getLong("at_risk_fen")),
                credits,
                introducedBy == null
                        ? null
                        : new Third(
                                Party.valueOf(introducedBy),
                                row.getBoolean("signed_with_client"),
                                money(row, "third_cap_fen")),
                row.getBoolean("uncapped"),
                weights(row.getArray("weights")));
    }

    private static @Nullable Weights weights(@Nullable Array array) throws SQLException {
        if (array == null) {
            return null;
        }
        var numbers = (Integer[]) array.getArray();
        return new Weights(numbers[0], numbers[1], numbers[2]);
    }

    // What is owed

    void add(UUID tenant, UUID breach, Claim claim) {
        jdbc.sql("""
                        insert into liability.claim (tenant_id, id, case_id, position, debtor, creditor, kind, amount_fen,
                            due_on, duty_id)
                        values (:tenant, :id, :case, :position, :debtor, :creditor, :kind, :amount, :dueOn, :duty)
                        """)
                .param("tenant", tenant)
                .param("id", claim.id())
                .param("case", breach)
                .param("position", claim.position())
                .param("debtor", claim.debtor().name())
                .param("creditor", claim.creditor().name())
                .param("kind", claim.kind().name())
                .param("amount", claim.amount().fen())
                .param("dueOn", claim.dueOn())
                .param("duty", claim.duty())
                .update();
    }

    /** @param money that came in for it in all */
    boolean paid(UUID tenant, UUID claim, Instant at, String reference, Money money) {
        return jdbc.sql("""
                        update liability.claim set paid_at = :at, reference = :reference, paid_fen = :money
                        where tenant_id = :tenant and id = :id and paid_at is null
                        """)
                        .param("money", money.fen())
                        .param("at", utc(at))
                        .param("reference", reference)
                        .param("tenant", tenant)
                        .param("id", claim)
                        .update()
                == 1;
    }

    /** Something of it is open again. */
    void reopen(UUID tenant, Claim claim) {
        boolean byMoney = claim.paid().isPositive();
        jdbc.sql("""
                        update liability.claim set paid_at = null, reference = null, paid_fen = :money,
                            paid_reference = coalesce(:reference, paid_reference)
                        where tenant_id = :tenant and id = :id
                        """)
                .param("money", claim.paid().fen())
                .param("reference", byMoney ? claim.reference() : null)
                .param("tenant", tenant)
                .param("id", claim.id())
                .update();
    }

    /** False when it had been ended before. */
    boolean end(UUID tenant, UUID setOff, Ending ending, UUID person) {
        return jdbc.sql("""
                        update liability.set_off set outcome = :how, stands_fen = :stands, ended_at = :at, ended_by = :person,
                            decided_on = :decided, document = :document, document_hash = :hash, ended_words = :words
                        where tenant_id = :tenant and id = :id and outcome is null
                        """)
                        .param("how", ending.how().name())
                        .param("stands", ending.stands().fen())
                        .param("at", utc(ending.at()))
                        .param("person", person)
                        .param("decided", ending.decidedOn())
                        .param("document", ending.document())
                        .param("hash", ending.documentHash())
                        .param("words", ending.words())
                        .param("tenant", tenant)
                        .param("id", setOff)
                        .update()
                == 1;
    }

    void add(UUID tenant, SetOff off, UUID person) {
        jdbc.sql("""
                        insert into liability.set_off (tenant_id, id, claim_id, act_id, instalment, amount_fen, declared_by,
                            declared_at)
                        values (:tenant, :id, :claim, :act, :instalment, :amount, :person, :at)
                        """)
                .param("tenant", tenant)
                .param("id", off.id())
                .param("claim", off.claim())
                .param("act", off.act())
                .param("instalment", off.instalment())
                .param("amount", off.amount().fen())
                .param("person", person)
                .param("at", utc(off.at()))
                .update();
    }

    boolean contest(UUID tenant, UUID setOff, Instant at, String words) {
        return jdbc.sql("""
                        update liability.set_off set contested_at = :at, contested = :words
                        where tenant_id = :tenant and id = :id and contested_at is null and outcome is null
                        """)
                        .param("at", utc(at))
                        .param("words", words)
                        .param("tenant", tenant)
                        .param("id", setOff)
                        .update()
                == 1;
    }

    private Map<UUID, List<SetOff>> setOffs(UUID tenant, UUID contract) {
        var setOffs = new HashMap<UUID, List<SetOff>>();
        jdbc.sql("""
                        select s.* from liability.set_off s
                        join liability.claim l on l.tenant_id = s.tenant_id and l.id = s.claim_id
                        join liability.breach_case c on c.tenant_id = l.tenant_id and c.id = l.case_id
                        where s.tenant_id = :tenant and c.contract_id = :contract order by s.declared_at, s.id
                        """).param("tenant", tenant).param("contract", contract).query(row -> {
            var off = new SetOff(
                    row.getObject("id", UUID.class),
                    row.getObject("claim_id", UUID.class),
                    row.getObject("act_id", UUID.class),
                    row.getInt("instalment"),
                    Money.ofFen(row.getLong("amount_fen")),
                    row.getObject("declared_at", OffsetDateTime.class).toInstant(),
                    instant(row, "contested_at"),
                    row.getString("contested"),
                    ending(row));
            setOffs.computeIfAbsent(off.claim(), _ -> new ArrayList<>()).add(off);
        });
        return setOffs;
    }

    private static @Nullable Ending ending(ResultSet row) throws SQLException {
        var how = row.getString("outcome");
        var at = instant(row, "ended_at");
        return how == null || at == null
                ? null
                : new Ending(
                        SetOffOutcome.valueOf(how),
                        Money.ofFen(row.getLong("stands_fen")),
                        at,
                        row.getObject("decided_on", LocalDate.class),
                        row.getString("document"),
                        row.getString("document_hash"),
                        row.getString("ended_words"));
    }

    /** By case. */
    Map<UUID, List<Claim>> claims(UUID tenant, UUID contract) {
        var claims = new HashMap<UUID, List<Claim>>();
        var setOffs = setOffs(tenant, contract);
        jdbc.sql("""
                        select l.* from liability.claim l
                        join liability.breach_case c on c.tenant_id = l.tenant_id and c.id = l.case_id
                        where l.tenant_id = :tenant and c.contract_id = :contract order by l.position
                        """).param("tenant", tenant).param("contract", contract).query(row -> {
            var offs = setOffs.getOrDefault(row.getObject("id", UUID.class), List.of());
            var amount = Money.ofFen(row.getLong("amount_fen"));
            var money = money(row, "paid_fen");
            // Recorded before this was kept: what was not set off came in as money.
            var paid = money != null
                    ? money
                    : row.getObject("paid_at") == null
                            ? Money.ZERO
                            : amount.minus(
                                    Money.sum(offs.stream().map(SetOff::amount).toList()));
            claims.computeIfAbsent(row.getObject("case_id", UUID.class), _ -> new ArrayList<>())
                    .add(new Claim(
                            row.getObject("id", UUID.class),
                            row.getInt("position"),
                            Party.valueOf(row.getString("debtor")),
                            Party.valueOf(row.getString("creditor")),
                            Determination.Kind.valueOf(row.getString("kind")),
                            amount,
                            row.getObject("due_on", LocalDate.class),
                            row.getObject("duty_id", UUID.class),
                            instant(row, "paid_at"),
                            row.getString("reference"),
                            paid,
                            row.getString("paid_reference"),
                            offs));
        });
        return claims;
    }

    private static @Nullable Money money(ResultSet row, String column) throws SQLException {
        long fen = row.getLong(column);
        return row.wasNull() ? null : Money.ofFen(fen);
    }

    private static OffsetDateTime utc(Instant instant) {
        return instant.atOffset(ZoneOffset.UTC);
    }

    private static @Nullable Instant instant(ResultSet row, String column) throws SQLException {
        var at = row.getObject(column, OffsetDateTime.class);
        return at == null ? null : at.toInstant();
    }
}
