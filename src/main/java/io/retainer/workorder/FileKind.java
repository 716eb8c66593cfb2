package io.retainer.workorder;

import io.retainer.kernel.Refused;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import java.util.zip.ZipInputStream;
import org.springframework.http.MediaType;

/** The kinds of file that may be attached. What a file is follows from its first octets, never from its name alone. */
@SuppressWarnings("ImmutableEnumChecker") // its sets and lists are unmodified copies
enum FileKind {
    PDF(MediaType.APPLICATION_PDF_VALUE, "pdf"),
    PNG(MediaType.IMAGE_PNG_VALUE, "png"),
    JPEG(MediaType.IMAGE_JPEG_VALUE, "jpg", "jpeg"),
    DOCX("application/vnd.openxmlformats-officedocument.wordprocessingml.document", "docx"),
    XLSX("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "xlsx"),
    PPTX("application/vnd.openxmlformats-officedocument.presentationml.presentation", "pptx"),
    TEXT("text/plain;charset=UTF-8", "txt", "csv", "md");

    private static final int MOST_PARTS = 2000;

    private final String mediaType;
    private final List<String> endings;

    FileKind(String mediaType, String... endings) {
        this.mediaType = mediaType;
        this.endings = List.of(endings);
    }

    MediaType mediaType() {
        return MediaType.parseMediaType(mediaType);
    }

    /** @throws Refused when it is no kind that may be attached, or its name says something else */
    static FileKind of(String name, byte[] content) {
        var ending = name.substring(name.lastIndexOf('.') + 1).toLowerCase(Locale.ROOT);
        var kind = found(content).orElseThrow(() -> Refused.field("files", "workorder.refused.fileKind", name));
        if (!kind.endings.contains(ending)) {
            throw Refused.field("files", "workorder.refused.fileName", name, kind.endings.getFirst());
        }
        return kind;
    }

    private static Optional<FileKind> found(byte[] content) {
        if (starts(content, '%', 'P', 'D', 'F', '-')) {
            return Optional.of(PDF);
        }
        if (starts(content, 0x89, 'P', 'N', 'G', '\r', '\n', 0x1a, '\n')) {
            return Optional.of(PNG);
        }
        if (starts(content, 0xff, 0xd8, 0xff)) {
            return Optional.of(JPEG);
        }
        if (starts(content, 'P', 'K', 3, 4)) {
            return office(content);
        }
        return isText(content) ? Optional.of(TEXT) : Optional.empty();
    }

    /** Only the names of the parts are looked at; nothing is unpacked into memory. A macro makes it unwelcome. */
    private static Optional<FileKind> office(byte[] content) {
        Set<String> parts = new HashSet<>();
        try (var zip = new ZipInputStream(new ByteArrayInputStream(content))) {
            for (var entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
                parts.add(entry.getName());
                if (parts.size() > MOST_PARTS || entry.getName().endsWith("vbaProject.bin")) {
                    return Optional.empty();
                }
            }
        } catch (IOException | IllegalArgumentException _) {
            return Optional.empty();
        }
        if (!parts.contains("[Content_Types].xml")) {
            return Optional.empty();
        }
        return Stream.of(DOCX, XLSX, PPTX)
                .filter(kind -> parts.contains(
                        switch (kind) {
                            case DOCX -> "word/document.xml";
                            case XLSX -> "xl/workbook.xml";
                            case PPTX -> "ppt/presentation.xml";
                            case PDF, PNG, JPEG, TEXT -> "";
                        }))
                .findFirst();
    }

    private static boolean isText(byte[] content) {
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(content))
                    .chars()
                    .allMatch(c -> c >= ' ' || c == '\n' || c == '\r' || c == '\t');
        } catch (CharacterCodingException _) {
            return false;
        }
    }

    private static boolean starts(byte[] content, int... octets) {
        if (content.length < octets.length) {
            return false;
        }
        for (int i = 0; i < octets.length; i++) {
            if ((content[i] & 0xff) != octets[i]) {
                return false;
            }
        }
        return true;
    }
}
