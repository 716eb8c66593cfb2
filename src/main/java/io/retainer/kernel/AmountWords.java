package io.retainer.kernel;

/** An amount in words on paper: 大写 in Chinese; in English spelled out, with the 大写 that banks read beside it. */
public final class AmountWords {

    private static final String[] SMALL = {
        "zero",
        "one",
        "two",
        "three",
        "four",
        "five",
        "six",
        "seven",
        "eight",
        "nine",
        "ten",
        "eleven",
        "twelve",
        "thirteen",
        "fourteen",
        "fifteen",
        "sixteen",
        "seventeen",
        "eighteen",
        "nineteen"
    };
    private static final String[] TENS = {
        "", "", "twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"
    };
    private static final String[] THOUSANDS = {"", " thousand", " million", " billion", " trillion"};

    private AmountWords() {}

    /** @throws Refused when the amount is negative or too large to be written */
    public static String of(Money amount, Texts texts) {
        var chinese = RmbWords.of(amount);
        return texts.locale().equals(Texts.ENGLISH) ? english(amount) + " (" + chinese + ")" : chinese;
    }

    static String english(Money amount) {
        long yuan = amount.fen() / 100;
        int fen = (int) (amount.fen() % 100);
        return number(yuan) + " yuan" + (fen == 0 ? "" : " and " + below1000(fen) + " fen");
    }

    private static String number(long number) {
        if (number == 0) {
            return SMALL[0];
        }
        var words = new StringBuilder();
        long rest = number;
        for (int group = 0; rest > 0; group++) {
            int three = (int) (rest % 1000);
            if (three > 0) {
                words.insert(0, (words.isEmpty() ? "" : " "));
                words.insert(0, below1000(three) + THOUSANDS[group]);
            }
            rest /= 1000;
        }
        return words.toString();
    }

    private static String below1000(int number) {
        if (number < 20) {
            return SMALL[number];
        }
        if (number < 100) {
            return TENS[number / 10] + (number % 10 == 0 ? "" : "-" + SMALL[number % 10]);
        }
        return SMALL[number / 100] + " hundred" + (number % 100 == 0 ? "" : " and " + below1000(number % 100));
    }
}
