package io.retainer.relationship;

import io.retainer.kernel.Refused;
import java.util.EnumMap;
import java.util.Map;

/**
 * How customers are shared out among the provider's agents under one contract, and how often each tier is to be contacted.
 *
 * @param most customers one agent may hold
 * @param idleDays without a contact after which a customer goes back to the pool
 * @param coolDays for which the agent a customer was taken from may not pick it again
 * @param plan days within which a tier is to be contacted; a tier without is not owed anything
 * @param version for optimistic locking
 */
public record PoolRules(int most, int idleDays, int coolDays, Map<Tier, Integer> plan, int version) {

    /** Until the provider's lead says otherwise: nobody is owed a contact. */
    static final PoolRules PLATFORM = new PoolRules(200, 60, 7, Map.of(), 0);

    private static final int MOST_DAYS = 730;

    public PoolRules {
        var copy = new EnumMap<Tier, Integer>(Tier.class);
        copy.putAll(plan);
        plan = Map.copyOf(copy);
        between("most", most, 1, 10_000);
        between("idleDays", idleDays, 1, MOST_DAYS);
        between("coolDays", coolDays, 0, MOST_DAYS);
        plan.values().forEach(days -> between("plan", days, 1, MOST_DAYS));
    }

    private static void between(String field, int value, int least, int most) {
        if (value < least || value > most) {
            throw Refused.field(field, "relationship.refused.rule", value, least, most);
        }
    }
}
