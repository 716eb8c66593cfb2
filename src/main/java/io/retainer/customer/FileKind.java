package io.retainer.customer;

import io.retainer.kernel.Refused;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/** Kinds of files that people take for lists of customers, told by their first bytes whatever they are called. */
enum FileKind {
    LOCKED("customer.import.locked"),
    OLD_OFFICE("customer.import.oldOffice"),
    PDF("customer.import.pdf"),
    PAGE("customer.import.page"),
    ARCHIVE("customer.import.archive"),
    PICTURE("customer.import.picture"),
    RICH_TEXT("customer.import.richText"),
    JSON_LIST("customer.import.jsonList");

    private static final byte[] OLD = {(byte) 0xD0, (byte) 0xCF, 0x11, (byte) 0xE0};

    private final String refusal;

    FileKind(String refusal) {
        this.refusal = refusal;
    }

    /**
     * Refuses what cannot be read, with what to do about it.
     *
     * @param start the first bytes
     */
    static void requireReadable(byte[] start) {
        if (begins(start, OLD)) {
            // A workbook with a password is an old container around what is sealed.
            throw (holds(start, "EncryptedPackage") ? LOCKED : OLD_OFFICE).refused();
        }
        if (begins(start, 0x1F, 0x8B)
                || begins(start, 'R', 'a', 'r', '!')
                || begins(start, '7', 'z', 0xBC, 0xAF)
                || (begins(start, 'P', 'K') && !SpreadsheetRows.isWorkbook(start))) {
            throw ARCHIVE.refused();
        }
        if (begins(start, 0x89, 'P', 'N', 'G')
                || begins(start, 0xFF, 0xD8, 0xFF)
                || begins(start, 'G', 'I', 'F', '8')) {
            throw PICTURE.refused();
        }
        int mark = Encoding.mark(start);
        var text = new String(start, mark, Math.min(start.length - mark, 1024), StandardCharsets.ISO_8859_1)
                .replace("\0", "")
                .stripLeading()
                .toLowerCase(Locale.ROOT);
        if (text.startsWith("%pdf-")) {
            throw PDF.refused();
        }
        if (text.startsWith("<!doctype")
                || text.startsWith("<html")
                || text.startsWith("<?xml")
                || text.startsWith("<table")
                || text.startsWith("<workbook")) {
            throw PAGE.refused();
        }
        if (text.startsWith("{\\rtf")) {
            throw RICH_TEXT.refused();
        }
        if (text.startsWith("[") && text.substring(1).stripLeading().startsWith("{")) {
            throw JSON_LIST.refused();
        }
    }

    Refused refused() {
        return Refused.field("file", refusal);
    }

    private static boolean begins(byte[] bytes, int... by) {
        if (bytes.length < by.length) {
            return false;
        }
        for (int i = 0; i < by.length; i++) {
            if ((bytes[i] & 0xFF) != by[i]) {
                return false;
            }
        }
        return true;
    }

    private static boolean begins(byte[] bytes, byte[] by) {
        return bytes.length >= by.length && java.util.Arrays.equals(bytes, 0, by.length, by, 0, by.length);
    }

    private static boolean holds(byte[] bytes, String name) {
        return new String(bytes, StandardCharsets.ISO_8859_1)
                .contains(new String(name.getBytes(StandardCharsets.UTF_16LE), StandardCharsets.ISO_8859_1));
    }
}
