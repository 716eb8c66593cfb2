package io.retainer.customer;

import com.github.kagkarlsson.scheduler.SchedulerClient;
import io.retainer.identity.Access;
import io.retainer.identity.Capability;
import io.retainer.kernel.Ids;
import io.retainer.kernel.Refused;
import io.retainer.kernel.Tenancy;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.stereotype.Service;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.json.JsonMapper;

/** Who is likely to leave, for a client that told of some who did; worked out in the background and kept. */
@Service
public class ChurnAnalysis {

    /** Within how many days; 0 asks only for what the labels say. */
    static final List<Integer> HORIZONS = List.of(90, 180, 365, 0);

    private static final TypeReference<List<ChurnReport.Reason>> REASONS = new TypeReference<>() {};

    private final AnalysisRows analyses;
    private final ChurnRows rows;
    private final CustomerRows customers;
    private final ChurnWorker worker;
    private final Tenancy tenancy;
    private final Clock clock;
    private final JsonMapper json;
    private final ObjectProvider<SchedulerClient> scheduler;

    ChurnAnalysis(
            AnalysisRows analyses,
            ChurnRows rows,
            CustomerRows customers,
            ChurnWorker worker,
            Tenancy tenancy,
            Clock clock,
            JsonMapper json,
            ObjectProvider<SchedulerClient> scheduler) {
        this.analyses = analyses;
        this.rows = rows;
        this.customers = customers;
        this.worker = worker;
        this.tenancy = tenancy;
        this.clock = clock;
        this.json = json;
        this.scheduler = scheduler;
    }

    /**
     * Where things stand.
     *
     * @param report the newest there is, or null
     * @param computedAt when its data were read, or null
     * @param current whether the data are still those it stands on
     * @param running how far the one under way is in percent, or null
     * @param failed whether the last one broke off
     */
    public record Overview(
            @Nullable ChurnReport report,
            @Nullable Instant computedAt,
            boolean current,
            @Nullable Integer running,
            boolean failed) {}

    public Overview overview(Access access) {
        access.require(Capability.READ_CUSTOMERS);
        var tenant = access.tenant();
        return tenancy.read(tenant, () -> {
            var last = analyses.newest(tenant, AnalysisRun.Kind.CHURN, false);
            var done = analyses.newest(tenant, AnalysisRun.Kind.CHURN, true);
            return new Overview(
                    done.map(run -> json.readValue(run.report(), ChurnReport.class))
                            .orElse(null),
                    done.map(AnalysisRun::startedAt).orElse(null),
                    done.map(run -> run.dataState().equals(analyses.dataState(tenant, AnalysisRun.Kind.CHURN)))
                            .orElse(false),
                    last.filter(AnalysisRun::running).map(AnalysisRun::percent).orElse(null),
                    last.filter(run -> run.state() == AnalysisRun.State.FAILED).isPresent());
        });
    }

    /**
     * Works it out anew in the background.
     *
     * @param horizon one of {@link #HORIZONS}
     * @throws Refused while that is under way
     */
    public UUID start(Access access, int horizon) {
        var id = begin(access, horizon);
        scheduler.ifAvailable(client -> client.scheduleIfNotExists(ChurnWorker.TASK
                .instance(id.toString())
                .data(new ChurnWorker.Job(access.tenant(), id))
                .scheduledTo(clock.instant())));
        return id;
    }

    /** As {@link #start}, but comes back when it is done; for few customers. */
    public Overview compute(Access access, int horizon) {
        worker.run(access.tenant(), begin(access, horizon));
        return overview(access);
    }

    private UUID begin(Access access, int horizon) {
        access.require(Capability.READ_CUSTOMERS);
        if (!HORIZONS.contains(horizon)) {
            throw Refused.field("horizon", "customer.churn.horizon.bad");
        }
        var tenant = access.tenant();
        var now = clock.instant().truncatedTo(ChronoUnit.MICROS);
        var id = Ids.at(now.toEpochMilli());
        return tenancy.write(tenant, () -> {
            var run = new AnalysisRun(
                    id,
                    AnalysisRun.Kind.CHURN,
                    json.writeValueAsString(new ChurnWorker.Settings(horizon)),
                    AnalysisRun.State.RUNNING,
                    0,
                    analyses.dataState(tenant, AnalysisRun.Kind.CHURN),
                    null,
                    access.person(),
                    now,
                    null);
            if (!analyses.start(tenant, access.contract(), run)) {
                throw Refused.because("customer.analysis.running");
            }
            return id;
        });
    }

    /**
     * The risk of one customer.
     *
     * @param reasons the strongest first
     */
    public record Risk(UUID customer, double risk, List<ChurnReport.Reason> reasons) {}

    /**
     * The most at risk first, some at a time.
     *
     * @param after only those behind this customer, or null
     */
    public List<Risk> risks(Access access, @Nullable UUID after, int most) {
        access.require(Capability.READ_CUSTOMERS);
        return tenancy.read(access.tenant(), () -> rows.scores(access.tenant(), after, most)).stream()
                .map(this::risk)
                .toList();
    }

    /** Of one customer, if the latest analysis gave a risk. */
    public Optional<Risk> risk(Access access, UUID customer) {
        access.require(Capability.READ_CUSTOMERS);
        return tenancy.read(access.tenant(), () -> rows.score(access.tenant(), customer))
                .map(this::risk);
    }

    private Risk risk(ChurnRows.Score score) {
        return new Risk(score.customer(), score.risk(), json.readValue(score.reasons(), REASONS));
    }

    /** The fields of the report and of the reasons, in words. */
    ChurnWords words(Access access) {
        access.require(Capability.READ_CUSTOMERS);
        return tenancy.read(access.tenant(), () -> {
            var labels = new HashMap<String, String>();
            customers.fields(access.tenant()).forEach((key, field) -> labels.put(key, field.label()));
            return new ChurnWords(labels);
        });
    }

    Map<UUID, Double> risks(UUID tenant, Collection<UUID> some) {
        return rows.risks(tenant, some);
    }
}
