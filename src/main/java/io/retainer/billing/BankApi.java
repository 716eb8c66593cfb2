package io.retainer.billing;

import io.retainer.identity.SignedIn;
import io.retainer.kernel.Refused;
import io.retainer.kernel.Texts;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.multipart.MultipartFile;

/** Bank statements over the API. The same file, or the same line in another file, has no second effect. */
@RestController
@RequestMapping("/api/v1/bank")
@Tag(name = "Bank", description = "Statements of the provider's account and the queue of unmatched lines.")
class BankApi {

    private final BankImport bank;

    BankApi(BankImport bank) {
        this.bank = bank;
    }

    record BadRow(int row, String code, String why) {}

    record OutcomeAnswer(int taken, int known, int matched, int unmatched, int outgoing, List<BadRow> bad) {}

    record LineAnswer(
            UUID id,
            Instant creditedAt,
            String amount,
            String payer,
            String reference,
            @Nullable String reason) {}

    record AssignRequest(@Nullable UUID contract, @Nullable Integer instalment) {}

    record AsideRequest(@Nullable String reason) {}

    @PostMapping(value = "/files", consumes = MediaType.MULTIPART_FORM_DATA_VALUE)
    @Operation(summary = "Takes in a statement as CSV; good rows land even when others are bad.")
    OutcomeAnswer take(
            SignedIn person,
            @RequestParam(required = false) @Nullable UUID organisation,
            @RequestParam MultipartFile file,
            Locale locale)
            throws IOException {
        var name = file.getOriginalFilename();
        var outcome = bank.take(
                person, organisation, name == null || name.isBlank() ? "statement.csv" : name, file.getBytes());
        var texts = Texts.in(locale);
        return new OutcomeAnswer(
                outcome.taken(),
                outcome.known(),
                outcome.matched(),
                outcome.unmatched(),
                outcome.outgoing(),
                outcome.bad().stream()
                        .map(bad -> new BadRow(bad.number(), bad.why().key(), texts.say(bad.why())))
                        .toList());
    }

    record AccountAnswer(UUID organisation, String name, int unmatched) {}

    @GetMapping("/accounts")
    @Operation(summary = "The providers for whose bank accounts the caller books; pass one as organisation.")
    List<AccountAnswer> accounts(SignedIn person) {
        return bank.organisations(person).stream()
                .map(one -> new AccountAnswer(one.id(), one.name(), bank.waiting(one.id())))
                .toList();
    }

    /** @param next pass it as {@code after} for the next page; null on the last */
    record LineList(List<LineAnswer> items, @Nullable UUID next) {}

    @GetMapping("/unmatched")
    @Operation(summary = "The lines that no contract was found for, the oldest first.")
    LineList unmatched(
            SignedIn person,
            @RequestParam(required = false) @Nullable UUID organisation,
            @RequestParam(required = false) @Nullable UUID after,
            @RequestParam(defaultValue = "25") int limit) {
        var page = bank.unmatched(bank.organisation(person, organisation), after, Math.clamp(limit, 1, 100));
        return new LineList(
                page.rows().stream()
                        .map(line -> new LineAnswer(
                                line.id(),
                                line.creditedAt(),
                                line.amount().yuan().toPlainString(),
                                line.payer(),
                                line.reference(),
                                line.reason()))
                        .toList(),
                page.next());
    }

    @PostMapping("/lines/{line}/contract")
    @Operation(summary = "Says which contract, and which instalment, a line pays.")
    void assign(
            SignedIn person,
            @RequestParam(required = false) @Nullable UUID organisation,
            @PathVariable UUID line,
            @RequestBody AssignRequest request) {
        if (request.contract() == null) {
            throw Refused.field("contract", "billing.bank.target");
        }
        bank.assign(person, organisation, line, request.contract(), request.instalment());
    }

    @PostMapping("/lines/{line}/aside")
    @Operation(summary = "Says that a line is no payment of a contract.")
    void setAside(
            SignedIn person,
            @RequestParam(required = false) @Nullable UUID organisation,
            @PathVariable UUID line,
            @RequestBody AsideRequest request) {
        bank.setAside(person, organisation, line, request.reason() == null ? "" : request.reason());
    }
}
