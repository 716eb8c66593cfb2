package io.retainer.customer;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * One import: what was sent, by whom and on what ground, and how far it has come.
 *
 * @param headingRow the row its headings stand in, counted from 1; 0 when it has none
 * @param mapping where each column goes, as {@code PHONE} or {@code FIELD:level}
 * @param source where the data comes from, in a few words; null until it is started, like the four after it
 * @param trouble why it failed: a message key
 * @param bytesTotal size of the file
 */
public record ImportBatch(
        UUID id,
        UUID contract,
        ImportFormat format,
        String charset,
        char delimiter,
        List<String> header,
        int headingRow,
        List<String> mapping,
        @Nullable String source,
        @Nullable String supplier,
        @Nullable LawfulBasis lawfulBasis,
        @Nullable DataPurpose purpose,
        Map<String, Imports.Ground> grounds,
        ImportState state,
        @Nullable String trouble,
        long bytesTotal,
        long bytesDone,
        long rowsRead,
        long rowsGood,
        long rowsBad,
        UUID createdBy,
        Instant createdAt,
        @Nullable Instant endedAt,
        Reading reading) {

    /**
     * What whoever assigns the columns should know of how the file was read.
     *
     * @param otherCharset in which {@code otherLines} lines are, from line {@code firstOther} on; null when all are alike
     * @param sheet of a workbook, the one that was read
     * @param otherSheets that were not
     */
    public record Reading(
            @Nullable String otherCharset,
            long otherLines,
            long firstOther,
            @Nullable String sheet,
            List<String> otherSheets) {

        static final Reading PLAIN = new Reading(null, 0, 0, null, List.of());

        public Reading {
            otherSheets = List.copyOf(otherSheets);
        }
    }

    public ImportBatch {
        header = List.copyOf(header);
        mapping = List.copyOf(mapping);
        grounds = Map.copyOf(grounds);
    }

    /** 0 to 100. */
    public int percent() {
        return state == ImportState.DONE || bytesTotal == 0 ? 100 : Math.clamp(bytesDone * 100 / bytesTotal, 0, 99);
    }

    /** How many rows held nothing. */
    public long rowsBlank() {
        return Math.max(0, rowsRead - rowsGood - rowsBad);
    }

    boolean startedAs(List<String> columns, Imports.Ground ground, Map<String, Imports.Ground> others) {
        return (state == ImportState.RUNNING || state == ImportState.DONE)
                && mapping.equals(columns)
                && ground.source().strip().equals(source)
                && ground.supplier().strip().equals(supplier)
                && ground.basis() == lawfulBasis
                && ground.purpose() == purpose
                && grounds.equals(others);
    }

    boolean hasHeader() {
        return headingRow > 0;
    }

    List<Target> targets() {
        return mapping.stream().map(Target::of).toList();
    }
}
