package io.retainer.customer;

import io.retainer.kernel.Sentence;
import io.retainer.statistics.Basis;
import io.retainer.statistics.Measurement;
import io.retainer.statistics.Measurement.Measured;
import io.retainer.statistics.Measurement.NotMeasurable;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A measurement in a form that can be kept: the value, or why there is none, and what it stands on.
 *
 * @param value null when it is not measurable
 * @param why null when it is
 */
public record Found<T>(@Nullable T value, @Nullable Sentence why, Basis basis, List<Sentence> cautions) {

    public Found {
        cautions = List.copyOf(cautions);
    }

    static <T> Found<T> of(Measurement<T> measurement) {
        return of(measurement, value -> value);
    }

    static <T, R> Found<R> of(Measurement<T> measurement, Function<T, R> kept) {
        return switch (measurement) {
            case Measured<T>(var value, var basis, var cautions) ->
                new Found<>(kept.apply(value), null, basis, cautions);
            case NotMeasurable<T>(var why, var basis) -> new Found<>(null, why, basis, List.of());
        };
    }
}
