package io.retainer.customer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.retainer.PostgresTest;
import io.retainer.identity.Access;
import io.retainer.kernel.Texts;
import io.retainer.kernel.Unknown;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.UUID;
import org.apache.poi.poifs.crypt.EncryptionInfo;
import org.apache.poi.poifs.crypt.EncryptionMode;
import org.apache.poi.poifs.filesystem.POIFSFileSystem;
import org.apache.poi.xssf.usermodel.XSSFWorkbook;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.context.annotation.Import;

/** Issue 4, items 1 and “Bad input”: files as people really have them, and as they should not be. */
@SpringBootTest(properties = "db-scheduler.enabled=false")
@Import(PostgresTest.class)
class OddFilesTests {

    private static final Imports.Ground GROUND =
            new Imports.Ground("门店名册", "甲方", LawfulBasis.CONTRACT, DataPurpose.SERVICE);

    @Autowired
    Customers customers;

    @Autowired
    Imports imports;

    @Autowired
    ImportWorker worker;

    @Autowired
    ProfileNotes notes;

    Access lead = CustomerTests.access(UUID.randomUUID());

    @ParameterizedTest
    @CsvSource({
        "'%PDF-1.7', customer.import.pdf",
        "'<html><table><tr><td>姓名', customer.import.page",
        "'<?xml version=\"1.0\"?><Workbook>', customer.import.page",
        "'{\\rtf1 x}', customer.import.richText",
        "'[{\"name\":\"王一\"}]', customer.import.jsonList",
        "'姓名,手机', customer.import.headingsOnly",
        "'\n \n', customer.import.empty",
    })
    void whatIsNoListOfCustomersIsRefusedByWhatItIs(String text, String why) {
        assertThatThrownBy(() -> upload(text.getBytes(StandardCharsets.UTF_8))).hasMessage(why);
        assertThat(imports.newest(lead, 10)).isEmpty();
    }

    @Test
    void aWorkbookWithAPasswordAndAnOldOneAreTold() throws IOException {
        var locked = new ByteArrayOutputStream();
        try (var files = new POIFSFileSystem()) {
            var encryptor = new EncryptionInfo(EncryptionMode.agile).getEncryptor();
            encryptor.confirmPassword("geheim");
            try (var workbook = new XSSFWorkbook();
                    var out = encryptor.getDataStream(files)) {
                workbook.createSheet("客户").createRow(0).createCell(0).setCellValue("姓名");
                workbook.write(out);
            } catch (java.security.GeneralSecurityException e) {
                throw new IllegalStateException(e);
            }
            files.writeFilesystem(locked);
        }
        assertThatThrownBy(() -> upload(locked.toByteArray())).hasMessage("customer.import.locked");
        var old = new ByteArrayOutputStream();
        try (var workbook = new org.apache.poi.hssf.usermodel.HSSFWorkbook()) {
            workbook.createSheet("客户").createRow(0).createCell(0).setCellValue("姓名");
            workbook.write(old);
        }
        assertThatThrownBy(() -> upload(old.toByteArray())).hasMessage("customer.import.oldOffice");
    }

    @Test
    void aFileInTwoEncodingsIsToldBeforeItIsTakenAndReadRight() throws IOException {
        var bytes = new ByteArrayOutputStream();
        bytes.writeBytes("姓名,手机\n王小明,13800138000\n张晓雨,13800138001\n".getBytes(StandardCharsets.UTF_8));
        bytes.writeBytes("李四光,13900139000\n".getBytes(Encoding.GB18030));
        var batch = upload(bytes.toByteArray());
        assertThat(batch.charset()).isEqualTo("UTF-8");
        assertThat(batch.reading()).isEqualTo(new ImportBatch.Reading("GB18030", 1, 4, null, List.of()));
        run(batch);
        assertThat(customers.page(lead, "李四光", null, 10).customers()).hasSize(1);
        assertThat(customers.page(lead, "王小明", null, 10).customers()).hasSize(1);
        var late = new ByteArrayOutputStream();
        late.writeBytes("姓名,手机\n".getBytes(StandardCharsets.UTF_8));
        late.writeBytes("plain,13800138000\n".repeat(40_000).getBytes(StandardCharsets.UTF_8));
        late.writeBytes("韩梅梅,13900139000\n".getBytes(Encoding.GB18030));
        assertThat(upload(late.toByteArray()).reading().firstOther())
                .as("behind what is looked at first")
                .isEqualTo(40_002);
    }

    @Test
    void headingsBelowATitleAreFoundAndAnotherRowCanBeChosen() throws IOException {
        var batch = upload("会员导出表,,,\n导出日期,2026-11-01,,\n\n姓名;手机;等级;\n"
                .replace(';', ',')
                .concat("王一,13800138001,金卡,\n李二,138,银卡,\n")
                .getBytes(StandardCharsets.UTF_8));
        assertThat(batch.headingRow()).isEqualTo(4);
        assertThat(batch.header()).as("without the empty last column").containsExactly("姓名", "手机", "等级");
        var other = imports.reread(lead, batch.id(), null, null, 0);
        assertThat(other.header()).containsExactly("#1", "#2", "#3");
        assertThat(imports.reread(lead, batch.id(), "GB18030", ";", 1).header())
                .as("as it was asked, right or wrong")
                .hasSize(1);
        assertThatThrownBy(() -> imports.reread(lead, batch.id(), null, null, 3))
                .as("an empty row")
                .hasMessage("customer.import.noHeading");
        assertThatThrownBy(() -> imports.reread(lead, batch.id(), null, "x", null))
                .hasMessage("customer.import.delimiter");
        assertThatThrownBy(() -> imports.reread(CustomerTests.access(UUID.randomUUID()), batch.id(), null, null, null))
                .as("of another client")
                .isInstanceOf(Unknown.class);
        var again = imports.reread(lead, batch.id(), "UTF-8", ",", 4);
        run(again, List.of("NAME", "PHONE", "IGNORE"));
        assertThat(bad(batch)).contains("6,电话号码有误").contains("李二,138,银卡");
        assertThatThrownBy(() -> imports.reread(lead, batch.id(), null, null, 1))
                .hasMessage("customer.import.started");
    }

    @Test
    void aWorkbookIsReadAsItIsSeen() throws IOException {
        var bytes = new ByteArrayOutputStream();
        try (var workbook = new XSSFWorkbook()) {
            workbook.createSheet("空");
            var hidden = workbook.createSheet("参数");
            hidden.createRow(0).createCell(0).setCellValue("x");
            workbook.setSheetHidden(1, true);
            var sheet = workbook.createSheet("会员");
            sheet.createRow(0).createCell(0).setCellValue("海棠会员表");
            sheet.addMergedRegion(new org.apache.poi.ss.util.CellRangeAddress(0, 0, 0, 2));
            var head = sheet.createRow(2);
            for (var heading : List.of("姓名", "手机", "编号")) {
                head.createCell(Math.max(head.getLastCellNum(), 0)).setCellValue(heading);
            }
            fill(sheet, 3, "王一", 13_800_138_001d, 3.1010119900101126E+17);
            fill(sheet, 8, "王二", 13_800_138_002d, 1002d);
            var wrong = sheet.createRow(9);
            wrong.createCell(0).setCellErrorValue(org.apache.poi.ss.usermodel.FormulaError.NA.getCode());
            wrong.createCell(1).setCellValue("13800138003");
            workbook.createSheet("散客").createRow(0).createCell(0).setCellValue("姓名");
            workbook.getSheet("散客").createRow(1).createCell(0).setCellValue("李三");
            workbook.write(bytes);
        }
        var batch = upload(bytes.toByteArray());
        assertThat(batch.reading().sheet()).isEqualTo("会员");
        assertThat(batch.reading().otherSheets()).containsExactly("空", "散客");
        assertThat(batch.headingRow()).isEqualTo(3);
        var done = run(batch);
        assertThat(done.rowsGood()).isEqualTo(1);
        assertThat(bad(batch))
                .as("numbered as the sheet shows them")
                .contains("4,号码被电子表格缩写")
                .contains("10,内容是电子表格的错误值“#N/A”");
        var other = imports.upload(
                lead,
                new Imports.Sending(ImportFormat.XLSX, null, "散客", null, null),
                new ByteArrayInputStream(bytes.toByteArray()));
        assertThat(run(other).rowsGood()).isEqualTo(1);
        assertThatThrownBy(() -> imports.upload(
                        lead,
                        new Imports.Sending(ImportFormat.XLSX, null, "没有", null, null),
                        new ByteArrayInputStream(bytes.toByteArray())))
                .hasMessage("customer.import.noSheet");
    }

    private static void fill(org.apache.poi.ss.usermodel.Sheet sheet, int at, String name, double phone, double no) {
        var row = sheet.createRow(at);
        row.createCell(0).setCellValue(name);
        row.createCell(1).setCellValue(phone);
        row.createCell(2).setCellValue(no);
    }

    @Test
    void whatCannotBeTakenComesBackWithWhatItSaid() throws IOException {
        var batch = upload("""
                姓名,手机,编号
                王一,1.38E+10,A1
                王二,13800138002,1.00E+05
                ＝1+1,13800138003,A3
                '=1+1,13800138004,A4
                王五,"没有合上
                王六,13800138006,A6
                王七,1380013""".getBytes(StandardCharsets.UTF_8));
        var done = run(batch);
        assertThat(done.rowsGood()).isEqualTo(1);
        assertThat(done.rowsBad()).isEqualTo(6);
        assertThat(bad(batch))
                .contains("2,号码被电子表格缩写", "3,号码被电子表格缩写", "4,内容以 =", "5,内容以 =")
                .contains("王五,没有合上")
                .contains("8,该行是文件的最后一行，只有 2 列，应有 3 列");
        var json = upload("{\"name\":\"王一\"}\nnot json\n{\"name\":\"王".getBytes(StandardCharsets.UTF_8));
        assertThat(json.format()).as("by what it begins with").isEqualTo(ImportFormat.JSONL);
        run(json);
        assertThat(bad(json)).contains("2,该行不是可读的 JSON 对象", "not json", "3,");
        var cards = upload("BEGIN:VCARD\nFN:王一\nEND:VCARD\nBEGIN:VCARD\nFN:断\n".getBytes(StandardCharsets.UTF_8));
        run(cards);
        assertThat(bad(cards)).contains("2,这张名片没有结束");
    }

    @Test
    void theReasonsOfBadRowsAreCountedAndImportsAreFound() throws IOException {
        var first = upload("姓名,手机\n王一,138\n\n王二,139\n,13800138000\n王三,13800138003\n".getBytes(StandardCharsets.UTF_8));
        var done = run(first);
        assertThat(done.rowsBlank()).isEqualTo(1);
        assertThat(imports.reasons(lead, first.id()))
                .extracting(each -> each.why().key(), ImportFiles.Reason::rows, ImportFiles.Reason::first)
                .containsExactly(
                        org.assertj.core.api.Assertions.tuple("customer.bad.phone", 2L, 2L),
                        org.assertj.core.api.Assertions.tuple("customer.bad.name", 1L, 5L));
        var waiting = upload("姓名\n王一\n".getBytes(StandardCharsets.UTF_8));
        assertThat(imports.newest(lead, ImportState.UPLOADED, "", null, 10))
                .extracting(ImportBatch::id)
                .containsExactly(waiting.id());
        assertThat(imports.newest(lead, null, "名册", null, 10))
                .extracting(ImportBatch::id)
                .containsExactly(first.id());
        assertThat(imports.newest(lead, null, "%", null, 10)).isEmpty();
        assertThat(imports.newest(lead, null, "", waiting.id(), 10))
                .extracting(ImportBatch::id)
                .containsExactly(first.id());
        assertThatThrownBy(() -> imports.reasons(CustomerTests.access(UUID.randomUUID()), first.id()))
                .isInstanceOf(Unknown.class);
    }

    @Test
    void aStartThatIsSentTwiceIsOneStart() throws IOException {
        var batch = upload("姓名\n王一\n".getBytes(StandardCharsets.UTF_8));
        run(batch);
        imports.start(lead, batch.id(), batch.mapping(), GROUND);
        assertThat(imports.batch(lead, batch.id()).rowsGood()).isEqualTo(1);
        var other = new Imports.Ground("别处", "甲方", LawfulBasis.CONTRACT, DataPurpose.SERVICE);
        assertThatThrownBy(() -> imports.start(lead, batch.id(), batch.mapping(), other))
                .hasMessage("customer.import.started");
    }

    @Test
    void notesAndTheCompanyOfAPersonComeInAndGoTogether() throws IOException {
        var known = customers.add(
                lead,
                new NewCustomer(CustomerKind.COMPANY, "云帆会展有限公司", null, null, List.of(), List.of(), java.util.Map.of()),
                "协议");
        var batch = upload("""
                公司名称,统一社会信用代码,联系人,职务,手机,备注
                云帆会展有限公司,,王一,采购,13800138001,"花生过敏，
                靠窗"
                青禾生活用品有限公司,91310000MA1FL0XU4K,李二,财务,13800138002,
                青禾生活用品有限公司,,张三,,13800138003,=1+1
                青禾生活用品有限公司,,赵四,店长,13800138004,
                ,,孙五,,13800138005,常客
                """.getBytes(StandardCharsets.UTF_8));
        assertThat(batch.mapping()).containsExactly("COMPANY", "CREDIT_CODE", "NAME", "ROLE", "PHONE", "NOTE");
        var done = run(batch);
        assertThat(bad(batch)).contains("4,内容以 =");
        assertThat(done.rowsGood()).isEqualTo(4);
        assertThat(customers.people(lead, known)).singleElement().satisfies(member -> {
            assertThat(member.role()).isEqualTo("采购");
            assertThat(notes.of(lead, member.person().id())).hasSize(1);
        });
        var made = customers.page(lead, "青禾生活用品有限公司", null, 10).customers();
        assertThat(made).as("once").hasSize(1);
        assertThat(customers.people(lead, made.getFirst().id())).hasSize(2);
        var other = customers.add(
                lead,
                new NewCustomer(CustomerKind.PERSON, "周六", "Z6", null, List.of(), List.of(), java.util.Map.of()),
                "柜台");
        customers.join(lead, made.getFirst().id(), "Z6", "前台");
        imports.revert(lead, batch.id());
        worker.run(lead.tenant(), batch.id());
        assertThat(imports.batch(lead, batch.id()).state()).isEqualTo(ImportState.REVERTED);
        assertThat(customers.page(lead, "", null, 10).customers())
                .as("also the company that came with it, and nobody else")
                .extracting(each -> each.id())
                .containsExactlyInAnyOrder(known, other);
        var companies = upload("公司名称,手机\n云帆会展,13800138009\n".getBytes(StandardCharsets.UTF_8));
        assertThat(companies.mapping()).as("a list of companies").containsExactly("NAME", "PHONE");
    }

    @Test
    void anUploadedFileCanBeThrownAwayUntilItIsStarted() throws IOException {
        var batch = imports.upload(
                lead,
                new Imports.Sending(ImportFormat.CSV, null, null, "C:\\名单\\王小明.csv", null),
                new ByteArrayInputStream("姓名\n王一\n".getBytes(StandardCharsets.UTF_8)));
        assertThat(imports.names(lead, List.of(batch))).containsValue("王小明.csv");
        imports.discard(lead, batch.id());
        assertThat(imports.newest(lead, 10)).isEmpty();
        var started = upload("姓名\n王一\n".getBytes(StandardCharsets.UTF_8));
        run(started);
        assertThatThrownBy(() -> imports.discard(lead, started.id())).hasMessage("customer.import.state");
    }

    private ImportBatch upload(byte[] bytes) throws IOException {
        return imports.upload(lead, Imports.Sending.of(ImportFormat.CSV), new Body(bytes));
    }

    /** As a request has it: once closed it gives nothing more. */
    private static final class Body extends ByteArrayInputStream {
        private boolean closed;

        Body(byte[] bytes) {
            super(bytes);
        }

        @Override
        public synchronized int read(byte[] to, int offset, int length) {
            assertThat(closed).as("closed").isFalse();
            return super.read(to, offset, length);
        }

        @Override
        public void close() {
            closed = true;
        }
    }

    private ImportBatch run(ImportBatch batch) {
        return run(batch, batch.mapping());
    }

    private ImportBatch run(ImportBatch batch, List<String> mapping) {
        imports.start(lead, batch.id(), mapping, GROUND);
        worker.run(lead.tenant(), batch.id());
        var done = imports.batch(lead, batch.id());
        assertThat(done.state()).isEqualTo(ImportState.DONE);
        return done;
    }

    private String bad(ImportBatch batch) throws IOException {
        var out = new StringWriter();
        imports.writeBadRows(lead, batch.id(), Texts.in(Locale.CHINA), out);
        return out.toString();
    }
}
