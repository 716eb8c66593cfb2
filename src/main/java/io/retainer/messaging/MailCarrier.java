package io.retainer.messaging;

import jakarta.mail.MessagingException;
import jakarta.mail.SendFailedException;
import jakarta.mail.Session;
import jakarta.mail.internet.AddressException;
import jakarta.mail.internet.InternetAddress;
import jakarta.mail.internet.MimeMessage;
import java.time.Clock;
import java.util.Date;
import java.util.Properties;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.mail.MailAuthenticationException;
import org.springframework.mail.MailException;
import org.springframework.mail.MailSendException;
import org.springframework.mail.javamail.JavaMailSenderImpl;
import org.springframework.mail.javamail.MimeMessageHelper;
import org.springframework.stereotype.Component;

/**
 * Mail by SMTP ({@code spring.mail.*}). The Message-ID is the message's own id, the same on each try, so that a mailbox
 * that got it twice, because the server died between taking it and saying so, can show it once.
 */
@Component
class MailCarrier implements Carrier {

    private final JavaMailSenderImpl sender = new JavaMailSenderImpl();
    private final boolean ready;
    private final String from;
    private final Clock clock;

    MailCarrier(
            @Value("${spring.mail.host:}") String host,
            @Value("${spring.mail.port:587}") int port,
            @Value("${spring.mail.username:}") String username,
            @Value("${spring.mail.password:}") String password,
            @Value("${retainer.mail.starttls:true}") boolean starttls,
            @Value("${retainer.mail.from:}") String from,
            Clock clock) {
        this.ready = !host.isBlank() && !from.isBlank();
        this.from = from;
        this.clock = clock;
        sender.setHost(host);
        sender.setPort(port);
        if (!username.isBlank()) {
            sender.setUsername(username);
            sender.setPassword(password);
        }
        var properties = new Properties();
        properties.setProperty("mail.smtp.auth", String.valueOf(!username.isBlank()));
        properties.setProperty("mail.smtp.connectiontimeout", "10000");
        properties.setProperty("mail.smtp.timeout", "20000");
        properties.setProperty("mail.smtp.writetimeout", "20000");
        properties.setProperty("mail.smtp.starttls.enable", String.valueOf(starttls));
        properties.setProperty("mail.smtp.starttls.required", String.valueOf(starttls));
        properties.setProperty("mail.smtp.ssl.checkserveridentity", "true");
        sender.setJavaMailProperties(properties);
    }

    @Override
    public Channel channel() {
        return Channel.EMAIL;
    }

    @Override
    public boolean ready() {
        return ready;
    }

    @Override
    public Outcome carry(Letter letter) {
        try {
            var mail = new Stamped(sender.getSession(), messageId(letter.id()));
            var helper = new MimeMessageHelper(mail, true, "UTF-8");
            helper.setFrom(from);
            helper.setTo(new InternetAddress(letter.address(), true));
            helper.setSubject(letter.subject());
            helper.setText(letter.text(), letter.html());
            mail.setSentDate(Date.from(clock.instant()));
            mail.setContentLanguage(new String[] {letter.language().equals("en") ? "en" : "zh-CN"});
            // RFC 3834: other robots do not answer a robot.
            mail.setHeader("Auto-Submitted", "auto-generated");
            mail.setHeader("X-Auto-Response-Suppress", "All");
            sender.send(mail);
            return new Accepted(messageId(letter.id()));
        } catch (AddressException malformed) {
            return new Rejected("badAddress", true);
        } catch (MailAuthenticationException refused) {
            return new TryAgain("providerRefusesUs");
        } catch (MailException | MessagingException failed) {
            return why(failed);
        }
    }

    /** Finds the first SMTP answer in the chain: 5xx is final, 4xx and a broken line are not. */
    private static Outcome why(Exception failed) {
        var causes = new java.util.ArrayDeque<Throwable>();
        causes.add(failed);
        for (int seen = 0; !causes.isEmpty() && seen < 20; seen++) {
            var cause = causes.removeFirst();
            if (cause instanceof org.eclipse.angus.mail.smtp.SMTPAddressFailedException answer) {
                return final5xx(answer.getReturnCode())
                        ? new Rejected("badAddress", true)
                        : new TryAgain("providerBusy");
            }
            if (cause instanceof org.eclipse.angus.mail.smtp.SMTPSendFailedException answer
                    && final5xx(answer.getReturnCode())) {
                return new Rejected("providerRejects", false);
            }
            if (cause instanceof MailSendException several) {
                several.getFailedMessages().values().forEach(causes::add);
            }
            if (cause instanceof SendFailedException next && next.getNextException() != null) {
                causes.add(next.getNextException());
            }
            if (cause.getCause() != null) {
                causes.add(cause.getCause());
            }
        }
        return new TryAgain("providerAway");
    }

    private static boolean final5xx(int code) {
        return code >= 500 && code < 600;
    }

    private String messageId(java.util.UUID id) {
        return "<" + id + "@" + from.substring(from.indexOf('@') + 1).replaceAll("[>\\s]", "") + ">";
    }

    /** A mail that keeps the Message-ID it was given. */
    private static final class Stamped extends MimeMessage {

        private final String id;

        Stamped(Session session, String id) {
            super(session);
            this.id = id;
        }

        @Override
        protected void updateMessageID() throws MessagingException {
            setHeader("Message-ID", id);
        }
    }
}
