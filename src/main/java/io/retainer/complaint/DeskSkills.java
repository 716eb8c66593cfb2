package io.retainer.complaint;

import io.retainer.identity.Access;
import io.retainer.identity.Capability;
import io.retainer.kernel.Refused;
import io.retainer.kernel.Tenancy;
import io.retainer.kernel.Unknown;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** What each person at the desk is good at and how much they take, and whose turn it is by that. */
@Component
class DeskSkills {

    private final JdbcClient jdbc;
    private final ComplaintRows rows;
    private final Staff staff;
    private final Tenancy tenancy;
    private final Clock clock;

    DeskSkills(JdbcClient jdbc, ComplaintRows rows, Staff staff, Tenancy tenancy, Clock clock) {
        this.jdbc = jdbc;
        this.rows = rows;
        this.staff = staff;
        this.tenancy = tenancy;
        this.clock = clock;
    }

    /**
     * @param skills empty for everything
     * @param most open complaints at once, or null for no limit
     * @param away gets none for the time being
     */
    record Profile(
            UUID person,
            String name,
            Set<Skill> skills,
            @Nullable Integer most,
            boolean away,
            int open) {}

    /** Everybody who may work on complaints, by name. */
    List<Profile> all(Access access) {
        access.require(Capability.WORK_COMPLAINTS);
        return tenancy.read(access.tenant(), () -> {
            var names = staff.workers(access.contract());
            return workers(access, names, null).stream()
                    .map(worker -> new Profile(
                            worker.person(),
                            names.getOrDefault(worker.person(), "—"),
                            worker.skills(),
                            worker.most(),
                            worker.away(),
                            worker.open()))
                    .sorted(java.util.Comparator.comparing(Profile::name).thenComparing(Profile::person))
                    .toList();
        });
    }

    void keep(Access access, UUID person, Set<Skill> skills, @Nullable Integer most, boolean away) {
        access.require(Capability.LEAD_COMPLAINTS);
        if (!staff.workers(access.contract()).containsKey(person)) {
            throw new Unknown("person " + person);
        }
        if (most != null && (most < 1 || most > 999)) {
            throw Refused.field("most", "complaint.skill.most");
        }
        tenancy.write(
                access.tenant(),
                () -> jdbc.sql("""
                        insert into complaint.skill (tenant_id, contract_id, person_id, skills, most, away)
                        values (:tenant, :contract, :person, :skills, :most, :away)
                        on conflict (tenant_id, contract_id, person_id)
                            do update set skills = excluded.skills, most = excluded.most, away = excluded.away
                        """)
                        .param("tenant", access.tenant())
                        .param("contract", access.contract())
                        .param("person", person)
                        .param(
                                "skills",
                                skills.stream().map(Skill::name).sorted().toArray(String[]::new))
                        .param("most", most)
                        .param("away", away)
                        .update());
    }

    /**
     * Who should have this complaint; it counts as given.
     *
     * @throws Refused when nobody is there or has room
     */
    UUID next(Access access, UUID complaint) {
        access.require(Capability.WORK_COMPLAINTS);
        return tenancy.write(access.tenant(), () -> {
            var row = rows.get(access.tenant(), access.contract(), complaint);
            var assessed = row.complaint().assessed();
            var category = assessed == null ? null : assessed.category();
            var person = Turn.of(
                            workers(access, staff.workers(access.contract()), category),
                            category,
                            row.particulars().language().equals("en"))
                    .orElseThrow(() -> Refused.because("complaint.refused.nobody"));
            jdbc.sql("""
                            insert into complaint.skill (tenant_id, contract_id, person_id, skills, away, given_at)
                            values (:tenant, :contract, :person, '{}', false, :now)
                            on conflict (tenant_id, contract_id, person_id) do update set given_at = excluded.given_at
                            """)
                    .param("tenant", access.tenant())
                    .param("contract", access.contract())
                    .param("person", person)
                    .param("now", ComplaintRows.utc(clock.instant()))
                    .update();
            return person;
        });
    }

    private List<Turn.Worker> workers(Access access, Map<UUID, String> people, @Nullable Category category) {
        var kept = kept(access);
        var open = open(access, people.keySet());
        var closed = category == null ? Map.<UUID, Integer>of() : closed(access, category);
        var workers = new ArrayList<Turn.Worker>();
        for (var person : people.keySet()) {
            var known = kept.get(person);
            workers.add(new Turn.Worker(
                    person,
                    known == null ? Set.of() : known.skills(),
                    known == null ? null : known.most(),
                    known != null && known.away(),
                    open.getOrDefault(person, 0),
                    closed.getOrDefault(person, 0),
                    known == null ? null : known.givenAt()));
        }
        return workers;
    }

    /** How many open complaints each of these people has. */
    private Map<UUID, Integer> open(Access access, Collection<UUID> people) {
        return counted(jdbc.sql("""
                        select p.person, count(c.id)::int
                        from unnest(cast(:people as uuid[])) as p (person) join complaint.complaint c
                            on c.tenant_id = :tenant and c.contract_id = :contract and c.owner = p.person
                            and c.ended_at is null
                        group by p.person
                        """).param("people", people.toArray(UUID[]::new)), access);
    }

    /** How many complaints of a category each has closed: who knows the matter. */
    private Map<UUID, Integer> closed(Access access, Category category) {
        return counted(jdbc.sql("""
                        select owner, count(*)::int from complaint.complaint
                        where tenant_id = :tenant and contract_id = :contract and category = :category
                        and ended_at is not null and owner is not null group by owner
                        """).param("category", category.name()), access);
    }

    private static Map<UUID, Integer> counted(JdbcClient.StatementSpec each, Access access) {
        var counted = new HashMap<UUID, Integer>();
        each.param("tenant", access.tenant())
                .param("contract", access.contract())
                .query(row -> {
                    counted.put(row.getObject(1, UUID.class), row.getInt(2));
                });
        return counted;
    }

    private Map<UUID, Turn.Worker> kept(Access access) {
        var kept = new HashMap<UUID, Turn.Worker>();
        jdbc.sql("""
                        select person_id, skills, most, away, given_at from complaint.skill
                        where tenant_id = :tenant and contract_id = :contract
                        """)
                .param("tenant", access.tenant())
                .param("contract", access.contract())
                .query((row, _) -> worker(row))
                .list()
                .forEach(worker -> kept.put(worker.person(), worker));
        return kept;
    }

    private static Turn.Worker worker(ResultSet row) throws SQLException {
        var skills = Arrays.stream((String[]) row.getArray("skills").getArray())
                .map(Skill::valueOf)
                .collect(Collectors.toCollection(TreeSet::new));
        return new Turn.Worker(
                row.getObject("person_id", UUID.class),
                skills,
                (Integer) row.getObject("most"),
                row.getBoolean("away"),
                0,
                0,
                ComplaintRows.instantOrNull(row, "given_at"));
    }
}
