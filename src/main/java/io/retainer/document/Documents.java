package io.retainer.document;

import com.openhtmltopdf.outputdevice.helper.BaseRendererBuilder.FontStyle;
import com.openhtmltopdf.outputdevice.helper.ExternalResourceControlPriority;
import com.openhtmltopdf.pdfboxout.PdfRendererBuilder;
import com.openhtmltopdf.util.XRLog;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.StringReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Calendar;
import java.util.GregorianCalendar;
import java.util.Locale;
import java.util.TimeZone;
import java.util.zip.CRC32;
import javax.xml.XMLConstants;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;
import org.apache.pdfbox.pdmodel.PDDocument;
import org.w3c.dom.Document;
import org.xml.sax.InputSource;
import org.xml.sax.SAXException;

/**
 * Turns a page into a PDF with its fonts embedded: Chinese (simplified and traditional) in Droid Sans Fallback, Latin and
 * digits in Liberation Sans. Equal pages give equal bytes, so the hash of a document can be kept as evidence.
 *
 * <p>Nothing outside the page is ever loaded: style sheets stand inside it, and pictures are {@code data:} URIs.
 */
public final class Documents {

    static final String LATIN = "Liberation Sans";
    static final String CHINESE = "Droid Sans Fallback";

    private static final byte[] LATIN_FONT = resource("/org/apache/pdfbox/resources/ttf/LiberationSans-Regular.ttf");
    private static final byte[] CHINESE_FONT = resource("/fonts/DroidSansFallbackFull.ttf");
    private static final String BASE_STYLE = "body { font-family: '" + LATIN + "', '" + CHINESE + "'; }";

    static {
        XRLog.setLoggingEnabled(false);
    }

    private Documents() {}

    /**
     * @param xhtml well-formed, such as Thymeleaf makes of our templates; {@code @page} rules set paper and margins
     *     (A4 when there are none)
     * @throws IllegalArgumentException when it is not well-formed
     */
    public static byte[] pdf(String xhtml) {
        return pdf(parsed(xhtml), xhtml);
    }

    private static byte[] pdf(Document page, String source) {
        var builder = new PdfRendererBuilder()
                .useFont(() -> new ByteArrayInputStream(LATIN_FONT), LATIN, 400, FontStyle.NORMAL, true)
                .useFont(() -> new ByteArrayInputStream(CHINESE_FONT), CHINESE, 400, FontStyle.NORMAL, true)
                .useExternalResourceAccessControl(
                        (uri, _) -> isInside(uri), ExternalResourceControlPriority.RUN_BEFORE_RESOLVING_URI)
                .useExternalResourceAccessControl(
                        (uri, _) -> isInside(uri), ExternalResourceControlPriority.RUN_AFTER_RESOLVING_URI)
                .useReplacementText("□")
                .useDefaultPageSize(210, 297, PdfRendererBuilder.PageSizeUnits.MM)
                .withProducer("Retainer")
                .withW3cDocument(page, null);
        try (var renderer = builder.buildPdfRenderer()) {
            var document = renderer.createPDFKeepOpen();
            return bytes(document, source);
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
    }

    private static byte[] bytes(PDDocument document, String source) throws IOException {
        var out = new ByteArrayOutputStream();
        try (document) {
            var epoch = new GregorianCalendar(TimeZone.getTimeZone("UTC"), Locale.ROOT);
            epoch.clear();
            epoch.set(2000, Calendar.JANUARY, 1);
            document.getDocumentInformation().setCreationDate(epoch);
            document.getDocumentInformation().setModificationDate(null);
            var checksum = new CRC32();
            checksum.update(source.getBytes(StandardCharsets.UTF_8));
            document.setDocumentId(checksum.getValue());
            document.save(out);
        }
        return out.toByteArray();
    }

    private static boolean isInside(String uri) {
        return uri.startsWith("data:");
    }

    private static Document parsed(String xhtml) {
        try {
            var factory = DocumentBuilderFactory.newDefaultInstance();
            factory.setFeature(XMLConstants.FEATURE_SECURE_PROCESSING, true);
            factory.setFeature("http://apache.org/xml/features/disallow-doctype-decl", true);
            factory.setXIncludeAware(false);
            factory.setExpandEntityReferences(false);
            factory.setNamespaceAware(true);
            var parser = factory.newDocumentBuilder();
            parser.setErrorHandler(null);
            var page = parser.parse(new InputSource(new StringReader(withoutDoctype(xhtml))));
            styled(page);
            return page;
        } catch (SAXException malformed) {
            throw new IllegalArgumentException("The page is not well-formed: " + malformed.getMessage(), malformed);
        } catch (ParserConfigurationException | IOException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    /** Our fonts first of all, so that a page has them without asking and may still choose. */
    private static void styled(Document page) {
        var root = page.getDocumentElement();
        var heads = root.getElementsByTagName("head");
        var namespace = root.getNamespaceURI();
        var head = heads.getLength() > 0
                ? heads.item(0)
                : root.insertBefore(page.createElementNS(namespace, "head"), root.getFirstChild());
        var style = page.createElementNS(namespace, "style");
        style.setTextContent(BASE_STYLE);
        head.insertBefore(style, head.getFirstChild());
    }

    private static String withoutDoctype(String xhtml) {
        var page = xhtml.strip();
        return page.regionMatches(true, 0, "<!doctype html>", 0, 15) ? page.substring(15) : page;
    }

    static byte[] latinFont() {
        return LATIN_FONT;
    }

    static byte[] chineseFont() {
        return CHINESE_FONT;
    }

    private static byte[] resource(String name) {
        try (InputStream in = Documents.class.getResourceAsStream(name)) {
            if (in == null) {
                throw new IllegalStateException(name + " is not on the class path");
            }
            return in.readAllBytes();
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }
}
