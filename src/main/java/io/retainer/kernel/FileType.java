package io.retainer.kernel;

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
 * What a file is that somebody hands in: by its first bytes, never by its name or by what the sender says. Only what cannot
 * run, and hides no other files, has a type here.
 */
public final class FileType {

    private static final int LONGEST_NAME = 120;
    private static final int MOST_ZIP_ENTRIES = 2000;
    private static final long MOST_UNPACKED = 100L * 1024 * 1024;
    private static final int MOST_RATIO = 100;
    private static final Pattern HIDDEN =
            Pattern.compile("\\.(exe|dll|scr|js|vbs|bat|cmd|ps1|jar|zip|rar|7z|lnk|hta)$");
    private static final Pattern BAD = Pattern.compile("[\\p{Cntrl}/\\\\:*?\"<>|\\u202A-\\u202E\\u2066-\\u2069]+");
    private static final Pattern MARKUP =
            Pattern.compile("\\s*(<!doctype|<html|<svg|<\\?xml|#!|<script).*", Pattern.DOTALL);

    private FileType() {}

    /** The media type of a PDF, a picture, a Word or Excel file without macros, or plain text in UTF-8; empty for all else. */
    public static Optional<String> of(byte[] content) {
        if (starts(content, 0, "%PDF-")) {
            return Optional.of("application/pdf");
        }
        if (starts(content, 0, "\u0089PNG\r\n\u001a\n")) {
            return Optional.of("image/png");
        }
        if (starts(content, 0, "\u00ff\u00d8\u00ff")) {
            return Optional.of("image/jpeg");
        }
        if (starts(content, 0, "GIF87a") || starts(content, 0, "GIF89a")) {
            return Optional.of("image/gif");
        }
        if (starts(content, 0, "RIFF") && starts(content, 8, "WEBP")) {
            return Optional.of("image/webp");
        }
        if (starts(content, 0, "PK")) {
            return office(content);
        }
        return text(content) ? Optional.of("text/plain") : Optional.empty();
    }

    /** A name that is safe to show and to offer for saving: no path, no control or turning characters, not hidden. */
    public static String name(String given) {
        var plain = BAD.matcher(given).replaceAll("_").strip();
        if (plain.isEmpty() || plain.startsWith(".")) {
            plain = "file" + plain;
        }
        return plain.length() <= LONGEST_NAME ? plain : plain.substring(plain.length() - LONGEST_NAME);
    }

    /**
     * Word and Excel without macros, programs or archives inside; any other archive hides what is in it. Read to the end, because
     * macros come last, and no further than a document of this size can reasonably unpack to.
     */
    private static Optional<String> office(byte[] content) {
        boolean word = false;
        boolean excel = false;
        int entries = 0;
        long left = Math.min(MOST_UNPACKED, (long) MOST_RATIO * content.length);
        try (var zip = new ZipInputStream(new ByteArrayInputStream(content))) {
            for (var entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
                var path = entry.getName().toLowerCase(Locale.ROOT);
                if (++entries > MOST_ZIP_ENTRIES || path.contains("vbaproject") || path.contains("..")) {
                    return Optional.empty();
                }
                if (HIDDEN.matcher(path).find()) {
                    return Optional.empty();
                }
                word |= path.equals("word/document.xml");
                excel |= path.equals("xl/workbook.xml");
                long read;
                do {
                    read = zip.skip(64 * 1024);
                    left -= read;
                    if (left < 0) {
                        return Optional.empty();
                    }
                } while (read > 0);
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
