package io.retainer.billing;

import static io.retainer.billing.TermsFixture.SHANGHAI;
import static io.retainer.billing.TermsFixture.at;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import io.retainer.kernel.Money;
import io.retainer.kernel.Refused;
import io.retainer.kernel.Sentence;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class BankStatementTests {

    static final String CHINESE = """
            账户明细查询
            账号,6222 0000 0000
            交易日期,交易时间,借方金额,贷方金额,对方户名,附言,交易流水号
            2025-01-31,10:15:30,,"100,000.00",青禾生活用品有限公司,7F3A9C21B0-01,2025013100001
            20250131,101531,50.00,,办公用品店,文具,2025013100002
            2025/2/1,,abc,一百,青禾生活用品有限公司,x,2025013100003
            2025-02-03,09:00:00,,0.01,青禾生活用品有限公司,补款,'2025020300004
            """;

    @ParameterizedTest
    @ValueSource(strings = {"UTF-8", "GB18030"})
    void readsWhatBanksSendAndReturnsBadRowsWithTheirReason(String charset) {
        var statement = BankStatement.read(CHINESE.getBytes(Charset.forName(charset)), SHANGHAI);
        assertThat(statement.lines())
                .extracting(BankStatement.Line::amount)
                .containsExactly(Money.of("100000"), Money.of("0.01"));
        assertThat(statement.lines().getFirst().creditedAt()).isEqualTo(at("2025-01-31T10:15:30"));
        assertThat(statement.lines().getFirst().identity()).isEqualTo("no:2025013100001");
        assertThat(statement.lines().getLast().identity()).isEqualTo("no:2025020300004");
        assertThat(statement.outgoing()).isEqualTo(1);
        assertThat(statement.bad())
                .extracting(BankStatement.Bad::number, BankStatement.Bad::why)
                .containsExactly(tuple(6, Sentence.of("billing.bank.amount", "一百")));
    }

    @Test
    void readsEnglishHeadingsSemicolonsAndASignedAmount() {
        var statement = BankStatement.read("""
                Booking Date;Amount;Payer;Remittance
                2025-01-31 23:59:59;1200.50;Client Ltd;INV 1
                2025-01-31 23:59:59;1200.50;Client Ltd;INV 1
                2025-01-31;-7.00;Shop;paper
                """.getBytes(StandardCharsets.UTF_8), SHANGHAI);
        assertThat(statement.lines()).hasSize(2);
        assertThat(statement.lines().getFirst().creditedAt()).isEqualTo(at("2025-01-31T23:59:59"));
        assertThat(statement.lines().getFirst().identity())
                .as("two equal rows are two payments")
                .isNotEqualTo(statement.lines().getLast().identity());
        assertThat(statement.outgoing()).isEqualTo(1);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            ''                        | billing.bank.empty
            hello                     | billing.bank.noHeading
            交易日期,金额,摘要        | billing.bank.noHeading
            """)
    void whatIsNoStatementIsRefused(String text, String code) {
        assertThatThrownBy(() -> BankStatement.read(text.getBytes(StandardCharsets.UTF_8), SHANGHAI))
                .isInstanceOfSatisfying(
                        Refused.class,
                        refused -> assertThat(refused.sentence().key()).isEqualTo(code));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            2025-02-30 | 1    | A | billing.bank.date
            soon       | 1    | A | billing.bank.date
            2025-02-03 | 1.005| A | billing.bank.amount
            2025-02-03 | 0    | A | billing.bank.noAmount
            2025-02-03 | 1    |   | billing.bank.missing
            """)
    void aBadRowSaysWhatIsWrong(String date, String amount, String payer, String code) {
        var text = "date,amount,payer\n%s,%s,%s\n".formatted(date, amount, payer == null ? "" : payer);
        assertThat(BankStatement.read(text.getBytes(StandardCharsets.UTF_8), SHANGHAI)
                        .bad())
                .extracting(bad -> bad.why().key())
                .containsExactly(code);
    }

    /** Bad rows are shown on the page after the upload; sessions are kept in the database. */
    @Test
    void badRowsFitIntoASession() throws java.io.IOException {
        var bytes = new java.io.ByteArrayOutputStream();
        try (var out = new java.io.ObjectOutputStream(bytes)) {
            out.writeObject(
                    java.util.List.of(new BankStatement.Bad(3, io.retainer.kernel.Sentence.of("billing.bank.aside"))));
        }
        assertThat(bytes.size()).isPositive();
    }
}
