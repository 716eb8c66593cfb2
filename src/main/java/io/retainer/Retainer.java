package io.retainer;

import java.time.Clock;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.context.annotation.Bean;
import org.springframework.modulith.Modulithic;

/** Retainer (履约): runs an outsourced customer-relationship service by its contract. */
@SpringBootApplication
@Modulithic(systemName = "Retainer", sharedModules = "kernel")
public class Retainer {

    public static void main(String[] arguments) {
        try {
            Server.start(arguments);
        } catch (CannotStart trouble) {
            System.err.println(Server.texts().say(trouble.sentence()));
            System.exit(1);
        }
    }

    @Bean
    @ConditionalOnMissingBean
    Clock clock() {
        return new ScopedClock(Clock.systemUTC());
    }
}
