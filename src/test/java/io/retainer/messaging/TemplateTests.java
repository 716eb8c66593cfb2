package io.retainer.messaging;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.retainer.kernel.Refused;
import io.retainer.messaging.MessageKind.Variable;
import io.retainer.messaging.MessageKind.VariableType;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TemplateTests {

    private static final MessageKind KIND = new MessageKind(
            "test.kind",
            Purpose.STAFF,
            List.of(
                    new Variable("name", VariableType.TEXT, "Ann"),
                    new Variable(
                            "items", VariableType.LIST, "", List.of(new Variable("what", VariableType.TEXT, "x")))));

    @Test
    void fillsPlacesAndLists() {
        var template = TemplateText.of("Dear {{name}},\n\n{{#items}}- {{what}}\n{{/items}}", KIND, "body");
        assertThat(template.fill(Map.of("name", "Ann", "items", List.of(Map.of("what", "a"), Map.of("what", "b")))))
                .isEqualTo("Dear Ann,\n\n- a\n- b\n");
    }

    @ParameterizedTest
    @CsvSource({
        "{{other}}, messaging.refused.variable",
        "{{items}}, messaging.refused.variable",
        "{{#name}}x{{/name}}, messaging.refused.variable",
        "{{what}}, messaging.refused.variable",
        "{{#items}}x, messaging.refused.unclosed",
        "{{/items}}, messaging.refused.unopened",
        "{{#items}}{{#items}}{{/items}}{{/items}}, messaging.refused.nested",
        "{{ name, messaging.refused.braces",
        "{{T(java.lang.Runtime)}}, messaging.refused.braces"
    })
    void refusesWhatIsNoPlaceOfThisKind(String text, String code) {
        assertThatThrownBy(() -> TemplateText.of(text, KIND, "body"))
                .isInstanceOfSatisfying(
                        Refused.class,
                        refused -> assertThat(refused.sentence().key()).isEqualTo(code));
    }

    /** What is put in is never read again, starts no header, and is no HTML. */
    @Test
    void aValueCannotSmuggleAnythingIn() {
        var evil = "{{items}}\r\nBcc: all@example.com <script>alert(1)</script> https://evil.example/x";
        var filled = TemplateText.of("Hello {{name}}", KIND, "subject").fill(Map.of("name", evil, "items", List.of()));
        var wording = Wording.of(filled, filled, "https://retainer.example", "en");
        assertThat(wording.subject()).doesNotContain("\n", "\r").contains("{{items}}");
        assertThat(wording.html()).doesNotContain("<script>", "href").contains("&lt;script&gt;");
        assertThat(Wording.of("s", "See https://retainer.example/calendar", "https://retainer.example", "en")
                        .html())
                .contains("<a href=\"https://retainer.example/calendar\">");
    }
}
