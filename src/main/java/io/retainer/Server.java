package io.retainer;

import io.retainer.identity.DemoPeople;
import io.retainer.kernel.Refused;
import io.retainer.kernel.Sentence;
import io.retainer.kernel.Texts;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.context.event.ApplicationEnvironmentPreparedEvent;
import org.springframework.boot.context.event.ApplicationReadyEvent;
import org.springframework.context.ApplicationListener;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.env.MapPropertySource;
import org.springframework.util.StringUtils;

/** Starts the web application; on an embedded database with the demo in it when no other database is named. */
final class Server {

    private Server() {}

    /** @throws CannotStart for the troubles a person can do something about */
    static void start(String... arguments) {
        var application = new SpringApplication(Retainer.class);
        application.addListeners(
                (ApplicationListener<ApplicationEnvironmentPreparedEvent>) event -> prepare(event.getEnvironment()),
                (ApplicationListener<ApplicationReadyEvent>) Server::greet);
        try {
            application.run(arguments);
        } catch (RuntimeException e) {
            for (Throwable cause = e; cause != null; cause = cause.getCause()) {
                if (cause instanceof CannotStart known) {
                    throw known;
                }
                if (cause instanceof Refused refused) {
                    throw new CannotStart(refused.sentence(), e);
                }
            }
            throw e;
        }
    }

    /** The reader's language in a terminal: Chinese unless the environment asks for English. */
    static Texts texts() {
        var language = System.getenv().getOrDefault("LC_ALL", System.getenv().getOrDefault("LANG", ""));
        return Texts.in(language.startsWith("en") ? Locale.ENGLISH : Texts.CHINESE);
    }

    private static void prepare(ConfigurableEnvironment environment) {
        requireFreePort(environment);
        if (StringUtils.hasText(environment.getProperty("spring.datasource.url"))) {
            return;
        }
        var data = environment.getProperty("retainer.data", "./data");
        var database = EmbeddedDatabase.open(Path.of(data));
        database.stopLast();
        Map<String, Object> properties = new HashMap<>(database.properties());
        if (environment.getProperty("retainer.demo") == null) {
            properties.put("retainer.demo", "true");
        }
        environment.getPropertySources().addFirst(new MapPropertySource("embedded database", properties));
    }

    private static void requireFreePort(ConfigurableEnvironment environment) {
        var address = environment.getProperty("server.address", "127.0.0.1");
        int port = environment.getProperty("server.port", Integer.class, 8080);
        if (port <= 0) {
            return;
        }
        try (var probe = new ServerSocket()) {
            probe.setReuseAddress(true);
            probe.bind(new InetSocketAddress(InetAddress.getByName(address), port));
        } catch (IOException e) {
            throw new CannotStart(Sentence.of("kernel.start.port", port, address), e);
        }
    }

    @SuppressWarnings("SystemOut") // the greeting is for the person at the keyboard
    private static void greet(ApplicationReadyEvent event) {
        var context = event.getApplicationContext();
        var environment = context.getEnvironment();
        var texts = texts();
        System.out.println();
        System.out.println(texts.say(
                "kernel.start.ready",
                "http://" + environment.getProperty("server.address") + ":"
                        + environment.getProperty("local.server.port")));
        ObjectProvider<DemoPeople> demo = context.getBeanProvider(DemoPeople.class);
        demo.ifAvailable(people -> {
            System.out.println(texts.say("kernel.start.people", people.password()));
            people.people()
                    .forEach(person -> System.out.printf("  %-12s %s%n", person.login(), texts.say(person.what())));
        });
        System.out.println();
    }
}
