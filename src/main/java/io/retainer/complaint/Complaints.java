package io.retainer.complaint;

import static io.retainer.identity.Capability.APPROVE_REMEDY;
import static io.retainer.identity.Capability.READ_COMPLAINTS;
import static io.retainer.identity.Capability.WORK_COMPLAINTS;

import io.retainer.complaint.CaseRows.Attachment;
import io.retainer.complaint.CaseRows.Question;
import io.retainer.complaint.ComplaintEvent.ComplaintReceived;
import io.retainer.complaint.ComplaintRows.Row;
import io.retainer.complaint.Entry.Kind;
import io.retainer.contract.ContractedService;
import io.retainer.customer.ContactKind;
import io.retainer.customer.Customers;
import io.retainer.duty.Cause;
import io.retainer.duty.Deadline;
import io.retainer.identity.Access;
import io.retainer.identity.SignedLinks;
import io.retainer.kernel.Ids;
import io.retainer.kernel.Money;
import io.retainer.kernel.Party;
import io.retainer.kernel.Refused;
import io.retainer.kernel.Tenancy;
import io.retainer.kernel.Texts;
import io.retainer.kernel.Unknown;
import io.retainer.kernel.WorkCalendar;
import io.retainer.kernel.WorkingHours;
import io.retainer.messaging.Contacts;
import io.retainer.messaging.DeliveryEvent.MessageNotDelivered;
import io.retainer.messaging.Purpose;
import io.retainer.messaging.Recipient;
import io.retainer.vault.ClientVault;
import io.retainer.vault.Personal;
import io.retainer.vault.Reveals;
import io.retainer.vault.Sealed;
import io.retainer.vault.SealedColumn;
import io.retainer.vault.Vault;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.context.event.EventListener;
import org.springframework.stereotype.Service;

/**
 * Takes complaints in and carries out what is decided about them (I-1.1*(2)). Each act is one transaction: it locks the
 * complaint, decides, moves the clocks, saves, writes the time line and publishes the fact.
 */
@Service
class Complaints {

    static final String STATUS_LINK = "complaint-status";
    static final String QUESTION_LINK = "complaint-question";

    /** So long after its day a third party may still answer by its link. */
    static final Duration ANSWERED_LATE = Duration.ofDays(30);

    private static final int MOST_QUESTION_DAYS = 30;
    private static final int MOST_AN_HOUR = 5;

    private final ComplaintRows rows;
    private final CaseRows cases;
    private final SettingRows settings;
    private final ComplaintClock clocks;
    private final TargetsInForce targets;
    private final Letters letters;
    private final Live live;
    private final Customers customers;
    private final Contacts contacts;
    private final Vault vault;
    private final Reveals reveals;
    private final SignedLinks links;
    private final Tenancy tenancy;
    private final ApplicationEventPublisher events;
    private final Clock clock;
    private final WorkCalendar calendar;

    Complaints(
            ComplaintRows rows,
            CaseRows cases,
            SettingRows settings,
            ComplaintClock clocks,
            TargetsInForce targets,
            Letters letters,
            Live live,
            Customers customers,
            Contacts contacts,
            Vault vault,
            Reveals reveals,
            SignedLinks links,
            Tenancy tenancy,
            ApplicationEventPublisher events,
            Clock clock,
            ObjectProvider<WorkCalendar> calendar) {
        this.rows = rows;
        this.cases = cases;
        this.settings = settings;
        this.clocks = clocks;
        this.targets = targets;
        this.letters = letters;
        this.live = live;
        this.customers = customers;
        this.contacts = contacts;
        this.vault = vault;
        this.reveals = reveals;
        this.links = links;
        this.tenancy = tenancy;
        this.events = events;
        this.clock = clock;
        this.calendar = calendar.getIfAvailable(WorkCalendar::chinese);
    }

    /** A complaint that was taken in. */
    record Taken(UUID id, long number) {}

    // Intake

    /** By somebody who works on complaints, or a program of theirs. */
    Taken take(Access access, NewComplaint wanted, List<Upload> files) {
        access.require(WORK_COMPLAINTS);
        return take(access.tenant(), access.contract(), wanted, files, access.person(), null);
    }

    /**
     * From wherever it comes.
     *
     * @param actor null when nobody of the parties wrote it down
     * @param splitFrom the complaint it was a part of, or null
     */
    Taken take(
            UUID tenant,
            UUID contract,
            NewComplaint wanted,
            List<Upload> files,
            @Nullable UUID actor,
            @Nullable UUID splitFrom) {
        var n = ComplaintRules.checked(wanted);
        var now = now();
        var receivedAt = n.receivedAt() == null ? now : n.receivedAt().truncatedTo(ChronoUnit.MICROS);
        if (receivedAt.isAfter(now)) {
            throw Refused.field("receivedAt", "complaint.bad.future");
        }
        if (files.size() > Upload.MOST) {
            throw Refused.field("files", "complaint.file.many", Upload.MOST);
        }
        return tenancy.write(tenant, () -> {
            var inForce = targets.at(tenant, contract, n.intake() == Intake.FILE ? now : receivedAt);
            var client = vault.writing(tenant);
            var id = Ids.at(now.toEpochMilli());
            var received = new ComplaintReceived(
                    tenant, contract, id, rows.nextNumber(), n.intake(), inForce.version(), receivedAt, actor);
            var complaint = Complaint.first(received);
            events.publishEvent(received);
            var sought = n.sought();
            if (sought != null) {
                var registered = complaint.register(sought, now, actor);
                complaint = complaint.after(registered);
                events.publishEvent(registered);
            }
            var running = clocks.start(complaint, inForce, now);
            var particulars = new Particulars(
                    customer(tenant, n),
                    client.sealOrNull(ComplaintRows.NAME, id, n.name()),
                    client.sealOrNull(ComplaintRows.PHONE, id, n.phone()),
                    client.sealOrNull(ComplaintRows.EMAIL, id, n.email()),
                    client.seal(ComplaintRows.SUBJECT, id, Objects.requireNonNull(n.subject())),
                    n.language(),
                    n.product(),
                    n.region(),
                    splitFrom,
                    null);
            var indexes = new ComplaintRows.Indexes(
                    client.index(ComplaintRows.BY_PHONE, n.phone()), client.index(ComplaintRows.BY_EMAIL, n.email()));
            rows.add(
                    complaint,
                    particulars,
                    indexes.phone(),
                    indexes.email(),
                    parts(client, n.subject() + "\n" + n.text()),
                    running.duties(),
                    running.dueAt(),
                    now);
            var statement = Ids.at(now.toEpochMilli());
            cases.add(
                    tenant,
                    List.of(
                            said(complaint, Said.of(received), actor, receivedAt, now),
                            new Entry(
                                    statement,
                                    id,
                                    Kind.STATEMENT,
                                    null,
                                    client.seal(CaseRows.TEXT, statement, n.text()),
                                    false,
                                    actor,
                                    List.of(),
                                    null,
                                    null,
                                    now)),
                    now);
            attach(complaint, statement, files, client, now);
            if (n.intake() != Intake.FILE) {
                letters.received(
                        new Row(complaint, particulars, running.duties(), running.dueAt(), now, indexes),
                        newLink(tenant, id),
                        true);
            }
            live.changed(contract, id);
            return new Taken(id, complaint.number());
        });
    }

    /** The one customer who is reached by what was given; nobody when it is none, or not clear. */
    private @Nullable UUID customer(UUID tenant, NewComplaint n) {
        var found = customers.reachedBy(tenant, n.phone(), n.email());
        return found.size() == 1 ? found.getFirst() : null;
    }

    /** Open complaints by the same number or address: shown before a second one is made of the same matter. */
    List<Row> alike(Access access, @Nullable String phone, @Nullable String email) {
        access.require(WORK_COMPLAINTS);
        var tenant = access.tenant();
        return tenancy.read(tenant, () -> {
            var client = vault.reading(tenant);
            return rows
                    .ofComplainant(
                            tenant,
                            access.contract(),
                            null,
                            client.index(ComplaintRows.BY_PHONE, phone),
                            client.index(ComplaintRows.BY_EMAIL, email),
                            null,
                            10)
                    .stream()
                    .filter(row -> !row.complaint().stage().name().over())
                    .toList();
        });
    }

    /**
     * Whether this address is the one the complaint came from, or one of the customer it is linked to, who is written to when
     * none was left; whoever else names it in a mail does not write into it.
     */
    boolean writtenBy(UUID tenant, UUID complaint, String address) {
        return tenancy.read(tenant, () -> {
            var index = vault.reading(tenant).index(ComplaintRows.BY_EMAIL, address);
            if (index != null && index.equals(rows.indexes(tenant, complaint).email())) {
                return true;
            }
            var customer = rows.find(tenant, complaint)
                    .map(row -> row.particulars().customer())
                    .orElse(null);
            return customer != null
                    && customers.reachedBy(tenant, ContactKind.EMAIL, address).contains(customer);
        });
    }

    /** Whether this address has opened as many complaints within the hour as a person would in a bad week. */
    boolean floods(UUID tenant, String address) {
        return tenancy.read(tenant, () -> {
            var index = vault.reading(tenant).index(ComplaintRows.BY_EMAIL, address);
            return index != null && rows.receivedFrom(tenant, index, now().minus(Duration.ofHours(1))) >= MOST_AN_HOUR;
        });
    }

    /** By which people call it. */
    long number(Access access, UUID id) {
        access.require(READ_COMPLAINTS);
        return tenancy.read(access.tenant(), () -> rows.get(access.tenant(), access.contract(), id))
                .complaint()
                .number();
    }

    // What is decided

    Complaint register(Access access, UUID id, @Nullable Integer version, Remedy sought) {
        access.require(WORK_COMPLAINTS);
        return act(access, id, version, null, (c, now) -> c.register(sought, now, access.person()));
    }

    Complaint acknowledge(Access access, UUID id, @Nullable Integer version) {
        access.require(WORK_COMPLAINTS);
        return tenancy.write(access.tenant(), () -> {
            var done = act(access, id, version, null, (c, now) -> c.acknowledge(now, access.person()));
            var row = rows.get(access.tenant(), access.contract(), id);
            letters.acknowledged(row, expected(done, now()), statusLink(access.tenant(), id));
            return done;
        });
    }

    /** The latest day on which it is resolved, whatever priority it will have, counted from this instant. */
    LocalDate expected(Complaint c, Instant from) {
        return calendar.plusWorkdays(of(c).day(from), Targets.LONGEST_DAYS).date();
    }

    Complaint assess(Access access, UUID id, @Nullable Integer version, Assessed assessed, @Nullable String reason) {
        return assess(access, id, version, assessed, null, reason);
    }

    /** @param service it is about, or null when that is not clear or was said before */
    Complaint assess(
            Access access,
            UUID id,
            @Nullable Integer version,
            Assessed assessed,
            @Nullable ContractedService service,
            @Nullable String reason) {
        access.require(WORK_COMPLAINTS);
        return tenancy.write(access.tenant(), () -> {
            if (service != null) {
                rows.about(access.tenant(), access.contract(), id, service);
            }
            var done = act(access, id, version, reason, (c, now) -> c.assess(assessed, now, access.person()));
            if (done.owner() == null) {
                done = act(access, id, null, null, (c, now) -> c.assign(access.person(), now, access.person()));
            }
            if (done.priority() == Priority.P1) {
                letters.urgent(done);
            }
            return done;
        });
    }

    /** @param person who works on complaints under this contract */
    Complaint assign(Access access, UUID id, @Nullable Integer version, UUID person, Set<UUID> workers) {
        access.require(WORK_COMPLAINTS);
        if (!workers.contains(person)) {
            throw Refused.field("owner", "complaint.refused.notStaff");
        }
        return act(access, id, version, null, (c, now) -> c.assign(person, now, access.person()));
    }

    Complaint redirect(Access access, UUID id, @Nullable Integer version, Redirection why, String reason) {
        access.require(WORK_COMPLAINTS);
        return tenancy.write(access.tenant(), () -> {
            var done = act(access, id, version, reason, (c, now) -> c.redirect(why, now, access.person()));
            tellCustomer(access, done, reason);
            return done;
        });
    }

    Complaint merge(Access access, UUID id, @Nullable Integer version, long into) {
        access.require(WORK_COMPLAINTS);
        return tenancy.write(access.tenant(), () -> {
            var target = rows.numbered(access.tenant(), access.contract(), into)
                    .orElseThrow(() -> Refused.field("into", "complaint.refused.noSuchNumber", into));
            var done = act(access, id, version, null, (c, now) -> c.merge(target.complaint(), now, access.person()));
            var told = rows.get(access.tenant(), access.contract(), id);
            // Nobody is left waiting for an answer under a number that gives none any more.
            tellCustomer(
                    access,
                    done,
                    Texts.in(told.particulars().language())
                            .say(
                                    "complaint.merged.told",
                                    done.number(),
                                    target.complaint().number()));
            say(
                    target.complaint(),
                    Entry.coded("complaint.said.TookOver", done.number()),
                    access.person(),
                    now(),
                    now());
            live.changed(access.contract(), target.complaint().id());
            return done;
        });
    }

    /** The second matter becomes a complaint of its own, by the same person, with its own clocks. */
    Taken split(Access access, UUID id, @Nullable Integer version, String text) {
        access.require(WORK_COMPLAINTS);
        return tenancy.write(access.tenant(), () -> {
            var row = rows.get(access.tenant(), access.contract(), id);
            var p = row.particulars();
            var reader = letters.words().reader(access.tenant());
            var part = take(
                    access.tenant(),
                    access.contract(),
                    new NewComplaint(
                            row.complaint().intake(),
                            p.language(),
                            opened(reader, ComplaintRows.NAME, id, p.name()),
                            opened(reader, ComplaintRows.PHONE, id, p.phone()),
                            opened(reader, ComplaintRows.EMAIL, id, p.email()),
                            null,
                            text,
                            row.complaint().sought(),
                            p.product(),
                            p.region(),
                            now()),
                    List.of(),
                    access.person(),
                    id);
            act(access, id, version, null, (c, now) -> c.split(part.id(), now, access.person()));
            return part;
        });
    }

    private static @Nullable String opened(
            CaseWords.Reader reader, SealedColumn column, UUID row, @Nullable Sealed sealed) {
        return sealed == null ? null : reader.words(column, row, sealed);
    }

    Complaint investigate(Access access, UUID id, @Nullable Integer version) {
        access.require(WORK_COMPLAINTS);
        return act(access, id, version, null, (c, now) -> c.investigate(now, access.person()));
    }

    Complaint propose(
            Access access,
            UUID id,
            @Nullable Integer version,
            RootCause cause,
            Remedy remedy,
            Money compensation,
            String text) {
        access.require(WORK_COMPLAINTS);
        return tenancy.write(access.tenant(), () -> {
            var limit = settings.setting(access.tenant(), access.contract()).limit();
            var done = act(
                    access,
                    id,
                    version,
                    ComplaintRules.text("text", text, ComplaintRules.LONGEST_TEXT),
                    (c, now) -> c.propose(cause, remedy, compensation, limit, now, access.person()));
            var proposal = Objects.requireNonNull(done.proposed());
            if (done.needsClient(proposal)) {
                letters.clientAsked(done);
            }
            return done;
        });
    }

    /** The second pair of eyes on the provider's side. */
    Complaint approve(Access access, UUID id, @Nullable Integer version) {
        access.require(WORK_COMPLAINTS);
        return act(access, id, version, null, (c, now) -> c.approve(now, access.person()));
    }

    /** The client, above the authority limit of the provider and on the third level. */
    Complaint approveByClient(Access access, UUID id, @Nullable Integer version) {
        access.require(APPROVE_REMEDY);
        return act(access, id, version, null, (c, now) -> c.approveByClient(now, access.person()));
    }

    Complaint sendBack(Access access, UUID id, @Nullable Integer version, String reason) {
        if (!access.may(APPROVE_REMEDY)) {
            access.require(WORK_COMPLAINTS);
        }
        return act(
                access,
                id,
                version,
                ComplaintRules.text("reason", reason, 2000),
                (c, now) -> c.sendBack(now, access.person()));
    }

    /** Tells the complainant the decision and how to go on from there, and the client what was decided. */
    Complaint communicate(Access access, UUID id, @Nullable Integer version, String text) {
        access.require(WORK_COMPLAINTS);
        return tenancy.write(access.tenant(), () -> {
            goOn(access, id);
            var done = act(access, id, version, null, (c, now) -> c.communicate(now, access.person()));
            var row = rows.get(access.tenant(), access.contract(), id);
            var client = vault.writing(access.tenant());
            var entry = reply(row, text, access.person(), client);
            letters.decided(row, entry, statusLink(access.tenant(), id));
            letters.outcome(done);
            return done;
        });
    }

    Complaint accept(Access access, UUID id, @Nullable Integer version) {
        access.require(WORK_COMPLAINTS);
        return act(access, id, version, null, (c, now) -> c.accept(now, access.person()));
    }

    Complaint reject(Access access, UUID id, @Nullable Integer version, @Nullable String reason) {
        access.require(WORK_COMPLAINTS);
        return tenancy.write(access.tenant(), () -> {
            var done = act(access, id, version, reason, (c, now) -> c.reject(now, access.person()));
            letters.escalated(done);
            return done;
        });
    }

    /** An attempt to reach the complainant that came to nothing. */
    Complaint missVisit(Access access, UUID id, @Nullable Integer version) {
        access.require(WORK_COMPLAINTS);
        return tenancy.write(access.tenant(), () -> {
            call(access, id);
            return act(access, id, version, null, (c, now) -> c.miss(of(c).day(now), now, access.person()));
        });
    }

    Complaint visit(Access access, UUID id, @Nullable Integer version, boolean satisfied, @Nullable String note) {
        access.require(WORK_COMPLAINTS);
        return tenancy.write(access.tenant(), () -> {
            call(access, id);
            return act(access, id, version, note, (c, now) -> c.visit(satisfied, now, access.person()));
        });
    }

    /** A call counts in the contact budget of the customer. */
    private void call(Access access, UUID id) {
        var customer =
                rows.get(access.tenant(), access.contract(), id).particulars().customer();
        if (customer != null) {
            contacts.call(access.tenant(), customer, Purpose.RETURN_VISIT);
        }
    }

    Complaint close(Access access, UUID id, @Nullable Integer version, RootCause cause, @Nullable String note) {
        access.require(WORK_COMPLAINTS);
        return tenancy.write(access.tenant(), () -> {
            var done = act(access, id, version, note, (c, now) -> {
                var closed = c.close(cause, now, access.person());
                var promised = c.proposed();
                if (promised != null && c.owesRemedy() && (note == null || note.isBlank())) {
                    throw Refused.field("text", "complaint.refused.remedyProof", promised.remedy());
                }
                return closed;
            });
            var language = rows.get(access.tenant(), access.contract(), id)
                    .particulars()
                    .language();
            tellCustomer(
                    access, done, Texts.in(language).say("complaint.closed.told", done.number(), Targets.REOPEN_DAYS));
            return done;
        });
    }

    Complaint reopen(Access access, UUID id, @Nullable Integer version, String reason) {
        access.require(WORK_COMPLAINTS);
        return act(
                access,
                id,
                version,
                ComplaintRules.text("reason", reason, 2000),
                (c, now) -> c.reopen(now, access.person()));
    }

    Complaint external(Access access, UUID id, @Nullable Integer version, ExternalBody body, @Nullable String note) {
        access.require(WORK_COMPLAINTS);
        return tenancy.write(access.tenant(), () -> {
            goOn(access, id);
            var done = act(access, id, version, note, (c, now) -> c.external(body, now, access.person()));
            letters.external(done);
            return done;
        });
    }

    /** Stops the clock for a cause on somebody else's side; what waits for the customer goes on by itself after ten days. */
    Complaint pause(Access access, UUID id, @Nullable Integer version, Cause why, String reason) {
        access.require(WORK_COMPLAINTS);
        return act(access, id, version, ComplaintRules.text("reason", reason, 2000), (c, now) -> {
            var until = why == Cause.CUSTOMER
                    ? calendar.plusWorkdays(of(c).day(now), Targets.MOST_PAUSE_DAYS)
                            .date()
                            .plusDays(1)
                            .atStartOfDay(WorkingHours.STANDARD.zone())
                            .toInstant()
                    : null;
            return c.pause(why, until, now, access.person());
        });
    }

    Complaint resume(Access access, UUID id, @Nullable Integer version) {
        access.require(WORK_COMPLAINTS);
        return act(access, id, version, null, (c, now) -> c.resume(now, access.person()));
    }

    /** Ends the pauses whose time is over. */
    int resumeWhatIsOver(Instant now) {
        int done = 0;
        for (var place : rows.pausedOut(now, 500)) {
            done += tenancy.write(place.tenant(), () -> {
                var row = rows.find(place.tenant(), place.id()).orElseThrow();
                var held = rows.locked(place.tenant(), row.complaint().contract(), place.id());
                var pause = held.complaint().pause();
                if (pause == null || pause.until() == null || pause.until().isAfter(now)) {
                    return 0;
                }
                change(held, held.complaint().resume(pause.until(), null), null, null);
                return 1;
            });
        }
        return done;
    }

    private void goOn(Access access, UUID id) {
        if (rows.locked(access.tenant(), access.contract(), id).complaint().pause() != null) {
            act(access, id, null, null, (c, now) -> c.resume(now, access.person()));
        }
    }

    // What is written

    /** For those who work on it; the people named with an @ are told. */
    void note(Access access, UUID id, String text, List<Upload> files, java.util.Map<UUID, String> workers) {
        access.require(WORK_COMPLAINTS);
        var plain = ComplaintRules.text("text", text, ComplaintRules.LONGEST_TEXT);
        tenancy.write(access.tenant(), () -> {
            var row = rows.get(access.tenant(), access.contract(), id);
            var client = vault.writing(access.tenant());
            var mentioned = mentioned(plain, workers);
            var entry = write(row.complaint(), Kind.NOTE, plain, true, access.person(), mentioned, null, client, now());
            attach(row.complaint(), entry, files, client, now());
            rows.addParts(access.tenant(), id, parts(client, plain));
            mentioned.remove(access.person());
            letters.mentioned(row.complaint(), entry, mentioned);
            live.changed(access.contract(), id);
        });
    }

    /** The longest name counts: whoever is called 陈 is not meant by @陈晨. */
    private static Set<UUID> mentioned(String text, java.util.Map<UUID, String> workers) {
        var mentioned = new HashSet<UUID>();
        for (int at = text.indexOf('@'); at >= 0; at = text.indexOf('@', at + 1)) {
            var rest = text.substring(at + 1);
            int longest = workers.values().stream()
                    .filter(rest::startsWith)
                    .mapToInt(String::length)
                    .max()
                    .orElse(0);
            workers.forEach((person, name) -> {
                if (longest > 0 && name.length() == longest && rest.startsWith(name)) {
                    mentioned.add(person);
                }
            });
        }
        return mentioned;
    }

    /** Writes to the complainant; the first time this is the first response. */
    void reply(Access access, UUID id, String text, List<Upload> files) {
        access.require(WORK_COMPLAINTS);
        tenancy.write(access.tenant(), () -> {
            var row = rows.locked(access.tenant(), access.contract(), id);
            var client = vault.writing(access.tenant());
            var entry = reply(row, text, access.person(), client);
            attach(row.complaint(), entry, files, client, now());
            letters.replied(row, entry, statusLink(access.tenant(), id));
            var running = clocks.responded(row.complaint(), row.duties(), now(), access.person());
            rows.save(row.complaint(), running.duties(), running.dueAt(), now());
            live.changed(access.contract(), id);
        });
    }

    private UUID reply(Row row, String text, UUID person, ClientVault client) {
        var plain = ComplaintRules.text("text", text, ComplaintRules.LONGEST_TEXT);
        var entry = write(row.complaint(), Kind.REPLY, plain, false, person, Set.of(), null, client, now());
        rows.addParts(row.complaint().tenant(), row.complaint().id(), parts(client, plain));
        return entry;
    }

    /** The complainant writes again: by mail, on the status page, or through somebody on the phone. */
    void statement(UUID tenant, UUID id, String text, List<Upload> files, @Nullable UUID actor) {
        var plain = ComplaintRules.text("text", text, ComplaintRules.LONGEST_TEXT);
        tenancy.write(tenant, () -> {
            var found = rows.find(tenant, id).orElseThrow(() -> new Unknown("complaint " + id));
            var row = rows.locked(tenant, found.complaint().contract(), id);
            var client = vault.writing(tenant);
            var entry = write(row.complaint(), Kind.STATEMENT, plain, false, actor, Set.of(), null, client, now());
            attach(row.complaint(), entry, files, client, now());
            rows.addParts(tenant, id, parts(client, plain));
            // What was waited for has come.
            var pause = row.complaint().pause();
            if (pause != null && pause.owner() == Cause.CUSTOMER) {
                change(row, row.complaint().resume(now(), actor), actor, null);
            }
            letters.wroteAgain(row.complaint());
            live.changed(row.complaint().contract(), id);
        });
    }

    /** The complainant decides on the status page. */
    void decide(UUID tenant, UUID id, boolean accepted, @Nullable String reason) {
        tenancy.write(tenant, () -> {
            var found = rows.find(tenant, id).orElseThrow(() -> new Unknown("complaint " + id));
            var row = rows.locked(tenant, found.complaint().contract(), id);
            var now = now();
            var c = row.complaint();
            change(row, accepted ? c.accept(now, null) : c.reject(now, null), null, null);
            if (reason != null && !reason.isBlank()) {
                statement(tenant, id, reason, List.of(), null);
            }
            if (!accepted) {
                letters.escalated(rows.find(tenant, id).orElseThrow().complaint());
            }
        });
    }

    /** Within 30 days of the close the complainant says on the status page that it is not solved after all. */
    void reopenByLink(UUID tenant, UUID id, String text, List<Upload> files) {
        var plain = ComplaintRules.text("text", text, ComplaintRules.LONGEST_TEXT);
        tenancy.write(tenant, () -> {
            var found = rows.find(tenant, id).orElseThrow(() -> new Unknown("complaint " + id));
            var row = rows.locked(tenant, found.complaint().contract(), id);
            if (row.complaint().reopenableUntil() == null) {
                throw Refused.because("complaint.public.over");
            }
            change(row, row.complaint().reopen(now(), null), null, null);
            statement(tenant, id, plain, files, null);
        });
    }

    /** A notice of the complaint did not arrive: whoever works on it is told, so that they call instead. */
    @EventListener
    void undelivered(MessageNotDelivered failed) {
        var tenant = failed.tenant();
        if (failed.recipient().kind() != Recipient.Kind.CUSTOMER
                || !failed.kind().startsWith("complaint.")) {
            return;
        }
        cases.threads(List.of(Letters.hash(failed.message().toString()))).stream()
                .filter(thread -> thread.tenant().equals(tenant))
                .findFirst()
                .flatMap(thread -> tenancy.read(tenant, () -> rows.find(tenant, thread.complaint())))
                .map(Row::complaint)
                .ifPresent(c -> tenancy.write(tenant, () -> {
                    say(c, Entry.coded("complaint.said.Undelivered"), null, failed.at(), now());
                    letters.undelivered(c, failed.message());
                    live.changed(c.contract(), c.id());
                }));
    }

    /** Asks somebody outside the desk; the clock of the complaint stands still meanwhile, at their account. */
    void ask(Access access, UUID id, Cause whom, int days, String text) {
        ask(access, id, whom, days, text, null, "zh");
    }

    /**
     * The same.
     *
     * @param email of a third party, which then answers on a page of its own; null when it is asked some other way
     * @param language in which it is written to
     */
    void ask(Access access, UUID id, Cause whom, int days, String text, @Nullable String email, String language) {
        var address = ComplaintRules.email(email);
        if (address != null && whom != Cause.THIRD_PARTY) {
            throw Refused.field("email", "complaint.refused.email");
        }
        access.require(WORK_COMPLAINTS);
        if (whom == Cause.PROVIDER || whom == Cause.FORCE_MAJEURE) {
            throw Refused.field("whom", "complaint.refused.whom");
        }
        if (days < 1 || days > MOST_QUESTION_DAYS) {
            throw Refused.field("days", "complaint.refused.days", MOST_QUESTION_DAYS);
        }
        var plain = ComplaintRules.text("text", text, ComplaintRules.LONGEST_TEXT);
        tenancy.write(access.tenant(), () -> {
            var row = rows.locked(access.tenant(), access.contract(), id);
            var c = row.complaint();
            if (c.stage().name().over()) {
                throw Refused.because(
                        "complaint.refused.stage", c.number(), c.stage().name(), c.next());
            }
            var now = now();
            var client = vault.writing(access.tenant());
            var question = Ids.at(now.toEpochMilli());
            var deadline = new Deadline.WorkingDays(days, of(c).day(now));
            var due = calendar.plusWorkdays(of(c).day(now), days)
                    .date()
                    .plusDays(1)
                    .atStartOfDay(WorkingHours.STANDARD.zone())
                    .toInstant();
            var debtor = whom.party();
            var duty =
                    debtor == null ? null : clocks.ask(c, debtor, question.toString(), deadline, now, access.person());
            var asked = new Question(
                    question,
                    id,
                    whom,
                    now,
                    due,
                    null,
                    duty,
                    client.sealOrNull(CaseRows.ASKED, question, address),
                    address == null ? null : language);
            cases.add(access.tenant(), asked);
            if (address != null) {
                letters.askedThirdParty(
                        c,
                        asked,
                        links.issue(
                                access.tenant(),
                                QUESTION_LINK,
                                "question/" + question,
                                due.plus(ANSWERED_LATE),
                                false));
            }
            var entry = writeWith(
                    c,
                    Kind.QUESTION,
                    Entry.coded("complaint.said.Asked", whom, due),
                    plain,
                    whom != Cause.CUSTOMER,
                    access.person(),
                    Set.of(),
                    question,
                    client,
                    now);
            if (whom == Cause.CUSTOMER) {
                letters.replied(row, entry, statusLink(access.tenant(), id));
            } else if (whom == Cause.CLIENT) {
                letters.clientAsked(c);
            }
            if (c.pause() == null && pausable(c)) {
                var until = whom == Cause.CUSTOMER ? due : null;
                change(row, c.pause(whom, until, now, access.person()), access.person(), null);
            }
            live.changed(access.contract(), id);
        });
    }

    private static boolean pausable(Complaint c) {
        return switch (c.stage().name()) {
            case REGISTERED, ACKNOWLEDGED, ASSESSED, INVESTIGATING, RESPONSE_DRAFT, ESCALATED -> true;
            case RECEIVED,
                    REDIRECTED,
                    MERGED,
                    COMMUNICATED,
                    RETURN_VISIT_DUE,
                    VISITED,
                    CLOSED,
                    CLOSED_UNVISITED,
                    EXTERNAL -> false;
        };
    }

    /** By the client who was asked, or written down by whoever works on the complaint. */
    void answer(Access access, UUID id, UUID question, String text, List<Upload> files) {
        access.require(READ_COMPLAINTS);
        tenancy.write(access.tenant(), () -> {
            var row = rows.locked(access.tenant(), access.contract(), id);
            var asked = cases.question(access.tenant(), question)
                    .filter(each -> each.complaint().equals(id))
                    .orElseThrow(() -> new Unknown("question " + question));
            boolean own = access.party() == Party.CLIENT && asked.asked() == Cause.CLIENT;
            if (!own) {
                access.require(WORK_COMPLAINTS);
            }
            answer(row, asked, text, files, access.person());
        });
    }

    /** By the third party that was asked, on the page of its link. */
    void answerByLink(UUID tenant, UUID question, String text, List<Upload> files) {
        tenancy.write(tenant, () -> {
            var asked = cases.question(tenant, question).orElseThrow(() -> new Unknown("question " + question));
            var contract = rows.find(tenant, asked.complaint())
                    .orElseThrow(() -> new Unknown("question " + question))
                    .complaint()
                    .contract();
            answer(rows.locked(tenant, contract, asked.complaint()), asked, text, files, null);
        });
    }

    private void answer(Row row, Question asked, String text, List<Upload> files, @Nullable UUID person) {
        var plain = ComplaintRules.text("text", text, ComplaintRules.LONGEST_TEXT);
        var tenant = row.complaint().tenant();
        var now = now();
        if (!cases.answered(tenant, asked.id(), now)) {
            throw Refused.because("complaint.refused.answered");
        }
        if (asked.duty() != null) {
            clocks.answered(row.complaint(), asked.duty(), now, person);
        }
        var client = vault.writing(tenant);
        var entry = writeWith(
                row.complaint(),
                Kind.ANSWER,
                Entry.coded("complaint.said.Answered", asked.asked()),
                plain,
                asked.asked() != Cause.CUSTOMER,
                person,
                Set.of(),
                asked.id(),
                client,
                now);
        attach(row.complaint(), entry, files, client, now);
        var pause = row.complaint().pause();
        boolean more = cases.questions(tenant, row.complaint().id()).stream()
                .anyMatch(each -> each.answeredAt() == null && each.asked() == asked.asked());
        if (pause != null && pause.owner() == asked.asked() && !more) {
            change(row, row.complaint().resume(now, person), person, null);
        }
        letters.questionAnswered(row.complaint(), asked, person);
        live.changed(row.complaint().contract(), row.complaint().id());
    }

    /** Says whose complaint it is; null takes that back. */
    void link(Access access, UUID id, @Nullable UUID customer) {
        access.require(WORK_COMPLAINTS);
        tenancy.write(access.tenant(), () -> {
            var row = rows.locked(access.tenant(), access.contract(), id);
            if (customer != null) {
                customers.profile(access, customer);
            }
            rows.link(access.tenant(), id, customer);
            say(
                    row.complaint(),
                    Entry.coded(customer == null ? "complaint.said.Unlinked" : "complaint.said.Linked"),
                    access.person(),
                    now(),
                    now());
            if (customer != null && !row.complaint().stage().name().over()) {
                var linked = rows.get(access.tenant(), access.contract(), id);
                // Who left no address could not be told that it came in, nor where to follow it.
                if (letters.way(linked).filter(Letters.Way::ofCustomer).isPresent()) {
                    letters.received(linked, statusLink(access.tenant(), id), false);
                }
            }
            live.changed(access.contract(), id);
        });
    }

    /** Shows how the complainant is reached, or their name, on the record. */
    Personal reveal(Access access, UUID id, String what, String reason) {
        access.require(READ_COMPLAINTS);
        var column = switch (what) {
            case "name" -> ComplaintRows.NAME;
            case "phone" -> ComplaintRows.PHONE;
            case "email" -> ComplaintRows.EMAIL;
            default -> throw new Unknown("value " + what);
        };
        return tenancy.write(access.tenant(), () -> {
            var row = rows.get(access.tenant(), access.contract(), id);
            var p = row.particulars();
            var sealed = column.equals(ComplaintRows.NAME)
                    ? p.name()
                    : column.equals(ComplaintRows.PHONE) ? p.phone() : p.email();
            if (sealed == null) {
                throw new Unknown("value " + what);
            }
            var subject = p.customer() == null ? id : p.customer();
            return reveals.reveal(
                    access,
                    new Reveals.Request(subject, column, id, io.retainer.vault.Purpose.COMPLAINT, reason),
                    () -> sealed);
        });
    }

    /** The link by which the complainant follows the complaint, made when it is first needed. */
    SignedLinks.Link statusLink(UUID tenant, UUID complaint) {
        return knownLink(tenant, complaint).orElseGet(() -> newLink(tenant, complaint));
    }

    private SignedLinks.Link newLink(UUID tenant, UUID complaint) {
        return links.issue(tenant, STATUS_LINK, "complaint/" + complaint, now().plus(Duration.ofDays(400)), false);
    }

    /** That link, when there is one already. */
    Optional<SignedLinks.Link> knownLink(UUID tenant, UUID complaint) {
        return links.of(tenant, STATUS_LINK, "complaint/" + complaint).stream().findFirst();
    }

    // How

    private Complaint act(
            Access access,
            UUID id,
            @Nullable Integer version,
            @Nullable String text,
            BiFunction<Complaint, Instant, ComplaintEvent> decision) {
        return tenancy.write(access.tenant(), () -> {
            var row = rows.locked(access.tenant(), access.contract(), id);
            if (version != null && version != row.complaint().version()) {
                throw Refused.because(
                        "complaint.refused.changed", row.complaint().number());
            }
            return change(row, decision.apply(row.complaint(), now()), access.person(), text);
        });
    }

    private Complaint change(Row row, ComplaintEvent event, @Nullable UUID actor, @Nullable String text) {
        var before = row.complaint();
        var after = before.after(event);
        var now = now();
        events.publishEvent(event);
        var stops = event instanceof ComplaintEvent.ComplaintAssessed ? stops(before) : List.<ComplaintClock.Stop>of();
        var running = clocks.after(event, before, after, row.duties(), of(before), stops);
        rows.save(after, running.duties(), running.dueAt(), now);
        var plain = text == null || text.isBlank()
                ? null
                : ComplaintRules.text("reason", text, ComplaintRules.LONGEST_TEXT);
        if (plain == null) {
            say(after, Said.of(event), actor, event.happenedAt(), now);
        } else {
            writeWith(
                    after,
                    Kind.EVENT,
                    Said.of(event),
                    plain,
                    true,
                    actor,
                    Set.of(),
                    null,
                    vault.writing(after.tenant()),
                    now);
        }
        live.changed(after.contract(), after.id());
        // Saving counts the version up.
        return rows.get(after.tenant(), after.contract(), after.id()).complaint();
    }

    /** For what it waited until now, and for whom: its own history tells, so no edit of anything else can lose it. */
    private List<ComplaintClock.Stop> stops(Complaint c) {
        var stops = new ArrayList<ComplaintClock.Stop>();
        for (var entry : cases.entries(c.tenant(), List.of(c.id()))) {
            var pausedFor = entry.pausedFor();
            if (pausedFor != null) {
                stops.add(new ComplaintClock.Stop(pausedFor, entry.happenedAt(), null));
            } else if (entry.resumes() && !stops.isEmpty()) {
                var open = stops.removeLast();
                stops.add(new ComplaintClock.Stop(open.owner(), open.from(), entry.happenedAt()));
            }
        }
        return stops;
    }

    private void tellCustomer(Access access, Complaint complaint, String text) {
        var row = rows.get(access.tenant(), access.contract(), complaint.id());
        var client = vault.writing(access.tenant());
        var entry = reply(row, text, access.person(), client);
        letters.replied(row, entry, statusLink(access.tenant(), complaint.id()));
    }

    private void say(Complaint c, String said, @Nullable UUID actor, Instant at, Instant now) {
        cases.add(c.tenant(), said(c, said, actor, at, now), now);
    }

    private static Entry said(Complaint c, String said, @Nullable UUID actor, Instant at, Instant now) {
        return new Entry(
                Ids.at(now.toEpochMilli()), c.id(), Kind.EVENT, said, null, false, actor, List.of(), null, null, at);
    }

    private UUID write(
            Complaint c,
            Kind kind,
            String text,
            boolean internal,
            @Nullable UUID actor,
            Set<UUID> mentions,
            @Nullable UUID question,
            ClientVault client,
            Instant now) {
        return writeWith(c, kind, null, text, internal, actor, mentions, question, client, now);
    }

    private UUID writeWith(
            Complaint c,
            Kind kind,
            @Nullable String said,
            String text,
            boolean internal,
            @Nullable UUID actor,
            Set<UUID> mentions,
            @Nullable UUID question,
            ClientVault client,
            Instant now) {
        var id = Ids.at(now.toEpochMilli());
        cases.add(
                c.tenant(),
                new Entry(
                        id,
                        c.id(),
                        kind,
                        said,
                        client.seal(CaseRows.TEXT, id, text),
                        internal,
                        actor,
                        List.copyOf(mentions),
                        null,
                        question,
                        now),
                now);
        return id;
    }

    private void attach(Complaint c, UUID entry, List<Upload> files, ClientVault client, Instant now) {
        if (files.size() > Upload.MOST) {
            throw Refused.field("files", "complaint.file.many", Upload.MOST);
        }
        for (var file : files) {
            var id = Ids.at(now.toEpochMilli());
            cases.add(
                    c.tenant(),
                    new Attachment(
                            id,
                            c.id(),
                            entry,
                            client.seal(CaseRows.FILE_NAME, id, file.name()),
                            file.type(),
                            file.content().length),
                    client.seal(CaseRows.CONTENT, id, file.content()),
                    now);
        }
    }

    static List<Integer> parts(ClientVault client, String text) {
        var tags = new ArrayList<Integer>();
        for (var part : TextParts.of(text)) {
            var tag = client.index(ComplaintRows.BY_PART, part);
            if (tag != null) {
                tags.add(tag.intValue());
            }
        }
        return tags.stream().distinct().toList();
    }

    private static Targets of(Complaint c) {
        return new Targets(c.contractVersion(), true, WorkingHours.STANDARD);
    }

    private Instant now() {
        return clock.instant().truncatedTo(ChronoUnit.MICROS);
    }
}
