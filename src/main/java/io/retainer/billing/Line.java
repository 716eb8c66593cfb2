package io.retainer.billing;

import io.retainer.kernel.Money;
import io.retainer.kernel.Sentence;
import org.jspecify.annotations.Nullable;

/**
 * One line of a derivation.
 *
 * @param amount the sum the line ends in, or null when it is a step on the way that is not yet rounded
 */
public record Line(Sentence words, @Nullable Money amount) {

    static Line of(String key, @Nullable Object... arguments) {
        return new Line(Sentence.of(key, arguments), null);
    }
}
