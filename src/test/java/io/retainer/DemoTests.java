package io.retainer;

import static org.assertj.core.api.Assertions.assertThat;

import io.retainer.billing.Billing;
import io.retainer.billing.InstalmentState;
import io.retainer.billing.Right;
import io.retainer.contract.ContractLife;
import io.retainer.contract.ContractState;
import io.retainer.identity.Access;
import io.retainer.identity.People;
import io.retainer.identity.Standings;
import io.retainer.kernel.Money;
import java.time.Instant;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.context.annotation.Import;

/** What a newcomer finds on first start. */
@SpringBootTest(properties = "retainer.demo=true")
@Import(PostgresTest.class)
class DemoTests {

    @Autowired
    Demo demo;

    @Autowired
    People people;

    @Autowired
    Standings standings;

    @Autowired
    ContractLife contracts;

    @Autowired
    Billing billing;

    @Autowired
    io.retainer.customer.Duplicates duplicates;

    @Autowired
    io.retainer.customer.Merges merges;

    @Autowired
    io.retainer.customer.Imports imports;

    @Autowired
    io.retainer.customer.Quality quality;

    @Autowired
    java.time.Clock clock;

    @Test
    void oneContractIsInForceOneInDraftAndOneWaitsForSignatures() {
        assertThat(as("lead").stream().map(access -> contracts.state(access.tenant(), access.contract())))
                .containsExactlyInAnyOrder(ContractState.ACTIVE, ContractState.DRAFT, ContractState.PENDING_SIGN);
    }

    @Test
    void oneInstalmentWasPaidLateAndOneIsOpenSoThatTheServiceMayBeSuspended() {
        var live = live();
        var verdict = billing.verdict(live.tenant(), live.contract(), now()).orElseThrow();
        assertThat(verdict.instalment(5).state()).isEqualTo(InstalmentState.PAID_LATE);
        assertThat(verdict.instalment(5).daysLate()).isEqualTo(17);
        assertThat(verdict.instalment(11).state()).isEqualTo(InstalmentState.OVERDUE);
        assertThat(verdict.instalment(11).open()).isEqualTo(Money.of("100000.00"));
        assertThat(verdict.instalments().stream()
                        .filter(instalment -> instalment.state() == InstalmentState.PAID)
                        .count())
                .isEqualTo(9);
        assertThat(verdict.rights().stream()
                        .filter(right -> right.standing() == io.retainer.billing.Verdict.Standing.AVAILABLE)
                        .map(io.retainer.billing.Verdict.RightVerdict::right))
                .contains(Right.SUSPEND);
        assertThat(verdict.suspended()).as("nobody has asserted it").isFalse();
    }

    @Test
    void someCustomersAreKnownTwiceAndSomebodyMustLook() {
        var open = duplicates.overview(live()).open();
        assertThat(open.get(io.retainer.matching.Band.REVIEW)).isPositive();
        assertThat(open.get(io.retainer.matching.Band.MERGE)).isPositive();
        assertThat(merges.newest(live(), 10)).hasSize(1);
    }

    /** Somebody who looks at the demo sees what an import gives back, and how the data became better or worse since. */
    @Test
    void importsAreThereWithRowsThatCameBack() {
        var found = imports.newest(live(), 10);
        assertThat(found)
                .extracting(each -> each.state())
                .containsExactly(
                        io.retainer.customer.ImportState.UPLOADED,
                        io.retainer.customer.ImportState.DONE,
                        io.retainer.customer.ImportState.DONE);
        assertThat(found)
                .filteredOn(each -> each.state() == io.retainer.customer.ImportState.DONE)
                .allSatisfy(done -> {
                    assertThat(done.rowsBad()).isBetween(2L, 10L);
                    assertThat(done.rowsGood()).isGreaterThan(50);
                });
        assertThat(quality.report(live()).trend()).hasSizeGreaterThanOrEqualTo(3);
    }

    @Test
    void everybodySeesWhatTheirStandingAllows() {
        assertThat(demo.people().stream()
                        .collect(Collectors.toMap(
                                p -> p.login(), p -> as(p.login()).size())))
                .containsEntry("lead", 3)
                .containsEntry("agent", 3)
                .containsEntry("owner", 3)
                .containsEntry("finance", 3)
                .containsEntry("lawyer", 3)
                .containsEntry("outsider", 0);
    }

    @Test
    void aSecondStartChangesNothing() {
        var before = as("lead");
        demo.run(new org.springframework.boot.DefaultApplicationArguments());
        assertThat(as("lead")).hasSameElementsAs(before);
    }

    private Access live() {
        return as("lead").stream()
                .filter(access -> contracts.state(access.tenant(), access.contract()) == ContractState.ACTIVE)
                .findFirst()
                .orElseThrow();
    }

    private List<Access> as(String login) {
        return standings.contracts(people.withLogin(login).orElseThrow(), now());
    }

    private Instant now() {
        return clock.instant();
    }
}
