package io.retainer.contract;

import io.retainer.identity.Access;
import io.retainer.identity.Capability;
import io.retainer.kernel.Refused;
import io.retainer.kernel.Sentence;
import io.retainer.kernel.Texts;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
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

    @GetMapping("/{number}")
    String edit(Access access, @PathVariable int number, Model model, Locale locale) {
        access.require(Capability.READ_CONTRACT);
        var current = reading.current(access);
        var form = AnnexForm.of(current.version().annexes().of(AnnexKind.numbered(number)));
        return editor(access, current, form, current.contract().version(), false, model, locale);
    }

    private static String editor(
            Access access,
            ContractReading.Current current,
            AnnexForm form,
            int seen,
            boolean unsaved,
            Model model,
            Locale locale) {
        frame(access, current, model);
        var version = current.version();
        var annexes = version.annexes().with(form.sheet());
        form.show(annexes, version.terms(), seen, unsaved, model, locale);
        model.addAttribute(
                "formBase",
                "/contracts/" + access.contract() + "/annexes/" + form.kind().number());
        return "contract/annex";
    }

    /** The whole form, whatever button was pressed. */
    @PostMapping("/{number}")
    String post(
            Access access,
            @PathVariable int number,
            @RequestParam int seen,
            @RequestParam(name = "do", defaultValue = "save") String act,
            @RequestParam MultiValueMap<String, String> posted,
            Model model,
            Locale locale,
            HttpServletResponse response,
            RedirectAttributes redirect) {
        access.require(Capability.READ_CONTRACT);
        var form = AnnexForm.posted(AnnexKind.numbered(number), posted);
        if (act.equals("save")) {
            try {
                life.saveAnnex(access, form.sheet(), seen);
                redirect.addFlashAttribute(
                        "done",
                        Sentence.of("contract.page.annex.saved", form.kind().title()));
                return "redirect:/contracts/" + access.contract() + "/annexes/" + number;
            } catch (Refused refusal) {
                refuse(refusal, model, response);
            }
        }
        var current = reading.current(access);
        return editor(access, current, form.after(act, () -> current.version().terms()), seen, true, model, locale);
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

    static void refuse(Refused refusal, Model model, HttpServletResponse response) {
        model.addAttribute("refusal", refusal);
        response.setStatus(refusal.status());
    }
}
