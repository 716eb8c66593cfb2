package io.retainer.matching;

import io.retainer.matching.Records.Column;
import java.util.List;
import java.util.function.UnaryOperator;

/** Measured numbers such as prices: near when their ratio is near one. */
final class QuantityField extends Field {

    private final double[] numbers;

    QuantityField(Column column) {
        super(column, raw -> NormalText.folded(raw).replaceAll("[^\\d.\\-]", ""));
        this.numbers = new double[terms().size()];
        for (int t = 0; t < numbers.length; t++) {
            try {
                numbers[t] = Double.parseDouble(text(t));
            } catch (NumberFormatException _) {
                numbers[t] = Double.NaN; // near to nothing
            }
        }
    }

    @Override
    Grade compare(int a, int b) {
        double larger = Math.max(Math.abs(numbers[a]), Math.abs(numbers[b]));
        double apart = Math.abs(numbers[a] - numbers[b]) / larger;
        if (apart <= 0.01) {
            return Grade.NEARLY;
        }
        if (apart <= 0.05) {
            return Grade.CLOSE;
        }
        return apart <= 0.2 ? Grade.SIMILAR : Grade.DIFFERENT;
    }

    @Override
    List<UnaryOperator<String>> blurs() {
        return List.of(UnaryOperator.identity());
    }
}
