package io.retainer.billing;

import io.retainer.billing.Verdict.InstalmentVerdict;
import io.retainer.kernel.Money;
import io.retainer.kernel.Sentence;
import io.retainer.kernel.Texts;
import java.time.Instant;
import java.time.ZoneId;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** A verdict as JSON, in the form of {@code /schema/verdict.schema.json}: codes for machines, sentences for people. */
public final class VerdictJson {

    private static final JsonMapper JSON = new JsonMapper();

    private final Texts texts;
    private final ZoneId zone;

    /** @param zone in which moments are written */
    public VerdictJson(Texts texts, ZoneId zone) {
        this.texts = texts;
        this.zone = zone;
    }

    public String print(Verdict verdict) {
        return JSON.writerWithDefaultPrettyPrinter().writeValueAsString(write(verdict));
    }

    public ObjectNode write(Verdict verdict) {
        var out = JSON.createObjectNode();
        out.put("asOf", moment(verdict.asOf()));
        out.put("total", amount(verdict.total()));
        out.put("paid", amount(verdict.paid()));
        out.put("overdue", amount(verdict.overdue()));
        out.put("claimable", amount(verdict.claimable()));
        out.put("unallocated", amount(verdict.unallocated()));
        out.put("suspended", verdict.suspended());
        if (verdict.next() != null) {
            out.putObject("next")
                    .put("at", moment(verdict.next().at()))
                    .put("text", texts.say(verdict.next().what()));
        }
        var instalments = out.putArray("instalments");
        verdict.instalments().forEach(instalment -> write(instalments.addObject(), instalment));
        var rights = out.putArray("rights");
        for (var right : verdict.rights()) {
            var node = rights.addObject()
                    .put("right", right.right().name())
                    .put("clause", right.right().clause().id())
                    .put("standing", right.standing().name());
            if (right.instalment() != null) {
                node.put("instalment", right.instalment());
            }
            if (right.from() != null) {
                node.put("from", moment(right.from()));
            }
            node.put("code", right.why().key()).put("text", texts.say(right.why()));
        }
        sentences(out.putArray("notes"), verdict.notes());
        return out;
    }

    private void write(ObjectNode out, InstalmentVerdict verdict) {
        var instalment = verdict.instalment();
        out.put("number", instalment.number())
                .put("periodStart", instalment.start().toString())
                .put("periodEnd", instalment.end().toString())
                .put("amount", amount(instalment.amount()))
                .put("due", moment(instalment.due()))
                .put("state", verdict.state().name())
                .put("paid", amount(verdict.paid()))
                .put("open", amount(verdict.open()))
                .put("disputed", amount(verdict.disputed()))
                .put("overpaid", amount(verdict.overpaid()))
                .put("daysLate", verdict.daysLate());
        var penalty = out.putObject("penalty")
                .put("standing", verdict.penaltyStanding().name());
        put(penalty, "amount", verdict.penalty());
        penalty.put("paid", amount(verdict.penaltyPaid())).put("open", amount(verdict.penaltyOpen()));
        var readings = out.putArray("readings");
        for (var reading : verdict.penalties()) {
            write(readings.addObject(), reading, reading.equals(verdict.agreed()));
        }
        var allocations = out.putArray("allocations");
        for (var outcome : verdict.allocations()) {
            allocations
                    .addObject()
                    .put("order", outcome.order().name())
                    .put("applied", outcome.applied())
                    .put("penalty", amount(outcome.penalty()))
                    .put("principalOpen", amount(outcome.principalOpen()));
        }
        sentences(out.putArray("sentences"), verdict.sentences());
    }

    private void write(ObjectNode out, Penalty penalty, boolean agreed) {
        var reading = penalty.reading();
        out.put("agreed", agreed)
                .put("origin", reading.origin().name())
                .put("mode", reading.mode().name())
                .put("words", words(reading, texts));
        if (reading.percent() != null) {
            out.put("ratePercent", reading.percent().toPlainString());
        }
        if (reading.lprMultiple() != null) {
            out.put("lprMultiple", reading.lprMultiple().toPlainString());
        }
        out.put("days", penalty.days());
        put(out, "amount", penalty.amount());
        out.put("principalOpen", amount(penalty.principalOpen()));
        var derivation = out.putArray("derivation");
        for (var line : penalty.derivation()) {
            var node = derivation.addObject().put("code", line.words().key()).put("text", texts.say(line.words()));
            put(node, "amount", line.amount());
        }
        var flags = out.putArray("flags");
        for (var flag : penalty.flags()) {
            var node = flags.addObject().put("kind", flag.kind().name()).put("text", texts.say(flag.words()));
            put(node, "amount", flag.amount());
        }
    }

    /** A reading in one line. */
    static String words(PenaltyReading reading, Texts texts) {
        return reading.words().stream().map(texts::say).collect(Collectors.joining(" · "));
    }

    private void sentences(ArrayNode out, List<Sentence> sentences) {
        for (var sentence : sentences) {
            out.addObject().put("code", sentence.key()).put("text", texts.say(sentence));
        }
    }

    private static void put(ObjectNode out, String name, @Nullable Money money) {
        if (money == null) {
            out.putNull(name);
        } else {
            out.put(name, amount(money));
        }
    }

    private String moment(Instant instant) {
        return instant.atZone(zone).toOffsetDateTime().toString();
    }

    private static String amount(Money money) {
        return money.yuan().toPlainString();
    }
}
