package io.retainer;

import com.deque.html.axecore.playwright.AxeBuilder;
import com.microsoft.playwright.Page;
import java.util.List;

/**
 * Serious findings of axe on a page. Its builder brings home every rule that was kept, node by node, and finishes in a
 * page of its own; that takes four times as long as looking. Our pages have no frames, so one run has it all.
 */
final class Accessibility {

    private static final String LOOK = """
            async () => {
                const mains = document.querySelectorAll("main").length;
                if (mains !== 1) {
                    return [mains + " pages in one: what is loaded again takes in what is pressed within it"];
                }
                const results = await axe.run(document, {resultTypes: ["violations"]});
                return results.violations
                    .filter(rule => ["serious", "critical"].includes(rule.impact))
                    .map(rule => rule.id + " " + rule.nodes.slice(0, 3).map(node => node.html).join(" "));
            }
            """;

    /** The rule of each serious finding, with the first three elements that break it; and whether a page stands within a page. */
    static List<String> findings(Page page) {
        if (page.frames().size() > 1) {
            throw new IllegalStateException("A frame on " + page.url() + " that nobody looks into");
        }
        page.evaluate(AxeBuilder.getAxeScript());
        return ((List<?>) page.evaluate(LOOK)).stream().map(String::valueOf).toList();
    }

    private Accessibility() {}
}
