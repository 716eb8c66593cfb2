package io.retainer.complaint;

import io.retainer.duty.Cause;
import io.retainer.identity.Access;
import io.retainer.kernel.Money;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.stereotype.Component;

/** Invented complaints for the demo, one in each stage, made by the same acts as everybody's. */
@Component
@ConditionalOnBooleanProperty("retainer.demo")
public class DemoComplaints {

    private static final byte[] PICTURE =
            "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
                    .getBytes(StandardCharsets.US_ASCII);

    private final Complaints complaints;
    private final Correspondence correspondence;
    private final Questions questions;
    private final Reception reception;
    private final Acting acting;
    private final SettingController settings;
    private final Analysis analysis;

    DemoComplaints(
            Complaints complaints,
            Correspondence correspondence,
            Questions questions,
            Reception reception,
            Acting acting,
            SettingController settings,
            Analysis analysis) {
        this.complaints = complaints;
        this.correspondence = correspondence;
        this.questions = questions;
        this.reception = reception;
        this.acting = acting;
        this.settings = settings;
        this.analysis = analysis;
    }

    /**
     * @param on runs an act at a time of the past
     */
    public void fill(Access lead, Access agent, Access owner, Instant now, BiConsumer<Instant, Runnable> on) {
        on.accept(now.minus(Duration.ofDays(60)), () -> {
            settings.openForm(lead);
            settings.mailbox(lead, "care@qingchuan.example");
            settings.can(lead, "致歉并告知进度", "非常抱歉给您带来不便。您的投诉 [number] 正在核实，我是 [agent]，有进展会第一时间告诉您。");
            settings.can(lead, "请客户补充照片", "为了尽快核实，请回复本邮件并附上商品和包装的照片，谢谢！（[agent]）");
        });
        var late = now.minus(Duration.ofDays(9));
        var day = now.minus(Duration.ofHours(20));
        var hours = now.minus(Duration.ofHours(1));
        take(on, hours, lead, "赵雨桐", "13900001111", null, "门店拒绝退换已拆封的电饭煲", null, null);
        var registered = take(on, day, agent, "孙思远", null, "sun@example.com", "会员积分没有到账", Remedy.EXPLANATION, null);
        on.accept(
                day.plusSeconds(60),
                () -> correspondence.note(
                        lead, registered, "与系统组核对积分流水，@陈晨 跟进", List.of(), java.util.Map.of(agent.person(), "陈晨")));
        var acknowledged = take(on, day, agent, "李墨", "13900003333", null, "送货员态度粗暴", Remedy.APOLOGY, null);
        go(on, day, 1, agent, acknowledged, "acknowledge");
        var judged = judged(on, late, agent, "周然", "13900004444", "收银台多扣了一笔钱", Remedy.REFUND, Category.BILLING);
        on.accept(late.plusSeconds(4000), () -> questions.ask(agent, judged, Cause.CLIENT, 5, "请提供 3 号收银台当日的对账单。"));
        var investigating =
                judged(on, day, agent, "吴佳琪", "13900005555", "冰箱到货外壳凹陷", Remedy.REPLACEMENT, Category.QUALITY);
        go(on, day, 20, agent, investigating, "investigate");
        on.accept(
                day.plusSeconds(1500),
                () -> correspondence.reply(agent, investigating, "照片已收到，正在与仓库核对出库记录。", List.of()));
        on.accept(
                day.plusSeconds(1600),
                () -> correspondence.statement(
                        agent.tenant(),
                        investigating,
                        "照片如附件，麻烦尽快。",
                        List.of(new Upload(
                                "外壳.png",
                                "image/png",
                                java.util.Base64.getDecoder().decode(PICTURE))),
                        null));
        var above = drafted(on, day, agent, "郑文博", "13900006666", "热水壶漏电", Category.SAFETY, Hazard.SAFETY, "1200");
        on.accept(day.plusSeconds(5000), () -> complaints.approve(lead, above, null));
        drafted(on, day, agent, "冯雅婷", "13900007777", "优惠券无法使用", Category.BILLING, Hazard.NONE, "50");
        var told = communicated(
                on, late, agent, lead, "陈俊杰", "13900008888", "快递三天没有更新", Category.DELIVERY, RootCause.LOGISTICS, "30");
        on.accept(
                late.plus(Duration.ofDays(1)),
                () -> correspondence.statement(agent.tenant(), told, "我考虑一下。", List.of(), null));
        var refused = communicated(
                on, late, agent, lead, "褚浩宇", "13900009999", "空调安装费过高", Category.BILLING, RootCause.POLICY, "80");
        on.accept(late.plus(Duration.ofDays(2)), () -> complaints.reject(agent, refused, null, "客户要求全额退还安装费"));
        var visit = communicated(
                on, late, agent, lead, "卫子墨", "13900010000", "发票抬头开错", Category.BILLING, RootCause.STAFF, "20");
        go(on, late.plus(Duration.ofDays(1)), 0, agent, visit, "accept");
        go(on, late.plus(Duration.ofDays(2)), 0, agent, visit, "miss");
        for (var both : List.of(refused, visit)) {
            on.accept(
                    late.plus(Duration.ofDays(3)),
                    () -> correspondence.statement(
                            agent.tenant(),
                            both,
                            "凭证如附件。",
                            List.of(new Upload(
                                    "凭证.png",
                                    "image/png",
                                    java.util.Base64.getDecoder().decode(PICTURE))),
                            null));
        }
        var external = judged(on, late, agent, "蒋欣", "13900010001", "奶粉临期仍在销售", Remedy.COMPENSATION, Category.SAFETY);
        on.accept(
                late.plusSeconds(9000),
                () -> complaints.external(agent, external, null, ExternalBody.HOTLINE_12315, "收到 12315 转办单"));
        closed(on, now.minus(Duration.ofDays(50)), agent);
        on.accept(
                day,
                () -> analysis.correct(
                        lead,
                        RootCause.LOGISTICS,
                        "与承运商约定每日更新物流信息，逾期通知客服",
                        lead.person(),
                        java.time.LocalDate.ofInstant(now, java.time.ZoneId.of("Asia/Shanghai"))
                                .plusDays(20)));
        on.accept(
                now,
                () -> complaints.merge(
                        agent,
                        reception
                                .take(
                                        agent,
                                        call("陈俊杰", "13900008888", null, "催问快递，三天没有更新", Remedy.EXPLANATION, null),
                                        List.of())
                                .id(),
                        null,
                        number(owner, told)));
    }

    private long number(Access access, UUID id) {
        return complaints.number(access, id);
    }

    /** A history to learn from and to analyse. */
    private void closed(BiConsumer<Instant, Runnable> on, Instant since, Access agent) {
        var texts = List.of(
                new Old("快递五天才送到，外箱破损", Category.DELIVERY, RootCause.LOGISTICS),
                new Old("物流信息一直不更新，客服说不清楚", Category.DELIVERY, RootCause.LOGISTICS),
                new Old("快递员把包裹丢在门口，被雨淋湿", Category.DELIVERY, RootCause.SUPPLIER),
                new Old("送货时间改了三次没有通知", Category.DELIVERY, RootCause.PROCESS),
                new Old("洗衣机用了两周就漏水", Category.QUALITY, RootCause.PRODUCT),
                new Old("毛巾掉色，染了其他衣服", Category.QUALITY, RootCause.PRODUCT),
                new Old("电饭煲内胆涂层脱落", Category.QUALITY, RootCause.PRODUCT),
                new Old("收银员态度冷淡，问价格不理人", Category.ATTITUDE, RootCause.STAFF),
                new Old("门店服务员态度差，推销不停", Category.ATTITUDE, RootCause.STAFF),
                new Old("重复扣款，账单多出一笔钱", Category.BILLING, RootCause.SYSTEM),
                new Old("优惠券没有抵扣，多付了钱", Category.BILLING, RootCause.SYSTEM),
                new Old("会员价与小票金额不一致", Category.BILLING, RootCause.INFORMATION));
        int number = 0;
        for (var old : texts) {
            var at = since.plus(Duration.ofDays(3L * number));
            var id = taken(on, at, agent, "客户" + number, "1380000%04d".formatted(number), old.text(), Remedy.REFUND);
            go(on, at, 5, agent, id, "acknowledge");
            on.accept(
                    at.plusSeconds(600),
                    () -> complaints.assess(
                            agent,
                            id,
                            null,
                            new Assessed(old.category(), Grade.MIDDLE, Grade.LOW, Grade.MIDDLE, Hazard.NONE),
                            null));
            go(on, at, 15, agent, id, "investigate");
            on.accept(
                    at.plusSeconds(2000),
                    () -> complaints.propose(
                            agent, id, null, old.cause(), Remedy.APOLOGY, Money.ZERO, "已核实，向客户致歉并改进。"));
            on.accept(
                    at.plus(Duration.ofDays(number % 4 == 3 ? 6 : 1)),
                    () -> complaints.communicate(agent, id, null, "我们已核实并改进，谢谢您的反馈。"));
            go(on, at.plus(Duration.ofDays(7)), 0, agent, id, "accept");
            on.accept(at.plus(Duration.ofDays(8)), () -> complaints.visit(agent, id, null, true, null));
            on.accept(
                    at.plus(Duration.ofDays(8)).plusSeconds(60),
                    () -> complaints.close(agent, id, null, old.cause(), null));
            number++;
        }
    }

    private record Old(String text, Category category, RootCause cause) {}

    private UUID communicated(
            BiConsumer<Instant, Runnable> on,
            Instant at,
            Access agent,
            Access lead,
            String name,
            String phone,
            String text,
            Category category,
            RootCause cause,
            String compensation) {
        var id = judged(on, at, agent, name, phone, text, Remedy.COMPENSATION, category);
        go(on, at, 20, agent, id, "investigate");
        on.accept(
                at.plusSeconds(3000),
                () -> complaints.propose(
                        agent, id, null, cause, Remedy.COMPENSATION, Money.of(compensation), "已核实经过，建议致歉并补偿。"));
        on.accept(at.plusSeconds(4000), () -> complaints.approve(lead, id, null));
        on.accept(at.plusSeconds(5000), () -> complaints.communicate(agent, id, null, "非常抱歉，我们已核实并给出处理结果，请您确认。"));
        return id;
    }

    private UUID drafted(
            BiConsumer<Instant, Runnable> on,
            Instant at,
            Access agent,
            String name,
            String phone,
            String text,
            Category category,
            Hazard hazard,
            String compensation) {
        var id = taken(on, at, agent, name, phone, text, Remedy.COMPENSATION);
        go(on, at, 5, agent, id, "acknowledge");
        on.accept(
                at.plusSeconds(600),
                () -> complaints.assess(
                        agent, id, null, new Assessed(category, Grade.HIGH, Grade.MIDDLE, Grade.LOW, hazard), null));
        go(on, at, 20, agent, id, "investigate");
        on.accept(
                at.plusSeconds(3000),
                () -> complaints.propose(
                        agent,
                        id,
                        null,
                        RootCause.PRODUCT,
                        Remedy.COMPENSATION,
                        Money.of(compensation),
                        "已核实经过，建议退换并补偿。"));
        return id;
    }

    private UUID judged(
            BiConsumer<Instant, Runnable> on,
            Instant at,
            Access agent,
            String name,
            String phone,
            String text,
            Remedy sought,
            Category category) {
        var id = taken(on, at, agent, name, phone, text, sought);
        go(on, at, 5, agent, id, "acknowledge");
        on.accept(
                at.plusSeconds(600),
                () -> complaints.assess(
                        agent,
                        id,
                        null,
                        new Assessed(category, Grade.MIDDLE, Grade.LOW, Grade.MIDDLE, Hazard.NONE),
                        null));
        return id;
    }

    private UUID taken(
            BiConsumer<Instant, Runnable> on,
            Instant at,
            Access agent,
            String name,
            String phone,
            String text,
            Remedy sought) {
        return take(on, at, agent, name, phone, null, text, sought, null);
    }

    private UUID take(
            BiConsumer<Instant, Runnable> on,
            Instant at,
            Access by,
            String name,
            @Nullable String phone,
            @Nullable String email,
            String text,
            @Nullable Remedy sought,
            @Nullable String product) {
        var id = new UUID[1];
        on.accept(
                at,
                () -> id[0] = reception
                        .take(by, call(name, phone, email, text, sought, product), List.of())
                        .id());
        return id[0];
    }

    private static NewComplaint call(
            String name,
            @Nullable String phone,
            @Nullable String email,
            String text,
            @Nullable Remedy sought,
            @Nullable String product) {
        return new NewComplaint(Intake.PHONE, "zh", name, phone, email, null, text, sought, product, "上海", null);
    }

    private void go(BiConsumer<Instant, Runnable> on, Instant at, int minutes, Access by, UUID id, String act) {
        on.accept(at.plus(Duration.ofMinutes(minutes)), () -> acting.act(by, id, act, NOTHING, List.of()));
    }

    private static final Act NOTHING = new Act(
            null, null, null, null, null, null, null, null, null, null, null, null, null, null, null, null, null, null,
            null, null, null, null, null, null);
}
