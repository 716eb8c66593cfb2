package io.retainer.evidence;

import io.retainer.evidence.Ledger.Entry;
import io.retainer.identity.Access;
import io.retainer.identity.Capability;
import io.retainer.kernel.Unknown;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** The ledger of one contract for programs: entries, checkpoint, single proofs and the whole bundle. */
@RestController
class LedgerApi {

    private static final int MOST = 200;

    private final Ledger ledger;

    LedgerApi(Ledger ledger) {
        this.ledger = ledger;
    }

    /**
     * @param index null while it waits to be sealed
     * @param text the canonical JSON that was hashed; left out for those who may not see amounts
     */
    record EntryBody(
            UUID id,
            @Nullable Long index,
            String kind,
            String clause,
            String subject,
            Instant recordedAt,
            @Nullable String text) {}

    /** @param before to ask for the next page with; null on the last */
    record EntriesBody(List<EntryBody> entries, @Nullable Long before) {}

    @GetMapping("/api/v1/contracts/{contract}/ledger")
    EntriesBody entries(
            Access access,
            @RequestParam(defaultValue = "") String clause,
            @RequestParam(defaultValue = "") String kind,
            @RequestParam(defaultValue = "") String subject,
            @RequestParam(defaultValue = "") String state,
            @RequestParam @Nullable Long before,
            @RequestParam(defaultValue = "50") int limit) {
        access.require(Capability.READ_LEDGER);
        var page = ledger.entries(
                access.tenant(),
                access.contract(),
                LedgerController.filter(clause, kind, subject, state),
                before,
                Math.clamp(limit, 1, MOST));
        return new EntriesBody(
                page.entries().stream().map(entry -> body(entry, access)).toList(), page.before());
    }

    private static EntryBody body(Entry entry, Access access) {
        return new EntryBody(
                entry.id(),
                entry.index(),
                entry.kind(),
                entry.clause().id(),
                entry.subject(),
                entry.recordedAt(),
                access.may(Capability.READ_MONEY) ? entry.text() : null);
    }

    /** The latest signed checkpoint: keep it, to show any later rewriting. */
    @GetMapping(path = "/api/v1/contracts/{contract}/ledger/checkpoint", produces = MediaType.TEXT_PLAIN_VALUE)
    String checkpoint(Access access) {
        access.require(Capability.READ_LEDGER);
        return ledger.checkpoint(access.tenant(), access.contract())
                .orElseThrow(() -> new Unknown("checkpoint of " + access.contract()));
    }

    @GetMapping(path = "/api/v1/contracts/{contract}/ledger/{index}/proof", produces = MediaType.TEXT_PLAIN_VALUE)
    String proof(Access access, @PathVariable long index) {
        access.require(Capability.READ_LEDGER);
        return ledger.proof(access.tenant(), access.contract(), index);
    }

    @GetMapping(
            path = {"/contracts/{contract}/ledger/bundle", "/api/v1/contracts/{contract}/evidence-bundle"},
            produces = "application/zip")
    void bundle(Access access, HttpServletResponse response) throws IOException {
        access.require(Capability.READ_LEDGER);
        access.require(Capability.READ_MONEY); // the facts name amounts
        var file = ledger.bundle(access.tenant(), access.contract());
        try {
            response.setContentType("application/zip");
            response.setContentLengthLong(Files.size(file));
            response.setHeader(
                    HttpHeaders.CONTENT_DISPOSITION, "attachment; filename=\"evidence-" + access.contract() + ".zip\"");
            response.setHeader(HttpHeaders.CACHE_CONTROL, "no-store");
            Files.copy(file, response.getOutputStream());
        } finally {
            Files.deleteIfExists(file);
        }
    }
}
