package io.retainer.document;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.retainer.document.Docx.Align;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.List;
import org.apache.poi.xwpf.usermodel.ParagraphAlignment;
import org.apache.poi.xwpf.usermodel.XWPFDocument;
import org.junit.jupiter.api.Test;

class DocxTests {

    @Test
    void writesParagraphsAndTablesThatReadBack() throws IOException {
        var file = new Docx()
                .title("收款凭证")
                .heading("一、明细")
                .paragraph("编号：R-2026-000012\n第二行")
                .table(
                        List.of("项目", "金额"),
                        List.of(Align.LEFT, Align.RIGHT),
                        List.of(List.of("服务费（第3期）", "86,733.33"), List.of("违约金", "520.40")))
                .paragraph("乙方（盖章）", Align.RIGHT)
                .bytes();
        try (var document = new XWPFDocument(new ByteArrayInputStream(file))) {
            var paragraphs = document.getParagraphs();
            assertThat(paragraphs.getFirst().getText()).isEqualTo("收款凭证");
            assertThat(paragraphs.getFirst().getAlignment()).isEqualTo(ParagraphAlignment.CENTER);
            assertThat(paragraphs.get(2).getText()).isEqualTo("编号：R-2026-000012\n第二行");
            assertThat(paragraphs
                            .getFirst()
                            .getRuns()
                            .getFirst()
                            .getCTR()
                            .getRPr()
                            .getRFontsArray(0)
                            .getEastAsia())
                    .isEqualTo("SimSun");
            var table = document.getTables().getFirst();
            assertThat(table.getRow(0).isRepeatHeader()).isTrue();
            assertThat(table.getRow(1).getCell(1).getText()).isEqualTo("86,733.33");
            assertThat(table.getRow(1).getCell(1).getParagraphs().getFirst().getAlignment())
                    .isEqualTo(ParagraphAlignment.RIGHT);
        }
    }

    @Test
    void refusesARowOfAnotherWidth() {
        assertThatThrownBy(() -> new Docx().table(List.of(), List.of(Align.LEFT), List.of(List.of("a", "b"))))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
