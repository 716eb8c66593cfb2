package io.retainer;

import static org.assertj.core.api.Assertions.assertThat;

import java.awt.Color;
import java.awt.RenderingHints;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import javax.imageio.ImageIO;
import org.apache.pdfbox.Loader;
import org.apache.pdfbox.rendering.PDFRenderer;

/** Pages of papers side by side, small enough to see at once and large enough to read; for a person to look at. */
public final class PaperSheet {

    private static final Path SHEETS = Path.of("target/papers");
    private static final int WIDTH = 380;
    private static final int HEIGHT = 538;

    private PaperSheet() {}

    /** Writes {@code target/papers/<name>.png}, and the PDF beside it when there is only one. */
    public static void of(String name, List<byte[]> pdfs) throws IOException {
        Files.createDirectories(SHEETS);
        if (pdfs.size() == 1) {
            Files.write(SHEETS.resolve(name + ".pdf"), pdfs.getFirst());
        }
        var pages = new ArrayList<BufferedImage>();
        for (var pdf : pdfs) {
            try (var document = Loader.loadPDF(pdf)) {
                var renderer = new PDFRenderer(document);
                for (int i = 0; i < document.getNumberOfPages(); i++) {
                    pages.add(renderer.renderImageWithDPI(i, 92));
                }
            }
        }
        int columns = Math.min(pages.size(), 5);
        var sheet = new BufferedImage(
                columns * (WIDTH + 8),
                (pages.size() + columns - 1) / columns * (HEIGHT + 8),
                BufferedImage.TYPE_INT_RGB);
        var graphics = sheet.createGraphics();
        graphics.setColor(Color.GRAY);
        graphics.fillRect(0, 0, sheet.getWidth(), sheet.getHeight());
        graphics.setRenderingHint(RenderingHints.KEY_INTERPOLATION, RenderingHints.VALUE_INTERPOLATION_BICUBIC);
        for (int i = 0; i < pages.size(); i++) {
            graphics.drawImage(
                    pages.get(i), i % columns * (WIDTH + 8) + 4, i / columns * (HEIGHT + 8) + 4, WIDTH, HEIGHT, null);
        }
        graphics.dispose();
        ImageIO.write(sheet, "png", SHEETS.resolve(name + ".png").toFile());
        assertThat(SHEETS.resolve(name + ".png")).isNotEmptyFile();
    }
}
