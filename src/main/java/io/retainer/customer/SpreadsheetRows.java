package io.retainer.customer;

import io.retainer.kernel.Refused;
import java.io.IOException;
import java.io.InputStream;
import java.io.Writer;
import java.math.BigDecimal;
import java.math.MathContext;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
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
import org.xml.sax.Attributes;
import org.xml.sax.InputSource;
import org.xml.sax.SAXException;
import org.xml.sax.helpers.DefaultHandler;

/**
 * One sheet of a workbook (XLSX), the first that is shown and holds anything unless another is named, written as delimited text while it is read, cell by cell: what follows is then one
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

    /** Workbooks are in memory as a whole: so many at a time, whoever sends them. */
    private static final Semaphore TURNS = new Semaphore(2);

    private static final int LONGEST_WAIT = 60;
    private static final double MOST_EXACT = 1e15;
    private static final int MOST_ROWS = 1 << 20;
    private static final String ERROR = "ERROR:";
    private static final long NOT_SUSPICIOUS = 4L << 20;

    private SpreadsheetRows() {}

    static boolean isWorkbook(byte[] start) {
        return start.length > 3 && start[0] == 'P' && start[1] == 'K' && start[2] == 3 && start[3] == 4;
    }

    /**
     * What was read of a workbook.
     *
     * @param sheet its name
     * @param others the other sheets that are shown
     */
    record Sheets(String sheet, List<String> others) {}

    static Sheets write(InputStream file, Writer out) throws IOException {
        return write(file, null, out);
    }

    /**
     * Writes the rows of a sheet, with commas between. A row stands on the line that it has in the sheet.
     *
     * @param wanted its name or its number from 1, or null for the first that is shown and not empty
     * @throws Refused when it is no workbook, damaged, or packed so that it would unpack to far more than it looks
     */
    static Sheets write(InputStream file, @Nullable String wanted, Writer out) throws IOException {
        requireTurn();
        try {
            return read(file, wanted, out);
        } finally {
            TURNS.release();
        }
    }

    private static void requireTurn() {
        try {
            if (!TURNS.tryAcquire(LONGEST_WAIT, TimeUnit.SECONDS)) {
                throw Refused.because("customer.import.busy");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw Refused.because("customer.import.busy");
        }
    }

    private static Sheets read(InputStream file, @Nullable String wanted, Writer out) throws IOException {
        var bytes = file.readNBytes(LARGEST + 1);
        if (bytes.length > LARGEST) {
            throw Refused.field("file", "customer.import.largeSheet", LARGEST >> 20);
        }
        try (var zip = ZipFile.builder()
                .setSeekableByteChannel(new SeekableInMemoryByteChannel(bytes))
                .get()) {
            requireHarmless(zip);
            if (zip.getEntry("[Content_Types].xml") == null) {
                throw FileKind.ARCHIVE.refused();
            }
            try (var workbook = OPCPackage.open(new ZipFileZipEntrySource(zip))) {
                return sheet(new XSSFReader(workbook), new ReadOnlySharedStringsTable(workbook), wanted, out);
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

    private static Sheets sheet(
            XSSFReader reader, ReadOnlySharedStringsTable texts, @Nullable String wanted, Writer out)
            throws OpenXML4JException, SAXException, IOException {
        var book = new Book();
        try (var described = reader.getWorkbookData()) {
            parse(described, book);
        }
        var shown = book.sheets.stream().filter(each -> !each.hidden()).toList();
        var among = shown.isEmpty() ? book.sheets : shown;
        var named = among.stream().map(Book.Sheet::name).toList();
        List<Book.Sheet> candidates = among;
        if (wanted != null && !wanted.isBlank()) {
            var asked = wanted.strip();
            candidates = book.sheets.stream()
                    .filter(each -> each.name().strip().equalsIgnoreCase(asked))
                    .toList();
            if (candidates.isEmpty() && asked.matches("[0-9]{1,4}")) {
                int number = Integer.parseInt(asked);
                candidates = number >= 1 && number <= among.size() ? List.of(among.get(number - 1)) : List.of();
            }
            if (candidates.isEmpty()) {
                throw Refused.field("sheet", "customer.import.noSheet", asked, String.join(" · ", named));
            }
        }
        for (var candidate : candidates) {
            var rows = new Rows(out);
            try (var bytes = reader.getSheet(candidate.id())) {
                read(bytes, reader.getStylesTable(), texts, rows, book.from1904);
            }
            if (rows.any) {
                return new Sheets(
                        candidate.name(),
                        named.stream()
                                .filter(each -> !each.equals(candidate.name()))
                                .toList());
            }
        }
        throw Refused.field("file", "customer.import.empty");
    }

    /** What a workbook says of its sheets. */
    private static final class Book extends DefaultHandler {

        record Sheet(String name, String id, boolean hidden) {}

        private final List<Sheet> sheets = new ArrayList<>();
        private boolean from1904;

        @Override
        public void startElement(String uri, String name, String qualified, Attributes attributes) {
            if (name.equals("workbookPr")) {
                from1904 =
                        "1".equals(attributes.getValue("date1904")) || "true".equals(attributes.getValue("date1904"));
            } else if (name.equals("sheet")) {
                String id = null;
                for (int i = 0; i < attributes.getLength(); i++) {
                    if (attributes.getLocalName(i).equals("id")) {
                        id = attributes.getValue(i);
                    }
                }
                var called = attributes.getValue("name");
                var state = attributes.getValue("state");
                if (id != null) {
                    sheets.add(new Sheet(called == null ? id : called, id, state != null && !state.equals("visible")));
                }
            }
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

    private static void read(
            InputStream sheet, StylesTable styles, ReadOnlySharedStringsTable texts, Rows rows, boolean from1904)
            throws SAXException, IOException {
        parse(sheet, new XSSFSheetXMLHandler(styles, null, texts, rows, new Dates(from1904), false));
    }

    private static void parse(InputStream xml, DefaultHandler handler) throws SAXException, IOException {
        try {
            var parsers = SAXParserFactory.newInstance();
            parsers.setNamespaceAware(true);
            parsers.setFeature(XMLConstants.FEATURE_SECURE_PROCESSING, true);
            parsers.setFeature("http://apache.org/xml/features/disallow-doctype-decl", true);
            var parser = parsers.newSAXParser().getXMLReader();
            parser.setContentHandler(handler);
            parser.parse(new InputSource(xml));
        } catch (ParserConfigurationException e) {
            throw new IllegalStateException(e);
        }
    }

    /**
     * Dates as they are exchanged, whatever the sheet shows; numbers with all their digits and no grouping. Of more than
     * fifteen digits a spreadsheet has forgotten the last ones, so such a number is left as one that was shortened.
     */
    private static final class Dates extends DataFormatter {
        private final boolean from1904;

        Dates(boolean from1904) {
            this.from1904 = from1904;
        }

        @Override
        public String formatRawCellContents(double value, int formatIndex, @Nullable String format) {
            if (format != null && DateUtil.isADateFormat(formatIndex, format) && DateUtil.isValidExcelDate(value)) {
                var at = DateUtil.getLocalDateTime(value, from1904);
                return at.toLocalTime().toSecondOfDay() == 0 ? at.toLocalDate().toString() : at.toString();
            }
            if (Math.abs(value) >= MOST_EXACT) {
                return "%.14E".formatted(value);
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
        private int at;
        private int written;
        private boolean any;

        Rows(Writer out) {
            this.out = out;
        }

        @Override
        public void startRow(int row) {
            cells.clear();
            if (row < 0 || row >= MOST_ROWS) {
                throw new IllegalArgumentException("No sheet has a row " + row);
            }
            at = row;
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
            var text = value == null ? "" : value.startsWith(ERROR) ? value.substring(ERROR.length()) : value;
            cells.add(text);
        }

        @Override
        public void endRow(int row) {
            line.setLength(0);
            if (cells.stream().allMatch(String::isBlank)) {
                return;
            }
            any = true;
            CsvRows.writePlain(line, cells);
            for (; written < at; written++) {
                append("\r\n");
            }
            append(line);
            written++;
        }

        private void append(CharSequence text) {
            try {
                out.append(text);
            } catch (IOException e) {
                throw new Broken(e);
            }
        }
    }
}
