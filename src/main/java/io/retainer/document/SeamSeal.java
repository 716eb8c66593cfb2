package io.retainer.document;

import java.awt.Color;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import org.apache.pdfbox.Loader;
import org.apache.pdfbox.pdmodel.PDDocument;
import org.apache.pdfbox.pdmodel.PDPage;
import org.apache.pdfbox.pdmodel.PDPageContentStream;
import org.apache.pdfbox.pdmodel.PDPageContentStream.AppendMode;
import org.apache.pdfbox.pdmodel.font.PDFont;
import org.apache.pdfbox.pdmodel.font.PDType0Font;
import org.apache.pdfbox.util.Matrix;

/**
 * A seal across the edges of the pages (骑缝章): fanned out, the pages show it whole. It is a neutral mark of our own, two
 * rings and a name, and imitates nobody's official seal.
 */
final class SeamSeal {

    private static final float MILLIMETRE = 72f / 25.4f;
    private static final float RADIUS = 20 * MILLIMETRE;
    /** With more pages the slices would be too thin to compare: the next pages get a seal of their own. */
    private static final int PAGES_PER_SEAL = 12;

    private static final float CIRCLE = 0.5523f;

    private SeamSeal() {}

    static byte[] across(byte[] pdf, String name, String middle) {
        try (var document = Loader.loadPDF(pdf)) {
            var fonts = List.<PDFont>of(
                    PDType0Font.load(document, new ByteArrayInputStream(Documents.chineseFont()), true),
                    PDType0Font.load(document, new ByteArrayInputStream(Documents.latinFont()), true));
            int pages = document.getNumberOfPages();
            int seals = (pages + PAGES_PER_SEAL - 1) / PAGES_PER_SEAL;
            for (int i = 0; i < pages; i++) {
                int seal = i * seals / pages;
                int first = (seal * pages + seals - 1) / seals;
                int last = ((seal + 1) * pages + seals - 1) / seals;
                slice(document, document.getPage(i), fonts, name, middle, i - first, last - first);
            }
            var out = new ByteArrayOutputStream();
            document.setDocumentId((long) pdf.length * 31 + name.hashCode());
            document.save(out);
            return out.toByteArray();
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
    }

    /** Slice {@code at} of {@code count}, from the left of the seal to its right, at the right edge of the page. */
    private static void slice(
            PDDocument document, PDPage page, List<PDFont> fonts, String name, String middle, int at, int count)
            throws IOException {
        var box = page.getMediaBox();
        float width = 2 * RADIUS / count;
        float right = box.getUpperRightX();
        float y = box.getHeight() * 0.55f;
        try (var content = new PDPageContentStream(document, page, AppendMode.APPEND, true, true)) {
            content.saveGraphicsState();
            content.addRect(right - width, y - RADIUS - 2, width, 2 * RADIUS + 4);
            content.clip();
            float centre = right - width - at * width + RADIUS;
            draw(content, fonts, name, middle, centre, y);
            content.restoreGraphicsState();
        }
    }

    private static void draw(
            PDPageContentStream content, List<PDFont> fonts, String name, String middle, float x, float y)
            throws IOException {
        var red = new Color(0xB3, 0x26, 0x1E);
        content.setStrokingColor(red);
        content.setNonStrokingColor(red);
        content.setLineWidth(2.2f);
        circle(content, x, y, RADIUS - 1.2f);
        content.setLineWidth(0.7f);
        circle(content, x, y, RADIUS - 4.5f);
        var letters = name.codePoints().limit(24).toArray();
        float size = letters.length > 14 ? 9 : 11;
        float reach = RADIUS - 7 - size;
        double step = Math.min(Math.toRadians(26), Math.toRadians(300) / letters.length);
        double from = Math.PI / 2 + step * (letters.length - 1) / 2;
        content.beginText();
        for (int i = 0; i < letters.length; i++) {
            double angle = from - i * step;
            var at = Matrix.getTranslateInstance(
                    x + (float) (reach * Math.cos(angle)), y + (float) (reach * Math.sin(angle)));
            at.rotate(angle - Math.PI / 2);
            letter(content, fonts, letters[i], size, at, 0.5f);
        }
        float large = 13;
        var around = middle.codePoints().toArray();
        float advance = around.length > 2 ? large * 0.75f : large;
        for (int i = 0; i < around.length; i++) {
            var at = Matrix.getTranslateInstance(x + (i - (around.length - 1) / 2f) * advance, y - large * 0.35f);
            letter(content, fonts, around[i], large, at, 0.5f);
        }
        content.endText();
    }

    /** One letter in the first font that has it, moved left by a share of its width. */
    private static void letter(
            PDPageContentStream content, List<PDFont> fonts, int letter, float size, Matrix at, float share)
            throws IOException {
        var text = Character.toString(letter);
        for (var font : fonts) {
            try {
                float width = font.getStringWidth(text) / 1000 * size;
                at.translate(-width * share, 0);
                content.setFont(font, size);
                content.setTextMatrix(at);
                content.showText(text);
                return;
            } catch (IllegalArgumentException noGlyph) {
                // the next font may have it; a letter that none has is left out of the mark
            }
        }
    }

    private static void circle(PDPageContentStream content, float x, float y, float r) throws IOException {
        float c = r * CIRCLE;
        content.moveTo(x + r, y);
        content.curveTo(x + r, y + c, x + c, y + r, x, y + r);
        content.curveTo(x - c, y + r, x - r, y + c, x - r, y);
        content.curveTo(x - r, y - c, x - c, y - r, x, y - r);
        content.curveTo(x + c, y - r, x + r, y - c, x + r, y);
        content.closePath();
        content.stroke();
    }
}
