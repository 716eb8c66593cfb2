package io.retainer.contract;

import java.util.List;

/** What the parties sign of a supplementary agreement, as lines that anybody can read and hash again. */
final class AmendmentContent {

    private AmendmentContent() {}

    /** @param settlement what an early end would leave owed; empty for every other kind */
    static String of(Amendment amendment, ContractVersion base, List<String> settlement) {
        var content = new StringBuilder("retainer amendment 1\n")
                .append("contract ")
                .append(amendment.contract())
                .append("\namendment ")
                .append(amendment.id())
                .append("\nserial ")
                .append(amendment.serial())
                .append("\nkind ")
                .append(amendment.kind())
                .append("\namends version ")
                .append(base.number())
                .append(" sha-256 ")
                .append(base.hash())
                .append("\nfrom ")
                .append(amendment.from())
                .append("\nreason ")
                .append(onOneLine(amendment.reason()).replace("\r", "\\r"))
                .append('\n');
        if (amendment.third() != null) {
            content.append("third party ").append(onOneLine(amendment.third())).append('\n');
        }
        amendment.changes().entrySet().stream()
                .sorted(java.util.Comparator.comparing(change -> change.getKey().id()))
                .forEach(change -> content.append("term ")
                        .append(change.getKey().id())
                        .append(' ')
                        .append(onOneLine(change.getValue().canonical()))
                        .append('\n'));
        if (amendment.takesThirdOut()) {
            content.append("annex 5 none\n");
        }
        amendment
                .annexes()
                .forEach((kind, sheet) -> sheet.lines()
                        .forEach(line -> content.append("annex ")
                                .append(kind.number())
                                .append(' ')
                                .append(onOneLine(line))
                                .append('\n')));
        settlement.forEach(line -> content.append("settlement ").append(line).append('\n'));
        return content.toString();
    }

    private static String onOneLine(String text) {
        return text.replace("\\", "\\\\").replace("\n", "\\n");
    }
}
