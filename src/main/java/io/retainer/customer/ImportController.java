package io.retainer.customer;

import io.retainer.identity.Access;
import io.retainer.identity.Capability;
import io.retainer.identity.People;
import io.retainer.kernel.Refused;
import io.retainer.kernel.Texts;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.OutputStream;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.http.MediaType;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.multipart.MultipartFile;
import org.springframework.web.servlet.mvc.support.RedirectAttributes;

/** The pages on which files of customers are taken in. */
@Controller
@RequestMapping("/contracts/{contract}/imports")
class ImportController {

    private static final String SHOW = "redirect:/contracts/{contract}/imports/{batch}";
    private static final int PAGE = 25;
    private static final List<ImportState> STATES = Arrays.stream(ImportState.values())
            .filter(each -> each != ImportState.UPLOADING)
            .toList();
    private static final int REFUSED = 422;

    private final Imports imports;
    private final Customers customers;
    private final Duplicates duplicates;
    private final People people;

    ImportController(Imports imports, Customers customers, Duplicates duplicates, People people) {
        this.imports = imports;
        this.customers = customers;
        this.duplicates = duplicates;
        this.people = people;
    }

    @GetMapping
    String list(
            Access access,
            @RequestParam(required = false) @Nullable ImportState state,
            @RequestParam(defaultValue = "") String q,
            @RequestParam(required = false) @Nullable UUID before,
            Model model) {
        var found = imports.newest(access, state, q, before, PAGE + 1);
        var batches = found.subList(0, Math.min(PAGE, found.size()));
        model.addAttribute("states", STATES);
        model.addAttribute("state", state);
        model.addAttribute("q", q.strip());
        model.addAttribute("later", before != null);
        model.addAttribute("before", found.size() > PAGE ? batches.getLast().id() : null);
        model.addAttribute("charsets", Imports.CHARSETS);
        model.addAttribute("batches", batches);
        model.addAttribute("names", imports.names(access, batches));
        return "customer/imports";
    }

    @PostMapping
    String upload(
            Access access,
            @RequestParam MultipartFile file,
            @RequestParam(defaultValue = "") String charset,
            @RequestParam(defaultValue = "") String sheet,
            Model model,
            HttpServletResponse response,
            RedirectAttributes redirect)
            throws IOException {
        access.require(Capability.IMPORT_CUSTOMERS);
        try (var bytes = file.getInputStream()) {
            var name = file.getOriginalFilename();
            var batch = imports.upload(access, new Imports.Sending(format(name), charset, sheet, name, null), bytes);
            redirect.addAttribute("batch", batch.id());
            return SHOW;
        } catch (Refused refusal) {
            model.addAttribute("refusal", refusal);
            response.setStatus(REFUSED);
            return list(access, null, "", null, model);
        }
    }

    /**
     * The same with the file as the body: sent so by the page, which shows how far it is, a file may be as large as by the API.
     */
    @PostMapping(path = "/stream", consumes = MediaType.APPLICATION_OCTET_STREAM_VALUE)
    String stream(
            Access access,
            @RequestHeader(name = Imports.FILE_NAME, defaultValue = "") String encodedName,
            @RequestParam(defaultValue = "") String charset,
            @RequestParam(defaultValue = "") String sheet,
            HttpServletRequest request,
            Model model,
            HttpServletResponse response,
            RedirectAttributes redirect)
            throws IOException {
        access.require(Capability.IMPORT_CUSTOMERS);
        var name = Imports.decoded(encodedName);
        try (var body = request.getInputStream()) {
            try {
                var sending = new Imports.Sending(format(name), charset, sheet, name, null);
                redirect.addAttribute(
                        "batch", imports.upload(access, sending, body).id());
                return SHOW;
            } catch (Refused refusal) {
                // A browser reads no answer before it has sent everything.
                body.transferTo(OutputStream.nullOutputStream());
                model.addAttribute("refusal", refusal);
                response.setStatus(REFUSED);
                return list(access, null, "", null, model);
            }
        }
    }

    static ImportFormat format(@Nullable String name) {
        var lower = name == null ? "" : name.toLowerCase(Locale.ROOT);
        if (lower.endsWith(".jsonl") || lower.endsWith(".ndjson") || lower.endsWith(".json")) {
            return ImportFormat.JSONL;
        }
        if (lower.endsWith(".xlsx") || lower.endsWith(".xlsm")) {
            return ImportFormat.XLSX;
        }
        return lower.endsWith(".vcf") || lower.endsWith(".vcard") ? ImportFormat.VCARD : ImportFormat.CSV;
    }

    /** The columns while they wait to be assigned, the progress after that. */
    @GetMapping("/{batch}")
    String show(Access access, @PathVariable UUID batch, Model model) throws IOException {
        var found = imports.batch(access, batch);
        model.addAttribute("batch", found);
        model.addAttribute("fileName", imports.names(access, List.of(found)).get(batch));
        if (found.state() != ImportState.UPLOADED) {
            var labels = new HashMap<String, String>();
            customers.fields(access).forEach(field -> labels.put("FIELD:" + field.key(), field.label()));
            model.addAttribute("labels", labels);
            model.addAttribute("by", people.names(List.of(found.createdBy())).getOrDefault(found.createdBy(), "—"));
            sharing(access, found, model);
            return "customer/import";
        }
        model.addAttribute("charsets", Imports.CHARSETS);
        model.addAttribute("preview", imports.preview(access, batch).rows());
        model.addAttribute("columns", Target.Column.values());
        model.addAttribute("fields", customers.fields(access));
        model.addAttribute("bases", LawfulBasis.values());
        model.addAttribute("purposes", DataPurpose.values());
        return "customer/mapping";
    }

    /** The same file, read otherwise than it was guessed. */
    @PostMapping("/{batch}/reading")
    String reread(
            Access access,
            @PathVariable UUID batch,
            @RequestParam(defaultValue = "") String charset,
            @RequestParam(defaultValue = "") String delimiter,
            @RequestParam(required = false) @Nullable Integer headingRow,
            Model model,
            HttpServletResponse response)
            throws IOException {
        try {
            imports.reread(access, batch, charset, delimiter, headingRow);
        } catch (Refused refusal) {
            model.addAttribute("refusal", refusal);
            response.setStatus(REFUSED);
            return show(access, batch, model);
        }
        return SHOW;
    }

    @PostMapping("/{batch}/discard")
    String discard(Access access, @PathVariable UUID batch) {
        imports.discard(access, batch);
        return "redirect:/contracts/{contract}/imports";
    }

    @GetMapping("/{batch}/progress")
    String progress(Access access, @PathVariable UUID batch, Model model) {
        var found = imports.batch(access, batch);
        model.addAttribute("batch", found);
        sharing(access, found, model);
        return "customer/import :: progress";
    }

    /** Why rows came back; and once it is through, how many of its customers look like known ones at once. */
    private void sharing(Access access, ImportBatch batch, Model model) {
        if (batch.rowsBad() > 0) {
            model.addAttribute("reasons", imports.reasons(access, batch.id()));
        }
        if (batch.state() == ImportState.DONE) {
            model.addAttribute("sharing", duplicates.sharing(access, batch.id()));
        }
    }

    @PostMapping("/{batch}/start")
    String start(
            Access access,
            @PathVariable UUID batch,
            @RequestParam List<String> mapping,
            @RequestParam String source,
            @RequestParam String supplier,
            @RequestParam LawfulBasis basis,
            @RequestParam DataPurpose purpose,
            @RequestParam Map<String, String> form,
            Model model,
            HttpServletResponse response)
            throws IOException {
        try {
            imports.start(
                    access,
                    batch,
                    mapping,
                    new Imports.Ground(source, supplier, basis, purpose),
                    grounds(mapping, form));
        } catch (Refused refusal) {
            model.addAttribute("refusal", refusal);
            model.addAttribute("chosen", mapping);
            model.addAttribute("ground", new Imports.Ground(source, supplier, basis, purpose));
            response.setStatus(REFUSED);
            return show(access, batch, model);
        }
        return SHOW;
    }

    /** Of the columns of which something else is said than of the file; two columns of a field share it. */
    private static Map<String, Imports.Ground> grounds(List<String> mapping, Map<String, String> form) {
        var grounds = new HashMap<String, Imports.Ground>();
        for (int i = 0; i < mapping.size(); i++) {
            var source = form.getOrDefault("source-" + i, "");
            var supplier = form.getOrDefault("supplier-" + i, "");
            if (!source.isBlank() || !supplier.isBlank()) {
                grounds.put(
                        mapping.get(i),
                        new Imports.Ground(
                                source.strip(),
                                supplier.strip(),
                                one(LawfulBasis.values(), form.get("basis-" + i), LawfulBasis.CONTRACT),
                                one(DataPurpose.values(), form.get("purpose-" + i), DataPurpose.SERVICE)));
            }
        }
        return grounds;
    }

    private static <E extends Enum<E>> E one(E[] of, @Nullable String name, E usual) {
        return Arrays.stream(of)
                .filter(each -> each.name().equals(name))
                .findFirst()
                .orElse(usual);
    }

    @PostMapping("/{batch}/cancel")
    String cancel(Access access, @PathVariable UUID batch) {
        imports.cancel(access, batch);
        return SHOW;
    }

    @PostMapping("/{batch}/resume")
    String resume(Access access, @PathVariable UUID batch) {
        imports.resume(access, batch);
        return SHOW;
    }

    @PostMapping("/{batch}/revert")
    String revert(Access access, @PathVariable UUID batch) {
        imports.revert(access, batch);
        return SHOW;
    }

    @GetMapping("/{batch}/bad.csv")
    void bad(Access access, @PathVariable UUID batch, Locale locale, HttpServletResponse response) throws IOException {
        // Before the first byte, so that a refusal is told as one.
        imports.requireOwn(access, batch);
        response.setContentType("text/csv;charset=UTF-8");
        response.setHeader("Cache-Control", "no-store");
        response.setHeader("Content-Disposition", "attachment; filename=\"bad-rows.csv\"");
        imports.writeBadRows(access, batch, Texts.in(locale), response.getWriter());
    }
}
