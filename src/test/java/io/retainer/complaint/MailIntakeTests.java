package io.retainer.complaint;

import static org.assertj.core.api.Assertions.assertThat;

import com.icegreen.greenmail.util.GreenMail;
import com.icegreen.greenmail.util.ServerSetup;
import io.retainer.PostgresTest;
import io.retainer.TurnableClock;
import io.retainer.complaint.ComplaintWorld.Notary;
import io.retainer.complaint.ComplaintWorld.Signed;
import io.retainer.customer.ContactKind;
import io.retainer.customer.CustomerKind;
import io.retainer.customer.Customers;
import io.retainer.customer.DataPurpose;
import io.retainer.customer.LawfulBasis;
import io.retainer.customer.NewCustomer;
import io.retainer.customer.Origin;
import io.retainer.kernel.Tenancy;
import jakarta.mail.Flags;
import jakarta.mail.Message;
import jakarta.mail.Session;
import jakarta.mail.internet.InternetAddress;
import jakarta.mail.internet.MimeBodyPart;
import jakarta.mail.internet.MimeMessage;
import jakarta.mail.internet.MimeMultipart;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Properties;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.context.annotation.Import;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;

/** A real mail server: a complaint by mail, our answer by mail, the complainant's answer to it, and what must stay out. */
@SpringBootTest(properties = {"db-scheduler.enabled=false", "retainer.complaint.imap.tls=false"})
@Import({PostgresTest.class, ComplaintWorld.class})
class MailIntakeTests {

    private static final GreenMail MAIL =
            new GreenMail(new ServerSetup[] {new ServerSetup(0, null, "smtp"), new ServerSetup(0, null, "imap")});

    static {
        MAIL.start();
    }

    @DynamicPropertySource
    static void servers(DynamicPropertyRegistry properties) {
        properties.add("retainer.complaint.imap.host", () -> "127.0.0.1");
        properties.add("retainer.complaint.imap.port", () -> MAIL.getImap().getPort());
        properties.add("retainer.complaint.imap.username", () -> "intake");
        properties.add("retainer.complaint.imap.password", () -> "secret");
        properties.add("spring.mail.host", () -> "127.0.0.1");
        properties.add("spring.mail.port", () -> MAIL.getSmtp().getPort());
        properties.add("retainer.mail.starttls", () -> "false");
        properties.add("retainer.mail.from", () -> "no-reply@retainer.example");
    }

    @AfterAll
    static void stop() {
        MAIL.stop();
    }

    @Autowired
    MailIntake intake;

    @Autowired
    Complaints complaints;

    @Autowired
    Correspondence correspondence;

    @Autowired
    Linking linking;

    @Autowired
    Reception reception;

    @Autowired
    CaseQueue queue;

    @Autowired
    ComplaintRows rows;

    @Autowired
    CaseRows cases;

    @Autowired
    CaseDesk desk;

    @Autowired
    Customers customers;

    @Autowired
    CaseWords words;

    @Autowired
    SettingController settings;

    @Autowired
    Tenancy tenancy;

    @Autowired
    PostgresTest.Database database;

    @Autowired
    TurnableClock clock;

    @Autowired
    Notary notary;

    Signed signed;
    String mailbox = "";
    String customer = "";

    @BeforeEach
    void open() throws Exception {
        MAIL.purgeEmailFromAllMailboxes();
        signed = notary.sign();
        var mark = UUID.randomUUID().toString().substring(0, 8);
        mailbox = "care-" + mark + "@qingchuan.example";
        customer = "wang-" + mark + "@example.com";
        MAIL.setUser("intake@retainer.example", "intake", "secret");
        MAIL.setUser(customer, customer, "x");
        settings.mailbox(signed.lead(), mailbox);
    }

    @Test
    void aMailBecomesAComplaintAndTheAnswersGoOnInIt() throws Exception {
        deliver(mail("投诉：快递丢失", "快递显示已签收，但我没有收到，请退款。"));
        assertThat(intake.run()).isEqualTo(1);
        var row = only();
        assertThat(row.complaint().stage().name()).isEqualTo(StageName.RECEIVED);
        assertThat(row.complaint().intake()).isEqualTo(Intake.EMAIL);
        var id = row.complaint().id();
        assertThat(texts(id)).containsExactly("快递显示已签收，但我没有收到，请退款。");

        complaints.register(signed.agent(), id, null, Remedy.REFUND);
        correspondence.reply(signed.agent(), id, "您好，请提供收货地址。\n谢谢！", List.of());
        var answers = toCustomer(2);
        var reply = answers.stream()
                .filter(mail -> text(mail).contains("请提供收货地址"))
                .findFirst()
                .orElseThrow();
        assertThat(text(reply)).contains("/complaints/status/").contains("谢谢！");

        var back = mail("Re: 关于您的投诉", "上海市浦东新区张杨路 500 号\n\n在 2025年2月10日，客服写道：\n> 您好，请提供收货地址。");
        back.setHeader("In-Reply-To", reply.getMessageID());
        deliver(back);
        deliver(back);
        intake.run();
        assertThat(texts(id)).contains("上海市浦东新区张杨路 500 号");
        assertThat(texts(id).stream().filter(text -> text.startsWith("上海市")).count())
                .as("the same mail twice is one")
                .isEqualTo(1);
        assertThat(all()).hasSize(1);
    }

    @Test
    void hostileHtmlComesInAsWords() throws Exception {
        var mail = mail("坏页面", "");
        mail.setContent(
                "<html><head><style>x</style></head><body onload=steal()><h1>空调&lt;b&gt;漏水</h1>"
                        + "<script>alert(1)</script><p>已经第三次&nbsp;了</p><img src=x onerror=alert(2)>"
                        + "<iframe src='//evil'>inner</iframe><svg/onload=alert(3)>",
                "text/html; charset=utf-8");
        mail.saveChanges();
        deliver(mail);
        intake.run();
        var text = texts(only().complaint().id()).getFirst();
        assertThat(text).contains("空调<b>漏水").contains("已经第三次 了");
        assertThat(text).doesNotContain("alert", "onerror", "<script", "<img", "inner");
    }

    @Test
    void olderChineseClientsAreReadableAndAnEmptyPlainPartGivesWayToHtml() throws Exception {
        var old = mail("旧客户端", "");
        old.setDataHandler(new jakarta.activation.DataHandler(new jakarta.mail.util.ByteArrayDataSource(
                "快递三天没有更新".getBytes(java.nio.charset.Charset.forName("GB18030")), "text/plain; charset=\"gb2312\"")));
        old.saveChanges();
        deliver(old);
        var plain = new MimeBodyPart();
        plain.setText(" \n", "utf-8");
        var html = new MimeBodyPart();
        html.setContent("<p>洗衣机<b>漏水</b></p>", "text/html; charset=utf-8");
        var both = mail("两种", "");
        both.setContent(new MimeMultipart("alternative", plain, html));
        both.saveChanges();
        deliver(both);
        intake.run();
        assertThat(all().stream()
                        .flatMap(row -> texts(row.complaint().id()).stream())
                        .toList())
                .containsExactlyInAnyOrder("快递三天没有更新", "洗衣机漏水");
    }

    @Test
    void aRobotThatHidesIsHeardFiveTimesAnHour() throws Exception {
        for (int i = 0; i < 8; i++) {
            deliver(mail("Thank you " + i, "We have received your message."));
        }
        intake.run();
        assertThat(all()).as("a letter to each of them would be answered again").hasSize(5);
        assertThat(flagged()).as("the others are left for a person").isEqualTo(3);
    }

    @Test
    void robotsBouncesStraysAndStrangersStayOut() throws Exception {
        deliver(mail("真的投诉", "洗衣机漏水"));
        intake.run();
        var id = only().complaint().id();
        var ours = toCustomer(1).getFirst();

        var away = mail("自动回复", "我在休假");
        away.setHeader("Auto-Submitted", "auto-replied");
        away.setHeader("In-Reply-To", ours.getMessageID());
        deliver(away);
        var list = mail("周报", "本周新品");
        list.setHeader("List-Id", "<news.example>");
        deliver(list);
        var echo = mail("回声", "自己发出的邮件");
        echo.setHeader("Message-ID", ours.getMessageID());
        deliver(echo);
        var self = mail("自己", "自己给自己");
        self.setFrom(new InternetAddress(mailbox));
        deliver(self);
        var stray = mail("无主", "不知道给谁");
        stray.setRecipients(Message.RecipientType.TO, "nobody@qingchuan.example");
        deliver(stray);
        var stranger = mail("Re: 投诉", "我是别人");
        stranger.setFrom(new InternetAddress("stranger@example.com"));
        stranger.setHeader("In-Reply-To", ours.getMessageID());
        deliver(stranger);
        intake.run();
        assertThat(texts(id)).as("nobody else writes into it").containsExactly("洗衣机漏水");
        assertThat(all()).as("a stranger opens a complaint of their own").hasSize(2);
        assertThat(flagged()).as("the stray one is left for a person").isEqualTo(1);
    }

    @Test
    void aDangerousFileIsLeftOutAndTheWordsComeIn() throws Exception {
        var mail = mail("附件", "");
        var words = new MimeBodyPart();
        words.setText("见附件", "utf-8");
        var bad = new MimeBodyPart();
        bad.setContent("MZ\u0000\u0001binary".getBytes(StandardCharsets.ISO_8859_1), "application/pdf");
        bad.setFileName("invoice.pdf");
        var good = new MimeBodyPart();
        good.setContent("%PDF-1.7 test".getBytes(StandardCharsets.ISO_8859_1), "application/octet-stream");
        good.setFileName("证明.pdf");
        mail.setContent(new MimeMultipart(words, bad, good));
        mail.saveChanges();
        deliver(mail);
        intake.run();
        var id = only().complaint().id();
        assertThat(texts(id)).containsExactly("见附件");
        var files = tenancy.read(signed.tenant(), () -> cases.attachments(signed.tenant(), id));
        assertThat(files)
                .singleElement()
                .satisfies(file -> assertThat(file.type()).isEqualTo("application/pdf"));
    }

    /** RFC 3464: our mail could not be delivered. It is recorded, the address is left alone, and the desk is told to call. */
    @Test
    void aMailThatComesBackIsABounceAndTheDeskIsTold() throws Exception {
        deliver(mail("投诉", "洗衣机漏水"));
        intake.run();
        var id = only().complaint().id();
        var ours = toCustomer(1).getFirst();
        complaints.assign(
                signed.agent(),
                id,
                null,
                signed.agent().person(),
                Set.of(signed.agent().person()));

        deliver(report("delayed", "4.4.1", ours.getMessageID()));
        intake.run();
        assertThat(said(id)).as("a delay is no failure").doesNotContain("complaint.said.Undelivered");
        deliver(report("failed", "5.1.1", "<" + UUID.randomUUID() + "@elsewhere.example>"));
        deliver(report("failed", "5.1.1", ours.getMessageID()));
        deliver(report("failed", "5.1.1", ours.getMessageID()));
        intake.run();
        assertThat(said(id)).containsOnlyOnce("complaint.said.Undelivered");
        assertThat(all()).as("a report opens no complaint").hasSize(1);
        assertThat(desk.show(signed.agent(), id).way())
                .as("a dead address is not written to again")
                .isNull();
        var superuser = org.springframework.jdbc.core.simple.JdbcClient.create(database.superuser());
        assertThat(superuser
                        .sql(
                                "select state from messaging.message where tenant_id = :tenant and kind = 'complaint.received'")
                        .param("tenant", signed.tenant())
                        .query((row, _) -> row.getString(1))
                        .list())
                .containsExactly("BOUNCED");
        assertThat(superuser
                        .sql("""
                                select recipient_id from messaging.message
                                where tenant_id = :tenant and kind = 'complaint.undelivered'
                                """)
                        .param("tenant", signed.tenant())
                        .query((row, _) -> row.getObject(1, UUID.class))
                        .list())
                .containsExactly(signed.agent().person());
    }

    private List<String> said(UUID id) {
        return tenancy.read(signed.tenant(), () -> cases.entries(signed.tenant(), List.of(id))).stream()
                .map(entry -> String.valueOf(entry.said()))
                .toList();
    }

    private MimeMessage report(String action, String status, String original) throws Exception {
        var raw = """
                From: MAILER-DAEMON@mx.example
                To: %s
                Subject: Delivery Status Notification
                MIME-Version: 1.0
                Content-Type: multipart/report; report-type=delivery-status; boundary="b"

                --b
                Content-Type: text/plain

                It did not work.
                --b
                Content-Type: message/delivery-status

                Reporting-MTA: dns; mx.example

                Final-Recipient: rfc822; %s
                Action: %s
                Status: %s

                --b
                Content-Type: text/rfc822-headers

                Message-ID: %s
                Subject: x

                --b--
                """.formatted(mailbox, customer, action, status, original).replace("\n", "\r\n");
        return new MimeMessage(
                Session.getInstance(new Properties()),
                new java.io.ByteArrayInputStream(raw.getBytes(StandardCharsets.US_ASCII)));
    }

    /** Who left no address is written to by what is known of the customer, for what it may be used for. */
    @Test
    void aCallOfAKnownCustomerIsAnsweredByMailAndTheAnswerComesIn() throws Exception {
        var known = customers.add(
                signed.lead(),
                new NewCustomer(
                        CustomerKind.PERSON,
                        "王小明",
                        null,
                        null,
                        List.of(
                                new NewCustomer.Contact(ContactKind.PHONE, "13800138000", null),
                                new NewCustomer.Contact(ContactKind.EMAIL, customer, null)),
                        List.of(),
                        Map.of()),
                "门店");
        var id = phoned("13800138000");
        assertThat(row(id).particulars().customer()).isEqualTo(known);
        assertThat(text(toCustomer(1).getFirst())).contains("/complaints/status/");
        complaints.acknowledge(signed.agent(), id, null);
        correspondence.reply(signed.agent(), id, "您好，请提供订单号。", List.of());
        var reply = toCustomer(3).stream()
                .filter(mail -> text(mail).contains("请提供订单号"))
                .findFirst()
                .orElseThrow();
        assertThat(desk.show(signed.agent(), id).way())
                .isEqualTo(new Letters.Way(io.retainer.messaging.Channel.EMAIL, true));

        var back = mail("Re: 投诉", "订单号 A-1024");
        back.setHeader("In-Reply-To", reply.getMessageID());
        deliver(back);
        var stranger = mail("Re: 投诉", "我是别人");
        stranger.setFrom(new InternetAddress("stranger@example.com"));
        stranger.setHeader("In-Reply-To", reply.getMessageID());
        deliver(stranger);
        intake.run();
        assertThat(texts(id)).contains("订单号 A-1024").doesNotContain("我是别人");
    }

    @Test
    void anAddressGivenForAnotherPurposeIsLeftAloneAndLinkingLaterTellsThem() throws Exception {
        var known = customers.add(
                signed.lead(),
                new NewCustomer(CustomerKind.PERSON, "李雷", null, null, List.of(), List.of(), Map.of()),
                "门店");
        customers.addContact(
                signed.lead(),
                known,
                new NewCustomer.Contact(ContactKind.EMAIL, customer, null),
                new Origin("抽奖活动", null, LawfulBasis.CONSENT, DataPurpose.MARKETING, null));
        var id = phoned("13700137000");
        linking.link(signed.agent(), id, known);
        assertThat(desk.show(signed.agent(), id).way()).as("only for marketing").isNull();
        customers.addContact(
                signed.lead(),
                known,
                new NewCustomer.Contact(ContactKind.EMAIL, "service-" + customer, null),
                new Origin("订单", null, LawfulBasis.CONTRACT, DataPurpose.SERVICE, null));
        MAIL.setUser("service-" + customer, "service-" + customer, "x");
        linking.link(signed.agent(), id, null);
        linking.link(signed.agent(), id, known);
        linking.link(signed.agent(), id, null);
        linking.link(signed.agent(), id, known);
        complaints.acknowledge(signed.agent(), id, null);
        var mails = to("service-" + customer, 2);
        assertThat(mails)
                .as("that it came in, once, and that it is acknowledged")
                .hasSize(2);
        assertThat(text(mails.getFirst())).contains("/complaints/status/");
        assertThat(MAIL.getReceivedMessagesForDomain(customer))
                .allMatch(mail -> received(mail).startsWith("service-"));
    }

    private static String received(MimeMessage mail) {
        try {
            return mail.getAllRecipients()[0].toString();
        } catch (jakarta.mail.MessagingException e) {
            throw new IllegalStateException(e);
        }
    }

    private UUID phoned(String phone) {
        return reception
                .take(
                        signed.agent(),
                        new NewComplaint(
                                Intake.PHONE, "zh", "王小明", phone, null, null, "快递未到", Remedy.REFUND, null, null, null),
                        List.of())
                .id();
    }

    private ComplaintRows.Row row(UUID id) {
        return tenancy.read(signed.tenant(), () -> rows.get(signed.tenant(), signed.contract(), id));
    }

    private MimeMessage mail(String subject, String text) throws Exception {
        var mail = new MimeMessage(Session.getInstance(new Properties()));
        mail.setFrom(new InternetAddress(customer, "王小明", "utf-8"));
        mail.setRecipients(Message.RecipientType.TO, mailbox);
        mail.setSubject(subject, "utf-8");
        mail.setText(text, "utf-8");
        mail.saveChanges();
        return mail;
    }

    private static void deliver(MimeMessage mail) {
        MAIL.getUserManager().getUser("intake").deliver(mail);
    }

    private static int flagged() throws Exception {
        int flagged = 0;
        var folder = MAIL.getManagers()
                .getImapHostManager()
                .getInbox(MAIL.getUserManager().getUser("intake"));
        for (var stored : folder.getMessages()) {
            flagged += stored.getFlags().contains(Flags.Flag.FLAGGED) ? 1 : 0;
        }
        return flagged;
    }

    /** The outbox sends right after the commit, on a thread of its own. */
    private List<MimeMessage> toCustomer(int count) throws Exception {
        return to(customer, count);
    }

    private static List<MimeMessage> to(String address, int count) throws Exception {
        var until = System.nanoTime() + Duration.ofSeconds(30).toNanos();
        List<MimeMessage> found = List.of();
        while (found.size() < count && System.nanoTime() < until) {
            Thread.sleep(100);
            found = List.of(MAIL.getReceivedMessagesForDomain(address));
        }
        assertThat(found).hasSizeGreaterThanOrEqualTo(count);
        return found;
    }

    private static String text(MimeMessage mail) {
        try {
            return MailText.of(mail).text();
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    private List<ComplaintRows.Row> all() {
        return queue.page(signed.agent().person(), List.of(signed.agent()), Filter.OPEN, "", null).lines().stream()
                .map(line ->
                        tenancy.read(signed.tenant(), () -> rows.get(signed.tenant(), signed.contract(), line.id())))
                .toList();
    }

    private ComplaintRows.Row only() {
        assertThat(all()).hasSize(1);
        return all().getFirst();
    }

    private List<String> texts(UUID id) {
        return tenancy.read(signed.tenant(), () -> {
            var reader = words.reader(signed.tenant());
            return cases.entries(signed.tenant(), List.of(id)).stream()
                    .filter(entry -> entry.kind() == Entry.Kind.STATEMENT)
                    .map(entry -> reader.text(entry.id(), Objects.requireNonNull(entry.text())))
                    .toList();
        });
    }
}
