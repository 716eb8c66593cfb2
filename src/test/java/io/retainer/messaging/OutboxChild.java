package io.retainer.messaging;

import io.retainer.Retainer;
import org.springframework.boot.SpringApplication;

/** A sender in a process of its own, to be killed. */
final class OutboxChild {

    private OutboxChild() {}

    public static void main(String[] arguments) throws InterruptedException {
        var outbox = SpringApplication.run(Retainer.class, arguments).getBean(Outbox.class);
        while (true) {
            outbox.run();
            Thread.sleep(100);
        }
    }
}
