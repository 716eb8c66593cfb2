package io.retainer.matching;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Issue 4, item 4, on records of our own making. */
class ResolutionTests {

    private final ChineseCustomers customers = ChineseCustomers.generate(4_000, 11);
    private final Resolution resolution = Resolution.of(customers.records(), Settings.usual());

    private PairQuality quality(Resolution of) {
        return PairQuality.of(of, customers.records(), customers.truth());
    }

    @Test
    void findsDuplicatesWithoutLabelsThoughFamiliesShareAddressAndTelephone() {
        var quality = quality(resolution);
        assertThat(quality.precision()).isGreaterThan(0.97);
        assertThat(quality.f1()).isGreaterThan(0.96);
        assertThat(quality.blockingRecall()).isGreaterThan(0.99);
    }

    @Test
    void theSameRecordsGiveTheSameResult() {
        var again = Resolution.of(ChineseCustomers.generate(4_000, 11).records(), Settings.usual());
        assertThat(again.clusters()).isEqualTo(resolution.clusters());
    }

    @Test
    void theOrderOfRowsDoesNotMatterToTheQuality() {
        var rows = customers.rows();
        var order = new ArrayList<Integer>();
        for (int i = 0; i < rows.size(); i++) {
            order.add(i);
        }
        Collections.shuffle(order, new Random(5));
        var shuffled = Records.of(ChineseCustomers.COLUMNS);
        order.forEach(row -> shuffled.add(values(rows.get(row))));
        var clusters = Resolution.of(shuffled.build(), Settings.usual()).clusters();
        var placeOf = new int[order.size()];
        for (int i = 0; i < placeOf.length; i++) {
            placeOf[order.get(i)] = i;
        }
        long found = Arrays.stream(customers.truth().same())
                .filter(pair -> clusters[placeOf[Pairs.low(pair)]] == clusters[placeOf[Pairs.high(pair)]])
                .count();
        assertThat((double) found).isCloseTo((double) quality(resolution).right(), within(8.0));
    }

    private static List<String> values(Map<String, String> row) {
        return ChineseCustomers.COLUMNS.stream()
                .map(column -> row.getOrDefault(column, ""))
                .toList();
    }

    @Test
    void everyMatchIsExplainedFieldByField() {
        for (long truth : Arrays.stream(customers.truth().same()).limit(50).toArray()) {
            var pair = resolution.pair(Pairs.low(truth), Pairs.high(truth));
            var reasons = resolution.reasons(pair.first(), pair.second());
            double sum = resolution.prior()
                    + reasons.stream().mapToDouble(Reason::bits).sum()
                    + resolution.householdDiscount(pair.first(), pair.second());
            assertThat(reasons)
                    .extracting(Reason::column)
                    .containsExactlyInAnyOrderElementsOf(resolution.comparedColumns());
            assertThat(pair.bits()).isCloseTo(sum, within(1e-3));
        }
    }

    @Test
    void missingValuesSayNothing() {
        long truth = customers.truth().same()[0];
        assertThat(resolution.reasons(Pairs.low(truth), Pairs.high(truth)))
                .filteredOn(reason -> reason.grade() == Grade.MISSING)
                .allMatch(reason -> reason.bits() == 0);
    }

    @Test
    void theThreeBandsKeepWhatTheyPromise() {
        var truth = customers.truth();
        var merged = resolution.in(Band.MERGE, Integer.MAX_VALUE);
        long wrong = merged.stream()
                .filter(pair -> Arrays.binarySearch(truth.same(), Pairs.of(pair.first(), pair.second())) < 0)
                .count();
        assertThat((double) wrong / merged.size()).isLessThan(0.03);
        assertThat(resolution.in(Band.REVIEW, 5)).isSortedAccordingTo((a, b) -> Double.compare(b.bits(), a.bits()));
        assertThat(resolution.bandSizes().values().stream()
                        .mapToInt(Integer::intValue)
                        .sum())
                .isEqualTo(resolution.candidates());
    }

    @Test
    void anAnswerSettlesItsPairAndIsNotAskedAgain() {
        var question = resolution.questions(1).getFirst();
        var same = resolution.answered(question.first(), question.second(), Answer.SAME);
        assertThat(same.clusters()[question.first()]).isEqualTo(same.clusters()[question.second()]);
        var different = resolution.answered(question.first(), question.second(), Answer.DIFFERENT);
        assertThat(different.clusters()[question.first()])
                .isNotEqualTo(different.clusters()[question.second()]);
        var unknown = resolution.answered(question.first(), question.second(), Answer.CANNOT_SAY);
        assertThat(unknown.pair(question.first(), question.second())).isEqualTo(question);
        for (var next : List.of(same, different, unknown)) {
            assertThat(next.questions(20))
                    .noneMatch(other -> other.first() == question.first() && other.second() == question.second());
        }
    }

    @Test
    void answersDoNoHarmAndTeachOtherPairs() {
        var taught = resolution;
        for (int i = 0; i < 15 && !taught.questions(1).isEmpty(); i++) {
            var question = taught.questions(1).getFirst();
            boolean same =
                    Arrays.binarySearch(customers.truth().same(), Pairs.of(question.first(), question.second())) >= 0;
            taught = taught.answered(question.first(), question.second(), same ? Answer.SAME : Answer.DIFFERENT);
        }
        assertThat(quality(taught).f1())
                .isGreaterThanOrEqualTo(quality(resolution).f1() - 0.003);
        long pair = customers.truth().same()[3];
        assertThat(taught.pair(Pairs.low(pair), Pairs.high(pair)).bits())
                .isNotEqualTo(resolution.pair(Pairs.low(pair), Pairs.high(pair)).bits());
    }

    @Test
    void questionsRepeatNoPattern() {
        var questions = resolution.questions(30);
        assertThat(questions.stream()
                        .map(q -> resolution.reasons(q.first(), q.second()).stream()
                                .map(reason -> reason.column() + reason.grade())
                                .sorted()
                                .toList()))
                .doesNotHaveDuplicates();
    }

    @Test
    void firstNameAndSurnameInEachOthersPlaceAreSeen() {
        var records = Records.of(List.of("a", "b", "c"));
        var given =
                List.of("thomas", "george", "martin", "simon", "oliver", "henry", "victor", "hugo", "felix", "ivan");
        var random = new Random(1);
        for (int i = 0; i < 200; i++) {
            int year = 1930 + random.nextInt(70);
            var first = given.get(i % 10);
            var last = given.get((i / 10 + 3) % 10) + (i % 4 == 1 ? "" : "son");
            records.add(List.of(first, last, "%04d-%02d-%02d".formatted(year, 1 + i % 12, 1 + i % 28)));
            if (i % 5 == 1) {
                records.add(List.of(last, first, "%04d-%02d-%02d".formatted(year, 1 + i % 12, 1 + i % 28)));
            }
        }
        var resolved = Resolution.of(records.build(), Settings.usual());
        assertThat(resolved.clusters()[2]).isEqualTo(1);
        assertThat(resolved.reasons(1, 2)).extracting(Reason::grade).contains(Grade.SWAPPED);
    }

    @Test
    void twoFilesAreLinkedOneToOne() {
        var rows = customers.rows();
        var records = Records.of(ChineseCustomers.COLUMNS);
        for (int i = 0; i < 1_500; i++) {
            records.add(values(rows.get(i)));
        }
        records.secondSource();
        for (int i = 0; i < 1_500; i++) {
            records.add(values(rows.get(i)));
        }
        var clusters = Resolution.of(records.build(), Settings.usual()).clusters();
        int linked = 0;
        for (int i = 0; i < 1_500; i++) {
            assertThat(clusters[i]).isEqualTo(i);
            linked += clusters[1_500 + i] == i ? 1 : 0;
        }
        assertThat(linked).isGreaterThan(1_470);
        assertThat(Arrays.stream(clusters).skip(1_500).filter(row -> row < 1_500))
                .doesNotHaveDuplicates();
    }

    private static final List<String> WORDS = List.of(
            ("wireless digital stereo black silver compact portable professional system home theater speaker camera lens "
                            + "printer monitor panel player recorder battery charger cable adapter remote mount wall kit case")
                    .split(" "));

    private static String title(Random random, int words) {
        var title = new ArrayList<String>();
        for (int i = 0; i < words; i++) {
            title.add(WORDS.get(random.nextInt(WORDS.size())));
        }
        return String.join(" ", title);
    }

    @Test
    void titlesThatShareOnlyCommonWordsAreBroughtTogether() {
        var random = new Random(3);
        var records = Records.of(List.of("title"));
        for (int i = 0; i < 1_500; i++) {
            records.add(List.of(title(random, 8)));
        }
        records.secondSource();
        var again = new Random(3);
        for (int i = 0; i < 1_500; i++) {
            records.add(List.of("new " + title(again, 8) + " x"));
        }
        var resolved = Resolution.of(records.build(), Settings.usual());
        int reached = 0;
        for (int i = 0; i < 1_500; i++) {
            reached += resolved.isCandidate(i, 1_500 + i) ? 1 : 0;
        }
        assertThat(reached).isGreaterThan(1_480);
    }

    @Test
    void oneColumnIsEnoughToFindWhatAgreesInIt() {
        var random = new Random(4);
        var records = Records.of(List.of("citation"));
        for (int i = 0; i < 300; i++) {
            var title = title(random, 9) + " " + (1_000 + i);
            records.add(List.of(title));
            if (i % 3 == 0) {
                records.add(List.of(title.substring(0, 9) + title.substring(10)));
            }
        }
        var clusters = Resolution.of(records.build(), Settings.usual()).clusters();
        int found = 0;
        for (int row = 0; row + 1 < clusters.length; row += 4) {
            found += clusters[row + 1] == clusters[row] ? 1 : 0;
        }
        assertThat(found).isGreaterThan(95);
        assertThat(Arrays.stream(clusters).distinct().count()).isBetween(295L, 305L);
    }

    @Test
    void whereThereAreNoDuplicatesHardlyAnythingIsToBeReviewed() {
        var random = new Random(7);
        var records = Records.of(List.of("name", "born", "town", "street"));
        for (int i = 0; i < 2_000; i++) {
            records.add(List.of(
                    title(random, 1) + random.nextInt(60),
                    "%04d-%02d-%02d"
                            .formatted(1930 + random.nextInt(70), 1 + random.nextInt(12), 1 + random.nextInt(28)),
                    title(random, 1),
                    1 + random.nextInt(99) + " " + title(random, 2)));
        }
        var sizes = Resolution.of(records.build(), Settings.usual()).bandSizes();
        assertThat(sizes.getOrDefault(Band.MERGE, 0)).isLessThan(3);
        assertThat(sizes.getOrDefault(Band.REVIEW, 0)).isLessThan(100);
    }

    @Test
    void membersWithNothingInCommonToCompareDoNotPartAPerson() {
        long[] pairs = {Pairs.of(0, 1), Pairs.of(1, 2)};
        float[] scores = {6, 6};
        // The first and the third have no field in common: only the prior speaks.
        assertThat(AverageLink.cluster(3, pairs, scores, _ -> -14, pair -> pair == Pairs.of(0, 2) ? 0.02 : 1))
                .containsExactly(0, 0, 0);
        assertThat(AverageLink.cluster(3, pairs, scores, _ -> -14, _ -> 1)).containsExactly(0, 0, 2);
    }

    @Test
    void nothingAndAlmostNothingIsResolvedToo() {
        for (int size = 0; size < 4; size++) {
            var records = Records.of(List.of("name", "empty"));
            for (int i = 0; i < size; i++) {
                records.add(List.of("Ann" + i, ""));
            }
            assertThat(Resolution.of(records.build(), Settings.usual()).clusters())
                    .hasSize(size);
        }
    }
}
