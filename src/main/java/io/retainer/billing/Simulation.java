package io.retainer.billing;

import io.retainer.billing.BillingFact.DefaultConfirmed;
import io.retainer.billing.BillingFact.DemandDelivered;
import io.retainer.billing.BillingFact.ForceMajeure;
import io.retainer.billing.BillingFact.ForceMajeureOver;
import io.retainer.billing.BillingFact.InstalmentReduced;
import io.retainer.billing.BillingFact.InstalmentWaived;
import io.retainer.billing.BillingFact.LossDocumented;
import io.retainer.billing.BillingFact.PartDisputed;
import io.retainer.billing.BillingFact.PaymentCredited;
import io.retainer.billing.BillingFact.PaymentReturned;
import io.retainer.billing.BillingFact.PenaltyClaimed;
import io.retainer.billing.BillingFact.PenaltyWaived;
import io.retainer.billing.BillingFact.Refunded;
import io.retainer.billing.BillingFact.Resumed;
import io.retainer.billing.BillingFact.SetOff;
import io.retainer.billing.BillingFact.Suspended;
import io.retainer.billing.BillingFact.SuspensionContested;
import io.retainer.billing.BillingFact.Towards;
import io.retainer.contract.ContractTerms;
import io.retainer.contract.ContractTerms.Allocation;
import io.retainer.contract.ContractTerms.Base;
import io.retainer.contract.ContractTerms.Boundary;
import io.retainer.contract.ContractTerms.DayCount;
import io.retainer.contract.ContractTerms.DisputedPart;
import io.retainer.contract.ContractTerms.Due;
import io.retainer.contract.ContractTerms.Fallback;
import io.retainer.contract.ContractTerms.Fee;
import io.retainer.contract.ContractTerms.GraceKind;
import io.retainer.contract.ContractTerms.GraceMode;
import io.retainer.contract.ContractTerms.HolidayRoll;
import io.retainer.contract.ContractTerms.LatePayment;
import io.retainer.contract.ContractTerms.LprMode;
import io.retainer.contract.ContractTerms.Mode;
import io.retainer.contract.ContractTerms.PartyTerms;
import io.retainer.contract.ContractTerms.PaymentMoment;
import io.retainer.contract.ContractTerms.Receipt;
import io.retainer.contract.ContractTerms.ScheduledLine;
import io.retainer.contract.ContractTerms.Size;
import io.retainer.contract.ContractTerms.Split;
import io.retainer.contract.ContractTerms.Suspension;
import io.retainer.contract.ContractTerms.SuspensionFee;
import io.retainer.contract.ContractTerms.Term;
import io.retainer.contract.ContractTerms.Termination;
import io.retainer.contract.ContractTerms.YearBasis;
import io.retainer.contract.TermKey;
import io.retainer.kernel.Money;
import io.retainer.kernel.Refused;
import io.retainer.kernel.WorkCalendar;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * What if: terms, facts that happened or might, and the moment as of which to judge them. Read from and written to JSON
 * in the form of {@code /schema/simulation.schema.json}; the API, the command line and the pages give the same answer,
 * because all of them call {@link Assessment#assess}.
 *
 * @param terms as first signed
 * @param effective when the contract took effect, or null: then no due date is moved because of a late signature
 * @param amendments agreed to since, or supposed to be; one agreed to after {@code asOf} changes nothing yet
 */
public record Simulation(
        ContractTerms terms,
        @Nullable Instant effective,
        ReferenceRates rates,
        List<BillingFact> facts,
        Instant asOf,
        List<Amended> amendments) {

    /**
     * New terms from a day on (I-7.2). What had begun, was paid, disputed or demanded when they were agreed to stays; the
     * rest of the new total is spread over the rest of the new term.
     */
    public record Amended(Instant agreedAt, LocalDate from, ContractTerms terms) {}

    private static final JsonMapper JSON = new JsonMapper();
    private static final ZoneId SHANGHAI = ZoneId.of("Asia/Shanghai");
    private static final int MOST_INSTALMENTS = 600;
    private static final int MOST_FACTS = 10_000;
    private static final int MOST_AMENDMENTS = 100;
    private static final int MOST_DAYS = 3650;
    private static final List<String> KINDS = List.of(
            "paymentCredited",
            "paymentReturned",
            "demandDelivered",
            "instalmentWaived",
            "partDisputed",
            "penaltyClaimed",
            "penaltyWaived",
            "lossDocumented",
            "suspended",
            "resumed",
            "suspensionContested",
            "instalmentReduced",
            "instalmentRaised",
            "setOff",
            "claimSetOff",
            "claimSetOffReversed",
            "refunded",
            "forceMajeure",
            "forceMajeureOver",
            "defaultConfirmed");

    public Simulation {
        facts = List.copyOf(facts);
        amendments = amendments.stream()
                .sorted(Comparator.comparing(Amended::agreedAt))
                .toList();
    }

    /** Of terms that nobody amended. */
    public Simulation(
            ContractTerms terms,
            @Nullable Instant effective,
            ReferenceRates rates,
            List<BillingFact> facts,
            Instant asOf) {
        this(terms, effective, rates, facts, asOf, List.of());
    }

    /** The same judged as of another moment. */
    public Simulation at(Instant moment) {
        return new Simulation(terms, effective, rates, facts, moment, amendments);
    }

    Simulation with(List<BillingFact> others) {
        return new Simulation(terms, effective, rates, others, asOf, amendments);
    }

    Simulation amended(Amended further) {
        return new Simulation(
                terms,
                effective,
                rates,
                facts,
                asOf,
                Stream.concat(amendments.stream(), Stream.of(further)).toList());
    }

    /** The verdict, the same for ever. */
    public Verdict run(WorkCalendar calendar) {
        var drawn = drawn(calendar);
        return Assessment.assess(drawn.terms(), drawn.schedule(), facts, asOf, rates, calendar);
    }

    /** The terms by their day and the schedule they make, with the amendments agreed to by now. */
    record Drawn(TermsByDate terms, Schedule schedule) {}

    Drawn drawn(WorkCalendar calendar) {
        var schedule = Schedule.of(terms, effective, calendar);
        var dated = new ArrayList<TermsByDate.Dated>();
        dated.add(new TermsByDate.Dated(Instant.MIN, terms));
        for (var amendment : amendments) {
            var agreed = amendment.agreedAt();
            if (agreed.isAfter(asOf)) {
                break;
            }
            var verdict = Assessment.assess(new TermsByDate(dated), schedule, facts, agreed, rates, calendar);
            var touched = facts.stream()
                    .filter(fact ->
                            !(fact instanceof PaymentCredited) && !fact.at().isAfter(agreed))
                    .map(BillingFact::concerns)
                    .filter(Objects::nonNull)
                    .collect(Collectors.toSet());
            var frozen = Schedule.frozen(verdict, touched, amendment.from());
            schedule = new Schedule(
                    Schedule.amended(frozen, amendment.terms(), calendar), schedule.concluded(), schedule.notes());
            dated.add(new TermsByDate.Dated(
                    amendment.from().atStartOfDay(amendment.terms().zone()).toInstant(), amendment.terms()));
            dated.sort(Comparator.comparing(TermsByDate.Dated::from));
        }
        return new Drawn(new TermsByDate(dated), schedule);
    }

    /**
     * @throws Refused naming the field, what is wrong with it and what to write instead
     */
    public static Simulation read(String json) {
        var all = JsonFields.parse(json);
        all.text("$schema", "");
        var terms = terms(all.object("terms"));
        var zone = terms.zone();
        var effective = all.has("effective") ? all.instant("effective", zone, false) : null;
        var rates = new ReferenceRates(all.objects("lpr", MOST_INSTALMENTS).stream()
                .map(Simulation::rate)
                .toList());
        var facts = new ArrayList<BillingFact>();
        var ids = new HashSet<String>();
        for (var fact : all.objects("facts", MOST_FACTS)) {
            facts.add(fact(fact, zone, facts.size() + 1));
            if (facts.getLast() instanceof PaymentCredited payment && !ids.add(payment.id())) {
                throw Refused.field(fact.path("id"), "billing.json.idTwice", fact.path("id"), payment.id());
            }
        }
        var amendments = new ArrayList<Amended>();
        for (var amendment : all.objects("amendments", MOST_AMENDMENTS)) {
            amendments.add(new Amended(
                    amendment.instant("agreedAt", zone, false),
                    amendment.date("from"),
                    terms(amendment.object("terms"))));
            amendment.end();
        }
        var asOf = all.instant("asOf", zone, true);
        all.end();
        return new Simulation(terms, effective, rates, facts, asOf, amendments);
    }

    private static ReferenceRates.Rate rate(JsonFields fields) {
        var rate =
                new ReferenceRates.Rate(fields.date("from"), fields.decimal("percent", "100"), fields.text("source"));
        fields.end();
        return rate;
    }

    private static BillingFact fact(JsonFields fields, ZoneId zone, int number) {
        var kind = fields.text("kind");
        var at = fields.instant("at", zone, false);
        BillingFact fact = switch (kind) {
            case "paymentCredited" ->
                new PaymentCredited(
                        fields.text("id", "payment-" + number),
                        at,
                        fields.has("sentAt") ? fields.instant("sentAt", zone, false) : null,
                        fields.money("amount"),
                        fields.has("instalment") ? instalment(fields) : null,
                        fields.has("towards") ? fields.choice("towards", Towards.class) : null);
            case "paymentReturned" -> new PaymentReturned(fields.text("payment"), at);
            case "demandDelivered" -> new DemandDelivered(at, fields.has("instalment") ? instalment(fields) : null);
            case "instalmentWaived" -> new InstalmentWaived(at, instalment(fields));
            case "partDisputed" -> new PartDisputed(at, instalment(fields), fields.money("amount"));
            case "penaltyClaimed" -> new PenaltyClaimed(at, instalment(fields));
            case "penaltyWaived" -> new PenaltyWaived(at, instalment(fields));
            case "lossDocumented" -> new LossDocumented(at, instalment(fields), fields.money("amount"));
            case "suspended" -> new Suspended(at);
            case "suspensionContested" -> new SuspensionContested(at);
            case "instalmentReduced" -> new InstalmentReduced(at, instalment(fields), fields.money("amount"));
            case "instalmentRaised" -> new BillingFact.InstalmentRaised(at, instalment(fields), fields.money("amount"));
            case "setOff" -> new SetOff(at, instalment(fields), fields.money("amount"));
            case "claimSetOff" -> new BillingFact.ClaimSetOff(at, instalment(fields), fields.money("amount"));
            case "claimSetOffReversed" ->
                new BillingFact.ClaimSetOffReversed(
                        at, instalment(fields), fields.money("amount"), fields.instant("declaredAt", zone, false));
            case "refunded" -> new Refunded(at, fields.money("amount"));
            case "forceMajeure" ->
                new ForceMajeure(at, instalment(fields), fields.has("relief") ? fields.integer("relief", 1, 100) : 100);
            case "forceMajeureOver" -> new ForceMajeureOver(at, instalment(fields));
            case "resumed" -> new Resumed(at);
            case "defaultConfirmed" -> new DefaultConfirmed(at, term(fields.path("term"), fields.text("term")));
            default -> throw fields.notOneOf("kind", KINDS);
        };
        fields.end();
        return fact;
    }

    private static int instalment(JsonFields fields) {
        return fields.integer("instalment", 1, MOST_INSTALMENTS);
    }

    // Terms

    private static ContractTerms terms(JsonFields fields) {
        var client = party(fields, "client");
        var provider = party(fields, "provider");
        var zone = fields.zone("zone", SHANGHAI);
        var term = term(fields.object("term"));
        var terms = new ContractTerms(
                client,
                provider,
                term,
                fee(fields.object("fee")),
                fields.optionalObject("due")
                        .map(Simulation::due)
                        .orElse(new Due(Boundary.EXCLUSIVE, PaymentMoment.CREDITED, HolidayRoll.NONE, 5)),
                late(fields.object("late")),
                fields.optionalObject("receipt").map(Simulation::receipt).orElse(new Receipt(3, 10)),
                fields.optionalObject("suspension")
                        .map(Simulation::suspension)
                        .orElse(suspension(5, Set.of(1, 3, 4, 5, 6, 7), SuspensionFee.PRORATA_CREDIT, false, 2)),
                fields.optionalObject("termination")
                        .map(Simulation::termination)
                        .orElse(new Termination(15)),
                zone,
                fields.has("signingPlace") ? fields.text("signingPlace") : null,
                unconfirmed(fields));
        fields.end();
        return terms;
    }

    private static PartyTerms party(JsonFields fields, String role) {
        return fields.optionalObject(role)
                .map(party -> {
                    var read = new PartyTerms(
                            party.text("name", ""),
                            party.text("address", ""),
                            party.choice("size", Size.class, Size.UNKNOWN));
                    party.end();
                    return read;
                })
                .orElse(new PartyTerms("", "", Size.UNKNOWN));
    }

    private static Term term(JsonFields fields) {
        var start = fields.date("start");
        int months = fields.integer("months", 1, MOST_INSTALMENTS);
        var byMonths = start.plusMonths(months).minusDays(1);
        var end = fields.has("end") ? fields.date("end") : byMonths;
        if (!end.equals(byMonths)) {
            throw Refused.field(fields.path("end"), "billing.simulation.end", start, months, byMonths, end);
        }
        fields.end();
        return new Term(start, end, months);
    }

    private static Fee fee(JsonFields fields) {
        var total = fields.money("total");
        int count = fields.integer("instalments", 1, MOST_INSTALMENTS);
        var lines = new ArrayList<ScheduledLine>();
        for (var line : fields.objects("schedule", MOST_INSTALMENTS)) {
            lines.add(new ScheduledLine(lines.size() + 1, line.money("amount"), line.date("payBefore")));
            line.end();
        }
        var fee = new Fee(
                total,
                count,
                fields.choice("split", Split.class, Split.RESIDUE_TO_LAST_LINES),
                lines,
                fields.truth("vatInclusive", true),
                fields.has("vatRatePercent") ? fields.decimal("vatRatePercent", "100") : BigDecimal.valueOf(6));
        fields.end();
        return fee;
    }

    private static Due due(JsonFields fields) {
        var due = new Due(
                fields.choice("boundary", Boundary.class, Boundary.EXCLUSIVE),
                fields.choice("receipt", PaymentMoment.class, PaymentMoment.CREDITED),
                fields.choice("holidayRoll", HolidayRoll.class, HolidayRoll.NONE),
                fields.integer("firstFloorWorkdays", 0, MOST_DAYS, 5));
        fields.end();
        return due;
    }

    private static LatePayment late(JsonFields fields) {
        var mode = fields.choice("mode", Mode.class);
        var percent = fields.optionalDecimal("ratePercent", "1000");
        var multiple = fields.optionalDecimal("lprMultiple", "100");
        if (percent != null && multiple != null) {
            throw Refused.field(
                    fields.path("lprMultiple"), "billing.simulation.twoRates", percent.toPlainString(), multiple);
        }
        if (multiple != null && mode != Mode.ANNUAL) {
            throw Refused.field(fields.path("lprMultiple"), "billing.simulation.lprNotAnnual", mode.name());
        }
        var late = new LatePayment(
                mode,
                percent,
                multiple,
                fields.choice("base", Base.class, Base.UNPAID_PART),
                fields.integer("graceDays", 0, MOST_DAYS, 0),
                fields.choice("graceKind", GraceKind.class, GraceKind.WORKDAYS),
                fields.choice("graceMode", GraceMode.class, GraceMode.SHIFTS_START),
                fields.choice("dayCount", DayCount.class, DayCount.EXCLUDE_PAYMENT_DAY),
                fields.optionalDecimal("capPercent", "1000"),
                fields.choice("yearBasis", YearBasis.class, YearBasis.ACTUAL_365),
                fields.choice("lprMode", LprMode.class, LprMode.AT_BREACH),
                fields.choice("fallback", Fallback.class, Fallback.NONE),
                fields.choice("allocation", Allocation.class, Allocation.CIVIL_CODE_561),
                fields.choice("disputedPart", DisputedPart.class, DisputedPart.PROVISIONAL));
        fields.end();
        return late;
    }

    private static Receipt receipt(JsonFields fields) {
        var receipt = new Receipt(
                fields.integer("workdays", 1, MOST_DAYS, 3), fields.integer("fapiaoWorkdays", 1, MOST_DAYS, 10));
        fields.end();
        return receipt;
    }

    private static Suspension suspension(JsonFields fields) {
        var suspension = suspension(
                fields.integer("noticeWorkdays", 0, MOST_DAYS, 5),
                Set.of(1, 3, 4, 5, 6, 7),
                fields.choice("fee", SuspensionFee.class, SuspensionFee.PRORATA_CREDIT),
                fields.truth("extendsTerm", false),
                fields.integer("resumeWorkdays", 0, MOST_DAYS, 2));
        fields.end();
        return suspension;
    }

    private static Suspension suspension(
            int notice, Set<Integer> services, SuspensionFee fee, boolean extendsTerm, int resume) {
        return new Suspension(notice, services, fee, extendsTerm, resume);
    }

    private static Termination termination(JsonFields fields) {
        var termination = new Termination(fields.integer("cureWorkdays", 0, MOST_DAYS, 15));
        fields.end();
        return termination;
    }

    private static Set<TermKey> unconfirmed(JsonFields fields) {
        var keys = new HashSet<TermKey>();
        for (var id : fields.texts("unconfirmed")) {
            keys.add(term(fields.path("unconfirmed"), id));
        }
        return keys;
    }

    private static TermKey term(String path, String id) {
        try {
            return TermKey.of(id);
        } catch (IllegalArgumentException _) {
            throw Refused.field(path, "billing.simulation.noTerm", id);
        }
    }

    // Writing

    /** The same simulation as JSON; {@link #read} gives it back. */
    public String toJson() {
        var all = JSON.createObjectNode();
        write(all.putObject("terms"), terms);
        if (effective != null) {
            all.put("effective", moment(effective));
        }
        var lpr = all.putArray("lpr");
        for (var rate : rates.rates()) {
            lpr.addObject()
                    .put("from", rate.from().toString())
                    .put("percent", rate.percent().toPlainString())
                    .put("source", rate.source());
        }
        var list = all.putArray("facts");
        facts.forEach(fact -> write(list.addObject(), fact));
        if (!amendments.isEmpty()) {
            var changes = all.putArray("amendments");
            for (var amendment : amendments) {
                var node = changes.addObject()
                        .put("agreedAt", moment(amendment.agreedAt()))
                        .put("from", amendment.from().toString());
                write(node.putObject("terms"), amendment.terms());
            }
        }
        all.put("asOf", moment(asOf));
        return JSON.writerWithDefaultPrettyPrinter().writeValueAsString(all);
    }

    private void write(ObjectNode out, ContractTerms terms) {
        party(out.putObject("client"), terms.client());
        party(out.putObject("provider"), terms.provider());
        out.put("zone", terms.zone().getId());
        out.putObject("term")
                .put("start", terms.term().start().toString())
                .put("months", terms.term().months())
                .put("end", terms.term().end().toString());
        var fee = out.putObject("fee")
                .put("total", amount(terms.fee().total()))
                .put("instalments", terms.fee().instalments())
                .put("split", terms.fee().split().name())
                .put("vatInclusive", terms.fee().vatInclusive())
                .put("vatRatePercent", terms.fee().vatRatePercent().toPlainString());
        if (!terms.fee().schedule().isEmpty()) {
            var lines = fee.putArray("schedule");
            terms.fee()
                    .schedule()
                    .forEach(line -> lines.addObject()
                            .put("amount", amount(line.amount()))
                            .put("payBefore", line.payBefore().toString()));
        }
        out.putObject("due")
                .put("boundary", terms.due().boundary().name())
                .put("receipt", terms.due().receipt().name())
                .put("holidayRoll", terms.due().holidayRoll().name())
                .put("firstFloorWorkdays", terms.due().firstFloorWorkdays());
        var late = terms.late();
        var lateOut = out.putObject("late").put("mode", late.mode().name());
        put(lateOut, "ratePercent", late.ratePercent());
        if (late.ratePercent() == null) {
            put(lateOut, "lprMultiple", late.lprMultiple());
        }
        lateOut.put("base", late.base().name())
                .put("graceDays", late.graceDays())
                .put("graceKind", late.graceKind().name())
                .put("graceMode", late.graceMode().name())
                .put("dayCount", late.dayCount().name());
        put(lateOut, "capPercent", late.capPercent());
        lateOut.put("yearBasis", late.yearBasis().name())
                .put("lprMode", late.lprMode().name())
                .put("fallback", late.fallback().name())
                .put("allocation", late.allocation().name())
                .put("disputedPart", late.disputedPart().name());
        out.putObject("receipt")
                .put("workdays", terms.receipt().workdays())
                .put("fapiaoWorkdays", terms.receipt().fapiaoWorkdays());
        out.putObject("suspension")
                .put("noticeWorkdays", terms.suspension().noticeWorkdays())
                .put("fee", terms.suspension().fee().name())
                .put("extendsTerm", terms.suspension().extendsTerm())
                .put("resumeWorkdays", terms.suspension().resumeWorkdays());
        out.putObject("termination").put("cureWorkdays", terms.termination().cureWorkdays());
        if (terms.signingPlace() != null) {
            out.put("signingPlace", terms.signingPlace());
        }
        var unconfirmed = out.putArray("unconfirmed");
        terms.unconfirmed().stream().map(TermKey::id).sorted().forEach(unconfirmed::add);
    }

    private void write(ObjectNode out, BillingFact fact) {
        switch (fact) {
            case PaymentCredited credited -> {
                out.put("kind", "paymentCredited").put("id", credited.id()).put("at", moment(credited.at()));
                if (credited.sentAt() != null) {
                    out.put("sentAt", moment(credited.sentAt()));
                }
                out.put("amount", amount(credited.amount()));
                if (credited.instalment() != null) {
                    out.put("instalment", credited.instalment());
                }
                if (credited.towards() != null) {
                    out.put("towards", credited.towards().name());
                }
            }
            case PaymentReturned returned ->
                out.put("kind", "paymentReturned")
                        .put("payment", returned.payment())
                        .put("at", moment(returned.at()));
            case DemandDelivered demand -> {
                out.put("kind", "demandDelivered").put("at", moment(demand.at()));
                if (demand.instalment() != null) {
                    out.put("instalment", demand.instalment());
                }
            }
            case InstalmentWaived waived -> about(out, "instalmentWaived", fact, waived.instalment());
            case PartDisputed disputed ->
                about(out, "partDisputed", fact, disputed.instalment()).put("amount", amount(disputed.amount()));
            case PenaltyClaimed claimed -> about(out, "penaltyClaimed", fact, claimed.instalment());
            case PenaltyWaived waived -> about(out, "penaltyWaived", fact, waived.instalment());
            case LossDocumented loss ->
                about(out, "lossDocumented", fact, loss.instalment()).put("amount", amount(loss.amount()));
            case Suspended _ -> out.put("kind", "suspended").put("at", moment(fact.at()));
            case SuspensionContested _ -> out.put("kind", "suspensionContested").put("at", moment(fact.at()));
            case InstalmentReduced reduced ->
                about(out, "instalmentReduced", fact, reduced.instalment()).put("amount", amount(reduced.amount()));
            case BillingFact.InstalmentRaised raised ->
                about(out, "instalmentRaised", fact, raised.instalment()).put("amount", amount(raised.amount()));
            case SetOff off -> about(out, "setOff", fact, off.instalment()).put("amount", amount(off.amount()));
            case BillingFact.ClaimSetOff off ->
                about(out, "claimSetOff", fact, off.instalment()).put("amount", amount(off.amount()));
            case BillingFact.ClaimSetOffReversed reversed ->
                about(out, "claimSetOffReversed", fact, reversed.instalment())
                        .put("amount", amount(reversed.amount()))
                        .put("declaredAt", moment(reversed.declaredAt()));
            case Refunded refunded ->
                out.put("kind", "refunded").put("at", moment(fact.at())).put("amount", amount(refunded.amount()));
            case ForceMajeure hindrance -> {
                var written = about(out, "forceMajeure", fact, hindrance.instalment());
                if (hindrance.relief() < 100) {
                    written.put("relief", hindrance.relief());
                }
            }
            case ForceMajeureOver over -> about(out, "forceMajeureOver", fact, over.instalment());
            case Resumed _ -> out.put("kind", "resumed").put("at", moment(fact.at()));
            case DefaultConfirmed confirmed ->
                out.put("kind", "defaultConfirmed")
                        .put("at", moment(fact.at()))
                        .put("term", confirmed.term().id());
        }
    }

    private ObjectNode about(ObjectNode out, String kind, BillingFact fact, int instalment) {
        return out.put("kind", kind).put("at", moment(fact.at())).put("instalment", instalment);
    }

    private static void party(ObjectNode out, PartyTerms party) {
        out.put("name", party.name())
                .put("address", party.address())
                .put("size", party.size().name());
    }

    private static void put(ObjectNode out, String name, @Nullable BigDecimal value) {
        if (value != null) {
            out.put(name, value.toPlainString());
        }
    }

    private String moment(Instant instant) {
        return instant.atZone(terms.zone()).toOffsetDateTime().toString();
    }

    private static String amount(Money money) {
        return money.yuan().toPlainString();
    }
}
