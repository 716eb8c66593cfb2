package io.retainer.document;

import io.retainer.document.Paper.Align;
import io.retainer.document.Paper.Block;
import io.retainer.document.Paper.Look;
import io.retainer.document.Paper.Span;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import org.apache.poi.wp.usermodel.HeaderFooterType;
import org.apache.poi.xwpf.usermodel.BreakType;
import org.apache.poi.xwpf.usermodel.ParagraphAlignment;
import org.apache.poi.xwpf.usermodel.TableWidthType;
import org.apache.poi.xwpf.usermodel.UnderlinePatterns;
import org.apache.poi.xwpf.usermodel.XWPFDocument;
import org.apache.poi.xwpf.usermodel.XWPFParagraph;
import org.apache.poi.xwpf.usermodel.XWPFRun;
import org.apache.poi.xwpf.usermodel.XWPFTable;
import org.openxmlformats.schemas.wordprocessingml.x2006.main.STBorder;

/** A paper as a Word file on A4, with its pages numbered by fields. */
final class PaperDocx {

    private static final String LATIN = "Times New Roman";
    private static final String CHINESE = "SimSun";
    private static final int TEXT_WIDTH = 9_412; // twentieths of a point between the margins

    private final XWPFDocument document = new XWPFDocument();

    private PaperDocx() {}

    static byte[] of(Paper paper) {
        var docx = new PaperDocx();
        docx.page(paper);
        docx.blocks(paper);
        return docx.bytes(paper);
    }

    private void blocks(Paper paper) {
        var blocks = paper.blocks();
        var starts = new ArrayList<Integer>();
        for (int i = 0; i < blocks.size(); i++) {
            starts.add(document.getBodyElements().size());
            if (blocks.get(i) instanceof Block.Seals) {
                keepTogether(
                        starts.get(paper.together(i)),
                        document.getBodyElements().size());
            }
            block(blocks.get(i));
        }
    }

    /** Each of these stays on the page of the next. */
    private void keepTogether(int from, int to) {
        for (var element : document.getBodyElements().subList(from, to)) {
            if (element instanceof XWPFParagraph paragraph) {
                paragraph.setKeepNext(true);
            } else if (element instanceof XWPFTable table) {
                table.getRows().stream()
                        .flatMap(row -> row.getTableCells().stream())
                        .flatMap(cell -> cell.getParagraphs().stream())
                        .forEach(paragraph -> paragraph.setKeepNext(true));
            }
        }
    }

    private void page(Paper paper) {
        var section = document.getDocument().getBody().addNewSectPr();
        var size = section.addNewPgSz();
        size.setW(BigInteger.valueOf(11906));
        size.setH(BigInteger.valueOf(16838));
        var margins = section.addNewPgMar();
        margins.setTop(BigInteger.valueOf(1417));
        margins.setBottom(BigInteger.valueOf(1361));
        margins.setLeft(BigInteger.valueOf(1247));
        margins.setRight(BigInteger.valueOf(1247));
        margins.setHeader(BigInteger.valueOf(720));
        margins.setFooter(BigInteger.valueOf(680));
        if (!paper.header().isEmpty()) {
            var head = document.createHeader(HeaderFooterType.DEFAULT).createParagraph();
            write(head, new Span(paper.header(), Look.FAINT), 8);
        }
        var words = paper.pageWords();
        var foot = document.createFooter(HeaderFooterType.DEFAULT).createParagraph();
        foot.setAlignment(ParagraphAlignment.CENTER);
        write(foot, new Span(words.before(), Look.FAINT), 8);
        field(foot, "PAGE");
        write(foot, new Span(words.between(), Look.FAINT), 8);
        field(foot, "NUMPAGES");
        write(foot, new Span(words.after(), Look.FAINT), 8);
    }

    private static void field(XWPFParagraph paragraph, String instruction) {
        var field = paragraph.getCTP().addNewFldSimple();
        field.setInstr(instruction);
        var run = field.addNewR();
        run.addNewT().setStringValue("1");
        var size = run.addNewRPr().addNewSz();
        size.setVal(BigInteger.valueOf(16));
    }

    private void block(Block block) {
        switch (block) {
            case Block.Title(var text) -> {
                var paragraph = paragraph(ParagraphAlignment.CENTER, 0, 240);
                paragraph.setKeepNext(true);
                write(paragraph, new Span(text, Look.STRONG), 18);
            }
            case Block.Subtitle(var text) ->
                write(paragraph(ParagraphAlignment.CENTER, 0, 240), new Span(text, Look.FAINT), 9);
            case Block.Heading(var text, var level) -> {
                var paragraph = paragraph(ParagraphAlignment.LEFT, level == 1 ? 240 : 160, 80);
                paragraph.setKeepNext(true);
                write(paragraph, new Span(text, Look.STRONG), level == 1 ? 13 : 11);
            }
            case Block.Words words -> {
                var paragraph = paragraph(alignment(words.align()), 0, 80);
                if (words.indented()) {
                    paragraph.setFirstLineIndent(440);
                }
                if (!words.margin().isEmpty()) {
                    write(paragraph, new Span(words.margin() + "  ", Look.FAINT), 7);
                }
                words.spans().forEach(span -> write(paragraph, span, span.look() == Look.FAINT ? 8 : 11));
            }
            case Block.Table table -> table(table);
            case Block.Seals(var places) -> seals(places);
            case Block.Box(var text) -> {
                var paragraph = paragraph(ParagraphAlignment.LEFT, 80, 160);
                var borders = org.apache.poi.xwpf.usermodel.Borders.SINGLE;
                paragraph.setBorderTop(borders);
                paragraph.setBorderBottom(borders);
                paragraph.setBorderLeft(borders);
                paragraph.setBorderRight(borders);
                write(paragraph, Span.plain(text), 11);
            }
            case Block.Break _ -> document.createParagraph().createRun().addBreak(BreakType.PAGE);
        }
    }

    private XWPFParagraph paragraph(ParagraphAlignment alignment, int before, int after) {
        var paragraph = document.createParagraph();
        paragraph.setAlignment(alignment);
        paragraph.setSpacingBefore(before);
        paragraph.setSpacingAfter(after);
        paragraph.setSpacingBetween(1.25);
        var properties = paragraph.getCTP().isSetPPr()
                ? paragraph.getCTP().getPPr()
                : paragraph.getCTP().addNewPPr();
        properties.addNewWidowControl();
        return paragraph;
    }

    private void table(Block.Table table) {
        var lines = new ArrayList<List<String>>();
        if (table.hasHeader()) {
            lines.add(table.columns().stream().map(Paper.Column::name).toList());
        }
        lines.addAll(table.rows());
        if (lines.isEmpty()) {
            return;
        }
        int shares = table.columns().stream().mapToInt(Paper.Column::share).sum();
        var made = document.createTable(lines.size(), table.columns().size());
        made.setWidthType(TableWidthType.PCT);
        made.setWidth("100%");
        for (int line = 0; line < lines.size(); line++) {
            boolean isHeader = line == 0 && table.hasHeader();
            var row = made.getRow(line);
            row.setRepeatHeader(isHeader);
            row.setCantSplitRow(true);
            for (int at = 0; at < table.columns().size(); at++) {
                var column = table.columns().get(at);
                var cell = row.getCell(at);
                cell.setWidth(Integer.toString(TEXT_WIDTH * column.share() / shares));
                var paragraph = cell.getParagraphs().getFirst();
                paragraph.setAlignment(isHeader ? ParagraphAlignment.CENTER : alignment(column.align()));
                boolean isName = isHeader || (!table.hasHeader() && at == 0);
                if (isName) {
                    cell.setColor("F1EFE9");
                }
                write(paragraph, new Span(lines.get(line).get(at), Look.PLAIN), 10);
            }
        }
        paragraph(ParagraphAlignment.LEFT, 0, 80);
    }

    private void seals(List<Paper.SealPlace> places) {
        var made = document.createTable(1, places.size());
        made.setWidthType(TableWidthType.PCT);
        made.setWidth("100%");
        borderless(made);
        made.getRow(0).setCantSplitRow(true);
        for (int i = 0; i < places.size(); i++) {
            var place = places.get(i);
            var cell = made.getRow(0).getCell(i);
            var paragraph = cell.getParagraphs().getFirst();
            write(paragraph, Span.plain(place.party() + "\n" + place.name()), 11);
            for (var line : List.of("", "[ " + place.mark() + " ]", "")) {
                write(cell.addParagraph(), new Span(line, Look.FAINT), 10);
            }
            place.lines().forEach(line -> write(cell.addParagraph(), Span.plain(line), 11));
        }
        paragraph(ParagraphAlignment.LEFT, 0, 80);
    }

    private static void borderless(XWPFTable table) {
        var properties = table.getCTTbl().getTblPr();
        var borders = properties.isSetTblBorders() ? properties.getTblBorders() : properties.addNewTblBorders();
        (borders.isSetTop() ? borders.getTop() : borders.addNewTop()).setVal(STBorder.NONE);
        (borders.isSetBottom() ? borders.getBottom() : borders.addNewBottom()).setVal(STBorder.NONE);
        (borders.isSetLeft() ? borders.getLeft() : borders.addNewLeft()).setVal(STBorder.NONE);
        (borders.isSetRight() ? borders.getRight() : borders.addNewRight()).setVal(STBorder.NONE);
        (borders.isSetInsideH() ? borders.getInsideH() : borders.addNewInsideH()).setVal(STBorder.NONE);
        (borders.isSetInsideV() ? borders.getInsideV() : borders.addNewInsideV()).setVal(STBorder.NONE);
    }

    private static void write(XWPFParagraph paragraph, Span span, int points) {
        var lines = span.text().split("\n", -1);
        for (int line = 0; line < lines.length; line++) {
            var run = paragraph.createRun();
            if (line > 0) {
                run.addBreak();
            }
            run.setText(lines[line]);
            run.setFontSize(points);
            switch (span.look()) {
                case PLAIN -> {}
                case FILLED -> run.setUnderline(UnderlinePatterns.SINGLE);
                case BLANK -> run.setTextHighlightColor("yellow");
                case STRUCK -> run.setStrikeThrough(true);
                case STRONG -> run.setBold(true);
                case FAINT -> run.setColor("666666");
            }
            fonts(run);
        }
    }

    private static void fonts(XWPFRun run) {
        var properties =
                run.getCTR().isSetRPr() ? run.getCTR().getRPr() : run.getCTR().addNewRPr();
        var fonts = properties.sizeOfRFontsArray() > 0 ? properties.getRFontsArray(0) : properties.addNewRFonts();
        fonts.setAscii(LATIN);
        fonts.setHAnsi(LATIN);
        fonts.setEastAsia(CHINESE);
    }

    private static ParagraphAlignment alignment(Align align) {
        return switch (align) {
            case LEFT -> ParagraphAlignment.LEFT;
            case CENTER -> ParagraphAlignment.CENTER;
            case RIGHT -> ParagraphAlignment.RIGHT;
        };
    }

    private byte[] bytes(Paper paper) {
        var out = new ByteArrayOutputStream();
        try (document) {
            var properties = document.getProperties().getCoreProperties();
            properties.setCreator("Retainer");
            properties.setTitle(paper.name());
            document.write(out);
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
        return out.toByteArray();
    }
}
