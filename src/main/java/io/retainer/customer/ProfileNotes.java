package io.retainer.customer;

import io.retainer.identity.Access;
import io.retainer.identity.Capability;
import io.retainer.identity.People;
import io.retainer.kernel.Ids;
import io.retainer.kernel.Refused;
import io.retainer.kernel.Tenancy;
import io.retainer.kernel.Unknown;
import io.retainer.vault.PersonalKind;
import io.retainer.vault.Sealed;
import io.retainer.vault.SealedColumn;
import io.retainer.vault.SealedTable;
import io.retainer.vault.Vault;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Service;

/**
 * What is to be remembered about a customer. A note is sealed like any other personal data and revealed on the record, unless
 * its writer says that it tells nothing about a person. What was said at a contact belongs to the relationship.
 */
@Service
public class ProfileNotes implements CustomerReferences {

    static final SealedColumn WORDS = new SealedColumn("customer.note", "words", PersonalKind.TEXT);

    static final int LONGEST = 2_000;
    private static final int MOST = 200;

    private final JdbcClient jdbc;
    private final CustomerRows customers;
    private final Vault vault;
    private final Tenancy tenancy;
    private final People people;
    private final Clock clock;

    ProfileNotes(JdbcClient jdbc, CustomerRows customers, Vault vault, Tenancy tenancy, People people, Clock clock) {
        this.jdbc = jdbc;
        this.customers = customers;
        this.vault = vault;
        this.tenancy = tenancy;
        this.people = people;
        this.clock = clock;
    }

    /** @param words masked when the note is personal */
    public record ProfileNote(
            UUID id, String words, boolean personal, UUID writtenBy, String writer, Instant writtenAt) {}

    private record Kept(
            UUID id, @Nullable String plain, @Nullable Sealed sealed, UUID by, Instant at) {}

    /**
     * @param personal whether it says anything about a person
     * @throws Refused when it is empty or too long, or the customer has too many
     */
    public UUID add(Access access, UUID customer, String given, boolean personal) {
        access.require(Capability.EDIT_CUSTOMERS);
        var words = given.strip();
        if (words.isEmpty() || words.length() > LONGEST) {
            throw Refused.field("words", "customer.note.bad", LONGEST);
        }
        if (!personal && InTheClear.isPersonal(words)) {
            throw Refused.field("words", "customer.note.inTheClear");
        }
        var tenant = access.tenant();
        var id = Ids.next();
        return tenancy.write(tenant, () -> {
            var row = customers.find(tenant, customer).orElseThrow(() -> new Unknown("customer " + customer));
            if (!customers.changed(tenant, row.id(), clock.instant())) {
                throw new Unknown("customer " + customer);
            }
            if (kept(tenant, row.id()).size() >= MOST) {
                throw Refused.field("words", "customer.note.many", MOST);
            }
            jdbc.sql("""
                insert into customer.note (tenant_id, id, customer_id, plain, words, written_by, written_at)
                values (:tenant, :id, :customer, :plain, :words, :by, :at)
                """)
                    .param("tenant", tenant)
                    .param("id", id)
                    .param("customer", row.id())
                    .param("plain", personal ? null : words)
                    .param(
                            "words",
                            personal
                                    ? vault.writing(tenant)
                                            .seal(WORDS, id, words)
                                            .bytes()
                                    : null,
                            java.sql.Types.BINARY)
                    .param("by", access.person())
                    .param("at", clock.instant().atOffset(ZoneOffset.UTC))
                    .update();
            return id;
        });
    }

    /** The newest first. */
    public List<ProfileNote> of(Access access, UUID customer) {
        access.require(Capability.READ_CUSTOMERS);
        var tenant = access.tenant();
        return tenancy.read(tenant, () -> {
            var found = kept(tenant, customers.present(tenant, customer));
            var client = vault.reading(tenant);
            var names = people.names(found.stream().map(Kept::by).distinct().toList());
            return found.stream()
                    .map(note -> new ProfileNote(
                            note.id(),
                            note.plain() != null
                                    ? note.plain()
                                    : Objects.requireNonNullElse(client.masked(WORDS, note.id(), note.sealed()), ""),
                            note.plain() == null,
                            note.by(),
                            names.getOrDefault(note.by(), "—"),
                            note.at()))
                    .toList();
        });
    }

    /** @throws Unknown when the customer has no such note */
    public void remove(Access access, UUID customer, UUID note) {
        access.require(Capability.EDIT_CUSTOMERS);
        if (tenancy.write(
                        access.tenant(),
                        () -> jdbc.sql("delete from customer.note where tenant_id = :tenant and customer_id = :customer"
                                        + " and id = :id")
                                .param("tenant", access.tenant())
                                .param("customer", customers.present(access.tenant(), customer))
                                .param("id", note)
                                .update())
                == 0) {
            throw new Unknown("note " + note);
        }
    }

    /** A personal note of the customer, for a reveal. */
    Optional<Sealed> sealed(UUID tenant, UUID customer, UUID note) {
        return kept(tenant, customer).stream()
                .filter(each -> each.id().equals(note))
                .map(Kept::sealed)
                .flatMap(java.util.stream.Stream::ofNullable)
                .findFirst();
    }

    private List<Kept> kept(UUID tenant, UUID customer) {
        return jdbc.sql("""
            select id, plain, words, written_by, written_at from customer.note
            where tenant_id = :tenant and customer_id = :customer order by id desc
            """)
                .param("tenant", tenant)
                .param("customer", customer)
                .query((row, _) -> new Kept(
                        row.getObject("id", UUID.class),
                        row.getString("plain"),
                        Sealed.orNull(row.getBytes("words")),
                        row.getObject("written_by", UUID.class),
                        row.getTimestamp("written_at").toInstant()))
                .list();
    }

    @Override
    public String name() {
        return "note";
    }

    @Override
    public List<UUID> move(UUID tenant, UUID from, UUID to) {
        return jdbc.sql("""
            update customer.note set customer_id = :to where tenant_id = :tenant and customer_id = :from returning id
            """)
                .param("tenant", tenant)
                .param("from", from)
                .param("to", to)
                .query((row, _) -> row.getObject(1, UUID.class))
                .list();
    }

    @Override
    public void moveBack(UUID tenant, List<UUID> rows, UUID to) {
        jdbc.sql("update customer.note set customer_id = :to where tenant_id = :tenant and id = any(:rows)")
                .param("tenant", tenant)
                .param("to", to)
                .param("rows", rows.toArray(UUID[]::new))
                .update();
    }

    @Configuration(proxyBeanMethods = false)
    static class Tables {

        @Bean
        SealedTable profileNoteTable() {
            return new SealedTable("customer.note", "id", List.of(WORDS));
        }
    }
}
