package io.retainer.statistics.evaluate;

import io.retainer.kernel.Refused;
import java.nio.file.Path;
import java.util.regex.Pattern;

/**
 * Numbers as a column writes them: with a currency sign, with thousands parted, in brackets when below zero, and with a
 * comma or a full stop before the decimals, of which the whole column tells.
 */
final class AmountCells {

    private static final Pattern SIGNS = Pattern.compile("[¥￥$€£元\\s\u00a0]|CNY|RMB|USD|EUR|GBP");
    private static final Pattern BRACKETS = Pattern.compile("\\((.+)\\)");
    /** A comma that cannot part thousands. */
    private static final Pattern COMMA = Pattern.compile("[^,]*,(?:\\d{1,2}|\\d{4,})");

    private static final Pattern WITH_STOP =
            Pattern.compile("[+-]?(?:\\d{1,3}(?:,\\d{3})+|\\d*)(?:\\.\\d*)?(?:[eE][+-]?\\d+)?");
    private static final Pattern WITH_COMMA = Pattern.compile("[+-]?(?:\\d{1,3}(?:\\.\\d{3})+|\\d*)(?:,\\d*)?");
    /** Beyond this a double no longer tells one from the next. */
    private static final double MOST = 1e15;

    private final Path file;
    private boolean comma;

    AmountCells(Path file) {
        this.file = file;
    }

    private static String bare(String cell) {
        var plain = SIGNS.matcher(cell).replaceAll("");
        var brackets = BRACKETS.matcher(plain);
        return brackets.matches() ? "-" + brackets.group(1) : plain;
    }

    /** Learns from a cell whether decimals follow a comma. */
    void see(String cell) {
        comma = comma || COMMA.matcher(bare(cell)).matches();
    }

    /** @throws Refused when the cell is no number */
    double number(long line, String cell, String column) {
        var text = bare(cell);
        try {
            if ((comma ? WITH_COMMA : WITH_STOP).matcher(text).matches()) {
                double number =
                        Double.parseDouble(comma ? text.replace(".", "").replace(',', '.') : text.replace(",", ""));
                if (Math.abs(number) <= MOST) {
                    return number;
                }
            }
        } catch (NumberFormatException _) {
            throw bad(line, cell, column);
        }
        throw bad(line, cell, column);
    }

    private Refused bad(long line, String cell, String column) {
        return Refused.because("statistics.evaluate.badNumber", file.toString(), line, cell, column);
    }
}
