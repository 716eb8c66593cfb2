package io.retainer.relationship;

import java.util.List;
import java.util.stream.Stream;

/** How far an opportunity has come. */
public enum Stage {
    CONTACT,
    NEED,
    OFFER,
    NEGOTIATION,
    WON,
    LOST;

    boolean open() {
        return this != WON && this != LOST;
    }

    static List<Stage> opens() {
        return Stream.of(values()).filter(Stage::open).toList();
    }
}
