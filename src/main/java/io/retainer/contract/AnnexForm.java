package io.retainer.contract;

import io.retainer.contract.AnnexKind.Column;
import io.retainer.contract.AnnexKind.Part;
import io.retainer.contract.AnnexSheet.Row;
import io.retainer.kernel.Sentence;
import io.retainer.kernel.Texts;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.springframework.ui.Model;
import org.springframework.util.MultiValueMap;

/**
 * What stands in the editor of an annex, rows that are still empty included: of a contract being prepared, or of an amendment
 * that changes the annex of one in force.
 *
 * @param fresh id of the part whose last row was just added, or empty
 */
record AnnexForm(AnnexKind kind, Map<String, List<Row>> rows, List<String> unread, String fresh) {

    /** A cell with what is wrong about it. */
    record Cell(
            Column column,
            String name,
            String value,
            @Nullable Sentence wrong,
            boolean fresh) {}

    record EditRow(int at, List<Cell> cells) {}

    record EditPart(Part part, int number, List<EditRow> rows, List<AnnexGap> gaps, boolean growing) {}

    static AnnexForm of(AnnexSheet sheet) {
        var rows = new LinkedHashMap<String, List<Row>>();
        for (var part : sheet.kind().parts()) {
            var mine = new ArrayList<>(sheet.of(part.id()));
            if (part.isPerService()) {
                for (var service : ContractedService.values()) {
                    if (mine.stream().noneMatch(row -> row.cell("service").equals(service.name()))) {
                        mine.add(new Row(Map.of("service", service.name())));
                    }
                }
                mine.sort(Comparator.comparingInt(row ->
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
        return new AnnexForm(sheet.kind(), rows, sheet.unread(), "");
    }

    /** Fields are named {@code part.row.column}; rows keep their order, holes in the numbers do not matter. */
    static AnnexForm posted(AnnexKind kind, MultiValueMap<String, String> form) {
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
        return new AnnexForm(kind, rows, form.getOrDefault("unread", List.of()), "");
    }

    private static String canonical(Column column, String value) {
        var tidy = AnnexCell.tidy(value);
        return AnnexCell.read(column, tidy).orElse(tidy);
    }

    /** What would be saved: rows that say nothing are left out. */
    AnnexSheet sheet() {
        var kept = new LinkedHashMap<>(rows);
        kept.computeIfPresent(
                "services",
                (_, list) -> list.stream().filter(row -> row.cells().size() > 1).toList());
        return new AnnexSheet(kind, kept, unread);
    }

    /**
     * After a button that saves nothing: {@code add:part}, {@code remove:part:row}, {@code propose}, {@code read:line};
     * anything else only looks again.
     */
    AnnexForm after(String act, Supplier<DraftTerms> terms) {
        var verb = act.split(":", -1);
        var next = new LinkedHashMap<>(rows);
        return switch (verb[0]) {
            case "add" -> {
                var list = new ArrayList<>(next.getOrDefault(kind.part(verb[1]).id(), List.of()));
                list.add(new Row(Map.of()));
                next.put(verb[1], list);
                yield new AnnexForm(kind, next, unread, verb[1]);
            }
            case "remove" -> {
                var list = new ArrayList<>(next.getOrDefault(kind.part(verb[1]).id(), List.of()));
                int at = Integer.parseInt(verb[2]);
                if (at >= 0 && at < list.size()) {
                    list.remove(at);
                }
                next.put(verb[1], list);
                yield new AnnexForm(kind, next, unread, "");
            }
            case "propose" -> of(sheet().completedBy(ProposedAnnexes.of(kind, terms.get())));
            case "read" -> {
                var left = new ArrayList<>(unread);
                int at = Integer.parseInt(verb[1]);
                if (at >= 0 && at < left.size()) {
                    left.remove(at);
                }
                yield new AnnexForm(kind, rows, left, "");
            }
            default -> this;
        };
    }

    /**
     * Puts it into the model of the editor's page.
     *
     * @param annexes all, with this one as it stands in the form
     */
    void show(Annexes annexes, DraftTerms terms, int seen, boolean unsaved, Model model, Locale locale) {
        var sheet = sheet();
        var gaps = AnnexGap.of(sheet);
        var parts = new ArrayList<EditPart>();
        for (var part : kind.parts()) {
            parts.add(part(part, parts.size() + 1, gaps));
        }
        model.addAttribute("kind", kind);
        model.addAttribute(
                "signerNames",
                kind.signers().stream().sorted().map(Texts.in(locale)::name).toList());
        model.addAttribute("parts", parts);
        model.addAttribute("unread", unread);
        model.addAttribute("checks", annexes.checks(kind));
        model.addAttribute("begun", !sheet.isEmpty());
        model.addAttribute("seen", seen);
        model.addAttribute("unsaved", unsaved);
        model.addAttribute(
                "clashes",
                AnnexAnswers.problems(terms, annexes).stream()
                        .filter(problem -> problem.code().startsWith("annex-clash")
                                || problem.code().equals("annexes-clash"))
                        .filter(problem -> problem.values().stream()
                                .anyMatch(value -> value.term().startsWith("A" + kind.number() + ".")))
                        .toList());
    }

    private EditPart part(Part part, int number, List<AnnexGap> gaps) {
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
        return new EditPart(
                part,
                number,
                lines,
                gaps.stream()
                        .filter(gap -> gap.part().equals(part.id()) && gap.row() < 0)
                        .toList(),
                part.isList() && !part.isPerService());
    }

    /** A row of which only the name of the service is there says nothing yet. */
    private static boolean isAnswered(Part part, Row row) {
        return part.isPerService() ? row.cells().size() > 1 : !row.isEmpty();
    }
}
