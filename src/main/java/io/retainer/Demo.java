package io.retainer;

import io.retainer.billing.Billing;
import io.retainer.contract.ContractImporter;
import io.retainer.contract.ContractLife;
import io.retainer.contract.NewContract;
import io.retainer.contract.SignatureMode;
import io.retainer.contract.TermKey;
import io.retainer.contract.TermValue;
import io.retainer.identity.Access;
import io.retainer.identity.DemoPeople;
import io.retainer.identity.Organisations;
import io.retainer.identity.People;
import io.retainer.identity.Role;
import io.retainer.identity.Standings;
import io.retainer.kernel.Money;
import io.retainer.kernel.Party;
import io.retainer.kernel.RmbWords;
import io.retainer.kernel.Sentence;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import org.springframework.boot.ApplicationArguments;
import org.springframework.boot.ApplicationRunner;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.core.io.ClassPathResource;
import org.springframework.stereotype.Component;

/**
 * Fills an empty database with something to look at: people of two companies, a contract that has been in force for eleven
 * months, and one in draft with problems. It does what people would do, by the same services, each act at its own time, so
 * every receipt, breach and ledger entry is real.
 */
@Component
@ConditionalOnBooleanProperty("retainer.demo")
class Demo implements ApplicationRunner, DemoPeople {

    private static final ZoneId ZONE = ZoneId.of("Asia/Shanghai");
    private static final String PASSWORD = "demo-retainer-only";
    private static final List<String> LOGINS = List.of("lead", "agent", "owner", "finance", "lawyer", "outsider");
    private static final Money FEE = Money.of("1200000.00");

    private final Organisations organisations;
    private final People people;
    private final Standings standings;
    private final ContractLife contracts;
    private final Billing billing;
    private final Clock clock;

    Demo(
            Organisations organisations,
            People people,
            Standings standings,
            ContractLife contracts,
            Billing billing,
            Clock clock) {
        this.organisations = organisations;
        this.people = people;
        this.standings = standings;
        this.contracts = contracts;
        this.billing = billing;
        this.clock = clock;
    }

    @Override
    public List<DemoPerson> people() {
        return LOGINS.stream()
                .map(login -> new DemoPerson(login, Sentence.of("workbench.demo." + login)))
                .toList();
    }

    @Override
    public String password() {
        return PASSWORD;
    }

    @Override
    public void run(ApplicationArguments arguments) {
        if (people.withLogin(LOGINS.getFirst()).isPresent()) {
            return;
        }
        var client = organisations.namedOrNew("晴川连锁零售有限公司").id();
        var provider = organisations.namedOrNew("知远客户服务有限公司").id();
        var elsewhere = organisations.namedOrNew("无关科技有限公司").id();
        var lead = people.add("lead", "林岚", PASSWORD, provider, Role.OPERATIONS_LEAD);
        people.add("agent", "陈晨", PASSWORD, provider, Role.AGENT);
        var owner = people.add("owner", "周明", PASSWORD, client, Role.OWNER);
        people.add("finance", "吴芳", PASSWORD, client, Role.FINANCE);
        people.add("lawyer", "郑律", PASSWORD, client, Role.LAWYER);
        people.add("outsider", "何人", PASSWORD, elsewhere, Role.OWNER);
        var today = LocalDate.ofInstant(clock.instant(), ZONE);
        live(today, provider, lead, owner);
        draft(today, provider, lead);
    }

    /** Eleven instalments have fallen due: the fifth was paid 17 days late, the eleventh is open and was demanded. */
    private void live(LocalDate today, UUID provider, UUID lead, UUID owner) {
        var start = today.minusDays(20).withDayOfMonth(1).minusMonths(10);
        var values = new TreeMap<String, String>(Map.of(
                "start", words(start),
                "end", words(start.plusYears(1).minusDays(1)),
                "months", "12",
                "fee", FEE.formatted(),
                "feeWords", RmbWords.of(FEE),
                "instalments", "12",
                "rate", "5%",
                "place", "签订地:上海市浦东新区\n",
                "signed", words(start.minusDays(11))));
        var made = keep(at(start, -20, 10), provider, lead, values);
        on(at(start, -16, 9), () -> confirm(made, lead));
        on(at(start, -15, 14), () -> confirm(made, owner));
        on(at(start, -14, 10), () -> contracts.submit(access(lead, made), null));
        on(at(start, -12, 16), () -> sign(made, owner, "周明"));
        on(at(start, -11, 9), () -> sign(made, lead, "林岚"));
        for (int number = 1; number <= 11; number++) {
            var due = start.plusMonths(number - 1);
            if (number == 11) {
                on(at(due, 5, 11), () -> billing.demand(access(lead, made), 11, at(due, 5, 10), null));
            } else if (number == 5) {
                on(at(due, 2, 11), () -> billing.demand(access(lead, made), 5, at(due, 2, 10), null));
                pay(made, lead, 5, at(due, 17, 15));
            } else {
                pay(made, lead, number, at(due, -2 - number % 4, 10));
            }
        }
    }

    /** Blanks, a template marker, and contradictions of every kind. */
    private void draft(LocalDate today, UUID provider, UUID lead) {
        var start = today.plusMonths(2).withDayOfMonth(1);
        var values = new TreeMap<String, String>(Map.of(
                "start", words(start),
                "end", words(start.plusYears(1).minusDays(1)),
                "months", "11",
                "fee", "360,000.00",
                "feeWords", RmbWords.of(Money.of("630000.00")),
                "instalments", "7",
                "rate", "____%",
                "place", "",
                "signed", "____年____月____日"));
        values.put("rateStd", "5%");
        values.put("rateEx", "3%");
        keep(clock.instant().minus(Duration.ofHours(26)), provider, lead, values);
    }

    private ContractLife.Made keep(Instant when, UUID provider, UUID lead, Map<String, String> values) {
        values.putIfAbsent("rateStd", values.get("rate"));
        values.putIfAbsent("rateEx", values.get("rate"));
        values.put("client", "晴川连锁零售有限公司");
        values.put("clientAddress", "上海市浦东新区张杨路500号");
        values.put("provider", "知远客户服务有限公司");
        values.put("providerAddress", "浙江省杭州市滨江区江南大道1000号");
        var text = template();
        for (var value : values.entrySet()) {
            text = text.replace("{" + value.getKey() + "}", value.getValue());
        }
        var imported = ContractImporter.pasted(text);
        var wanted = new NewContract(provider, Party.PROVIDER, values.get("client"));
        var made = new ContractLife.Made[1];
        on(when, () -> made[0] = contracts.keep(lead, null, wanted, imported));
        return made[0];
    }

    private void confirm(ContractLife.Made made, UUID person) {
        var access = access(person, made);
        var terms = contracts.terms(made.tenant(), made.contract());
        if (terms.get(TermKey.LATE_MODE).value() == null) {
            contracts.fill(access, TermKey.LATE_MODE, TermValue.parse(TermKey.LATE_MODE, "FLAT"), null);
        }
        contracts.confirm(
                access,
                contracts.terms(made.tenant(), made.contract()).entries().stream()
                        .filter(entry -> entry.value() != null)
                        .map(entry -> entry.key())
                        .toList(),
                null);
    }

    private void sign(ContractLife.Made made, UUID person, String name) {
        var hash = contracts.hash(made.tenant(), made.contract()).orElseThrow();
        contracts.sign(access(person, made), hash, SignatureMode.SEAL, name, "法定代表人授权委托书");
    }

    private void pay(ContractLife.Made made, UUID lead, int number, Instant credited) {
        var payment = new UUID[1];
        on(
                credited.plus(Duration.ofHours(1)),
                () -> payment[0] = billing.recordPayment(
                        access(lead, made),
                        new Billing.NewPayment(
                                credited,
                                null,
                                Money.of("100000.00"),
                                number,
                                null,
                                "DEMO-%02d-%s"
                                        .formatted(
                                                number,
                                                made.contract().toString().substring(24)),
                                "晴川连锁零售有限公司")));
        on(credited.plus(Duration.ofHours(20)), () -> billing.issueReceipt(access(lead, made), payment[0]));
    }

    private Access access(UUID person, ContractLife.Made made) {
        return standings.access(person, made.contract(), clock.instant());
    }

    private static void on(Instant when, Runnable act) {
        ScopedClock.at(when, act);
    }

    private static Instant at(LocalDate day, int days, int hour) {
        return day.plusDays(days).atTime(hour, 0).atZone(ZONE).toInstant();
    }

    private static String words(LocalDate date) {
        return "%d年%d月%d日".formatted(date.getYear(), date.getMonthValue(), date.getDayOfMonth());
    }

    private static String template() {
        try {
            return new ClassPathResource("demo/contract.txt").getContentAsString(StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
