package io.retainer.customer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.retainer.PostgresTest;
import io.retainer.identity.Access;
import io.retainer.kernel.Refused;
import io.retainer.kernel.Unknown;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.StringReader;
import java.io.StringWriter;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.LocalDate;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.apache.poi.xssf.usermodel.XSSFWorkbook;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.context.annotation.Import;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Issue 4, items 1 and 3: workbooks and address cards, uploads sent twice, and the quality of what came in. */
@SpringBootTest(properties = "db-scheduler.enabled=false")
@Import(PostgresTest.class)
class CustomerFilesTests {

    private static final Imports.Ground GROUND =
            new Imports.Ground("门店名册", "甲方", LawfulBasis.CONTRACT, DataPurpose.SERVICE);

    @Autowired
    PostgresTest.Database database;

    @Autowired
    Customers customers;

    @Autowired
    Imports imports;

    @Autowired
    ImportWorker worker;

    @Autowired
    Duplicates duplicates;

    @Autowired
    Merges merges;

    @Autowired
    Quality quality;

    @Autowired
    SignUps signUps;

    @Autowired
    Consents consents;

    Access lead = CustomerTests.access(UUID.randomUUID());

    @Test
    void takesTheFirstSheetOfAWorkbook() throws IOException {
        var bytes = new ByteArrayOutputStream();
        try (var workbook = new XSSFWorkbook()) {
            var sheet = workbook.createSheet("客户");
            var head = sheet.createRow(0);
            head.createCell(0).setCellValue("姓名");
            head.createCell(1).setCellValue("手机");
            head.createCell(3).setCellValue("入会日期");
            var row = sheet.createRow(1);
            row.createCell(0).setCellValue("王小明");
            row.createCell(1).setCellValue(13_800_138_000d);
            row.createCell(3).setCellValue(LocalDate.of(2024, 2, 29));
            var style = workbook.createCellStyle();
            style.setDataFormat((short) 14);
            row.getCell(3).setCellStyle(style);
            var formula = sheet.createRow(2);
            formula.createCell(0).setCellValue("=cmd|' /C calc'!A0");
            formula.createCell(1).setCellFormula("HYPERLINK(\"http://example.com\")");
            sheet.createRow(3).createCell(0).setCellValue("李,\"雷\"\n二");
            workbook.createSheet("别的").createRow(0).createCell(0).setCellValue("不读");
            workbook.write(bytes);
        }
        customers.addField(lead, new CustomField(UUID.randomUUID(), "joined", "入会日期", CustomField.Type.DATE, false));
        var batch = upload(ImportFormat.CSV, bytes.toByteArray());
        assertThat(batch.format()).as("told by its bytes").isEqualTo(ImportFormat.XLSX);
        assertThat(batch.header()).containsExactly("姓名", "手机", "#3", "入会日期");
        assertThat(batch.mapping()).containsExactly("NAME", "PHONE", "IGNORE", "FIELD:joined");
        var done = run(batch);
        assertThat(done.rowsGood()).isEqualTo(2);
        assertThat(done.rowsBad()).as("the one that looks like a formula").isEqualTo(1);
        assertThat(customers.page(lead, "13800138000", null, 10).customers()).hasSize(1);
        assertThat(customers.page(lead, "joined:2024-02-29", null, 10).customers())
                .hasSize(1);
    }

    @Test
    void SEC_6_workbooksThatUnpackToFarMoreThanTheyLookAreRefused() throws IOException {
        var zeros = zip("xl/worksheets/sheet1.xml", new byte[64 << 20]);
        assertThat(zeros.length).isLessThan(100_000);
        assertThatThrownBy(() -> upload(ImportFormat.XLSX, zeros)).hasMessage("customer.import.bomb");
        assertThatThrownBy(() -> upload(ImportFormat.XLSX, zip("hello.txt", new byte[10])))
                .hasMessage("customer.import.archive");
        var workbook = new ByteArrayOutputStream();
        try (var wide = new XSSFWorkbook()) {
            var row = wide.createSheet().createRow(0);
            for (int i = 0; i < 400; i++) {
                row.createCell(i).setCellValue(i);
            }
            wide.write(workbook);
        }
        assertThatThrownBy(() -> upload(ImportFormat.XLSX, workbook.toByteArray()))
                .hasMessage("customer.row.columns");
        assertThatThrownBy(() -> upload(ImportFormat.XLSX, Arrays.copyOf(workbook.toByteArray(), 3000)))
                .as("cut off")
                .hasMessage("customer.import.sheet");
        assertThat(imports.newest(lead, 10)).isEmpty();
        assertThat(count("select count(*) from customer.batch_piece where tenant_id = :tenant"))
                .as("nothing stays behind")
                .isZero();
    }

    @Test
    void takesAddressCards() throws IOException {
        var cards = """
                BEGIN:VCARD\r
                VERSION:3.0\r
                N:王;小明;;;\r
                FN:王小明\r
                item1.TEL;TYPE=CELL:+86 138 0013 8000\r
                TEL;TYPE=WORK:010-62501234\r
                EMAIL:xiao.ming@exam\r
                 ple.com\r
                ADR;TYPE=HOME:;;中关村大街1号;海淀区;北京市;100080;中国\r
                CATEGORIES:VIP,老客\r
                X-WECHAT:wx_ming\r
                PHOTO;ENCODING=b:AAAA\r
                END:VCARD\r
                BEGIN:VCARD\r
                VERSION:2.1\r
                N;CHARSET=UTF-8;ENCODING=QUOTED-PRINTABLE:=E6=9D=8E;=E9=\r
                =9B=B7\r
                TEL;CELL:13900139001\r
                END:VCARD\r
                BEGIN:VCARD\r
                VERSION:4.0\r
                KIND:org\r
                FN:Example\\, Ltd\r
                TEL;VALUE=uri:tel:+44-20-7946-0018\r
                END:VCARD\r
                BEGIN:VCARD\r
                VERSION:3.0\r
                FN:断了
                """;
        var batch = upload(ImportFormat.VCARD, cards.getBytes(StandardCharsets.UTF_8));
        assertThat(batch.mapping())
                .containsExactly(
                        "REFERENCE",
                        "KIND",
                        "NAME",
                        "PHONE",
                        "EMAIL",
                        "WECHAT",
                        "ADDRESS",
                        "ADDRESS",
                        "ADDRESS",
                        "TAGS",
                        "COMPANY",
                        "ROLE",
                        "NOTE");
        var done = run(batch);
        assertThat(done.rowsGood()).isEqualTo(3);
        assertThat(done.rowsBad()).as("the one that breaks off").isEqualTo(1);
        var ming = customers.page(lead, "王小明", null, 10).customers().getFirst();
        assertThat(ming.contacts()).hasSize(5);
        assertThat(ming.tags()).containsExactly("VIP", "老客");
        assertThat(ming.first(ContactKind.ADDRESS)).startsWith("北京市海淀区");
        assertThat(customers.page(lead, "李雷", null, 10).customers()).hasSize(1);
        var company =
                customers.page(lead, "+442079460018", null, 10).customers().getFirst();
        assertThat(company.kind()).isEqualTo(CustomerKind.COMPANY);
        assertThat(customers.page(lead, "断了", null, 10).customers()).isEmpty();
        var gb = upload(
                ImportFormat.CSV,
                "BEGIN:VCARD\nVERSION:3.0\nFN:韩梅梅\nTEL:13700137000\nEND:VCARD\n".getBytes(Charset.forName("GB18030")));
        assertThat(gb.format()).isEqualTo(ImportFormat.VCARD);
        run(gb);
        assertThat(customers.page(lead, "hanmeimei", null, 10).customers()).hasSize(1);
    }

    @Test
    void readsCardsInBoundedMemoryAndNeverLoops() throws IOException {
        var out = new StringWriter();
        CardRows.write(new StringReader("BEGIN:VCARD\nBEGIN:VCARD\nFN:a\nEND:VCARD\nrubbish\n:\nEND:VCARD\n"), out);
        assertThat(out.toString().lines().toList()).hasSize(3);
        var long1 = new StringWriter();
        CardRows.write(new StringReader("BEGIN:VCARD\nFN:a\nPHOTO:" + "A".repeat(5_000_000) + "\nEND:VCARD\n"), long1);
        assertThat(long1.toString().length()).isLessThan(300);
    }

    @Test
    void anUploadSentTwiceWithOneKeyIsOneImport() throws IOException {
        var bytes = "姓名,手机\n王小明,13800138000\n".getBytes(StandardCharsets.UTF_8);
        var first = keyed("k1", bytes);
        var again = keyed("k1", bytes);
        assertThat(again.id()).isEqualTo(first.id());
        assertThat(keyed("k2", bytes).id()).isNotEqualTo(first.id());
        assertThatThrownBy(() -> keyed(" ", bytes)).isInstanceOf(Refused.class);
        assertThatThrownBy(() -> keyed("k1", "姓名,手机\n王二,13800138001\n".getBytes(StandardCharsets.UTF_8)))
                .as("another file under the same key")
                .hasMessage("customer.import.otherFile");
        assertThat(imports.newest(lead, 10)).hasSize(2);
    }

    private ImportBatch keyed(String key, byte[] bytes) throws IOException {
        return imports.upload(
                lead, new Imports.Sending(ImportFormat.CSV, null, null, null, key), new ByteArrayInputStream(bytes));
    }

    @Test
    void aCustomerGetsFurtherContacts() {
        var id = customers.add(
                lead, new NewCustomer(CustomerKind.PERSON, "王小明", null, null, List.of(), List.of(), Map.of()), "柜台");
        customers.addContact(
                lead, id, new NewCustomer.Contact(ContactKind.PHONE, "138 0013 8000", "手机"), Origin.of("柜台"));
        customers.addContact(
                lead, id, new NewCustomer.Contact(ContactKind.PHONE, "(010) 6250-1234", "单位"), Origin.of("柜台"));
        assertThat(customers.profile(lead, id).customer().contacts())
                .extracting(CustomerPage.Contact::label)
                .containsExactlyInAnyOrder("手机", "单位");
        assertThat(customers.page(lead, "010-62501234", null, 10).customers()).hasSize(1);
        assertThatThrownBy(() -> customers.addContact(
                        lead, id, new NewCustomer.Contact(ContactKind.PHONE, "+8613800138000", null), Origin.of("柜台")))
                .hasMessage("customer.contact.known");
        assertThatThrownBy(() -> customers.addContact(
                        lead, id, new NewCustomer.Contact(ContactKind.PHONE, "12", null), Origin.of("柜台")))
                .hasMessage("customer.bad.phone");
        assertThatThrownBy(() -> customers.addContact(
                        CustomerTests.access(UUID.randomUUID()),
                        id,
                        new NewCustomer.Contact(ContactKind.PHONE, "13800138001", null),
                        Origin.of("柜台")))
                .as("of another client")
                .isInstanceOf(Unknown.class);
    }

    @Test
    void peopleSignUpThemselvesWithTheirConsent() {
        var form = signUps.open(lead, "某某公司");
        var from = UUID.randomUUID().toString();
        var words = "我同意某某公司处理我填写的信息";
        var slowly = Duration.ofSeconds(20);
        assertThat(signUps.signUp(form, from, filled("王小明", "13800138000", "", slowly, words)))
                .isTrue();
        var ming = customers.page(lead, "王小明", null, 10).customers().getFirst();
        assertThat(consents.of(lead, ming.id()))
                .extracting(Consents.Standing::purpose)
                .containsExactly(DataPurpose.SERVICE);
        assertThat(signUps.signUp(form, from, filled("机器", "13800138001", "http://spam", slowly, words)))
                .as("a machine is not told")
                .isFalse();
        assertThatThrownBy(
                        () -> signUps.signUp(form, from, filled("王", "13800138002", "", Duration.ofSeconds(1), words)))
                .hasMessage("customer.signUp.fast");
        assertThatThrownBy(() -> signUps.signUp(form, from, filled("王", "13800138002", "", slowly, null)))
                .hasMessage("customer.signUp.agree.missing");
        assertThatThrownBy(() -> signUps.signUp(form, from, filled("王", "", "", slowly, words)))
                .hasMessage("customer.signUp.contact.missing");
        assertThatThrownBy(() -> signUps.signUp(form, from, filled("王", "12", "", slowly, words)))
                .hasMessage("customer.bad.phone");
        for (int i = 0; i < 9; i++) {
            signUps.signUp(form, from, filled("赵" + i, "1390013800" + i, "", slowly, words));
        }
        assertThatThrownBy(() -> signUps.signUp(form, from, filled("钱", "13900138099", "", slowly, words)))
                .hasMessage("customer.signUp.often");
        assertThat(signUps.of(lead).orElseThrow().taken()).isEqualTo(10);
        assertThatThrownBy(() -> signUps.behind(form.token().substring(1), from))
                .isInstanceOf(Unknown.class);
        signUps.close(lead);
        assertThatThrownBy(() -> signUps.behind(form.token(), from)).isInstanceOf(Unknown.class);
    }

    private static SignUps.Filled filled(
            String name, String phone, String trap, Duration took, @Nullable String agreedTo) {
        return new SignUps.Filled(name, phone, "", trap, took, agreedTo, null);
    }

    @Test
    void whatHangsOnCustomersGoesWithThem() throws IOException {
        var one = run(upload(
                ImportFormat.CSV, "姓名,手机,标签\n王小明,13800138000,a\n王小明,13800138000,b\n".getBytes(StandardCharsets.UTF_8)));
        var two = customers.page(lead, "王小明", null, 10).customers();
        var merge = duplicates.merge(lead, two.get(0).id(), two.get(1).id(), Map.of());
        assertThat(orphans()).isZero();
        merges.undo(lead, merge.id());
        assertThat(orphans()).isZero();
        assertThat(count("select count(*) from customer.contact where tenant_id = :tenant"))
                .isEqualTo(2);
        imports.revert(lead, one.id());
        worker.run(lead.tenant(), one.id());
        assertThat(orphans()).isZero();
        assertThat(count("select count(*) from customer.contact where tenant_id = :tenant"))
                .isZero();
    }

    @Test
    void saysHowGoodTheDataIsAndWhatThereIsToDo() throws IOException {
        assertThat(quality.report(lead).measuredAt()).isNull();
        run(upload(ImportFormat.CSV, """
                        姓名,手机,邮箱
                        王小明,13800138000,ming@example.com
                        李雷,13800138000,
                        韩梅梅,,
                        赵四,123,
                        """.getBytes(StandardCharsets.UTF_8)));
        customers.add(
                lead,
                new NewCustomer(
                        CustomerKind.PERSON,
                        "孙七",
                        "C7",
                        null,
                        List.of(new NewCustomer.Contact(ContactKind.EMAIL, "qi@example.com", null)),
                        List.of(),
                        Map.of()),
                "柜台");
        quality.measure(lead);
        var report = quality.report(lead);
        assertThat(report.trend()).as("once by the import, once by hand").hasSize(2);
        // Each of the four figures at each time; an address is nobody's own.
        assertThat(report.trend()).allSatisfy(at -> {
            var figure = at.figures().get("PHONE");
            assertThat(Quality.Measure.VALID.of(figure)).isEqualTo(66.7);
            assertThat(Quality.Measure.UNIQUE.of(figure)).isEqualTo(0.0);
            assertThat(Quality.Measure.FRESH.of(figure)).isEqualTo(100.0);
            assertThat(Quality.Measure.UNIQUE.of(at.figures().get("ADDRESS"))).isNull();
        });
        assertThat(report.trend().stream()
                        .map(at -> Quality.Measure.COMPLETE.of(at.figures().get("PHONE"))))
                .containsExactly(50.0, 66.7);
        assertThat(report.groups())
                .filteredOn(group -> group.scope() == Quality.Scope.BATCH)
                .singleElement()
                .satisfies(group -> assertThat(group.since()).isNotNull());
        var all = report.groups().getFirst();
        assertThat(all.scope()).isEqualTo(Quality.Scope.ALL);
        assertThat(all.customers()).isEqualTo(4);
        var phone = all.fields().stream()
                .filter(field -> field.field().equals("PHONE"))
                .findFirst()
                .orElseThrow();
        assertThat(phone).isEqualTo(new Quality.Figure(Quality.Scope.ALL, null, "PHONE", 4, 2, 1, 2, 2, 2));
        assertThat(phone.complete()).isEqualTo(50.0);
        assertThat(phone.valid()).isEqualTo(66.7);
        assertThat(phone.unique()).isEqualTo(0.0);
        assertThat(phone.recent()).isEqualTo(100.0);
        assertThat(report.groups())
                .extracting(Quality.Group::scope)
                .containsExactly(Quality.Scope.ALL, Quality.Scope.BATCH, Quality.Scope.SOURCE, Quality.Scope.SOURCE);
        assertThat(report.counts())
                .containsEntry(Quality.Work.UNREACHABLE, 1L)
                .containsEntry(Quality.Work.NO_PHONE, 2L)
                .containsEntry(Quality.Work.SHARED, 2L)
                .containsEntry(Quality.Work.STALE, 0L);
        for (var work : Quality.Work.values()) {
            assertThat(quality.work(lead, work, null, 10).customers())
                    .as(work.name())
                    .hasSize(Objects.requireNonNull(report.counts().get(work)).intValue());
        }
        assertThat(quality.report(CustomerTests.access(UUID.randomUUID())).measuredAt())
                .as("of another client")
                .isNull();
    }

    private int orphans() {
        return count("select count(*) from customer.tag k where k.tenant_id = :tenant and not exists ("
                + "select from customer.customer c where c.tenant_id = k.tenant_id and c.id = k.customer_id)");
    }

    private ImportBatch upload(ImportFormat format, byte[] bytes) throws IOException {
        return imports.upload(lead, format, null, new ByteArrayInputStream(bytes));
    }

    private ImportBatch run(ImportBatch batch) {
        imports.start(lead, batch.id(), batch.mapping(), GROUND);
        worker.run(lead.tenant(), batch.id());
        return imports.batch(lead, batch.id());
    }

    private int count(String sql) {
        return JdbcClient.create(database.superuser())
                .sql(sql)
                .param("tenant", lead.tenant())
                .query(Integer.class)
                .single();
    }

    private static byte[] zip(String name, byte[] content) throws IOException {
        var bytes = new ByteArrayOutputStream();
        try (var zip = new ZipOutputStream(bytes)) {
            zip.putNextEntry(new ZipEntry(name));
            zip.write(content);
            zip.closeEntry();
        }
        return bytes.toByteArray();
    }
}
