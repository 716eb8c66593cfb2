package io.retainer.workorder;

import static io.retainer.kernel.Refused.given;

import io.retainer.identity.Access;
import io.retainer.identity.Capability;
import io.retainer.identity.Idempotency;
import io.retainer.kernel.Money;
import io.retainer.kernel.Refused;
import io.retainer.kernel.Texts;
import io.retainer.workorder.WorkOrderRows.Filter;
import io.retainer.workorder.WorkOrders.NewOrder;
import io.retainer.workorder.WorkOrders.NewQuote;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalDate;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.multipart.MultipartFile;

/** Work orders for programs: all that the pages can do. */
@RestController
@RequestMapping("/api/v1/contracts/{contract}/work-orders")
class WorkOrderApi {

    private static final int PAGE = 50;
    private static final int LARGEST_PAGE = 100;

    private final WorkOrders orders;
    private final WorkOrderDesk desk;
    private final Idempotency idempotency;

    WorkOrderApi(WorkOrders orders, WorkOrderDesk desk, Idempotency idempotency) {
        this.orders = orders;
        this.desk = desk;
        this.idempotency = idempotency;
    }

    /** @param clause such as {@code I-1.1*(7)} */
    record NewWorkOrderBody(
            @Nullable String clause,
            @Nullable String title,
            @Nullable String details,
            @Nullable Boolean urgent) {}

    record WorkOrderAskedBody(UUID id) {}

    /** Amounts in yuan with two decimals; null without the standing to see them. */
    record WorkOrderPriceBody(String net, String tax, String gross) {

        static @Nullable WorkOrderPriceBody of(@Nullable Price price, boolean money) {
            return price == null || !money
                    ? null
                    : new WorkOrderPriceBody(yuan(price.net()), yuan(price.tax()), yuan(price.gross()));
        }

        private static String yuan(Money money) {
            return money.yuan().toPlainString();
        }
    }

    /** An order as a line of a list. */
    record WorkOrderLineBody(
            UUID id,
            int number,
            String clause,
            String title,
            boolean urgent,
            WorkOrderState state,
            @Nullable LocalDate readyOn,
            @Nullable WorkOrderPriceBody price,
            Instant requestedAt) {

        static WorkOrderLineBody of(WorkOrderRows.Row row, boolean money) {
            var order = row.order();
            return new WorkOrderLineBody(
                    order.id(),
                    order.number(),
                    order.clause().id(),
                    row.words().title(),
                    order.urgent(),
                    order.state(),
                    order.readyOn(),
                    WorkOrderPriceBody.of(order.price(), money),
                    order.requestedAt());
        }
    }

    /** @param next to pass as {@code before}; null on the last page */
    record WorkOrderPageBody(
            List<WorkOrderLineBody> items, @Nullable Integer next) {}

    @GetMapping
    WorkOrderPageBody list(
            Access access,
            @RequestParam(defaultValue = "") String q,
            @RequestParam(required = false) @Nullable List<WorkOrderState> state,
            @RequestParam(required = false) @Nullable String clause,
            @RequestParam(required = false) @Nullable Integer before,
            @RequestParam(required = false) @Nullable Integer limit) {
        // An empty value of the parameter comes as a list of nothing.
        var given = state == null
                ? List.<WorkOrderState>of()
                : state.stream().filter(Objects::nonNull).toList();
        var states = given.isEmpty() ? EnumSet.allOf(WorkOrderState.class) : EnumSet.copyOf(given);
        var wanted = clause == null || clause.isBlank() ? null : WorkOrderForm.clause(clause);
        var page = desk.page(
                access,
                new Filter(q.strip(), states, wanted),
                before,
                Math.clamp(limit == null ? PAGE : limit, 1, LARGEST_PAGE));
        boolean money = access.may(Capability.READ_MONEY);
        return new WorkOrderPageBody(
                page.orders().stream()
                        .map(row -> WorkOrderLineBody.of(row, money))
                        .toList(),
                page.next());
    }

    /** @param says what happened, in the language that was asked for */
    record WorkOrderEntryBody(
            int position,
            String kind,
            String says,
            @Nullable String words,
            @Nullable UUID actor,
            Instant happenedAt) {}

    record WorkOrderFileBody(UUID id, String name, int bytes, String sha256) {}

    record QuoteLineBody(String text, BigDecimal quantity, String unit, BigDecimal rate, WorkOrderPriceBody price) {}

    /**
     * @param acts what the caller may do now
     * @param round number of the quote that stands, or 0
     * @param owed once it is certain
     */
    record WorkOrderBody(
            WorkOrderLineBody order,
            String details,
            List<WorkOrderAct> acts,
            int round,
            @Nullable Placement placement,
            @Nullable WorkOrderPriceBody owed,
            @Nullable UUID charge,
            List<QuoteLineBody> lines,
            List<WorkOrderEntryBody> history,
            List<WorkOrderFileBody> files) {}

    @GetMapping("/{order}")
    WorkOrderBody show(Access access, @PathVariable UUID order, Locale locale) {
        return whole(access, order, locale);
    }

    private WorkOrderBody whole(Access access, UUID id, Locale locale) {
        var whole = desk.whole(access, id);
        var order = whole.row().order();
        var texts = Texts.in(locale);
        boolean money = access.may(Capability.READ_MONEY);
        return new WorkOrderBody(
                WorkOrderLineBody.of(whole.row(), money),
                whole.row().words().details(),
                WorkOrderAct.open(order.state(), access),
                order.quotes(),
                order.placement(),
                WorkOrderPriceBody.of(order.owed(), money),
                order.charge(),
                money
                        ? whole.lines().stream()
                                .filter(line -> line.round() == order.quotes())
                                .map(line -> new QuoteLineBody(
                                        line.line().text(),
                                        line.line().quantity(),
                                        line.line().unit().yuan().toPlainString(),
                                        line.line().ratePercent(),
                                        Objects.requireNonNull(WorkOrderPriceBody.of(line.price(), true))))
                                .toList()
                        : List.of(),
                whole.entries().stream()
                        .map(entry -> new WorkOrderEntryBody(
                                entry.position(),
                                entry.kind(),
                                texts.say(WorkOrderController.said(entry, money)),
                                entry.words(),
                                entry.actor(),
                                entry.happenedAt()))
                        .toList(),
                whole.files().stream()
                        .map(file -> new WorkOrderFileBody(file.id(), file.name(), file.bytes(), file.sha256()))
                        .toList());
    }

    @PostMapping
    @ResponseStatus(HttpStatus.CREATED)
    WorkOrderAskedBody ask(
            Access access,
            @RequestBody NewWorkOrderBody body,
            @RequestHeader(name = "Idempotency-Key", required = false) @Nullable String key) {
        var clause = WorkOrderForm.clause(given("clause", body.clause()));
        return idempotency.once(
                access,
                key,
                List.of(access.contract(), "work-orders", body),
                WorkOrderAskedBody.class,
                () -> new WorkOrderAskedBody(orders.request(
                        access,
                        new NewOrder(
                                clause,
                                given("title", body.title()),
                                given("details", body.details()),
                                Boolean.TRUE.equals(body.urgent()),
                                List.of()))));
    }

    /** @param unit price with tax, in yuan */
    record QuotedLineBody(
            @Nullable String text,
            @Nullable BigDecimal quantity,
            @Nullable BigDecimal unit,
            @Nullable BigDecimal rate) {}

    /**
     * What an act needs.
     *
     * @param looked for taking it: the provider has looked whether it is lawful work on customer relations
     * @param validUntil for a quote: the last day on which it can be accepted, or null
     * @param round for accepting a quote: the one that was read
     * @param amount for stating the work done, with tax, in yuan
     */
    record WorkOrderActBody(
            @Nullable WorkOrderAct act,
            @Nullable String words,
            @Nullable Boolean looked,
            @Nullable BigDecimal hours,
            @Nullable LocalDate readyOn,
            @Nullable LocalDate validUntil,
            @Nullable DeclineReason reason,
            @Nullable List<QuotedLineBody> lines,
            @Nullable Placement placement,
            @Nullable Integer payWorkdays,
            @Nullable Integer round,
            @Nullable BigDecimal amount,
            @Nullable BigDecimal rate) {}

    /** Does one of the {@code acts} of an order; which fields it needs follows from the act. */
    @PostMapping("/{order}/acts")
    @ResponseStatus(HttpStatus.CREATED)
    WorkOrderBody act(
            Access access,
            @PathVariable UUID order,
            @RequestBody WorkOrderActBody body,
            @RequestHeader(name = "Idempotency-Key", required = false) @Nullable String key,
            Locale locale) {
        idempotency.once(
                access,
                key,
                List.of(access.contract(), "work-orders", order, "acts", body),
                WorkOrderAskedBody.class,
                () -> {
                    perform(access, order, body);
                    return new WorkOrderAskedBody(order);
                });
        return whole(access, order, locale);
    }

    private void perform(Access access, UUID order, WorkOrderActBody body) {
        var words = body.words() == null ? "" : body.words();
        switch (given("act", body.act())) {
            case CONFIRM -> orders.confirm(access, order);
            case DISOWN -> orders.disown(access, order, words);
            case TAKE_IN_SCOPE ->
                orders.takeInScope(
                        access,
                        order,
                        Boolean.TRUE.equals(body.looked()),
                        given("hours", body.hours()),
                        given("readyOn", body.readyOn()),
                        words);
            case TAKE_AS_CHANGE -> orders.takeAsChange(access, order, Boolean.TRUE.equals(body.looked()), words);
            case DECLINE -> orders.decline(access, order, given("reason", body.reason()), words);
            case QUOTE ->
                orders.quote(
                        access,
                        order,
                        new NewQuote(
                                given("hours", body.hours()),
                                given("lines", body.lines()).stream()
                                        .map(line -> new QuoteLine(
                                                given("lines.text", line.text()),
                                                given("lines.quantity", line.quantity()),
                                                money("lines.unit", line.unit()),
                                                given("lines.rate", line.rate())))
                                        .toList(),
                                given("placement", body.placement()),
                                body.payWorkdays(),
                                given("readyOn", body.readyOn()),
                                body.validUntil(),
                                words));
            case ACCEPT_QUOTE -> orders.acceptQuote(access, order, given("round", body.round()));
            case REJECT_QUOTE -> orders.rejectQuote(access, order, words);
            case START -> orders.start(access, order);
            case DELIVER -> orders.deliver(access, order, words, List.of());
            case ACCEPT -> orders.accept(access, order, words);
            case REJECT -> orders.reject(access, order, words, List.of());
            case CANCEL -> orders.cancel(access, order, words);
            case STATE_WORK ->
                orders.stateWork(access, order, money("amount", body.amount()), given("rate", body.rate()), words);
            case AGREE_STATED -> orders.agreeStated(access, order);
            case DISPUTE_STATED -> orders.disputeStated(access, order, words);
        }
    }

    /** What is written about an open order. */
    record CommentBody(@Nullable String words) {}

    /** Asks, answers or adds something; nothing of the order changes. */
    @PostMapping("/{order}/comments")
    @ResponseStatus(HttpStatus.CREATED)
    WorkOrderBody comment(
            Access access,
            @PathVariable UUID order,
            @RequestBody CommentBody body,
            @RequestHeader(name = "Idempotency-Key", required = false) @Nullable String key,
            Locale locale) {
        idempotency.once(
                access,
                key,
                List.of(access.contract(), "work-orders", order, "comments", body),
                WorkOrderAskedBody.class,
                () -> {
                    orders.comment(access, order, given("words", body.words()), List.of());
                    return new WorkOrderAskedBody(order);
                });
        return whole(access, order, locale);
    }

    /** Delivers with files. */
    @PostMapping(path = "/{order}/deliveries", consumes = MediaType.MULTIPART_FORM_DATA_VALUE)
    @ResponseStatus(HttpStatus.CREATED)
    WorkOrderBody deliver(
            Access access,
            @PathVariable UUID order,
            @RequestParam String words,
            @RequestParam(required = false) @Nullable List<MultipartFile> files,
            Locale locale) {
        orders.deliver(access, order, words, WorkOrderController.files(files));
        return whole(access, order, locale);
    }

    private static Money money(String field, @Nullable BigDecimal yuan) {
        var amount = given(field, yuan);
        if (amount.stripTrailingZeros().scale() > 2 || amount.precision() - amount.scale() > 12) {
            throw Refused.field(field, "workorder.refused.amountForm", field);
        }
        return Money.of(amount);
    }
}
