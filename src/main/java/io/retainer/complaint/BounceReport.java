package io.retainer.complaint;

import jakarta.mail.MessagingException;
import jakarta.mail.Multipart;
import jakarta.mail.Part;
import jakarta.mail.internet.InternetHeaders;
import jakarta.mail.internet.MimeMessage;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A mail server's report about a mail of ours (RFC 3464).
 *
 * @param failed the Message-ID of what will not be delivered any more, without its brackets; empty when the report is of
 *     something else, such as a delay
 */
record BounceReport(Optional<String> failed) {

    private static final int LONGEST = 64 * 1024;
    private static final int MOST_PARTS = 10;
    /** For good: a delay is no failure. */
    private static final Pattern FAILED = Pattern.compile("(?im)^Action:\\s*failed\\s*$");

    private static final Pattern FOR_EVER = Pattern.compile("(?im)^Status:\\s*5\\.");

    /** Empty when the mail is no report. */
    static Optional<BounceReport> of(MimeMessage mail) throws MessagingException, IOException {
        if (!mail.isMimeType("multipart/report") || !(mail.getContent() instanceof Multipart parts)) {
            return Optional.empty();
        }
        boolean report = false;
        boolean failed = false;
        @Nullable String id = null;
        for (int i = 0; i < Math.min(parts.getCount(), MOST_PARTS); i++) {
            var part = parts.getBodyPart(i);
            if (part.isMimeType("message/delivery-status")) {
                report = true;
                var status = text(part);
                failed = FAILED.matcher(status).find() && FOR_EVER.matcher(status).find();
            } else if (part.isMimeType("message/rfc822") || part.isMimeType("text/rfc822-headers")) {
                id = id(part);
            }
        }
        return report
                ? Optional.of(new BounceReport(failed && id != null ? Optional.of(id) : Optional.empty()))
                : Optional.empty();
    }

    private static @Nullable String id(Part part) throws MessagingException, IOException {
        try (var in = part.getInputStream()) {
            var header = new InternetHeaders(new java.io.ByteArrayInputStream(in.readNBytes(LONGEST)))
                    .getHeader("Message-ID", null);
            return header == null ? null : header.replaceAll("[<>\\s]", "");
        }
    }

    private static String text(Part part) throws MessagingException, IOException {
        try (var in = part.getInputStream()) {
            return new String(in.readNBytes(LONGEST), StandardCharsets.US_ASCII);
        }
    }
}
