package io.retainer.complaint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.retainer.PostgresTest;
import io.retainer.TurnableClock;
import io.retainer.complaint.ComplaintWorld.Notary;
import io.retainer.complaint.ComplaintWorld.Signed;
import io.retainer.customer.ContactKind;
import io.retainer.customer.CustomerKind;
import io.retainer.customer.Customers;
import io.retainer.customer.NewCustomer;
import io.retainer.duty.AssessedDuty;
import io.retainer.duty.Cause;
import io.retainer.duty.Duties;
import io.retainer.duty.DutyState;
import io.retainer.duty.DutySweep;
import io.retainer.kernel.Money;
import io.retainer.kernel.Party;
import io.retainer.kernel.Refused;
import io.retainer.kernel.Tenancy;
import io.retainer.kernel.Unknown;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.context.annotation.Import;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Complaints on a real database: clocks, pauses, four eyes, what the ledger and the tables hold. */
@SpringBootTest(properties = "db-scheduler.enabled=false")
@Import({PostgresTest.class, ComplaintWorld.class})
class HandlingTests {

    static final Assessed USUAL = new Assessed(Category.DELIVERY, Grade.MIDDLE, Grade.LOW, Grade.MIDDLE, Hazard.NONE);

    @Autowired
    Complaints complaints;

    @Autowired
    Complainants complainants;

    @Autowired
    Correspondence correspondence;

    @Autowired
    Questions questions;

    @Autowired
    Reception reception;

    @Autowired
    Progress progress;

    @Autowired
    QueueRows queue;

    @Autowired
    ComplaintRows rows;

    @Autowired
    CaseRows cases;

    @Autowired
    CaseWords words;

    @Autowired
    ComplaintClock clocks;

    @Autowired
    OldCases old;

    @Autowired
    CaseDesk desk;

    @Autowired
    DeskSkills skills;

    @Autowired
    Customers customers;

    @Autowired
    Duties duties;

    @Autowired
    DutySweep sweep;

    @Autowired
    Tenancy tenancy;

    @Autowired
    TurnableClock clock;

    @Autowired
    Notary notary;

    @Autowired
    PostgresTest.Database database;

    Signed signed;

    @BeforeEach
    void sign() {
        signed = notary.sign();
    }

    @Test
    void theWholeLifeKeepsItsClocksAndStandsInTheLedgerWithoutAWordOfThePerson() {
        clock.set("2025-02-10T10:00");
        var id = phoned("王小明", "13800138000", "快递三天没有更新，要求退款");
        assertThat(due(id, "acknowledge")).isEqualTo(ComplaintWorld.at("2025-02-12T00:00"));
        assertThat(due(id, "respond")).isEqualTo(ComplaintWorld.at("2025-02-10T12:00"));
        clock.set("2025-02-10T11:00");
        complaints.acknowledge(signed.agent(), id, null);
        assertThat(state(id, "acknowledge")).isEqualTo(DutyState.KEPT);
        assertThat(state(id, "respond")).isEqualTo(DutyState.KEPT);
        complaints.assess(signed.agent(), id, null, USUAL, null);
        assertThat(due(id, "resolve")).as("P2: three working days").isEqualTo(ComplaintWorld.at("2025-02-14T00:00"));
        assertThat(complaint(id).owner()).isEqualTo(signed.agent().person());
        complaints.investigate(signed.agent(), id, null);
        complaints.propose(signed.agent(), id, null, RootCause.LOGISTICS, Remedy.REFUND, Money.of("600"), "退还货款并补偿运费");
        refused("complaint.refused.secondEyesMissing", () -> complaints.communicate(signed.agent(), id, null, "x"));
        complaints.approve(signed.colleague(), id, null);
        refused("complaint.refused.clientMissing", () -> complaints.communicate(signed.agent(), id, null, "x"));
        refused("identity.notAllowed", () -> complaints.approveByClient(signed.lead(), id, null));
        complaints.approveByClient(signed.owner(), id, null);
        clock.set("2025-02-12T17:00");
        complaints.communicate(signed.agent(), id, null, "王先生您好，我们将退款 600 元。");
        assertThat(state(id, "resolve")).isEqualTo(DutyState.KEPT);
        complaints.accept(signed.agent(), id, null);
        assertThat(due(id, "visit")).isEqualTo(ComplaintWorld.at("2025-02-20T00:00"));
        clock.set("2025-02-17T10:00");
        complaints.visit(signed.agent(), id, null, true, "客户满意");
        complaints.close(signed.agent(), id, null, RootCause.LOGISTICS, "退款流水 TK-1");
        assertThat(complaint(id).stage().name()).isEqualTo(StageName.CLOSED);
        assertThat(state(id, "visit")).isEqualTo(DutyState.KEPT);
        assertThat(row(id).dueAt()).isEqualTo(ComplaintRows.NEVER);

        var superuser = JdbcClient.create(database.superuser());
        var kinds = superuser
                .sql("select kind from evidence.leaf where subject = :subject order by recorded_at, id")
                .param("subject", "complaint/" + id)
                .query(String.class)
                .list();
        assertThat(kinds)
                .containsExactlyInAnyOrder(
                        "complaint.ComplaintReceived",
                        "complaint.ComplaintRegistered",
                        "complaint.ComplaintAcknowledged",
                        "complaint.ComplaintAssessed",
                        "complaint.ComplaintAssigned",
                        "complaint.InvestigationStarted",
                        "complaint.ResponseProposed",
                        "complaint.ResponseApproved",
                        "complaint.ResponseApprovedByClient",
                        "complaint.DecisionCommunicated",
                        "complaint.DecisionAccepted",
                        "complaint.VisitMade",
                        "complaint.ComplaintClosed");
        for (var table : List.of(
                "evidence.leaf",
                "complaint.complaint",
                "complaint.entry",
                "messaging.message",
                "duty.duty",
                "duty.event")) {
            var text = superuser
                    .sql("select coalesce(string_agg(t::text, ''), '') from " + table + " t where tenant_id = :tenant")
                    .param("tenant", signed.tenant())
                    .query(String.class)
                    .single();
            assertThat(text).as(table).doesNotContain("王小明", "13800138000", "王先生", "退还货款", "快递三天");
        }
    }

    /** Whoever complained hears what became of it, and may say within 30 days that it is not solved after all (§3.6). */
    @Test
    void theComplainantIsToldOfAMergeAndOfTheCloseAndMayAskToTakeItUpAgain() {
        clock.set("2025-02-10T10:00");
        var first = phoned("王小明", "13800138000", "快递破损");
        var second = phoned("王小明", "13800138000", "还是快递破损");
        complaints.merge(signed.agent(), second, null, complaint(first).number());
        assertThat(desk.show(signed.agent(), second).entries().getLast().text())
                .contains("#" + complaint(first).number(), "合并");

        complaints.acknowledge(signed.agent(), first, null);
        complaints.assess(signed.agent(), first, null, USUAL, null);
        complaints.investigate(signed.agent(), first, null);
        complaints.propose(signed.agent(), first, null, RootCause.LOGISTICS, Remedy.REPLACEMENT, Money.ZERO, "换货");
        complaints.communicate(signed.agent(), first, null, "为您换货");
        complaints.accept(signed.agent(), first, null);
        complaints.visit(signed.agent(), first, null, true, null);
        refused(
                "complaint.refused.remedyProof",
                () -> complaints.close(signed.agent(), first, null, RootCause.LOGISTICS, " "));
        complaints.close(signed.agent(), first, null, RootCause.LOGISTICS, "换货单 HH-1");
        assertThat(desk.show(signed.agent(), first).entries().getLast().text()).contains("已结案", "30 天");
        assertThat(complaint(first).stage().name()).isEqualTo(StageName.CLOSED);

        clock.set("2025-03-12T09:59");
        complaints.reopenByLink(signed.tenant(), first, "新货也是坏的", List.of());
        assertThat(complaint(first).stage().name()).isEqualTo(StageName.ASSESSED);
        assertThat(complaint(first).reopened()).isOne();
        assertThat(desk.show(signed.agent(), first).entries())
                .extracting(CaseDesk.Shown::text)
                .contains("新货也是坏的");
        refused("complaint.public.over", () -> complaints.reopenByLink(signed.tenant(), first, "再说一次", List.of()));
    }

    @Test
    void clocksCountWorkingTimeAcrossGoldenWeekAndMakeUpDays() {
        // The Sunday before Golden Week 2025 was worked; 1 to 8 October were not, Saturday the 11th was.
        clock.set("2025-09-30T17:00");
        var id = phoned("李雷", "13900139001", "空调漏水");
        assertThat(due(id, "respond")).isEqualTo(ComplaintWorld.at("2025-10-09T10:00"));
        assertThat(due(id, "acknowledge")).isEqualTo(ComplaintWorld.at("2025-10-10T00:00"));
        complaints.acknowledge(signed.agent(), id, null);
        complaints.assess(signed.agent(), id, null, USUAL, null);
        assertThat(due(id, "resolve"))
                .as("9, 10 and Saturday 11 October are the three days")
                .isEqualTo(ComplaintWorld.at("2025-10-12T00:00"));
    }

    @Test
    void apauseIsOwnedMovesTheDueDayAndEndsWhenTheAnswerComes() {
        clock.set("2025-02-10T10:00");
        var id = assessed();
        assertThat(due(id, "resolve")).isEqualTo(ComplaintWorld.at("2025-02-14T00:00"));
        clock.set("2025-02-11T09:00");
        questions.ask(signed.agent(), id, Cause.CLIENT, 2, "请提供该批次的发货记录");
        assertThat(complaint(id).pause()).isNotNull();
        assertThat(state(id, "resolve")).isEqualTo(DutyState.PAUSED);
        var question = tenancy.read(signed.tenant(), () -> cases.questions(signed.tenant(), id))
                .getFirst();
        var owed = duties.get(signed.tenant(), java.util.Objects.requireNonNull(question.duty()), clock.instant());
        assertThat(owed.duty().debtor()).as("the client owes the answer").isEqualTo(Party.CLIENT);
        assertThat(owed.assessment().due()).isEqualTo(ComplaintWorld.at("2025-02-14T00:00"));
        clock.set("2025-02-12T09:00");
        questions.answer(signed.owner(), id, question.id(), "发货记录见附件", List.of());
        assertThat(complaint(id).pause()).isNull();
        assertThat(duties.get(signed.tenant(), question.duty(), clock.instant())
                        .assessment()
                        .state())
                .isEqualTo(DutyState.KEPT);
        assertThat(due(id, "resolve")).as("a day later").isEqualTo(ComplaintWorld.at("2025-02-15T00:00"));
        refused(
                "complaint.refused.answered",
                () -> questions.answer(signed.owner(), id, question.id(), "再答", List.of()));
    }

    /** A new assessment opens a clock from the receipt on: it stands still for whomever the complaint waited, then and now. */
    @Test
    void pausesSurviveTheAssessmentAndEachOneAfterIt() {
        clock.set("2025-02-10T10:00");
        var id = phoned("王小明", "13800138000", "快递破损");
        complaints.acknowledge(signed.agent(), id, null);
        clock.set("2025-02-11T09:00");
        complaints.pause(signed.agent(), id, null, Cause.CUSTOMER, "等客户的照片");
        clock.set("2025-02-13T09:00");
        complaints.resume(signed.agent(), id, null);
        complaints.assess(signed.agent(), id, null, USUAL, null);
        assertThat(due(id, "resolve"))
                .as("three days from the 10th, and two for the customer")
                .isEqualTo(ComplaintWorld.at("2025-02-18T00:00"));

        clock.set("2025-02-14T09:00");
        complaints.pause(signed.agent(), id, null, Cause.CLIENT, "等甲方的记录");
        clock.set("2025-02-17T09:00");
        complaints.assess(
                signed.agent(),
                id,
                null,
                new Assessed(Category.DELIVERY, Grade.LOW, Grade.LOW, Grade.LOW, Hazard.NONE),
                "影响较小");
        assertThat(state(id, "resolve")).as("it still waits for the client").isEqualTo(DutyState.PAUSED);
        clock.set("2025-02-18T09:00");
        complaints.resume(signed.agent(), id, null);
        assertThat(due(id, "resolve"))
                .as("seven days from the 10th, two for the customer and two for the client")
                .isEqualTo(ComplaintWorld.at("2025-02-26T00:00"));
        var owners = desk.show(signed.agent(), id).duties().stream()
                .filter(duty -> ComplaintClock.Due.RESOLVE.is(duty)
                        && duty.assessment().state().owed())
                .flatMap(duty -> duty.assessment().timeline().stream())
                .filter(segment -> segment.owner() != null)
                .map(segment -> segment.owner())
                .toList();
        assertThat(owners).containsExactly(Cause.CUSTOMER, Cause.CLIENT);
    }

    @Test
    void waitingForTheCustomerEndsByItselfAfterTenWorkingDays() {
        clock.set("2025-02-10T10:00");
        var id = assessed();
        complaints.pause(signed.agent(), id, null, Cause.CUSTOMER, "等待客户提供照片");
        clock.set("2025-02-24T23:59");
        progress.resumeWhatIsOver(clock.instant());
        assertThat(complaint(id).pause()).isNotNull();
        clock.set("2025-02-25T00:01");
        progress.resumeWhatIsOver(clock.instant());
        assertThat(complaint(id).pause()).isNull();
        assertThat(row(id).dueAt()).isBefore(ComplaintRows.NEVER);
        assertThat(state(id, "resolve")).isEqualTo(DutyState.RUNNING);
    }

    @Test
    void theComplainantsAnswerEndsTheWait() {
        var id = assessed();
        complaints.pause(signed.agent(), id, null, Cause.CUSTOMER, "等待客户提供照片");
        clock.set("2025-02-11T10:00");
        correspondence.statement(signed.tenant(), id, "照片已发", List.of(), null);
        assertThat(complaint(id).pause()).isNull();
    }

    @Test
    void aMissIsSaidOnceAndItsLengthIsKnown() {
        clock.set("2025-02-10T10:00");
        var id = phoned("李雷", "13900139001", "空调漏水");
        clock.set("2025-02-12T09:30");
        sweep.run(clock.instant());
        sweep.run(clock.instant());
        assertThat(state(id, "acknowledge")).isEqualTo(DutyState.BREACHED);
        complaints.acknowledge(signed.agent(), id, null);
        assertThat(state(id, "acknowledge")).isEqualTo(DutyState.KEPT_LATE);
        assertThat(JdbcClient.create(database.superuser())
                        .sql("""
                                select count(*) from evidence.leaf where kind = 'duty.Breached' and tenant_id = :tenant
                                and text like '%I-1.1*(2)%'
                                """)
                        .param("tenant", signed.tenant())
                        .query(Long.class)
                        .single())
                .as("acknowledge and respond, once each")
                .isEqualTo(2);
    }

    @Test
    void aHigherPriorityReplacesTheClockAndCountsFromTheReceipt() {
        clock.set("2025-02-10T10:00");
        var id = assessed();
        complaints.assess(
                signed.agent(),
                id,
                null,
                new Assessed(Category.SAFETY, Grade.LOW, Grade.LOW, Grade.LOW, Hazard.SAFETY),
                "插座冒烟");
        assertThat(due(id, "resolve")).isEqualTo(ComplaintWorld.at("2025-02-12T00:00"));
        assertThat(allOf(id, "resolve"))
                .extracting(d -> d.assessment().state())
                .containsExactly(DutyState.RELEASED, DutyState.RUNNING);
    }

    @Test
    void whoeverHasAnOldPageIsToldAndNothingIsLost() {
        var id = assessed();
        int seen = complaint(id).version();
        complaints.investigate(signed.agent(), id, seen);
        refused("complaint.refused.changed", () -> complaints.investigate(signed.colleague(), id, seen));
        correspondence.note(signed.agent(), id, "第一条", List.of(), Map.of());
        correspondence.note(signed.colleague(), id, "第二条", List.of(), Map.of());
        assertThat(texts(id)).contains("第一条", "第二条");
    }

    @Test
    void theCustomerIsFoundByPhoneWhenItIsOnlyOne() {
        var known = customers.add(
                signed.lead(),
                new NewCustomer(
                        CustomerKind.PERSON,
                        "王小明",
                        null,
                        null,
                        List.of(new NewCustomer.Contact(ContactKind.PHONE, "13800138000", null)),
                        List.of(),
                        Map.of()),
                "门店");
        assertThat(row(phoned("王小明", "138 0013 8000", "退款")).particulars().customer())
                .isEqualTo(known);
        assertThat(row(phoned("某人", "13700137000", "退款")).particulars().customer())
                .isNull();
        assertThat(complainants.alike(signed.agent(), "+8613800138000", null)).hasSize(1);
    }

    @Test
    void aPartIsSplitOffAndADuplicateIsMerged() {
        var id = phoned("王小明", "13800138000", "快递慢，而且客服态度差");
        var part = complaints.split(signed.agent(), id, null, "客服态度差");
        assertThat(row(part.id()).particulars().splitFrom()).isEqualTo(id);
        assertThat(complainants.alike(signed.agent(), "13800138000", null)).hasSize(2);
        complaints.merge(signed.agent(), part.id(), null, complaint(id).number());
        assertThat(complaint(part.id()).stage().name()).isEqualTo(StageName.MERGED);
        assertThat(around(part.id()).related())
                .as("each leads to the other")
                .extracting(row -> row.complaint().id())
                .containsExactly(id);
        assertThat(around(id).related()).extracting(row -> row.complaint().id()).containsExactly(part.id());
        assertThat(around(id).history())
                .as("by the same number")
                .extracting(row -> row.complaint().id())
                .containsExactly(part.id());
        assertThat(allOf(part.id(), "acknowledge").getFirst().assessment().state())
                .isEqualTo(DutyState.RELEASED);
        refused("complaint.refused.noSuchNumber", () -> complaints.merge(signed.agent(), id, null, 1));
    }

    @Test
    void nobodyElseReachesIt() {
        var id = phoned("王小明", "13800138000", "退款");
        assertThatThrownBy(() -> complaints.acknowledge(signed.outsider(), id, null))
                .isInstanceOf(Unknown.class);
        refused("identity.notAllowed", () -> complaints.acknowledge(signed.owner(), id, null));
        refused(
                "complaint.refused.notStaff",
                () -> complaints.assign(
                        signed.agent(),
                        id,
                        null,
                        UUID.randomUUID(),
                        Set.of(signed.agent().person())));
    }

    /** As a spreadsheet in China writes it; sent again with one row mended, only that one is new. */
    @Test
    void oldCasesComeInWithChineseHeadingsInAnyEncodingAndEachOnce() {
        clock.set("2025-02-10T10:00");
        var gb = java.nio.charset.Charset.forName("GB18030");
        var file = "投诉日期,姓名,电话,投诉内容,诉求\r\n2024-11-05,王小明,13800138000,快递破损,退款\r\n2024-11-06,李雷,abc,电饭煲漏电,换货\r\n";
        var first = old.take(signed.lead(), file.getBytes(gb));
        assertThat(List.of(first.taken(), first.known(), first.bad().size())).containsExactly(1, 0, 1);
        var again = old.take(signed.lead(), file.replace("abc", "13800138001").getBytes(gb));
        assertThat(List.of(again.taken(), again.known(), again.bad().size())).containsExactly(1, 1, 0);
        var utf = old.take(signed.lead(), file.getBytes(java.nio.charset.StandardCharsets.UTF_8));
        assertThat(utf.known()).as("the same words in another encoding").isEqualTo(1);
        refused("complaint.old.unreadable", () -> old.take(signed.lead(), new byte[] {(byte) 0xff, (byte) 0xff}));
    }

    @Test
    void oldCasesComeInAndBadRowsComeBackWithTheirReasons() {
        clock.set("2025-02-10T10:00");
        var file = String.join(
                "\r\n",
                "\uFEFFreceived,name,phone,email,subject,text,sought,product,region",
                "2024-11-05,王小明,13800138000,,旧案,\"快递破损，\n第二行\",REFUND,电饭煲,上海",
                "2024-13-05,李雷,13800138001,,,日期不对,REFUND,,",
                "2030-01-01,李雷,13800138001,,,还没到的日子,REFUND,,",
                "2024-11-06,李雷,13800138001,,,诉求不对,MONEY,,",
                "2024-11-06,李雷,abc,,,电话不对,REFUND,,",
                "2024-11-06,李雷,13800138001,,,,REFUND,,",
                "2024-11-07 08:30,Ann,,ann@example.com,,Charged twice,,,",
                "");
        var taken = old.take(signed.lead(), new java.io.StringReader(file));
        assertThat(taken.taken()).isEqualTo(2);
        assertThat(taken.bad()).extracting(OldCases.Bad::line).containsExactly(4L, 5L, 6L, 7L, 8L);
        assertThat(taken.bad().stream().map(bad -> bad.why().key()))
                .containsExactly(
                        "complaint.old.date",
                        "complaint.bad.future",
                        "complaint.old.sought",
                        "complaint.bad.phone",
                        "complaint.bad.empty");
        refused("complaint.old.heading", () -> old.take(signed.lead(), new java.io.StringReader("a,b\n1,2\n")));
        refused(
                "complaint.old.unreadable",
                () -> old.take(signed.lead(), new java.io.StringReader("text\ngood\n\"never closed\n")));
        assertThat(tenancy.read(
                        signed.tenant(),
                        () -> queue.counts(
                                List.of(signed.tenant()),
                                List.of(signed.contract()),
                                signed.agent().person(),
                                clock.instant())))
                .extracting(QueueRows.Counts::open)
                .as("nothing of a file that could not be read to its end")
                .isEqualTo(2);
    }

    @Test
    void complaintsAreDistributedBySkillThenLoadThenTurn() {
        clock.set("2025-02-10T10:00");
        skills.keep(signed.lead(), signed.lead().person(), Set.of(), null, true);
        skills.keep(signed.lead(), signed.agent().person(), Set.of(Skill.BILLING), 2, false);
        skills.keep(signed.lead(), signed.colleague().person(), Set.of(Skill.DELIVERY), null, false);
        var id = phoned("王小明", "13800138000", "快递三天没有更新");
        complaints.acknowledge(signed.agent(), id, null);
        complaints.assess(signed.agent(), id, null, USUAL, null);
        give(id);
        assertThat(complaint(id).owner())
                .as("who knows delivery")
                .isEqualTo(signed.colleague().person());
        var first = phoned("李雷", "13800138001", "一");
        give(first);
        assertThat(complaint(first).owner())
                .as("who has less")
                .isEqualTo(signed.agent().person());
        clock.set("2025-02-10T10:01");
        var second = phoned("韩梅", "13800138002", "二");
        give(second);
        clock.set("2025-02-10T10:02");
        var third = phoned("韩梅", "13800138003", "三");
        give(third);
        assertThat(Set.of(
                        java.util.Objects.requireNonNull(complaint(second).owner()),
                        java.util.Objects.requireNonNull(complaint(third).owner())))
                .as("in turn")
                .containsExactlyInAnyOrder(
                        signed.agent().person(), signed.colleague().person());
        skills.keep(signed.lead(), signed.colleague().person(), Set.of(), null, true);
        refused("complaint.refused.nobody", () -> give(phoned("吴", "13800138004", "没有人有空")));
        refused(
                "complaint.skill.most",
                () -> skills.keep(signed.lead(), signed.agent().person(), Set.of(), 0, false));
        assertThatThrownBy(() -> skills.keep(signed.agent(), signed.agent().person(), Set.of(), null, false))
                .as("an agent does not say what they take")
                .isNotNull();
    }

    private void give(UUID id) {
        complaints.assign(
                signed.lead(),
                id,
                null,
                skills.next(signed.lead(), id),
                Set.of(
                        signed.agent().person(),
                        signed.colleague().person(),
                        signed.lead().person()));
    }

    @Test
    void filesAreJudgedByTheirBytes() {
        assertThat(Upload.checked("a.exe", "%PDF-1.7 x".getBytes(StandardCharsets.UTF_8))
                        .type())
                .isEqualTo("application/pdf");
        for (var bad : List.of(
                "MZ\u0000\u0001",
                "<html><script>1</script>",
                "<svg onload=x>",
                "PK\u0003\u0004nothing",
                "#!/bin/sh\nrm")) {
            refused("complaint.file.type", () -> Upload.checked("x.png", bad.getBytes(StandardCharsets.UTF_8)));
        }
        refused("complaint.file.empty", () -> Upload.checked("x.txt", new byte[0]));
        refused("complaint.file.large", () -> Upload.checked("x.txt", new byte[Upload.LARGEST + 1]));
        assertThat(Upload.checked("../../etc/passwd\u202Egnp.txt", "hello".getBytes(StandardCharsets.UTF_8))
                        .name())
                .doesNotContain("/", "\u202E");
    }

    @Test
    void aDocumentHidesNoMacroNoProgramAndNoBomb() throws Exception {
        var good = zip("word/document.xml", "<w/>".getBytes(StandardCharsets.UTF_8));
        assertThat(Upload.checked("a.docx", good).type()).contains("wordprocessingml");
        for (var hidden :
                List.of("word/vbaProject.bin", "word/embeddings/run.exe", "word/embeddings/more.zip", "../../x")) {
            var bad = zip("word/document.xml", "<w/>".getBytes(StandardCharsets.UTF_8), hidden, new byte[] {1});
            refused("complaint.file.type", () -> Upload.checked("a.docx", bad));
        }
        // 200 MB of nothing in 200 kB.
        var bomb = zip("word/document.xml", new byte[200 * 1024 * 1024]);
        assertThat(bomb.length).isLessThan(Upload.LARGEST);
        refused("complaint.file.type", () -> Upload.checked("bomb.docx", bomb));
    }

    private static byte[] zip(Object... pathsAndContents) throws java.io.IOException {
        var bytes = new java.io.ByteArrayOutputStream();
        try (var zip = new java.util.zip.ZipOutputStream(bytes)) {
            for (int i = 0; i < pathsAndContents.length; i += 2) {
                zip.putNextEntry(new java.util.zip.ZipEntry((String) pathsAndContents[i]));
                zip.write((byte[]) pathsAndContents[i + 1]);
                zip.closeEntry();
            }
        }
        return bytes.toByteArray();
    }

    private UUID assessed() {
        var id = phoned("王小明", "13800138000", "快递三天没有更新");
        complaints.acknowledge(signed.agent(), id, null);
        complaints.assess(signed.agent(), id, null, USUAL, null);
        return id;
    }

    private UUID phoned(String name, String phone, String text) {
        return reception
                .take(
                        signed.agent(),
                        new NewComplaint(
                                Intake.PHONE, "zh", name, phone, null, null, text, Remedy.REFUND, null, null, null),
                        List.of())
                .id();
    }

    private Complaint complaint(UUID id) {
        return row(id).complaint();
    }

    private ComplaintRows.Around around(UUID id) {
        return tenancy.read(signed.tenant(), () -> rows.around(row(id), 10));
    }

    private ComplaintRows.Row row(UUID id) {
        return tenancy.read(signed.tenant(), () -> rows.get(signed.tenant(), signed.contract(), id));
    }

    private List<String> texts(UUID id) {
        return tenancy.read(signed.tenant(), () -> {
            var reader = words.reader(signed.tenant());
            return cases.entries(signed.tenant(), List.of(id)).stream()
                    .filter(entry -> entry.text() != null)
                    .map(entry -> reader.text(entry.id(), java.util.Objects.requireNonNull(entry.text())))
                    .toList();
        });
    }

    private List<AssessedDuty> allOf(UUID id, String what) {
        return clocks.of(complaint(id), row(id).duties(), clock.instant()).stream()
                .filter(duty -> duty.duty().action().startsWith("complaint.duty." + what))
                .toList();
    }

    private java.time.@Nullable Instant due(UUID id, String what) {
        return allOf(id, what).getLast().assessment().due();
    }

    private DutyState state(UUID id, String what) {
        return allOf(id, what).getLast().assessment().state();
    }

    private static void refused(String key, org.assertj.core.api.ThrowableAssert.ThrowingCallable act) {
        assertThatThrownBy(act).isInstanceOf(Refused.class).hasMessage(key);
    }
}
