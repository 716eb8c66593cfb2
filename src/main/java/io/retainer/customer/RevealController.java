package io.retainer.customer;

import io.retainer.identity.Access;
import io.retainer.identity.Capability;
import io.retainer.kernel.Sentence;
import io.retainer.vault.Purpose;
import io.retainer.vault.Reveals;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestParam;

/** Who saw personal data in the clear, for the client whose it is, and for whoever guards it (III-A2.1). */
@Controller
class RevealController {

    private static final int PAGE = 50;
    private static final Map<String, String> COLUMNS = Map.of(
            CustomerRows.NAME.name(), "customer.seen.name",
            ContactKind.PHONE.column().name(), "customer.seen.contact",
            CustomerRows.FIELD.name(), "customer.seen.field",
            Consents.PROOF.name(), "customer.seen.proof",
            ProfileNotes.WORDS.name(), "customer.seen.note",
            ProfileFiles.CONTENT.name(), "customer.seen.file");

    private final Reveals reveals;
    private final Customers customers;

    RevealController(Reveals reveals, Customers customers) {
        this.reveals = reveals;
        this.customers = customers;
    }

    /**
     * One line.
     *
     * @param whose masked; null when it was nobody among the customers, or the customer is gone
     */
    record Shown(Reveals.Entry entry, CustomerPage.@Nullable Line whose, Sentence what) {}

    /**
     * @param customer only of this one's data, or null
     * @param person only what this one saw, or null
     */
    @GetMapping("/contracts/{contract}/reveals")
    String list(
            Access access,
            @RequestParam(required = false) @Nullable UUID before,
            @RequestParam(required = false) @Nullable UUID customer,
            @RequestParam(required = false) @Nullable Purpose purpose,
            @RequestParam(required = false) @Nullable UUID person,
            Model model) {
        access.require(Capability.GUARD_DATA);
        var found = reveals.found(access, new Reveals.Sought(customer, purpose, person), before, PAGE + 1);
        boolean more = found.size() > PAGE;
        var page = more ? found.subList(0, PAGE) : found;
        var lines = customers
                .some(
                        access,
                        page.stream().map(Reveals.Entry::dataSubject).distinct().toList())
                .stream()
                .collect(Collectors.toMap(CustomerPage.Line::id, Function.identity(), (one, _) -> one));
        model.addAttribute(
                "reveals",
                page.stream()
                        .map(entry -> new Shown(entry, lines.get(entry.dataSubject()), what(entry.field())))
                        .toList());
        model.addAttribute("before", more ? page.getLast().id() : null);
        model.addAttribute("later", before != null);
        model.addAttribute("purposes", Purpose.values());
        model.addAttribute("purpose", purpose);
        model.addAttribute("customer", customer);
        model.addAttribute("person", person);
        if (customer != null) {
            customers.some(access, List.of(customer)).forEach(line -> model.addAttribute("whose", line));
        }
        return "customer/reveals";
    }

    /** Of other modules it is known only what such a column is usually called. */
    private static Sentence what(String field) {
        var known = COLUMNS.get(field);
        if (known != null) {
            return Sentence.of(known);
        }
        return Sentence.of(
                switch (field.substring(field.lastIndexOf('.') + 1)) {
                    case "name" -> "customer.seen.name";
                    case "phone", "email" -> "customer.seen.contact";
                    case "words" -> "customer.seen.talk";
                    default -> "customer.seen.other";
                });
    }
}
