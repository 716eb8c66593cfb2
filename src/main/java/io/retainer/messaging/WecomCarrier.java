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
import org.springframework.beans.factory.annotation.Value;
import org.springframework.stereotype.Component;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Application messages of WeCom (企业微信): {@code gettoken}, kept until shortly before it ends, then
 * {@code message/send} with the provider's own check for duplicates on.
 */
@Component
class WecomCarrier implements Carrier {

    private final Wire wire;
    private final JsonMapper json;
    private final Clock clock;
    private final String endpoint;
    private final String company;
    private final String secret;
    private final int agent;
    private @Nullable Token token;

    WecomCarrier(
            Wire wire,
            JsonMapper json,
            Clock clock,
            @Value("${retainer.wecom.endpoint:https://qyapi.weixin.qq.com}") String endpoint,
            @Value("${retainer.wecom.corp-id:}") String company,
            @Value("${retainer.wecom.secret:}") String secret,
            @Value("${retainer.wecom.agent-id:0}") int agent) {
        this.wire = wire;
        this.json = json;
        this.clock = clock;
        this.endpoint = endpoint.replaceAll("/+$", "");
        this.company = company;
        this.secret = secret;
        this.agent = agent;
    }

    private record Token(String value, Instant until) {

        @Override
        public String toString() {
            return "Token[until " + until + "]";
        }
    }

    @Override
    public Channel channel() {
        return Channel.WECOM;
    }

    @Override
    public boolean ready() {
        return !company.isBlank() && !secret.isBlank() && agent > 0;
    }

    @Override
    public Outcome carry(Letter letter) {
        try {
            var outcome = send(letter);
            if (outcome instanceof TryAgain(var reason, var _) && reason.equals("token")) {
                forget();
                outcome = send(letter);
            }
            return outcome instanceof TryAgain(var again, var _) && again.equals("token")
                    ? new TryAgain("providerRefusesUs", Duration.ofMinutes(10))
                    : outcome;
        } catch (IOException | JacksonException unreachable) {
            return new TryAgain("providerAway");
        }
    }

    private Outcome send(Letter letter) throws IOException {
        var access = token();
        if (access == null) {
            return new TryAgain("providerRefusesUs", Duration.ofMinutes(10));
        }
        var body = json.writeValueAsString(Map.of(
                "touser",
                letter.address(),
                "msgtype",
                "text",
                "agentid",
                agent,
                "text",
                Map.of("content", letter.subject() + "\n\n" + letter.text()),
                "enable_duplicate_check",
                1,
                "duplicate_check_interval",
                14_400));
        var answer = wire.call(
                HttpRequest.newBuilder()
                        .header("Content-Type", "application/json")
                        .POST(BodyPublishers.ofString(body)),
                URI.create(endpoint + "/cgi-bin/message/send?access_token=" + encode(access.value())));
        if (answer.status() == 429 || answer.status() >= 500) {
            return new TryAgain("providerBusy", answer.retryAfter());
        }
        return outcome(json.readTree(answer.body()));
    }

    private static Outcome outcome(JsonNode body) {
        return switch (body.path("errcode").asInt(-1)) {
            case 0 ->
                body.path("invaliduser").asString("").isEmpty()
                        ? new Accepted(body.path("msgid").asString(""))
                        : new Rejected("badAddress", true);
            case 40014, 42001 -> new TryAgain("token");
            case 40031, 81013, 60111 -> new Rejected("badAddress", true);
            case 45009, 45033 -> new TryAgain("providerLimits", Duration.ofMinutes(1));
            case -1 -> new TryAgain("providerBusy");
            default -> new Rejected("providerRejects", false);
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
}
