package io.retainer.workorder;

import io.retainer.contract.ContractedService;
import io.retainer.identity.Access;
import io.retainer.identity.Capability;
import io.retainer.identity.Posted;
import io.retainer.kernel.Clause;
import io.retainer.kernel.Sentence;
import io.retainer.kernel.WorkCalendar;
import io.retainer.workorder.WorkOrderRows.Entry;
import io.retainer.workorder.WorkOrderRows.Filter;
import io.retainer.workorder.WorkOrders.NewOrder;
import io.retainer.workorder.WorkOrders.NewQuote;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.http.ContentDisposition;
import org.springframework.http.HttpHeaders;
import org.springframework.http.ResponseEntity;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.util.LinkedMultiValueMap;
import org.springframework.util.MultiValueMap;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.multipart.MultipartFile;

/** The pages of work orders: the client asks and judges, the provider answers and works. */
@Controller
@RequestMapping("/contracts/{contract}/work-orders")
class WorkOrderController {

    private static final String SHOW = "redirect:/contracts/{contract}/work-orders/{order}";
    private static final int PAGE = 30;
    private static final int QUOTE_ROWS = 6;

    private final WorkOrders orders;
    private final WorkOrderDesk desk;
    private final Clock clock;
    private final WorkCalendar calendar;

    WorkOrderController(WorkOrders orders, WorkOrderDesk desk, Clock clock, ObjectProvider<WorkCalendar> calendar) {
        this.orders = orders;
        this.desk = desk;
        this.clock = clock;
        this.calendar = calendar.getIfAvailable(WorkCalendar::chinese);
    }

    /** Which orders a list shows. */
    enum View {
        OPEN,
        /** Waits for the reader's side. */
        OURS,
        DONE,
        ALL;

        Set<WorkOrderState> states(Access access) {
            var states = EnumSet.noneOf(WorkOrderState.class);
            Stream.of(WorkOrderState.values())
                    .filter(state -> switch (this) {
                        case OPEN -> state.isOpen();
                        case OURS -> waitsFor(access, state);
                        case DONE -> !state.isOpen();
                        case ALL -> true;
                    })
                    .forEach(states::add);
            return states;
        }

        /** Whether the next step is on the reader's side. */
        private static boolean waitsFor(Access access, WorkOrderState state) {
            return state.isOpen()
                    && Stream.of(WorkOrderAct.values())
                            .anyMatch(act -> act.party() == access.party() && act.isNext(state));
        }
    }

    @GetMapping
    String list(
            Access access,
            @RequestParam(defaultValue = "") String q,
            @RequestParam(defaultValue = "OPEN") View view,
            @RequestParam(defaultValue = "") String clause,
            @RequestParam(required = false) @Nullable Integer before,
            Model model) {
        var wanted = clause.isBlank() ? null : WorkOrderForm.clause(clause);
        var page = desk.page(access, new Filter(q.strip(), view.states(access), wanted), before, PAGE);
        model.addAttribute("page", page);
        var due = new HashMap<UUID, LocalDate>();
        page.orders().forEach(row -> {
            var day = row.order().stepDue(calendar);
            if (day != null) {
                due.put(row.order().id(), day);
            }
        });
        model.addAttribute("due", due);
        model.addAttribute("today", LocalDate.ofInstant(clock.instant(), WorkOrder.ZONE));
        model.addAttribute("q", q.strip());
        model.addAttribute("view", view);
        model.addAttribute("views", View.values());
        model.addAttribute("clause", wanted);
        model.addAttribute("clauses", clauses());
        model.addAttribute("later", before != null);
        model.addAttribute("money", access.may(Capability.READ_MONEY));
        model.addAttribute("mayAsk", WorkOrderAct.mayAsk(access));
        var counts = new EnumMap<View, Long>(View.class);
        for (var counted : View.values()) {
            counts.put(
                    counted,
                    counted.states(access).stream()
                            .mapToLong(state -> page.counts().getOrDefault(state, 0L))
                            .sum());
        }
        model.addAttribute("counts", counts);
        return "workorder/list";
    }

    @GetMapping("/new")
    String blank(Access access, Model model) {
        return blank(access, new WorkOrderForm(new LinkedMultiValueMap<>()), model);
    }

    private String blank(Access access, WorkOrderForm form, Model model) {
        if (!WorkOrderAct.mayAsk(access)) {
            access.require(Capability.REQUEST_WORK);
        }
        model.addAttribute("form", form);
        model.addAttribute("services", ContractedService.values());
        return "workorder/new";
    }

    @PostMapping
    String ask(
            Access access,
            @RequestParam MultiValueMap<String, String> typed,
            @RequestParam(required = false) @Nullable List<MultipartFile> files,
            Posted posted) {
        var form = new WorkOrderForm(typed);
        return posted.answer(
                () -> {
                    var order = orders.request(
                            access,
                            new NewOrder(
                                    form.clause(),
                                    form.text("title"),
                                    form.text("details"),
                                    form.ticked("urgent"),
                                    files(files)));
                    posted.redirect().addAttribute("order", order);
                },
                Sentence.of("workorder.done.ask"),
                SHOW,
                () -> blank(access, form, posted.model()));
    }

    @GetMapping("/{order}")
    String show(Access access, @PathVariable UUID order, Model model) {
        return show(access, order, null, new WorkOrderForm(new LinkedMultiValueMap<>()), model);
    }

    /** An entry of the time line with its files. */
    record Step(Entry entry, Sentence says, String who, List<Attachments.Attachment> files) {}

    private String show(Access access, UUID id, @Nullable WorkOrderAct typedAct, WorkOrderForm form, Model model) {
        var whole = desk.whole(access, id);
        var order = whole.row().order();
        boolean money = access.may(Capability.READ_MONEY);
        model.addAttribute("order", order);
        model.addAttribute("words", whole.row().words());
        model.addAttribute("hours", order.minutes() == null ? null : WorkOrderRows.hours(order.minutes()));
        model.addAttribute("rules", whole.rules());
        model.addAttribute("freeHours", WorkOrderRows.hours(whole.freeMinutes()));
        model.addAttribute("money", money);
        model.addAttribute("files", access.may(Capability.READ_CUSTOMERS));
        model.addAttribute("steps", steps(whole, money));
        model.addAttribute(
                "lines",
                whole.lines().stream()
                        .filter(line -> line.round() == order.quotes())
                        .toList());
        model.addAttribute("quoteOver", order.quoteOver(clock.instant()));
        model.addAttribute("duties", whole.duties());
        model.addAttribute("acts", WorkOrderAct.open(order.state(), access));
        model.addAttribute("typedAct", typedAct);
        model.addAttribute("mayWrite", order.state().isOpen() && WorkOrderAct.mayAsk(access));
        model.addAttribute("form", form);
        model.addAttribute("reasons", DeclineReason.values());
        model.addAttribute("placements", Placement.values());
        model.addAttribute("quoteRows", QUOTE_ROWS);
        return "workorder/show";
    }

    private static List<Step> steps(WorkOrderDesk.Whole whole, boolean money) {
        var files = whole.files().stream().collect(Collectors.groupingBy(Attachments.Attachment::position));
        return whole.entries().stream()
                .map(entry -> new Step(
                        entry,
                        said(entry, money),
                        entry.actor() == null ? "" : whole.names().getOrDefault(entry.actor(), ""),
                        files.getOrDefault(entry.position(), List.of())))
                .toList();
    }

    /** An entry in words; who may not see amounts is told that there is one. */
    static Sentence said(Entry entry, boolean money) {
        var amount = entry.amount();
        var minutes = entry.minutes();
        return Sentence.of(
                "workorder.entry." + entry.kind(),
                entry.round(),
                minutes == null ? null : WorkOrderRows.hours(minutes),
                entry.day(),
                amount == null ? null : money ? amount : "¥••••",
                entry.code() == null ? null : Sentence.of("workorder.code." + entry.code()));
    }

    @PostMapping("/{order}/comments")
    String comment(
            Access access,
            @PathVariable UUID order,
            @RequestParam(defaultValue = "") String words,
            @RequestParam(required = false) @Nullable List<MultipartFile> files,
            Posted posted) {
        return posted.answer(
                () -> orders.comment(access, order, words, files(files)),
                Sentence.of("workorder.done.comment"),
                SHOW,
                () -> {
                    posted.model().addAttribute("typedComment", words);
                    return show(access, order, null, new WorkOrderForm(new LinkedMultiValueMap<>()), posted.model());
                });
    }

    @PostMapping("/{order}/acts/{act}")
    String act(
            Access access,
            @PathVariable UUID order,
            @PathVariable WorkOrderAct act,
            @RequestParam MultiValueMap<String, String> typed,
            @RequestParam(required = false) @Nullable List<MultipartFile> files,
            Posted posted) {
        var form = new WorkOrderForm(typed);
        return posted.answer(
                () -> perform(access, order, act, form, files(files)),
                Sentence.of("workorder.done.act", act),
                SHOW,
                () -> show(access, order, act, form, posted.model()));
    }

    private void perform(Access access, UUID order, WorkOrderAct act, WorkOrderForm form, List<NewFile> files) {
        var words = form.text("words");
        switch (act) {
            case CONFIRM -> orders.confirm(access, order);
            case DISOWN -> orders.disown(access, order, words);
            case TAKE_IN_SCOPE ->
                orders.takeInScope(
                        access, order, form.ticked("looked"), form.number("hours"), form.day("readyOn"), words);
            case TAKE_AS_CHANGE -> orders.takeAsChange(access, order, form.ticked("looked"), words);
            case DECLINE -> orders.decline(access, order, form.choice("reason", DeclineReason.class), words);
            case QUOTE ->
                orders.quote(
                        access,
                        order,
                        new NewQuote(
                                form.number("hours"),
                                form.lines(),
                                form.choice("placement", Placement.class),
                                form.payWorkdays(),
                                form.day("readyOn"),
                                form.dayOrNull("validUntil"),
                                words));
            case ACCEPT_QUOTE ->
                orders.acceptQuote(access, order, form.number("round").intValue());
            case REJECT_QUOTE -> orders.rejectQuote(access, order, words);
            case START -> orders.start(access, order);
            case DELIVER -> orders.deliver(access, order, words, files);
            case ACCEPT -> orders.accept(access, order, words);
            case REJECT -> orders.reject(access, order, words, files);
            case CANCEL -> orders.cancel(access, order, words);
            case STATE_WORK -> orders.stateWork(access, order, form.money("amount"), form.number("rate"), words);
            case AGREE_STATED -> orders.agreeStated(access, order);
            case DISPUTE_STATED -> orders.disputeStated(access, order, words);
        }
    }

    /** As a download only, whatever it is. */
    @GetMapping("/{order}/files/{file}")
    ResponseEntity<byte[]> file(Access access, @PathVariable UUID order, @PathVariable UUID file) {
        var found = desk.download(access, order, file);
        return ResponseEntity.ok()
                .contentType(found.kind().mediaType())
                .header(
                        HttpHeaders.CONTENT_DISPOSITION,
                        ContentDisposition.attachment()
                                .filename(found.name(), StandardCharsets.UTF_8)
                                .build()
                                .toString())
                .header("X-Content-Type-Options", "nosniff")
                .header(HttpHeaders.CACHE_CONTROL, "no-store")
                .body(found.content().bytes());
    }

    static List<NewFile> files(@Nullable List<MultipartFile> sent) {
        var files = new ArrayList<NewFile>();
        for (var file : sent == null ? List.<MultipartFile>of() : sent) {
            try {
                if (!file.isEmpty()) {
                    files.add(new NewFile(
                            Objects.requireNonNullElse(file.getOriginalFilename(), ""),
                            new FileContent(file.getBytes())));
                }
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
        return files;
    }

    private static List<Clause> clauses() {
        return Stream.of(ContractedService.values())
                .map(ContractedService::clause)
                .toList();
    }
}
