package io.retainer.messaging;

import io.retainer.messaging.MessageKind.Variable;
import io.retainer.messaging.MessageKind.VariableType;
import java.util.List;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** The kinds of messages that belong to no other module. */
@Configuration(proxyBeanMethods = false)
class MessagingConfiguration {

    @Bean
    MessageKind testMessage() {
        return new MessageKind(
                "messaging.test",
                Purpose.STAFF,
                List.of(
                        new Variable("at", VariableType.TIME, "2025-01-06 09:00"),
                        new Variable("page", VariableType.PATH, "/messages/outbox")));
    }

    @Bean
    MessageKind oneTimeCode() {
        return new MessageKind(
                "messaging.code",
                Purpose.SECURITY,
                List.of(
                        new Variable("code", VariableType.CODE, "048213"),
                        new Variable("minutes", VariableType.NUMBER, "10"),
                        new Variable("what", VariableType.TEXT, "…")));
    }
}
