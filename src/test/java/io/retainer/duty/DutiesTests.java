package io.retainer.duty;

import static io.retainer.duty.DutyTests.CALENDAR;
import static io.retainer.duty.DutyTests.beijing;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import io.retainer.PostgresTest;
import io.retainer.duty.Deadline.At;
import io.retainer.duty.Deadline.WorkingDays;
import io.retainer.duty.DutyRows.Changed;
import io.retainer.kernel.Clause;
import io.retainer.kernel.Party;
import io.retainer.kernel.Refused;
import io.retainer.kernel.Tenancy;
import io.retainer.kernel.Unknown;
import io.retainer.kernel.WorkCalendar;
import java.io.StringReader;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.beans.factory.support.StaticListableBeanFactory;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.context.annotation.Import;
import org.springframework.dao.DataAccessException;
import org.springframework.dao.OptimisticLockingFailureException;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.test.context.event.ApplicationEvents;
import org.springframework.test.context.event.RecordApplicationEvents;

@SpringBootTest
@Import(PostgresTest.class)
@RecordApplicationEvents
class DutiesTests {

    /** Far ahead, so that the sweep of the running application leaves these duties alone. */
    private static final Instant DUE = beijing("2040-01-01T00:00");

    private static final Instant LATER = DUE.plus(Duration.ofHours(6));
    private static final Instant OPENED = beijing("2026-03-02T09:00");

    @Autowired
    Duties duties;

    @Autowired
    DutyRows rows;

    @Autowired
    DutySweep sweep;

    @Autowired
    Tenancy tenancy;

    @Autowired
    JdbcClient jdbc;

    @Autowired
    ApplicationEventPublisher publisher;

    @Autowired
    ApplicationEvents events;

    @Autowired
    PostgresTest.Database database;

    private final UUID tenant = UUID.randomUUID();
    private final UUID contract = UUID.randomUUID();

    @ParameterizedTest
    @EnumSource
    void survivesTheDatabase(DutyState state) {
        var template = DutyTests.at(state);
        var duty = new Duty(
                UUID.randomUUID(),
                tenant,
                contract,
                template.contractVersion(),
                template.clause(),
                template.debtor(),
                template.creditor(),
                template.action(),
                template.subject(),
                template.openedAt(),
                template.deadline(),
                List.of(),
                0);
        var entries = template.history().stream()
                .map(entry -> new Duty.Entry(moved(entry.event(), duty), entry.recordedAt(), entry.reason()))
                .toList();
        tenancy.write(tenant, () -> {
            rows.add(List.of(new DutyRows.New(duty, duty.row(OPENED, CALENDAR))));
            rows.save(List.of(new Changed(duty, entries, duty.after(entries).row(LATER, CALENDAR))));
        });
        var found = tenancy.read(tenant, () -> rows.find(tenant, duty.id())).orElseThrow();
        assertThat(found.history()).isEqualTo(entries);
        assertThat(found.version()).isEqualTo(1);
        assertThat(found.assess(LATER, CALENDAR)).isEqualTo(duty.after(entries).assess(LATER, CALENDAR));
    }

    @Test
    void severalAreOpenedAtOnceOrNone() {
        var opened = duties.open(tenant, List.of(wanted("part/1"), wanted("part/2")));
        assertThat(opened).extracting(each -> each.duty().subject()).containsExactly("part/1", "part/2");
        for (var each : opened) {
            var found = duties.get(tenant, each.duty().id(), OPENED);
            assertThat(found.duty()).isEqualTo(each.duty());
            assertThat(found.assessment().due()).isEqualTo(each.assessment().due());
        }
        assertThat(events.stream(DutyEvent.Opened.class)).hasSize(2);
        assertThatThrownBy(() -> duties.open(tenant, List.of(wanted("part/3"), wanted("part/2"))))
                .isInstanceOf(Refused.class)
                .hasMessageContaining("duty.refused.open");
        assertThatThrownBy(() -> duties.open(tenant, List.of(wanted("part/4"), wanted("part/4"))))
                .isInstanceOf(Refused.class);
        assertThat(duties.ofContract(tenant, contract, LATER))
                .extracting(each -> each.duty().subject())
                .containsExactlyInAnyOrder("part/1", "part/2");
    }

    private NewDuty wanted(String subject) {
        return new NewDuty(
                tenant,
                contract,
                1,
                Clause.I_3_2A,
                Party.CLIENT,
                Party.PROVIDER,
                "duty.action.pay",
                subject,
                new At(DUE),
                OPENED,
                null);
    }

    @Test
    void everyEntryIsAFact() {
        var id = open("instalment/1", new At(DUE, true));
        duties.pause(tenant, id, Cause.CUSTOMER, "on holiday", OPENED.plusSeconds(1), null);
        duties.resume(tenant, id, Cause.CUSTOMER, OPENED.plusSeconds(61), null);
        duties.discharge(tenant, id, OPENED.plusSeconds(100), null);
        duties.reopen(tenant, id, "returned", OPENED.plusSeconds(200), null);
        duties.excuse(tenant, id, Cause.FORCE_MAJEURE, OPENED, "flood", OPENED.plusSeconds(300), null);
        var waived = open("instalment/2", new At(DUE));
        duties.waive(tenant, waived, "agreed", OPENED.plusSeconds(400), null);
        assertThat(events.stream(DutyEvent.class).filter(event -> event.duty().equals(id)))
                .extracting(DutyEvent::kind)
                .containsExactly(
                        "duty.Opened",
                        "duty.Paused",
                        "duty.Resumed",
                        "duty.Discharged",
                        "duty.DischargeUndone",
                        "duty.Excused");
        assertThat(events.stream(DutyEvent.class).filter(event -> event.duty().equals(waived)))
                .extracting(DutyEvent::kind)
                .containsExactly("duty.Opened", "duty.Waived");
        assertThat(duties.get(tenant, id, LATER).duty().history())
                .extracting(Duty.Entry::reason)
                .containsExactly("on holiday", null, null, "returned", "flood");
    }

    @Test
    void ofManyAlikeTheMostUrgentStandsForAll() {
        var urgent = DUE.minusSeconds(60);
        for (int i = 1; i <= 5; i++) {
            open("customer/" + i, new At(i == 4 ? urgent : DUE));
        }
        var kept = open("customer/6", new At(urgent.minusSeconds(60)));
        duties.discharge(tenant, kept, OPENED.plusSeconds(1), null);
        var three = UUID.randomUUID();
        for (int i = 1; i <= 3; i++) {
            openUnder(three, "customer/" + i, new At(DUE.plusSeconds(i)));
        }
        assertThat(duties.owed(List.of(tenant), List.of(contract), DUE, OPENED))
                .singleElement()
                .satisfies(owed -> {
                    assertThat(owed.duty().duty().subject()).isEqualTo("customer/4");
                    assertThat(owed.more()).isEqualTo(4);
                    assertThat(owed.soon()).isEqualTo(1);
                    assertThat(owed.late()).isFalse();
                });
        assertThat(duties.owed(List.of(tenant), List.of(three), DUE, OPENED))
                .as("as few as three are each named")
                .extracting(owed -> owed.duty().duty().subject(), OwedDuty::more)
                .containsExactly(tuple("customer/1", 0), tuple("customer/2", 0), tuple("customer/3", 0));
        assertThat(duties.owed(List.of(tenant), List.of(contract), DUE, LATER))
                .singleElement()
                .satisfies(owed -> assertThat(owed.late()).isTrue());
    }

    @Test
    void whatIsOwedIsOpenedOnce() {
        open("instalment/1", new At(DUE));
        assertThatThrownBy(() -> open("instalment/1", new At(DUE))).hasMessage("duty.refused.open");
    }

    @Test
    void findsWhatIsOwedForAClauseAndASubject() {
        var id = open("instalment/1", new At(DUE));
        open("instalment/2", new At(DUE));
        assertThat(duties.on(tenant, contract, Clause.I_3_2A, "instalment/1", LATER))
                .get()
                .returns(id, found -> found.duty().id())
                .returns(DutyState.BREACHED, found -> found.assessment().state());
        assertThat(duties.on(tenant, contract, Clause.I_3_2A, "instalment/1", OPENED.minusSeconds(1)))
                .isEmpty();
        assertThat(duties.ofContract(tenant, contract, LATER)).hasSize(2);
        assertThat(duties.ofContract(tenant, UUID.randomUUID(), LATER)).isEmpty();
    }

    @Test
    void theSweepSaysABreachOnceWithItsTrueInstantHoweverLateItRuns() {
        var id = open("instalment/1", new At(DUE));
        assertThat(breaches(id)).isZero();
        sweep.run(DUE.minusNanos(1000));
        assertThat(breaches(id)).isZero();
        sweep.run(LATER);
        sweep.run(LATER.plusSeconds(1));
        var history = duties.get(tenant, id, LATER).duty().history();
        assertThat(history).singleElement().satisfies(entry -> {
            assertThat(entry.event().happenedAt()).isEqualTo(DUE);
            assertThat(entry.recordedAt()).isEqualTo(LATER);
        });
    }

    @Test
    void theVeryDueInstantIsSweptUp() {
        var id = open("instalment/1", new At(DUE));
        sweep.run(DUE);
        assertThat(breaches(id)).isOne();
    }

    @Test
    void sweepsAtTheSameTimeSayEachBreachOnce() throws Exception {
        var ids = new ArrayList<UUID>();
        for (int i = 0; i < 1200; i++) {
            ids.add(open("instalment/" + i, new At(DUE.plusSeconds(i % 7))));
        }
        var start = new CountDownLatch(1);
        try (var threads = Executors.newFixedThreadPool(4)) {
            var runs = new ArrayList<java.util.concurrent.Future<Integer>>();
            for (int i = 0; i < 4; i++) {
                runs.add(threads.submit(() -> {
                    start.await();
                    return sweep.run(LATER);
                }));
            }
            start.countDown();
            int said = sweep.run(LATER);
            for (var run : runs) {
                said += run.get();
            }
            said += sweep.run(LATER);
            assertThat(said).isGreaterThanOrEqualTo(1200);
        }
        record Count(UUID duty, int breaches) {}
        var counts = tenancy.read(
                tenant,
                () -> jdbc.sql("""
                        select duty_id as duty, count(*)::int as breaches from duty.event
                        where tenant_id = :tenant and kind = 'duty.Breached' group by duty_id
                        """).param("tenant", tenant).query(Count.class).list());
        assertThat(counts).hasSize(1200).allMatch(count -> count.breaches() == 1);
        assertThat(counts).extracting(Count::duty).containsExactlyInAnyOrderElementsOf(ids);
    }

    @Test
    void oneDutyThatCannotBeSettledKeepsNobodyWaiting() {
        var before = open("instalment/1", new At(DUE));
        var broken = open("instalment/2", new At(DUE));
        var after = open("instalment/3", new At(DUE));
        asSuperuser("update duty.duty set deadline = 'at some time' where id = '" + broken + "'");
        sweep.run(LATER);
        assertThat(breaches(before)).isOne();
        assertThat(breaches(after)).isOne();
        asSuperuser("update duty.duty set deadline = 'at " + DUE + "' where id = '" + broken + "'");
        sweep.run(LATER);
        assertThat(breaches(broken)).as("it was left on the list").isOne();
    }

    @Test
    void aDutyThatWaitsForTheCalendarIsDatedWhenItsYearIsLoaded() {
        var id = open("demand/1", new WorkingDays(3, LocalDate.parse("2040-03-01")));
        sweep.run(beijing("2041-01-01T00:00"));
        assertThat(breaches(id)).isZero();
        assertThat(duties.get(tenant, id, LATER).assessment().calendarWarning()).isNotNull();

        var beans = new StaticListableBeanFactory();
        beans.addBean("calendar", CALENDAR.with(WorkCalendar.read(new StringReader("year,2040\n"))));
        ObjectProvider<WorkCalendar> loaded = beans.getBeanProvider(WorkCalendar.class);
        new DutySweep(rows, tenancy, publisher, loaded).run(beijing("2041-01-01T00:00"));
        assertThat(duties.get(tenant, id, LATER).duty().history())
                .singleElement()
                .satisfies(entry -> assertThat(entry.event().happenedAt()).isEqualTo(beijing("2040-03-07T00:00")));
    }

    @Test
    void theSecondOfTwoWritersIsRefused() {
        var id = open("instalment/1", new At(DUE));
        var stale = tenancy.read(tenant, () -> rows.find(tenant, id)).orElseThrow();
        duties.discharge(tenant, id, OPENED.plusSeconds(1), null);
        assertThatThrownBy(() -> tenancy.write(
                        tenant, () -> rows.save(List.of(new Changed(stale, List.of(), stale.row(OPENED, CALENDAR))))))
                .isInstanceOf(OptimisticLockingFailureException.class);
    }

    @Test
    void theTableItselfRefusesAnImpossibleRow() {
        var id = open("instalment/1", new At(DUE));
        assertThatThrownBy(() -> tenancy.write(tenant, () -> {
                    jdbc.sql("update duty.duty set creditor = debtor where tenant_id = :tenant and id = :id")
                            .param("tenant", tenant)
                            .param("id", id)
                            .update();
                }))
                .isInstanceOf(DataAccessException.class)
                .hasMessageContaining("duty_check");
    }

    @Test
    void historyCannotBeChanged() {
        var id = open("instalment/1", new At(DUE));
        duties.discharge(tenant, id, OPENED.plusSeconds(1), null);
        for (var sql : List.of("update duty.event set reason = 'x'", "delete from duty.event")) {
            assertThatThrownBy(() -> tenancy.write(tenant, () -> {
                        jdbc.sql(sql).update();
                    }))
                    .hasStackTraceContaining("permission denied");
        }
    }

    @Test
    void anotherTenantSeesNothing() {
        var id = open("instalment/1", new At(DUE));
        var other = UUID.randomUUID();
        assertThatThrownBy(() -> duties.get(other, id, LATER)).isInstanceOf(Unknown.class);
        assertThatThrownBy(() -> duties.discharge(other, id, OPENED, null)).isInstanceOf(Unknown.class);
        assertThat(duties.ofContract(other, contract, LATER)).isEmpty();
        // Even a query that names the right tenant finds nothing in another tenant's transaction.
        assertThat(tenancy.read(other, () -> rows.find(tenant, id))).isEmpty();
    }

    @Test
    void ISO_5_withoutATenantThereIsNoData() {
        var id = open("instalment/1", new At(DUE));
        var duty = tenancy.read(tenant, () -> rows.find(tenant, id)).orElseThrow();
        assertThat(rows.find(tenant, id)).isEmpty();
        assertThat(rows.ofContract(tenant, contract)).isEmpty();
        assertThat(rows.on(tenant, contract, Clause.I_3_2A, "instalment/1")).isEmpty();
        assertThat(rows.free(tenant, List.of(id))).isEmpty();
        assertThatThrownBy(() -> rows.locked(tenant, id)).isInstanceOf(Unknown.class);
        assertThatThrownBy(() -> rows.add(List.of(new DutyRows.New(duty, duty.row(OPENED, CALENDAR)))))
                .isInstanceOf(DataAccessException.class);
        assertThatThrownBy(() -> rows.save(List.of(new Changed(duty, List.of(), duty.row(OPENED, CALENDAR)))))
                .isInstanceOf(OptimisticLockingFailureException.class);
        assertThat(rows.due(LATER, Instant.EPOCH, new UUID(0, 0), 9999))
                .as("the scan tells ids across tenants and nothing else")
                .contains(new DutyRows.Due(tenant, id, DUE));
    }

    private UUID open(String subject, Deadline deadline) {
        return openUnder(contract, subject, deadline);
    }

    private UUID openUnder(UUID some, String subject, Deadline deadline) {
        return duties.open(new NewDuty(
                tenant,
                some,
                1,
                Clause.I_3_2A,
                Party.CLIENT,
                Party.PROVIDER,
                "duty.action.pay",
                subject,
                deadline,
                OPENED,
                null));
    }

    private long breaches(UUID duty) {
        return duties.get(tenant, duty, LATER).duty().history().stream()
                .filter(entry -> entry.event() instanceof DutyEvent.Breached)
                .count();
    }

    private void asSuperuser(String sql) {
        JdbcClient.create(database.superuser()).sql(sql).update();
    }

    private static DutyEvent.Change moved(DutyEvent.Change event, Duty duty) {
        var tenant = duty.tenant();
        var contract = duty.contract();
        var clause = duty.clause();
        var id = duty.id();
        return switch (event) {
            case DutyEvent.Paused e ->
                new DutyEvent.Paused(tenant, contract, clause, id, e.owner(), e.happenedAt(), e.actor());
            case DutyEvent.Resumed e ->
                new DutyEvent.Resumed(tenant, contract, clause, id, e.owner(), e.happenedAt(), e.actor());
            case DutyEvent.Discharged e ->
                new DutyEvent.Discharged(tenant, contract, clause, id, e.happenedAt(), e.actor());
            case DutyEvent.DischargeUndone e ->
                new DutyEvent.DischargeUndone(
                        tenant, contract, clause, id, e.dischargedAt(), e.happenedAt(), e.actor());
            case DutyEvent.Breached e -> new DutyEvent.Breached(tenant, contract, clause, id, e.due());
            case DutyEvent.BreachRefuted e ->
                new DutyEvent.BreachRefuted(tenant, contract, clause, id, e.due(), e.because(), e.happenedAt());
            case DutyEvent.Excused e ->
                new DutyEvent.Excused(tenant, contract, clause, id, e.cause(), e.since(), e.happenedAt(), e.actor());
            case DutyEvent.Waived e -> new DutyEvent.Waived(tenant, contract, clause, id, e.happenedAt(), e.actor());
            case DutyEvent.Released e ->
                new DutyEvent.Released(tenant, contract, clause, id, e.why(), e.happenedAt(), e.actor());
        };
    }
}
