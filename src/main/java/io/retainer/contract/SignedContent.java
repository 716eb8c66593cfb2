package io.retainer.contract;

import java.util.Collection;
import java.util.Comparator;
import java.util.UUID;

/**
 * The very bytes both parties sign, as lines anybody can read and hash again: the text as it was imported, by its own
 * hash, each term with its source, and each cell of the annexes. Confirmations are acts of their own and not part of it.
 */
final class SignedContent {

    private SignedContent() {}

    static String of(
            UUID contract,
            int number,
            String original,
            boolean markersStruck,
            Collection<TermEntry> terms,
            Annexes annexes) {
        var content = new StringBuilder("retainer contract version 1\n")
                .append("contract ")
                .append(contract)
                .append("\nnumber ")
                .append(number)
                .append("\ntext sha-256 ")
                .append(Hashes.of(original))
                .append("\ntemplate markers ")
                .append(markersStruck ? "struck" : "none")
                .append('\n');
        terms.stream()
                .filter(entry -> !entry.key().isFilledBySigning())
                .sorted(Comparator.comparing(entry -> entry.key().id()))
                .forEach(entry -> {
                    var value = entry.value();
                    content.append("term ")
                            .append(entry.key().id())
                            .append(' ')
                            .append(value == null ? "-" : entry.source().name() + " " + line(value.canonical()))
                            .append('\n');
                });
        annexes.sheets()
                .forEach((kind, sheet) -> sheet.lines()
                        .forEach(line -> content.append("annex ")
                                .append(kind.number())
                                .append(' ')
                                .append(line(line))
                                .append('\n')));
        return content.toString();
    }

    private static String line(String value) {
        return value.replace("\\", "\\\\").replace("\n", "\\n").replace("\r", "\\r");
    }
}
