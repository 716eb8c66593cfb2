package io.retainer.relationship;

import io.retainer.customer.CustomerPage;
import io.retainer.customer.Customers;
import io.retainer.identity.Access;
import io.retainer.kernel.Money;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalTime;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/** Relations to look at: some held, some in the pool, some called and visited. */
@Component
public class DemoRelations {

    private static final int LOOKED_AFTER = 24;
    private static final int HELD = 8;

    private final Relations relations;
    private final Tasks tasks;
    private final Opportunities opportunities;
    private final Referrals referrals;
    private final Ties ties;
    private final Customers customers;

    DemoRelations(
            Relations relations,
            Tasks tasks,
            Opportunities opportunities,
            Referrals referrals,
            Ties ties,
            Customers customers) {
        this.relations = relations;
        this.tasks = tasks;
        this.opportunities = opportunities;
        this.referrals = referrals;
        this.ties = ties;
        this.customers = customers;
    }

    private List<UUID> chosen(Access access) {
        return customers.page(access, "", null, LOOKED_AFTER).customers().stream()
                .map(CustomerPage.Line::id)
                .toList();
    }

    /** The lead sets the rules and puts customers into the pool. */
    public void begin(Access lead) {
        relations.rule(lead, new PoolRules(50, 60, 7, Map.of(Tier.KEY, 15, Tier.REGULAR, 45), 0));
        var all = chosen(lead);
        var tiers = List.of(Tier.values());
        for (int i = 0; i < all.size(); i++) {
            relations.begin(lead, all.get(i), tiers.get(i % tiers.size()));
        }
    }

    /** The agent picks some and gets in contact. */
    public void work(Access agent, Instant at) {
        var all = chosen(agent);
        for (int i = 0; i < HELD; i++) {
            var customer = all.get(i);
            relations.pick(agent, customer);
            switch (i % 4) {
                case 0 ->
                    relations.touch(
                            agent, customer, TouchKind.CALL, CallGround.SERVICE, true, "客户询问积分有效期，已答复次年底到期。", at);
                case 1 ->
                    relations.touch(
                            agent,
                            customer,
                            TouchKind.VISIT,
                            null,
                            true,
                            "门店面谈，客户希望提前得知新品到店时间。",
                            at.minus(Duration.ofHours(1)));
                case 2 -> relations.touch(agent, customer, TouchKind.CALL, CallGround.SERVICE, false, "无人接听。", at);
                default -> relations.touch(agent, customer, TouchKind.NOTE, null, false, "偏好晚间联系。", at);
            }
        }
    }

    /** A company that is spoken to through its buyer, whose family is a customer too. */
    public void company(Access lead, Access agent, Instant at) {
        var company =
                customers.page(agent, "B2001", null, 1).customers().getFirst().id();
        relations.begin(lead, company, Tier.KEY);
        relations.pick(agent, company);
        var people = customers.people(agent, company);
        var buyer = people.getFirst().person().id();
        relations.touch(agent, company, buyer, TouchKind.CALL, CallGround.SERVICE, true, "年度框架协议到期前一个月商谈续约。", at);
        ties.tie(agent, company, TieKind.DECIDES_FOR, buyer);
        ties.tie(agent, buyer, TieKind.FAMILY, chosen(agent).getFirst());
    }

    /** What the agent and the lead have set themselves to do: late, today and later; one of it is done already. */
    public void plan(Access agent, Access lead, LocalDate today) {
        var all = chosen(agent);
        task(agent, all.get(0), TaskKind.CALL, "回复积分兑换进度。", today.minusDays(2), null);
        task(agent, all.get(1), TaskKind.VISIT, "门店面谈，带上新品手册。", today, LocalTime.of(18, 30));
        task(agent, all.get(2), TaskKind.SEND, "寄送会员日邀请函。", today.plusDays(3), null);
        task(agent, all.get(3), TaskKind.FOLLOW_UP, "确认企业团购需求。", today.plusDays(9), null);
        task(lead, all.get(HELD + 1), TaskKind.OTHER, "与门店确认回访分工。", today.plusDays(1), null);
        tasks.done(agent, task(agent, all.get(4), TaskKind.SEND, "寄送电子发票说明。", today.plusDays(1), null), null);
    }

    private UUID task(Access who, UUID customer, TaskKind kind, String words, LocalDate day, @Nullable LocalTime time) {
        return tasks.plan(who, customer, new Tasks.Wanted(kind, words, day, time, 1, null, null));
    }

    /**
     * Opportunities in every stage, some won and lost, each step on its own day.
     *
     * @param on acts at a moment
     */
    public void sell(Access agent, LocalDate today, BiConsumer<Instant, Runnable> on) {
        var all = chosen(agent);
        on.accept(morning(today, -20), () -> referrals.note(agent, all.get(1), all.get(0)));
        on.accept(morning(today, -19), () -> referrals.note(agent, all.get(2), all.get(0)));
        for (var sale : List.of(
                new Sale(0, "会员储值卡 200 张", "40000.00", 20, List.of(Stage.NEED), null),
                new Sale(1, "企业团购礼盒 80 份", "15840.00", 12, List.of(Stage.NEED, Stage.OFFER), null),
                new Sale(2, "年度配送协议", "128000.00", 48, List.of(Stage.NEED, Stage.OFFER, Stage.NEGOTIATION), null),
                new Sale(3, "节日福利券 500 张", "50000.00", 75, List.of(), null),
                new Sale(4, "门店活动场地", "6800.50", 3, List.of(Stage.NEED, Stage.OFFER), null),
                new Sale(1, "周年庆蛋糕券 100 张", "9900.00", 5, List.of(Stage.NEED, Stage.OFFER), "9500.00"),
                new Sale(2, "茶歇订购", "3600.00", 5, List.of(Stage.NEED), "3600.00"),
                new Sale(5, "企业卡 300 张", "60000.00", 10, List.of(Stage.NEED, Stage.OFFER), "PRICE"),
                new Sale(6, "员工折扣合作", "24000.00", 10, List.of(Stage.NEED), "NO_ANSWER"))) {
            sell(agent, all.get(sale.customer()), sale, today, on);
        }
    }

    /** @param end the amount of the sale, or why it was lost; null while it is open */
    private record Sale(
            int customer,
            String title,
            String amount,
            int days,
            List<Stage> stages,
            @Nullable String end) {}

    private void sell(Access agent, UUID customer, Sale sale, LocalDate today, BiConsumer<Instant, Runnable> on) {
        var id = new UUID[1];
        int day = -18;
        on.accept(
                morning(today, day),
                () -> id[0] = opportunities.see(
                        agent,
                        customer,
                        new Opportunities.Wanted(
                                sale.title(),
                                Money.of(sale.amount()),
                                Stage.CONTACT,
                                today.plusDays(sale.days()),
                                null)));
        for (var stage : sale.stages()) {
            day += 3 + sale.title().length() % 3;
            on.accept(morning(today, day), () -> opportunities.advance(agent, id[0], stage));
        }
        var end = sale.end();
        if (end != null) {
            on.accept(morning(today, day + 2), () -> {
                if (Character.isDigit(end.charAt(0))) {
                    opportunities.win(agent, id[0], Money.of(end));
                } else {
                    opportunities.lose(agent, id[0], LostReason.valueOf(end));
                }
            });
        }
    }

    private static Instant morning(LocalDate today, int days) {
        return today.plusDays(days).atTime(10, 0).atZone(Relations.ZONE).toInstant();
    }

    /** One customer goes from the pool to the agent. */
    public void handOver(Access lead, UUID agent) {
        relations.handOver(lead, chosen(lead).get(HELD), agent);
    }
}
