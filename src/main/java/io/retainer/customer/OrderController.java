package io.retainer.customer;

import io.retainer.identity.Access;
import io.retainer.identity.Capability;
import io.retainer.kernel.Refused;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.multipart.MultipartFile;

/** Orders by upload of a file. */
@Controller
@RequestMapping("/contracts/{contract}/orders")
class OrderController {

    private static final int REFUSED = 422;

    private final OrderFiles files;

    OrderController(OrderFiles files) {
        this.files = files;
    }

    @GetMapping
    String form(Access access) {
        access.require(Capability.IMPORT_CUSTOMERS);
        return "customer/orders";
    }

    /** Good rows land; what is wrong with the others is said on the page. */
    @PostMapping
    String upload(Access access, @RequestParam MultipartFile file, Model model, HttpServletResponse response)
            throws IOException {
        try (var bytes = file.getInputStream()) {
            model.addAttribute("loaded", files.load(access, bytes.readAllBytes()));
        } catch (Refused refusal) {
            model.addAttribute("refusal", refusal);
            response.setStatus(REFUSED);
        }
        return "customer/orders";
    }
}
