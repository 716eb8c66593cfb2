package io.retainer.workbench;

import com.github.kagkarlsson.scheduler.task.helper.RecurringTask;
import com.github.kagkarlsson.scheduler.task.helper.Tasks;
import com.github.kagkarlsson.scheduler.task.schedule.FixedDelay;
import io.retainer.contract.ContractDates;
import io.retainer.contract.ContractLife;
import io.retainer.contract.PersonalDates;
import io.retainer.contract.PersonalDates.PersonalDate;
import io.retainer.duty.AssessedDuty;
import io.retainer.duty.Duties;
import io.retainer.duty.UpcomingDuty;
import io.retainer.identity.Capability;
import io.retainer.identity.Engagement;
import io.retainer.identity.Membership;
import io.retainer.identity.People;
import io.retainer.identity.Role;
import io.retainer.kernel.Party;
import io.retainer.kernel.Sentence;
import io.retainer.kernel.Tenancy;
import io.retainer.kernel.WorkCalendar;
import io.retainer.messaging.Channel;
import io.retainer.messaging.MessageKind;
import io.retainer.messaging.MessageKind.Variable;
import io.retainer.messaging.MessageKind.VariableType;
import io.retainer.messaging.Messages;
import io.retainer.messaging.NewMessage;
import io.retainer.messaging.Purpose;
import io.retainer.messaging.Recipient;
import io.retainer.workbench.ReminderRows.Preference;
import io.retainer.workbench.ReminderRows.Reminded;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.stereotype.Component;

/**
 * Reminds people, in one digest each, of the deadlines and contract dates that come near (I-3.2a). What was reminded of is
 * written down in the transaction that queues the digest, so nothing is said twice and nothing is forgotten; a server that
 * was away says it once, late.
 */
@Component
class Reminders {

    private static final Logger log = LoggerFactory.getLogger(Reminders.class);
    private static final ZoneId ZONE = ZoneId.of("Asia/Shanghai");
    private static final LocalTime MORNING = LocalTime.of(8, 0);
    /** Thirty working days with the longest holidays in between. */
    private static final Duration AHEAD = Duration.ofDays(60);
    /** More would be a wall of text; the rest is one click away. */
    private static final int MOST_LINES = 40;
    /** Of people whose role is not reminded of deadlines, and who said nothing: only of what they have set themselves. */
    private static final Preference ONLY_OWN = new Preference(true, false, List.of());

    private final Duties duties;
    private final ContractDates dates;
    private final ContractLife contracts;
    private final ObjectProvider<PersonalDates> personal;
    private final People people;
    private final Messages messages;
    private final ReminderRows rows;
    private final Tenancy tenancy;
    private final WorkCalendar calendar;

    Reminders(
            Duties duties,
            ContractDates dates,
            ContractLife contracts,
            ObjectProvider<PersonalDates> personal,
            People people,
            Messages messages,
            ReminderRows rows,
            Tenancy tenancy,
            WorkCalendar calendar) {
        this.duties = duties;
        this.dates = dates;
        this.contracts = contracts;
        this.personal = personal;
        this.people = people;
        this.messages = messages;
        this.rows = rows;
        this.tenancy = tenancy;
        this.calendar = calendar;
    }

    /**
     * Something with a date.
     *
     * @param debtor whose turn it is; null for dates of the contract itself, which are everybody's
     * @param person who alone is to do it, and when to be reminded; null for what concerns a party
     */
    private record Dated(
            UUID tenant,
            Reminded what,
            LocalDate last,
            @Nullable Party debtor,
            @Nullable Personally person,
            Sentence says) {}

    /** @param remind how many working days before */
    private record Personally(UUID person, int remind) {}

    private record Line(Dated dated, ReminderRule.Mark mark) {}

    /** @return how many digests were queued */
    int run(Instant now) {
        var local = now.atZone(ZONE);
        if (local.toLocalTime().isBefore(MORNING)) {
            return 0;
        }
        var today = local.toLocalDate();
        var byContract = dated(now, today).stream()
                .collect(Collectors.groupingBy(d -> d.what().contract()));
        if (byContract.isEmpty()) {
            return 0;
        }
        var engagements =
                dates.parties(byContract.keySet()).stream().collect(Collectors.groupingBy(Engagement::organisation));
        var staff = people.staff(engagements.keySet()).stream()
                .collect(Collectors.groupingBy(Membership::person, LinkedHashMap::new, Collectors.toList()));
        var preferences = rows.preferences(staff.keySet());
        var tenants = byContract.values().stream()
                .map(some -> some.getFirst().tenant())
                .collect(Collectors.toSet());
        var titles = contracts.titles(tenants, byContract.keySet());
        var given = new HashMap<UUID, Map<UUID, Map<Reminded, Set<Integer>>>>();
        int digests = 0;
        for (var person : staff.entrySet()) {
            var memberships = person.getValue();
            var preference = preferences.get(person.getKey());
            boolean own = preference == null || !preference.days().isEmpty();
            if (preference == null) {
                preference = memberships.stream().map(Membership::role).anyMatch(Reminders::remindedUnasked)
                        ? Preference.PLATFORM
                        : ONLY_OWN;
            }
            var home = memberships.getFirst().organisation();
            var known = given.computeIfAbsent(
                            home, id -> tenancy.read(id, () -> rows.reminded(id, now.minus(Duration.ofDays(2)))))
                    .getOrDefault(person.getKey(), Map.of());
            var lines =
                    lines(own ? person.getKey() : null, memberships, engagements, byContract, preference, known, today);
            try {
                digests += lines.isEmpty() ? 0 : digest(home, person.getKey(), preference, lines, titles, today, now);
            } catch (RuntimeException e) {
                // One digest that cannot be made must not keep the others waiting; the next run tries it again.
                log.warn("The reminders of person {} are left for the next run", person.getKey(), e);
            }
        }
        return digests;
    }

    private static boolean remindedUnasked(Role role) {
        return switch (role) {
            case OWNER, OPERATIONS_LEAD, FINANCE -> true;
            case AGENT, DATA_PROTECTION, LAWYER -> false;
        };
    }

    private List<Dated> dated(Instant now, LocalDate today) {
        var found = new ArrayList<Dated>();
        var byTenant = duties.upcoming(now, now.plus(AHEAD)).stream()
                .collect(Collectors.groupingBy(
                        UpcomingDuty::tenant, Collectors.mapping(UpcomingDuty::duty, Collectors.toList())));
        byTenant.forEach((tenant, ids) -> duties.all(tenant, ids, now).forEach(duty -> of(duty).ifPresent(found::add)));
        for (var contract : dates.between(today, today.plusDays(AHEAD.toDays()))) {
            if (contract.startsOn() != null && !contract.startsOn().isBefore(today)) {
                found.add(date(contract, contract.startsOn(), "term-start", "workbench.reminder.termStart"));
            }
            if (contract.endsOn() != null && !contract.endsOn().isBefore(today)) {
                found.add(date(contract, contract.endsOn(), "term-end", "workbench.reminder.termEnd"));
            }
        }
        var thisMorning = today.atStartOfDay(ZONE).toInstant();
        personal.orderedStream()
                .flatMap(source -> source.upcoming(now, now.plus(AHEAD)).stream())
                // Whoever has just written it down knows it.
                .filter(date -> date.changedAt().isBefore(thisMorning))
                .flatMap(date -> of(date).stream())
                .forEach(found::add);
        return found;
    }

    private static java.util.Optional<Dated> of(PersonalDate date) {
        return date.remind() == null
                ? java.util.Optional.empty()
                : java.util.Optional.of(new Dated(
                        date.tenant(),
                        new Reminded(date.contract(), date.uid(), date.due()),
                        CalendarEntry.lastDay(date.due()),
                        null,
                        new Personally(date.person(), date.remind()),
                        date.says()));
    }

    private static java.util.Optional<Dated> of(AssessedDuty found) {
        var due = found.assessment().due();
        if (due == null || !found.assessment().state().owed()) {
            return java.util.Optional.empty();
        }
        var duty = found.duty();
        return java.util.Optional.of(new Dated(
                duty.tenant(),
                new Reminded(duty.contract(), "duty/" + duty.id(), due),
                CalendarEntry.lastDay(due),
                duty.debtor(),
                null,
                found.assessment().explanation()));
    }

    private static Dated date(ContractDates.Dates contract, LocalDate day, String subject, String key) {
        return new Dated(
                contract.tenant(),
                new Reminded(
                        contract.contract(),
                        subject,
                        day.plusDays(1).atStartOfDay(ZONE).toInstant()),
                day,
                null,
                null,
                Sentence.of(key, day));
    }

    /** @param person when to be reminded of what that person is to do alone, else null */
    private List<Line> lines(
            @Nullable UUID person,
            List<Membership> memberships,
            Map<UUID, List<Engagement>> engagements,
            Map<UUID, List<Dated>> byContract,
            Preference preference,
            Map<Reminded, Set<Integer>> known,
            LocalDate today) {
        var lines = new LinkedHashSet<Line>();
        for (var membership : memberships) {
            for (var engagement : engagements.getOrDefault(membership.organisation(), List.of())) {
                if (!membership.role().capabilitiesAs(engagement.party()).contains(Capability.READ_CONTRACT)) {
                    continue;
                }
                for (var dated : byContract.getOrDefault(engagement.contract(), List.of())) {
                    var before = known.getOrDefault(dated.what(), Set.of());
                    ReminderRule.due(
                                    today, dated.last(), marks(dated, person, engagement, preference), before, calendar)
                            .forEach(mark -> lines.add(new Line(dated, mark)));
                }
            }
        }
        return lines.stream()
                .sorted(Comparator.comparing((Line line) -> line.dated().what().due()))
                .toList();
    }

    /** Of what a person has set oneself, that person is reminded as wished there, unless reminders are switched off. */
    private static List<Integer> marks(
            Dated dated, @Nullable UUID person, Engagement engagement, Preference preference) {
        var personally = dated.person();
        if (personally != null) {
            return personally.person().equals(person) ? List.of(personally.remind()) : List.of();
        }
        boolean concerns = dated.debtor() == null || dated.debtor() == engagement.party() || preference.theirs();
        return concerns ? preference.days() : List.of();
    }

    private int digest(
            UUID home,
            UUID person,
            Preference preference,
            List<Line> lines,
            Map<UUID, String> titles,
            LocalDate today,
            Instant now) {
        var reach = people.reach(person).orElse(null);
        if (reach == null) {
            return 0;
        }
        return tenancy.write(home, () -> {
            // The key is made of what is said: another node, or a repeated run, would say the same and is not heard.
            var said = lines.stream()
                    .map(line -> line.dated().what() + "@" + line.mark().days())
                    .collect(Collectors.joining("\n"));
            var key = "reminders/" + person + "/" + today + "/"
                    + UUID.nameUUIDFromBytes(said.getBytes(java.nio.charset.StandardCharsets.UTF_8));
            boolean mail = preference.mail() && reach.email() != null;
            var message = messages.queue(new NewMessage(
                    home,
                    "workbench.reminders",
                    mail ? Channel.EMAIL : Channel.IN_APP,
                    Recipient.person(person),
                    null,
                    key,
                    reach.language(),
                    Map.of(
                            "count",
                            lines.size(),
                            "items",
                            lines.stream()
                                    .limit(MOST_LINES)
                                    .map(line -> Map.of(
                                            "due", line.dated().last(),
                                            "left", line.mark().left(),
                                            "what", line.dated().says(),
                                            "contract",
                                                    titles.getOrDefault(
                                                            line.dated().what().contract(), "—")))
                                    .toList(),
                            "calendar",
                            "/calendar"),
                    now.plus(Duration.ofDays(2))));
            var fresh = new HashSet<Line>();
            for (var line : lines) {
                if (rows.add(home, person, line.dated().what(), line.mark().days(), message, now)) {
                    fresh.add(line);
                }
            }
            return fresh.isEmpty() ? 0 : 1;
        });
    }

    /** Every quarter of an hour, on one node at a time. */
    @Configuration(proxyBeanMethods = false)
    static class EveryQuarter {

        @Bean
        RecurringTask<Void> reminderTask(Reminders reminders, Clock clock) {
            return Tasks.recurring("workbench-reminders", FixedDelay.ofMinutes(15))
                    .execute((_, _) -> reminders.run(clock.instant()));
        }

        @Bean
        MessageKind reminderMessage() {
            return new MessageKind(
                    "workbench.reminders",
                    Purpose.STAFF,
                    List.of(
                            new Variable("count", VariableType.NUMBER, "2"),
                            new Variable(
                                    "items",
                                    VariableType.LIST,
                                    "",
                                    List.of(
                                            new Variable("due", VariableType.TIME, "2025-01-06"),
                                            new Variable("left", VariableType.NUMBER, "3"),
                                            new Variable("what", VariableType.TEXT, "I-3.2a"),
                                            new Variable("contract", VariableType.TEXT, "CRM-2025"))),
                            new Variable("calendar", VariableType.PATH, "/calendar")));
        }
    }
}
