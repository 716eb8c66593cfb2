package io.retainer.complaint;

import io.retainer.kernel.Refused;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Locale;
import java.util.regex.Pattern;
import java.util.zip.ZipInputStream;

/**
 * A file handed in with a complaint. What it is follows from its first bytes, never from its name or from what the sender
 * says; anything that could run, or that hides other files, is refused.
 *
 * @param name shown and offered when it is downloaded
 */
@SuppressWarnings("ArrayRecordComponent") // compared by content below
record Upload(String name, String type, byte[] content) {

    static final int LARGEST = 10 * 1024 * 1024;
    static final int MOST = 5;

    private static final int LONGEST_NAME = 120;
    private static final int MOST_ZIP_ENTRIES = 2000;
    private static final long MOST_UNPACKED = 100L * 1024 * 1024;
    private static final int MOST_RATIO = 100;
    private static final Pattern HIDDEN =
            Pattern.compile("\\.(exe|dll|scr|js|vbs|bat|cmd|ps1|jar|zip|rar|7z|lnk|hta)$");
    private static final Pattern BAD = Pattern.compile("[\\p{Cntrl}/\\\\:*?\"<>|\\u202A-\\u202E\\u2066-\\u2069]+");

    /** @throws Refused naming the file and what may be sent instead */
    static Upload checked(String given, byte[] content) {
        var name = name(given);
        if (content.length == 0) {
            throw Refused.field("files", "complaint.file.empty", name);
        }
        if (content.length > LARGEST) {
            throw Refused.field("files", "complaint.file.large", name, LARGEST / 1024 / 1024);
        }
        var type = type(content);
        if (type.isEmpty()) {
            throw Refused.field("files", "complaint.file.type", name);
        }
        return new Upload(name, type, content);
    }

    private static String name(String given) {
        var plain = BAD.matcher(given).replaceAll("_").strip();
        if (plain.isEmpty() || plain.startsWith(".")) {
            plain = "file" + plain;
        }
        return plain.length() <= LONGEST_NAME ? plain : plain.substring(plain.length() - LONGEST_NAME);
    }

    private static String type(byte[] content) {
        if (starts(content, 0, "%PDF-")) {
            return "application/pdf";
        }
        if (starts(content, 0, "\u0089PNG\r\n\u001a\n")) {
            return "image/png";
        }
        if (starts(content, 0, "\u00ff\u00d8\u00ff")) {
            return "image/jpeg";
        }
        if (starts(content, 0, "GIF87a") || starts(content, 0, "GIF89a")) {
            return "image/gif";
        }
        if (starts(content, 0, "RIFF") && starts(content, 8, "WEBP")) {
            return "image/webp";
        }
        if (starts(content, 0, "PK")) {
            return office(content);
        }
        return text(content) ? "text/plain" : "";
    }

    /**
     * Word and Excel without macros, programs or archives inside; any other archive hides what is in it. Read to the end, because
     * macros come last, and no further than a document of this size can reasonably unpack to.
     */
    private static String office(byte[] content) {
        boolean word = false;
        boolean excel = false;
        int entries = 0;
        long left = Math.min(MOST_UNPACKED, (long) MOST_RATIO * content.length);
        try (var zip = new ZipInputStream(new ByteArrayInputStream(content))) {
            for (var entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
                var path = entry.getName().toLowerCase(Locale.ROOT);
                if (++entries > MOST_ZIP_ENTRIES || path.contains("vbaproject") || path.contains("..")) {
                    return "";
                }
                if (HIDDEN.matcher(path).find()) {
                    return "";
                }
                word |= path.equals("word/document.xml");
                excel |= path.equals("xl/workbook.xml");
                long read;
                do {
                    read = zip.skip(64 * 1024);
                    left -= read;
                    if (left < 0) {
                        return "";
                    }
                } while (read > 0);
            }
        } catch (IOException | IllegalArgumentException broken) {
            return "";
        }
        return word
                ? "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
                : excel ? "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet" : "";
    }

    private static boolean text(byte[] content) {
        try {
            var text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(content));
            var head = text.subSequence(0, Math.min(text.length(), 1000)).toString();
            boolean markup =
                    head.toLowerCase(Locale.ROOT).matches("(?s)\\s*(<!doctype|<html|<svg|<\\?xml|#!|<script).*");
            return !markup && text.chars().noneMatch(c -> c < ' ' && c != '\n' && c != '\r' && c != '\t');
        } catch (CharacterCodingException notText) {
            return false;
        }
    }

    private static boolean starts(byte[] content, int at, String with) {
        var bytes = with.getBytes(StandardCharsets.ISO_8859_1);
        return content.length >= at + bytes.length
                && Arrays.equals(content, at, at + bytes.length, bytes, 0, bytes.length);
    }

    @Override
    public boolean equals(@org.jspecify.annotations.Nullable Object other) {
        return other instanceof Upload that
                && name.equals(that.name)
                && type.equals(that.type)
                && Arrays.equals(content, that.content);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(content);
    }

    /** Shows nothing of it. */
    @Override
    public String toString() {
        return "Upload of " + content.length + " bytes";
    }
}
