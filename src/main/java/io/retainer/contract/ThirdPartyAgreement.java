package io.retainer.contract;

import io.retainer.kernel.Money;
import io.retainer.kernel.Party;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Annex 5, the third-party service agreement (III-A5).
 *
 * @param engagement who joins, at whose invitation (III-A5.1, II-1.1), or null
 * @param tasks (III-A5.1)
 * @param cap of its liability (III-A5.2, G-27), or null
 * @param rules its rights and duties (III-A5.3)
 * @param exit change and exit (III-A5.4, G-35, G-36), or null
 */
public record ThirdPartyAgreement(
        @Nullable Engagement engagement,
        List<Task> tasks,
        @Nullable Cap cap,
        List<Rule> rules,
        @Nullable Exit exit) implements Annex {

    public ThirdPartyAgreement {
        tasks = List.copyOf(tasks);
        rules = List.copyOf(rules);
    }

    @Override
    public AnnexKind kind() {
        return AnnexKind.THIRD_PARTY;
    }

    public record Engagement(String name, Nature nature, Party introducedBy) {}

    /** II-1.1 (1) to (5). */
    public enum Nature {
        TECHNICAL_SUPPORT,
        CONSULTANT,
        DATA_PROVIDER,
        EVENT_AGENCY,
        OTHER
    }

    public record Task(ContractedService service, String content) {}

    /** @param exclusions where no cap holds: intent, gross negligence, confidentiality, personal information */
    public record Cap(Money amount, String basis, String exclusions) {}

    public record Rule(Side side, String content) {}

    public enum Side {
        RIGHT,
        DUTY
    }

    /** All in calendar days. */
    public record Exit(int noticeDays, int handoverDays, int dataReturnDays, String procedure) {}
}
