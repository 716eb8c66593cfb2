package io.retainer;

import io.retainer.billing.Billing;
import io.retainer.billing.OtherWork;
import io.retainer.billing.WhatIfDesk;
import io.retainer.complaint.DemoComplaints;
import io.retainer.contract.Amendment;
import io.retainer.contract.AmendmentLinks;
import io.retainer.contract.Amendments;
import io.retainer.contract.AnnexKind;
import io.retainer.contract.AnnexSheet;
import io.retainer.contract.Authority;
import io.retainer.contract.ContractImporter;
import io.retainer.contract.ContractLife;
import io.retainer.contract.Involvements;
import io.retainer.contract.Negotiation;
import io.retainer.contract.NewContract;
import io.retainer.contract.PartLinks;
import io.retainer.contract.Seal;
import io.retainer.contract.SealRegister;
import io.retainer.contract.SignatureMode;
import io.retainer.contract.SignedPapers;
import io.retainer.contract.Signing;
import io.retainer.contract.SigningLinks;
import io.retainer.contract.SigningPlan;
import io.retainer.contract.TermKey;
import io.retainer.contract.TermValue;
import io.retainer.customer.DemoCustomers;
import io.retainer.identity.Access;
import io.retainer.identity.DemoPeople;
import io.retainer.identity.Organisations;
import io.retainer.identity.People;
import io.retainer.identity.Role;
import io.retainer.identity.Standings;
import io.retainer.kernel.Clause;
import io.retainer.kernel.Money;
import io.retainer.kernel.Party;
import io.retainer.kernel.RmbWords;
import io.retainer.kernel.Sentence;
import io.retainer.liability.BreachCases;
import io.retainer.liability.BreachRule;
import io.retainer.liability.Defence;
import io.retainer.liability.Finding;
import io.retainer.relationship.DemoRelations;
import io.retainer.workorder.DeclineReason;
import io.retainer.workorder.FileContent;
import io.retainer.workorder.NewFile;
import io.retainer.workorder.Placement;
import io.retainer.workorder.QuoteLine;
import io.retainer.workorder.WorkOrders;
import io.retainer.workorder.WorkOrders.NewOrder;
import io.retainer.workorder.WorkOrders.NewQuote;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.ApplicationArguments;
import org.springframework.boot.ApplicationRunner;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.core.io.ClassPathResource;
import org.springframework.stereotype.Component;

/**
 * Fills an empty database with something to look at: people of two companies, a contract that has been in force for eleven
 * months, one in draft with problems, and one that was talked over and
 * waits for signatures. It does what people would do, by the same services, each act at its own time, so
 * every receipt, breach and ledger entry is real.
 */
@Component
@ConditionalOnBooleanProperty("retainer.demo")
class Demo implements ApplicationRunner, DemoPeople {

    private static final Logger log = LoggerFactory.getLogger(Demo.class);

    private static final ZoneId ZONE = ZoneId.of("Asia/Shanghai");
    private static final String PASSWORD = "demo-retainer-only";
    private static final String PLATFORM = "云联呼叫科技有限公司";
    private static final int CONTRACTS = 3;
    private static final List<String> LOGINS =
            List.of("lead", "agent", "owner", "finance", "lawyer", "partner", "outsider");
    private static final Money FEE = Money.of("1200000.00");

    private final Organisations organisations;
    private final People people;
    private final Standings standings;
    private final ContractLife contracts;
    private final Negotiation negotiation;
    private final Signing signing;
    private final SigningLinks links;
    private final SealRegister seals;
    private final SignedPapers papers;
    private final Amendments amendments;
    private final AmendmentLinks amendmentLinks;
    private final PartLinks partLinks;
    private final Involvements involvements;
    private final Billing billing;
    private final OtherWork otherWork;
    private final WhatIfDesk whatIf;
    private final DemoCustomers customers;
    private final WorkOrders orders;
    private final BreachCases breaches;
    private final DemoComplaints complaints;
    private final DemoRelations relations;
    private final Clock clock;
    private volatile boolean ready;
    private volatile boolean whole;

    Demo(
            Organisations organisations,
            People people,
            Standings standings,
            ContractLife contracts,
            Negotiation negotiation,
            Signing signing,
            SigningLinks links,
            SealRegister seals,
            SignedPapers papers,
            Amendments amendments,
            AmendmentLinks amendmentLinks,
            PartLinks partLinks,
            Involvements involvements,
            Billing billing,
            OtherWork otherWork,
            WhatIfDesk whatIf,
            DemoCustomers customers,
            WorkOrders orders,
            BreachCases breaches,
            DemoComplaints complaints,
            DemoRelations relations,
            Clock clock) {
        this.organisations = organisations;
        this.people = people;
        this.standings = standings;
        this.contracts = contracts;
        this.negotiation = negotiation;
        this.signing = signing;
        this.links = links;
        this.seals = seals;
        this.papers = papers;
        this.amendments = amendments;
        this.amendmentLinks = amendmentLinks;
        this.partLinks = partLinks;
        this.involvements = involvements;
        this.billing = billing;
        this.otherWork = otherWork;
        this.whatIf = whatIf;
        this.customers = customers;
        this.orders = orders;
        this.breaches = breaches;
        this.complaints = complaints;
        this.relations = relations;
        this.clock = clock;
    }

    @Override
    public List<DemoPerson> people() {
        return LOGINS.stream()
                .map(login -> new DemoPerson(login, Sentence.of("workbench.demo." + login)))
                .toList();
    }

    @Override
    public String password() {
        return PASSWORD;
    }

    @Override
    public boolean ready() {
        return ready;
    }

    @Override
    public boolean whole() {
        return whole;
    }

    @Override
    public void run(ApplicationArguments arguments) {
        if (people.withLogin(LOGINS.getFirst()).isEmpty()) {
            fill();
        }
        // The contract in draft is made last.
        whole = standings
                        .contracts(people.withLogin(LOGINS.getFirst()).orElseThrow(), clock.instant())
                        .size()
                >= CONTRACTS;
        if (!whole) {
            log.warn(
                    "The demo is not whole: its first filling was interrupted. For a new one stop, delete the data directory, start.");
        }
        ready = true;
    }

    private void fill() {
        var client = organisations.namedOrNew("晴川连锁零售有限公司").id();
        var provider = organisations.namedOrNew("知远客户服务有限公司").id();
        var elsewhere = organisations.namedOrNew("无关科技有限公司").id();
        var lead = people.add("lead", "林岚", PASSWORD, provider, Role.OPERATIONS_LEAD);
        var agent = people.add("agent", "陈晨", PASSWORD, provider, Role.AGENT);
        var owner = people.add("owner", "周明", PASSWORD, client, Role.OWNER);
        people.add("finance", "吴芳", PASSWORD, client, Role.FINANCE);
        people.add("lawyer", "郑律", PASSWORD, client, Role.LAWYER);
        people.add("partner", "顾云", PASSWORD, organisations.namedOrNew(PLATFORM).id(), Role.OWNER);
        people.add("outsider", "何人", PASSWORD, elsewhere, Role.OWNER);
        var today = LocalDate.ofInstant(clock.instant(), ZONE);
        live(today, provider, lead, agent, owner);
        negotiated(today, provider, lead, owner);
        draft(today, provider, lead);
    }

    /** Eleven instalments have fallen due: the fifth was paid 17 days late, the eleventh is open and was demanded. */
    private void live(LocalDate today, UUID provider, UUID lead, UUID agent, UUID owner) {
        var start = today.minusDays(20).withDayOfMonth(1).minusMonths(10);
        var values = new TreeMap<String, String>(Map.of(
                "start", words(start),
                "end", words(start.plusYears(1).minusDays(1)),
                "months", "12",
                "fee", FEE.formatted(),
                "feeWords", RmbWords.of(FEE),
                "instalments", "12",
                "rate", "5%",
                "place", "签订地:上海市浦东新区\n",
                "signed", words(start.minusDays(11))));
        var made = keep(at(start, -20, 10), provider, lead, values);
        on(at(start, -18, 15), () -> annexes(made, lead));
        on(at(start, -16, 9), () -> confirm(made, lead));
        on(at(start, -15, 14), () -> confirm(made, owner));
        on(at(start, -14, 10), () -> signing.open(access(lead, made), SigningPlan.PLATFORM, null));
        on(at(start, -12, 16), () -> sign(made, owner, "周明", null));
        var seal = new UUID[1];
        on(
                at(start, -12, 17),
                () -> seal[0] = seals.grant(lead, null, provider, Seal.Kind.CONTRACT, "知远合同专用章（1）", lead));
        on(at(start, -11, 9), () -> sign(made, lead, "林岚", seal[0]));
        on(at(start, -11, 9).plusSeconds(60), () -> papers.run(clock.instant()));
        on(at(start, 1, 10), () -> customers.fill(access(lead, made)));
        on(at(start, 96, 14), () -> customers.importBranch(access(lead, made)));
        on(at(start, 201, 11), () -> customers.importShop(access(lead, made)));
        on(at(today, -1, 16), () -> customers.uploadCards(access(lead, made)));
        for (int number = 1; number <= 11; number++) {
            var due = start.plusMonths(number - 1);
            if (number == 11) {
                on(at(due, 5, 11), () -> billing.demand(access(lead, made), 11, at(due, 5, 10), null));
            } else if (number == 5) {
                on(at(due, 2, 11), () -> billing.demand(access(lead, made), 5, at(due, 2, 10), null));
                pay(made, lead, 5, at(due, 17, 15));
            } else {
                pay(made, lead, number, at(due, -2 - number % 4, 10));
            }
        }
        workOrders(made, lead, agent, owner, today);
        on(at(today, -30, 10), () -> relations.begin(access(lead, made)));
        on(at(today, -20, 10), () -> relations.work(access(agent, made), at(today, -20, 9)));
        relations.sell(access(agent, made), today, Demo::on);
        on(at(today, -10, 15), () -> relations.handOver(access(lead, made), agent));
        on(at(today, -8, 10), () -> relations.company(access(lead, made), access(agent, made), at(today, -8, 9)));
        on(at(today, -5, 9), () -> relations.plan(access(agent, made), access(lead, made), today));
        liability(made, lead, owner, today);
        extension(made, lead, start, at(today, -1, 10));
        thirdPartyChange(made, owner, today);
        complaints.fill(access(lead, made), access(agent, made), access(owner, made), clock.instant(), Demo::on);
        // What if the next instalment is not paid and the client is told so: shown to the client by a link.
        int next = Math.min(12, (int) ChronoUnit.MONTHS.between(start, today) + 2);
        var due = start.plusMonths(next - 1);
        on(
                at(today, -1, 11),
                () -> whatIf.share(
                        access(lead, made),
                        List.of("unpaid~" + next, "demanded~" + next + "~" + due.plusDays(3)),
                        at(due, 12, 12),
                        "下一期不付会怎样",
                        90));
    }

    /** Comments, an accepted wording and an accepted value, one proposal still open, and a link to sign by. */
    private void negotiated(LocalDate today, UUID provider, UUID lead, UUID owner) {
        var start = today.plusMonths(3).withDayOfMonth(1);
        var fee = Money.of("240000.00");
        var made = keep(
                at(today, -9, 10),
                provider,
                lead,
                new TreeMap<>(Map.of(
                        "start", words(start),
                        "end", words(start.plusYears(1).minusDays(1)),
                        "months", "12",
                        "fee", fee.formatted(),
                        "feeWords", RmbWords.of(fee),
                        "instalments", "12",
                        "rate", "5%",
                        "place", "签订地:上海市浦东新区\n",
                        "signed", "____年____月____日")));
        on(at(today, -8, 10), () -> {
            annexes(made, lead);
            thirdParty(made, lead);
        });
        on(
                at(today, -7, 10),
                () -> negotiation.comment(access(owner, made), null, Clause.I_4_2, "我方门店员工流动大，请写明员工离职后仍受约束。"));
        on(at(today, -7, 15), () -> negotiation.comment(access(lead, made), null, Clause.I_4_2, "同意，我方提议在条款末尾加一句。"));
        var wording = new UUID[1];
        on(at(today, -7, 16), () -> {
            var now = negotiation.words(access(lead, made), Clause.I_4_2);
            wording[0] = negotiation.propose(
                    access(lead, made),
                    null,
                    new Negotiation.Wanted(Clause.I_4_2, null, now + "双方应使各自员工在职期间及离职后一并遵守。", "回应甲方关于员工保密的意见"),
                    null);
        });
        on(at(today, -6, 9), () -> negotiation.accept(access(owner, made), wording[0], null));
        propose(made, owner, TermKey.SUSPENSION_NOTICE, "7", "五个工作日来不及走付款流程", at(today, -6, 10));
        on(at(today, -5, 9), () -> confirm(made, lead));
        on(at(today, -5, 10), () -> confirm(made, owner));
        on(
                at(today, -4, 9),
                () -> signing.open(
                        access(lead, made),
                        new SigningPlan(SigningPlan.Sequence.PROVIDER_FIRST, today.plusDays(20), 3),
                        null));
        on(
                at(today, -4, 10),
                () -> links.invite(
                        access(lead, made),
                        null,
                        new SigningLinks.Invitation(Party.PROVIDER, "许建国", "xu.jianguo@zhiyuan.example", "zh")));
        on(
                at(today, -4, 11),
                () -> partLinks.invite(
                        access(lead, made),
                        null,
                        new SigningLinks.Invitation(Party.THIRD_PARTY, "顾云", "gu.yun@yunlian.example", "zh")));
    }

    private void propose(ContractLife.Made made, UUID by, TermKey key, String value, String reason, Instant when) {
        on(
                when,
                () -> negotiation.propose(
                        access(by, made), null, new Negotiation.Wanted(key.clause(), key, value, reason), null));
    }

    /** An outage of a platform that the provider brought in: proposed by the client; and wrong data, still being proven. */
    private void liability(ContractLife.Made made, UUID lead, UUID owner, LocalDate today) {
        var outage = new UUID[1];
        on(
                at(today, -24, 10),
                () -> outage[0] = breaches.file(
                        access(owner, made),
                        new BreachCases.NewBreach(
                                BreachRule.TECHNICAL_OUTAGE,
                                today.minusDays(26),
                                today.minusDays(25),
                                "云呼叫平台宕机六小时，会员日来电未能接入。",
                                PLATFORM)));
        for (var element : BreachRule.TECHNICAL_OUTAGE.elements()) {
            on(
                    at(today, -23, 10),
                    () -> breaches.find(
                            access(owner, made), outage[0], element, sha256("云呼叫平台故障记录 " + element.name())));
        }
        on(at(today, -23, 11), () -> breaches.check(access(owner, made), outage[0]));
        on(
                at(today, -20, 11),
                () -> breaches.answer(access(lead, made), outage[0], Defence.CONTRIBUTION, "甲方当日更改线路未提前告知，应承担部分责任。"));
        on(
                at(today, -18, 15),
                () -> breaches.propose(
                        access(owner, made),
                        outage[0],
                        new Finding(
                                Money.of("50000.00"),
                                Money.ZERO,
                                Money.ZERO,
                                BigDecimal.TEN,
                                null,
                                Money.ZERO,
                                List.of(),
                                new Finding.Third(Party.PROVIDER, false, Money.of("10000.00")),
                                false,
                                null),
                        15));
        on(
                at(today, -6, 10),
                () -> breaches.file(
                        access(owner, made),
                        new BreachCases.NewBreach(
                                BreachRule.WRONG_DATA,
                                today.minusDays(9),
                                today.minusDays(7),
                                "外购的地址数据缺少单元号，三百份会员礼退回。",
                                "方位数据有限公司")));
    }

    /** Three months more at the same price: the provider has proposed it, nobody has signed. */
    private void extension(ContractLife.Made made, UUID lead, LocalDate start, Instant when) {
        var wanted = new Amendments.Wanted(
                Amendment.Kind.EXTENSION,
                start.plusYears(1),
                "服务效果良好，双方拟续期三个月",
                Map.of(
                        TermKey.TERM_END,
                        new TermValue.Day(start.plusMonths(15).minusDays(1)),
                        TermKey.FEE_TOTAL,
                        new TermValue.Amount(Money.of("1500000.00")),
                        TermKey.FEE_INSTALMENTS,
                        new TermValue.Whole(15)));
        var drafted = new UUID[1];
        on(when, () -> drafted[0] = amendments.draft(access(lead, made), null, wanted));
        on(
                when.plus(Duration.ofMinutes(10)),
                () -> amendments.proposeAnnex(access(lead, made), drafted[0], longerSchedule(made, start), null));
        on(when.plus(Duration.ofMinutes(20)), () -> amendments.propose(access(lead, made), drafted[0]));
    }

    /** Annex 3 with three more instalments. */
    private AnnexSheet longerSchedule(ContractLife.Made made, LocalDate start) {
        var sheet = contracts.proposedAnnex(made.tenant(), made.contract(), AnnexKind.PAYMENT);
        var lines = new ArrayList<>(sheet.of("lines"));
        for (int number = 13; number <= 15; number++) {
            lines.add(new AnnexSheet.Row(Map.of(
                    "number",
                    Integer.toString(number),
                    "amount",
                    "100000.00",
                    "payBefore",
                    start.plusMonths(number - 1).toString())));
        }
        return sheet.with("lines", lines)
                .with("total", "total", "1500000.00")
                .with("total", "words", RmbWords.of(Money.of("1500000.00")));
    }

    /** A longer notice when the platform's operator leaves: it signs that too, by a link. */
    private void thirdPartyChange(ContractLife.Made made, UUID owner, LocalDate today) {
        var third = PLATFORM;
        var drafted = new UUID[1];
        on(
                at(today, -1, 14),
                () -> drafted[0] = amendments.draft(
                        access(owner, made),
                        null,
                        new Amendments.Wanted(
                                Amendment.Kind.CHANGE,
                                today.plusDays(5),
                                "宕机后约定：平台方退出须更早通知",
                                Map.of(TermKey.EXIT_NOTICE, new TermValue.Whole(45)),
                                third)));
        on(at(today, -1, 15), () -> amendments.propose(access(owner, made), drafted[0]));
        on(
                at(today, -1, 16),
                () -> amendmentLinks.invite(
                        access(owner, made),
                        drafted[0],
                        null,
                        new SigningLinks.Invitation(Party.THIRD_PARTY, "顾云", "gu.yun@yunlian.example", "zh")));
        on(at(today, -1, 16), () -> involvements.invite(access(owner, made), third));
    }

    /** Other work the client asked for: one of each kind, from the first question to the acceptance. */
    private void workOrders(ContractLife.Made made, UUID lead, UUID agent, UUID owner, LocalDate today) {
        var report = ask(
                made,
                owner,
                at(today, -18, 10),
                Clause.I_1_1_7,
                "双十一促销对账报表",
                "按门店、按日汇总会员订单与退款，核对优惠券核销金额，附差异清单。",
                false);
        on(at(today, -17, 9), () -> orders.takeAsChange(access(lead, made), report, true, "需单独开发报表"));
        on(at(today, -17, 15), () -> orders.quote(access(lead, made), report, quote(today.minusDays(3), null)));
        on(at(today, -16, 11), () -> orders.acceptQuote(access(owner, made), report, 1));
        on(at(today, -15, 9), () -> orders.start(access(agent, made), report));
        on(
                at(today, -9, 17),
                () -> orders.deliver(
                        access(agent, made),
                        report,
                        "报表与差异清单见附件。",
                        List.of(file("对账差异清单.csv", "门店,日期,差异金额\n张杨路店,11-11,36.50\n滨江店,11-12,0.00\n"))));
        on(at(today, -8, 10), () -> orders.accept(access(owner, made), report, "数据无误"));

        var survey = ask(made, owner, at(today, -14, 14), Clause.I_1_1_4, "满意度问卷增加门店题目", "每份问卷增加两道门店服务题。", false);
        on(
                at(today, -13, 10),
                () -> orders.takeInScope(
                        access(lead, made), survey, true, new BigDecimal("6"), today.minusDays(4), "属于满意度调查服务"));
        on(at(today, -12, 9), () -> orders.start(access(agent, made), survey));
        on(at(today, -9, 16), () -> orders.deliver(access(agent, made), survey, "新问卷已上线。", List.of()));
        on(at(today, -8, 15), () -> orders.reject(access(owner, made), survey, "第二题缺少“不适用”选项。", List.of()));
        on(at(today, -2, 11), () -> orders.deliver(access(agent, made), survey, "已补充选项。", List.of()));

        var cards = ask(made, owner, at(today, -16, 14), Clause.I_1_1_7, "新会员卡样张设计", "三款样张，含印刷文件。", false);
        on(at(today, -15, 9), () -> orders.takeAsChange(access(lead, made), cards, true, null));
        on(
                at(today, -15, 10),
                () -> orders.quote(
                        access(lead, made),
                        cards,
                        new NewQuote(
                                new BigDecimal("20"),
                                List.of(new QuoteLine(
                                        "样张设计", new BigDecimal("3"), Money.of("1200.00"), BigDecimal.valueOf(6))),
                                Placement.OWN,
                                20,
                                today.minusDays(8),
                                today.minusDays(9),
                                "单独支付")));
        on(at(today, -14, 9), () -> orders.acceptQuote(access(owner, made), cards, 1));
        on(at(today, -14, 11), () -> orders.start(access(agent, made), cards));
        on(at(today, -10, 11), () -> orders.deliver(access(agent, made), cards, "三款样张已交付。", List.of()));
        on(at(today, -9, 10), () -> orders.accept(access(owner, made), cards, null));
        on(at(today, -7, 10), () -> {
            var charge = otherWork.unpaid(access(lead, made)).getFirst();
            var part = otherWork.pay(access(lead, made), charge, Money.of("2000.00"), at(today, -7, 9), "DEMO-CARDS-1");
            otherWork.issueReceipt(access(lead, made), part);
            otherWork.pay(access(lead, made), charge, Money.of("600.00"), at(today, -7, 9), "DEMO-CARDS-2");
        });

        var list = ask(made, owner, at(today, -11, 10), Clause.I_1_1_7, "购买同行客户名单", "向第三方购买周边同行的会员名单用于推广。", false);
        on(
                at(today, -10, 10),
                () -> orders.decline(access(lead, made), list, DeclineReason.UNLAWFUL, "未经个人同意取得名单违反个人信息保护法第十三条。"));

        var weekly = ask(made, owner, at(today, -5, 9), Clause.I_1_1_2, "投诉周报增加英文版", "供集团总部阅读。", false);
        on(at(today, -4, 10), () -> orders.takeAsChange(access(lead, made), weekly, true, null));
        on(
                at(today, -4, 11),
                () -> orders.quote(access(lead, made), weekly, quote(today.plusDays(20), today.plusDays(10))));

        ask(
                made,
                agent,
                at(today, -1, 9),
                Clause.I_1_1_7,
                "新店开业当日加派客服",
                "周总来电提出：开业当日上午加派两名客服。",
                true,
                file("开业排班.csv", "时段,人数\n09:00-12:00,2\n"));
        ask(
                made,
                owner,
                at(today, -1, 8),
                Clause.I_1_1_3,
                "会员生日名单提前一周提供",
                "每周一提供下周过生日的会员数量。",
                false,
                file("名单样式.csv", "门店,生日周,人数\n张杨路店,12-07,18\n"));
    }

    private UUID ask(
            ContractLife.Made made,
            UUID person,
            Instant when,
            Clause clause,
            String title,
            String details,
            boolean urgent,
            NewFile... files) {
        var asked = new UUID[1];
        on(
                when,
                () -> asked[0] = orders.request(
                        access(person, made), new NewOrder(clause, title, details, urgent, List.of(files))));
        return asked[0];
    }

    /** Of a paper the two keep elsewhere. */
    private static String sha256(String paper) {
        try {
            return HexFormat.of()
                    .formatHex(MessageDigest.getInstance("SHA-256").digest(paper.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    private static NewFile file(String name, String text) {
        return new NewFile(name, new FileContent(text.getBytes(StandardCharsets.UTF_8)));
    }

    private static NewQuote quote(LocalDate readyOn, @Nullable LocalDate validUntil) {
        return new NewQuote(
                new BigDecimal("12"),
                List.of(
                        new QuoteLine("数据核对", new BigDecimal("8"), Money.of("265.00"), BigDecimal.valueOf(6)),
                        new QuoteLine("报表制作", new BigDecimal("4"), Money.of("318.00"), BigDecimal.valueOf(6))),
                Placement.NEXT_INSTALMENT,
                null,
                readyOn,
                validUntil,
                "含一次修改");
    }

    /** Blanks, a template marker, and contradictions of every kind. */
    private void draft(LocalDate today, UUID provider, UUID lead) {
        var start = today.plusMonths(2).withDayOfMonth(1);
        var values = new TreeMap<String, String>(Map.of(
                "start", words(start),
                "end", words(start.plusYears(1).minusDays(1)),
                "months", "11",
                "fee", "360,000.00",
                "feeWords", RmbWords.of(Money.of("630000.00")),
                "instalments", "7",
                "rate", "____%",
                "place", "",
                "signed", "____年____月____日"));
        values.put("rateStd", "5%");
        values.put("rateEx", "3%");
        keep(clock.instant().minus(Duration.ofHours(26)), provider, lead, values);
    }

    private ContractLife.Made keep(Instant when, UUID provider, UUID lead, Map<String, String> values) {
        values.putIfAbsent("rateStd", values.get("rate"));
        values.putIfAbsent("rateEx", values.get("rate"));
        values.put("client", "晴川连锁零售有限公司");
        values.put("clientAddress", "上海市浦东新区张杨路500号");
        values.put("provider", "知远客户服务有限公司");
        values.put("providerAddress", "浙江省杭州市滨江区江南大道1000号");
        var text = template();
        for (var value : values.entrySet()) {
            text = text.replace("{" + value.getKey() + "}", value.getValue());
        }
        var imported = ContractImporter.pasted(text);
        var wanted = new NewContract(provider, Party.PROVIDER, values.get("client"));
        var made = new ContractLife.Made[1];
        on(when, () -> made[0] = contracts.keep(lead, null, wanted, imported));
        return made[0];
    }

    /** Whose telephone platform the provider works on: annex 5. */
    private void thirdParty(ContractLife.Made made, UUID person) {
        contracts.saveAnnex(
                access(person, made),
                contracts
                        .proposedAnnex(made.tenant(), made.contract(), AnnexKind.THIRD_PARTY)
                        .with("engagement", "name", PLATFORM)
                        .with("engagement", "nature", "TECHNICAL_SUPPORT")
                        .with("engagement", "introducedBy", "PROVIDER")
                        .with(
                                "tasks",
                                List.of(new AnnexSheet.Row(Map.of("service", "COMPLAINTS", "content", "云呼叫平台的运行与维护"))))
                        .with("cap", "amount", "200000"),
                null);
    }

    /** Annexes 1 to 4 as the platform proposes them, with the bank account only the provider knows. */
    private void annexes(ContractLife.Made made, UUID person) {
        for (var kind : AnnexKind.values()) {
            if (kind.isDueAtSigning()) {
                var sheet = contracts.proposedAnnex(made.tenant(), made.contract(), kind);
                if (kind == AnnexKind.PAYMENT) {
                    sheet = sheet.with("payment", "bank", "示例银行杭州滨江支行")
                            .with("payment", "account", "0000 1111 2222 3333 4444");
                }
                contracts.saveAnnex(access(person, made), sheet, null);
            }
        }
    }

    private void confirm(ContractLife.Made made, UUID person) {
        var access = access(person, made);
        var terms = contracts.terms(made.tenant(), made.contract());
        if (terms.get(TermKey.LATE_MODE).value() == null) {
            contracts.fill(access, TermKey.LATE_MODE, TermValue.parse(TermKey.LATE_MODE, "FLAT"), null);
        }
        contracts.confirm(
                access,
                contracts.terms(made.tenant(), made.contract()).entries().stream()
                        .filter(entry -> entry.value() != null)
                        .map(entry -> entry.key())
                        .toList(),
                null);
    }

    private void sign(ContractLife.Made made, UUID person, String name, @Nullable UUID seal) {
        var hash = contracts.hash(made.tenant(), made.contract()).orElseThrow();
        signing.sign(
                access(person, made),
                new Signing.Given(hash, SignatureMode.SEAL, name, Authority.words("法定代表人授权委托书"), seal));
    }

    private void pay(ContractLife.Made made, UUID lead, int number, Instant credited) {
        var payment = new UUID[1];
        on(
                credited.plus(Duration.ofHours(1)),
                () -> payment[0] = billing.recordPayment(
                        access(lead, made),
                        new Billing.NewPayment(
                                credited,
                                null,
                                Money.of("100000.00"),
                                number,
                                null,
                                "DEMO-%02d-%s"
                                        .formatted(
                                                number,
                                                made.contract().toString().substring(24)),
                                "晴川连锁零售有限公司")));
        on(credited.plus(Duration.ofHours(20)), () -> billing.issueReceipt(access(lead, made), payment[0]));
    }

    private Access access(UUID person, ContractLife.Made made) {
        return standings.access(person, made.contract(), clock.instant());
    }

    private static void on(Instant when, Runnable act) {
        ScopedClock.at(when, act);
    }

    private static Instant at(LocalDate day, int days, int hour) {
        return day.plusDays(days).atTime(hour, 0).atZone(ZONE).toInstant();
    }

    private static String words(LocalDate date) {
        return "%d年%d月%d日".formatted(date.getYear(), date.getMonthValue(), date.getDayOfMonth());
    }

    private static String template() {
        try {
            return new ClassPathResource("demo/contract.txt").getContentAsString(StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
