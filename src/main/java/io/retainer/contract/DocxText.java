package io.retainer.contract;

import io.retainer.kernel.Refused;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.poi.ooxml.POIXMLException;
import org.apache.poi.openxml4j.exceptions.OpenXML4JRuntimeException;
import org.apache.poi.util.RecordFormatException;
import org.apache.poi.xwpf.usermodel.IBodyElement;
import org.apache.poi.xwpf.usermodel.UnderlinePatterns;
import org.apache.poi.xwpf.usermodel.XWPFDocument;
import org.apache.poi.xwpf.usermodel.XWPFParagraph;
import org.apache.poi.xwpf.usermodel.XWPFRun;
import org.apache.poi.xwpf.usermodel.XWPFTable;

/**
 * The words of a DOCX as a reader sees them: automatic numbers are written out, an underlined gap is a blank, cells of a
 * table row are separated by tabs; headers and footers are left out.
 */
final class DocxText {

    private final Map<BigInteger, int[]> counters = new HashMap<>();
    private final StringBuilder text = new StringBuilder();

    private DocxText() {}

    static String of(byte[] bytes) {
        try (var document = new XWPFDocument(new ByteArrayInputStream(bytes))) {
            var reader = new DocxText();
            reader.read(document.getBodyElements());
            return reader.text.toString();
        } catch (IOException
                | POIXMLException
                | OpenXML4JRuntimeException
                | RecordFormatException
                | IllegalArgumentException
                | IllegalStateException broken) {
            throw Refused.field("file", "contract.file.docxBroken");
        }
    }

    private void read(List<IBodyElement> elements) {
        for (var element : elements) {
            switch (element) {
                case XWPFParagraph paragraph ->
                    text.append(number(paragraph)).append(words(paragraph)).append('\n');
                case XWPFTable table -> {
                    for (var row : table.getRows()) {
                        var cells = new ArrayList<String>();
                        row.getTableCells()
                                .forEach(cell -> cells.add(
                                        cell.getText().replaceAll("\\s+", " ").strip()));
                        text.append(String.join("\t", cells)).append('\n');
                    }
                }
                default -> {
                    // A content control or the like: nothing the contract's words stand in.
                }
            }
        }
    }

    private static String words(XWPFParagraph paragraph) {
        var words = new StringBuilder();
        for (var run : paragraph.getIRuns()) {
            if (run instanceof XWPFRun plain) {
                var part = plain.text();
                boolean gap = !part.isEmpty() && part.isBlank() && plain.getUnderline() != UnderlinePatterns.NONE;
                words.append(gap ? "____" : part);
            } else {
                words.append(run);
            }
        }
        return words.isEmpty() ? paragraph.getText() : words.toString();
    }

    private String number(XWPFParagraph paragraph) {
        var list = paragraph.getNumID();
        var pattern = paragraph.getNumLevelText();
        if (list == null || pattern == null || paragraph.getText().isBlank()) {
            return "";
        }
        int level = paragraph.getNumIlvl() == null
                ? 0
                : Math.min(8, paragraph.getNumIlvl().intValue());
        var counter = counters.computeIfAbsent(list, _ -> new int[9]);
        counter[level]++;
        for (int deeper = level + 1; deeper < counter.length; deeper++) {
            counter[deeper] = 0;
        }
        var format = paragraph.getNumFmt() == null ? "decimal" : paragraph.getNumFmt();
        if (format.equals("bullet") || format.equals("none")) {
            return "";
        }
        var number = pattern;
        for (int i = 0; i <= level; i++) {
            var value = Math.max(1, counter[i]);
            boolean chinese = i == level
                    && (format.startsWith("chinese")
                            || format.startsWith("japaneseCounting")
                            || format.startsWith("ideograph"));
            number = number.replace("%" + (i + 1), chinese ? numeral(value) : Integer.toString(value));
        }
        return number;
    }

    private static String numeral(int value) {
        var digits = "零一二三四五六七八九";
        if (value > 99) {
            return Integer.toString(value);
        }
        var tens = value < 10 ? "" : value < 20 ? "十" : digits.charAt(value / 10) + "十";
        return tens + (value % 10 == 0 ? "" : digits.charAt(value % 10));
    }
}
