package io.retainer.customer;

import io.retainer.kernel.Sentence;
import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The rows of an uploaded file, one after the other, in bounded memory whatever the file holds. */
interface ImportRows extends AutoCloseable {

    /** More columns than any list of customers has. */
    int MOST_COLUMNS = 300;

    /** Characters in a row; what is longer is not a list of customers. */
    int LONGEST_ROW = 256 * 1024;

    /**
     * @param cells as written; empty when there is trouble
     * @param trouble why the row cannot be read, or null
     */
    record Raw(List<String> cells, @Nullable Sentence trouble) {

        static Raw of(List<String> cells) {
            return new Raw(cells, null);
        }

        static Raw bad(String key, @Nullable Object... arguments) {
            return new Raw(List.of(), Sentence.of(key, arguments));
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

    @Override
    void close() throws IOException;
}
