package io.retainer.billing;

import io.retainer.billing.Account.Kind;
import io.retainer.billing.Billing.NewPayment;
import io.retainer.billing.BillingFact.Towards;
import io.retainer.billing.PaymentReading.PaymentState;
import io.retainer.billing.PaymentReading.ReceiptState;
import io.retainer.billing.PaymentReading.Search;
import io.retainer.billing.ReferenceRates.Rate;
import io.retainer.contract.Notice;
import io.retainer.identity.Access;
import io.retainer.identity.Capability;
import io.retainer.kernel.Money;
import io.retainer.kernel.Party;
import io.retainer.kernel.Refused;
import io.retainer.kernel.Sentence;
import jakarta.servlet.http.HttpServletResponse;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.format.annotation.DateTimeFormat;
import org.springframework.http.ContentDisposition;
import org.springframework.http.HttpHeaders;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.servlet.mvc.support.RedirectAttributes;

/** The pages of a contract's money. */
@Controller
@RequestMapping("/contracts/{contract}/billing")
class BillingController {

    private static final ZoneId ZONE = ZoneId.of("Asia/Shanghai");
    private static final String OVERVIEW = "redirect:/contracts/{contract}/billing";
    private static final String INSTALMENT = "redirect:/contracts/{contract}/billing/instalments/{number}";
    private static final String PAYMENTS = "redirect:/contracts/{contract}/billing/payments";
    private static final String RECEIPTS = "redirect:/contracts/{contract}/billing/receipts";

    private final Billing billing;
    private final Settlements settlements;
    private final OtherWork otherWork;
    private final Accounts accounts;
    private final PaymentReading reading;
    private final Clock clock;

    BillingController(
            Billing billing,
            Settlements settlements,
            OtherWork otherWork,
            Accounts accounts,
            PaymentReading reading,
            Clock clock) {
        this.billing = billing;
        this.settlements = settlements;
        this.otherWork = otherWork;
        this.accounts = accounts;
        this.reading = reading;
        this.clock = clock;
    }

    @GetMapping
    String overview(Access access, Model model) {
        return page("overview", access, model);
    }

    /** One instalment: every reading of its penalty, derived, and what may be done about it. */
    @GetMapping("/instalments/{number}")
    String instalment(Access access, @PathVariable int number, Model model) {
        return instalment(access, number, model, Map.of());
    }

    @GetMapping("/payments")
    String payments(
            Access access,
            @RequestParam(defaultValue = "") String q,
            @RequestParam(required = false) @Nullable PaymentState state,
            @RequestParam(required = false) @DateTimeFormat(iso = DateTimeFormat.ISO.DATE) @Nullable LocalDate from,
            @RequestParam(required = false) @DateTimeFormat(iso = DateTimeFormat.ISO.DATE) @Nullable LocalDate to,
            @RequestParam(required = false) @Nullable UUID after,
            Model model) {
        return paymentsPage(access, new Search<>(q, state, from, to), after, Map.of(), model);
    }

    private String paymentsPage(
            Access access, Search<PaymentState> search, @Nullable UUID after, Map<String, ?> typed, Model model) {
        model.addAttribute("typed", typed);
        model.addAttribute("search", search);
        model.addAttribute("after", after);
        model.addAttribute("states", PaymentState.values());
        model.addAttribute("page", reading.payments(access, search, after, PaymentReading.PAGE));
        return page("payments", access, model);
    }

    /** What is charged beside the fee. */
    @GetMapping("/charges")
    String charges(Access access, Model model) {
        model.addAttribute("charges", otherWork.charges(access));
        model.addAttribute(
                "chargePayments",
                otherWork.payments(access).stream().collect(Collectors.groupingBy(Charges.ChargePayment::charge)));
        model.addAttribute("mayReceipt", access.may(Capability.ISSUE_RECEIPT));
        model.addAttribute(
                "now",
                LocalDateTime.ofInstant(clock.instant(), ZONE).withSecond(0).withNano(0));
        return page("charges", access, model);
    }

    @PostMapping("/charges/{charge}/payment")
    String payCharge(
            Access access,
            @PathVariable UUID charge,
            @RequestParam String amount,
            @RequestParam @DateTimeFormat(iso = DateTimeFormat.ISO.DATE_TIME) LocalDateTime creditedAt,
            @RequestParam String reference,
            Model model,
            HttpServletResponse response,
            RedirectAttributes redirect) {
        try {
            otherWork.pay(
                    access,
                    charge,
                    money("amount", amount),
                    creditedAt.atZone(ZONE).toInstant(),
                    reference);
        } catch (Refused refusal) {
            if (refusal.sentence().key().startsWith("identity.")) {
                throw refusal;
            }
            model.addAttribute("refusal", refusal);
            model.addAttribute("typedCharge", charge);
            model.addAttribute("typedAmount", amount);
            model.addAttribute("typedAt", creditedAt);
            model.addAttribute("typedReference", reference);
            response.setStatus(422);
            return charges(access, model);
        }
        redirect.addFlashAttribute("done", Sentence.of("billing.charge.recorded"));
        return "redirect:/contracts/{contract}/billing/charges";
    }

    @PostMapping("/charges/payments/{payment}/return")
    String returnCharge(
            Access access,
            @PathVariable UUID payment,
            @RequestParam @DateTimeFormat(iso = DateTimeFormat.ISO.DATE_TIME) LocalDateTime at,
            @RequestParam(defaultValue = "") String reason,
            Model model,
            HttpServletResponse response,
            RedirectAttributes redirect) {
        try {
            otherWork.returnPayment(access, payment, at.atZone(ZONE).toInstant(), reason);
        } catch (Refused refusal) {
            refused(refusal, model, response);
            return charges(access, model);
        }
        redirect.addFlashAttribute("done", Sentence.of("billing.done.returned"));
        return "redirect:/contracts/{contract}/billing/charges";
    }

    @PostMapping("/charges/receipts/{receipt}/replacement")
    String replaceForCharge(
            Access access,
            @PathVariable UUID receipt,
            @RequestParam(defaultValue = "") String reason,
            Model model,
            HttpServletResponse response,
            RedirectAttributes redirect) {
        try {
            var replacement = otherWork.replaceReceipt(access, receipt, reason);
            redirect.addFlashAttribute(
                    "done",
                    Sentence.of(
                            "billing.done.receipt",
                            otherWork.receipt(access, replacement).receipt().code()));
        } catch (Refused refusal) {
            refused(refusal, model, response);
            return charges(access, model);
        }
        return "redirect:/contracts/{contract}/billing/charges";
    }

    @PostMapping("/charges/payments/{payment}/receipt")
    String receiptForCharge(Access access, @PathVariable UUID payment, RedirectAttributes redirect) {
        var receipt = otherWork.issueReceipt(access, payment);
        redirect.addFlashAttribute(
                "done",
                Sentence.of(
                        "billing.done.receipt",
                        otherWork.receipt(access, receipt).receipt().code()));
        return "redirect:/contracts/{contract}/billing/charges";
    }

    @GetMapping("/receipts")
    String receipts(
            Access access,
            @RequestParam(defaultValue = "") String q,
            @RequestParam(required = false) @Nullable ReceiptState state,
            @RequestParam(required = false) @DateTimeFormat(iso = DateTimeFormat.ISO.DATE) @Nullable LocalDate from,
            @RequestParam(required = false) @DateTimeFormat(iso = DateTimeFormat.ISO.DATE) @Nullable LocalDate to,
            @RequestParam(required = false) @Nullable UUID after,
            Model model) {
        return receiptsPage(access, new Search<>(q, state, from, to), after, model);
    }

    private String receiptsPage(Access access, Search<ReceiptState> search, @Nullable UUID after, Model model) {
        model.addAttribute("search", search);
        model.addAttribute("after", after);
        model.addAttribute("states", ReceiptState.values());
        model.addAttribute("page", reading.receipts(access, search, after, PaymentReading.PAGE));
        return page("receipts", access, model);
    }

    @PostMapping("/payments")
    String record(
            Access access,
            @RequestParam String amount,
            @RequestParam @DateTimeFormat(iso = DateTimeFormat.ISO.DATE_TIME) LocalDateTime creditedAt,
            @RequestParam(required = false) @Nullable Integer instalment,
            @RequestParam(required = false) @Nullable Towards towards,
            @RequestParam String reference,
            @RequestParam String payer,
            Model model,
            HttpServletResponse response,
            RedirectAttributes redirect) {
        try {
            var id = billing.recordPayment(
                    access,
                    new NewPayment(
                            creditedAt.atZone(ZONE).toInstant(),
                            null,
                            money("amount", amount),
                            instalment,
                            towards,
                            reference,
                            payer));
            redirect.addFlashAttribute(
                    "done", Sentence.of("billing.done.payment", money("amount", amount), instalment));
            redirect.addFlashAttribute("recorded", id);
            return PAYMENTS;
        } catch (Refused refusal) {
            var typed = new HashMap<String, @Nullable Object>();
            typed.put("amount", amount);
            typed.put("creditedAt", creditedAt);
            typed.put("instalment", instalment);
            typed.put("towards", towards);
            typed.put("reference", reference);
            typed.put("payer", payer);
            refused(refusal, model, response);
            return paymentsPage(access, Search.all(), null, typed, model);
        }
    }

    @PostMapping("/payments/{payment}/return")
    String giveBack(
            Access access,
            @PathVariable UUID payment,
            @RequestParam @DateTimeFormat(iso = DateTimeFormat.ISO.DATE_TIME) LocalDateTime at,
            @RequestParam String reason,
            Model model,
            HttpServletResponse response,
            RedirectAttributes redirect) {
        try {
            billing.returnPayment(access, payment, at.atZone(ZONE).toInstant(), reason);
        } catch (Refused refusal) {
            refused(refusal, model, response);
            return paymentsPage(access, Search.all(), null, Map.of(), model);
        }
        redirect.addFlashAttribute("done", Sentence.of("billing.done.returned"));
        return PAYMENTS;
    }

    @PostMapping("/payments/{payment}/receipt")
    String issue(Access access, @PathVariable UUID payment, RedirectAttributes redirect) {
        var receipt = billing.issueReceipt(access, payment);
        redirect.addFlashAttribute(
                "done",
                Sentence.of(
                        "billing.done.receipt",
                        accounts.state(access).receipt(receipt).code()));
        return RECEIPTS;
    }

    @PostMapping("/receipts/{receipt}/replacement")
    String replace(
            Access access,
            @PathVariable UUID receipt,
            @RequestParam String reason,
            Model model,
            HttpServletResponse response,
            RedirectAttributes redirect) {
        try {
            var replacement = billing.replaceReceipt(access, receipt, reason);
            redirect.addFlashAttribute(
                    "done",
                    Sentence.of(
                            "billing.done.receipt",
                            accounts.state(access).receipt(replacement).code()));
        } catch (Refused refusal) {
            refused(refusal, model, response);
            return receiptsPage(access, Search.all(), null, model);
        }
        return RECEIPTS;
    }

    /** The contract and its facts as the input of a simulation: change it and ask "what if". */
    @GetMapping("/simulation.json")
    ResponseEntity<byte[]> simulation(Access access) {
        var json = accounts.state(access).simulation().toJson();
        return file(json.getBytes(StandardCharsets.UTF_8), "simulation.json", MediaType.APPLICATION_JSON);
    }

    @PostMapping("/instalments/{number}/demands")
    String demand(
            Access access,
            @PathVariable int number,
            @RequestParam(required = false) @DateTimeFormat(iso = DateTimeFormat.ISO.DATE_TIME) @Nullable
                    LocalDateTime deliveredAt,
            @RequestParam(required = false) @Nullable String words,
            Model model,
            HttpServletResponse response,
            RedirectAttributes redirect) {
        var delivered =
                deliveredAt == null ? clock.instant() : deliveredAt.atZone(ZONE).toInstant();
        return act(
                () -> billing.demand(access, number, delivered, words),
                "demand",
                access,
                number,
                model,
                response,
                redirect,
                map("words", words));
    }

    @PostMapping("/instalments/{number}/demands/{demand}/answer")
    String answer(
            Access access,
            @PathVariable int number,
            @PathVariable UUID demand,
            @RequestParam String words,
            Model model,
            HttpServletResponse response,
            RedirectAttributes redirect) {
        return act(
                () -> billing.answerDemand(access, demand, words),
                "answer",
                access,
                number,
                model,
                response,
                redirect,
                map("answer", words));
    }

    @PostMapping("/instalments/{number}/penalty")
    String claim(
            Access access,
            @PathVariable int number,
            Model model,
            HttpServletResponse response,
            RedirectAttributes redirect) {
        return act(
                () -> billing.claimPenalty(access, number), "claim", access, number, model, response, redirect, map());
    }

    @PostMapping("/instalments/{number}/penalty/waiver")
    String waivePenalty(
            Access access,
            @PathVariable int number,
            @RequestParam String reason,
            Model model,
            HttpServletResponse response,
            RedirectAttributes redirect) {
        return act(
                () -> billing.waivePenalty(access, number, reason),
                "waived",
                access,
                number,
                model,
                response,
                redirect,
                map("penaltyReason", reason));
    }

    @PostMapping("/instalments/{number}/waiver")
    String waive(
            Access access,
            @PathVariable int number,
            @RequestParam String reason,
            Model model,
            HttpServletResponse response,
            RedirectAttributes redirect) {
        return act(
                () -> billing.waiveInstalment(access, number, reason),
                "waived",
                access,
                number,
                model,
                response,
                redirect,
                map("waiverReason", reason));
    }

    @PostMapping("/instalments/{number}/dispute")
    String dispute(
            Access access,
            @PathVariable int number,
            @RequestParam String amount,
            @RequestParam String reason,
            Model model,
            HttpServletResponse response,
            RedirectAttributes redirect) {
        return act(
                () -> billing.dispute(access, number, money("amount", amount), reason),
                "dispute",
                access,
                number,
                model,
                response,
                redirect,
                map("disputeAmount", amount, "disputeReason", reason));
    }

    @PostMapping("/instalments/{number}/loss")
    String loss(
            Access access,
            @PathVariable int number,
            @RequestParam String amount,
            @RequestParam String words,
            Model model,
            HttpServletResponse response,
            RedirectAttributes redirect) {
        return act(
                () -> billing.documentLoss(access, number, money("amount", amount), words),
                "loss",
                access,
                number,
                model,
                response,
                redirect,
                map("lossAmount", amount, "lossWords", words));
    }

    /** @param services numbers of those to freeze; none for all that the terms allow */
    @PostMapping("/suspension")
    String suspend(
            Access access,
            @RequestParam(required = false) @Nullable Set<Integer> services,
            Model model,
            HttpServletResponse response,
            RedirectAttributes redirect) {
        return whole(
                () -> billing.suspend(access, services == null ? Set.of() : services),
                "suspended",
                access,
                model,
                response,
                redirect);
    }

    @PostMapping("/suspension/objection")
    String contestSuspension(
            Access access,
            @RequestParam(defaultValue = "") String words,
            Model model,
            HttpServletResponse response,
            RedirectAttributes redirect) {
        return whole(
                () -> billing.contestSuspension(access, words),
                "suspensionContested",
                access,
                model,
                response,
                redirect);
    }

    @PostMapping("/instalments/{number}/termination")
    String terminate(
            Access access,
            @PathVariable int number,
            @RequestParam Notice.Channel channel,
            @RequestParam(defaultValue = "") String words,
            Model model,
            HttpServletResponse response,
            RedirectAttributes redirect) {
        return whole(
                () -> billing.terminate(access, number, channel, words),
                "terminated",
                access,
                model,
                response,
                redirect);
    }

    // Settlement

    @GetMapping("/settlement")
    String settlement(Access access, Model model) {
        return settlementPage(access, model);
    }

    private String settlementPage(Access access, Model model) {
        var page = page("settlement", access, model);
        if (page.endsWith("none")) {
            return page;
        }
        model.addAttribute("s", settlements.of(access));
        model.addAttribute("ended", settlements.hasEnded(access));
        return page;
    }

    @PostMapping("/settlement/set-off")
    String setOff(
            Access access,
            @RequestParam int instalment,
            @RequestParam(defaultValue = "") String amount,
            @RequestParam(defaultValue = "") String words,
            Model model,
            HttpServletResponse response,
            RedirectAttributes redirect) {
        return settled(
                () -> settlements.setOff(access, instalment, money("amount", amount), words),
                "setOff",
                access,
                model,
                response,
                redirect);
    }

    @PostMapping("/settlement/refunds")
    String refund(
            Access access,
            @RequestParam(defaultValue = "") String amount,
            @RequestParam(defaultValue = "") String reference,
            Model model,
            HttpServletResponse response,
            RedirectAttributes redirect) {
        return settled(
                () -> settlements.refund(access, money("amount", amount), reference),
                "refunded",
                access,
                model,
                response,
                redirect);
    }

    private String settled(
            Runnable act,
            String done,
            Access access,
            Model model,
            HttpServletResponse response,
            RedirectAttributes redirect) {
        try {
            act.run();
        } catch (Refused refusal) {
            refused(refusal, model, response);
            return settlementPage(access, model);
        }
        redirect.addFlashAttribute("done", Sentence.of("billing.done." + done));
        return "redirect:/contracts/" + access.contract() + "/billing/settlement";
    }

    @PostMapping("/resumption")
    String resume(Access access, Model model, HttpServletResponse response, RedirectAttributes redirect) {
        return whole(() -> billing.resume(access), "resumed", access, model, response, redirect);
    }

    @PostMapping("/rates")
    String rate(
            Access access,
            @RequestParam @DateTimeFormat(iso = DateTimeFormat.ISO.DATE) LocalDate from,
            @RequestParam BigDecimal percent,
            @RequestParam String source,
            Model model,
            HttpServletResponse response,
            RedirectAttributes redirect) {
        return whole(
                () -> billing.enterRate(access, new Rate(from, percent, source)),
                "rate",
                access,
                model,
                response,
                redirect);
    }

    private String whole(
            Runnable act,
            String done,
            Access access,
            Model model,
            HttpServletResponse response,
            RedirectAttributes redirect) {
        try {
            act.run();
        } catch (Refused refusal) {
            refused(refusal, model, response);
            return page("overview", access, model);
        }
        redirect.addFlashAttribute("done", Sentence.of("billing.done." + done));
        return OVERVIEW;
    }

    private String act(
            Runnable act,
            String done,
            Access access,
            int number,
            Model model,
            HttpServletResponse response,
            RedirectAttributes redirect,
            Map<String, @Nullable Object> typed) {
        try {
            act.run();
        } catch (Refused refusal) {
            refused(refusal, model, response);
            return instalment(access, number, model, typed);
        }
        redirect.addFlashAttribute("done", Sentence.of("billing.done." + done));
        return INSTALMENT;
    }

    private String instalment(Access access, int number, Model model, Map<String, ?> typed) {
        var view = page("instalment", access, model);
        accounts.find(access.tenant(), access.contract(), now(access)).ifPresent(state -> {
            state.schedule().instalment(number);
            var verdict = state.verdict().instalment(number);
            model.addAttribute("verdict", verdict);
            model.addAttribute(
                    "demands",
                    state.acts(Kind.DEMAND_DELIVERED).stream()
                            .filter(act -> act.instalment() != null && act.instalment() == number)
                            .toList());
            model.addAttribute(
                    "rights",
                    state.verdict().rights().stream()
                            .filter(right -> right.instalment() != null && right.instalment() == number)
                            .toList());
        });
        model.addAttribute("typed", typed);
        return view;
    }

    private Instant now(Access access) {
        access.require(Capability.READ_MONEY);
        return clock.instant();
    }

    private String page(String tab, Access access, Model model) {
        var state = accounts.find(access.tenant(), access.contract(), now(access));
        model.addAttribute("section", tab);
        if (state.isEmpty()) {
            return "billing/none";
        }
        model.addAttribute("state", state.get());
        boolean provider = access.party() == Party.PROVIDER;
        model.addAttribute("mayRecord", access.may(Capability.RECORD_PAYMENT));
        model.addAttribute("mayReceipt", access.may(Capability.ISSUE_RECEIPT));
        model.addAttribute("channels", Notice.Channel.values());
        model.addAttribute("stage", SuspensionStage.of(state.get().verdict()));
        var verdict = state.get().verdict();
        model.addAttribute(
                "periods",
                verdict.instalments().stream()
                        .map(one -> PeriodState.of(verdict, one))
                        .toList());
        model.addAttribute(
                "mayContest",
                access.party() == Party.CLIENT
                        && access.may(Capability.ANSWER_DEMAND)
                        && !state.get().acts(Account.Kind.SUSPENDED).isEmpty()
                        && !state.get()
                                .contested(state.get()
                                        .acts(Account.Kind.SUSPENDED)
                                        .getLast()
                                        .id()));
        model.addAttribute(
                "freezable",
                new java.util.TreeSet<>(state.get().terms().suspension().services()));
        model.addAttribute("mayAssert", provider && access.may(Capability.ASSERT_RIGHT));
        model.addAttribute("mayAnswer", !provider && access.may(Capability.ANSWER_DEMAND));
        model.addAttribute("mayDocument", access.may(Capability.ASSERT_RIGHT) || access.may(Capability.ANSWER_DEMAND));
        model.addAttribute(
                "now",
                LocalDateTime.ofInstant(clock.instant(), ZONE).withNano(0).withSecond(0));
        return "billing/" + tab;
    }

    private static void refused(Refused refusal, Model model, HttpServletResponse response) {
        if (refusal.sentence().key().startsWith("identity.")) {
            throw refusal;
        }
        model.addAttribute("refusal", refusal);
        response.setStatus(422);
    }

    static Money money(String field, String typed) {
        try {
            return Money.of(typed.replace("¥", "").replace("￥", "").replace("，", ","));
        } catch (NumberFormatException | ArithmeticException _) {
            throw Refused.field(field, "billing.amount", typed.length() > 40 ? typed.substring(0, 40) : typed);
        }
    }

    private static ResponseEntity<byte[]> file(byte[] bytes, String name, MediaType type) {
        return ResponseEntity.ok()
                .contentType(type)
                .header(
                        HttpHeaders.CONTENT_DISPOSITION,
                        ContentDisposition.attachment().filename(name).build().toString())
                .header("X-Content-Type-Options", "nosniff")
                .body(bytes);
    }

    private static Map<String, @Nullable Object> map(@Nullable Object... pairs) {
        var map = new HashMap<String, @Nullable Object>();
        for (int i = 0; i < pairs.length; i += 2) {
            map.put(String.valueOf(pairs[i]), pairs[i + 1]);
        }
        return map;
    }
}
