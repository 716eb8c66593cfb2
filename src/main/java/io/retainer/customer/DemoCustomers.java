package io.retainer.customer;

import io.retainer.identity.Access;
import io.retainer.kernel.Ids;
import io.retainer.kernel.Money;
import io.retainer.vault.Purpose;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.UUID;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.stereotype.Component;

/** Invented customers for the demo, some of them known twice: surely, perhaps, and one pair merged already. */
@Component
@ConditionalOnBooleanProperty("retainer.demo")
public class DemoCustomers {

    private static final String FAMILIES = "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦许何吕施张孔曹严华金魏陶";
    private static final String GIVEN = "雨桐梓涵思远嘉怡子墨欣然浩宇晨曦佳琪文博雅婷俊杰";
    private static final String ROADS = "张杨世纪潍坊浦电东方崂山";
    private static final int PEOPLE = 120;
    private static final int TWICE = 8;
    private static final int MEMBERS = 180;
    private static final ZoneId ZONE = ZoneId.of("Asia/Shanghai");

    private final Customers customers;
    private final Duplicates duplicates;
    private final Orders orders;
    private final Events events;
    private final ChurnLabels labels;
    private final ValueAnalysis analysis;
    private final ChurnAnalysis churn;
    private final ProfileNotes notes;
    private final ProfileFiles files;
    private final Segments segments;
    private final Exports exports;
    private final Quality quality;
    private final Imports imports;
    private final ImportWorker worker;
    private final SignUps signUps;
    private final Clock clock;

    DemoCustomers(
            Customers customers,
            Duplicates duplicates,
            Orders orders,
            Events events,
            ChurnLabels labels,
            ValueAnalysis analysis,
            ChurnAnalysis churn,
            ProfileNotes notes,
            ProfileFiles files,
            Segments segments,
            Exports exports,
            Quality quality,
            Imports imports,
            ImportWorker worker,
            SignUps signUps,
            Clock clock) {
        this.customers = customers;
        this.duplicates = duplicates;
        this.orders = orders;
        this.events = events;
        this.labels = labels;
        this.analysis = analysis;
        this.churn = churn;
        this.notes = notes;
        this.files = files;
        this.segments = segments;
        this.exports = exports;
        this.quality = quality;
        this.imports = imports;
        this.worker = worker;
        this.signUps = signUps;
        this.clock = clock;
    }

    /** Adds them and looks for duplicates. */
    public void fill(Access access) {
        customers.addField(access, new CustomField(Ids.next(), "level", "会员等级", CustomField.Type.TEXT, false));
        var random = new Random(1);
        var first = new ArrayList<UUID>();
        for (int i = 0; i < PEOPLE; i++) {
            var name = "" + FAMILIES.charAt(i % FAMILIES.length()) + letter(random, GIVEN) + letter(random, GIVEN);
            var phone = "139%08d".formatted(random.nextInt(100_000_000));
            var email = "guest%03d@example.com".formatted(100 + i);
            var road = 2 * random.nextInt(ROADS.length() / 2);
            var address = "上海市浦东新区%s路%d号%d室"
                    .formatted(ROADS.substring(road, road + 2), 1 + random.nextInt(900), 101 + random.nextInt(1500));
            first.add(add(access, name, phone, email, address, "R%04d".formatted(1000 + i), "门店会员登记"));
            if (i % TWICE == 0) {
                // Again from the web shop: the same phone, or only the name and the street, or a slip in the name.
                boolean surely = i % (3 * TWICE) == 0;
                boolean perhaps = i % (3 * TWICE) == TWICE;
                var other = "138%08d".formatted(random.nextInt(100_000_000));
                var again = perhaps
                        ? perhaps(access, i / (3 * TWICE), name, phone, other, address)
                        : add(access, name, phone, surely ? email : "", address.replace("上海市", ""), "", "线上商城");
                if (i == 0) {
                    duplicates.merge(access, first.getFirst(), again, Map.of());
                }
            }
            // A household: another person, the same address and phone.
            if (i % 30 == 7) {
                add(access, name.charAt(0) + "" + letter(random, GIVEN), phone, "", address, "", "门店会员登记");
            }
        }
        know(access, first);
        buy(access, first, random);
        online(access, random);
        duplicates.search(access);
        quality.measure(access);
        signUps.open(access, "海棠酒店");
        analysis.compute(access);
        churn.compute(access, 180);
        segment(access);
    }

    /**
     * A list of a branch as it came out of its till, in GB18030, below a title and with the rows that such a list has: some come
     * back with the reason. Some customers are known already.
     */
    public void importBranch(Access access) {
        var random = new Random(2);
        var rows = new StringBuilder("徐汇店会员导出,,,,,\r\n会员姓名,手机号码,邮箱,家庭住址,会员编号,会员等级\r\n");
        for (int i = 0; i < 86; i++) {
            var name = "" + letter(random, FAMILIES) + letter(random, GIVEN) + letter(random, GIVEN);
            var phone = "135%08d".formatted(random.nextInt(100_000_000));
            var email = i % 3 == 0 ? "xuhui%03d@example.com".formatted(i) : "";
            var address = i % 4 == 0 ? "上海市徐汇区漕溪路%d号".formatted(1 + random.nextInt(300)) : "";
            switch (i) {
                case 11 -> phone = phone.substring(0, 10);
                case 19, 20 -> phone = "1.35E+10";
                case 33 -> email = "xuhui033#example.com";
                case 41 -> name = "";
                case 52 -> name = "=HYPERLINK(A1)";
                case 64 -> address = "上海市徐汇区肇嘉浜路8号,近天钥桥路";
                case 70 -> phone = "无";
                default -> {}
            }
            var reference = i == 77 ? "X2003" : "X%04d".formatted(2000 + i);
            rows.append(String.join(",", name, phone, email, address, reference, i % 5 == 0 ? "金卡" : "普通"))
                    .append("\r\n");
        }
        take(
                access,
                new Imports.Sending(ImportFormat.CSV, null, null, "徐汇店会员.csv", null),
                rows.toString().getBytes(Encoding.GB18030),
                new Imports.Ground("徐汇店会员登记", "海棠酒店徐汇店", LawfulBasis.CONTRACT, DataPurpose.SERVICE),
                Map.of("EMAIL", new Imports.Ground("电子发票抬头", "海棠酒店财务部", LawfulBasis.CONSENT, DataPurpose.MARKETING)));
    }

    /** Lines of the web shop's export, of which two are damaged; they bring numbers and addresses the branches do not know. */
    public void importShop(Access access) {
        var random = new Random(3);
        var lines = new StringBuilder();
        for (int i = 0; i < 60; i++) {
            var name = "" + letter(random, FAMILIES) + letter(random, GIVEN) + letter(random, GIVEN);
            var line = """
                    {"name":"%s","phones":["136%08d"],"email":"shop%03d@example.com","id":"S%04d",\
                    "address":"上海市静安区南京西路%d号","level":"%s"}""".formatted(name, random.nextInt(100_000_000), i, 3000 + i, 1 + i, i % 4 == 0 ? "银卡" : "普通");
            lines.append(i == 17 ? line.substring(0, 40) : i == 44 ? line.replace("@example", "(at)example") : line)
                    .append('\n');
        }
        take(
                access,
                new Imports.Sending(ImportFormat.JSONL, null, null, "shop-export.jsonl", null),
                lines.toString().getBytes(StandardCharsets.UTF_8),
                new Imports.Ground("线上商城导出", "海棠酒店电商部", LawfulBasis.CONSENT, DataPurpose.SERVICE),
                Map.of());
    }

    /** Cards of a fair, uploaded and not started: somebody must say what goes where. */
    public void uploadCards(Access access) {
        var cards = new StringBuilder();
        for (int i = 0; i < 6; i++) {
            cards.append("""
                    BEGIN:VCARD
                    VERSION:3.0
                    FN:%s
                    TEL;TYPE=CELL:136%08d
                    CATEGORIES:展会
                    END:VCARD
                    """.formatted(
                            "" + FAMILIES.charAt(i) + GIVEN.charAt(2 * i) + GIVEN.charAt(2 * i + 1), 70_000_000 + i));
        }
        upload(
                access,
                new Imports.Sending(ImportFormat.VCARD, null, null, "展会名片.vcf", null),
                cards.toString().getBytes(StandardCharsets.UTF_8));
    }

    private ImportBatch upload(Access access, Imports.Sending sending, byte[] bytes) {
        try {
            return imports.upload(access, sending, new ByteArrayInputStream(bytes));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void take(
            Access access,
            Imports.Sending sending,
            byte[] bytes,
            Imports.Ground ground,
            Map<String, Imports.Ground> grounds) {
        var batch = upload(access, sending, bytes);
        imports.begin(access, batch.id(), batch.mapping(), ground, grounds);
        worker.run(access.tenant(), batch.id());
    }

    /** Three by rules, one kept by hand, and a list that was given out and one that waits for the client. */
    private void segment(Access access) {
        var regulars = segments.make(
                access,
                "常客",
                new Rule.All(List.of(
                        new Rule.Bought(Rule.Limit.AT_LEAST, 3, 730),
                        new Rule.Any(List.of(
                                new Rule.Tagged("VIP"),
                                new Rule.Spent(Rule.Limit.AT_LEAST, new BigDecimal("1000"), 730))))));
        segments.make(
                access,
                "久未下单的会员",
                new Rule.All(List.of(
                        new Rule.LastBought(Rule.Limit.AT_LEAST, 180),
                        new Rule.Reachable(ContactKind.PHONE),
                        new Rule.Not(new Rule.CameFrom("线上商城")))));
        segments.make(
                access,
                "值得挽留",
                new Rule.All(List.of(
                        new Rule.Scored(Rule.Measure.MONETARY, Rule.Limit.AT_LEAST, 4),
                        new Rule.Scored(Rule.Measure.RECENCY, Rule.Limit.AT_MOST, 2))));
        var invited = segments.make(access, "周年活动邀请", null);
        segments.put(access, invited, List.of("R1003", "R1004", "R1005", "R1010", "R1015"));
        exports.ask(access, regulars, true, DataPurpose.ANALYSIS, "核对常客人数");
        exports.ask(access, invited, false, DataPurpose.SERVICE, "打印周年活动邀请函");
    }

    /** A company with two contacts, notes, and a file. */
    private void know(Access access, List<UUID> people) {
        var company = customers.add(
                access,
                new NewCustomer(
                        CustomerKind.COMPANY,
                        "上海云帆会展有限公司",
                        "B2001",
                        null,
                        List.of(new NewCustomer.Contact(ContactKind.PHONE, "021-62501234", "总机")),
                        List.of("企业"),
                        Map.of()),
                new Origin("年度框架协议", "海棠酒店销售部", LawfulBasis.CONTRACT, DataPurpose.SERVICE, null));
        customers.join(access, company, people.get(3).toString(), "采购");
        customers.join(access, company, people.get(4).toString(), "财务");
        customers.addContact(
                access,
                people.get(3),
                new NewCustomer.Contact(ContactKind.EMAIL, "purchase@yunfan.example.com", "公司"),
                new Origin("名片交换", "上海云帆会展有限公司", LawfulBasis.CONSENT, DataPurpose.SERVICE, null));
        notes.add(access, company, "开票前先确认抬头和项目编号。", false);
        notes.add(access, people.get(3), "对花生过敏，安排茶歇时注意。", true);
        customers.reveal(access, people.get(3), people.get(3), Purpose.SERVICE, "开票寄送，核对收件人姓名");
        customers.reveal(access, company, company, Purpose.CORRECTION, "核对公司全称与营业执照");
        files.add(access, company, "年度框架协议摘要", "摘要.txt", "会议室八折，月结，联系人变更须书面通知。".getBytes(StandardCharsets.UTF_8));
    }

    /** The two years before: some buy often, some seldom, and each may stop after any purchase. */
    private void buy(Access access, List<UUID> buyers, Random random) {
        var today = LocalDate.ofInstant(clock.instant(), ZONE);
        var made = new ArrayList<Orders.NewOrder>();
        for (var buyer : buyers) {
            double gap = 10 + 90 * random.nextDouble();
            double spend = 60 + 400 * random.nextDouble();
            var day = today.minusDays(700).plusDays(random.nextInt(400));
            while (day.isBefore(today)) {
                made.add(new Orders.NewOrder(
                        buyer.toString(),
                        "DEMO-" + (10_000 + made.size()),
                        day,
                        Money.ofFen(Math.round(spend * (50 + random.nextInt(100))))));
                if (random.nextInt(8) == 0) {
                    break;
                }
                day = day.plusDays(1 + Math.round(-gap * Math.log(1 - random.nextDouble())));
            }
        }
        orders.add(access, made);
    }

    /**
     * Members of the web shop, of whom it is known who left in the last half year: those who ordered little and signed in
     * seldom left more often, and members of a higher level less.
     */
    private void online(Access access, Random random) {
        var today = LocalDate.ofInstant(clock.instant(), ZONE);
        var members = new ArrayList<NewCustomer>();
        for (int i = 0; i < MEMBERS; i++) {
            var name = "" + letter(random, FAMILIES) + letter(random, GIVEN) + letter(random, GIVEN);
            var level = random.nextInt(3) == 0 ? "金卡" : random.nextInt(2) == 0 ? "银卡" : "普通";
            members.add(new NewCustomer(
                    CustomerKind.PERSON,
                    name,
                    "W%04d".formatted(1000 + i),
                    null,
                    List.of(new NewCustomer.Contact(ContactKind.PHONE, "137%08d".formatted(10_000_000 + i * 37), null)),
                    List.of(),
                    Map.of("level", level),
                    today.minusDays(600).toString()));
        }
        customers.addAll(access, members, "线上商城会员");
        var bought = new ArrayList<Orders.NewOrder>();
        var done = new ArrayList<Events.NewEvent>();
        var known = new ArrayList<ChurnLabels.NewLabel>();
        for (var member : members) {
            var reference = Objects.requireNonNull(member.reference());
            double gap = 15 + 120 * random.nextDouble();
            boolean gold = "金卡".equals(member.fields().get("level"));
            boolean leaves = random.nextDouble() < (gold ? 0.06 : 0.22) + (gap > 75 ? 0.5 : 0);
            var last = leaves ? today.minusDays(1 + random.nextInt(175)) : today;
            for (var day = today.minusDays(250 + random.nextInt(350));
                    day.isBefore(last);
                    day = day.plusDays(1 + Math.round(-gap * Math.log(1 - random.nextDouble())))) {
                bought.add(new Orders.NewOrder(
                        reference,
                        "WEB-" + (10_000 + bought.size()),
                        day,
                        Money.ofFen(3_000 + random.nextInt(30_000))));
                done.add(new Events.NewEvent(
                        reference,
                        null,
                        "登录",
                        day.atTime(20, random.nextInt(60)).atZone(ZONE).toInstant()));
                if (random.nextInt(4) == 0 && day.plusDays(2).isBefore(today)) {
                    done.add(new Events.NewEvent(
                            reference,
                            null,
                            "咨询客服",
                            day.plusDays(2).atTime(10, 30).atZone(ZONE).toInstant()));
                }
            }
            known.add(new ChurnLabels.NewLabel(reference, leaves, leaves ? last : null, null));
        }
        orders.add(access, bought);
        events.add(access, done);
        labels.add(access, known);
    }

    /** Each alike in another way, so that somebody must look. */
    private UUID perhaps(Access access, int way, String name, String phone, String other, String address) {
        var source = "线上商城";
        return switch (way % 5) {
            case 0 -> add(access, name.substring(0, 2), "", "", address, "", source);
            case 1 -> add(access, name, other, "", address.replaceAll("[0-9]+室", "101室"), "", source);
            case 2 -> add(access, name, other, "", "上海市徐汇区漕溪路8号202室", "", source);
            case 3 -> add(access, name.charAt(0) + "先生", phone, "", "上海市徐汇区漕溪路9号303室", "", source);
            default -> add(access, name.substring(0, 2), phone, "", "上海市徐汇区漕溪路10号404室", "", source);
        };
    }

    private UUID add(
            Access access, String name, String phone, String email, String address, String reference, String source) {
        var contacts = new ArrayList<NewCustomer.Contact>();
        if (!phone.isEmpty()) {
            contacts.add(new NewCustomer.Contact(ContactKind.PHONE, phone, null));
        }
        if (!email.isEmpty()) {
            contacts.add(new NewCustomer.Contact(ContactKind.EMAIL, email, null));
        }
        contacts.add(new NewCustomer.Contact(ContactKind.ADDRESS, address, null));
        return customers.add(
                access,
                new NewCustomer(
                        CustomerKind.PERSON,
                        name,
                        reference,
                        null,
                        contacts,
                        reference.endsWith("5") ? List.of("VIP") : List.of(),
                        Map.of()),
                source);
    }

    private static char letter(Random random, String of) {
        return of.charAt(random.nextInt(of.length()));
    }
}
