package io.retainer.complaint;

import io.retainer.identity.Access;
import io.retainer.kernel.Ids;
import io.retainer.kernel.Tenancy;
import io.retainer.vault.Vault;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import java.util.stream.Collectors;
import javax.sql.DataSource;
import org.postgresql.PGConnection;
import org.springframework.context.ApplicationContext;

/** Very many complaints for a benchmark, sealed and indexed like everybody's: one in ten is open. */
public final class ComplaintCrowd {

    private static final List<String> THINGS = List.of(
            "电饭煲", "洗衣机", "热水壶", "空调", "冰箱", "毛巾", "奶粉", "优惠券", "发票", "会员卡", "积分", "快递", "外卖", "沙发", "手机", "耳机");
    private static final List<String> FAULTS = List.of(
            "漏水", "三天没有更新物流", "外壳凹陷", "无法使用", "重复扣款", "没有到账", "涂层脱落", "送错地址", "包装破损", "客服不理人", "安装收费过高", "迟到两小时");
    private static final List<String> PLACES = List.of("上海徐汇店", "北京朝阳店", "广州天河店", "成都锦江店", "线上商城", "武汉光谷店", "西安雁塔店");
    private static final List<String> ENGLISH = List.of(
            "parcel arrived late",
            "charged twice",
            "screen broken",
            "refund missing",
            "rude courier",
            "wrong size",
            "leaking kettle");

    private ComplaintCrowd() {}

    static String text(Random random) {
        return random.nextInt(5) == 0
                ? ENGLISH.get(random.nextInt(ENGLISH.size())) + ", order " + (10_000 + random.nextInt(90_000)) + " "
                        + ENGLISH.get(random.nextInt(ENGLISH.size()))
                : PLACES.get(random.nextInt(PLACES.size())) + "买的" + THINGS.get(random.nextInt(THINGS.size()))
                        + FAULTS.get(random.nextInt(FAULTS.size())) + "，希望尽快处理，订单" + random.nextInt(100_000);
    }

    /** Adds the complaints with these places in the crowd, straight into the table. */
    public static void add(ApplicationContext app, DataSource superuser, Access access, int from, int to)
            throws SQLException, IOException {
        var vault = app.getBean(Vault.class);
        var client = app.getBean(Tenancy.class).write(access.tenant(), () -> vault.writing(access.tenant()));
        var parts = new HashMap<String, Integer>();
        var random = new Random(from);
        var now = Clock.systemUTC().instant();
        try (var connection = superuser.getConnection()) {
            var indexes = away(connection);
            var copy = connection.unwrap(PGConnection.class).getCopyAPI().copyIn("""
                    copy complaint.complaint (tenant_id, id, contract_id, contract_version, number, intake, received_at, language,
                        name, phone, phone_index, subject, parts, stage, sought, category, severity, impact, urgency, hazard,
                        priority, owner, level, reopened, missed, redirection, ended_at, duties, due_at, changed_at, version)
                    from stdin""");
            for (int i = from; i < to; i++) {
                boolean open = i % 10 == 0;
                boolean assessed = open && i % 20 == 0;
                var received = now.minus(Duration.ofMinutes(2_000_000L - i));
                var id = Ids.at(received.toEpochMilli());
                var text = text(random);
                var phone = "13%09d".formatted(i);
                var tags = TextParts.of(text).stream()
                        .map(part -> parts.computeIfAbsent(part, each -> {
                            var tag = client.index(ComplaintRows.BY_PART, each);
                            return tag == null ? 0 : tag.intValue();
                        }))
                        .distinct()
                        .map(String::valueOf)
                        .collect(Collectors.joining(",", "{", "}"));
                var line = new String[] {
                    access.tenant().toString(),
                    id.toString(),
                    access.contract().toString(),
                    "1",
                    Integer.toString(2_000_000 + i),
                    "API",
                    received.toString(),
                    "zh",
                    hex(client.seal(ComplaintRows.NAME, id, "王小明").bytes()),
                    hex(client.seal(ComplaintRows.PHONE, id, phone).bytes()),
                    String.valueOf(client.index(ComplaintRows.BY_PHONE, phone)),
                    hex(client.seal(ComplaintRows.SUBJECT, id, text).bytes()),
                    tags,
                    open ? (assessed ? "ASSESSED" : "REGISTERED") : "REDIRECTED",
                    "REFUND",
                    assessed ? "QUALITY" : "\\N",
                    assessed ? "MIDDLE" : "\\N",
                    assessed ? "LOW" : "\\N",
                    assessed ? "MIDDLE" : "\\N",
                    assessed ? (i % 1000 == 0 ? "SAFETY" : "NONE") : "\\N",
                    assessed ? (i % 1000 == 0 ? "P1" : "P2") : "\\N",
                    assessed ? access.person().toString() : "\\N",
                    "1",
                    "0",
                    "{}",
                    open ? "\\N" : "NOT_A_COMPLAINT",
                    open ? "\\N" : received.plusSeconds(86_400).toString(),
                    "{}",
                    due(now, open, random).toString(),
                    received.toString(),
                    "0"
                };
                var bytes = (String.join("\t", line) + "\n").getBytes(StandardCharsets.UTF_8);
                copy.writeToCopy(bytes, 0, bytes.length);
            }
            copy.endCopy();
            try (var statement = connection.createStatement()) {
                statement.execute("set maintenance_work_mem = '512MB'");
                for (var index : indexes) {
                    statement.execute(index);
                }
                statement.execute("vacuum analyze complaint.complaint");
            }
        }
    }

    /** Takes the indexes away that no constraint needs, and says how they are made again: ten times faster than keeping them. */
    private static List<String> away(Connection connection) throws SQLException {
        var made = new ArrayList<String>();
        try (var statement = connection.createStatement()) {
            var names = new ArrayList<String>();
            try (var row = statement.executeQuery("""
                    select i.indexrelid::regclass, pg_get_indexdef(i.indexrelid) from pg_index i
                    where i.indrelid = 'complaint.complaint'::regclass and not i.indisunique""")) {
                while (row.next()) {
                    names.add(row.getString(1));
                    made.add(row.getString(2));
                }
            }
            for (var name : names) {
                statement.execute("drop index " + name);
            }
        }
        return made;
    }

    /** A twentieth is late. */
    private static Instant due(Instant now, boolean open, Random random) {
        return open ? now.plus(Duration.ofSeconds(random.nextInt(20 * 86_400) - 86_400L)) : ComplaintRows.NEVER;
    }

    private static String hex(byte[] bytes) {
        return "\\\\x" + HexFormat.of().formatHex(bytes);
    }

    /** The first page of the open queue by due time, as the desk shows it. */
    public static int firstPage(ApplicationContext app, Access access) {
        return page(app, access, Filter.OPEN, "");
    }

    /** The first page of one of the other views. */
    public static int view(ApplicationContext app, Access access, String view) {
        return page(app, access, new Filter(Filter.View.valueOf(view), null, null, null, null, null, null), "");
    }

    /** What a search for words finds. */
    public static int search(ApplicationContext app, Access access, String words) {
        return page(app, access, Filter.OPEN, words);
    }

    private static int page(ApplicationContext app, Access access, Filter filter, String words) {
        return app.getBean(CaseQueue.class)
                .page(access.person(), List.of(access), filter, words, null)
                .lines()
                .size();
    }

    /** Words people look for, by how many texts have them. */
    public static Map<String, List<String>> words() {
        return Map.of(
                "Chinese, one in five to one in hundreds",
                List.of("电饭煲", "重复扣款", "徐汇店买的", "没有到账", "客服不理人", "希望尽快处理"),
                "English, one in thirty or rarer",
                List.of("charged twice", "leaking kettle", "refund", "rude courier"));
    }

    /** For others that look at the same rows. */
    public static UUID someId(ApplicationContext app, Access access) {
        return app.getBean(CaseQueue.class)
                .page(access.person(), List.of(access), Filter.OPEN, "", null)
                .lines()
                .getFirst()
                .id();
    }
}
