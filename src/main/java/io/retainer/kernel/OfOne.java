package io.retainer.kernel;

import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * English messages are written for many: "in {0} days". Of one it is said "in 1 day". The pattern is changed, not what was
 * said, so that nothing people have written is.
 */
public final class OfOne {

    private static final Pattern COUNTED = Pattern.compile(
            "\\{(\\d)\\} ((?:working |calendar |open |free |more )?(?:second|minute|hour|day|week|month|time|row|line"
                    + "|record|file|customer|contact|order|instalment|complaint|task|item|text|label|character|fact|period"
                    + "|proposal|clause|condition|column|byte|cohort|value|note|tag|segment|observation|purchase))s\\b( were\\b| are\\b| have\\b)?");

    private static final Map<String, String> VERBS = Map.of(" were", " was", " are", " is", " have", " has");

    private OfOne() {}

    /** Which of these are one, a bit each; 0 for none. */
    public static int among(@Nullable Object[] arguments) {
        int ones = 0;
        for (int i = 0; i < arguments.length; i++) {
            var argument = arguments[i];
            ones |= argument != null && "1".equals(argument.toString()) ? 1 << i : 0;
        }
        return ones;
    }

    /** @param pattern of a {@link java.text.MessageFormat} */
    public static String singular(String pattern, int ones) {
        return COUNTED.matcher(pattern).replaceAll(counted -> {
            var verb = counted.group(3);
            return (ones >> Integer.parseInt(counted.group(1)) & 1) == 0
                    ? Matcher.quoteReplacement(counted.group())
                    : "{" + counted.group(1) + "} " + counted.group(2) + (verb == null ? "" : VERBS.get(verb));
        });
    }
}
