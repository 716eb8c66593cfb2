package io.retainer.customer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.retainer.PostgresTest;
import io.retainer.identity.Access;
import io.retainer.kernel.Money;
import io.retainer.kernel.Refused;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.context.annotation.Import;
import org.springframework.mock.web.MockHttpServletResponse;

/** Issue 4, items 9 and 10: orders, and what customers are worth. */
@SpringBootTest(properties = "db-scheduler.enabled=false")
@Import(PostgresTest.class)
class ValueTests {

    @Autowired
    Customers customers;

    @Autowired
    Orders orders;

    @Autowired
    ValueAnalysis analysis;

    @Autowired
    ValueController controller;

    @Autowired
    OrderFiles files;

    @Autowired
    Segments segments;

    @Autowired
    Duplicates duplicates;

    @Autowired
    Merges merges;

    Access lead = CustomerTests.access(UUID.randomUUID());

    private UUID add(String reference) {
        return customers.add(
                lead,
                new NewCustomer(CustomerKind.PERSON, "王小明", reference, null, List.of(), List.of(), Map.of()),
                "门店");
    }

    private static Orders.NewOrder order(String customer, String number, LocalDate day) {
        return new Orders.NewOrder(customer, number, day, Money.of("120.50"));
    }

    @Test
    void anOrderIsTakenOnceAndFollowsAMerge() {
        var day = LocalDate.of(2025, 3, 1);
        var one = add("C1");
        var other = add("C2");
        var sent = List.of(order("C1", "O1", day), order(other.toString(), "O2", day), order("C2", "O3", day));
        assertThat(orders.add(lead, sent)).isEqualTo(new Orders.Added(3, 0));
        assertThat(orders.add(lead, sent)).isEqualTo(new Orders.Added(0, 3));
        assertThat(orders.purchases(lead.tenant()).customers()).isEqualTo(2);

        var merge = duplicates.merge(lead, one, other, Map.of());
        assertThat(orders.purchases(lead.tenant()).customers()).isEqualTo(1);
        assertThat(orders.add(lead, List.of(order("C2", "O4", day))))
                .as("the number of the merged one still finds the customer")
                .isEqualTo(new Orders.Added(1, 0));
        merges.undo(lead, merge.id());
        assertThat(orders.purchases(lead.tenant()).customers()).isEqualTo(2);

        assertThatThrownBy(() -> orders.add(lead, List.of(order("C9", "O9", day))))
                .isInstanceOf(Refused.class);
        assertThatThrownBy(() -> orders.add(lead, List.of(order("C1", "O9", LocalDate.of(2999, 1, 1)))))
                .isInstanceOf(Refused.class);
        assertThatThrownBy(() -> orders.add(CustomerTests.access(UUID.randomUUID()), sent))
                .as("somebody else's customers")
                .isInstanceOf(Refused.class);
    }

    @Test
    void fewOrdersAreNotMeasurableAndManyAre() throws java.io.IOException {
        assertThat(analysis.overview(lead).report())
                .as("nothing is worked out by looking")
                .isNull();
        assertThat(report().rfm().value()).isNull();
        add("C0");
        orders.add(lead, List.of(order("C0", "N0", LocalDate.of(2024, 1, 5))));
        assertThat(analysis.overview(lead).current())
                .as("an order came in since")
                .isFalse();
        var few = report();
        assertThat(few.models().getFirst().fit().why()).isNotNull();
        assertThat(few.worth().value()).isNull();

        var random = new Random(2);
        var sent = new ArrayList<Orders.NewOrder>();
        for (int i = 1; i <= 300; i++) {
            add("C" + i);
            var day = LocalDate.of(2024, 1, 1).plusDays(random.nextInt(200));
            // Everybody buys at a rate of his own and stops with a probability of his own, as the model has it.
            double gap = -30 / Math.log(random.nextDouble());
            double stops = random.nextDouble() * random.nextDouble();
            while (day.isBefore(LocalDate.of(2025, 6, 30))) {
                sent.add(new Orders.NewOrder(
                        "C" + i, "N" + (sent.size() + 1), day, Money.ofFen(5_000 + random.nextInt(10_000))));
                if (random.nextDouble() < stops) {
                    break;
                }
                day = day.plusDays(1 + Math.min(2_000, Math.round(-gap * Math.log(random.nextDouble()))));
            }
        }
        orders.add(lead, sent);
        var many = report();
        assertThat(many.customers()).isEqualTo(301);
        assertThat(many.models()).hasSize(2).allSatisfy(model -> {
            assertThat(model.fit().value()).isNotNull();
            assertThat(model.holdOut().value()).isNotNull();
            assertThat(model.fit().basis().method()).isEqualTo(model.method());
        });
        assertThat(Objects.requireNonNull(many.models().getFirst().fit().value())
                        .parameters())
                .extracting(ValueReport.Parameter::name)
                .containsExactly("r", "alpha", "a", "b");
        assertThat(Objects.requireNonNull(many.models().get(1).fit().value()).parameters())
                .extracting(ValueReport.Parameter::name)
                .containsExactly("r", "alpha", "s", "beta");
        assertThat(many.cohorts().value()).isNotNull();
        assertThat(many.rfm().basis().asOf()).isEqualTo(many.to());
        assertThat(analysis.overview(lead).current()).isTrue();

        // What is kept of each customer adds up to the whole, and rules find it.
        var scores = analysis.scores(lead, null, 1_000);
        assertThat(scores).hasSize(301);
        var worth = Objects.requireNonNull(many.worth().value());
        assertThat(scores.stream()
                                .mapToLong(each -> Objects.requireNonNull(each.worth()))
                                .sum()
                        / 100.0)
                .isCloseTo(worth.value(), org.assertj.core.data.Percentage.withPercentage(0.1));
        assertThat(scores).allSatisfy(each -> {
            assertThat(Objects.requireNonNull(each.expected()))
                    .isBetween(
                            Objects.requireNonNull(each.expectedInterval()).low(),
                            each.expectedInterval().high());
            assertThat((double) Objects.requireNonNull(each.worth()))
                    .isBetween(
                            Objects.requireNonNull(each.worthInterval()).low(),
                            each.worthInterval().high());
            assertThat(Objects.requireNonNull(each.purchasesRange()).high()).isGreaterThanOrEqualTo(0);
            assertThat(Objects.requireNonNull(each.bringsRange()).low()).isGreaterThanOrEqualTo(0);
        });
        var first = analysis.best(lead, 1).getFirst();
        assertThat(analysis.of(lead, first.customer())).contains(first);
        orders.add(lead, List.of(order("C1", "late", LocalDate.of(2025, 6, 30))));
        assertThat(analysis.of(lead, first.customer()))
                .as("what was said stays said until it is worked out anew")
                .contains(first);
        var best = segments.make(lead, "好客户", new Rule.Scored(Rule.Measure.MONETARY, Rule.Limit.AT_LEAST, 5));
        assertThat(segments.members(lead.tenant(), best, null, 1_000))
                .containsExactlyInAnyOrderElementsOf(scores.stream()
                        .filter(each -> Objects.requireNonNull(each.monetary()) == 5)
                        .map(AnalysisRows.Score::customer)
                        .toList())
                .isNotEmpty();
        var gone = segments.make(lead, "可能已走", new Rule.Staying(Rule.Limit.AT_MOST, 30));
        assertThat(segments.size(lead, gone).fitting())
                .isEqualTo(scores.stream()
                        .filter(each -> Objects.requireNonNull(each.alive()) <= 0.30)
                        .count())
                .isPositive();
        var dear = segments.make(lead, "值钱", new Rule.Worth(Rule.Limit.AT_LEAST, new java.math.BigDecimal("500")));
        assertThat(segments.size(lead, dear).fitting())
                .isEqualTo(scores.stream()
                        .filter(each -> Objects.requireNonNull(each.worth()) >= 50_000)
                        .count())
                .isPositive();
        assertThat(segments.why(lead, dear, scores.getFirst().customer())
                        .parts()
                        .getFirst()
                        .seen())
                .isNotNull();

        var between = analysis.between(lead, LocalDate.of(2024, 12, 31), LocalDate.of(2025, 6, 29), 90);
        var migration = Objects.requireNonNull(between.migration().value());
        assertThat(migration.counts().stream()
                        .flatMap(List::stream)
                        .mapToInt(Integer::intValue)
                        .sum())
                .as("everybody has a place")
                .isEqualTo(301);
        assertThat(migration.arrived()).as("all had bought by August").isZero();
        assertThat(migration.risen() + migration.fallen()).isPositive();
        assertThat(between.change().value()).isNotNull();
        assertThatThrownBy(() -> analysis.between(lead, LocalDate.of(2025, 1, 1), LocalDate.of(2025, 1, 1), 90))
                .isInstanceOf(Refused.class);
        var everybody = new MockHttpServletResponse();
        controller.rfm(lead, everybody);
        assertThat(table(everybody)).hasSize(302);
        assertThat(everybody.getContentAsString()).contains("expected_95_low", "purchases_90_high", "2025-06-29,20");
        var retention = new MockHttpServletResponse();
        controller.cohorts(lead, retention);
        assertThat(table(retention)).hasSizeGreaterThan(20);
        assertThat(retention.getContentAsString()).contains("\r\nall,1,301,");
        assertThat(analysis.overview(CustomerTests.access(UUID.randomUUID())).report())
                .as("another client has none")
                .isNull();
    }

    /** The rows of an export, each as wide as the first. */
    private static List<String> table(MockHttpServletResponse response) throws java.io.IOException {
        var rows = List.of(response.getContentAsString().split("\r\n"));
        long wide = rows.getFirst().chars().filter(c -> c == ',').count();
        assertThat(rows).allMatch(row -> row.chars().filter(c -> c == ',').count() == wide);
        assertThat(response.getContentAsString()).doesNotContain("NaN", "Infinity", "null");
        return rows;
    }

    private ValueReport report() {
        return Objects.requireNonNull(analysis.compute(lead).report());
    }

    @Test
    void oneAtATime() {
        analysis.start(lead);
        assertThatThrownBy(() -> analysis.start(lead)).isInstanceOf(Refused.class);
        assertThat(analysis.overview(lead).running()).isZero();
    }

    /** SEC-6: a workbook is read as it is, and refused in words that fit when it is none. */
    @Test
    void ordersComeInAWorkbookToo() throws java.io.IOException {
        add("C1");
        var bytes = new java.io.ByteArrayOutputStream();
        try (var workbook = new org.apache.poi.xssf.usermodel.XSSFWorkbook()) {
            var sheet = workbook.createSheet("订单");
            var head = sheet.createRow(0);
            var first = sheet.createRow(1);
            var names = List.of("会员编号", "订单号", "日期", "金额");
            for (int i = 0; i < names.size(); i++) {
                head.createCell(i).setCellValue(names.get(i));
            }
            first.createCell(0).setCellValue("C1");
            first.createCell(1).setCellValue("A1");
            first.createCell(2).setCellValue(LocalDate.of(2025, 3, 1));
            var style = workbook.createCellStyle();
            style.setDataFormat((short) 14);
            first.getCell(2).setCellStyle(style);
            first.createCell(3).setCellValue(12.5);
            var second = sheet.createRow(2);
            second.createCell(0).setCellValue("C1");
            second.createCell(1).setCellValue("A2");
            second.createCell(2).setCellValue("2025-03-01");
            second.createCell(3).setCellFormula("1+1");
            workbook.write(bytes);
        }
        var loaded = files.load(lead, bytes.toByteArray());
        assertThat(loaded.added()).isPositive();
        assertThat(orders.latest(
                        lead,
                        customers
                                .page(lead, "C1", null, 1)
                                .customers()
                                .getFirst()
                                .id(),
                        5))
                .anySatisfy(order -> {
                    assertThat(order.orderedOn()).isEqualTo(LocalDate.of(2025, 3, 1));
                    assertThat(order.amount()).isEqualTo(Money.ofFen(1250));
                });
        var broken = java.util.Arrays.copyOf(bytes.toByteArray(), bytes.size() / 2);
        assertThatThrownBy(() -> files.load(lead, broken)).hasMessage("customer.import.sheet");
    }

    @Test
    void aFileOfOrdersLandsAndTellsWhatIsWrong() throws java.io.IOException {
        add("C1");
        add("C2");
        var text = """
            会员编号;订单号;下单日期;实付金额（元）
            C1;A1;2025/3/1;¥1,200.50
            C2;A2;2025年3月2日;80
            C9;A3;2025-03-02;80
            C1;A4;2025-02-30;80
            C1;A5;2999-01-01;80
            C1;A6;2025-03-02;80.123
            C1;;2025-03-02;80
            C1;A8
            C2;A9;2025-03-05 10:20:30;-20
            """;
        for (var charset : List.of("UTF-8", "GB18030")) {
            var loaded = files.load(lead, text.getBytes(java.nio.charset.Charset.forName(charset)));
            assertThat(loaded.rows()).isEqualTo(9);
            assertThat(loaded.added() + loaded.known()).isEqualTo(3);
            assertThat(loaded.added()).isEqualTo(charset.equals("UTF-8") ? 3 : 0);
            assertThat(loaded.bad()).isEqualTo(6);
            assertThat(loaded.shown().stream()
                            .map(each -> each.row() + " " + each.why().key()))
                    .containsExactlyInAnyOrder(
                            "3 customer.orders.unknown",
                            "4 customer.orders.day",
                            "5 customer.orders.ahead",
                            "6 customer.orders.amount",
                            "7 customer.orders.missing",
                            "8 customer.orders.short");
        }
        assertThatThrownBy(() -> files.load(
                        lead, "会员编号,订单号,日期\nC1,A1,2025-01-01\n".getBytes(java.nio.charset.StandardCharsets.UTF_8)))
                .isInstanceOfSatisfying(
                        Refused.class, refused -> assertThat(refused.field()).isEqualTo("amount"));
        assertThatThrownBy(() -> files.load(lead, new byte[] {'P', 'K', 0, 1})).isInstanceOf(Refused.class);
        assertThatThrownBy(() -> files.load(lead, new byte[0])).isInstanceOf(Refused.class);
    }

    /** A number sent again with something else is no order that was sent before. */
    @Test
    void anOrderIsNotRewrittenInSilence() throws java.io.IOException {
        var day = LocalDate.of(2025, 3, 1);
        add("C1");
        add("C2");
        orders.add(lead, List.of(order("C1", "O1", day)));
        for (var other : List.of(
                order("C1", "O1", day.plusDays(1)),
                order("C2", "O1", day),
                new Orders.NewOrder("C1", "O1", day, Money.of("120.51")))) {
            assertThatThrownBy(() -> orders.add(lead, List.of(order("C1", "O2", day), other)))
                    .isInstanceOfSatisfying(
                            Refused.class,
                            refused -> assertThat(refused.field()).isEqualTo("1.number"));
        }
        assertThatThrownBy(() -> orders.add(lead, List.of(order("C1", "O3", day), order("C1", "O3", day.minusDays(1)))))
                .as("two of one number in one batch")
                .isInstanceOf(Refused.class);
        assertThat(orders.purchases(lead.tenant()).rows()).as("all or none").isEqualTo(1);
        assertThatThrownBy(() -> orders.add(lead, List.of(order("C1", "O4", LocalDate.of(202, 5, 1)))))
                .as("the year 202 is a slip")
                .isInstanceOf(Refused.class);

        var loaded = files.load(lead, """
                会员编号,订单号,下单日期,金额,币种
                C1,O1,2025-03-01,120.50,CNY
                C1,O1,2025-03-01,99,
                C1,A1,2025-03-01,"12,50",
                C1,A2,2025-03-01,10,USD
                C1,A3,0202-03-01,10,人民币
                C1,A4,2025-03-01T20:30:00Z,"1,250",元
                C2,A5,2025-03-01T20:30:00+08:00,-3,
                C2,A6,2025-03-01T9:30,-3,
                C2,A6,2025-03-01,-4,
                """.getBytes(java.nio.charset.StandardCharsets.UTF_8));
        assertThat(loaded.added()).isEqualTo(3);
        assertThat(loaded.known()).isEqualTo(1);
        assertThat(loaded.shown().stream()
                        .map(each -> each.row() + " " + each.why().key()))
                .containsExactlyInAnyOrder(
                        "2 customer.orders.other",
                        "3 customer.orders.amount",
                        "4 customer.orders.currency",
                        "5 customer.orders.long",
                        "9 customer.orders.other");
        var c1 = customers.page(lead, "C1", null, 1).customers().getFirst().id();
        assertThat(orders.latest(lead, c1, 1))
                .as("a quarter to nine in London is the next day here")
                .containsExactly(
                        new Orders.NewOrder(c1.toString(), "A4", LocalDate.of(2025, 3, 2), Money.of("1250.00")));
    }

    @Test
    void aMomentIsNoDayOfAnOrder() {
        var json = new tools.jackson.databind.json.JsonMapper();
        assertThat(json.readValue("{\"orderedOn\": \"2025-03-01\"}", OrderApi.OrderBody.class)
                        .orderedOn())
                .isEqualTo(LocalDate.of(2025, 3, 1));
        for (var moment : List.of("\"2025-03-01T16:30:00Z\"", "20000")) {
            assertThatThrownBy(() -> json.readValue("{\"orderedOn\": " + moment + "}", OrderApi.OrderBody.class))
                    .as("whose day would it be")
                    .isInstanceOf(tools.jackson.core.JacksonException.class);
        }
    }
}
