package io.retainer.statistics;

import java.time.LocalDate;
import org.jspecify.annotations.Nullable;

/**
 * What a result stands on.
 *
 * @param data which data, in the words of whoever asked
 * @param asOf the last day the data cover, if they have days
 * @param observations how many observations were used
 */
public record Basis(String data, @Nullable LocalDate asOf, long observations, Method method) {

    public Basis by(Method other) {
        return new Basis(data, asOf, observations, other);
    }

    public Basis on(long others) {
        return new Basis(data, asOf, others, method);
    }
}
