package io.retainer.complaint;

import static io.retainer.identity.Capability.READ_COMPLAINTS;

import io.retainer.complaint.ComplaintRows.Row;
import io.retainer.complaint.QueueRows.Counts;
import io.retainer.complaint.QueueRows.Wanted;
import io.retainer.duty.Cause;
import io.retainer.identity.Access;
import io.retainer.identity.Standings;
import io.retainer.kernel.Refused;
import io.retainer.kernel.Sentence;
import io.retainer.kernel.Tenancy;
import io.retainer.kernel.Unknown;
import io.retainer.kernel.WorkingHours;
import io.retainer.vault.Vault;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalTime;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Service;

/** The queue of complaints, of one contract or of all, in the order in which the clocks run out. */
@Service
class CaseQueue {

    static final int PAGE = 50;
    private static final int LONGEST_SEARCH = 100;
    private static final Pattern NUMBER = Pattern.compile("#?([0-9]{4,9})");
    private static final Pattern PHONE = Pattern.compile("\\+?[0-9][0-9 ()\\-]{6,}");

    private final QueueRows rows;
    private final Complainants complainants;
    private final CaseWords words;
    private final Staff staff;
    private final Standings standings;
    private final Vault vault;
    private final Tenancy tenancy;
    private final Clock clock;

    CaseQueue(
            QueueRows rows,
            Complainants complainants,
            CaseWords words,
            Staff staff,
            Standings standings,
            Vault vault,
            Tenancy tenancy,
            Clock clock) {
        this.rows = rows;
        this.complainants = complainants;
        this.words = words;
        this.staff = staff;
        this.standings = standings;
        this.vault = vault;
        this.tenancy = tenancy;
        this.clock = clock;
    }

    /** One line of the queue. */
    record Line(
            UUID tenant,
            UUID contract,
            UUID id,
            long number,
            String subject,
            String name,
            StageName stage,
            @Nullable Priority priority,
            @Nullable Category category,
            Intake intake,
            @Nullable String owner,
            @Nullable Cause paused,
            @Nullable Instant dueAt,
            @Nullable Sentence due,
            boolean late,
            Instant receivedAt,
            int level,
            int reopened) {}

    /** @param next where the next page begins, or null on the last */
    record Queue(List<Line> lines, @Nullable String next, Counts counts) {}

    /** The person's standing under the contracts whose complaints they may see. */
    List<Access> accesses(UUID person) {
        return standings.contracts(person, clock.instant()).stream()
                .filter(access -> access.may(READ_COMPLAINTS))
                .toList();
    }

    /**
     * @param search a number, phone, address or words
     * @param after the end of the page before, or null
     */
    Queue page(UUID person, List<Access> accesses, Filter filter, String search, @Nullable String after) {
        accesses.forEach(access -> access.require(READ_COMPLAINTS));
        if (accesses.isEmpty()) {
            return new Queue(List.of(), null, new Counts(0, 0, 0, 0, 0, 0));
        }
        var now = clock.instant();
        var tenants = accesses.stream().map(Access::tenant).toList();
        var contracts = accesses.stream().map(Access::contract).toList();
        var place = place(after);
        return tenancy.read(Set.copyOf(tenants), () -> {
            var found = found(person, accesses, filter, search.strip(), place, now);
            boolean more = found.size() > PAGE;
            var page = more ? found.subList(0, PAGE) : found;
            var last = more ? page.getLast() : null;
            return new Queue(
                    lines(page, Map.of(), now),
                    last == null ? null : last.dueAt() + "_" + last.complaint().id(),
                    rows.counts(tenants, contracts, person, now));
        });
    }

    /** A page and one more. */
    private List<Row> found(
            UUID person, List<Access> accesses, Filter filter, String search, @Nullable Place place, Instant now) {
        var due = place == null ? null : place.due();
        var id = place == null ? null : place.id();
        // Each client has an index of its own for words, phones and addresses; numbers are everybody's.
        boolean oneByOne = accesses.size() > 1
                && !search.isEmpty()
                && !NUMBER.matcher(search).matches();
        if (!oneByOne) {
            return rows.page(wanted(person, accesses, filter, search, now), due, id, PAGE + 1, now);
        }
        return accesses.stream()
                .flatMap(access ->
                        rows
                                .page(wanted(person, List.of(access), filter, search, now), due, id, PAGE + 1, now)
                                .stream())
                // The newest first, as the database orders ids.
                .sorted(Comparator.comparing((Row row) -> row.complaint().id().toString())
                        .reversed())
                .limit(PAGE + 1)
                .toList();
    }

    private record Place(Instant due, UUID id) {}

    private static @Nullable Place place(@Nullable String after) {
        if (after == null) {
            return null;
        }
        try {
            int bar = after.indexOf('_');
            return new Place(Instant.parse(after.substring(0, bar)), UUID.fromString(after.substring(bar + 1)));
        } catch (RuntimeException e) {
            throw new Unknown("place " + after);
        }
    }

    private Wanted wanted(UUID person, List<Access> accesses, Filter filter, String search, Instant now) {
        var tenants = accesses.stream().map(Access::tenant).toList();
        var contracts = accesses.stream().map(Access::contract).toList();
        if (search.length() > LONGEST_SEARCH) {
            throw Refused.field("q", "complaint.search.long", LONGEST_SEARCH);
        }
        filter.check();
        var view = filter.viewOrOpen();
        boolean everywhere = !search.isEmpty();
        @Nullable Long number = null;
        var values = new ArrayList<Long>();
        @Nullable List<Integer> parts = null;
        var numbered = NUMBER.matcher(search);
        if (numbered.matches()) {
            number = Long.valueOf(numbered.group(1));
        } else if (everywhere) {
            var client = vault.reading(tenants.getFirst());
            if (search.indexOf('@') > 0) {
                add(values, client.index(ComplaintRows.BY_EMAIL, search));
            } else if (PHONE.matcher(search).matches()) {
                add(values, client.index(ComplaintRows.BY_PHONE, search));
            } else {
                parts = TimeLines.parts(client, search);
                if (parts.isEmpty()) {
                    throw Refused.field("q", "complaint.search.short");
                }
            }
        }
        return new Wanted(
                tenants,
                contracts,
                filter.onlyOpen() && !everywhere,
                filter.stage(),
                view == Filter.View.URGENT ? Priority.P1 : filter.priority(),
                filter.category(),
                filter.intake(),
                view == Filter.View.MINE ? Objects.requireNonNull(person) : filter.owner(),
                view == Filter.View.UNOWNED,
                view == Filter.View.LATE,
                view == Filter.View.PAUSED,
                filter.cause(),
                number,
                values,
                parts,
                filter.product(),
                filter.region(),
                receivedFrom(filter, now),
                filter.age() == null || filter.age().from() == 0
                        ? null
                        : now.minus(Duration.ofDays(filter.age().from())),
                filter.days() != null,
                filter.service());
    }

    private static @Nullable Instant receivedFrom(Filter filter, Instant now) {
        var below = filter.age() == null ? null : filter.age().below();
        var days = filter.days() == null || (below != null && below < filter.days()) ? below : filter.days();
        return days == null ? null : now.minus(Duration.ofDays(days));
    }

    private static void add(List<Long> values, @Nullable Long value) {
        if (value != null) {
            values.add(value);
        }
    }

    /** @param known names that need not be asked for */
    List<Line> lines(List<Row> page, Map<UUID, String> known, Instant now) {
        var owners = page.stream()
                .map(row -> row.complaint().owner())
                .flatMap(Stream::ofNullable)
                .filter(owner -> !known.containsKey(owner))
                .toList();
        var names = new HashMap<>(known);
        if (!owners.isEmpty()) {
            names.putAll(staff.names(owners));
        }
        var readers = new HashMap<UUID, CaseWords.Reader>();
        var lines = new ArrayList<Line>();
        for (var row : page) {
            var c = row.complaint();
            var reader = readers.computeIfAbsent(c.tenant(), words::reader);
            var masked = vault.reading(c.tenant())
                    .masked(ComplaintRows.NAME, c.id(), row.particulars().name());
            var assessed = c.assessed();
            lines.add(new Line(
                    c.tenant(),
                    c.contract(),
                    c.id(),
                    c.number(),
                    reader.subject(c.id(), row.particulars().subject()),
                    masked == null ? "—" : masked,
                    c.stage().name(),
                    assessed == null ? null : assessed.priority(),
                    assessed == null ? null : assessed.category(),
                    c.intake(),
                    c.owner() == null ? null : names.getOrDefault(c.owner(), "—"),
                    c.pause() == null ? null : c.pause().owner(),
                    row.dueAt().equals(ComplaintRows.NEVER) ? null : row.dueAt(),
                    row.dueAt().equals(ComplaintRows.NEVER) ? null : due(row.dueAt(), now),
                    !row.dueAt().isAfter(now) && !c.stage().name().over(),
                    c.receivedAt(),
                    c.level(),
                    c.reopened()));
        }
        return lines;
    }

    /** Open complaints by the same number or address, before a second one is made of the same matter. */
    List<Line> alike(Access access, @Nullable String phone, @Nullable String email) {
        var found = complainants.alike(access, phone, email);
        return tenancy.read(access.tenant(), () -> lines(found, Map.of(), clock.instant()));
    }

    /** The next of one's own after this one, by due time; the first one when this is not among them. */
    @Nullable
    UUID next(Access access, Row row, Instant now) {
        var mine = wanted(
                access.person(),
                List.of(access),
                new Filter(Filter.View.MINE, null, null, null, null, null, null),
                "",
                now);
        var here = row.complaint().id();
        boolean among = access.person().equals(row.complaint().owner())
                && !row.complaint().stage().name().over();
        return rows.page(mine, among ? row.dueAt() : null, among ? here : null, 2, now).stream()
                .map(each -> each.complaint().id())
                .filter(each -> !each.equals(here))
                .findFirst()
                .orElse(null);
    }

    /** As people say it: what ends with a day ends on that day, and today is today. */
    static Sentence due(Instant due, Instant now) {
        var zone = WorkingHours.STANDARD.zone();
        var at = due.atZone(zone);
        var today = LocalDate.ofInstant(now, zone);
        boolean endOfDay = at.toLocalTime().equals(LocalTime.MIDNIGHT);
        var day = endOfDay ? at.toLocalDate().minusDays(1) : at.toLocalDate();
        var key = day.equals(today)
                ? "complaint.due.today"
                : day.equals(today.plusDays(1))
                        ? "complaint.due.tomorrow"
                        : day.equals(today.minusDays(1)) ? "complaint.due.yesterday" : "complaint.due.day";
        return endOfDay
                ? Sentence.of(key, day)
                : Sentence.of(key + ".at", day, "%02d:%02d".formatted(at.getHour(), at.getMinute()));
    }
}
