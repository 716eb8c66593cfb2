package io.retainer.customer;

import java.io.BufferedReader;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.Reader;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Address cards (vCard 2.1, 3.0 and 4.0: RFC 2426, RFC 6350), written as delimited text, one line a card. Of a card we take
 * the name, organisation and title, telephones, e-mails, addresses, WeChat, categories, the note and its own id; pictures and
 * the rest are passed over. A card that breaks off says so in its type, so that the import reports it.
 */
final class CardRows {

    static final List<String> HEADER = List.of(
            "id",
            "type",
            "name",
            "phone",
            "email",
            "wechat",
            "address 1",
            "address 2",
            "address 3",
            "tags",
            "company",
            "role",
            "note");

    private static final int MOST_VALUES = 20;
    private static final String BROKEN = "BEGIN:VCARD";

    private final BufferedReader reader;
    private @Nullable String ahead;

    private CardRows(Reader reader) throws IOException {
        this.reader = new BufferedReader(reader);
        this.ahead = limitedLine();
    }

    /** Whether it starts as a card does. */
    static boolean isCard(String start) {
        return start.stripLeading().regionMatches(true, 0, "BEGIN:VCARD", 0, 11);
    }

    static boolean breaksOff(List<String> card) {
        return card.size() > 1 && card.get(1).equals(BROKEN);
    }

    static void write(Reader file, Writer out) throws IOException {
        var line = new StringBuilder();
        CsvRows.writePlain(line, HEADER);
        out.append(line);
        var cards = new CardRows(file);
        var card = cards.next();
        while (card != null) {
            line.setLength(0);
            CsvRows.writePlain(line, card);
            out.append(line);
            card = cards.next();
        }
    }

    /** A property: its name, its parameters in upper case, and its value as written. */
    private record Property(String name, Map<String, String> parameters, String value) {}

    private static final class Card {
        String id = "";
        boolean company;
        String formatted = "";
        String structured = "";
        String organisation = "";
        String title = "";
        String note = "";
        final Map<String, List<String>> values = new LinkedHashMap<>();

        void add(String kind, String value) {
            var known = values.computeIfAbsent(kind, _ -> new ArrayList<>());
            if (!value.isBlank() && known.size() < MOST_VALUES && !known.contains(value)) {
                known.add(value);
            }
        }

        List<String> cells(boolean whole) {
            var name = formatted.isBlank() ? structured : formatted;
            boolean organisationOnly = name.isBlank() && !organisation.isBlank();
            var addresses = values.getOrDefault("ADR", List.of());
            return List.of(
                    id,
                    whole ? company || organisationOnly ? "company" : "" : BROKEN,
                    organisationOnly ? organisation : name,
                    String.join(";", values.getOrDefault("TEL", List.of())),
                    String.join(";", values.getOrDefault("EMAIL", List.of())),
                    String.join(";", values.getOrDefault("WECHAT", List.of())),
                    !addresses.isEmpty() ? addresses.get(0) : "",
                    addresses.size() > 1 ? addresses.get(1) : "",
                    addresses.size() > 2 ? addresses.get(2) : "",
                    String.join(";", values.getOrDefault("CATEGORIES", List.of())),
                    company || organisationOnly ? "" : organisation,
                    title,
                    note);
        }
    }

    private @Nullable List<String> next() throws IOException {
        Card card = null;
        while (true) {
            var line = logical();
            if (line == null) {
                return card == null ? null : card.cells(false);
            }
            var property = property(line);
            if (property == null) {
                continue;
            }
            var value = property.value();
            if (property.name().equals("BEGIN") && value.strip().equalsIgnoreCase("VCARD")) {
                if (card != null) {
                    ahead = ahead == null ? line : line + "\n" + ahead;
                    return card.cells(false);
                }
                card = new Card();
            } else if (card != null && property.name().equals("END")) {
                return card.cells(true);
            } else if (card != null) {
                take(card, property);
            }
        }
    }

    private static void take(Card card, Property property) {
        var value = property.value();
        switch (property.name()) {
            case "UID" -> card.id = plain(value).replaceFirst("(?i)^urn:uuid:", "");
            case "KIND" -> card.company = value.strip().equalsIgnoreCase("org");
            case "X-ABSHOWAS" -> card.company = value.strip().equalsIgnoreCase("company");
            case "FN" -> card.formatted = plain(value).strip();
            case "N" -> card.structured = name(parts(value, ';'));
            case "ORG" ->
                card.organisation = String.join(" ", parts(value, ';')).strip();
            case "TITLE" -> card.title = plain(value).strip();
            case "NOTE" -> card.note = plain(value).strip();
            case "TEL" ->
                card.add(
                        "TEL",
                        plain(value)
                                .replaceFirst("(?i)^tel:", "")
                                .replaceFirst(";ext=.*", "")
                                .strip());
            case "EMAIL" ->
                card.add("EMAIL", plain(value).replaceFirst("(?i)^mailto:", "").strip());
            case "ADR" -> card.add("ADR", address(parts(value, ';')));
            case "CATEGORIES" -> parts(value, ',').forEach(each -> card.add("CATEGORIES", each.strip()));
            case "X-WECHAT", "X-WEIXIN" -> card.add("WECHAT", plain(value).strip());
            case "IMPP", "X-SOCIALPROFILE" -> {
                var type = property.parameters().getOrDefault("TYPE", "")
                        + property.parameters().getOrDefault("X-SERVICE-TYPE", "");
                var text = plain(value).strip();
                int colon = text.indexOf(':');
                boolean scheme = colon > 0
                        && text.substring(0, colon).toLowerCase(Locale.ROOT).matches("wechat|weixin");
                if (scheme || type.contains("WECHAT") || type.contains("WEIXIN")) {
                    card.add("WECHAT", colon > 0 ? text.substring(colon + 1) : text);
                }
            }
            default -> {}
        }
    }

    /** Family name first where it is written in Chinese, last elsewhere. */
    private static String name(List<String> parts) {
        var family = part(parts, 0);
        var given = part(parts, 1);
        boolean chinese = (family + given).codePoints().anyMatch(Character::isIdeographic);
        return chinese
                ? family + given
                : (given + " " + part(parts, 2) + " " + family)
                        .replaceAll("\\s+", " ")
                        .strip();
    }

    /** Box, extension, street, town, region, code, country: from the large to the small in Chinese. */
    private static String address(List<String> parts) {
        boolean chinese = String.join("", parts).codePoints().anyMatch(Character::isIdeographic);
        return chinese
                ? part(parts, 4) + part(parts, 3) + part(parts, 2) + part(parts, 1)
                : String.join(
                        ", ",
                        List.of(
                                        part(parts, 2),
                                        part(parts, 1),
                                        part(parts, 3),
                                        part(parts, 4),
                                        part(parts, 5),
                                        part(parts, 6))
                                .stream()
                                .filter(each -> !each.isBlank())
                                .toList());
    }

    private static String part(List<String> parts, int i) {
        return i < parts.size() ? parts.get(i).strip() : "";
    }

    private static @Nullable Property property(String line) {
        boolean quoted = false;
        int colon = -1;
        for (int i = 0; i < line.length() && colon < 0; i++) {
            char c = line.charAt(i);
            if (c == '"') {
                quoted = !quoted;
            } else if (c == ':' && !quoted) {
                colon = i;
            }
        }
        if (colon < 1) {
            return null;
        }
        var front = line.substring(0, colon).split(";", -1);
        var name = front[0].toUpperCase(Locale.ROOT);
        name = name.substring(name.indexOf('.') + 1);
        var parameters = new LinkedHashMap<String, String>();
        for (int i = 1; i < front.length; i++) {
            var each = front[i].toUpperCase(Locale.ROOT);
            int is = each.indexOf('=');
            // Version 2.1 leaves the names of parameters out.
            var key = is < 0 ? each.equals("QUOTED-PRINTABLE") ? "ENCODING" : "TYPE" : each.substring(0, is);
            parameters.merge(key, is < 0 ? each : each.substring(is + 1).replace("\"", ""), (a, b) -> a + "," + b);
        }
        var value = line.substring(colon + 1);
        if ("QUOTED-PRINTABLE".equals(parameters.get("ENCODING"))) {
            value = unquoted(value, parameters.get("CHARSET"));
        }
        return new Property(name, parameters, value);
    }

    private static String unquoted(String value, @Nullable String charset) {
        var bytes = new ByteArrayOutputStream();
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            int high = i + 2 < value.length() ? Character.digit(value.charAt(i + 1), 16) : -1;
            int low = i + 2 < value.length() ? Character.digit(value.charAt(i + 2), 16) : -1;
            if (c == '=' && high >= 0 && low >= 0) {
                bytes.write(high << 4 | low);
                i += 2;
            } else {
                bytes.writeBytes(String.valueOf(c).getBytes(StandardCharsets.UTF_8));
            }
        }
        boolean chinese = charset != null && charset.startsWith("GB");
        return bytes.toString(chinese ? Encoding.GB18030 : StandardCharsets.UTF_8);
    }

    private static String plain(String value) {
        return String.join(";", parts(value, '\0'));
    }

    /** Split where the separator is not escaped, and unescaped. */
    private static List<String> parts(String value, char separator) {
        var parts = new ArrayList<String>();
        var part = new StringBuilder();
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            if (c == '\\' && i + 1 < value.length()) {
                char next = value.charAt(++i);
                part.append(next == 'n' || next == 'N' ? ' ' : next);
            } else if (c == separator && separator != '\0') {
                parts.add(part.toString());
                part.setLength(0);
            } else {
                part.append(c);
            }
        }
        parts.add(part.toString());
        return parts;
    }

    /** A line with those it goes on in: folded ones start with a blank, quoted-printable ones end with "=". */
    private @Nullable String logical() throws IOException {
        var first = ahead;
        if (first == null) {
            return null;
        }
        int broken = first.indexOf('\n');
        if (broken >= 0) {
            ahead = first.substring(broken + 1);
            return first.substring(0, broken);
        }
        var line = new StringBuilder(first);
        ahead = limitedLine();
        while (ahead != null) {
            boolean quoted =
                    line.length() > 0 && line.charAt(line.length() - 1) == '=' && line.indexOf("QUOTED-PRINTABLE") > 0;
            if (quoted) {
                line.setLength(line.length() - 1);
                append(line, ahead);
            } else if (ahead.startsWith(" ") || ahead.startsWith("\t")) {
                append(line, ahead.substring(1));
            } else {
                break;
            }
            ahead = limitedLine();
        }
        return line.toString();
    }

    private static void append(StringBuilder line, String more) {
        // Pictures are long and passed over anyway.
        if (line.length() < ImportRows.LONGEST_ROW) {
            line.append(more);
        }
    }

    /** A line of which no more than the limit is kept. */
    private @Nullable String limitedLine() throws IOException {
        var line = new StringBuilder();
        int c = reader.read();
        if (c < 0) {
            return null;
        }
        while (c >= 0 && c != '\n') {
            if (c != '\r' && line.length() < ImportRows.LONGEST_ROW) {
                line.append((char) c);
            }
            c = reader.read();
        }
        return line.toString();
    }
}
