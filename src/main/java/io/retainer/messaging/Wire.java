package io.retainer.messaging;

import java.io.IOException;
import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.stereotype.Component;

/**
 * Calls to providers: https on its own port, addresses of the public internet only, no redirects, five seconds and 64 KiB
 * at most. A provider on the company's own network is allowed by {@code retainer.messaging.private-providers}.
 */
@Component
class Wire {

    private static final int MOST = 64 * 1024;
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    private final boolean privateProviders;
    private final Duration patience;
    private final HttpClient http;

    Wire(
            @Value("${retainer.messaging.private-providers:false}") boolean privateProviders,
            @Value("${retainer.messaging.patience:5s}") Duration patience) {
        this.privateProviders = privateProviders;
        this.patience = patience.compareTo(PATIENCE) > 0 ? PATIENCE : patience;
        this.http = HttpClient.newBuilder()
                .followRedirects(HttpClient.Redirect.NEVER)
                .connectTimeout(this.patience)
                .build();
    }

    /** @param retryAfter what the provider asks for, or zero */
    record Answer(int status, String body, Duration retryAfter) {}

    /** @throws IOException when it cannot be reached, answers too much, or must not be called */
    Answer call(HttpRequest.Builder request, URI uri) throws IOException {
        requirePublic(uri);
        try {
            var answer = http.send(request.uri(uri).timeout(patience).build(), BodyHandlers.ofInputStream());
            try (var body = answer.body()) {
                var bytes = body.readNBytes(MOST + 1);
                if (bytes.length > MOST) {
                    throw new IOException("The answer is larger than " + MOST + " bytes");
                }
                return new Answer(
                        answer.statusCode(),
                        new String(bytes, StandardCharsets.UTF_8),
                        retryAfter(answer.headers().firstValue("Retry-After").orElse("0")));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException(e);
        }
    }

    private void requirePublic(URI uri) throws IOException {
        if (privateProviders) {
            return;
        }
        if (!"https".equals(uri.getScheme())
                || (uri.getPort() != -1 && uri.getPort() != 443)
                || uri.getHost() == null) {
            throw new IOException("Only https on port 443 is called");
        }
        try {
            for (var address : InetAddress.getAllByName(uri.getHost())) {
                if (!isPublic(address)) {
                    throw new IOException("Only addresses of the public internet are called");
                }
            }
        } catch (UnknownHostException e) {
            throw new IOException("No such host", e);
        }
    }

    static boolean isPublic(InetAddress address) {
        var bytes = address.getAddress();
        if (address.isAnyLocalAddress()
                || address.isLoopbackAddress()
                || address.isLinkLocalAddress()
                || address.isSiteLocalAddress()
                || address.isMulticastAddress()) {
            return false;
        }
        int first = bytes[0] & 0xFF;
        int second = bytes[1] & 0xFF;
        if (bytes.length == 4) {
            return first != 0
                    && first < 240
                    && !(first == 100 && second >= 64 && second < 128) // carrier-grade NAT
                    && !(first == 192 && second == 0)
                    && !(first == 198 && (second == 18 || second == 19))
                    && !(first == 198 && second == 51)
                    && !(first == 203 && second == 0);
        }
        // global unicast only; not 6to4 and Teredo, which carry IPv4 addresses inside
        return (first & 0xE0) == 0x20 && !(first == 0x20 && (second == 0x02 || second == 0x01));
    }

    private static Duration retryAfter(String header) {
        try {
            return Duration.ofSeconds(Math.clamp(Long.parseLong(header.strip()), 0, 86_400));
        } catch (NumberFormatException date) {
            return Duration.ofMinutes(1);
        }
    }
}
