package io.retainer.billing;

import static io.retainer.billing.BillingApi.given;
import static io.retainer.billing.BillingApi.text;

import io.retainer.identity.Access;
import io.retainer.identity.Idempotency;
import io.retainer.kernel.Unknown;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** What is charged beside the fee (I-1.1*(7)) over the API, as its page shows it and acts on it. Amounts are yuan as text. */
@RestController
@RequestMapping("/api/v1/contracts/{contract}/billing/charges")
@Tag(name = "Charges", description = "Other work: what is charged for it, what comes in by itself, its receipts.")
class ChargeApi {

    private final OtherWork otherWork;
    private final Idempotency idempotency;

    ChargeApi(OtherWork otherWork, Idempotency idempotency) {
        this.otherWork = otherWork;
        this.idempotency = idempotency;
    }

    /** Whether a charge is still to be paid, and how. */
    enum ChargeState {
        /** Paid with its instalment, which says whether it is. */
        WITH_INSTALMENT,
        OPEN,
        PAID
    }

    /**
     * @param number of the series of the provider
     * @param isVoid because it was replaced or the money went back
     */
    record ChargeReceiptAnswer(
            UUID id,
            String number,
            Instant issuedAt,
            @Nullable UUID replaces,
            @Nullable UUID replacedBy,
            boolean isVoid,
            String sha256) {}

    record ChargePaymentAnswer(
            UUID id,
            String amount,
            Instant creditedAt,
            String reference,
            @Nullable Instant returnedAt,
            List<ChargeReceiptAnswer> receipts) {}

    /**
     * @param link of the page of what it is for
     * @param instalment it is paid with, or null when it is paid by itself
     * @param dueAt the first instant that is late when it is paid by itself
     * @param rest of what is paid by itself and still owed
     */
    record ChargeAnswer(
            UUID id,
            String title,
            String link,
            String clause,
            ChargeState state,
            String net,
            String tax,
            String gross,
            @Nullable Integer instalment,
            @Nullable Instant dueAt,
            Instant chargedAt,
            @Nullable Instant paidAt,
            String paid,
            @Nullable String rest,
            List<ChargePaymentAnswer> payments) {}

    record ChargePaymentRequest(
            @Nullable String amount,
            @Nullable Instant creditedAt,
            @Nullable String reference) {}

    record ChargeReturnRequest(
            @Nullable Instant at, @Nullable String reason) {}

    @GetMapping
    @Operation(
            summary = "What was charged beside the fee, the latest first, each with what came in for it.",
            description = "state: only WITH_INSTALMENT, OPEN or PAID.")
    List<ChargeAnswer> charges(Access access, @RequestParam(required = false) @Nullable ChargeState state) {
        var payments = otherWork.payments(access);
        return otherWork.charges(access).stream()
                .map(charge -> answer(charge, payments))
                .filter(charge -> state == null || charge.state() == state)
                .toList();
    }

    @GetMapping("/{charge}")
    @Operation(summary = "One charge with its payments and their receipts.")
    ChargeAnswer charge(Access access, @PathVariable UUID charge) {
        var payments = otherWork.payments(access);
        return otherWork.charges(access).stream()
                .filter(each -> each.id().equals(charge))
                .findFirst()
                .map(found -> answer(found, payments))
                .orElseThrow(() -> new Unknown("charge " + charge));
    }

    @PostMapping("/{charge}/payments")
    @Operation(
            summary = "Money for a charge that is paid by itself came in, all of it or a part.",
            description =
                    "The same bank reference is recorded once. A charge that is paid with an instalment is paid there.")
    BillingApi.Created pay(
            Access access,
            @PathVariable UUID charge,
            @RequestHeader(name = "Idempotency-Key", required = false) @Nullable String key,
            @RequestBody ChargePaymentRequest request) {
        return once(
                access,
                key,
                charge + "/payments",
                request,
                () -> otherWork.pay(
                        access,
                        charge,
                        BillingController.money("amount", given("amount", request.amount())),
                        given("creditedAt", request.creditedAt()),
                        given("reference", request.reference())));
    }

    @PostMapping("/payments/{payment}/return")
    @Operation(summary = "The bank took it back: the charge is owed again from its original due instant.")
    BillingApi.Created giveBack(
            Access access,
            @PathVariable UUID payment,
            @RequestHeader(name = "Idempotency-Key", required = false) @Nullable String key,
            @RequestBody ChargeReturnRequest request) {
        return once(access, key, "payments/" + payment + "/return", request, () -> {
            otherWork.returnPayment(access, payment, given("at", request.at()), given("reason", request.reason()));
            return payment;
        });
    }

    @PostMapping("/payments/{payment}/receipt")
    @Operation(summary = "Issues the receipt for a payment of a charge; a second call gives the same one.")
    BillingApi.Created issue(
            Access access,
            @PathVariable UUID payment,
            @RequestHeader(name = "Idempotency-Key", required = false) @Nullable String key) {
        return once(access, key, "payments/" + payment + "/receipt", "", () -> otherWork.issueReceipt(access, payment));
    }

    @PostMapping("/receipts/{receipt}/replacement")
    @Operation(summary = "Voids the receipt for a payment of a charge by issuing the one that stands for it.")
    BillingApi.Created replace(
            Access access,
            @PathVariable UUID receipt,
            @RequestHeader(name = "Idempotency-Key", required = false) @Nullable String key,
            @RequestBody BillingApi.ReasonRequest request) {
        return once(
                access,
                key,
                "receipts/" + receipt + "/replacement",
                request,
                () -> otherWork.replaceReceipt(access, receipt, given("reason", request.reason())));
    }

    private static ChargeAnswer answer(Charges.Charge charge, List<Charges.ChargePayment> payments) {
        var state = charge.instalment() != null
                ? ChargeState.WITH_INSTALMENT
                : charge.paidAt() == null ? ChargeState.OPEN : ChargeState.PAID;
        return new ChargeAnswer(
                charge.id(),
                charge.title(),
                charge.link(),
                charge.clause().id(),
                state,
                text(charge.net()),
                text(charge.tax()),
                text(charge.gross()),
                charge.instalment(),
                charge.due(),
                charge.chargedAt(),
                charge.paidAt(),
                text(charge.paid()),
                state == ChargeState.WITH_INSTALMENT ? null : text(charge.rest()),
                payments.stream()
                        .filter(payment -> payment.charge().equals(charge.id()))
                        .map(payment -> new ChargePaymentAnswer(
                                payment.id(),
                                text(payment.amount()),
                                payment.creditedAt(),
                                payment.reference(),
                                payment.returned(),
                                payment.receipts().stream()
                                        .map(receipt -> new ChargeReceiptAnswer(
                                                receipt.id(),
                                                receipt.code(),
                                                receipt.issuedAt(),
                                                receipt.replaces(),
                                                receipt.replacedBy(),
                                                receipt.isVoid(),
                                                receipt.hash()))
                                        .toList()))
                        .toList());
    }

    private BillingApi.Created once(
            Access access, @Nullable String key, String path, Object request, Supplier<UUID> act) {
        return idempotency.once(
                access,
                key,
                List.of("POST /contracts/" + access.contract() + "/billing/charges/" + path, request),
                BillingApi.Created.class,
                () -> new BillingApi.Created(act.get()));
    }
}
