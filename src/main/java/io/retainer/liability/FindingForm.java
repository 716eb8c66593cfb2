package io.retainer.liability;

import io.retainer.kernel.Money;
import io.retainer.kernel.Party;
import io.retainer.kernel.Refused;
import io.retainer.kernel.Sentence;
import io.retainer.liability.Finding.ServiceCredit;
import io.retainer.liability.Finding.Third;
import io.retainer.liability.Finding.Weights;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.util.MultiValueMap;

/** What was typed about an amount, read with a refusal for each value that cannot be. */
record FindingForm(MultiValueMap<String, String> typed) {

    private static final int LONGEST_SHOWN = 20;

    Finding finding() {
        return new Finding(
                money("loss"),
                blank("avoidable") ? Money.ZERO : money("avoidable"),
                blank("benefit") ? Money.ZERO : money("benefit"),
                blank("contribution") ? BigDecimal.ZERO : number("contribution", cell("contribution", 0)),
                blank("foreseeable") ? null : money("foreseeable"),
                blank("atRisk") ? Money.ZERO : money("atRisk"),
                credits(),
                blank("introducedBy") ? null : third(),
                cell("uncapped", 0).equals("true"),
                blank("weightClient") && blank("weightProvider") && blank("weightThird") ? null : weights());
    }

    private Third third() {
        return new Third(
                party(cell("introducedBy", 0)),
                cell("signedWithClient", 0).equals("true"),
                blank("cap") ? null : money("cap"));
    }

    private static Party party(String typed) {
        try {
            return Party.valueOf(typed);
        } catch (IllegalArgumentException _) {
            throw Refused.field("introducedBy", "liability.refused.introducer");
        }
    }

    private Weights weights() {
        return new Weights(whole("weightClient"), whole("weightProvider"), whole("weightThird"));
    }

    private List<ServiceCredit> credits() {
        var credits = new ArrayList<ServiceCredit>();
        for (int i = 0; i < typed.getOrDefault("weight", List.of()).size(); i++) {
            if (!(cell("weight", i) + cell("part", i)).isBlank()) {
                credits.add(new ServiceCredit(number("weight", cell("weight", i)), number("part", cell("part", i))));
            }
        }
        return credits;
    }

    int whole(String field) {
        var text = cell(field, 0).strip();
        if (text.isEmpty()) {
            return 0;
        }
        if (!text.matches("[0-9]{1,5}")) {
            throw no(field, "liability.refused.whole", text);
        }
        return Integer.parseInt(text);
    }

    private Money money(String field) {
        return money(field, cell(field, 0));
    }

    static Money money(String field, String typed) {
        var text = typed.strip().replaceAll("[¥￥，,]", "");
        if (!text.matches("[0-9]{1,12}(\\.[0-9]{1,2})?")) {
            throw no(field, "liability.refused.money", text);
        }
        return Money.of(text);
    }

    private static BigDecimal number(String field, String typed) {
        var text = typed.strip().replace("%", "");
        if (!text.matches("[0-9]{1,3}(\\.[0-9]{1,2})?")) {
            throw no(field, "liability.refused.percent", text);
        }
        return new BigDecimal(text);
    }

    private static Refused no(String field, String key, String text) {
        var shown = text.length() > LONGEST_SHOWN ? text.substring(0, LONGEST_SHOWN) + "…" : text;
        return key.endsWith("percent")
                ? Refused.field(field, key, shown)
                : Refused.field(field, key, Sentence.of("liability.field." + field), shown);
    }

    private boolean blank(String field) {
        return cell(field, 0).isBlank();
    }

    /** For showing again what was typed. */
    public String cell(String field, int row) {
        var values = typed.get(field);
        @Nullable String value = values == null || row >= values.size() ? null : values.get(row);
        return value == null ? "" : value;
    }

    /** Says nothing of what was typed. */
    @Override
    public String toString() {
        return "FindingForm";
    }
}
