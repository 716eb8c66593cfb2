package io.retainer.customer;

import io.retainer.kernel.Refused;
import java.io.IOException;
import java.io.InputStream;
import java.io.Writer;
import java.math.BigDecimal;
import java.math.MathContext;
import java.util.ArrayList;
import java.util.List;
import javax.xml.XMLConstants;
import javax.xml.parsers.ParserConfigurationException;
import javax.xml.parsers.SAXParserFactory;
import org.apache.commons.compress.archivers.zip.ZipArchiveEntry;
import org.apache.commons.compress.archivers.zip.ZipFile;
import org.apache.commons.compress.utils.SeekableInMemoryByteChannel;
import org.apache.poi.openxml4j.exceptions.OpenXML4JException;
import org.apache.poi.openxml4j.exceptions.OpenXML4JRuntimeException;
import org.apache.poi.openxml4j.opc.OPCPackage;
import org.apache.poi.openxml4j.util.ZipFileZipEntrySource;
import org.apache.poi.ss.usermodel.DataFormatter;
import org.apache.poi.ss.usermodel.DateUtil;
import org.apache.poi.ss.util.CellReference;
import org.apache.poi.xssf.eventusermodel.ReadOnlySharedStringsTable;
import org.apache.poi.xssf.eventusermodel.XSSFReader;
import org.apache.poi.xssf.eventusermodel.XSSFSheetXMLHandler;
import org.apache.poi.xssf.model.StylesTable;
import org.apache.poi.xssf.usermodel.XSSFComment;
import org.jspecify.annotations.Nullable;
import org.xml.sax.InputSource;
import org.xml.sax.SAXException;

/**
 * The first sheet of a workbook (XLSX), written as delimited text while it is read, cell by cell: what follows is then one
 * path for all kinds of files. Nothing is unpacked to a disk, where personal data would lie in the clear.
 */
final class SpreadsheetRows {

    /** Of the file; whoever has more saves it as CSV. */
    static final int LARGEST = 64 << 20;

    private static final int MOST_ENTRIES = 2000;
    private static final long MOST_UNPACKED = 1L << 30;
    private static final long MOST_TEXTS = 96L << 20;
    /** Spreadsheets are packed ten to thirty times; what is packed much more is made to be. */
    private static final long MOST_TIMES = 200;

    private static final long NOT_SUSPICIOUS = 4L << 20;

    private SpreadsheetRows() {}

    static boolean isWorkbook(byte[] start) {
        return start.length > 3 && start[0] == 'P' && start[1] == 'K' && start[2] == 3 && start[3] == 4;
    }

    /**
     * Writes the rows of the first sheet, with commas between.
     *
     * @throws Refused when it is no workbook, damaged, or packed so that it would unpack to far more than it looks
     */
    static void write(InputStream file, Writer out) throws IOException {
        var bytes = file.readNBytes(LARGEST + 1);
        if (bytes.length > LARGEST) {
            throw Refused.field("file", "customer.import.largeSheet", LARGEST >> 20);
        }
        try (var zip = ZipFile.builder()
                .setSeekableByteChannel(new SeekableInMemoryByteChannel(bytes))
                .get()) {
            requireHarmless(zip);
            try (var workbook = OPCPackage.open(new ZipFileZipEntrySource(zip))) {
                var reader = new XSSFReader(workbook);
                var sheets = reader.getSheetsData();
                if (!sheets.hasNext()) {
                    throw Refused.field("file", "customer.import.empty");
                }
                var texts = new ReadOnlySharedStringsTable(workbook);
                try (var sheet = sheets.next()) {
                    read(sheet, reader.getStylesTable(), texts, out);
                }
            }
        } catch (TooWide e) {
            throw Refused.field("file", "customer.row.columns", ImportRows.MOST_COLUMNS);
        } catch (Broken e) {
            throw e.cause;
        } catch (OpenXML4JException
                | OpenXML4JRuntimeException
                | SAXException
                | IOException
                | IllegalArgumentException e) {
            throw Refused.field("file", "customer.import.sheet");
        }
    }

    /** Unpacks everything once, to nowhere: the sizes an archive declares may be lies. */
    private static void requireHarmless(ZipFile zip) throws IOException {
        int count = 0;
        long total = 0;
        var buffer = new byte[1 << 16];
        for (var entries = zip.getEntries(); entries.hasMoreElements(); ) {
            ZipArchiveEntry entry = entries.nextElement();
            if (++count > MOST_ENTRIES) {
                throw Refused.field("file", "customer.import.bomb");
            }
            long size = 0;
            try (var unpacked = zip.getInputStream(entry)) {
                int read;
                while ((read = unpacked.read(buffer)) >= 0) {
                    size += read;
                    total += read;
                    boolean swollen = size > NOT_SUSPICIOUS && size > entry.getCompressedSize() * MOST_TIMES;
                    boolean texts = size > MOST_TEXTS && entry.getName().endsWith("sharedStrings.xml");
                    if (swollen || texts || total > MOST_UNPACKED) {
                        throw Refused.field("file", "customer.import.bomb");
                    }
                }
            }
        }
    }

    private static void read(InputStream sheet, StylesTable styles, ReadOnlySharedStringsTable texts, Writer out)
            throws SAXException, IOException {
        try {
            var parsers = SAXParserFactory.newInstance();
            parsers.setNamespaceAware(true);
            parsers.setFeature(XMLConstants.FEATURE_SECURE_PROCESSING, true);
            parsers.setFeature("http://apache.org/xml/features/disallow-doctype-decl", true);
            var parser = parsers.newSAXParser().getXMLReader();
            parser.setContentHandler(new XSSFSheetXMLHandler(styles, null, texts, new Rows(out), new Dates(), false));
            parser.parse(new InputSource(sheet));
        } catch (ParserConfigurationException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Dates as they are exchanged, whatever the sheet shows; numbers with all their digits and no grouping. */
    private static final class Dates extends DataFormatter {
        @Override
        public String formatRawCellContents(double value, int formatIndex, @Nullable String format) {
            if (format != null && DateUtil.isADateFormat(formatIndex, format) && DateUtil.isValidExcelDate(value)) {
                var at = DateUtil.getLocalDateTime(value);
                return at.toLocalTime().toSecondOfDay() == 0 ? at.toLocalDate().toString() : at.toString();
            }
            return new BigDecimal(value, MathContext.DECIMAL64)
                    .stripTrailingZeros()
                    .toPlainString();
        }
    }

    private static final class TooWide extends RuntimeException {
        TooWide() {
            super(null, null, false, false);
        }
    }

    /** The reader at the other end has gone. */
    private static final class Broken extends RuntimeException {
        private final transient IOException cause;

        Broken(IOException cause) {
            super(cause);
            this.cause = cause;
        }
    }

    private static final class Rows implements XSSFSheetXMLHandler.SheetContentsHandler {
        private final Writer out;
        private final List<String> cells = new ArrayList<>();
        private final StringBuilder line = new StringBuilder();

        Rows(Writer out) {
            this.out = out;
        }

        @Override
        public void startRow(int row) {
            cells.clear();
        }

        @Override
        public void cell(@Nullable String place, @Nullable String value, @Nullable XSSFComment comment) {
            int column = place == null ? cells.size() : new CellReference(place).getCol();
            if (column < 0 || Math.max(column, cells.size()) >= ImportRows.MOST_COLUMNS) {
                throw new TooWide();
            }
            while (cells.size() < column) {
                cells.add("");
            }
            cells.add(value == null ? "" : value);
        }

        @Override
        public void endRow(int row) {
            line.setLength(0);
            CsvRows.writePlain(line, cells);
            try {
                out.append(line);
            } catch (IOException e) {
                throw new Broken(e);
            }
        }
    }
}
