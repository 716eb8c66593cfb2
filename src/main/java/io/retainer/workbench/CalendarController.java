package io.retainer.workbench;

import io.retainer.identity.SignedIn;
import io.retainer.kernel.Refused;
import io.retainer.kernel.Sentence;
import io.retainer.workbench.CalendarDesk.Filter;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.DateTimeException;
import java.time.DayOfWeek;
import java.time.LocalDate;
import java.time.YearMonth;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.UUID;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.http.CacheControl;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.context.request.WebRequest;
import org.springframework.web.servlet.mvc.support.RedirectAttributes;

/** The calendar, its feed, and how to be reminded. */
@Controller
@RequestMapping("/calendar")
class CalendarController {

    private final CalendarDesk desk;

    CalendarController(CalendarDesk desk) {
        this.desk = desk;
    }

    /** A day of the grid. */
    record Day(LocalDate date, boolean inMonth, boolean today, List<CalendarEntry> entries) {}

    @GetMapping
    String show(
            SignedIn signedIn,
            @RequestParam(required = false) @Nullable String month,
            @RequestParam(defaultValue = "month") String view,
            @RequestParam(required = false) @Nullable UUID contract,
            @RequestParam(required = false) @Nullable Boolean ours,
            Model model) {
        var today = desk.today();
        var shown = month(month, today);
        var filter = new Filter(contract, ours);
        boolean agenda = view.equals("agenda");
        var first = agenda ? shown.atDay(1) : shown.atDay(1).with(DayOfWeek.MONDAY);
        var last = agenda ? shown.atEndOfMonth() : shown.atEndOfMonth().with(DayOfWeek.SUNDAY);
        var entries = desk.entries(signedIn.person(), first, last, filter);
        model.addAttribute("entries", entries);
        model.addAttribute("weeks", agenda ? List.of() : weeks(first, last, shown, today, entries));
        model.addAttribute("month", shown);
        model.addAttribute("agenda", agenda);
        model.addAttribute("filter", filter);
        model.addAttribute("titles", desk.titles(signedIn.person()));
        model.addAttribute("feed", desk.feed(signedIn.person()).orElse(null));
        var preference = desk.preference(signedIn.person());
        model.addAttribute("preference", preference);
        if (!model.containsAttribute("wecom")) {
            model.addAttribute("wecom", desk.wecom(signedIn.person()));
        }
        if (!model.containsAttribute("days")) {
            model.addAttribute(
                    "days", preference.days().stream().map(String::valueOf).collect(Collectors.joining(", ")));
        }
        return "workbench/calendar";
    }

    @PostMapping("/feed")
    String renew(SignedIn signedIn, RedirectAttributes redirect) {
        desk.renewFeed(signedIn.person());
        redirect.addFlashAttribute("done", Sentence.of("workbench.calendar.feedMade"));
        return "redirect:/calendar";
    }

    @PostMapping("/feed/revocation")
    String revoke(SignedIn signedIn, RedirectAttributes redirect) {
        desk.endFeed(signedIn.person());
        redirect.addFlashAttribute("done", Sentence.of("workbench.calendar.feedEnded"));
        return "redirect:/calendar";
    }

    @PostMapping("/reminders")
    String prefer(
            SignedIn signedIn,
            @RequestParam(defaultValue = "false") boolean mail,
            @RequestParam(defaultValue = "false") boolean theirs,
            @RequestParam(defaultValue = "") String days,
            @RequestParam(required = false) @Nullable String wecom,
            Model model,
            HttpServletResponse response,
            RedirectAttributes redirect) {
        try {
            desk.prefer(signedIn.person(), mail, theirs, days);
            if (wecom != null) {
                desk.wecom(signedIn.person(), wecom);
            }
        } catch (Refused refusal) {
            model.addAttribute("refusal", refusal);
            model.addAttribute("days", days);
            model.addAttribute("wecom", wecom);
            response.setStatus(422);
            return show(signedIn, null, "month", null, null, model);
        }
        redirect.addFlashAttribute("done", Sentence.of("workbench.reminder.saved"));
        return "redirect:/calendar";
    }

    /** For calendar programs, which cannot sign in: the address itself is the secret. */
    @GetMapping("/feed/{token}.ics")
    @Nullable
    ResponseEntity<byte[]> feed(@PathVariable String token, WebRequest web, HttpServletRequest request) {
        var body = desk.file(token, request.getRemoteAddr()).getBytes(StandardCharsets.UTF_8);
        var tag = "\"" + digest(body) + "\"";
        if (web.checkNotModified(tag)) {
            return null;
        }
        return ResponseEntity.ok()
                .contentType(MediaType.parseMediaType("text/calendar;charset=UTF-8"))
                .header("Content-Disposition", "inline; filename=\"retainer.ics\"")
                .cacheControl(CacheControl.noCache().cachePrivate())
                .eTag(tag)
                .body(body);
    }

    private static String digest(byte[] body) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(body), 0, 16);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    private static YearMonth month(@Nullable String month, LocalDate today) {
        if (month == null || month.isBlank()) {
            return YearMonth.from(today);
        }
        try {
            var parsed = YearMonth.parse(month);
            if (parsed.getYear() < 1990 || parsed.getYear() > 2200) {
                throw Refused.field("month", "workbench.calendar.badMonth", month);
            }
            return parsed;
        } catch (DateTimeException e) {
            throw Refused.field("month", "workbench.calendar.badMonth", month);
        }
    }

    private static List<List<Day>> weeks(
            LocalDate first, LocalDate last, YearMonth shown, LocalDate today, List<CalendarEntry> entries) {
        var byDay = entries.stream().collect(Collectors.groupingBy(CalendarEntry::day));
        var weeks = new ArrayList<List<Day>>();
        for (var monday = first; !monday.isAfter(last); monday = monday.plusWeeks(1)) {
            weeks.add(monday.datesUntil(monday.plusWeeks(1))
                    .map(date -> new Day(
                            date,
                            YearMonth.from(date).equals(shown),
                            date.equals(today),
                            byDay.getOrDefault(date, List.of())))
                    .toList());
        }
        return weeks;
    }
}
