package io.retainer.evidence;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.erdtman.jcs.JsonCanonicalizer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;

class CanonicalJsonTests {

    @Test
    void writesMembersInTheOrderOfTheirCodeUnits() {
        // The example of RFC 8785 section 3.2.3.
        var object = Map.of(
                "\u20ac",
                "Euro Sign",
                "\r",
                "Carriage Return",
                "\ufb33",
                "Hebrew Letter Dalet With Dagesh",
                "1",
                "One",
                "\ud83d\ude00",
                "Emoji: Grinning Face",
                "\u0080",
                "Control",
                "\u00f6",
                "Latin");
        assertThat(CanonicalJson.text(object))
                .isEqualTo("{\"\\r\":\"Carriage Return\",\"1\":\"One\",\"\u0080\":\"Control\","
                        + "\"\u00f6\":\"Latin\",\"\u20ac\":\"Euro Sign\",\"\ud83d\ude00\":\"Emoji: Grinning Face\","
                        + "\"\ufb33\":\"Hebrew Letter Dalet With Dagesh\"}");
    }

    @Test
    void agreesWithTheReferenceImplementation() throws IOException {
        var random = new Random(8785);
        var mapper = JsonMapper.builder().build();
        for (int i = 0; i < 3_000; i++) {
            var object = object(random, 3);
            assertThat(CanonicalJson.text(object))
                    .isEqualTo(new JsonCanonicalizer(mapper.writeValueAsString(object)).getEncodedString());
        }
    }

    @Test
    void refusesWhatHasNoExactForm() {
        assertThatThrownBy(() -> CanonicalJson.text(Map.of("a", 1.5))).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> CanonicalJson.text(Map.of("a", 1L << 53))).hasMessageContaining("9007199254740992");
        assertThatThrownBy(() -> CanonicalJson.text(Map.of("a", "\ud800")))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> CanonicalJson.text(Map.of("a", "\udc00x")))
                .isInstanceOf(IllegalArgumentException.class);
        assertThat(CanonicalJson.text(Map.of("a", (1L << 53) - 1))).isEqualTo("{\"a\":9007199254740991}");
    }

    private static Map<String, @Nullable Object> object(Random random, int depth) {
        var object = new HashMap<String, @Nullable Object>();
        for (int i = random.nextInt(6); i > 0; i--) {
            object.put(string(random), value(random, depth));
        }
        return object;
    }

    private static @Nullable Object value(Random random, int depth) {
        return switch (random.nextInt(depth == 0 ? 5 : 7)) {
            case 0 -> null;
            case 1 -> random.nextBoolean();
            case 2 -> random.nextInt();
            case 3 -> random.nextLong() >> 11;
            case 4 -> string(random);
            case 5 -> object(random, depth - 1);
            default -> list(random, depth - 1);
        };
    }

    private static List<@Nullable Object> list(Random random, int depth) {
        var list = new ArrayList<@Nullable Object>();
        for (int i = random.nextInt(4); i > 0; i--) {
            list.add(value(random, depth));
        }
        return list;
    }

    private static String string(Random random) {
        var text = new StringBuilder();
        for (int i = random.nextInt(8); i > 0; i--) {
            int c = random.nextInt(4) == 0 ? random.nextInt(0x10ffff) : random.nextInt(0x80);
            text.appendCodePoint(c >= 0xd800 && c <= 0xdfff ? '中' : c);
        }
        return text.toString();
    }
}
