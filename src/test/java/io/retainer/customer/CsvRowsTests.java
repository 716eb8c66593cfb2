package io.retainer.customer;

import static org.assertj.core.api.Assertions.assertThat;

import io.retainer.customer.ImportRows.Raw;
import java.io.IOException;
import java.io.Reader;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CsvRowsTests {

    @Test
    void readsWhatSpreadsheetsWrite() throws IOException {
        assertThat(read("a,b,c\r\n1,\"x, \"\"y\"\"\nz\",3\n\n张三,\"\",\rlast"))
                .containsExactly(
                        Raw.of(List.of("a", "b", "c")),
                        Raw.of(List.of("1", "x, \"y\"\nz", "3")),
                        Raw.of(List.of("")),
                        Raw.of(List.of("张三", "", "")),
                        Raw.of(List.of("last")));
        assertThat(read("5\" pipe,6")).containsExactly(Raw.of(List.of("5\" pipe", "6")));
    }

    @Test
    void whatIsWrittenIsReadBackUnlessItWasAFormula() throws IOException {
        var random = new Random(20261125);
        var letters = "abc,\"\n\r 王小=+-@1";
        for (int i = 0; i < 2000; i++) {
            var cells = new ArrayList<String>();
            for (int column = random.nextInt(1, 6); column > 0; column--) {
                var cell = new StringBuilder();
                for (int length = random.nextInt(8); length > 0; length--) {
                    cell.append(letters.charAt(random.nextInt(letters.length())));
                }
                cells.add(cell.toString());
            }
            var line = new StringBuilder();
            CsvRows.write(line, cells);
            assertThat(read(line.toString()))
                    .as("of %s", cells)
                    .containsExactly(
                            Raw.of(cells.stream().map(CsvRows::harmless).toList()));
        }
    }

    @ParameterizedTest
    @CsvSource({
        "=1+1,'''=1+1'",
        "@SUM(A1),'''@SUM(A1)'",
        "+8613800138000,'''+8613800138000'",
        "-2,'''-2'",
        "王=1,王=1",
        "＝1,'''＝1'"
    })
    void SEC_4_nothingGoesOutThatASpreadsheetWouldCalculate(String cell, String safe) {
        assertThat(CsvRows.harmless(cell)).isEqualTo(safe);
        assertThat(CsvRows.harmless("first\n=1+1")).isEqualTo("first\n'=1+1");
        assertThat(CsvRows.harmless("甲;=1+1"))
                .as("where lists are divided by semicolons")
                .isEqualTo("甲;'=1+1");
        assertThat(CsvRows.harmless("甲\t@x,|=y")).isEqualTo("甲\t'@x,|'=y");
        assertThat(CsvRows.harmless("+8613800138000; +8613900139000")).isEqualTo("'+8613800138000; +8613900139000");
    }

    @Test
    void aNumberOfAResultFileCanBeSentAgain() {
        assertThat(CsvRows.plain(CsvRows.harmless("+8613800138000"))).isEqualTo("+8613800138000");
        assertThat(CsvRows.plain(CsvRows.harmless("1号,-2层;=x\t=y"))).isEqualTo("1号,-2层;=x\t=y");
        assertThat(CsvRows.plain("'=1")).as("and refused as what it is").isEqualTo("=1");
        assertThat(CsvRows.plain("'n Beetje")).isEqualTo("'n Beetje");
    }

    /** A million columns, a cell without end, quotes that never close: reported, skipped, and no memory taken. */
    @Test
    void SEC_6_monstrousRowsAreSkippedAndTheNextIsReadAgain() throws IOException {
        var wide = new Repeating("x,", 1_000_000);
        try (var rows = new CsvRows(new Chained(wide, new StringReader("\nok,1\n")), ',')) {
            assertThat(reason(rows.next())).isEqualTo("customer.row.columns");
            assertThat(rows.next()).isEqualTo(Raw.of(List.of("ok", "1")));
            assertThat(rows.next()).isNull();
        }
        try (var rows = new CsvRows(new Chained(new Repeating("x", 50_000_000), new StringReader("\nok,1")), ',')) {
            assertThat(reason(rows.next())).isEqualTo("customer.row.long");
            assertThat(rows.next()).isEqualTo(Raw.of(List.of("ok", "1")));
        }
        assertThat(read("a,b\n\"cut off in the middle,1\n"))
                .containsExactly(
                        Raw.of(List.of("a", "b")),
                        Raw.bad("customer.row.quote").holding(List.of("cut off in the middle,1")));
        var long1 = read("a,\"" + "x".repeat(ImportRows.LONGEST_ROW) + "\nok,1");
        assertThat(reason(long1.getFirst())).isEqualTo("customer.row.long");
        assertThat(long1.subList(1, long1.size())).containsExactly(Raw.of(List.of("ok", "1")));
    }

    /** One forgotten quote costs its own row, not all that follow. */
    @Test
    void aRowWhoseQuoteNeverClosesEndsWithItsLine() throws IOException {
        assertThat(read("王一,1\n王二,\"没合上\n王三,3\n王四,4\n"))
                .containsExactly(
                        Raw.of(List.of("王一", "1")),
                        Raw.bad("customer.row.quote").holding(List.of("王二", "没合上")),
                        Raw.of(List.of("王三", "3")),
                        Raw.of(List.of("王四", "4")));
        assertThat(read("王二,\"没合上\n王三,\"x\"\n王四,4\n"))
                .as("closed by a quote that opens another cell")
                .containsExactly(
                        Raw.bad("customer.row.quote").holding(List.of("王二", "没合上")),
                        Raw.of(List.of("王三", "x")),
                        Raw.of(List.of("王四", "4")));
        var many = "\"a\nb,c\n".repeat(200_000);
        assertThat(read(many)).as("in time, and to the end").hasSizeGreaterThan(1000);
        assertThat(read("上海,\"世纪大道\n1号\",x\n")).containsExactly(Raw.of(List.of("上海", "世纪大道\n1号", "x")));
    }

    @Test
    void theLastRowMayBeCutOff() throws IOException {
        assertThat(lastOf("a,b,c\n1,2,3\n4,5")).isEqualTo("customer.row.cut");
        assertThat(lastOf("a,b,c\n1,2,3\n4,5\n")).as("its line ends").isEmpty();
        assertThat(lastOf("a,b,c\n1,2\n4,5")).as("others are as short").isEmpty();
        assertThat(lastOf("a,b,c\n1,2,3\n4,5,6")).isEmpty();
    }

    private static String lastOf(String text) throws IOException {
        var last = "";
        try (var rows = new CsvRows(new StringReader(text), ',')) {
            rows.expecting(3);
            for (var row = rows.next(); row != null; row = rows.next()) {
                last = reason(row);
            }
        }
        return last;
    }

    @Test
    void jsonLinesAreRowsByTheirKeys() throws IOException {
        var text = """
                {"name":"王小明","phones":["13800138000","13900139000"],"vip":true}
                {"name":"张三","email":"z@example.com","address":null}

                {"name": half
                [1]
                """;
        var header = JsonRows.header(new StringReader(text));
        assertThat(header).containsExactly("name", "phones", "vip", "email", "address");
        try (var rows = new JsonRows(new StringReader(text), header)) {
            assertThat(rows.next()).isEqualTo(Raw.of(List.of("王小明", "13800138000;13900139000", "true", "", "")));
            assertThat(rows.next()).isEqualTo(Raw.of(List.of("张三", "", "", "z@example.com", "")));
            assertThat(reason(rows.next())).isEqualTo("customer.row.json");
            assertThat(reason(rows.next())).isEqualTo("customer.row.json");
            assertThat(rows.next()).isNull();
        }
        try (var rows = new JsonRows(new StringReader("[".repeat(100_000) + "\n{\"name\":\"a\"}"), List.of("name"))) {
            assertThat(reason(rows.next())).isEqualTo("customer.row.json");
            assertThat(rows.next()).isEqualTo(Raw.of(List.of("a")));
        }
        var nested = """
                {"name":"王一","address":{"city":"上海","street":"世纪大道"},"contacts":[{"value":"1"},{"value":"2"}]}
                """;
        var keys = JsonRows.header(new StringReader(nested));
        assertThat(keys).containsExactly("name", "address.city", "address.street", "contacts.value");
        try (var rows = new JsonRows(new StringReader(nested + "{\"name\":\"王二\",\"later\":\"x\"}"), keys)) {
            assertThat(rows.next()).isEqualTo(Raw.of(List.of("王一", "上海", "世纪大道", "1;2")));
            assertThat(reason(rows.next())).as("nothing is lost unsaid").isEqualTo("customer.row.key");
            assertThat(rows.number()).isEqualTo(2);
        }
    }

    @Test
    void findsEncodingAndSeparator() {
        var text = "姓名;手机\n王小明;13800138000\n";
        assertThat(Encoding.of(text.getBytes(StandardCharsets.UTF_8))).isEqualTo(StandardCharsets.UTF_8);
        assertThat(Encoding.of(text.getBytes(Encoding.GB18030))).isEqualTo(Encoding.GB18030);
        assertThat(Encoding.of(("\uFEFF" + text).getBytes(StandardCharsets.UTF_16LE)))
                .isEqualTo(StandardCharsets.UTF_16LE);
        assertThat(Encoding.mark(("\uFEFF" + text).getBytes(StandardCharsets.UTF_8)))
                .isEqualTo(3);
        var cut = text.getBytes(StandardCharsets.UTF_8);
        assertThat(Encoding.of(Arrays.copyOf(cut, 4)))
                .as("cut inside a character")
                .isEqualTo(StandardCharsets.UTF_8);
        assertThat(Encoding.delimiter(text)).isEqualTo(';');
        assertThat(Encoding.delimiter("\"a,b,c,d\"\te\tf\n1,2,3,4,5,6")).isEqualTo('\t');
        assertThat(Encoding.delimiter("one column")).isEqualTo(',');
        assertThat(Encoding.delimiter("会员表\n姓名;手机;地址\n王一;1;上海,浦东,世纪大道,1号\n王二;2;上海,浦东,2号\n"))
                .isEqualTo(';');
        assertThat(Encoding.of("姓名\t手机\n王一\t13800138001\n".getBytes(StandardCharsets.UTF_16LE)))
                .as("without a mark")
                .isEqualTo(StandardCharsets.UTF_16LE);
        assertThat(Encoding.of("Name,City\nJosé,Málaga\nRenée,Orléans\n".getBytes(Encoding.WESTERN)))
                .isEqualTo(Encoding.WESTERN);
    }

    @Test
    void aFileInTwoEncodingsIsReadLineByLine() throws IOException {
        var bytes = new java.io.ByteArrayOutputStream();
        bytes.writeBytes("姓名,手机\n王小明,13800138000\n张晓雨,13800138001\n".getBytes(StandardCharsets.UTF_8));
        bytes.writeBytes("李四光,13900139000\n".getBytes(Encoding.GB18030));
        bytes.writeBytes("plain,1\n".getBytes(StandardCharsets.US_ASCII));
        var found = Encoding.found(bytes.toByteArray());
        assertThat(found).isEqualTo(new Encoding.Found(StandardCharsets.UTF_8, Encoding.GB18030, 1, 4));
        try (var reader =
                Encoding.reader(new java.io.ByteArrayInputStream(bytes.toByteArray()), found.main(), found.other())) {
            assertThat(reader.readAllAsString()).contains("王小明,13800138000", "李四光,13900139000", "plain");
        }
        bytes.reset();
        bytes.writeBytes("姓名,地址\n王小明,上海市浦东新区\n李四,北京市海".getBytes(StandardCharsets.UTF_8));
        var cut = Arrays.copyOf(bytes.toByteArray(), bytes.size() - 1);
        bytes.reset();
        bytes.writeBytes(cut);
        bytes.writeBytes("\n赵六,广州\n".getBytes(StandardCharsets.UTF_8));
        assertThat(Encoding.found(bytes.toByteArray()))
                .as("one damaged character does not make all the others wrong")
                .isEqualTo(Encoding.Found.all(StandardCharsets.UTF_8));
    }

    private static List<Raw> read(String text) throws IOException {
        var all = new ArrayList<Raw>();
        try (var rows = new CsvRows(new StringReader(text), ',')) {
            for (var row = rows.next(); row != null; row = rows.next()) {
                all.add(row);
            }
        }
        return all;
    }

    private static String reason(@org.jspecify.annotations.Nullable Raw row) {
        var trouble = row == null ? null : row.trouble();
        return trouble == null ? "" : trouble.key();
    }

    /** A long text that is never in memory. */
    private static final class Repeating extends Reader {
        private final String text;
        private long left;
        private int at;

        Repeating(String text, long times) {
            this.text = text;
            this.left = times * text.length();
        }

        @Override
        public int read(char[] to, int offset, int length) {
            if (left == 0) {
                return -1;
            }
            int count = (int) Math.min(length, left);
            for (int i = 0; i < count; i++) {
                to[offset + i] = text.charAt(at);
                at = (at + 1) % text.length();
            }
            left -= count;
            return count;
        }

        @Override
        public void close() {}
    }

    private static final class Chained extends Reader {
        private final Reader first;
        private final Reader second;

        Chained(Reader first, Reader second) {
            this.first = first;
            this.second = second;
        }

        @Override
        public int read(char[] to, int offset, int length) throws IOException {
            int count = first.read(to, offset, length);
            return count >= 0 ? count : second.read(to, offset, length);
        }

        @Override
        public void close() {}
    }
}
