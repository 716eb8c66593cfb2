package io.retainer.contract;

import static org.assertj.core.api.Assertions.assertThat;

import io.retainer.contract.ContractVersion.Findings;
import io.retainer.contract.DocumentText.Look;
import io.retainer.kernel.Clause;
import io.retainer.kernel.Party;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class DocumentTextTests {

    @Test
    void everyClauseStandsInTheMarginOnce() {
        var clauses = DocumentText.of(version(DemoContract.text())).lines().stream()
                .flatMap(line -> line.clauses().stream())
                .toList();

        assertThat(clauses).hasSize(109).doesNotHaveDuplicates();
    }

    @Test
    void aTextInOneLineIsBrokenWhereItsClausesBegin() {
        var lines = DocumentText.of(version(DemoContract.garbled())).lines();

        assertThat(lines).hasSizeGreaterThan(60);
        assertThat(lines).anySatisfy(line -> assertThat(line.clauses()).contains(Clause.I_3_1A));
    }

    @Test
    void whatIsWrittenInStandsInItsPlace() {
        var version = version(
                DemoContract.blank(),
                List.of(
                        List.of(TermKey.FEE_TOTAL, "83333.33"),
                        List.of(TermKey.FEE_WORDS, "捌万叁仟叁佰叁拾叁元叁角叁分"),
                        List.of(TermKey.TERM_END, "2026-02-28"),
                        List.of(TermKey.LATE_RATE, "0.05")));

        assertThat(words(version))
                .contains("人民币83,333.33元(大写:捌万叁仟叁佰叁拾叁元叁角叁分)")
                .contains("自____年____月____日起至2026年2月28日止")
                .contains("支付0.05%的违约金");
    }

    @Test
    void aPlaceStillEmptyIsShownAsBlank() {
        var blanks = DocumentText.of(version(DemoContract.blank())).lines().stream()
                .flatMap(line -> line.pieces().stream())
                .filter(piece -> piece.look() == Look.BLANK);

        assertThat(blanks).hasSizeGreaterThanOrEqualTo(13);
    }

    @Test
    void whatDiffersFromThePrintedWordsIsListed() {
        var version = version(DemoContract.text(), List.of(List.of(TermKey.TERM_MONTHS, "11")));

        assertThat(DocumentText.of(version).changed())
                .extracting(DocumentText.Changed::key)
                .containsExactly(TermKey.TERM_MONTHS);
    }

    private static String words(ContractVersion version) {
        var words = new StringBuilder();
        DocumentText.of(version).lines().forEach(line -> line.pieces().forEach(piece -> words.append(piece.text())));
        return words.toString();
    }

    private static ContractVersion version(String text) {
        return version(text, List.of());
    }

    private static ContractVersion version(String text, List<List<Object>> entered) {
        var imported = ContractImporter.pasted(text);
        var terms = imported.terms();
        for (var pair : entered) {
            var key = (TermKey) pair.get(0);
            terms = terms.entered(key, TermValue.parse(key, (String) pair.get(1)), Party.CLIENT);
        }
        return new ContractVersion(
                new UUID(1, 1),
                new UUID(1, 2),
                1,
                imported.original(),
                imported.text(),
                new Findings(
                        imported.title(),
                        imported.encoding(),
                        imported.traditionalScript(),
                        imported.reconstructions(),
                        imported.markers(),
                        imported.unread(),
                        imported.furniture()),
                false,
                imported.clauses(),
                terms,
                Annexes.NONE,
                null,
                null);
    }
}
