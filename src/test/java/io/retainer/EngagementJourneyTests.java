package io.retainer;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Page;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.context.annotation.Import;

/**
 * The engagement of {@link EngagementScenarioTests} as people live it in a browser: both languages, wide and narrow, and
 * every page without a serious finding of axe. The pictures are under {@code target/screenshots}.
 */
@SpringBootTest(webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT)
@Import({PostgresTest.class, World.class})
class EngagementJourneyTests extends BrowserJourney {

    private String contract = "";

    @Test
    void anEngagementInTheBrowser() throws Exception {
        var lead = signIn(cast.lead());
        var owner = signIn(cast.owner());

        // Import: the mistakes of the text are shown before anybody signs.
        look(lead, "02-home", "/");
        lead.navigate(url("/contracts/new"));
        lead.locator("#text")
                .fill(World.contractText(cast).replace("壹佰贰拾万元整", "壹佰贰拾壹万元整").replace("签订地:上海市徐汇区", "签订地:____"));
        lead.locator("#counterparty").fill(cast.clientName());
        look(lead, "03-import", null);
        submit(lead, lead.locator("main form[action='/contracts/new'] button[type=submit]"));
        var at = Pattern.compile("/contracts/([0-9a-f-]{36})").matcher(lead.url());
        assertThat(at.find()).as(lead.url()).isTrue();
        contract = at.group();
        look(lead, "04-terms-with-problems", contract + "/terms");
        look(lead, "05-clauses-of-the-draft", contract);

        // Fill in, confirm on both sides, submit, sign on both sides.
        fill(lead, "fee.words", "壹佰贰拾万元整");
        fill(lead, "sign.place", "上海市徐汇区");
        lead.navigate(url(contract + "/terms"));
        var mode = lead.locator("tr[id='late.mode']");
        open(mode.locator("details").first());
        mode.locator("select[name=value]").selectOption("DAILY");
        submit(lead, mode.locator("details button[type=submit]").first());
        for (var page : List.of(lead, owner)) {
            page.navigate(url(contract + "/terms"));
            submit(
                    page,
                    page.locator("form[action$='/confirmations']:not(:has(input[name=keys])) button")
                            .first());
        }
        look(lead, "06-terms-confirmed", contract + "/terms");
        for (var page : List.of(lead, owner)) {
            page.navigate(url(contract + "/annexes"));
            submit(
                    page,
                    page.locator("form[action$='/annexes/risks']:not(:has(input[name=clauses])) button")
                            .first());
        }
        look(lead, "06b-annexes", contract + "/annexes");
        lead.navigate(url(contract + "/annexes/4"));
        lead.locator("button[value=propose]").click();
        assertThat(lead.locator("[name='duration.0.years']")).hasValue("3");
        look(lead, "06c-annex-proposed", null);
        look(lead, "06d-annex-editor", contract + "/annexes/1");
        lead.navigate(url(contract + "/signing"));
        submit(lead, lead.locator("form[action$='/signing/submission'] button"));
        look(owner, "07-preview", contract + "/document");
        sign(owner, "08-sign-client");
        sign(lead, "09-sign-provider");
        look(lead, "10-in-force", contract);
        look(lead, "11-schedule", contract + "/billing");

        // The first instalment in time, with its receipt; the second late, demanded, and the service suspended by a
        // person.
        turn("2024-12-30T15:00");
        pay(lead, contract, "2024-12-30T14:30", "1", "NB-1");
        submit(lead, lead.locator("form[action$='/receipt'] button").first());
        look(lead, "12-payments", contract + "/billing/payments");
        look(lead, "13-receipts", contract + "/billing/receipts");
        var pdf = download(lead, lead.locator("a[href$='.pdf']").first());
        assertThat(new String(Files.readAllBytes(pdf), 0, 5, StandardCharsets.ISO_8859_1))
                .isEqualTo("%PDF-");

        turn("2025-02-05T10:00");
        look(lead, "14-late", contract + "/billing/instalments/2");
        lead.navigate(url(contract + "/billing/instalments/2"));
        submit(lead, lead.locator("form[action$='/demands'] button[type=submit]"));
        look(owner, "15-demanded", contract + "/billing/instalments/2");
        turn("2025-02-12T09:00");
        look(lead, "16-right-available", contract + "/billing");
        lead.navigate(url(contract + "/billing"));
        submit(lead, lead.locator("form[action$='/billing/suspension'] button"));
        look(owner, "17-suspended", contract);

        turn("2025-02-28T16:00");
        pay(lead, contract, "2025-02-28T15:00", "3", "NB-3");
        turn("2025-03-04T11:00");
        pay(lead, contract, "2025-03-04T10:00", "2", "NB-2");
        look(lead, "18-every-reading", contract + "/billing/instalments/2");
        lead.navigate(url(contract + "/billing/instalments/2"));
        assertThat(lead.locator("main")).containsText("1,550.00");
        submit(lead, lead.locator("form[action$='/instalments/2/penalty'] button"));
        look(lead, "19-claimed", contract + "/billing");

        // Duties, with their clocks.
        look(lead, "20-duties", contract + "/duties");
        lead.navigate(url(contract + "/duties?state=KEPT_LATE&clause=I-3.2a"));
        assertThat(lead.locator("tbody tr")).hasCount(1);
        lead.locator("tbody tr a").first().click();
        lead.waitForURL(Pattern.compile(".*/duties/[0-9a-f-]{36}"));
        look(lead, "21-duty", null);
        look(owner, "22-contract-lived", contract);

        // The ledger, sealed, and its bundle verified offline.
        lead.navigate(url(contract + "/ledger"));
        look(lead, "23-ledger", contract + "/ledger");
        var bundle = download(lead, lead.locator("a[href$='/ledger/bundle']"));
        var said = new StringWriter();
        assertThat(CommandLines.all()
                        .setOut(new PrintWriter(said))
                        .setErr(new PrintWriter(said))
                        .execute("verify", bundle.toString()))
                .as(said.toString())
                .isZero();

        // Whoever has no standing finds nothing, and is told so politely.
        var outsider = signIn(cast.outsider());
        outsider.navigate(url(contract));
        look(outsider, "24-nothing-here", null);
        assertThat(complaints)
                .as("what axe and the console of the browser complained about")
                .isEmpty();
    }

    // What people do

    private void fill(Page page, String term, String value) {
        page.navigate(url(contract + "/terms"));
        var row = page.locator("tr[id='" + term + "']");
        open(row.locator("details").first());
        row.locator("input[name=value]").fill(value);
        submit(page, row.locator("details button[type=submit]").first());
    }

    private void sign(Page page, String picture) {
        page.navigate(url(contract + "/signing"));
        page.locator("#signatory").fill("经办人");
        page.locator("#authority").fill("公章,授权委托书");
        look(page, picture, null);
        submit(page, page.locator("form[action$='/signing/signatures'] button[type=submit]"));
    }
}
