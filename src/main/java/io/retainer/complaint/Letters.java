package io.retainer.complaint;

import io.retainer.complaint.CaseRows.Question;
import io.retainer.complaint.ComplaintRows.Row;
import io.retainer.customer.ContactKind;
import io.retainer.customer.Customers;
import io.retainer.customer.DataPurpose;
import io.retainer.identity.People;
import io.retainer.identity.SignedLinks;
import io.retainer.messaging.Channel;
import io.retainer.messaging.Contacts;
import io.retainer.messaging.MessageKind;
import io.retainer.messaging.MessageKind.Variable;
import io.retainer.messaging.MessageKind.VariableType;
import io.retainer.messaging.Messages;
import io.retainer.messaging.NewMessage;
import io.retainer.messaging.Purpose;
import io.retainer.messaging.Recipient;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Clock;
import java.time.LocalDate;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.stereotype.Component;

/**
 * What is said to the complainant, to the people who work on a complaint and to the client; queued in the transaction of its
 * cause. Words that people wrote go by the id of their line and are opened only when the mail is sent.
 */
@Component
class Letters {

    private static final String STATUS = "/complaints/status/|";
    private static final String QUESTION = "/complaints/question/|";

    private final Messages messages;
    private final CaseRows cases;
    private final Staff staff;
    private final People people;
    private final Customers customers;
    private final Contacts contacts;
    private final Clock clock;

    Letters(
            Messages messages,
            CaseRows cases,
            Staff staff,
            People people,
            Customers customers,
            Contacts contacts,
            Clock clock) {
        this.messages = messages;
        this.customers = customers;
        this.contacts = contacts;
        this.cases = cases;
        this.staff = staff;
        this.people = people;
        this.clock = clock;
    }

    /** @param taken whether it was made a moment ago: then no address left with it can have been found dead yet */
    void received(Row row, SignedLinks.Link link, boolean taken) {
        var customer = row.particulars().customer();
        var way = (taken && customer == null ? wayLeft(row) : way(row)).orElse(null);
        // Whoever is linked only later hears then that it came in; once for each customer it was linked to.
        boolean byCustomer = way != null && way.ofCustomer() && customer != null;
        toComplainant(row, way, "complaint.received", byCustomer ? "received/" + customer : "received", link, Map.of());
    }

    void acknowledged(Row row, LocalDate expected, SignedLinks.Link link) {
        toComplainant(row, "complaint.acknowledged", "acknowledged", link, Map.of("by", expected));
    }

    void replied(Row row, UUID entry, SignedLinks.Link link) {
        toComplainant(row, "complaint.reply", entry.toString(), link, Map.of("text", entry));
    }

    void decided(Row row, UUID entry, SignedLinks.Link link) {
        toComplainant(row, "complaint.decision", entry.toString(), link, Map.of("text", entry));
    }

    /**
     * How the complainant hears of it.
     *
     * @param ofCustomer whether the address is that of the customer the complaint is linked to, not one left with it
     */
    record Way(Channel channel, boolean ofCustomer) {}

    /**
     * By mail to the address that was left, else to that of the customer it is linked to, else by text message in the same
     * order, else by WeCom to the customer. A notice of a complaint performs what the complainant asked for (PIPL 13(2)) and
     * needs no consent; an address that was handed over for another purpose is left alone, and so is one that is dead or was
     * refused. Empty when there is none: then the status page and the phone are left.
     */
    Optional<Way> way(Row row) {
        var c = row.complaint();
        var p = row.particulars();
        var customer = p.customer();
        return Stream.of(Channel.EMAIL, Channel.SMS, Channel.WECOM)
                .filter(channel -> channel == Channel.EMAIL || messages.canSend(channel, Recipient.Kind.CUSTOMER))
                .filter(channel -> customer == null
                        ? !contacts.closedToUnlinked(c.tenant(), c.id(), Purpose.COMPLAINT, channel)
                        : !contacts.closed(c.tenant(), customer, Purpose.COMPLAINT, channel))
                .flatMap(channel -> {
                    if (channel == Channel.WECOM) {
                        return customer != null
                                        && customers
                                                .wecom(c.tenant(), customer, DataPurpose.SERVICE)
                                                .isPresent()
                                ? Stream.of(new Way(channel, true))
                                : Stream.empty();
                    }
                    if (p.address(channel) != null) {
                        return Stream.of(new Way(channel, false));
                    }
                    var kind = channel == Channel.EMAIL ? ContactKind.EMAIL : ContactKind.PHONE;
                    return customer != null && customers.reachable(c.tenant(), customer, kind, DataPurpose.SERVICE)
                            ? Stream.of(new Way(channel, true))
                            : Stream.empty();
                })
                .findFirst();
    }

    /** By what was left with it alone. */
    private Optional<Way> wayLeft(Row row) {
        return Stream.of(Channel.EMAIL, Channel.SMS)
                .filter(channel -> channel == Channel.EMAIL || messages.canSend(channel, Recipient.Kind.CUSTOMER))
                .filter(channel -> row.particulars().address(channel) != null)
                .map(channel -> new Way(channel, false))
                .findFirst();
    }

    private void toComplainant(Row row, String kind, String key, SignedLinks.Link link, Map<String, Object> more) {
        toComplainant(row, way(row).orElse(null), kind, key, link, more);
    }

    private void toComplainant(
            Row row, @Nullable Way way, String kind, String key, SignedLinks.Link link, Map<String, Object> more) {
        var c = row.complaint();
        var p = row.particulars();
        if (way == null) {
            return;
        }
        Map<String, Object> variables = new HashMap<>(more);
        variables.put("number", c.number());
        variables.put("link", STATUS + link.id());
        var recipient = p.customer() == null ? c.id() : p.customer();
        var message = messages.queue(new NewMessage(
                c.tenant(),
                kind,
                way.channel(),
                Recipient.customer(recipient),
                c.contract(),
                kind + "/" + c.id() + "/" + key,
                p.language(),
                variables,
                null));
        // An answer to this mail names it by the message's id.
        cases.mail(c.tenant(), c.id(), hash(message.toString()), clock.instant());
    }

    void mentioned(Complaint c, UUID entry, Collection<UUID> whom) {
        whom.forEach(person -> toStaff(c, "complaint.mentioned", "mention/" + entry, person));
    }

    /** The owner hears that the complainant wrote again. */
    void wroteAgain(Complaint c) {
        var owner = c.owner();
        if (owner != null) {
            toStaff(c, "complaint.answered", "again/" + clock.instant(), owner);
        }
    }

    /** What was written to the complainant did not arrive; whoever it belongs to hears of it, or else the leads. */
    void undelivered(Complaint c, UUID message) {
        var whom = c.owner() == null ? staff.leads(c.contract()).keySet() : List.of(c.owner());
        whom.forEach(person -> toStaff(c, "complaint.undelivered", "undelivered/" + message, person));
    }

    /** The client is told of what is urgent (state-machines.md §3.6). */
    void urgent(Complaint c) {
        staff.deciders(c.contract()).keySet().forEach(person -> toStaff(c, "complaint.urgent", "urgent", person));
    }

    /** Asks a third party by mail. The mail says that there is a question; what it is stands on the page of the link alone. */
    void askedThirdParty(Complaint c, Question question, SignedLinks.Link link) {
        messages.queue(new NewMessage(
                c.tenant(),
                "complaint.question",
                Channel.EMAIL,
                new Recipient(Recipient.Kind.PARTY_CONTACT, question.id()),
                c.contract(),
                "complaint.question/" + question.id(),
                question.language() == null ? "zh" : question.language(),
                Map.of("number", c.number(), "by", question.dueAt(), "link", QUESTION + link.id()),
                question.dueAt().plus(Questions.ANSWERED_LATE)));
    }

    /** What was asked of somebody outside is answered; whoever works on it hears of it. */
    void questionAnswered(Complaint c, Question question, @Nullable UUID by) {
        var whom = c.owner() == null ? staff.leads(c.contract()).keySet() : List.of(c.owner());
        whom.stream()
                .filter(person -> !person.equals(by))
                .forEach(person -> toStaff(c, "complaint.answer", "question/" + question.id(), person));
    }

    /** A compensation above the limit waits for the client, or a question does. */
    void clientAsked(Complaint c) {
        staff.deciders(c.contract())
                .keySet()
                .forEach(person -> toStaff(c, "complaint.asked", "asked/" + c.version(), person));
    }

    void escalated(Complaint c) {
        var whom = c.level() >= 3 ? staff.deciders(c.contract()) : staff.workers(c.contract());
        whom.keySet()
                .forEach(person -> toStaff(c, "complaint.escalated", "level/" + c.level() + "/" + c.version(), person));
    }

    void external(Complaint c) {
        staff.deciders(c.contract()).keySet().forEach(person -> toStaff(c, "complaint.external", "external", person));
    }

    /** Feedback goes to the client as well (I-1.1*(2)). */
    void outcome(Complaint c) {
        staff.deciders(c.contract())
                .keySet()
                .forEach(person -> toStaff(c, "complaint.outcome", "outcome/" + c.version(), person));
    }

    private void toStaff(Complaint c, String kind, String key, UUID person) {
        var reach = people.reach(person).orElse(null);
        if (reach == null) {
            return;
        }
        Map<String, Object> variables = new HashMap<>();
        variables.put("number", c.number());
        variables.put("page", "/contracts/" + c.contract() + "/complaints/" + c.id());
        messages.queue(new NewMessage(
                c.tenant(),
                kind,
                Channel.IN_APP,
                Recipient.person(person),
                c.contract(),
                kind + "/" + c.id() + "/" + key + "/" + person,
                reach.language(),
                variables,
                null));
    }

    /** By which a mail is found again without being kept. */
    static byte[] hash(@Nullable String messageId) {
        try {
            return MessageDigest.getInstance("SHA-256")
                    .digest(String.valueOf(messageId).strip().getBytes(StandardCharsets.UTF_8));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    /** The kinds of messages about complaints. */
    @Configuration(proxyBeanMethods = false)
    static class Kinds {

        private static final Variable NUMBER = new Variable("number", VariableType.NUMBER, "1042");
        private static final Variable LINK = new Variable("link", VariableType.SIGNED_LINK, "/complaints/status/");
        private static final Variable TEXT = new Variable("text", VariableType.QUOTE, "…");
        private static final Variable PAGE = new Variable("page", VariableType.PATH, "/contracts");

        @Bean
        MessageKind complaintReceived() {
            return new MessageKind("complaint.received", Purpose.COMPLAINT, List.of(NUMBER, LINK));
        }

        @Bean
        MessageKind complaintAcknowledged() {
            return new MessageKind(
                    "complaint.acknowledged",
                    Purpose.COMPLAINT,
                    List.of(NUMBER, new Variable("by", VariableType.TIME, "2025-01-15"), LINK));
        }

        @Bean
        MessageKind complaintReply() {
            return new MessageKind("complaint.reply", Purpose.COMPLAINT, List.of(NUMBER, TEXT, LINK));
        }

        @Bean
        MessageKind complaintDecision() {
            return new MessageKind("complaint.decision", Purpose.COMPLAINT, List.of(NUMBER, TEXT, LINK));
        }

        @Bean
        MessageKind complaintQuestion() {
            return new MessageKind(
                    "complaint.question",
                    Purpose.STAFF,
                    List.of(
                            NUMBER,
                            new Variable("by", VariableType.TIME, "2025-01-15"),
                            new Variable("link", VariableType.SIGNED_LINK, "/complaints/question/")));
        }

        @Bean
        MessageKind complaintAnswer() {
            return staff("complaint.answer");
        }

        @Bean
        MessageKind complaintMentioned() {
            return staff("complaint.mentioned");
        }

        @Bean
        MessageKind complaintAnswered() {
            return staff("complaint.answered");
        }

        @Bean
        MessageKind complaintUndelivered() {
            return staff("complaint.undelivered");
        }

        @Bean
        MessageKind complaintUrgent() {
            return staff("complaint.urgent");
        }

        @Bean
        MessageKind complaintAsked() {
            return staff("complaint.asked");
        }

        @Bean
        MessageKind complaintEscalated() {
            return staff("complaint.escalated");
        }

        @Bean
        MessageKind complaintExternal() {
            return staff("complaint.external");
        }

        @Bean
        MessageKind complaintOutcome() {
            return staff("complaint.outcome");
        }

        private static MessageKind staff(String name) {
            return new MessageKind(name, Purpose.STAFF, List.of(NUMBER, PAGE));
        }
    }
}
