package io.retainer.duty;

import io.retainer.identity.Access;
import io.retainer.identity.Capability;
import io.retainer.kernel.Clause;
import io.retainer.kernel.Party;
import io.retainer.kernel.Refused;
import io.retainer.kernel.Unknown;
import java.time.Clock;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Service;

/** What people may see of duties and do with them by hand, within their standing under one contract. */
@Service
class DutyDesk {

    static final int PAGE = 50;

    private static final Comparator<AssessedDuty> MOST_URGENT_FIRST = Comparator.<AssessedDuty, Boolean>comparing(
                    found -> !found.assessment().state().owed())
            .thenComparing(
                    found -> found.assessment().state().owed()
                            ? found.assessment().due()
                            : null,
                    Comparator.nullsLast(Comparator.naturalOrder()))
            .thenComparing(
                    found -> found.assessment().endedAt(), Comparator.nullsFirst(Comparator.<Instant>reverseOrder()))
            .thenComparing(found -> found.duty().id());

    private final Duties duties;
    private final Clock clock;

    DutyDesk(Duties duties, Clock clock) {
        this.duties = duties;
        this.clock = clock;
    }

    /** Which duties to show; null shows all. */
    record Filter(
            @Nullable DutyState state,
            @Nullable Party party,
            @Nullable Clause clause) {

        boolean fits(AssessedDuty found) {
            return (state == null || found.assessment().state() == state)
                    && (party == null || found.duty().debtor() == party)
                    && (clause == null || found.duty().clause() == clause);
        }
    }

    /** @param next what to ask for to get the rest, or null when this is all */
    record Page(List<AssessedDuty> duties, @Nullable UUID next) {}

    /** A page of the contract's duties, the most urgent first: open ones by due instant, then the ended ones. */
    Page page(Access access, Filter filter, Instant asOf, @Nullable UUID after) {
        access.require(Capability.READ_CONTRACT);
        var all = duties.ofContract(access.tenant(), access.contract(), asOf).stream()
                .filter(filter::fits)
                .sorted(MOST_URGENT_FIRST)
                .toList();
        int from = 0;
        for (int i = 0; after != null && i < all.size(); i++) {
            if (all.get(i).duty().id().equals(after)) {
                from = i + 1;
            }
        }
        int to = Math.min(from + PAGE, all.size());
        return new Page(
                all.subList(from, to), to < all.size() ? all.get(to - 1).duty().id() : null);
    }

    /** The clauses under which this contract has duties, in the order of the document. */
    List<Clause> clauses(Access access, Instant asOf) {
        return duties.ofContract(access.tenant(), access.contract(), asOf).stream()
                .map(found -> found.duty().clause())
                .distinct()
                .sorted()
                .toList();
    }

    /** @throws Unknown when there is none under this contract */
    AssessedDuty get(Access access, UUID id, Instant asOf) {
        access.require(Capability.READ_CONTRACT);
        var found = duties.get(access.tenant(), id, asOf);
        if (!found.duty().contract().equals(access.contract())) {
            throw new Unknown("duty " + id);
        }
        return found;
    }

    void pause(Access access, UUID id, Cause owner, @Nullable String reason, @Nullable Instant at) {
        access.require(Capability.OPERATE_DUTY);
        get(access, id, now());
        duties.pause(access.tenant(), id, owner, reason, at == null ? now() : at, access.person());
    }

    void resume(Access access, UUID id, Cause owner, @Nullable Instant at) {
        access.require(Capability.OPERATE_DUTY);
        get(access, id, now());
        duties.resume(access.tenant(), id, owner, at == null ? now() : at, access.person());
    }

    void excuse(Access access, UUID id, Cause cause, Instant since, @Nullable String reason, @Nullable Instant at) {
        requireCreditor(access, id);
        duties.excuse(access.tenant(), id, cause, since, reason, at == null ? now() : at, access.person());
    }

    void waive(Access access, UUID id, @Nullable String reason, @Nullable Instant at) {
        requireCreditor(access, id);
        duties.waive(access.tenant(), id, reason, at == null ? now() : at, access.person());
    }

    boolean mayRelieve(Access access, Duty duty) {
        return access.may(Capability.ASSERT_RIGHT) && access.party() == duty.creditor();
    }

    /** Only the one to whom something is owed can let go of it. */
    private void requireCreditor(Access access, UUID id) {
        access.require(Capability.ASSERT_RIGHT);
        var duty = get(access, id, now()).duty();
        if (access.party() != duty.creditor()) {
            throw Refused.because("duty.refused.notCreditor", duty.creditor());
        }
    }

    Instant now() {
        return clock.instant();
    }
}
