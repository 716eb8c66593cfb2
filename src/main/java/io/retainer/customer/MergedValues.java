package io.retainer.customer;

import io.retainer.customer.MergeNote.Contact;
import io.retainer.customer.MergeNote.OwnValue;
import io.retainer.customer.MergeNote.Person;
import io.retainer.vault.Processing;
import io.retainer.vault.Sealed;
import io.retainer.vault.Vault;
import java.time.Clock;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import java.util.stream.Stream;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/** What hangs on a customer, on its way to the one it is merged into and back. */
@Repository
class MergedValues {

    private final JdbcClient jdbc;
    private final CustomerRows rows;
    private final Origins origins;
    private final Vault vault;
    private final Clock clock;

    MergedValues(JdbcClient jdbc, CustomerRows rows, Origins origins, Vault vault, Clock clock) {
        this.jdbc = jdbc;
        this.rows = rows;
        this.origins = origins;
        this.vault = vault;
        this.clock = clock;
    }

    /** So that what changes hands still says where it came from; the origin of what has none of its own. */
    UUID stamped(UUID tenant, Person merged) {
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

    /**
     * @param moved those the survivor did not have
     * @param aside those it had already
     */
    record Contacts(List<UUID> moved, List<Contact> aside) {}

    /**
     * Contacts follow, each with the day it came and where it came from.
     *
     * @param origin of those that have none of their own
     */
    Contacts moveContacts(UUID tenant, Person survivor, Person merged, UUID origin) {
        var opener = vault.processing(tenant, Processing.MATCHING);
        var mine = rows.stored(tenant, survivor.id());
        var moved = new ArrayList<StoredContact>();
        var aside = new ArrayList<Contact>();
        for (var contact : rows.stored(tenant, merged.id())) {
            var theirs = contact.from(origin, merged.createdAt());
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
        return new Contacts(moved.stream().map(StoredContact::id).toList(), aside);
    }

    /** Gives back what the merge had moved and is still there, and what it had put aside. */
    void partContacts(UUID tenant, UUID survivor, MergeNote note) {
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

    /**
     * Own fields follow, those the survivor has too only when its value gives way.
     *
     * @param aside receives the values that gave way
     * @param moved receives those that changed hands
     */
    void moveFields(
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

    void insert(UUID tenant, OwnValue value) {
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

    /** @return the rows that changed hands */
    List<UUID> moveAll(UUID tenant, String table, String column, UUID from, UUID to) {
        return jdbc.sql("update " + table + " set " + column + " = :to where tenant_id = :tenant and " + column
                        + " = :from returning id")
                .param("tenant", tenant)
                .param("from", from)
                .param("to", to)
                .query((row, _) -> row.getObject(1, UUID.class))
                .list();
    }

    /** Gives some rows to another customer. */
    void own(UUID tenant, String table, String column, List<UUID> rows, UUID owner) {
        if (!rows.isEmpty()) {
            jdbc.sql("update " + table + " set " + column + " = :owner where tenant_id = :tenant and id = any(:rows)")
                    .param("tenant", tenant)
                    .param("owner", owner)
                    .param("rows", rows.toArray(UUID[]::new))
                    .update();
        }
    }

    List<String> tags(UUID tenant, UUID customer) {
        return jdbc.sql("select tag from customer.tag where tenant_id = :tenant and customer_id = :id order by tag")
                .param("tenant", tenant)
                .param("id", customer)
                .query((row, _) -> row.getString(1))
                .list();
    }

    /** Those of the tags that the one has and the other has not, with the day since when. */
    void copyTags(UUID tenant, UUID from, UUID to, List<String> tags) {
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
}
