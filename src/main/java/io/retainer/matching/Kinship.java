package io.retainer.matching;

import java.util.ArrayList;
import java.util.List;

/**
 * What is assumed of related people, such as a family: one thing they share, their address or their telephone. Other fields
 * they may share or not. As to the date of birth, identity numbers and the given name they are strangers.
 */
final class Kinship {

    /** How much better the records must be explained, in nats, before anybody is held to be related. */
    static final double GAIN = 30;

    private static final int LONG_CODE = 6;

    private final boolean[] personal;

    /** The field they share by definition. */
    private final int anchor;

    Kinship(boolean[] personal, int anchor) {
        this.personal = personal;
        this.anchor = anchor;
    }

    /** Fields by which relatives are told apart. */
    boolean[] personal() {
        return personal;
    }

    /** Every way it might be; none when the records say nothing that a household could share. The likelihood chooses. */
    static List<Kinship> hypotheses(List<Field> fields) {
        var always = new boolean[fields.size()];
        for (int f = 0; f < always.length; f++) {
            always[f] = fields.get(f) instanceof DateField || longCode(fields.get(f));
        }
        var hypotheses = new ArrayList<Kinship>();
        for (int anchor = 0; anchor < always.length; anchor++) {
            for (int given = 0; given < always.length; given++) {
                if (shareable(fields.get(anchor)) && fields.get(given) instanceof NameField) {
                    var personal = always.clone();
                    personal[given] = true;
                    hypotheses.add(new Kinship(personal, anchor));
                }
            }
        }
        return hypotheses;
    }

    private static boolean shareable(Field field) {
        return field instanceof AddressField || (field instanceof CodeField code && code.ofPhones());
    }

    private static boolean longCode(Field field) {
        return field instanceof CodeField code && !code.ofPhones() && code.meanLength() >= LONG_CODE;
    }

    /**
     * How relatives agree on a field.
     *
     * @param agreed how often each grade is expected among them
     */
    double[] relatives(int field, double[] agreed, double[] same, double[] different) {
        if (personal[field]) {
            return loose(agreed, different);
        }
        return field == anchor ? shared(same, different) : mixed(agreed, same, different);
    }

    /** Like strangers, except that likenesses short of agreement may run in a family. */
    private static double[] loose(double[] agreed, double[] different) {
        int firm = Grade.NEARLY.number();
        double loose = 0;
        double seen = 0;
        for (int g = 0; g < firm; g++) {
            loose += different[g];
            seen += agreed[g];
        }
        var shares = different.clone();
        for (int g = 0; g < firm; g++) {
            shares[g] = loose * (agreed[g] + different[g] / loose) / (seen + 1);
        }
        return shares;
    }

    /** As one person agrees with himself, where he does. */
    private static double[] shared(double[] same, double[] different) {
        var shares = new double[same.length];
        double sum = 0;
        for (int g = 0; g < shares.length; g++) {
            shares[g] = Grade.ALL.get(g).agrees() ? same[g] : different[g] * 1e-3;
            sum += shares[g];
        }
        for (int g = 0; g < shares.length; g++) {
            shares[g] /= sum;
        }
        return shares;
    }

    /** Some share it as one person would, the others are strangers in it. */
    private static double[] mixed(double[] agreed, double[] same, double[] different) {
        double total = 1;
        double sharing = 0.5;
        for (int g = 0; g < agreed.length; g++) {
            total += agreed[g];
            sharing += agreed[g] * same[g] / (same[g] + different[g]);
        }
        double share = sharing / total;
        var shares = new double[same.length];
        for (int g = 0; g < shares.length; g++) {
            shares[g] = share * same[g] + (1 - share) * different[g];
        }
        return shares;
    }
}
