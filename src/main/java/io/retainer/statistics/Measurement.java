package io.retainer.statistics;

import io.retainer.kernel.Sentence;
import java.util.List;
import java.util.function.Function;

/** A result together with what it stands on, or the reason why there is none. */
public sealed interface Measurement<T> {

    Basis basis();

    /** @param cautions what the reader must know before trusting the value; empty when there is nothing to say */
    record Measured<T>(T value, Basis basis, List<Sentence> cautions) implements Measurement<T> {

        public Measured {
            cautions = List.copyOf(cautions);
        }
    }

    /** The data cannot bear a number. */
    record NotMeasurable<T>(Sentence why, Basis basis) implements Measurement<T> {}

    static <T> Measurement<T> of(T value, Basis basis) {
        return new Measured<>(value, basis, List.of());
    }

    static <T> Measurement<T> notMeasurable(Basis basis, String key, Object... arguments) {
        return new NotMeasurable<>(Sentence.of(key, arguments), basis);
    }

    default <R> Measurement<R> map(Function<? super T, ? extends R> change) {
        return switch (this) {
            case Measured<T>(var value, var basis, var cautions) ->
                new Measured<>(change.apply(value), basis, cautions);
            case NotMeasurable<T>(var why, var basis) -> new NotMeasurable<>(why, basis);
        };
    }
}
