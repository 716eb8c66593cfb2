package io.retainer.identity;

import io.retainer.kernel.Refused;
import io.retainer.kernel.Sentence;
import io.retainer.kernel.Unknown;
import jakarta.servlet.http.HttpServletResponse;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.servlet.mvc.support.RedirectAttributes;

/** The people of one's own organisations, for whoever leads them. */
@Controller
class PeopleController {

    private final People people;
    private final Organisations organisations;

    PeopleController(People people, Organisations organisations) {
        this.people = people;
        this.organisations = organisations;
    }

    record Staff(Organisation organisation, List<Map.Entry<People.Person, Role>> people) {}

    record PersonForm(String login, String displayName, String email, String role) {}

    @GetMapping("/people")
    String list(SignedIn signedIn, Model model) {
        return page(signedIn, model, new PersonForm("", "", "", Role.AGENT.name()));
    }

    @PostMapping("/people")
    String add(
            SignedIn signedIn,
            @RequestParam UUID organisation,
            @RequestParam String login,
            @RequestParam String displayName,
            @RequestParam String password,
            @RequestParam Role role,
            @RequestParam(defaultValue = "") String email,
            Model model,
            Locale locale,
            HttpServletResponse response,
            RedirectAttributes redirect) {
        requireLeading(signedIn, organisation);
        try {
            people.add(login, displayName, password, organisation, role, email, language(locale));
        } catch (Refused refusal) {
            model.addAttribute("refusal", refusal);
            response.setStatus(422);
            return page(signedIn, model, new PersonForm(login, displayName, email, role.name()));
        }
        redirect.addFlashAttribute("done", Sentence.of("identity.people.added", displayName));
        return "redirect:/people";
    }

    /** Where reminders go for somebody who did not say so himself; his language stays. */
    @PostMapping("/people/{person}/email")
    String reach(
            SignedIn signedIn,
            @PathVariable UUID person,
            @RequestParam(defaultValue = "") String email,
            Model model,
            HttpServletResponse response,
            RedirectAttributes redirect) {
        requireLeadingPerson(signedIn, person);
        var reach = people.reach(person).orElseThrow(() -> new Unknown("person " + person));
        try {
            people.reachAt(person, email, reach.language());
        } catch (Refused refusal) {
            model.addAttribute("refusal", refusal);
            response.setStatus(422);
            return page(signedIn, model, new PersonForm("", "", "", Role.AGENT.name()));
        }
        redirect.addFlashAttribute("done", Sentence.of("identity.people.reached"));
        return "redirect:/people";
    }

    private static String language(Locale locale) {
        return locale.getLanguage().equals("en") ? "en" : "zh";
    }

    @PostMapping("/people/{person}/disabled")
    String disable(SignedIn signedIn, @PathVariable UUID person, RedirectAttributes redirect) {
        requireLeadingPerson(signedIn, person);
        people.disable(person);
        redirect.addFlashAttribute("done", Sentence.of("identity.people.disabled"));
        return "redirect:/people";
    }

    @PostMapping("/people/{person}/enabled")
    String enable(SignedIn signedIn, @PathVariable UUID person, RedirectAttributes redirect) {
        requireLeadingPerson(signedIn, person);
        people.enable(person);
        redirect.addFlashAttribute("done", Sentence.of("identity.people.enabled"));
        return "redirect:/people";
    }

    private String page(SignedIn signedIn, Model model, PersonForm form) {
        var staff = led(signedIn).stream()
                .map(id -> new Staff(organisations.get(id), people.of(id)))
                .toList();
        model.addAttribute("organisations", staff);
        var addresses = new HashMap<UUID, String>();
        staff.stream()
                .flatMap(one -> one.people().stream())
                .forEach(row -> people.reach(row.getKey().id())
                        .map(People.Reach::email)
                        .ifPresent(address -> addresses.put(row.getKey().id(), address)));
        model.addAttribute("addresses", addresses);
        model.addAttribute("allRoles", Role.values());
        model.addAttribute("form", form);
        return "identity/people";
    }

    private List<UUID> led(SignedIn signedIn) {
        return people.memberships(signedIn.person()).stream()
                .filter(membership -> membership.role().managesPeople())
                .map(Membership::organisation)
                .distinct()
                .toList();
    }

    private void requireLeading(SignedIn signedIn, UUID organisation) {
        if (!led(signedIn).contains(organisation)) {
            throw new Unknown("organisation " + organisation);
        }
    }

    private void requireLeadingPerson(SignedIn signedIn, UUID person) {
        boolean known = led(signedIn).stream()
                .flatMap(id -> people.of(id).stream())
                .anyMatch(row -> row.getKey().id().equals(person));
        if (!known || person.equals(signedIn.person())) {
            throw new Unknown("person " + person);
        }
    }
}
