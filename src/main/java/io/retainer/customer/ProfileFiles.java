package io.retainer.customer;

import io.retainer.identity.Access;
import io.retainer.identity.Capability;
import io.retainer.kernel.FileType;
import io.retainer.kernel.Ids;
import io.retainer.kernel.Refused;
import io.retainer.kernel.Tenancy;
import io.retainer.kernel.Unknown;
import io.retainer.vault.PersonalKind;
import io.retainer.vault.Purpose;
import io.retainer.vault.Reveals;
import io.retainer.vault.Sealed;
import io.retainer.vault.SealedColumn;
import io.retainer.vault.SealedTable;
import io.retainer.vault.Vault;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.UUID;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Service;

/** Files about a customer, sealed; each is opened for a purpose, with a reason, on the record. */
@Service
public class ProfileFiles implements CustomerReferences {

    static final SealedColumn NAME = new SealedColumn("customer.file", "name", PersonalKind.TEXT);
    static final SealedColumn CONTENT = new SealedColumn("customer.file", "content", PersonalKind.TEXT);

    static final int LARGEST = 10 * 1024 * 1024;
    private static final int LONGEST_TITLE = 60;
    private static final int MOST = 50;

    private final JdbcClient jdbc;
    private final CustomerRows customers;
    private final Vault vault;
    private final Reveals reveals;
    private final Tenancy tenancy;
    private final Clock clock;

    ProfileFiles(JdbcClient jdbc, CustomerRows customers, Vault vault, Reveals reveals, Tenancy tenancy, Clock clock) {
        this.jdbc = jdbc;
        this.customers = customers;
        this.vault = vault;
        this.reveals = reveals;
        this.tenancy = tenancy;
        this.clock = clock;
    }

    /** @param size in bytes */
    public record KeptFile(UUID id, String title, String type, int size, Instant addedAt) {

        /** As people say it, rounded up. */
        public int kilobytes() {
            return (size + 1023) / 1024;
        }
    }

    /** A file in the clear, on its way to the one person it was opened for. */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    public record Opened(String name, String type, byte[] content) {

        @Override
        public String toString() {
            return "Opened[" + type + "]";
        }
    }

    private record Kept(String type, Sealed name, Sealed content) {}

    /**
     * @param title says what it is, and nothing about a person
     * @throws Refused when it is empty, too large, of a type that could run or hides other files, or there are too many
     */
    public UUID add(Access access, UUID customer, String title, String name, byte[] content) {
        access.require(Capability.EDIT_CUSTOMERS);
        var said = title.strip();
        if (said.isEmpty() || said.length() > LONGEST_TITLE) {
            throw Refused.field("title", "customer.file.title", LONGEST_TITLE);
        }
        InTheClear.require("title", said);
        if (content.length == 0 || content.length > LARGEST) {
            throw Refused.field("file", "customer.file.size", LARGEST / 1024 / 1024);
        }
        var type = FileType.of(content).orElseThrow(() -> Refused.field("file", "customer.file.type"));
        var tenant = access.tenant();
        var id = Ids.next();
        return tenancy.write(tenant, () -> {
            var row = customers.find(tenant, customer).orElseThrow(() -> new Unknown("customer " + customer));
            if (!customers.changed(tenant, row.id(), clock.instant())) {
                throw new Unknown("customer " + customer);
            }
            if (entries(tenant, row.id()).size() >= MOST) {
                throw Refused.field("file", "customer.file.many", MOST);
            }
            var client = vault.writing(tenant);
            jdbc.sql("""
                insert into customer.file (tenant_id, id, customer_id, title, name, type, size, content, added_by,
                    added_at)
                values (:tenant, :id, :customer, :title, :name, :type, :size, :content, :by, :at)
                """)
                    .param("tenant", tenant)
                    .param("id", id)
                    .param("customer", row.id())
                    .param("title", said)
                    .param("name", client.seal(NAME, id, FileType.name(name)).bytes())
                    .param("type", type)
                    .param("size", content.length)
                    .param("content", client.seal(CONTENT, id, content).bytes())
                    .param("by", access.person())
                    .param("at", clock.instant().atOffset(ZoneOffset.UTC))
                    .update();
            return id;
        });
    }

    /** The newest first. */
    public List<KeptFile> of(Access access, UUID customer) {
        access.require(Capability.READ_CUSTOMERS);
        return tenancy.read(
                access.tenant(), () -> entries(access.tenant(), customers.present(access.tenant(), customer)));
    }

    private List<KeptFile> entries(UUID tenant, UUID customer) {
        return jdbc.sql("""
            select id, title, type, size, added_at from customer.file
            where tenant_id = :tenant and customer_id = :customer order by id desc
            """)
                .param("tenant", tenant)
                .param("customer", customer)
                .query((row, _) -> new KeptFile(
                        row.getObject("id", UUID.class),
                        row.getString("title"),
                        row.getString("type"),
                        row.getInt("size"),
                        row.getTimestamp("added_at").toInstant()))
                .list();
    }

    /**
     * Opens it, on the record.
     *
     * @throws Unknown when the customer has no such file
     */
    public Opened open(Access access, UUID customer, UUID file, Purpose purpose, String reason) {
        access.require(Capability.READ_CUSTOMERS);
        var tenant = access.tenant();
        return tenancy.write(tenant, () -> {
            var row = customers.find(tenant, customer).orElseThrow(() -> new Unknown("customer " + customer));
            var kept = jdbc.sql("""
                select type, name, content from customer.file
                where tenant_id = :tenant and customer_id = :customer and id = :id
                """)
                    .param("tenant", tenant)
                    .param("customer", row.id())
                    .param("id", file)
                    .query((found, _) -> new Kept(
                            found.getString("type"),
                            Sealed.of(found.getBytes("name")),
                            Sealed.of(found.getBytes("content"))))
                    .optional()
                    .orElseThrow(() -> new Unknown("file " + file));
            var opened = reveals.revealFile(
                    access,
                    new Reveals.Request(row.id(), CONTENT, file, purpose, reason),
                    NAME,
                    kept.name(),
                    kept.content());
            return new Opened(opened.name(), kept.type(), opened.content());
        });
    }

    /** @throws Unknown when the customer has no such file */
    public void remove(Access access, UUID customer, UUID file) {
        access.require(Capability.EDIT_CUSTOMERS);
        if (tenancy.write(
                        access.tenant(),
                        () -> jdbc.sql("delete from customer.file where tenant_id = :tenant and customer_id = :customer"
                                        + " and id = :id")
                                .param("tenant", access.tenant())
                                .param("customer", customers.present(access.tenant(), customer))
                                .param("id", file)
                                .update())
                == 0) {
            throw new Unknown("file " + file);
        }
    }

    @Override
    public String name() {
        return "file";
    }

    @Override
    public List<UUID> move(UUID tenant, UUID from, UUID to) {
        return jdbc.sql("""
            update customer.file set customer_id = :to where tenant_id = :tenant and customer_id = :from returning id
            """)
                .param("tenant", tenant)
                .param("from", from)
                .param("to", to)
                .query((row, _) -> row.getObject(1, UUID.class))
                .list();
    }

    @Override
    public void moveBack(UUID tenant, List<UUID> rows, UUID to) {
        jdbc.sql("update customer.file set customer_id = :to where tenant_id = :tenant and id = any(:rows)")
                .param("tenant", tenant)
                .param("to", to)
                .param("rows", rows.toArray(UUID[]::new))
                .update();
    }

    @Configuration(proxyBeanMethods = false)
    static class Tables {

        @Bean
        SealedTable profileFileTable() {
            return new SealedTable("customer.file", "id", List.of(NAME, CONTENT));
        }
    }
}
