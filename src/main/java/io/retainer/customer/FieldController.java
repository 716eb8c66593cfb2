package io.retainer.customer;

import io.retainer.identity.Access;
import io.retainer.kernel.Ids;
import io.retainer.kernel.Refused;
import io.retainer.kernel.Sentence;
import jakarta.servlet.http.HttpServletResponse;
import java.util.Locale;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.servlet.mvc.support.RedirectAttributes;

/** What a client wants to know of its customers besides: which fields there are, and new ones. */
@Controller
@RequestMapping("/contracts/{contract}/customer-fields")
class FieldController {

    private static final int REFUSED = 422;

    private final Customers customers;

    FieldController(Customers customers) {
        this.customers = customers;
    }

    /** What was typed, to be shown again when it is refused. */
    record Typed(String key, String label, CustomField.Type type, boolean personal) {}

    @GetMapping
    String list(Access access, Model model) {
        model.addAttribute("fields", customers.fields(access));
        model.addAttribute("types", CustomField.Type.values());
        return "customer/fields";
    }

    @PostMapping
    String add(
            Access access,
            @RequestParam String key,
            @RequestParam String label,
            @RequestParam CustomField.Type type,
            @RequestParam(defaultValue = "false") boolean personal,
            Model model,
            HttpServletResponse response,
            RedirectAttributes redirect) {
        try {
            customers.addField(
                    access,
                    new CustomField(Ids.next(), key.strip().toLowerCase(Locale.ROOT), label.strip(), type, personal));
        } catch (Refused refusal) {
            model.addAttribute("refusal", refusal);
            model.addAttribute("typed", new Typed(key, label, type, personal));
            response.setStatus(REFUSED);
            return list(access, model);
        }
        redirect.addFlashAttribute("done", Sentence.of("customer.field.added", label.strip()));
        return "redirect:/contracts/{contract}/customer-fields";
    }
}
