package io.retainer.relationship;

import static io.retainer.relationship.RelationWorld.signedIn;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.springframework.security.test.web.servlet.request.SecurityMockMvcRequestPostProcessors.authentication;

import io.retainer.PostgresTest;
import io.retainer.TurnableClock;
import io.retainer.identity.Access;
import io.retainer.kernel.Money;
import io.retainer.kernel.Refused;
import io.retainer.relationship.Opportunities.Wanted;
import io.retainer.relationship.OpportunityRows.Filter;
import java.io.UnsupportedEncodingException;
import java.time.LocalDate;
import java.time.YearMonth;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.webmvc.test.autoconfigure.AutoConfigureMockMvc;
import org.springframework.context.annotation.Import;
import org.springframework.test.web.servlet.assertj.MockMvcTester;

/** Opportunities and referrals with their rows, sums, pages and file. */
@SpringBootTest(properties = "db-scheduler.enabled=false")
@AutoConfigureMockMvc
@Import({PostgresTest.class, RelationWorld.class})
class OpportunitiesTests {

    private static final Filter OPEN = new Filter(null, null, null, null, true);
    private static final Filter ALL = new Filter(null, null, null, null, false);

    @Autowired
    Opportunities opportunities;

    @Autowired
    Referrals referrals;

    @Autowired
    Relations relations;

    @Autowired
    RelationWorld.Parties parties;

    @Autowired
    TurnableClock clock;

    @Autowired
    MockMvcTester browser;

    private RelationWorld.Signed signed;
    private Access ann;
    private Access bob;
    private UUID customer;

    @BeforeEach
    void aCustomerThatAnnHolds() {
        signed = parties.sign();
        ann = signed.ann();
        bob = signed.bob();
        relations.rule(signed.lead(), new PoolRules(5, 60, 7, Map.of(), 0));
        customer = held("李静");
    }

    private UUID held(String name) {
        var id = parties.known(signed, name);
        relations.begin(ann, id, Tier.KEY);
        relations.pick(ann, id);
        return id;
    }

    private UUID see(String title, String amount, Stage stage, String expected) {
        return opportunities.see(
                ann, customer, new Wanted(title, Money.of(amount), stage, LocalDate.parse(expected), null));
    }

    @Test
    void theForecastWeighsEachByItsStageAndSumsByMonth() {
        see("储值卡", "33.33", Stage.OFFER, "2025-02-20");
        see("礼盒", "33.33", Stage.OFFER, "2025-02-28");
        see("配送", "100.00", Stage.NEGOTIATION, "2025-03-01");
        var won = see("茶歇", "500.00", Stage.OFFER, "2025-02-28");
        opportunities.win(ann, won, Money.of("480.00"));
        var pipeline = opportunities.pipeline(ann, OPEN);
        assertThat(pipeline.months())
                .extracting(OpportunityRows.Month::month, OpportunityRows.Month::count)
                .containsExactly(
                        org.assertj.core.groups.Tuple.tuple(YearMonth.of(2025, 2), 2),
                        org.assertj.core.groups.Tuple.tuple(YearMonth.of(2025, 3), 1));
        // 16.67 twice, not 33.33.
        assertThat(pipeline.months().getFirst().weighted()).isEqualTo(Money.of("33.34"));
        assertThat(pipeline.amount()).isEqualTo(Money.of("166.66"));
        assertThat(pipeline.weighted()).isEqualTo(Money.of("113.34"));
        assertThat(pipeline.odds().agreed()).isFalse();
        assertThat(Money.sum(pipeline.lines().stream()
                        .map(Opportunities.Line::weighted)
                        .toList()))
                .as("the lines add up to the sum")
                .isEqualTo(pipeline.weighted());
        refused("identity.notAllowed", () -> opportunities.set(ann, new Odds(1, 2, 3, 4, true)));
        opportunities.set(signed.lead(), new Odds(0, 0, 100, 0, true));
        assertThat(opportunities.pipeline(ann, OPEN).weighted()).isEqualTo(Money.of("66.66"));
    }

    /** Drilling down: by stage, month, agent and reason, open or ended. */
    @Test
    void filtersNarrowLinesAndSumsAlike() {
        var card = see("储值卡", "10.00", Stage.OFFER, "2025-02-20");
        var box = see("礼盒", "20.00", Stage.NEED, "2025-03-28");
        var lost = see("配送", "40.00", Stage.NEED, "2025-03-28");
        opportunities.lose(ann, lost, LostReason.PRICE);
        assertThat(ids(new Filter(Stage.OFFER, null, null, null, true))).containsExactly(card);
        assertThat(ids(new Filter(null, YearMonth.of(2025, 3), null, null, true)))
                .containsExactly(box);
        assertThat(ids(new Filter(null, YearMonth.of(2025, 3), null, null, false)))
                .containsExactlyInAnyOrder(box, lost);
        assertThat(ids(new Filter(null, null, bob.person(), null, false))).isEmpty();
        assertThat(ids(new Filter(null, null, ann.person(), LostReason.PRICE, false)))
                .containsExactly(lost);
        assertThat(ids(new Filter(null, null, null, LostReason.NO_NEED, false))).isEmpty();
        assertThat(opportunities.pipeline(ann, OPEN).amount()).isEqualTo(Money.of("30.00"));
        var reasons = opportunities.pipeline(ann, ALL).lost();
        assertThat(reasons).containsExactly(new OpportunityRows.LostBy(LostReason.PRICE, 1, Money.of("40.00")));
    }

    /** Two stays of two and of six days: the middle is four; two of three that ended were won. */
    @Test
    void dwellTimesAndResultsAreMeasured() {
        var first = see("甲", "1.00", Stage.NEED, "2025-12-01");
        var second = see("乙", "1.00", Stage.NEED, "2025-12-01");
        var third = see("丙", "1.00", Stage.NEED, "2025-12-01");
        clock.set("2025-02-12T10:00");
        opportunities.advance(ann, first, Stage.OFFER);
        clock.set("2025-02-16T10:00");
        opportunities.advance(ann, second, Stage.OFFER);
        var need = column(Stage.NEED);
        assertThat(need.days()).isEqualTo(4.0);
        assertThat(need.over()).isEqualTo(2);
        assertThat(need.ended()).isZero();
        opportunities.win(ann, first, Money.of("1.00"));
        opportunities.win(ann, second, Money.of("1.00"));
        assertThat(line(third).slow()).as("three stays are needed").isFalse();
        var fourth = see("丁", "1.00", Stage.NEED, "2025-12-01");
        clock.set("2025-02-17T10:00");
        opportunities.lose(ann, fourth, LostReason.OTHER);
        assertThat(column(Stage.NEED).won()).isEqualTo(2);
        assertThat(column(Stage.NEED).ended()).isEqualTo(3);
        // The middle of 1, 2 and 6 days; the third has been there for seven.
        assertThat(column(Stage.NEED).days()).isEqualTo(2.0);
        assertThat(line(third).days()).isEqualTo(7);
        assertThat(line(third).slow()).isTrue();
        var stays = opportunities.whole(ann, first).stays();
        assertThat(stays).extracting(OpportunityRows.Stay::stage).containsExactly(Stage.NEED, Stage.OFFER, Stage.WON);
        assertThat(stays.get(1).days(clock.instant())).isEqualTo(4);
    }

    private OpportunityRows.Dwell column(Stage stage) {
        return Objects.requireNonNull(opportunities.pipeline(ann, ALL).columns().stream()
                .filter(column -> column.stage() == stage)
                .findFirst()
                .orElseThrow()
                .dwell());
    }

    private Opportunities.Line line(UUID id) {
        return opportunities.whole(ann, id).line();
    }

    @Test
    void theyFollowTheirCustomer() {
        var open = see("储值卡", "10.00", Stage.OFFER, "2025-02-20");
        var lost = see("礼盒", "10.00", Stage.OFFER, "2025-02-20");
        opportunities.lose(ann, lost, LostReason.PRICE);
        relations.release(ann, customer);
        assertThat(line(open).opportunity().agent()).isNull();
        relations.pick(bob, customer);
        assertThat(line(open).opportunity().agent()).isEqualTo(bob.person());
        assertThat(relations
                        .handOverAll(signed.lead(), bob.person(), ann.person())
                        .customers())
                .isEqualTo(1);
        assertThat(line(open).opportunity().agent()).isEqualTo(ann.person());
        assertThat(line(lost).opportunity().agent()).isEqualTo(ann.person());
        refused("relationship.refused.opportunityNotYours", () -> opportunities.advance(bob, open, Stage.NEED));
        refused("relationship.refused.provider", () -> opportunities.advance(signed.owner(), open, Stage.NEED));
    }

    /** A circle over two steps is refused; sales to who was referred are told. */
    @Test
    void referralsMakeNoCircle() {
        var second = held("王强");
        var third = held("赵六");
        referrals.note(ann, second, customer);
        referrals.note(ann, third, second);
        refused("relationship.refused.circle", () -> referrals.note(ann, customer, third));
        refused("relationship.refused.self", () -> referrals.note(ann, customer, customer));
        refused("relationship.refused.referred", () -> referrals.note(ann, third, customer));
        refused("relationship.refused.nobody", () -> referrals.note(ann, customer, "查无此人"));
        var sold = opportunities.see(
                ann, second, new Wanted("卡", Money.of("9.00"), Stage.OFFER, LocalDate.parse("2025-02-20"), null));
        opportunities.win(ann, sold, Money.of("8.00"));
        var of = referrals.of(ann, customer);
        assertThat(of.by()).isNull();
        assertThat(of.of()).hasSize(1);
        assertThat(of.of().getFirst().amount()).isEqualTo(Money.of("8.00"));
        assertThat(Objects.requireNonNull(referrals.of(ann, third).by()).other().id())
                .isEqualTo(second);
        referrals.withdraw(ann, third);
        assertThat(referrals.of(ann, third).by()).isNull();
        referrals.note(ann, third, "王强");
        assertThat(Objects.requireNonNull(referrals.of(ann, third).by()).other().id())
                .isEqualTo(second);
    }

    @ParameterizedTest
    @ValueSource(strings = {"zh-CN", "en"})
    void pagesAndTheFileShowThem(String language) throws UnsupportedEncodingException {
        var id = see("=储值卡, \"200\" 张", "40000.00", Stage.OFFER, "2025-02-20");
        var path = "/contracts/" + ann.contract() + "/relationships/opportunities";
        for (var view : List.of("board", "table")) {
            assertThat(get(ann, path + "?view=" + view + "&all=true&lang=" + language))
                    .contains("储值卡", "¥40,000.00", "¥20,000.00", path + "/" + id)
                    .doesNotContain("李静", "??");
        }
        assertThat(get(ann, path + "/" + id + "?lang=" + language))
                .contains("/won\"")
                .doesNotContain("??");
        assertThat(get(signed.owner(), path + "/" + id)).doesNotContain("/won\"");
        assertThat(get(ann, "/contracts/" + ann.contract() + "/relationships/" + customer + "?lang=" + language))
                .contains(path + "/" + id)
                .doesNotContain("??");
        assertThat(get(ann, path + "/opportunities.csv?month=2025-02"))
                .contains("1,\"'=储值卡, \"\"200\"\" 张\"," + customer + ",OFFER,0,40000.00,50,20000.00,2025-02-20")
                .doesNotContain("李");
        assertThat(get(ann, path + "/opportunities.csv?month=2025-03")).doesNotContain("储值卡");
    }

    private String get(Access who, String path) throws UnsupportedEncodingException {
        var answer = browser.get().uri(path).with(authentication(signedIn(who))).exchange();
        assertThat(answer).hasStatusOk();
        return answer.getResponse().getContentAsString();
    }

    private List<UUID> ids(Filter filter) {
        return opportunities.pipeline(ann, filter).lines().stream()
                .map(line -> line.opportunity().id())
                .toList();
    }

    private static void refused(String key, Runnable act) {
        assertThatThrownBy(act::run)
                .isInstanceOfSatisfying(
                        Refused.class,
                        refusal -> assertThat(refusal.sentence().key()).isEqualTo(key));
    }
}
