package io.retainer.statistics.evaluate;

import io.retainer.kernel.Texts;
import java.io.PrintWriter;
import tools.jackson.databind.node.ObjectNode;

/**
 * How proposals for texts came out.
 *
 * @param accuracy share of the proposals that are right
 * @param baseline share that always proposing the most frequent label would have got right
 * @param distinct texts judged that were not learned from verbatim
 * @param proposed share of the texts for which it would have proposed something at all
 * @param calibration mean distance between how sure it said it was and how often it was right, in tenths
 */
record ComplaintTextReport(
        String file,
        int rows,
        int labels,
        int judged,
        double accuracy,
        double macroF1,
        double baseline,
        int distinct,
        double distinctAccuracy,
        double proposed,
        double proposedAccuracy,
        double calibration,
        double seconds,
        double atLeast)
        implements Evaluation.Report {

    /** Below this the desk proposes nothing. */
    static final double SUREST_GUESS = 0.5;

    @Override
    public boolean measured() {
        return accuracy >= atLeast;
    }

    @Override
    public void print(PrintWriter out, Texts texts) {
        out.println(texts.say("statistics.evaluate.texts", file, rows, labels, judged));
        out.println(texts.say(
                "statistics.evaluate.textsRight",
                Figures.of(4, accuracy),
                Figures.of(4, macroF1),
                Figures.of(4, baseline)));
        out.println(texts.say("statistics.evaluate.textsDistinct", distinct, Figures.of(4, distinctAccuracy)));
        out.println(texts.say(
                "statistics.evaluate.textsProposed",
                Figures.of(2, SUREST_GUESS),
                Figures.of(4, proposed),
                Figures.of(4, proposedAccuracy),
                Figures.of(4, calibration)));
        out.println(texts.say("statistics.evaluate.textsSeconds", Figures.of(1, seconds)));
    }

    @Override
    public void write(ObjectNode out, Texts texts) {
        out.put("file", file);
        out.put("rows", rows);
        out.put("labels", labels);
        out.put("judged", judged);
        out.put("accuracy", accuracy);
        out.put("macroF1", macroF1);
        out.put("baseline", baseline);
        out.putObject("distinct").put("judged", distinct).put("accuracy", distinctAccuracy);
        out.putObject("proposed")
                .put("from", SUREST_GUESS)
                .put("share", proposed)
                .put("accuracy", proposedAccuracy)
                .put("calibrationError", calibration);
        out.put("seconds", seconds);
    }
}
