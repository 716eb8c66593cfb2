package io.retainer.customer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.retainer.PostgresTest;
import io.retainer.customer.Rule.All;
import io.retainer.customer.Rule.Any;
import io.retainer.customer.Rule.Limit;
import io.retainer.customer.Rule.Not;
import io.retainer.identity.Access;
import io.retainer.identity.Capability;
import io.retainer.kernel.Ids;
import io.retainer.kernel.Money;
import io.retainer.kernel.Party;
import io.retainer.kernel.Refused;
import io.retainer.kernel.Texts;
import io.retainer.kernel.Unknown;
import io.retainer.vault.Purpose;
import java.io.IOException;
import java.io.StringWriter;
import java.math.BigDecimal;
import java.time.Clock;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.context.annotation.Import;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Issue 4, item 8: segments by rule and by hand, and the guarded way out. */
@SpringBootTest(properties = "db-scheduler.enabled=false")
@Import(PostgresTest.class)
class SegmentTests {

    @Autowired
    Customers customers;

    @Autowired
    Consents consents;

    @Autowired
    Orders orders;

    @Autowired
    Segments segments;

    @Autowired
    Exports exports;

    @Autowired
    Duplicates duplicates;

    @Autowired
    Merges merges;

    @Autowired
    PostgresTest.Database database;

    @Autowired
    Clock clock;

    UUID tenant = UUID.randomUUID();
    Access lead = CustomerTests.access(tenant);

    private UUID add(String name, String reference, String... tags) {
        return customers.add(
                lead,
                new NewCustomer(
                        CustomerKind.PERSON,
                        name,
                        reference,
                        null,
                        List.of(new NewCustomer.Contact(
                                ContactKind.PHONE,
                                "138" + String.format("%08d", Math.floorMod(reference.hashCode(), 100_000_000)),
                                null)),
                        List.of(tags),
                        Map.of()),
                "门店");
    }

    /** One customer as plain Java, to hold the database against. */
    private record Made(
            CustomerKind kind,
            Set<String> tags,
            Set<ContactKind> contacts,
            String source,
            Map<String, String> fields,
            Map<LocalDate, Long> orders,
            List<Object[]> consents,
            boolean listed) {}

    private static boolean fits(Rule rule, Made made, LocalDate today) {
        return switch (rule) {
            case All(var rules) -> rules.stream().allMatch(each -> fits(each, made, today));
            case Any(var rules) -> rules.isEmpty() || rules.stream().anyMatch(each -> fits(each, made, today));
            case Not(var inner) -> !fits(inner, made, today);
            case Rule.OfKind(var kind) -> made.kind() == kind;
            case Rule.Tagged(var tag) -> made.tags().contains(tag);
            case Rule.Reachable(var kind) -> made.contacts().contains(kind);
            case Rule.CameFrom(var source) -> made.source().equals(source);
            case Rule.LivesIn _ -> throw new AssertionError("not made here");
            case Rule.Unchanged(var key, var limit, var days) ->
                made.fields().containsKey(key) && (limit == Limit.AT_MOST || days == 0);
            case Rule.Added(var limit, var days) -> limit == Limit.AT_MOST || days == 0;
            case Rule.OwnField(var key, var test, var value) -> {
                var has = made.fields().get(key);
                yield has != null
                        && switch (test) {
                            case KNOWN -> true;
                            case EQUALS -> has.equals(value);
                            case CONTAINS -> has.contains(String.valueOf(value));
                            case AT_LEAST ->
                                key.equals("points")
                                        ? new BigDecimal(has).compareTo(new BigDecimal(String.valueOf(value))) >= 0
                                        : has.compareTo(String.valueOf(value)) >= 0;
                            case AT_MOST ->
                                key.equals("points")
                                        ? new BigDecimal(has).compareTo(new BigDecimal(String.valueOf(value))) <= 0
                                        : has.compareTo(String.valueOf(value)) <= 0;
                            case LAST_DAYS, NEXT_DAYS, COMES_ROUND -> throw new AssertionError("not made here");
                        };
            }
            case Rule.Agreed(var purpose, var channel) -> {
                boolean allowed = purpose == DataPurpose.SERVICE;
                for (var word : made.consents()) {
                    if (word[0] == purpose && (word[1] == channel || word[1] == Channel.ANY)) {
                        allowed = (Boolean) word[2];
                    }
                }
                yield allowed;
            }
            case Rule.Bought(var limit, var times, var days) -> {
                long bought = since(made, today, days).size();
                yield limit == Limit.AT_LEAST ? bought >= times : bought <= times;
            }
            case Rule.Spent(var limit, var amount, var days) -> {
                long spent = since(made, today, days).stream().mapToLong(x -> x).sum();
                long asked = Money.of(amount).fen();
                yield limit == Limit.AT_LEAST ? spent >= asked : spent <= asked;
            }
            case Rule.LastBought(var limit, var days) ->
                made.orders().keySet().stream()
                        .max(LocalDate::compareTo)
                        .map(last -> limit == Limit.AT_MOST
                                ? !last.isBefore(today.minusDays(days))
                                : !last.isAfter(today.minusDays(days)))
                        .orElse(false);
            case Rule.Scored _, Rule.Staying _, Rule.Worth _, Rule.Did _, Rule.Leaving _ ->
                throw new IllegalArgumentException();
            case Rule.Listed _ -> made.listed();
        };
    }

    private static List<Long> since(Made made, LocalDate today, int days) {
        return made.orders().entrySet().stream()
                .filter(order -> order.getKey().isAfter(today.minusDays(days)))
                .map(Map.Entry::getValue)
                .toList();
    }

    private static <T> T one(Random random, List<T> of) {
        return of.get(random.nextInt(of.size()));
    }

    private static Rule rule(Random random, int depth, UUID list) {
        if (depth > 0 && random.nextInt(3) > 0) {
            var parts = new ArrayList<Rule>();
            int count = random.nextInt(4);
            for (int i = 0; i < count; i++) {
                parts.add(rule(random, depth - 1, list));
            }
            Rule group = random.nextBoolean() ? new All(parts) : new Any(parts);
            return random.nextInt(4) == 0 ? new Not(group) : group;
        }
        var limit = one(random, List.of(Limit.values()));
        int days = 1 + random.nextInt(60);
        Rule condition = switch (random.nextInt(12)) {
            case 0 -> new Rule.OfKind(one(random, List.of(CustomerKind.values())));
            case 1 -> new Rule.Tagged(one(random, List.of("VIP", "new", "nobody")));
            case 2 -> new Rule.Reachable(one(random, List.of(ContactKind.PHONE, ContactKind.EMAIL)));
            case 3 -> new Rule.CameFrom(one(random, List.of("shop", "web")));
            case 4 -> new Rule.OwnField("level", Rule.Test.CONTAINS, one(random, List.of("o", "ld")));
            case 5 ->
                new Rule.OwnField(
                        "points",
                        one(random, List.of(Rule.Test.AT_LEAST, Rule.Test.AT_MOST)),
                        String.valueOf(random.nextInt(120)));
            case 6 -> new Rule.OwnField("level", Rule.Test.KNOWN, null);
            case 7 ->
                new Rule.Agreed(
                        one(random, List.of(DataPurpose.SERVICE, DataPurpose.MARKETING)),
                        one(random, List.of(Channel.SMS, Channel.PHONE)));
            case 8 -> new Rule.Bought(limit, random.nextInt(4), days);
            case 9 -> new Rule.Spent(limit, new BigDecimal(random.nextInt(300)), days);
            case 10 -> new Rule.LastBought(limit, random.nextInt(60));
            default ->
                switch (random.nextInt(3)) {
                    case 0 -> new Rule.Listed(list);
                    case 1 -> new Rule.Unchanged("level", limit, random.nextInt(3));
                    default -> new Rule.Added(limit, random.nextInt(3));
                };
        };
        return random.nextInt(4) == 0 ? new Not(condition) : condition;
    }

    @Test
    void theDatabaseFindsWhomTheRuleMeans() {
        var random = new Random(4);
        var today = LocalDate.ofInstant(clock.instant(), Segments.ZONE);
        customers.addField(lead, new CustomField(Ids.next(), "level", "级别", CustomField.Type.TEXT, false));
        customers.addField(lead, new CustomField(Ids.next(), "points", "积分", CustomField.Type.NUMBER, false));
        var list = segments.make(lead, "名单", null);
        var made = new HashMap<UUID, Made>();
        var sent = new ArrayList<Orders.NewOrder>();
        for (int i = 0; i < 60; i++) {
            var contacts = new HashMap<ContactKind, String>();
            if (random.nextInt(3) > 0) {
                contacts.put(ContactKind.PHONE, "139%08d".formatted(i));
            }
            if (random.nextBoolean()) {
                contacts.put(ContactKind.EMAIL, "u%d@example.com".formatted(i));
            }
            var tags = new HashSet<String>();
            if (random.nextBoolean()) {
                tags.add("VIP");
            }
            if (random.nextBoolean()) {
                tags.add("new");
            }
            var fields = new HashMap<String, String>();
            if (random.nextBoolean()) {
                fields.put("level", one(random, List.of("gold", "old", "silver")));
            }
            if (random.nextBoolean()) {
                fields.put("points", String.valueOf(random.nextInt(120)));
            }
            var kind = one(random, List.of(CustomerKind.values()));
            var source = one(random, List.of("shop", "web"));
            var id = customers.add(
                    lead,
                    new NewCustomer(
                            kind,
                            "客户" + "甲乙丙丁戊己庚辛".charAt(i % 8),
                            "C" + i,
                            null,
                            contacts.entrySet().stream()
                                    .map(each -> new NewCustomer.Contact(each.getKey(), each.getValue(), null))
                                    .toList(),
                            List.copyOf(tags),
                            fields),
                    source);
            var bought = new HashMap<LocalDate, Long>();
            int count = random.nextInt(5);
            for (int k = 0; k < count; k++) {
                var day = today.minusDays(random.nextInt(70));
                if (bought.putIfAbsent(day, (long) random.nextInt(20_000)) == null) {
                    sent.add(new Orders.NewOrder("C" + i, "O" + sent.size(), day, Money.ofFen(bought.get(day))));
                }
            }
            var words = new ArrayList<Object[]>();
            int said = random.nextInt(4);
            for (int k = 0; k < said; k++) {
                var word = new Object[] {
                    one(random, List.of(DataPurpose.SERVICE, DataPurpose.MARKETING)),
                    one(random, List.of(Channel.SMS, Channel.PHONE, Channel.ANY)),
                    random.nextBoolean()
                };
                words.add(word);
                consents.record(
                        lead,
                        id,
                        (DataPurpose) word[0],
                        (Channel) word[1],
                        (Boolean) word[2],
                        ProofKind.CALL,
                        "录音",
                        clock.instant().minusSeconds(1000 - 10L * k));
            }
            boolean listed = random.nextInt(4) == 0;
            if (listed) {
                segments.put(lead, list, List.of("C" + i));
            }
            made.put(id, new Made(kind, tags, contacts.keySet(), source, fields, bought, words, listed));
        }
        orders.add(lead, sent);

        int some = 0;
        for (int n = 0; n < 150; n++) {
            var rule = rule(random, 3, list);
            var segment = segments.make(lead, "规则" + n, rule);
            var expected = new HashSet<UUID>();
            made.forEach((id, one) -> {
                if (fits(rule, one, today)) {
                    expected.add(id);
                }
            });
            some += expected.isEmpty() || expected.size() == made.size() ? 0 : 1;
            assertThat(segments.members(tenant, segment, null, 1000))
                    .as(rule.toString())
                    .containsExactlyInAnyOrderElementsOf(expected)
                    .isSorted();
            assertThat(segments.size(lead, segment).fitting()).isEqualTo(expected.size());
            var asked = one(random, List.copyOf(made.keySet()));
            assertThat(segments.why(lead, segment, asked).holds())
                    .as("explained: " + rule)
                    .isEqualTo(expected.contains(asked));
            assertThat(segments.of(lead, asked).stream()
                            .anyMatch(each -> each.id().equals(segment)))
                    .isEqualTo(expected.contains(asked));
        }
        assertThat(some).as("rules that part the customers").isGreaterThan(70);

        var page = segments.page(lead, "规则1", null, 200).segments();
        var compared =
                segments.overlap(lead, List.of(page.get(0).id(), page.get(1).id(), list));
        var sets = compared.segments().stream()
                .map(each -> new HashSet<>(segments.members(tenant, each.id(), null, 1000)))
                .toList();
        for (var part : compared.parts()) {
            assertThat(made.keySet().stream()
                            .filter(id -> sets.stream()
                                    .map(set -> set.contains(id))
                                    .toList()
                                    .equals(part.in()))
                            .count())
                    .isEqualTo(part.customers());
        }
    }

    @Test
    void anotherClientHasNoneOfIt() {
        add("王小明", "C1", "VIP");
        var segment = segments.make(lead, "会员", new Rule.Tagged("VIP"));
        var list = segments.make(lead, "名单", null);
        var other = CustomerTests.access(UUID.randomUUID());
        assertThat(segments.page(other, "", null, 10).segments()).isEmpty();
        assertThatThrownBy(() -> segments.segment(other, segment)).isInstanceOf(Unknown.class);
        assertThatThrownBy(() -> segments.size(other, segment)).isInstanceOf(Unknown.class);
        assertThatThrownBy(() -> segments.members(other.tenant(), segment, null, 10))
                .isInstanceOf(Unknown.class);
        assertThatThrownBy(() -> segments.remove(other, segment)).isInstanceOf(Unknown.class);
        assertThatThrownBy(() -> segments.put(other, list, List.of("C1"))).isInstanceOf(Unknown.class);
        assertThatThrownBy(() -> segments.make(other, "名单", new Rule.Listed(list)))
                .isInstanceOf(Refused.class);
        assertThatThrownBy(() -> exports.ask(other, segment, true, DataPurpose.SERVICE, "核对客户"))
                .isInstanceOf(Unknown.class);
        // The same rule asked by the other client finds its own customers only.
        var same = segments.make(other, "会员", new Rule.Tagged("VIP"));
        assertThat(segments.size(other, same).fitting()).isZero();
    }

    /** An old id is another name of the one who was merged: whoever kept it must not lose a withdrawal by it. */
    @Test
    void whoWasMergedIsSpokenOfByTheOldIdToo() {
        var one = add("王小明", "C1");
        var two = add("王晓明", "C2");
        var merge = duplicates.merge(lead, one, two, Map.of());
        var old = merge.survivor().equals(one) ? two : one;
        var at = clock.instant().minusSeconds(60);
        consents.record(lead, old, DataPurpose.SERVICE, Channel.PHONE, false, ProofKind.CALL, "请勿来电", at);
        assertThat(consents.of(lead, merge.survivor())).hasSize(1);
        assertThat(consents.of(lead, old)).isEqualTo(consents.of(lead, merge.survivor()));
        assertThat(consents.history(lead, old)).hasSize(1);
        assertThat(consents.allows(tenant, old, DataPurpose.SERVICE, Channel.PHONE))
                .as("withdrawn")
                .isFalse();
        customers.tag(lead, old, "回头客", true);
        assertThat(customers.profile(lead, merge.survivor()).customer().tags()).contains("回头客");
        customers.tag(lead, old, "回头客", false);
        var phone = customers.addContact(
                lead, old, new NewCustomer.Contact(ContactKind.PHONE, "13700137000", null), Origin.of("门店"));
        assertThat(customers.reveal(lead, old, phone, Purpose.SERVICE, "客户来电核对").inTheClear())
                .isEqualTo("+8613700137000");
        var other = customers.changeContact(lead, old, phone, "13700137001", null, Origin.of("门店"));
        customers.removeContact(lead, old, other);
        assertThat(customers.profile(lead, merge.survivor()).customer().contacts())
                .noneMatch(contact -> contact.id().equals(other));
        for (Runnable ask : List.<Runnable>of(
                () -> consents.of(lead, UUID.randomUUID()),
                () -> consents.history(lead, UUID.randomUUID()),
                () -> customers.tag(lead, UUID.randomUUID(), "x", true))) {
            assertThatThrownBy(ask::run).isInstanceOf(Unknown.class);
        }
    }

    /** PIPL 14, 15: permission of a second person does not replace that of the customer. */
    @Test
    void aListInTheClearShowsOnlyWhoMayBeAddressedForItsPurpose() throws IOException {
        var at = clock.instant().minusSeconds(3600);
        var agreed = both("张三丰", "13800138001", "a@example.com");
        var withdrew = both("李四光", "13800138002", "b@example.com");
        both("王五福", "13800138003", "c@example.com");
        consents.record(lead, agreed, DataPurpose.MARKETING, Channel.EMAIL, true, ProofKind.FORM, "登记表", at);
        consents.record(lead, withdrew, DataPurpose.MARKETING, Channel.ANY, true, ProofKind.FORM, "登记表", at);
        consents.record(
                lead, withdrew, DataPurpose.MARKETING, Channel.ANY, false, ProofKind.CALL, "来电", at.plusSeconds(60));
        consents.record(lead, withdrew, DataPurpose.SERVICE, Channel.SMS, false, ProofKind.CALL, "来电", at);
        var segment = segments.make(lead, "全体", new All(List.of()));
        var guard = new Access(
                UUID.randomUUID(),
                tenant,
                lead.contract(),
                Party.CLIENT,
                Set.of(Capability.READ_CUSTOMERS, Capability.GUARD_DATA));

        var marketing = exports.ask(lead, segment, false, DataPurpose.MARKETING, "寄新品目录");
        exports.decide(guard, marketing, true);
        assertThat(file(lead, marketing))
                .contains("张三丰", "a@example.com", "138****8001", "李*光", "138****8002", "b***@example.com", "王*福")
                .doesNotContain("13800138001", "13800138002", "13800138003", "李四光", "王五福");

        var service = exports.ask(lead, segment, false, DataPurpose.SERVICE, "通知门店搬迁");
        exports.decide(guard, service, true);
        assertThat(file(lead, service))
                .as("by phone he may still be called")
                .contains("张三丰", "13800138001", "李四光", "13800138002", "王五福", "c@example.com");
        consents.record(lead, withdrew, DataPurpose.SERVICE, Channel.PHONE, false, ProofKind.CALL, "来电", at);
        var again = exports.ask(lead, segment, false, DataPurpose.SERVICE, "通知门店搬迁");
        exports.decide(guard, again, true);
        assertThat(file(lead, again)).contains("138****8002", "b@example.com").doesNotContain("13800138002");
    }

    private UUID both(String name, String phone, String email) {
        return customers.add(
                lead,
                new NewCustomer(
                        CustomerKind.PERSON,
                        name,
                        null,
                        null,
                        List.of(
                                new NewCustomer.Contact(ContactKind.PHONE, phone, null),
                                new NewCustomer.Contact(ContactKind.EMAIL, email, null)),
                        List.of(),
                        Map.of()),
                "门店");
    }

    /** Days are asked for relative to the day of asking: a rule kept today means another day tomorrow. */
    @Test
    void daysOfTheClientsOwnAreCountedFromToday() {
        customers.addField(lead, new CustomField(Ids.next(), "joined", "入会日", CustomField.Type.DATE, false));
        customers.addField(lead, new CustomField(Ids.next(), "birth", "生日", CustomField.Type.DATE, true));
        customers.addField(lead, new CustomField(Ids.next(), "level", "等级", CustomField.Type.TEXT, false));
        var today = LocalDate.ofInstant(clock.instant(), Segments.ZONE);
        var days = new LinkedHashMap<String, LocalDate>();
        days.put("today", today);
        days.put("last week", today.minusDays(7));
        days.put("before", today.minusDays(8));
        days.put("next week", today.plusDays(7));
        days.put("after", today.plusDays(8));
        days.put("years ago", today.plusDays(3).minusYears(20));
        var who = new HashMap<String, UUID>();
        days.forEach((name, day) -> who.put(
                name,
                customers.add(
                        lead,
                        new NewCustomer(
                                CustomerKind.PERSON,
                                name,
                                null,
                                null,
                                List.of(),
                                List.of(),
                                Map.of("joined", day.toString())),
                        "门店")));
        assertThat(in(Rule.Test.LAST_DAYS, "7")).containsExactlyInAnyOrder(who.get("today"), who.get("last week"));
        assertThat(in(Rule.Test.LAST_DAYS, " ０ ")).containsExactly(who.get("today"));
        assertThat(in(Rule.Test.NEXT_DAYS, "7")).containsExactlyInAnyOrder(who.get("today"), who.get("next week"));
        assertThat(in(Rule.Test.COMES_ROUND, "7"))
                .containsExactlyInAnyOrder(who.get("today"), who.get("next week"), who.get("years ago"));
        var segment = segments.make(lead, "周年", new Rule.OwnField("joined", Rule.Test.COMES_ROUND, "7"));
        var why = segments.why(lead, segment, Objects.requireNonNull(who.get("years ago")))
                .parts()
                .getFirst();
        assertThat(why.holds()).isTrue();
        assertThat(Texts.in(Locale.CHINESE).say(Objects.requireNonNull(why.says())))
                .isEqualTo("“入会日”每年这一天在今后（天）：7");
        for (var bad : List.of("-1", "x", "36501", "1.5")) {
            assertThatThrownBy(() -> in(Rule.Test.LAST_DAYS, bad)).hasMessage("customer.rule.bad.days");
        }
        assertThatThrownBy(() -> in(Rule.Test.COMES_ROUND, "367")).hasMessage("customer.rule.bad.days");
        assertThatThrownBy(() -> segments.make(lead, "x", new Rule.OwnField("level", Rule.Test.LAST_DAYS, "7")))
                .hasMessage("customer.rule.bad.test");
        assertThatThrownBy(() -> segments.make(lead, "x", new Rule.OwnField("birth", Rule.Test.COMES_ROUND, "7")))
                .hasMessage("customer.rule.bad.sealed");
        var leap = new RuleSql(LocalDate.of(2025, 2, 27), Map.of("joined", field("joined")), _ -> Optional.empty());
        leap.of(new Rule.OwnField("joined", Rule.Test.COMES_ROUND, "2"));
        assertThat(leap.parameters().values().stream()
                        .filter(String[].class::isInstance)
                        .map(String[].class::cast)
                        .flatMap(Arrays::stream))
                .as("29 February in a year that has none")
                .containsExactly("02-27", "02-28", "02-29", "03-01");
    }

    private static CustomField field(String key) {
        return new CustomField(UUID.randomUUID(), key, key, CustomField.Type.DATE, false);
    }

    private List<UUID> in(Rule.Test test, String value) {
        var segment = segments.make(lead, test + value, new Rule.OwnField("joined", test, value));
        return segments.members(tenant, segment, null, 10);
    }

    @Test
    void aListFollowsAMergeAndItsUndoing() {
        var one = add("王小明", "C1");
        var two = add("王晓明", "C2");
        var list = segments.make(lead, "名单", null);
        assertThat(segments.put(lead, list, List.of("C2", "C2", " "))).isEqualTo(1);
        assertThat(segments.put(lead, list, List.of(two.toString()))).isZero();
        assertThatThrownBy(() -> segments.put(lead, list, List.of("C1", "C9")))
                .as("all or none")
                .isInstanceOf(Refused.class);
        var merge = duplicates.merge(lead, one, two, Map.of());
        assertThat(segments.members(tenant, list, null, 10)).containsExactly(merge.survivor());
        segments.put(lead, list, List.of("C2"));
        assertThat(segments.members(tenant, list, null, 10))
                .as("known by both numbers")
                .hasSize(1);
        merges.undo(lead, merge.id());
        assertThat(segments.members(tenant, list, null, 10)).containsExactly(two);
        segments.take(lead, list, two);
        assertThat(segments.size(lead, list).fitting()).isZero();
    }

    @Test
    void changesNeedTheVersionAndAreRefusedToWhoMayOnlyRead() {
        var segment = segments.make(lead, "会员", new Rule.Tagged("VIP"));
        segments.change(lead, segment, 0, root -> RuleTree.add(root, List.of(), new Rule.Tagged("new")));
        assertThatThrownBy(() -> segments.change(lead, segment, 0, root -> root))
                .isInstanceOf(Refused.class);
        assertThatThrownBy(() -> segments.make(lead, "会员", null)).isInstanceOf(Refused.class);
        assertThatThrownBy(() -> segments.put(lead, segment, List.of("C1"))).isInstanceOf(Refused.class);
        var reader =
                new Access(UUID.randomUUID(), tenant, lead.contract(), Party.CLIENT, Set.of(Capability.READ_CUSTOMERS));
        assertThat(segments.segment(reader, segment).version()).isEqualTo(1);
        assertThatThrownBy(() -> segments.change(reader, segment, 1, root -> root))
                .isInstanceOf(Refused.class);
        assertThatThrownBy(() -> segments.make(reader, "别的", null)).isInstanceOf(Refused.class);
        var list = segments.make(lead, "名单", null);
        segments.make(lead, "用到名单", new Rule.Listed(list));
        assertThatThrownBy(() -> segments.remove(lead, list)).isInstanceOf(Refused.class);
        add("王小明", "C1", "VIP", "new");
        var kept = segments.keep(lead, segment, "现在的会员");
        add("李小红", "C2", "VIP", "new");
        assertThat(segments.size(lead, segment).fitting()).isEqualTo(2);
        assertThat(segments.size(lead, kept).fitting()).isEqualTo(1);
        assertThat(segments.rule(lead, "#VIP")).isEqualTo(new All(List.of(new Rule.Tagged("VIP"))));
        assertThatThrownBy(() -> segments.rule(lead, "13800000000"))
                .as("a search for a person is not kept")
                .isInstanceOf(Refused.class);
    }

    private String file(Access access, UUID export) throws IOException {
        var out = new StringWriter();
        exports.write(access, exports.hand(access, export), Texts.in(Texts.CHINESE), out);
        return out.toString();
    }

    /** PII-6: nobody takes a list in the clear alone. */
    @Test
    void PII_6_aListInTheClearNeedsASecondPersonAndLeavesOnce() throws IOException {
        customers.addField(lead, new CustomField(Ids.next(), "note", "备注", CustomField.Type.TEXT, false));
        customers.add(
                lead,
                new NewCustomer(
                        CustomerKind.PERSON,
                        "王小明",
                        "-2+3",
                        null,
                        List.of(
                                new NewCustomer.Contact(ContactKind.PHONE, "13800138000", null),
                                new NewCustomer.Contact(ContactKind.ID_NUMBER, "11010519491231002X", null)),
                        List.of("VIP"),
                        Map.of("note", "+cmd|' /C calc'!A0")),
                "门店");
        var segment = segments.make(lead, "会员", new Rule.Tagged("VIP"));
        assertThatThrownBy(() -> exports.ask(lead, segment, true, DataPurpose.SERVICE, "看"))
                .isInstanceOf(Refused.class);

        var masked = exports.ask(lead, segment, true, DataPurpose.ANALYSIS, "核对会员名单");
        var lines = file(lead, masked).lines().toList();
        assertThat(lines).hasSize(2);
        assertThat(lines.get(1))
                .contains("138****8000")
                .contains("导出 1 ·")
                .contains("分析")
                .startsWith("'-2+3,")
                .contains("'+cmd|")
                .doesNotContain("13800138000")
                .doesNotContain("王小明");

        var clear = exports.ask(lead, segment, false, DataPurpose.SERVICE, "打印邀请函");
        assertThatThrownBy(() -> exports.hand(lead, clear)).isInstanceOf(Refused.class);
        assertThatThrownBy(() -> exports.decide(lead, clear, true))
                .isInstanceOfSatisfying(
                        Refused.class,
                        refused -> assertThat(refused.sentence().key()).isEqualTo("customer.export.own"));
        var guard = new Access(
                UUID.randomUUID(),
                tenant,
                lead.contract(),
                Party.CLIENT,
                Set.of(Capability.READ_CUSTOMERS, Capability.GUARD_DATA));
        var agent = new Access(
                UUID.randomUUID(),
                tenant,
                lead.contract(),
                Party.PROVIDER,
                Set.of(Capability.READ_CUSTOMERS, Capability.REVEAL));
        assertThatThrownBy(() -> exports.decide(agent, clear, true)).isInstanceOf(Refused.class);
        exports.decide(guard, clear, true);
        assertThatThrownBy(() -> exports.decide(guard, clear, false)).as("once").isInstanceOf(Refused.class);
        assertThatThrownBy(() -> exports.hand(agent, clear)).isInstanceOf(Unknown.class);
        var given = file(lead, clear);
        assertThat(given)
                .contains("王小明")
                .contains("13800138000")
                .contains("导出 2 ·")
                .as("no list needs id numbers")
                .doesNotContain("11010519491231002X");
        assertThatThrownBy(() -> exports.hand(lead, clear)).as("only once").isInstanceOf(Refused.class);

        var third = exports.ask(lead, segment, false, DataPurpose.SERVICE, "再打印邀请函");
        exports.decide(guard, third, true);
        add("李小红", "C2", "VIP");
        assertThatThrownBy(() -> exports.hand(lead, third))
                .as("more than was permitted")
                .isInstanceOf(Refused.class);
        var fourth = exports.ask(lead, segment, false, DataPurpose.SERVICE, "再打印邀请函");
        exports.decide(guard, fourth, false);
        assertThatThrownBy(() -> exports.hand(lead, fourth)).isInstanceOf(Refused.class);

        assertThat(exports.entries(guard, null, 10))
                .extracting(Exports.Entry::number, Exports.Entry::state, Exports.Entry::reason)
                .containsExactly(
                        org.assertj.core.groups.Tuple.tuple(4, ExportState.DENIED, "再打印邀请函"),
                        org.assertj.core.groups.Tuple.tuple(3, ExportState.PERMITTED, "再打印邀请函"),
                        org.assertj.core.groups.Tuple.tuple(2, ExportState.HANDED, "打印邀请函"),
                        org.assertj.core.groups.Tuple.tuple(1, ExportState.HANDED, "核对会员名单"));
        assertThat(exports.entries(agent, null, 10)).as("others see their own").isEmpty();
        assertThat(JdbcClient.create(database.superuser())
                        .sql("""
                            select text from evidence.leaf where tenant_id = :tenant
                            and kind like 'customer.Export%'
                            """)
                        .param("tenant", tenant)
                        .query(String.class)
                        .list())
                .hasSize(8)
                .noneMatch(leaf -> leaf.contains("邀请函") || leaf.contains("王小明"));
    }
}
