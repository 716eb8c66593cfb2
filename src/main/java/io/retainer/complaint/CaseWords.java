package io.retainer.complaint;

import io.retainer.kernel.Tenancy;
import io.retainer.messaging.Addresses;
import io.retainer.messaging.Channel;
import io.retainer.messaging.Purpose;
import io.retainer.messaging.Quotes;
import io.retainer.messaging.Recipient;
import io.retainer.vault.Opener;
import io.retainer.vault.Processing;
import io.retainer.vault.Sealed;
import io.retainer.vault.SealedColumn;
import io.retainer.vault.SealedTable;
import io.retainer.vault.Vault;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.annotation.Order;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/**
 * The one place of the module where sealed words are opened: for those with standing who work on a case, for a mail on its
 * way to the complainant, and to learn from. How a person is reached is never opened for a page here; that is a reveal.
 */
@Component
@Order(1) // before what is known of the customer: what was left with the complaint counts
class CaseWords implements Quotes, Addresses {

    private final Vault vault;
    private final Tenancy tenancy;
    private final JdbcClient jdbc;

    CaseWords(Vault vault, Tenancy tenancy, JdbcClient jdbc) {
        this.vault = vault;
        this.tenancy = tenancy;
        this.jdbc = jdbc;
    }

    /** Opens the words of one client's cases, within the running transaction. */
    record Reader(Opener opener) {

        String subject(UUID complaint, Sealed subject) {
            return opener.open(ComplaintRows.SUBJECT, complaint, subject).inTheClear();
        }

        String text(UUID entry, Sealed text) {
            return opener.open(CaseRows.TEXT, entry, text).inTheClear();
        }

        String words(SealedColumn column, UUID row, Sealed sealed) {
            return opener.open(column, row, sealed).inTheClear();
        }

        @Nullable
        String wordsOrNull(SealedColumn column, UUID row, @Nullable Sealed sealed) {
            return sealed == null ? null : words(column, row, sealed);
        }

        byte[] content(UUID attachment, Sealed content) {
            return opener.openBytes(CaseRows.CONTENT, attachment, content);
        }
    }

    /** The name of who complained, as anybody may see it. */
    @Nullable
    String masked(UUID tenant, UUID complaint, Sealed name) {
        return vault.reading(tenant).masked(ComplaintRows.NAME, complaint, name);
    }

    Reader reader(UUID tenant) {
        return new Reader(vault.processing(tenant, Processing.CASE_WORK));
    }

    /** Where a third party is written to, while the question is on its way. */
    Optional<String> thirdParty(UUID tenant, CaseRows.Question question) {
        var email = question.email();
        return email == null
                ? Optional.empty()
                : Optional.of(vault.processing(tenant, Processing.DELIVERY)
                        .open(CaseRows.ASKED, question.id(), email)
                        .inTheClear());
    }

    @Override
    public Optional<String> words(UUID tenant, UUID entry) {
        return tenancy.read(
                tenant,
                () -> jdbc.sql("""
                                select text from complaint.entry
                                where tenant_id = :tenant and id = :id and text is not null and not internal
                                """)
                        .param("tenant", tenant)
                        .param("id", entry)
                        .query((row, _) -> vault.processing(tenant, Processing.DELIVERY)
                                .open(CaseRows.TEXT, entry, Sealed.of(row.getBytes(1)))
                                .inTheClear())
                        .optional());
    }

    @Override
    public Recipient.Kind kind() {
        return Recipient.Kind.CUSTOMER;
    }

    /**
     * By the complaint itself while nobody knows whose it is, otherwise by the customer's newest complaint. What was left to
     * complain by is used for nothing else.
     */
    @Override
    public Optional<String> of(UUID tenant, UUID recipient, Channel channel, Purpose purpose) {
        if (purpose != Purpose.COMPLAINT && purpose != Purpose.RETURN_VISIT) {
            return Optional.empty();
        }
        var column = switch (channel) {
            case EMAIL -> ComplaintRows.EMAIL;
            case SMS -> ComplaintRows.PHONE;
            case WECOM, IN_APP, PHONE -> null;
        };
        if (column == null) {
            return Optional.empty();
        }
        return tenancy.read(
                tenant,
                () -> jdbc.sql("select id, %1$s from complaint.complaint where tenant_id = :tenant and %1$s is not null"
                                        .formatted(column.column())
                                + " and (id = :recipient or customer_id = :recipient) order by id desc limit 1")
                        .param("tenant", tenant)
                        .param("recipient", recipient)
                        .query((row, _) -> vault.processing(tenant, Processing.DELIVERY)
                                .open(column, row.getObject(1, UUID.class), Sealed.of(row.getBytes(2)))
                                .inTheClear())
                        .optional());
    }

    @Configuration(proxyBeanMethods = false)
    static class Tables {

        @Bean
        SealedTable complaintTable() {
            return new SealedTable(
                    "complaint.complaint",
                    "id",
                    List.of(ComplaintRows.NAME, ComplaintRows.PHONE, ComplaintRows.EMAIL, ComplaintRows.SUBJECT));
        }

        @Bean
        SealedTable complaintEntryTable() {
            return new SealedTable("complaint.entry", "id", List.of(CaseRows.TEXT));
        }

        @Bean
        SealedTable complaintAttachmentTable() {
            return new SealedTable("complaint.attachment", "id", List.of(CaseRows.FILE_NAME, CaseRows.CONTENT));
        }
    }
}
