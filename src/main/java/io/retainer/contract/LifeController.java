package io.retainer.contract;

import io.retainer.identity.Access;
import io.retainer.identity.Capability;
import io.retainer.identity.Posted;
import io.retainer.kernel.Clause;
import io.retainer.kernel.Refused;
import io.retainer.kernel.Sentence;
import io.retainer.kernel.Texts;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.format.annotation.DateTimeFormat;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;

/** The pages of a contract's life: amendments, notices, terminations, force majeure, winding up. */
@Controller
@RequestMapping("/contracts/{contract}/life")
class LifeController {

    private final LifeReading reading;
    private final Amendments amendments;
    private final AmendmentLinks links;
    private final Endings endings;
    private final ForceMajeures forceMajeures;
    private final ContractLife life;
    private final Clock clock;

    LifeController(
            LifeReading reading,
            Amendments amendments,
            AmendmentLinks links,
            Endings endings,
            ForceMajeures forceMajeures,
            ContractLife life,
            Clock clock) {
        this.reading = reading;
        this.amendments = amendments;
        this.links = links;
        this.endings = endings;
        this.forceMajeures = forceMajeures;
        this.life = life;
        this.clock = clock;
    }

    @GetMapping
    String show(Access access, Model model) {
        return page(access, model, Map.of());
    }

    /** @param typed what was typed into a refused form */
    private String page(Access access, Model model, Map<String, String> typed) {
        var all = reading.life(access, clock.instant());
        model.addAttribute("life", all);
        model.addAttribute("contract", all.contract());
        model.addAttribute("versionInForce", versionInForce(access));
        model.addAttribute("named", named(access));
        model.addAttribute("typed", typed);
        model.addAttribute("channels", Notice.Channel.values());
        model.addAttribute("kinds", Amendment.Kind.values());
        model.addAttribute("keys", amendable());
        model.addAttribute(
                "breakable",
                List.of(
                        Clause.I_1_2A,
                        Clause.I_1_2B,
                        Clause.I_4_1A,
                        Clause.I_4_1B,
                        Clause.I_5_2A,
                        Clause.I_5_2B,
                        Clause.I_3_2A,
                        Clause.I_3_2B));
        return "contract/life";
    }

    private Sentence named(Access access) {
        var title = life.titles(List.of(access.tenant()), List.of(access.contract()))
                .getOrDefault(access.contract(), "");
        return title.isBlank() ? Sentence.of("contract.untitled") : Sentence.of("contract.titled", title);
    }

    private @Nullable Integer versionInForce(Access access) {
        return life.versionAt(access.tenant(), access.contract(), clock.instant())
                .orElse(null);
    }

    private static List<TermKey> amendable() {
        return Stream.of(TermKey.values())
                .filter(key -> !key.isDerived() && !key.isFilledBySigning() && key != TermKey.FEE_WORDS)
                .filter(key -> key != TermKey.TERM_START && key != TermKey.TERM_MONTHS)
                .filter(key -> key != TermKey.CLIENT_NAME && key != TermKey.PROVIDER_NAME)
                .filter(key -> key != TermKey.SIGN_MODE && key != TermKey.SIGN_PLACE)
                .toList();
    }

    // Amendments

    @PostMapping("/amendments")
    String draft(
            Access access,
            @RequestParam Amendment.Kind kind,
            @RequestParam @DateTimeFormat(iso = DateTimeFormat.ISO.DATE) LocalDate from,
            @RequestParam(defaultValue = "") String reason,
            @RequestParam(defaultValue = "") String third,
            @RequestParam(required = false) @Nullable List<String> key,
            @RequestParam(required = false) @Nullable List<String> value,
            Posted posted) {
        try {
            var id = amendments.draft(
                    access, null, new Amendments.Wanted(kind, from, reason, changes(key, value), third));
            return posted.done(Sentence.of("contract.life.drafted"), amendment(access, id));
        } catch (Refused refusal) {
            var typed = typed(from, reason, third, key, value);
            typed.put("kind", kind.name());
            return posted.refused(refusal, () -> page(access, posted.model(), typed));
        }
    }

    private static String amendment(Access access, UUID id) {
        return "redirect:/contracts/" + access.contract() + "/life/amendments/" + id;
    }

    static Map<TermKey, TermValue> changes(@Nullable List<String> keys, @Nullable List<String> values) {
        var changes = new EnumMap<TermKey, TermValue>(TermKey.class);
        if (keys != null && values != null) {
            for (int i = 0; i < Math.min(keys.size(), values.size()); i++) {
                if (!keys.get(i).isBlank()) {
                    var key = ContractController.key(keys.get(i));
                    changes.put(key, ContractController.value(key, values.get(i)));
                }
            }
        }
        return changes;
    }

    /** A value an amendment changes, as people read it. */
    record Changed(TermKey key, String value) {}

    @GetMapping("/amendments/{amendment}")
    String amendment(Access access, @PathVariable UUID amendment, Model model, Locale locale) {
        return amendmentPage(access, amendment, model, locale, "", "");
    }

    /** Other terms, another day or another reason, while it is a draft. */
    @PostMapping("/amendments/{amendment}/draft")
    String redraft(
            Access access,
            @PathVariable UUID amendment,
            @RequestParam @DateTimeFormat(iso = DateTimeFormat.ISO.DATE) LocalDate from,
            @RequestParam(defaultValue = "") String reason,
            @RequestParam(defaultValue = "") String third,
            @RequestParam(required = false) @Nullable List<String> key,
            @RequestParam(required = false) @Nullable List<String> value,
            @RequestParam int seen,
            Locale locale,
            Posted posted) {
        return posted.answerOnPage(
                () -> amendments.redraft(access, amendment, from, reason, changes(key, value), third, seen),
                Sentence.of("contract.amendment.redrafted"),
                amendment(access, amendment),
                () -> {
                    var typed = typed(from, reason, third, key, value);
                    typed.put("seen", Integer.toString(seen));
                    posted.model().addAttribute("typed", typed);
                    return amendmentPage(access, amendment, posted.model(), locale, "", "");
                });
    }

    private static Map<String, String> typed(
            LocalDate from,
            String reason,
            @Nullable String third,
            @Nullable List<String> keys,
            @Nullable List<String> values) {
        var typed = new java.util.HashMap<String, String>();
        typed.put("from", from.toString());
        typed.put("reason", reason);
        typed.put("third", third == null ? "" : third);
        for (int i = 0; keys != null && values != null && i < Math.min(keys.size(), values.size()); i++) {
            typed.put("key" + i, keys.get(i));
            typed.put("value" + i, values.get(i));
        }
        return typed;
    }

    /** As the draft stands, to be written over; what follows from another term is not written but follows again. */
    private static Map<String, String> typed(Amendment amendment) {
        var written = amendable();
        var changes = amendment.changes().entrySet().stream()
                .filter(change -> written.contains(change.getKey()))
                .toList();
        var typed = typed(
                amendment.from(),
                amendment.reason(),
                amendment.third(),
                changes.stream().map(change -> change.getKey().id()).toList(),
                changes.stream().map(change -> change.getValue().canonical()).toList());
        typed.put("seen", Integer.toString(amendment.version()));
        return typed;
    }

    private String amendmentPage(
            Access access, UUID id, Model model, Locale locale, String signatory, String authority) {
        var preview = amendments.preview(access, id);
        model.addAttribute("redrafting", model.containsAttribute("typed"));
        if (!model.containsAttribute("typed")) {
            model.addAttribute("typed", typed(preview.amendment()));
        }
        model.addAttribute("keys", amendable());
        model.addAttribute("rows", Math.max(3, preview.amendment().changes().size()));
        var texts = Texts.in(locale);
        model.addAttribute("preview", preview);
        model.addAttribute("differences", preview.differences(texts));
        model.addAttribute("annexKinds", AnnexKind.values());
        model.addAttribute(
                "thirdThere",
                AmendedVersion.named(preview.amended().base().annexes()).orElse(null));
        model.addAttribute("amendment", preview.amendment());
        model.addAttribute("named", named(access));
        model.addAttribute("contract", reading.life(access, clock.instant()).contract());
        model.addAttribute("versionInForce", versionInForce(access));
        model.addAttribute("signatures", amendments.signatures(access, id));
        model.addAttribute("links", links.sent(access, id));
        model.addAttribute("modes", SignatureMode.values());
        model.addAttribute("inForce", preview.amendment().inForce(clock.instant()));
        model.addAttribute("retroactive", preview.amendment().startsAt().isBefore(clock.instant()));
        model.addAttribute("signatory", signatory);
        model.addAttribute("authority", authority);
        model.addAttribute(
                "changes",
                preview.amendment().changes().entrySet().stream()
                        .map(change ->
                                new Changed(change.getKey(), Shown.of(change.getValue(), change.getKey(), texts)))
                        .toList());
        return "contract/amendment";
    }

    /** The very bytes that are hashed and signed. */
    @GetMapping("/amendments/{amendment}/content.txt")
    ResponseEntity<byte[]> content(Access access, @PathVariable UUID amendment) {
        var content = amendments.preview(access, amendment).amendment().content();
        if (content == null) {
            throw new io.retainer.kernel.Unknown("content of amendment " + amendment);
        }
        return ResponseEntity.ok()
                .contentType(new MediaType("text", "plain", StandardCharsets.UTF_8))
                .body(content.getBytes(StandardCharsets.UTF_8));
    }

    @PostMapping("/amendments/{amendment}/proposal")
    String propose(Access access, @PathVariable UUID amendment, Locale locale, Posted posted) {
        return about(
                access,
                amendment,
                locale,
                posted,
                "contract.life.proposed",
                () -> amendments.propose(access, amendment));
    }

    @PostMapping("/amendments/{amendment}/withdrawal")
    String withdraw(Access access, @PathVariable UUID amendment, Locale locale, Posted posted) {
        return about(
                access,
                amendment,
                locale,
                posted,
                "contract.life.withdrawn",
                () -> amendments.withdraw(access, amendment));
    }

    @PostMapping("/amendments/{amendment}/rejection")
    String reject(Access access, @PathVariable UUID amendment, Locale locale, Posted posted) {
        return about(
                access,
                amendment,
                locale,
                posted,
                "contract.life.rejected",
                () -> amendments.reject(access, amendment));
    }

    @PostMapping("/amendments/{amendment}/signatures")
    String sign(
            Access access,
            @PathVariable UUID amendment,
            @RequestParam String hash,
            @RequestParam SignatureMode mode,
            @RequestParam(defaultValue = "") String signatory,
            @RequestParam(defaultValue = "") String authority,
            @RequestParam(defaultValue = "false") boolean retroactive,
            Locale locale,
            Posted posted) {
        return posted.answerOnPage(
                () -> amendments.sign(access, amendment, hash, mode, signatory, authority, retroactive),
                Sentence.of("contract.life.signed"),
                amendment(access, amendment),
                () -> amendmentPage(access, amendment, posted.model(), locale, signatory, authority));
    }

    private String about(Access access, UUID amendment, Locale locale, Posted posted, String done, Runnable act) {
        return posted.answerOnPage(
                act,
                new Sentence(done, List.of()),
                amendment(access, amendment),
                () -> amendmentPage(access, amendment, posted.model(), locale, "", ""));
    }

    // Notices and terminations

    @PostMapping("/cure-demands")
    String demandCure(
            Access access,
            @RequestParam(defaultValue = "I-1.2b") String clause,
            @RequestParam(required = false) @Nullable UUID duty,
            @RequestParam Notice.Channel channel,
            @RequestParam(defaultValue = "") String words,
            Posted posted) {
        return act(
                access,
                posted,
                "contract.life.demanded",
                Map.of("cureWords", words),
                () -> endings.demandCure(access, clause(clause), duty, channel, words, clock.instant()));
    }

    static Clause clause(String id) {
        try {
            return Clause.of(id);
        } catch (IllegalArgumentException unknown) {
            throw Refused.field("clause", "contract.life.noClause", id);
        }
    }

    /** @param on the demand whose cure period ran out, or the force majeure that lasted too long */
    @PostMapping("/terminations")
    String terminate(
            Access access,
            @RequestParam EndGround ground,
            @RequestParam UUID on,
            @RequestParam(defaultValue = "false") boolean notCured,
            @RequestParam Notice.Channel channel,
            @RequestParam(defaultValue = "") String words,
            Posted posted) {
        return act(
                access,
                posted,
                "contract.life.terminated",
                Map.of("terminationWords", words),
                () -> terminate(endings, access, ground, on, notCured, channel, words));
    }

    static UUID terminate(
            Endings endings,
            Access access,
            EndGround ground,
            UUID on,
            boolean notCured,
            Notice.Channel channel,
            String words) {
        return switch (ground) {
            case BREACH -> endings.terminateForBreach(access, on, notCured, channel, words);
            case FORCE_MAJEURE -> endings.terminateForForceMajeure(access, on, channel, words);
            case EXPIRED, AGREED, NON_PAYMENT -> throw Refused.field("ground", "contract.life.otherWay", ground);
        };
    }

    @PostMapping("/terminations/{termination}/withdrawal")
    String withdrawTermination(Access access, @PathVariable UUID termination, Posted posted) {
        return act(
                access,
                posted,
                "contract.life.withdrawn",
                Map.of(),
                () -> endings.withdrawTermination(access, termination));
    }

    @PostMapping("/terminations/{termination}/objection")
    String contestTermination(
            Access access,
            @PathVariable UUID termination,
            @RequestParam(defaultValue = "") String words,
            Posted posted) {
        return act(
                access,
                posted,
                "contract.life.contested",
                Map.of("objection", words),
                () -> endings.contestTermination(access, termination, words));
    }

    @PostMapping("/notices/{notice}/delivery")
    String deliver(
            Access access,
            @PathVariable UUID notice,
            @RequestParam @DateTimeFormat(iso = DateTimeFormat.ISO.DATE_TIME) LocalDateTime at,
            @RequestParam(defaultValue = "") String proof,
            Posted posted) {
        return act(
                access,
                posted,
                "contract.life.delivered",
                Map.of("proof", proof),
                () -> endings.deliver(access, notice, moment(at), proof.strip()));
    }

    // Force majeure

    @PostMapping("/force-majeure")
    String notify(
            Access access,
            @RequestParam @DateTimeFormat(iso = DateTimeFormat.ISO.DATE_TIME) LocalDateTime occurredAt,
            @RequestParam(required = false) @Nullable List<UUID> duties,
            @RequestParam Notice.Channel channel,
            @RequestParam(defaultValue = "") String words,
            Posted posted) {
        return act(
                access,
                posted,
                "contract.life.forceMajeureNotified",
                Map.of("hindrance", words, "occurredAt", occurredAt.toString()),
                () -> forceMajeures.notify(
                        access, moment(occurredAt), duties == null ? List.of() : duties, channel, words));
    }

    @PostMapping("/force-majeure/{event}/proof")
    String prove(
            Access access, @PathVariable UUID event, @RequestParam(defaultValue = "") String proof, Posted posted) {
        return act(
                access,
                posted,
                "contract.life.proven",
                Map.of("proof", proof),
                () -> forceMajeures.prove(access, event, proof.strip()));
    }

    @PostMapping("/force-majeure/{event}/acceptance")
    String accept(
            Access access,
            @PathVariable UUID event,
            @RequestParam(required = false) @Nullable List<UUID> duties,
            @RequestParam(defaultValue = "false") boolean moneyToo,
            @RequestParam(defaultValue = "100") int relief,
            Posted posted) {
        return act(
                access,
                posted,
                "contract.life.accepted",
                Map.of(),
                () -> forceMajeures.accept(access, event, duties == null ? List.of() : duties, moneyToo, relief));
    }

    @PostMapping("/force-majeure/{event}/objection")
    String contest(
            Access access, @PathVariable UUID event, @RequestParam(defaultValue = "") String words, Posted posted) {
        return act(
                access,
                posted,
                "contract.life.contested",
                Map.of("objection", words),
                () -> forceMajeures.contest(access, event, words));
    }

    @PostMapping("/force-majeure/{event}/end")
    String end(
            Access access,
            @PathVariable UUID event,
            @RequestParam @DateTimeFormat(iso = DateTimeFormat.ISO.DATE_TIME) LocalDateTime at,
            Posted posted) {
        return act(access, posted, "contract.life.over", Map.of(), () -> forceMajeures.end(access, event, moment(at)));
    }

    // Winding up

    @PostMapping("/certificates")
    String certify(
            Access access,
            @RequestParam String what,
            @RequestParam(defaultValue = "") String certificate,
            Posted posted) {
        return act(
                access,
                posted,
                "contract.life.certified",
                Map.of("certificate", certificate),
                () -> endings.windUp(access, what, certificate.strip()));
    }

    @PostMapping("/secrets/{duty}/breaches")
    String flagBroken(
            Access access, @PathVariable UUID duty, @RequestParam(defaultValue = "") String words, Posted posted) {
        return act(
                access,
                posted,
                "contract.life.flagged",
                Map.of("secret" + duty, words),
                () -> endings.flagSecretBroken(access, duty, Notice.Channel.PLATFORM, words));
    }

    @PostMapping("/secrets/{duty}/release")
    String release(
            Access access, @PathVariable UUID duty, @RequestParam(defaultValue = "") String words, Posted posted) {
        return act(
                access, posted, "contract.life.released", Map.of(), () -> endings.releaseSecret(access, duty, words));
    }

    @PostMapping("/closure")
    String close(Access access, Posted posted) {
        return act(access, posted, "contract.life.closed", Map.of(), () -> endings.close(access));
    }

    private String act(Access access, Posted posted, String done, Map<String, String> typed, Runnable act) {
        access.require(Capability.READ_CONTRACT);
        return posted.answerOnPage(
                act,
                new Sentence(done, List.of()),
                "redirect:/contracts/" + access.contract() + "/life",
                () -> page(access, posted.model(), typed));
    }

    private static Instant moment(LocalDateTime local) {
        return local.atZone(DraftTerms.ZONE).toInstant();
    }
}
