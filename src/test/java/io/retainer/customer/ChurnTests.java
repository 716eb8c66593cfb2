package io.retainer.customer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.retainer.PostgresTest;
import io.retainer.identity.Access;
import io.retainer.kernel.Ids;
import io.retainer.kernel.Money;
import io.retainer.kernel.Refused;
import io.retainer.kernel.Tenancy;
import io.retainer.statistics.churn.Auroc;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.context.annotation.Import;
import org.springframework.jdbc.core.simple.JdbcClient;
import tools.jackson.databind.json.JsonMapper;

/** Issue 4, item 9: events, and who is likely to leave. */
@SpringBootTest(properties = "db-scheduler.enabled=false")
@Import(PostgresTest.class)
class ChurnTests {

    @Autowired
    Customers customers;

    @Autowired
    Orders orders;

    @Autowired
    Events events;

    @Autowired
    ChurnLabels labels;

    @Autowired
    ChurnAnalysis analysis;

    @Autowired
    ChurnFiles files;

    @Autowired
    EventFiles eventFiles;

    @Autowired
    Segments segments;

    @Autowired
    Duplicates duplicates;

    @Autowired
    Merges merges;

    @Autowired
    OwnFields ownFields;

    @Autowired
    ChurnWorker worker;

    @Autowired
    ChurnRows churnRows;

    @Autowired
    AnalysisRows analyses;

    @Autowired
    Tenancy tenancy;

    @Autowired
    JsonMapper json;

    @Autowired
    PostgresTest.Database database;

    Access lead = CustomerTests.access(UUID.randomUUID());

    private final LocalDate today = LocalDate.now(Segments.ZONE);

    private UUID add(String reference) {
        return customers.add(
                lead,
                new NewCustomer(CustomerKind.PERSON, "王小明", reference, null, List.of(), List.of(), Map.of()),
                "门店");
    }

    private static ChurnLabels.NewLabel stayed(String customer) {
        return new ChurnLabels.NewLabel(customer, false, null, null);
    }

    @Test
    void withoutEnoughLabelsNothingIsSaid() {
        add("C1");
        labels.add(lead, List.of(stayed("C1")));
        for (int horizon : ChurnAnalysis.HORIZONS) {
            var overview = analysis.compute(lead, horizon);
            var report = Objects.requireNonNull(overview.report());
            assertThat(report.check().value()).isNull();
            assertThat(report.check().why()).isNotNull();
            assertThat(report.scored()).isZero();
            assertThat(overview.current()).isTrue();
        }
        assertThatThrownBy(() -> analysis.compute(lead, 7)).isInstanceOf(Refused.class);
    }

    /** Who has not ordered or signed in for long leaves more often; half a year before, that could be seen. */
    @Test
    void whoLeavesIsForeseenWithReasonsAndChecked() {
        customers.addField(lead, new CustomField(Ids.next(), "level", "级别", CustomField.Type.TEXT, false));
        customers.addField(lead, new CustomField(Ids.next(), "memo", "备注", CustomField.Type.TEXT, true));
        var random = new Random(5);
        var made = new ArrayList<NewCustomer>();
        var bought = new ArrayList<Orders.NewOrder>();
        var done = new ArrayList<Events.NewEvent>();
        var known = new ArrayList<ChurnLabels.NewLabel>();
        var atRisk = new HashMap<String, Boolean>();
        var before = today.minusDays(180);
        for (int i = 0; i < 700; i++) {
            var reference = "C" + i;
            boolean gold = random.nextBoolean();
            boolean idle = random.nextInt(3) == 0;
            made.add(new NewCustomer(
                    CustomerKind.PERSON,
                    "王小明",
                    reference,
                    null,
                    List.of(),
                    List.of(),
                    Map.of("level", gold ? "金" : "普通", "memo", idle ? "闲" : "忙"),
                    before.minusDays(30).toString()));
            boolean leaves = random.nextDouble() < (idle ? .75 : .12) + (gold ? 0 : .1);
            var left = before.plusDays(1 + random.nextInt(179));
            for (int k = 0; k < 4; k++) {
                bought.add(new Orders.NewOrder(
                        reference,
                        "O" + bought.size(),
                        before.minusDays((idle ? 120 : 5) + random.nextInt(60) * (k + 1)),
                        Money.of("80")));
            }
            var seen = leaves ? left : today;
            if (!idle) {
                done.add(new Events.NewEvent(
                        reference,
                        null,
                        "登录",
                        before.minusDays(3)
                                .atTime(9, i % 60)
                                .atZone(Segments.ZONE)
                                .toInstant()));
                for (var day = before.plusDays(20); day.isBefore(seen); day = day.plusDays(30)) {
                    bought.add(new Orders.NewOrder(reference, "O" + bought.size(), day, Money.of("80")));
                    done.add(new Events.NewEvent(
                            reference,
                            null,
                            "登录",
                            day.atTime(9, i % 60).atZone(Segments.ZONE).toInstant()));
                }
            }
            // The last hundred are those nobody knows about.
            if (i < 600) {
                known.add(new ChurnLabels.NewLabel(reference, leaves, leaves ? left : null, null));
            } else {
                atRisk.put(reference, idle);
            }
        }
        var ids = customers.addAll(lead, made, "门店");
        orders.add(lead, bought);
        assertThat(events.add(lead, done).added()).isEqualTo(done.size());
        assertThat(labels.add(lead, known)).isEqualTo(new ChurnLabels.Added(600, 0));
        assertThat(labels.add(lead, known)).as("the same again").isEqualTo(new ChurnLabels.Added(0, 600));
        // One who left earlier, on no day that is known, teaches nothing about when.
        customers.add(
                lead, new NewCustomer(CustomerKind.PERSON, "李四", "gone", null, List.of(), List.of(), Map.of()), "门店");
        labels.add(lead, List.of(new ChurnLabels.NewLabel("gone", true, null, null)));

        var overview = analysis.compute(lead, 180);
        var report = Objects.requireNonNull(overview.report());
        assertThat(overview.current()).isTrue();
        assertThat(report.learned()).isEqualTo(600);
        assertThat(report.until()).isEqualTo(today);
        assertThat(report.from()).isEqualTo(before);
        assertThat(report.check().cautions()).anyMatch(each -> each.key().equals("customer.churn.undated"));
        var check = Objects.requireNonNull(report.check().value());
        assertThat(check.auroc().value()).isGreaterThan(.75);
        assertThat(check.slope()).isBetween(.6, 1.6);
        assertThat(check.brier()).isLessThan(check.baseBrier());
        assertThat(check.reliability()).hasSize(10);
        assertThat(report.drivers())
                .extracting(ChurnReport.Driver::field)
                .contains("FIELD:level")
                .doesNotContain("FIELD:memo")
                .anyMatch(field -> field.equals("ORDER_LAST") || field.equals("EVENT_LAST"));
        long stays = known.stream().filter(label -> !label.gone()).count();
        assertThat(report.scored()).as("all but those who left").isEqualTo(stays + 100);

        var risks = analysis.risks(lead, null, 10_000);
        assertThat(risks)
                .hasSize((int) report.scored())
                .isSortedAccordingTo((a, b) -> Double.compare(b.risk(), a.risk()));
        assertThat(analysis.risks(lead, risks.get(9).customer(), 5)).isEqualTo(risks.subList(10, 15));
        assertThat(risks.getFirst().reasons()).isNotEmpty();
        var risk = new double[100];
        var idle = new boolean[100];
        for (int i = 0; i < 100; i++) {
            risk[i] = analysis.risk(lead, ids.get(600 + i)).orElseThrow().risk();
            idle[i] = Objects.requireNonNull(atRisk.get("C" + (600 + i)));
        }
        assertThat(Auroc.of(risk, idle).value())
                .as("of customers nobody knew about")
                .isGreaterThan(.9);

        var segment = segments.make(lead, "可能流失", new Rule.Leaving(Rule.Limit.AT_LEAST, 50));
        long high = risks.stream().filter(each -> each.risk() >= .5).count();
        assertThat(segments.size(lead, segment).fitting()).isEqualTo(high).isPositive();
        assertThat(Objects.requireNonNull(
                        segments.why(lead, segment, risks.getFirst().customer())
                                .parts()
                                .getFirst()
                                .seen()))
                .isNotNull();

        events.add(
                lead,
                List.of(new Events.NewEvent(
                        "C1",
                        "E1",
                        "投诉",
                        today.minusDays(1).atStartOfDay(Segments.ZONE).toInstant())));
        assertThat(analysis.overview(lead).current())
                .as("something happened since")
                .isFalse();
        assertThat(analysis.overview(CustomerTests.access(UUID.randomUUID())).report())
                .as("another client has none")
                .isNull();

        // As labelled: no behaviour, only what customers are.
        var labelled = Objects.requireNonNull(analysis.compute(lead, 0).report());
        assertThat(labelled.drivers()).noneMatch(driver -> driver.field().startsWith("ORDER"));
        assertThat(labelled.check().cautions()).anyMatch(each -> each.key().equals("customer.churn.noBehaviour"));
    }

    /** What is written down about people only once they have left says nothing beforehand, however well it fits. */
    @Test
    void whatWasNotKnownOnTheDayIsNotLearnedFrom() {
        customers.addField(lead, new CustomField(Ids.next(), "stage", "阶段", CustomField.Type.TEXT, false));
        customers.addField(lead, new CustomField(Ids.next(), "level", "级别", CustomField.Type.TEXT, false));
        var random = new Random(7);
        var before = today.minusDays(180);
        var made = new ArrayList<NewCustomer>();
        var known = new ArrayList<ChurnLabels.NewLabel>();
        var leaves = new boolean[300];
        for (int i = 0; i < leaves.length; i++) {
            leaves[i] = random.nextDouble() < .3;
            made.add(new NewCustomer(
                    CustomerKind.PERSON,
                    "王小明",
                    "C" + i,
                    null,
                    List.of(new NewCustomer.Contact(ContactKind.PHONE, "139%08d".formatted(i), null)),
                    List.of("老客" + i % 3),
                    // Levels say something beforehand; stages are all the same then.
                    Map.of("level", leaves[i] == (random.nextInt(4) > 0) ? "普通" : "金", "stage", "在用"),
                    before.minusDays(10).toString()));
            known.add(new ChurnLabels.NewLabel("C" + i, leaves[i], leaves[i] ? before.plusDays(60) : null, null));
        }
        var ids = customers.addAll(lead, made, "门店");
        labels.add(lead, known);
        for (int i = 0; i < leaves.length; i++) {
            if (leaves[i]) {
                ownFields.set(lead, ids.get(i), "stage", "已停用", before.plusDays(61));
                customers.tag(lead, ids.get(i), "挽留", true);
                // Who leaves is taken off the list, and asked for another address.
                customers.tag(lead, ids.get(i), "老客" + i % 3, false);
                var phone = customers
                        .profile(lead, ids.get(i))
                        .customer()
                        .contacts()
                        .getFirst();
                customers.removeContact(lead, ids.get(i), phone.id());
                var email = new NewCustomer.Contact(ContactKind.EMAIL, "gone%d@example.com".formatted(i), null);
                customers.addContact(lead, ids.get(i), email, Origin.of("来电"));
            }
        }
        assertThat(ownFields.history(lead, ids.get(firstOf(leaves))))
                .extracting(OwnFields.Said::value)
                .contains("已停用", "在用");
        var report = Objects.requireNonNull(analysis.compute(lead, 180).report());
        assertThat(report.learned()).isEqualTo(300);
        assertThat(report.drivers())
                .extracting(ChurnReport.Driver::field)
                .contains("FIELD:level")
                .doesNotContain("FIELD:stage", "TAG:挽留", "PHONES", "EMAILS");
        assertThat(Objects.requireNonNull(report.check().value()).auroc().value())
                .as("as good as levels tell, and no better")
                .isBetween(.6, .9);
    }

    /** A scoring that broke off is not seen, goes on where it was, and starts again when the data are others. */
    @Test
    void theLastCompleteScoringIsShownWhileAnotherGoesOn() {
        var random = new Random(9);
        var made = new ArrayList<NewCustomer>();
        var known = new ArrayList<ChurnLabels.NewLabel>();
        customers.addField(lead, new CustomField(Ids.next(), "level", "级别", CustomField.Type.TEXT, false));
        for (int i = 0; i < 300; i++) {
            boolean leaves = random.nextDouble() < .3;
            made.add(new NewCustomer(
                    CustomerKind.PERSON,
                    "王小明",
                    "C" + i,
                    null,
                    List.of(),
                    List.of(),
                    Map.of("level", leaves == (random.nextInt(4) > 0) ? "普通" : "金")));
            known.add(new ChurnLabels.NewLabel("C" + i, leaves, null, null));
        }
        var ids = customers.addAll(lead, made, "门店");
        labels.add(lead, known);
        var report = Objects.requireNonNull(analysis.compute(lead, 0).report());
        var shown = analysis.risks(lead, null, 1_000);
        assertThat(shown).hasSize((int) report.scored());

        for (boolean sameData : List.of(true, false)) {
            var run = analysis.start(lead, 0);
            // As a run leaves it that broke off behind the first hundred.
            var after = ids.stream().sorted().toList().get(99);
            var scored = shown.stream()
                    .map(ChurnAnalysis.Risk::customer)
                    .filter(id -> id.compareTo(after) <= 0)
                    .toList();
            tenancy.write(lead.tenant(), () -> {
                var data = sameData ? analyses.dataState(lead.tenant(), AnalysisRun.Kind.CHURN) : "other";
                churnRows.addScores(
                        lead.tenant(),
                        run,
                        scored.stream()
                                .map(id -> new ChurnRows.Score(id, .123, "[]"))
                                .toList());
                analyses.scored(
                        lead.tenant(),
                        run,
                        json.writeValueAsString(
                                new ChurnWorker.Progress(data, after, scored.size(), Map.of("FIELD:level", 1.0))),
                        80);
            });
            assertThat(analysis.overview(lead).running()).isEqualTo(80);
            assertThat(analysis.risks(lead, null, 1_000)).isEqualTo(shown);
            assertThat(analysis.risk(lead, scored.getFirst()))
                    .contains(shown.stream()
                            .filter(each -> each.customer().equals(scored.getFirst()))
                            .findFirst()
                            .orElseThrow());

            worker.run(lead.tenant(), run);
            var now = analysis.risks(lead, null, 1_000);
            assertThat(now).hasSameSizeAs(shown);
            assertThat(now.stream().filter(each -> each.risk() == .123).count())
                    .isEqualTo(sameData ? scored.size() : 0);
            assertThat(Objects.requireNonNull(analysis.overview(lead).report()).scored())
                    .isEqualTo(report.scored());
            assertThat(JdbcClient.create(database.superuser())
                            .sql("select count(distinct run_id) from customer.churn_scored where tenant_id = :tenant")
                            .param("tenant", lead.tenant())
                            .query(Integer.class)
                            .single())
                    .as("the scores of the run before are gone")
                    .isEqualTo(1);
            shown = now;
        }
    }

    private static int firstOf(boolean[] set) {
        int i = 0;
        while (!set[i]) {
            i++;
        }
        return i;
    }

    @Test
    void ownFieldsKeepWhatTheySaidThroughMergesAndBack() {
        customers.addField(lead, new CustomField(Ids.next(), "level", "级别", CustomField.Type.TEXT, false));
        customers.addField(lead, new CustomField(Ids.next(), "memo", "备注", CustomField.Type.TEXT, true));
        var one = add("C1");
        var other = add("C2");
        ownFields.set(lead, other, "level", "普通", today.minusDays(50));
        ownFields.set(lead, other, "level", "金", today.minusDays(5));
        ownFields.set(lead, other, "memo", "爱喝茶", today.minusDays(50));
        ownFields.set(lead, other, "memo", "", null);
        assertThat(ownFields.history(lead, other))
                .containsExactly(
                        new OwnFields.Said("备注", "****", today.minusDays(50), today),
                        new OwnFields.Said("级别", "金", today.minusDays(5), null),
                        new OwnFields.Said("级别", "普通", today.minusDays(50), today.minusDays(5)));
        var before = ownFields.history(lead, other);
        var merge = duplicates.merge(lead, one, other, Map.of());
        assertThat(ownFields.history(lead, one)).isEqualTo(before);
        merges.undo(lead, merge.id());
        assertThat(ownFields.history(lead, other)).isEqualTo(before);
        assertThat(ownFields.history(lead, one)).isEmpty();
        for (var bad : List.of(today.plusDays(1), today.minusDays(6))) {
            assertThatThrownBy(() -> ownFields.set(lead, other, "level", "银", bad))
                    .isInstanceOf(Refused.class);
        }
        assertThatThrownBy(() -> ownFields.set(lead, other, "none", "银", null)).isInstanceOf(Refused.class);
        assertThat(ownFields.history(lead, other)).as("nothing half done").isEqualTo(before);
    }

    /** How many phones somebody had on a day does not change when one is taken away, nor by a merge and its undoing. */
    @Test
    void contactsAndTagsAreCountedAsTheyWereOnTheDay() {
        var imported = new NewCustomer(
                CustomerKind.PERSON,
                "王小明",
                "C1",
                null,
                List.of(
                        new NewCustomer.Contact(ContactKind.PHONE, "13900000001", null),
                        new NewCustomer.Contact(ContactKind.PHONE, "13900000002", null)),
                List.of("老客"),
                Map.of(),
                today.minusDays(90).toString());
        var one = customers.addAll(lead, List.of(imported), "门店").getFirst();
        var other = add("C2");
        assertThat(known(one, today.minusDays(100))).containsOnly("");
        assertThat(known(one, today.minusDays(90))).containsExactly("2", "0", "1");
        assertThat(known(other, today.minusDays(1)))
                .as("not known on that day, which is not none")
                .containsExactly("", "", "");
        assertThat(known(other, today)).containsExactly("0", "0", "");

        assertThat(source(one, today.minusDays(90)))
                .as("of the import whose data are of that day")
                .isEqualTo("门店");
        assertThat(source(one, today.minusDays(100)))
                .as("a list made later may tell who left meanwhile")
                .isEmpty();
        assertThat(source(other, today.minusDays(1))).isEmpty();
        assertThat(source(other, today)).isNotEmpty();

        var phone = customers.profile(lead, one).customer().contacts().getFirst();
        customers.removeContact(lead, one, phone.id());
        customers.tag(lead, one, "老客", false);
        var email = new NewCustomer.Contact(ContactKind.EMAIL, "one@example.com", null);
        customers.addContact(lead, one, email, Origin.of("来电"));
        assertThat(known(one, today.minusDays(90))).containsExactly("2", "0", "1");
        assertThat(known(one, today)).containsExactly("1", "1", "");

        var merge = duplicates.merge(lead, one, other, Map.of());
        assertThat(known(merge.survivor(), today.minusDays(90))).containsExactly("2", "0", "1");
        assertThat(known(merge.survivor(), today)).containsExactly("1", "1", "");
        merges.undo(lead, merge.id());
        assertThat(known(one, today.minusDays(90))).containsExactly("2", "0", "1");
        assertThat(known(other, today.minusDays(90))).containsExactly("", "", "");
    }

    private String source(UUID customer, LocalDate on) {
        return of(customer, on, List.of("SOURCE")).getFirst();
    }

    /** What came back is no order: it neither counts nor was the last. */
    @Test
    void returnsAreNotLearnedFromAsOrders() {
        var one = add("C1");
        var other = add("C2");
        orders.add(
                lead,
                List.of(
                        new Orders.NewOrder("C1", "A1", today.minusDays(40), Money.of("100.00")),
                        new Orders.NewOrder("C1", "A2", today.minusDays(2), Money.of("-30.00")),
                        new Orders.NewOrder("C2", "A3", today.minusDays(5), Money.of("-9.00"))));
        tenancy.read(lead.tenant(), () -> {
            var features = new ChurnFeatures(churnRows, lead.tenant(), List.of(), List.of(), List.of(), true);
            var cells = features.of(List.of(one, other), today, today);
            assertThat(features.fields().stream()
                            .filter(field -> field.startsWith("ORDER") || field.startsWith("SPENT"))
                            .map(field -> field + " "
                                    + Objects.requireNonNull(cells.get(one))[
                                            features.fields().indexOf(field)]))
                    .containsExactly(
                            "ORDER_FIRST 40", "ORDER_LAST 40", "ORDERS_90 1", "ORDERS_365 1", "SPENT_365 70.00");
            assertThat(
                            Objects.requireNonNull(cells.get(other))[
                                    features.fields().indexOf("ORDER_LAST")])
                    .isEmpty();
            return cells.size();
        });
    }

    /** Phones, e-mail addresses and one tag of a customer, as learned from on a day. */
    private List<String> known(UUID customer, LocalDate on) {
        return of(customer, on, List.of("PHONES", "EMAILS", ChurnFeatures.TAG + "老客"));
    }

    private List<String> of(UUID customer, LocalDate on, List<String> asked) {
        return tenancy.read(lead.tenant(), () -> {
            // The tag is among those learned from as long as anybody has it.
            var features = new ChurnFeatures(churnRows, lead.tenant(), List.of(), List.of(), List.of("老客"), false);
            var cells = Objects.requireNonNull(
                    features.of(List.of(customer), on, null).get(customer));
            return asked.stream()
                    .map(field -> cells[features.fields().indexOf(field)])
                    .toList();
        });
    }

    @Test
    void eventsAreTakenOnceFollowAMergeAndMakeRules() {
        var one = add("C1");
        var other = add("C2");
        var at = today.minusDays(3).atStartOfDay(Segments.ZONE).toInstant();
        var sent = List.of(
                new Events.NewEvent("C1", null, "登录", at),
                new Events.NewEvent("C2", null, "登录", at),
                new Events.NewEvent("C2", "E7", "来电", at.minusSeconds(60)));
        assertThat(events.add(lead, sent)).isEqualTo(new Events.Added(3, 0));
        assertThat(events.add(lead, sent)).isEqualTo(new Events.Added(0, 3));
        var often = segments.make(lead, "常登录", new Rule.Did("登录", Rule.Limit.AT_LEAST, 2, 30));
        var never = segments.make(lead, "没来电", new Rule.Did("来电", Rule.Limit.AT_MOST, 0, 30));
        assertThat(segments.size(lead, often).fitting()).isZero();
        assertThat(segments.members(lead.tenant(), never, null, 10)).containsExactly(one);
        var merge = duplicates.merge(lead, one, other, Map.of());
        assertThat(events.latest(lead, one, 10))
                .extracting(Events.CustomerEvent::kind)
                .containsExactlyInAnyOrder("登录", "登录", "来电");
        assertThat(segments.members(lead.tenant(), often, null, 10)).containsExactly(one);
        merges.undo(lead, merge.id());
        assertThat(events.latest(lead, one, 10)).hasSize(1);
        assertThat(events.latest(lead, other, 10)).hasSize(2);
        assertThat(segments.vocabulary(lead).events()).containsExactlyInAnyOrder("登录", "来电");

        for (var bad : List.of(
                new Events.NewEvent("C9", null, "登录", at),
                new Events.NewEvent("C1", null, "=1+1", at),
                new Events.NewEvent("C1", null, " ", at),
                new Events.NewEvent(
                        "C1",
                        null,
                        "登录",
                        today.plusDays(9).atStartOfDay(Segments.ZONE).toInstant()))) {
            assertThatThrownBy(() -> events.add(lead, List.of(bad))).isInstanceOf(Refused.class);
        }
        assertThatThrownBy(() -> events.add(CustomerTests.access(UUID.randomUUID()), sent))
                .as("somebody else's customers")
                .isInstanceOf(Refused.class);
    }

    @Test
    void filesOfEventsAndLabelsLandAndTellWhatIsWrong() throws IOException {
        add("C1");
        add("C2");
        var csv = eventFiles.load(lead, """
            会员编号,事件,时间
            C1,登录,2025-03-01 08:30
            C2,登录,2025/3/2
            C9,登录,2025-03-02
            C1,=cmd,2025-03-02
            C1,登录,2999-01-01
            C1,登录,2025-02-30
            """.getBytes(StandardCharsets.UTF_8));
        assertThat(csv.added()).isEqualTo(2);
        assertThat(csv.shown().stream()
                        .map(each -> each.row() + " " + each.why().key()))
                .containsExactlyInAnyOrder(
                        "3 customer.orders.unknown",
                        "4 customer.events.missing",
                        "5 customer.orders.ahead",
                        "6 customer.orders.day");
        var lines = eventFiles.load(lead, """
            {"customer": "C1", "kind": "登录", "time": "2025-03-01T08:30:00"}
            {"customer": "C1", "kind": "投诉", "time": "2025-03-03", "id": "E1"}
            nonsense
            """.getBytes(StandardCharsets.UTF_8));
        assertThat(lines.added()).isEqualTo(1);
        assertThat(lines.known()).as("the first of the other file").isEqualTo(1);
        assertThat(lines.bad()).isEqualTo(1);

        var both = files.load(lead, """
            客户编号,是否流失,流失日期
            C1,是,2025-03-01
            C2,否,
            C2,也许,
            C9,否,
            C1,是,2999-01-01
            """.getBytes(StandardCharsets.UTF_8));
        assertThat(both.added()).isEqualTo(2);
        assertThat(both.shown().stream()
                        .map(each -> each.row() + " " + each.why().key()))
                .containsExactlyInAnyOrder(
                        "3 customer.labels.missing", "4 customer.orders.unknown", "5 customer.orders.ahead");
        assertThat(files.load(lead, "customer,left on\nC1,2025-03-01\nC2,\n".getBytes(StandardCharsets.UTF_8))
                        .known())
                .as("whoever has no day stayed")
                .isEqualTo(2);
        assertThatThrownBy(() -> files.load(lead, "customer,level\nC1,2\n".getBytes(StandardCharsets.UTF_8)))
                .isInstanceOfSatisfying(
                        Refused.class, refused -> assertThat(refused.field()).isEqualTo("gone"));
    }

    @Test
    void labelsFollowAMerge() {
        var one = add("C1");
        var other = add("C2");
        labels.add(lead, List.of(stayed("C1"), new ChurnLabels.NewLabel("C2", true, today.minusDays(5), null)));
        var merge = duplicates.merge(lead, one, other, Map.of());
        assertThat(labels.add(lead, List.of(new ChurnLabels.NewLabel("C2", true, today.minusDays(5), null))))
                .as("still found by the number of the merged one")
                .isEqualTo(new ChurnLabels.Added(0, 1));
        merges.undo(lead, merge.id());
        assertThatThrownBy(() ->
                        labels.add(lead, List.of(new ChurnLabels.NewLabel("C1", true, today, today.minusDays(1)))))
                .isInstanceOf(Refused.class);
    }
}
