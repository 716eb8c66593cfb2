package io.retainer.document;

import static org.assertj.core.api.Assertions.assertThat;

import io.retainer.document.Paper.SealPlace;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.List;
import org.apache.pdfbox.Loader;
import org.apache.pdfbox.text.PDFTextStripper;
import org.apache.poi.xwpf.usermodel.XWPFDocument;
import org.junit.jupiter.api.Test;

/** Nobody signs a page on which nothing else stands. */
class SealsTests {

    @Test
    void theSignatureBlockTakesTheLastParagraphAlongWhereverThePageEnds() throws IOException {
        for (int lines = 18; lines < 34; lines++) {
            var paper = paper(lines);
            try (var document = Loader.loadPDF(paper.pdf())) {
                var text = new PDFTextStripper();
                text.setStartPage(document.getNumberOfPages());
                assertThat(text.getText(document).replaceAll("\\s", ""))
                        .as(lines + " paragraphs before")
                        .contains("本合同一式两份", "合同哈希", "甲方(盖章)");
            }
        }
    }

    @Test
    void inAWordFileTheSameIsKeptWithTheNext() throws IOException {
        try (var document = new XWPFDocument(new ByteArrayInputStream(paper(3).docx()))) {
            assertThat(document.getParagraphs().stream()
                            .filter(paragraph -> paragraph.getText().contains("本合同一式两份"))
                            .toList())
                    .singleElement()
                    .satisfies(paragraph -> assertThat(paragraph.isKeepNext()).isTrue());
            assertThat(document.getParagraphs().stream()
                            .filter(paragraph -> paragraph.getText().contains("第3段"))
                            .toList())
                    .singleElement()
                    .satisfies(paragraph -> assertThat(paragraph.isKeepNext()).isFalse());
            assertThat(document.getTables().getFirst().getRow(0).getCell(0).getParagraphs())
                    .allMatch(paragraph -> paragraph.isKeepNext());
        }
    }

    @Test
    void aLongParagraphIsNotPulledAlong() {
        var paper = Paper.chinese("协议").paragraph("长".repeat(1000)).note("注").seals(places());
        assertThat(paper.together(2)).isEqualTo(1);
    }

    private static Paper paper(int lines) {
        var paper = Paper.chinese("协议").title();
        for (int i = 1; i <= lines; i++) {
            paper.paragraph("第" + i + "段。双方应当按照约定全面履行自己的义务,遵循诚信原则,根据合同的性质、目的和交易习惯履行通知、协助、保密等义务。");
        }
        return paper.heading("第九条 份数")
                .paragraph("本合同一式两份,双方各执一份。")
                .facts(List.of(List.of("合同哈希", "a".repeat(64))))
                .note("双方签署的是这一哈希。")
                .seals(places());
    }

    private static List<SealPlace> places() {
        return List.of(
                new SealPlace("甲方(盖章)", "某公司", "此处盖章", false, List.of("日期:")),
                new SealPlace("乙方(盖章)", "某公司", "此处盖章", false, List.of("日期:")));
    }
}
