package io.retainer.billing;

import io.retainer.billing.WhatIf.FlowRow;
import io.retainer.contract.TermKey;
import io.retainer.contract.TermType;
import io.retainer.kernel.Money;
import io.retainer.kernel.Sentence;
import io.retainer.kernel.Texts;
import java.time.Instant;
import java.time.YearMonth;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/**
 * How a what-if is worded for one reader.
 *
 * @param zone of the contract
 * @param money whether the reader may see amounts
 */
record WhatIfView(Texts texts, ZoneId zone, boolean money) {

    private static final JsonMapper JSON = new JsonMapper();
    private static final String REAL = "#8a97a6";
    private static final String SUPPOSED = "#c2410c";

    public String say(Sentence sentence) {
        return texts.say(money ? sentence : WithoutMoney.of(sentence));
    }

    public String amount(@Nullable Money amount) {
        if (amount == null) {
            return "—";
        }
        return money ? amount.toString() : WithoutMoney.HIDDEN;
    }

    /** For a link to a moment, to the very nanosecond. */
    public String local(Instant moment) {
        return WhatIfController.local(moment, zone);
    }

    /** A hypothesis in words. */
    public String hypothesis(Hypothesis hypothesis) {
        return say(
                switch (hypothesis) {
                    case Hypothesis.Paid paid ->
                        paid.amount() == null
                                ? Sentence.of("billing.whatIf.paidAll", paid.instalment(), paid.on())
                                : Sentence.of("billing.whatIf.paid", paid.instalment(), paid.on(), paid.amount());
                    case Hypothesis.NotPaid none -> Sentence.of("billing.whatIf.unpaid", none.instalment());
                    case Hypothesis.Demanded demanded ->
                        Sentence.of("billing.whatIf.demanded", demanded.instalment(), demanded.on());
                    case Hypothesis.Stopped stopped ->
                        stopped.until() == null
                                ? Sentence.of("billing.whatIf.suspended", stopped.on())
                                : Sentence.of("billing.whatIf.suspendedUntil", stopped.on(), stopped.until());
                    case Hypothesis.Hindered hindered ->
                        hindered.until() == null
                                ? Sentence.of("billing.whatIf.hindered", hindered.instalment(), hindered.on())
                                : Sentence.of(
                                        "billing.whatIf.hinderedUntil",
                                        hindered.instalment(),
                                        hindered.on(),
                                        hindered.until());
                    case Hypothesis.Changed changed ->
                        Sentence.of(
                                "billing.whatIf.changed",
                                changed.from(),
                                changed.term().title(),
                                shown(changed));
                });
    }

    private String shown(Hypothesis.Changed changed) {
        boolean amount = changed.term().type() == TermType.MONEY || changed.term() == TermKey.FEE_SCHEDULE;
        return amount && !money ? WithoutMoney.HIDDEN : changed.value();
    }

    public String month(YearMonth month) {
        return month.toString();
    }

    /** Bars by month, what is beside what would be; an option of the charting library as JSON. */
    public String chart(List<FlowRow> flow) {
        var option = JSON.createObjectNode();
        option.put("animation", false);
        option.putObject("tooltip").put("trigger", "axis");
        option.putObject("legend").put("top", 0);
        option.putObject("grid")
                .put("left", 8)
                .put("right", 8)
                .put("top", 36)
                .put("bottom", 4)
                .put("containLabel", true);
        var months = option.putObject("xAxis").put("type", "category").putArray("data");
        option.putObject("yAxis").put("type", "value");
        var is = new ArrayList<Money>();
        var would = new ArrayList<Money>();
        for (var row : flow) {
            months.add(month(row.month()));
            is.add(row.real());
            would.add(row.supposed());
        }
        var series = option.putArray("series");
        for (boolean real : new boolean[] {true, false}) {
            var one = series.addObject()
                    .put("type", "bar")
                    .put("name", texts.say(real ? "billing.whatIf.real" : "billing.whatIf.supposed"));
            one.putObject("itemStyle").put("color", real ? REAL : SUPPOSED);
            var data = one.putArray("data");
            (real ? is : would).forEach(amount -> data.add(amount.yuan()));
        }
        return JSON.writeValueAsString(option);
    }
}
