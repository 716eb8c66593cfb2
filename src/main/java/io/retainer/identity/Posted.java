package io.retainer.identity;

import io.retainer.kernel.Refused;
import io.retainer.kernel.Sentence;
import jakarta.servlet.http.HttpServletResponse;
import java.util.function.Function;
import java.util.function.Supplier;
import org.springframework.ui.Model;
import org.springframework.web.servlet.mvc.support.RedirectAttributes;

/**
 * A form that was posted and waits for its answer: a redirect that says what was done, or the page again with why not. A
 * parameter of controllers.
 */
public record Posted(Model model, HttpServletResponse response, RedirectAttributes redirect) {

    private static final int UNPROCESSABLE = 422;

    /**
     * Carries out what was asked for.
     *
     * @param done what is said where it goes next
     * @param again shows the page with what was typed
     */
    public String answer(Runnable act, Sentence done, String next, Supplier<String> again) {
        return answer(
                () -> {
                    act.run();
                    return done;
                },
                next,
                again);
    }

    /** The same, where what is said afterwards comes of what was done. */
    public String answer(Supplier<Sentence> act, String next, Supplier<String> again) {
        return answer(act, next, refusal -> again(refusal, again));
    }

    /** The same, where every refusal is shown on the page, whatever its reason. */
    public String answerOnPage(Runnable act, Sentence done, String next, Supplier<String> again) {
        return answer(
                () -> {
                    act.run();
                    return done;
                },
                next,
                refusal -> refused(refusal, again));
    }

    private String answer(Supplier<Sentence> act, String next, Function<Refused, String> refused) {
        Sentence done;
        try {
            done = act.get();
        } catch (Refused refusal) {
            return refused.apply(refusal);
        }
        return done(done, next);
    }

    /** @throws Refused when this is nothing that was filled in wrong, but who asks for it may not */
    public String again(Refused refusal, Supplier<String> page) {
        if (refusal.sentence().key().startsWith("identity.")) {
            throw refusal;
        }
        return again(refusal, UNPROCESSABLE, page);
    }

    /** The page again for whatever reason, by which the status tells what is in the way from what was filled in wrong. */
    public String refused(Refused refusal, Supplier<String> page) {
        return again(refusal, refusal.status(), page);
    }

    private String again(Refused refusal, int status, Supplier<String> page) {
        model.addAttribute("refusal", refusal);
        response.setStatus(status);
        return page.get();
    }

    public String done(Sentence done, String next) {
        redirect.addFlashAttribute("done", done);
        return next;
    }
}
