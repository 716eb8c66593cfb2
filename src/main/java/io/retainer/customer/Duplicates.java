package io.retainer.customer;

import com.github.kagkarlsson.scheduler.SchedulerClient;
import io.retainer.customer.DuplicateRows.Pair;
import io.retainer.identity.Access;
import io.retainer.identity.Capability;
import io.retainer.identity.Standings;
import io.retainer.kernel.Ids;
import io.retainer.kernel.Refused;
import io.retainer.kernel.Tenancy;
import io.retainer.kernel.Unknown;
import io.retainer.matching.Answer;
import io.retainer.matching.Band;
import io.retainer.matching.Bands;
import io.retainer.matching.Grade;
import io.retainer.matching.Lessons;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeSet;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.stereotype.Service;

/**
 * Who is who among the customers of a client: the search over all of them, the pairs it leaves in three bands, the answers
 * people give, and what these change at once in the order and the bands of what is still open.
 */
@Service
public class Duplicates {

    /** Open pairs that are weighed anew after each answer. */
    private static final int REWEIGHED = 3_000;

    private final DuplicateRows rows;
    private final MatchingRecords records;
    private final Customers customers;
    private final Merges merges;
    private final ResolutionWorker worker;
    private final Standings standings;
    private final Tenancy tenancy;
    private final Clock clock;
    private final ObjectProvider<SchedulerClient> scheduler;

    Duplicates(
            DuplicateRows rows,
            MatchingRecords records,
            Customers customers,
            Merges merges,
            ResolutionWorker worker,
            Standings standings,
            Tenancy tenancy,
            Clock clock,
            ObjectProvider<SchedulerClient> scheduler) {
        this.rows = rows;
        this.records = records;
        this.customers = customers;
        this.merges = merges;
        this.worker = worker;
        this.standings = standings;
        this.tenancy = tenancy;
        this.clock = clock;
        this.scheduler = scheduler;
    }

    /**
     * Where things stand.
     *
     * @param run the newest search, or null
     * @param open pairs nobody has decided, by band
     * @param answered how many answers people gave
     */
    public record Overview(@Nullable ResolutionRun run, Map<Band, Integer> open, int answered) {

        public Overview {
            open = Map.copyOf(open);
        }
    }

    /**
     * What one value says of a pair.
     *
     * @param label of an own field, else null
     * @param left masked; empty when there is none
     * @param bits above zero speaks for one customer
     */
    public record Line(
            ComparedValue value, @Nullable String label, String left, String right, Grade grade, double bits) {}

    /** Where both have a value and one must give way. */
    public record Conflict(
            String field, ComparedValue value, @Nullable String label, String left, String right, boolean takesRight) {}

    /**
     * A pair side by side, masked.
     *
     * @param left the record that would stay
     * @param place of this pair among the open ones, from 0
     * @param open how many are to be reviewed
     */
    public record Question(
            UUID pair,
            Customers.Profile left,
            Customers.Profile right,
            List<Line> lines,
            List<Conflict> conflicts,
            double probability,
            Band band,
            int place,
            int open) {}

    /** A pair in a list. */
    public record Listed(UUID pair, CustomerPage.Line first, CustomerPage.Line second, double probability, Band band) {}

    public Overview overview(Access access) {
        access.require(Capability.READ_CUSTOMERS);
        var tenant = access.tenant();
        return tenancy.read(
                tenant,
                () -> new Overview(
                        rows.run(tenant, null).orElse(null), rows.openCounts(tenant), rows.answered(tenant)));
    }

    /** @throws Unknown when the client has no such search */
    public ResolutionRun run(Access access, UUID id) {
        access.require(Capability.READ_CUSTOMERS);
        return tenancy.read(access.tenant(), () -> rows.run(access.tenant(), id))
                .orElseThrow(() -> new Unknown("resolution " + id));
    }

    /**
     * Starts a search over all customers.
     *
     * @throws Refused while one is running
     */
    public UUID start(Access access) {
        var id = begin(access);
        scheduler.ifAvailable(client -> client.scheduleIfNotExists(ResolutionWorker.TASK
                .instance(id.toString())
                .data(new ResolutionWorker.Job(access.tenant(), id))
                .scheduledTo(clock.instant())));
        return id;
    }

    /** As {@link #start}, but comes back when it is done; for few customers. */
    public ResolutionRun search(Access access) {
        var id = begin(access);
        worker.run(access.tenant(), id);
        return run(access, id);
    }

    private UUID begin(Access access) {
        access.require(Capability.EDIT_CUSTOMERS);
        var tenant = access.tenant();
        long total = records.count(tenant);
        var now = clock.instant();
        var id = Ids.at(now.toEpochMilli());
        if (!tenancy.write(tenant, () -> rows.start(tenant, access.contract(), id, access.person(), total, now))) {
            throw Refused.because("customer.duplicates.running");
        }
        return id;
    }

    /** Stops the search; the pairs of the one before stay. */
    public void stop(Access access, UUID run) {
        access.require(Capability.EDIT_CUSTOMERS);
        tenancy.write(access.tenant(), () -> {
            // Whoever has no such run is told so, as everywhere.
            run(access, run);
            if (!rows.turn(access.tenant(), run, ResolutionState.STOPPED, clock.instant())) {
                throw Refused.because("customer.duplicates.over");
            }
        });
    }

    public List<Listed> list(Access access, Band band, int skip, int most) {
        access.require(Capability.READ_CUSTOMERS);
        var tenant = access.tenant();
        return tenancy.read(
                tenant,
                () -> rows.open(tenant, band, skip, most).stream()
                        .map(pair -> new Listed(
                                pair.id(),
                                customers.profile(access, pair.first()).customer(),
                                customers.profile(access, pair.second()).customer(),
                                probability(pair.bits()),
                                pair.band()))
                        .toList());
    }

    /** The pair at this place of those to be reviewed, or the last when there are fewer; empty when all is done. */
    public Optional<Question> question(Access access, int place) {
        access.require(Capability.READ_CUSTOMERS);
        var tenant = access.tenant();
        return tenancy.read(tenant, () -> {
            int open = rows.openCounts(tenant).getOrDefault(Band.REVIEW, 0);
            int at = Math.clamp(place, 0, Math.max(0, open - 1));
            return rows.open(tenant, Band.REVIEW, at, 1).stream()
                    .findFirst()
                    .map(pair -> asked(access, pair, at, open));
        });
    }

    /** @throws Unknown when there is no such open pair */
    public Question question(Access access, UUID pair) {
        access.require(Capability.READ_CUSTOMERS);
        var tenant = access.tenant();
        return tenancy.read(
                tenant,
                () -> asked(
                        access,
                        rows.pair(tenant, pair).orElseThrow(() -> new Unknown("pair " + pair)),
                        0,
                        rows.openCounts(tenant).getOrDefault(Band.REVIEW, 0)));
    }

    private Question asked(Access access, Pair pair, int place, int open) {
        var one = customers.profile(access, pair.first());
        var other = customers.profile(access, pair.second());
        boolean firstStays = Survivorship.firstStays(
                one.customer().id(),
                one.customer().createdAt(),
                other.customer().id(),
                other.customer().createdAt());
        var left = firstStays ? one : other;
        var right = firstStays ? other : one;
        var labels = labels(access);
        var lines = new ArrayList<Line>();
        for (int c = 0; c < pair.columns().size(); c++) {
            var column = pair.columns().get(c);
            var key = ComparedValue.field(column);
            var label = key == null ? null : labels.getOrDefault(key, key);
            lines.add(new Line(
                    ComparedValue.of(column),
                    label,
                    value(left, column, label),
                    value(right, column, label),
                    pair.grades().get(c),
                    pair.weights().get(c)));
        }
        return new Question(
                pair.id(),
                left,
                right,
                lines,
                conflicts(left, right),
                probability(pair.bits()),
                pair.band(),
                place,
                open);
    }

    private Map<String, String> labels(Access access) {
        return customers.fields(access).stream()
                .collect(java.util.stream.Collectors.toMap(CustomField::key, CustomField::label));
    }

    private static String value(Customers.Profile of, String column, @Nullable String label) {
        var line = of.customer();
        return switch (ComparedValue.of(column)) {
            case NAME -> line.name();
            case PHONE -> contact(line, ContactKind.PHONE, 0);
            case OTHER_PHONE -> contact(line, ContactKind.PHONE, 1);
            case EMAIL -> contact(line, ContactKind.EMAIL, 0);
            case WECHAT -> contact(line, ContactKind.WECHAT, 0);
            case ID_NUMBER -> contact(line, ContactKind.ID_NUMBER, 0);
            case ADDRESS -> contact(line, ContactKind.ADDRESS, 0);
            case CREDIT_CODE -> Objects.requireNonNullElse(of.creditCode(), "");
            case OWN_FIELD ->
                of.fields().stream()
                        .filter(field -> field.label().equals(label))
                        .map(Customers.Profile.Value::value)
                        .findFirst()
                        .orElse("");
        };
    }

    private static String contact(CustomerPage.Line line, ContactKind kind, int place) {
        return line.contacts().stream()
                .filter(contact -> contact.kind() == kind)
                .skip(place)
                .map(CustomerPage.Contact::value)
                .findFirst()
                .orElse("");
    }

    private static List<Conflict> conflicts(Customers.Profile left, Customers.Profile right) {
        var conflicts = new ArrayList<Conflict>();
        var rule = Survivorship.usual();
        var merged = right.customer().id();
        if (!left.customer().name().equals(right.customer().name())) {
            conflicts.add(new Conflict(
                    Survivorship.NAME,
                    ComparedValue.NAME,
                    null,
                    left.customer().name(),
                    right.customer().name(),
                    rule.takesMerged(
                            Survivorship.NAME,
                            merged,
                            left.customer().name(),
                            right.customer().name())));
        }
        var code = left.creditCode();
        var other = right.creditCode();
        if (code != null && other != null && !code.equals(other)) {
            conflicts.add(new Conflict(Survivorship.CREDIT_CODE, ComparedValue.CREDIT_CODE, null, code, other, false));
        }
        return conflicts;
    }

    static double probability(double bits) {
        return 1 / (1 + Math.exp(-bits * Math.log(2)));
    }

    /**
     * Takes a person's word on a pair: the same are merged, the others stay apart, and what is still open is weighed anew.
     *
     * @param chosen by field the customer whose value is kept, see {@link Survivorship}; empty for the usual rule
     * @return the merge, or null
     * @throws Refused when it was answered meanwhile
     */
    public Merges.@Nullable Merge answer(Access access, UUID pair, Answer answer, Map<String, UUID> chosen) {
        access.require(Capability.EDIT_CUSTOMERS);
        var tenant = access.tenant();
        return tenancy.<Merges.@Nullable Merge>write(tenant, () -> {
            var found = rows.pair(tenant, pair).orElseThrow(() -> new Unknown("pair " + pair));
            if (found.answer() != null) {
                throw Refused.because("customer.duplicates.answered");
            }
            var merge = answer == Answer.SAME
                    ? merges.merge(access, found.first(), found.second(), new Survivorship(chosen), pair)
                    : null;
            if (!rows.answer(
                    tenant, pair, answer, merge == null ? null : merge.id(), access.person(), clock.instant())) {
                throw Refused.because("customer.duplicates.answered");
            }
            reweigh(tenant);
            return merge;
        });
    }

    /**
     * Takes back the last answer of this person, with the merge it led to.
     *
     * @return the pair, open again
     * @throws Refused when there is none
     */
    public UUID undo(Access access) {
        access.require(Capability.EDIT_CUSTOMERS);
        var tenant = access.tenant();
        return tenancy.write(tenant, () -> {
            var last = rows.lastAnswered(tenant, access.person())
                    .orElseThrow(() -> Refused.because("customer.duplicates.nothingToUndo"));
            var merge = last.merge();
            if (merge != null) {
                merges.undo(access, merge);
            }
            rows.open(tenant, last.id());
            reweigh(tenant);
            return last.id();
        });
    }

    /** Undoes a merge because it was wrong: the two are known to be different from now on. */
    public Merges.Merge part(Access access, UUID merge) {
        access.require(Capability.EDIT_CUSTOMERS);
        var tenant = access.tenant();
        return tenancy.write(tenant, () -> {
            var undone = merges.undo(access, merge);
            rows.parted(tenant, merge, access.person(), clock.instant());
            reweigh(tenant);
            return undone;
        });
    }

    /** Merges two customers a person found to be one without being asked. */
    public Merges.Merge merge(Access access, UUID first, UUID second, Map<String, UUID> chosen) {
        return merges.merge(access, first, second, new Survivorship(chosen), null);
    }

    /** What was learned changes the scores of open pairs at once; the most informative come first. */
    private void reweigh(UUID tenant) {
        var run = rows.lastDone(tenant).orElse(null);
        if (run == null) {
            return;
        }
        var open = new ArrayList<Pair>();
        for (var band : Band.values()) {
            open.addAll(rows.open(tenant, band, 0, REWEIGHED));
        }
        var taught =
                rows.lessons(tenant).stream().map(DuplicateRows.Taught::lesson).toList();
        var columns = new TreeSet<>(run.columns());
        var lessons = Lessons.of(List.copyOf(columns), taught);
        var bands = new Bands(run.mergeFrom(), run.apartBelow());
        record Weighed(Pair pair, double bits, Band band, double information) {}
        var weighed = open.stream()
                .map(pair -> {
                    var grades = pair.byColumn();
                    double bits = pair.baseBits() + lessons.bits(grades);
                    // What others of its cluster kept apart stays for people, however alike it looks.
                    var band = pair.band() == Band.REVIEW && pair.baseBits() >= run.mergeFrom()
                            ? Band.REVIEW
                            : bands.of(bits);
                    return new Weighed(pair, bits, band, lessons.information(grades, bits));
                })
                .sorted(Comparator.comparingDouble((Weighed each) -> -each.information())
                        .thenComparing(each -> each.pair().id()))
                .toList();
        var scored = new ArrayList<Pair>();
        for (var each : weighed) {
            var pair = each.pair();
            scored.add(new Pair(
                    pair.id(),
                    pair.first(),
                    pair.second(),
                    pair.columns(),
                    pair.grades(),
                    pair.weights(),
                    pair.baseBits(),
                    each.bits(),
                    each.band(),
                    scored.size(),
                    null,
                    null));
        }
        rows.rescore(tenant, scored);
    }

    /** Merges, in the background, every pair that is sure enough; each merge can be undone by itself. */
    public void mergeSure(Access access) {
        access.require(Capability.EDIT_CUSTOMERS);
        var tenant = access.tenant();
        scheduler.ifAvailable(client -> client.scheduleIfNotExists(SureMergesWorker.TASK
                .instance(tenant.toString())
                .data(new SureMergesWorker.Job(tenant, access.contract(), access.person()))
                .scheduledTo(clock.instant())));
    }

    /** @return how many pairs were dealt with; 0 when none is left */
    int mergeSome(SureMergesWorker.Job job, int most) {
        var access = standings.access(job.person(), job.contract(), clock.instant());
        return mergeSome(access, most);
    }

    int mergeSome(Access access, int most) {
        access.require(Capability.EDIT_CUSTOMERS);
        var tenant = access.tenant();
        return tenancy.write(tenant, () -> {
            var some = rows.open(tenant, Band.MERGE, 0, most);
            int done = 0;
            for (var pair : some) {
                // Each may have become one customer by those before it.
                var now = rows.pair(tenant, pair.id()).orElseThrow();
                if (now.first().equals(now.second())) {
                    rows.answer(tenant, pair.id(), Answer.SAME, null, null, clock.instant());
                } else {
                    var merge = merges.merge(access, now.first(), now.second(), Survivorship.usual(), pair.id());
                    rows.answer(tenant, pair.id(), Answer.SAME, merge.id(), null, clock.instant());
                }
                done++;
            }
            return done;
        });
    }

    /** How many customers of an import look like known ones at once, by a shared phone, e-mail, WeChat id or id number. */
    public int sharing(Access access, UUID batch) {
        access.require(Capability.READ_CUSTOMERS);
        return tenancy.read(access.tenant(), () -> rows.sharing(access.tenant(), batch));
    }
}
