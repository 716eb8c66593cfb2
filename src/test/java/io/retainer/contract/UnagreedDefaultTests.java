package io.retainer.contract;

import static org.assertj.core.api.Assertions.assertThat;

import io.retainer.kernel.Party;
import io.retainer.kernel.Texts;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class UnagreedDefaultTests {

    /** {@code | G-14 | `susp.noticeWorkdays` | 5 | NOTHING | … |}. */
    private static final Pattern ROW =
            Pattern.compile("\\| ([A-Z0-9-]+[a-z]?) \\| `([^`]+)` \\| `?([^`|]*?)`? \\| ([A-Z]+) \\|.*");

    @Test
    void theTableInTheDocumentationIsTheOneTheEngineUses() throws IOException {
        var documented = new TreeMap<String, String>();
        for (var line : Files.readAllLines(Path.of("docs/defaults.md"))) {
            var row = ROW.matcher(line);
            if (row.matches()) {
                documented.put(row.group(2), row.group(1) + " " + row.group(3) + " " + row.group(4));
            }
        }
        var used = new TreeMap<String, String>();
        for (var key : TermKey.values()) {
            UnagreedDefault.of(key)
                    .ifPresent(rule -> used.put(key.id(), key.gap() + " " + key.proposal() + " " + rule));
        }
        assertThat(documented).isEqualTo(used);
    }

    @ParameterizedTest
    @EnumSource(TermKey.class)
    void everyDefaultThatIsUsedSaysWhyInBothLanguages(TermKey key) {
        Optional<UnagreedDefault> rule = UnagreedDefault.of(key);
        var said = new ArrayList<String>();
        if (rule.isPresent()) {
            for (var locale : List.of(Texts.CHINESE, Texts.ENGLISH)) {
                said.add(Texts.in(locale).say(UnagreedDefault.reason(key)));
                said.add(Texts.in(locale).say(rule.get().consequence()));
            }
        }
        assertThat(said).doesNotHaveDuplicates().noneMatch(words -> words.startsWith("contract.default"));
    }

    @Test
    void aValueThatOnePartyAloneWroteInIsReplacedByTheTextOrTheLaw() {
        var terms = ContractImporter.pasted(DemoContract.text()).terms();
        for (var wanted : List.of(
                List.of("allocation.policy", "PRINCIPAL_FIRST"),
                List.of("due.boundary", "INCLUSIVE"),
                List.of("due.receipt", "SENT"),
                List.of("due.firstFloor", "0"),
                List.of("late.disputedPart", "LATE"),
                List.of("client.size", "LARGE"))) {
            var key = TermKey.of(wanted.getFirst());
            terms = terms.entered(key, TermValue.parse(key, wanted.getLast()), Party.PROVIDER);
        }
        var binding = terms.complete().binding();

        assertThat(binding.late().allocation()).isEqualTo(ContractTerms.Allocation.CIVIL_CODE_561);
        assertThat(binding.due().boundary()).isEqualTo(ContractTerms.Boundary.EXCLUSIVE);
        assertThat(binding.due().receipt()).isEqualTo(ContractTerms.PaymentMoment.CREDITED);
        assertThat(binding.due().firstFloorWorkdays()).isEqualTo(5);
        assertThat(binding.late().disputedPart()).isEqualTo(ContractTerms.DisputedPart.PROVISIONAL);
        assertThat(binding.client().size()).isEqualTo(ContractTerms.Size.UNKNOWN);
        for (var entry : terms.entries()) {
            terms = terms.get(entry.key()).value() == null
                    ? terms
                    : terms.confirmed(entry.key(), Party.CLIENT).confirmed(entry.key(), Party.PROVIDER);
        }
        assertThat(terms.complete().binding()).as("agreed").isEqualTo(terms.complete());
    }
}
