package io.retainer.complaint;

import static io.retainer.identity.Capability.WORK_COMPLAINTS;

import io.retainer.complaint.ComplaintRows.Row;
import io.retainer.duty.Cause;
import io.retainer.identity.Access;
import io.retainer.kernel.Tenancy;
import io.retainer.messaging.DeliveryEvent.MessageNotDelivered;
import io.retainer.messaging.Recipient;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.context.event.EventListener;
import org.springframework.stereotype.Service;

/** What is written in a case: notes among those who work on it, and the words to and from the complainant. */
@Service
class Correspondence {

    private final ComplaintRows rows;
    private final CaseRows cases;
    private final TimeLines lines;
    private final Progress progress;
    private final ComplaintClock clocks;
    private final Letters letters;
    private final StatusLinks links;
    private final Live live;
    private final Tenancy tenancy;
    private final Clock clock;

    Correspondence(
            ComplaintRows rows,
            CaseRows cases,
            TimeLines lines,
            Progress progress,
            ComplaintClock clocks,
            Letters letters,
            StatusLinks links,
            Live live,
            Tenancy tenancy,
            Clock clock) {
        this.rows = rows;
        this.cases = cases;
        this.lines = lines;
        this.progress = progress;
        this.clocks = clocks;
        this.letters = letters;
        this.links = links;
        this.live = live;
        this.tenancy = tenancy;
        this.clock = clock;
    }

    /** For those who work on it; the people named with an @ are told. */
    void note(Access access, UUID id, String text, List<Upload> files, Map<UUID, String> workers) {
        access.require(WORK_COMPLAINTS);
        var plain = ComplaintRules.text("text", text, ComplaintRules.LONGEST_TEXT);
        tenancy.write(access.tenant(), () -> {
            var complaint = rows.get(access.tenant(), access.contract(), id).complaint();
            var mentioned = mentioned(plain, workers);
            var line = lines.of(complaint, now());
            var entry = line.note(plain, access.person(), mentioned);
            line.attach(entry, files);
            mentioned.remove(access.person());
            letters.mentioned(complaint, entry, mentioned);
            live.changed(access.contract(), id);
        });
    }

    /** The longest name counts: whoever is called 陈 is not meant by @陈晨. */
    private static Set<UUID> mentioned(String text, Map<UUID, String> workers) {
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
            letters.replied(row, written(row, access, text, files), links.of(access.tenant(), id));
            var running = clocks.responded(row.complaint(), row.duties(), now(), access.person());
            rows.save(row.complaint(), running.duties(), running.dueAt(), now());
            live.changed(access.contract(), id);
        });
    }

    /** Tells the complainant what became of the case, with what was decided about it. */
    void tell(Access access, UUID id, String text) {
        var row = rows.get(access.tenant(), access.contract(), id);
        letters.replied(row, written(row, access, text, List.of()), links.of(access.tenant(), id));
    }

    /** Tells the complainant the decision, and how to answer it. */
    void decision(Access access, UUID id, String text) {
        var row = rows.get(access.tenant(), access.contract(), id);
        letters.decided(row, written(row, access, text, List.of()), links.of(access.tenant(), id));
    }

    private UUID written(Row row, Access access, String text, List<Upload> files) {
        var line = lines.of(row.complaint(), now());
        var entry = line.reply(ComplaintRules.text("text", text, ComplaintRules.LONGEST_TEXT), access.person());
        line.attach(entry, files);
        return entry;
    }

    /** The complainant writes again: by mail, on the status page, or through somebody on the phone. */
    void statement(UUID tenant, UUID id, String text, List<Upload> files, @Nullable UUID actor) {
        var plain = ComplaintRules.text("text", text, ComplaintRules.LONGEST_TEXT);
        tenancy.write(tenant, () -> {
            var row = rows.locked(tenant, id);
            var complaint = row.complaint();
            var line = lines.of(complaint, now());
            line.attach(line.statement(plain, actor), files);
            // What was waited for has come.
            var pause = complaint.pause();
            if (pause != null && pause.owner() == Cause.CUSTOMER) {
                progress.change(row, complaint.resume(now(), actor), actor, null);
            }
            letters.wroteAgain(complaint);
            live.changed(complaint.contract(), id);
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
                    lines.of(c, now()).say("complaint.said.Undelivered", null, failed.at());
                    letters.undelivered(c, failed.message());
                    live.changed(c.contract(), c.id());
                }));
    }

    private Instant now() {
        return clock.instant().truncatedTo(ChronoUnit.MICROS);
    }
}
