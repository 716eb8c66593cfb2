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
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
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
    private final MergedPeople people;
    private final MergedValues values;
    private final Vault vault;
    private final Tenancy tenancy;
    private final List<CustomerReferences> references;
    private final ApplicationEventPublisher events;
    private final JsonMapper json;
    private final Clock clock;

    Merges(
            JdbcClient jdbc,
            CustomerRows rows,
            MergedPeople people,
            MergedValues values,
            Vault vault,
            Tenancy tenancy,
            List<CustomerReferences> references,
            ApplicationEventPublisher events,
            JsonMapper json,
            Clock clock) {
        this.jdbc = jdbc;
        this.rows = rows;
        this.people = people;
        this.values = values;
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
            people.oneAtATime(tenant);
            var one = people.hold(tenant, first);
            var other = people.hold(tenant, second);
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

    private Merge join(
            Access access,
            MergeNote.Person survivor,
            MergeNote.Person merged,
            Survivorship survivorship,
            @Nullable UUID pair) {
        var tenant = access.tenant();
        var now = clock.instant().truncatedTo(ChronoUnit.MICROS);
        var origin = values.stamped(tenant, merged);
        var contacts = values.moveContacts(tenant, survivor, merged, origin);
        var asideFields = new ArrayList<MergeNote.OwnValue>();
        var movedFields = new ArrayList<UUID>();
        values.moveFields(tenant, survivor.id(), merged.id(), survivorship, asideFields, movedFields);
        var past = values.moveAll(tenant, "customer.field_past", "customer_id", merged.id(), survivor.id());
        var pastContacts = values.moveAll(tenant, "customer.contact_past", "customer_id", merged.id(), survivor.id());
        var pastTags = values.moveAll(tenant, "customer.tag_past", "customer_id", merged.id(), survivor.id());
        var mergedTags = values.tags(tenant, merged.id());
        var tagsAdded = new ArrayList<>(mergedTags);
        tagsAdded.removeAll(values.tags(tenant, survivor.id()));
        var consents = values.moveAll(tenant, "customer.consent", "customer_id", merged.id(), survivor.id());
        var members = values.moveAll(tenant, "customer.customer", "company_id", merged.id(), survivor.id());
        var aliases = values.moveAll(tenant, "customer.alias", "survivor_id", merged.id(), survivor.id());
        var followed = new LinkedHashMap<String, List<UUID>>();
        for (var reference : references) {
            followed.put(reference.name(), reference.move(tenant, merged.id(), survivor.id()));
        }

        var changed = new ArrayList<String>();
        var result = survivorship.kept(survivor, merged, origin, changed);
        values.copyTags(tenant, merged.id(), survivor.id(), tagsAdded);
        rows.remove(tenant, List.of(merged.id()));
        people.put(tenant, result, changed, now);
        boolean adopted = changed.contains(Survivorship.REFERENCE);
        people.alias(tenant, merged.id(), survivor.id(), adopted ? null : merged.reference());

        var id = Ids.at(now.toEpochMilli());
        var note = new MergeNote(
                merged,
                survivor,
                changed,
                contacts.aside(),
                contacts.moved(),
                asideFields,
                movedFields,
                past,
                pastContacts,
                pastTags,
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
            people.oneAtATime(tenant);
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
            people.oneAtATime(tenant);
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
        var survivor = people.held(tenant, merge.survivor()).orElseThrow(() -> Refused.because("customer.merge.gone"));
        var before = jdbc.sql("select before from customer.merge where tenant_id = :tenant and id = :id")
                .param("tenant", tenant)
                .param("id", merge.id())
                .query((row, _) -> Sealed.of(row.getBytes(1)))
                .single();
        var note = json.readValue(
                vault.processing(tenant, Processing.MATCHING)
                        .open(BEFORE, merge.id(), before)
                        .inTheClear(),
                MergeNote.class);
        people.dropAlias(tenant, merge.merged());
        people.put(tenant, note.restored(survivor), note.changed(), now);
        people.insert(tenant, note.merged());
        values.partContacts(tenant, survivor.id(), note);
        values.own(tenant, "customer.field_value", "customer_id", note.movedFields(), merge.merged());
        past(tenant, "customer.field_past", note.movedPast(), merge.merged());
        past(tenant, "customer.contact_past", note.pastContacts(), merge.merged());
        past(tenant, "customer.tag_past", note.pastTags(), merge.merged());
        values.own(tenant, "customer.consent", "customer_id", note.movedConsents(), merge.merged());
        values.own(tenant, "customer.customer", "company_id", note.movedMembers(), merge.merged());
        values.own(tenant, "customer.alias", "survivor_id", note.movedAliases(), merge.merged());
        for (var reference : references) {
            reference.moveBack(tenant, note.moved().getOrDefault(reference.name(), List.of()), merge.merged());
        }
        note.asideFields().forEach(value -> values.insert(tenant, value));
        values.copyTags(tenant, merge.survivor(), merge.merged(), note.mergedTags());
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

    /** Of what was not kept yet when the merge was made, there is nothing to give back. */
    private void past(UUID tenant, String table, @Nullable List<UUID> moved, UUID to) {
        values.own(tenant, table, "customer_id", moved == null ? List.of() : moved, to);
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
