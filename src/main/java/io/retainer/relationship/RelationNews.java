package io.retainer.relationship;

import io.retainer.identity.Access;
import io.retainer.identity.People;
import io.retainer.kernel.Ids;
import io.retainer.kernel.Sentence;
import io.retainer.kernel.Texts;
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
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.stereotype.Component;

/** Tells agents which customers they got and lost; in the transaction that made it so. */
@Component
class RelationNews {

    private final Messages messages;
    private final People people;

    RelationNews(Messages messages, People people) {
        this.messages = messages;
        this.people = people;
    }

    /** One message however many came; none to whoever took them oneself. */
    void handedOver(Access access, UUID to, int customers, Instant now) {
        if (customers > 0 && !to.equals(access.person())) {
            tell(
                    access.tenant(),
                    access.contract(),
                    "relationship.handed",
                    to,
                    "relationship.handed/" + Ids.at(now.toEpochMilli()),
                    Map.of("count", customers, "link", list(access.contract(), "MINE")));
        }
    }

    /** A task that another gave; what is to be done stays where it is sealed. */
    void assigned(Access access, Task task, UUID to, Instant now) {
        if (!to.equals(access.person())) {
            tell(
                    access.tenant(),
                    access.contract(),
                    "relationship.task",
                    to,
                    "relationship.task/" + task.id() + "/" + Ids.at(now.toEpochMilli()),
                    Map.of(
                            "kind",
                            Sentence.of(Texts.key(task.kind())),
                            "day",
                            Tasks.dayOf(task.dueAt()),
                            "link",
                            "/contracts/" + access.contract() + "/relationships/tasks/" + task.id()));
        }
    }

    /** Once a day, however many go back to the pool. */
    void recycled(RelationEvent.Recycled event) {
        tell(
                event.tenant(),
                event.contract(),
                "relationship.recycled",
                event.from(),
                "relationship.recycled/" + event.contract() + "/" + event.from() + "/"
                        + LocalDate.ofInstant(event.happenedAt(), Relations.ZONE),
                Map.of("link", list(event.contract(), "POOL")));
    }

    private static String list(UUID contract, String view) {
        return "/contracts/" + contract + "/relationships?view=" + view;
    }

    private void tell(UUID tenant, UUID contract, String kind, UUID person, String key, Map<String, Object> variables) {
        people.reach(person)
                .ifPresent(reach -> messages.queue(new NewMessage(
                        tenant,
                        kind,
                        Channel.IN_APP,
                        Recipient.person(person),
                        contract,
                        key,
                        reach.language(),
                        variables,
                        null)));
    }

    @Configuration(proxyBeanMethods = false)
    static class Kinds {

        private static final Variable LINK = new Variable("link", VariableType.PATH, "/contracts");

        @Bean
        MessageKind relationshipHanded() {
            return new MessageKind(
                    "relationship.handed",
                    Purpose.STAFF,
                    List.of(new Variable("count", VariableType.NUMBER, "3"), LINK));
        }

        @Bean
        MessageKind relationshipTask() {
            return new MessageKind(
                    "relationship.task",
                    Purpose.STAFF,
                    List.of(
                            new Variable("kind", VariableType.TEXT, "致电"),
                            new Variable("day", VariableType.TIME, "2025-01-15"),
                            LINK));
        }

        @Bean
        MessageKind relationshipRecycled() {
            return new MessageKind("relationship.recycled", Purpose.STAFF, List.of(LINK));
        }
    }
}
