package io.retainer.contract;

import static org.assertj.core.api.Assertions.assertThat;

import io.retainer.PaperSheet;
import io.retainer.document.Paper;
import io.retainer.kernel.Texts;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.List;
import org.apache.pdfbox.Loader;
import org.apache.pdfbox.text.PDFTextStripper;
import org.apache.poi.xwpf.extractor.XWPFWordExtractor;
import org.apache.poi.xwpf.usermodel.XWPFDocument;
import org.junit.jupiter.api.Test;

/** The papers as they are printed. Every run leaves sheets of thumbnails in {@code target/papers} for a person to look at. */
class PapersTests {

    private static final Texts CHINESE = Texts.in(Texts.CHINESE);
    private static final Texts ENGLISH = Texts.in(Texts.ENGLISH);

    @Test
    void theContractHasItsTermsItsAnnexesItsPagesAndItsSignatures() throws IOException {
        var paper = PrintedDemo.contract(CHINESE, true).seam("2025年度客户服务外包合同");
        var pdf = paper.pdf();
        try (var document = Loader.loadPDF(pdf)) {
            var text = new PDFTextStripper().getText(document).replaceAll("\\s+", "");
            int pages = document.getNumberOfPages();
            assertThat(pages).isBetween(8, 30);
            assertThat(text)
                    .contains("第1页共" + pages + "页", "第" + pages + "页共" + pages + "页")
                    .contains("附件一客户服务外包详细方案", "附件五第三方服务协议", "投诉按期解决率")
                    .contains("壹佰贰拾万元整", "1,200,000.00", "签署页", "王敏", "9f9f9f9f");
            for (var page : document.getPages()) {
                for (var name : page.getResources().getFontNames()) {
                    assertThat(page.getResources().getFont(name).isEmbedded()).isTrue();
                }
            }
        }
        sheet("contract-zh", pdf);
        var draft = PrintedDemo.contract(CHINESE, false).pdf();
        sheet("contract-draft-zh", draft);
        sheet("contract-en", PrintedDemo.contract(ENGLISH, true).pdf());
        assertThat(PrintedDemo.contract(CHINESE, false).pdf())
                .as("equal papers, equal bytes")
                .isEqualTo(draft);
    }

    @Test
    void aContractThatWentOutAsWordComesBackAsTheContractItWas() {
        var before = ContractImporter.pasted(DemoContract.text());
        for (var texts : List.of(CHINESE, ENGLISH)) {
            var after = ContractImporter.file(PrintedDemo.contract(texts, true).docx());
            assertThat(after.clauses().stream().map(FoundClause::clause))
                    .isEqualTo(
                            before.clauses().stream().map(FoundClause::clause).toList());
            assertThat(after.terms().entries().stream()
                            .filter(entry -> entry.source() == TermSource.MAIN_TEXT && entry.value() != null)
                            .map(entry -> entry.key() + "=" + entry.value()))
                    .isEqualTo(before.terms().entries().stream()
                            .filter(entry -> entry.source() == TermSource.MAIN_TEXT && entry.value() != null)
                            .map(entry -> entry.key() + "=" + entry.value())
                            .toList());
            assertThat(after.annexes().values())
                    .isNotEmpty()
                    .allSatisfy(sheet -> assertThat(sheet.unread()).isEmpty());
            for (var sheet : AnnexTests.complete().sheets().values()) {
                assertThat(after.annexes().get(sheet.kind()))
                        .isNotNull()
                        .extracting(AnnexSheet::rows)
                        .isEqualTo(sheet.rows());
            }
            assertThat(after.unread().stream().map(Passage::text))
                    .isEqualTo(before.unread().stream().map(Passage::text).toList());
        }
    }

    @Test
    void lettersAreServedInBothLanguages() throws IOException {
        for (var texts : List.of(CHINESE, ENGLISH)) {
            var all = PrintedDemo.letters(texts);
            Paper together = all.getFirst();
            for (var letter : all.subList(1, all.size())) {
                together.append(letter);
            }
            var pdf = together.pdf();
            try (var document = Loader.loadPDF(pdf)) {
                assertThat(new PDFTextStripper().getText(document).replaceAll("\\s+", ""))
                        .contains("100,850.05", "壹拾万零捌佰伍拾元零伍分");
            }
            sheet("letters-" + texts.locale().getLanguage(), pdf);
            try (var document = Loader.loadPDF(pdf)) {
                assertThat(document.getNumberOfPages())
                        .as("one page each of the short ones")
                        .isEqualTo(NoticeLetter.Type.values().length);
            }
            try (var word = new XWPFDocument(new ByteArrayInputStream(
                            PrintedDemo.letters(texts).getFirst().docx()));
                    var words = new XWPFWordExtractor(word)) {
                assertThat(words.getText()).contains("100,850.05");
                assertThat(word.getFooterList().getFirst()._getHdrFtr().xmlText())
                        .contains("NUMPAGES");
            }
        }
    }

    @Test
    void theWordFileOfTheContractCanBeImportedAgain() {
        var imported = ContractImporter.file(PrintedDemo.contract(CHINESE, true).docx());

        assertThat(imported.terms().money(TermKey.FEE_TOTAL)).isEqualTo(AnnexTests.TERMS.money(TermKey.FEE_TOTAL));
        assertThat(imported.clauses()).hasSizeGreaterThan(90);
    }

    private static void sheet(String name, byte[] pdf) throws IOException {
        PaperSheet.of(name, List.of(pdf));
    }
}
