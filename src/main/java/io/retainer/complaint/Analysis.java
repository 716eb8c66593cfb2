package io.retainer.complaint;

import io.retainer.complaint.FigureRows.Corrective;
import io.retainer.complaint.FigureRows.Counted;
import io.retainer.duty.AssessedDuty;
import io.retainer.duty.Deadline;
import io.retainer.duty.Duties;
import io.retainer.duty.NewDuty;
import io.retainer.identity.Access;
import io.retainer.identity.Capability;
import io.retainer.kernel.Clause;
import io.retainer.kernel.Ids;
import io.retainer.kernel.Party;
import io.retainer.kernel.Refused;
import io.retainer.kernel.Tenancy;
import io.retainer.kernel.Texts;
import io.retainer.kernel.Unknown;
import io.retainer.vault.SealedTable;
import io.retainer.vault.Vault;
import java.time.Clock;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.stereotype.Service;

/**
 * What can be learned from complaints (ISO 10002, clause 8), and what is done about it: a root cause becomes a corrective
 * action with an owner, and the provider owes it (I-1.2b).
 */
@Service
class Analysis {

    private static final ZoneId ZONE = ZoneId.of("Asia/Shanghai");
    private static final int MOST = 20_000;
    private static final int BATCH = 2000;

    private final FigureRows rows;
    private final Duties duties;
    private final TargetsInForce targets;
    private final CaseWords words;
    private final Staff staff;
    private final Vault vault;
    private final Tenancy tenancy;
    private final Clock clock;

    Analysis(
            FigureRows rows,
            Duties duties,
            TargetsInForce targets,
            CaseWords words,
            Staff staff,
            Vault vault,
            Tenancy tenancy,
            Clock clock) {
        this.rows = rows;
        this.duties = duties;
        this.targets = targets;
        this.words = words;
        this.staff = staff;
        this.vault = vault;
        this.tenancy = tenancy;
        this.clock = clock;
    }

    /** @param text in the clear, for those with standing */
    record Action(
            UUID id,
            RootCause cause,
            String text,
            String owner,
            LocalDate dueOn,
            @Nullable Instant doneAt,
            boolean late) {}

    record Report(Figures figures, List<Counted> counted, List<Action> actions, Map<UUID, String> workers, int days) {}

    /** @param days back from now */
    Report report(Access access, int days, Texts texts) {
        access.require(Capability.READ_COMPLAINTS);
        if (days < 1 || days > 1100) {
            throw Refused.field("days", "complaint.analysis.days", 1100);
        }
        var now = clock.instant();
        var tenant = access.tenant();
        return tenancy.read(tenant, () -> {
            var counted = rows.since(tenant, access.contract(), now.minus(days, ChronoUnit.DAYS), MOST);
            var names = staff.names(counted.stream()
                    .map(Counted::owner)
                    .flatMap(Stream::ofNullable)
                    .toList());
            var figures = Figures.of(
                    counted,
                    owed(tenant, counted, now),
                    what -> switch (what) {
                        case Enum<?> constant -> texts.name(constant);
                        case UUID person -> names.getOrDefault(person, "—");
                        default -> what.toString();
                    },
                    now);
            return new Report(figures, counted, actions(access, now), staff.workers(access.contract()), days);
        });
    }

    private Map<UUID, List<AssessedDuty>> owed(UUID tenant, List<Counted> counted, Instant now) {
        var all = counted.stream().flatMap(c -> c.duties().stream()).toList();
        var byId = new HashMap<UUID, AssessedDuty>();
        for (int from = 0; from < all.size(); from += BATCH) {
            duties.all(tenant, all.subList(from, Math.min(all.size(), from + BATCH)), now)
                    .forEach(duty -> byId.put(duty.duty().id(), duty));
        }
        var found = new HashMap<UUID, List<AssessedDuty>>();
        for (var c : counted) {
            var own = new ArrayList<AssessedDuty>();
            c.duties().forEach(id -> {
                var duty = byId.get(id);
                if (duty != null) {
                    own.add(duty);
                }
            });
            found.put(c.id(), own);
        }
        return found;
    }

    private List<Action> actions(Access access, Instant now) {
        var reader = words.reader(access.tenant());
        var found = rows.correctives(access.tenant(), access.contract());
        var names = staff.names(found.stream().map(Corrective::owner).toList());
        var today = LocalDate.ofInstant(now, ZONE);
        return found.stream()
                .map(c -> new Action(
                        c.id(),
                        c.cause(),
                        reader.words(FigureRows.TEXT, c.id(), c.text()),
                        names.getOrDefault(c.owner(), "—"),
                        c.dueOn(),
                        c.doneAt(),
                        c.doneAt() == null && c.dueOn().isBefore(today)))
                .collect(Collectors.toList());
    }

    /** Something is done about a root cause, by somebody, until a day: the provider owes it from now on. */
    UUID correct(
            Access access,
            @Nullable RootCause cause,
            @Nullable String text,
            @Nullable UUID owner,
            @Nullable LocalDate dueOn) {
        access.require(Capability.LEAD_COMPLAINTS);
        var plain = ComplaintRules.text("text", Act.given("text", text), 2000);
        var why = Act.given("cause", cause);
        var who = Act.given("owner", owner);
        var until = Act.given("dueOn", dueOn);
        if (!staff.workers(access.contract()).containsKey(who)) {
            throw Refused.field("owner", "complaint.refused.notStaff");
        }
        var now = clock.instant().truncatedTo(ChronoUnit.MICROS);
        var today = LocalDate.ofInstant(now, ZONE);
        if (until.isBefore(today) || until.isAfter(today.plusYears(1))) {
            throw Refused.field("dueOn", "complaint.corrective.due");
        }
        return tenancy.write(access.tenant(), () -> {
            var id = Ids.at(now.toEpochMilli());
            var duty = duties.open(new NewDuty(
                    access.tenant(),
                    access.contract(),
                    targets.at(access.tenant(), access.contract(), now).version(),
                    Clause.I_1_2B,
                    Party.PROVIDER,
                    Party.CLIENT,
                    "complaint.duty.correct",
                    "corrective/" + id,
                    new Deadline.At(until.plusDays(1).atStartOfDay(ZONE).toInstant()),
                    now,
                    access.person()));
            rows.add(
                    access.tenant(),
                    access.contract(),
                    new Corrective(
                            id,
                            why,
                            vault.writing(access.tenant()).seal(FigureRows.TEXT, id, plain),
                            who,
                            until,
                            duty,
                            null),
                    now);
            return id;
        });
    }

    void corrected(Access access, UUID id) {
        access.require(Capability.WORK_COMPLAINTS);
        var now = clock.instant().truncatedTo(ChronoUnit.MICROS);
        tenancy.write(access.tenant(), () -> {
            var found = rows.correctives(access.tenant(), access.contract()).stream()
                    .filter(each -> each.id().equals(id))
                    .findFirst()
                    .orElseThrow(() -> new Unknown("corrective action " + id));
            if (!rows.done(access.tenant(), access.contract(), id, now)) {
                throw Refused.because("complaint.corrective.done");
            }
            duties.discharge(access.tenant(), found.duty(), now, access.person());
        });
    }

    @Configuration(proxyBeanMethods = false)
    static class Tables {

        @Bean
        SealedTable complaintCorrectiveTable() {
            return new SealedTable("complaint.corrective", "id", List.of(FigureRows.TEXT));
        }
    }
}
