package io.retainer.contract;

import static org.assertj.core.api.Assertions.assertThat;

import io.retainer.contract.WordDifference.Change;
import io.retainer.contract.WordDifference.Piece;
import java.util.Random;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** What changed between two wordings, word by word. */
class WordDifferenceTests {

    @Test
    void namesTheChangedWordsAndNothingElse() {
        assertThat(WordDifference.between("乙方应在5个工作日内答复投诉。", "乙方应在3个工作日内答复全部投诉。"))
                .containsExactly(
                        new Piece("乙方应在", Change.SAME),
                        new Piece("5", Change.REMOVED),
                        new Piece("3", Change.ADDED),
                        new Piece("个工作日内答复", Change.SAME),
                        new Piece("全部", Change.ADDED),
                        new Piece("投诉。", Change.SAME));
        assertThat(WordDifference.between("pay within 30 days", "pay within 45 days"))
                .containsExactly(
                        new Piece("pay within ", Change.SAME),
                        new Piece("30", Change.REMOVED),
                        new Piece("45", Change.ADDED),
                        new Piece(" days", Change.SAME));
    }

    @Test
    void sameAndEmptyWordings() {
        assertThat(WordDifference.between("甲方", "甲方")).containsExactly(new Piece("甲方", Change.SAME));
        assertThat(WordDifference.between("", "")).isEmpty();
        assertThat(WordDifference.between("", "甲方")).containsExactly(new Piece("甲方", Change.ADDED));
        assertThat(WordDifference.between("甲方", "")).containsExactly(new Piece("甲方", Change.REMOVED));
    }

    @Test
    void thePiecesAlwaysGiveBackBothWordings() {
        var random = new Random(7);
        var alphabet = "甲乙方应付款违约金 5 30 元,。\nabc";
        for (int i = 0; i < 500; i++) {
            var before = words(random, alphabet);
            var after = words(random, alphabet);
            var pieces = WordDifference.between(before, after);
            assertThat(joined(pieces, Change.ADDED)).isEqualTo(before);
            assertThat(joined(pieces, Change.REMOVED)).isEqualTo(after);
        }
    }

    @Test
    void aWholeContractIsComparedInNoTime() {
        var text = DemoContract.text();
        var longText = text.repeat(8);
        var start = System.nanoTime();
        var pieces =
                WordDifference.between(longText, longText.replace("甲方", "委托方").replace("5", "七"));
        assertThat(joined(pieces, Change.ADDED)).isEqualTo(longText);
        assertThat((System.nanoTime() - start) / 1_000_000).as("milliseconds").isLessThan(5_000);
    }

    private static String joined(java.util.List<Piece> pieces, Change without) {
        return pieces.stream()
                .filter(piece -> piece.change() != without)
                .map(Piece::text)
                .collect(Collectors.joining());
    }

    private static String words(Random random, String alphabet) {
        var words = new StringBuilder();
        for (int i = random.nextInt(30); i > 0; i--) {
            words.append(alphabet.charAt(random.nextInt(alphabet.length())));
        }
        return words.toString();
    }
}
