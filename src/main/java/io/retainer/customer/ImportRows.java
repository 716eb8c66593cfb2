package io.retainer.customer;

import io.retainer.kernel.Sentence;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The rows of an uploaded file, one after the other, in bounded memory whatever the file holds. */
interface ImportRows extends AutoCloseable {

    /** More columns than any list of customers has. */
    int MOST_COLUMNS = 300;

    /** Characters of a cell that are kept of a row that cannot be read, to find it by. */
    int KEPT = 1000;

    /** Characters in a row; what is longer is not a list of customers. */
    int LONGEST_ROW = 256 * 1024;

    /**
     * @param cells as written; when there is trouble, what could be made out of them
     * @param trouble why the row cannot be read, or null
     */
    record Raw(List<String> cells, @Nullable Sentence trouble) {

        static Raw of(List<String> cells) {
            return new Raw(cells, null);
        }

        static Raw bad(String key, @Nullable Object... arguments) {
            return new Raw(List.of(), Sentence.of(key, arguments));
        }

        /** With what can be shown of the row, so that somebody can correct it. */
        Raw holding(List<String> known) {
            var kept = new ArrayList<String>();
            for (var cell : known) {
                kept.add(cell.length() <= KEPT ? cell : cell.substring(0, KEPT) + "…");
            }
            while (!kept.isEmpty() && kept.getLast().isEmpty()) {
                kept.removeLast();
            }
            return new Raw(kept, trouble);
        }

        boolean blank() {
            if (trouble != null) {
                return false;
            }
            for (var cell : cells) {
                if (!cell.isBlank()) {
                    return false;
                }
            }
            return true;
        }
    }

    /** The next row, or null at the end. */
    @Nullable
    Raw next() throws IOException;

    /** Which row of the file the last one was, counted from 1 as people count: blank ones and headings too. */
    long number();

    @Override
    void close() throws IOException;
}
