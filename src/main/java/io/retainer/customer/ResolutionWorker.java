package io.retainer.customer;

import com.github.kagkarlsson.scheduler.task.TaskDescriptor;
import com.github.kagkarlsson.scheduler.task.helper.OneTimeTask;
import com.github.kagkarlsson.scheduler.task.helper.Tasks;
import io.retainer.customer.DuplicateRows.Pair;
import io.retainer.customer.DuplicateRows.Taught;
import io.retainer.kernel.Ids;
import io.retainer.kernel.Tenancy;
import io.retainer.matching.Band;
import io.retainer.matching.Reason;
import io.retainer.matching.Resolution;
import io.retainer.matching.ScoredPair;
import java.io.Serializable;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.stereotype.Component;

/** Looks for duplicates among all customers of a client. Nothing is changed but the list of pairs. */
@Component
class ResolutionWorker {

    static final TaskDescriptor<Job> TASK = TaskDescriptor.of("customer-resolution", Job.class);

    private static final Logger log = LoggerFactory.getLogger(ResolutionWorker.class);
    private static final int MOST_TO_MERGE = 200_000;
    private static final int MOST_TO_REVIEW = 50_000;
    /** The nearest that are held apart, for whoever wants to see where the line is drawn. */
    private static final int APART_SHOWN = 200;

    private static final int QUESTIONS = 2_000;
    private static final int STORED_TOGETHER = 2_000;

    private final MatchingRecords customers;
    private final DuplicateRows rows;
    private final Tenancy tenancy;
    private final Clock clock;

    ResolutionWorker(MatchingRecords customers, DuplicateRows rows, Tenancy tenancy, Clock clock) {
        this.customers = customers;
        this.rows = rows;
        this.tenancy = tenancy;
        this.clock = clock;
    }

    record Job(UUID tenant, UUID run) implements Serializable {}

    void run(UUID tenant, UUID id) {
        var run = tenancy.read(tenant, () -> rows.run(tenant, id)).orElse(null);
        if (run == null || !run.state().running()) {
            return;
        }
        try {
            resolve(tenant, run);
        } catch (RuntimeException e) {
            log.error("The search for duplicates {} failed", id, e);
            tenancy.write(tenant, () -> {
                rows.turn(tenant, id, ResolutionState.FAILED, clock.instant());
            });
        }
    }

    private void resolve(UUID tenant, ResolutionRun run) {
        var opened = customers.all(tenant, read -> tenancy.write(tenant, () -> rows.read(tenant, run.id(), read)));
        if (opened == null || !turn(tenant, run, ResolutionState.COMPARING)) {
            return;
        }
        var lessons = tenancy.read(tenant, () -> rows.lessons(tenant));
        var rowOf = opened.rows();
        var said = new ArrayList<Resolution.Said>();
        for (Taught taught : lessons) {
            said.add(new Resolution.Said(
                    rowOf.getOrDefault(taught.first(), -1), rowOf.getOrDefault(taught.second(), -1), taught.lesson()));
        }
        var resolution = Resolution.of(opened.records(), opened.settings()).answered(said);
        if (!turn(tenant, run, ResolutionState.STORING)) {
            return;
        }
        var pairs = pairs(resolution, opened.ids());
        tenancy.write(tenant, () -> {
            rows.removeOpen(tenant);
            for (int from = 0; from < pairs.size(); from += STORED_TOGETHER) {
                rows.add(tenant, pairs.subList(from, Math.min(pairs.size(), from + STORED_TOGETHER)));
            }
            var sizes = resolution.bandSizes();
            long merge =
                    pairs.stream().filter(pair -> pair.band() == Band.MERGE).count();
            long review =
                    pairs.stream().filter(pair -> pair.band() == Band.REVIEW).count();
            rows.found(
                    tenant,
                    new ResolutionRun(
                            run.id(),
                            ResolutionState.STORING,
                            run.recordsTotal(),
                            opened.ids().size(),
                            resolution.candidates(),
                            merge,
                            review,
                            sizes.getOrDefault(Band.APART, 0),
                            resolution.bands().mergeFrom(),
                            resolution.bands().apartBelow(),
                            resolution.prior(),
                            resolution.comparedColumns(),
                            lessons.size(),
                            run.startedBy(),
                            run.startedAt(),
                            null));
            rows.turn(tenant, run.id(), ResolutionState.DONE, clock.instant());
        });
    }

    private boolean turn(UUID tenant, ResolutionRun run, ResolutionState to) {
        return tenancy.write(tenant, () -> rows.turn(tenant, run.id(), to, null));
    }

    /** What to ask first comes first: the pairs whose answers teach most, then those nearest to a match. */
    private static List<Pair> pairs(Resolution resolution, List<UUID> ids) {
        var clusters = resolution.clusters();
        var found = new ArrayList<Pair>();
        var asked = new java.util.HashSet<ScoredPair>();
        int rank = 0;
        for (var pair : resolution.questions(QUESTIONS)) {
            asked.add(pair);
            found.add(pair(resolution, ids, pair, Band.REVIEW, rank++));
        }
        for (var pair : resolution.in(Band.REVIEW, MOST_TO_REVIEW)) {
            if (!asked.contains(pair)) {
                found.add(pair(resolution, ids, pair, Band.REVIEW, rank++));
            }
        }
        for (var pair : resolution.in(Band.MERGE, MOST_TO_MERGE)) {
            // Alike, yet kept apart by what others of their cluster say: for people to decide.
            boolean together = clusters[pair.first()] == clusters[pair.second()];
            found.add(pair(resolution, ids, pair, together ? Band.MERGE : Band.REVIEW, rank++));
        }
        for (var pair : resolution.in(Band.APART, APART_SHOWN)) {
            found.add(pair(resolution, ids, pair, Band.APART, rank++));
        }
        return found;
    }

    private static Pair pair(Resolution resolution, List<UUID> ids, ScoredPair pair, Band band, int rank) {
        var reasons = resolution.reasons(pair.first(), pair.second());
        return new Pair(
                Ids.next(),
                ids.get(pair.first()),
                ids.get(pair.second()),
                reasons.stream().map(Reason::column).toList(),
                reasons.stream().map(Reason::grade).toList(),
                reasons.stream().map(Reason::bits).toList(),
                pair.bits() - resolution.taught(pair.first(), pair.second()),
                pair.bits(),
                band,
                rank,
                null,
                null);
    }

    @Configuration(proxyBeanMethods = false)
    static class InTheBackground {

        @Bean
        OneTimeTask<Job> resolutionTask(ResolutionWorker worker) {
            return Tasks.oneTime(TASK)
                    .execute((instance, _) -> worker.run(
                            instance.getData().tenant(), instance.getData().run()));
        }
    }
}
