package io.retainer.complaint;

import static io.retainer.identity.Capability.READ_COMPLAINTS;
import static io.retainer.identity.Capability.WORK_COMPLAINTS;

import io.retainer.complaint.ComplaintRows.Counts;
import io.retainer.complaint.ComplaintRows.Row;
import io.retainer.complaint.ComplaintRows.Wanted;
import io.retainer.complaint.Entry.Kind;
import io.retainer.customer.CustomerPage;
import io.retainer.customer.Customers;
import io.retainer.duty.AssessedDuty;
import io.retainer.duty.Cause;
import io.retainer.duty.DutyState;
import io.retainer.identity.Access;
import io.retainer.identity.Capability;
import io.retainer.identity.Membership;
import io.retainer.identity.People;
import io.retainer.identity.SignedLinks;
import io.retainer.identity.Standings;
import io.retainer.kernel.Party;
import io.retainer.kernel.Refused;
import io.retainer.kernel.Sentence;
import io.retainer.kernel.Tenancy;
import io.retainer.kernel.Texts;
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
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Service;

/** What the desk shows: the queue of one contract or of all, and one case with everything beside it. */
@Service
class CaseDesk {

    static final int PAGE = 50;
    private static final int LONGEST_SEARCH = 100;
    private static final int MOST_VIEWS = 30;
    private static final int LONGEST_FILTER = 500;
    private static final Pattern NUMBER = Pattern.compile("#?([0-9]{4,9})");
    private static final Pattern PHONE = Pattern.compile("\\+?[0-9][0-9 ()\\-]{6,}");

    private final ComplaintRows rows;
    private final CaseRows cases;
    private final CaseWords words;
    private final ComplaintClock clocks;
    private final Complaints complaints;
    private final Letters letters;
    private final SettingRows settings;
    private final Staff staff;
    private final Live live;
    private final Learning learning;
    private final Customers customers;
    private final SignedLinks links;
    private final Standings standings;
    private final People people;
    private final Vault vault;
    private final Tenancy tenancy;
    private final Clock clock;

    CaseDesk(
            ComplaintRows rows,
            CaseRows cases,
            CaseWords words,
            ComplaintClock clocks,
            Complaints complaints,
            Letters letters,
            SettingRows settings,
            Staff staff,
            Live live,
            Learning learning,
            Customers customers,
            SignedLinks links,
            Standings standings,
            People people,
            Vault vault,
            Tenancy tenancy,
            Clock clock) {
        this.rows = rows;
        this.cases = cases;
        this.words = words;
        this.clocks = clocks;
        this.complaints = complaints;
        this.letters = letters;
        this.settings = settings;
        this.staff = staff;
        this.live = live;
        this.learning = learning;
        this.customers = customers;
        this.links = links;
        this.standings = standings;
        this.people = people;
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
    Queue queue(UUID person, List<Access> accesses, Filter filter, String search, @Nullable String after) {
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
                    lines(page, now),
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
            return rows.queue(wanted(person, accesses, filter, search, now), due, id, PAGE + 1, now);
        }
        return accesses.stream()
                .flatMap(access ->
                        rows
                                .queue(wanted(person, List.of(access), filter, search, now), due, id, PAGE + 1, now)
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
                parts = Complaints.parts(client, search);
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

    private List<Line> lines(List<Row> page, Instant now) {
        return lines(page, Map.of(), now);
    }

    /** @param known names that need not be asked for */
    private List<Line> lines(List<Row> page, Map<UUID, String> known, Instant now) {
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

    private @Nullable String link(UUID tenant, UUID question) {
        return links.of(tenant, Complaints.QUESTION_LINK, "question/" + question).stream()
                .findFirst()
                .map(links::token)
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

    /** A line of the time line as it is shown. */
    record Shown(
            Kind kind,
            @Nullable Sentence said,
            @Nullable String text,
            boolean internal,
            @Nullable String actor,
            Instant at,
            List<File> files) {}

    /** A file that hangs on a line. */
    record File(UUID id, String name, String type, int size) {}

    /**
     * A question with who was asked.
     *
     * @param written whether a third party was written to and answers by a link
     * @param link the token of that link for whoever works on the case, while it waits
     */
    record Asked(
            UUID id,
            Cause whom,
            String text,
            Instant dueAt,
            @Nullable Instant answeredAt,
            boolean late,
            boolean written,
            @Nullable String link,
            boolean mine) {}

    /** One complaint as its page shows it. */
    record Case(
            Complaint complaint,
            String subject,
            @Nullable String name,
            @Nullable String phone,
            @Nullable String email,
            CustomerPage.@Nullable Line customer,
            List<CustomerPage.Line> candidates,
            Particulars particulars,
            List<Shown> entries,
            List<Asked> questions,
            List<AssessedDuty> duties,
            List<Line> related,
            List<Line> history,
            Map<UUID, String> workers,
            @Nullable String owner,
            @Nullable String draftedBy,
            @Nullable String approvedBy,
            @Nullable String clientApprovedBy,
            List<String> inside,
            List<SettingRows.Canned> canned,
            @Nullable String status,
            Letters.@Nullable Way way,
            Learning.@Nullable Help help,
            Set<String> acts,
            List<String> colleagues,
            @Nullable UUID next) {}

    Case show(Access access, UUID id) {
        var found = read(access, id);
        if (found.status() == null && access.may(WORK_COMPLAINTS)) {
            // Old cases get their link when somebody first looks at them.
            complaints.statusLink(access.tenant(), id);
            return read(access, id);
        }
        return found;
    }

    private Case read(Access access, UUID id) {
        access.require(READ_COMPLAINTS);
        var now = clock.instant();
        var tenant = access.tenant();
        boolean works = access.may(WORK_COMPLAINTS);
        var workers = staff.workers(access.contract());
        return tenancy.read(tenant, () -> {
            var row = rows.get(tenant, access.contract(), id);
            var c = row.complaint();
            var p = row.particulars();
            var reader = words.reader(tenant);
            var client = vault.reading(tenant);
            var entries = cases.entries(tenant, List.of(id)).stream()
                    .filter(entry -> works || visible(entry))
                    .toList();
            var inside = live.inside(id).stream()
                    .filter(person -> !person.equals(access.person()))
                    .toList();
            var names = names(entries, c, inside, workers);
            var files = files(tenant, id, reader);
            // Each question stands in the time line too.
            var questions = entries.stream().anyMatch(entry -> entry.kind() == Kind.QUESTION)
                    ? cases.questions(tenant, id)
                    : List.<CaseRows.Question>of();
            var asked = entries.stream()
                    .filter(entry -> entry.kind() == Kind.QUESTION && entry.question() != null)
                    .collect(Collectors.toMap(
                            entry -> Objects.requireNonNull(entry.question()),
                            entry -> text(reader, entry),
                            (a, _) -> a));
            var around = rows.around(row, 10);
            var proposal = c.proposed();
            var duties = clocks.of(c, row.duties(), now);
            return new Case(
                    c,
                    reader.subject(id, p.subject()),
                    client.masked(ComplaintRows.NAME, id, p.name()),
                    client.masked(ComplaintRows.PHONE, id, p.phone()),
                    client.masked(ComplaintRows.EMAIL, id, p.email()),
                    p.customer() == null || !access.may(Capability.READ_CUSTOMERS)
                            ? null
                            : customers.profile(access, p.customer()).customer(),
                    works && p.customer() == null ? candidates(access, row, reader) : List.of(),
                    p,
                    entries.stream()
                            .map(entry -> new Shown(
                                    entry.kind(),
                                    named(entry.words(), names),
                                    entry.text() == null ? null : text(reader, entry),
                                    entry.internal(),
                                    entry.actor() == null ? null : names.getOrDefault(entry.actor(), "—"),
                                    entry.happenedAt(),
                                    files.getOrDefault(entry.id(), List.of())))
                            .toList(),
                    questions.stream()
                            .filter(q -> asked.containsKey(q.id()))
                            .map(q -> new Asked(
                                    q.id(),
                                    q.asked(),
                                    asked.getOrDefault(q.id(), ""),
                                    q.dueAt(),
                                    q.answeredAt(),
                                    q.answeredAt() == null && !q.dueAt().isAfter(now),
                                    q.email() != null,
                                    works && q.email() != null && q.answeredAt() == null ? link(tenant, q.id()) : null,
                                    works || (access.party() == Party.CLIENT && q.asked() == Cause.CLIENT)))
                            .toList(),
                    duties,
                    lines(around.related(), names, now),
                    lines(around.history(), names, now),
                    workers,
                    c.owner() == null ? null : names.getOrDefault(c.owner(), "—"),
                    proposal == null ? null : names.get(proposal.draftedBy()),
                    proposal == null || proposal.approvedBy() == null ? null : names.get(proposal.approvedBy()),
                    proposal == null || proposal.clientApprovedBy() == null
                            ? null
                            : names.get(proposal.clientApprovedBy()),
                    inside.stream()
                            .map(person -> names.getOrDefault(person, "—"))
                            .toList(),
                    works ? canned(access, c, p, reader.subject(id, p.subject()), duties, names) : List.of(),
                    works ? complaints.knownLink(tenant, id).map(links::token).orElse(null) : null,
                    works && !c.stage().name().over() ? letters.way(row).orElse(null) : null,
                    works && c.stage() instanceof Stage.Acknowledged
                            ? learning.help(tenant, reader.subject(id, p.subject()) + "\n" + first(entries, reader))
                            : null,
                    acts(access, c),
                    workers.entrySet().stream()
                            .filter(worker -> !worker.getKey().equals(access.person()))
                            .map(Map.Entry::getValue)
                            .sorted()
                            .toList(),
                    works ? next(access, row, now) : null);
        });
    }

    /** The next of one's own after this one, by due time; the first one when this is not among them. */
    private @Nullable UUID next(Access access, Row row, Instant now) {
        var mine = wanted(
                access.person(),
                List.of(access),
                new Filter(Filter.View.MINE, null, null, null, null, null, null),
                "",
                now);
        var here = row.complaint().id();
        boolean among = access.person().equals(row.complaint().owner())
                && !row.complaint().stage().name().over();
        return rows.queue(mine, among ? row.dueAt() : null, among ? here : null, 2, now).stream()
                .map(each -> each.complaint().id())
                .filter(each -> !each.equals(here))
                .findFirst()
                .orElse(null);
    }

    /** With their variables filled in, in the complainant's language. */
    private List<SettingRows.Canned> canned(
            Access access,
            Complaint c,
            Particulars p,
            String subject,
            List<AssessedDuty> duties,
            Map<UUID, String> known) {
        var texts = Texts.in(p.language());
        var person = access.person();
        var me = known.containsKey(person)
                ? known.getOrDefault(person, "")
                : staff.names(List.of(person)).getOrDefault(person, "");
        var last = duties.stream()
                .filter(duty -> duty.assessment().state() == DutyState.RUNNING
                        && duty.duty().debtor() == Party.PROVIDER)
                .map(duty -> duty.assessment().due())
                .flatMap(Stream::ofNullable)
                .max(Comparator.naturalOrder());
        // The first instant that is late is the beginning of the day after the last.
        var day = last.map(due -> LocalDate.ofInstant(due.minusNanos(1), WorkingHours.STANDARD.zone()))
                .orElseGet(() -> complaints.expected(c, c.receivedAt()));
        return settings.canned(access.tenant(), access.contract()).stream()
                .map(each -> new SettingRows.Canned(
                        each.id(),
                        each.title(),
                        each.text()
                                .replace("[number]", Long.toString(c.number()))
                                .replace("[agent]", me)
                                .replace("[subject]", subject)
                                .replace("[date]", texts.say("complaint.at", day))))
                .toList();
    }

    private UUID checked(Access access, UUID id) {
        tenancy.read(access.tenant(), () -> rows.get(access.tenant(), access.contract(), id));
        return id;
    }

    /** @throws Unknown when the contract has no such complaint */
    void requireKnown(Access access, UUID id) {
        checked(access, id);
    }

    /** What the client may read: what was said with the complainant, what it was asked itself, and what happened. */
    private static boolean visible(Entry entry) {
        return switch (entry.kind()) {
            case EVENT, STATEMENT, REPLY, QUESTION, ANSWER -> true;
            case NOTE -> false;
        };
    }

    private static String first(List<Entry> entries, CaseWords.Reader reader) {
        return entries.stream()
                .filter(entry -> entry.kind() == Kind.STATEMENT)
                .findFirst()
                .map(entry -> text(reader, entry))
                .orElse("");
    }

    private static String text(CaseWords.Reader reader, Entry entry) {
        return entry.text() == null ? "" : reader.text(entry.id(), entry.text());
    }

    private Map<UUID, String> names(List<Entry> entries, Complaint c, List<UUID> inside, Map<UUID, String> known) {
        var people = new HashSet<>(inside);
        entries.forEach(entry -> {
            if (entry.actor() != null) {
                people.add(entry.actor());
            }
            var said = entry.words();
            if (said != null) {
                said.arguments().forEach(argument -> {
                    if (argument instanceof UUID person) {
                        people.add(person);
                    }
                });
            }
        });
        if (c.owner() != null) {
            people.add(c.owner());
        }
        var proposal = c.proposed();
        if (proposal != null) {
            people.add(proposal.draftedBy());
        }
        people.removeAll(known.keySet());
        var names = new HashMap<>(known);
        if (!people.isEmpty()) {
            names.putAll(staff.names(people));
        }
        return names;
    }

    private static @Nullable Sentence named(@Nullable Sentence said, Map<UUID, String> names) {
        return said == null
                ? null
                : Sentence.of(
                        said.key(),
                        said.arguments().stream()
                                .map(argument -> named(argument, names))
                                .toArray());
    }

    private static @Nullable Object named(@Nullable Object argument, Map<UUID, String> names) {
        return switch (argument) {
            case null -> null;
            case UUID person -> names.getOrDefault(person, "—");
            // What ends with a day is said by its day.
            case Instant due
            when due.atZone(WorkingHours.STANDARD.zone()).toLocalTime().equals(LocalTime.MIDNIGHT) ->
                LocalDate.ofInstant(due.minusNanos(1), WorkingHours.STANDARD.zone());
            default -> argument;
        };
    }

    private Map<UUID, List<File>> files(UUID tenant, UUID id, CaseWords.Reader reader) {
        var files = new LinkedHashMap<UUID, List<File>>();
        cases.attachments(tenant, id)
                .forEach(file -> files.computeIfAbsent(file.entry(), _ -> new ArrayList<>())
                        .add(new File(
                                file.id(),
                                reader.words(CaseRows.FILE_NAME, file.id(), file.name()),
                                file.type(),
                                file.size())));
        return files;
    }

    /** Customers with the same number or address, when it was not clear whose complaint it is. */
    private List<CustomerPage.Line> candidates(Access access, Row row, CaseWords.Reader reader) {
        var p = row.particulars();
        var id = row.complaint().id();
        var found = customers.reachedBy(
                access.tenant(),
                p.phone() == null ? null : reader.words(ComplaintRows.PHONE, id, p.phone()),
                p.email() == null ? null : reader.words(ComplaintRows.EMAIL, id, p.email()));
        return access.may(Capability.READ_CUSTOMERS)
                ? found.stream()
                        .limit(5)
                        .map(each -> customers.profile(access, each).customer())
                        .toList()
                : List.of();
    }

    /** What this person may do now, so that the page offers nothing that would be refused. */
    private static Set<String> acts(Access access, Complaint c) {
        var acts = new HashSet<String>();
        if (access.may(Capability.APPROVE_REMEDY)) {
            var proposal = c.stage() instanceof Stage.Drafted(var drafted) ? drafted : null;
            if (proposal != null) {
                acts.add("sendBack");
                if (c.needsClient(proposal) && proposal.clientApprovedBy() == null) {
                    acts.add("approveByClient");
                }
            }
        }
        if (!access.may(WORK_COMPLAINTS)) {
            return acts;
        }
        acts.add("note");
        switch (c.stage()) {
            case Stage.Received _ -> acts.addAll(List.of("register", "merge", "notAComplaint"));
            case Stage.Registered _ -> acts.addAll(List.of("acknowledge", "merge", "pause"));
            case Stage.Acknowledged _ -> acts.addAll(List.of("assess", "merge", "pause"));
            case Stage.Judged _ -> acts.addAll(List.of("investigate", "assess", "redirect", "merge", "pause"));
            case Stage.Investigating _ -> acts.addAll(List.of("propose", "assess", "pause"));
            case Stage.Drafted(var proposal) -> {
                acts.addAll(List.of("sendBack", "pause"));
                boolean eyes = proposal.needsSecondEyes(c.priority()) && proposal.approvedBy() == null;
                boolean client = c.needsClient(proposal) && proposal.clientApprovedBy() == null;
                if (proposal.approvedBy() == null && !proposal.draftedBy().equals(access.person())) {
                    acts.add("approve");
                }
                if (!eyes && !client) {
                    acts.add("communicate");
                }
            }
            case Stage.Communicated _ -> acts.addAll(List.of("accept", "reject"));
            case Stage.Escalated _ -> acts.addAll(List.of("investigate", "pause"));
            case Stage.VisitDue(var _, var missed) -> {
                acts.add("visit");
                if (missed.size() == Complaint.MOST_VISITS) {
                    acts.add("close");
                } else {
                    acts.add("miss");
                }
            }
            case Stage.Visited _ -> acts.add("close");
            case Stage.Closed _, Stage.External _ -> acts.add("reopen");
            case Stage.Redirected _, Stage.Merged _ -> {
                // over
            }
        }
        if (!c.stage().name().over()) {
            acts.addAll(List.of("reply", "assign", "split", "ask"));
        }
        if (!(c.stage() instanceof Stage.Redirected
                || c.stage() instanceof Stage.Merged
                || c.stage() instanceof Stage.External)) {
            acts.add("external");
        }
        if (c.pause() != null) {
            acts.remove("pause");
            acts.add("resume");
        }
        return acts;
    }

    List<Line> alike(Access access, @Nullable String phone, @Nullable String email) {
        var found = complaints.alike(access, phone, email);
        return tenancy.read(access.tenant(), () -> lines(found, clock.instant()));
    }

    Map<UUID, String> workers(Access access) {
        return staff.workers(access.contract());
    }

    /** Who works on complaints under one of these contracts at least, where this person may assign. */
    Map<UUID, String> workers(List<Access> accesses) {
        return staff.workers(accesses.stream()
                .filter(access -> access.may(WORK_COMPLAINTS))
                .map(Access::contract)
                .toList());
    }

    List<SettingRows.View> views(Access access) {
        access.require(READ_COMPLAINTS);
        return tenancy.read(access.tenant(), () -> settings.views(access.tenant(), access.contract(), access.person()));
    }

    void keepView(Access access, String name, Filter filter) {
        access.require(READ_COMPLAINTS);
        keepView(access.tenant(), access.contract(), access.person(), name, filter);
    }

    void dropView(Access access, UUID view) {
        access.require(READ_COMPLAINTS);
        tenancy.write(
                access.tenant(), () -> settings.dropView(access.tenant(), access.contract(), access.person(), view));
    }

    /** Of the queue over all contracts; kept with the person's own organisation, because they are nobody else's. */
    List<SettingRows.View> ownViews(UUID person) {
        return home(person)
                .map(home -> tenancy.read(home, () -> settings.views(home, null, person)))
                .orElse(List.of());
    }

    void keepOwnView(UUID person, String name, Filter filter) {
        home(person).ifPresent(home -> keepView(home, null, person, name, filter));
    }

    void dropOwnView(UUID person, UUID view) {
        home(person).ifPresent(home -> tenancy.write(home, () -> settings.dropView(home, null, person, view)));
    }

    private Optional<UUID> home(UUID person) {
        return people.memberships(person).stream().map(Membership::organisation).findFirst();
    }

    private void keepView(UUID tenant, @Nullable UUID contract, UUID person, String name, Filter filter) {
        var plain = name.strip();
        if (plain.isEmpty() || plain.length() > 40) {
            throw Refused.field("name", "complaint.view.name", 40);
        }
        filter.check();
        if (filter.query().length() > LONGEST_FILTER) {
            throw Refused.field("product", "complaint.view.long");
        }
        tenancy.write(tenant, () -> {
            var kept = settings.views(tenant, contract, person);
            if (kept.size() >= MOST_VIEWS
                    && kept.stream().noneMatch(view -> view.name().equals(plain))) {
                throw Refused.field("name", "complaint.view.many", MOST_VIEWS);
            }
            settings.keepView(tenant, contract, person, plain, filter.query());
        });
    }

    /** A file to be downloaded. */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    record Download(String name, String type, byte[] content) {}

    Download file(Access access, UUID id, UUID file) {
        access.require(READ_COMPLAINTS);
        return tenancy.read(access.tenant(), () -> {
            rows.get(access.tenant(), access.contract(), id);
            var found = cases.attachment(access.tenant(), id, file).orElseThrow(() -> new Unknown("file " + file));
            boolean readable = access.may(WORK_COMPLAINTS)
                    || cases.entries(access.tenant(), List.of(id)).stream()
                            .anyMatch(entry ->
                                    entry.id().equals(found.attachment().entry()) && visible(entry));
            if (!readable) {
                throw new Unknown("file " + file);
            }
            var reader = words.reader(access.tenant());
            return new Download(
                    reader.words(CaseRows.FILE_NAME, file, found.attachment().name()),
                    found.attachment().type(),
                    reader.content(file, found.content()));
        });
    }
}
