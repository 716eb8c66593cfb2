package io.retainer.customer;

import com.fasterxml.jackson.annotation.JsonFormat;
import com.fasterxml.jackson.annotation.OptBoolean;
import io.retainer.identity.Access;
import io.retainer.identity.Capability;
import io.retainer.identity.Idempotency;
import io.retainer.kernel.Money;
import io.retainer.kernel.Refused;
import java.math.BigDecimal;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

/** Orders for programs. */
@RestController
@RequestMapping("/api/v1/contracts/{contract}/orders")
class OrderApi {

    private static final int MOST_AT_ONCE = 1000;

    private final Orders orders;
    private final Idempotency idempotency;

    OrderApi(Orders orders, Idempotency idempotency) {
        this.orders = orders;
        this.idempotency = idempotency;
    }

    /**
     * @param customer the number the client knows the customer by, or our id
     * @param number of the order; one that was sent before is not taken twice
     * @param amount in yuan, at most two decimals
     */
    record OrderBody(
            @Nullable String customer,
            @Nullable String number,

            @JsonFormat(lenient = OptBoolean.FALSE) @Nullable
            LocalDate orderedOn,

            @Nullable BigDecimal amount) {}

    /** All or none. */
    @PostMapping("/batch")
    @ResponseStatus(HttpStatus.CREATED)
    Orders.Added add(
            Access access,
            @RequestBody List<OrderBody> bodies,
            @RequestHeader(name = "Idempotency-Key", required = false) @Nullable String key) {
        access.require(Capability.IMPORT_CUSTOMERS);
        if (bodies.isEmpty() || bodies.size() > MOST_AT_ONCE) {
            throw Refused.field("", "customer.api.most", MOST_AT_ONCE, bodies.size());
        }
        var sent = new ArrayList<Orders.NewOrder>();
        for (int i = 0; i < bodies.size(); i++) {
            var body = bodies.get(i);
            var amount = given(i, "amount", body.amount());
            if (amount.stripTrailingZeros().scale() > 2
                    || amount.abs().compareTo(BigDecimal.valueOf(1_000_000_000L)) > 0) {
                throw Refused.field(i + ".amount", "customer.order.amount", i + 1);
            }
            sent.add(new Orders.NewOrder(
                    given(i, "customer", body.customer()),
                    given(i, "number", body.number()),
                    given(i, "orderedOn", body.orderedOn()),
                    Money.of(amount)));
        }
        return idempotency.once(
                access,
                key,
                List.of(access.contract(), "orders/batch", bodies),
                Orders.Added.class,
                () -> orders.add(access, sent));
    }

    private static <T> T given(int place, String field, @Nullable T value) {
        if (value == null) {
            throw Refused.field(place + "." + field, "workbench.missing", place + "." + field);
        }
        return value;
    }
}
