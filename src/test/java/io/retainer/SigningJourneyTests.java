package io.retainer;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.icegreen.greenmail.util.GreenMail;
import com.icegreen.greenmail.util.GreenMailUtil;
import com.icegreen.greenmail.util.ServerSetup;
import com.microsoft.playwright.Browser;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.FilePayload;
import io.retainer.World.Caller;
import jakarta.mail.MessagingException;
import jakarta.mail.Multipart;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.apache.pdfbox.Loader;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.context.annotation.Import;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;

/**
 * Two parties talk a draft over, one will not sign and says why, and at last both sign: one with a registered seal, one by
 * a link, a code and a paper. The pictures are under {@code target/screenshots}.
 */
@SpringBootTest(
        webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT,
        properties = {"retainer.mail.starttls=false", "retainer.mail.from=robot@retainer.example"})
@Import({PostgresTest.class, World.class})
class SigningJourneyTests extends BrowserJourney {

    private static final GreenMail MAIL = new GreenMail(new ServerSetup(0, "127.0.0.1", ServerSetup.PROTOCOL_SMTP));
    private static final FilePayload PAPER =
            new FilePayload("paper.pdf", "application/pdf", "%PDF-1.4 paper".getBytes(StandardCharsets.US_ASCII));

    private String contract = "";

    @BeforeAll
    static void startMail() {
        if (!MAIL.isRunning()) {
            MAIL.start();
        }
    }

    @AfterAll
    static void stopMail() {
        MAIL.stop();
    }

    @DynamicPropertySource
    static void mail(DynamicPropertyRegistry properties) {
        startMail();
        properties.add("spring.mail.host", () -> "127.0.0.1");
        properties.add("spring.mail.port", () -> MAIL.getSmtp().getPort());
    }

    @Test
    void bothPartiesTalkAndSign() throws Exception {
        contract = draft();
        var lead = signIn(cast.lead());
        var owner = signIn(cast.owner());

        // They talk about a clause; the client proposes other words, the provider accepts, and both see what changed.
        comment(lead, "I-4.2", "保密义务终止后还要持续吗?");
        comment(owner, "I-4.2", "Yes, and for the staff as well.");
        owner.navigate(url(contract + "/negotiation/I-4.2"));
        open(owner.locator("details:has(#after)"));
        owner.locator("#after").fill(owner.locator("#after").inputValue() + "双方应使员工一并遵守。");
        owner.locator("#reason").fill("员工离职后仍接触客户信息");
        submit(owner, owner.locator("form:has(#after) button[type=submit]"));
        look(owner, "n1-clause", contract + "/negotiation/I-4.2");
        look(lead, "n2-board", contract + "/negotiation");
        lead.navigate(url(contract + "/negotiation/I-4.2"));
        submit(lead, lead.locator("form[action$='/acceptance'] button"));
        look(lead, "n3-differences", contract + "/negotiation/differences?from=1&to=2");
        assertThat(lead.locator("li ins")).containsText("双方应使员工一并遵守");

        // The provider asks for signatures; the client will not sign yet and says why.
        lead.navigate(url(contract + "/signing"));
        lead.locator("#sequence").selectOption("CLIENT_FIRST");
        look(lead, "n4-ask", null);
        submit(lead, lead.locator("form[action$='/signing/submission'] button"));
        look(lead, "n5-wait", contract + "/signing");
        assertThat(lead.locator("#signatory")).hasCount(0);
        owner.navigate(url(contract + "/signing"));
        owner.locator("#reason").fill("付款日期要与预算年度一致");
        submit(owner, owner.locator("form[action$='/declination'] button"));
        look(lead, "n6-declined", contract + "/signing");
        assertThat(lead.locator("main")).containsText("付款日期要与预算年度一致");

        // Asked again, the client signs with a paper, the provider's keeper with a registered seal.
        submit(lead, lead.locator("form[action$='/signing/submission'] button"));
        owner.navigate(url(contract + "/signing"));
        owner.locator("#signatory").fill("甄青");
        owner.locator("#basis").selectOption("LEGAL_REPRESENTATIVE");
        owner.locator("#authority").fill("法定代表人身份证明");
        owner.locator("#paper").setInputFiles(PAPER);
        look(owner, "n7-sign", null);
        submit(owner, owner.locator("form[action$='/signing/signatures'] button[type=submit]"));
        look(owner, "n8-signed-once", contract + "/signing");
        lead.navigate(url("/seals"));
        lead.locator("input[name=name]").fill("合同专用章(1)");
        lead.locator("select[name=keeper]").selectOption(cast.lead().id().toString());
        submit(lead, lead.locator("form:has(input[name=name]) button"));
        look(lead, "n9-seals", "/seals");

        // The provider's representative has no account: a link, a code by mail, a paper. The link alone does not sign.
        lead.navigate(url(contract + "/signing"));
        lead.locator("#link-party").selectOption("PROVIDER");
        lead.locator("#link-name").fill("许建国");
        lead.locator("#link-email").fill("xu@example.com");
        submit(lead, lead.locator("form:has(#link-name) button"));
        var guest = guest();
        var link = mailed("xu@example.com", "/signing/[A-Za-z0-9_-]{40,}");
        look(guest, "n10-link", link);
        submit(guest, guest.locator("form[action$='/code'] button"));
        look(guest, "n11-coded", link);
        guest.locator("#signatory").fill("许建国");
        guest.locator("#mode").selectOption("AUTHORISED_SIGNATURE");
        guest.locator("#authority").fill("授权委托书 2025-7");
        guest.locator("#paper").setInputFiles(PAPER);
        guest.locator("#code").fill(mailed("xu@example.com", "(?<![0-9])[0-9]{6}(?![0-9])"));
        submit(guest, guest.locator("form[action$='/signature'] button[type=submit]"));
        look(guest, "n12-signed", link);
        var copy = download(guest, guest.locator("a[href$='/document.pdf']"));
        try (var pdf = Loader.loadPDF(Files.readAllBytes(copy))) {
            assertThat(pdf.getSignatureDictionaries()).hasSize(1);
        }

        look(lead, "n13-both-signed", contract + "/signing");
        assertThat(lead.locator("a[href*='/counterparts/']")).hasCount(2);
        lead.navigate(url(contract + "/ledger?kind=contract.CounterpartIssued"));
        assertThat(lead.locator("main")).containsText("CounterpartIssued");
        assertThat(complaints)
                .as("what axe and the console of the browser complained about")
                .isEmpty();
    }

    /** A draft that could be submitted, made over the API. */
    private String draft() {
        var lead = new Caller(port, cast.lead());
        var imported = lead.post(
                "/contracts/imports",
                Map.of(
                        "organisation",
                        cast.provider(),
                        "party",
                        "PROVIDER",
                        "counterparty",
                        cast.clientName(),
                        "text",
                        World.contractText(cast)));
        assertThat(imported.status()).as("%s", imported.body()).isEqualTo(201);
        var path = "/contracts/" + imported.body().get("contract").asString();
        lead.put(path + "/terms/late.mode", Map.of("value", "DAILY"));
        for (var person : List.of(cast.lead(), cast.owner())) {
            var caller = new Caller(port, person);
            assertThat(caller.post(path + "/confirmations", Map.of()).status()).isEqualTo(200);
            assertThat(caller.post(path + "/annexes/risks", Map.of()).status()).isEqualTo(200);
        }
        return path;
    }

    private void comment(Page page, String clause, String words) {
        page.navigate(url(contract + "/negotiation/" + clause));
        page.locator("#words").fill(words);
        submit(page, page.locator("form:has(#words) button[type=submit]"));
    }

    /** Somebody without an account, in a browser of their own. */
    private Page guest() {
        var page = browser.newContext(
                        new Browser.NewContextOptions().setLocale("en").setViewportSize(1280, 900))
                .newPage();
        page.setDefaultTimeout(60_000);
        page.onConsoleMessage(message -> {
            if (message.type().equals("error") && !message.text().contains("the server responded with a status of 4")) {
                complaints.add(page.url() + ": " + message.text());
            }
        });
        return page;
    }

    /** The last such words in the newest mail to this address. */
    private static String mailed(String address, String words) throws MessagingException, IOException {
        assertThat(MAIL.waitForIncomingEmail(30_000, 1)).isTrue();
        var wanted = Pattern.compile(words);
        for (int tries = 0; tries < 100; tries++) {
            for (var mail : List.of(MAIL.getReceivedMessages()).reversed()) {
                if (GreenMailUtil.getAddressList(mail.getAllRecipients()).contains(address)) {
                    var found = wanted.matcher(text(mail.getContent()));
                    if (found.find()) {
                        return found.group();
                    }
                }
            }
            try {
                Thread.sleep(200);
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        }
        throw new AssertionError("No mail to " + address + " with " + words);
    }

    private static String text(Object content) throws MessagingException, IOException {
        return content instanceof Multipart parts ? text(parts.getBodyPart(0).getContent()) : String.valueOf(content);
    }
}
