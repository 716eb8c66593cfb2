package io.retainer;

import java.time.Clock;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.context.annotation.Bean;
import org.springframework.modulith.Modulithic;

/** Retainer (履约): runs an outsourced customer-relationship service by its contract. */
@SpringBootApplication
@Modulithic(systemName = "Retainer", sharedModules = "kernel")
public class Retainer {

    public static void main(String[] arguments) {
        SpringApplication.run(Retainer.class, arguments);
    }

    @Bean
    @ConditionalOnMissingBean
    Clock clock() {
        return new ScopedClock(Clock.systemUTC());
    }
}
