package io.retainer.document;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import org.apache.poi.xwpf.usermodel.ParagraphAlignment;
import org.apache.poi.xwpf.usermodel.TableWidthType;
import org.apache.poi.xwpf.usermodel.XWPFDocument;
import org.apache.poi.xwpf.usermodel.XWPFParagraph;
import org.apache.poi.xwpf.usermodel.XWPFRun;
import org.openxmlformats.schemas.wordprocessingml.x2006.main.CTRPr;

/**
 * Writes a Word document of headings, paragraphs and tables on A4, with a Chinese font named for the Chinese characters
 * so that it does not fall back to whatever the reader's machine has.
 */
public final class Docx {

    /** How a cell or paragraph stands. Amounts stand {@link #RIGHT}. */
    public enum Align {
        LEFT,
        CENTER,
        RIGHT
    }

    private static final String LATIN = "Times New Roman";
    private static final String CHINESE = "SimSun";
    private static final int BODY = 11;
    private static final int A4_WIDTH = 11906; // twentieths of a point
    private static final int A4_HEIGHT = 16838;

    private final XWPFDocument document = new XWPFDocument();

    public Docx() {
        var size = document.getDocument().getBody().addNewSectPr().addNewPgSz();
        size.setW(BigInteger.valueOf(A4_WIDTH));
        size.setH(BigInteger.valueOf(A4_HEIGHT));
    }

    /** The title of the document, centred. */
    public Docx title(String text) {
        var paragraph = document.createParagraph();
        paragraph.setAlignment(ParagraphAlignment.CENTER);
        paragraph.setSpacingAfter(240);
        write(paragraph, text, 18, true);
        return this;
    }

    public Docx heading(String text) {
        var paragraph = document.createParagraph();
        paragraph.setSpacingBefore(240);
        paragraph.setSpacingAfter(80);
        paragraph.setKeepNext(true);
        write(paragraph, text, 13, true);
        return this;
    }

    public Docx paragraph(String text) {
        return paragraph(text, Align.LEFT);
    }

    public Docx paragraph(String text, Align align) {
        var paragraph = document.createParagraph();
        paragraph.setAlignment(alignment(align));
        paragraph.setSpacingAfter(80);
        write(paragraph, text, BODY, false);
        return this;
    }

    /**
     * @param header names of the columns; empty for a table without a header row
     * @param columns how the cells of each column stand
     * @param rows each with as many cells as there are columns
     */
    public Docx table(List<String> header, List<Align> columns, List<List<String>> rows) {
        var lines = new ArrayList<List<String>>();
        if (!header.isEmpty()) {
            lines.add(header);
        }
        lines.addAll(rows);
        if (lines.isEmpty()) {
            return this;
        }
        var table = document.createTable(lines.size(), columns.size());
        table.setWidthType(TableWidthType.PCT);
        table.setWidth("100%");
        for (int line = 0; line < lines.size(); line++) {
            var isHeader = line == 0 && !header.isEmpty();
            if (lines.get(line).size() != columns.size()) {
                throw new IllegalArgumentException("Row " + line + " does not have " + columns.size() + " cells");
            }
            var row = table.getRow(line);
            row.setRepeatHeader(isHeader);
            row.setCantSplitRow(true);
            for (int column = 0; column < columns.size(); column++) {
                var paragraph = row.getCell(column).getParagraphs().getFirst();
                paragraph.setAlignment(alignment(columns.get(column)));
                write(paragraph, lines.get(line).get(column), BODY - 1, isHeader);
            }
        }
        document.createParagraph().setSpacingAfter(80);
        return this;
    }

    /** The finished file. The writer cannot be used afterwards. */
    public byte[] bytes() {
        var out = new ByteArrayOutputStream();
        try (document) {
            document.getProperties().getCoreProperties().setCreator("Retainer");
            document.write(out);
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
        return out.toByteArray();
    }

    private static void write(XWPFParagraph paragraph, String text, int points, boolean bold) {
        var lines = text.split("\n", -1);
        for (int line = 0; line < lines.length; line++) {
            var run = paragraph.createRun();
            if (line > 0) {
                run.addBreak();
            }
            run.setText(lines[line]);
            run.setFontSize(points);
            run.setBold(bold);
            fonts(run);
        }
    }

    private static void fonts(XWPFRun run) {
        CTRPr properties =
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
}
