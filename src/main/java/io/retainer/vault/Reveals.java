package io.retainer.vault;

import io.retainer.identity.Access;
import io.retainer.identity.Capability;
import io.retainer.identity.People;
import io.retainer.kernel.DataSubjects;
import io.retainer.kernel.Ids;
import io.retainer.kernel.Party;
import io.retainer.kernel.Refused;
import io.retainer.kernel.Tenancy;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.UUID;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Service;

/**
 * Shows a person one value in the clear: with the capability under a contract in force, for a purpose of the closed list,
 * with a reason in words, so many times an hour, and each time on the record, which the client can read.
 */
@Service
public class Reveals {

    static final SealedColumn REASON = new SealedColumn("vault.reveal", "reason", PersonalKind.TEXT);

    private static final int SHORTEST_REASON = 4;
    private static final int LONGEST_REASON = 500;
    private static final Duration WINDOW = Duration.ofHours(1);

    private final Vault vault;
    private final JdbcClient jdbc;
    private final Tenancy tenancy;
    private final People people;
    private final DataSubjects subjects;
    private final ApplicationEventPublisher events;
    private final Clock clock;
    private final int most;

    Reveals(
            Vault vault,
            JdbcClient jdbc,
            Tenancy tenancy,
            People people,
            DataSubjects subjects,
            ApplicationEventPublisher events,
            Clock clock,
            @Value("${retainer.vault.reveals-per-hour:30}") int most) {
        this.vault = vault;
        this.jdbc = jdbc;
        this.tenancy = tenancy;
        this.people = people;
        this.subjects = subjects;
        this.events = events;
        this.clock = clock;
        this.most = most;
    }

    /**
     * What is asked for.
     *
     * @param dataSubject whose data it is
     * @param row the row the value is bound to
     * @param reason in words, 4 to 500 characters
     */
    public record Request(UUID dataSubject, SealedColumn column, UUID row, Purpose purpose, String reason) {}

    /** As the client sees it. */
    public record Entry(
            UUID id,
            Instant happenedAt,
            UUID actor,
            String actorName,
            Party party,
            UUID dataSubject,
            String field,
            Purpose purpose,
            String reason) {

        private Entry by(String name) {
            return new Entry(id, happenedAt, actor, name, party, dataSubject, field, purpose, reason);
        }
    }

    /**
     * Opens the value and records it, in one transaction.
     *
     * @param sealed finds the value within that transaction; throws {@code Unknown} when there is none
     * @throws Refused without the capability, with an unfit reason, or when the person has seen too many of late
     */
    public Personal reveal(Access access, Request request, Supplier<Sealed> sealed) {
        return reveal(access, request, client -> client.open(request.column(), request.row(), sealed.get()));
    }

    /** A file in the clear, on its way to the one person it was opened for. */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    public record RevealedFile(String name, byte[] content) {

        /** Shows nothing of it. */
        @Override
        public String toString() {
            return "RevealedFile of " + content.length + " bytes";
        }
    }

    /**
     * As {@link #reveal(Access, Request, Supplier)}, for a file; what it is called is opened with it.
     *
     * @param request names the column of the content
     * @throws Refused without the capability, with an unfit reason, or when the person has seen too many of late
     */
    public RevealedFile revealFile(
            Access access, Request request, SealedColumn nameColumn, Sealed name, Sealed content) {
        return reveal(
                access,
                request,
                client -> new RevealedFile(
                        client.open(nameColumn, request.row(), name).inTheClear(),
                        client.openBytes(request.column(), request.row(), content)));
    }

    private <T> T reveal(Access access, Request request, Function<ClientVault, T> opening) {
        access.require(Capability.REVEAL);
        var reason = request.reason().strip();
        if (reason.length() < SHORTEST_REASON || reason.length() > LONGEST_REASON) {
            throw Refused.field("reason", "vault.reveal.reason", SHORTEST_REASON, LONGEST_REASON, reason.length());
        }
        return tenancy.write(access.tenant(), () -> {
            var now = clock.instant().truncatedTo(ChronoUnit.MICROS);
            requireWithinLimit(access, now);
            var client = vault.writing(access.tenant());
            var value = opening.apply(client);
            var id = Ids.at(now.toEpochMilli());
            add(access, request, id, client.seal(REASON, id, reason), now);
            events.publishEvent(new Revealed(
                    access.tenant(),
                    access.contract(),
                    id,
                    request.dataSubject(),
                    request.column().name(),
                    request.purpose(),
                    access.party(),
                    now,
                    access.person()));
            return value;
        });
    }

    /**
     * Which entries are asked for.
     *
     * @param dataSubject only of this person's data, also under ids merged into this one; or null
     * @param purpose only what was seen for this, or null
     * @param actor only what this person saw, or null
     */
    public record Sought(
            @Nullable UUID dataSubject,
            @Nullable Purpose purpose,
            @Nullable UUID actor) {}

    /** As {@link #found(Access, Sought, UUID, int)}, of one person's data or of everybody's. */
    public List<Entry> entries(Access access, @Nullable UUID before, @Nullable UUID dataSubject, int most) {
        return found(access, new Sought(dataSubject, null, null), before, most);
    }

    /**
     * Who saw what, the newest first.
     *
     * @param before only those before this one, or null
     */
    public List<Entry> found(Access access, Sought sought, @Nullable UUID before, int most) {
        var dataSubject = sought.dataSubject();
        var purpose = sought.purpose();
        access.require(Capability.GUARD_DATA);
        return tenancy.read(access.tenant(), () -> {
            var client = vault.reading(access.tenant());
            var entries = jdbc.sql("""
                            select id, happened_at, actor, party, subject_id, field, purpose, reason from vault.reveal
                            where tenant_id = :tenant and contract_id = :contract
                            and (cast(:before as uuid) is null or id < :before)
                            and (cast(:subjects as uuid[]) is null or subject_id = any(cast(:subjects as uuid[])))
                            and (cast(:purpose as text) is null or purpose = :purpose)
                            and (cast(:actor as uuid) is null or actor = :actor)
                            order by id desc limit :most
                            """)
                    .param("tenant", access.tenant())
                    .param("contract", access.contract())
                    .param("before", before)
                    .param("purpose", purpose == null ? null : purpose.name())
                    .param("actor", sought.actor())
                    .param(
                            "subjects",
                            dataSubject == null
                                    ? null
                                    : subjects.knownAs(access.tenant(), dataSubject)
                                            .toArray(UUID[]::new))
                    .param("most", Math.clamp(most, 1, 200))
                    .query((row, _) -> {
                        var id = row.getObject("id", UUID.class);
                        return new Entry(
                                id,
                                row.getTimestamp("happened_at").toInstant(),
                                row.getObject("actor", UUID.class),
                                "",
                                Party.valueOf(row.getString("party")),
                                row.getObject("subject_id", UUID.class),
                                row.getString("field"),
                                Purpose.valueOf(row.getString("purpose")),
                                client.open(REASON, id, Sealed.of(row.getBytes("reason")))
                                        .inTheClear());
                    })
                    .list();
            var names =
                    people.names(entries.stream().map(Entry::actor).distinct().toList());
            return entries.stream()
                    .map(entry -> entry.by(names.getOrDefault(entry.actor(), "")))
                    .toList();
        });
    }

    /** Counted in the record itself: the limit survives a restart and holds over all nodes. */
    private void requireWithinLimit(Access access, Instant now) {
        // One at a time for each person, or a burst would slip through together.
        jdbc.sql("select pg_advisory_xact_lock(hashtextextended(:who, 0))")
                .param("who", "vault.reveal " + access.tenant() + access.person())
                .query((_, _) -> true)
                .single();
        record Seen(int count, @Nullable Instant first) {}
        var seen = jdbc.sql("""
                        select count(*)::int as count, min(happened_at) as first from vault.reveal
                        where tenant_id = :tenant and actor = :actor and happened_at > :since
                        """)
                .param("tenant", access.tenant())
                .param("actor", access.person())
                .param("since", now.minus(WINDOW).atOffset(ZoneOffset.UTC))
                .query((row, _) -> {
                    var first = row.getTimestamp("first");
                    return new Seen(row.getInt("count"), first == null ? null : first.toInstant());
                })
                .single();
        if (seen.count() >= most) {
            var first = seen.first() == null ? now : seen.first();
            long minutes = 1 + Duration.between(now, first.plus(WINDOW)).toMinutes();
            throw Refused.because("vault.reveal.tooMany", most, minutes);
        }
    }

    private void add(Access access, Request request, UUID id, Sealed reason, Instant now) {
        jdbc.sql("""
                        insert into vault.reveal (tenant_id, id, contract_id, actor, party, subject_id, field, row_id,
                            purpose, reason, happened_at)
                        values (:tenant, :id, :contract, :actor, :party, :subject, :field, :row, :purpose, :reason, :now)
                        """)
                .param("tenant", access.tenant())
                .param("id", id)
                .param("contract", access.contract())
                .param("actor", access.person())
                .param("party", access.party().name())
                .param("subject", request.dataSubject())
                .param("field", request.column().name())
                .param("row", request.row())
                .param("purpose", request.purpose().name())
                .param("reason", reason.bytes())
                .param("now", now.atOffset(ZoneOffset.UTC))
                .update();
    }

    @Configuration(proxyBeanMethods = false)
    static class Tables {

        @Bean
        SealedTable revealTable() {
            return new SealedTable("vault.reveal", "id", List.of(REASON));
        }
    }
}
