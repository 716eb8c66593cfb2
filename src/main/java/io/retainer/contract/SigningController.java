package io.retainer.contract;

import io.retainer.contract.SigningPlan.Sequence;
import io.retainer.identity.Access;
import io.retainer.identity.Capability;
import io.retainer.identity.Posted;
import io.retainer.kernel.Sentence;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.LocalDate;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.format.annotation.DateTimeFormat;
import org.springframework.http.HttpHeaders;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.multipart.MultipartFile;

/** The page on which signatures are asked for and given. A refused form keeps what was typed. */
@Controller
@RequestMapping("/contracts/{contract}/signing")
class SigningController {

    private final ContractLife life;
    private final ContractReading reading;
    private final Signing signing;
    private final SignedPapers papers;
    private final SigningLinks links;
    private final Clock clock;

    SigningController(
            ContractLife life,
            ContractReading reading,
            Signing signing,
            SignedPapers papers,
            SigningLinks links,
            Clock clock) {
        this.links = links;
        this.life = life;
        this.reading = reading;
        this.signing = signing;
        this.papers = papers;
        this.clock = clock;
    }

    /** What was typed. */
    record SignForm(SignatureMode mode, String signatory, AuthorityBasis basis, String authority, String reason) {

        static final SignForm EMPTY = new SignForm(SignatureMode.SEAL, "", AuthorityBasis.POWER_OF_ATTORNEY, "", "");
    }

    @GetMapping
    String show(Access access, Model model) {
        return page(access, model, SignForm.EMPTY);
    }

    private String page(Access access, Model model, SignForm form) {
        access.require(Capability.READ_CONTRACT);
        var current = reading.current(access);
        var problems = current.problems();
        model.addAttribute("contract", current.contract());
        model.addAttribute("version", current.version());
        model.addAttribute("named", ContractController.title(current.contract().title()));
        model.addAttribute("signatures", current.signatures());
        model.addAttribute("counterparts", current.counterparts());
        model.addAttribute(
                "blocking", problems.stream().filter(Contract::blocksSigning).toList());
        model.addAttribute(
                "openChoices",
                java.util.stream.Stream.of(TermKey.SIGN_MODE, TermKey.LATE_MODE)
                        .filter(key -> !current.version().terms().get(key).binds())
                        .toList());
        ContractController.defaults(access, current, model);
        model.addAttribute("modes", SignatureMode.values());
        model.addAttribute("bases", AuthorityBasis.values());
        model.addAttribute("sequences", Sequence.values());
        model.addAttribute(
                "lastDay",
                LocalDate.ofInstant(clock.instant(), DraftTerms.ZONE).plusDays(Contract.SIGNING_TIME.toDays()));
        model.addAttribute("agreedMode", current.version().terms().choice(TermKey.SIGN_MODE, TermKey.SignMode.class));
        model.addAttribute(
                "unconfirmed", current.version().terms().unconfirmed().size());
        model.addAttribute("standing", signing.standing(access));
        model.addAttribute("links", access.may(Capability.SIGN) ? links.sent(access) : null);
        model.addAttribute("form", form);
        return "contract/signing";
    }

    @PostMapping("/submission")
    String submit(
            Access access,
            @RequestParam int version,
            @RequestParam(defaultValue = "PARALLEL") Sequence sequence,
            @RequestParam(required = false) @DateTimeFormat(iso = DateTimeFormat.ISO.DATE) @Nullable LocalDate lastDay,
            @RequestParam(defaultValue = "3") int remindDays,
            Posted posted) {
        return act(
                access,
                posted,
                "contract.page.submitted",
                SignForm.EMPTY,
                () -> signing.open(access, new SigningPlan(sequence, lastDay, remindDays), version));
    }

    @PostMapping("/withdrawal")
    String withdraw(Access access, @RequestParam int version, Posted posted) {
        return act(access, posted, "contract.page.withdrawn", SignForm.EMPTY, () -> life.withdraw(access, version));
    }

    @PostMapping("/declination")
    String decline(Access access, @RequestParam(defaultValue = "") String reason, Posted posted) {
        return act(
                access,
                posted,
                "contract.signing.declined",
                new SignForm(SignatureMode.SEAL, "", AuthorityBasis.POWER_OF_ATTORNEY, "", reason),
                () -> signing.decline(access, reason));
    }

    @PostMapping("/rejection")
    String reject(Access access, Posted posted) {
        return act(access, posted, "contract.page.rejected", SignForm.EMPTY, () -> signing.reject(access));
    }

    @PostMapping("/reminders")
    String remind(Access access, Posted posted) {
        return act(access, posted, "contract.signing.reminded", SignForm.EMPTY, () -> signing.remind(access));
    }

    @PostMapping("/signatures")
    String sign(
            Access access,
            @RequestParam String hash,
            @RequestParam SignatureMode mode,
            @RequestParam String signatory,
            @RequestParam(defaultValue = "POWER_OF_ATTORNEY") AuthorityBasis basis,
            @RequestParam String authority,
            @RequestParam(required = false) @Nullable UUID seal,
            @RequestParam(required = false) @Nullable MultipartFile paper,
            Posted posted) {
        return act(access, posted, "contract.page.signed", new SignForm(mode, signatory, basis, authority, ""), () -> {
            signing.sign(
                    access,
                    new Signing.Given(hash, mode, signatory, new Authority(basis, authority, paper(paper)), seal));
            papers.after(access.tenant(), access.contract());
        });
    }

    static Authority.@Nullable Paper paper(@Nullable MultipartFile file) {
        if (file == null || file.isEmpty()) {
            return null;
        }
        try {
            return Authority.Paper.of(file.getBytes());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private String act(Access access, Posted posted, String done, SignForm form, Runnable act) {
        return posted.answerOnPage(
                act,
                new Sentence(done, List.of()),
                "redirect:/contracts/" + access.contract() + "/signing",
                () -> page(access, posted.model(), form));
    }

    /** The bytes that are hashed and signed, for whoever wants to hash them again. */
    @GetMapping("/content.txt")
    ResponseEntity<byte[]> content(Access access) {
        access.require(Capability.READ_CONTRACT);
        access.require(Capability.READ_MONEY); // without the amounts it would not be what was signed
        return ResponseEntity.ok()
                .contentType(new MediaType("text", "plain", StandardCharsets.UTF_8))
                .body(reading.current(access).version().content().getBytes(StandardCharsets.UTF_8));
    }

    /** A signed counterpart as it was made. */
    @GetMapping("/counterparts/{copy}.pdf")
    ResponseEntity<byte[]> counterpart(Access access, @PathVariable int copy) {
        return AnnexFiles.file(
                signing.counterpart(access, copy),
                MediaType.APPLICATION_PDF,
                "contract-" + access.contract() + "-copy" + copy + ".pdf");
    }

    /** The paper by which somebody signed; looking at it is noted in the ledger. */
    @PostMapping("/papers/{id}")
    ResponseEntity<byte[]> paper(Access access, @PathVariable UUID id) {
        var paper = signing.paper(access, id);
        var type = MediaType.parseMediaType(paper.media());
        return ResponseEntity.ok()
                .contentType(type)
                .header(HttpHeaders.CACHE_CONTROL, "no-store")
                .header(
                        HttpHeaders.CONTENT_DISPOSITION,
                        "attachment; filename=\"authority-" + id + "." + type.getSubtype() + "\"")
                .body(paper.bytes());
    }
}
