package io.retainer.customer;

import io.retainer.customer.CustomerRows.ContactRow;
import io.retainer.customer.CustomerRows.FieldValue;
import io.retainer.customer.CustomerRows.Row;
import io.retainer.identity.Access;
import io.retainer.identity.Capability;
import io.retainer.identity.People;
import io.retainer.kernel.Ids;
import io.retainer.kernel.Refused;
import io.retainer.kernel.Tenancy;
import io.retainer.kernel.Texts;
import io.retainer.kernel.Unknown;
import io.retainer.vault.Opener;
import io.retainer.vault.PersonalKind;
import io.retainer.vault.Processing;
import io.retainer.vault.Sealed;
import io.retainer.vault.SealedColumn;
import io.retainer.vault.SealedTable;
import io.retainer.vault.Vault;
import java.io.IOException;
import java.io.Writer;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Service;

/**
 * The only way by which a list of customers leaves: masked at once, in the clear when a second person permits it, and both
 * on the record, which the client can read (III-A2.1). Each row of the file says who took it, when, for what and under which
 * number. In the clear is only what the customer may be addressed by for that purpose; the rest stays masked (PIPL 14, 15).
 */
@Service
public class Exports {

    static final SealedColumn REASON = new SealedColumn("customer.export", "reason", PersonalKind.TEXT);

    private static final int SHORTEST_REASON = 4;
    private static final int LONGEST_REASON = 500;
    private static final Duration PERMITTED_FOR = Duration.ofHours(24);
    private static final int TOGETHER = 500;

    private final JdbcClient jdbc;
    private final Segments segments;
    private final CustomerRows customers;
    private final ChurnRows churn;
    private final Consents consents;
    private final Vault vault;
    private final Tenancy tenancy;
    private final People people;
    private final ApplicationEventPublisher events;
    private final Clock clock;

    Exports(
            JdbcClient jdbc,
            Segments segments,
            CustomerRows customers,
            ChurnRows churn,
            Consents consents,
            Vault vault,
            Tenancy tenancy,
            People people,
            ApplicationEventPublisher events,
            Clock clock) {
        this.jdbc = jdbc;
        this.segments = segments;
        this.customers = customers;
        this.churn = churn;
        this.consents = consents;
        this.vault = vault;
        this.tenancy = tenancy;
        this.people = people;
        this.events = events;
        this.clock = clock;
    }

    /** One list given out, or asked for; names of people are those of staff. */
    public record Entry(
            UUID id,
            int number,
            UUID segment,
            String segmentName,
            int segmentVersion,
            boolean masked,
            DataPurpose purpose,
            String reason,
            long customers,
            ExportState state,
            UUID askedBy,
            String askedByName,
            Instant askedAt,
            @Nullable UUID decidedBy,
            @Nullable String decidedByName,
            @Nullable Instant decidedAt,
            @Nullable Instant handedAt) {

        private Entry with(Map<UUID, String> names, String words) {
            return new Entry(
                    id,
                    number,
                    segment,
                    segmentName,
                    segmentVersion,
                    masked,
                    purpose,
                    words,
                    customers,
                    state,
                    askedBy,
                    names.getOrDefault(askedBy, ""),
                    askedAt,
                    decidedBy,
                    decidedBy == null ? null : names.getOrDefault(decidedBy, ""),
                    decidedAt,
                    handedAt);
        }
    }

    /**
     * Asks for the customers of a segment as a file. Masked it may be had at once.
     *
     * @param reason in words, 4 to 500 characters, sealed
     * @throws Refused without the capability, or with an unfit reason
     */
    public UUID ask(Access access, UUID segment, boolean masked, DataPurpose purpose, String reason) {
        access.require(masked ? Capability.READ_CUSTOMERS : Capability.REVEAL);
        var words = reason.strip();
        if (words.length() < SHORTEST_REASON || words.length() > LONGEST_REASON) {
            throw Refused.field("reason", "customer.export.reason", SHORTEST_REASON, LONGEST_REASON, words.length());
        }
        var tenant = access.tenant();
        return tenancy.write(tenant, () -> {
            var found = segments.segment(access, segment);
            var size = segments.size(access, segment).fitting();
            if (size == 0) {
                throw Refused.because("customer.export.nobody");
            }
            var now = now();
            var id = Ids.at(now.toEpochMilli());
            // One at a time for each client, or two would be given one number.
            jdbc.sql("select pg_advisory_xact_lock(hashtextextended(:which, 0))")
                    .param("which", "customer.export " + tenant)
                    .query((_, _) -> true)
                    .single();
            int number = jdbc.sql("""
                insert into customer.export (tenant_id, id, contract_id, number, segment_id, segment_name,
                    segment_version, masked, purpose, reason, customers, state, asked_by, asked_at, handed_at)
                select :tenant, :id, :contract, 1 + coalesce(max(number), 0), :segment, :name, :version, :masked,
                    :purpose, :reason, :customers, :state, :by, :now, cast(:handed as timestamptz)
                from customer.export where tenant_id = :tenant
                returning number
                """)
                    .param("tenant", tenant)
                    .param("id", id)
                    .param("contract", access.contract())
                    .param("segment", segment)
                    .param("name", found.name())
                    .param("version", found.version())
                    .param("masked", masked)
                    .param("purpose", purpose.name())
                    .param(
                            "reason",
                            vault.writing(tenant).seal(REASON, id, words).bytes())
                    .param("customers", size)
                    .param("state", (masked ? ExportState.HANDED : ExportState.ASKED).name())
                    .param("by", access.person())
                    .param("now", now.atOffset(ZoneOffset.UTC))
                    .param("handed", masked ? now.atOffset(ZoneOffset.UTC) : null)
                    .query(Integer.class)
                    .single();
            publish(access, entry(access, id), masked ? ExportState.HANDED : ExportState.ASKED, number, now);
            return id;
        });
    }

    /**
     * Permits or denies a list in the clear.
     *
     * @throws Refused to the person who asked for it
     */
    public void decide(Access access, UUID id, boolean permitted) {
        access.require(Capability.GUARD_DATA);
        var tenant = access.tenant();
        tenancy.write(tenant, () -> {
            var export = entry(access, id);
            if (export.askedBy().equals(access.person())) {
                throw Refused.because("customer.export.own");
            }
            turn(
                    access,
                    export,
                    ExportState.ASKED,
                    permitted ? ExportState.PERMITTED : ExportState.DENIED,
                    "decided_at = :now, decided_by = :by");
        });
    }

    /**
     * Writes a masked list, or a permitted one in the clear, once and to the person who asked for it. That it is handed out
     * is committed before the first byte leaves.
     *
     * @return the number of the list, for the name of the file
     */
    public Handed hand(Access access, UUID id) {
        var tenant = access.tenant();
        return tenancy.write(tenant, () -> {
            var export = entry(access, id);
            access.require(export.masked() ? Capability.READ_CUSTOMERS : Capability.REVEAL);
            if (!export.askedBy().equals(access.person())) {
                throw Refused.because("customer.export.others");
            }
            var now = now();
            if (!export.masked()) {
                var decided = export.decidedAt();
                if (export.state() != ExportState.PERMITTED || decided == null) {
                    throw Refused.because("customer.export.state", export.state());
                }
                if (now.isAfter(decided.plus(PERMITTED_FOR))) {
                    throw Refused.because("customer.export.late", PERMITTED_FOR.toHours());
                }
            } else if (now.isAfter(export.askedAt().plus(PERMITTED_FOR))) {
                throw Refused.because("customer.export.late", PERMITTED_FOR.toHours());
            }
            var segment = segments.segment(access, export.segment());
            if (segment.version() != export.segmentVersion()
                    || segments.size(access, segment.id()).fitting() > export.customers()) {
                throw Refused.because("customer.export.moved");
            }
            if (!export.masked()) {
                turn(access, export, ExportState.PERMITTED, ExportState.HANDED, "handed_at = :now");
            }
            return new Handed(export, segment, now);
        });
    }

    /** A list that may now be written out. */
    public record Handed(Entry export, Segment segment, Instant at) {}

    private void turn(Access access, Entry export, ExportState from, ExportState to, String set) {
        var now = now();
        int turned = jdbc.sql("update customer.export set state = :to, " + set
                        + " where tenant_id = :tenant and id = :id and state = :from")
                .param("to", to.name())
                .param("now", now.atOffset(ZoneOffset.UTC))
                .param("by", access.person())
                .param("tenant", access.tenant())
                .param("id", export.id())
                .param("from", from.name())
                .update();
        if (turned == 0) {
            throw Refused.because("customer.export.state", export.state());
        }
        publish(access, export, to, export.number(), now);
    }

    private void publish(Access access, Entry export, ExportState state, int number, Instant now) {
        events.publishEvent(new ExportRecorded(
                access.tenant(),
                access.contract(),
                export.id(),
                number,
                export.segment(),
                export.segmentVersion(),
                state,
                export.masked(),
                export.customers(),
                export.purpose(),
                access.party(),
                now,
                access.person()));
    }

    /** The newest first: all of them to whoever guards the data, to others their own. */
    public List<Entry> entries(Access access, @Nullable UUID before, int most) {
        access.require(Capability.READ_CUSTOMERS);
        var tenant = access.tenant();
        return tenancy.read(tenant, () -> {
            var found = jdbc.sql(SELECT + """
                and id < :before and (:all or asked_by = :person) order by id desc limit :most
                """)
                    .param("tenant", tenant)
                    .param("contract", access.contract())
                    .param("before", before == null ? CustomerRows.LAST : before)
                    .param("all", access.may(Capability.GUARD_DATA))
                    .param("person", access.person())
                    .param("most", most)
                    .query(this::entry)
                    .list();
            return named(tenant, found);
        });
    }

    /** @throws Unknown when there is no such list, or it is somebody else's and the person does not guard the data */
    public Entry entry(Access access, UUID id) {
        access.require(Capability.READ_CUSTOMERS);
        var tenant = access.tenant();
        return tenancy.read(
                tenant,
                () -> named(
                                tenant,
                                jdbc.sql(SELECT + "and id = :id and (:all or asked_by = :person)")
                                        .param("tenant", tenant)
                                        .param("contract", access.contract())
                                        .param("id", id)
                                        .param("all", access.may(Capability.GUARD_DATA))
                                        .param("person", access.person())
                                        .query(this::entry)
                                        .list())
                        .stream()
                        .findFirst()
                        .orElseThrow(() -> new Unknown("export " + id)));
    }

    private static final String SELECT = """
        select id, number, segment_id, segment_name, segment_version, masked, purpose, reason, customers, state, asked_by,
            asked_at, decided_by, decided_at, handed_at
        from customer.export where tenant_id = :tenant and contract_id = :contract
        """;

    private record Found(Entry entry, Sealed reason) {}

    private Found entry(ResultSet row, int number) throws SQLException {
        var decided = row.getTimestamp("decided_at");
        var handed = row.getTimestamp("handed_at");
        return new Found(
                new Entry(
                        row.getObject("id", UUID.class),
                        row.getInt("number"),
                        row.getObject("segment_id", UUID.class),
                        row.getString("segment_name"),
                        row.getInt("segment_version"),
                        row.getBoolean("masked"),
                        DataPurpose.valueOf(row.getString("purpose")),
                        "",
                        row.getLong("customers"),
                        ExportState.valueOf(row.getString("state")),
                        row.getObject("asked_by", UUID.class),
                        "",
                        row.getTimestamp("asked_at").toInstant(),
                        row.getObject("decided_by", UUID.class),
                        null,
                        decided == null ? null : decided.toInstant(),
                        handed == null ? null : handed.toInstant()),
                Sealed.of(row.getBytes("reason")));
    }

    private List<Entry> named(UUID tenant, List<Found> found) {
        if (found.isEmpty()) {
            return List.of();
        }
        // The reason is told to whoever answers for the data; it is for that that it was asked.
        var opener = vault.processing(tenant, Processing.RETURN);
        var names = people.names(found.stream()
                .flatMap(each -> java.util.stream.Stream.of(
                                Optional.of(each.entry().askedBy()),
                                Optional.ofNullable(each.entry().decidedBy()))
                        .flatMap(Optional::stream))
                .distinct()
                .toList());
        return found.stream()
                .map(each -> each.entry()
                        .with(
                                names,
                                opener.open(REASON, each.entry().id(), each.reason())
                                        .inTheClear()))
                .toList();
    }

    /** The columns of the file, by message key; what a customer has several of stands in one cell. */
    private static final List<ContactKind> CONTACTS = List.of(
            ContactKind.PHONE, ContactKind.EMAIL, ContactKind.WECHAT, ContactKind.ADDRESS, ContactKind.ID_NUMBER);

    /** The file itself, as CSV that no spreadsheet executes. */
    public void write(Access access, Handed handed, Texts texts, Writer out) throws IOException {
        var export = handed.export();
        var tenant = access.tenant();
        var fields = tenancy.read(tenant, () -> customers.fields(tenant)).values().stream()
                .sorted(Comparator.comparing(CustomField::label))
                .toList();
        var mark = texts.say(
                "customer.export.mark",
                export.number(),
                export.askedByName(),
                texts.say("customer.at", handed.at()),
                export.purpose());
        var line = new StringBuilder("\uFEFF");
        var header = new ArrayList<String>(
                List.of(texts.say("customer.reference"), texts.say("customer.kind"), texts.say("customer.name")));
        CONTACTS.forEach(kind -> header.add(texts.name(kind)));
        header.add(texts.say("customer.tags"));
        fields.forEach(field -> header.add(field.label()));
        header.add(texts.say("customer.source"));
        header.add(texts.say("customer.since"));
        header.add(texts.say("customer.churn.riskColumn"));
        header.add(texts.say("customer.export.number"));
        CsvRows.write(line, header);
        out.append(line);
        UUID after = null;
        long left = export.customers();
        while (left > 0) {
            var last = after;
            int most = (int) Math.min(TOGETHER, left);
            var lines = new StringBuilder();
            var ids = tenancy.read(tenant, () -> {
                var some = segments.members(tenant, handed.segment().id(), last, most);
                write(tenant, export, some, fields, mark, texts, lines);
                return some;
            });
            out.append(lines);
            if (ids.size() < most) {
                return;
            }
            left -= ids.size();
            after = ids.getLast();
        }
    }

    private void write(
            UUID tenant,
            Entry export,
            List<UUID> ids,
            List<CustomField> fields,
            String mark,
            Texts texts,
            StringBuilder lines) {
        var client = vault.reading(tenant);
        var opener = export.masked() ? null : vault.processing(tenant, Processing.RETURN);
        var allowed = opener == null ? Map.<UUID, Set<Channel>>of() : consents.allowed(tenant, ids, export.purpose());
        var contacts = customers.contacts(tenant, ids).stream().collect(Collectors.groupingBy(ContactRow::customer));
        var tags = customers.tags(tenant, ids);
        var values = customers.fieldValues(tenant, ids);
        var risks = churn.risks(tenant, ids);
        for (var row : customers.of(tenant, ids)) {
            var shown = new Shown(
                    opener,
                    allowed.getOrDefault(row.id(), Set.of()),
                    (column, id, value) -> Objects.requireNonNullElse(client.masked(column, id, value), ""));
            CsvRows.write(
                    lines,
                    cells(
                            row,
                            contacts.getOrDefault(row.id(), List.of()),
                            tags.getOrDefault(row.id(), List.of()),
                            values.getOrDefault(row.id(), List.of()),
                            fields,
                            risks.get(row.id()),
                            shown,
                            mark,
                            texts));
        }
    }

    @FunctionalInterface
    private interface Mask {
        String of(SealedColumn column, UUID row, Sealed sealed);
    }

    /**
     * How the values of one customer stand in the file.
     *
     * @param may by which channels the customer may be addressed for the purpose
     */
    private record Shown(@Nullable Opener opener, Set<Channel> may, Mask mask) {

        /** Id numbers are never given out in the clear: no list needs them. */
        String contact(ContactRow contact) {
            boolean clear = switch (contact.kind()) {
                case PHONE -> may.contains(Channel.PHONE) || may.contains(Channel.SMS);
                case EMAIL -> may.contains(Channel.EMAIL);
                case WECHAT -> may.contains(Channel.WECHAT);
                case ADDRESS -> may.contains(Channel.POST);
                case ID_NUMBER -> false;
            };
            var column = contact.kind().column();
            return clear ? of(column, contact.id(), contact.value()) : masked(column, contact.id(), contact.value());
        }

        String masked(SealedColumn column, UUID row, Sealed sealed) {
            return mask.of(column, row, sealed);
        }

        String of(SealedColumn column, UUID row, Sealed sealed) {
            return opener == null || may.isEmpty()
                    ? mask.of(column, row, sealed)
                    : opener.open(column, row, sealed).inTheClear();
        }
    }

    private static List<String> cells(
            Row row,
            List<ContactRow> contacts,
            List<String> tags,
            List<FieldValue> values,
            List<CustomField> fields,
            @Nullable Double risk,
            Shown shown,
            String mark,
            Texts texts) {
        var cells = new ArrayList<String>();
        cells.add(row.reference() == null ? row.id().toString() : row.reference());
        cells.add(texts.name(row.kind()));
        cells.add(shown.of(CustomerRows.NAME, row.id(), row.name()));
        for (var kind : CONTACTS) {
            cells.add(contacts.stream()
                    .filter(contact -> contact.kind() == kind)
                    .map(shown::contact)
                    .collect(Collectors.joining("; ")));
        }
        cells.add(String.join("; ", tags));
        for (var field : fields) {
            cells.add(values.stream()
                    .filter(value -> value.field().id().equals(field.id()))
                    .map(value -> value.sealed() == null
                            ? Objects.requireNonNullElse(value.plain(), "")
                            : shown.of(CustomerRows.FIELD, value.id(), value.sealed()))
                    .findFirst()
                    .orElse(""));
        }
        cells.add(row.source());
        cells.add(row.createdAt().toString());
        cells.add(risk == null ? "" : "%.1f %%".formatted(risk * 100));
        cells.add(mark);
        return cells;
    }

    private Instant now() {
        return clock.instant().truncatedTo(ChronoUnit.MICROS);
    }

    @Configuration(proxyBeanMethods = false)
    static class Tables {

        @Bean
        SealedTable exportTable() {
            return new SealedTable("customer.export", "id", List.of(REASON));
        }
    }
}
