package io.retainer.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.retainer.contract.AnnexDifference.Fate;
import io.retainer.contract.AnnexSheet.Row;
import io.retainer.contract.WordDifference.Change;
import io.retainer.duty.AssessedDuty;
import io.retainer.duty.Deadline;
import io.retainer.duty.Duty;
import io.retainer.kernel.Clause;
import io.retainer.kernel.Money;
import io.retainer.kernel.Party;
import io.retainer.kernel.Refused;
import io.retainer.kernel.Texts;
import io.retainer.kernel.WorkCalendar;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** What an amendment makes of a version, without a database: which agreement holds, what clashes, what differs (I-7.2, G-03, G-37). */
class AmendedVersionTests {

    @Test
    void theLaterAgreementHoldsOverWhatItChangesAndSaysSo() {
        var base = base(AnnexTests.complete(), TermKey.PRECEDENCE);
        int years = base.settled().whole(TermKey.CONFIDENTIAL_YEARS).orElseThrow();

        var byTerm =
                AmendedVersion.of(base, Map.of(TermKey.CONFIDENTIAL_YEARS, new TermValue.Whole(years + 2)), Map.of());
        assertThat(byTerm.settled().whole(TermKey.CONFIDENTIAL_YEARS))
                .as("a term named later than the annex")
                .contains(years + 2);
        byTerm.require();
        assertThat(AnnexAnswers.problems(byTerm.terms(), byTerm.annexes()))
                .extracting(Problem::code)
                .contains("annex-amended");

        var secrecy = AnnexTests.complete(AnnexKind.CONFIDENTIALITY).with("duration", "years", "9");
        var byAnnex =
                AmendedVersion.of(with(base, byTerm.terms()), Map.of(), Map.of(AnnexKind.CONFIDENTIALITY, secrecy));
        assertThat(byAnnex.settled().whole(TermKey.CONFIDENTIAL_YEARS))
                .as("an annex replaced later than the term was named")
                .contains(9);
        assertThat(byAnnex.changed()).containsExactly(TermKey.CONFIDENTIAL_YEARS);
    }

    @Test
    void anAmendmentThatSaysTwoThingsIsRefusedWithBothPlaces() {
        var sheet = AnnexTests.complete(AnnexKind.CONFIDENTIALITY).with("duration", "years", "9");
        var amended = AmendedVersion.of(
                base(AnnexTests.complete()),
                Map.of(TermKey.CONFIDENTIAL_YEARS, new TermValue.Whole(7)),
                Map.of(AnnexKind.CONFIDENTIALITY, sheet));
        assertThatThrownBy(amended::require).isInstanceOfSatisfying(Refused.class, refused -> {
            assertThat(refused.sentence().key()).isEqualTo("contract.amendment.annexAndTerm");
            assertThat(Texts.in(Texts.ENGLISH).say(refused.sentence())).contains("7", "III-A4.4", "9");
        });
    }

    @Test
    void aSubRowLeftEmptyIsRefusedUnlessBothAcceptedThatRiskWhenTheySigned() {
        var sheet = AnnexTests.complete(AnnexKind.SERVICE_PLAN).with("risks", List.of());
        var amended = AmendedVersion.of(base(AnnexTests.complete()), Map.of(), Map.of(AnnexKind.SERVICE_PLAN, sheet));
        assertThatThrownBy(amended::require).hasMessage("contract.amendment.annexIncomplete");

        var accepted = AnnexTests.complete()
                .accepting(Clause.III_A1_5, Party.CLIENT)
                .accepting(Clause.III_A1_5, Party.PROVIDER);
        AmendedVersion.of(base(accepted), Map.of(), Map.of(AnnexKind.SERVICE_PLAN, sheet))
                .require();
    }

    @Test
    void textAndNewAnnexThatDifferAreRefusedUntilTheOrderOfPrecedenceWasAgreed() {
        var dearer = AnnexTests.complete(AnnexKind.PAYMENT)
                .with("total", "total", "1320000")
                .with("total", "words", "壹佰叁拾贰万元整");
        dearer = dearer.with(
                "lines",
                dearer.of("lines").stream()
                        .map(row -> row.with("amount", "110000"))
                        .toList());
        var sheets = Map.of(AnnexKind.PAYMENT, dearer);
        assertThatThrownBy(() -> AmendedVersion.of(base(AnnexTests.complete()), Map.of(), sheets)
                        .require())
                .hasMessage("contract.amendment.problem");

        var agreed = AmendedVersion.of(base(AnnexTests.complete(), TermKey.PRECEDENCE), Map.of(), sheets);
        agreed.require();
        assertThat(agreed.settled().money(TermKey.FEE_TOTAL)).contains(Money.of("1320000"));
        assertThat(agreed.changed()).contains(TermKey.FEE_TOTAL, TermKey.FEE_WORDS, TermKey.FEE_SCHEDULE);
    }

    @Test
    void aNewAnnexThatClashesWithAnotherIsRefused() {
        var information = AnnexTests.complete(AnnexKind.CUSTOMER_INFORMATION).with("incident", "noticeHours", "71");
        assertThatThrownBy(() -> AmendedVersion.of(
                                base(AnnexTests.complete(), TermKey.PRECEDENCE),
                                Map.of(),
                                Map.of(AnnexKind.CUSTOMER_INFORMATION, information))
                        .require())
                .isInstanceOfSatisfying(
                        Refused.class,
                        refused -> assertThat(Texts.in(Texts.ENGLISH).say(refused.sentence()))
                                .contains("71", "III-A2.3", "III-A4.3"));
    }

    @Test
    void theDifferenceIsShownRowByRowAndWordByWord() {
        var before = AnnexTests.complete(AnnexKind.SERVICE_PLAN);
        var levels = new ArrayList<>(before.of("levels"));
        levels.set(0, levels.get(0).with("target", "91"));
        var gone = levels.removeLast();
        var risks = new ArrayList<>(before.of("risks"));
        risks.add(new Row(
                Map.of("risk", "系统停机", "likelihood", "LOW", "impact", "HIGH", "measure", "双活", "owner", "PROVIDER")));
        var after = before.with("levels", levels)
                .with("risks", risks)
                .with("effect", "effect", before.cell("effect", "effect") + "并降低投诉率");

        var parts = AnnexDifference.of(before, after, Texts.in(Texts.CHINESE)).parts();

        assertThat(parts).extracting(part -> part.part().id()).containsExactly("effect", "levels", "risks");
        assertThat(parts.get(0).rows().getFirst().cells().getFirst().pieces())
                .filteredOn(piece -> piece.change() != Change.SAME)
                .allSatisfy(piece -> assertThat(piece.change()).isEqualTo(Change.ADDED))
                .extracting(WordDifference.Piece::text)
                .contains("并降低投诉率");
        assertThat(parts.get(1).rows())
                .extracting(AnnexDifference.RowChange::fate)
                .containsExactly(Fate.CHANGED, Fate.REMOVED);
        assertThat(parts.get(1).rows().getLast().before()).isEqualTo(gone);
        assertThat(parts.get(1).kept()).isEqualTo(before.of("levels").size() - 2);
        assertThat(parts.get(2).rows())
                .extracting(AnnexDifference.RowChange::fate)
                .containsExactly(Fate.ADDED);
        assertThat(AnnexDifference.of(before, before, Texts.in(Texts.CHINESE)).isEmpty())
                .isTrue();
    }

    @Test
    void g37TheThirdPartySignsWhatBindsItAndNothingElse() {
        var base = base(AnnexTests.complete());
        var secrecy = AnnexTests.complete(AnnexKind.CONFIDENTIALITY).with("duration", "years", "9");
        assertThat(third(base, secrecy)).contains("云桥技术有限公司");
        assertThat(third(base, AnnexTests.complete(AnnexKind.CONFIDENTIALITY)))
                .as("unchanged")
                .isEmpty();
        var plan = AnnexTests.complete(AnnexKind.SERVICE_PLAN);
        assertThat(third(base, plan.with("effect", "effect", "更好"))).isEmpty();
        var milestone = plan.of("milestones").getFirst().with("responsible", "THIRD_PARTY");
        assertThat(third(base, plan.with("milestones", List.of(milestone)))).contains("云桥技术有限公司");
        assertThat(third(base(Annexes.NONE), secrecy)).as("there is none").isEmpty();
        assertThat(third(base(Annexes.NONE), AnnexTests.complete(AnnexKind.THIRD_PARTY)))
                .as("one that joins")
                .contains("云桥技术有限公司");
    }

    private static java.util.Optional<String> third(ContractVersion base, AnnexSheet sheet) {
        return AmendedVersion.of(base, Map.of(), Map.of(sheet.kind(), sheet)).third();
    }

    @Test
    void thePreviewListsLevelsAccessesAndDutiesThatChange() {
        var plan = AnnexTests.complete(AnnexKind.SERVICE_PLAN);
        var services = new ArrayList<>(plan.of("services"));
        services.set(3, services.get(3).with("inScope", "false"));
        var levels = new ArrayList<>(plan.of("levels"));
        levels.set(0, levels.get(0).with("target", "91"));
        var milestones = new ArrayList<>(plan.of("milestones"));
        milestones.removeLast();
        var after = plan.with("services", services).with("levels", levels).with("milestones", milestones);

        var impacts = AmendmentPreview.of(
                AmendedVersion.of(base(AnnexTests.complete()), Map.of(), Map.of(AnnexKind.SERVICE_PLAN, after)),
                LocalDate.of(2025, 6, 1),
                List.of());

        var english = Texts.in(Texts.ENGLISH);
        assertThat(impacts)
                .extracting(Impact::kind)
                .contains(Impact.Kind.ACCESS, Impact.Kind.SERVICE_LEVEL, Impact.Kind.DUTY);
        assertThat(impacts)
                .filteredOn(impact -> impact.kind() == Impact.Kind.DUTY)
                .singleElement()
                .satisfies(impact -> {
                    assertThat(impact.before()).isNotNull();
                    assertThat(impact.after()).as("taken out").isNull();
                });
        assertThat(impacts)
                .filteredOn(impact -> impact.clause() == Clause.III_A1_4)
                .anySatisfy(impact -> assertThat(english.say(java.util.Objects.requireNonNull(impact.after())))
                        .contains("91%"));
    }

    @Test
    void manyOpenDutiesThatStayAreToldTogether() {
        var plan = AnnexTests.complete(AnnexKind.SERVICE_PLAN);
        var levels = new ArrayList<>(plan.of("levels"));
        for (int i = 0; i < levels.size(); i++) {
            if (levels.get(i).cell("service").equals("COMPLAINTS")) {
                levels.set(i, levels.get(i).with("floor", levels.get(i).cell("target")));
            }
        }
        var amended = AmendedVersion.of(
                base(AnnexTests.complete()), Map.of(), Map.of(AnnexKind.SERVICE_PLAN, plan.with("levels", levels)));
        for (int number : List.of(1, 3, 4, 5000)) {
            var duties = java.util.stream.IntStream.range(0, number)
                    .mapToObj(AmendedVersionTests::complaint)
                    .toList();
            assertThat(AmendmentPreview.of(amended, LocalDate.of(2025, 6, 1), duties))
                    .filteredOn(impact -> impact.clause() == Clause.I_1_1_2)
                    .as("%s duties", number)
                    .hasSize(number > 3 ? 1 : number);
        }
    }

    private static AssessedDuty complaint(int number) {
        var opened = Instant.parse("2025-05-01T01:00:00Z").plusSeconds(number);
        var duty = new Duty(
                new UUID(2, number),
                new UUID(1, 3),
                new UUID(1, 1),
                1,
                Clause.I_1_1_2,
                Party.PROVIDER,
                Party.CLIENT,
                "contract.duty.counterpart",
                "complaint/" + number,
                opened,
                new Deadline.CalendarDays(60, LocalDate.of(2025, 5, 1), false),
                List.of(),
                0);
        return new AssessedDuty(duty, duty.assess(opened.plusSeconds(60), WorkCalendar.chinese()));
    }

    private static ContractVersion base(Annexes annexes, TermKey... agreed) {
        var imported = ContractImporter.pasted(DemoContract.text());
        var terms = imported.terms();
        for (var entry : AnnexAnswers.supplied(terms, annexes)) {
            terms = terms.with(entry);
        }
        for (var key : agreed) {
            terms = terms.with(terms.get(key).confirmed(Party.CLIENT).confirmed(Party.PROVIDER));
        }
        return new ContractVersion(
                new UUID(1, 1),
                new UUID(1, 2),
                1,
                imported.original(),
                imported.text(),
                new ContractVersion.Findings(
                        imported.title(),
                        imported.encoding(),
                        false,
                        0,
                        List.of(),
                        imported.unread(),
                        imported.furniture()),
                false,
                imported.clauses(),
                terms,
                annexes,
                null,
                null);
    }

    private static ContractVersion with(ContractVersion base, DraftTerms terms) {
        return new ContractVersion(
                base.contract(),
                base.id(),
                base.number() + 1,
                base.original(),
                base.text(),
                base.findings(),
                false,
                base.clauses(),
                terms,
                base.annexes(),
                null,
                null);
    }
}
