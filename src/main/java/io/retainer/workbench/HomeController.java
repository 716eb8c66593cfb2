package io.retainer.workbench;

import io.retainer.contract.ContractLife;
import io.retainer.duty.Duties;
import io.retainer.duty.DutyState;
import io.retainer.duty.OwedDuty;
import io.retainer.identity.Access;
import io.retainer.identity.Organisations;
import io.retainer.identity.SignedIn;
import io.retainer.identity.Standings;
import io.retainer.kernel.Party;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;

/** What needs a person now, over all contracts in which they have standing: one's own side first. */
@Controller
class HomeController {

    private static final Duration SOON = Duration.ofDays(14);

    private final Standings standings;
    private final Duties duties;
    private final ContractLife contracts;
    private final Organisations organisations;
    private final Clock clock;

    HomeController(
            Standings standings, Duties duties, ContractLife contracts, Organisations organisations, Clock clock) {
        this.standings = standings;
        this.contracts = contracts;
        this.organisations = organisations;
        this.duties = duties;
        this.clock = clock;
    }

    /** @param ours whether the reader's own side owes it */
    record Task(OwedDuty owed, Access access, boolean ours) {

        boolean is(DutyState state) {
            return owed.duty().assessment().state() == state;
        }
    }

    @GetMapping("/")
    String home(SignedIn signedIn, Model model) {
        var now = clock.instant();
        Map<UUID, Access> accesses = standings.contracts(signedIn.person(), now).stream()
                .collect(Collectors.toMap(Access::contract, Function.identity()));
        var tenants = accesses.values().stream().map(Access::tenant).distinct().toList();
        var tasks = duties.owed(tenants, accesses.keySet(), now.plus(SOON), now).stream()
                .map(owed -> task(owed, accesses))
                .toList();
        model.addAttribute("contractCount", accesses.size());
        model.addAttribute("titles", contracts.titles(tenants, accesses.keySet()));
        model.addAttribute("clients", organisations.names(tenants));
        model.addAttribute("ours", tasks.stream().filter(Task::ours).toList());
        model.addAttribute("theirs", tasks.stream().filter(task -> !task.ours()).toList());
        model.addAttribute("late", count(tasks, DutyState.BREACHED));
        model.addAttribute("soon", tasks.stream().filter(task -> !task.owed().late()).mapToInt(task -> task.owed().soon()).sum());
        model.addAttribute("paused", count(tasks, DutyState.PAUSED));
        model.addAttribute(
                "asProvider",
                accesses.values().stream()
                        .filter(access -> access.party() == Party.PROVIDER)
                        .count());
        return "workbench/home";
    }

    private static Task task(OwedDuty owed, Map<UUID, Access> contracts) {
        var duty = owed.duty().duty();
        var access = contracts.get(duty.contract());
        if (access == null) {
            throw new IllegalStateException("A duty of a contract without standing: " + duty.id());
        }
        return new Task(owed, access, duty.debtor() == access.party());
    }

    private static int count(List<Task> tasks, DutyState state) {
        return tasks.stream()
                .filter(task -> task.is(state))
                .mapToInt(task -> task.owed().number())
                .sum();
    }
}
