package io.retainer.complaint;

import static io.retainer.identity.Capability.WORK_COMPLAINTS;

import io.retainer.complaint.ComplaintEvent.ComplaintReceived;
import io.retainer.complaint.ComplaintRows.Row;
import io.retainer.customer.Customers;
import io.retainer.identity.Access;
import io.retainer.kernel.Ids;
import io.retainer.kernel.Refused;
import io.retainer.kernel.Tenancy;
import io.retainer.vault.Vault;
import java.time.Clock;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.stereotype.Service;

/** Takes complaints in, from wherever they come (I-1.1*(2)). */
@Service
class Reception {

    private final ComplaintRows rows;
    private final TimeLines lines;
    private final ComplaintClock clocks;
    private final TargetsInForce targets;
    private final Letters letters;
    private final StatusLinks links;
    private final Live live;
    private final Customers customers;
    private final Vault vault;
    private final Tenancy tenancy;
    private final ApplicationEventPublisher events;
    private final Clock clock;

    Reception(
            ComplaintRows rows,
            TimeLines lines,
            ComplaintClock clocks,
            TargetsInForce targets,
            Letters letters,
            StatusLinks links,
            Live live,
            Customers customers,
            Vault vault,
            Tenancy tenancy,
            ApplicationEventPublisher events,
            Clock clock) {
        this.rows = rows;
        this.lines = lines;
        this.clocks = clocks;
        this.targets = targets;
        this.letters = letters;
        this.links = links;
        this.live = live;
        this.customers = customers;
        this.vault = vault;
        this.tenancy = tenancy;
        this.events = events;
        this.clock = clock;
    }

    /** A complaint that was taken in. */
    record Taken(UUID id, long number) {}

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
        var now = clock.instant().truncatedTo(ChronoUnit.MICROS);
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
                    indexes,
                    TimeLines.parts(client, n.subject() + "\n" + n.text()),
                    running.duties(),
                    running.dueAt(),
                    now);
            var line = lines.of(complaint, now, client);
            line.attach(line.begin(received, n.text()), files);
            if (n.intake() != Intake.FILE) {
                letters.received(
                        new Row(complaint, particulars, running.duties(), running.dueAt(), now, indexes),
                        links.issue(tenant, id),
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
}
