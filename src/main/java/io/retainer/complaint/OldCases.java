package io.retainer.complaint;

import io.retainer.identity.Access;
import io.retainer.identity.Capability;
import io.retainer.kernel.Refused;
import io.retainer.kernel.Sentence;
import io.retainer.kernel.Tenancy;
import io.retainer.kernel.Texts;
import io.retainer.vault.Vault;
import java.io.IOException;
import java.io.PushbackReader;
import java.io.Reader;
import java.io.StringReader;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.Charset;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.apache.commons.csv.CSVFormat;
import org.springframework.stereotype.Service;

/**
 * Takes over the cases of another system from a file: {@code received,name,phone,email,subject,text,sought,product,region},
 * headings in any order, in English or Chinese, as UTF-8 or as spreadsheets in China write them. Each row stands for itself and is
 * taken once, so a file may be sent again when its bad rows were mended; the clocks count from the take-over.
 */
@Service
class OldCases {

    private static final int MOST = 5000;
    private static final ZoneId ZONE = ZoneId.of("Asia/Shanghai");

    private static final Charset CHINESE = Charset.forName("GB18030");

    /** What people call the columns. */
    private static final Map<String, List<String>> HEADINGS = Map.of(
            "received", List.of("received", "收到日期", "收到时间", "投诉日期", "投诉时间"),
            "name", List.of("name", "姓名", "投诉人", "客户姓名"),
            "phone", List.of("phone", "电话", "手机", "手机号", "联系电话"),
            "email", List.of("email", "邮箱", "电子邮箱"),
            "subject", List.of("subject", "主题", "标题"),
            "text", List.of("text", "内容", "投诉内容", "情况说明"),
            "sought", List.of("sought", "诉求"),
            "product", List.of("product", "产品", "商品"),
            "region", List.of("region", "地区"),
            "language", List.of("language", "语言"));

    private final Reception reception;
    private final SettingRows rows;
    private final Vault vault;
    private final Tenancy tenancy;

    OldCases(Reception reception, SettingRows rows, Vault vault, Tenancy tenancy) {
        this.reception = reception;
        this.rows = rows;
        this.vault = vault;
        this.tenancy = tenancy;
    }

    /** @param line in the file */
    record Bad(long line, Sentence why) {}

    /** @param known rows that had been taken over before */
    record TakenOver(int taken, int known, List<Bad> bad) {}

    /** A file in UTF-8, or else in GB18030. */
    TakenOver take(Access access, byte[] file) {
        try {
            return take(access, new StringReader(decoded(file, StandardCharsets.UTF_8)));
        } catch (CharacterCodingException notUtf8) {
            try {
                return take(access, new StringReader(decoded(file, CHINESE)));
            } catch (CharacterCodingException neither) {
                throw Refused.field("file", "complaint.old.unreadable");
            }
        }
    }

    private static String decoded(byte[] file, Charset charset) throws CharacterCodingException {
        return charset.newDecoder()
                .onMalformedInput(CodingErrorAction.REPORT)
                .onUnmappableCharacter(CodingErrorAction.REPORT)
                .decode(ByteBuffer.wrap(file))
                .toString();
    }

    TakenOver take(Access access, Reader file) {
        access.require(Capability.LEAD_COMPLAINTS);
        var bad = new ArrayList<Bad>();
        int taken = 0;
        int known = 0;
        for (var row : read(file)) {
            try {
                if (once(access, row)) {
                    taken++;
                } else {
                    known++;
                }
            } catch (Refused refusal) {
                bad.add(new Bad(row.line(), refusal.sentence()));
            }
        }
        return new TakenOver(taken, known, bad);
    }

    private boolean once(Access access, Row row) {
        return tenancy.write(access.tenant(), () -> {
            var index = vault.writing(access.tenant())
                    .index(
                            ComplaintRows.BY_OLD_ROW,
                            String.join("\n", row.cells().values()));
            if (index != null && rows.isKnown(access.tenant(), access.contract(), index)) {
                return false;
            }
            var taken = reception.take(access, complaint(row.cells()), List.of());
            if (index != null) {
                rows.known(access.tenant(), access.contract(), index, taken.id());
            }
            return true;
        });
    }

    /** @param cells by the English headings, in their order; what was left empty is not among them */
    private record Row(long line, SortedMap<String, String> cells) {}

    /** The whole file, before anything of it is taken: one that cannot be read to its end leaves nothing behind. */
    private static List<Row> read(Reader file) {
        var all = new ArrayList<Row>();
        try (var rows = CSVFormat.RFC4180
                .builder()
                .setHeader()
                .setSkipHeaderRecord(true)
                .setIgnoreHeaderCase(true)
                .setIgnoreEmptyLines(true)
                .setTrim(true)
                .get()
                .parse(withoutMark(file))) {
            var columns = new TreeMap<String, String>();
            HEADINGS.forEach((column, names) -> rows.getHeaderNames().stream()
                    .filter(heading -> names.contains(heading.strip().toLowerCase(Locale.ROOT)))
                    .findFirst()
                    .ifPresent(heading -> columns.put(column, heading)));
            if (!columns.containsKey("text")) {
                throw Refused.field("file", "complaint.old.heading");
            }
            for (var row : rows) {
                if (all.size() >= MOST) {
                    throw Refused.field("file", "complaint.old.most", MOST);
                }
                var cells = new TreeMap<String, String>();
                columns.forEach((column, heading) -> {
                    var value = row.isSet(heading) ? row.get(heading) : "";
                    if (!value.isBlank()) {
                        cells.put(column, value);
                    }
                });
                all.add(new Row(rows.getCurrentLineNumber(), cells));
            }
        } catch (IOException | IllegalArgumentException | java.io.UncheckedIOException e) {
            throw Refused.field("file", "complaint.old.unreadable");
        }
        return all;
    }

    /** Spreadsheets put a byte order mark before the first heading. */
    private static Reader withoutMark(Reader file) throws IOException {
        var pushback = new PushbackReader(file);
        int first = pushback.read();
        if (first >= 0 && first != '\uFEFF') {
            pushback.unread(first);
        }
        return pushback;
    }

    private static NewComplaint complaint(Map<String, String> row) {
        var sought = row.get("sought");
        var received = row.get("received");
        try {
            return new NewComplaint(
                    Intake.FILE,
                    "en".equals(row.get("language")) ? "en" : "zh",
                    row.get("name"),
                    row.get("phone"),
                    row.get("email"),
                    row.get("subject"),
                    row.getOrDefault("text", ""),
                    sought == null ? Remedy.OTHER : remedy(sought),
                    row.get("product"),
                    row.get("region"),
                    received == null
                            ? null
                            : received.length() == 10
                                    ? LocalDate.parse(received)
                                            .atStartOfDay(ZONE)
                                            .toInstant()
                                    : LocalDateTime.parse(received.replace(' ', 'T'))
                                            .atZone(ZONE)
                                            .toInstant());
        } catch (DateTimeParseException e) {
            throw Refused.field("received", "complaint.old.date");
        }
    }

    /** By its name, or as people read it in either language. */
    private static Remedy remedy(String given) {
        return Stream.of(Remedy.values())
                .filter(remedy -> remedy.name().equalsIgnoreCase(given)
                        || Texts.in(Texts.CHINESE).name(remedy).equals(given)
                        || Texts.in(Texts.ENGLISH).name(remedy).equalsIgnoreCase(given))
                .findFirst()
                .orElseThrow(() -> Refused.field("sought", "complaint.old.sought"));
    }
}
