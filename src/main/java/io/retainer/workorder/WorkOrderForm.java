package io.retainer.workorder;

import io.retainer.kernel.Clause;
import io.retainer.kernel.Money;
import io.retainer.kernel.Refused;
import io.retainer.kernel.Sentence;
import java.math.BigDecimal;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.util.MultiValueMap;

/** What was typed into a form, read with a refusal for each value that cannot be. */
record WorkOrderForm(MultiValueMap<String, String> typed) {

    private static final int LONGEST_NUMBER = 20;

    String text(String field) {
        var value = typed.getFirst(field);
        return value == null ? "" : value;
    }

    boolean ticked(String field) {
        return text(field).equals("true");
    }

    BigDecimal number(String field) {
        return number(field, text(field));
    }

    private static BigDecimal number(String field, String typed) {
        var text = typed.strip().replace("，", ",").replace(",", "").replace("%", "");
        if (!text.matches("[0-9]{1,12}(\\.[0-9]{1,6})?")) {
            throw Refused.field(
                    field, "workorder.refused.number", Sentence.of("workorder.field." + field), shortened(typed));
        }
        return new BigDecimal(text);
    }

    Money money(String field) {
        return money(field, text(field));
    }

    private static Money money(String field, String typed) {
        var text = typed.strip().replaceAll("[¥￥，,]", "");
        if (!text.matches("[0-9]{1,12}(\\.[0-9]{1,2})?")) {
            throw Refused.field(
                    field, "workorder.refused.money", Sentence.of("workorder.field." + field), shortened(typed));
        }
        return Money.of(text);
    }

    LocalDate day(String field) {
        try {
            return LocalDate.parse(text(field).strip());
        } catch (DateTimeException _) {
            throw Refused.field(
                    field, "workorder.refused.day", Sentence.of("workorder.field." + field), shortened(text(field)));
        }
    }

    @Nullable
    LocalDate dayOrNull(String field) {
        return text(field).isBlank() ? null : day(field);
    }

    <E extends Enum<E>> E choice(String field, Class<E> type) {
        try {
            return Enum.valueOf(type, text(field));
        } catch (IllegalArgumentException _) {
            throw Refused.field(field, "workorder.refused.choice", Sentence.of("workorder.field." + field));
        }
    }

    Clause clause() {
        return clause(text("clause"));
    }

    static Clause clause(String id) {
        try {
            return Clause.of(id);
        } catch (IllegalArgumentException _) {
            throw Refused.field("clause", "workorder.refused.clause", shortened(id));
        }
    }

    /** Rows of the quote that are not blank. */
    List<QuoteLine> lines() {
        var lines = new ArrayList<QuoteLine>();
        for (int i = 0; i < typed.getOrDefault("line", List.of()).size(); i++) {
            var text = cell("line", i);
            var quantity = cell("quantity", i);
            var unit = cell("unit", i);
            if (!(text + quantity + unit).isBlank()) {
                lines.add(new QuoteLine(
                        text.strip(),
                        number("quantity", quantity),
                        money("unit", unit),
                        number("rate", cell("rate", i))));
            }
        }
        return lines;
    }

    /** For showing again what was typed. */
    public String cell(String field, int row) {
        var values = typed.get(field);
        return values == null || row >= values.size() || values.get(row) == null ? "" : values.get(row);
    }

    @Nullable
    Integer payWorkdays() {
        return text("payWorkdays").isBlank() ? null : number("payWorkdays").intValue();
    }

    private static String shortened(String typed) {
        return typed.length() > LONGEST_NUMBER ? typed.substring(0, LONGEST_NUMBER) + "…" : typed;
    }

    /** Says nothing of what was typed. */
    @Override
    public String toString() {
        return "WorkOrderForm";
    }
}
