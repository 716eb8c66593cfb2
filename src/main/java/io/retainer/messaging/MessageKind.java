package io.retainer.messaging;

import java.util.List;

/**
 * A kind of message, declared as a bean by the module that sends it. The platform's wording lies in
 * {@code mail/<name>.zh.txt} and {@code mail/<name>.en.txt}: the subject, an empty line, the body. A client may word it
 * anew with the same variables.
 *
 * @param name {@code <module>.<kind>}, for ever; {@code messaging.kind.<name>} says it in words
 */
public record MessageKind(String name, Purpose purpose, List<Variable> variables) {

    public MessageKind {
        variables = List.copyOf(variables);
    }

    /**
     * A variable and what to show for it in a preview.
     *
     * @param of the variables of one entry, when it is a list
     */
    public record Variable(String name, VariableType type, String sample, List<Variable> of) {

        public Variable {
            of = List.copyOf(of);
        }

        public Variable(String name, VariableType type, String sample) {
            this(name, type, sample, List.of());
        }
    }

    /** What may be put into a variable. */
    public enum VariableType {
        /** A string in the reader's words, or a {@link io.retainer.kernel.Sentence}. */
        TEXT,
        /** A {@code LocalDate} or {@code Instant}. */
        TIME,
        /** An {@code int} or {@code long}. */
        NUMBER,
        /** A {@link io.retainer.kernel.Money}. */
        MONEY,
        /** A path on this site, such as {@code /calendar}. */
        PATH,
        /** The id of a signed link, and before it the path that takes the token: {@code /sign/|0197…}. */
        SIGNED_LINK,
        /** The id of words another module keeps sealed; asked for at the moment of sending ({@link Quotes}). */
        QUOTE,
        /** The id of a one-time code. */
        CODE,
        LIST
    }
}
