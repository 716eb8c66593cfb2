package io.retainer.contract;

import io.retainer.contract.Seal.EntryKind;
import io.retainer.contract.Seal.Keeping;
import io.retainer.identity.Access;
import io.retainer.identity.Idempotency;
import io.retainer.identity.Membership;
import io.retainer.identity.Organisations;
import io.retainer.identity.People;
import io.retainer.identity.Standings;
import io.retainer.kernel.Ids;
import io.retainer.kernel.Party;
import io.retainer.kernel.Refused;
import io.retainer.kernel.Tenancy;
import io.retainer.kernel.Unknown;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.dao.OptimisticLockingFailureException;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Service;

/**
 * The seals of the companies: who keeps which, and what became of each. Whoever manages a company's people grants seals and
 * revokes them; they and the keeper hand one over. The log is only ever added to.
 */
@Service
public class SealRegister {

    private static final int MOST_USES = 100;

    private final JdbcClient jdbc;
    private final Tenancy tenancy;
    private final People people;
    private final Organisations organisations;
    private final Standings standings;
    private final Idempotency idempotency;
    private final Clock clock;

    SealRegister(
            JdbcClient jdbc,
            Tenancy tenancy,
            People people,
            Organisations organisations,
            Standings standings,
            Idempotency idempotency,
            Clock clock) {
        this.jdbc = jdbc;
        this.tenancy = tenancy;
        this.people = people;
        this.organisations = organisations;
        this.standings = standings;
        this.idempotency = idempotency;
        this.clock = clock;
    }

    // Changing

    /**
     * @param key from the header {@code Idempotency-Key}, or null
     * @throws Refused when the person does not manage the company
     * @throws Unknown when the keeper is not of it
     */
    public UUID grant(UUID person, @Nullable String key, UUID organisation, Seal.Kind kind, String name, UUID keeper) {
        requireManager(person, organisation);
        requireMember(keeper, organisation);
        if (name.isBlank() || name.strip().length() > 100) {
            throw Refused.field("name", "contract.seal.refused.name");
        }
        var request = List.of("seal", organisation, kind, name.strip(), keeper);
        return idempotency.once(person, organisation, key, request, UUID.class, () -> {
            var now = now();
            var id = Ids.at(now.toEpochMilli());
            jdbc.sql("""
                            insert into contract.seal (tenant_id, id, kind, name, keeper, granted_at)
                            values (:tenant, :id, :kind, :name, :keeper, :now)
                            """)
                    .param("tenant", organisation)
                    .param("id", id)
                    .param("kind", kind.name())
                    .param("name", name.strip())
                    .param("keeper", keeper)
                    .param("now", now.atOffset(ZoneOffset.UTC))
                    .update();
            add(organisation, id, EntryKind.GRANTED, person, keeper, null, now);
            return id;
        });
    }

    /** @param reason why, such as a change of duties */
    public void handOver(UUID person, UUID organisation, UUID id, UUID to, String reason) {
        requireMember(to, organisation);
        Notices.required("reason", reason);
        change(organisation, id, seal -> {
            if (!seal.keeper().equals(person)) {
                requireManager(person, organisation);
            }
            var next = seal.handOver(to);
            add(organisation, id, EntryKind.HANDED_OVER, person, to, reason(reason), now());
            return next;
        });
    }

    public void revoke(UUID person, UUID organisation, UUID id, String reason) {
        requireManager(person, organisation);
        Notices.required("reason", reason);
        change(organisation, id, seal -> {
            var next = seal.revoke(now());
            add(organisation, id, EntryKind.REVOKED, person, null, reason(reason), now());
            return next;
        });
    }

    private static String reason(String reason) {
        var stripped = reason.strip();
        return stripped.length() > 500 ? stripped.substring(0, 500) : stripped;
    }

    private interface Change {
        Seal of(Seal seal);
    }

    private void change(UUID organisation, UUID id, Change change) {
        tenancy.write(organisation, () -> {
            var next = change.of(one(organisation, id, "for update"));
            var revoked = next.revokedAt();
            int rows = jdbc.sql("""
                            update contract.seal set keeper = :keeper, revoked_at = :revoked, version = version + 1
                            where tenant_id = :tenant and id = :id and version = :version
                            """)
                    .param("keeper", next.keeper())
                    .param("revoked", revoked == null ? null : revoked.atOffset(ZoneOffset.UTC))
                    .param("tenant", organisation)
                    .param("id", id)
                    .param("version", next.version())
                    .update();
            if (rows == 0) {
                throw new OptimisticLockingFailureException("Someone else changed seal " + id);
            }
        });
    }

    private void add(
            UUID organisation,
            UUID id,
            EntryKind kind,
            UUID person,
            @Nullable UUID keeper,
            @Nullable String reason,
            Instant at) {
        jdbc.sql("""
                        insert into contract.seal_entry (tenant_id, seal_id, serial, kind, person_id, keeper, reason, at)
                        select :tenant, :seal, coalesce(max(serial), 0) + 1, :kind, :person, cast(:keeper as uuid), :reason, :at
                        from contract.seal_entry where tenant_id = :tenant and seal_id = :seal
                        """)
                .param("tenant", organisation)
                .param("seal", id)
                .param("kind", kind.name())
                .param("person", person)
                .param("keeper", keeper == null ? null : keeper.toString())
                .param("reason", reason)
                .param("at", at.atOffset(ZoneOffset.UTC))
                .update();
    }

    // Using

    /**
     * The seal that is set under a contract, outside of any transaction: a company's seals belong to the company, the
     * signature to the client.
     *
     * @param chosen null when none was chosen
     * @return null when the company has registered none, so that it is named in words
     * @throws Refused when a registered seal must be chosen, or somebody else keeps it
     */
    @Nullable
    Seal toBeSet(UUID organisation, UUID person, SignatureMode mode, @Nullable UUID chosen) {
        if (mode == SignatureMode.AUTHORISED_SIGNATURE) {
            return null;
        }
        var usable = usable(organisation);
        if (chosen == null) {
            if (usable.isEmpty()) {
                return null;
            }
            throw Refused.field(
                    "seal",
                    "contract.seal.refused.choose",
                    usable.stream().map(Seal::name).toList());
        }
        var seal = get(organisation, chosen);
        seal.requireUsableBy(person);
        return seal;
    }

    /** Notes, beside the signature, that a seal was set. */
    void used(UUID tenant, UUID contract, int number, Party party, Seal seal, String hash, UUID person, Instant at) {
        jdbc.sql("""
                        insert into contract.seal_use (tenant_id, contract_id, number, party, seal_id, kind, name, person_id,
                            hash, used_at)
                        values (:tenant, :contract, :number, :party, :seal, :kind, :name, :person, :hash, :at)
                        """)
                .param("tenant", tenant)
                .param("contract", contract)
                .param("number", number)
                .param("party", party.name())
                .param("seal", seal.id())
                .param("kind", seal.kind().name())
                .param("name", seal.name())
                .param("person", person)
                .param("hash", hash)
                .param("at", at.atOffset(ZoneOffset.UTC))
                .update();
    }

    // Reading

    /** @param person who set it */
    record Use(
            UUID contract, int number, Party party, UUID seal, Seal.Kind kind, String name, UUID person, Instant at) {}

    /** The seals set under one version. */
    List<Use> uses(UUID tenant, UUID contract, int number) {
        return jdbc.sql("""
                        select * from contract.seal_use
                        where tenant_id = :tenant and contract_id = :contract and number = :number order by used_at
                        """)
                .param("tenant", tenant)
                .param("contract", contract)
                .param("number", number)
                .query(SealRegister::use)
                .list();
    }

    List<Seal> usable(UUID organisation) {
        return all(organisation).stream()
                .filter(seal -> seal.revokedAt() == null)
                .toList();
    }

    List<Seal> all(UUID organisation) {
        return tenancy.read(
                organisation,
                () -> jdbc.sql(
                                "select * from contract.seal where tenant_id = :tenant order by revoked_at nulls first, name, id")
                        .param("tenant", organisation)
                        .query(SealRegister::seal)
                        .list());
    }

    Seal get(UUID organisation, UUID id) {
        return tenancy.read(organisation, () -> one(organisation, id, ""));
    }

    /**
     * A seal with its whole life.
     *
     * @param names of everybody in it
     * @param titles of the contracts it was set under, as far as the reader has standing
     */
    record Story(
            Seal seal,
            List<Keeping> entries,
            List<Use> uses,
            Map<UUID, String> names,
            Map<UUID, String> titles,
            boolean managed,
            boolean kept) {}

    /** @throws Unknown unless the person is of the company that owns the seal */
    Story story(UUID person, UUID organisation, UUID id) {
        requireMember(person, organisation);
        var seal = get(organisation, id);
        var entries = tenancy.read(
                organisation,
                () -> jdbc.sql("""
                        select * from contract.seal_entry where tenant_id = :tenant and seal_id = :seal order by serial desc
                        """)
                        .param("tenant", organisation)
                        .param("seal", id)
                        .query((row, _) -> new Keeping(
                                row.getInt("serial"),
                                EntryKind.valueOf(row.getString("kind")),
                                row.getObject("person_id", UUID.class),
                                row.getObject("keeper", UUID.class),
                                row.getString("reason"),
                                row.getObject("at", OffsetDateTime.class).toInstant()))
                        .list());
        var tenants = standings.contracts(person, clock.instant()).stream()
                .map(Access::tenant)
                .collect(Collectors.toSet());
        var uses = tenants.isEmpty()
                ? List.<Use>of()
                : tenancy.read(
                        tenants,
                        () -> jdbc.sql("""
                                select * from contract.seal_use where tenant_id = any (:tenants) and seal_id = :seal
                                order by used_at desc limit :most
                                """)
                                .param("tenants", tenants.toArray(UUID[]::new))
                                .param("seal", id)
                                .param("most", MOST_USES)
                                .query(SealRegister::use)
                                .list());
        var contracts = uses.stream().map(Use::contract).toArray(UUID[]::new);
        Map<UUID, String> titles = contracts.length == 0
                ? Map.of()
                : tenancy.read(
                        tenants,
                        () -> jdbc
                                .sql(
                                        "select id, title from contract.contract where tenant_id = any (:tenants) and id = any (:ids)")
                                .param("tenants", tenants.toArray(UUID[]::new))
                                .param("ids", contracts)
                                .query((row, _) -> Map.entry(row.getObject("id", UUID.class), row.getString("title")))
                                .list()
                                .stream()
                                .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue)));
        var ids = new HashSet<UUID>();
        ids.add(seal.keeper());
        entries.forEach(entry -> {
            ids.add(entry.person());
            if (entry.keeper() != null) {
                ids.add(entry.keeper());
            }
        });
        uses.forEach(use -> ids.add(use.person()));
        return new Story(
                seal,
                entries,
                uses,
                people.names(ids),
                titles,
                manages(person, organisation),
                seal.keeper().equals(person));
    }

    /**
     * A company's seals as its people see them.
     *
     * @param staff who may keep one, by id
     */
    record Shelf(
            UUID organisation,
            String name,
            List<Seal> seals,
            Map<UUID, String> names,
            Map<UUID, String> staff,
            boolean managed) {}

    List<Shelf> shelves(UUID person) {
        return organisations.ofPerson(person).stream()
                .map(organisation -> {
                    var seals = all(organisation.id());
                    return new Shelf(
                            organisation.id(),
                            organisation.name(),
                            seals,
                            people.names(seals.stream().map(Seal::keeper).collect(Collectors.toSet())),
                            staff(organisation.id()),
                            manages(person, organisation.id()));
                })
                .toList();
    }

    Map<UUID, String> staff(UUID organisation) {
        return people.names(people.staff(List.of(organisation)).stream()
                .map(Membership::person)
                .collect(Collectors.toSet()));
    }

    private Seal one(UUID organisation, UUID id, String lock) {
        return jdbc.sql("select * from contract.seal where tenant_id = :tenant and id = :id " + lock)
                .param("tenant", organisation)
                .param("id", id)
                .query(SealRegister::seal)
                .optional()
                .orElseThrow(() -> new Unknown("seal " + id));
    }

    private boolean manages(UUID person, UUID organisation) {
        return people.memberships(person).stream()
                .anyMatch(membership -> membership.organisation().equals(organisation)
                        && membership.role().managesPeople());
    }

    private void requireManager(UUID person, UUID organisation) {
        requireMember(person, organisation);
        if (!manages(person, organisation)) {
            throw Refused.because("contract.seal.refused.notManager");
        }
    }

    private void requireMember(UUID person, UUID organisation) {
        if (people.memberships(person).stream()
                .noneMatch(membership -> membership.organisation().equals(organisation))) {
            throw new Unknown("organisation " + organisation);
        }
    }

    private static Seal seal(ResultSet row, int number) throws SQLException {
        var revoked = row.getObject("revoked_at", OffsetDateTime.class);
        return new Seal(
                row.getObject("tenant_id", UUID.class),
                row.getObject("id", UUID.class),
                Seal.Kind.valueOf(row.getString("kind")),
                row.getString("name"),
                row.getObject("keeper", UUID.class),
                row.getObject("granted_at", OffsetDateTime.class).toInstant(),
                revoked == null ? null : revoked.toInstant(),
                row.getInt("version"));
    }

    private static Use use(ResultSet row, int number) throws SQLException {
        return new Use(
                row.getObject("contract_id", UUID.class),
                row.getInt("number"),
                Party.valueOf(row.getString("party")),
                row.getObject("seal_id", UUID.class),
                Seal.Kind.valueOf(row.getString("kind")),
                row.getString("name"),
                row.getObject("person_id", UUID.class),
                row.getObject("used_at", OffsetDateTime.class).toInstant());
    }

    private Instant now() {
        return clock.instant().truncatedTo(ChronoUnit.MICROS);
    }
}
