package io.retainer;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.importer.ClassFileImporter;
import io.retainer.kernel.Clause;
import io.retainer.kernel.Texts;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.text.MessageFormat;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Properties;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every word is there in both languages, and no page carries words of its own. */
class MessagesTests {

    private static final Pattern CHINESE = Pattern.compile("[\\u4e00-\\u9fff]");
    private static final Pattern KEY =
            Pattern.compile("\"((?:%s)\\.[a-zA-Z][\\w.\\-]*[\\w])\"".formatted(String.join("|", Texts.BUNDLES)));
    private static final Pattern PAGE_KEY = Pattern.compile("#\\{([\\w.\\-]+)[(}]");

    static List<String> bundles() {
        return Texts.BUNDLES;
    }

    @ParameterizedTest
    @MethodSource("bundles")
    void bothLanguagesHaveTheSameKeys(String bundle) {
        var chinese = load(bundle, "");
        assertThat(new TreeSet<>(load(bundle, "_en").stringPropertyNames()))
                .isEqualTo(new TreeSet<>(chinese.stringPropertyNames()))
                .isNotEmpty()
                .allMatch(key -> key.startsWith(bundle + "."));
    }

    @ParameterizedTest
    @MethodSource("bundles")
    void everyMessageIsInItsLanguageAndCanBeSaid(String bundle) {
        for (var suffix : List.of("", "_en")) {
            var messages = load(bundle, suffix);
            for (var key : messages.stringPropertyNames()) {
                var said = new MessageFormat(messages.getProperty(key), Locale.ROOT)
                        .format(new Object[] {"a", "b", "c", "d", "e", "f", "g", "h"});
                assertThat(said).as(key + suffix).isNotBlank();
                assertThat(said).as(key + suffix).doesNotContainPattern("\\{\\w");
                assertThat(quotes(messages.getProperty(key)))
                        .as("apostrophes of %s%s must be doubled", key, suffix)
                        .isEven();
            }
        }
    }

    @Test
    void everyKeyInTheCodeExists() throws IOException {
        var known = new TreeSet<String>();
        Texts.BUNDLES.forEach(bundle -> known.addAll(load(bundle, "").stringPropertyNames()));
        var unknown = new TreeSet<String>();
        for (var file : files("src/main/java", ".java")) {
            var matcher = KEY.matcher(Files.readString(file));
            while (matcher.find()) {
                var key = matcher.group(1);
                boolean isPrefix = known.stream().anyMatch(k -> k.startsWith(key + "."));
                boolean isOther = key.matches(".*\\.(properties|html|json|csv|puml|sql)") || isTable(key);
                if (!known.contains(key) && !isPrefix && !isOther) {
                    unknown.add(file.getFileName() + ": " + key);
                }
            }
        }
        for (var file : files("src/main/resources/templates", ".html")) {
            var matcher = PAGE_KEY.matcher(Files.readString(file));
            while (matcher.find()) {
                if (!known.contains(matcher.group(1))) {
                    unknown.add(file.getFileName() + ": " + matcher.group(1));
                }
            }
        }
        assertThat(unknown).isEmpty();
    }

    /** A page names a constant by its type: what is forgotten is met by whoever opens the page. */
    @Test
    void whereOneConstantOfATypeHasANameAllHave() {
        var known = new TreeSet<String>();
        Texts.BUNDLES.forEach(bundle -> known.addAll(load(bundle, "").stringPropertyNames()));
        var nameless = new TreeMap<String, List<String>>();
        for (var type : new ClassFileImporter().importPackages("io.retainer")) {
            if (type.isEnum() && type.reflect().getEnumConstants() instanceof Enum<?>[] constants) {
                var keys = Stream.of(constants).map(Texts::key).toList();
                if (keys.stream().anyMatch(known::contains)) {
                    var missing =
                            keys.stream().filter(key -> !known.contains(key)).toList();
                    // Of two nested types of one name the keys are those of the one that is shown.
                    nameless.merge(
                            keys.getFirst().replaceFirst("[^.]*$", ""),
                            missing,
                            (one, other) -> one.size() < other.size() ? one : other);
                }
            }
        }
        assertThat(nameless).containsKeys("kernel.Party.", "customer.ContactKind.");
        nameless.values().removeIf(List::isEmpty);
        assertThat(nameless).isEmpty();
    }

    @Test
    void pagesCarryNoWordsOfTheirOwn() throws IOException {
        var text = Pattern.compile(">[^<${}#]*" + CHINESE.pattern());
        for (var file : files("src/main/resources/templates", ".html")) {
            var body = Files.readString(file)
                    .replace("aria-hidden=\"true\">履", "")
                    .replaceAll("th:text=\"\\$\\{english\\} \\? '中文' : 'English'\"", "");
            assertThat(body).as(file.toString()).doesNotContainPattern(text);
            assertThat(body).as(file.toString()).startsWith("<!DOCTYPE html>");
            assertThat(body)
                    .as(file + ": the policy forbids inline styles and handlers")
                    .doesNotContainPattern("\\s(style|onclick|onchange|onsubmit)=");
        }
    }

    /** Its target is for itself: a form or link within it that inherits it would put a whole page there. */
    @Test
    void whatLoadsItselfHandsItsTargetToNothingWithin() throws IOException {
        var loading = Pattern.compile(
                "<(?:section|div|details|ul|table|tbody|nav|main)\\b[^>]*hx-(?:target|select|swap)[^>]*>");
        int found = 0;
        for (var file : files("src/main/resources/templates", ".html")) {
            var tags = loading.matcher(Files.readString(file));
            while (tags.find()) {
                found++;
                assertThat(tags.group())
                        .as(file.toString())
                        .contains("hx-disinherit=\"hx-target hx-swap hx-select hx-push-url\"");
            }
        }
        assertThat(found).isGreaterThan(5);
    }

    @Test
    void everyClauseHasATitleInBothLanguages() {
        for (var clause : Clause.values()) {
            assertThat(Texts.in(Texts.CHINESE).say(clause.title())).containsPattern(CHINESE);
            assertThat(Texts.in(Texts.ENGLISH).say(clause.title())).isNotBlank();
        }
        assertThat(Clause.values()).hasSize(109);
    }

    private static boolean isTable(String key) {
        return key.matches("[a-z]+\\.[a-z_]+");
    }

    private static long quotes(String message) {
        return message.chars().filter(c -> c == '\'').count();
    }

    private static Properties load(String bundle, String suffix) {
        var properties = new Properties();
        try (var stream = MessagesTests.class.getResourceAsStream("/messages/" + bundle + suffix + ".properties")) {
            properties.load(new InputStreamReader(Objects.requireNonNull(stream), StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return properties;
    }

    private static List<Path> files(String root, String suffix) throws IOException {
        try (Stream<Path> walk = Files.walk(Path.of(root))) {
            var found = walk.filter(path -> path.toString().endsWith(suffix)).toList();
            assertThat(found).as("files under " + root).isNotEmpty();
            return found;
        }
    }
}
