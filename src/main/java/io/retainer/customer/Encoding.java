package io.retainer.customer;

import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.Reader;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.Charset;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How the bytes of a file are to be read: by its mark, else line by line: as UTF-8 where that fits, else as GB18030, or as
 * Western text where single letters with accents stand among plain ones. A file put together from several may hold lines of
 * both kinds; then each is read as what it is.
 */
final class Encoding {

    static final Charset GB18030 = Charset.forName("GB18030");
    static final Charset BIG5 = Charset.forName("Big5");
    static final Charset WESTERN = Charset.forName("windows-1252");

    private static final int LOOKED_AT = 4096;
    private static final int LINES_COMPARED = 30;
    private static final int MOST_COUNTED = 499;

    private Encoding() {}

    /**
     * What a file is written in.
     *
     * @param other in which some of its lines are; null when they are all alike
     * @param otherLines how many, of which the first is line {@code firstOther}
     */
    record Found(Charset main, @Nullable Charset other, long otherLines, long firstOther) {
        static Found all(Charset main) {
            return new Found(main, null, 0, 0);
        }
    }

    /** @param start the first bytes of the file, cut anywhere */
    static Found found(byte[] start) {
        var wide = wide(start);
        if (wide != null) {
            return Found.all(wide);
        }
        var lines = new Lines();
        lines.take(start, 0, start.length);
        return lines.found();
    }

    /** As {@link #found}, for whom it is enough to know what most of it is in. */
    static Charset of(byte[] start) {
        return found(start).main();
    }

    /** UTF-16 by its mark, or because every other byte of its digits and separators is zero. */
    static @Nullable Charset wide(byte[] start) {
        if (begins(start, 0xFF, 0xFE)) {
            return StandardCharsets.UTF_16LE;
        }
        if (begins(start, 0xFE, 0xFF)) {
            return StandardCharsets.UTF_16BE;
        }
        int[] zeros = new int[2];
        int looked = Math.min(start.length, LOOKED_AT) & ~1;
        for (int i = 0; i < looked; i++) {
            zeros[i & 1] += start[i] == 0 ? 1 : 0;
        }
        // An ideograph may hold a zero on the other side: 一 is 4E00.
        if (Math.max(zeros[0], zeros[1]) * 10 < looked / 2
                || Math.min(zeros[0], zeros[1]) * 4 > Math.max(zeros[0], zeros[1])) {
            return null;
        }
        var charset = zeros[0] < zeros[1] ? StandardCharsets.UTF_16LE : StandardCharsets.UTF_16BE;
        return hasLine(start, looked, charset) && fits(charset, start, looked) ? charset : null;
    }

    private static boolean hasLine(byte[] start, int length, Charset wide) {
        int low = wide.equals(StandardCharsets.UTF_16LE) ? 0 : 1;
        for (int i = 0; i < length; i += 2) {
            if (start[i + low] == '\n' && start[i + 1 - low] == 0) {
                return true;
            }
        }
        return false;
    }

    private static boolean fits(Charset charset, byte[] start, int length) {
        var decoder = charset.newDecoder();
        return !decoder.decode(ByteBuffer.wrap(start, 0, length), CharBuffer.allocate(length), false)
                .isError();
    }

    /** How many bytes of a mark stand in front. */
    static int mark(byte[] start) {
        if (begins(start, 0xEF, 0xBB, 0xBF)) {
            return 3;
        }
        return begins(start, 0xFF, 0xFE) || begins(start, 0xFE, 0xFF) ? 2 : 0;
    }

    private static boolean begins(byte[] bytes, int... mark) {
        if (bytes.length < mark.length) {
            return false;
        }
        for (int i = 0; i < mark.length; i++) {
            if ((bytes[i] & 0xFF) != mark[i]) {
                return false;
            }
        }
        return true;
    }

    /** The text of bytes without a mark; what cannot be read becomes U+FFFD, for which a row is refused later. */
    static Reader reader(InputStream bytes, Charset main, @Nullable Charset other) {
        if (other != null) {
            return new LineReader(bytes, main.equals(StandardCharsets.UTF_8) ? other : main);
        }
        return new InputStreamReader(
                bytes,
                main.newDecoder()
                        .onMalformedInput(CodingErrorAction.REPLACE)
                        .onUnmappableCharacter(CodingErrorAction.REPLACE));
    }

    /** What one line is, by its bytes above 7F. */
    private static final class Line {
        private int needed;
        private int length;
        private int lead;
        private int run;
        private int ideographs;
        private int others;
        private int broken;
        private int runs;
        private int alone;

        void take(byte b) {
            if (b >= 0) {
                end();
                return;
            }
            run++;
            int value = b & 0xFF;
            if (needed > 0) {
                if ((value & 0xC0) == 0x80) {
                    needed--;
                    if (needed == 0) {
                        boolean ideograph = length > 2 && lead >= 0xE3 && lead != 0xEE;
                        ideographs += ideograph ? 1 : 0;
                        others += ideograph ? 0 : 1;
                    }
                    return;
                }
                broken++;
            }
            length = value >= 0xC2 && value < 0xE0 ? 2 : value >= 0xE0 && value < 0xF0 ? 3 : value < 0xF5 ? 4 : 0;
            if (value < 0xC2 || length == 0) {
                broken++;
                needed = 0;
            } else {
                lead = value;
                needed = length - 1;
            }
        }

        void end() {
            if (run > 0) {
                runs++;
                alone += run == 1 ? 1 : 0;
                run = 0;
            }
            if (needed > 0) {
                broken++;
                needed = 0;
            }
        }

        /** Also where a character of it is damaged: read otherwise, none of the others would be right. */
        boolean utf8() {
            return ideographs + others > 0 && (broken == 0 || ideographs > broken);
        }

        /** Two bytes that are a letter with an accent may just as well be one ideograph in GB18030. */
        boolean surely() {
            return utf8() && ideographs > 0;
        }

        boolean plain() {
            return ideographs + others + broken == 0;
        }

        void reset() {
            needed = 0;
            run = 0;
            ideographs = 0;
            others = 0;
            broken = 0;
            runs = 0;
            alone = 0;
        }
    }

    /** Counts lines of either kind while a file goes by. */
    static final class Lines {
        private final Line line = new Line();
        private long number = 1;
        private long utf8;
        private long firstUtf8;
        private long legacy;
        private long firstLegacy;
        private long runs;
        private long alone;

        void take(byte[] bytes, int from, int to) {
            for (int i = from; i < to; i++) {
                if (bytes[i] == '\n') {
                    line.end();
                    count();
                } else if (bytes[i] < 0 || line.run > 0) {
                    line.take(bytes[i]);
                }
            }
        }

        private void count() {
            if (line.surely()) {
                firstUtf8 = utf8++ == 0 ? number : firstUtf8;
            } else if (!line.utf8() && !line.plain()) {
                firstLegacy = legacy++ == 0 ? number : firstLegacy;
                runs += line.runs;
                alone += line.alone;
            }
            line.reset();
            number++;
        }

        /** Of what went by so far, of which the last line may be cut off inside a character. */
        Found found() {
            if (line.needed > 0) {
                line.needed = 0;
            }
            line.end();
            count();
            number--;
            var other = alone * 2 > runs ? WESTERN : GB18030;
            if (legacy == 0) {
                return Found.all(StandardCharsets.UTF_8);
            }
            if (utf8 == 0) {
                return Found.all(other);
            }
            return utf8 >= legacy
                    ? new Found(StandardCharsets.UTF_8, other, legacy, firstLegacy)
                    : new Found(other, StandardCharsets.UTF_8, utf8, firstUtf8);
        }
    }

    /** Decodes each line as what it is. */
    private static final class LineReader extends Reader {
        private static final int LONGEST = 4 * ImportRows.LONGEST_ROW;

        private final InputStream bytes;
        private final Charset legacy;
        private final Line kind = new Line();
        private final byte[] buffer = new byte[1 << 16];
        private int position;
        private int limit;
        private byte[] line = new byte[1 << 12];
        private CharBuffer text = CharBuffer.allocate(0);

        LineReader(InputStream bytes, Charset legacy) {
            this.bytes = bytes;
            this.legacy = legacy;
        }

        @Override
        public int read(char[] to, int offset, int length) throws IOException {
            if (!text.hasRemaining() && !next()) {
                return -1;
            }
            int count = Math.min(length, text.remaining());
            text.get(to, offset, count);
            return count;
        }

        private boolean next() throws IOException {
            int size = 0;
            kind.reset();
            while (size < LONGEST) {
                if (position == limit) {
                    limit = bytes.read(buffer);
                    position = 0;
                    if (limit <= 0) {
                        limit = 0;
                        break;
                    }
                }
                byte b = buffer[position++];
                if (size == line.length) {
                    line = java.util.Arrays.copyOf(line, 2 * size);
                }
                line[size++] = b;
                kind.take(b);
                if (b == '\n') {
                    break;
                }
            }
            if (size == 0) {
                return false;
            }
            kind.end();
            text = decode(kind.plain() || kind.utf8() ? StandardCharsets.UTF_8 : legacy, size);
            return true;
        }

        private CharBuffer decode(Charset charset, int size) {
            try {
                return charset.newDecoder()
                        .onMalformedInput(CodingErrorAction.REPLACE)
                        .onUnmappableCharacter(CodingErrorAction.REPLACE)
                        .decode(ByteBuffer.wrap(line, 0, size));
            } catch (CharacterCodingException e) {
                throw new IllegalStateException(e);
            }
        }

        @Override
        public void close() throws IOException {
            bytes.close();
        }
    }

    /**
     * What separates the cells: the candidate that stands equally often in most of the first lines, outside quotes. A title
     * above the headings has none, and an address many.
     */
    static char delimiter(String start) {
        char best = ',';
        long most = 0;
        for (char candidate : new char[] {',', '\t', ';', '|'}) {
            long score = score(start, candidate);
            if (score > most) {
                most = score;
                best = candidate;
            }
        }
        return best;
    }

    /** The lines that agree, then whether the first is one of them, then how often the candidate stands in each. */
    private static long score(String start, char candidate) {
        Map<Integer, Integer> agreeing = new HashMap<>();
        boolean quoted = false;
        int inLine = 0;
        int lines = 0;
        int first = 0;
        for (int i = 0; i <= start.length() && lines < LINES_COMPARED; i++) {
            char c = i < start.length() ? start.charAt(i) : '\n';
            if (c == '"') {
                quoted = !quoted;
            } else if (c == '\n' && (!quoted || i == start.length())) {
                if (inLine > 0) {
                    agreeing.merge(inLine, 1, Integer::sum);
                }
                first = lines == 0 ? inLine : first;
                lines++;
                inLine = 0;
            } else if (!quoted && c == candidate) {
                inLine++;
            }
        }
        int ofFirst = first;
        return agreeing.entrySet().stream()
                .mapToLong(each -> 1000L * each.getValue()
                        + (each.getKey() == ofFirst ? 500 : 0)
                        + Math.min(each.getKey(), MOST_COUNTED))
                .max()
                .orElse(0);
    }
}
