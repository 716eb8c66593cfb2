package io.retainer.messaging;

import io.retainer.identity.SignedIn;
import io.retainer.kernel.Refused;
import io.retainer.kernel.Sentence;
import io.retainer.kernel.Unknown;
import io.retainer.messaging.MessageRows.Filter;
import jakarta.servlet.http.HttpServletResponse;
import java.time.LocalTime;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.servlet.mvc.support.RedirectAttributes;

/** One's own messages, and the outbox, templates and contact budget of the clients one manages messages for. */
@Controller
@RequestMapping("/messages")
class MessageController {

    private static final List<Channel> SENT = List.of(Channel.EMAIL, Channel.SMS, Channel.WECOM, Channel.IN_APP);

    private static final List<Channel> SUPPRESSIBLE = List.of(Channel.EMAIL, Channel.SMS, Channel.WECOM, Channel.PHONE);

    private final Inbox inbox;
    private final MessageDesk desk;
    private final Templates templates;

    MessageController(Inbox inbox, MessageDesk desk, Templates templates) {
        this.inbox = inbox;
        this.desk = desk;
        this.templates = templates;
    }

    @GetMapping
    String inbox(SignedIn signedIn, @RequestParam(required = false) @Nullable UUID after, Model model) {
        var page = inbox.page(signedIn.person(), after);
        model.addAttribute("items", page.items());
        model.addAttribute("next", page.next());
        model.addAttribute("unread", inbox.unread(signedIn.person()));
        model.addAttribute("manages", manages(signedIn));
        return "messaging/inbox";
    }

    @GetMapping("/{message:[0-9a-f-]{36}}")
    String read(SignedIn signedIn, @PathVariable UUID message, Model model) {
        var item = inbox.one(signedIn.person(), message).orElseThrow(() -> new Unknown("message " + message));
        inbox.read(signedIn.person(), message);
        model.addAttribute("item", item);
        return "messaging/read";
    }

    @PostMapping("/read")
    String readAll(SignedIn signedIn, RedirectAttributes redirect) {
        inbox.read(signedIn.person(), null);
        redirect.addFlashAttribute("done", Sentence.of("messaging.done.read"));
        return "redirect:/messages";
    }

    @GetMapping("/outbox")
    String outbox(
            SignedIn signedIn,
            @RequestParam(required = false) @Nullable UUID tenant,
            @RequestParam(required = false) @Nullable MessageState state,
            @RequestParam(required = false) @Nullable Channel channel,
            @RequestParam(required = false) @Nullable String kind,
            @RequestParam(required = false) @Nullable String q,
            @RequestParam(required = false) @Nullable UUID after,
            Model model) {
        var filter = new Filter(state, channel, kind == null || kind.isBlank() ? null : kind, id(q));
        var page = desk.page(signedIn.person(), tenant, filter, after);
        var tenants = desk.tenants(signedIn.person());
        model.addAttribute("page", page);
        model.addAttribute("filter", filter);
        model.addAttribute("filtered", tenant != null || !filter.equals(Filter.ALL));
        model.addAttribute("q", q);
        model.addAttribute("tenant", tenant);
        model.addAttribute("tenants", tenants);
        model.addAttribute("states", MessageState.values());
        model.addAttribute("channels", SENT);
        model.addAttribute("kinds", templates.kinds());
        model.addAttribute("ready", desk.ready());
        var unready = unready();
        model.addAttribute("unready", unready.isEmpty() ? null : Sentence.of("messaging.unready", unready));
        return "messaging/outbox";
    }

    @GetMapping("/outbox/{message}")
    String show(SignedIn signedIn, @PathVariable UUID message, Model model) {
        var shown = desk.show(signedIn.person(), message);
        model.addAttribute("shown", shown);
        model.addAttribute("ready", desk.ready());
        model.addAttribute(
                "client", desk.tenants(signedIn.person()).get(shown.message().tenant()));
        return "messaging/message";
    }

    @PostMapping("/outbox/{message}/resend")
    String resend(
            SignedIn signedIn,
            @PathVariable UUID message,
            Model model,
            HttpServletResponse response,
            RedirectAttributes redirect) {
        try {
            desk.resend(signedIn.person(), message);
        } catch (Refused refusal) {
            model.addAttribute("refusal", refusal);
            response.setStatus(422);
            return show(signedIn, message, model);
        }
        redirect.addFlashAttribute("done", Sentence.of("messaging.done.resent"));
        return "redirect:/messages/outbox/" + message;
    }

    @PostMapping("/outbox/test")
    String tryMail(SignedIn signedIn, @RequestParam UUID tenant, Locale locale, RedirectAttributes redirect) {
        var id = desk.tryMail(signedIn.person(), tenant, locale.getLanguage().equals("en") ? "en" : "zh");
        redirect.addFlashAttribute("done", Sentence.of("messaging.done.test"));
        return "redirect:/messages/outbox/" + id;
    }

    @GetMapping("/templates")
    String templates(SignedIn signedIn, @RequestParam(required = false) @Nullable UUID tenant, Model model) {
        var tenants = desk.tenants(signedIn.person());
        var chosen = tenant == null ? tenants.keySet().iterator().next() : desk.require(signedIn.person(), tenant);
        model.addAttribute("tenants", tenants);
        model.addAttribute("tenant", chosen);
        model.addAttribute("kinds", templates.kinds());
        model.addAttribute(
                "own",
                templates.kinds().stream()
                        .flatMap(kind -> List.of("zh", "en").stream()
                                .filter(language -> templates
                                                .current(chosen, kind, language)
                                                .version()
                                        != null)
                                .map(language -> kind.name() + "/" + language))
                        .toList());
        if (!model.containsAttribute("budget")) {
            var kept = desk.budget(signedIn.person(), chosen);
            model.addAttribute("budget", kept.budget());
            model.addAttribute("budgetVersion", kept.version());
        }
        return "messaging/templates";
    }

    @PostMapping("/budget")
    String budget(
            SignedIn signedIn,
            @RequestParam UUID tenant,
            @RequestParam int seen,
            @RequestParam int perWeek,
            @RequestParam int perMonth,
            @RequestParam int gapHours,
            @RequestParam LocalTime quietFrom,
            @RequestParam LocalTime quietTo,
            Model model,
            HttpServletResponse response,
            RedirectAttributes redirect) {
        try {
            desk.budget(signedIn.person(), tenant, seen, perWeek, perMonth, gapHours, quietFrom, quietTo);
        } catch (Refused refusal) {
            model.addAttribute("refusal", refusal);
            response.setStatus(422);
            return templates(signedIn, tenant, model);
        }
        redirect.addFlashAttribute("done", Sentence.of("messaging.done.budget"));
        return "redirect:/messages/templates?tenant=" + tenant;
    }

    @GetMapping("/templates/{tenant}/{kind}/{language}")
    String template(
            SignedIn signedIn,
            @PathVariable UUID tenant,
            @PathVariable String kind,
            @PathVariable String language,
            Model model) {
        desk.require(signedIn.person(), tenant);
        var found = templates.kind(kind);
        var current = templates.current(tenant, found, desk.language(language));
        return editor(
                signedIn,
                tenant,
                found,
                language,
                seen(tenant, kind, language),
                current.subject(),
                current.body(),
                model);
    }

    /** One form, three buttons: look at it, keep it, or go back to the platform's. */
    @PostMapping("/templates/{tenant}/{kind}/{language}")
    String write(
            SignedIn signedIn,
            @PathVariable UUID tenant,
            @PathVariable String kind,
            @PathVariable String language,
            @RequestParam int seen,
            @RequestParam String subject,
            @RequestParam String body,
            @RequestParam String action,
            Model model,
            HttpServletResponse response,
            RedirectAttributes redirect) {
        desk.require(signedIn.person(), tenant);
        var found = templates.kind(kind);
        var plain = body.replace("\r\n", "\n");
        try {
            switch (action) {
                case "keep" -> desk.write(signedIn.person(), tenant, kind, language, seen, subject.strip(), plain);
                case "platform" -> desk.write(signedIn.person(), tenant, kind, language, seen, null, null);
                case String _ -> {
                    return editor(signedIn, tenant, found, desk.language(language), seen, subject, plain, model);
                }
            }
        } catch (Refused refusal) {
            model.addAttribute("refusal", refusal);
            response.setStatus(422);
            return editor(signedIn, tenant, found, language, seen, subject, plain, model);
        }
        redirect.addFlashAttribute("done", Sentence.of("messaging.done.template"));
        return "redirect:/messages/templates/" + tenant + "/" + kind + "/" + language;
    }

    private String editor(
            SignedIn signedIn,
            UUID tenant,
            MessageKind kind,
            String language,
            int seen,
            String subject,
            String body,
            Model model) {
        model.addAttribute("tenant", tenant);
        model.addAttribute("client", desk.tenants(signedIn.person()).get(tenant));
        model.addAttribute("kind", kind);
        model.addAttribute("language", language);
        model.addAttribute("seen", seen);
        model.addAttribute("subject", subject);
        model.addAttribute("body", body);
        model.addAttribute("editions", templates.editions(tenant, kind.name(), language));
        try {
            model.addAttribute("preview", templates.preview(kind, subject, body, language));
        } catch (Refused refusal) {
            model.addAttribute("refusal", refusal);
        }
        return "messaging/template";
    }

    private int seen(UUID tenant, String kind, String language) {
        return templates
                .newest(tenant, kind, language)
                .map(Templates.Edition::version)
                .orElse(0);
    }

    @GetMapping("/suppressed")
    String suppressed(SignedIn signedIn, @RequestParam(required = false) @Nullable UUID tenant, Model model) {
        return suppressed(signedIn, tenant, "", model);
    }

    /** Posted, because what is looked for is personal and addresses are kept by browsers. */
    @PostMapping("/suppressed/search")
    String search(
            SignedIn signedIn, @RequestParam UUID tenant, @RequestParam(defaultValue = "") String who, Model model) {
        return suppressed(signedIn, tenant, who, model);
    }

    private String suppressed(SignedIn signedIn, @Nullable UUID tenant, String who, Model model) {
        var tenants = desk.tenants(signedIn.person());
        var chosen = tenant == null ? tenants.keySet().iterator().next() : tenant;
        model.addAttribute("list", desk.suppressed(signedIn.person(), chosen, who));
        model.addAttribute("tenants", tenants);
        model.addAttribute("tenant", chosen);
        model.addAttribute("who", who.strip());
        model.addAttribute("channels", SUPPRESSIBLE);
        model.addAttribute("reasons", ContactBudget.Suppression.values());
        return "messaging/suppressed";
    }

    @PostMapping("/suppressed")
    String suppress(
            SignedIn signedIn,
            @RequestParam UUID tenant,
            @RequestParam(defaultValue = "") String who,
            @RequestParam Channel channel,
            @RequestParam ContactBudget.Suppression reason,
            Model model,
            HttpServletResponse response,
            RedirectAttributes redirect) {
        try {
            desk.suppress(signedIn.person(), tenant, who, channel, reason);
        } catch (Refused refusal) {
            model.addAttribute("refusal", refusal);
            response.setStatus(422);
            model.addAttribute("typed", who);
            return suppressed(signedIn, tenant, "", model);
        }
        redirect.addFlashAttribute("done", Sentence.of("messaging.done.suppressed"));
        return "redirect:/messages/suppressed?tenant=" + tenant;
    }

    @PostMapping("/suppressed/{tenant}/{recipient}/{channel}/release")
    String release(
            SignedIn signedIn,
            @PathVariable UUID tenant,
            @PathVariable UUID recipient,
            @PathVariable Channel channel,
            RedirectAttributes redirect) {
        desk.unsuppress(signedIn.person(), tenant, recipient, channel);
        redirect.addFlashAttribute("done", Sentence.of("messaging.done.released"));
        return "redirect:/messages/suppressed?tenant=" + tenant;
    }

    private List<Channel> unready() {
        return Arrays.stream(Channel.values())
                .filter(channel -> channel != Channel.PHONE && channel != Channel.IN_APP)
                .filter(channel -> !desk.ready().contains(channel))
                .toList();
    }

    private boolean manages(SignedIn signedIn) {
        try {
            return !desk.tenants(signedIn.person()).isEmpty();
        } catch (Unknown none) {
            return false;
        }
    }

    static @Nullable UUID id(@Nullable String q) {
        if (q == null || q.isBlank()) {
            return null;
        }
        try {
            return UUID.fromString(q.strip());
        } catch (IllegalArgumentException e) {
            throw Refused.field("q", "messaging.refused.search", q);
        }
    }
}
