package io.retainer.customer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.retainer.PostgresTest;
import io.retainer.identity.Access;
import io.retainer.kernel.FileType;
import io.retainer.kernel.Ids;
import io.retainer.kernel.Refused;
import io.retainer.kernel.Unknown;
import io.retainer.vault.Purpose;
import io.retainer.vault.Reveals;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.context.annotation.Import;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Issue 4, items 1, 2 and 7: what hangs on a customer, and where each value comes from. */
@SpringBootTest(properties = "db-scheduler.enabled=false")
@Import(PostgresTest.class)
class ProfileTests {

    private static final byte[] TEXT = "会议室八折".getBytes(StandardCharsets.UTF_8);

    @Autowired
    Customers customers;

    @Autowired
    ProfileNotes notes;

    @Autowired
    ProfileFiles files;

    @Autowired
    Imports imports;

    @Autowired
    ImportWorker worker;

    @Autowired
    Duplicates duplicates;

    @Autowired
    Merges merges;

    @Autowired
    Reveals reveals;

    @Autowired
    PostgresTest.Database database;

    Access lead = CustomerTests.access(UUID.randomUUID());
    Access stranger = CustomerTests.access(UUID.randomUUID());

    private UUID add(CustomerKind kind, String name, String reference) {
        return customers.add(lead, new NewCustomer(kind, name, reference, null, List.of(), List.of(), Map.of()), "门店");
    }

    private static NewCustomer.Contact phone(String number) {
        return new NewCustomer.Contact(ContactKind.PHONE, number, null);
    }

    @Test
    void PII_5_aNoteIsSealedAndRevealedOnTheRecordUnlessItSaysNothingOfAPerson() {
        var customer = add(CustomerKind.PERSON, "王小明", "C1");
        var secret = notes.add(lead, customer, "对花生过敏", true);
        notes.add(lead, customer, "周二上午送货", false);
        assertThat(notes.of(lead, customer))
                .extracting(ProfileNotes.ProfileNote::words)
                .containsExactly("周二上午送货", "****");
        assertThat(JdbcClient.create(database.superuser())
                        .sql("select count(*) from customer.note where tenant_id = :tenant and plain like '%过敏%'")
                        .param("tenant", lead.tenant())
                        .query(Long.class)
                        .single())
                .isZero();
        assertThat(customers
                        .reveal(lead, customer, secret, Purpose.SERVICE, "安排茶歇")
                        .inTheClear())
                .isEqualTo("对花生过敏");
        assertThat(reveals.entries(lead, null, customer, 10))
                .extracting(Reveals.Entry::field)
                .containsExactly("customer.note.words");
        assertThatThrownBy(() -> notes.add(lead, customer, " ", true)).isInstanceOf(Refused.class);
        assertThatThrownBy(() -> notes.add(stranger, customer, "x", true)).isInstanceOf(Unknown.class);
        assertThatThrownBy(() -> notes.remove(stranger, customer, secret)).isInstanceOf(Unknown.class);
        notes.remove(lead, customer, secret);
        assertThat(notes.of(lead, customer)).hasSize(1);
    }

    @Test
    void aFileIsSealedAndOpenedOnTheRecord() {
        var customer = add(CustomerKind.PERSON, "王小明", "C1");
        var file = files.add(lead, customer, "协议", "a/b\\王小明.txt", TEXT);
        assertThat(files.of(lead, customer))
                .extracting(ProfileFiles.KeptFile::title, ProfileFiles.KeptFile::type)
                .containsExactly(org.assertj.core.groups.Tuple.tuple("协议", "text/plain"));
        var opened = files.open(lead, customer, file, Purpose.SERVICE, "核对折扣");
        assertThat(opened.content()).isEqualTo(TEXT);
        assertThat(opened.name()).isEqualTo("a_b_王小明.txt");
        assertThat(reveals.entries(lead, null, customer, 10))
                .extracting(Reveals.Entry::field)
                .containsExactly("customer.file.content");
        assertThatThrownBy(() -> files.open(lead, customer, file, Purpose.SERVICE, "x"))
                .isInstanceOf(Refused.class);
        assertThatThrownBy(() -> files.open(stranger, customer, file, Purpose.SERVICE, "核对折扣"))
                .isInstanceOf(Unknown.class);
        assertThatThrownBy(() -> files.of(stranger, customer)).isInstanceOf(Unknown.class);
        files.remove(lead, customer, file);
        assertThatThrownBy(() -> files.open(lead, customer, file, Purpose.SERVICE, "核对折扣"))
                .isInstanceOf(Unknown.class);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "<html><script>alert(1)</script>",
                "<svg xmlns='http://www.w3.org/2000/svg'/>",
                "#!/bin/sh",
                "MZ\u0000\u0001"
            })
    void whatCouldRunIsRefused(String content) {
        var customer = add(CustomerKind.PERSON, "王小明", "C1");
        var bytes = content.getBytes(StandardCharsets.UTF_8);
        assertThatThrownBy(() -> files.add(lead, customer, "标题", "x.pdf", bytes))
                .isInstanceOfSatisfying(
                        Refused.class, refused -> assertThat(refused.field()).isEqualTo("file"));
    }

    @Test
    void aMacroHidesBehindNothing() throws IOException {
        assertThat(FileType.of(zip("xl/workbook.xml"))).isPresent();
        assertThat(FileType.of(zip("xl/workbook.xml", "xl/vbaProject.bin"))).isEmpty();
        assertThat(FileType.of(zip("../x", "word/document.xml"))).isEmpty();
        assertThat(FileType.of(zip("evil.exe"))).isEmpty();
    }

    private static byte[] zip(String... names) throws IOException {
        var bytes = new ByteArrayOutputStream();
        try (var zip = new ZipOutputStream(bytes)) {
            for (var name : names) {
                zip.putNextEntry(new ZipEntry(name));
                zip.write(1);
                zip.closeEntry();
            }
        }
        return bytes.toByteArray();
    }

    @Test
    void aCompanyHasContactsWithRoles() {
        var company = add(CustomerKind.COMPANY, "云帆会展有限公司", "B1");
        var other = add(CustomerKind.COMPANY, "海棠酒店有限公司", "B2");
        var one = add(CustomerKind.PERSON, "王小明", "C1");
        customers.join(lead, company, "C1", "采购");
        customers.join(lead, company, one.toString(), "财务");
        assertThat(customers.people(lead, company))
                .extracting(member -> member.person().id() + " " + member.role())
                .containsExactly(one + " 财务");
        assertThat(customers.profile(lead, one).company()).isEqualTo(company);
        assertThat(customers.profile(lead, one).role()).isEqualTo("财务");
        for (var bad : List.of("B2", "nobody")) {
            assertThatThrownBy(() -> customers.join(lead, company, bad, "采购")).isInstanceOf(Refused.class);
        }
        assertThatThrownBy(() -> customers.join(lead, other, "C1", "采购"))
                .as("belongs to another")
                .isInstanceOf(Refused.class);
        assertThatThrownBy(() -> customers.join(lead, one, "C1", "采购")).isInstanceOf(Refused.class);
        assertThatThrownBy(() -> customers.join(lead, company, "C1", " ")).isInstanceOf(Refused.class);
        assertThatThrownBy(() -> customers.join(stranger, company, "C1", "采购")).isInstanceOf(Unknown.class);

        // The same person known twice: the role follows, and goes back.
        var again = add(CustomerKind.PERSON, "王小明", "C2");
        var merge = duplicates.merge(lead, one, again, Map.of());
        assertThat(customers.profile(lead, one).role()).isEqualTo("财务");
        merges.undo(lead, merge.id());
        var back = duplicates.merge(lead, again, one, Map.of());
        assertThat(customers.people(lead, company)).hasSize(1);
        merges.undo(lead, back.id());
        assertThat(customers.profile(lead, one).role()).isEqualTo("财务");
        assertThat(customers.profile(lead, again).role()).isNull();

        customers.leave(lead, company, one);
        assertThat(customers.people(lead, company)).isEmpty();
        assertThatThrownBy(() -> customers.leave(lead, company, one)).isInstanceOf(Unknown.class);
    }

    @Test
    void contactsAreChangedAndRemoved() {
        var customer = add(CustomerKind.PERSON, "王小明", "C1");
        var first = customers.addContact(lead, customer, phone("13800138000"), Origin.of("柜台"));
        var second = customers.addContact(lead, customer, phone("13900139000"), Origin.of("柜台"));
        assertThat(customers.changeContact(lead, customer, first, "", "单位", Origin.of("")))
                .as("only the label")
                .isEqualTo(first);
        var changed = customers.changeContact(lead, customer, first, "13700137000", "单位", Origin.of("来电"));
        assertThat(changed).isNotEqualTo(first);
        assertThat(customers.page(lead, "13800138000", null, 10).customers()).isEmpty();
        assertThat(customers.page(lead, "13700137000", null, 10).customers()).hasSize(1);
        assertThatThrownBy(() -> customers.changeContact(lead, customer, changed, "13900139000", "单位", Origin.of("来电")))
                .as("there already")
                .isInstanceOf(Refused.class);
        assertThat(customers.page(lead, "13700137000", null, 10).customers())
                .as("what was refused changed nothing")
                .hasSize(1);
        assertThatThrownBy(() -> customers.changeContact(lead, customer, changed, "12", null, Origin.of("来电")))
                .isInstanceOf(Refused.class);
        assertThatThrownBy(() -> customers.removeContact(stranger, customer, second))
                .isInstanceOf(Unknown.class);
        customers.removeContact(lead, customer, second);
        assertThatThrownBy(() -> customers.removeContact(lead, customer, second))
                .isInstanceOf(Unknown.class);
        assertThat(customers.profile(lead, customer).customer().contacts())
                .extracting(CustomerPage.Contact::label)
                .containsExactly("单位");
    }

    /** PIPL 17, 23: what is typed in by hand says by field where it comes from, as an import does. */
    @Test
    void aValueTypedInSaysWhereItComesFromToo() {
        customers.addField(lead, new CustomField(Ids.next(), "level", "级别", CustomField.Type.TEXT, false));
        var shop = new Origin("门店", "海棠酒店", LawfulBasis.CONTRACT, DataPurpose.SERVICE, null);
        var card = new Origin("名片", "展会主办方", LawfulBasis.CONSENT, DataPurpose.MARKETING, null);
        var call = new Origin("来电", null, null, null, null);
        var given = new NewCustomer(
                CustomerKind.PERSON,
                "王小明",
                "C7",
                null,
                List.of(
                        new NewCustomer.Contact(ContactKind.PHONE, "13900000001", null),
                        new NewCustomer.Contact(ContactKind.PHONE, "13900000002", null, call),
                        new NewCustomer.Contact(ContactKind.EMAIL, "w@example.com", null),
                        new NewCustomer.Contact(ContactKind.WECHAT, "wang_xiaoming", null)),
                List.of(),
                Map.of("level", "金"));
        var id = customers.add(
                lead, given, shop, Map.of("EMAIL", card, "PHONE", card, "FIELD:level", call, "NAME", call));
        var profile = customers.profile(lead, id);
        assertThat(profile.customer().contacts())
                .extracting(each ->
                        each.kind() + each.value().substring(each.value().length() - 1))
                .containsExactlyInAnyOrder("PHONE1", "PHONE2", "EMAILm", "WECHATg");
        profile.customer()
                .contacts()
                .forEach(each -> assertThat(profile.origins().get(each.id()))
                        .as(each.kind() + each.value())
                        .isEqualTo(
                                each.kind() == ContactKind.WECHAT
                                        ? shop
                                        : each.value().endsWith("2") ? call : card));
        assertThat(profile.origins().get(id)).isEqualTo(call);
        assertThat(profile.fields())
                .singleElement()
                .satisfies(
                        value -> assertThat(profile.origins().get(value.id())).isEqualTo(call));
        for (var wrong : List.of("FIELD:none", "TAGS", "")) {
            assertThatThrownBy(() -> customers.add(
                            lead,
                            new NewCustomer(CustomerKind.PERSON, "李雷", null, null, List.of(), List.of(), Map.of()),
                            shop,
                            Map.of(wrong, call)))
                    .isInstanceOf(Refused.class);
        }
        assertThat(customers.page(lead, "李雷", null, 10).customers()).isEmpty();
    }

    @Test
    void eachValueSaysWhereItComesFrom() throws IOException {
        customers.addField(lead, new CustomField(Ids.next(), "level", "级别", CustomField.Type.TEXT, false));
        var batch = imports.upload(
                lead, ImportFormat.CSV, null, new ByteArrayInputStream("""
                    编号,姓名,手机,邮箱,级别
                    C1,王小明,13800138000,ming@example.com,金
                    """.getBytes(StandardCharsets.UTF_8)));
        var mapping = List.of("REFERENCE", "NAME", "PHONE", "EMAIL", "FIELD:level");
        assertThatThrownBy(() -> imports.start(
                        lead, batch.id(), mapping, CustomerTests.GROUND, Map.of("WECHAT", CustomerTests.GROUND)))
                .as("a field that is not in the file")
                .isInstanceOf(Refused.class);
        var ground = new Imports.Ground("活动签到", "会展公司", LawfulBasis.CONSENT, DataPurpose.MARKETING);
        imports.start(lead, batch.id(), mapping, CustomerTests.GROUND, Map.of("EMAIL", ground));
        worker.run(lead.tenant(), batch.id());
        var one = customers
                .page(lead, "13800138000", null, 10)
                .customers()
                .getFirst()
                .id();
        customers.addContact(
                lead,
                one,
                new NewCustomer.Contact(ContactKind.WECHAT, "wx_ming", null),
                new Origin("来电告知", "本人", LawfulBasis.CONSENT, DataPurpose.SERVICE, null));

        var ofFile = new Origin(
                CustomerTests.GROUND.source(),
                CustomerTests.GROUND.supplier(),
                CustomerTests.GROUND.basis(),
                CustomerTests.GROUND.purpose(),
                batch.id());
        var ofEmail = new Origin("活动签到", "会展公司", LawfulBasis.CONSENT, DataPurpose.MARKETING, batch.id());
        var ofWechat = new Origin("来电告知", "本人", LawfulBasis.CONSENT, DataPurpose.SERVICE, null);
        assertThat(origin(one, null)).isEqualTo(ofFile);
        assertThat(origin(one, ContactKind.PHONE)).isEqualTo(ofFile);
        assertThat(origin(one, ContactKind.EMAIL)).isEqualTo(ofEmail);
        assertThat(origin(one, ContactKind.WECHAT)).isEqualTo(ofWechat);
        var profile = customers.profile(lead, one);
        assertThat(profile.origins().get(profile.fields().getFirst().id())).isEqualTo(ofFile);

        // What follows a merge still comes from where it came; undone, everything is as it was.
        var counter = new Origin("柜台", null, LawfulBasis.CONTRACT, DataPurpose.SERVICE, null);
        var other = customers.add(
                lead,
                new NewCustomer(
                        CustomerKind.PERSON, "王", "C2", null, List.of(phone("13900139000")), List.of(), Map.of()),
                counter);
        var merge = duplicates.merge(lead, other, one, Map.of());
        var survivor = merge.survivor();
        assertThat(origin(survivor, null)).as("the fuller name").isEqualTo(ofFile);
        assertThat(origin(survivor, ContactKind.EMAIL)).isEqualTo(ofEmail);
        assertThat(origin(survivor, ContactKind.WECHAT)).isEqualTo(ofWechat);
        var merged = customers.profile(lead, survivor);
        assertThat(merged.customer().contacts().stream()
                        .filter(contact -> contact.kind() == ContactKind.PHONE)
                        .map(contact -> merged.origins().get(contact.id())))
                .containsExactlyInAnyOrder(ofFile, counter);
        merges.undo(lead, merge.id());
        assertThat(origin(one, null)).isEqualTo(ofFile);
        assertThat(origin(one, ContactKind.PHONE)).isEqualTo(ofFile);
        assertThat(origin(other, null)).isEqualTo(counter);
        assertThat(origin(other, ContactKind.PHONE)).isEqualTo(counter);
    }

    /** Of the name, or of the first contact of a kind. */
    private Origin origin(UUID customer, @org.jspecify.annotations.Nullable ContactKind kind) {
        var profile = customers.profile(lead, customer);
        var value = kind == null
                ? customer
                : profile.customer().contacts().stream()
                        .filter(contact -> contact.kind() == kind)
                        .map(CustomerPage.Contact::id)
                        .findFirst()
                        .orElseThrow();
        return Objects.requireNonNull(profile.origins().get(value));
    }
}
