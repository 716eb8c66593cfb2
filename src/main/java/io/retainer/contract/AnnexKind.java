package io.retainer.contract;

import static io.retainer.contract.AnnexKind.Type.*;
import static io.retainer.kernel.Clause.*;

import io.retainer.kernel.Clause;
import io.retainer.kernel.Party;
import io.retainer.kernel.Sentence;
import io.retainer.kernel.Unknown;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The five annexes that the text requires and does not supply (说明一), each with its parts: one part or several per
 * sub-row of the register, a part being a list of rows or a single one.
 */
@SuppressWarnings("ImmutableEnumChecker") // its sets and lists are unmodifiable copies
public enum AnnexKind {
    SERVICE_PLAN(
            1,
            III_A1,
            Set.of(Party.CLIENT, Party.PROVIDER),
            list(
                    "goals",
                    III_A1_1,
                    text("measure"),
                    decimal("baseline").optional(),
                    decimal("target"),
                    text("unit"),
                    date("by")),
            single("effect", III_A1_1, prose("effect")),
            list(
                            "services",
                            III_A1_2,
                            choice("service", ContractedService.class),
                            yesNo("inScope"),
                            prose("content").optional())
                    .perService(),
            list("milestones", III_A1_3, text("step"), date("date"), party("responsible"), text("result")),
            list(
                    "levels",
                    III_A1_4,
                    choice("metric", ServicePlan.Metric.class),
                    choice("service", ContractedService.class).optional(),
                    percent("target"),
                    percent("floor"),
                    choice("window", ServicePlan.Window.class),
                    percent("weight")),
            single(
                    "quality",
                    III_A1_4,
                    text("form"),
                    percent("samplePercent"),
                    whole("sampleFewest"),
                    percent("atRisk"),
                    text("reporting")),
            list(
                    "risks",
                    III_A1_5,
                    text("risk"),
                    choice("likelihood", ServicePlan.Grade.class),
                    choice("impact", ServicePlan.Grade.class),
                    prose("measure"),
                    party("owner")),
            list("hours", III_A1_4, time("from"), time("to")).optional()),
    CUSTOMER_INFORMATION(
            2,
            III_A2,
            Set.of(Party.CLIENT, Party.PROVIDER, Party.THIRD_PARTY),
            list(
                    "processing",
                    III_A2_1,
                    text("purpose"),
                    text("kinds"),
                    yesNo("sensitive"),
                    text("method"),
                    whole("keepDays"),
                    prose("measures")),
            list("security", III_A2_2, prose("duty"), party("responsible")),
            single("incident", III_A2_3, whole("noticeHours"), text("contact"), prose("steps")),
            single(
                    "dispute",
                    III_A2_4,
                    choice("route", DataProcessingAgreement.Route.class),
                    text("place").optional(),
                    whole("negotiationDays"))),
    PAYMENT(
            3,
            III_A3,
            Set.of(Party.CLIENT, Party.PROVIDER),
            single("total", III_A3_1, money("total"), words("words").optional()),
            list(
                    "lines",
                    III_A3_2,
                    whole("number"),
                    money("amount"),
                    date("payBefore"),
                    text("note").optional()),
            single(
                    "payment",
                    III_A3_3,
                    choice("way", PaymentSchedule.Way.class),
                    text("payee"),
                    text("bank"),
                    text("account"),
                    text("reference"),
                    percent("latePercent").optional()),
            single("vouchers", III_A3_4, prose("voucher"), prose("receipt"), whole("receiptWorkdays"))),
    CONFIDENTIALITY(
            4,
            III_A4,
            Set.of(Party.CLIENT, Party.PROVIDER, Party.THIRD_PARTY),
            list("classes", III_A4_1, text("name"), choice("secrecy", Nda.Secrecy.class), prose("definition")),
            list("secrecy", III_A4_2, prose("duty"), party("debtor")),
            list("exceptions", III_A4_2, prose("exception")),
            single(
                    "liability",
                    III_A4_3,
                    money("penalty").optional(),
                    yesNo("capExcluded"),
                    prose("consequence"),
                    whole("leakNoticeHours").optional()),
            single("duration", III_A4_4, whole("years"), yesNo("secretsUntilPublic"), yesNo("personalUntilErased"))),
    THIRD_PARTY(
            5,
            III_A5,
            Set.of(Party.CLIENT, Party.PROVIDER, Party.THIRD_PARTY),
            single(
                    "engagement",
                    III_A5_1,
                    text("name"),
                    choice("nature", ThirdPartyAgreement.Nature.class),
                    party("introducedBy")),
            list("tasks", III_A5_1, choice("service", ContractedService.class), prose("content")),
            single("cap", III_A5_2, money("amount"), prose("basis"), prose("exclusions")),
            list("rules", III_A5_3, choice("side", ThirdPartyAgreement.Side.class), prose("content")),
            single(
                    "exit",
                    III_A5_4,
                    whole("noticeDays"),
                    whole("handoverDays"),
                    whole("dataReturnDays"),
                    prose("procedure")));

    /** What kind of value stands in a cell. */
    public enum Type {
        TEXT,
        /** Words that may run over several lines. */
        PROSE,
        DATE,
        MONEY,
        /** An amount of renminbi in characters. */
        WORDS,
        /** A whole number, not negative. */
        WHOLE,
        DECIMAL,
        /** 0 to 100 per cent. */
        PERCENT,
        /** A minute of the day; {@code 24:00} is its end. */
        TIME,
        YES_NO,
        CHOICE
    }

    /** A column of a list, or a field of a single part. */
    public record Column(
            String id,
            Type type,
            boolean required,
            @Nullable Class<? extends Enum<?>> choice) {

        Column optional() {
            return new Column(id, type, false, choice);
        }

        public List<? extends Enum<?>> choices() {
            return choice == null ? List.of() : List.of(choice.getEnumConstants());
        }
    }

    /**
     * A part of an annex.
     *
     * @param id unique among all annexes; its title is the message {@code contract.annex.<id>}
     * @param isList whether it may have several rows
     * @param isPerService whether it has exactly one row for each of the seven services
     * @param isOptional whether something holds when it stays empty, which its message {@code contract.annex.<id>.empty} says
     */
    public record Part(
            String id, Clause clause, boolean isList, boolean isPerService, boolean isOptional, List<Column> columns) {

        Part perService() {
            return new Part(id, clause, isList, true, isOptional, columns);
        }

        Part optional() {
            return new Part(id, clause, isList, isPerService, true, columns);
        }

        /** What holds when it is left empty. */
        public Sentence whenEmpty() {
            return Sentence.of("contract.annex." + id + ".empty");
        }

        public Sentence title() {
            return Sentence.of("contract.annex." + id);
        }

        public Sentence title(Column column) {
            return Sentence.of("contract.annex." + id + "." + column.id());
        }

        public Column column(String wanted) {
            return columns.stream()
                    .filter(column -> column.id().equals(wanted))
                    .findFirst()
                    .orElseThrow(() -> new Unknown("column " + wanted + " of " + id));
        }
    }

    private final int number;
    private final Clause clause;
    private final Set<Party> signers;
    private final List<Part> parts;

    AnnexKind(int number, Clause clause, Set<Party> signers, Part... parts) {
        this.number = number;
        this.clause = clause;
        this.signers = Set.copyOf(signers);
        this.parts = List.of(parts);
    }

    /** 1 to 5. */
    public int number() {
        return number;
    }

    public Clause clause() {
        return clause;
    }

    /** Who signs it; the third party where one takes part (III-A2, III-A4, III-A5; G-34). */
    public Set<Party> signers() {
        return signers;
    }

    public List<Part> parts() {
        return parts;
    }

    /** Whether it must be there before the contract is signed; annex 5 only before a third party starts (§1.5). */
    public boolean isDueAtSigning() {
        return this != THIRD_PARTY;
    }

    /** The sub-rows of the register that the annex has to answer. */
    public List<Clause> rows() {
        return parts.stream().map(Part::clause).distinct().toList();
    }

    public Sentence title() {
        return Sentence.of("contract.annex.title." + number());
    }

    public Part part(String id) {
        return parts.stream()
                .filter(part -> part.id().equals(id))
                .findFirst()
                .orElseThrow(() -> new Unknown("part " + id + " of annex " + number()));
    }

    /** @throws Unknown when there is no such annex */
    public static AnnexKind numbered(int number) {
        return Stream.of(values())
                .filter(kind -> kind.number() == number)
                .findFirst()
                .orElseThrow(() -> new Unknown("annex " + number));
    }

    /** The annex that has to answer this sub-row. */
    static AnnexKind answering(Clause row) {
        return Stream.of(values())
                .filter(kind -> kind.clause == row || kind.rows().contains(row))
                .findFirst()
                .orElseThrow(() -> new Unknown("annex for " + row));
    }

    private static Part list(String id, Clause clause, Column... columns) {
        return new Part(id, clause, true, false, false, List.of(columns));
    }

    private static Part single(String id, Clause clause, Column... columns) {
        return new Part(id, clause, false, false, false, List.of(columns));
    }

    private static Column text(String id) {
        return new Column(id, TEXT, true, null);
    }

    private static Column prose(String id) {
        return new Column(id, PROSE, true, null);
    }

    private static Column date(String id) {
        return new Column(id, DATE, true, null);
    }

    private static Column money(String id) {
        return new Column(id, MONEY, true, null);
    }

    private static Column words(String id) {
        return new Column(id, WORDS, true, null);
    }

    private static Column whole(String id) {
        return new Column(id, WHOLE, true, null);
    }

    private static Column decimal(String id) {
        return new Column(id, DECIMAL, true, null);
    }

    private static Column percent(String id) {
        return new Column(id, PERCENT, true, null);
    }

    private static Column time(String id) {
        return new Column(id, TIME, true, null);
    }

    private static Column yesNo(String id) {
        return new Column(id, YES_NO, true, null);
    }

    private static Column choice(String id, Class<? extends Enum<?>> constants) {
        return new Column(id, CHOICE, true, constants);
    }

    private static Column party(String id) {
        return new Column(id, CHOICE, true, Party.class);
    }
}
