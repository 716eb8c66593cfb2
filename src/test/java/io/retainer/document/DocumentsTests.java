package io.retainer.document;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import javax.imageio.ImageIO;
import org.apache.pdfbox.Loader;
import org.apache.pdfbox.rendering.PDFRenderer;
import org.apache.pdfbox.text.PDFTextStripper;
import org.junit.jupiter.api.Test;

class DocumentsTests {

    private static final String RECEIPT = """
            <!DOCTYPE html>
            <html lang="zh-CN"><head><title>收款凭证</title><style>
              @page { size: A4; margin: 25mm 20mm; }
              h1 { text-align: center; letter-spacing: 4pt; font-size: 20pt; }
              table { width: 100%; border-collapse: collapse; -fs-table-paginate: paginate; }
              th, td { border: 0.5pt solid #444; padding: 4pt 6pt; font-size: 10.5pt; }
              td.money { text-align: right; }
              p { font-size: 10.5pt; line-height: 1.6; }
            </style></head><body>
            <h1>收款凭证</h1>
            <p>编号：R-2026-000012　　日期：2026年5月20日</p>
            <table><tr><th>项目</th><th>金额</th></tr>
              <tr><td>服务费（第3期）</td><td class="money">¥86,733.33</td></tr>
              <tr><td>违约金 · 按日万分之五 × 12天</td><td class="money">¥520.40</td></tr></table>
            <p>人民币（大写）：捌万柒仟贰佰伍拾叁元柒角叁分整。</p>
            <p>甲方：“某某科技有限公司”；乙方：《服务合同》约定之服务商。依据条款 I-3.2a、I-3.3b——逾期付款的处理。</p>
            <p>繁體：違約責任、簽訂地點、貳參陸億萬圓、第三方補充協議。壹贰叁肆伍陆柒捌玖拾佰仟万亿元角分整零圆。□ 已付 ■ 未付</p>
            <p>客户关系管理外包服务合同履行期间，甲方应当在每一服务期开始之前支付当期服务费，逾期的，乙方有权按照合同约定收取违约金；经书面催告后在合理期限内仍未支付的，乙方可以暂停服务，直至甲方付清全部到期款项为止。</p>
            </body></html>
            """;

    @Test
    void printsChineseWithItsFontsEmbedded() throws IOException {
        var pdf = Documents.pdf(RECEIPT);
        try (var document = Loader.loadPDF(pdf)) {
            var text = new PDFTextStripper().getText(document).replaceAll("\\s+", "");
            assertThat(text)
                    .contains("收款凭证", "编号：R-2026-000012", "捌万柒仟贰佰伍拾叁元柒角叁分整。", "¥86,733.33")
                    .contains("“某某科技有限公司”", "《服务合同》", "違約責任、簽訂地點、貳參陸億萬圓");
            Set<String> fonts = new HashSet<>();
            for (var page : document.getPages()) {
                for (var name : page.getResources().getFontNames()) {
                    var font = page.getResources().getFont(name);
                    assertThat(font.isEmbedded()).as(font.getName()).isTrue();
                    fonts.add(font.getName().replaceFirst("^[A-Z]{6}\\+", ""));
                }
            }
            assertThat(fonts).containsExactlyInAnyOrder("LiberationSans", "DroidSansFallback");
            assertThat(document.getPage(0).getMediaBox().getWidth()).isBetween(594f, 596f);
            var picture = Files.createDirectories(Path.of("target")).resolve("receipt-sample.png");
            assertThat(ImageIO.write(new PDFRenderer(document).renderImageWithDPI(0, 96), "png", picture.toFile()))
                    .isTrue();
        }
        assertThat(pdf.length).as("only the glyphs in use are embedded").isLessThan(300_000);
    }

    @Test
    void equalPagesGiveEqualBytes() {
        assertThat(Documents.pdf(RECEIPT)).isEqualTo(Documents.pdf(RECEIPT));
        assertThat(Documents.pdf(RECEIPT)).isNotEqualTo(Documents.pdf(RECEIPT.replace("000012", "000013")));
    }

    @Test
    void loadsNothingFromOutside() throws IOException {
        var asked = new AtomicInteger();
        var server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", exchange -> {
            asked.incrementAndGet();
            exchange.sendResponseHeaders(404, -1);
        });
        server.start();
        try {
            var base = "http://localhost:" + server.getAddress().getPort();
            var pdf = Documents.pdf("<html><head><link rel='stylesheet' href='" + base + "/a.css'/><style>@import url("
                    + base + "/b.css); @font-face { font-family: x; src: url(" + base + "/c.ttf) }"
                    + "p { font-family: x; background: url(" + base + "/d.png) }</style></head><body><p>甲方<img src='"
                    + base + "/e.png'/><img src='file:///etc/hostname'/></p></body></html>");
            assertThat(pdf).isNotEmpty();
            assertThat(asked).hasValue(0);
        } finally {
            server.stop(0);
        }
    }

    @Test
    void refusesWhatIsNotWellFormed() {
        assertThatThrownBy(() -> Documents.pdf("<html><body><p>甲方</body></html>"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("not well-formed");
        assertThatThrownBy(() -> Documents.pdf(
                        "<!DOCTYPE html [<!ENTITY x SYSTEM 'file:///etc/hostname'>]><html><body>&x;</body></html>"))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
