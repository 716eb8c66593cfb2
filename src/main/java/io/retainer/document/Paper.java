package io.retainer.document;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A document to be signed, served or filed: a header, numbered pages, headings, paragraphs, tables and a block for seals.
 * The same paper becomes a PDF with its fonts inside and a Word file. Equal papers give equal PDF bytes.
 */
public final class Paper {

    /** How words stand on paper. */
    public enum Look {
        PLAIN,
        /** Written into an empty place. */
        FILLED,
        /** A place still empty. */
        BLANK,
        STRUCK,
        STRONG,
        /** Small and grey: clause ids, sources, hashes. */
        FAINT
    }

    public record Span(String text, Look look) {

        public static Span plain(String text) {
            return new Span(text, Look.PLAIN);
        }
    }

    /** How a column of a table stands. Amounts stand {@link #RIGHT}. */
    public enum Align {
        LEFT,
        CENTER,
        RIGHT
    }

    /** A column and its share of the width. */
    public record Column(String name, Align align, int share) {}

    /**
     * The place where one party seals or signs.
     *
     * @param lines below the place: representative, date; or who signed, when and by what authority
     * @param mark inside the place, such as 盖章处, or the name of the sealed party
     * @param isSealed whether the mark stands for a seal that was set
     */
    public record SealPlace(String party, String name, String mark, boolean isSealed, List<String> lines) {

        public SealPlace {
            lines = List.copyOf(lines);
        }
    }

    /** The words around page numbers: 第 x 页 共 y 页. */
    record PageWords(String before, String between, String after) {}

    sealed interface Block {

        record Title(String text) implements Block {}

        record Subtitle(String text) implements Block {}

        record Heading(String text, int level) implements Block {}

        /** @param margin in front of the words, such as a clause id; empty for none */
        record Words(String margin, List<Span> spans, boolean indented, Align align) implements Block {}

        record Table(List<Column> columns, boolean hasHeader, List<List<String>> rows) implements Block {}

        record Seals(List<SealPlace> places) implements Block {}

        record Box(String text) implements Block {}

        record Break() implements Block {}
    }

    /** Characters that a signature block takes along at most; more would leave half a page empty. */
    private static final int MOST_TOGETHER = 900;

    private final String title;
    private final boolean isEnglish;
    private final List<Block> blocks = new ArrayList<>();
    private String header = "";
    private @Nullable String seam;

    private Paper(String title, boolean isEnglish) {
        this.title = title;
        this.isEnglish = isEnglish;
    }

    /** A paper in Chinese: pages are numbered 第 x 页 共 y 页. */
    public static Paper chinese(String title) {
        return new Paper(title, false);
    }

    /** A paper in English: pages are numbered Page x of y. */
    public static Paper english(String title) {
        return new Paper(title, true);
    }

    /** Stands at the head of every page. */
    public Paper header(String text) {
        header = text;
        return this;
    }

    /** The title, centred, at the head of the first page. */
    public Paper title() {
        return title(title);
    }

    public Paper title(String text) {
        return with(new Block.Title(text));
    }

    /** A line below the title, such as the number of the document. */
    public Paper subtitle(String text) {
        return with(new Block.Subtitle(text));
    }

    public Paper heading(String text) {
        return with(new Block.Heading(text, 1));
    }

    public Paper subheading(String text) {
        return with(new Block.Heading(text, 2));
    }

    /** A paragraph whose first line is indented, as in Chinese letters. */
    public Paper paragraph(String text) {
        return with(new Block.Words("", List.of(Span.plain(text)), true, Align.LEFT));
    }

    public Paper line(String text, Align align) {
        return with(new Block.Words("", List.of(Span.plain(text)), false, align));
    }

    public Paper words(String margin, List<Span> spans) {
        return with(new Block.Words(margin, List.copyOf(spans), false, Align.LEFT));
    }

    /** Small grey print. */
    public Paper note(String text) {
        return with(new Block.Words("", List.of(new Span(text, Look.FAINT)), false, Align.LEFT));
    }

    /** Words in a frame that must not be overlooked. */
    public Paper box(String text) {
        return with(new Block.Box(text));
    }

    public Paper table(List<Column> columns, List<List<String>> rows) {
        requireCells(columns, rows);
        return with(new Block.Table(List.copyOf(columns), true, copy(rows)));
    }

    /** Names and their values, without a header row. */
    public Paper facts(List<List<String>> rows) {
        var columns = List.of(new Column("", Align.LEFT, 3), new Column("", Align.LEFT, 9));
        requireCells(columns, rows);
        return with(new Block.Table(columns, false, copy(rows)));
    }

    public Paper seals(List<SealPlace> places) {
        return with(new Block.Seals(List.copyOf(places)));
    }

    public Paper pageBreak() {
        return with(new Block.Break());
    }

    /** Appends another paper's blocks on a page of their own. */
    public Paper append(Paper other) {
        blocks.add(new Block.Break());
        blocks.addAll(other.blocks);
        return this;
    }

    /** Draws a seal across the edges of all pages (骑缝章), so that no page can be exchanged unseen. */
    public Paper seam(String name) {
        seam = name;
        return this;
    }

    /**
     * Where the part begins that stays on one page with a block of seals, so that nobody signs an empty page: the last
     * paragraph before it and what stands between, and a heading over that paragraph.
     *
     * @param seals position of the block
     */
    int together(int seals) {
        int from = seals;
        int room = MOST_TOGETHER;
        for (int at = seals - 1; at >= 0; at--) {
            var block = blocks.get(at);
            room -= length(block);
            if (room < 0) {
                return from;
            }
            switch (block) {
                case Block.Words words -> {
                    from = at;
                    if (words.spans().stream().anyMatch(span -> span.look() != Look.FAINT)) {
                        return at > 0 && blocks.get(at - 1) instanceof Block.Heading ? at - 1 : at;
                    }
                }
                case Block.Table _, Block.Box _, Block.Subtitle _, Block.Heading _ -> from = at;
                case Block.Title _, Block.Seals _, Block.Break _ -> {
                    return from;
                }
            }
        }
        return from;
    }

    private static int length(Block block) {
        return switch (block) {
            case Block.Words(var margin, var spans, var _, var _) ->
                margin.length()
                        + spans.stream().mapToInt(span -> span.text().length()).sum();
            case Block.Table(var _, var _, var rows) ->
                rows.stream().flatMap(List::stream).mapToInt(String::length).sum() + 40 * rows.size();
            case Block.Title(var text) -> text.length();
            case Block.Subtitle(var text) -> text.length();
            case Block.Heading(var text, var _) -> text.length();
            case Block.Box(var text) -> text.length();
            case Block.Seals _, Block.Break _ -> 0;
        };
    }

    public byte[] pdf() {
        var pages = Documents.pdf(PaperHtml.of(this));
        var name = seam;
        return name == null ? pages : SeamSeal.across(pages, name, isEnglish ? "SEAM" : "骑缝");
    }

    public byte[] docx() {
        return PaperDocx.of(this);
    }

    String name() {
        return title;
    }

    String header() {
        return header;
    }

    List<Block> blocks() {
        return blocks;
    }

    boolean isEnglish() {
        return isEnglish;
    }

    PageWords pageWords() {
        return isEnglish ? new PageWords("Page ", " of ", "") : new PageWords("第 ", " 页  共 ", " 页");
    }

    private Paper with(Block block) {
        blocks.add(block);
        return this;
    }

    private static void requireCells(List<Column> columns, List<List<String>> rows) {
        for (var row : rows) {
            if (row.size() != columns.size()) {
                throw new IllegalArgumentException("A row has " + row.size() + " cells, not " + columns.size());
            }
        }
    }

    private static List<List<String>> copy(List<List<String>> rows) {
        return rows.stream().map(List::copyOf).toList();
    }
}
