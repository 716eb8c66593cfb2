package io.retainer.messaging;

import io.retainer.kernel.Unknown;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.UUID;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RestController;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/**
 * Where providers, or the mail relay's bounce processor, say what became of a message. Signed with
 * {@code retainer.messaging.report-secret}: HMAC-SHA256 over {@code <timestamp>.<body>}, in hex; a report older than five
 * minutes is not heard, and one heard twice changes nothing.
 */
@RestController
@Tag(name = "Delivery reports")
class DeliveryReports {

    private static final Duration FRESH = Duration.ofMinutes(5);

    private final Messages messages;
    private final JsonMapper json;
    private final Clock clock;
    private final String secret;

    DeliveryReports(
            Messages messages,
            JsonMapper json,
            Clock clock,
            @Value("${retainer.messaging.report-secret:}") String secret) {
        this.messages = messages;
        this.json = json;
        this.clock = clock;
        this.secret = secret;
    }

    @Operation(
            summary = "A provider reports a delivery or a bounce",
            description =
                    "Body: {\"message\": \"<id>\", \"delivered\": true}. Headers Retainer-Timestamp (seconds since "
                            + "1970) and Retainer-Signature (hex HMAC-SHA256 of timestamp, a dot, and the body).")
    @PostMapping("/api/v1/delivery-reports")
    ResponseEntity<Void> report(
            @RequestHeader("Retainer-Timestamp") long timestamp,
            @RequestHeader("Retainer-Signature") String signature,
            @RequestBody String body) {
        var age = Duration.between(Instant.ofEpochSecond(timestamp), clock.instant())
                .abs();
        if (secret.isBlank()
                || body.length() > 4096
                || age.compareTo(FRESH) > 0
                || !signed(timestamp, body, signature)) {
            return ResponseEntity.status(401).build();
        }
        try {
            var report = json.readTree(body);
            var message = UUID.fromString(report.path("message").asString(""));
            if (report.path("delivered").asBoolean(false)) {
                messages.arrived(message);
            } else {
                messages.lost(message, "reportedBounced", true);
            }
            return ResponseEntity.noContent().build();
        } catch (JacksonException | IllegalArgumentException unreadable) {
            throw new Unknown("message");
        }
    }

    private boolean signed(long timestamp, String body, String signature) {
        try {
            var mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(secret.getBytes(StandardCharsets.UTF_8), "HmacSHA256"));
            var made = HexFormat.of().formatHex(mac.doFinal((timestamp + "." + body).getBytes(StandardCharsets.UTF_8)));
            return MessageDigest.isEqual(
                    made.getBytes(StandardCharsets.US_ASCII), signature.getBytes(StandardCharsets.UTF_8));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }
}
