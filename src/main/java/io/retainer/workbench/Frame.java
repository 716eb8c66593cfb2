package io.retainer.workbench;

import io.retainer.contract.Parts;
import io.retainer.identity.Membership;
import io.retainer.identity.People;
import io.retainer.identity.Role;
import io.retainer.identity.SignedIn;
import io.retainer.kernel.Texts;
import io.retainer.messaging.Inbox;
import jakarta.servlet.http.HttpServletRequest;
import java.time.Clock;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.springframework.security.core.Authentication;
import org.springframework.security.core.context.SecurityContextHolder;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.ControllerAdvice;
import org.springframework.web.bind.annotation.ModelAttribute;

/** Puts into every page what the layout shows: the reader's words, who is signed in, and where the address bar points. */
@ControllerAdvice(annotations = Controller.class)
class Frame {

    private static final ZoneId ZONE = ZoneId.of("Asia/Shanghai");

    private final People people;
    private final Inbox inbox;
    private final Parts parts;
    private final Clock clock;

    Frame(People people, Inbox inbox, Parts parts, Clock clock) {
        this.people = people;
        this.inbox = inbox;
        this.parts = parts;
        this.clock = clock;
    }

    @ModelAttribute
    void frame(Model model, HttpServletRequest request, Locale locale) {
        if (request.getServletPath().startsWith("/api/")) {
            return;
        }
        words(model, request, locale);
        var person = signedIn();
        if (person != null) {
            List<Membership> memberships = people.memberships(person.person());
            model.addAttribute("signedIn", person);
            model.addAttribute("unreadMessages", inbox.unread(person.person()));
            model.addAttribute(
                    "roles",
                    memberships.stream().map(Membership::role).distinct().toList());
            model.addAttribute(
                    "worksComplaints",
                    memberships.stream()
                            .anyMatch(m -> m.role() == Role.AGENT
                                    || m.role() == Role.OPERATIONS_LEAD
                                    || m.role() == Role.OWNER));
            model.addAttribute(
                    "hasTasks",
                    memberships.stream().anyMatch(m -> m.role() == Role.AGENT || m.role() == Role.OPERATIONS_LEAD));
            model.addAttribute("takesPart", parts.takesPart(memberships));
            model.addAttribute(
                    "managesPeople", memberships.stream().anyMatch(m -> m.role().managesPeople()));
        }
    }

    /** What needs no database. */
    void words(Model model, HttpServletRequest request, Locale locale) {
        var texts = Texts.in(locale);
        model.addAttribute("texts", texts);
        model.addAttribute("english", texts.locale().equals(Texts.ENGLISH));
        model.addAttribute("path", request.getServletPath());
        model.addAttribute("today", LocalDate.ofInstant(clock.instant(), ZONE));
    }

    private static @Nullable SignedIn signedIn() {
        Authentication authentication = SecurityContextHolder.getContext().getAuthentication();
        return authentication != null && authentication.getPrincipal() instanceof SignedIn person ? person : null;
    }
}
