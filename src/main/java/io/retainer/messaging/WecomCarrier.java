package io.retainer.messaging;

import io.retainer.messaging.WecomAccess.NotNow;
import io.retainer.messaging.WecomAccess.Said;
import java.time.Clock;
import java.util.Map;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.stereotype.Component;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Application messages of WeCom (企业微信) to colleagues: {@code message/send} with the provider's own check for duplicates
 * on. Customers are no colleagues; they are reached by {@link WecomCustomers}.
 */
@Component
class WecomCarrier implements Carrier {

    private static final int LONGEST = 2048;

    private final WecomAccess access;
    private final int agent;

    WecomCarrier(
            Wire wire,
            JsonMapper json,
            Clock clock,
            @Value("${retainer.wecom.endpoint:https://qyapi.weixin.qq.com}") String endpoint,
            @Value("${retainer.wecom.corp-id:}") String company,
            @Value("${retainer.wecom.secret:}") String secret,
            @Value("${retainer.wecom.agent-id:0}") int agent) {
        this.access = new WecomAccess(wire, json, clock, endpoint, company, secret);
        this.agent = agent;
    }

    @Override
    public Channel channel() {
        return Channel.WECOM;
    }

    @Override
    public boolean carries(Recipient.Kind kind) {
        return kind == Recipient.Kind.PERSON;
    }

    @Override
    public boolean ready() {
        return access.configured() && agent > 0;
    }

    @Override
    public Outcome carry(Letter letter) {
        var answer = access.post(
                "/cgi-bin/message/send",
                Map.of(
                        "touser",
                        letter.address(),
                        "msgtype",
                        "text",
                        "agentid",
                        agent,
                        "text",
                        Map.of("content", WecomAccess.within(letter.subject() + "\n\n" + letter.text(), LONGEST)),
                        "enable_duplicate_check",
                        1,
                        "duplicate_check_interval",
                        14_400));
        return switch (answer) {
            case NotNow later -> later.again();
            case Said(var code, var body) -> outcome(code, body);
        };
    }

    private static Outcome outcome(int code, JsonNode body) {
        return switch (code) {
            case 0 ->
                body.path("invaliduser").asString("").isEmpty()
                        ? new Accepted(body.path("msgid").asString(""))
                        : new Rejected("badAddress", true);
            case 40031, 81013, 60111 -> new Rejected("badAddress", true);
            default -> new Rejected("providerRejects", false);
        };
    }
}
