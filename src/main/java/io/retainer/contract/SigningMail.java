package io.retainer.contract;

import io.retainer.identity.Capability;
import io.retainer.identity.Membership;
import io.retainer.identity.Organisations;
import io.retainer.identity.People;
import io.retainer.kernel.Party;
import io.retainer.kernel.WorkCalendar;
import io.retainer.messaging.Channel;
import io.retainer.messaging.MessageKind;
import io.retainer.messaging.MessageKind.Variable;
import io.retainer.messaging.MessageKind.VariableType;
import io.retainer.messaging.Messages;
import io.retainer.messaging.NewMessage;
import io.retainer.messaging.Purpose;
import io.retainer.messaging.Recipient;
import java.time.Instant;
import java.time.LocalDate;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.stereotype.Component;

/** Tells the people who may sign what is asked of them; each thing once, in the transaction that makes it true. */
@Component
class SigningMail {

    private final Messages messages;
    private final People people;
    private final Organisations organisations;
    private final WorkCalendar calendar;

    SigningMail(Messages messages, People people, Organisations organisations, WorkCalendar calendar) {
        this.messages = messages;
        this.people = people;
        this.organisations = organisations;
        this.calendar = calendar;
    }

    /**
     * Whose turn it is learns that signatures are asked for.
     *
     * @param knows the party that needs not be told, or null
     */
    int opened(Contract contract, SigningRound round, @Nullable Party knows) {
        return say(
                "contract.signing",
                contract,
                round.number(),
                round.turn(contract.signed()).stream()
                        .filter(party -> party != knows)
                        .toList(),
                "opened",
                Map.of(
                        "from",
                        organisation(contract, round.openedBy()),
                        "until",
                        round.lastDay(),
                        "page",
                        page(contract)),
                SigningPlan.end(round.lastDay()));
    }

    /** @param once what makes this reminder another than the one before */
    int remind(Contract contract, SigningRound round, Collection<Party> parties, String once, Instant now) {
        return say(
                "contract.reminder",
                contract,
                round.number(),
                parties,
                once,
                Map.of(
                        "until",
                        round.lastDay(),
                        "left",
                        calendar.workdaysBetween(LocalDate.ofInstant(now, DraftTerms.ZONE), round.lastDay()),
                        "page",
                        page(contract)),
                SigningPlan.end(round.lastDay()));
    }

    /** The other party learns that its counterpart would not sign; why is read on the page. */
    void declined(Contract contract, int number, Party by, Instant now) {
        say(
                "contract.declined",
                contract,
                number,
                List.of(by == Party.CLIENT ? Party.PROVIDER : Party.CLIENT),
                "declined",
                Map.of("from", organisation(contract, by), "page", page(contract)),
                now.plus(java.time.Duration.ofDays(30)));
    }

    /** Both parties learn that the third party wishes to leave (II-5.1); why is read on the page. */
    void leaves(Contract contract, UUID notice, String third, LocalDate wishedOn, Instant now) {
        say(
                "contract.leaving",
                contract,
                contract.number(),
                List.of(Party.CLIENT, Party.PROVIDER),
                "leaving/" + notice,
                Map.of("from", third, "until", wishedOn, "page", "/contracts/" + contract.id() + "/life/third-parties"),
                now.plus(java.time.Duration.ofDays(30)));
    }

    private int say(
            String kind,
            Contract contract,
            int number,
            Collection<Party> parties,
            String once,
            Map<String, Object> words,
            Instant until) {
        int told = 0;
        for (var person : signatories(contract, parties)) {
            var reach = people.reach(person).orElse(null);
            if (reach == null) {
                continue;
            }
            var variables = new HashMap<>(words);
            variables.put("title", ContractController.title(contract.title()));
            messages.queue(new NewMessage(
                    contract.tenant(),
                    kind,
                    reach.email() == null ? Channel.IN_APP : Channel.EMAIL,
                    Recipient.person(person),
                    contract.id(),
                    "signing/" + contract.id() + "/" + number + "/" + once + "/" + person,
                    reach.language(),
                    variables,
                    until));
            told++;
        }
        return told;
    }

    /** The people of these parties who may sign, each once. */
    Set<UUID> signatories(Contract contract, Collection<Party> parties) {
        return parties.stream()
                .flatMap(party -> people.staff(List.of(contract.organisation(party))).stream()
                        .filter(membership ->
                                membership.role().capabilitiesAs(party).contains(Capability.SIGN)))
                .map(Membership::person)
                .collect(Collectors.toSet());
    }

    String organisation(Contract contract, Party party) {
        var id = contract.organisation(party);
        return organisations.names(List.of(id)).getOrDefault(id, "—");
    }

    private static String page(Contract contract) {
        return "/contracts/" + contract.id() + "/signing";
    }

    /** What is said about signing. */
    @Configuration(proxyBeanMethods = false)
    static class Kinds {

        private static final Variable TITLE = new Variable("title", VariableType.TEXT, "CRM-2025");
        private static final Variable FROM = new Variable("from", VariableType.TEXT, "ABC");
        private static final Variable UNTIL = new Variable("until", VariableType.TIME, "2025-01-20");
        private static final Variable PAGE = new Variable("page", VariableType.PATH, "/contracts");

        @Bean
        MessageKind signingOpenedMessage() {
            return new MessageKind("contract.signing", Purpose.STAFF, List.of(TITLE, FROM, UNTIL, PAGE));
        }

        @Bean
        MessageKind signingReminderMessage() {
            return new MessageKind(
                    "contract.reminder",
                    Purpose.STAFF,
                    List.of(TITLE, UNTIL, new Variable("left", VariableType.NUMBER, "3"), PAGE));
        }

        @Bean
        MessageKind signingDeclinedMessage() {
            return new MessageKind("contract.declined", Purpose.STAFF, List.of(TITLE, FROM, PAGE));
        }

        @Bean
        MessageKind thirdPartyLeavesMessage() {
            return new MessageKind("contract.leaving", Purpose.STAFF, List.of(TITLE, FROM, UNTIL, PAGE));
        }
    }
}
