package io.retainer.workbench;

import io.retainer.identity.SignedIn;
import io.retainer.kernel.Refused;
import io.retainer.kernel.Texts;
import io.retainer.workbench.CalendarDesk.Filter;
import io.retainer.workbench.ReminderRows.Preference;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.time.Instant;
import java.time.LocalDate;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Locale;
import java.util.UUID;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.format.annotation.DateTimeFormat;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** One's own calendar, the address of its feed, and how to be reminded, over the API. */
@RestController
@RequestMapping("/api/v1/calendar")
@Tag(name = "Calendar", description = "Deadlines and dates of all one's contracts, the feed of them, and reminders.")
class CalendarApi {

    private static final int MOST_DAYS = 400;

    private final CalendarDesk desk;

    CalendarApi(CalendarDesk desk) {
        this.desk = desk;
    }

    /**
     * @param lastDay the last day in time
     * @param due the first instant that is late
     * @param ours whether one's own side owes it
     */
    record Entry(
            String uid,
            UUID contract,
            String title,
            String clause,
            String says,
            LocalDate lastDay,
            Instant due,
            boolean ours,
            boolean late) {}

    @GetMapping
    @Operation(summary = "What falls on these days, both included; from today for 31 days when left out.")
    List<Entry> entries(
            SignedIn signedIn,
            @RequestParam(required = false) @DateTimeFormat(iso = DateTimeFormat.ISO.DATE) @Nullable LocalDate from,
            @RequestParam(required = false) @DateTimeFormat(iso = DateTimeFormat.ISO.DATE) @Nullable LocalDate to,
            @RequestParam(required = false) @Nullable UUID contract,
            @RequestParam(required = false) @Nullable Boolean ours,
            Locale locale) {
        var first = from == null ? desk.today() : from;
        var last = to == null ? first.plusDays(30) : to;
        if (last.isBefore(first) || ChronoUnit.DAYS.between(first, last) > MOST_DAYS) {
            throw Refused.field("to", "workbench.calendar.span", first, MOST_DAYS);
        }
        var texts = Texts.in(locale);
        return desk.entries(signedIn.person(), first, last, new Filter(contract, ours)).stream()
                .map(entry -> new Entry(
                        entry.uid(),
                        entry.contract(),
                        entry.title(),
                        entry.clause().id(),
                        texts.say(entry.says()),
                        entry.day(),
                        entry.due(),
                        entry.ours(),
                        entry.late()))
                .toList();
    }

    /** @param address for calendar programs, which is a secret; null while there is none */
    record Feed(@Nullable String address) {}

    @GetMapping("/feed")
    @Operation(summary = "The address of one's feed, if there is one.")
    Feed feed(SignedIn signedIn) {
        return new Feed(desk.feed(signedIn.person()).orElse(null));
    }

    @PostMapping("/feed")
    @Operation(summary = "Makes a new address; the old one is dead at once.")
    Feed renew(SignedIn signedIn) {
        desk.renewFeed(signedIn.person());
        return feed(signedIn);
    }

    @DeleteMapping("/feed")
    @Operation(summary = "Ends the feed at once.")
    void end(SignedIn signedIn) {
        desk.endFeed(signedIn.person());
    }

    /**
     * @param mail whether by mail, beside the bell
     * @param theirs also of what the other side owes
     * @param workdaysBefore how many working days before; none for no reminders
     * @param wecom one's user id in WeCom, where news goes as well; empty for none
     */
    record Reminding(
            @Nullable Boolean mail,
            @Nullable Boolean theirs,
            @Nullable List<Integer> workdaysBefore,
            @Nullable String wecom) {

        static Reminding of(Preference preference, String wecom) {
            return new Reminding(preference.mail(), preference.theirs(), preference.days(), wecom);
        }
    }

    @GetMapping("/reminders")
    @Operation(summary = "How one is reminded.")
    Reminding reminders(SignedIn signedIn) {
        return Reminding.of(desk.preference(signedIn.person()), desk.wecom(signedIn.person()));
    }

    @PutMapping("/reminders")
    @Operation(summary = "Says how to be reminded; what is left out stays.")
    Reminding remind(SignedIn signedIn, @RequestBody Reminding wanted) {
        var before = desk.preference(signedIn.person());
        var days = wanted.workdaysBefore() == null ? before.days() : wanted.workdaysBefore();
        desk.prefer(
                signedIn.person(),
                wanted.mail() == null ? before.mail() : wanted.mail(),
                wanted.theirs() == null ? before.theirs() : wanted.theirs(),
                days.stream().map(String::valueOf).collect(Collectors.joining(",")));
        if (wanted.wecom() != null) {
            desk.wecom(signedIn.person(), wanted.wecom());
        }
        return reminders(signedIn);
    }
}
