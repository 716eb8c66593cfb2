package io.retainer.customer;

import io.retainer.identity.Access;
import io.retainer.identity.Capability;
import io.retainer.kernel.Refused;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Locale;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.multipart.MultipartFile;

/** Files about customers that are known already: what they bought, what they did, whether they left. */
@Controller
@RequestMapping("/contracts/{contract}")
class UploadController {

    private static final int REFUSED = 422;

    private final OrderFiles orders;
    private final EventFiles events;
    private final ChurnFiles labels;

    UploadController(OrderFiles orders, EventFiles events, ChurnFiles labels) {
        this.orders = orders;
        this.events = events;
        this.labels = labels;
    }

    /** What such a file is about; also the address it is sent to. */
    private enum What {
        ORDERS("orders"),
        EVENTS("events"),
        LABELS("churn/labels");

        private final String address;

        What(String address) {
            this.address = address;
        }
    }

    @FunctionalInterface
    private interface Loader {
        HeadedFile.Loaded load(Access access, byte[] bytes) throws IOException;
    }

    @GetMapping("/orders")
    String orders(Access access, Model model) {
        return form(access, What.ORDERS, model);
    }

    @GetMapping("/events")
    String events(Access access, Model model) {
        return form(access, What.EVENTS, model);
    }

    @GetMapping("/churn/labels")
    String labels(Access access, Model model) {
        return form(access, What.LABELS, model);
    }

    private static String form(Access access, What what, Model model) {
        access.require(Capability.IMPORT_CUSTOMERS);
        model.addAttribute("what", what.name().toLowerCase(Locale.ROOT));
        model.addAttribute("address", what.address);
        model.addAttribute("back", what == What.LABELS ? "churn" : "value");
        return "customer/upload";
    }

    /** Good rows land; what is wrong with the others is said on the page. */
    @PostMapping("/orders")
    String uploadOrders(Access access, @RequestParam MultipartFile file, Model model, HttpServletResponse response)
            throws IOException {
        return upload(access, What.ORDERS, orders::load, file, model, response);
    }

    @PostMapping("/events")
    String uploadEvents(Access access, @RequestParam MultipartFile file, Model model, HttpServletResponse response)
            throws IOException {
        return upload(access, What.EVENTS, events::load, file, model, response);
    }

    @PostMapping("/churn/labels")
    String uploadLabels(Access access, @RequestParam MultipartFile file, Model model, HttpServletResponse response)
            throws IOException {
        return upload(access, What.LABELS, labels::load, file, model, response);
    }

    private static String upload(
            Access access, What what, Loader loader, MultipartFile file, Model model, HttpServletResponse response)
            throws IOException {
        try (var bytes = file.getInputStream()) {
            model.addAttribute("loaded", loader.load(access, bytes.readAllBytes()));
        } catch (Refused refusal) {
            model.addAttribute("refusal", refusal);
            response.setStatus(REFUSED);
        }
        return form(access, what, model);
    }
}
