package io.retainer.customer;

import io.retainer.identity.Access;
import io.retainer.identity.Capability;
import io.retainer.kernel.Ids;
import io.retainer.kernel.Refused;
import io.retainer.kernel.Tenancy;
import io.retainer.kernel.Unknown;
import io.retainer.vault.PersonalKind;
import io.retainer.vault.Processing;
import io.retainer.vault.Sealed;
import io.retainer.vault.SealedColumn;
import io.retainer.vault.SealedTable;
import io.retainer.vault.Vault;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Instant;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Service;
import tools.jackson.databind.json.JsonMapper;

/**
 * Makes one customer of two and, when that was wrong, two of one again. Contacts, tags, own fields, consents and whatever
 * else refers to the merged customer follow to the survivor; the merged id stays as an alias. What the merge changed is kept
 * in a sealed note until it is undone, so nothing is ever lost; what came after the merge stays with the survivor.
 */
@Service
public class Merges {

    static final SealedColumn BEFORE = new SealedColumn("customer.merge", "before", PersonalKind.TEXT);

    private final JdbcClient jdbc;
    private final CustomerRows rows;
    private final Origins origins;
    private final Vault vault;
    private final Tenancy tenancy;
    private final List<CustomerReferences> references;
    private final ApplicationEventPublisher events;
    private final JsonMapper json;
    private final Clock clock;

    Merges(
            JdbcClient jdbc,
            CustomerRows rows,
            Origins origins,
            Vault vault,
            Tenancy tenancy,
            List<CustomerReferences> references,
            ApplicationEventPublisher events,
            JsonMapper json,
            Clock clock) {
        this.jdbc = jdbc;
        this.rows = rows;
        this.origins = origins;
        this.vault = vault;
        this.tenancy = tenancy;
        this.references = references;
        this.events = events;
        this.json = json;
        this.clock = clock;
    }

    /** A merge as it is listed; {@code undoneAt} is null while it stands. */
    public record Merge(
            UUID id,
            UUID survivor,
            UUID merged,
            Instant mergedAt,
            @Nullable Instant undoneAt) {}

    /** A row of the customer table, its name in the clear. */
    private record Person(
            UUID id,
            CustomerKind kind,
            String name,
            @Nullable String reference,
            @Nullable String creditCode,
            @Nullable UUID company,
            @Nullable String role,
            @Nullable UUID batch,
            String source,
            @Nullable UUID origin,
            @Nullable UUID nameOrigin,
            Instant createdAt,
            Instant changedAt,
            int version) {

        @Override
        public String toString() {
            return "Person[" + id + "]";
        }
    }

    private record Contact(
            UUID id,
            ContactKind kind,
            String value,
            @Nullable String label,
            @Nullable UUID origin,
            Instant createdAt) {

        @Override
        public String toString() {
            return "Contact[" + id + "]";
        }
    }

    /**
     * @param customer whose it was
     * @param since null in notes from before that was kept
     */
    private record OwnValue(
            UUID id,
            UUID customer,
            UUID field,
            String value,
            boolean personal,
            @Nullable UUID origin,
            @Nullable LocalDate since) {

        @Override
        public String toString() {
            return "OwnValue[" + id + "]";
        }
    }

    /**
     * What was before.
     *
     * @param survivor as it was, of which {@code changed} says what the merge changed
     * @param aside contacts the survivor had already
     * @param asideFields values of own fields that gave way
     * @param movedFields values that changed hands
     * @param movedPast what their fields said before; null in notes from before that was kept
     * @param tagsAdded tags the survivor did not have
     * @param moved rows of others, by {@link CustomerReferences#name()}
     */
    private record Note(
            Person merged,
            Person survivor,
            List<String> changed,
            List<Contact> aside,
            List<UUID> movedContacts,
            List<OwnValue> asideFields,
            List<UUID> movedFields,
            @Nullable List<UUID> movedPast,
            List<String> mergedTags,
            List<String> tagsAdded,
            List<UUID> movedConsents,
            List<UUID> movedMembers,
            List<UUID> movedAliases,
            Map<String, List<UUID>> moved) {

        @Override
        public String toString() {
            return "Note";
        }
    }

    /**
     * Makes one of two customers.
     *
     * @param pair the pair whose answer led to it, or null
     * @return the merge, whose survivor is found through it
     * @throws Refused when both are the same, or one is a person and the other a company
     * @throws Unknown when the client has no such customer
     */
    Merge merge(Access access, UUID first, UUID second, Survivorship survivorship, @Nullable UUID pair) {
        access.require(Capability.EDIT_CUSTOMERS);
        var tenant = access.tenant();
        return tenancy.write(tenant, () -> {
            // In one order, so that two merges never wait for each other.
            boolean inOrder = first.compareTo(second) < 0;
            var one = hold(tenant, inOrder ? first : second);
            var other = hold(tenant, inOrder ? second : first);
            if (one.id().equals(other.id())) {
                throw Refused.because("customer.merge.same");
            }
            if (one.kind() != other.kind()) {
                throw Refused.because("customer.merge.kinds");
            }
            boolean oneStays = Survivorship.firstStays(one.id(), one.createdAt(), other.id(), other.createdAt());
            return join(access, oneStays ? one : other, oneStays ? other : one, survivorship, pair);
        });
    }

    /** The row of the customer, or of the one it was merged into, held until the transaction ends. */
    private Person hold(UUID tenant, UUID id) {
        var row = held(tenant, id)
                .or(() -> jdbc.sql("select survivor_id from customer.alias where tenant_id = :tenant and id = :id")
                        .param("tenant", tenant)
                        .param("id", id)
                        .query(UUID.class)
                        .optional()
                        .flatMap(survivor -> held(tenant, survivor)));
        return row.orElseThrow(() -> new Unknown("customer " + id));
    }

    private Optional<Person> held(UUID tenant, UUID id) {
        var opener = vault.processing(tenant, Processing.MATCHING);
        return jdbc.sql("""
                        select id, kind, name, reference, credit_code, company_id, company_role, batch_id, source,
                            origin_id, name_origin_id, created_at, changed_at, version
                        from customer.customer where tenant_id = :tenant and id = :id for update
                        """)
                .param("tenant", tenant)
                .param("id", id)
                .query((row, _) -> new Person(
                        row.getObject("id", UUID.class),
                        CustomerKind.valueOf(row.getString("kind")),
                        opener.open(CustomerRows.NAME, id, Sealed.of(row.getBytes("name")))
                                .inTheClear(),
                        row.getString("reference"),
                        row.getString("credit_code"),
                        row.getObject("company_id", UUID.class),
                        row.getString("company_role"),
                        row.getObject("batch_id", UUID.class),
                        row.getString("source"),
                        row.getObject("origin_id", UUID.class),
                        row.getObject("name_origin_id", UUID.class),
                        row.getTimestamp("created_at").toInstant(),
                        row.getTimestamp("changed_at").toInstant(),
                        row.getInt("version")))
                .optional();
    }

    private Merge join(Access access, Person survivor, Person merged, Survivorship survivorship, @Nullable UUID pair) {
        var tenant = access.tenant();
        var now = clock.instant().truncatedTo(ChronoUnit.MICROS);
        var opener = vault.processing(tenant, Processing.MATCHING);
        var origin = stamped(tenant, merged);
        var mine = rows.stored(tenant, survivor.id());
        var moved = new ArrayList<StoredContact>();
        var aside = new ArrayList<Contact>();
        for (var contact : rows.stored(tenant, merged.id())) {
            var theirs = contact.from(origin);
            if (mine.stream().noneMatch(theirs::sameAs)) {
                moved.add(theirs);
            } else {
                aside.add(new Contact(
                        theirs.id(),
                        theirs.kind(),
                        opener.open(theirs.kind().column(), theirs.id(), theirs.value())
                                .inTheClear(),
                        theirs.label(),
                        theirs.origin(),
                        Objects.requireNonNullElse(theirs.createdAt(), merged.createdAt())));
            }
        }
        rows.reach(
                tenant,
                survivor.id(),
                Stream.concat(mine.stream(), moved.stream()).toList(),
                vault.writing(tenant));
        var asideFields = new ArrayList<OwnValue>();
        var movedFields = new ArrayList<UUID>();
        moveFields(tenant, survivor.id(), merged.id(), survivorship, asideFields, movedFields);
        var past = moveAll(tenant, "customer.field_past", "customer_id", merged.id(), survivor.id());
        var mergedTags = tags(tenant, merged.id());
        var tagsAdded = new ArrayList<>(mergedTags);
        tagsAdded.removeAll(tags(tenant, survivor.id()));
        var consents = moveAll(tenant, "customer.consent", "customer_id", merged.id(), survivor.id());
        var members = moveAll(tenant, "customer.customer", "company_id", merged.id(), survivor.id());
        var aliases = moveAll(tenant, "customer.alias", "survivor_id", merged.id(), survivor.id());
        var followed = new LinkedHashMap<String, List<UUID>>();
        for (var reference : references) {
            followed.put(reference.name(), reference.move(tenant, merged.id(), survivor.id()));
        }

        var changed = new ArrayList<String>();
        var result = chosen(survivor, merged, origin, survivorship, changed);
        copyTags(tenant, merged.id(), survivor.id(), tagsAdded);
        rows.remove(tenant, List.of(merged.id()));
        put(tenant, result, changed, now);
        boolean adopted = changed.contains("REFERENCE");
        jdbc.sql("insert into customer.alias (tenant_id, id, survivor_id, reference) values (:tenant, :id,"
                        + " :survivor, :reference)")
                .param("tenant", tenant)
                .param("id", merged.id())
                .param("survivor", survivor.id())
                .param("reference", adopted ? null : merged.reference())
                .update();

        var id = Ids.at(now.toEpochMilli());
        var note = new Note(
                merged,
                survivor,
                changed,
                aside,
                moved.stream().map(StoredContact::id).toList(),
                asideFields,
                movedFields,
                past,
                mergedTags,
                tagsAdded,
                consents,
                members,
                aliases,
                followed);
        jdbc.sql("""
                        insert into customer.merge (tenant_id, id, survivor_id, merged_id, pair_id, merged_batch, before,
                            merged_by, merged_at)
                        values (:tenant, :id, :survivor, :merged, :pair, :batch, :before, :by, :now)
                        """)
                .param("tenant", tenant)
                .param("id", id)
                .param("survivor", survivor.id())
                .param("merged", merged.id())
                .param("pair", pair)
                .param("batch", merged.batch())
                .param(
                        "before",
                        vault.writing(tenant)
                                .seal(BEFORE, id, json.writeValueAsString(note))
                                .bytes())
                .param("by", access.person())
                .param("now", at(now))
                .update();
        events.publishEvent(
                new CustomersMerged(tenant, access.contract(), survivor.id(), merged.id(), id, now, access.person()));
        return new Merge(id, survivor.id(), merged.id(), now, null);
    }

    private static Person chosen(Person survivor, Person merged, UUID origin, Survivorship rule, List<String> changed) {
        var name = survivor.name();
        var nameOrigin = survivor.nameOrigin();
        if (rule.takesMerged(Survivorship.NAME, merged.id(), survivor.name(), merged.name())
                && !survivor.name().equals(merged.name())) {
            name = merged.name();
            nameOrigin = merged.nameOrigin() == null ? origin : merged.nameOrigin();
            changed.add(Survivorship.NAME);
        }
        var reference = survivor.reference();
        if (reference == null && merged.reference() != null) {
            reference = merged.reference();
            changed.add("REFERENCE");
        }
        var credit = survivor.creditCode();
        if (rule.takesMerged(Survivorship.CREDIT_CODE, merged.id(), survivor.creditCode(), merged.creditCode())) {
            credit = merged.creditCode();
            changed.add(Survivorship.CREDIT_CODE);
        }
        var company = survivor.company();
        var role = survivor.role();
        var ofMerged = merged.company();
        if (ofMerged != null
                && !ofMerged.equals(survivor.id())
                && rule.takesMerged(
                        Survivorship.COMPANY,
                        merged.id(),
                        company == null ? null : company.toString(),
                        ofMerged.toString())) {
            company = ofMerged;
            role = merged.role();
            changed.add(Survivorship.COMPANY);
        }
        return new Person(
                survivor.id(),
                survivor.kind(),
                name,
                reference,
                credit,
                company,
                role,
                survivor.batch(),
                survivor.source(),
                survivor.origin(),
                nameOrigin,
                survivor.createdAt(),
                survivor.changedAt(),
                survivor.version());
    }

    /** So that what changes hands still says where it came from; the origin of what has none of its own. */
    private UUID stamped(UUID tenant, Person merged) {
        var known = merged.origin();
        var origin = known == null
                ? origins.keep(tenant, new Origin(merged.source(), null, null, null, merged.batch()))
                : known;
        jdbc.sql("""
                        update customer.field_value set origin_id = :origin
                        where tenant_id = :tenant and customer_id = :customer and origin_id is null
                        """)
                .param("tenant", tenant)
                .param("customer", merged.id())
                .param("origin", origin)
                .update();
        return origin;
    }

    private void moveFields(
            UUID tenant,
            UUID survivor,
            UUID merged,
            Survivorship survivorship,
            List<OwnValue> aside,
            List<UUID> moved) {
        record Keyed(String key, OwnValue value) {}
        var opener = vault.processing(tenant, Processing.MATCHING);
        var mine = new LinkedHashMap<UUID, Keyed>();
        var theirs = new ArrayList<Keyed>();
        jdbc.sql("""
                        select v.id, v.customer_id, v.field_id, v.plain, v.sealed, v.origin_id, v.since, f.key
                        from customer.field_value v join customer.field f
                            on f.tenant_id = v.tenant_id and f.id = v.field_id
                        where v.tenant_id = :tenant and v.customer_id in (:survivor, :merged) order by v.id
                        """)
                .param("tenant", tenant)
                .param("survivor", survivor)
                .param("merged", merged)
                .query((row, _) -> {
                    var id = row.getObject("id", UUID.class);
                    var sealed = Sealed.orNull(row.getBytes("sealed"));
                    var plain = row.getString("plain");
                    var value = new OwnValue(
                            id,
                            row.getObject("customer_id", UUID.class),
                            row.getObject("field_id", UUID.class),
                            sealed == null
                                    ? plain
                                    : opener.open(CustomerRows.FIELD, id, sealed)
                                            .inTheClear(),
                            sealed != null,
                            row.getObject("origin_id", UUID.class),
                            row.getObject("since", LocalDate.class));
                    return new Keyed(row.getString("key"), value);
                })
                .list()
                .forEach(keyed -> {
                    if (keyed.value().customer().equals(survivor)) {
                        mine.put(keyed.value().field(), keyed);
                    } else {
                        theirs.add(keyed);
                    }
                });
        for (var keyed : theirs) {
            var value = keyed.value();
            var own = mine.get(value.field());
            if (own == null) {
                moved.add(value.id());
            } else if (survivorship.takesMerged(
                    Survivorship.field(keyed.key()), merged, own.value().value(), value.value())) {
                aside.add(own.value());
                moved.add(value.id());
                jdbc.sql("delete from customer.field_value where tenant_id = :tenant and id = :id")
                        .param("tenant", tenant)
                        .param("id", own.value().id())
                        .update();
            } else {
                aside.add(value);
            }
        }
        own(tenant, "customer.field_value", "customer_id", moved, survivor);
    }

    private List<UUID> moveAll(UUID tenant, String table, String column, UUID from, UUID to) {
        return jdbc.sql("update " + table + " set " + column + " = :to where tenant_id = :tenant and " + column
                        + " = :from returning id")
                .param("tenant", tenant)
                .param("from", from)
                .param("to", to)
                .query((row, _) -> row.getObject(1, UUID.class))
                .list();
    }

    private void own(UUID tenant, String table, String column, List<UUID> rows, UUID owner) {
        if (!rows.isEmpty()) {
            jdbc.sql("update " + table + " set " + column + " = :owner where tenant_id = :tenant and id = any(:rows)")
                    .param("tenant", tenant)
                    .param("owner", owner)
                    .param("rows", rows.toArray(UUID[]::new))
                    .update();
        }
    }

    private List<String> tags(UUID tenant, UUID customer) {
        return jdbc.sql("select tag from customer.tag where tenant_id = :tenant and customer_id = :id order by tag")
                .param("tenant", tenant)
                .param("id", customer)
                .query((row, _) -> row.getString(1))
                .list();
    }

    /** Those of the tags that the one has and the other has not, with the day since when. */
    private void copyTags(UUID tenant, UUID from, UUID to, List<String> tags) {
        jdbc.sql("""
                        insert into customer.tag (tenant_id, customer_id, tag, since)
                        select :tenant, :to, tag, since from customer.tag
                        where tenant_id = :tenant and customer_id = :from and tag = any(:tags) on conflict do nothing
                        """)
                .param("tenant", tenant)
                .param("from", from)
                .param("to", to)
                .param("tags", tags.toArray(String[]::new))
                .update();
    }

    /** Stores what of a customer has changed. */
    private void put(UUID tenant, Person person, List<String> changed, Instant now) {
        if (changed.contains(Survivorship.NAME)) {
            var client = vault.writing(tenant);
            var index = client.index(CustomerRows.NAME_WHOLE, person.name());
            jdbc.sql("""
                            update customer.customer set name = :name, name_index = :index, name_parts = :parts
                            where tenant_id = :tenant and id = :id
                            """)
                    .param("tenant", tenant)
                    .param("id", person.id())
                    .param(
                            "name",
                            client.seal(CustomerRows.NAME, person.id(), person.name())
                                    .bytes())
                    .param("index", index == null ? 0L : index)
                    .param(
                            "parts",
                            CustomerRows.tags(client, NameParts.of(person.name()))
                                    .toArray(Integer[]::new))
                    .update();
        }
        jdbc.sql("""
                        update customer.customer set reference = :reference, credit_code = :credit, company_id = :company,
                            company_role = :role, name_origin_id = :nameOrigin, changed_at = :now, version = version + 1
                        where tenant_id = :tenant and id = :id
                        """)
                .param("tenant", tenant)
                .param("id", person.id())
                .param("reference", person.reference())
                .param("credit", person.creditCode())
                .param("company", person.company())
                .param("role", person.role())
                .param("nameOrigin", person.nameOrigin())
                .param("now", at(now))
                .update();
    }

    /** The newest merges first. */
    public List<Merge> newest(Access access, int most) {
        access.require(Capability.READ_CUSTOMERS);
        return tenancy.read(
                access.tenant(),
                () -> jdbc.sql("""
                        select id, survivor_id, merged_id, merged_at, undone_at from customer.merge
                        where tenant_id = :tenant order by id desc limit :most
                        """)
                        .param("tenant", access.tenant())
                        .param("most", most)
                        .query(Merges::merge)
                        .list());
    }

    /** The merges a customer has survived and that stand, the newest first. */
    public List<Merge> into(Access access, UUID customer) {
        access.require(Capability.READ_CUSTOMERS);
        return tenancy.read(
                access.tenant(),
                () -> jdbc.sql("""
                        select id, survivor_id, merged_id, merged_at, undone_at from customer.merge
                        where tenant_id = :tenant and survivor_id = :customer and undone_at is null order by id desc
                        """)
                        .param("tenant", access.tenant())
                        .param("customer", customer)
                        .query(Merges::merge)
                        .list());
    }

    private static Merge merge(ResultSet row, int number) throws SQLException {
        var undone = row.getTimestamp("undone_at");
        return new Merge(
                row.getObject("id", UUID.class),
                row.getObject("survivor_id", UUID.class),
                row.getObject("merged_id", UUID.class),
                row.getTimestamp("merged_at").toInstant(),
                undone == null ? null : undone.toInstant());
    }

    /**
     * Makes two of one again, as they were.
     *
     * @throws Refused when it is undone already, when a later merge rests on it, or the survivor is gone
     */
    public Merge undo(Access access, UUID merge) {
        access.require(Capability.EDIT_CUSTOMERS);
        var tenant = access.tenant();
        return tenancy.write(tenant, () -> {
            var standing = standing(tenant, merge);
            var later = laterThan(tenant, standing);
            if (!later.isEmpty()) {
                throw Refused.because("customer.merge.later", later.getFirst().mergedAt());
            }
            return part(access.contract(), access.person(), tenant, standing);
        });
    }

    /**
     * Undoes every merge an import has a part in, the newest first, so that the import can be taken back without taking
     * anything of others along.
     */
    void undoOfImport(UUID tenant, UUID contract, UUID person, UUID batch) {
        tenancy.write(tenant, () -> {
            var concerned = jdbc.sql("""
                            select m.id from customer.merge m
                            left join customer.customer c on c.tenant_id = m.tenant_id and c.id = m.survivor_id
                            where m.tenant_id = :tenant and m.undone_at is null
                            and (m.merged_batch = :batch or c.batch_id = :batch) order by m.id desc
                            """)
                    .param("tenant", tenant)
                    .param("batch", batch)
                    .query((row, _) -> row.getObject(1, UUID.class))
                    .list();
            concerned.forEach(each -> withThoseAfter(tenant, contract, person, each));
        });
    }

    private void withThoseAfter(UUID tenant, UUID contract, UUID person, UUID merge) {
        find(tenant, merge).filter(each -> each.undoneAt() == null).ifPresent(standing -> {
            for (var later : laterThan(tenant, standing)) {
                withThoseAfter(tenant, contract, person, later.id());
            }
            part(contract, person, tenant, standing);
        });
    }

    private Optional<Merge> find(UUID tenant, UUID merge) {
        return jdbc.sql("""
                        select id, survivor_id, merged_id, merged_at, undone_at from customer.merge
                        where tenant_id = :tenant and id = :id for update
                        """)
                .param("tenant", tenant)
                .param("id", merge)
                .query(Merges::merge)
                .optional();
    }

    private Merge standing(UUID tenant, UUID merge) {
        var found = find(tenant, merge).orElseThrow(() -> new Unknown("merge " + merge));
        if (found.undoneAt() != null) {
            throw Refused.because("customer.merge.undone", found.undoneAt());
        }
        return found;
    }

    private List<Merge> laterThan(UUID tenant, Merge merge) {
        return jdbc.sql("""
                        select id, survivor_id, merged_id, merged_at, undone_at from customer.merge
                        where tenant_id = :tenant and undone_at is null and id > :id
                        and (survivor_id = :survivor or merged_id = :survivor) order by id desc
                        """)
                .param("tenant", tenant)
                .param("id", merge.id())
                .param("survivor", merge.survivor())
                .query(Merges::merge)
                .list();
    }

    private Merge part(UUID contract, UUID actor, UUID tenant, Merge merge) {
        var now = clock.instant().truncatedTo(ChronoUnit.MICROS);
        var survivor = held(tenant, merge.survivor()).orElseThrow(() -> Refused.because("customer.merge.gone"));
        var before = jdbc.sql("select before from customer.merge where tenant_id = :tenant and id = :id")
                .param("tenant", tenant)
                .param("id", merge.id())
                .query((row, _) -> Sealed.of(row.getBytes(1)))
                .single();
        var note = json.readValue(
                vault.processing(tenant, Processing.MATCHING)
                        .open(BEFORE, merge.id(), before)
                        .inTheClear(),
                Note.class);
        jdbc.sql("delete from customer.alias where tenant_id = :tenant and id = :id")
                .param("tenant", tenant)
                .param("id", merge.merged())
                .update();
        put(tenant, restored(survivor, note), note.changed(), now);
        insert(tenant, note.merged());
        partContacts(tenant, survivor.id(), note);
        own(tenant, "customer.field_value", "customer_id", note.movedFields(), merge.merged());
        own(
                tenant,
                "customer.field_past",
                "customer_id",
                Objects.requireNonNullElse(note.movedPast(), List.of()),
                merge.merged());
        own(tenant, "customer.consent", "customer_id", note.movedConsents(), merge.merged());
        own(tenant, "customer.customer", "company_id", note.movedMembers(), merge.merged());
        own(tenant, "customer.alias", "survivor_id", note.movedAliases(), merge.merged());
        for (var reference : references) {
            reference.moveBack(tenant, note.moved().getOrDefault(reference.name(), List.of()), merge.merged());
        }
        note.asideFields().forEach(value -> insert(tenant, value));
        copyTags(tenant, merge.survivor(), merge.merged(), note.mergedTags());
        for (var tag : note.tagsAdded()) {
            jdbc.sql("delete from customer.tag where tenant_id = :tenant and customer_id = :id and tag = :tag")
                    .param("tenant", tenant)
                    .param("id", merge.survivor())
                    .param("tag", tag)
                    .update();
        }
        for (var tag : note.mergedTags()) {
            rows.tag(tenant, merge.merged(), tag, now);
        }
        jdbc.sql("""
                        update customer.merge set undone_by = :by, undone_at = :now, before = null
                        where tenant_id = :tenant and id = :id
                        """)
                .param("tenant", tenant)
                .param("id", merge.id())
                .param("by", actor)
                .param("now", at(now))
                .update();
        events.publishEvent(
                new MergeUndone(tenant, contract, merge.survivor(), merge.merged(), merge.id(), now, actor));
        return new Merge(merge.id(), merge.survivor(), merge.merged(), merge.mergedAt(), now);
    }

    /** What the merge had changed as it was; what was changed by hand since stays. */
    private static Person restored(Person now, Note note) {
        var was = note.survivor();
        return new Person(
                now.id(),
                now.kind(),
                note.changed().contains(Survivorship.NAME) ? was.name() : now.name(),
                note.changed().contains("REFERENCE") ? was.reference() : now.reference(),
                note.changed().contains(Survivorship.CREDIT_CODE) ? was.creditCode() : now.creditCode(),
                note.changed().contains(Survivorship.COMPANY) ? was.company() : now.company(),
                note.changed().contains(Survivorship.COMPANY) ? was.role() : now.role(),
                now.batch(),
                now.source(),
                now.origin(),
                note.changed().contains(Survivorship.NAME) ? was.nameOrigin() : now.nameOrigin(),
                now.createdAt(),
                now.changedAt(),
                now.version());
    }

    private void insert(UUID tenant, Person person) {
        var client = vault.writing(tenant);
        var index = client.index(CustomerRows.NAME_WHOLE, person.name());
        jdbc.sql("""
                        insert into customer.customer (tenant_id, id, kind, name, name_index, name_parts, reference,
                            credit_code, company_id, company_role, batch_id, source, origin_id, name_origin_id, created_at,
                            changed_at, version)
                        values (:tenant, :id, :kind, :name, :index, :parts, :reference, :credit, :company, :role, :batch,
                            :source, :origin, :nameOrigin, :created, :changed, :version)
                        """)
                .param("tenant", tenant)
                .param("id", person.id())
                .param("kind", person.kind().name())
                .param(
                        "name",
                        client.seal(CustomerRows.NAME, person.id(), person.name())
                                .bytes())
                .param("index", index == null ? 0L : index)
                .param(
                        "parts",
                        CustomerRows.tags(client, NameParts.of(person.name())).toArray(Integer[]::new))
                .param("reference", person.reference())
                .param("credit", person.creditCode())
                .param("company", person.company())
                .param("role", person.role())
                .param("batch", person.batch())
                .param("source", person.source())
                .param("origin", person.origin())
                .param("nameOrigin", person.nameOrigin())
                .param("created", at(person.createdAt()))
                .param("changed", at(person.changedAt()))
                .param("version", person.version())
                .update();
    }

    /** Gives back what the merge had moved and is still there, and what it had put aside. */
    private void partContacts(UUID tenant, UUID survivor, Note note) {
        var client = vault.writing(tenant);
        var kept = new ArrayList<StoredContact>();
        var back = new ArrayList<StoredContact>();
        for (var contact : rows.stored(tenant, survivor)) {
            (note.movedContacts().contains(contact.id()) ? back : kept).add(contact);
        }
        for (var aside : note.aside()) {
            back.add(StoredContact.of(
                    aside.id(),
                    new NewCustomer.Contact(aside.kind(), aside.value(), aside.label()),
                    aside.origin(),
                    aside.createdAt(),
                    client));
        }
        rows.reach(tenant, survivor, kept, client);
        rows.reach(tenant, note.merged().id(), back, client);
    }

    private void insert(UUID tenant, OwnValue value) {
        var client = vault.writing(tenant);
        jdbc.sql("""
                        insert into customer.field_value (tenant_id, id, customer_id, field_id, plain, sealed, sealed_index,
                            origin_id, since)
                        values (:tenant, :id, :customer, :field, :plain, :sealed, :index, :origin, :since)
                        """)
                .param("tenant", tenant)
                .param("id", value.id())
                .param("customer", value.customer())
                .param("field", value.field())
                .param("plain", value.personal() ? null : value.value())
                .param(
                        "sealed",
                        value.personal()
                                ? client.seal(CustomerRows.FIELD, value.id(), value.value())
                                        .bytes()
                                : null)
                .param("index", value.personal() ? client.index(CustomerRows.FIELD_WHOLE, value.value()) : null)
                .param("origin", value.origin())
                .param(
                        "since",
                        value.since() == null ? LocalDate.ofInstant(clock.instant(), Segments.ZONE) : value.since())
                .update();
    }

    private static OffsetDateTime at(Instant instant) {
        return OffsetDateTime.ofInstant(instant, ZoneOffset.UTC);
    }

    @Configuration(proxyBeanMethods = false)
    static class Tables {

        @Bean
        SealedTable mergeTable() {
            return new SealedTable("customer.merge", "id", List.of(BEFORE));
        }
    }
}
