package io.retainer.kernel;

import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Every rule of the contract text, in the order of the document. The id is part-qualified ({@code I-3.2a}): part I is the
 * agreement, II the third-party amendment, III-A the annex list, III-B the breach-determination rules. A {@code *} marks
 * a heading number that the document does not print and that was inferred.
 *
 * <p>Its title in Chinese and English is the message {@code kernel.clause.<id>}.
 */
public enum Clause {
    I_0_1("I-0.1"),
    I_0_2("I-0.2"),
    I_0_3("I-0.3"),
    I_0_4("I-0.4"),
    I_0_5("I-0.5"),
    I_0_6("I-0.6"),
    I_1_1_1("I-1.1*(1)"),
    I_1_1_2("I-1.1*(2)"),
    I_1_1_3("I-1.1*(3)"),
    I_1_1_4("I-1.1*(4)"),
    I_1_1_5("I-1.1*(5)"),
    I_1_1_6("I-1.1*(6)"),
    I_1_1_7("I-1.1*(7)"),
    I_1_2A("I-1.2a"),
    I_1_2B("I-1.2b"),
    I_2_1("I-2.1"),
    I_2_2A("I-2.2a"),
    I_2_2B("I-2.2b"),
    I_3_1A("I-3.1a"),
    I_3_1B("I-3.1b"),
    I_3_1C("I-3.1c"),
    I_3_2A("I-3.2a"),
    I_3_2B("I-3.2b"),
    I_3_3A("I-3.3a"),
    I_3_3B("I-3.3b"),
    I_3_3C("I-3.3c"),
    I_4_1A("I-4.1a"),
    I_4_1B("I-4.1b"),
    I_4_2("I-4.2"),
    I_5_1("I-5.1"),
    I_5_2A("I-5.2a"),
    I_5_2B("I-5.2b"),
    I_5_3A("I-5.3a"),
    I_5_3B("I-5.3b"),
    I_6_1A("I-6.1a"),
    I_6_1B("I-6.1b"),
    I_7_1A("I-7.1a"),
    I_7_1B("I-7.1b"),
    I_7_2("I-7.2"),
    I_S_1("I-S.1"),
    I_S_2("I-S.2"),
    I_S_3("I-S.3"),
    II_1_1("II-1.1"),
    II_1_1_1("II-1.1(1)"),
    II_1_1_2("II-1.1(2)"),
    II_1_1_3("II-1.1(3)"),
    II_1_1_4("II-1.1(4)"),
    II_1_1_5("II-1.1(5)"),
    II_2_1("II-2.1"),
    II_2_1_1("II-2.1(1)"),
    II_2_1_2("II-2.1(2)"),
    II_2_1_3("II-2.1(3)"),
    II_2_1_4("II-2.1(4)"),
    II_2_1_5("II-2.1(5)"),
    II_3_1_1("II-3.1(1)"),
    II_3_1_2("II-3.1(2)"),
    II_3_1_3("II-3.1(3)"),
    II_3_2_1("II-3.2(1)"),
    II_3_2_2("II-3.2(2)"),
    II_3_2_3("II-3.2(3)"),
    II_3_2_4("II-3.2(4)"),
    II_3_3_1("II-3.3(1)"),
    II_3_3_2("II-3.3(2)"),
    II_3_3_3("II-3.3(3)"),
    II_4_1("II-4.1"),
    II_4_2A("II-4.2a"),
    II_4_2B("II-4.2b"),
    II_4_3("II-4.3"),
    II_4_4("II-4.4"),
    II_5_1("II-5.1"),
    II_5_2("II-5.2"),
    II_5_3A("II-5.3a"),
    II_5_3B("II-5.3b"),
    II_6_1("II-6.1"),
    II_6_2("II-6.2"),
    II_7_1("II-7.1"),
    II_7_2("II-7.2"),
    III_A1("III-A1"),
    III_A1_1("III-A1.1"),
    III_A1_2("III-A1.2"),
    III_A1_3("III-A1.3"),
    III_A1_4("III-A1.4"),
    III_A1_5("III-A1.5"),
    III_A2("III-A2"),
    III_A2_1("III-A2.1"),
    III_A2_2("III-A2.2"),
    III_A2_3("III-A2.3"),
    III_A2_4("III-A2.4"),
    III_A3("III-A3"),
    III_A3_1("III-A3.1"),
    III_A3_2("III-A3.2"),
    III_A3_3("III-A3.3"),
    III_A3_4("III-A3.4"),
    III_A4("III-A4"),
    III_A4_1("III-A4.1"),
    III_A4_2("III-A4.2"),
    III_A4_3("III-A4.3"),
    III_A4_4("III-A4.4"),
    III_A5("III-A5"),
    III_A5_1("III-A5.1"),
    III_A5_2("III-A5.2"),
    III_A5_3("III-A5.3"),
    III_A5_4("III-A5.4"),
    III_B1_STD("III-B1.std"),
    III_B1_EX("III-B1.ex"),
    III_B2_STD("III-B2.std"),
    III_B2_EX("III-B2.ex"),
    III_B3_STD("III-B3.std"),
    III_B3_EX("III-B3.ex");
    private static final Map<String, Clause> BY_ID =
            Stream.of(values()).collect(Collectors.toUnmodifiableMap(Clause::id, Function.identity()));

    private final String id;

    Clause(String id) {
        this.id = id;
    }

    /** As printed beside every act, verdict and duty, for example {@code I-3.2a}. */
    public String id() {
        return id;
    }

    /** {@code I}, {@code II} or {@code III}. */
    public String part() {
        return id.substring(0, id.indexOf('-'));
    }

    public Sentence title() {
        return Sentence.of("kernel.clause." + id);
    }

    /** @throws IllegalArgumentException when no clause has this id */
    public static Clause of(String id) {
        var clause = BY_ID.get(id);
        if (clause == null) {
            throw new IllegalArgumentException("No clause has the id " + id);
        }
        return clause;
    }

    @Override
    public String toString() {
        return id;
    }
}
