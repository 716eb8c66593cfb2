package io.retainer.contract;

import io.retainer.contract.SigningContact.LinkOutcome;
import io.retainer.kernel.Party;
import io.retainer.kernel.Tenancy;
import io.retainer.messaging.Addresses;
import io.retainer.messaging.Channel;
import io.retainer.messaging.Purpose;
import io.retainer.messaging.Recipient;
import io.retainer.vault.PersonalKind;
import io.retainer.vault.Processing;
import io.retainer.vault.Sealed;
import io.retainer.vault.SealedColumn;
import io.retainer.vault.SealedTable;
import io.retainer.vault.Vault;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/** People named by a party to sign without an account; their names and addresses are sealed. */
@Repository
class SigningContacts implements Addresses {

    private static final String TABLE = "contract.signing_contact";
    private static final SealedColumn NAME = new SealedColumn(TABLE, "name", PersonalKind.NAME);
    private static final SealedColumn EMAIL = new SealedColumn(TABLE, "email", PersonalKind.EMAIL);

    private final JdbcClient jdbc;
    private final Vault vault;
    private final Tenancy tenancy;

    SigningContacts(JdbcClient jdbc, Vault vault, Tenancy tenancy) {
        this.jdbc = jdbc;
        this.vault = vault;
        this.tenancy = tenancy;
    }

    @Configuration(proxyBeanMethods = false)
    static class SealedContacts {

        @Bean
        SealedTable sealedSigningContacts() {
            return new SealedTable(TABLE, "id", List.of(NAME, EMAIL));
        }
    }

    // Where to reach them

    @Override
    public Recipient.Kind kind() {
        return Recipient.Kind.PARTY_CONTACT;
    }

    @Override
    public Optional<String> of(UUID tenant, UUID recipient, Channel channel, Purpose purpose) {
        if (channel != Channel.EMAIL) {
            return Optional.empty();
        }
        return tenancy.read(
                tenant,
                () -> jdbc.sql("""
                        select email from contract.signing_contact where tenant_id = :tenant and id = :id
                        """)
                        .param("tenant", tenant)
                        .param("id", recipient)
                        .query((row, _) -> Sealed.of(row.getBytes("email")))
                        .optional()
                        .map(email -> vault.processing(tenant, Processing.DELIVERY)
                                .open(EMAIL, recipient, email)
                                .inTheClear()));
    }

    // Rows, within a transaction of the tenant

    /** @param contact whose name and address are in the clear, to be sealed */
    void add(SigningContact contact, UUID invitedBy) {
        var sealer = vault.writing(contact.tenant());
        jdbc.sql("""
                        insert into contract.signing_contact (tenant_id, contract_id, number, id, party, name, email, language,
                            link_id, invited_by, invited_as, invited_at, amendment_id)
                        values (:tenant, :contract, :number, :id, :party, :name, :email, :language,
                            :link, :by, :as, :at, :amendment)
                        """)
                .param("tenant", contact.tenant())
                .param("contract", contact.contract())
                .param("number", contact.number())
                .param("id", contact.id())
                .param("party", contact.party().name())
                .param("name", sealer.seal(NAME, contact.id(), contact.name()).bytes())
                .param(
                        "email",
                        sealer.seal(EMAIL, contact.id(), contact.email()).bytes())
                .param("language", contact.language())
                .param("link", contact.link())
                .param("by", invitedBy)
                .param("as", contact.invitedAs().name())
                .param("at", contact.invitedAt().atOffset(ZoneOffset.UTC))
                .param("amendment", contact.amendment())
                .update();
    }

    Optional<SigningContact> find(UUID tenant, UUID id) {
        return jdbc.sql("select * from contract.signing_contact where tenant_id = :tenant and id = :id")
                .param("tenant", tenant)
                .param("id", id)
                .query(this::contact)
                .optional();
    }

    /** Who signs an amendment by a link; the newest first. */
    List<SigningContact> ofAmendment(UUID tenant, UUID amendment) {
        return jdbc.sql("""
                        select * from contract.signing_contact where tenant_id = :tenant and amendment_id = :amendment
                        order by id desc limit 50
                        """)
                .param("tenant", tenant)
                .param("amendment", amendment)
                .query(this::contact)
                .list();
    }

    /** Who signs the contract by a link; the newest first. */
    List<SigningContact> all(UUID tenant, UUID contract) {
        return jdbc.sql("""
                        select * from contract.signing_contact
                        where tenant_id = :tenant and contract_id = :contract and amendment_id is null
                        order by id desc limit 50
                        """)
                .param("tenant", tenant)
                .param("contract", contract)
                .query(this::contact)
                .list();
    }

    void opened(SigningContact contact, Instant at) {
        jdbc.sql("""
                        update contract.signing_contact set opened_at = :at
                        where tenant_id = :tenant and id = :id and opened_at is null
                        """)
                .param("at", at.atOffset(ZoneOffset.UTC))
                .param("tenant", contact.tenant())
                .param("id", contact.id())
                .update();
    }

    void code(SigningContact contact, UUID code) {
        jdbc.sql("update contract.signing_contact set code_id = :code where tenant_id = :tenant and id = :id")
                .param("code", code)
                .param("tenant", contact.tenant())
                .param("id", contact.id())
                .update();
    }

    /** Of two at once, one succeeds. */
    boolean end(SigningContact contact, LinkOutcome outcome, Instant at) {
        return jdbc.sql("""
                        update contract.signing_contact set ended_at = :at, outcome = :outcome
                        where tenant_id = :tenant and id = :id and ended_at is null
                        """)
                        .param("at", at.atOffset(ZoneOffset.UTC))
                        .param("outcome", outcome.name())
                        .param("tenant", contact.tenant())
                        .param("id", contact.id())
                        .update()
                == 1;
    }

    void reason(SigningContact contact, String reason) {
        jdbc.sql("update contract.signing_contact set reason = :reason where tenant_id = :tenant and id = :id")
                .param("reason", reason)
                .param("tenant", contact.tenant())
                .param("id", contact.id())
                .update();
    }

    /** Why they would not sign, of those who said so, by contact. */
    Map<UUID, String> reasons(UUID tenant, UUID contract) {
        return jdbc
                .sql("""
                        select id, reason from contract.signing_contact
                        where tenant_id = :tenant and contract_id = :contract and reason is not null
                        """)
                .param("tenant", tenant)
                .param("contract", contract)
                .query((row, _) -> Map.entry(row.getObject("id", UUID.class), row.getString("reason")))
                .list()
                .stream()
                .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));
    }

    private SigningContact contact(ResultSet row, int number) throws SQLException {
        var tenant = row.getObject("tenant_id", UUID.class);
        var id = row.getObject("id", UUID.class);
        var reader = vault.reading(tenant);
        var outcome = row.getString("outcome");
        return new SigningContact(
                tenant,
                row.getObject("contract_id", UUID.class),
                row.getInt("number"),
                id,
                Party.valueOf(row.getString("party")),
                Objects.requireNonNull(reader.masked(NAME, id, Sealed.of(row.getBytes("name")))),
                Objects.requireNonNull(reader.masked(EMAIL, id, Sealed.of(row.getBytes("email")))),
                row.getString("language"),
                row.getObject("link_id", UUID.class),
                row.getObject("code_id", UUID.class),
                Party.valueOf(row.getString("invited_as")),
                row.getObject("invited_at", OffsetDateTime.class).toInstant(),
                instant(row, "opened_at"),
                instant(row, "ended_at"),
                outcome == null ? null : LinkOutcome.valueOf(outcome),
                row.getObject("amendment_id", UUID.class));
    }

    private static @Nullable Instant instant(ResultSet row, String column) throws SQLException {
        var at = row.getObject(column, OffsetDateTime.class);
        return at == null ? null : at.toInstant();
    }
}
