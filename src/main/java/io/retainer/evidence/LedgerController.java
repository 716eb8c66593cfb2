package io.retainer.evidence;

import io.retainer.evidence.Ledger.Entry;
import io.retainer.evidence.Ledger.Filter;
import io.retainer.identity.Access;
import io.retainer.identity.Capability;
import io.retainer.kernel.Clause;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.util.UriComponentsBuilder;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

/** The ledger of one contract as a page. */
@Controller
@RequestMapping("/contracts/{contract}/ledger")
class LedgerController {

    private static final int PAGE = 50;
    private static final JsonMapper PRETTY =
            JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();

    private final Ledger ledger;

    LedgerController(Ledger ledger) {
        this.ledger = ledger;
    }

    /** An entry and, for those who may see money, its body. */
    record Row(Entry entry, String happenedAt, @Nullable String body, String hash) {}

    @GetMapping
    String list(
            Access access,
            @RequestParam(defaultValue = "") String clause,
            @RequestParam(defaultValue = "") String kind,
            @RequestParam(defaultValue = "") String subject,
            @RequestParam(defaultValue = "") String state,
            @RequestParam @Nullable Long before,
            Model model) {
        access.require(Capability.READ_LEDGER);
        var filter = filter(clause, kind, subject, state);
        var page = ledger.entries(access.tenant(), access.contract(), filter, before, PAGE);
        model.addAttribute("state", ledger.state(access.tenant(), access.contract()));
        model.addAttribute("rows", rows(page.entries(), access));
        model.addAttribute("waits", page.entries().stream().anyMatch(entry -> !entry.isSealed()));
        model.addAttribute("kinds", ledger.kinds(access.tenant(), access.contract()));
        model.addAttribute("filtered", !filter.equals(Filter.ANY));
        model.addAttribute("chosen", Map.of("clause", clause, "kind", kind, "subject", subject, "state", state));
        model.addAttribute("mayDownload", access.may(Capability.READ_MONEY));
        var here = UriComponentsBuilder.fromPath("/contracts/{contract}/ledger");
        var wanted = Map.of("clause", clause, "kind", kind, "subject", subject, "state", state);
        wanted.forEach((name, value) -> {
            if (!value.isBlank()) {
                here.queryParam(name, "{" + name + "}");
            }
        });
        var values = Stream.concat(
                        Stream.of(Map.entry("contract", access.contract().toString())), wanted.entrySet().stream())
                .collect(java.util.stream.Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));
        var again = here.cloneBuilder();
        if (before != null) {
            again.queryParam("before", before);
        }
        model.addAttribute("here", again.encode().buildAndExpand(values).toUriString());
        if (page.before() != null) {
            model.addAttribute(
                    "next",
                    here.cloneBuilder()
                            .queryParam("before", page.before())
                            .encode()
                            .buildAndExpand(values)
                            .toUriString());
        }
        return "evidence/ledger";
    }

    private static List<Row> rows(List<Entry> entries, Access access) {
        return entries.stream().map(entry -> row(entry, access)).toList();
    }

    private static Row row(Entry entry, Access access) {
        var fact = PRETTY.readTree(entry.text());
        return new Row(
                entry,
                fact.path("happenedAt").asString(),
                access.may(Capability.READ_MONEY) ? PRETTY.writeValueAsString(fact) : null,
                Ledger.hash(entry).base64());
    }

    static Filter filter(String clause, String kind, String subject, String state) {
        return new Filter(
                clause(clause),
                kind.isBlank() ? null : kind.strip(),
                subject.isBlank() ? null : subject.strip(),
                switch (state) {
                    case "sealed" -> Boolean.TRUE;
                    case "pending" -> Boolean.FALSE;
                    default -> null;
                });
    }

    private static @Nullable Clause clause(String id) {
        if (id.isBlank()) {
            return null;
        }
        return Stream.of(Clause.values())
                .filter(clause -> clause.id().equalsIgnoreCase(id.strip()))
                .findFirst()
                .orElseThrow(() -> io.retainer.kernel.Refused.field("clause", "evidence.ledger.noClause", id));
    }
}
