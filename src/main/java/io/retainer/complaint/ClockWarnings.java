package io.retainer.complaint;

import com.github.kagkarlsson.scheduler.task.helper.RecurringTask;
import com.github.kagkarlsson.scheduler.task.helper.Tasks;
import com.github.kagkarlsson.scheduler.task.schedule.FixedDelay;
import io.retainer.complaint.ClockRows.Ending;
import io.retainer.duty.Duties;
import io.retainer.identity.Membership;
import io.retainer.identity.People;
import io.retainer.kernel.Party;
import io.retainer.kernel.Sentence;
import io.retainer.kernel.Tenancy;
import io.retainer.kernel.WorkCalendar;
import io.retainer.kernel.WorkingHours;
import io.retainer.messaging.Channel;
import io.retainer.messaging.MessageKind;
import io.retainer.messaging.MessageKind.Variable;
import io.retainer.messaging.MessageKind.VariableType;
import io.retainer.messaging.Messages;
import io.retainer.messaging.NewMessage;
import io.retainer.messaging.Purpose;
import io.retainer.messaging.Recipient;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.stereotype.Component;

/**
 * Warns of the clocks of complaints before they end, and once they have. Whoever a complaint belongs to is told at both
 * moments; while it belongs to nobody, and as soon as a clock is over, the leads are (escalation). However many clocks there
 * are, a person gets one message for all that is new since the last look. What was said stands in a row and is not said again.
 */
@Component
class ClockWarnings {

    private static final Logger log = LoggerFactory.getLogger(ClockWarnings.class);
    private static final int PAGE = 500;
    /** More would be a wall of text; the queue has them all. */
    private static final int MOST_LINES = 40;

    private final ComplaintRows rows;
    private final ClockRows clockRows;
    private final Duties duties;
    private final Staff staff;
    private final People people;
    private final Messages messages;
    private final Tenancy tenancy;
    private final WorkCalendar calendar;

    ClockWarnings(
            ComplaintRows rows,
            ClockRows clockRows,
            Duties duties,
            Staff staff,
            People people,
            Messages messages,
            Tenancy tenancy,
            ObjectProvider<WorkCalendar> calendar) {
        this.rows = rows;
        this.clockRows = clockRows;
        this.duties = duties;
        this.staff = staff;
        this.people = people;
        this.messages = messages;
        this.tenancy = tenancy;
        this.calendar = calendar.getIfAvailable(WorkCalendar::chinese);
    }

    /** One clock about which something is to be said. */
    private record Line(UUID tenant, UUID complaint, UUID duty, ClockWarning warning, Sentence what, Instant due) {

        String key() {
            return duty + "/" + warning;
        }
    }

    /** @return how many messages were queued */
    int run(Instant now) {
        // What ends within the next working day: three quarters of a longer clock are told then.
        var today = LocalDate.ofInstant(now, WorkingHours.STANDARD.zone());
        var until = calendar.plusWorkdays(today, 2)
                .date()
                .plusDays(1)
                .atStartOfDay(WorkingHours.STANDARD.zone())
                .toInstant();
        var digests = new HashMap<UUID, Map<String, Line>>();
        var said = new LinkedHashMap<UUID, List<Line>>();
        var leads = new HashMap<UUID, Set<UUID>>();
        @Nullable Ending last = null;
        while (true) {
            var page = clockRows.dueBy(until, last, PAGE);
            page.stream()
                    .collect(Collectors.groupingBy(Ending::tenant, LinkedHashMap::new, Collectors.toList()))
                    .forEach((tenant, places) -> look(tenant, places, leads, digests, said, now));
            if (page.size() < PAGE) {
                break;
            }
            last = page.getLast();
        }
        int queued = 0;
        for (var digest : digests.entrySet()) {
            try {
                queued += tell(digest.getKey(), List.copyOf(digest.getValue().values()), now);
            } catch (RuntimeException e) {
                log.warn("The warnings for person {} are left for the next look", digest.getKey(), e);
                said.values().forEach(lines -> lines.removeAll(digest.getValue().values()));
            }
        }
        said.forEach((tenant, lines) -> tenancy.write(
                tenant,
                () -> clockRows.warned(
                        tenant,
                        lines.stream().map(Line::complaint).toList(),
                        lines.stream().map(Line::duty).toList(),
                        lines.stream().map(line -> line.warning().name()).toList(),
                        now)));
        return queued;
    }

    private void look(
            UUID tenant,
            List<Ending> places,
            Map<UUID, Set<UUID>> leads,
            Map<UUID, Map<String, Line>> digests,
            Map<UUID, List<Line>> said,
            Instant now) {
        tenancy.read(tenant, () -> {
            var found = rows.some(tenant, places.stream().map(Ending::id).toList());
            var byDuty = duties
                    .all(
                            tenant,
                            found.stream().flatMap(row -> row.duties().stream()).toList(),
                            now)
                    .stream()
                    .filter(duty -> duty.duty().debtor() == Party.PROVIDER)
                    .collect(Collectors.toMap(duty -> duty.duty().id(), Function.identity()));
            var known = clockRows.warnedOf(tenant, byDuty.keySet());
            for (var row : found) {
                var c = row.complaint();
                for (var id : row.duties()) {
                    var duty = byDuty.get(id);
                    var warning = duty == null ? null : ClockWarning.of(duty, calendar, now);
                    if (duty == null
                            || warning == null
                            || known.getOrDefault(id, Set.of()).contains(warning)) {
                        continue;
                    }
                    var line = new Line(
                            tenant,
                            c.id(),
                            id,
                            warning,
                            duty.duty().doing(),
                            Objects.requireNonNull(duty.assessment().due()));
                    said.computeIfAbsent(tenant, _ -> new ArrayList<>()).add(line);
                    var whom = new LinkedHashSet<UUID>();
                    if (c.owner() != null) {
                        whom.add(c.owner());
                    }
                    if (c.owner() == null || warning == ClockWarning.LATE) {
                        whom.addAll(leads.computeIfAbsent(
                                c.contract(), contract -> staff.leads(contract).keySet()));
                    }
                    whom.forEach(person -> digests.computeIfAbsent(person, _ -> new LinkedHashMap<>())
                            .put(line.key(), line));
                }
            }
            return found;
        });
    }

    /** Over many clients, so the message is of the reader's own organisation. */
    private int tell(UUID person, List<Line> lines, Instant now) {
        var reach = people.reach(person).orElse(null);
        var home = people.memberships(person).stream()
                .map(Membership::organisation)
                .findFirst()
                .orElse(null);
        if (reach == null || home == null) {
            return 0;
        }
        var key = lines.stream().map(Line::key).sorted().collect(Collectors.joining("\n"));
        long late = lines.stream()
                .filter(line -> line.warning() == ClockWarning.LATE)
                .count();
        messages.queue(new NewMessage(
                home,
                "complaint.clocks",
                Channel.IN_APP,
                Recipient.person(person),
                null,
                "complaint.clocks/" + person + "/" + UUID.nameUUIDFromBytes(key.getBytes(StandardCharsets.UTF_8)),
                reach.language(),
                Map.of(
                        "count",
                        lines.size(),
                        "late",
                        late,
                        "items",
                        lines.stream()
                                .sorted(Comparator.comparing(Line::due))
                                .limit(MOST_LINES)
                                .map(line -> Map.of(
                                        "how",
                                        Sentence.of("complaint.clocks." + line.warning()),
                                        "what",
                                        line.what(),
                                        "due",
                                        line.due()))
                                .toList(),
                        "page",
                        late > 0 ? "/complaints?view=LATE" : "/complaints?view=MINE"),
                now.plus(Duration.ofDays(2))));
        return 1;
    }

    /** Every ten minutes, on one node at a time. */
    @Configuration(proxyBeanMethods = false)
    static class EveryTenMinutes {

        @Bean
        RecurringTask<Void> complaintClockWarnings(ClockWarnings warnings, Clock clock) {
            return Tasks.recurring("complaint-clock-warnings", FixedDelay.ofMinutes(10))
                    .execute((_, _) -> warnings.run(clock.instant()));
        }

        @Bean
        MessageKind complaintClocks() {
            return new MessageKind(
                    "complaint.clocks",
                    Purpose.STAFF,
                    List.of(
                            new Variable("count", VariableType.NUMBER, "2"),
                            new Variable("late", VariableType.NUMBER, "1"),
                            new Variable(
                                    "items",
                                    VariableType.LIST,
                                    "",
                                    List.of(
                                            new Variable("how", VariableType.TEXT, "…"),
                                            new Variable("what", VariableType.TEXT, "…"),
                                            new Variable("due", VariableType.TIME, "2025-01-06"))),
                            new Variable("page", VariableType.PATH, "/complaints")));
        }
    }
}
