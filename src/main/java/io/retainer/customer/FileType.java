package io.retainer.customer;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.zip.ZipInputStream;

/**
 * What a file is, by its first bytes and never by its name. Only what cannot run, and hides no other files, has a type here.
 */
final class FileType {

    private static final int MOST_ENTRIES = 2000;
    private static final int LARGEST_ENTRY = 50 * 1024 * 1024;
    private static final int LONGEST_NAME = 120;
    private static final Pattern BAD = Pattern.compile("[\\p{Cntrl}/\\\\:*?\"<>|\\u202A-\\u202E\\u2066-\\u2069]+");
    private static final Pattern MARKUP =
            Pattern.compile("\\s*(<!doctype|<html|<svg|<\\?xml|#!|<script).*", Pattern.DOTALL);

    private FileType() {}

    static Optional<String> of(byte[] content) {
        if (starts(content, 0, "%PDF-")) {
            return Optional.of("application/pdf");
        }
        if (starts(content, 0, "\u0089PNG\r\n\u001a\n")) {
            return Optional.of("image/png");
        }
        if (starts(content, 0, "\u00ff\u00d8\u00ff")) {
            return Optional.of("image/jpeg");
        }
        if (starts(content, 0, "RIFF") && starts(content, 8, "WEBP")) {
            return Optional.of("image/webp");
        }
        if (starts(content, 0, "PK")) {
            return office(content);
        }
        return text(content) ? Optional.of("text/plain") : Optional.empty();
    }

    /** A name that is safe to offer for saving. */
    static String name(String given) {
        var plain = BAD.matcher(given).replaceAll("_").strip();
        if (plain.isEmpty() || plain.startsWith(".")) {
            plain = "file" + plain;
        }
        return plain.length() <= LONGEST_NAME ? plain : plain.substring(plain.length() - LONGEST_NAME);
    }

    /** Word and Excel without macros; all entries are looked at, so that none hides behind a good one. */
    private static Optional<String> office(byte[] content) {
        boolean word = false;
        boolean excel = false;
        int entries = 0;
        try (var zip = new ZipInputStream(new ByteArrayInputStream(content))) {
            for (var entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
                var path = entry.getName().toLowerCase(Locale.ROOT);
                if (++entries > MOST_ENTRIES
                        || path.contains("vbaproject")
                        || path.contains("..")
                        || zip.skip(LARGEST_ENTRY) >= LARGEST_ENTRY) {
                    return Optional.empty();
                }
                word |= path.equals("word/document.xml");
                excel |= path.equals("xl/workbook.xml");
            }
        } catch (IOException | IllegalArgumentException _) {
            return Optional.empty();
        }
        if (word) {
            return Optional.of("application/vnd.openxmlformats-officedocument.wordprocessingml.document");
        }
        return excel
                ? Optional.of("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet")
                : Optional.empty();
    }

    private static boolean text(byte[] content) {
        try {
            var text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(content));
            var head = text.subSequence(0, Math.min(text.length(), 1000)).toString();
            return !MARKUP.matcher(head.toLowerCase(Locale.ROOT)).matches()
                    && text.chars().noneMatch(c -> c < ' ' && c != '\n' && c != '\r' && c != '\t');
        } catch (CharacterCodingException _) {
            return false;
        }
    }

    private static boolean starts(byte[] content, int at, String with) {
        var bytes = with.getBytes(StandardCharsets.ISO_8859_1);
        return content.length >= at + bytes.length
                && Arrays.equals(content, at, at + bytes.length, bytes, 0, bytes.length);
    }
}
