package io.retainer.complaint;

import static io.retainer.complaint.ComplaintRows.instant;
import static io.retainer.complaint.ComplaintRows.instantOrNull;
import static io.retainer.complaint.ComplaintRows.utc;

import io.retainer.duty.Cause;
import io.retainer.kernel.Ids;
import io.retainer.vault.PersonalKind;
import io.retainer.vault.Sealed;
import io.retainer.vault.SealedColumn;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.namedparam.MapSqlParameterSource;
import org.springframework.jdbc.core.namedparam.NamedParameterJdbcOperations;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/** What hangs on a complaint: its time line, questions, attachments and mails. */
@Repository
class CaseRows {

    static final SealedColumn TEXT = new SealedColumn("complaint.entry", "text", PersonalKind.TEXT);
    static final SealedColumn ASKED = new SealedColumn("complaint.question", "email", PersonalKind.EMAIL);
    static final SealedColumn FILE_NAME = new SealedColumn("complaint.attachment", "name", PersonalKind.TEXT);
    static final SealedColumn CONTENT = new SealedColumn("complaint.attachment", "content", PersonalKind.TEXT);

    private final JdbcClient jdbc;
    private final NamedParameterJdbcOperations batches;

    CaseRows(JdbcClient jdbc, NamedParameterJdbcOperations batches) {
        this.jdbc = jdbc;
        this.batches = batches;
    }

    void add(UUID tenant, Entry e, Instant now) {
        add(tenant, List.of(e), now);
    }

    /** In one go, in their order. */
    void add(UUID tenant, List<Entry> entries, Instant now) {
        batches.batchUpdate(
                """
                insert into complaint.entry (tenant_id, id, complaint_id, kind, said, text, internal, actor, mentions,
                    message_id, question_id, happened_at, recorded_at)
                values (:tenant, :id, :complaint, :kind, :said, :text, :internal, :actor, :mentions, :message, :question,
                    :at, :now)
                """, entries.stream().map(e -> columns(tenant, e, now)).toArray(MapSqlParameterSource[]::new));
    }

    /** Typed, also where there is nothing: otherwise the database would prepare the statement anew for each kind of line. */
    private static MapSqlParameterSource columns(UUID tenant, Entry e, Instant now) {
        return new MapSqlParameterSource()
                .addValue("tenant", tenant)
                .addValue("id", e.id())
                .addValue("complaint", e.complaint())
                .addValue("kind", e.kind().name())
                .addValue("said", e.said(), Types.VARCHAR)
                .addValue("text", e.text() == null ? null : e.text().bytes(), Types.VARBINARY)
                .addValue("internal", e.internal())
                .addValue("actor", e.actor(), Types.OTHER, "uuid")
                .addValue("mentions", e.mentions().toArray(UUID[]::new))
                .addValue("message", e.message(), Types.OTHER, "uuid")
                .addValue("question", e.question(), Types.OTHER, "uuid")
                .addValue("at", utc(e.happenedAt()))
                .addValue("now", utc(now));
    }

    /** In the order of recording. */
    List<Entry> entries(UUID tenant, Collection<UUID> complaints) {
        return jdbc.sql("""
                        select * from complaint.entry
                        where tenant_id = :tenant and complaint_id = any((select cast(:complaints as uuid[]))::uuid[])
                        order by place
                        """)
                .param("tenant", tenant)
                .param("complaints", complaints.toArray(UUID[]::new))
                .query((row, _) -> new Entry(
                        row.getObject("id", UUID.class),
                        row.getObject("complaint_id", UUID.class),
                        Entry.Kind.valueOf(row.getString("kind")),
                        row.getString("said"),
                        Sealed.orNull(row.getBytes("text")),
                        row.getBoolean("internal"),
                        row.getObject("actor", UUID.class),
                        List.of((UUID[]) row.getArray("mentions").getArray()),
                        row.getObject("message_id", UUID.class),
                        row.getObject("question_id", UUID.class),
                        instant(row, "happened_at")))
                .list();
    }

    /** The first statement of each complaint: what it is about. */
    List<Entry> statements(UUID tenant, Collection<UUID> complaints) {
        return entries(tenant, complaints).stream()
                .filter(entry -> entry.kind() == Entry.Kind.STATEMENT)
                .toList();
    }

    /**
     * What somebody outside the desk was asked.
     *
     * @param duty to answer, when a party of the contract was asked
     * @param email to which a third party was written, or null
     * @param language in which it was
     */
    record Question(
            UUID id,
            UUID complaint,
            Cause asked,
            Instant askedAt,
            Instant dueAt,
            @Nullable Instant answeredAt,
            @Nullable UUID duty,
            @Nullable Sealed email,
            @Nullable String language) {}

    void add(UUID tenant, Question q) {
        jdbc.sql("""
                        insert into complaint.question (tenant_id, id, complaint_id, asked, asked_at, due_at, duty_id, email,
                            language)
                        values (:tenant, :id, :complaint, :asked, :at, :due, :duty, :email, :language)
                        """)
                .param("tenant", tenant)
                .param("id", q.id())
                .param("complaint", q.complaint())
                .param("asked", q.asked().name())
                .param("at", utc(q.askedAt()))
                .param("due", utc(q.dueAt()))
                .param("duty", q.duty())
                .param("email", q.email() == null ? null : q.email().bytes())
                .param("language", q.language())
                .update();
    }

    boolean answered(UUID tenant, UUID question, Instant at) {
        return jdbc.sql("""
                        update complaint.question set answered_at = :at
                        where tenant_id = :tenant and id = :id and answered_at is null
                        """)
                        .param("at", utc(at))
                        .param("tenant", tenant)
                        .param("id", question)
                        .update()
                == 1;
    }

    List<Question> questions(UUID tenant, UUID complaint) {
        return jdbc.sql("""
                        select * from complaint.question
                        where tenant_id = :tenant and complaint_id = :complaint order by id
                        """)
                .param("tenant", tenant)
                .param("complaint", complaint)
                .query(CaseRows::question)
                .list();
    }

    Optional<Question> question(UUID tenant, UUID id) {
        return jdbc.sql("select * from complaint.question where tenant_id = :tenant and id = :id")
                .param("tenant", tenant)
                .param("id", id)
                .query(CaseRows::question)
                .optional();
    }

    private static Question question(ResultSet row, int number) throws SQLException {
        var email = row.getBytes("email");
        return new Question(
                row.getObject("id", UUID.class),
                row.getObject("complaint_id", UUID.class),
                Cause.valueOf(row.getString("asked")),
                instant(row, "asked_at"),
                instant(row, "due_at"),
                instantOrNull(row, "answered_at"),
                row.getObject("duty_id", UUID.class),
                email == null ? null : Sealed.of(email),
                row.getString("language"));
    }

    /** Without its content. */
    record Attachment(UUID id, UUID complaint, UUID entry, Sealed name, String type, int size) {}

    void add(UUID tenant, Attachment a, Sealed content, Instant now) {
        jdbc.sql("""
                        insert into complaint.attachment (tenant_id, id, complaint_id, entry_id, name, type, size, content,
                            created_at)
                        values (:tenant, :id, :complaint, :entry, :name, :type, :size, :content, :now)
                        """)
                .param("tenant", tenant)
                .param("id", a.id())
                .param("complaint", a.complaint())
                .param("entry", a.entry())
                .param("name", a.name().bytes())
                .param("type", a.type())
                .param("size", a.size())
                .param("content", content.bytes())
                .param("now", utc(now))
                .update();
    }

    List<Attachment> attachments(UUID tenant, UUID complaint) {
        return jdbc.sql("""
                        select id, complaint_id, entry_id, name, type, size from complaint.attachment
                        where tenant_id = :tenant and complaint_id = :complaint order by id
                        """)
                .param("tenant", tenant)
                .param("complaint", complaint)
                .query((row, _) -> attachment(row))
                .list();
    }

    record Filed(Attachment attachment, Sealed content) {}

    Optional<Filed> attachment(UUID tenant, UUID complaint, UUID id) {
        return jdbc.sql("""
                        select id, complaint_id, entry_id, name, type, size, content from complaint.attachment
                        where tenant_id = :tenant and complaint_id = :complaint and id = :id
                        """)
                .param("tenant", tenant)
                .param("complaint", complaint)
                .param("id", id)
                .query((row, _) -> new Filed(attachment(row), Sealed.of(row.getBytes("content"))))
                .optional();
    }

    private static Attachment attachment(java.sql.ResultSet row) throws java.sql.SQLException {
        return new Attachment(
                row.getObject("id", UUID.class),
                row.getObject("complaint_id", UUID.class),
                row.getObject("entry_id", UUID.class),
                Sealed.of(row.getBytes("name")),
                row.getString("type"),
                row.getInt("size"));
    }

    /** Remembers a mail; false when it was taken before. */
    boolean mail(UUID tenant, UUID complaint, byte[] hash, Instant now) {
        return jdbc.sql("""
                        insert into complaint.mail (tenant_id, id, complaint_id, hash, seen_at)
                        values (:tenant, :id, :complaint, :hash, :now) on conflict do nothing
                        """)
                        .param("tenant", tenant)
                        .param("id", Ids.at(now.toEpochMilli()))
                        .param("complaint", complaint)
                        .param("hash", hash)
                        .param("now", utc(now))
                        .update()
                == 1;
    }

    record MailThread(UUID tenant, UUID complaint) {}

    /** The complaints these mails belong to, whoever the client. */
    List<MailThread> threads(List<byte[]> hashes) {
        return jdbc.sql("select distinct tenant_id, complaint_id from complaint.by_mail(:hashes)")
                .param("hashes", hashes.toArray(byte[][]::new))
                .query((row, _) -> new MailThread(row.getObject(1, UUID.class), row.getObject(2, UUID.class)))
                .list();
    }
}
