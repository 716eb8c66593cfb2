package io.retainer.billing;

import io.retainer.billing.Account.Channel;
import io.retainer.billing.Account.Kind;
import io.retainer.billing.Billing.NewPayment;
import io.retainer.billing.BillingFact.Towards;
import io.retainer.billing.PaymentReading.PaymentState;
import io.retainer.billing.PaymentReading.ReceiptState;
import io.retainer.billing.PaymentReading.Search;
import io.retainer.contract.Notice;
import io.retainer.identity.Access;
import io.retainer.identity.Idempotency;
import io.retainer.kernel.Money;
import io.retainer.kernel.Refused;
import io.retainer.kernel.Texts;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.math.BigDecimal;
import java.time.Clock;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.format.annotation.DateTimeFormat;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import tools.jackson.databind.JsonNode;

/** The money of a contract over the API: everything its pages can do. Amounts are yuan as text, two decimals. */
@RestController
@RequestMapping("/api/v1/contracts/{contract}")
@Tag(name = "Billing", description = "Instalments, payments, receipts, penalties, demands and suspension.")
class BillingApi {

    private static final int MOST = 100;

    private final Billing billing;
    private final Settlements settlements;
    private final Accounts accounts;
    private final PaymentReading reading;
    private final Idempotency idempotency;
    private final Clock clock;

    BillingApi(
            Billing billing,
            Settlements settlements,
            Accounts accounts,
            PaymentReading reading,
            Idempotency idempotency,
            Clock clock) {
        this.billing = billing;
        this.settlements = settlements;
        this.accounts = accounts;
        this.reading = reading;
        this.idempotency = idempotency;
        this.clock = clock;
    }

    /** What a creating call made. */
    record Created(UUID id) {}

    record PaymentRequest(
            @Nullable String amount,
            @Nullable Instant creditedAt,
            @Nullable Instant sentAt,
            @Nullable Integer instalment,
            @Nullable Towards towards,
            @Nullable String reference,
            @Nullable String payer) {}

    record ReturnRequest(@Nullable Instant at, @Nullable String reason) {}

    record ReasonRequest(@Nullable String reason) {}

    record DemandRequest(
            @Nullable Instant deliveredAt, @Nullable String words) {}

    record WordsRequest(@Nullable String words) {}

    record AmountRequest(@Nullable String amount, @Nullable String words) {}

    record RateRequest(
            @Nullable LocalDate from,
            @Nullable BigDecimal percent,
            @Nullable String source) {}

    record PaymentAnswer(
            UUID id,
            Channel channel,
            String reference,
            String payer,
            Instant creditedAt,
            String amount,
            @Nullable Integer instalment,
            @Nullable Towards towards,
            @Nullable Instant returnedAt,
            @Nullable UUID receipt) {}

    record ReceiptAnswer(
            UUID id,
            String number,
            UUID payment,
            String amount,
            String amountInWords,
            String payer,
            String payee,
            Instant issuedAt,
            @Nullable UUID replaces,
            @Nullable UUID replacedBy,
            boolean isVoid,
            String sha256) {}

    record DemandAnswer(
            UUID id,
            @Nullable Integer instalment,
            Instant deliveredAt,
            @Nullable String words,
            @Nullable Instant answeredAt,
            @Nullable String answer) {}

    @GetMapping("/billing")
    @Operation(
            summary = "The verdict on the contract's money: instalments, readings of the penalty, rights, deadlines.")
    JsonNode verdict(Access access, Locale locale) {
        var state = accounts.state(access);
        return new VerdictJson(Texts.in(locale), state.terms().zone()).write(state.verdict());
    }

    @GetMapping("/instalments")
    @Operation(summary = "The instalments with their states.")
    JsonNode instalments(Access access, Locale locale) {
        return verdict(access, locale).get("instalments");
    }

    @GetMapping("/instalments/{number}")
    @Operation(summary = "One instalment: every reading of its penalty, line by line.")
    JsonNode instalment(Access access, @PathVariable int number, Locale locale) {
        accounts.state(access).schedule().instalment(number);
        return verdict(access, locale).get("instalments").get(number - 1);
    }

    @GetMapping(value = "/simulation", produces = MediaType.APPLICATION_JSON_VALUE)
    @Operation(
            summary = "Terms and facts as the input of a simulation: change them and post them to /api/v1/simulations.")
    String simulation(Access access) {
        return accounts.state(access).simulation().toJson();
    }

    /** @param next pass it as {@code after} for the next page; null on the last */
    record PaymentList(List<PaymentAnswer> items, @Nullable UUID next) {}

    @GetMapping("/payments")
    @Operation(
            summary = "The payments, the latest credit first.",
            description =
                    "q: part of a payer or bank reference, an amount, or a receipt's number; from and to: days of "
                            + "the credit in Asia/Shanghai; after: the next of the page before; limit: 1 to 100.")
    PaymentList payments(
            Access access,
            @RequestParam(defaultValue = "") String q,
            @RequestParam(required = false) @Nullable PaymentState state,
            @RequestParam(required = false) @DateTimeFormat(iso = DateTimeFormat.ISO.DATE) @Nullable LocalDate from,
            @RequestParam(required = false) @DateTimeFormat(iso = DateTimeFormat.ISO.DATE) @Nullable LocalDate to,
            @RequestParam(required = false) @Nullable UUID after,
            @RequestParam(defaultValue = "25") int limit) {
        var page = reading.payments(access, new Search<>(q, state, from, to), after, Math.clamp(limit, 1, MOST));
        return new PaymentList(
                page.rows().stream()
                        .map(listed -> answer(listed.payment(), listed.receipt()))
                        .toList(),
                page.next());
    }

    private static PaymentAnswer answer(Account.Payment payment, @Nullable UUID receipt) {
        return new PaymentAnswer(
                payment.id(),
                payment.channel(),
                payment.reference(),
                payment.payer(),
                payment.creditedAt(),
                text(payment.amount()),
                payment.instalment(),
                payment.towards(),
                payment.returned(),
                receipt);
    }

    @PostMapping("/payments")
    @Operation(summary = "Records a payment. The same bank reference is recorded once.")
    Created record(
            Access access,
            @RequestHeader(name = "Idempotency-Key", required = false) @Nullable String key,
            @RequestBody PaymentRequest request) {
        return once(
                access,
                key,
                "payments",
                request,
                () -> billing.recordPayment(
                        access,
                        new NewPayment(
                                given("creditedAt", request.creditedAt()),
                                request.sentAt(),
                                BillingController.money("amount", given("amount", request.amount())),
                                request.instalment(),
                                request.towards(),
                                given("reference", request.reference()),
                                given("payer", request.payer()))));
    }

    @PostMapping("/payments/{payment}/return")
    @Operation(summary = "The bank took a payment back: its instalment is owed again from the original due instant.")
    Created giveBack(
            Access access,
            @PathVariable UUID payment,
            @RequestHeader(name = "Idempotency-Key", required = false) @Nullable String key,
            @RequestBody ReturnRequest request) {
        return once(access, key, "payments/" + payment + "/return", request, () -> {
            billing.returnPayment(access, payment, given("at", request.at()), given("reason", request.reason()));
            return payment;
        });
    }

    /** @param next pass it as {@code after} for the next page; null on the last */
    record ReceiptList(List<ReceiptAnswer> items, @Nullable UUID next) {}

    @GetMapping("/receipts")
    @Operation(
            summary = "The receipts, the highest number first.",
            description =
                    "q: part of a payer or bank reference, an amount, or a number; from and to: days of the issue in "
                            + "Asia/Shanghai; after: the next of the page before; limit: 1 to 100.")
    ReceiptList receipts(
            Access access,
            @RequestParam(defaultValue = "") String q,
            @RequestParam(required = false) @Nullable ReceiptState state,
            @RequestParam(required = false) @DateTimeFormat(iso = DateTimeFormat.ISO.DATE) @Nullable LocalDate from,
            @RequestParam(required = false) @DateTimeFormat(iso = DateTimeFormat.ISO.DATE) @Nullable LocalDate to,
            @RequestParam(required = false) @Nullable UUID after,
            @RequestParam(defaultValue = "25") int limit) {
        var page = reading.receipts(access, new Search<>(q, state, from, to), after, Math.clamp(limit, 1, MOST));
        return new ReceiptList(
                page.rows().stream()
                        .map(receipt -> new ReceiptAnswer(
                                receipt.id(),
                                receipt.code(),
                                receipt.payment(),
                                text(receipt.amount()),
                                receipt.words(),
                                receipt.payer(),
                                receipt.payee(),
                                receipt.issuedAt(),
                                receipt.replaces(),
                                receipt.replacedBy(),
                                receipt.isVoid(),
                                receipt.hash()))
                        .toList(),
                page.next());
    }

    @PostMapping("/payments/{payment}/receipt")
    @Operation(summary = "Issues the receipt of a payment; a second call gives the same one.")
    Created issue(
            Access access,
            @PathVariable UUID payment,
            @RequestHeader(name = "Idempotency-Key", required = false) @Nullable String key) {
        return once(access, key, "payments/" + payment + "/receipt", "", () -> billing.issueReceipt(access, payment));
    }

    @PostMapping("/receipts/{receipt}/replacement")
    @Operation(summary = "Voids a receipt by issuing the one that stands for it.")
    Created replace(
            Access access,
            @PathVariable UUID receipt,
            @RequestHeader(name = "Idempotency-Key", required = false) @Nullable String key,
            @RequestBody ReasonRequest request) {
        return once(
                access,
                key,
                "receipts/" + receipt + "/replacement",
                request,
                () -> billing.replaceReceipt(access, receipt, given("reason", request.reason())));
    }

    @GetMapping(value = "/receipts/{receipt}/pdf", produces = MediaType.APPLICATION_PDF_VALUE)
    @Operation(summary = "A receipt as PDF.")
    ResponseEntity<byte[]> pdf(Access access, @PathVariable UUID receipt, Locale locale) {
        var state = accounts.state(access);
        return ResponseEntity.ok()
                .contentType(MediaType.APPLICATION_PDF)
                .body(ReceiptPaper.of(state, state.receipt(receipt), Texts.in(locale))
                        .pdf());
    }

    @GetMapping("/demands")
    @Operation(summary = "The demands and their answers.")
    List<DemandAnswer> demands(Access access) {
        var state = accounts.state(access);
        return state.acts(Kind.DEMAND_DELIVERED).stream()
                .map(demand -> {
                    var answer = state.answerTo(demand.id());
                    return new DemandAnswer(
                            demand.id(),
                            demand.instalment(),
                            demand.happenedAt(),
                            demand.words(),
                            answer.map(Account.Act::happenedAt).orElse(null),
                            answer.map(Account.Act::words).orElse(null));
                })
                .toList();
    }

    @PostMapping("/instalments/{number}/demands")
    @Operation(summary = "Demands an overdue instalment; without deliveredAt it is delivered now.")
    Created demand(
            Access access,
            @PathVariable int number,
            @RequestHeader(name = "Idempotency-Key", required = false) @Nullable String key,
            @RequestBody DemandRequest request) {
        return once(
                access,
                key,
                "instalments/" + number + "/demands",
                request,
                () -> billing.demand(
                        access,
                        number,
                        request.deliveredAt() == null ? clock.instant() : request.deliveredAt(),
                        request.words()));
    }

    @PostMapping("/demands/{demand}/answer")
    @Operation(summary = "The client answers a demand.")
    Created answer(
            Access access,
            @PathVariable UUID demand,
            @RequestHeader(name = "Idempotency-Key", required = false) @Nullable String key,
            @RequestBody WordsRequest request) {
        return once(
                access,
                key,
                "demands/" + demand + "/answer",
                request,
                () -> billing.answerDemand(access, demand, given("words", request.words())));
    }

    @PostMapping("/instalments/{number}/penalty")
    @Operation(summary = "Claims the penalty of an instalment under the agreed reading.")
    Created claim(
            Access access,
            @PathVariable int number,
            @RequestHeader(name = "Idempotency-Key", required = false) @Nullable String key) {
        return once(access, key, "instalments/" + number + "/penalty", "", () -> billing.claimPenalty(access, number));
    }

    @PostMapping("/instalments/{number}/penalty/waiver")
    @Operation(summary = "Gives up the penalty of an instalment.")
    Created waivePenalty(
            Access access,
            @PathVariable int number,
            @RequestHeader(name = "Idempotency-Key", required = false) @Nullable String key,
            @RequestBody ReasonRequest request) {
        return once(
                access,
                key,
                "instalments/" + number + "/penalty/waiver",
                request,
                () -> billing.waivePenalty(access, number, given("reason", request.reason())));
    }

    @PostMapping("/instalments/{number}/waiver")
    @Operation(summary = "Gives up an instalment.")
    Created waive(
            Access access,
            @PathVariable int number,
            @RequestHeader(name = "Idempotency-Key", required = false) @Nullable String key,
            @RequestBody ReasonRequest request) {
        return once(
                access,
                key,
                "instalments/" + number + "/waiver",
                request,
                () -> billing.waiveInstalment(access, number, given("reason", request.reason())));
    }

    @PostMapping("/instalments/{number}/dispute")
    @Operation(summary = "The client disputes part of an instalment; 0 ends the dispute.")
    Created dispute(
            Access access,
            @PathVariable int number,
            @RequestHeader(name = "Idempotency-Key", required = false) @Nullable String key,
            @RequestBody AmountRequest request) {
        return once(
                access,
                key,
                "instalments/" + number + "/dispute",
                request,
                () -> billing.dispute(
                        access,
                        number,
                        BillingController.money("amount", given("amount", request.amount())),
                        given("words", request.words())));
    }

    @PostMapping("/instalments/{number}/loss")
    @Operation(summary = "Documents the loss from a delay; only held against the penalty.")
    Created loss(
            Access access,
            @PathVariable int number,
            @RequestHeader(name = "Idempotency-Key", required = false) @Nullable String key,
            @RequestBody AmountRequest request) {
        return once(
                access,
                key,
                "instalments/" + number + "/loss",
                request,
                () -> billing.documentLoss(
                        access,
                        number,
                        BillingController.money("amount", given("amount", request.amount())),
                        given("words", request.words())));
    }

    @PostMapping("/suspension")
    @Operation(
            summary =
                    "Asserts the right to suspend, once time has made it available; all freezable services, or the named.")
    Created suspend(
            Access access,
            @RequestHeader(name = "Idempotency-Key", required = false) @Nullable String key,
            @RequestBody(required = false) @Nullable SuspensionRequest request) {
        var services = request == null || request.services() == null ? Set.<Integer>of() : request.services();
        return once(access, key, "suspension", services, () -> billing.suspend(access, services));
    }

    @PostMapping("/suspension/objection")
    @Operation(summary = "The client denies that there was a ground for the suspension.")
    Created contestSuspension(
            Access access,
            @RequestHeader(name = "Idempotency-Key", required = false) @Nullable String key,
            @RequestBody WordsRequest request) {
        return once(
                access,
                key,
                "suspension/objection",
                request,
                () -> billing.contestSuspension(access, request.words() == null ? "" : request.words()));
    }

    /** @param services numbers of those to freeze */
    record SuspensionRequest(@Nullable Set<Integer> services) {}

    record TerminationRequest(
            Notice.@Nullable Channel channel, @Nullable String words) {}

    @PostMapping("/instalments/{number}/termination")
    @Operation(summary = "Terminates for non-payment; the notice ends the contract when it arrives.")
    Created terminate(
            Access access,
            @PathVariable int number,
            @RequestHeader(name = "Idempotency-Key", required = false) @Nullable String key,
            @RequestBody TerminationRequest request) {
        return once(
                access,
                key,
                "instalments/" + number + "/termination",
                request,
                () -> billing.terminate(
                        access,
                        number,
                        request.channel() == null ? Notice.Channel.PLATFORM : request.channel(),
                        request.words() == null ? "" : request.words()));
    }

    record PartAnswer(
            int instalment,
            String amount,
            int unservedDays,
            int days,
            String unservedFee,
            String paid,
            String refund,
            String owed) {}

    record CreditAnswer(int instalment, int days, int of, String amount, String net, String vat, boolean agreed) {}

    record PenaltyAnswer(int instalment, String open) {}

    record SettlementAnswer(
            boolean ended,
            LocalDate lastDay,
            List<PartAnswer> instalments,
            List<CreditAnswer> suspensionCredits,
            List<PenaltyAnswer> penalties,
            String penaltiesNotClaimed,
            String refund,
            String setOff,
            String refunded,
            String toRefund,
            String owed) {}

    @GetMapping("/settlement")
    @Operation(summary = "What the parties owe each other when the service ends; a preview while it runs.")
    SettlementAnswer settlement(Access access) {
        var s = settlements.of(access);
        return new SettlementAnswer(
                settlements.hasEnded(access),
                s.lastDay(),
                s.lines().stream()
                        .map(part -> new PartAnswer(
                                part.instalment(),
                                yuan(part.amount()),
                                part.unserved(),
                                part.of(),
                                yuan(part.unservedFee()),
                                yuan(part.paid()),
                                yuan(part.refund()),
                                yuan(part.owed())))
                        .toList(),
                s.credits().stream()
                        .map(credit -> new CreditAnswer(
                                credit.instalment(),
                                credit.days(),
                                credit.of(),
                                yuan(credit.amount()),
                                yuan(credit.net()),
                                yuan(credit.vat()),
                                credit.agreed()))
                        .toList(),
                s.penalties().stream()
                        .map(claimed -> new PenaltyAnswer(claimed.instalment(), yuan(claimed.open())))
                        .toList(),
                yuan(s.penaltiesNotClaimed()),
                yuan(s.refund()),
                yuan(s.setOff()),
                yuan(s.refunded()),
                yuan(s.toRefund()),
                yuan(s.owed()));
    }

    private static String yuan(Money money) {
        return money.yuan().toPlainString();
    }

    record SetOffRequest(
            @Nullable Integer instalment,
            @Nullable String amount,
            @Nullable String words) {}

    @PostMapping("/settlement/set-off")
    @Operation(summary = "Sets a claimed penalty off against what is to be given back, by a notice.")
    Created setOff(
            Access access,
            @RequestHeader(name = "Idempotency-Key", required = false) @Nullable String key,
            @RequestBody SetOffRequest request) {
        return once(
                access,
                key,
                "settlement/set-off",
                request,
                () -> settlements.setOff(
                        access,
                        request.instalment() == null ? 0 : request.instalment(),
                        BillingController.money("amount", request.amount() == null ? "" : request.amount()),
                        request.words() == null ? "" : request.words()));
    }

    record RefundRequest(@Nullable String amount, @Nullable String reference) {}

    @PostMapping("/settlement/refunds")
    @Operation(summary = "Records what the provider gave back.")
    Created refund(
            Access access,
            @RequestHeader(name = "Idempotency-Key", required = false) @Nullable String key,
            @RequestBody RefundRequest request) {
        return once(
                access,
                key,
                "settlement/refunds",
                request,
                () -> settlements.refund(
                        access,
                        BillingController.money("amount", request.amount() == null ? "" : request.amount()),
                        request.reference() == null ? "" : request.reference()));
    }

    @PostMapping("/resumption")
    @Operation(summary = "Resumes a suspended service.")
    Created resume(Access access, @RequestHeader(name = "Idempotency-Key", required = false) @Nullable String key) {
        return once(access, key, "resumption", "", () -> billing.resume(access));
    }

    @PostMapping("/reference-rates")
    @Operation(summary = "Enters a value of the one-year LPR with its source.")
    Created rate(
            Access access,
            @RequestHeader(name = "Idempotency-Key", required = false) @Nullable String key,
            @RequestBody RateRequest request) {
        return once(access, key, "reference-rates", request, () -> {
            billing.enterRate(
                    access,
                    new ReferenceRates.Rate(
                            given("from", request.from()),
                            given("percent", request.percent()),
                            given("source", request.source())));
            return access.contract();
        });
    }

    private interface Act {
        UUID run();
    }

    private Created once(Access access, @Nullable String key, String path, Object request, Act act) {
        return idempotency.once(
                access,
                key,
                List.of("POST /contracts/" + access.contract() + "/" + path, request),
                Created.class,
                () -> new Created(act.run()));
    }

    static <T> T given(String field, @Nullable T value) {
        if (value == null) {
            throw Refused.field(field, "billing.text", field, 2000);
        }
        return value;
    }

    static String text(Money money) {
        return money.yuan().toPlainString();
    }
}
