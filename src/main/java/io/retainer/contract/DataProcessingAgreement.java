package io.retainer.contract;

import io.retainer.kernel.Party;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Annex 2, the agreement on customer information (III-A2): what PIPL 21 wants an entrustment to say.
 *
 * @param activities what is done with which data (III-A2.1)
 * @param duties of security (III-A2.2)
 * @param incident what happens when something leaks (III-A2.3), or null
 * @param dispute the way a dispute takes (III-A2.4), or null
 */
public record DataProcessingAgreement(
        List<Activity> activities,
        List<SecurityDuty> duties,
        @Nullable Incident incident,
        @Nullable Dispute dispute) implements Annex {

    public DataProcessingAgreement {
        activities = List.copyOf(activities);
        duties = List.copyOf(duties);
    }

    @Override
    public AnnexKind kind() {
        return AnnexKind.CUSTOMER_INFORMATION;
    }

    /**
     * @param keepDays after the purpose has ended, until erasure
     * @param sensitive whether sensitive personal information is among the kinds (PIPL 28)
     */
    public record Activity(
            String purpose, String kinds, boolean sensitive, String method, int keepDays, String measures) {}

    public record SecurityDuty(String duty, Party responsible) {}

    /** @param noticeHours within which the other party is told */
    public record Incident(int noticeHours, String contact, String steps) {}

    /** @param place seat of the court or arbitration body; empty for the court of the signing place */
    public record Dispute(Route route, String place, int negotiationDays) {}

    public enum Route {
        COURT_OF_SIGNING_PLACE,
        COURT_OF_DEFENDANT,
        ARBITRATION
    }
}
