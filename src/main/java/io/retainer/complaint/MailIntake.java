package io.retainer.complaint;

import com.github.kagkarlsson.scheduler.task.helper.RecurringTask;
import com.github.kagkarlsson.scheduler.task.helper.Tasks;
import com.github.kagkarlsson.scheduler.task.schedule.FixedDelay;
import io.retainer.kernel.Refused;
import io.retainer.kernel.Tenancy;
import io.retainer.messaging.Messages;
import jakarta.mail.Flags;
import jakarta.mail.Folder;
import jakarta.mail.Message;
import jakarta.mail.MessagingException;
import jakarta.mail.Session;
import jakarta.mail.internet.InternetAddress;
import jakarta.mail.internet.MimeMessage;
import jakarta.mail.search.FlagTerm;
import java.io.IOException;
import java.time.Clock;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Properties;
import java.util.Set;
import java.util.UUID;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.stereotype.Component;

/**
 * Mails that become complaints, or go on in theirs. One mailbox is read; the address a mail was sent to says which contract
 * it belongs to, and the mail it answers says which complaint. What was taken is marked as seen afterwards and known by the
 * hash of its Message-ID, so nothing is lost and nothing is taken twice, wherever the machine stops.
 */
@Component
class MailIntake {

    private static final Logger log = LoggerFactory.getLogger(MailIntake.class);
    private static final int MOST_AT_ONCE = 200;
    private static final int LARGEST = 30 * 1024 * 1024;
    private static final int MOST_REFERENCES = 50;
    private static final Pattern MESSAGE_ID = Pattern.compile("<([^<>\\s]{3,300})>");
    private static final Pattern ENGLISH = Pattern.compile("[a-zA-Z]");

    private final Complainants complainants;
    private final Correspondence correspondence;
    private final Reception reception;
    private final CaseRows cases;
    private final SettingRows settings;
    private final Messages messages;
    private final Tenancy tenancy;
    private final Clock clock;
    private final String host;
    private final int port;
    private final String username;
    private final String password;
    private final String folder;
    private final boolean tls;

    MailIntake(
            Complainants complainants,
            Correspondence correspondence,
            Reception reception,
            CaseRows cases,
            SettingRows settings,
            Messages messages,
            Tenancy tenancy,
            Clock clock,
            @Value("${retainer.complaint.imap.host:}") String host,
            @Value("${retainer.complaint.imap.port:993}") int port,
            @Value("${retainer.complaint.imap.username:}") String username,
            @Value("${retainer.complaint.imap.password:}") String password,
            @Value("${retainer.complaint.imap.folder:INBOX}") String folder,
            @Value("${retainer.complaint.imap.tls:true}") boolean tls) {
        this.complainants = complainants;
        this.correspondence = correspondence;
        this.reception = reception;
        this.cases = cases;
        this.settings = settings;
        this.messages = messages;
        this.tenancy = tenancy;
        this.clock = clock;
        this.host = host;
        this.port = port;
        this.username = username;
        this.password = password;
        this.folder = folder;
        this.tls = tls;
    }

    /** What became of a mail. */
    enum Outcome {
        TAKEN,
        ADDED,
        /** Taken before. */
        KNOWN,
        /** A robot, or ourselves. */
        LOOP,
        /** A report that one of our mails could not be delivered. */
        BOUNCE,
        /** To nobody's mailbox. */
        STRAY,
        /** Nothing in it that can be taken. */
        REFUSED
    }

    /** @return how many mails were looked at */
    int run() {
        if (host.isBlank()) {
            return 0;
        }
        var protocol = tls ? "imaps" : "imap";
        var properties = new Properties();
        properties.setProperty("mail." + protocol + ".connectiontimeout", "10000");
        properties.setProperty("mail." + protocol + ".timeout", "20000");
        properties.setProperty("mail." + protocol + ".ssl.checkserveridentity", "true");
        // The whole message in one go is less than one part after another.
        properties.setProperty("mail." + protocol + ".partialfetch", "false");
        int looked = 0;
        try (var store = Session.getInstance(properties).getStore(protocol)) {
            store.connect(host, port, username, password);
            try (var box = store.getFolder(folder)) {
                box.open(Folder.READ_WRITE);
                for (var mail : box.search(new FlagTerm(new Flags(Flags.Flag.SEEN), false))) {
                    if (looked++ >= MOST_AT_ONCE) {
                        break;
                    }
                    look(mail);
                }
            }
        } catch (MessagingException away) {
            log.warn(
                    "The mailbox of complaints cannot be read: {}",
                    away.getClass().getSimpleName());
        }
        return looked;
    }

    private void look(Message mail) throws MessagingException {
        try {
            var outcome = take((MimeMessage) mail);
            mail.setFlag(Flags.Flag.SEEN, true);
            if (outcome == Outcome.REFUSED || outcome == Outcome.STRAY) {
                mail.setFlag(Flags.Flag.FLAGGED, true);
            }
        } catch (MessagingException | IOException | RuntimeException broken) {
            // One mail that cannot be read does not keep the others out; a person finds it flagged.
            log.warn("A mail could not be taken in: {}", broken.getClass().getSimpleName());
            mail.setFlag(Flags.Flag.SEEN, true);
            mail.setFlag(Flags.Flag.FLAGGED, true);
        }
    }

    Outcome take(MimeMessage mail) throws MessagingException, IOException {
        if (mail.getSize() > LARGEST) {
            return Outcome.REFUSED;
        }
        var returned = BounceReport.of(mail);
        if (returned.isPresent()) {
            returned.get().failed().flatMap(MailIntake::ours).ifPresent(messages::bounced);
            return Outcome.BOUNCE;
        }
        if (automatic(mail) || own(mail)) {
            return Outcome.LOOP;
        }
        var from = mail.getFrom() == null || mail.getFrom().length == 0 ? null : (InternetAddress) mail.getFrom()[0];
        var address = from == null ? null : from.getAddress();
        var to = addresses(mail);
        if (address == null || to.contains(address.toLowerCase(Locale.ROOT))) {
            return Outcome.LOOP;
        }
        var read = MailText.of(mail);
        var subject = mail.getSubject() == null ? "" : mail.getSubject();
        var text = read.text().isBlank() ? subject : read.text();
        if (text.isBlank()) {
            return Outcome.REFUSED;
        }
        if (text.length() > ComplaintRules.LONGEST_TEXT) {
            text = text.substring(0, ComplaintRules.LONGEST_TEXT - 1) + "…";
        }
        var hash = Letters.hash(id(mail));
        var thread = thread(mail);
        try {
            if (thread.isPresent()
                    && complainants.wrote(thread.get().tenant(), thread.get().complaint(), address)) {
                return add(thread.get(), text, uploads(read), hash);
            }
            var places = settings.byMailbox(to);
            if (places.size() != 1) {
                return Outcome.STRAY;
            }
            var place = places.getFirst();
            if (complainants.floods(place.tenant(), address)) {
                // A robot that does not say so: each letter to it would open another complaint, for ever.
                return Outcome.REFUSED;
            }
            var wanted = new NewComplaint(
                    Intake.EMAIL,
                    language(text),
                    from == null ? null : from.getPersonal(),
                    null,
                    address,
                    subject.isBlank() ? null : subject,
                    text,
                    null,
                    null,
                    null,
                    null);
            return open(place, wanted, uploads(read), hash);
        } catch (Refused refusal) {
            log.info("A mail was refused: {}", refusal.getMessage());
            return Outcome.REFUSED;
        }
    }

    private Outcome open(SettingRows.Place place, NewComplaint wanted, List<Upload> files, byte[] hash) {
        return tenancy.write(place.tenant(), () -> {
            if (cases.threads(List.of(hash)).stream()
                    .anyMatch(known -> known.tenant().equals(place.tenant()))) {
                return Outcome.KNOWN;
            }
            var taken = reception.take(place.tenant(), place.contract(), wanted, files, null, null);
            cases.mail(place.tenant(), taken.id(), hash, clock.instant());
            return Outcome.TAKEN;
        });
    }

    private Outcome add(CaseRows.MailThread thread, String text, List<Upload> files, byte[] hash) {
        return tenancy.write(thread.tenant(), () -> {
            if (!cases.mail(thread.tenant(), thread.complaint(), hash, clock.instant())) {
                return Outcome.KNOWN;
            }
            correspondence.statement(thread.tenant(), thread.complaint(), text, files, null);
            return Outcome.ADDED;
        });
    }

    /** What is not fit to be kept stays out; the words come in all the same. */
    private static List<Upload> uploads(MailText.Read read) {
        var uploads = new ArrayList<Upload>();
        for (var file : read.attached()) {
            try {
                uploads.add(Upload.checked(file.name(), file.content()));
            } catch (Refused refusal) {
                log.info("A file of a mail was left out: {}", refusal.getMessage());
            }
        }
        return uploads;
    }

    /** RFC 3834 and what robots did before it; an answer to one would be answered again, for ever. */
    private static boolean automatic(MimeMessage mail) throws MessagingException {
        var submitted = mail.getHeader("Auto-Submitted", ",");
        var precedence = mail.getHeader("Precedence", ",");
        var returnPath = mail.getHeader("Return-Path", ",");
        return (submitted != null && !submitted.strip().toLowerCase(Locale.ROOT).startsWith("no"))
                || (precedence != null
                        && Set.of("bulk", "junk", "list", "auto_reply")
                                .contains(precedence.strip().toLowerCase(Locale.ROOT)))
                || mail.getHeader("X-Autoreply") != null
                || mail.getHeader("X-Autorespond") != null
                || mail.getHeader("List-Id") != null
                || mail.isMimeType("multipart/report")
                || (returnPath != null && returnPath.strip().equals("<>"));
    }

    /** One of ours that came back. */
    private boolean own(MimeMessage mail) throws MessagingException {
        var id = mail.getMessageID();
        return id != null
                && ours(id.replaceAll("[<>]", ""))
                        .filter(ours -> !cases.threads(List.of(Letters.hash(ours.toString())))
                                .isEmpty())
                        .isPresent();
    }

    private static Set<String> addresses(MimeMessage mail) throws MessagingException {
        var all = new LinkedHashSet<String>();
        for (var header : List.of("To", "Cc", "Delivered-To", "X-Original-To", "Envelope-To")) {
            var line = mail.getHeader(header, ",");
            if (line != null && all.size() < MOST_REFERENCES) {
                for (var address : InternetAddress.parseHeader(line, false)) {
                    if (address.getAddress() != null && all.size() < MOST_REFERENCES) {
                        all.add(address.getAddress().toLowerCase(Locale.ROOT));
                    }
                }
            }
        }
        return all;
    }

    private static String id(MimeMessage mail) throws MessagingException {
        var id = mail.getMessageID();
        // Without one, what it says and when make it what it is.
        return id != null && !id.isBlank()
                ? id
                : mail.getSentDate() + "|" + mail.getSubject() + "|" + mail.getSize() + "|" + List.of(mail.getFrom());
    }

    /** The one complaint this mail goes on with. */
    private Optional<CaseRows.MailThread> thread(MimeMessage mail) throws MessagingException {
        var hashes = new ArrayList<byte[]>();
        for (var header : List.of("In-Reply-To", "References")) {
            var line = mail.getHeader(header, " ");
            if (line == null) {
                continue;
            }
            var ids = MESSAGE_ID.matcher(line);
            while (ids.find() && hashes.size() < MOST_REFERENCES) {
                hashes.add(Letters.hash("<" + ids.group(1) + ">"));
                // Ours are named by the message's own id.
                ours(ids.group(1)).ifPresent(id -> hashes.add(Letters.hash(id.toString())));
            }
        }
        if (hashes.isEmpty()) {
            return Optional.empty();
        }
        var found = cases.threads(hashes);
        return found.isEmpty() ? Optional.empty() : Optional.of(found.getLast());
    }

    private static Optional<UUID> ours(String id) {
        try {
            return Optional.of(UUID.fromString(id.substring(0, Math.max(0, id.indexOf('@')))));
        } catch (IllegalArgumentException other) {
            return Optional.empty();
        }
    }

    private static String language(String text) {
        boolean chinese = text.codePoints().anyMatch(Character::isIdeographic);
        return !chinese && ENGLISH.matcher(text).find() ? "en" : "zh";
    }

    /** Every half minute, on one node at a time. */
    @Configuration(proxyBeanMethods = false)
    static class EveryHalfMinute {

        @Bean
        RecurringTask<Void> complaintMail(MailIntake intake) {
            return Tasks.recurring("complaint-mail", FixedDelay.ofSeconds(30)).execute((_, _) -> intake.run());
        }
    }
}
