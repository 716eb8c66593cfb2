package io.retainer.workbench;

import io.retainer.contract.ContractDates;
import io.retainer.contract.ContractLife;
import io.retainer.contract.PersonalDates;
import io.retainer.contract.PersonalDates.PersonalDate;
import io.retainer.duty.AssessedDuty;
import io.retainer.duty.Duties;
import io.retainer.duty.DutyState;
import io.retainer.identity.Access;
import io.retainer.identity.Capability;
import io.retainer.identity.People;
import io.retainer.identity.SignedLinks;
import io.retainer.identity.SignedLinks.Link;
import io.retainer.identity.Standings;
import io.retainer.kernel.Clause;
import io.retainer.kernel.Refused;
import io.retainer.kernel.Sentence;
import io.retainer.kernel.Texts;
import io.retainer.kernel.Unknown;
import io.retainer.messaging.Colleagues;
import io.retainer.workbench.ReminderRows.Preference;
import java.time.Clock;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.stereotype.Service;

/** The deadlines of every contract under which a person has standing now, as a calendar and as a feed of it. */
@Service
class CalendarDesk {

    private static final String PURPOSE = "calendar-feed";

    private final Standings standings;
    private final Duties duties;
    private final ContractDates dates;
    private final ContractLife contracts;
    private final ObjectProvider<PersonalDates> personal;
    private final People people;
    private final SignedLinks links;
    private final ReminderRows reminders;
    private final Colleagues colleagues;
    private final Clock clock;
    private final String site;

    CalendarDesk(
            Standings standings,
            Duties duties,
            ContractDates dates,
            ContractLife contracts,
            ObjectProvider<PersonalDates> personal,
            People people,
            SignedLinks links,
            ReminderRows reminders,
            Colleagues colleagues,
            Clock clock,
            @Value("${retainer.site:http://127.0.0.1:${server.port:8080}}") String site) {
        this.standings = standings;
        this.duties = duties;
        this.dates = dates;
        this.contracts = contracts;
        this.personal = personal;
        this.people = people;
        this.links = links;
        this.reminders = reminders;
        this.colleagues = colleagues;
        this.clock = clock;
        this.site = site.replaceAll("/+$", "");
    }

    /** Which entries to show; null shows all. */
    record Filter(@Nullable UUID contract, @Nullable Boolean ours) {

        static final Filter ALL = new Filter(null, null);

        boolean fits(CalendarEntry entry) {
            return (contract == null || contract.equals(entry.contract())) && (ours == null || ours == entry.ours());
        }
    }

    LocalDate today() {
        return LocalDate.ofInstant(clock.instant(), CalendarEntry.ZONE);
    }

    /** The titles of the contracts the person may choose from. */
    Map<UUID, String> titles(UUID person) {
        var accesses = accesses(person);
        return contracts.titles(
                accesses.values().stream().map(Access::tenant).distinct().toList(), accesses.keySet());
    }

    /** What falls on these days, both included, in order. */
    List<CalendarEntry> entries(UUID person, LocalDate first, LocalDate last, Filter filter) {
        var accesses = accesses(person);
        if (accesses.isEmpty()) {
            return List.of();
        }
        var now = clock.instant();
        var tenants = accesses.values().stream().map(Access::tenant).distinct().toList();
        var titles = contracts.titles(tenants, accesses.keySet());
        var found = new ArrayList<CalendarEntry>();
        // One nanosecond later than midnight: what is due at midnight belongs to the day before.
        var since = first.atStartOfDay(CalendarEntry.ZONE).toInstant().plusNanos(1000);
        var until =
                last.plusDays(1).atStartOfDay(CalendarEntry.ZONE).toInstant().plusNanos(1000);
        for (var duty : duties.owedBetween(tenants, accesses.keySet(), since, until, now)) {
            var access = accesses.get(duty.duty().contract());
            if (access != null) {
                found.add(entry(duty, access, titles));
            }
        }
        for (var contract : dates.between(first, last)) {
            if (accesses.containsKey(contract.contract())) {
                date(contract, contract.startsOn(), first, last, "term-start", "workbench.reminder.termStart", titles)
                        .ifPresent(found::add);
                date(contract, contract.endsOn(), first, last, "term-end", "workbench.reminder.termEnd", titles)
                        .ifPresent(found::add);
            }
        }
        personal.orderedStream()
                .flatMap(source -> source.of(accesses.values(), since, until).stream())
                .forEach(date -> found.add(entry(date, titles, now)));
        return found.stream()
                .filter(filter::fits)
                .sorted(Comparator.comparing(CalendarEntry::due).thenComparing(CalendarEntry::uid))
                .toList();
    }

    private static CalendarEntry entry(AssessedDuty found, Access access, Map<UUID, String> titles) {
        var duty = found.duty();
        var due = java.util.Objects.requireNonNull(found.assessment().due());
        var changed = duty.history().isEmpty()
                ? duty.openedAt()
                : duty.history().getLast().recordedAt();
        return new CalendarEntry(
                duty.id() + "@retainer",
                duty.contract(),
                titles.getOrDefault(duty.contract(), "—"),
                duty.clause(),
                found.assessment().explanation(),
                due,
                duty.debtor() == access.party(),
                false,
                found.assessment().state() == DutyState.BREACHED,
                duty.version(),
                changed,
                "/contracts/" + duty.contract() + "/duties/" + duty.id());
    }

    private static CalendarEntry entry(PersonalDate date, Map<UUID, String> titles, Instant now) {
        return new CalendarEntry(
                date.uid(),
                date.contract(),
                titles.getOrDefault(date.contract(), "—"),
                date.clause(),
                date.says(),
                date.due(),
                true,
                true,
                !now.isBefore(date.due()),
                date.sequence(),
                date.changedAt(),
                date.path());
    }

    private static Optional<CalendarEntry> date(
            ContractDates.Dates contract,
            @Nullable LocalDate day,
            LocalDate first,
            LocalDate last,
            String what,
            String key,
            Map<UUID, String> titles) {
        if (day == null || day.isBefore(first) || day.isAfter(last)) {
            return Optional.empty();
        }
        return Optional.of(new CalendarEntry(
                what + "-" + contract.contract() + "@retainer",
                contract.contract(),
                titles.getOrDefault(contract.contract(), "—"),
                Clause.I_2_1,
                Sentence.of(key, day),
                day.plusDays(1).atStartOfDay(CalendarEntry.ZONE).toInstant(),
                true,
                false,
                false,
                // A moved date has a higher number; the day itself serves as one.
                Math.toIntExact(day.toEpochDay()),
                day.minusYears(1).atStartOfDay(CalendarEntry.ZONE).toInstant(),
                "/contracts/" + contract.contract()));
    }

    // the feed

    /** The address of the person's feed, when there is one. */
    Optional<String> feed(UUID person) {
        return home(person)
                .flatMap(home ->
                        links.of(home, PURPOSE, "person/" + person).stream().findFirst())
                .map(link -> site + "/calendar/feed/" + links.token(link) + ".ics");
    }

    /** Makes a new address; the old one is dead at once. */
    void renewFeed(UUID person) {
        var home = home(person).orElseThrow(() -> Refused.because("workbench.calendar.noOrganisation"));
        links.revoke(home, PURPOSE, "person/" + person);
        links.issue(home, PURPOSE, "person/" + person, null, false);
    }

    void endFeed(UUID person) {
        home(person).ifPresent(home -> links.revoke(home, PURPOSE, "person/" + person));
    }

    /**
     * The calendar as it stands for the owner of the link now: standing is asked anew each time.
     *
     * @throws Unknown when the link is dead, or its owner may not sign in any more or belongs nowhere
     */
    String file(String token, String from) {
        Link link = links.open(token, PURPOSE, from);
        var person = UUID.fromString(link.subject().substring("person/".length()));
        var reach = people.reach(person).orElseThrow(() -> new Unknown("calendar"));
        if (people.memberships(person).isEmpty()) {
            throw new Unknown("calendar");
        }
        var today = today();
        var texts = Texts.in(reach.language());
        return CalendarFile.of(entries(person, today.minusDays(90), today.plusDays(400), Filter.ALL), site, texts);
    }

    // how to be reminded

    Preference preference(UUID person) {
        return reminders.preferences(List.of(person)).getOrDefault(person, Preference.PLATFORM);
    }

    void prefer(UUID person, boolean mail, boolean theirs, String days) {
        var wanted = new ArrayList<Integer>();
        for (var day : days.split("[,,、\\s]+")) {
            if (!day.isBlank()) {
                if (!day.matches("[0-9]{1,2}") || Integer.parseInt(day) < 1 || Integer.parseInt(day) > 30) {
                    throw Refused.field("days", "workbench.reminder.days", day);
                }
                wanted.add(Integer.parseInt(day));
            }
        }
        var distinct =
                wanted.stream().distinct().sorted(Comparator.reverseOrder()).toList();
        if (distinct.size() > 10) {
            throw Refused.field("days", "workbench.reminder.tooMany", distinct.size());
        }
        reminders.prefer(person, new Preference(mail, theirs, distinct));
    }

    /** Who the person is in WeCom, where news goes as well; blank for nobody. */
    String wecom(UUID person) {
        return colleagues.wecom(person).orElse("");
    }

    void wecom(UUID person, String userId) {
        colleagues.wecom(person, userId);
    }

    private Optional<UUID> home(UUID person) {
        return people.memberships(person).stream()
                .map(io.retainer.identity.Membership::organisation)
                .min(Comparator.naturalOrder());
    }

    private Map<UUID, Access> accesses(UUID person) {
        return standings.contracts(person, clock.instant()).stream()
                .filter(access -> access.may(Capability.READ_CONTRACT))
                .collect(Collectors.toMap(Access::contract, Function.identity()));
    }
}
