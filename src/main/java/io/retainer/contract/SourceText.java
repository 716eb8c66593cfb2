package io.retainer.contract;

import io.retainer.kernel.Refused;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.Charset;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.zip.ZipInputStream;
import org.jspecify.annotations.Nullable;

/**
 * The words of a file that somebody handed in. Every file is hostile until read: sizes are bounded before anything is
 * unpacked, and what is neither plain text nor DOCX is named for what it is.
 *
 * @param encoding {@code UTF-8}, {@code UTF-16LE}, {@code GB18030} … or {@code DOCX}
 */
record SourceText(String text, String encoding) {

    static final int MOST_BYTES = 10 * 1024 * 1024;
    /** Longer than any contract of this kind: some five hundred pages. */
    static final int MOST_CHARACTERS = 500_000;

    private static final long MOST_INFLATED = 60L * 1024 * 1024;
    private static final int MOST_ENTRIES = 2_000;
    private static final List<String> CONTRACT_WORDS = List.of("合同", "甲方", "乙方", "協議", "协议");

    /** @throws Refused when it cannot be read, saying why */
    static SourceText of(byte[] bytes) {
        if (bytes.length == 0) {
            throw Refused.field("file", "contract.file.empty");
        }
        if (bytes.length > MOST_BYTES) {
            throw Refused.field("file", "contract.file.tooLarge", MOST_BYTES / 1024 / 1024);
        }
        if (startsWith(bytes, 'P', 'K', 3, 4)) {
            return docx(bytes);
        }
        if (startsWith(bytes, '%', 'P', 'D', 'F')) {
            throw Refused.field("file", "contract.file.pdf");
        }
        if (startsWith(bytes, 0xD0, 0xCF, 0x11, 0xE0)) {
            throw Refused.field("file", "contract.file.oldWord");
        }
        return bounded(decoded(bytes));
    }

    /** @throws Refused when it is empty or too long */
    static SourceText pasted(String text) {
        if (text.isBlank()) {
            throw Refused.field("text", "contract.file.empty");
        }
        return bounded(new SourceText(text, "UTF-8"));
    }

    private static SourceText bounded(SourceText source) {
        if (source.text.isBlank()) {
            throw Refused.field("file", "contract.file.empty");
        }
        if (source.text.length() > MOST_CHARACTERS) {
            throw Refused.field("file", "contract.file.tooLong", MOST_CHARACTERS);
        }
        return source;
    }

    private static SourceText decoded(byte[] bytes) {
        if (startsWith(bytes, 0xEF, 0xBB, 0xBF)) {
            return required(bytes, 3, StandardCharsets.UTF_8);
        }
        if (startsWith(bytes, 0xFF, 0xFE)) {
            return required(bytes, 2, StandardCharsets.UTF_16LE);
        }
        if (startsWith(bytes, 0xFE, 0xFF)) {
            return required(bytes, 2, StandardCharsets.UTF_16BE);
        }
        if (hasZeroBytes(bytes)) {
            // Plain Chinese text has ASCII digits and line breaks, so UTF-16 without a mark shows by its zero bytes.
            for (var charset : List.of(StandardCharsets.UTF_16LE, StandardCharsets.UTF_16BE)) {
                var text = strictly(bytes, 0, charset);
                if (text != null && readsAsContract(text)) {
                    return new SourceText(text, charset.name());
                }
            }
            throw Refused.field("file", "contract.file.binary");
        }
        var utf8 = strictly(bytes, 0, StandardCharsets.UTF_8);
        if (utf8 != null) {
            requireText(utf8);
            return new SourceText(utf8, "UTF-8");
        }
        for (var name : List.of("GB18030", "Big5")) {
            var text = strictly(bytes, 0, Charset.forName(name));
            if (text != null && readsAsContract(text)) {
                return new SourceText(text, name);
            }
        }
        throw Refused.field("file", "contract.file.encoding");
    }

    private static SourceText required(byte[] bytes, int skip, Charset charset) {
        var text = strictly(bytes, skip, charset);
        if (text == null) {
            throw Refused.field("file", "contract.file.encoding");
        }
        requireText(text);
        return new SourceText(text, charset.name());
    }

    private static boolean readsAsContract(String text) {
        return CONTRACT_WORDS.stream().anyMatch(text::contains);
    }

    private static void requireText(String text) {
        long controls = text.chars()
                .filter(c -> c < ' ' && c != '\n' && c != '\r' && c != '\t' && c != '\f' && c != 0x0B)
                .count();
        if (controls > 0) {
            throw Refused.field("file", "contract.file.binary");
        }
    }

    private static boolean hasZeroBytes(byte[] bytes) {
        for (byte b : bytes) {
            if (b == 0) {
                return true;
            }
        }
        return false;
    }

    private static @Nullable String strictly(byte[] bytes, int skip, Charset charset) {
        try {
            return charset.newDecoder()
                    .onMalformedInput(CodingErrorAction.REPORT)
                    .onUnmappableCharacter(CodingErrorAction.REPORT)
                    .decode(ByteBuffer.wrap(bytes, skip, bytes.length - skip))
                    .toString();
        } catch (CharacterCodingException notThis) {
            return null;
        }
    }

    private static boolean startsWith(byte[] bytes, int... magic) {
        if (bytes.length < magic.length) {
            return false;
        }
        for (int i = 0; i < magic.length; i++) {
            if ((bytes[i] & 0xFF) != magic[i]) {
                return false;
            }
        }
        return true;
    }

    private static SourceText docx(byte[] bytes) {
        requireBoundedArchive(bytes);
        return bounded(new SourceText(DocxText.of(bytes), "DOCX"));
    }

    /** Counts what the archive would unpack to, before anything unpacks it. */
    private static void requireBoundedArchive(byte[] bytes) {
        long inflated = 0;
        int entries = 0;
        boolean document = false;
        var buffer = new byte[64 * 1024];
        try (var zip = new ZipInputStream(new ByteArrayInputStream(bytes))) {
            for (var entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
                document |= entry.getName().equals("word/document.xml");
                if (++entries > MOST_ENTRIES) {
                    throw Refused.field("file", "contract.file.archiveTooLarge");
                }
                for (int read = zip.read(buffer); read >= 0; read = zip.read(buffer)) {
                    inflated += read;
                    if (inflated > MOST_INFLATED) {
                        throw Refused.field("file", "contract.file.archiveTooLarge");
                    }
                }
            }
        } catch (IOException | IllegalArgumentException broken) {
            throw Refused.field("file", "contract.file.docxBroken");
        }
        if (!document) {
            throw Refused.field("file", "contract.file.notWord");
        }
    }
}
