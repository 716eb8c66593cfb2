package io.retainer.contract;

import io.retainer.kernel.Clause;
import io.retainer.kernel.Sentence;
import java.util.List;

/**
 * Something to settle before signing.
 *
 * @param code stable, such as {@code figures-differ-from-words}
 * @param values what stands where; two of them when they contradict each other
 * @param what the matter, in words
 * @param remedy what to do about it
 */
public record Problem(Kind kind, String code, Clause clause, List<Value> values, Sentence what, Sentence remedy) {

    /** How much a problem weighs. */
    public enum Kind {
        /** A place that is empty or could not be read. */
        BLANK,
        /** Two places say different things, or one says something impossible. */
        CONTRADICTION,
        /** A choice the text leaves to the parties; no error of the text. */
        OPEN_CHOICE,
        /** Worth knowing; nothing to be settled. */
        NOTE
    }

    /**
     * What stands at one place.
     *
     * @param term id of the term, such as {@code fee.total}
     */
    public record Value(Clause clause, String term, String value) {}

    public Problem {
        values = List.copyOf(values);
    }

    /** Where on the platform it is dealt with: a path below the contract's own. */
    public String place() {
        if (clause.id().startsWith("III-A") && code.startsWith("annex")) {
            return "/annexes/" + clause.id().charAt("III-A".length());
        }
        var term = values.isEmpty() ? "" : values.getFirst().term();
        return TermKey.find(term).isPresent() ? "/terms#" + term : "/document";
    }

    /** Whether a text with this problem is not ready to be signed. */
    public boolean isError() {
        return kind == Kind.BLANK || kind == Kind.CONTRADICTION;
    }
}
