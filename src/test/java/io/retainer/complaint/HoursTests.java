package io.retainer.complaint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.retainer.PostgresTest;
import io.retainer.TurnableClock;
import io.retainer.complaint.ComplaintWorld.Notary;
import io.retainer.complaint.ComplaintWorld.Signed;
import io.retainer.contract.Amendment;
import io.retainer.contract.Amendments;
import io.retainer.contract.AnnexKind;
import io.retainer.contract.AnnexSheet.Row;
import io.retainer.contract.ContractLife;
import io.retainer.contract.SignatureMode;
import io.retainer.kernel.Refused;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.context.annotation.Import;

/** The hours of service that annex 1 agrees (III-A1.4, G-07), and the clocks that run within them. */
@SpringBootTest(properties = "db-scheduler.enabled=false")
@Import({PostgresTest.class, ComplaintWorld.class})
class HoursTests {

    @Autowired
    Reception reception;

    @Autowired
    CaseDesk desk;

    @Autowired
    Amendments amendments;

    @Autowired
    ContractLife life;

    @Autowired
    TurnableClock clock;

    @Autowired
    Notary notary;

    Signed signed;

    @BeforeEach
    void sign() {
        signed = notary.sign();
    }

    @Test
    void III_A1_4_theFirstResponseRunsWithinTheShiftsOfTheVersionInForceWhenTheComplaintCameIn() {
        clock.set("2025-08-29T11:00");
        var before = phoned(null);
        assertThat(respond(before))
                .as("09:00–12:00 and 13:00–18:00 where nothing is agreed: an hour before lunch, one after it")
                .isEqualTo(ComplaintWorld.at("2025-08-29T14:00"));
        agree("2025-09-01", shift("08:00", "11:30"), shift("13:30", "17:30"), shift("19:00", "21:00"));

        clock.set("2025-09-02T11:00");
        assertThat(respond(phoned(null)))
                .as("half an hour before the longer lunch, an hour and a half after it")
                .isEqualTo(ComplaintWorld.at("2025-09-02T15:00"));
        assertThat(respond(before)).as("what ran stays as it was").isEqualTo(ComplaintWorld.at("2025-08-29T14:00"));
        assertThat(respond(phoned(ComplaintWorld.at("2025-08-29T11:00"))))
                .as("written down later, but it came in under the version before")
                .isEqualTo(ComplaintWorld.at("2025-08-29T14:00"));

        clock.set("2025-09-30T20:30");
        assertThat(respond(phoned(null)))
                .as("half an hour of the evening shift, then 1 to 8 October are not worked")
                .isEqualTo(ComplaintWorld.at("2025-10-09T09:30"));
        clock.set("2025-10-10T20:00");
        assertThat(respond(phoned(null)))
                .as("Saturday 11 October makes up for the holiday and is worked in the same shifts")
                .isEqualTo(ComplaintWorld.at("2025-10-11T09:00"));
        clock.set("2025-10-17T20:00");
        assertThat(respond(phoned(null)))
                .as("an ordinary Saturday is not")
                .isEqualTo(ComplaintWorld.at("2025-10-20T09:00"));
    }

    @Test
    void aShiftMayRunToMidnight() {
        agree("2025-09-01", shift("16:00", "24:00"));
        clock.set("2025-09-02T23:00");
        assertThat(respond(phoned(null))).isEqualTo(ComplaintWorld.at("2025-09-03T17:00"));
    }

    @Test
    void shiftsThatOverlapOrEndBeforeTheyBeginAreNotAgreed() {
        for (var wrong : List.of(
                List.of(shift("09:00", "12:00"), shift("11:00", "18:00")),
                List.of(shift("13:00", "18:00"), shift("09:00", "12:00")),
                List.of(shift("18:00", "09:00")),
                List.of(shift("09:00", "25:00")))) {
            var amendment = draft("2025-09-01", wrong);
            assertThatThrownBy(() -> amendments.propose(signed.owner(), amendment))
                    .as("%s", wrong)
                    .isInstanceOf(Refused.class);
            amendments.withdraw(signed.owner(), amendment);
        }
    }

    private UUID phoned(@Nullable Instant receivedAt) {
        return reception
                .take(
                        signed.agent(),
                        new NewComplaint(
                                Intake.PHONE,
                                "zh",
                                "王小明",
                                "13800138000",
                                null,
                                null,
                                "快递未到",
                                Remedy.REFUND,
                                null,
                                null,
                                receivedAt),
                        List.of())
                .id();
    }

    private Instant respond(UUID complaint) {
        return Objects.requireNonNull(desk.show(signed.agent(), complaint).duties().stream()
                .filter(ComplaintClock.Due.RESPOND::is)
                .findFirst()
                .orElseThrow()
                .assessment()
                .due());
    }

    private static Row shift(String from, String to) {
        return new Row(Map.of("from", from, "to", to));
    }

    private UUID draft(String from, List<Row> shifts) {
        var amendment = amendments.draft(
                signed.owner(),
                null,
                new Amendments.Wanted(Amendment.Kind.CHANGE, LocalDate.parse(from), "约定服务时间", Map.of()));
        var plan = life.proposedAnnex(signed.tenant(), signed.contract(), AnnexKind.SERVICE_PLAN);
        amendments.proposeAnnex(signed.owner(), amendment, plan.with("hours", shifts), null);
        return amendment;
    }

    private void agree(String from, Row... shifts) {
        var amendment = draft(from, List.of(shifts));
        amendments.propose(signed.owner(), amendment);
        var hash = Objects.requireNonNull(amendments.ofContract(signed.lead()).stream()
                .filter(one -> one.id().equals(amendment))
                .findFirst()
                .orElseThrow()
                .hash());
        for (var access : List.of(signed.owner(), signed.lead())) {
            amendments.sign(access, amendment, hash, SignatureMode.SEAL, "经办人", "公章", false);
        }
    }
}
