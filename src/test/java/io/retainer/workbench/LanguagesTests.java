package io.retainer.workbench;

import static org.assertj.core.api.Assertions.assertThat;

import io.retainer.kernel.Texts;
import java.util.Locale;
import org.junit.jupiter.api.Test;

class LanguagesTests {

    @Test
    void templatesSayOfOneWhatIsSaidOfOne() {
        var messages = new Languages().messageSource();
        assertThat(messages.getMessage("identity.signIn.wait", new Object[] {1}, Texts.ENGLISH))
                .isEqualTo("Too many attempts. Try again in 1 second.");
        assertThat(messages.getMessage("identity.signIn.wait", new Object[] {21L}, Texts.ENGLISH))
                .endsWith("in 21 seconds.");
        assertThat(messages.getMessage("customer.value.data", new Object[] {1, 12_000, "a", "b"}, Texts.ENGLISH))
                .startsWith("1 order of 12,000 customers");
        assertThat(messages.getMessage("identity.signIn.wait", new Object[] {1}, Locale.SIMPLIFIED_CHINESE))
                .contains("1");
        assertThat(messages.getMessage("identity.signIn.wait", new Object[] {1}, Locale.FRENCH))
                .isEqualTo(messages.getMessage("identity.signIn.wait", new Object[] {1}, Texts.CHINESE));
    }
}
