package io.retainer.complaint;

import static io.retainer.identity.Capability.READ_COMPLAINTS;
import static io.retainer.identity.Capability.WORK_COMPLAINTS;

import io.retainer.complaint.ComplaintRows.Row;
import io.retainer.complaint.Entry.Kind;
import io.retainer.customer.CustomerPage;
import io.retainer.customer.Customers;
import io.retainer.duty.AssessedDuty;
import io.retainer.duty.Cause;
import io.retainer.duty.DutyState;
import io.retainer.identity.Access;
import io.retainer.identity.Capability;
import io.retainer.kernel.Party;
import io.retainer.kernel.Sentence;
import io.retainer.kernel.Tenancy;
import io.retainer.kernel.Texts;
import io.retainer.kernel.Unknown;
import io.retainer.kernel.WorkingHours;
import io.retainer.vault.Vault;
import java.time.Clock;
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
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Service;

/** One case as the desk shows it, with everything beside it. */
@Service
class CaseDesk {

    private static final int MOST_AROUND = 10;
    private static final int MOST_CANDIDATES = 5;

    private final ComplaintRows rows;
    private final CaseRows cases;
    private final CaseWords words;
    private final CaseQueue queue;
    private final ComplaintClock clocks;
    private final Complaints complaints;
    private final StatusLinks statusLinks;
    private final Letters letters;
    private final SettingRows settings;
    private final Staff staff;
    private final Live live;
    private final Learning learning;
    private final Customers customers;
    private final Questions questions;
    private final Vault vault;
    private final Tenancy tenancy;
    private final Clock clock;

    CaseDesk(
            ComplaintRows rows,
            CaseRows cases,
            CaseWords words,
            CaseQueue queue,
            ComplaintClock clocks,
            Complaints complaints,
            StatusLinks statusLinks,
            Letters letters,
            SettingRows settings,
            Staff staff,
            Live live,
            Learning learning,
            Customers customers,
            Questions questions,
            Vault vault,
            Tenancy tenancy,
            Clock clock) {
        this.rows = rows;
        this.cases = cases;
        this.words = words;
        this.queue = queue;
        this.clocks = clocks;
        this.complaints = complaints;
        this.statusLinks = statusLinks;
        this.letters = letters;
        this.settings = settings;
        this.staff = staff;
        this.live = live;
        this.learning = learning;
        this.customers = customers;
        this.questions = questions;
        this.vault = vault;
        this.tenancy = tenancy;
        this.clock = clock;
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
            List<CaseQueue.Line> related,
            List<CaseQueue.Line> history,
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
            statusLinks.of(access.tenant(), id);
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
            var subject = reader.subject(id, p.subject());
            var inside = live.inside(id).stream()
                    .filter(person -> !person.equals(access.person()))
                    .toList();
            var names = names(entries, c, inside, workers);
            var around = rows.around(row, MOST_AROUND);
            var proposal = c.proposed();
            var duties = clocks.of(c, row.duties(), now);
            return new Case(
                    c,
                    subject,
                    client.masked(ComplaintRows.NAME, id, p.name()),
                    client.masked(ComplaintRows.PHONE, id, p.phone()),
                    client.masked(ComplaintRows.EMAIL, id, p.email()),
                    p.customer() == null || !access.may(Capability.READ_CUSTOMERS)
                            ? null
                            : customers.profile(access, p.customer()).customer(),
                    works && p.customer() == null ? candidates(access, row, reader) : List.of(),
                    p,
                    shown(entries, files(tenant, id, reader), names, reader),
                    asked(access, id, entries, reader, now),
                    duties,
                    queue.lines(around.related(), names, now),
                    queue.lines(around.history(), names, now),
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
                    works ? canned(access, c, p, subject, duties, names) : List.of(),
                    works ? statusLinks.token(tenant, id) : null,
                    works && !c.stage().name().over() ? letters.way(row).orElse(null) : null,
                    works && c.stage() instanceof Stage.Acknowledged
                            ? learning.help(tenant, subject + "\n" + first(entries, reader))
                            : null,
                    OfferedActs.of(access, c),
                    workers.entrySet().stream()
                            .filter(worker -> !worker.getKey().equals(access.person()))
                            .map(Map.Entry::getValue)
                            .sorted()
                            .toList(),
                    works ? queue.next(access, row, now) : null);
        });
    }

    private static List<Shown> shown(
            List<Entry> entries, Map<UUID, List<File>> files, Map<UUID, String> names, CaseWords.Reader reader) {
        return entries.stream()
                .map(entry -> new Shown(
                        entry.kind(),
                        named(entry.words(), names),
                        entry.text() == null ? null : text(reader, entry),
                        entry.internal(),
                        entry.actor() == null ? null : names.getOrDefault(entry.actor(), "—"),
                        entry.happenedAt(),
                        files.getOrDefault(entry.id(), List.of())))
                .toList();
    }

    /** Each question stands in the time line too, which has its words: without a line there is none to be asked for. */
    private List<Asked> asked(Access access, UUID id, List<Entry> entries, CaseWords.Reader reader, Instant now) {
        var texts = entries.stream()
                .filter(entry -> entry.kind() == Kind.QUESTION && entry.question() != null)
                .collect(Collectors.toMap(
                        entry -> Objects.requireNonNull(entry.question()), entry -> text(reader, entry), (a, _) -> a));
        if (texts.isEmpty()) {
            return List.of();
        }
        boolean works = access.may(WORK_COMPLAINTS);
        return cases.questions(access.tenant(), id).stream()
                .filter(q -> texts.containsKey(q.id()))
                .map(q -> new Asked(
                        q.id(),
                        q.asked(),
                        texts.getOrDefault(q.id(), ""),
                        q.dueAt(),
                        q.answeredAt(),
                        q.answeredAt() == null && !q.dueAt().isAfter(now),
                        q.email() != null,
                        works && q.email() != null && q.answeredAt() == null
                                ? questions.token(access.tenant(), q.id())
                                : null,
                        works || (access.party() == Party.CLIENT && q.asked() == Cause.CLIENT)))
                .toList();
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

    /** @throws Unknown when the contract has no such complaint */
    void requireKnown(Access access, UUID id) {
        tenancy.read(access.tenant(), () -> rows.get(access.tenant(), access.contract(), id));
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
                        .limit(MOST_CANDIDATES)
                        .map(each -> customers.profile(access, each).customer())
                        .toList()
                : List.of();
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
