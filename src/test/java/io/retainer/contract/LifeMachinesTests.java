package io.retainer.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.retainer.kernel.Clause;
import io.retainer.kernel.Party;
import io.retainer.kernel.Refused;
import io.retainer.kernel.WorkCalendar;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Each machine of a contract in force as a table of state and event (state-machines.md §3.1, 3.1.1). */
class LifeMachinesTests {

    private static final UUID TENANT = new UUID(1, 1);
    private static final UUID CONTRACT = new UUID(1, 2);
    private static final UUID ID = new UUID(1, 3);
    private static final UUID DUTY = new UUID(1, 4);
    private static final UUID MONEY_DUTY = new UUID(1, 5);
    private static final Instant NOW = Instant.parse("2025-02-10T02:00:00Z");
    private static final String HASH = Hashes.of("text");
    private static final WorkCalendar CALENDAR = WorkCalendar.chinese();

    // Amendment

    @ParameterizedTest
    @CsvSource({
        "DRAFT,redraft,DRAFT",
        "DRAFT,propose,PROPOSED",
        "DRAFT,sign,",
        "DRAFT,settle,",
        "DRAFT,withdraw,WITHDRAWN",
        "DRAFT,reject,",
        "PROPOSED,redraft,",
        "PROPOSED,propose,",
        "PROPOSED,sign,PROPOSED",
        "PROPOSED,settle,AGREED",
        "PROPOSED,withdraw,WITHDRAWN",
        "PROPOSED,reject,REJECTED",
        "AGREED,redraft,",
        "AGREED,propose,",
        "AGREED,sign,",
        "AGREED,settle,",
        "AGREED,withdraw,",
        "AGREED,reject,",
        "REJECTED,redraft,",
        "REJECTED,propose,",
        "REJECTED,sign,",
        "REJECTED,settle,",
        "REJECTED,withdraw,",
        "REJECTED,reject,",
        "WITHDRAWN,redraft,",
        "WITHDRAWN,propose,",
        "WITHDRAWN,sign,",
        "WITHDRAWN,settle,",
        "WITHDRAWN,withdraw,",
        "WITHDRAWN,reject,",
        "EXPIRED,redraft,",
        "EXPIRED,propose,",
        "EXPIRED,sign,",
        "EXPIRED,settle,",
        "EXPIRED,withdraw,",
        "EXPIRED,reject,"
    })
    void anAmendmentHasItsStates(Amendment.State state, String event, Amendment.State next) {
        var amendment = amendment(state);
        if (next == null) {
            assertThatExceptionOfType(Refused.class)
                    .isThrownBy(() -> amend(amendment, event))
                    .satisfies(no -> assertThat(no.sentence().key()).isEqualTo("contract.amendment.state"));
        } else {
            assertThat(amend(amendment, event).state()).isEqualTo(next);
        }
    }

    @ParameterizedTest
    @EnumSource(Amendment.State.class)
    void onlyAProposalExpires(Amendment.State state) {
        var after = amendment(state).time(NOW.plus(Duration.ofDays(30)));
        assertThat(after.isPresent()).isEqualTo(state == Amendment.State.PROPOSED);
        assertThat(amendment(state).time(NOW.plus(Duration.ofDays(30)).minusNanos(1)))
                .isEmpty();
    }

    @Test
    void anAmendmentNeverReachesBackWithoutTheConsentOfBoth() {
        var proposed = amendment(Amendment.State.PROPOSED);
        var late = proposed.startsAt().plusSeconds(1);
        assertRefused("contract.amendment.retroactive", () -> sign(proposed, Party.CLIENT, false, late));
        var one = proposed.after(sign(proposed, Party.CLIENT, true, late), null);
        assertRefused("contract.amendment.retroactive", () -> sign(one, Party.PROVIDER, false, late));
        var both = one.after(sign(one, Party.PROVIDER, true, late), null);
        assertThat(both.signedByAll()).isTrue();
        assertThat(both.retroactive()).containsExactlyInAnyOrder(Party.CLIENT, Party.PROVIDER);

        var early = proposed.after(sign(proposed, Party.CLIENT, false, NOW), null);
        assertRefused("contract.amendment.retroactive", () -> sign(early, Party.PROVIDER, true, late));
    }

    @Test
    void bothSignTheSameHashOfTheNewestVersion() {
        var proposed = amendment(Amendment.State.PROPOSED);
        assertRefused(
                "contract.refused.otherHash",
                () -> proposed.sign(
                        Hashes.of("other"),
                        SignatureMode.SEAL,
                        TermKey.SignMode.SEAL_ONLY,
                        "x",
                        false,
                        1,
                        Party.CLIENT,
                        NOW,
                        null));
        assertRefused(
                "contract.amendment.stale",
                () -> proposed.sign(
                        HASH, SignatureMode.SEAL, TermKey.SignMode.SEAL_ONLY, "x", false, 2, Party.CLIENT, NOW, null));
        var one = proposed.after(sign(proposed, Party.CLIENT, false, NOW), null);
        assertRefused("contract.refused.signedAlready", () -> sign(one, Party.CLIENT, false, NOW));
        assertRefused("contract.amendment.drafterOnly", () -> proposed.withdraw(Party.PROVIDER, NOW, null));
        assertRefused("contract.amendment.otherOnly", () -> proposed.reject(Party.CLIENT, NOW, null));
    }

    @Test
    void G_37_nothingTakesEffectBeforeTheThirdPartyWhoseDutiesChangeHasSigned() {
        var proposed = amendment(Amendment.State.PROPOSED, "云联公司");
        var both = signedByBoth(proposed);
        assertThat(both.signedByAll()).isFalse();
        assertThat(both.unsigned()).containsExactly(Party.THIRD_PARTY);
        org.assertj.core.api.Assertions.assertThatIllegalStateException().isThrownBy(() -> both.settle(2, NOW, null));
        assertThat(both.inForce(NOW.plus(Duration.ofDays(365)))).isFalse();
        var all = both.after(sign(both, Party.THIRD_PARTY, false, NOW), null);
        assertThat(all.after(all.settle(2, NOW, null), null).state()).isEqualTo(Amendment.State.AGREED);
        // It may say no, may not sign late without its consent, and does not sign what leaves its duties alone.
        assertThat(both.after(both.reject(Party.THIRD_PARTY, NOW, null), null).state())
                .isEqualTo(Amendment.State.REJECTED);
        var late = proposed.startsAt().plusSeconds(1);
        var backwards = proposed.after(sign(proposed, Party.CLIENT, true, late), null);
        assertRefused("contract.amendment.retroactive", () -> sign(backwards, Party.THIRD_PARTY, false, late));
        assertRefused(
                "contract.refused.party",
                () -> sign(amendment(Amendment.State.PROPOSED), Party.THIRD_PARTY, false, NOW));
        assertRefused(
                "contract.refused.party",
                () -> amendment(Amendment.State.PROPOSED).reject(Party.THIRD_PARTY, NOW, null));
    }

    private static Amendment amend(Amendment amendment, String event) {
        return switch (event) {
            case "redraft" -> amendment.redrafted(LocalDate.of(2025, 4, 1), "other", Map.of(), null, Party.CLIENT);
            case "propose" -> amendment.after(amendment.propose("text", 1, Party.CLIENT, NOW, null), "text");
            case "sign" -> amendment.after(sign(amendment, Party.PROVIDER, false, NOW), null);
            case "settle" -> {
                var signed = amendment.state() == Amendment.State.PROPOSED ? signedByBoth(amendment) : amendment;
                yield signed.after(signed.settle(2, NOW, null), null);
            }
            case "withdraw" -> amendment.after(amendment.withdraw(Party.CLIENT, NOW, null), null);
            case "reject" -> amendment.after(amendment.reject(Party.PROVIDER, NOW, null), null);
            default -> throw new IllegalArgumentException(event);
        };
    }

    private static Amendment signedByBoth(Amendment amendment) {
        var one = amendment.after(sign(amendment, Party.CLIENT, false, NOW), null);
        return one.after(sign(one, Party.PROVIDER, false, NOW), null);
    }

    private static AmendmentEvent.Signed sign(Amendment amendment, Party by, boolean consents, Instant at) {
        return amendment.sign(
                HASH,
                SignatureMode.SEAL,
                TermKey.SignMode.SEAL_OR_AUTHORISED_SIGNATURE,
                "公章",
                consents,
                1,
                by,
                at,
                null);
    }

    private static Amendment amendment(Amendment.State state) {
        return amendment(state, null);
    }

    private static Amendment amendment(Amendment.State state, @Nullable String third) {
        var draft = new Amendment(
                ID,
                TENANT,
                CONTRACT,
                1,
                Amendment.Kind.CHANGE,
                Amendment.State.DRAFT,
                1,
                LocalDate.of(2025, 3, 1),
                "reason",
                Map.of(TermKey.LATE_GRACE, new TermValue.Whole(5)),
                Map.of(),
                Party.CLIENT,
                third,
                null,
                null,
                null,
                Set.of(),
                Set.of(),
                null,
                null,
                0);
        var proposed = draft.after(draft.propose("text", 1, Party.CLIENT, NOW, null), "text");
        return switch (state) {
            case DRAFT -> draft;
            case PROPOSED -> proposed;
            case AGREED -> {
                var both = signedByBoth(proposed);
                yield both.after(both.settle(2, NOW, null), null);
            }
            case REJECTED -> proposed.after(proposed.reject(Party.PROVIDER, NOW, null), null);
            case WITHDRAWN -> proposed.after(proposed.withdraw(Party.CLIENT, NOW, null), null);
            case EXPIRED ->
                proposed.after(proposed.time(NOW.plus(Duration.ofDays(30))).orElseThrow(), null);
        };
    }

    // Termination

    @ParameterizedTest
    @CsvSource({
        "DECLARED,arrive,EFFECTIVE",
        "DECLARED,withdraw,WITHDRAWN",
        "DECLARED,lapse,LAPSED",
        "DECLARED,contest,DECLARED",
        "EFFECTIVE,arrive,",
        "EFFECTIVE,withdraw,",
        "EFFECTIVE,lapse,",
        "EFFECTIVE,contest,EFFECTIVE",
        "WITHDRAWN,arrive,",
        "WITHDRAWN,withdraw,",
        "WITHDRAWN,lapse,",
        "WITHDRAWN,contest,",
        "LAPSED,arrive,",
        "LAPSED,withdraw,",
        "LAPSED,lapse,",
        "LAPSED,contest,"
    })
    void aTerminationHasItsStates(Termination.State state, String event, Termination.State next) {
        var termination = termination(state);
        if (next == null) {
            assertThatExceptionOfType(Refused.class)
                    .isThrownBy(() -> terminate(termination, event))
                    .satisfies(no -> assertThat(no.sentence().key()).isEqualTo("contract.termination.state"));
        } else {
            assertThat(terminate(termination, event).state()).isEqualTo(next);
        }
    }

    @Test
    void trap11NoTerminationBeforeTheCureElapsedNorAYearAfter() {
        // Fifteen working days after Monday 10 February 2025 end with Monday 3 March.
        var window = Termination.Window.of(NOW, 15, CALENDAR);
        assertThat(window.lastDay()).isEqualTo(LocalDate.of(2025, 3, 3));
        var from = Instant.parse("2025-03-03T16:00:00Z");
        assertThat(window.from()).isEqualTo(from);
        assertRefused("contract.termination.cureRuns", () -> window.require(from.minusNanos(1)));
        window.require(from);
        var lapses = Instant.parse("2026-03-03T16:00:00Z");
        window.require(lapses.minusNanos(1));
        assertRefused("contract.termination.lapsed", () -> window.require(lapses));
    }

    @Test
    void trap11ABreachNeedsItsOwnArrivedDemandAndToBeStillOpen() {
        var later = Instant.parse("2025-03-04T02:00:00Z");
        assertRefused(
                "contract.termination.noDemand",
                () -> Termination.requireBreachGround(
                        demand(Notice.Channel.PLATFORM), Party.PROVIDER, true, 15, CALENDAR, later));
        assertRefused(
                "contract.termination.demandNotArrived",
                () -> Termination.requireBreachGround(
                        demand(Notice.Channel.EMAIL), Party.CLIENT, true, 15, CALENDAR, later));
        assertRefused(
                "contract.termination.cured",
                () -> Termination.requireBreachGround(
                        demand(Notice.Channel.PLATFORM), Party.CLIENT, false, 15, CALENDAR, later));
        Termination.requireBreachGround(demand(Notice.Channel.PLATFORM), Party.CLIENT, true, 15, CALENDAR, later);
    }

    @Test
    void aPaperArrivesSomeDaysAfterItWasSignedForAndAMailWhenItsReportSaysSo() {
        var at = NOW.plusSeconds(3600);
        assertThat(demand(Notice.Channel.COURIER).delivered(at, HASH, 3, at).arrivesAt())
                .isEqualTo(Instant.parse("2025-02-12T16:00:00Z"));
        assertThat(demand(Notice.Channel.EMAIL).delivered(at, HASH, 3, at).arrivesAt())
                .isEqualTo(at);
        assertRefused(
                "contract.notice.deliveryTime",
                () -> demand(Notice.Channel.EMAIL).delivered(NOW.minusSeconds(1), HASH, 3, at));
        assertRefused(
                "contract.notice.arrivedBefore",
                () -> demand(Notice.Channel.PLATFORM).delivered(at, HASH, 3, at));
    }

    private static Notice demand(Notice.Channel channel) {
        boolean atOnce = channel == Notice.Channel.PLATFORM;
        return new Notice(
                ID,
                TENANT,
                CONTRACT,
                Notice.Kind.CURE_DEMAND,
                Party.CLIENT,
                Clause.I_1_2B,
                "clause/I-1.2b",
                channel,
                "words",
                HASH,
                NOW,
                ID,
                atOnce ? NOW : null,
                atOnce ? HASH : null);
    }

    private static Termination terminate(Termination termination, String event) {
        return switch (event) {
            case "arrive" -> termination.after(termination.arrive(NOW, null), null);
            case "withdraw" -> termination.after(termination.withdraw(Party.PROVIDER, NOW, null), null);
            case "lapse" -> termination.after(termination.lapse(NOW, null), null);
            case "contest" -> termination.after(termination.contest(Party.CLIENT, NOW, null), "no");
            default -> throw new IllegalArgumentException(event);
        };
    }

    private static Termination termination(Termination.State state) {
        var declared = Termination.first(new TerminationEvent.Declared(
                TENANT, CONTRACT, ID, EndGround.NON_PAYMENT, Party.PROVIDER, "demand/1", ID, NOW, null));
        return switch (state) {
            case DECLARED -> declared;
            case EFFECTIVE -> declared.after(declared.arrive(NOW, null), null);
            case WITHDRAWN -> declared.after(declared.withdraw(Party.PROVIDER, NOW, null), null);
            case LAPSED -> declared.after(declared.lapse(NOW, null), null);
        };
    }

    // Force majeure

    @ParameterizedTest
    @CsvSource({
        "NOTIFIED,prove,PROVEN",
        "NOTIFIED,accept,",
        "NOTIFIED,contest,CONTESTED",
        "NOTIFIED,end,ENDED",
        "PROVEN,prove,",
        "PROVEN,accept,ACCEPTED",
        "PROVEN,contest,CONTESTED",
        "PROVEN,end,ENDED",
        "ACCEPTED,prove,",
        "ACCEPTED,accept,",
        "ACCEPTED,contest,",
        "ACCEPTED,end,ENDED",
        "CONTESTED,prove,CONTESTED",
        "CONTESTED,accept,",
        "CONTESTED,contest,",
        "CONTESTED,end,ENDED",
        "ENDED,prove,",
        "ENDED,accept,",
        "ENDED,contest,",
        "ENDED,end,"
    })
    void forceMajeureHasItsStates(ForceMajeure.State state, String event, ForceMajeure.State next) {
        var found = forceMajeure(state);
        if (next == null) {
            assertThatExceptionOfType(Refused.class).isThrownBy(() -> hinder(found, event));
        } else {
            assertThat(hinder(found, event).state()).isEqualTo(next);
        }
    }

    @Test
    void acceptingNeedsAProofAndTouchesOnlyAffectedDutiesAndNoMoneyUnlessDecided() {
        var proven = forceMajeure(ForceMajeure.State.PROVEN);
        assertRefused(
                "contract.forceMajeure.noProof",
                () -> forceMajeure(ForceMajeure.State.NOTIFIED)
                        .accept(Set.of(DUTY), Set.of(), false, 100, Party.CLIENT, NOW, null));
        assertRefused(
                "contract.forceMajeure.onlyAffected",
                () -> proven.accept(Set.of(ID), Set.of(), false, 100, Party.CLIENT, NOW, null));
        assertRefused(
                "contract.forceMajeure.money",
                () -> proven.accept(Set.of(DUTY, MONEY_DUTY), Set.of(MONEY_DUTY), false, 100, Party.CLIENT, NOW, null));
        assertRefused(
                "contract.forceMajeure.relief",
                () -> proven.accept(Set.of(DUTY), Set.of(), false, 0, Party.CLIENT, NOW, null));
        assertRefused(
                "contract.forceMajeure.otherOnly",
                () -> proven.accept(Set.of(DUTY), Set.of(), false, 50, Party.PROVIDER, NOW, null));
        var accepted = proven.accept(Set.of(DUTY), Set.of(MONEY_DUTY), false, 50, Party.CLIENT, NOW, null);
        assertThat(proven.after(accepted, null).accepted()).containsExactly(DUTY);
        assertThat(proven.after(accepted, null).relief()).isEqualTo(50);
        // Contested first and proven then: both sides may still agree.
        var contested = forceMajeure(ForceMajeure.State.CONTESTED);
        var late =
                contested.after(contested.prove(HASH, 15, Party.PROVIDER, NOW.plus(Duration.ofDays(16)), null), null);
        assertThat(late.proofLate()).isTrue();
        assertThat(late.after(late.accept(Set.of(DUTY), Set.of(), false, 100, Party.CLIENT, NOW, null), null)
                        .state())
                .isEqualTo(ForceMajeure.State.ACCEPTED);
    }

    @Test
    void theLongStopComesSixtyDaysAfterTheEvent() {
        var accepted = forceMajeure(ForceMajeure.State.ACCEPTED);
        var stop = NOW.minusSeconds(3600).plus(Duration.ofDays(60));
        assertThat(accepted.beyondLongStop(60, stop.minusNanos(1))).isFalse();
        assertThat(accepted.beyondLongStop(60, stop)).isTrue();
        assertThat(forceMajeure(ForceMajeure.State.PROVEN).beyondLongStop(60, stop))
                .isFalse();
    }

    private static ForceMajeure hinder(ForceMajeure found, String event) {
        return switch (event) {
            case "prove" -> found.after(found.prove(HASH, 15, Party.PROVIDER, NOW, null), null);
            case "accept" ->
                found.after(found.accept(Set.of(DUTY), Set.of(), false, 100, Party.CLIENT, NOW, null), null);
            case "contest" -> found.after(found.contest(Party.CLIENT, NOW, null), "no");
            case "end" -> found.after(found.end(NOW, NOW, null), null);
            default -> throw new IllegalArgumentException(event);
        };
    }

    private static ForceMajeure forceMajeure(ForceMajeure.State state) {
        var notified = ForceMajeure.first(
                new ForceMajeureEvent.Notified(
                        TENANT,
                        CONTRACT,
                        ID,
                        Party.PROVIDER,
                        NOW.minusSeconds(3600),
                        false,
                        Set.of(DUTY, MONEY_DUTY),
                        NOW,
                        null),
                "flood");
        var proven = notified.after(notified.prove(HASH, 15, Party.PROVIDER, NOW, null), null);
        return switch (state) {
            case NOTIFIED -> notified;
            case PROVEN -> proven;
            case ACCEPTED ->
                proven.after(proven.accept(Set.of(DUTY), Set.of(), false, 100, Party.CLIENT, NOW, null), null);
            case CONTESTED -> notified.after(notified.contest(Party.CLIENT, NOW, null), "no");
            case ENDED -> notified.after(notified.end(NOW, NOW, null), null);
        };
    }

    private interface Act {
        void run();
    }

    private static void assertRefused(String key, Act act) {
        assertThatExceptionOfType(Refused.class)
                .isThrownBy(act::run)
                .satisfies(no -> assertThat(no.sentence().key()).isEqualTo(key));
    }
}
