package io.retainer.messaging;

import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.time.Clock;
import java.time.Duration;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.Base64;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.UUID;
import java.util.stream.Collectors;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.core.env.Environment;
import org.springframework.stereotype.Component;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/**
 * Text messages by the protocol of Alibaba Cloud's SMS service (SendSms of 2017-05-25, signed with HMAC-SHA1 over the
 * sorted parameters). Wording is registered with the operator in China: a kind is sent by the provider's template that
 * {@code retainer.sms.templates.<kind>} names, with the kind's variables.
 */
@Component
class SmsCarrier implements Carrier {

    private static final DateTimeFormatter DAY =
            DateTimeFormatter.ofPattern("yyyyMMdd").withZone(ZoneId.of("Asia/Shanghai"));

    private final Wire wire;
    private final JsonMapper json;
    private final Environment configuration;
    private final Clock clock;
    private final String endpoint;
    private final String key;
    private final String secret;
    private final String signature;

    SmsCarrier(
            Wire wire,
            JsonMapper json,
            Environment configuration,
            Clock clock,
            @Value("${retainer.sms.endpoint:https://dysmsapi.aliyuncs.com/}") String endpoint,
            @Value("${retainer.sms.access-key-id:}") String key,
            @Value("${retainer.sms.access-key-secret:}") String secret,
            @Value("${retainer.sms.sign-name:}") String signature) {
        this.wire = wire;
        this.json = json;
        this.configuration = configuration;
        this.clock = clock;
        this.endpoint = endpoint;
        this.key = key;
        this.secret = secret;
        this.signature = signature;
    }

    @Override
    public Channel channel() {
        return Channel.SMS;
    }

    @Override
    public boolean ready() {
        return !key.isBlank() && !secret.isBlank() && !signature.isBlank();
    }

    @Override
    public Outcome carry(Letter letter) {
        var template = configuration.getProperty("retainer.sms.templates." + letter.kind());
        if (template == null) {
            return new Rejected("noSmsTemplate", false);
        }
        if (!letter.address().matches("\\+?[0-9]{6,15}")) {
            return new Rejected("badAddress", true);
        }
        var parameters = new TreeMap<String, String>();
        parameters.put("PhoneNumbers", number(letter.address()));
        parameters.put("SignName", signature);
        parameters.put("TemplateCode", template);
        parameters.put("TemplateParam", json.writeValueAsString(letter.words()));
        parameters.put("OutId", letter.id().toString());
        // The provider refuses a nonce it has seen, so a try that did arrive is not sent twice within its window.
        parameters.put("SignatureNonce", letter.id().toString());
        try {
            var answer = call("SendSms", parameters);
            if (answer.status() == 429 || answer.status() >= 500) {
                return new TryAgain("providerBusy", answer.retryAfter());
            }
            var body = json.readTree(answer.body());
            return outcome(body.path("Code").asString(""), body.path("BizId").asString(""), answer.status());
        } catch (IOException | JacksonException unreachable) {
            return new TryAgain("providerAway");
        }
    }

    /** QuerySendDetails: the operator's receipt, which the provider has after some seconds, at times after hours. */
    @Override
    public Fate fate(Trace trace) {
        var parameters = new TreeMap<String, String>();
        parameters.put("PhoneNumber", number(trace.address()));
        parameters.put("BizId", trace.reference());
        parameters.put("SendDate", DAY.format(trace.sentAt()));
        parameters.put("PageSize", "10");
        parameters.put("CurrentPage", "1");
        parameters.put("SignatureNonce", UUID.randomUUID().toString());
        try {
            var details = json.readTree(call("QuerySendDetails", parameters).body())
                    .path("SmsSendDetailDTOs")
                    .path("SmsSendDetailDTO");
            for (var detail : details) {
                if (detail.path("OutId").asString("").equals(trace.id().toString())) {
                    return switch (detail.path("SendStatus").asInt(1)) {
                        case 2 ->
                            new Lost(
                                    "reportedBounced",
                                    detail.path("ErrCode").asString("").equals("MOBILE_NOT_ON_SERVICE"));
                        case 3 -> new Arrived();
                        default -> new Pending();
                    };
                }
            }
            return new Pending();
        } catch (IOException | JacksonException unreachable) {
            return new Pending();
        }
    }

    private Wire.Answer call(String action, SortedMap<String, String> parameters) throws IOException {
        parameters.put("Action", action);
        parameters.put("Version", "2017-05-25");
        parameters.put("Format", "JSON");
        parameters.put("AccessKeyId", key);
        parameters.put("SignatureMethod", "HMAC-SHA1");
        parameters.put("SignatureVersion", "1.0");
        parameters.put(
                "Timestamp", clock.instant().truncatedTo(ChronoUnit.SECONDS).toString());
        parameters.put("Signature", sign("POST", parameters, secret));
        return wire.call(
                HttpRequest.newBuilder()
                        .header("Content-Type", "application/x-www-form-urlencoded")
                        .POST(BodyPublishers.ofString(canonical(parameters))),
                URI.create(endpoint));
    }

    private static String number(String address) {
        return address.replaceFirst("^\\+86", "").replace("+", "");
    }

    private static Outcome outcome(String code, String reference, int status) {
        return switch (code) {
            case "OK" -> new Accepted(reference, null, reference.isEmpty() ? null : Duration.ofMinutes(1));
            case "SignatureNonceUsed" -> new Accepted(null);
            case "isv.MOBILE_NUMBER_ILLEGAL", "isv.MOBILE_COUNT_OVER_LIMIT" -> new Rejected("badAddress", true);
            case "isv.BUSINESS_LIMIT_CONTROL", "isv.DAY_LIMIT_CONTROL" ->
                new TryAgain("providerLimits", Duration.ofHours(1));
            case "Throttling", "Throttling.User", "isp.SYSTEM_ERROR" -> new TryAgain("providerBusy");
            case "isv.AMOUNT_NOT_ENOUGH",
                    "isv.OUT_OF_SERVICE",
                    "InvalidAccessKeyId.NotFound",
                    "SignatureDoesNotMatch" -> new TryAgain("providerRefusesUs", Duration.ofMinutes(10));
            case String _ when status >= 300 && status < 400 -> new TryAgain("providerAway");
            case String _ -> new Rejected("providerRejects", false);
        };
    }

    /** As the provider's signature version 1.0 prescribes. */
    static String sign(String method, SortedMap<String, String> parameters, String secret) {
        var text = method + "&%2F&" + encode(canonical(parameters));
        try {
            var mac = Mac.getInstance("HmacSHA1");
            mac.init(new SecretKeySpec((secret + "&").getBytes(StandardCharsets.UTF_8), "HmacSHA1"));
            return Base64.getEncoder().encodeToString(mac.doFinal(text.getBytes(StandardCharsets.UTF_8)));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private static String canonical(SortedMap<String, String> parameters) {
        return parameters.entrySet().stream()
                .map(parameter -> encode(parameter.getKey()) + "=" + encode(parameter.getValue()))
                .collect(Collectors.joining("&"));
    }

    /** RFC 3986, which differs from a form's encoding in three characters. */
    private static String encode(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8)
                .replace("+", "%20")
                .replace("*", "%2A")
                .replace("%7E", "~");
    }
}
