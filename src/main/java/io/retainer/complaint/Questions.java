package io.retainer.complaint;

import static io.retainer.identity.Capability.READ_COMPLAINTS;
import static io.retainer.identity.Capability.WORK_COMPLAINTS;

import io.retainer.complaint.CaseRows.Question;
import io.retainer.complaint.ComplaintRows.Row;
import io.retainer.duty.Cause;
import io.retainer.duty.Deadline;
import io.retainer.identity.Access;
import io.retainer.identity.SignedLinks;
import io.retainer.kernel.Ids;
import io.retainer.kernel.Party;
import io.retainer.kernel.Refused;
import io.retainer.kernel.Tenancy;
import io.retainer.kernel.Unknown;
import io.retainer.kernel.WorkCalendar;
import io.retainer.vault.Vault;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.stereotype.Service;

/** Questions to somebody outside the desk; the clock of the complaint stands still meanwhile, at their account. */
@Service
class Questions {

    /** Of the link by which a third party answers. */
    static final String LINK = "complaint-question";

    /** So long after its day a third party may still answer by its link. */
    static final Duration ANSWERED_LATE = Duration.ofDays(30);

    private static final int MOST_DAYS = 30;

    private final ComplaintRows rows;
    private final CaseRows cases;
    private final TimeLines lines;
    private final Progress progress;
    private final ComplaintClock clocks;
    private final Letters letters;
    private final StatusLinks statusLinks;
    private final SignedLinks links;
    private final Live live;
    private final Vault vault;
    private final Tenancy tenancy;
    private final Clock clock;
    private final WorkCalendar calendar;

    Questions(
            ComplaintRows rows,
            CaseRows cases,
            TimeLines lines,
            Progress progress,
            ComplaintClock clocks,
            Letters letters,
            StatusLinks statusLinks,
            SignedLinks links,
            Live live,
            Vault vault,
            Tenancy tenancy,
            Clock clock,
            ObjectProvider<WorkCalendar> calendar) {
        this.rows = rows;
        this.cases = cases;
        this.lines = lines;
        this.progress = progress;
        this.clocks = clocks;
        this.letters = letters;
        this.statusLinks = statusLinks;
        this.links = links;
        this.live = live;
        this.vault = vault;
        this.tenancy = tenancy;
        this.clock = clock;
        this.calendar = calendar.getIfAvailable(WorkCalendar::chinese);
    }

    void ask(Access access, UUID id, Cause whom, int days, String text) {
        ask(access, id, whom, days, text, null, "zh");
    }

    /**
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
        if (days < 1 || days > MOST_DAYS) {
            throw Refused.field("days", "complaint.refused.days", MOST_DAYS);
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
            var asked = question(access, c, whom, days, address, language, now);
            var entry = lines.of(c, now).question(asked, plain, access.person());
            if (whom == Cause.CUSTOMER) {
                letters.replied(row, entry, statusLinks.of(access.tenant(), id));
            } else if (whom == Cause.CLIENT) {
                letters.clientAsked(c);
            }
            if (c.pause() == null && pausable(c)) {
                var until = whom == Cause.CUSTOMER ? asked.dueAt() : null;
                progress.change(row, c.pause(whom, until, now, access.person()), access.person(), null);
            }
            live.changed(access.contract(), id);
        });
    }

    /** With a duty to answer where a party of the contract is asked, and a letter where a third party has an address. */
    private Question question(
            Access access, Complaint c, Cause whom, int days, @Nullable String address, String language, Instant now) {
        var id = Ids.at(now.toEpochMilli());
        var targets = Targets.of(c);
        var today = targets.day(now);
        var due = targets.after(calendar.plusWorkdays(today, days).date());
        var debtor = whom.party();
        var duty = debtor == null
                ? null
                : clocks.ask(c, debtor, id.toString(), new Deadline.WorkingDays(days, today), now, access.person());
        var asked = new Question(
                id,
                c.id(),
                whom,
                now,
                due,
                null,
                duty,
                address == null ? null : vault.writing(c.tenant()).seal(CaseRows.ASKED, id, address),
                address == null ? null : language);
        cases.add(c.tenant(), asked);
        if (address != null) {
            letters.askedThirdParty(c, asked, links.issue(c.tenant(), LINK, about(id), due.plus(ANSWERED_LATE), false));
        }
        return asked;
    }

    /** The token of the link by which a third party answers, when it was written to. */
    @Nullable
    String token(UUID tenant, UUID question) {
        return links.of(tenant, LINK, about(question)).stream()
                .findFirst()
                .map(links::token)
                .orElse(null);
    }

    private static String about(UUID question) {
        return "question/" + question;
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
            answer(rows.locked(tenant, asked.complaint()), asked, text, files, null);
        });
    }

    private void answer(Row row, Question asked, String text, List<Upload> files, @Nullable UUID person) {
        var plain = ComplaintRules.text("text", text, ComplaintRules.LONGEST_TEXT);
        var c = row.complaint();
        var now = now();
        if (!cases.answered(c.tenant(), asked.id(), now)) {
            throw Refused.because("complaint.refused.answered");
        }
        if (asked.duty() != null) {
            clocks.answered(c, asked.duty(), now, person);
        }
        var line = lines.of(c, now);
        line.attach(line.answer(asked, plain, person), files);
        var pause = c.pause();
        boolean more = cases.questions(c.tenant(), c.id()).stream()
                .anyMatch(each -> each.answeredAt() == null && each.asked() == asked.asked());
        if (pause != null && pause.owner() == asked.asked() && !more) {
            progress.change(row, c.resume(now, person), person, null);
        }
        letters.questionAnswered(c, asked, person);
        live.changed(c.contract(), c.id());
    }

    private Instant now() {
        return clock.instant().truncatedTo(ChronoUnit.MICROS);
    }
}
