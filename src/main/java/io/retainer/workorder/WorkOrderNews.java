package io.retainer.workorder;

import io.retainer.contract.ContractDates;
import io.retainer.identity.Capability;
import io.retainer.identity.Engagement;
import io.retainer.identity.Membership;
import io.retainer.identity.People;
import io.retainer.kernel.Party;
import io.retainer.kernel.Sentence;
import io.retainer.kernel.WorkCalendar;
import io.retainer.messaging.Channel;
import io.retainer.messaging.MessageKind;
import io.retainer.messaging.MessageKind.Variable;
import io.retainer.messaging.MessageKind.VariableType;
import io.retainer.messaging.Messages;
import io.retainer.messaging.NewMessage;
import io.retainer.messaging.Purpose;
import io.retainer.messaging.Recipient;
import io.retainer.workorder.WorkOrderRows.Entry;
import io.retainer.workorder.WorkOrderRows.Words;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.stereotype.Component;

/** Tells people what happened to an order. */
@Component
class WorkOrderNews {

    private final ContractDates parties;
    private final People people;
    private final Messages messages;
    private final WorkCalendar calendar;

    WorkOrderNews(ContractDates parties, People people, Messages messages, ObjectProvider<WorkCalendar> calendar) {
        this.parties = parties;
        this.people = people;
        this.messages = messages;
        this.calendar = calendar.getIfAvailable(WorkCalendar::chinese);
    }

    /**
     * Tells whoever can act next; at the end, whoever asked; of what was written, those of both sides who are part of it. What
     * time runs from for the reader (a quote, a delivery, a reminder, a statement) goes out as a mail where there is an address,
     * because silence about it has consequences.
     *
     * @param entries what happened so far
     */
    void tell(WorkOrder order, Words words, WorkOrderEvent event, int position, List<Entry> entries) {
        for (var person : whom(order, event, entries)) {
            if (!person.equals(event.actor())) {
                people.reach(person)
                        .ifPresent(reach -> messages.queue(new NewMessage(
                                order.tenant(),
                                "workorder.news",
                                reach.email() != null && weighty(event) ? Channel.EMAIL : Channel.IN_APP,
                                Recipient.person(person),
                                order.contract(),
                                "work-order/" + order.id() + "/" + position + "/" + person,
                                reach.language(),
                                Map.of(
                                        "number",
                                        order.number(),
                                        "title",
                                        words.title(),
                                        "state",
                                        event instanceof WorkOrderEvent.Commented
                                                ? Sentence.of("workorder.news.comment")
                                                : event instanceof WorkOrderEvent.Reminded
                                                        ? Sentence.of(
                                                                "workorder.news.reminder", order.stepDue(calendar))
                                                        : Sentence.of("workorder.news.state", order.state()),
                                        "link",
                                        "/contracts/" + order.contract() + "/work-orders/" + order.id()),
                                null)));
            }
        }
    }

    private Set<UUID> whom(WorkOrder order, WorkOrderEvent event, List<Entry> entries) {
        var whom = new HashSet<UUID>();
        var engagements = parties.parties(List.of(order.contract())).stream()
                .collect(Collectors.toMap(Engagement::organisation, Engagement::party, (one, _) -> one));
        var staff = people.staff(engagements.keySet());
        if (event instanceof WorkOrderEvent.Commented comment) {
            entries.stream().map(Entry::actor).filter(Objects::nonNull).forEach(whom::add);
            Stream.ofNullable(order.requestedBy()).forEach(whom::add);
            // Somebody of the other side hears of it in any case.
            var other = comment.party() == Party.CLIENT ? Party.PROVIDER : Party.CLIENT;
            var others = staff.stream()
                    .filter(member -> engagements.get(member.organisation()) == other)
                    .toList();
            if (others.stream().noneMatch(member -> whom.contains(member.person()))) {
                others.stream()
                        .filter(member -> member.role().capabilitiesAs(other).contains(Capability.AGREE_WORK))
                        .map(Membership::person)
                        .forEach(whom::add);
            }
            return whom;
        }
        if (!order.state().isOpen()) {
            Stream.ofNullable(order.requestedBy()).forEach(whom::add);
        }
        staff.forEach(member -> {
            var party = engagements.get(member.organisation());
            if (party != null
                    && Stream.of(WorkOrderAct.values())
                            .anyMatch(act -> act.party() == party
                                    && act.isNext(order.state())
                                    && member.role().capabilitiesAs(party).contains(act.capability()))) {
                whom.add(member.person());
            }
        });
        return whom;
    }

    private static boolean weighty(WorkOrderEvent event) {
        return event instanceof WorkOrderEvent.Quoted
                || event instanceof WorkOrderEvent.Delivered
                || event instanceof WorkOrderEvent.Reminded
                || event instanceof WorkOrderEvent.DeemedAccepted
                || event instanceof WorkOrderEvent.Escalated
                || event instanceof WorkOrderEvent.WorkStated;
    }

    @Configuration(proxyBeanMethods = false)
    static class News {

        @Bean
        MessageKind workOrderNewsKind() {
            return new MessageKind(
                    "workorder.news",
                    Purpose.STAFF,
                    List.of(
                            new Variable("number", VariableType.NUMBER, "12"),
                            new Variable("title", VariableType.TEXT, "CSV"),
                            new Variable("state", VariableType.TEXT, "…"),
                            new Variable("link", VariableType.PATH, "/contracts")));
        }
    }
}
