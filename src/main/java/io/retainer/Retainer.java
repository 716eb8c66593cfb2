package io.retainer;

import io.retainer.kernel.Refused;
import io.retainer.kernel.Sentence;
import io.retainer.kernel.WorkCalendar;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Locale;
import org.springframework.beans.factory.annotation.Value;
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

    /**
     * The years that ship with this release, and those of the file named by {@code retainer.calendar}, in the format of
     * {@link WorkCalendar#read}; a year in the file replaces ours.
     */
    @Bean
    WorkCalendar workCalendar(@Value("${retainer.calendar:}") String file) {
        if (file.isBlank()) {
            return WorkCalendar.chinese();
        }
        try (var text = Files.newBufferedReader(Path.of(file))) {
            return WorkCalendar.chinese().with(WorkCalendar.read(text));
        } catch (Refused refused) {
            throw new CannotStart(Sentence.of("kernel.start.calendar", file, refused.sentence()), refused);
        } catch (IOException e) {
            throw new CannotStart(Sentence.of("kernel.start.noCalendar", file), e);
        }
    }
}
