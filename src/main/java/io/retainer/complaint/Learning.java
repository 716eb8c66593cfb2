package io.retainer.complaint;

import io.retainer.complaint.ComplaintRows.Row;
import io.retainer.complaint.TextHelp.Example;
import io.retainer.complaint.TextHelp.Proposed;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/**
 * What a client's own closed cases teach: a category, a severity and an owner are proposed for a new text, never applied. Kept in
 * memory for a quarter of an hour and in no other place; nothing learned from one client is used for another.
 */
@Component
class Learning {

    private static final int MOST = 3000;
    private static final Duration KEPT = Duration.ofMinutes(15);

    private final ComplaintRows rows;
    private final CaseRows cases;
    private final CaseWords words;
    private final Clock clock;
    private final Map<UUID, Learned> learned = new ConcurrentHashMap<>();

    Learning(ComplaintRows rows, CaseRows cases, CaseWords words, Clock clock) {
        this.rows = rows;
        this.cases = cases;
        this.words = words;
        this.clock = clock;
    }

    private record Learned(TextHelp<Category> category, TextHelp<Grade> severity, TextHelp<UUID> owner, Instant at) {}

    /** @param learnedFrom how many closed cases */
    record Help(
            @Nullable Proposed<Category> category,
            @Nullable Proposed<Grade> severity,
            @Nullable Proposed<UUID> owner,
            int learnedFrom) {}

    /** Within a transaction of the tenant. */
    Help help(UUID tenant, String text) {
        var now = clock.instant();
        var known = learned.get(tenant);
        if (known == null || known.at().plus(KEPT).isBefore(now)) {
            known = learn(tenant, now);
            learned.put(tenant, known);
        }
        return new Help(
                known.category().propose(text),
                known.severity().propose(text),
                known.owner().propose(text),
                known.category().learnedFrom());
    }

    private Learned learn(UUID tenant, Instant now) {
        var closed = rows.closed(tenant, MOST);
        var byId = new HashMap<UUID, Row>();
        closed.forEach(row -> byId.put(row.complaint().id(), row));
        var reader = words.reader(tenant);
        var categories = new ArrayList<Example<Category>>();
        var severities = new ArrayList<Example<Grade>>();
        var owners = new ArrayList<Example<UUID>>();
        var seen = new java.util.HashSet<UUID>();
        for (var entry : cases.statements(tenant, byId.keySet())) {
            var row = byId.get(entry.complaint());
            var assessed = row == null ? null : row.complaint().assessed();
            var sealed = entry.text();
            if (row != null && assessed != null && sealed != null && seen.add(entry.complaint())) {
                var text = reader.subject(entry.complaint(), row.particulars().subject()) + "\n"
                        + reader.text(entry.id(), sealed);
                categories.add(new Example<>(text, assessed.category()));
                severities.add(new Example<>(text, assessed.severity()));
                var owner = row.complaint().owner();
                if (owner != null) {
                    owners.add(new Example<>(text, owner));
                }
            }
        }
        return new Learned(
                TextHelp.learn(List.copyOf(categories)),
                TextHelp.learn(List.copyOf(severities)),
                TextHelp.learn(List.copyOf(owners)),
                now);
    }
}
