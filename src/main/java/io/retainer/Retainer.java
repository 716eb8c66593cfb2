package io.retainer;

import java.time.Clock;
import java.util.Locale;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.context.annotation.Bean;
import org.springframework.modulith.Modulithic;

/** Retainer (履约): runs an outsourced customer-relationship service by its contract. */
@SpringBootApplication
@Modulithic(systemName = "Retainer", sharedModules = "kernel")
public class Retainer {

    public static void main(String[] arguments) {
        Locale.setDefault(Server.texts().locale());
        int code = CommandLines.all().execute(CommandLines.withCommand(arguments));
        // A server that has started goes on without us.
        if (code != 0) {
            System.exit(code);
        }
    }

    @Bean
    @ConditionalOnMissingBean
    Clock clock() {
        return new ScopedClock(Clock.systemUTC());
    }
}
