package io.retainer.relationship;

import static io.retainer.identity.Capability.EDIT_CUSTOMERS;
import static io.retainer.identity.Capability.MANAGE_MESSAGES;
import static io.retainer.identity.Capability.REVEAL;

import io.retainer.identity.Access;
import io.retainer.identity.Posted;
import io.retainer.kernel.Party;
import io.retainer.kernel.Refused;
import io.retainer.kernel.Sentence;
import io.retainer.relationship.CustomerTimeline.Topic;
import io.retainer.relationship.RelationRows.View;
import io.retainer.vault.Purpose;
import jakarta.servlet.http.HttpServletResponse;
import java.math.BigDecimal;
import java.time.Clock;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.util.EnumMap;
import java.util.List;
import java.util.UUID;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.springframework.format.annotation.DateTimeFormat;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;

/** Who looks after whom, and everything about one customer on one time line. */
@Controller
@RequestMapping("/contracts/{contract}/relationships")
class RelationController {

    private static final String LIST = "redirect:/contracts/{contract}/relationships";
    private static final String SHOW = "redirect:/contracts/{contract}/relationships/{customer}";
    private static final int PAGE = 30;
    /** So much of a time line at first. */
    private static final int STEPS = 40;

    private static final int REFUSED = 422;

    private final Relations relations;
    private final RelationDesk desk;
    private final Agents agents;
    private final Tasks tasks;
    private final Opportunities opportunities;
    private final Referrals referrals;
    private final Ties ties;
    private final Clock clock;

    RelationController(
            Relations relations,
            RelationDesk desk,
            Agents agents,
            Tasks tasks,
            Opportunities opportunities,
            Referrals referrals,
            Ties ties,
            Clock clock) {
        this.relations = relations;
        this.desk = desk;
        this.agents = agents;
        this.tasks = tasks;
        this.opportunities = opportunities;
        this.referrals = referrals;
        this.ties = ties;
        this.clock = clock;
    }

    @GetMapping
    String list(
            Access access,
            @RequestParam(defaultValue = "ALL") View view,
            @RequestParam(required = false) @Nullable UUID before,
            Model model) {
        return list(access, view, "", before, model);
    }

    /** What is typed is posted, so that no name gets into an address. */
    @PostMapping("/search")
    String search(
            Access access,
            @RequestParam(defaultValue = "ALL") View view,
            @RequestParam(defaultValue = "") String q,
            @RequestParam(required = false) @Nullable UUID before,
            Model model,
            HttpServletResponse response) {
        try {
            return list(access, view, q, before, model);
        } catch (Refused refusal) {
            model.addAttribute("refusal", refusal);
            response.setStatus(REFUSED);
            return list(access, view, "", null, model);
        }
    }

    private String list(Access access, View view, String q, @Nullable UUID before, Model model) {
        model.addAttribute("page", desk.page(access, view, q.strip(), before, PAGE));
        model.addAttribute("view", view);
        model.addAttribute("views", View.values());
        model.addAttribute("tiers", Tier.values());
        model.addAttribute("q", q.strip());
        model.addAttribute("later", before != null);
        model.addAttribute("leads", acts(access) && access.may(MANAGE_MESSAGES));
        model.addAttribute("picks", acts(access) && view == View.POOL);
        model.addAttribute("agents", agents.of(access));
        return "relationship/list";
    }

    private static boolean acts(Access access) {
        return access.party() == Party.PROVIDER && access.may(EDIT_CUSTOMERS);
    }

    @PostMapping("/rules")
    String rule(
            Access access,
            @RequestParam int most,
            @RequestParam int idleDays,
            @RequestParam int coolDays,
            @RequestParam int seen,
            @RequestParam(required = false) @Nullable Integer key,
            @RequestParam(required = false) @Nullable Integer regular,
            @RequestParam(required = false) @Nullable Integer occasional,
            Posted posted) {
        return posted.answer(
                () -> relations.rule(
                        access,
                        new PoolRules(most, idleDays, coolDays, Relations.plan(key, regular, occasional), seen)),
                Sentence.of("relationship.done.rules"),
                LIST,
                () -> list(access, View.ALL, "", null, posted.model()));
    }

    @PostMapping("/pick")
    String pickSome(Access access, @RequestParam(required = false) @Nullable List<UUID> customer, Posted posted) {
        return posted.answer(
                () -> {
                    var picked = relations.pickSome(access, customer == null ? List.of() : customer);
                    var why = picked.why();
                    if (picked.picked() == 0 && why != null) {
                        throw why;
                    }
                    return why == null
                            ? Sentence.of("relationship.done.pickedSome", picked.picked())
                            : Sentence.of(
                                    "relationship.done.pickedSome.notAll",
                                    picked.picked(),
                                    picked.missed(),
                                    why.sentence());
                },
                LIST + "?view=MINE",
                () -> list(access, View.POOL, "", null, posted.model()));
    }

    @PostMapping("/hand-over")
    String handOverAll(Access access, @RequestParam UUID from, @RequestParam UUID to, Posted posted) {
        return handOver(() -> relations.handOverAll(access, from, to), access, posted);
    }

    @PostMapping("/hand-over/some")
    String handOverSome(
            Access access,
            @RequestParam(required = false) @Nullable List<UUID> customer,
            @RequestParam UUID to,
            Posted posted) {
        return handOver(
                () -> relations.handOverSome(access, customer == null ? List.of() : customer, to), access, posted);
    }

    private String handOver(Supplier<Relations.HandedOver> act, Access access, Posted posted) {
        return posted.answer(
                () -> {
                    var handed = act.get();
                    return Sentence.of("relationship.done.handedOverAll", handed.customers(), handed.belongings());
                },
                LIST,
                () -> list(access, View.ALL, "", null, posted.model()));
    }

    @GetMapping("/{customer}")
    String show(
            Access access,
            @PathVariable UUID customer,
            @RequestParam(required = false) @Nullable Topic topic,
            @RequestParam(defaultValue = "false") boolean everything,
            Model model) {
        var whole = desk.whole(access, customer);
        var relation = whole.relation();
        model.addAttribute("whole", whole);
        model.addAttribute("topic", topic);
        var steps = whole.steps().stream()
                .filter(step -> topic == null || step.topic() == topic)
                .toList();
        boolean cut = !everything && steps.size() > STEPS;
        model.addAttribute("steps", cut ? steps.subList(0, STEPS) : steps);
        model.addAttribute("cut", cut ? steps.size() : null);
        var topics = new EnumMap<Topic, Integer>(Topic.class);
        whole.steps().forEach(step -> topics.merge(step.topic(), 1, Integer::sum));
        model.addAttribute("topics", topics);
        model.addAttribute("acts", acts(access));
        model.addAttribute("reveals", access.may(REVEAL));
        model.addAttribute("leads", acts(access) && access.may(MANAGE_MESSAGES));
        model.addAttribute("holds", relation != null && access.person().equals(relation.agent()) && acts(access));
        model.addAttribute("idleAt", relation == null ? null : relation.idleAt(whole.rules()));
        model.addAttribute("agents", agents.of(access));
        model.addAttribute("tiers", Tier.values());
        model.addAttribute("kinds", TouchKind.values());
        model.addAttribute("grounds", CallGround.values());
        model.addAttribute("purposes", Purpose.values());
        model.addAttribute("tasks", tasks.ofCustomer(access, whole.customer().id()));
        model.addAttribute("taskKinds", TaskKind.values());
        model.addAttribute(
                "opportunities",
                opportunities.ofCustomer(access, whole.customer().id()));
        model.addAttribute("referrals", referrals.of(access, whole.customer().id()));
        model.addAttribute("ties", ties.of(access, whole.customer().id()));
        model.addAttribute("tieKinds", TieKind.values());
        model.addAttribute("stages", Stage.opens());
        model.addAttribute("today", LocalDate.ofInstant(clock.instant(), Relations.ZONE));
        model.addAttribute(
                "now",
                LocalDateTime.ofInstant(clock.instant(), Relations.ZONE)
                        .withSecond(0)
                        .withNano(0));
        return "relationship/show";
    }

    @PostMapping("/{customer}")
    String begin(Access access, @PathVariable UUID customer, @RequestParam Tier tier, Posted posted) {
        return act(() -> relations.begin(access, customer, tier), "relationship.done.begun", access, customer, posted);
    }

    @PostMapping("/{customer}/pick")
    String pick(Access access, @PathVariable UUID customer, Posted posted) {
        return act(() -> relations.pick(access, customer), "relationship.done.picked", access, customer, posted);
    }

    @PostMapping("/{customer}/release")
    String release(Access access, @PathVariable UUID customer, Posted posted) {
        return act(() -> relations.release(access, customer), "relationship.done.released", access, customer, posted);
    }

    @PostMapping("/{customer}/hand-over")
    String handOver(Access access, @PathVariable UUID customer, @RequestParam UUID to, Posted posted) {
        return act(
                () -> relations.handOver(access, customer, to),
                "relationship.done.handedOver",
                access,
                customer,
                posted);
    }

    @PostMapping("/{customer}/tier")
    String tier(Access access, @PathVariable UUID customer, @RequestParam Tier tier, Posted posted) {
        return act(() -> relations.setTier(access, customer, tier), "relationship.done.tier", access, customer, posted);
    }

    @PostMapping("/{customer}/touches")
    String touch(
            Access access,
            @PathVariable UUID customer,
            @RequestParam TouchKind kind,
            @RequestParam(required = false) @Nullable CallGround ground,
            @RequestParam(required = false) @Nullable UUID with,
            @RequestParam(defaultValue = "false") boolean reached,
            @RequestParam String words,
            @RequestParam @DateTimeFormat(iso = DateTimeFormat.ISO.DATE_TIME) LocalDateTime happenedAt,
            Posted posted) {
        posted.model().addAttribute("typed", words);
        return act(
                () -> relations.touch(
                        access,
                        customer,
                        kind == TouchKind.NOTE ? null : with,
                        kind,
                        kind == TouchKind.CALL ? ground : null,
                        reached,
                        words,
                        happenedAt.atZone(Relations.ZONE).toInstant()),
                "relationship.done.touched",
                access,
                customer,
                posted);
    }

    @PostMapping("/{customer}/tasks")
    String plan(
            Access access,
            @PathVariable UUID customer,
            @RequestParam TaskKind kind,
            @RequestParam String words,
            @RequestParam @DateTimeFormat(iso = DateTimeFormat.ISO.DATE) LocalDate day,
            @RequestParam(required = false) @DateTimeFormat(iso = DateTimeFormat.ISO.TIME) @Nullable LocalTime time,
            @RequestParam(required = false) @Nullable Integer remind,
            @RequestParam(required = false) @Nullable UUID person,
            @RequestParam(required = false) @Nullable UUID opportunity,
            Posted posted) {
        posted.model().addAttribute("typedTask", words);
        return act(
                () -> tasks.plan(
                        access, customer, new Tasks.Wanted(kind, words, day, time, remind, person, opportunity)),
                "relationship.done.taskPlanned",
                access,
                customer,
                posted);
    }

    @PostMapping("/{customer}/opportunities")
    String see(
            Access access,
            @PathVariable UUID customer,
            @RequestParam String title,
            @RequestParam BigDecimal amount,
            @RequestParam Stage stage,
            @RequestParam @DateTimeFormat(iso = DateTimeFormat.ISO.DATE) LocalDate expectedOn,
            Posted posted) {
        posted.model().addAttribute("typedTitle", title);
        return act(
                () -> opportunities.see(
                        access,
                        customer,
                        new Opportunities.Wanted(title, OpportunityController.money(amount), stage, expectedOn, null)),
                "relationship.done.opportunity",
                access,
                customer,
                posted);
    }

    /** What is typed is posted, so that no name gets into an address. */
    @PostMapping("/{customer}/referral")
    String refer(Access access, @PathVariable UUID customer, @RequestParam String referrer, Posted posted) {
        return act(
                () -> referrals.note(access, customer, referrer),
                "relationship.done.referral",
                access,
                customer,
                posted);
    }

    /** What is typed is posted, so that no name gets into an address. */
    @PostMapping("/{customer}/ties")
    String tie(
            Access access,
            @PathVariable UUID customer,
            @RequestParam TieKind kind,
            @RequestParam(defaultValue = "") String other,
            Posted posted) {
        return act(() -> ties.tie(access, customer, kind, other), "relationship.done.tied", access, customer, posted);
    }

    @PostMapping("/{customer}/ties/{tie}/withdrawal")
    String untie(Access access, @PathVariable UUID customer, @PathVariable UUID tie, Posted posted) {
        return act(() -> ties.untie(access, customer, tie), "relationship.done.untied", access, customer, posted);
    }

    @PostMapping("/{customer}/referral/withdrawal")
    String withdrawReferral(Access access, @PathVariable UUID customer, Posted posted) {
        return act(
                () -> referrals.withdraw(access, customer),
                "relationship.done.referralWithdrawn",
                access,
                customer,
                posted);
    }

    /** The words stand on this one page and nowhere else. */
    @PostMapping("/{customer}/touches/{touch}/reveal")
    String reveal(
            Access access,
            @PathVariable UUID customer,
            @PathVariable UUID touch,
            @RequestParam Purpose purpose,
            @RequestParam String reason,
            Model model,
            HttpServletResponse response) {
        try {
            var personal = desk.reveal(access, customer, touch, purpose, reason);
            model.addAttribute("revealed", touch);
            model.addAttribute("inTheClear", personal.inTheClear());
        } catch (Refused refusal) {
            model.addAttribute("refusal", refusal);
            response.setStatus(REFUSED);
        }
        return show(access, customer, null, false, model);
    }

    private String act(Runnable act, String done, Access access, UUID customer, Posted posted) {
        return posted.answer(act, Sentence.of(done), SHOW, () -> show(access, customer, null, false, posted.model()));
    }
}
