package io.retainer.messaging;

import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Calls WeCom (企业微信) by one secret: {@code gettoken}, kept until shortly before it ends and fetched anew when WeCom says
 * that it has ended.
 */
class WecomAccess {

    private final Wire wire;
    private final JsonMapper json;
    private final Clock clock;
    private final String endpoint;
    private final String company;
    private final String secret;
    private @Nullable Token token;

    WecomAccess(Wire wire, JsonMapper json, Clock clock, String endpoint, String company, String secret) {
        this.wire = wire;
        this.json = json;
        this.clock = clock;
        this.endpoint = endpoint.replaceAll("/+$", "");
        this.company = company;
        this.secret = secret;
    }

    private record Token(String value, Instant until) {

        @Override
        public String toString() {
            return "Token[until " + until + "]";
        }
    }

    sealed interface Answer {}

    /** @param code {@code errcode}; 0 when it did what was asked */
    record Said(int code, JsonNode body) implements Answer {}

    /** It could not be asked now. */
    record NotNow(String reason, Duration pause) implements Answer {

        Carrier.TryAgain again() {
            return new Carrier.TryAgain(reason, pause);
        }
    }

    boolean configured() {
        return !company.isBlank() && !secret.isBlank();
    }

    Answer post(String path, Map<String, ?> body) {
        try {
            var answer = once(path, body);
            if (answer instanceof Said(var code, var _) && ended(code)) {
                forget();
                answer = once(path, body);
            }
            return answer instanceof Said(var code, var _) && ended(code)
                    ? new NotNow("providerRefusesUs", Duration.ofMinutes(10))
                    : answer;
        } catch (IOException | JacksonException unreachable) {
            return new NotNow("providerAway", Duration.ZERO);
        }
    }

    private static boolean ended(int code) {
        return code == 40014 || code == 42001;
    }

    private Answer once(String path, Map<String, ?> body) throws IOException {
        var access = token();
        if (access == null) {
            return new NotNow("providerRefusesUs", Duration.ofMinutes(10));
        }
        var answer = wire.call(
                HttpRequest.newBuilder()
                        .header("Content-Type", "application/json")
                        .POST(BodyPublishers.ofString(json.writeValueAsString(body))),
                URI.create(endpoint + path + "?access_token=" + encode(access.value())));
        if (answer.status() == 429 || answer.status() >= 500) {
            return new NotNow("providerBusy", answer.retryAfter());
        }
        var said = json.readTree(answer.body());
        int code = said.path("errcode").asInt(-1);
        return switch (code) {
            case -1 -> new NotNow("providerBusy", Duration.ZERO);
            case 45009, 45033 -> new NotNow("providerLimits", Duration.ofMinutes(1));
            // No right to call it, or from this address: somebody has to change what is set up there.
            case 48002, 60020, 301002 -> new NotNow("providerRefusesUs", Duration.ofMinutes(10));
            default -> new Said(code, said);
        };
    }

    /** Null when the provider does not accept our secret. */
    private synchronized @Nullable Token token() throws IOException {
        var known = token;
        if (known != null && known.until().isAfter(clock.instant())) {
            return known;
        }
        var answer = wire.call(
                HttpRequest.newBuilder().GET(),
                URI.create(endpoint + "/cgi-bin/gettoken?corpid=" + encode(company) + "&corpsecret=" + encode(secret)));
        var body = json.readTree(answer.body());
        if (answer.status() != 200 || body.path("errcode").asInt(-1) != 0) {
            return null;
        }
        long seconds = Math.max(60, body.path("expires_in").asLong(7200) - 300);
        token = new Token(
                body.path("access_token").asString(""), clock.instant().plusSeconds(seconds));
        return token;
    }

    private synchronized void forget() {
        token = null;
    }

    private static String encode(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }

    /**
     * A text that is no longer than WeCom takes, in bytes of UTF-8. What is too long loses its middle: it begins with what it
     * is about and ends with where to read on.
     */
    static String within(String text, int most) {
        if (text.getBytes(StandardCharsets.UTF_8).length <= most) {
            return text;
        }
        var tail = last(text, most / 4);
        return first(text, most - tail.getBytes(StandardCharsets.UTF_8).length - 5) + "\n…\n" + tail;
    }

    private static String first(String text, int most) {
        int bytes = 0;
        int end = 0;
        while (end < text.length()) {
            int point = text.codePointAt(end);
            bytes += bytes(point);
            if (bytes > most) {
                break;
            }
            end += Character.charCount(point);
        }
        return text.substring(0, end);
    }

    private static String last(String text, int most) {
        int bytes = 0;
        int from = text.length();
        while (from > 0) {
            int point = text.codePointBefore(from);
            bytes += bytes(point);
            if (bytes > most) {
                break;
            }
            from -= Character.charCount(point);
        }
        // Whole lines, so that no address is cut in two.
        int line = text.indexOf('\n', from);
        return line < 0 ? text.substring(from) : text.substring(line + 1);
    }

    private static int bytes(int point) {
        return point < 0x80 ? 1 : point < 0x800 ? 2 : point < 0x10000 ? 3 : 4;
    }
}
