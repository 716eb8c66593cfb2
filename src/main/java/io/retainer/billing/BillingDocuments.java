package io.retainer.billing;

import io.retainer.billing.Account.Act;
import io.retainer.billing.Account.Kind;
import io.retainer.billing.Verdict.InstalmentVerdict;
import io.retainer.contract.ContractLife;
import io.retainer.contract.NoticeLetter;
import io.retainer.document.Paper;
import io.retainer.document.Paper.Align;
import io.retainer.document.Paper.Column;
import io.retainer.identity.Access;
import io.retainer.identity.Capability;
import io.retainer.kernel.AmountWords;
import io.retainer.kernel.Clause;
import io.retainer.kernel.Party;
import io.retainer.kernel.Texts;
import io.retainer.kernel.Unknown;
import io.swagger.v3.oas.annotations.Operation;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.UUID;
import org.springframework.http.ContentDisposition;
import org.springframework.http.HttpHeaders;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.stereotype.Controller;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;

/** Demands as letters, receipts, the statement of account and the settlement: PDF and DOCX, for pages and API alike. */
@Controller
@RequestMapping({"/contracts/{contract}/billing", "/api/v1/contracts/{contract}/billing"})
class BillingDocuments {

    private final Settlements settlements;
    private final OtherWork otherWork;
    private final Accounts accounts;
    private final ContractLife contracts;
    private final Clock clock;

    BillingDocuments(
            Settlements settlements, OtherWork otherWork, Accounts accounts, ContractLife contracts, Clock clock) {
        this.settlements = settlements;
        this.otherWork = otherWork;
        this.accounts = accounts;
        this.contracts = contracts;
        this.clock = clock;
    }

    @Operation(summary = "A demand as a letter, as pdf or docx")
    @GetMapping("/demands/{demand}/letter.{format}")
    ResponseEntity<byte[]> demand(
            Access access, @PathVariable UUID demand, @PathVariable String format, Locale locale) {
        var act = accounts.state(access).act(demand, Kind.DEMAND_DELIVERED);
        // As things stood when it was delivered.
        var state = accounts.find(access.tenant(), access.contract(), act.happenedAt())
                .orElseThrow(() -> new Unknown("account of " + access.contract()));
        return file(letter(state, act, title(access)).paper(Texts.in(locale)), format, "demand-" + demand);
    }

    @Operation(summary = "The statement of account, as pdf or docx")
    @GetMapping("/statement.{format}")
    ResponseEntity<byte[]> statement(
            Access access,
            @PathVariable String format,
            @RequestParam(defaultValue = "false") boolean seam,
            Locale locale) {
        access.require(Capability.READ_MONEY);
        var state = accounts.find(access.tenant(), access.contract(), clock.instant())
                .orElseThrow(() -> new Unknown("account of " + access.contract()));
        var paper = statement(state, title(access), Texts.in(locale));
        if (seam) {
            paper.seam(state.account().providerName());
        }
        return file(paper, format, "statement-" + state.account().code());
    }

    @Operation(summary = "The settlement at the end of the service, or as things stand, as pdf or docx")
    @GetMapping("/settlement.{format}")
    ResponseEntity<byte[]> settlement(
            Access access,
            @PathVariable String format,
            @RequestParam(defaultValue = "false") boolean seam,
            Locale locale) {
        var state = accounts.state(access);
        var paper = SettlementPaper.of(
                state, settlements.of(access), settlements.hasEnded(access), title(access), Texts.in(locale));
        if (seam) {
            paper.seam(state.account().providerName());
        }
        return file(paper, format, "settlement-" + state.account().code());
    }

    @Operation(summary = "A receipt, as pdf or docx")
    @GetMapping("/receipts/{receipt}.{format}")
    ResponseEntity<byte[]> receipt(
            Access access,
            @PathVariable UUID receipt,
            @PathVariable String format,
            @RequestParam(defaultValue = "false") boolean seam,
            Locale locale) {
        var state = accounts.state(access);
        var found = state.receipt(receipt);
        var paper = ReceiptPaper.of(state, found, Texts.in(locale));
        if (seam) {
            paper.seam(found.payee());
        }
        return file(paper, format, found.code());
    }

    @Operation(summary = "A receipt for a payment of other work, as pdf or docx")
    @GetMapping("/charges/receipts/{receipt}.{format}")
    ResponseEntity<byte[]> chargeReceipt(
            Access access, @PathVariable UUID receipt, @PathVariable String format, Locale locale) {
        var found = otherWork.receipt(access, receipt);
        return file(
                ReceiptPaper.of(found, Texts.in(locale)),
                format,
                found.receipt().code());
    }

    private String title(Access access) {
        return contracts
                .titles(List.of(access.tenant()), List.of(access.contract()))
                .getOrDefault(access.contract(), "");
    }

    static NoticeLetter letter(BillingState state, Act demand, String title) {
        var account = state.account();
        return new NoticeLetter(
                NoticeLetter.Type.DEMAND,
                account.code() + "-" + demand.id().toString().substring(24),
                account.contract(),
                title,
                Party.PROVIDER,
                account.clientName(),
                account.providerName(),
                Clause.I_3_3A,
                BillingParticulars.demand(state, demand),
                demand.words(),
                demand.happenedAt(),
                null);
    }

    static Paper statement(BillingState state, String title, Texts texts) {
        var account = state.account();
        var verdict = state.verdict();
        var name = texts.say("billing.statement.title");
        var paper = texts.locale().equals(Texts.ENGLISH) ? Paper.english(name) : Paper.chinese(name);
        paper.header(texts.say("billing.statement.header", title, account.code(), verdict.asOf()))
                .title()
                .subtitle(texts.say("billing.statement.asOf", verdict.asOf()))
                .facts(List.of(
                        List.of(texts.name(Party.CLIENT), account.clientName()),
                        List.of(texts.name(Party.PROVIDER), account.providerName()),
                        List.of(texts.say("billing.statement.contract"), title + "\n" + account.contract()),
                        List.of(
                                texts.say("billing.total"),
                                verdict.total() + "\n" + AmountWords.of(verdict.total(), texts)),
                        List.of(texts.say("billing.paid"), verdict.paid().toString()),
                        List.of(texts.say("billing.overdue"), verdict.overdue().toString()),
                        List.of(
                                texts.say("billing.claimable"),
                                verdict.claimable().toString())));
        paper.heading(texts.say("billing.schedule"))
                .table(
                        List.of(
                                new Column(texts.say("billing.column.number"), Align.CENTER, 3),
                                new Column(texts.say("billing.column.period"), Align.LEFT, 7),
                                new Column(texts.say("billing.column.due"), Align.LEFT, 6),
                                new Column(texts.say("billing.column.amount"), Align.RIGHT, 6),
                                new Column(texts.say("billing.column.open"), Align.RIGHT, 6),
                                new Column(texts.say("billing.column.state"), Align.CENTER, 4),
                                new Column(texts.say("billing.column.penalty"), Align.RIGHT, 5)),
                        verdict.instalments().stream()
                                .map(instalment -> row(instalment, texts))
                                .toList());
        var payments = state.payments();
        paper.heading(texts.say("billing.statement.payments"));
        if (payments.isEmpty()) {
            paper.note(texts.say("billing.statement.noPayments"));
        } else {
            paper.table(
                    List.of(
                            new Column(texts.say("billing.column.credited"), Align.LEFT, 7),
                            new Column(texts.say("billing.column.bankReference"), Align.LEFT, 8),
                            new Column(texts.say("billing.column.instalment"), Align.CENTER, 3),
                            new Column(texts.say("billing.column.amount"), Align.RIGHT, 6),
                            new Column(texts.say("billing.column.receipt"), Align.LEFT, 6)),
                    payments.stream()
                            .map(payment -> List.of(
                                    texts.say("billing.at", payment.creditedAt()),
                                    payment.reference(),
                                    payment.instalment() == null ? "—" : Integer.toString(payment.instalment()),
                                    payment.returned() == null
                                            ? payment.amount().formatted()
                                            : texts.say("billing.statement.returned", payment.amount()),
                                    state.receiptOf(payment.id())
                                            .map(Account.Receipt::code)
                                            .orElse("—")))
                            .toList());
        }
        return paper.note(texts.say("billing.statement.note"))
                .seals(List.of(
                        place("billing.statement.confirmedBy", Party.PROVIDER, account.providerName(), texts),
                        place("billing.statement.confirmedBy", Party.CLIENT, account.clientName(), texts)));
    }

    private static List<String> row(InstalmentVerdict verdict, Texts texts) {
        var instalment = verdict.instalment();
        var penalty = verdict.penalty();
        return List.of(
                Integer.toString(verdict.number()),
                instalment.start() + "\n– " + instalment.end(),
                day(instalment.due()),
                instalment.amount().formatted(),
                verdict.open().formatted(),
                texts.name(verdict.state()),
                penalty == null || penalty.isZero() ? "—" : penalty.formatted());
    }

    private static String day(Instant due) {
        var at = due.atZone(java.time.ZoneId.of("Asia/Shanghai"));
        return at.toLocalDate() + (at.toLocalTime().equals(java.time.LocalTime.MIDNIGHT) ? "" : " " + at.toLocalTime());
    }

    static Paper.SealPlace place(String key, Party party, String name, Texts texts) {
        return new Paper.SealPlace(
                texts.say(key, party),
                name,
                texts.say("billing.statement.sealHere"),
                false,
                List.of(texts.say("billing.statement.date")));
    }

    private static ResponseEntity<byte[]> file(Paper paper, String format, String name) {
        var type = switch (format) {
            case "pdf" -> MediaType.APPLICATION_PDF;
            case "docx" ->
                MediaType.parseMediaType("application/vnd.openxmlformats-officedocument.wordprocessingml.document");
            default -> throw new Unknown("format " + format);
        };
        return ResponseEntity.ok()
                .contentType(type)
                .header(
                        HttpHeaders.CONTENT_DISPOSITION,
                        ContentDisposition.attachment()
                                .filename(name + "." + format)
                                .build()
                                .toString())
                .header("X-Content-Type-Options", "nosniff")
                .body(format.equals("pdf") ? paper.pdf() : paper.docx());
    }
}
