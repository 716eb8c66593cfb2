package io.retainer;

import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.BrowserType;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Playwright;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/** What looks at every page must see what is wrong with one. */
class AccessibilityTests {

    @Test
    void findsAFieldWithoutAName() {
        withAPage(page -> {
            page.setContent("<html lang=en><title>T</title><main><h1>T</h1><input id=lonely></main></html>");
            assertThat(Accessibility.findings(page))
                    .singleElement()
                    .asString()
                    .startsWith("label")
                    .contains("lonely");
        });
    }

    @Test
    void findsTextThatIsTooPale() {
        withAPage(page -> {
            page.setContent("<html lang=en><title>T</title><main><h1 style='color:#ddd'>Hardly to be read</h1></main></html>");
            assertThat(Accessibility.findings(page)).singleElement().asString().startsWith("color-contrast");
        });
    }

    @Test
    void findsNothingOnAPageThatIsWell() {
        withAPage(page -> {
            page.setContent("<html lang=en><title>T</title><main><h1>T</h1><label>N<input></label></main></html>");
            assertThat(Accessibility.findings(page)).isEmpty();
        });
    }

    private static void withAPage(Consumer<Page> look) {
        try (var playwright =
                        Playwright.create(new Playwright.CreateOptions().setEnv(Map.of("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1")));
                Browser browser = playwright
                        .chromium()
                        .launch(new BrowserType.LaunchOptions()
                                .setExecutablePath(Path.of("/usr/bin/chromium"))
                                .setArgs(List.of("--no-sandbox", "--disable-gpu", "--disable-background-networking")))) {
            look.accept(browser.newPage());
        }
    }
}
