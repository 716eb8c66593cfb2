package io.retainer.statistics.evaluate;

import java.util.Locale;

/** Numbers as they are printed: with a full stop, whatever the machine's language. */
final class Figures {

    private Figures() {}

    static String of(int decimals, double value) {
        return String.format(Locale.ROOT, "%." + decimals + "f", value);
    }

    static String percent(double value) {
        return String.format(Locale.ROOT, "%.1f%%", value * 100);
    }

    static String signedPercent(double value) {
        return String.format(Locale.ROOT, "%+.1f%%", value * 100);
    }
}
