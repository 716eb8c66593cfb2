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
    OutcomeAnswer take(SignedIn person, @RequestParam MultipartFile file, Locale locale) throws IOException {
        var name = file.getOriginalFilename();
        var outcome = bank.take(person, name == null || name.isBlank() ? "statement.csv" : name, file.getBytes());
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

    @GetMapping("/unmatched")
    @Operation(summary = "The lines that no contract was found for.")
    List<LineAnswer> unmatched(SignedIn person) {
        return bank.unmatched(bank.organisation(person)).stream()
                .map(line -> new LineAnswer(
                        line.id(),
                        line.creditedAt(),
                        line.amount().yuan().toPlainString(),
                        line.payer(),
                        line.reference(),
                        line.reason()))
                .toList();
    }

    @PostMapping("/lines/{line}/contract")
    @Operation(summary = "Says which contract, and which instalment, a line pays.")
    void assign(SignedIn person, @PathVariable UUID line, @RequestBody AssignRequest request) {
        if (request.contract() == null) {
            throw Refused.field("contract", "billing.bank.target");
        }
        bank.assign(person, line, request.contract(), request.instalment());
    }

    @PostMapping("/lines/{line}/aside")
    @Operation(summary = "Says that a line is no payment of a contract.")
    void setAside(SignedIn person, @PathVariable UUID line, @RequestBody AsideRequest request) {
        bank.setAside(person, line, request.reason() == null ? "" : request.reason());
    }
}
