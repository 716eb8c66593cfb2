package io.retainer.contract;

import com.ibm.icu.text.BreakIterator;
import com.ibm.icu.util.ULocale;
import java.util.ArrayList;
import java.util.List;

/**
 * How one wording became another, word by word: Chinese words as a dictionary divides them, numbers and Latin words whole,
 * each mark by itself. What is the same is never shown as changed; the pieces joined give back both wordings. Pure.
 */
final class WordDifference {

    /** More comparisons than this, and the middle is shown as replaced as a whole. */
    private static final long MOST_CELLS = 4_000_000;

    /** Which wording has the words. */
    enum Change {
        SAME,
        REMOVED,
        ADDED
    }

    record Piece(String text, Change change) {}

    private WordDifference() {}

    static List<Piece> between(String before, String after) {
        var old = words(before);
        var now = words(after);
        int head = 0;
        while (head < old.size() && head < now.size() && old.get(head).equals(now.get(head))) {
            head++;
        }
        int tail = 0;
        while (tail < old.size() - head
                && tail < now.size() - head
                && old.get(old.size() - 1 - tail).equals(now.get(now.size() - 1 - tail))) {
            tail++;
        }
        var pieces = new Pieces();
        pieces.add(old.subList(0, head), Change.SAME);
        middle(old.subList(head, old.size() - tail), now.subList(head, now.size() - tail), pieces);
        pieces.add(old.subList(old.size() - tail, old.size()), Change.SAME);
        return pieces.list();
    }

    /** By the longest common subsequence; removals stand before what took their place. */
    private static void middle(List<String> old, List<String> now, Pieces pieces) {
        if ((long) old.size() * now.size() > MOST_CELLS) {
            pieces.add(old, Change.REMOVED);
            pieces.add(now, Change.ADDED);
            return;
        }
        var common = new int[old.size() + 1][now.size() + 1];
        for (int i = old.size() - 1; i >= 0; i--) {
            for (int j = now.size() - 1; j >= 0; j--) {
                common[i][j] = old.get(i).equals(now.get(j))
                        ? common[i + 1][j + 1] + 1
                        : Math.max(common[i + 1][j], common[i][j + 1]);
            }
        }
        int i = 0;
        int j = 0;
        while (i < old.size() || j < now.size()) {
            if (i < old.size() && j < now.size() && old.get(i).equals(now.get(j))) {
                pieces.add(List.of(old.get(i)), Change.SAME);
                i++;
                j++;
            } else if (j == now.size() || (i < old.size() && common[i + 1][j] >= common[i][j + 1])) {
                pieces.add(List.of(old.get(i++)), Change.REMOVED);
            } else {
                pieces.add(List.of(now.get(j++)), Change.ADDED);
            }
        }
    }

    static List<String> words(String text) {
        var breaks = BreakIterator.getWordInstance(ULocale.SIMPLIFIED_CHINESE);
        breaks.setText(text);
        var words = new ArrayList<String>();
        int from = breaks.first();
        for (int to = breaks.next(); to != BreakIterator.DONE; from = to, to = breaks.next()) {
            words.add(text.substring(from, to));
        }
        return words;
    }

    /** Collects pieces, joining neighbours of the same kind. */
    private static final class Pieces {

        private final List<Piece> done = new ArrayList<>();
        private final StringBuilder removed = new StringBuilder();
        private final StringBuilder added = new StringBuilder();
        private final StringBuilder same = new StringBuilder();

        void add(List<String> words, Change change) {
            for (var word : words) {
                switch (change) {
                    case SAME -> {
                        changes();
                        same.append(word);
                    }
                    case REMOVED -> {
                        flush(same, Change.SAME);
                        removed.append(word);
                    }
                    case ADDED -> {
                        flush(same, Change.SAME);
                        added.append(word);
                    }
                }
            }
        }

        List<Piece> list() {
            changes();
            flush(same, Change.SAME);
            return List.copyOf(done);
        }

        private void changes() {
            flush(removed, Change.REMOVED);
            flush(added, Change.ADDED);
        }

        private void flush(StringBuilder words, Change change) {
            if (!words.isEmpty()) {
                done.add(new Piece(words.toString(), change));
                words.setLength(0);
            }
        }
    }
}
