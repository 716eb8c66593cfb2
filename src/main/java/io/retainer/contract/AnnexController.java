package io.retainer.contract;

import io.retainer.contract.AnnexKind.Column;
import io.retainer.contract.AnnexKind.Part;
import io.retainer.contract.AnnexSheet.Row;
import io.retainer.identity.Access;
import io.retainer.identity.Capability;
import io.retainer.kernel.Refused;
import io.retainer.kernel.Sentence;
import io.retainer.kernel.Texts;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.http.ResponseEntity;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.util.MultiValueMap;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.multipart.MultipartFile;
import org.springframework.web.servlet.mvc.support.RedirectAttributes;

/**
 * The pages of the annexes. An editor is one form: rows are added and taken out without anything being saved, what is
 * missing is shown beside it as one types, and saving writes the whole sheet, unless somebody else did meanwhile.
 */
@Controller
@RequestMapping("/contracts/{contract}/annexes")
class AnnexController {

    private final ContractLife life;
    private final ContractReading reading;

    AnnexController(ContractLife life, ContractReading reading) {
        this.life = life;
        this.reading = reading;
    }

    /** One annex as the overview shows it. */
    record Line(AnnexKind kind, boolean begun, List<Annexes.RowCheck> checks, int unread) {

        public long open() {
            return checks.stream().filter(check -> !check.isComplete()).count();
        }
    }

    @GetMapping
    String all(Access access, Model model) {
        return overview(access, model);
    }

    private String overview(Access access, Model model) {
        access.require(Capability.READ_CONTRACT);
        var current = reading.current(access);
        var annexes = current.version().annexes();
        model.addAttribute(
                "lines",
                Arrays.stream(AnnexKind.values())
                        .map(kind -> new Line(
                                kind,
                                annexes.has(kind),
                                annexes.checks(kind),
                                annexes.of(kind).unread().size()))
                        .toList());
        frame(access, current, model);
        model.addAttribute(
                "clashes",
                current.version().problems().stream()
                        .filter(problem -> problem.code().startsWith("annex-clash")
                                || problem.code().equals("annexes-clash"))
                        .toList());
        model.addAttribute(
                "risks",
                annexes.checks().stream()
                        .filter(check -> check.blocks() && !check.acceptedBy().contains(access.party()))
                        .count());
        return "contract/annexes";
    }

    private static void frame(Access access, ContractReading.Current current, Model model) {
        var contract = current.contract();
        model.addAttribute("contract", contract);
        model.addAttribute("named", ContractController.title(contract.title()));
        model.addAttribute("editable", contract.state().isPreparing() && access.may(Capability.EDIT_TERMS));
        model.addAttribute("confirmable", contract.state().isPreparing() && access.may(Capability.CONFIRM_TERMS));
    }

    @PostMapping("/risks")
    String accept(
            Access access,
            @RequestParam(required = false) @Nullable List<String> clauses,
            @RequestParam int version,
            Model model,
            HttpServletResponse response,
            RedirectAttributes redirect) {
        try {
            life.acceptRisk(
                    access,
                    clauses == null ? null : clauses.stream().map(AnnexApi::row).toList(),
                    version);
        } catch (Refused refusal) {
            refuse(refusal, model, response);
            return overview(access, model);
        }
        redirect.addFlashAttribute("done", Sentence.of("contract.page.annex.accepted"));
        return "redirect:/contracts/" + access.contract() + "/annexes";
    }

    /** A cell with what is wrong about it. */
    record Cell(
            Column column,
            String name,
            String value,
            @Nullable Sentence wrong,
            boolean fresh) {}

    record EditRow(int at, List<Cell> cells) {}

    record EditPart(Part part, int number, List<EditRow> rows, List<AnnexGap> gaps, boolean growing) {}

    @GetMapping("/{number}")
    String edit(Access access, @PathVariable int number, Model model, Locale locale) {
        access.require(Capability.READ_CONTRACT);
        var current = reading.current(access);
        var kind = AnnexKind.numbered(number);
        return editor(
                access,
                current,
                kind,
                typed(current.version().annexes().of(kind)),
                current.version().annexes().of(kind).unread(),
                current.contract().version(),
                "",
                false,
                model,
                locale);
    }

    /** What stands in the form, rows that are still empty included. */
    private static Map<String, List<Row>> typed(AnnexSheet sheet) {
        var rows = new LinkedHashMap<String, List<Row>>();
        for (var part : sheet.kind().parts()) {
            var mine = new ArrayList<>(sheet.of(part.id()));
            if (part.isPerService()) {
                for (var service : ContractedService.values()) {
                    if (mine.stream().noneMatch(row -> row.cell("service").equals(service.name()))) {
                        mine.add(new Row(Map.of("service", service.name())));
                    }
                }
                mine.sort(java.util.Comparator.comparingInt(row ->
                        row.cell("service").isEmpty()
                                ? 0
                                : Arrays.stream(ContractedService.values())
                                        .filter(s -> s.name().equals(row.cell("service")))
                                        .mapToInt(ContractedService::number)
                                        .findFirst()
                                        .orElse(0)));
            } else if (mine.isEmpty()) {
                mine.add(new Row(Map.of()));
            }
            rows.put(part.id(), mine);
        }
        return rows;
    }

    private String editor(
            Access access,
            ContractReading.Current current,
            AnnexKind kind,
            Map<String, List<Row>> rows,
            List<String> unread,
            int seen,
            String fresh,
            boolean unsaved,
            Model model,
            Locale locale) {
        frame(access, current, model);
        var sheet = new AnnexSheet(kind, answered(rows), unread);
        var gaps = AnnexGap.of(sheet);
        var begun = !sheet.isEmpty();
        var parts = new ArrayList<EditPart>();
        for (var part : kind.parts()) {
            var lines = new ArrayList<EditRow>();
            var list = rows.getOrDefault(part.id(), List.of());
            int kept = 0;
            for (int at = 0; at < list.size(); at++) {
                var row = list.get(at);
                // Empty rows are not part of the sheet, so gaps count without them.
                int index = isAnswered(part, row) ? kept++ : -1;
                var cells = new ArrayList<Cell>();
                for (var column : part.columns()) {
                    var wrong = gaps.stream()
                            .filter(gap -> index >= 0
                                    && gap.part().equals(part.id())
                                    && gap.row() == index
                                    && column.id().equals(gap.column()))
                            .map(AnnexGap::what)
                            .findFirst()
                            .orElse(null);
                    cells.add(new Cell(
                            column,
                            part.id() + "." + at + "." + column.id(),
                            row.cell(column.id()),
                            wrong,
                            fresh.equals(part.id())
                                    && at == list.size() - 1
                                    && column.equals(part.columns().getFirst())));
                }
                lines.add(new EditRow(at, cells));
            }
            parts.add(new EditPart(
                    part,
                    parts.size() + 1,
                    lines,
                    gaps.stream()
                            .filter(gap -> gap.part().equals(part.id()) && gap.row() < 0)
                            .toList(),
                    part.isList() && !part.isPerService()));
        }
        var checks = current.version().annexes().with(sheet).checks(kind);
        model.addAttribute("kind", kind);
        model.addAttribute(
                "signerNames",
                kind.signers().stream().sorted().map(Texts.in(locale)::name).toList());
        model.addAttribute("parts", parts);
        model.addAttribute("unread", unread);
        model.addAttribute("checks", checks);
        model.addAttribute("begun", begun);
        model.addAttribute("seen", seen);
        model.addAttribute("unsaved", unsaved);
        model.addAttribute(
                "clashes",
                AnnexAnswers.problems(
                                current.version().terms(),
                                current.version().annexes().with(sheet))
                        .stream()
                        .filter(problem -> problem.code().startsWith("annex-clash")
                                || problem.code().equals("annexes-clash"))
                        .filter(problem -> problem.values().stream()
                                .anyMatch(value -> value.term().startsWith("A" + kind.number() + ".")))
                        .toList());
        return "contract/annex";
    }

    /** A row of which only the name of the service is there says nothing yet. */
    private static boolean isAnswered(Part part, Row row) {
        return part.isPerService() ? row.cells().size() > 1 : !row.isEmpty();
    }

    private static Map<String, List<Row>> answered(Map<String, List<Row>> rows) {
        var kept = new LinkedHashMap<>(rows);
        kept.computeIfPresent(
                "services",
                (_, list) -> list.stream().filter(row -> row.cells().size() > 1).toList());
        return kept;
    }

    /** The whole form, whatever button was pressed. */
    @PostMapping("/{number}")
    String post(
            Access access,
            @PathVariable int number,
            @RequestParam int seen,
            @RequestParam(name = "do", defaultValue = "save") String act,
            @RequestParam MultiValueMap<String, String> form,
            Model model,
            Locale locale,
            HttpServletResponse response,
            RedirectAttributes redirect) {
        access.require(Capability.READ_CONTRACT);
        var kind = AnnexKind.numbered(number);
        var rows = rows(kind, form);
        var unread = new ArrayList<>(form.getOrDefault("unread", List.of()));
        var verb = act.split(":", -1);
        switch (verb[0]) {
            case "save" -> {
                try {
                    life.saveAnnex(access, new AnnexSheet(kind, answered(rows), unread), seen);
                    redirect.addFlashAttribute("done", Sentence.of("contract.page.annex.saved", kind.title()));
                    return "redirect:/contracts/" + access.contract() + "/annexes/" + number;
                } catch (Refused refusal) {
                    refuse(refusal, model, response);
                }
            }
            case "add" -> list(rows, kind, verb[1]).add(new Row(Map.of()));
            case "remove" -> {
                var list = list(rows, kind, verb[1]);
                int at = Integer.parseInt(verb[2]);
                if (at >= 0 && at < list.size()) {
                    list.remove(at);
                }
            }
            case "propose" -> {
                var sheet = new AnnexSheet(kind, answered(rows), unread)
                        .completedBy(ProposedAnnexes.of(
                                kind, reading.current(access).version().terms()));
                rows = typed(sheet);
            }
            case "read" -> {
                int at = Integer.parseInt(verb[1]);
                if (at >= 0 && at < unread.size()) {
                    unread.remove(at);
                }
            }
            default -> {
                // "check": only look again.
            }
        }
        return editor(
                access,
                reading.current(access),
                kind,
                rows,
                unread,
                seen,
                verb[0].equals("add") ? verb[1] : "",
                true,
                model,
                locale);
    }

    private static List<Row> list(Map<String, List<Row>> rows, AnnexKind kind, String part) {
        return rows.computeIfAbsent(kind.part(part).id(), _ -> new ArrayList<>());
    }

    /** Fields are named {@code part.row.column}; rows keep their order, holes in the numbers do not matter. */
    private static Map<String, List<Row>> rows(AnnexKind kind, MultiValueMap<String, String> form) {
        var rows = new LinkedHashMap<String, List<Row>>();
        for (var part : kind.parts()) {
            var list = new ArrayList<Row>();
            for (int at = 0; at < AnnexSheet.MOST_ROWS; at++) {
                var cells = new LinkedHashMap<String, String>();
                boolean there = false;
                for (var column : part.columns()) {
                    var value = form.getFirst(part.id() + "." + at + "." + column.id());
                    there |= value != null;
                    cells.put(column.id(), value == null ? "" : canonical(column, value));
                }
                if (!there) {
                    break;
                }
                list.add(new Row(cells));
            }
            if (list.isEmpty() && !part.isList()) {
                list.add(new Row(Map.of()));
            }
            rows.put(part.id(), list);
        }
        return rows;
    }

    private static String canonical(Column column, String value) {
        var tidy = AnnexCell.tidy(value);
        return AnnexCell.read(column, tidy).orElse(tidy);
    }

    @PostMapping("/{number}/import")
    String importFile(
            Access access,
            @PathVariable int number,
            @RequestParam int seen,
            @RequestParam MultipartFile file,
            Model model,
            Locale locale,
            HttpServletResponse response,
            RedirectAttributes redirect)
            throws IOException {
        var kind = AnnexKind.numbered(number);
        try {
            var sheet = AnnexFiles.read(kind, file.getBytes());
            life.saveAnnex(access, sheet, seen);
            redirect.addFlashAttribute(
                    "done",
                    Sentence.of(
                            "contract.page.annex.imported",
                            sheet.rows().values().stream().mapToInt(List::size).sum(),
                            sheet.unread().size()));
            return "redirect:/contracts/" + access.contract() + "/annexes/" + number;
        } catch (Refused refusal) {
            refuse(refusal, model, response);
            return edit(access, number, model, locale);
        }
    }

    @GetMapping("/{number}/document.{format}")
    ResponseEntity<byte[]> document(
            Access access, @PathVariable int number, @PathVariable String format, Locale locale) {
        access.require(Capability.READ_CONTRACT);
        return AnnexFiles.download(
                reading.current(access),
                AnnexKind.numbered(number),
                format,
                Texts.in(locale).locale());
    }

    private static void refuse(Refused refusal, Model model, HttpServletResponse response) {
        model.addAttribute("refusal", refusal);
        response.setStatus(refusal.field() == null ? 409 : 422);
    }
}
