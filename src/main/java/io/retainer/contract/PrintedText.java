package io.retainer.contract;

import io.retainer.kernel.Texts;
import java.util.List;
import java.util.regex.Pattern;

/**
 * What Retainer itself prints around a contract, taken off again: the clause ids in front of the lines, and the list of
 * terms and the signature page that follow the annexes. A contract that went out as Word is read as the contract it was.
 */
final class PrintedText {

    /** Fewer lines with an id than this, and somebody else's document cites a clause here and there. */
    private static final int FEWEST_IDS = 10;

    private static final Pattern ID = Pattern.compile(
            "(?m)^[ \\t]*(?:I-[0-9S][0-9.]*|II-[0-9.]+|III-[AB][0-9.]+)(?:\\*?\\([0-9]\\)|[a-z]|std|ex)?(?:[ \\t]{2,}|\\t)");

    private static final List<Texts> LANGUAGES = List.of(Texts.in(Texts.CHINESE), Texts.in(Texts.ENGLISH));

    private PrintedText() {}

    static String bare(String text) {
        if (ID.matcher(text).results().limit(FEWEST_IDS).count() < FEWEST_IDS) {
            return text;
        }
        var bare = ID.matcher(text).replaceAll("");
        for (var texts : LANGUAGES) {
            int terms = bare.indexOf("\n" + texts.say("contract.page.document.terms") + "\n");
            int note = bare.indexOf(texts.say("contract.paper.terms.note"));
            if (terms >= 0 && note > terms) {
                return bare.substring(0, terms + 1);
            }
        }
        return bare;
    }
}
