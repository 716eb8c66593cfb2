package io.retainer.contract;

import io.retainer.contract.AnnexKind.Part;
import io.retainer.contract.AnnexSheet.Row;
import io.retainer.kernel.Money;
import io.retainer.kernel.Party;
import io.retainer.kernel.WorkingHours;
import io.retainer.kernel.WorkingHours.Shift;
import java.math.BigDecimal;
import java.time.LocalDate;
import java.time.LocalTime;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Makes typed terms of a sheet. A row with a hole or an unreadable cell is no term; the gaps tell about it. */
final class AnnexTerms {

    private AnnexTerms() {}

    static Annex of(AnnexSheet sheet) {
        return switch (sheet.kind()) {
            case SERVICE_PLAN -> plan(sheet);
            case CUSTOMER_INFORMATION -> information(sheet);
            case PAYMENT -> payment(sheet);
            case CONFIDENTIALITY -> nda(sheet);
            case THIRD_PARTY -> thirdParty(sheet);
        };
    }

    private static ServicePlan plan(AnnexSheet sheet) {
        return new ServicePlan(
                all(
                        sheet,
                        "goals",
                        r -> new ServicePlan.Goal(
                                r.text("measure"),
                                r.perhapsNumber("baseline"),
                                r.number("target"),
                                r.text("unit"),
                                r.date("by"))),
                one(sheet, "effect", r -> r.text("effect")),
                all(
                        sheet,
                        "services",
                        r -> new ServicePlan.Scope(
                                r.one("service", ContractedService.class), r.yes("inScope"), r.row.cell("content"))),
                all(
                        sheet,
                        "milestones",
                        r -> new ServicePlan.Milestone(
                                r.text("step"), r.date("date"), r.one("responsible", Party.class), r.text("result"))),
                all(
                        sheet,
                        "levels",
                        r -> new ServicePlan.ServiceLevel(
                                r.one("metric", ServicePlan.Metric.class),
                                r.perhaps("service", ContractedService.class),
                                r.number("target"),
                                r.number("floor"),
                                r.one("window", ServicePlan.Window.class),
                                r.number("weight"))),
                one(
                        sheet,
                        "quality",
                        r -> new ServicePlan.Quality(
                                r.text("form"),
                                r.number("samplePercent"),
                                r.whole("sampleFewest"),
                                r.number("atRisk"),
                                r.text("reporting"))),
                all(
                        sheet,
                        "risks",
                        r -> new ServicePlan.Risk(
                                r.text("risk"),
                                r.one("likelihood", ServicePlan.Grade.class),
                                r.one("impact", ServicePlan.Grade.class),
                                r.text("measure"),
                                r.one("owner", Party.class))),
                hours(sheet));
    }

    /** Only as a whole: half of the shifts of a day would be other hours than those that were agreed. */
    private static @Nullable WorkingHours hours(AnnexSheet sheet) {
        if (sheet.of("hours").isEmpty() || !AnnexGap.shifts(sheet).isEmpty()) {
            return null;
        }
        var shifts = all(sheet, "hours", r -> new Shift(r.time("from"), r.time("to")));
        if (shifts.size() < sheet.of("hours").size()) {
            return null;
        }
        return new WorkingHours(shifts, WorkingHours.STANDARD.zone());
    }

    private static DataProcessingAgreement information(AnnexSheet sheet) {
        return new DataProcessingAgreement(
                all(
                        sheet,
                        "processing",
                        r -> new DataProcessingAgreement.Activity(
                                r.text("purpose"),
                                r.text("kinds"),
                                r.yes("sensitive"),
                                r.text("method"),
                                r.whole("keepDays"),
                                r.text("measures"))),
                all(
                        sheet,
                        "security",
                        r -> new DataProcessingAgreement.SecurityDuty(
                                r.text("duty"), r.one("responsible", Party.class))),
                one(
                        sheet,
                        "incident",
                        r -> new DataProcessingAgreement.Incident(
                                r.whole("noticeHours"), r.text("contact"), r.text("steps"))),
                one(
                        sheet,
                        "dispute",
                        r -> new DataProcessingAgreement.Dispute(
                                r.one("route", DataProcessingAgreement.Route.class),
                                r.row.cell("place"),
                                r.whole("negotiationDays"))));
    }

    private static PaymentSchedule payment(AnnexSheet sheet) {
        return new PaymentSchedule(
                one(sheet, "total", r -> r.money("total")),
                all(
                        sheet,
                        "lines",
                        r -> new PaymentSchedule.Line(r.whole("number"), r.money("amount"), r.date("payBefore"))),
                one(
                        sheet,
                        "payment",
                        r -> new PaymentSchedule.Method(
                                r.one("way", PaymentSchedule.Way.class),
                                r.text("payee"),
                                r.text("bank"),
                                r.text("account"),
                                r.text("reference"),
                                r.perhapsNumber("latePercent"))),
                one(
                        sheet,
                        "vouchers",
                        r -> new PaymentSchedule.Vouchers(
                                r.text("voucher"), r.text("receipt"), r.whole("receiptWorkdays"))));
    }

    private static Nda nda(AnnexSheet sheet) {
        return new Nda(
                all(
                        sheet,
                        "classes",
                        r -> new Nda.InformationClass(
                                r.text("name"), r.one("secrecy", Nda.Secrecy.class), r.text("definition"))),
                all(sheet, "secrecy", r -> new Nda.SecrecyDuty(r.text("duty"), r.one("debtor", Party.class))),
                all(sheet, "exceptions", r -> r.text("exception")),
                one(
                        sheet,
                        "liability",
                        r -> new Nda.Liability(
                                r.row.cell("penalty").isEmpty() ? null : r.money("penalty"),
                                r.yes("capExcluded"),
                                r.text("consequence"),
                                r.row.cell("leakNoticeHours").isEmpty() ? null : (Integer) r.whole("leakNoticeHours"))),
                one(
                        sheet,
                        "duration",
                        r -> new Nda.Duration(
                                r.whole("years"), r.yes("secretsUntilPublic"), r.yes("personalUntilErased"))));
    }

    private static ThirdPartyAgreement thirdParty(AnnexSheet sheet) {
        return new ThirdPartyAgreement(
                one(
                        sheet,
                        "engagement",
                        r -> new ThirdPartyAgreement.Engagement(
                                r.text("name"),
                                r.one("nature", ThirdPartyAgreement.Nature.class),
                                r.one("introducedBy", Party.class))),
                all(
                        sheet,
                        "tasks",
                        r -> new ThirdPartyAgreement.Task(
                                r.one("service", ContractedService.class), r.text("content"))),
                one(
                        sheet,
                        "cap",
                        r -> new ThirdPartyAgreement.Cap(r.money("amount"), r.text("basis"), r.text("exclusions"))),
                all(
                        sheet,
                        "rules",
                        r -> new ThirdPartyAgreement.Rule(
                                r.one("side", ThirdPartyAgreement.Side.class), r.text("content"))),
                one(
                        sheet,
                        "exit",
                        r -> new ThirdPartyAgreement.Exit(
                                r.whole("noticeDays"),
                                r.whole("handoverDays"),
                                r.whole("dataReturnDays"),
                                r.text("procedure"))));
    }

    private static <T> List<T> all(AnnexSheet sheet, String part, Function<Reader, T> make) {
        var definition = sheet.kind().part(part);
        return sheet.of(part).stream()
                .filter(row -> isWhole(definition, row))
                .map(row -> make.apply(new Reader(definition, row)))
                .toList();
    }

    private static <T> @Nullable T one(AnnexSheet sheet, String part, Function<Reader, T> make) {
        var definition = sheet.kind().part(part);
        var rows = sheet.of(part);
        return rows.isEmpty() || !isWhole(definition, rows.getFirst())
                ? null
                : make.apply(new Reader(definition, rows.getFirst()));
    }

    static boolean isWhole(Part part, Row row) {
        return part.columns().stream()
                .allMatch(column -> row.cell(column.id()).isEmpty()
                        ? !column.required()
                        : AnnexSheet.isReadable(column, row.cell(column.id())));
    }

    /** Reads cells of a row of which {@link #isWhole} is known. */
    private record Reader(Part part, Row row) {

        String text(String column) {
            return AnnexSheet.read(part, row, column).orElseThrow();
        }

        BigDecimal number(String column) {
            return new BigDecimal(text(column));
        }

        @Nullable
        BigDecimal perhapsNumber(String column) {
            return row.cell(column).isEmpty() ? null : number(column);
        }

        int whole(String column) {
            return Integer.parseInt(text(column));
        }

        Money money(String column) {
            return Money.of(text(column));
        }

        LocalDate date(String column) {
            return LocalDate.parse(text(column));
        }

        /** The end of the day is the midnight after it. */
        LocalTime time(String column) {
            return text(column).equals(AnnexCell.END_OF_DAY) ? LocalTime.MIDNIGHT : LocalTime.parse(text(column));
        }

        boolean yes(String column) {
            return Boolean.parseBoolean(text(column));
        }

        <E extends Enum<E>> E one(String column, Class<E> type) {
            return Enum.valueOf(type, text(column));
        }

        <E extends Enum<E>> @Nullable E perhaps(String column, Class<E> type) {
            return row.cell(column).isEmpty() ? null : one(column, type);
        }
    }
}
