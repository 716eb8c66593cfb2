package io.retainer.identity;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestParam;

@Controller
class SignInController {

    private final ObjectProvider<DemoPeople> demo;

    SignInController(ObjectProvider<DemoPeople> demo) {
        this.demo = demo;
    }

    @GetMapping("/sign-in")
    String signIn(@RequestParam(required = false) @Nullable Long wait, Model model) {
        var people = demo.getIfAvailable();
        model.addAttribute("wait", wait);
        boolean ready = people != null && people.ready();
        model.addAttribute("demoInTheMaking", people != null && !ready);
        model.addAttribute("demo", people != null && ready ? people.people() : List.of());
        model.addAttribute("demoInterrupted", people != null && ready && !people.whole());
        model.addAttribute("demoPassword", people == null ? "" : people.password());
        return "identity/sign-in";
    }
}
