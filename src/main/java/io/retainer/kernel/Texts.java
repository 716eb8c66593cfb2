package io.retainer.kernel;

import java.text.MessageFormat;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.MissingResourceException;
import java.util.ResourceBundle;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Says {@link Sentence}s in Chinese or English. Bundles are {@code messages/<module>.properties} (Chinese, the default)
 * and {@code messages/<module>_en.properties}; a test holds the two to the same keys. Needs no Spring, so the command
 * line speaks with the same words as the pages.
 */
public final class Texts {

    public static final Locale CHINESE = Locale.SIMPLIFIED_CHINESE;
    public static final Locale ENGLISH = Locale.ENGLISH;
    public static final List<String> BUNDLES = List.of(
            "kernel",
            "identity",
            "evidence",
            "vault",
            "duty",
            "contract",
            "billing",
            "liability",
            "customer",
            "complaint",
            "matching",
            "statistics",
            "messaging",
            "workorder",
            "relationship",
            "workbench");

    private static final Tongue IN_CHINESE = new Tongue(CHINESE, "yyyy年M月d日", "yyyy年M月d日 HH:mm", "yyyy年M月d日 HH:mm:ss");

    private static final Tongue IN_ENGLISH =
            new Tongue(ENGLISH, "d MMM yyyy", "d MMM yyyy HH:mm", "d MMM yyyy HH:mm:ss");

    /** Where the second counts: the ledger, who read what, and papers that are served. Elsewhere people read minutes. */
    private static final List<String> EXACT = List.of("evidence.", "vault.", "contract.paper.");

    private static final ZoneId DEFAULT_ZONE = ZoneId.of("Asia/Shanghai");

    /** What was read of one language: a page says hundreds of things, and reading a pattern takes longer than filling it in. */
    private record Tongue(
            Locale locale,
            DateTimeFormatter date,
            DateTimeFormatter time,
            DateTimeFormatter exact,
            Map<String, MessageFormat> formats,
            Map<String, String> said) {

        Tongue(Locale locale, String date, String time, String exact) {
            this(
                    locale,
                    format(date, locale),
                    format(time, locale),
                    format(exact, locale),
                    new ConcurrentHashMap<>(),
                    new ConcurrentHashMap<>());
        }
    }

    /** {@code <module>.<Type>.} of an enum. */
    private static final ClassValue<String> TYPES = new ClassValue<>() {

        @Override
        protected String computeValue(Class<?> type) {
            var module =
                    type.getPackageName().replaceFirst("^io\\.retainer\\.", "").replaceFirst("\\..*", "");
            return module + "." + type.getSimpleName() + ".";
        }
    };

    private final Tongue tongue;
    private final Locale locale;
    private final ZoneId zone;

    public Texts(Locale locale, ZoneId zone) {
        this.tongue = locale.getLanguage().equals("en") ? IN_ENGLISH : IN_CHINESE;
        this.locale = tongue.locale;
        this.zone = zone;
    }

    public static Texts in(Locale locale) {
        return new Texts(locale, DEFAULT_ZONE);
    }

    /** @param language as people are recorded to read it: {@code en}, otherwise Chinese */
    public static Texts in(String language) {
        return in(language.equals("en") ? ENGLISH : CHINESE);
    }

    public Locale locale() {
        return locale;
    }

    public String say(Sentence sentence) {
        return say(sentence.key(), sentence.arguments().toArray());
    }

    /** A list is one argument, also in a template, where a single list would otherwise be spread over all of them. */
    public String say(String key, @Nullable List<?> list) {
        return say(key, new Object[] {list});
    }

    public String say(String key, @Nullable Object... arguments) {
        if (arguments.length == 0) {
            return tongue.said.computeIfAbsent(key, _ -> format(key).format(new Object[0]));
        }
        var words = new Object[arguments.length];
        var time = EXACT.stream().anyMatch(key::startsWith) ? tongue.exact : tongue.time;
        for (int i = 0; i < arguments.length; i++) {
            words[i] = word(arguments[i], time);
        }
        // One of its own: a format is not for several threads.
        return ((MessageFormat) format(key, words).clone()).format(words);
    }

    /** The kind of a fact in words; the kind itself when it comes from a version that knew more kinds than this one. */
    public String fact(String kind) {
        var module = kind.substring(0, Math.max(0, kind.indexOf('.')));
        if (!BUNDLES.contains(module)) {
            return kind;
        }
        var bundle = ResourceBundle.getBundle("messages/" + module, locale, new NoFallback());
        return bundle.containsKey(kind) ? say(kind) : kind;
    }

    /** An enum constant in words: the key {@code <module>.<Type>.<CONSTANT>}. */
    public String name(Enum<?> constant) {
        return say(key(constant));
    }

    /** The message key of an enum constant, {@code <module>.<Type>.<CONSTANT>}. */
    public static String key(Enum<?> constant) {
        return TYPES.get(constant.getDeclaringClass()) + constant.name();
    }

    /** By when: the last day of what ends with a day, else the minute. */
    public String due(Instant firstThatIsLate) {
        var at = firstThatIsLate.atZone(zone);
        return at.toLocalTime().equals(LocalTime.MIDNIGHT)
                ? tongue.date.format(at.minusDays(1))
                : tongue.time.format(at);
    }

    private Object word(@Nullable Object argument, DateTimeFormatter time) {
        return switch (argument) {
            case null -> "—";
            case Sentence sentence -> say(sentence);
            case Clause clause -> clause.id();
            case Enum<?> constant -> name(constant);
            case LocalDate date -> tongue.date.format(date);
            case Instant instant -> time.format(instant.atZone(zone));
            case List<?> list ->
                String.join(
                        locale.equals(CHINESE) ? "、" : ", ",
                        list.stream().map(item -> word(item, time).toString()).toList());
            case Integer number -> number.toString();
            case Long number -> number.toString();
            case Object other -> other.toString();
        };
    }

    private static DateTimeFormatter format(String pattern, Locale locale) {
        return DateTimeFormatter.ofPattern(pattern, locale);
    }

    private MessageFormat format(String key) {
        return tongue.formats.computeIfAbsent(key, _ -> new MessageFormat(pattern(key), locale));
    }

    private MessageFormat format(String key, @Nullable Object[] words) {
        int ones = locale.equals(ENGLISH) ? OfOne.among(words) : 0;
        return ones == 0
                ? format(key)
                : tongue.formats.computeIfAbsent(
                        key + " " + ones, _ -> new MessageFormat(OfOne.singular(pattern(key), ones), locale));
    }

    private String pattern(String key) {
        var module = key.substring(0, key.indexOf('.'));
        try {
            return ResourceBundle.getBundle("messages/" + module, locale, new NoFallback())
                    .getString(key);
        } catch (MissingResourceException missing) {
            throw new IllegalStateException("No message for the key " + key + " in " + locale, missing);
        }
    }

    /** Without this, an English reader on a machine set to French would get French, or whatever is there. */
    private static final class NoFallback extends ResourceBundle.Control {

        @Override
        public @Nullable Locale getFallbackLocale(String baseName, Locale locale) {
            return null;
        }
    }
}
