package io.retainer.messaging;

import io.retainer.messaging.WecomAccess.NotNow;
import io.retainer.messaging.WecomAccess.Said;
import java.time.Clock;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.stereotype.Component;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Messages to the client's customers by WeCom's 客户联系. WeCom lets no program write to a customer: {@code add_msg_template}
 * makes a task for the colleague whose contact the customer is, who sends it with one tap. So "taken" is not "delivered":
 * {@code get_groupmsg_task} and {@code get_groupmsg_send_result} are asked until the customer has it, and a task that nobody
 * touched is called off.
 */
@Component
class WecomCustomers implements Carrier {

    static final Duration FIRST_LOOK = Duration.ofMinutes(5);

    private static final int LONGEST = 4000;
    private static final int MOST_PAGES = 5;

    private final WecomAccess access;
    private final Clock clock;

    WecomCustomers(
            Wire wire,
            JsonMapper json,
            Clock clock,
            @Value("${retainer.wecom.endpoint:https://qyapi.weixin.qq.com}") String endpoint,
            @Value("${retainer.wecom.corp-id:}") String company,
            @Value("${retainer.wecom.contact-secret:}") String secret) {
        this.access = new WecomAccess(wire, json, clock, endpoint, company, secret);
        this.clock = clock;
    }

    @Override
    public Channel channel() {
        return Channel.WECOM;
    }

    @Override
    public boolean carries(Recipient.Kind kind) {
        return kind == Recipient.Kind.CUSTOMER;
    }

    @Override
    public boolean ready() {
        return access.configured();
    }

    @Override
    public Outcome carry(Letter letter) {
        var content = WecomAccess.within(letter.subject() + "\n\n" + letter.text(), LONGEST);
        if (letter.attempt() > 1) {
            // WeCom knows no key of ours: what a try that was cut off may have made is looked for among its tasks.
            switch (known(letter, content)) {
                case Known(var reference)
                when reference != null -> {
                    return taken(reference);
                }
                case Known _ -> {}
                case Unsure(var later) -> {
                    return later;
                }
            }
        }
        var answer = access.post(
                "/cgi-bin/externalcontact/add_msg_template",
                Map.of(
                        "chat_type",
                        "single",
                        "external_userid",
                        List.of(letter.address()),
                        "text",
                        Map.of("content", content)));
        return switch (answer) {
            case NotNow later -> later.again();
            case Said(var code, var body) -> outcome(code, body, letter.address());
        };
    }

    private static Outcome outcome(int code, JsonNode body, String address) {
        return switch (code) {
            case 0 -> {
                for (var failed : body.path("fail_list")) {
                    if (failed.asString("").equals(address)) {
                        yield new Rejected("wecomUnreachable", false);
                    }
                }
                yield taken(body.path("msgid").asString(""));
            }
            case 40096, 84061 -> new Rejected("badAddress", true);
            case 41048 -> new Rejected("wecomUnreachable", false);
            default -> new Rejected("providerRejects", false);
        };
    }

    private static Accepted taken(String reference) {
        return new Accepted(reference, "toForward", FIRST_LOOK);
    }

    private sealed interface Search {}

    private record Known(@Nullable String reference) implements Search {}

    private record Unsure(TryAgain later) implements Search {}

    /** The task with these very words: each message's differ, if only by its link. */
    private Search known(Letter letter, String content) {
        var asked = new HashMap<String, Object>(Map.of(
                "chat_type",
                "single",
                "start_time",
                letter.since().minusSeconds(60).getEpochSecond(),
                "end_time",
                clock.instant().plusSeconds(60).getEpochSecond(),
                "filter_type",
                0,
                "limit",
                100));
        for (int page = 0; page < MOST_PAGES; page++) {
            switch (access.post("/cgi-bin/externalcontact/get_groupmsg_list_v2", asked)) {
                case NotNow later -> {
                    return new Unsure(later.again());
                }
                case Said(var _, var body) -> {
                    for (var task : body.path("group_msg_list")) {
                        if (task.path("text").path("content").asString("").equals(content)) {
                            return new Known(task.path("msgid").asString(""));
                        }
                    }
                    var next = body.path("next_cursor").asString("");
                    if (next.isEmpty()) {
                        return new Known(null);
                    }
                    asked.put("cursor", next);
                }
            }
        }
        return new Known(null);
    }

    @Override
    public Fate fate(Trace trace) {
        if (!(access.post("/cgi-bin/externalcontact/get_groupmsg_task", Map.of("msgid", trace.reference()))
                instanceof Said(var _, var tasks))) {
            return new Pending();
        }
        for (var task : tasks.path("task_list")) {
            if (task.path("status").asInt(0) == 2
                    && access.post(
                                    "/cgi-bin/externalcontact/get_groupmsg_send_result",
                                    Map.of(
                                            "msgid",
                                            trace.reference(),
                                            "userid",
                                            task.path("userid").asString("")))
                            instanceof Said(var _, var results)) {
                for (var result : results.path("send_list")) {
                    if (result.path("external_userid").asString("").equals(trace.address())) {
                        switch (result.path("status").asInt(0)) {
                            case 1 -> {
                                return new Arrived();
                            }
                            case 2 -> {
                                return new Lost("wecomNoFriend", true);
                            }
                            case 3 -> {
                                return new Lost("wecomUnreachable", false);
                            }
                            default -> {
                                // not sent yet
                            }
                        }
                    }
                }
            }
        }
        return new Pending();
    }

    @Override
    public boolean withdraw(Trace trace) {
        return access.post("/cgi-bin/externalcontact/cancel_groupmsg_send", Map.of("msgid", trace.reference()))
                        instanceof Said(var code, var _)
                && code == 0;
    }
}
