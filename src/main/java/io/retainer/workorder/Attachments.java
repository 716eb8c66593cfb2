package io.retainer.workorder;

import io.retainer.kernel.Ids;
import io.retainer.kernel.Refused;
import io.retainer.kernel.Unknown;
import io.retainer.vault.PersonalKind;
import io.retainer.vault.Processing;
import io.retainer.vault.Sealed;
import io.retainer.vault.SealedColumn;
import io.retainer.vault.SealedTable;
import io.retainer.vault.Vault;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.UUID;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/** Files of work orders: checked by size and content, sealed, and handed out as downloads only. */
@Repository
class Attachments {

    static final SealedColumn CONTENT = new SealedColumn("workorder.attachment", "content", PersonalKind.TEXT);

    private static final int MOST_FILES = 5;
    private static final int MOST_BYTES = 10 << 20;
    private static final int LONGEST_NAME = 150;

    private final JdbcClient jdbc;
    private final Vault vault;

    Attachments(JdbcClient jdbc, Vault vault) {
        this.jdbc = jdbc;
        this.vault = vault;
    }

    /** A file that was looked at. */
    record Checked(String name, FileKind kind, FileContent content, String sha256) {}

    record Attachment(UUID id, int position, String name, FileKind kind, int bytes, String sha256, Instant addedAt) {}

    record Download(String name, FileKind kind, FileContent content) {}

    /** @throws Refused naming the file and what is wrong with it */
    static List<Checked> checked(List<NewFile> files) {
        if (files.size() > MOST_FILES) {
            throw Refused.field("files", "workorder.refused.files", MOST_FILES, files.size());
        }
        var fine = new ArrayList<Checked>();
        for (var file : files) {
            var name = name(file.name());
            if (file.content().size() == 0) {
                throw Refused.field("files", "workorder.refused.fileEmpty", name);
            }
            if (file.content().size() > MOST_BYTES) {
                throw Refused.field("files", "workorder.refused.fileLarge", name, MOST_BYTES >> 20);
            }
            fine.add(new Checked(
                    name,
                    FileKind.of(name, file.content().bytes()),
                    file.content(),
                    sha256(file.content().bytes())));
        }
        return fine;
    }

    /** Without a path, control characters or what a file system would stumble over. */
    private static String name(String sent) {
        var name = sent.replaceAll(".*[/\\\\]", "")
                .replaceAll("[\\p{Cntrl}\\p{Cf}<>:\"|?*]", "")
                .strip();
        if (name.isEmpty() || name.length() > LONGEST_NAME) {
            throw Refused.field("files", "workorder.refused.fileNameLong", LONGEST_NAME);
        }
        return name;
    }

    void add(UUID tenant, UUID order, int position, List<Checked> files, Instant now) {
        if (files.isEmpty()) {
            return;
        }
        var client = vault.writing(tenant);
        for (var file : files) {
            var id = Ids.at(now.toEpochMilli());
            jdbc.sql("""
                insert into workorder.attachment (tenant_id, id, order_id, position, name, kind, bytes, sha256,
                    content, added_at)
                values (:tenant, :id, :order, :position, :name, :kind, :bytes, :sha256, :content, :now)
                """)
                    .param("tenant", tenant)
                    .param("id", id)
                    .param("order", order)
                    .param("position", position)
                    .param("name", file.name())
                    .param("kind", file.kind().name())
                    .param("bytes", file.content().size())
                    .param("sha256", file.sha256())
                    .param(
                            "content",
                            client.seal(CONTENT, id, file.content().bytes()).bytes())
                    .param("now", now.atOffset(ZoneOffset.UTC))
                    .update();
        }
    }

    List<Attachment> of(UUID tenant, UUID order) {
        return jdbc.sql("""
            select id, position, name, kind, bytes, sha256, added_at from workorder.attachment
            where tenant_id = :tenant and order_id = :order order by id
            """)
                .param("tenant", tenant)
                .param("order", order)
                .query((row, _) -> new Attachment(
                        row.getObject("id", UUID.class),
                        row.getInt("position"),
                        row.getString("name"),
                        FileKind.valueOf(row.getString("kind")),
                        row.getInt("bytes"),
                        row.getString("sha256"),
                        row.getObject("added_at", OffsetDateTime.class).toInstant()))
                .list();
    }

    /** @throws Unknown when the order has no such file */
    Download open(UUID tenant, UUID order, UUID id) {
        return jdbc.sql("""
            select name, kind, content from workorder.attachment
            where tenant_id = :tenant and order_id = :order and id = :id
            """)
                .param("tenant", tenant)
                .param("order", order)
                .param("id", id)
                .query((row, _) -> new Download(
                        row.getString("name"),
                        FileKind.valueOf(row.getString("kind")),
                        new FileContent(vault.processing(tenant, Processing.RETURN)
                                .openBytes(CONTENT, id, Sealed.of(row.getBytes("content"))))))
                .optional()
                .orElseThrow(() -> new Unknown("attachment " + id));
    }

    private static String sha256(byte[] content) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(content));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    @Configuration(proxyBeanMethods = false)
    static class Tables {

        @Bean
        SealedTable workOrderAttachmentTable() {
            return new SealedTable("workorder.attachment", "id", List.of(CONTENT));
        }
    }
}
