package io.retainer.relationship;

import io.retainer.customer.CustomerPage;
import io.retainer.customer.Customers;
import io.retainer.identity.Access;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalTime;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/** Relations to look at: some held, some in the pool, some called and visited. */
@Component
public class DemoRelations {

    private static final int LOOKED_AFTER = 24;
    private static final int HELD = 8;

    private final Relations relations;
    private final Tasks tasks;
    private final Customers customers;

    DemoRelations(Relations relations, Tasks tasks, Customers customers) {
        this.relations = relations;
        this.tasks = tasks;
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

    private UUID task(
            Access who, UUID customer, TaskKind kind, String words, LocalDate day, @Nullable LocalTime time) {
        return tasks.plan(who, customer, new Tasks.Wanted(kind, words, day, time, 1, null, null));
    }

    /** One customer goes from the pool to the agent. */
    public void handOver(Access lead, UUID agent) {
        relations.handOver(lead, chosen(lead).get(HELD), agent);
    }
}
