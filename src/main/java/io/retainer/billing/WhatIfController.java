package io.retainer.billing;

import io.retainer.contract.SupposedTerms;
import io.retainer.identity.Access;
import io.retainer.identity.Capability;
import io.retainer.kernel.Refused;
import io.retainer.kernel.Sentence;
import io.retainer.kernel.Texts;
import io.retainer.kernel.Unknown;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.http.ContentDisposition;
import org.springframework.http.HttpHeaders;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.servlet.mvc.support.RedirectAttributes;
import org.springframework.web.util.UriComponentsBuilder;

/** What if: a copy of the contract to try things on, a clock to walk its life, and links that show the outcome. */
@Controller
class WhatIfController {

    private static final ZoneId ZONE = ZoneId.of("Asia/Shanghai");
    private static final int STEPS_BEFORE = 5;
    private static final int STEPS_AFTER = 8;

    private final WhatIfDesk desk;
    private final Clock clock;

    WhatIfController(WhatIfDesk desk, Clock clock) {
        this.desk = desk;
        this.clock = clock;
    }

    /** What was typed into one of the small forms. */
    record Typed(String add, String instalment, String on, String until, String amount, String term, String value) {

        String coded() {
            return switch (add) {
                case "paid" -> String.join("~", add, instalment, on, amount);
                case "unpaid" -> String.join("~", add, instalment);
                case "demanded" -> String.join("~", add, instalment, on);
                case "suspended" -> String.join("~", add, on, until);
                case "hindered" -> String.join("~", add, instalment, on, until);
                case "amended" -> String.join("~", add, on, term, value);
                default -> add;
            };
        }
    }

    /**
     * @param h what is supposed, in short form
     * @param at the moment of the judgement: a day, a local date and time, or nothing for now
     * @param add what to suppose besides, from one of the forms
     */
    @GetMapping("/contracts/{contract}/what-if")
    String show(
            Access access,
            @RequestParam(required = false) @Nullable List<String> h,
            @RequestParam(defaultValue = "") String at,
            @RequestParam(defaultValue = "") String add,
            @RequestParam(defaultValue = "") String instalment,
            @RequestParam(defaultValue = "") String on,
            @RequestParam(defaultValue = "") String until,
            @RequestParam(defaultValue = "") String amount,
            @RequestParam(defaultValue = "") String term,
            @RequestParam(defaultValue = "") String value,
            Model model,
            Locale locale,
            HttpServletRequest request,
            HttpServletResponse response) {
        access.require(Capability.READ_CONTRACT);
        var coded = raw(h, request);
        if (add.isEmpty()) {
            return page(access, coded, at, null, null, model, locale, response);
        }
        var typed = new Typed(add, instalment, on, until, amount, term, value);
        try {
            var further = new ArrayList<>(coded);
            further.add(Hypothesis.parse(typed.coded()).coded());
            // Whatever cannot be judged is refused here, beside the form it was typed into.
            desk.sandbox(access, parsed(further)).ifPresent(sandbox -> sandbox.at(moment(at)));
            return "redirect:" + address(access, further, at);
        } catch (Refused refusal) {
            return page(access, coded, at, typed, refusal, model, locale, response);
        }
    }

    private String page(
            Access access,
            List<String> coded,
            String at,
            @Nullable Typed typed,
            @Nullable Refused refusal,
            Model model,
            Locale locale,
            HttpServletResponse response) {
        var failed = refusal;
        var kept = coded;
        Instant moment;
        var clockedAt = at;
        try {
            moment = moment(at);
        } catch (Refused refused) {
            failed = refused;
            clockedAt = "";
            moment = clock.instant();
        }
        try {
            var sandbox = desk.sandbox(access, parsed(coded)).orElse(null);
            if (sandbox != null) {
                fill(sandbox, moment, access.may(Capability.READ_MONEY), model, locale);
            }
        } catch (Refused refused) {
            failed = refused;
            kept = List.of();
            var sandbox = desk.sandbox(access, List.of()).orElse(null);
            if (sandbox != null) {
                fill(sandbox, moment, access.may(Capability.READ_MONEY), model, locale);
            }
        }
        if (failed != null) {
            model.addAttribute("refusal", failed);
            response.setStatus(422);
        }
        model.addAttribute("typed", typed == null ? new Typed("", "", "", "", "", "", "") : typed);
        model.addAttribute("coded", kept);
        model.addAttribute("clockedAt", clockedAt);
        model.addAttribute("keys", SupposedTerms.keys());
        model.addAttribute("shared", desk.shared(access));
        model.addAttribute("self", "/contracts/" + access.contract() + "/what-if");
        model.addAttribute("open", false);
        return "billing/what-if";
    }

    private void fill(WhatIfDesk.Sandbox sandbox, Instant moment, boolean money, Model model, Locale locale) {
        var zone = sandbox.real().terms().zone();
        var view = new WhatIfView(new Texts(locale, zone), zone, money);
        var life = sandbox.life();
        model.addAttribute("view", view);
        model.addAttribute("comparison", sandbox.at(moment));
        model.addAttribute("hypotheses", sandbox.hypotheses());
        model.addAttribute("moment", moment);
        model.addAttribute("day", LocalDate.ofInstant(moment, zone));
        model.addAttribute("steps", life.around(moment, STEPS_BEFORE, STEPS_AFTER));
        model.addAttribute("stepCount", life.steps().size());
        model.addAttribute(
                "passed",
                life.steps().stream().filter(step -> !step.at().isAfter(moment)).count());
        model.addAttribute(
                "next", life.after(moment).map(one -> local(one, zone)).orElse(null));
        model.addAttribute(
                "previous", life.before(moment).map(one -> local(one, zone)).orElse(null));
        model.addAttribute("first", local(life.steps().getFirst().at(), zone));
        model.addAttribute("last", local(life.steps().getLast().at(), zone));
    }

    /** For a link to a moment, to the very nanosecond. */
    static String local(Instant moment, ZoneId zone) {
        return LocalDateTime.ofInstant(moment, zone).toString();
    }

    /** The input of the simulation as JSON: posted to the API it gives the same verdict. */
    @GetMapping("/contracts/{contract}/what-if.json")
    ResponseEntity<byte[]> json(
            Access access,
            @RequestParam(required = false) @Nullable List<String> h,
            @RequestParam(defaultValue = "") String at,
            HttpServletRequest request) {
        access.require(Capability.READ_MONEY);
        var sandbox = desk.sandbox(access, parsed(raw(h, request)))
                .orElseThrow(() -> new Unknown("account of contract " + access.contract()));
        return ResponseEntity.ok()
                .contentType(MediaType.APPLICATION_JSON)
                .header(
                        HttpHeaders.CONTENT_DISPOSITION,
                        ContentDisposition.attachment()
                                .filename("what-if.json")
                                .build()
                                .toString())
                .header("X-Content-Type-Options", "nosniff")
                .body(sandbox.supposed().at(moment(at)).toJson().getBytes(StandardCharsets.UTF_8));
    }

    @PostMapping("/contracts/{contract}/what-if/links")
    String share(
            Access access,
            @RequestParam(required = false) @Nullable List<String> h,
            @RequestParam(defaultValue = "") String at,
            @RequestParam(defaultValue = "") String title,
            @RequestParam(defaultValue = "7") int days,
            Model model,
            Locale locale,
            HttpServletRequest request,
            HttpServletResponse response,
            RedirectAttributes redirect) {
        access.require(Capability.READ_CONTRACT);
        var coded = raw(h, request);
        try {
            desk.share(access, coded, at.isBlank() ? null : moment(at), title, days);
        } catch (Refused refusal) {
            return page(access, coded, at, null, refusal, model, locale, response);
        }
        redirect.addFlashAttribute("done", Sentence.of("billing.whatIf.sharedNow", days));
        return "redirect:" + address(access, coded, at) + "#shared";
    }

    @PostMapping("/contracts/{contract}/what-if/links/{scenario}/revocation")
    String end(Access access, @PathVariable UUID scenario, RedirectAttributes redirect) {
        desk.end(access, scenario);
        redirect.addFlashAttribute("done", Sentence.of("billing.whatIf.ended"));
        return "redirect:/contracts/" + access.contract() + "/what-if";
    }

    /** Open to whoever holds the link; shows that what-if, as it was, and nothing else. */
    @GetMapping("/what-if/{token}")
    String open(
            @PathVariable String token,
            @RequestParam(defaultValue = "") String at,
            Model model,
            Locale locale,
            HttpServletRequest request,
            HttpServletResponse response) {
        var opened = desk.open(token, request.getRemoteAddr());
        var moment = opened.scenario().asOf();
        var clockedAt = at;
        if (!at.isBlank()) {
            try {
                moment = moment(at);
            } catch (Refused refusal) {
                model.addAttribute("refusal", refusal);
                response.setStatus(422);
                clockedAt = "";
            }
        }
        fill(opened.sandbox(), moment, opened.scenario().money(), model, locale);
        model.addAttribute("scenario", opened.scenario());
        model.addAttribute("clockedAt", clockedAt);
        model.addAttribute("coded", List.of());
        model.addAttribute("self", "/what-if/" + token);
        model.addAttribute("open", true);
        response.setHeader(HttpHeaders.CACHE_CONTROL, "no-store");
        response.setHeader("X-Robots-Tag", "noindex");
        return "billing/what-if-shared";
    }

    /** A value may hold commas, at which the framework would divide a single parameter. */
    static List<String> raw(@Nullable List<String> h, HttpServletRequest request) {
        var values = request.getParameterValues("h");
        return h == null || values == null ? List.of() : List.of(values);
    }

    private static List<Hypothesis> parsed(List<String> coded) {
        return coded.stream().map(Hypothesis::parse).toList();
    }

    private Instant moment(String at) {
        if (at.isBlank()) {
            return clock.instant();
        }
        try {
            var moment = at.length() == 10
                    ? LocalDate.parse(at).plusDays(1).atStartOfDay(ZONE).minusNanos(1)
                    : LocalDateTime.parse(at).atZone(ZONE);
            if (moment.getYear() >= Hypothesis.FIRST_DAY.getYear()
                    && moment.getYear() <= Hypothesis.LAST_DAY.getYear()) {
                return moment.toInstant();
            }
        } catch (DateTimeException _) {
            // said below
        }
        throw Refused.field("at", "billing.whatIf.noDay", Hypothesis.FIRST_DAY, Hypothesis.LAST_DAY);
    }

    private static String address(Access access, List<String> coded, String at) {
        var uri = UriComponentsBuilder.fromPath("/contracts/" + access.contract() + "/what-if");
        coded.forEach(one -> uri.queryParam("h", "{h}"));
        if (!at.isBlank()) {
            uri.queryParam("at", "{at}");
        }
        var values = new ArrayList<Object>(coded);
        if (!at.isBlank()) {
            values.add(at);
        }
        return uri.encode().buildAndExpand(values.toArray()).toUriString();
    }
}
