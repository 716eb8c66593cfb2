package io.retainer.contract;

import io.retainer.kernel.Money;
import java.math.BigDecimal;
import java.time.LocalDate;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Annex 3, the payment details (III-A3). Its lines become {@link ContractTerms.Fee#schedule()}.
 *
 * @param total of the fee (III-A3.1), or null
 * @param lines amounts and dates (III-A3.2)
 * @param method how it is paid (III-A3.3), or null
 * @param vouchers the client's voucher and the provider's receipt, two things (III-A3.4), or null
 */
public record PaymentSchedule(
        @Nullable Money total,
        List<Line> lines,
        @Nullable Method method,
        @Nullable Vouchers vouchers) implements Annex {

    public PaymentSchedule {
        lines = List.copyOf(lines);
    }

    @Override
    public AnnexKind kind() {
        return AnnexKind.PAYMENT;
    }

    /** @param payBefore the day before which it must be credited */
    public record Line(int number, Money amount, LocalDate payBefore) {}

    /**
     * @param reference what a remittance must carry
     * @param latePercent late-payment penalty when the annex repeats it, or null
     */
    public record Method(
            Way way,
            String payee,
            String bank,
            String account,
            String reference,
            @Nullable BigDecimal latePercent) {}

    public enum Way {
        BANK_TRANSFER,
        ELECTRONIC_BILL,
        OTHER
    }

    public record Vouchers(String voucher, String receipt, int receiptWorkdays) {}
}
