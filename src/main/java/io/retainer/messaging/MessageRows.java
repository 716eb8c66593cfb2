package io.retainer.messaging;

import io.retainer.kernel.DataSubjects;
import io.retainer.messaging.ContactBudget.Contact;
import io.retainer.messaging.ContactBudget.Suppression;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/** All messages and what was tried with them. */
@Repository
class MessageRows {

    private final JdbcClient jdbc;
    private final DataSubjects subjects;

    MessageRows(JdbcClient jdbc, DataSubjects subjects) {
        this.jdbc = jdbc;
        this.subjects = subjects;
    }

    /** Where a message lies. */
    record Place(UUID tenant, UUID id) {}

    /** One try to send it. */
    record Attempt(
            int number,
            Instant startedAt,
            @Nullable Instant endedAt,
            @Nullable String outcome,
            @Nullable String reason) {}

    /** Which messages to list; null lists all. */
    record Filter(
            @Nullable MessageState state,
            @Nullable Channel channel,
            @Nullable String kind,
            @Nullable UUID recipient) {

        static final Filter ALL = new Filter(null, null, null, null);
    }

    /** False when there is one with this key already. */
    boolean add(Message message, @Nullable Instant lookAt) {
        return jdbc.sql("""
                        insert into messaging.message (tenant_id, id, kind, purpose, channel, recipient_kind, recipient_id,
                            contract_id, language, words, template, key, state, reason, queued_at, expires_at, look_at,
                            ended_at)
                        values (:tenant, :id, :kind, :purpose, :channel, :recipientKind, :recipient,
                            :contract, :language, :words, :template, :key, :state, :reason, :queuedAt, :expiresAt, :lookAt,
                            :endedAt)
                        on conflict (tenant_id, key) do nothing
                        """)
                        .param("tenant", message.tenant())
                        .param("id", message.id())
                        .param("kind", message.kind())
                        .param("purpose", message.purpose().name())
                        .param("channel", message.channel().name())
                        .param("recipientKind", message.recipient().kind().name())
                        .param("recipient", message.recipient().id())
                        .param("contract", message.contract())
                        .param("language", message.language())
                        .param("words", message.words())
                        .param("template", message.template())
                        .param("key", message.key())
                        .param("state", message.state().name())
                        .param("reason", message.reason())
                        .param("queuedAt", utc(message.queuedAt()))
                        .param("expiresAt", utc(message.expiresAt()))
                        .param("lookAt", utc(lookAt))
                        .param("endedAt", utc(message.endedAt()))
                        .update()
                == 1;
    }

    Optional<UUID> withKey(UUID tenant, String key) {
        return jdbc.sql("select id from messaging.message where tenant_id = :tenant and key = :key")
                .param("tenant", tenant)
                .param("key", key)
                .query(UUID.class)
                .optional();
    }

    /** Looks across tenants. */
    List<Place> waiting(Instant now, Collection<Channel> channels, int most) {
        return jdbc.sql("select tenant_id, id from messaging.waiting(:now, :channels, :most)")
                .param("now", utc(now))
                .param("channels", channels.stream().map(Channel::name).toArray(String[]::new))
                .param("most", most)
                .query((row, _) -> new Place(row.getObject(1, UUID.class), row.getObject(2, UUID.class)))
                .list();
    }

    /** Looks across tenants. */
    List<Place> followed(Instant now, int most) {
        return jdbc.sql("select tenant_id, id from messaging.followed(:now, :most)")
                .param("now", utc(now))
                .param("most", most)
                .query((row, _) -> new Place(row.getObject(1, UUID.class), row.getObject(2, UUID.class)))
                .list();
    }

    /** @param at when to ask what became of it; null for never again */
    void follow(UUID tenant, UUID message, @Nullable Instant at) {
        jdbc.sql("""
                        update messaging.message set follow_at = cast(:at as timestamptz)
                        where tenant_id = :tenant and id = :id and state = 'SENT'
                        """)
                .param("at", utc(at))
                .param("tenant", tenant)
                .param("id", message)
                .update();
    }

    /** Looks across tenants: under whom a person has messages, and how many are unread there. */
    Map<UUID, Long> inbox(UUID person) {
        var found = new LinkedHashMap<UUID, Long>();
        jdbc.sql("select tenant_id, unread from messaging.inbox(:person)")
                .param("person", person)
                .query(row -> {
                    found.put(row.getObject(1, UUID.class), row.getLong(2));
                });
        return found;
    }

    /** Looks across tenants. */
    Optional<UUID> tenantOf(UUID message) {
        return jdbc.sql("select messaging.tenant_of(:message)")
                .param("message", message)
                .query((row, _) -> Optional.ofNullable(row.getObject(1, UUID.class)))
                .single();
    }

    /** Those whose turn it is and that nobody else is handling, for handling them. */
    List<Message> free(UUID tenant, Collection<UUID> ids, Instant now) {
        return jdbc.sql("""
                        select * from messaging.message
                        where tenant_id = :tenant and id = any(:ids) and look_at <= :now order by id for update skip locked
                        """)
                .param("tenant", tenant)
                .param("ids", ids.toArray(UUID[]::new))
                .param("now", utc(now))
                .query(MessageRows::message)
                .list();
    }

    Optional<Message> find(UUID tenant, UUID id) {
        return jdbc.sql("select * from messaging.message where tenant_id = :tenant and id = :id")
                .param("tenant", tenant)
                .param("id", id)
                .query(MessageRows::message)
                .optional();
    }

    Optional<Message> locked(UUID tenant, UUID id) {
        return jdbc.sql("select * from messaging.message where tenant_id = :tenant and id = :id for update")
                .param("tenant", tenant)
                .param("id", id)
                .query(MessageRows::message)
                .optional();
    }

    /** The newest first, after the one looked at last. */
    List<Message> page(Collection<UUID> tenants, Filter filter, @Nullable UUID after, int most) {
        return jdbc.sql("""
                        select * from messaging.message where tenant_id = any(:tenants)
                        and (cast(:state as text) is null or state = :state)
                        and (cast(:channel as text) is null or channel = :channel)
                        and (cast(:kind as text) is null or kind = :kind)
                        and (cast(:recipient as uuid) is null or recipient_id = cast(:recipient as uuid)
                            or id = cast(:recipient as uuid) or contract_id = cast(:recipient as uuid))
                        and (cast(:after as uuid) is null or id < cast(:after as uuid))
                        order by id desc limit :most
                        """)
                .param("tenants", tenants.toArray(UUID[]::new))
                .param("state", filter.state() == null ? null : filter.state().name())
                .param(
                        "channel",
                        filter.channel() == null ? null : filter.channel().name())
                .param("kind", filter.kind())
                .param(
                        "recipient",
                        filter.recipient() == null ? null : filter.recipient().toString())
                .param("after", after == null ? null : after.toString())
                .param("most", most)
                .query(MessageRows::message)
                .list();
    }

    Map<MessageState, Long> counts(Collection<UUID> tenants) {
        var counts = new java.util.EnumMap<MessageState, Long>(MessageState.class);
        jdbc.sql("select state, count(*) from messaging.message where tenant_id = any(:tenants) group by state")
                .param("tenants", tenants.toArray(UUID[]::new))
                .query(row -> {
                    counts.put(MessageState.valueOf(row.getString(1)), row.getLong(2));
                });
        return counts;
    }

    List<Message> ofPerson(Collection<UUID> tenants, UUID person, @Nullable UUID after, int most) {
        return jdbc.sql("""
                        select * from messaging.message
                        where tenant_id = any(:tenants) and recipient_id = :person and recipient_kind = 'PERSON'
                        and purpose <> 'SECURITY' and channel <> 'WECOM'
                        and (cast(:after as uuid) is null or id < cast(:after as uuid))
                        order by id desc limit :most
                        """)
                .param("tenants", tenants.toArray(UUID[]::new))
                .param("person", person)
                .param("after", after == null ? null : after.toString())
                .param("most", most)
                .query(MessageRows::message)
                .list();
    }

    void read(UUID tenant, UUID person, @Nullable UUID message, Instant now) {
        jdbc.sql("""
                        update messaging.message set read_at = :now
                        where tenant_id = :tenant and recipient_id = :person and recipient_kind = 'PERSON'
                        and read_at is null and (cast(:message as uuid) is null or id = cast(:message as uuid))
                        """)
                .param("now", utc(now))
                .param("tenant", tenant)
                .param("person", person)
                .param("message", message == null ? null : message.toString())
                .update();
    }

    /** A claim: nobody else touches it until the lease ends, and only who knows the attempt's number may say how it went. */
    void claim(Message message, int attempt, Instant now, Instant lease) {
        jdbc.sql("""
                        update messaging.message set state = 'SENDING', reason = null, attempts = :attempt, look_at = :lease,
                            follow_at = null
                        where tenant_id = :tenant and id = :id
                        """)
                .param("attempt", attempt)
                .param("lease", utc(lease))
                .param("tenant", message.tenant())
                .param("id", message.id())
                .update();
        jdbc.sql("""
                        insert into messaging.attempt (tenant_id, message_id, number, started_at)
                        values (:tenant, :id, :attempt, :now)
                        """)
                .param("attempt", attempt)
                .param("now", utc(now))
                .param("tenant", message.tenant())
                .param("id", message.id())
                .update();
    }

    void ended(Message message, int attempt, String outcome, @Nullable String reason, Instant now) {
        jdbc.sql("""
                        update messaging.attempt set ended_at = :now, outcome = :outcome, reason = :reason
                        where tenant_id = :tenant and message_id = :id and number = :attempt
                        """)
                .param("now", utc(now))
                .param("outcome", outcome)
                .param("reason", reason)
                .param("tenant", message.tenant())
                .param("id", message.id())
                .param("attempt", attempt)
                .update();
    }

    void move(
            Message message,
            MessageState to,
            @Nullable String reason,
            @Nullable Instant lookAt,
            @Nullable String reference,
            Instant now) {
        boolean over = to != MessageState.QUEUED && to != MessageState.SENDING;
        jdbc.sql("""
                        update messaging.message set state = :state, reason = :reason, look_at = :lookAt, follow_at = null,
                            reference = coalesce(:reference, reference),
                            sent_at = case when :state = 'SENT' then :now else sent_at end,
                            ended_at = cast(:endedAt as timestamptz)
                        where tenant_id = :tenant and id = :id
                        """)
                .param("state", to.name())
                .param("reason", reason)
                .param("lookAt", utc(lookAt))
                .param("reference", reference)
                .param("now", utc(now))
                .param("endedAt", over ? utc(now) : null)
                .param("tenant", message.tenant())
                .param("id", message.id())
                .update();
    }

    /** From the start, as if it had never been tried; the attempts stay written down. */
    void again(Message message, Instant now, @Nullable Instant expiresAt) {
        jdbc.sql("""
                        update messaging.message
                        set state = 'QUEUED', reason = null, look_at = :now, follow_at = null, ended_at = null,
                            expires_at = :expiresAt
                        where tenant_id = :tenant and id = :id
                        """)
                .param("now", utc(now))
                .param("expiresAt", utc(expiresAt))
                .param("tenant", message.tenant())
                .param("id", message.id())
                .update();
    }

    List<Attempt> attempts(UUID tenant, UUID message) {
        return jdbc.sql("""
                        select number, started_at, ended_at, outcome, reason from messaging.attempt
                        where tenant_id = :tenant and message_id = :message order by number
                        """)
                .param("tenant", tenant)
                .param("message", message)
                .query((row, _) -> new Attempt(
                        row.getInt(1),
                        at(row, "started_at"),
                        maybe(row, "ended_at"),
                        row.getString(4),
                        row.getString(5)))
                .list();
    }

    // the contact budget

    /** Whoever else decides about this customer waits. */
    void alone(UUID tenant, UUID customer) {
        jdbc.sql("select pg_advisory_xact_lock(hashtextextended(:who, 7))")
                .param("who", tenant + "/" + customer)
                .query()
                .singleRow();
    }

    /**
     * Every time the customer was addressed. What certainly did not reach the customer is no contact; what waits for its next
     * try is one, so that nothing else takes its place meanwhile.
     *
     * @param except a contact that is asked about anew, or null
     */
    List<Contact> contacts(UUID tenant, UUID customer, Instant since, @Nullable UUID except) {
        return jdbc.sql("""
                        select c.purpose, c.channel, coalesce(m.sent_at, c.at) as at from messaging.contact c
                        left join messaging.message m on m.tenant_id = c.tenant_id and m.id = c.id
                        where c.tenant_id = :tenant and c.customer_id = any(:customers) and c.at > :since
                        and c.id is distinct from cast(:except as uuid)
                        and (m.id is null or m.state not in ('FAILED', 'BOUNCED', 'SUPPRESSED') or m.reason = 'interrupted')
                        """)
                .param("tenant", tenant)
                .param("customers", subjects.knownAs(tenant, customer).toArray(UUID[]::new))
                .param("since", utc(since))
                .param("except", except == null ? null : except.toString())
                .query((row, _) -> new Contact(
                        Purpose.valueOf(row.getString(1)), Channel.valueOf(row.getString(2)), at(row, "at")))
                .list();
    }

    void add(UUID tenant, UUID id, UUID customer, Purpose purpose, Channel channel, Instant now) {
        jdbc.sql("""
                        insert into messaging.contact (tenant_id, id, customer_id, purpose, channel, at)
                        values (:tenant, :id, :customer, :purpose, :channel, :now) on conflict do nothing
                        """)
                .param("tenant", tenant)
                .param("id", id)
                .param("customer", customer)
                .param("purpose", purpose.name())
                .param("channel", channel.name())
                .param("now", utc(now))
                .update();
    }

    @Nullable
    Suppression suppression(UUID tenant, UUID customer, Channel channel) {
        return suppression(tenant, subjects.knownAs(tenant, customer), channel);
    }

    /** @param recipients all ids that one and the same is known by */
    @Nullable
    Suppression suppression(UUID tenant, List<UUID> recipients, Channel channel) {
        return jdbc.sql("""
                        select reason from messaging.suppression
                        where tenant_id = :tenant and channel = :channel
                            and recipient_id = any((select cast(:recipients as uuid[]))::uuid[])
                        order by since limit 1
                        """)
                .param("tenant", tenant)
                .param("recipients", recipients.toArray(UUID[]::new))
                .param("channel", channel.name())
                .query(String.class)
                .optional()
                .map(Suppression::valueOf)
                .orElse(null);
    }

    void suppress(UUID tenant, UUID recipient, Channel channel, Suppression reason, Instant now) {
        jdbc.sql("""
                        insert into messaging.suppression (tenant_id, recipient_id, channel, reason, since)
                        values (:tenant, :recipient, :channel, :reason, :now)
                        on conflict (tenant_id, recipient_id, channel) do update set reason = excluded.reason,
                            since = excluded.since
                        """)
                .param("tenant", tenant)
                .param("recipient", recipient)
                .param("channel", channel.name())
                .param("reason", reason.name())
                .param("now", utc(now))
                .update();
    }

    void release(UUID tenant, UUID recipient, Channel channel) {
        jdbc.sql("""
                        delete from messaging.suppression
                        where tenant_id = :tenant and recipient_id = :recipient and channel = :channel
                        """)
                .param("tenant", tenant)
                .param("recipient", recipient)
                .param("channel", channel.name())
                .update();
    }

    /** A recipient who is not addressed on a channel, and why. */
    record Suppressed(UUID recipient, Channel channel, Suppression reason, Instant since) {}

    /** @param recipients null for all, the newest first */
    List<Suppressed> suppressions(UUID tenant, @Nullable Collection<UUID> recipients, int most) {
        return jdbc.sql(
                        "select recipient_id, channel, reason, since from messaging.suppression where tenant_id = :tenant"
                                + (recipients == null ? "" : " and recipient_id = any(:recipients)")
                                + " order by since desc, recipient_id limit :most")
                .param("tenant", tenant)
                .param("recipients", recipients == null ? null : recipients.toArray(UUID[]::new))
                .param("most", most)
                .query((row, _) -> new Suppressed(
                        row.getObject("recipient_id", UUID.class),
                        Channel.valueOf(row.getString("channel")),
                        Suppression.valueOf(row.getString("reason")),
                        row.getObject("since", OffsetDateTime.class).toInstant()))
                .list();
    }

    /** A budget and the lock version of its row; 0 where the platform's holds. */
    record Kept(ContactBudget budget, int version) {}

    Kept budget(UUID tenant) {
        return jdbc.sql("select * from messaging.budget where tenant_id = :tenant")
                .param("tenant", tenant)
                .query((row, _) -> new Kept(
                        new ContactBudget(
                                row.getInt("per_week"),
                                row.getInt("per_month"),
                                Duration.ofHours(row.getInt("gap_hours")),
                                row.getObject("quiet_from", LocalTime.class),
                                row.getObject("quiet_to", LocalTime.class),
                                ZoneId.of(row.getString("zone"))),
                        row.getInt("version")))
                .optional()
                .orElse(new Kept(ContactBudget.PLATFORM, 0));
    }

    boolean keep(UUID tenant, ContactBudget budget, int seen) {
        return jdbc.sql("""
                        insert into messaging.budget as b
                            (tenant_id, per_week, per_month, gap_hours, quiet_from, quiet_to, zone, version)
                        values (:tenant, :perWeek, :perMonth, :gap, :from, :to, :zone, 1)
                        on conflict (tenant_id) do update set per_week = excluded.per_week, per_month = excluded.per_month,
                            gap_hours = excluded.gap_hours, quiet_from = excluded.quiet_from, quiet_to = excluded.quiet_to,
                            zone = excluded.zone, version = b.version + 1
                        where b.version = :seen
                        """)
                        .param("tenant", tenant)
                        .param("perWeek", budget.perWeek())
                        .param("perMonth", budget.perMonth())
                        .param("gap", budget.gap().toHours())
                        .param("from", budget.quietFrom())
                        .param("to", budget.quietTo())
                        .param("zone", budget.zone().getId())
                        .param("seen", seen)
                        .update()
                == 1;
    }

    private static Message message(ResultSet row, int number) throws SQLException {
        return new Message(
                row.getObject("tenant_id", UUID.class),
                row.getObject("id", UUID.class),
                row.getString("kind"),
                Purpose.valueOf(row.getString("purpose")),
                Channel.valueOf(row.getString("channel")),
                new Recipient(
                        Recipient.Kind.valueOf(row.getString("recipient_kind")),
                        row.getObject("recipient_id", UUID.class)),
                row.getObject("contract_id", UUID.class),
                row.getString("language"),
                row.getString("words"),
                row.getObject("template", Integer.class),
                row.getString("key"),
                MessageState.valueOf(row.getString("state")),
                row.getString("reason"),
                at(row, "queued_at"),
                maybe(row, "expires_at"),
                row.getInt("attempts"),
                maybe(row, "sent_at"),
                maybe(row, "ended_at"),
                maybe(row, "read_at"),
                row.getString("reference"));
    }

    private static @Nullable OffsetDateTime utc(@Nullable Instant instant) {
        return instant == null ? null : instant.atOffset(ZoneOffset.UTC);
    }

    private static Instant at(ResultSet row, String column) throws SQLException {
        return row.getObject(column, OffsetDateTime.class).toInstant();
    }

    private static @Nullable Instant maybe(ResultSet row, String column) throws SQLException {
        var found = row.getObject(column, OffsetDateTime.class);
        return found == null ? null : found.toInstant();
    }
}
