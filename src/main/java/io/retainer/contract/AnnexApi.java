package io.retainer.contract;

import io.retainer.identity.Access;
import io.retainer.identity.Capability;
import io.retainer.kernel.Clause;
import io.retainer.kernel.Party;
import io.retainer.kernel.Refused;
import io.retainer.kernel.Texts;
import java.io.IOException;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.multipart.MultipartFile;

/** The annexes over the API: all that their pages can do. */
@RestController
@RequestMapping(path = "/api/v1/contracts/{contract}/annexes", produces = MediaType.APPLICATION_JSON_VALUE)
class AnnexApi {

    private final ContractLife life;
    private final ContractReading reading;

    AnnexApi(ContractLife life, ContractReading reading) {
        this.life = life;
        this.reading = reading;
    }

    /** @param missing what the sub-row does not answer; empty when it is complete */
    record RowJson(
            String clause,
            String title,
            boolean complete,
            boolean blocks,
            Set<Party> acceptedBy,
            List<GapJson> missing) {}

    record GapJson(String part, int row, @Nullable String column, String what, String remedy) {}

    /**
     * @param signers whose signatures it needs; the third party's only where one takes part
     * @param parts the rows of each part; cells in canonical form
     * @param unread lines of an imported file that belong nowhere
     */
    record AnnexJson(
            int annex,
            String clause,
            String title,
            Set<Party> signers,
            List<RowJson> rows,
            Map<String, List<Map<String, String>>> parts,
            List<String> unread) {}

    @GetMapping
    ResponseEntity<List<AnnexJson>> all(Access access, Locale locale) {
        access.require(Capability.READ_CONTRACT);
        var current = reading.current(access);
        return ResponseEntity.ok()
                .eTag("\"" + current.contract().version() + "\"")
                .body(Arrays.stream(AnnexKind.values())
                        .map(kind -> json(current.version().annexes(), kind, locale))
                        .toList());
    }

    @GetMapping("/{number}")
    ResponseEntity<AnnexJson> one(Access access, @PathVariable int number, Locale locale) {
        access.require(Capability.READ_CONTRACT);
        return answer(access, AnnexKind.numbered(number), locale);
    }

    /** What GET returns; other fields of it are ignored. */
    record AnnexRequest(
            @Nullable Map<String, List<Map<String, String>>> parts,
            @Nullable List<String> unread) {

        /** @throws Refused when it has other parts or columns than the annex */
        AnnexSheet sheet(AnnexKind kind) {
            if (parts == null) {
                throw Refused.field("parts", "contract.annex.refused.shape", "{\"parts\": …}");
            }
            for (var part : parts.entrySet()) {
                var known = kind.parts().stream()
                        .filter(p -> p.id().equals(part.getKey()))
                        .findFirst();
                if (known.isEmpty() || part.getValue().stream().anyMatch(row -> !fits(known.get(), row))) {
                    throw Refused.field(
                            "parts." + part.getKey(),
                            "contract.annex.refused.shape",
                            kind.parts().stream()
                                    .map(p -> p.id() + "["
                                            + String.join(
                                                    ",",
                                                    p.columns().stream()
                                                            .map(AnnexKind.Column::id)
                                                            .toList()) + "]")
                                    .toList());
                }
            }
            var rows = new LinkedHashMap<String, List<AnnexSheet.Row>>();
            parts.forEach(
                    (part, list) -> rows.put(part, list.stream().map(AnnexApi::row).toList()));
            return new AnnexSheet(kind, rows, unread == null ? List.of() : unread);
        }
    }

    /** @param etag of the annex that was looked at; without it, it is written whatever happened meanwhile */
    @PutMapping("/{number}")
    ResponseEntity<AnnexJson> put(
            Access access,
            @PathVariable int number,
            @RequestBody AnnexRequest request,
            @RequestHeader(name = "If-Match", required = false) @Nullable String etag,
            Locale locale) {
        var kind = AnnexKind.numbered(number);
        life.saveAnnex(access, request.sheet(kind), seen(etag));
        return answer(access, kind, locale);
    }

    private static boolean fits(AnnexKind.Part part, Map<String, String> row) {
        return row.keySet().stream()
                .allMatch(name ->
                        part.columns().stream().anyMatch(column -> column.id().equals(name)));
    }

    private static AnnexSheet.Row row(Map<String, String> given) {
        var cells = new LinkedHashMap<String, String>();
        given.forEach((column, value) -> cells.put(column, Objects.requireNonNullElse(value, "")));
        return new AnnexSheet.Row(cells);
    }

    static @Nullable Integer seen(@Nullable String etag) {
        if (etag == null || etag.equals("*")) {
            return null;
        }
        try {
            return Integer.valueOf(etag.replaceFirst("^W/", "").replace("\"", ""));
        } catch (NumberFormatException other) {
            throw Refused.field("If-Match", "contract.annex.refused.shape", "\"17\"");
        }
    }

    @PostMapping(path = "/{number}/import", consumes = MediaType.MULTIPART_FORM_DATA_VALUE)
    ResponseEntity<AnnexJson> importFile(
            Access access,
            @PathVariable int number,
            @RequestParam MultipartFile file,
            @RequestHeader(name = "If-Match", required = false) @Nullable String etag,
            Locale locale)
            throws IOException {
        var kind = AnnexKind.numbered(number);
        life.saveAnnex(access, AnnexFiles.read(kind, file.getBytes()), seen(etag));
        return answer(access, kind, locale);
    }

    @GetMapping(path = "/{number}/document.{format}", produces = MediaType.ALL_VALUE)
    ResponseEntity<byte[]> document(
            Access access, @PathVariable int number, @PathVariable String format, Locale locale) {
        access.require(Capability.READ_CONTRACT);
        return AnnexFiles.download(reading.current(access), AnnexKind.numbered(number), format, locale);
    }

    /** @param clauses sub-rows such as {@code III-A1.4}, or null for all that keep the contract from being signed */
    record RiskRequest(
            @Nullable List<String> clauses, @Nullable Integer version) {}

    @PostMapping("/risks")
    ResponseEntity<List<AnnexJson>> accept(Access access, @RequestBody RiskRequest request, Locale locale) {
        var clauses = request.clauses();
        life.acceptRisk(
                access,
                clauses == null ? null : clauses.stream().map(AnnexApi::row).toList(),
                request.version());
        return all(access, locale);
    }

    static Clause row(String id) {
        return Arrays.stream(AnnexKind.values())
                .flatMap(kind -> kind.rows().stream())
                .filter(clause -> clause.id().equals(id))
                .findFirst()
                .orElseThrow(() -> new io.retainer.kernel.Unknown("annex row " + id));
    }

    private ResponseEntity<AnnexJson> answer(Access access, AnnexKind kind, Locale locale) {
        var current = reading.current(access);
        return ResponseEntity.ok()
                .eTag("\"" + current.contract().version() + "\"")
                .body(json(current.version().annexes(), kind, locale));
    }

    static AnnexJson json(Annexes annexes, AnnexKind kind, Locale locale) {
        var texts = Texts.in(locale);
        var content = AnnexRows.Content.of(annexes.of(kind));
        return new AnnexJson(
                kind.number(),
                kind.clause().id(),
                texts.say(kind.title()),
                kind.signers(),
                annexes.checks(kind).stream()
                        .map(check -> new RowJson(
                                check.clause().id(),
                                texts.say(check.clause().title()),
                                check.isComplete(),
                                check.blocks(),
                                check.acceptedBy(),
                                check.gaps().stream()
                                        .map(gap -> new GapJson(
                                                gap.part(),
                                                gap.row(),
                                                gap.column(),
                                                texts.say(gap.what()),
                                                texts.say(gap.remedy())))
                                        .toList()))
                        .toList(),
                content.parts(),
                content.unread());
    }
}
