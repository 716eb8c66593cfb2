package io.retainer.complaint;

import io.retainer.complaint.SettingRows.Setting;
import io.retainer.identity.Access;
import io.retainer.identity.Capability;
import io.retainer.kernel.Money;
import io.retainer.kernel.Party;
import io.retainer.kernel.Refused;
import io.retainer.kernel.Sentence;
import io.retainer.kernel.Tenancy;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.multipart.MultipartFile;
import org.springframework.web.servlet.mvc.support.RedirectAttributes;

/**
 * How complaints under a contract are taken in: the public form, the mailbox, canned answers, old cases. The provider leads
 * these; the client alone says up to what amount the provider may promise on its own.
 */
@Controller
@RequestMapping("/contracts/{contract}/complaints/settings")
class SettingController {

    private static final String PAGE = "redirect:/contracts/{contract}/complaints/settings";
    private static final int REFUSED = 422;

    private final SettingRows rows;
    private final OldCases old;
    private final DeskSkills skills;
    private final TargetsInForce targets;
    private final Tenancy tenancy;
    private final Clock clock;
    private final SecureRandom random = new SecureRandom();

    SettingController(
            SettingRows rows, OldCases old, DeskSkills skills, TargetsInForce targets, Tenancy tenancy, Clock clock) {
        this.rows = rows;
        this.old = old;
        this.skills = skills;
        this.targets = targets;
        this.tenancy = tenancy;
        this.clock = clock;
    }

    @GetMapping
    String show(Access access, Model model) {
        requireSome(access);
        tenancy.read(access.tenant(), () -> {
            model.addAttribute("setting", rows.setting(access.tenant(), access.contract()));
            model.addAttribute("canned", rows.canned(access.tenant(), access.contract()));
            return access;
        });
        model.addAttribute("targets", targets.inForce(access.tenant(), access.contract(), clock.instant()));
        if (access.may(Capability.LEAD_COMPLAINTS)) {
            model.addAttribute("desk", skills.all(access));
            model.addAttribute("allSkills", Skill.values());
        }
        model.addAttribute("leads", access.may(Capability.LEAD_COMPLAINTS));
        model.addAttribute("decides", access.may(Capability.APPROVE_REMEDY));
        return "complaint/settings";
    }

    private static void requireSome(Access access) {
        if (!access.may(Capability.APPROVE_REMEDY)) {
            access.require(Capability.LEAD_COMPLAINTS);
        }
    }

    @PostMapping("/form")
    String form(Access access, @RequestParam boolean open, RedirectAttributes redirect) {
        access.require(Capability.LEAD_COMPLAINTS);
        change(access, setting -> new Setting(open ? key() : null, setting.mailbox(), setting.limit()));
        return done(redirect);
    }

    /** Opens the public form. */
    String openForm(Access access) {
        access.require(Capability.LEAD_COMPLAINTS);
        var key = key();
        change(access, setting -> new Setting(key, setting.mailbox(), setting.limit()));
        return key;
    }

    void closeForm(Access access) {
        access.require(Capability.LEAD_COMPLAINTS);
        change(access, setting -> new Setting(null, setting.mailbox(), setting.limit()));
    }

    private String key() {
        var bytes = new byte[16];
        random.nextBytes(bytes);
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }

    @PostMapping("/mailbox")
    String mailbox(
            Access access,
            @RequestParam(defaultValue = "") String mailbox,
            Model model,
            HttpServletResponse response,
            RedirectAttributes redirect) {
        model.addAttribute("typedMailbox", mailbox);
        return tried(access, model, response, redirect, () -> mailbox(access, mailbox));
    }

    void mailbox(Access access, String given) {
        access.require(Capability.LEAD_COMPLAINTS);
        var email = ComplaintRules.email(given);
        var mailbox = email == null ? null : email.toLowerCase(Locale.ROOT);
        if (mailbox != null
                && rows.byMailbox(List.of(mailbox)).stream()
                        .anyMatch(place -> !place.contract().equals(access.contract()))) {
            throw Refused.field("mailbox", "complaint.setting.mailboxTaken");
        }
        change(access, setting -> new Setting(setting.formKey(), mailbox, setting.limit()));
    }

    @PostMapping("/limit")
    String limit(
            Access access,
            @RequestParam(defaultValue = "") String limit,
            Model model,
            HttpServletResponse response,
            RedirectAttributes redirect) {
        return tried(access, model, response, redirect, () -> limit(access, limit));
    }

    void limit(Access access, String given) {
        access.require(Capability.APPROVE_REMEDY);
        if (access.party() != Party.CLIENT) {
            throw Refused.because("complaint.setting.clientOnly");
        }
        change(access, setting -> new Setting(setting.formKey(), setting.mailbox(), amount(given)));
    }

    private static Money amount(String given) {
        try {
            var amount = Money.of(given.replace("¥", ""));
            if (amount.fen() >= 0 && amount.fen() <= 100_000_000_00L) {
                return amount;
            }
        } catch (ArithmeticException | NumberFormatException e) {
            // said below
        }
        throw Refused.field("limit", "complaint.bad.money");
    }

    @PostMapping("/canned")
    String can(
            Access access,
            @RequestParam(defaultValue = "") String title,
            @RequestParam(defaultValue = "") String text,
            Model model,
            HttpServletResponse response,
            RedirectAttributes redirect) {
        model.addAttribute("typedTitle", title);
        model.addAttribute("typedText", text);
        return tried(access, model, response, redirect, () -> can(access, title, text));
    }

    void can(Access access, String title, String text) {
        access.require(Capability.LEAD_COMPLAINTS);
        var plainTitle = ComplaintRules.text("title", title, 60);
        var plain = ComplaintRules.text("text", text, 4000);
        tenancy.write(
                access.tenant(),
                () -> rows.can(access.tenant(), access.contract(), plainTitle, plain, clock.instant()));
    }

    @PostMapping("/skills/{person}")
    String skills(
            Access access,
            @PathVariable UUID person,
            @RequestParam(name = "skills", defaultValue = "") Set<Skill> can,
            @RequestParam(required = false) @Nullable Integer most,
            @RequestParam(defaultValue = "false") boolean away,
            Model model,
            HttpServletResponse response,
            RedirectAttributes redirect) {
        return tried(access, model, response, redirect, () -> skills.keep(access, person, can, most, away));
    }

    @PostMapping("/canned/{canned}/drop")
    String uncan(Access access, @PathVariable UUID canned, RedirectAttributes redirect) {
        uncan(access, canned);
        return done(redirect);
    }

    void uncan(Access access, UUID canned) {
        access.require(Capability.LEAD_COMPLAINTS);
        tenancy.write(access.tenant(), () -> rows.uncan(access.tenant(), access.contract(), canned));
    }

    @PostMapping("/old")
    String old(Access access, @RequestParam MultipartFile file, Model model, HttpServletResponse response) {
        try {
            model.addAttribute("takenOver", old.take(access, file.getBytes()));
        } catch (Refused refusal) {
            model.addAttribute("refusal", refusal);
            response.setStatus(REFUSED);
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
        return show(access, model);
    }

    private interface Change {
        Setting of(Setting setting);
    }

    private void change(Access access, Change change) {
        tenancy.write(
                access.tenant(),
                () -> rows.save(
                        access.tenant(),
                        access.contract(),
                        change.of(rows.setting(access.tenant(), access.contract())),
                        clock.instant()));
    }

    private String tried(
            Access access, Model model, HttpServletResponse response, RedirectAttributes redirect, Runnable act) {
        try {
            act.run();
        } catch (Refused refusal) {
            model.addAttribute("refusal", refusal);
            response.setStatus(REFUSED);
            return show(access, model);
        }
        return done(redirect);
    }

    private static String done(RedirectAttributes redirect) {
        redirect.addFlashAttribute("done", Sentence.of("complaint.setting.kept"));
        return PAGE;
    }
}
