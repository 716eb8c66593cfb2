package io.retainer.customer;

import static io.retainer.identity.Capability.EDIT_CUSTOMERS;
import static io.retainer.identity.Capability.READ_CUSTOMERS;

import io.retainer.customer.Rule.Condition;
import io.retainer.identity.Access;
import io.retainer.kernel.Ids;
import io.retainer.kernel.Refused;
import io.retainer.kernel.Sentence;
import io.retainer.kernel.Tenancy;
import io.retainer.kernel.Unknown;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Clock;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.stereotype.Service;

/**
 * Groups of a client's customers: by a rule, asked anew each time, or lists kept by hand. A rule becomes one statement of
 * the database, whether it counts, lists or explains.
 */
@Service
public class Segments {

    static final ZoneId ZONE = ZoneId.of("Asia/Shanghai");

    private static final int LONGEST_NAME = 60;
    private static final int LONGEST_TEXT = 100;
    private static final int MOST_SEGMENTS = 500;
    private static final int FEWEST_COMPARED = 2;
    private static final int MOST_COMPARED = 4;

    private final SegmentRows rows;
    private final CustomerRows customerRows;
    private final Customers customers;
    private final Events happenings;
    private final Tenancy tenancy;
    private final ApplicationEventPublisher events;
    private final Clock clock;

    Segments(
            SegmentRows rows,
            CustomerRows customerRows,
            Customers customers,
            Events happenings,
            Tenancy tenancy,
            ApplicationEventPublisher events,
            Clock clock) {
        this.rows = rows;
        this.customerRows = customerRows;
        this.customers = customers;
        this.happenings = happenings;
        this.tenancy = tenancy;
        this.events = events;
        this.clock = clock;
    }

    /** @param before to ask for the next page with; null on the last */
    public record Page(List<Segment> segments, @Nullable UUID before) {

        public Page {
            segments = List.copyOf(segments);
        }
    }

    /** How many of all the client's customers fit, at that moment. */
    public record Size(long fitting, long all, Instant at) {

        /** Part of all, 0 to 1; 0 when there are none. */
        public double share() {
            return all == 0 ? 0 : (double) fitting / all;
        }
    }

    /**
     * Why a customer belongs, or does not: a rule and what came of it.
     *
     * @param negated whether the opposite is asked for
     * @param holds after the negation
     * @param says in words; null for a group
     * @param seen what was found, where there is more to say
     */
    public record Reason(
            Rule rule,
            boolean negated,
            boolean holds,
            @Nullable Sentence says,
            @Nullable Sentence seen,
            List<Reason> parts) {}

    /**
     * Which customers several segments share.
     *
     * @param parts by which segments they are in, in the order of the segments; the largest first
     */
    public record Overlap(List<Segment> segments, List<Long> sizes, List<Part> parts) {

        /** Customers in exactly these segments. */
        public record Part(List<Boolean> in, long customers) {}
    }

    /** The newest first. */
    public Page page(Access access, String part, @Nullable UUID before, int most) {
        access.require(READ_CUSTOMERS);
        var found = tenancy.read(
                access.tenant(),
                () -> rows.newest(
                        access.tenant(), part.strip(), before == null ? CustomerRows.LAST : before, most + 1));
        boolean more = found.size() > most;
        var page = more ? found.subList(0, most) : found;
        return new Page(page, more ? page.getLast().id() : null);
    }

    /** @throws Unknown when the client has no such segment */
    public Segment segment(Access access, UUID id) {
        access.require(READ_CUSTOMERS);
        return tenancy.read(access.tenant(), () -> found(access.tenant(), id));
    }

    private Segment found(UUID tenant, UUID id) {
        return rows.find(tenant, id).orElseThrow(() -> new Unknown("segment " + id));
    }

    /**
     * Makes a segment.
     *
     * @param rule null for a list kept by hand
     */
    public UUID make(Access access, String name, @Nullable Rule rule) {
        access.require(EDIT_CUSTOMERS);
        var tenant = access.tenant();
        return tenancy.write(tenant, () -> {
            if (rows.count(tenant) >= MOST_SEGMENTS) {
                throw Refused.because("customer.segment.most", MOST_SEGMENTS);
            }
            var now = now();
            var segment = new Segment(
                    Ids.at(now.toEpochMilli()),
                    named(name),
                    rule == null ? null : checked(tenant, rule),
                    access.person(),
                    now,
                    now,
                    0);
            if (!rows.add(tenant, access.contract(), segment)) {
                throw Refused.field("name", "customer.segment.taken", segment.name());
            }
            publish(access, segment, SegmentChanged.Change.MADE, 0);
            return segment.id();
        });
    }

    public void rename(Access access, UUID id, int version, String name) {
        change(
                access,
                id,
                version,
                SegmentChanged.Change.RENAMED,
                segment -> with(segment, named(name), segment.rule()));
    }

    /**
     * Changes the rule.
     *
     * @param version of the segment as the person saw it
     * @throws Refused when somebody else changed it meanwhile, or it is a list
     */
    public void change(Access access, UUID id, int version, UnaryOperator<Rule> change) {
        change(access, id, version, SegmentChanged.Change.RULE, segment -> {
            var rule = segment.rule();
            if (rule == null) {
                throw Refused.because("customer.segment.isList");
            }
            return with(segment, segment.name(), checked(access.tenant(), change.apply(rule)));
        });
    }

    private void change(
            Access access, UUID id, int version, SegmentChanged.Change what, UnaryOperator<Segment> change) {
        access.require(EDIT_CUSTOMERS);
        var tenant = access.tenant();
        tenancy.write(tenant, () -> {
            var segment = found(tenant, id);
            if (segment.version() != version) {
                throw Refused.because("customer.segment.changed");
            }
            var changed = change.apply(segment);
            if (rows.nameTaken(tenant, changed.name(), id)) {
                throw Refused.field("name", "customer.segment.taken", changed.name());
            }
            if (!rows.change(tenant, changed, now())) {
                throw Refused.because("customer.segment.changed");
            }
            publish(access, changed, what, version + 1);
        });
    }

    private static Segment with(Segment segment, String name, @Nullable Rule rule) {
        return new Segment(
                segment.id(), name, rule, segment.madeBy(), segment.madeAt(), segment.changedAt(), segment.version());
    }

    /** Removes it; no customer is touched. */
    public void remove(Access access, UUID id) {
        access.require(EDIT_CUSTOMERS);
        var tenant = access.tenant();
        tenancy.write(tenant, () -> {
            var segment = found(tenant, id);
            if (segment.rule() == null && rows.used(tenant, id)) {
                throw Refused.because("customer.segment.used");
            }
            rows.remove(tenant, id);
            publish(access, segment, SegmentChanged.Change.REMOVED, segment.version() + 1);
        });
    }

    /**
     * Puts customers on a list.
     *
     * @param names the numbers the client knows them by, or our ids
     * @return how many were not on it before
     */
    public int put(Access access, UUID id, Collection<String> names) {
        access.require(EDIT_CUSTOMERS);
        var tenant = access.tenant();
        return tenancy.write(tenant, () -> {
            var list = list(tenant, id);
            var wanted = new LinkedHashSet<String>();
            names.stream().map(String::strip).filter(name -> !name.isEmpty()).forEach(wanted::add);
            var known = rows.customers(tenant, wanted);
            var missing =
                    wanted.stream().filter(name -> !known.containsKey(name)).toList();
            if (wanted.isEmpty() || !missing.isEmpty()) {
                throw Refused.field(
                        "customers",
                        "customer.segment.unknown",
                        missing.size(),
                        missing.isEmpty() ? "—" : first(missing));
            }
            int added = rows.addMembers(tenant, id, new LinkedHashSet<>(known.values()), access.person(), now());
            if (added > 0) {
                touched(access, list);
            }
            return added;
        });
    }

    private static String first(List<String> missing) {
        var name = missing.getFirst();
        return name.length() > LONGEST_TEXT ? name.substring(0, LONGEST_TEXT) + "…" : name;
    }

    public void take(Access access, UUID id, UUID customer) {
        access.require(EDIT_CUSTOMERS);
        var tenant = access.tenant();
        tenancy.write(tenant, () -> {
            var list = list(tenant, id);
            if (rows.removeMember(tenant, id, customerRows.present(tenant, customer)) > 0) {
                touched(access, list);
            }
        });
    }

    private Segment list(UUID tenant, UUID id) {
        var segment = found(tenant, id);
        if (segment.rule() != null) {
            throw Refused.because("customer.segment.isRule");
        }
        return segment;
    }

    private void touched(Access access, Segment list) {
        if (!rows.change(access.tenant(), list, now())) {
            throw Refused.because("customer.segment.changed");
        }
        publish(access, list, SegmentChanged.Change.MEMBERS, list.version() + 1);
    }

    /** Keeps those who are in a segment now as a list of its own. */
    public UUID keep(Access access, UUID id, String name) {
        access.require(EDIT_CUSTOMERS);
        var tenant = access.tenant();
        return tenancy.write(tenant, () -> {
            var segment = found(tenant, id);
            var list = make(access, name, null);
            var sql = sql(tenant);
            rows.keep(tenant, list, condition(sql, segment), sql.parameters(), access.person(), now());
            return list;
        });
    }

    public Size size(Access access, UUID id) {
        access.require(READ_CUSTOMERS);
        var tenant = access.tenant();
        return tenancy.read(tenant, () -> size(tenant, found(tenant, id)));
    }

    private Size size(UUID tenant, Segment segment) {
        var sql = sql(tenant);
        return new Size(rows.count(tenant, condition(sql, segment), sql.parameters()), rows.customersOf(tenant), now());
    }

    /** Who is in it, the newest first, masked. */
    public CustomerPage customers(Access access, UUID id, @Nullable UUID before, int most) {
        access.require(READ_CUSTOMERS);
        var tenant = access.tenant();
        return tenancy.read(tenant, () -> {
            var sql = sql(tenant);
            var condition = condition(sql, found(tenant, id));
            return customers.fitting(
                    tenant, condition, sql.parameters(), before == null ? CustomerRows.LAST : before, most);
        });
    }

    /**
     * The ids of those in it, ascending, some at a time.
     *
     * @param after the last id seen, or null
     */
    public List<UUID> members(UUID tenant, UUID id, @Nullable UUID after, int most) {
        return tenancy.read(tenant, () -> {
            var sql = sql(tenant);
            return rows.ids(
                    tenant,
                    condition(sql, found(tenant, id)),
                    sql.parameters(),
                    after == null ? new UUID(0, 0) : after,
                    most);
        });
    }

    /** Why a customer is in a segment, or is not. */
    public Reason why(Access access, UUID id, UUID customer) {
        access.require(READ_CUSTOMERS);
        var tenant = access.tenant();
        return tenancy.read(tenant, () -> {
            var segment = found(tenant, id);
            var row = customerRows.find(tenant, customer).orElseThrow(() -> new Unknown("customer " + customer));
            var rule = ruleOf(segment);
            var sql = sql(tenant);
            var expressions = new ArrayList<String>();
            for (var condition : RuleTree.conditions(rule)) {
                expressions.add("(" + sql.of(condition) + ")::text");
                expressions.add(Objects.requireNonNullElse(sql.seen(condition), "null"));
            }
            var answers = expressions.isEmpty()
                    ? List.<@Nullable String>of().iterator()
                    : rows.asked(tenant, row.id(), expressions, sql.parameters())
                            .iterator();
            return reason(rule, false, new Answers(answers), words(tenant));
        });
    }

    /** In the order of the conditions of the tree, two for each. */
    private record Answers(java.util.Iterator<@Nullable String> left) {

        boolean holds() {
            return "true".equals(left.next());
        }

        @Nullable
        String seen() {
            return left.next();
        }
    }

    private static Reason reason(Rule rule, boolean negated, Answers answers, RuleWords words) {
        return switch (rule) {
            case Rule.Not(var inner) -> reason(inner, !negated, answers, words);
            case Condition condition -> {
                boolean holds = answers.holds();
                var seen = answers.seen();
                yield new Reason(
                        rule,
                        negated,
                        holds != negated,
                        words.of(condition),
                        seen == null ? null : RuleWords.seen(condition, seen),
                        List.of());
            }
            case Rule.Group group -> {
                var parts = new ArrayList<Reason>();
                for (var part : group.rules()) {
                    parts.add(reason(part, false, answers, words));
                }
                boolean holds = parts.isEmpty()
                        || (group instanceof Rule.All
                                ? parts.stream().allMatch(Reason::holds)
                                : parts.stream().anyMatch(Reason::holds));
                yield new Reason(rule, negated, holds != negated, null, null, List.copyOf(parts));
            }
        };
    }

    /** The segments a customer is in. */
    public List<Segment> of(Access access, UUID customer) {
        access.require(READ_CUSTOMERS);
        var tenant = access.tenant();
        return tenancy.read(tenant, () -> {
            var all = rows.newest(tenant, "", CustomerRows.LAST, MOST_SEGMENTS);
            var row = customerRows.find(tenant, customer);
            if (all.isEmpty() || row.isEmpty()) {
                return List.of();
            }
            var sql = sql(tenant);
            var expressions = all.stream()
                    .map(segment -> "(" + condition(sql, segment) + ")::text")
                    .toList();
            var answers = rows.asked(tenant, row.get().id(), expressions, sql.parameters());
            var in = new ArrayList<Segment>();
            for (int i = 0; i < all.size(); i++) {
                if ("true".equals(answers.get(i))) {
                    in.add(all.get(i));
                }
            }
            return List.copyOf(in);
        });
    }

    /** How two to four segments overlap. */
    public Overlap overlap(Access access, List<UUID> ids) {
        access.require(READ_CUSTOMERS);
        var wanted = ids.stream().distinct().toList();
        if (wanted.size() < FEWEST_COMPARED || wanted.size() > MOST_COMPARED) {
            throw Refused.field("segments", "customer.segment.compare", FEWEST_COMPARED, MOST_COMPARED);
        }
        var tenant = access.tenant();
        return tenancy.read(tenant, () -> {
            var segments = wanted.stream().map(id -> found(tenant, id)).toList();
            var sql = sql(tenant);
            var counted = rows.overlap(
                    tenant,
                    segments.stream().map(segment -> condition(sql, segment)).toList(),
                    sql.parameters());
            var sizes = new ArrayList<Long>();
            for (int i = 0; i < segments.size(); i++) {
                int at = i;
                sizes.add(counted.entrySet().stream()
                        .filter(each -> each.getKey().get(at))
                        .mapToLong(Map.Entry::getValue)
                        .sum());
            }
            var parts = counted.entrySet().stream()
                    .map(each -> new Overlap.Part(each.getKey(), each.getValue()))
                    .sorted(Comparator.comparingLong(part -> -part.customers()))
                    .toList();
            return new Overlap(segments, List.copyOf(sizes), parts);
        });
    }

    /** What the rules of a client can be about: its fields, and its lists by id. */
    record Vocabulary(List<CustomField> fields, Map<UUID, String> lists, List<String> events, RuleWords words) {}

    Vocabulary vocabulary(Access access) {
        access.require(READ_CUSTOMERS);
        return tenancy.read(access.tenant(), () -> {
            var words = words(access.tenant());
            return new Vocabulary(
                    words.fields().values().stream()
                            .sorted(Comparator.comparing(CustomField::label))
                            .toList(),
                    rows.lists(access.tenant()),
                    happenings.kinds(access.tenant()),
                    words);
        });
    }

    /**
     * The rule a search comes down to, so that it can be kept: a tag, a place, or a field of the client's own. Anything else
     * may be personal and is not kept.
     */
    Rule rule(Access access, String search) {
        return new Rule.All(List.of(
                customers.rule(access, search).orElseThrow(() -> Refused.field("q", "customer.segment.search"))));
    }

    private RuleWords words(UUID tenant) {
        return new RuleWords(customerRows.fields(tenant), rows.lists(tenant));
    }

    RuleSql sql(UUID tenant) {
        return new RuleSql(
                LocalDate.ofInstant(clock.instant(), ZONE),
                customerRows.fields(tenant),
                region -> customers.district(tenant, region));
    }

    static String condition(RuleSql sql, Segment segment) {
        return sql.of(ruleOf(segment));
    }

    private static Rule ruleOf(Segment segment) {
        var rule = segment.rule();
        return rule == null ? new Rule.Listed(segment.id()) : rule;
    }

    private static String named(String name) {
        var text = name.strip();
        if (text.isEmpty() || text.length() > LONGEST_NAME) {
            throw Refused.field("name", "customer.segment.name", LONGEST_NAME);
        }
        InTheClear.require("name", text);
        return text;
    }

    private Rule checked(UUID tenant, Rule rule) {
        return RuleCheck.checked(
                rule, customerRows.fields(tenant), rows.lists(tenant).keySet());
    }

    private void publish(Access access, Segment segment, SegmentChanged.Change change, int version) {
        events.publishEvent(new SegmentChanged(
                access.tenant(),
                access.contract(),
                segment.id(),
                change,
                version,
                hash(rows.written(segment.rule())),
                now(),
                access.person()));
    }

    private static String hash(String text) {
        if (text.isEmpty()) {
            return "";
        }
        try {
            return HexFormat.of()
                    .formatHex(MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    private Instant now() {
        return clock.instant().truncatedTo(ChronoUnit.MICROS);
    }
}
