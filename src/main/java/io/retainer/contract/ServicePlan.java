package io.retainer.contract;

import io.retainer.kernel.Party;
import io.retainer.kernel.WorkingHours;
import java.math.BigDecimal;
import java.time.LocalDate;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Annex 1, the detailed service plan (III-A1).
 *
 * @param goals what is to be reached, against where it stood (III-A1.1)
 * @param effect expected, in words (III-A1.1), or null
 * @param services in scope or not (III-A1.2)
 * @param milestones in the order written (III-A1.3)
 * @param levels service levels (III-A1.4, G-07)
 * @param quality how quality is sampled and what is at risk (III-A1.4), or null
 * @param risks and what is done about them (III-A1.5)
 * @param hours in which times counted in working hours run (G-07), or null where none were agreed
 */
public record ServicePlan(
        List<Goal> goals,
        @Nullable String effect,
        List<Scope> services,
        List<Milestone> milestones,
        List<ServiceLevel> levels,
        @Nullable Quality quality,
        List<Risk> risks,
        @Nullable WorkingHours hours)
        implements Annex {

    public ServicePlan {
        goals = List.copyOf(goals);
        services = List.copyOf(services);
        milestones = List.copyOf(milestones);
        levels = List.copyOf(levels);
        risks = List.copyOf(risks);
    }

    @Override
    public AnnexKind kind() {
        return AnnexKind.SERVICE_PLAN;
    }

    /**
     * @param baseline where the measure stood at the start, or null when it was not measured
     * @param by the day by which the target is to be reached
     */
    public record Goal(String measure, @Nullable BigDecimal baseline, BigDecimal target, String unit, LocalDate by) {}

    /** @param content what is done, or empty for a service out of scope */
    public record Scope(ContractedService service, boolean inScope, String content) {}

    public record Milestone(String step, LocalDate date, Party responsible, String result) {}

    /**
     * One service level.
     *
     * @param service it measures, or null for the engagement as a whole
     * @param target in per cent; better or equal meets it ({@link Metric#higherIsBetter()} says which way is better)
     * @param floor in per cent; worse than it loses the whole weight
     * @param weightPercent share of the amount at risk; 0 is reported only
     */
    public record ServiceLevel(
            Metric metric,
            @Nullable ContractedService service,
            BigDecimal target,
            BigDecimal floor,
            Window window,
            BigDecimal weightPercent) {}

    /** What a service level measures (facts of contact centres; the definitions stand in the annex). */
    public enum Metric {
        /** Answered within 20 s ÷ (offered − abandoned within 5 s). */
        ANSWERED_IN_TIME(true),
        /** Abandoned after 5 s ÷ offered. */
        ABANDONED(false),
        /** First response within 30 s (chat), 2 working hours (ticket), 4 working hours (mail). */
        FIRST_RESPONSE(true),
        /** Complaints acknowledged within one working day. */
        COMPLAINT_ACKNOWLEDGED(true),
        /** Complaints resolved within 1, 3 or 7 working days by priority. */
        COMPLAINT_RESOLVED(true),
        /** Not reopened or repeated within 7 days ÷ resolved. */
        FIRST_CONTACT_RESOLUTION(true),
        /** Reopened within 7 days ÷ closed. */
        REOPENED(false),
        /** Mean of the non-critical items of the quality form. */
        QUALITY_SCORE(true),
        /** Errors against the law found in the sample: none is allowed. */
        COMPLIANCE_ERRORS(false),
        /** Answers 4 and 5 of 5 ÷ answers, at least 30 a month. */
        SATISFACTION(true),
        /** Promoters less detractors; reported only. */
        NET_PROMOTER_SCORE(true),
        /** Records that are complete, valid and unique ÷ records. */
        DATA_QUALITY(true);

        private final boolean higherIsBetter;

        Metric(boolean higherIsBetter) {
            this.higherIsBetter = higherIsBetter;
        }

        public boolean higherIsBetter() {
            return higherIsBetter;
        }
    }

    /** Over what time a service level is measured. */
    public enum Window {
        MONTH,
        QUARTER,
        SERVICE_PERIOD
    }

    /**
     * @param samplePercent of the contacts of a period that are scored
     * @param sampleFewest at least so many per period
     * @param atRiskPercent of the fee of the period that service credits may take
     */
    public record Quality(
            String form, BigDecimal samplePercent, int sampleFewest, BigDecimal atRiskPercent, String reporting) {}

    public record Risk(String risk, Grade likelihood, Grade impact, String measure, Party owner) {}

    public enum Grade {
        LOW,
        MIDDLE,
        HIGH
    }

    /** The services the annex puts in scope. */
    public Set<ContractedService> inScope() {
        var in = EnumSet.noneOf(ContractedService.class);
        services.stream().filter(Scope::inScope).forEach(scope -> in.add(scope.service()));
        return in;
    }

    public Optional<ServiceLevel> level(Metric metric) {
        return levels.stream().filter(level -> level.metric() == metric).findFirst();
    }
}
