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
import io.retainer.identity.Posted;
import io.retainer.kernel.Money;
import io.retainer.kernel.Party;
import io.retainer.kernel.Refused;
import io.retainer.kernel.Sentence;
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

/** The pages of a contract's money. */
@Controller
@RequestMapping("/contracts/{contract}/billing")
class BillingController {

    private static final ZoneId ZONE = ZoneId.of("Asia/Shanghai");
    private static final String OVERVIEW = "redirect:/contracts/{contract}/billing";
    private static final String INSTALMENT = "redirect:/contracts/{contract}/billing/instalments/{number}";
    private static final String PAYMENTS = "redirect:/contracts/{contract}/billing/payments";
    private static final String CHARGES = "redirect:/contracts/{contract}/billing/charges";
    private static final String SETTLEMENT = "redirect:/contracts/{contract}/billing/settlement";
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
            Posted posted) {
        return posted.answer(
                () -> otherWork.pay(
                        access,
                        charge,
                        money("amount", amount),
                        creditedAt.atZone(ZONE).toInstant(),
                        reference),
                Sentence.of("billing.charge.recorded"),
                CHARGES,
                () -> {
                    posted.model().addAttribute("typedCharge", charge);
                    posted.model().addAttribute("typedAmount", amount);
                    posted.model().addAttribute("typedAt", creditedAt);
                    posted.model().addAttribute("typedReference", reference);
                    return charges(access, posted.model());
                });
    }

    @PostMapping("/charges/payments/{payment}/return")
    String returnCharge(
            Access access,
            @PathVariable UUID payment,
            @RequestParam @DateTimeFormat(iso = DateTimeFormat.ISO.DATE_TIME) LocalDateTime at,
            @RequestParam(defaultValue = "") String reason,
            Posted posted) {
        return posted.answer(
                () -> otherWork.returnPayment(access, payment, at.atZone(ZONE).toInstant(), reason),
                Sentence.of("billing.done.returned"),
                CHARGES,
                () -> charges(access, posted.model()));
    }

    @PostMapping("/charges/receipts/{receipt}/replacement")
    String replaceForCharge(
            Access access, @PathVariable UUID receipt, @RequestParam(defaultValue = "") String reason, Posted posted) {
        return posted.answer(
                () -> issuedForCharge(access, otherWork.replaceReceipt(access, receipt, reason)),
                CHARGES,
                () -> charges(access, posted.model()));
    }

    @PostMapping("/charges/payments/{payment}/receipt")
    String receiptForCharge(Access access, @PathVariable UUID payment, Posted posted) {
        return posted.done(issuedForCharge(access, otherWork.issueReceipt(access, payment)), CHARGES);
    }

    private Sentence issuedForCharge(Access access, UUID receipt) {
        return Sentence.of(
                "billing.done.receipt",
                otherWork.receipt(access, receipt).receipt().code());
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
            Posted posted) {
        return posted.answer(
                () -> {
                    var fen = money("amount", amount);
                    var id = billing.recordPayment(
                            access,
                            new NewPayment(
                                    creditedAt.atZone(ZONE).toInstant(),
                                    null,
                                    fen,
                                    instalment,
                                    towards,
                                    reference,
                                    payer));
                    posted.redirect().addFlashAttribute("recorded", id);
                    return Sentence.of("billing.done.payment", fen, instalment);
                },
                PAYMENTS,
                () -> paymentsPage(
                        access,
                        Search.all(),
                        null,
                        map(
                                "amount", amount,
                                "creditedAt", creditedAt,
                                "instalment", instalment,
                                "towards", towards,
                                "reference", reference,
                                "payer", payer),
                        posted.model()));
    }

    @PostMapping("/payments/{payment}/return")
    String giveBack(
            Access access,
            @PathVariable UUID payment,
            @RequestParam @DateTimeFormat(iso = DateTimeFormat.ISO.DATE_TIME) LocalDateTime at,
            @RequestParam String reason,
            Posted posted) {
        return posted.answer(
                () -> billing.returnPayment(access, payment, at.atZone(ZONE).toInstant(), reason),
                Sentence.of("billing.done.returned"),
                PAYMENTS,
                () -> paymentsPage(access, Search.all(), null, Map.of(), posted.model()));
    }

    @PostMapping("/payments/{payment}/receipt")
    String issue(Access access, @PathVariable UUID payment, Posted posted) {
        return posted.done(issued(access, billing.issueReceipt(access, payment)), RECEIPTS);
    }

    private Sentence issued(Access access, UUID receipt) {
        return Sentence.of(
                "billing.done.receipt", accounts.state(access).receipt(receipt).code());
    }

    @PostMapping("/receipts/{receipt}/replacement")
    String replace(Access access, @PathVariable UUID receipt, @RequestParam String reason, Posted posted) {
        return posted.answer(
                () -> issued(access, billing.replaceReceipt(access, receipt, reason)),
                RECEIPTS,
                () -> receiptsPage(access, Search.all(), null, posted.model()));
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
            Posted posted) {
        var delivered =
                deliveredAt == null ? clock.instant() : deliveredAt.atZone(ZONE).toInstant();
        return act(
                () -> billing.demand(access, number, delivered, words),
                "demand",
                access,
                number,
                posted,
                map("words", words));
    }

    @PostMapping("/instalments/{number}/demands/{demand}/answer")
    String answer(
            Access access,
            @PathVariable int number,
            @PathVariable UUID demand,
            @RequestParam String words,
            Posted posted) {
        return act(
                () -> billing.answerDemand(access, demand, words),
                "answer",
                access,
                number,
                posted,
                map("answer", words));
    }

    @PostMapping("/instalments/{number}/penalty")
    String claim(Access access, @PathVariable int number, Posted posted) {
        return act(() -> billing.claimPenalty(access, number), "claim", access, number, posted, map());
    }

    @PostMapping("/instalments/{number}/penalty/waiver")
    String waivePenalty(Access access, @PathVariable int number, @RequestParam String reason, Posted posted) {
        return act(
                () -> billing.waivePenalty(access, number, reason),
                "waived",
                access,
                number,
                posted,
                map("penaltyReason", reason));
    }

    @PostMapping("/instalments/{number}/waiver")
    String waive(Access access, @PathVariable int number, @RequestParam String reason, Posted posted) {
        return act(
                () -> billing.waiveInstalment(access, number, reason),
                "waived",
                access,
                number,
                posted,
                map("waiverReason", reason));
    }

    @PostMapping("/instalments/{number}/dispute")
    String dispute(
            Access access,
            @PathVariable int number,
            @RequestParam String amount,
            @RequestParam String reason,
            Posted posted) {
        return act(
                () -> billing.dispute(access, number, money("amount", amount), reason),
                "dispute",
                access,
                number,
                posted,
                map("disputeAmount", amount, "disputeReason", reason));
    }

    @PostMapping("/instalments/{number}/loss")
    String loss(
            Access access,
            @PathVariable int number,
            @RequestParam String amount,
            @RequestParam String words,
            Posted posted) {
        return act(
                () -> billing.documentLoss(access, number, money("amount", amount), words),
                "loss",
                access,
                number,
                posted,
                map("lossAmount", amount, "lossWords", words));
    }

    /** @param services numbers of those to freeze; none for all that the terms allow */
    @PostMapping("/suspension")
    String suspend(Access access, @RequestParam(required = false) @Nullable Set<Integer> services, Posted posted) {
        return whole(
                () -> billing.suspend(access, services == null ? Set.of() : services), "suspended", access, posted);
    }

    @PostMapping("/suspension/objection")
    String contestSuspension(Access access, @RequestParam(defaultValue = "") String words, Posted posted) {
        return whole(() -> billing.contestSuspension(access, words), "suspensionContested", access, posted);
    }

    @PostMapping("/instalments/{number}/termination")
    String terminate(
            Access access,
            @PathVariable int number,
            @RequestParam Notice.Channel channel,
            @RequestParam(defaultValue = "") String words,
            Posted posted) {
        return whole(() -> billing.terminate(access, number, channel, words), "terminated", access, posted);
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
            Posted posted) {
        return settled(
                () -> settlements.setOff(access, instalment, money("amount", amount), words), "setOff", access, posted);
    }

    @PostMapping("/settlement/refunds")
    String refund(
            Access access,
            @RequestParam(defaultValue = "") String amount,
            @RequestParam(defaultValue = "") String reference,
            Posted posted) {
        return settled(
                () -> settlements.refund(access, money("amount", amount), reference), "refunded", access, posted);
    }

    private String settled(Runnable act, String done, Access access, Posted posted) {
        return posted.answer(
                act, Sentence.of("billing.done." + done), SETTLEMENT, () -> settlementPage(access, posted.model()));
    }

    @PostMapping("/resumption")
    String resume(Access access, Posted posted) {
        return whole(() -> billing.resume(access), "resumed", access, posted);
    }

    @PostMapping("/rates")
    String rate(
            Access access,
            @RequestParam @DateTimeFormat(iso = DateTimeFormat.ISO.DATE) LocalDate from,
            @RequestParam BigDecimal percent,
            @RequestParam String source,
            Posted posted) {
        return whole(() -> billing.enterRate(access, new Rate(from, percent, source)), "rate", access, posted);
    }

    private String whole(Runnable act, String done, Access access, Posted posted) {
        return posted.answer(
                act, Sentence.of("billing.done." + done), OVERVIEW, () -> page("overview", access, posted.model()));
    }

    private String act(
            Runnable act, String done, Access access, int number, Posted posted, Map<String, @Nullable Object> typed) {
        return posted.answer(
                act,
                Sentence.of("billing.done." + done),
                INSTALMENT,
                () -> instalment(access, number, posted.model(), typed));
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
