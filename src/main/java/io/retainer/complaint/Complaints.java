package io.retainer.complaint;

import static io.retainer.identity.Capability.APPROVE_REMEDY;
import static io.retainer.identity.Capability.READ_COMPLAINTS;
import static io.retainer.identity.Capability.WORK_COMPLAINTS;

import io.retainer.contract.ContractedService;
import io.retainer.duty.Cause;
import io.retainer.identity.Access;
import io.retainer.kernel.Money;
import io.retainer.kernel.Refused;
import io.retainer.kernel.Tenancy;
import io.retainer.kernel.Texts;
import io.retainer.kernel.WorkCalendar;
import io.retainer.messaging.Contacts;
import io.retainer.messaging.Purpose;
import java.time.Clock;
import java.time.Instant;
import java.time.LocalDate;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.stereotype.Service;

/** What is decided about complaints by those who may; each decision is one transaction, see {@link Progress}. */
@Service
class Complaints {

    private static final int LONGEST_REASON = 2000;

    private final ComplaintRows rows;
    private final TimeLines lines;
    private final Progress progress;
    private final Reception reception;
    private final Correspondence correspondence;
    private final SettingRows settings;
    private final CaseWords words;
    private final Letters letters;
    private final StatusLinks links;
    private final Live live;
    private final Contacts contacts;
    private final Tenancy tenancy;
    private final Clock clock;
    private final WorkCalendar calendar;

    Complaints(
            ComplaintRows rows,
            TimeLines lines,
            Progress progress,
            Reception reception,
            Correspondence correspondence,
            SettingRows settings,
            CaseWords words,
            Letters letters,
            StatusLinks links,
            Live live,
            Contacts contacts,
            Tenancy tenancy,
            Clock clock,
            ObjectProvider<WorkCalendar> calendar) {
        this.rows = rows;
        this.lines = lines;
        this.progress = progress;
        this.reception = reception;
        this.correspondence = correspondence;
        this.settings = settings;
        this.words = words;
        this.letters = letters;
        this.links = links;
        this.live = live;
        this.contacts = contacts;
        this.tenancy = tenancy;
        this.clock = clock;
        this.calendar = calendar.getIfAvailable(WorkCalendar::chinese);
    }

    /** By which people call it. */
    long number(Access access, UUID id) {
        access.require(READ_COMPLAINTS);
        return tenancy.read(access.tenant(), () -> rows.get(access.tenant(), access.contract(), id))
                .complaint()
                .number();
    }

    Complaint register(Access access, UUID id, @Nullable Integer version, Remedy sought) {
        access.require(WORK_COMPLAINTS);
        return progress.act(access, id, version, null, (c, now) -> c.register(sought, now, access.person()));
    }

    Complaint acknowledge(Access access, UUID id, @Nullable Integer version) {
        access.require(WORK_COMPLAINTS);
        return tenancy.write(access.tenant(), () -> {
            var done = progress.act(access, id, version, null, (c, now) -> c.acknowledge(now, access.person()));
            var row = rows.get(access.tenant(), access.contract(), id);
            letters.acknowledged(row, expected(done, now()), links.of(access.tenant(), id));
            return done;
        });
    }

    /** The latest day on which it is resolved, whatever priority it will have, counted from this instant. */
    LocalDate expected(Complaint c, Instant from) {
        return calendar.plusWorkdays(Targets.of(c).day(from), Targets.LONGEST_DAYS)
                .date();
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
            var done = progress.act(access, id, version, reason, (c, now) -> c.assess(assessed, now, access.person()));
            if (done.owner() == null) {
                done = progress.act(
                        access, id, null, null, (c, now) -> c.assign(access.person(), now, access.person()));
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
        return progress.act(access, id, version, null, (c, now) -> c.assign(person, now, access.person()));
    }

    Complaint redirect(Access access, UUID id, @Nullable Integer version, Redirection why, String reason) {
        access.require(WORK_COMPLAINTS);
        return tenancy.write(access.tenant(), () -> {
            var done = progress.act(access, id, version, reason, (c, now) -> c.redirect(why, now, access.person()));
            correspondence.tell(access, id, reason);
            return done;
        });
    }

    Complaint merge(Access access, UUID id, @Nullable Integer version, long into) {
        access.require(WORK_COMPLAINTS);
        return tenancy.write(access.tenant(), () -> {
            var target = rows.numbered(access.tenant(), access.contract(), into)
                    .orElseThrow(() -> Refused.field("into", "complaint.refused.noSuchNumber", into));
            var done = progress.act(
                    access, id, version, null, (c, now) -> c.merge(target.complaint(), now, access.person()));
            var told = rows.get(access.tenant(), access.contract(), id);
            // Nobody is left waiting for an answer under a number that gives none any more.
            correspondence.tell(
                    access,
                    id,
                    Texts.in(told.particulars().language())
                            .say(
                                    "complaint.merged.told",
                                    done.number(),
                                    target.complaint().number()));
            lines.of(target.complaint(), now())
                    .say(Entry.coded("complaint.said.TookOver", done.number()), access.person());
            live.changed(access.contract(), target.complaint().id());
            return done;
        });
    }

    /** The second matter becomes a complaint of its own, by the same person, with its own clocks. */
    Reception.Taken split(Access access, UUID id, @Nullable Integer version, String text) {
        access.require(WORK_COMPLAINTS);
        return tenancy.write(access.tenant(), () -> {
            var row = rows.get(access.tenant(), access.contract(), id);
            var p = row.particulars();
            var reader = words.reader(access.tenant());
            var part = reception.take(
                    access.tenant(),
                    access.contract(),
                    new NewComplaint(
                            row.complaint().intake(),
                            p.language(),
                            reader.wordsOrNull(ComplaintRows.NAME, id, p.name()),
                            reader.wordsOrNull(ComplaintRows.PHONE, id, p.phone()),
                            reader.wordsOrNull(ComplaintRows.EMAIL, id, p.email()),
                            null,
                            text,
                            row.complaint().sought(),
                            p.product(),
                            p.region(),
                            now()),
                    List.of(),
                    access.person(),
                    id);
            progress.act(access, id, version, null, (c, now) -> c.split(part.id(), now, access.person()));
            return part;
        });
    }

    Complaint investigate(Access access, UUID id, @Nullable Integer version) {
        access.require(WORK_COMPLAINTS);
        return progress.act(access, id, version, null, (c, now) -> c.investigate(now, access.person()));
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
            var done = progress.act(
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
        return progress.act(access, id, version, null, (c, now) -> c.approve(now, access.person()));
    }

    /** The client, above the authority limit of the provider and on the third level. */
    Complaint approveByClient(Access access, UUID id, @Nullable Integer version) {
        access.require(APPROVE_REMEDY);
        return progress.act(access, id, version, null, (c, now) -> c.approveByClient(now, access.person()));
    }

    Complaint sendBack(Access access, UUID id, @Nullable Integer version, String reason) {
        if (!access.may(APPROVE_REMEDY)) {
            access.require(WORK_COMPLAINTS);
        }
        return progress.act(
                access,
                id,
                version,
                ComplaintRules.text("reason", reason, LONGEST_REASON),
                (c, now) -> c.sendBack(now, access.person()));
    }

    /** Tells the complainant the decision and how to go on from there, and the client what was decided. */
    Complaint communicate(Access access, UUID id, @Nullable Integer version, String text) {
        access.require(WORK_COMPLAINTS);
        return tenancy.write(access.tenant(), () -> {
            progress.goOn(access, id);
            var done = progress.act(access, id, version, null, (c, now) -> c.communicate(now, access.person()));
            correspondence.decision(access, id, text);
            letters.outcome(done);
            return done;
        });
    }

    Complaint accept(Access access, UUID id, @Nullable Integer version) {
        access.require(WORK_COMPLAINTS);
        return progress.act(access, id, version, null, (c, now) -> c.accept(now, access.person()));
    }

    Complaint reject(Access access, UUID id, @Nullable Integer version, @Nullable String reason) {
        access.require(WORK_COMPLAINTS);
        return tenancy.write(access.tenant(), () -> {
            var done = progress.act(access, id, version, reason, (c, now) -> c.reject(now, access.person()));
            letters.escalated(done);
            return done;
        });
    }

    /** An attempt to reach the complainant that came to nothing. */
    Complaint missVisit(Access access, UUID id, @Nullable Integer version) {
        access.require(WORK_COMPLAINTS);
        return tenancy.write(access.tenant(), () -> {
            call(access, id);
            return progress.act(
                    access, id, version, null, (c, now) -> c.miss(Targets.of(c).day(now), now, access.person()));
        });
    }

    Complaint visit(Access access, UUID id, @Nullable Integer version, boolean satisfied, @Nullable String note) {
        access.require(WORK_COMPLAINTS);
        return tenancy.write(access.tenant(), () -> {
            call(access, id);
            return progress.act(access, id, version, note, (c, now) -> c.visit(satisfied, now, access.person()));
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
            var done = progress.act(access, id, version, note, (c, now) -> {
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
            correspondence.tell(
                    access, id, Texts.in(language).say("complaint.closed.told", done.number(), Targets.REOPEN_DAYS));
            return done;
        });
    }

    Complaint reopen(Access access, UUID id, @Nullable Integer version, String reason) {
        access.require(WORK_COMPLAINTS);
        return progress.act(
                access,
                id,
                version,
                ComplaintRules.text("reason", reason, LONGEST_REASON),
                (c, now) -> c.reopen(now, access.person()));
    }

    Complaint external(Access access, UUID id, @Nullable Integer version, ExternalBody body, @Nullable String note) {
        access.require(WORK_COMPLAINTS);
        return tenancy.write(access.tenant(), () -> {
            progress.goOn(access, id);
            var done = progress.act(access, id, version, note, (c, now) -> c.external(body, now, access.person()));
            letters.external(done);
            return done;
        });
    }

    /** Stops the clock for a cause on somebody else's side; what waits for the customer goes on by itself after ten days. */
    Complaint pause(Access access, UUID id, @Nullable Integer version, Cause why, String reason) {
        access.require(WORK_COMPLAINTS);
        return progress.act(access, id, version, ComplaintRules.text("reason", reason, LONGEST_REASON), (c, now) -> {
            var targets = Targets.of(c);
            var until = why == Cause.CUSTOMER
                    ? targets.after(calendar.plusWorkdays(targets.day(now), Targets.MOST_PAUSE_DAYS)
                            .date())
                    : null;
            return c.pause(why, until, now, access.person());
        });
    }

    Complaint resume(Access access, UUID id, @Nullable Integer version) {
        access.require(WORK_COMPLAINTS);
        return progress.act(access, id, version, null, (c, now) -> c.resume(now, access.person()));
    }

    /** The complainant answers the decision on the status page. */
    void decide(UUID tenant, UUID id, boolean accepted, @Nullable String reason) {
        tenancy.write(tenant, () -> {
            var row = rows.locked(tenant, id);
            var c = row.complaint();
            var now = now();
            progress.change(row, accepted ? c.accept(now, null) : c.reject(now, null), null, null);
            if (reason != null && !reason.isBlank()) {
                correspondence.statement(tenant, id, reason, List.of(), null);
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
            var row = rows.locked(tenant, id);
            if (row.complaint().reopenableUntil() == null) {
                throw Refused.because("complaint.public.over");
            }
            progress.change(row, row.complaint().reopen(now(), null), null, null);
            correspondence.statement(tenant, id, plain, files, null);
        });
    }

    private Instant now() {
        return clock.instant().truncatedTo(ChronoUnit.MICROS);
    }
}
