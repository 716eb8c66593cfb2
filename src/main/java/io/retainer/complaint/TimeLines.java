package io.retainer.complaint;

import io.retainer.complaint.CaseRows.Attachment;
import io.retainer.complaint.CaseRows.Question;
import io.retainer.complaint.ComplaintEvent.ComplaintReceived;
import io.retainer.complaint.Entry.Kind;
import io.retainer.duty.Cause;
import io.retainer.kernel.Ids;
import io.retainer.kernel.Refused;
import io.retainer.vault.ClientVault;
import io.retainer.vault.Vault;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/** The time lines of complaints: what happened and what was said, by whom, with the files that came along. */
@Component
class TimeLines {

    private final ComplaintRows rows;
    private final CaseRows cases;
    private final Vault vault;

    TimeLines(ComplaintRows rows, CaseRows cases, Vault vault) {
        this.rows = rows;
        this.cases = cases;
        this.vault = vault;
    }

    /** To be written to within the running transaction. */
    TimeLine of(Complaint complaint, Instant now) {
        return new TimeLine(complaint, now, null);
    }

    /** The same, where the keys of the client are held already. */
    TimeLine of(Complaint complaint, Instant now, ClientVault keys) {
        return new TimeLine(complaint, now, keys);
    }

    /** For what it waited until now, and for whom: its own history tells, so no edit of anything else can lose it. */
    List<ComplaintClock.Stop> stops(Complaint c) {
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

    /** The tags under which a complaint with these words is found. */
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

    /** That of one complaint. What people wrote goes in sealed; each method that takes words returns the id of the line. */
    final class TimeLine {

        private final Complaint complaint;
        private final Instant now;
        private @Nullable ClientVault keys;

        private TimeLine(Complaint complaint, Instant now, @Nullable ClientVault keys) {
            this.complaint = complaint;
            this.now = now;
            this.keys = keys;
        }

        /** How it began, and the first statement, which that returns. */
        UUID begin(ComplaintReceived received, String text) {
            var statement = line(Kind.STATEMENT, null, text, false, received.actor(), Set.of(), null);
            cases.add(
                    complaint.tenant(),
                    List.of(happened(Said.of(received), received.actor(), received.happenedAt()), statement),
                    now);
            return statement.id();
        }

        void say(String said, @Nullable UUID actor) {
            say(said, actor, now);
        }

        void say(String said, @Nullable UUID actor, Instant happenedAt) {
            add(happened(said, actor, happenedAt));
        }

        /** With the reason that was given, which the complainant and the client do not read. */
        void say(String said, @Nullable UUID actor, String reason) {
            add(line(Kind.EVENT, said, reason, true, actor, Set.of(), null));
        }

        UUID note(String text, UUID actor, Set<UUID> mentioned) {
            return addFindable(text, line(Kind.NOTE, null, text, true, actor, mentioned, null));
        }

        UUID reply(String text, UUID actor) {
            return addFindable(text, line(Kind.REPLY, null, text, false, actor, Set.of(), null));
        }

        UUID statement(String text, @Nullable UUID actor) {
            return addFindable(text, line(Kind.STATEMENT, null, text, false, actor, Set.of(), null));
        }

        UUID question(Question q, String text, UUID actor) {
            var said = Entry.coded("complaint.said.Asked", q.asked(), q.dueAt());
            return add(line(Kind.QUESTION, said, text, q.asked() != Cause.CUSTOMER, actor, Set.of(), q.id()));
        }

        UUID answer(Question q, String text, @Nullable UUID actor) {
            var said = Entry.coded("complaint.said.Answered", q.asked());
            return add(line(Kind.ANSWER, said, text, q.asked() != Cause.CUSTOMER, actor, Set.of(), q.id()));
        }

        /** To one of its lines. */
        void attach(UUID entry, List<Upload> files) {
            if (files.size() > Upload.MOST) {
                throw Refused.field("files", "complaint.file.many", Upload.MOST);
            }
            for (var file : files) {
                var id = Ids.at(now.toEpochMilli());
                cases.add(
                        complaint.tenant(),
                        new Attachment(
                                id,
                                complaint.id(),
                                entry,
                                keys().seal(CaseRows.FILE_NAME, id, file.name()),
                                file.type(),
                                file.content().length),
                        keys().seal(CaseRows.CONTENT, id, file.content()),
                        now);
            }
        }

        private UUID add(Entry entry) {
            cases.add(complaint.tenant(), entry, now);
            return entry.id();
        }

        private UUID addFindable(String text, Entry entry) {
            add(entry);
            rows.addParts(complaint.tenant(), complaint.id(), parts(keys(), text));
            return entry.id();
        }

        private Entry happened(String said, @Nullable UUID actor, Instant at) {
            return new Entry(
                    Ids.at(now.toEpochMilli()),
                    complaint.id(),
                    Kind.EVENT,
                    said,
                    null,
                    false,
                    actor,
                    List.of(),
                    null,
                    null,
                    at);
        }

        private Entry line(
                Kind kind,
                @Nullable String said,
                String text,
                boolean internal,
                @Nullable UUID actor,
                Set<UUID> mentioned,
                @Nullable UUID question) {
            var id = Ids.at(now.toEpochMilli());
            return new Entry(
                    id,
                    complaint.id(),
                    kind,
                    said,
                    keys().seal(CaseRows.TEXT, id, text),
                    internal,
                    actor,
                    List.copyOf(mentioned),
                    null,
                    question,
                    now);
        }

        /** Holding them is a question to the database: once for all that is written. */
        private ClientVault keys() {
            if (keys == null) {
                keys = vault.writing(complaint.tenant());
            }
            return keys;
        }
    }
}
