package io.retainer.complaint;

import jakarta.mail.BodyPart;
import jakarta.mail.MessagingException;
import jakarta.mail.Multipart;
import jakarta.mail.Part;
import jakarta.mail.internet.ContentType;
import jakarta.mail.internet.MimeUtility;
import jakarta.mail.internet.ParseException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UnsupportedEncodingException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What a mail says, as text. HTML is never kept or shown: its markup goes, its words stay. Bounded in depth, number and size,
 * so that no mail can keep the intake busy.
 */
final class MailText {

    private static final int DEEPEST = 8;
    private static final int MOST_PARTS = 100;
    private static final int LARGEST_TEXT = 1_000_000;
    private static final Pattern DROPPED = Pattern.compile(
            "(?is)<(script|style|head|template|noscript|svg|iframe|object)\\b.*?(</\\1\\s*>|\\z)|<!--.*?(-->|\\z)");
    private static final Pattern BREAKS =
            Pattern.compile("(?i)<(br|/p|/div|/li|/tr|/h[1-6]|/blockquote)\\b[^>]{0,1000}>");
    private static final Pattern TAG = Pattern.compile("<[^>]{0,5000}>");
    private static final Pattern ENTITY = Pattern.compile("&(#[0-9]{1,7}|#[xX][0-9a-fA-F]{1,6}|[a-zA-Z]{2,8});");
    private static final Pattern QUOTED = Pattern.compile(
            "(?m)^(>.*|-{2,} ?(Original Message|原始邮件|原邮件).*|On .{5,200} wrote:|在 ?.{5,200}写道[:：])\\s*$");
    private static final Pattern MANY_BREAKS = Pattern.compile("\\n{3,}");

    private int parts;
    private @Nullable String plain;
    private @Nullable String html;
    private final List<Attached> attached = new ArrayList<>();

    private MailText() {}

    /** A file that came with a mail, not looked at yet. */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    record Attached(String name, byte[] content) {}

    /** @param text without what it quotes of the mail it answers */
    record Read(String text, List<Attached> attached) {}

    static Read of(Part mail) throws MessagingException, IOException {
        var reading = new MailText();
        reading.walk(mail, 0);
        var text = reading.plain;
        if (text == null || text.isBlank()) {
            text = reading.html == null ? "" : text(reading.html);
        }
        return new Read(own(text), reading.attached);
    }

    private void walk(Part part, int depth) throws MessagingException, IOException {
        if (depth > DEEPEST || ++parts > MOST_PARTS) {
            return;
        }
        if (part.isMimeType("multipart/*")) {
            if (part.getContent() instanceof Multipart several) {
                for (int i = 0; i < Math.min(several.getCount(), MOST_PARTS); i++) {
                    BodyPart inner = several.getBodyPart(i);
                    walk(inner, depth + 1);
                }
            }
            return;
        }
        var name = part.getFileName();
        boolean file = Part.ATTACHMENT.equalsIgnoreCase(part.getDisposition()) || name != null;
        if (file) {
            if (attached.size() < Upload.MOST) {
                attached.add(new Attached(decoded(name == null ? "file" : name), bytes(part, Upload.LARGEST + 1)));
            }
        } else if (part.isMimeType("text/plain") && plain == null) {
            plain = new String(bytes(part, LARGEST_TEXT), charset(part));
        } else if (part.isMimeType("text/html") && html == null) {
            html = new String(bytes(part, LARGEST_TEXT), charset(part));
        }
    }

    private static byte[] bytes(Part part, int most) throws MessagingException, IOException {
        try (InputStream in = part.getInputStream()) {
            return in.readNBytes(most);
        }
    }

    private static Charset charset(Part part) throws MessagingException {
        try {
            var name = new ContentType(part.getContentType()).getParameter("charset");
            if (name == null || name.isBlank()) {
                return StandardCharsets.UTF_8;
            }
            // GB 18030 reads what older clients call gb2312 or gbk.
            return name.strip().toLowerCase(Locale.ROOT).startsWith("gb")
                    ? Charset.forName("GB18030")
                    : Charset.forName(MimeUtility.javaCharset(name.strip()));
        } catch (ParseException | IllegalArgumentException unknown) {
            return StandardCharsets.UTF_8;
        }
    }

    static String decoded(String header) {
        try {
            return MimeUtility.decodeText(header);
        } catch (UnsupportedEncodingException e) {
            return header;
        }
    }

    /** The words of an HTML page: nothing of it can act any more, and it is escaped again where it is shown. */
    static String text(String html) {
        var words = DROPPED.matcher(html).replaceAll(" ");
        words = words.replaceAll("[\\r\\n\\t ]+", " ");
        words = BREAKS.matcher(words).replaceAll("\n");
        words = TAG.matcher(words).replaceAll("");
        words = ENTITY.matcher(words)
                .replaceAll(found -> java.util.regex.Matcher.quoteReplacement(entity(found.group(1))));
        return words.lines().map(String::strip).reduce((a, b) -> a + "\n" + b).orElse("");
    }

    private static String entity(String name) {
        try {
            if (name.startsWith("#x") || name.startsWith("#X")) {
                return Character.toString(Integer.parseInt(name.substring(2), 16));
            }
            if (name.startsWith("#")) {
                return Character.toString(Integer.parseInt(name.substring(1)));
            }
        } catch (IllegalArgumentException none) {
            return " ";
        }
        return switch (name) {
            case "amp" -> "&";
            case "lt" -> "<";
            case "gt" -> ">";
            case "quot" -> "\"";
            case "apos" -> "'";
            case "nbsp", "ensp", "emsp" -> " ";
            default -> "&" + name + ";";
        };
    }

    /** Up to what is quoted of the mail before; all of it when nothing else is there. */
    private static String own(String text) {
        var plain = text.replace("\r\n", "\n").replace('\r', '\n');
        var quoted = QUOTED.matcher(plain);
        var own = quoted.find() ? plain.substring(0, quoted.start()) : plain;
        return MANY_BREAKS
                .matcher(own.isBlank() ? plain : own)
                .replaceAll("\n\n")
                .strip();
    }
}
